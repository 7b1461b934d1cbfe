#define G_LOG_DOMAIN "cachet-store"

#include "config.h"

#include "cachet-checked-file.h"
#include "cachet-checksum.h"
#include "cachet-durable-file.h"
#include "cachet-journal-private.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

CachetOutboxEntry *
cachet_outbox_entry_copy (const CachetOutboxEntry *self)
{
  CachetOutboxEntry *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (CachetOutboxEntry, 1);
  *copy = *self;
  copy->account_id = g_strdup (self->account_id);
  copy->envelope_from = g_strdup (self->envelope_from);
  copy->recipients = g_strdupv (self->recipients);
  copy->message_id = g_strdup (self->message_id);
  copy->subject = g_strdup (self->subject);
  copy->last_error = g_strdup (self->last_error);
  return copy;
}

void
cachet_outbox_entry_free (CachetOutboxEntry *self)
{
  if (self == NULL)
    return;
  g_free (self->account_id);
  g_free (self->envelope_from);
  g_strfreev (self->recipients);
  g_free (self->message_id);
  g_free (self->subject);
  g_free (self->last_error);
  g_free (self);
}

static gint64
get_checksum (const CachetOutboxEntry *entry, const char *file)
{
  guint64 sum = CACHET_CHECKSUM_SEED;

  sum = cachet_checksum_add_number (sum, entry->id);
  sum = cachet_checksum_add_text (sum, entry->account_id);
  sum = cachet_checksum_add_number (sum, entry->state);
  sum = cachet_checksum_add_text (sum, entry->envelope_from);
  for (guint i = 0; entry->recipients != NULL && entry->recipients[i] != NULL; i++)
    sum = cachet_checksum_add_text (sum, entry->recipients[i]);
  sum = cachet_checksum_add_text (sum, entry->message_id);
  sum = cachet_checksum_add_text (sum, entry->subject);
  sum = cachet_checksum_add_number (sum, entry->created);
  sum = cachet_checksum_add_number (sum, entry->not_before);
  sum = cachet_checksum_add_number (sum, entry->flags);
  return (gint64)cachet_checksum_add_text (sum, file);
}

CachetOutboxEntry *
cachet_outbox_entry_read (sqlite3_stmt *statement, char **file)
{
  g_autoptr (CachetOutboxEntry) entry = g_new0 (CachetOutboxEntry, 1);
  g_autofree char *recipients = cachet_statement_dup_text (statement, 4);
  g_autofree char *name = cachet_statement_dup_text (statement, 12);
  int state = sqlite3_column_int (statement, 2);

  if (state < CACHET_OUTBOX_READY || state > CACHET_OUTBOX_UNKNOWN)
    return NULL;
  entry->id = sqlite3_column_int64 (statement, 0);
  entry->account_id = cachet_statement_dup_text (statement, 1);
  entry->state = (CachetOutboxState)state;
  entry->envelope_from = cachet_statement_dup_text (statement, 3);
  entry->recipients = g_strsplit (recipients, "\n", -1);
  entry->message_id = cachet_statement_dup_text (statement, 5);
  entry->subject = cachet_statement_dup_text (statement, 6);
  entry->created = sqlite3_column_int64 (statement, 7);
  entry->not_before = sqlite3_column_int64 (statement, 8);
  entry->n_attempts = (guint)sqlite3_column_int64 (statement, 9);
  entry->last_error = cachet_statement_dup_text_or_null (statement, 10);
  entry->flags = (guint)sqlite3_column_int64 (statement, 11);
  if (get_checksum (entry, name) != sqlite3_column_int64 (statement, 13))
    return NULL;
  if (file != NULL)
    *file = g_steal_pointer (&name);
  return g_steal_pointer (&entry);
}

/* What AUTOINCREMENT would give; taken before, because the row's checksum covers its id. */
static gboolean
take_next_id (CachetConnection *connection, gint64 *id, GError **error)
{
  return cachet_connection_get_int64 (
    connection,
    "SELECT 1 + max (coalesce ((SELECT seq FROM sqlite_sequence WHERE name = 'outbox'), 0),"
    " coalesce ((SELECT max (id) FROM outbox), 0))",
    1, id, error);
}

