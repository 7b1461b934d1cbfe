#define G_LOG_DOMAIN "cachet-store"

#include "config.h"

#include "cachet-mail-store-private.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAILBOX_COLUMNS                                                                 \
  "id, account, name, display_name, delimiter, attributes, role, uidvalidity, uidnext," \
  " highestmodseq, n_messages, n_unseen, synced"

static CachetFolderRole
role_from_number (int number)
{
  /* A number that a damaged file made up is no role. */
  return number >= CACHET_FOLDER_ROLE_NONE && number <= CACHET_FOLDER_ROLE_FLAGGED
           ? (CachetFolderRole)number
           : CACHET_FOLDER_ROLE_NONE;
}

static CachetStoredMailbox *
read_mailbox (sqlite3_stmt *statement)
{
  CachetStoredMailbox *mailbox = g_new0 (CachetStoredMailbox, 1);

  mailbox->id = sqlite3_column_int64 (statement, 0);
  mailbox->account_id = cachet_statement_dup_text (statement, 1);
  mailbox->name = cachet_statement_dup_text (statement, 2);
  mailbox->display_name = cachet_statement_dup_text (statement, 3);
  mailbox->delimiter = (char)sqlite3_column_int (statement, 4);
  mailbox->attributes = (guint)sqlite3_column_int64 (statement, 5);
  mailbox->role = role_from_number (sqlite3_column_int (statement, 6));
  mailbox->uidvalidity = (guint32)sqlite3_column_int64 (statement, 7);
  mailbox->uidnext = (guint32)sqlite3_column_int64 (statement, 8);
  mailbox->highestmodseq = (guint64)sqlite3_column_int64 (statement, 9);
  mailbox->n_messages = (guint32)sqlite3_column_int64 (statement, 10);
  mailbox->n_unseen = (guint32)sqlite3_column_int64 (statement, 11);
  mailbox->synced = sqlite3_column_int (statement, 12) != 0;
  return mailbox;
}

/* In the order in which they were first seen; %NULL @account_id: of all accounts. */
static GPtrArray *
list_mailboxes (CachetConnection *connection, const char *account_id, GError **error)
{
  g_autoptr (GPtrArray) mailboxes =
    g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_stored_mailbox_free);
  sqlite3_stmt *statement;
  CachetStep step;

  statement = cachet_connection_prepare (
    connection,
    "SELECT " MAILBOX_COLUMNS " FROM mailbox WHERE ?1 IS NULL OR account = ?1 ORDER BY id", error);
  if (statement == NULL)
    return NULL;
  cachet_statement_bind_text_or_null (statement, 1, account_id);
  while ((step = cachet_connection_step (connection, statement, error)) == CACHET_STEP_ROW)
    g_ptr_array_add (mailboxes, read_mailbox (statement));
  return step == CACHET_STEP_DONE ? g_steal_pointer (&mailboxes) : NULL;
}

typedef struct
{
  char *account_id;
  GPtrArray *mailboxes;
} ReplaceJob;

static void
replace_job_free (gpointer data)
{
  ReplaceJob *job = data;

  g_free (job->account_id);
  g_clear_pointer (&job->mailboxes, g_ptr_array_unref);
  g_free (job);
}

static gpointer
list_run_cb (CachetConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  return list_mailboxes (connection, data, error);
}

void
cachet_mail_store_list_mailboxes_async (CachetMailStore *self,
                                        const char *account_id,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  g_return_if_fail (CACHET_IS_MAIL_STORE (self));

  cachet_database_read_async (self->database, self, "list mailboxes", list_run_cb,
                              g_strdup (account_id), g_free, (GDestroyNotify)g_ptr_array_unref,
                              cancellable, callback, user_data);
}

GPtrArray *
cachet_mail_store_list_mailboxes_finish (CachetMailStore *self,
                                         GAsyncResult *result,
                                         GError **error)
{
  return cachet_database_finish (self, result, error);
}

static gboolean
put_mailbox (CachetConnection *connection,
             const char *account_id,
             const CachetStoredMailbox *mailbox,
             GError **error)
{
  sqlite3_stmt *statement = cachet_connection_prepare (
    connection,
    "INSERT INTO mailbox (account, name, display_name, delimiter, attributes, role, uidvalidity,"
    " uidnext, highestmodseq, n_messages, n_unseen, synced)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
    " ON CONFLICT (account, name) DO UPDATE SET"
    " display_name = excluded.display_name, delimiter = excluded.delimiter,"
    " attributes = excluded.attributes, role = excluded.role,"
    " uidvalidity = iif (excluded.uidvalidity, excluded.uidvalidity, uidvalidity),"
    " uidnext = iif (excluded.uidvalidity, excluded.uidnext, uidnext),"
    " highestmodseq = iif (excluded.uidvalidity, excluded.highestmodseq, highestmodseq),"
    " synced = iif (excluded.uidvalidity, excluded.synced, synced),"
    " n_messages = iif (excluded.n_messages, excluded.n_messages, n_messages),"
    " n_unseen = iif (excluded.n_messages, excluded.n_unseen, n_unseen)",
    error);
  gboolean ok;

  if (statement == NULL)
    return FALSE;
  cachet_statement_bind_text (statement, 1, account_id);
  cachet_statement_bind_text (statement, 2, mailbox->name);
  cachet_statement_bind_text (statement, 3, mailbox->display_name);
  sqlite3_bind_int (statement, 4, (guchar)mailbox->delimiter);
  sqlite3_bind_int64 (statement, 5, mailbox->attributes);
  sqlite3_bind_int (statement, 6, (int)mailbox->role);
  sqlite3_bind_int64 (statement, 7, mailbox->uidvalidity);
  sqlite3_bind_int64 (statement, 8, mailbox->uidnext);
  sqlite3_bind_int64 (statement, 9, (gint64)mailbox->highestmodseq);
  sqlite3_bind_int64 (statement, 10, mailbox->n_messages);
  sqlite3_bind_int64 (statement, 11, mailbox->n_unseen);
  sqlite3_bind_int (statement, 12, mailbox->synced);
  ok = cachet_connection_run (connection, statement, error);
  sqlite3_clear_bindings (statement);
  return ok;
}

