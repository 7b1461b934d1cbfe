#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-account-internal.h"
#include "cachet-folder-roles.h"
#include "cachet-imap-data.h"

#include <glib/gi18n.h>
#include <string.h>

/* The folder list: from the cache, from LIST, and what of it is not in step. Orders on folders:
 * cachet-account-orders.c. */

/* --- the model --- */

static int
compare_folders_cb (gconstpointer a, gconstpointer b, gpointer user_data)
{
  CachetFolder *first = (CachetFolder *)a, *second = (CachetFolder *)b;
  guint first_rank = cachet_folder_role_get_rank (cachet_folder_get_role (first));
  guint second_rank = cachet_folder_role_get_rank (cachet_folder_get_role (second));

  if (first_rank != second_rank)
    return first_rank < second_rank ? -1 : 1;
  return g_utf8_collate (cachet_folder_get_path (first), cachet_folder_get_path (second));
}

CachetFolder *
cachet_account_find_mailbox (CachetAccount *self, const char *mailbox)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->folders));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (CachetFolder) folder = g_list_model_get_item (G_LIST_MODEL (self->folders), i);

      if (strcmp (cachet_folder_get_mailbox (folder), mailbox) == 0)
        return folder;
    }
  return NULL;
}

static void
forget_folder (CachetAccount *self, guint position)
{
  g_autoptr (CachetFolder) folder = g_list_model_get_item (G_LIST_MODEL (self->folders), position);

  cachet_link_forget_folder (self->watch.link, folder);
  cachet_link_forget_folder (self->work.link, folder);
  g_list_store_remove (self->folders, position);
  cachet_folder_detach (folder);
  if (self->last_opened == folder)
    self->last_opened = NULL;
  g_hash_table_remove (self->in_use, folder);
}

void
cachet_account_set_mailboxes (CachetAccount *self, GPtrArray *mailboxes)
{
  g_autoptr (GHashTable) by_name = g_hash_table_new (g_str_hash, g_str_equal);
  gboolean changed = FALSE;

  for (guint i = 0; i < mailboxes->len; i++)
    {
      CachetStoredMailbox *mailbox = g_ptr_array_index (mailboxes, i);
      g_hash_table_insert (by_name, mailbox->name, mailbox);
    }
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->folders)); i > 0; i--)
    {
      g_autoptr (CachetFolder) folder = g_list_model_get_item (G_LIST_MODEL (self->folders), i - 1);

      if (g_hash_table_contains (by_name, cachet_folder_get_mailbox (folder)))
        continue;
      forget_folder (self, i - 1);
      changed = TRUE;
    }
  for (guint i = 0; i < mailboxes->len; i++)
    {
      const CachetStoredMailbox *mailbox = g_ptr_array_index (mailboxes, i);
      CachetFolder *folder = cachet_account_find_mailbox (self, mailbox->name);

      if (folder != NULL)
        {
          CachetFolderRole role = cachet_folder_get_role (folder);

          cachet_folder_take_stored (folder, mailbox, FALSE);
          if (role != mailbox->role)
            {
              g_list_store_sort (self->folders, compare_folders_cb, NULL);
              changed = TRUE;
            }
        }
      else
        {
          g_autoptr (CachetFolder) fresh = cachet_folder_new (self, mailbox);

          g_list_store_insert_sorted (self->folders, fresh, compare_folders_cb, NULL);
          changed = TRUE;
        }
    }
  if (changed)
    cachet_account_emit_folders_changed (self);
}

CachetFolder *
cachet_account_get_folder_by_role (CachetAccount *self, CachetFolderRole role)
{
  guint n;

  g_return_val_if_fail (CACHET_IS_ACCOUNT (self), NULL);

  n = g_list_model_get_n_items (G_LIST_MODEL (self->folders));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (CachetFolder) folder = g_list_model_get_item (G_LIST_MODEL (self->folders), i);

      if (cachet_folder_get_role (folder) == role)
        return folder;
    }
  return NULL;
}

CachetFolder *
cachet_account_find_folder (CachetAccount *self, const char *path)
{
  guint n;

  g_return_val_if_fail (CACHET_IS_ACCOUNT (self), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  n = g_list_model_get_n_items (G_LIST_MODEL (self->folders));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (CachetFolder) folder = g_list_model_get_item (G_LIST_MODEL (self->folders), i);

      if (strcmp (cachet_folder_get_path (folder), path) == 0)
        return folder;
    }
  return NULL;
}

/* --- INBOX, before anything was asked --- */

static void
inbox_made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetAccount) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) mailboxes =
    cachet_mail_store_replace_mailboxes_finish (CACHET_MAIL_STORE (source), result, &error);

  if (mailboxes == NULL)
    {
      cachet_account_cache_failed (self, error);
      return;
    }
  if (self->engine == NULL || g_list_model_get_n_items (G_LIST_MODEL (self->folders)) > 0)
    return;
  cachet_account_set_mailboxes (self, mailboxes);
  if (cachet_account_is_live (self))
    cachet_link_set_home (self->watch.link, cachet_account_find_mailbox (self, "INBOX"));
}