gint64
cachet_outbox_entry_insert (CachetConnection *connection,
                            CachetOutboxEntry *entry,
                            const char *file,
                            GError **error)
{
  g_autofree char *recipients = g_strjoinv ("\n", entry->recipients);
  sqlite3_stmt *statement = cachet_connection_prepare (
    connection,
    "INSERT INTO outbox (" CACHET_JOURNAL_OUTBOX_COLUMNS ")"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    error);
  gboolean ok;

  if (statement == NULL || (entry->id == 0 && !take_next_id (connection, &entry->id, error)))
    return -1;
  sqlite3_bind_int64 (statement, 1, entry->id);
  cachet_statement_bind_text (statement, 2, entry->account_id);
  sqlite3_bind_int (statement, 3, (int)entry->state);
  cachet_statement_bind_text (statement, 4, entry->envelope_from);
  cachet_statement_bind_text (statement, 5, recipients);
  cachet_statement_bind_text (statement, 6, entry->message_id);
  cachet_statement_bind_text (statement, 7, entry->subject);
  sqlite3_bind_int64 (statement, 8, entry->created);
  sqlite3_bind_int64 (statement, 9, entry->not_before);
  sqlite3_bind_int64 (statement, 10, entry->n_attempts);
  cachet_statement_bind_text_or_null (statement, 11, entry->last_error);
  sqlite3_bind_int64 (statement, 12, entry->flags);
  cachet_statement_bind_text (statement, 13, file);
  sqlite3_bind_int64 (statement, 14, get_checksum (entry, file));
  ok = cachet_connection_run (connection, statement, error);
  sqlite3_clear_bindings (statement);
  return ok ? entry->id : -1;
}

static GVariant *
entry_to_facts (const CachetOutboxEntry *entry)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&dict, "account", "s", entry->account_id);
  g_variant_dict_insert (&dict, "from", "s", entry->envelope_from);
  g_variant_dict_insert (&dict, "recipients", "^as", entry->recipients);
  g_variant_dict_insert (&dict, "message-id", "s", entry->message_id);
  g_variant_dict_insert (&dict, "subject", "s", entry->subject);
  g_variant_dict_insert (&dict, "created", "x", entry->created);
  g_variant_dict_insert (&dict, "flags", "u", entry->flags);
  return g_variant_dict_end (&dict);
}

static char *
dup_fact (GVariantDict *dict, const char *name)
{
  char *text;

  return g_variant_dict_lookup (dict, name, "s", &text) ? text : g_strdup ("");
}

CachetOutboxEntry *
cachet_outbox_entry_from_facts (GVariant *facts)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (facts);
  CachetOutboxEntry *entry = g_new0 (CachetOutboxEntry, 1);

  entry->account_id = dup_fact (&dict, "account");
  entry->state = CACHET_OUTBOX_UNKNOWN;
  entry->envelope_from = dup_fact (&dict, "from");
  if (!g_variant_dict_lookup (&dict, "recipients", "^as", &entry->recipients))
    entry->recipients = g_new0 (char *, 1);
  entry->message_id = dup_fact (&dict, "message-id");
  entry->subject = dup_fact (&dict, "subject");
  g_variant_dict_lookup (&dict, "created", "x", &entry->created);
  g_variant_dict_lookup (&dict, "flags", "u", &entry->flags);
  return entry;
}

typedef struct
{
  CachetJournal *journal;
  CachetOutboxEntry *entry;
  GBytes *message;
  gint64 id;
} OutboxJob;

static OutboxJob *
outbox_job_new (CachetJournal *self)
{
  OutboxJob *job = g_new0 (OutboxJob, 1);

  job->journal = g_object_ref (self);
  return job;
}

static void
outbox_job_free (gpointer data)
{
  OutboxJob *job = data;

  g_object_unref (job->journal);
  cachet_outbox_entry_free (job->entry);
  g_clear_pointer (&job->message, g_bytes_unref);
  g_free (job);
}

static char *
make_valid (char *text)
{
  char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);

  g_free (text);
  return valid;
}

/* As the entry will come back from the disk: its checksum is over these texts. */
static CachetOutboxEntry *
copy_valid (const CachetOutboxEntry *entry)
{
  CachetOutboxEntry *copy = cachet_outbox_entry_copy (entry);

  copy->account_id = make_valid (copy->account_id);
  copy->envelope_from = make_valid (copy->envelope_from);
  copy->message_id = make_valid (copy->message_id);
  copy->subject = make_valid (copy->subject);
  if (copy->recipients == NULL)
    copy->recipients = g_new0 (char *, 1);
  for (guint i = 0; copy->recipients[i] != NULL; i++)
    copy->recipients[i] = make_valid (copy->recipients[i]);
  return copy;
}

static gboolean
check_recipients (const CachetOutboxEntry *entry, GError **error)
{
  for (guint i = 0; entry->recipients[i] != NULL; i++)
    if (*entry->recipients[i] == '\0' || strpbrk (entry->recipients[i], "\r\n") != NULL)
      {
        g_set_error_literal (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_INTERNAL,
                             _ ("A recipient's address is empty or has a line break in it. "
                                "Correct it and send again."));
        return FALSE;
      }
  return TRUE;
}