/* Its rows are out of sight at once, and are removed bit by bit later. */
static gboolean
drop_mailbox (CachetConnection *connection, gint64 id, GError **error)
{
  sqlite3_stmt *statement;

  statement = cachet_connection_prepare (connection,
                                         "INSERT OR IGNORE INTO purge (mailbox) VALUES (?)", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, id);
  if (!cachet_connection_run (connection, statement, error))
    return FALSE;
  statement = cachet_connection_prepare (connection, "DELETE FROM mailbox WHERE id = ?", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, id);
  return cachet_connection_run (connection, statement, error);
}

static gpointer
replace_run_cb (CachetConnection *connection,
                gpointer data,
                GCancellable *cancellable,
                GError **error)
{
  ReplaceJob *job = data;
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) stored = NULL;

  for (guint i = 0; i < job->mailboxes->len; i++)
    {
      CachetStoredMailbox *mailbox = g_ptr_array_index (job->mailboxes, i);

      g_hash_table_add (names, mailbox->name);
      if (!put_mailbox (connection, job->account_id, mailbox, error))
        return NULL;
    }
  stored = list_mailboxes (connection, job->account_id, error);
  if (stored == NULL)
    return NULL;
  for (guint i = stored->len; i-- > 0;)
    {
      CachetStoredMailbox *mailbox = g_ptr_array_index (stored, i);

      if (g_hash_table_contains (names, mailbox->name))
        continue;
      if (!drop_mailbox (connection, mailbox->id, error))
        return NULL;
      g_ptr_array_remove_index (stored, i);
    }
  return g_steal_pointer (&stored);
}

void
cachet_mail_store_replace_mailboxes_async (CachetMailStore *self,
                                           const char *account_id,
                                           GPtrArray *mailboxes,
                                           GCancellable *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data)
{
  ReplaceJob *job;

  g_return_if_fail (CACHET_IS_MAIL_STORE (self));
  g_return_if_fail (account_id != NULL && mailboxes != NULL);

  job = g_new0 (ReplaceJob, 1);
  job->account_id = g_strdup (account_id);
  job->mailboxes = g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_stored_mailbox_free);
  for (guint i = 0; i < mailboxes->len; i++)
    {
      CachetStoredMailbox *copy = cachet_stored_mailbox_copy (g_ptr_array_index (mailboxes, i));
      char *name = g_utf8_make_valid (copy->name != NULL ? copy->name : "", -1);

      /* As it will be in the database: it is compared with what comes from there. */
      g_free (copy->name);
      copy->name = name;
      g_ptr_array_add (job->mailboxes, copy);
    }
  cachet_database_write_async (self->database, self, "replace mailboxes",
                               CACHET_WORKER_PRIORITY_USER, replace_run_cb, job, replace_job_free,
                               (GDestroyNotify)g_ptr_array_unref, cancellable, callback, user_data);
  cachet_mail_store_schedule_maintenance (self);
}

GPtrArray *
cachet_mail_store_replace_mailboxes_finish (CachetMailStore *self,
                                            GAsyncResult *result,
                                            GError **error)
{
  return cachet_database_finish (self, result, error);
}

static gboolean
set_not_found (GError **error)
{
  g_set_error_literal (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_NOT_FOUND,
                       _ ("The folder is not in the cache any more."));
  return FALSE;
}

static gpointer
update_run_cb (CachetConnection *connection,
               gpointer data,
               GCancellable *cancellable,
               GError **error)
{
  const CachetStoredMailbox *mailbox = data;
  sqlite3_stmt *statement = cachet_connection_prepare (
    connection,
    "UPDATE mailbox SET uidvalidity = ?2, uidnext = ?3, highestmodseq = ?4, n_messages = ?5,"
    " n_unseen = ?6, synced = ?7 WHERE id = ?1",
    error);

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, mailbox->id);
  sqlite3_bind_int64 (statement, 2, mailbox->uidvalidity);
  sqlite3_bind_int64 (statement, 3, mailbox->uidnext);
  sqlite3_bind_int64 (statement, 4, (gint64)mailbox->highestmodseq);
  sqlite3_bind_int64 (statement, 5, mailbox->n_messages);
  sqlite3_bind_int64 (statement, 6, mailbox->n_unseen);
  sqlite3_bind_int (statement, 7, mailbox->synced);
  if (cachet_connection_run (connection, statement, error) &&
      sqlite3_changes (cachet_connection_get_handle (connection)) == 0)
    set_not_found (error);
  return NULL;
}