static CachetStoredMailbox *
make_inbox (CachetAccount *self)
{
  CachetStoredMailbox *inbox = g_new0 (CachetStoredMailbox, 1);

  inbox->account_id = g_strdup (self->settings->id);
  inbox->name = g_strdup ("INBOX");
  inbox->display_name = g_strdup ("INBOX");
  inbox->attributes = CACHET_IMAP_MAILBOX_SUBSCRIBED;
  inbox->role = CACHET_FOLDER_ROLE_INBOX;
  return inbox;
}

void
cachet_account_ensure_inbox (CachetAccount *self)
{
  g_autoptr (GPtrArray) mailboxes = NULL;

  if (g_list_model_get_n_items (G_LIST_MODEL (self->folders)) > 0 || self->engine == NULL ||
      cachet_engine_is_read_only (self->engine))
    return;
  mailboxes = g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_stored_mailbox_free);
  g_ptr_array_add (mailboxes, make_inbox (self));
  cachet_mail_store_replace_mailboxes_async (cachet_engine_get_mail_store (self->engine),
                                             self->settings->id, mailboxes, NULL, inbox_made_cb,
                                             g_object_ref (self));
}

/* --- LIST --- */

typedef struct
{
  CachetLinkJob *job;   /* while LIST and STATUS run */
  GPtrArray *listed;    /* CachetImapMailbox */
  GHashTable *statuses; /* name -> CachetImapStatus */
  guint n_waiting;      /* STATUS answers */
} Refresh;

static void
refresh_free (Refresh *self)
{
  g_clear_pointer (&self->listed, g_ptr_array_unref);
  g_clear_pointer (&self->statuses, g_hash_table_unref);
  g_free (self);
}

static gboolean
is_selectable (CachetImapMailboxAttributes attributes)
{
  return (attributes & (CACHET_IMAP_MAILBOX_NOSELECT | CACHET_IMAP_MAILBOX_NONEXISTENT)) == 0;
}

typedef struct
{
  Refresh *refresh;
  char *name;
} StatusWait;

static void
status_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  StatusWait *wait = user_data;
  Refresh *self = wait->refresh;
  g_autoptr (GError) error = NULL;
  CachetImapStatus status = { 0 };

  if (cachet_imap_session_status_finish (CACHET_IMAP_SESSION (source), result, &status, &error))
    g_hash_table_replace (self->statuses, g_strdup (wait->name),
                          g_memdup2 (&status, sizeof status));
  else
    g_debug ("STATUS of %s: %s", wait->name, error->message);
  g_free (wait->name);
  g_free (wait);
  if (--self->n_waiting == 0)
    cachet_link_job_return (g_steal_pointer (&self->job), NULL);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetLinkJob *job = user_data;
  Refresh *self = job->data;
  CachetImapSession *session = CACHET_IMAP_SESSION (source);
  GError *error = NULL;

  self->listed = cachet_imap_session_list_finish (session, result, &error);
  if (self->listed == NULL)
    {
      cachet_link_job_return (job, error);
      return;
    }
  self->n_waiting = 1;
  for (guint i = 0; i < self->listed->len && self->n_waiting <= CACHET_ACCOUNT_MAX_STATUS; i++)
    {
      CachetImapMailbox *mailbox = g_ptr_array_index (self->listed, i);
      StatusWait *wait;

      if (mailbox->status.fields != 0 || !is_selectable (mailbox->attributes))
        continue;
      wait = g_new0 (StatusWait, 1);
      wait->refresh = self;
      wait->name = g_strdup (mailbox->name);
      self->n_waiting++;
      cachet_imap_session_status_async (session, mailbox->name, NULL, status_cb, wait);
    }
  if (--self->n_waiting == 0)
    cachet_link_job_return (g_steal_pointer (&self->job), NULL);
}

static void
list_job (CachetLinkJob *job)
{
  Refresh *self = job->data;

  self->job = job;
  cachet_imap_session_list_async (job->session, NULL, listed_cb, job);
}

static CachetStoredMailbox *
to_stored (CachetAccount *self, const CachetImapMailbox *listed)
{
  CachetStoredMailbox *stored = g_new0 (CachetStoredMailbox, 1);
  gboolean is_inbox = g_ascii_strcasecmp (listed->name, "INBOX") == 0;

  stored->account_id = g_strdup (self->settings->id);
  stored->name = g_strdup (is_inbox ? "INBOX" : listed->name);
  stored->display_name = g_strdup (is_inbox ? "INBOX" : listed->display_name);
  stored->delimiter = listed->delimiter;
  stored->attributes = listed->attributes;
  stored->role = is_inbox ? CACHET_FOLDER_ROLE_INBOX : listed->role;
  return stored;
}

static GPtrArray *
make_mailboxes (CachetAccount *self, GPtrArray *listed)
{
  GPtrArray *mailboxes =
    g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_stored_mailbox_free);
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < listed->len; i++)
    {
      CachetStoredMailbox *stored = to_stored (self, g_ptr_array_index (listed, i));

      /* a server that lists a name twice */
      if (g_hash_table_add (names, stored->name))
        g_ptr_array_add (mailboxes, stored);
      else
        cachet_stored_mailbox_free (stored);
    }
  if (!g_hash_table_contains (names, "INBOX"))
    g_ptr_array_add (mailboxes, make_inbox (self));
  cachet_folder_roles_complete (mailboxes);
  return mailboxes;
}