/* The file is made while the row holds the write lock, so that no other process takes the file for
 * one without a row; and it goes again when the row cannot be kept. */
static gpointer
add_run_cb (CachetConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  OutboxJob *job = data;
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *file = g_strconcat (uuid, CACHET_JOURNAL_OUTBOX_SUFFIX, NULL);
  g_autofree char *path = g_build_filename (job->journal->outbox_directory, file, NULL);
  gint64 id;

  if (!check_recipients (job->entry, error))
    return NULL;
  id = cachet_outbox_entry_insert (connection, job->entry, file, error);
  if (id < 0)
    return NULL;
  if (cachet_checked_file_write (path, CACHET_JOURNAL_OUTBOX_KIND, entry_to_facts (job->entry),
                                 job->message, error) &&
      cachet_connection_commit (connection, error))
    return g_memdup2 (&id, sizeof id);
  g_unlink (path);
  return NULL;
}

void
cachet_journal_add_outbox_async (CachetJournal *self,
                                 const CachetOutboxEntry *entry,
                                 GBytes *message,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  OutboxJob *job;

  g_return_if_fail (CACHET_IS_JOURNAL (self));
  g_return_if_fail (entry != NULL && message != NULL);

  job = outbox_job_new (self);
  job->entry = copy_valid (entry);
  job->entry->id = 0;
  if (job->entry->created == 0)
    job->entry->created = g_get_real_time () / G_USEC_PER_SEC;
  job->message = g_bytes_ref (message);
  cachet_database_write_async (self->database, self, "add to the outbox",
                               CACHET_WORKER_PRIORITY_USER, add_run_cb, job, outbox_job_free,
                               g_free, cancellable, callback, user_data);
}

/* The entry and its file; CACHET_STORE_ERROR_NOT_FOUND when there is none. */
static CachetOutboxEntry *
load_entry (CachetConnection *connection, gint64 id, char **file, GError **error)
{
  sqlite3_stmt *statement = cachet_connection_prepare (
    connection, "SELECT " CACHET_JOURNAL_OUTBOX_COLUMNS " FROM outbox WHERE id = ?1", error);
  CachetOutboxEntry *entry = NULL;
  CachetStep step;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, id);
  step = cachet_connection_step (connection, statement, error);
  if (step == CACHET_STEP_ROW)
    {
      entry = cachet_outbox_entry_read (statement, file);
      sqlite3_reset (statement);
      if (entry == NULL)
        cachet_connection_set_error (connection, SQLITE_CORRUPT, error);
    }
  else if (step == CACHET_STEP_DONE)
    g_set_error_literal (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_NOT_FOUND,
                         _ ("The message is not in the outbox any more."));
  return entry;
}

static gpointer
update_run_cb (CachetConnection *connection,
               gpointer data,
               GCancellable *cancellable,
               GError **error)
{
  OutboxJob *job = data;
  g_autofree char *file = NULL;
  g_autoptr (CachetOutboxEntry) entry = load_entry (connection, job->entry->id, &file, error);
  sqlite3_stmt *statement;

  if (entry == NULL)
    return NULL;
  entry->state = job->entry->state;
  entry->not_before = job->entry->not_before;
  statement = cachet_connection_prepare (
    connection,
    "UPDATE outbox SET state = ?2, not_before = ?3, n_attempts = ?4, last_error = ?5,"
    " checksum = ?6 WHERE id = ?1",
    error);
  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, entry->id);
  sqlite3_bind_int (statement, 2, (int)entry->state);
  sqlite3_bind_int64 (statement, 3, entry->not_before);
  sqlite3_bind_int64 (statement, 4, job->entry->n_attempts);
  cachet_statement_bind_text_or_null (statement, 5, job->entry->last_error);
  sqlite3_bind_int64 (statement, 6, get_checksum (entry, file));
  cachet_connection_run (connection, statement, error);
  sqlite3_clear_bindings (statement);
  return NULL;
}

void
cachet_journal_update_outbox_async (CachetJournal *self,
                                    const CachetOutboxEntry *entry,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  OutboxJob *job;

  g_return_if_fail (CACHET_IS_JOURNAL (self));
  g_return_if_fail (entry != NULL);

  job = outbox_job_new (self);
  job->entry = copy_valid (entry);
  cachet_database_write_async (self->database, self, "update the outbox",
                               CACHET_WORKER_PRIORITY_USER, update_run_cb, job, outbox_job_free,
                               NULL, cancellable, callback, user_data);
}

