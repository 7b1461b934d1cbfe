#define G_LOG_DOMAIN "cachet-store"

#include "config.h"

#include "cachet-checksum.h"
#include "cachet-journal-private.h"

#include <glib/gi18n.h>

CachetJournalOperation *
cachet_journal_operation_copy (const CachetJournalOperation *self)
{
  CachetJournalOperation *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (CachetJournalOperation, 1);
  *copy = *self;
  copy->account_id = g_strdup (self->account_id);
  copy->kind = g_strdup (self->kind);
  copy->mailbox = g_strdup (self->mailbox);
  copy->arguments = self->arguments != NULL ? g_variant_ref_sink (self->arguments) : NULL;
  copy->last_error = g_strdup (self->last_error);
  return copy;
}

void
cachet_journal_operation_free (CachetJournalOperation *self)
{
  if (self == NULL)
    return;
  g_free (self->account_id);
  g_free (self->kind);
  g_free (self->mailbox);
  g_clear_pointer (&self->arguments, g_variant_unref);
  g_free (self->last_error);
  g_free (self);
}

/* Over what it would do; not over the count of its attempts. */
static gint64
get_checksum (const CachetJournalOperation *operation, GBytes *arguments)
{
  gsize length;
  const void *data = g_bytes_get_data (arguments, &length);
  guint64 sum = CACHET_CHECKSUM_SEED;

  sum = cachet_checksum_add_number (sum, operation->id);
  sum = cachet_checksum_add_text (sum, operation->account_id);
  sum = cachet_checksum_add_text (sum, operation->kind);
  sum = cachet_checksum_add_text (sum, operation->mailbox);
  sum = cachet_checksum_add_number (sum, operation->uidvalidity);
  sum = cachet_checksum_add_number (sum, operation->created);
  return (gint64)cachet_checksum_add (sum, data, length);
}

static GBytes *
get_argument_bytes (const CachetJournalOperation *operation)
{
  g_autoptr (GVariant) normal = NULL;

  if (operation->arguments == NULL)
    return g_bytes_new_static ("", 0);
  normal = g_variant_get_normal_form (operation->arguments);
  return g_variant_get_data_as_bytes (normal);
}

CachetJournalOperation *
cachet_journal_operation_read (sqlite3_stmt *statement)
{
  g_autoptr (CachetJournalOperation) operation = g_new0 (CachetJournalOperation, 1);
  g_autoptr (GBytes) arguments = NULL;
  g_autoptr (GVariant) variant = NULL;

  operation->id = sqlite3_column_int64 (statement, 0);
  operation->account_id = cachet_statement_dup_text (statement, 1);
  operation->kind = cachet_statement_dup_text (statement, 2);
  operation->mailbox = cachet_statement_dup_text (statement, 3);
  operation->uidvalidity = (guint32)sqlite3_column_int64 (statement, 4);
  arguments =
    g_bytes_new (sqlite3_column_blob (statement, 5), (gsize)sqlite3_column_bytes (statement, 5));
  operation->n_attempts = (guint)sqlite3_column_int64 (statement, 6);
  operation->last_error = cachet_statement_dup_text_or_null (statement, 7);
  operation->created = sqlite3_column_int64 (statement, 8);
  if (get_checksum (operation, arguments) != sqlite3_column_int64 (statement, 9))
    return NULL;
  variant =
    g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_VARDICT, arguments, FALSE));
  operation->arguments = g_variant_get_normal_form (variant);
  return g_steal_pointer (&operation);
}

static void
bind_operation (sqlite3_stmt *statement, const CachetJournalOperation *operation, GBytes *arguments)
{
  gsize length;
  const void *data = g_bytes_get_data (arguments, &length);

  sqlite3_bind_int64 (statement, 1, operation->id);
  cachet_statement_bind_text (statement, 2, operation->account_id);
  cachet_statement_bind_text (statement, 3, operation->kind);
  cachet_statement_bind_text (statement, 4, operation->mailbox);
  sqlite3_bind_int64 (statement, 5, operation->uidvalidity);
  sqlite3_bind_blob64 (statement, 6, data != NULL ? data : "", length, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 7, operation->n_attempts);
  cachet_statement_bind_text_or_null (statement, 8, operation->last_error);
  sqlite3_bind_int64 (statement, 9, operation->created);
  sqlite3_bind_int64 (statement, 10, get_checksum (operation, arguments));
}

/* A copy with valid texts, as they will come back: the checksum is over these. */
static CachetJournalOperation *
copy_valid (const CachetJournalOperation *operation)
{
  CachetJournalOperation *copy = cachet_journal_operation_copy (operation);
  char **texts[] = { &copy->account_id, &copy->kind, &copy->mailbox };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      char *valid = g_utf8_make_valid (*texts[i] != NULL ? *texts[i] : "", -1);

      g_free (*texts[i]);
      *texts[i] = valid;
    }
  return copy;
}

/* What AUTOINCREMENT would give; taken before, because the row's checksum covers its id. */
static gboolean
take_next_id (CachetConnection *connection, gint64 *id, GError **error)
{
  return cachet_connection_get_int64 (
    connection,
    "SELECT 1 + max (coalesce ((SELECT seq FROM sqlite_sequence WHERE name = 'operation'), 0),"
    " coalesce ((SELECT max (id) FROM operation), 0))",
    1, id, error);
}