void
cachet_mail_store_update_mailbox_async (CachetMailStore *self,
                                        const CachetStoredMailbox *mailbox,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  g_return_if_fail (CACHET_IS_MAIL_STORE (self));
  g_return_if_fail (mailbox != NULL);

  cachet_database_write_async (
    self->database, self, "update a mailbox", CACHET_WORKER_PRIORITY_DEFAULT, update_run_cb,
    cachet_stored_mailbox_copy (mailbox), (GDestroyNotify)cachet_stored_mailbox_free, NULL,
    cancellable, callback, user_data);
}

typedef struct
{
  char *account_id;
  char *old_name;
  char *new_name;
} RenameJob;

static void
rename_job_free (gpointer data)
{
  RenameJob *job = data;

  g_free (job->account_id);
  g_free (job->old_name);
  g_free (job->new_name);
  g_free (job);
}

static gboolean
rename_one (CachetConnection *connection,
            const CachetStoredMailbox *mailbox,
            const RenameJob *job,
            GError **error)
{
  g_autofree char *name = g_strconcat (job->new_name, mailbox->name + strlen (job->old_name), NULL);
  sqlite3_stmt *statement = cachet_connection_prepare (
    connection, "UPDATE OR REPLACE mailbox SET name = ?2, display_name = ?2 WHERE id = ?1", error);
  gboolean ok;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, mailbox->id);
  cachet_statement_bind_text (statement, 2, name);
  ok = cachet_connection_run (connection, statement, error);
  sqlite3_clear_bindings (statement);
  return ok;
}

static gpointer
rename_run_cb (CachetConnection *connection,
               gpointer data,
               GCancellable *cancellable,
               GError **error)
{
  RenameJob *job = data;
  g_autoptr (GPtrArray) stored = list_mailboxes (connection, job->account_id, error);
  gsize length = strlen (job->old_name);
  char delimiter = '\0';
  gboolean found = FALSE;

  if (stored == NULL)
    return NULL;
  for (guint i = 0; i < stored->len; i++)
    {
      CachetStoredMailbox *mailbox = g_ptr_array_index (stored, i);

      if (strcmp (mailbox->name, job->old_name) == 0)
        {
          found = TRUE;
          delimiter = mailbox->delimiter;
        }
    }
  if (!found)
    {
      set_not_found (error);
      return NULL;
    }
  for (guint i = 0; i < stored->len; i++)
    {
      CachetStoredMailbox *mailbox = g_ptr_array_index (stored, i);
      gboolean is_child = delimiter != '\0' && g_str_has_prefix (mailbox->name, job->old_name) &&
                          mailbox->name[length] == delimiter;

      if ((is_child || strcmp (mailbox->name, job->old_name) == 0) &&
          !rename_one (connection, mailbox, job, error))
        return NULL;
    }
  return NULL;
}

void
cachet_mail_store_rename_mailbox_async (CachetMailStore *self,
                                        const char *account_id,
                                        const char *old_name,
                                        const char *new_name,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  RenameJob *job;

  g_return_if_fail (CACHET_IS_MAIL_STORE (self));
  g_return_if_fail (account_id != NULL && old_name != NULL && new_name != NULL);

  job = g_new0 (RenameJob, 1);
  job->account_id = g_strdup (account_id);
  job->old_name = g_strdup (old_name);
  job->new_name = g_strdup (new_name);
  cachet_database_write_async (self->database, self, "rename a mailbox",
                               CACHET_WORKER_PRIORITY_USER, rename_run_cb, job, rename_job_free,
                               NULL, cancellable, callback, user_data);
}

static gpointer
remove_account_run_cb (CachetConnection *connection,
                       gpointer data,
                       GCancellable *cancellable,
                       GError **error)
{
  g_autoptr (GPtrArray) stored = list_mailboxes (connection, data, error);

  for (guint i = 0; stored != NULL && i < stored->len; i++)
    {
      CachetStoredMailbox *mailbox = g_ptr_array_index (stored, i);

      if (!drop_mailbox (connection, mailbox->id, error))
        break;
    }
  return NULL;
}

void
cachet_mail_store_remove_account_async (CachetMailStore *self,
                                        const char *account_id,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  g_return_if_fail (CACHET_IS_MAIL_STORE (self));
  g_return_if_fail (account_id != NULL);

  cachet_database_write_async (
    self->database, self, "remove an account", CACHET_WORKER_PRIORITY_USER, remove_account_run_cb,
    g_strdup (account_id), g_free, NULL, cancellable, callback, user_data);
  cachet_mail_store_schedule_maintenance (self);
}
