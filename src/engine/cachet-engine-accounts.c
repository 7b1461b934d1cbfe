#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-account-internal.h"
#include "cachet-address.h"
#include "cachet-engine-internal.h"
#include "cachet-outbox-private.h"
#include "cachet-secrets.h"

#include <glib/gi18n.h>

CachetAccount *
cachet_engine_find_account (CachetEngine *self, const char *id)
{
  guint n;

  g_return_val_if_fail (CACHET_IS_ENGINE (self), NULL);

  n = g_list_model_get_n_items (G_LIST_MODEL (self->accounts));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (CachetAccount) account = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);

      if (g_strcmp0 (cachet_account_get_id (account), id) == 0)
        return account;
    }
  return NULL;
}

GPtrArray *
cachet_engine_dup_own_addresses (CachetEngine *self)
{
  GPtrArray *addresses = g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_address_free);
  guint n;

  g_return_val_if_fail (CACHET_IS_ENGINE (self), addresses);

  n = g_list_model_get_n_items (G_LIST_MODEL (self->accounts));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (CachetAccount) account = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);
      const CachetAccountSettings *settings = cachet_account_get_settings (account);

      g_ptr_array_add (addresses, cachet_address_new (settings->full_name, settings->address));
    }
  return addresses;
}

CachetAccount *
cachet_engine_add_account (CachetEngine *self, const CachetAccountSettings *settings)
{
  g_autoptr (CachetAccount) account = cachet_account_new (self, settings);

  g_list_store_append (self->accounts, account);
  return account;
}

/* --- put --- */

typedef struct
{
  CachetAccount *account; /* owned by the engine */
  gboolean only_this_run;
} Put;

static void
put_done (GTask *task)
{
  CachetEngine *self = g_task_get_source_object (task);
  Put *put = g_task_get_task_data (task);

  if (self->connect && !self->read_only)
    {
      cachet_account_connection_stop (put->account);
      cachet_account_connection_start (put->account);
    }
  g_task_return_boolean (task, TRUE);
}

static void
password_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Put *put = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!cachet_secrets_store_finish (CACHET_SECRETS (source), result, &put->only_this_run, &error))
    {
      /* the account stands; its password will be asked for again */
      g_warning ("The password was not stored: %s", error->message);
      put->only_this_run = TRUE;
    }
  put_done (task);
}

void
cachet_engine_put_account_async (CachetEngine *self,
                                 const CachetAccountSettings *settings,
                                 CachetSecret *password,
                                 gboolean remember,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;
  Put *put;

  g_return_if_fail (CACHET_IS_ENGINE (self));
  g_return_if_fail (settings != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cachet_engine_put_account_async);
  put = g_new0 (Put, 1);
  g_task_set_task_data (task, put, g_free);
  if (!self->running || self->accounts_unreadable)
    g_task_return_new_error (
      task, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_NOT_ALLOWED,
      _ ("The list of accounts could not be read at the start, so it is not written either. Look "
         "at the folder %s, then start Cachet again."),
         self->config_dir);
  else if (!cachet_account_settings_validate (settings, &error) ||
           !cachet_accounts_file_put (self->accounts_file, settings, &error))
    g_task_return_error (task, error);
  if (g_task_had_error (task))
    return;
  put->account = cachet_engine_find_account (self, settings->id);
  if (put->account != NULL)
    cachet_account_set_settings (put->account, settings);
  else
    {
      put->account = cachet_engine_add_account (self, settings);
      cachet_account_ensure_inbox (put->account);
    }
  if (password == NULL)
    {
      put_done (task);
      return;
    }
  cachet_account_set_password (put->account, password);
  cachet_secrets_store_async (self->secrets, settings->id, "imap", settings->label, password,
                              remember, cancellable, password_stored_cb, g_steal_pointer (&task));
}

CachetAccount *
cachet_engine_put_account_finish (CachetEngine *self,
                                  GAsyncResult *result,
                                  gboolean *only_this_run,
                                  GError **error)
{
  Put *put;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  put = g_task_get_task_data (G_TASK (result));
  if (only_this_run != NULL)
    *only_this_run = put->only_this_run;
  return g_task_propagate_boolean (G_TASK (result), error) ? put->account : NULL;
}

/* --- remove --- */

static void
cleared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!cachet_secrets_clear_finish (CACHET_SECRETS (source), result, &error))
    g_warning ("The password of a removed account stays in the keyring: %s", error->message);
}

static void
cache_removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (cachet_mail_store_write_finish (CACHET_MAIL_STORE (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
blobs_removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!cachet_blob_store_remove_finish (CACHET_BLOB_STORE (source), result, &error))
    g_debug ("bodies of a removed account: %s", error->message);
}

static void
operation_removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!cachet_journal_write_finish (CACHET_JOURNAL (source), result, &error))
    g_warning ("A change of a removed account stays in the journal: %s", error->message);
}

static void
operations_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GPtrArray) rows =
    cachet_journal_list_operations_finish (CACHET_JOURNAL (source), result, NULL);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    cachet_journal_remove_operation_async (CACHET_JOURNAL (source),
                                           ((CachetJournalOperation *)rows->pdata[i])->id, NULL,
                                           operation_removed_cb, NULL);
}

static gboolean
check_unsent (CachetEngine *self, CachetAccount *account, GError **error)
{
  guint n_operations = cachet_replay_get_n_pending (cachet_account_get_replay (account));
  guint n_messages = cachet_outbox_count_account (self->outbox, cachet_account_get_id (account));

  if (n_operations == 0 && n_messages == 0)
    return TRUE;
  g_set_error (error, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_NOT_ALLOWED,
               _ ("“%s” still has %u messages to send and %u changes that the server does not know "
                  "of. Connect first, or remove it together with these."),
                  cachet_account_get_label (account), n_messages, n_operations);
  return FALSE;
}

void
cachet_engine_remove_account_async (CachetEngine *self,
                                    CachetAccount *account,
                                    gboolean discard_unsent,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (CachetAccount) alive = NULL;
  GListModel *folders;
  const char *id;
  GError *error = NULL;
  guint position;

  g_return_if_fail (CACHET_IS_ENGINE (self));
  g_return_if_fail (CACHET_IS_ACCOUNT (account));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cachet_engine_remove_account_async);
  alive = g_object_ref (account);
  id = cachet_account_get_id (account);
  if ((!discard_unsent && !check_unsent (self, account, &error)) ||
      !cachet_accounts_file_remove (self->accounts_file, id, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  cachet_account_connection_stop (account);
  cachet_outbox_discard_account (self->outbox, id);
  cachet_replay_clear (cachet_account_get_replay (account));
  cachet_undo_begin (self->undo);
  cachet_engine_undo_changed (self);
  cachet_journal_list_operations_async (self->journal, id, NULL, operations_listed_cb, NULL);
  folders = cachet_account_get_folders (account);
  for (guint i = 0; i < g_list_model_get_n_items (folders); i++)
    {
      g_autoptr (CachetFolder) folder = g_list_model_get_item (folders, i);

      cachet_blob_store_remove_mailbox_async (
        self->blob_store, id, cachet_folder_get_mailbox (folder), NULL, blobs_removed_cb, NULL);
    }
  cachet_secrets_clear_async (self->secrets, id, NULL, cleared_cb, NULL);
  cachet_mail_store_remove_account_async (self->mail_store, id, NULL, cache_removed_cb,
                                          g_steal_pointer (&task));
  if (g_list_store_find (self->accounts, account, &position))
    g_list_store_remove (self->accounts, position);
}

gboolean
cachet_engine_remove_account_finish (CachetEngine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