gint64
cachet_journal_operation_insert (CachetConnection *connection,
                                 CachetJournalOperation *operation,
                                 GError **error)
{
  g_autoptr (GBytes) arguments = get_argument_bytes (operation);
  sqlite3_stmt *statement =
    cachet_connection_prepare (connection,
                               "INSERT INTO operation (" CACHET_JOURNAL_OPERATION_COLUMNS ")"
                               " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                               error);
  gboolean ok;

  if (statement == NULL ||
      (operation->id == 0 && !take_next_id (connection, &operation->id, error)))
    return -1;
  bind_operation (statement, operation, arguments);
  ok = cachet_connection_run (connection, statement, error);
  sqlite3_clear_bindings (statement);
  return ok ? operation->id : -1;
}

static gpointer
add_run_cb (CachetConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  gint64 id = cachet_journal_operation_insert (connection, data, error);

  return id >= 0 ? g_memdup2 (&id, sizeof id) : NULL;
}

void
cachet_journal_add_operation_async (CachetJournal *self,
                                    const CachetJournalOperation *operation,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  CachetJournalOperation *copy;

  g_return_if_fail (CACHET_IS_JOURNAL (self));
  g_return_if_fail (operation != NULL);

  copy = copy_valid (operation);
  copy->id = 0;
  if (copy->created == 0)
    copy->created = g_get_real_time () / G_USEC_PER_SEC;
  cachet_database_write_async (
    self->database, self, "add an operation", CACHET_WORKER_PRIORITY_USER, add_run_cb, copy,
    (GDestroyNotify)cachet_journal_operation_free, g_free, cancellable, callback, user_data);
}

static gpointer
remove_run_cb (CachetConnection *connection,
               gpointer data,
               GCancellable *cancellable,
               GError **error)
{
  const gint64 *id = data;
  sqlite3_stmt *statement =
    cachet_connection_prepare (connection, "DELETE FROM operation WHERE id = ?", error);

  if (statement != NULL)
    {
      sqlite3_bind_int64 (statement, 1, *id);
      cachet_connection_run (connection, statement, error);
    }
  return NULL;
}

void
cachet_journal_remove_operation_async (CachetJournal *self,
                                       gint64 id,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  g_return_if_fail (CACHET_IS_JOURNAL (self));

  cachet_database_write_async (
    self->database, self, "remove an operation", CACHET_WORKER_PRIORITY_USER, remove_run_cb,
    g_memdup2 (&id, sizeof id), g_free, NULL, cancellable, callback, user_data);
}

static gpointer
update_run_cb (CachetConnection *connection,
               gpointer data,
               GCancellable *cancellable,
               GError **error)
{
  const CachetJournalOperation *operation = data;
  g_autoptr (GBytes) arguments = get_argument_bytes (operation);
  sqlite3_stmt *statement = cachet_connection_prepare (
    connection,
    "UPDATE operation SET account = ?2, kind = ?3, mailbox = ?4, uidvalidity = ?5,"
    " arguments = ?6, n_attempts = ?7, last_error = ?8, created = ?9, checksum = ?10"
    " WHERE id = ?1",
    error);
  gboolean ok;

  if (statement == NULL)
    return NULL;
  bind_operation (statement, operation, arguments);
  ok = cachet_connection_run (connection, statement, error);
  sqlite3_clear_bindings (statement);
  if (ok && sqlite3_changes (cachet_connection_get_handle (connection)) == 0)
    g_set_error_literal (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_NOT_FOUND,
                         _ ("The operation is not in the journal any more."));
  return NULL;
}

void
cachet_journal_update_operation_async (CachetJournal *self,
                                       const CachetJournalOperation *operation,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  g_return_if_fail (CACHET_IS_JOURNAL (self));
  g_return_if_fail (operation != NULL && operation->id > 0);

  cachet_database_write_async (self->database, self, "update an operation",
                               CACHET_WORKER_PRIORITY_USER, update_run_cb, copy_valid (operation),
                               (GDestroyNotify)cachet_journal_operation_free, NULL, cancellable,
                               callback, user_data);
}

static gpointer
list_run_cb (CachetConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  const char *account_id = data;
  g_autoptr (GPtrArray) operations =
    g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_journal_operation_free);
  sqlite3_stmt *statement =
    cachet_connection_prepare (connection,
                               "SELECT " CACHET_JOURNAL_OPERATION_COLUMNS
                               " FROM operation WHERE ?1 IS NULL OR account = ?1 ORDER BY id",
                               error);
  CachetStep step;

  if (statement == NULL)
    return NULL;
  cachet_statement_bind_text_or_null (statement, 1, account_id);
  while ((step = cachet_connection_step (connection, statement, error)) == CACHET_STEP_ROW)
    {
      CachetJournalOperation *operation = cachet_journal_operation_read (statement);

      if (operation == NULL)
        {
          sqlite3_reset (statement);
          cachet_connection_set_error (connection, SQLITE_CORRUPT, error);
          return NULL;
        }
      g_ptr_array_add (operations, operation);
    }
  return step == CACHET_STEP_DONE ? g_steal_pointer (&operations) : NULL;
}

void
cachet_journal_list_operations_async (CachetJournal *self,
                                      const char *account_id,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  g_return_if_fail (CACHET_IS_JOURNAL (self));

  cachet_database_read_async (self->database, self, "list operations", list_run_cb,
                              g_strdup (account_id), g_free, (GDestroyNotify)g_ptr_array_unref,
                              cancellable, callback, user_data);
}

GPtrArray *
cachet_journal_list_operations_finish (CachetJournal *self, GAsyncResult *result, GError **error)
{
  return cachet_database_finish (self, result, error);
}