static gboolean
run_with_id_or_file (
  CachetConnection *connection, const char *sql, gint64 id, const char *file, GError **error)
{
  sqlite3_stmt *statement = cachet_connection_prepare (connection, sql, error);
  gboolean ok;

  if (statement == NULL)
    return FALSE;
  if (file != NULL)
    cachet_statement_bind_text (statement, 1, file);
  else
    sqlite3_bind_int64 (statement, 1, id);
  ok = cachet_connection_run (connection, statement, error);
  sqlite3_clear_bindings (statement);
  return ok;
}

/* First the row and the note that its file may go, then the file: a crash between the two must not
 * make a sent message look like a lost one. */
static gpointer
remove_run_cb (CachetConnection *connection,
               gpointer data,
               GCancellable *cancellable,
               GError **error)
{
  OutboxJob *job = data;
  g_autofree char *file = NULL;
  g_autofree char *path = NULL;
  g_autoptr (CachetOutboxEntry) entry = NULL;
  g_autoptr (GError) local_error = NULL;

  entry = load_entry (connection, job->id, &file, &local_error);
  if (g_error_matches (local_error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_NOT_FOUND))
    return NULL;
  if (entry == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  if (!run_with_id_or_file (connection, "DELETE FROM outbox WHERE id = ?1", job->id, NULL, error) ||
      !run_with_id_or_file (connection, "INSERT OR IGNORE INTO outbox_gone (file) VALUES (?1)", 0,
                            file, error) ||
      !cachet_connection_commit (connection, error))
    return NULL;
  path = g_build_filename (job->journal->outbox_directory, file, NULL);
  if (!cachet_durable_file_remove (path, &local_error))
    g_warning ("left for the next start: %s", local_error->message);
  return NULL;
}

void
cachet_journal_remove_outbox_async (CachetJournal *self,
                                    gint64 id,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  OutboxJob *job;

  g_return_if_fail (CACHET_IS_JOURNAL (self));

  job = outbox_job_new (self);
  job->id = id;
  cachet_database_write_async (self->database, self, "remove from the outbox",
                               CACHET_WORKER_PRIORITY_USER, remove_run_cb, job, outbox_job_free,
                               NULL, cancellable, callback, user_data);
}

static gpointer
list_run_cb (CachetConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) entries =
    g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_outbox_entry_free);
  sqlite3_stmt *statement = cachet_connection_prepare (
    connection, "SELECT " CACHET_JOURNAL_OUTBOX_COLUMNS " FROM outbox ORDER BY id", error);
  CachetStep step;

  if (statement == NULL)
    return NULL;
  while ((step = cachet_connection_step (connection, statement, error)) == CACHET_STEP_ROW)
    {
      CachetOutboxEntry *entry = cachet_outbox_entry_read (statement, NULL);

      if (entry == NULL)
        {
          sqlite3_reset (statement);
          cachet_connection_set_error (connection, SQLITE_CORRUPT, error);
          return NULL;
        }
      g_ptr_array_add (entries, entry);
    }
  return step == CACHET_STEP_DONE ? g_steal_pointer (&entries) : NULL;
}

void
cachet_journal_list_outbox_async (CachetJournal *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_return_if_fail (CACHET_IS_JOURNAL (self));

  cachet_database_read_async (self->database, self, "list the outbox", list_run_cb, NULL, NULL,
                              (GDestroyNotify)g_ptr_array_unref, cancellable, callback, user_data);
}

GPtrArray *
cachet_journal_list_outbox_finish (CachetJournal *self, GAsyncResult *result, GError **error)
{
  return cachet_database_finish (self, result, error);
}

static gpointer
read_run_cb (CachetConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  OutboxJob *job = data;
  g_autofree char *file = NULL;
  g_autofree char *path = NULL;
  g_autoptr (CachetOutboxEntry) entry = load_entry (connection, job->id, &file, error);

  if (entry == NULL)
    return NULL;
  path = g_build_filename (job->journal->outbox_directory, file, NULL);
  return cachet_checked_file_read (path, CACHET_JOURNAL_OUTBOX_KIND, NULL, error);
}

void
cachet_journal_read_outbox_message_async (CachetJournal *self,
                                          gint64 id,
                                          GCancellable *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data)
{
  OutboxJob *job;

  g_return_if_fail (CACHET_IS_JOURNAL (self));

  job = outbox_job_new (self);
  job->id = id;
  cachet_database_read_async (self->database, self, "read from the outbox", read_run_cb, job,
                              outbox_job_free, (GDestroyNotify)g_bytes_unref, cancellable, callback,
                              user_data);
}

GBytes *
cachet_journal_read_message_finish (CachetJournal *self, GAsyncResult *result, GError **error)
{
  return cachet_database_finish (self, result, error);
}