/* Whether what STATUS says differs from what is in the cache. */
static gboolean
differs (CachetAccount *self, CachetFolder *folder, const CachetImapStatus *status)
{
  const CachetStoredMailbox *stored = cachet_folder_get_stored (folder);
  CachetImapStatusFields fields = status != NULL ? status->fields : 0;

  if (!stored->synced || status == NULL)
    return TRUE;
  if ((fields & CACHET_IMAP_STATUS_UIDVALIDITY) && status->uidvalidity != stored->uidvalidity)
    return TRUE;
  if ((fields & CACHET_IMAP_STATUS_UIDNEXT) && status->uidnext != stored->uidnext)
    return TRUE;
  if ((fields & CACHET_IMAP_STATUS_MESSAGES) && status->messages != stored->n_messages)
    return TRUE;
  if ((fields & CACHET_IMAP_STATUS_HIGHESTMODSEQ) && status->highestmodseq != 0 &&
      stored->highestmodseq != 0)
    return status->highestmodseq != stored->highestmodseq;
  return (fields & CACHET_IMAP_STATUS_UNSEEN) && status->unseen != stored->n_unseen;
}

static gboolean
is_watched (CachetAccount *self, CachetFolder *folder)
{
  return cachet_folder_get_stored (folder)->synced &&
         (cachet_link_get_selected (self->watch.link) == folder ||
          cachet_link_get_selected (self->work.link) == folder);
}

static GPtrArray *
take_statuses (CachetAccount *self, Refresh *refresh)
{
  GPtrArray *changed = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->folders));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (CachetFolder) folder = g_list_model_get_item (G_LIST_MODEL (self->folders), i);
      const CachetImapStatus *status =
        g_hash_table_lookup (refresh->statuses, cachet_folder_get_mailbox (folder));

      if (!cachet_folder_is_selectable (folder))
        continue;
      if (status != NULL && !cachet_folder_get_stored (folder)->synced)
        cachet_folder_set_counts (folder, status->unseen, status->messages);
      if (is_watched (self, folder) || !differs (self, folder, status))
        continue;
      g_ptr_array_insert (changed, g_hash_table_contains (self->in_use, folder) ? 0 : -1,
                          g_object_ref (folder));
    }
  return changed;
}

static void
replaced_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetAccount *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) mailboxes =
    cachet_mail_store_replace_mailboxes_finish (CACHET_MAIL_STORE (source), result, &error);

  self->n_refreshes--;
  if (mailboxes == NULL)
    {
      cachet_account_cache_failed (self, error);
      g_task_return_error (task, error);
      return;
    }
  if (self->engine == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED, "the engine is gone");
      return;
    }
  cachet_account_set_mailboxes (self, mailboxes);
  if (cachet_account_is_live (self))
    cachet_link_set_home (self->watch.link, cachet_account_find_mailbox (self, "INBOX"));
  g_task_return_pointer (task, take_statuses (self, g_task_get_task_data (task)),
                         (GDestroyNotify)g_ptr_array_unref);
}

static void
list_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetAccount *self = g_task_get_source_object (task);
  Refresh *refresh = g_task_get_task_data (task);
  CachetMailStore *store =
    self->engine != NULL ? cachet_engine_get_mail_store (self->engine) : NULL;
  g_autoptr (GPtrArray) mailboxes = NULL;
  GError *error = NULL;

  if (!cachet_link_run_finish (CACHET_LINK (source), result, &error) || store == NULL)
    {
      self->n_refreshes--;
      if (error == NULL)
        error = g_error_new (G_IO_ERROR, G_IO_ERROR_CLOSED, "the engine is gone");
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; i < refresh->listed->len; i++)
    {
      const CachetImapMailbox *listed = g_ptr_array_index (refresh->listed, i);

      if (listed->status.fields != 0)
        g_hash_table_replace (
          refresh->statuses,
          g_strdup (g_ascii_strcasecmp (listed->name, "INBOX") == 0 ? "INBOX" : listed->name),
          g_memdup2 (&listed->status, sizeof listed->status));
    }
  mailboxes = make_mailboxes (self, refresh->listed);
  cachet_mail_store_replace_mailboxes_async (store, self->settings->id, mailboxes, NULL,
                                             replaced_cb, g_steal_pointer (&task));
}

void
cachet_account_refresh_folders_async (CachetAccount *self,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Refresh *refresh = g_new0 (Refresh, 1);

  g_task_set_source_tag (task, cachet_account_refresh_folders_async);
  g_task_set_task_data (task, refresh, (GDestroyNotify)refresh_free);
  refresh->statuses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->n_refreshes++;
  cachet_link_run_async (cachet_account_route (self, NULL), CACHET_WORKER_PRIORITY_DEFAULT, "list",
                         NULL, list_job, refresh, NULL, cancellable, list_done_cb, task);
}

GPtrArray *
cachet_account_refresh_folders_finish (CachetAccount *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
