#define G_LOG_DOMAIN "cachet-store"

#include "config.h"

#include "cachet-checked-file.h"
#include "cachet-journal-private.h"
#include "cachet-store-error.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

/* What the two passes found, for the notice. */
typedef struct
{
  CachetJournal *journal;
  CachetConnection *connection;
  guint n_operations;
  guint n_entries;
  guint n_unknown;
  guint n_damaged_files;
} Recovery;

static gboolean
check_rows (CachetConnection *connection, const char *sql, gboolean is_operation)
{
  sqlite3_stmt *statement = cachet_connection_prepare (connection, sql, NULL);
  CachetStep step;

  if (statement == NULL)
    return FALSE;
  while ((step = cachet_connection_step (connection, statement, NULL)) == CACHET_STEP_ROW)
    {
      g_autoptr (CachetJournalOperation) operation = NULL;
      g_autoptr (CachetOutboxEntry) entry = NULL;

      if (is_operation)
        operation = cachet_journal_operation_read (statement);
      else
        entry = cachet_outbox_entry_read (statement, NULL);
      if (operation == NULL && entry == NULL)
        {
          sqlite3_reset (statement);
          return FALSE;
        }
    }
  return step == CACHET_STEP_DONE;
}

gboolean
cachet_journal_check (CachetConnection *connection)
{
  sqlite3_stmt *statement =
    cachet_connection_prepare (connection, "PRAGMA integrity_check(1)", NULL);
  g_autofree char *verdict = NULL;

  /* The journal is small: it is looked at whole. */
  if (statement == NULL || cachet_connection_step (connection, statement, NULL) != CACHET_STEP_ROW)
    return FALSE;
  verdict = cachet_statement_dup_text (statement, 0);
  sqlite3_reset (statement);
  return strcmp (verdict, "ok") == 0 &&
         cachet_connection_prepare (connection, "SELECT file FROM outbox_gone", NULL) != NULL &&
         check_rows (connection, "SELECT " CACHET_JOURNAL_OPERATION_COLUMNS " FROM operation",
                     TRUE) &&
         check_rows (connection, "SELECT " CACHET_JOURNAL_OUTBOX_COLUMNS " FROM outbox", FALSE);
}

/* Puts the row that @statement stands on into the new journal, if it is whole and not there yet. */
static gboolean
take_row (Recovery *recovery, sqlite3_stmt *statement, gboolean is_operation, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  gint64 id = -1;

  if (is_operation)
    {
      g_autoptr (CachetJournalOperation) operation = cachet_journal_operation_read (statement);

      if (operation == NULL)
        return TRUE;
      id = cachet_journal_operation_insert (recovery->connection, operation, &local_error);
      recovery->n_operations += id >= 0;
    }
  else
    {
      g_autofree char *file = NULL;
      g_autoptr (CachetOutboxEntry) entry = cachet_outbox_entry_read (statement, &file);

      if (entry == NULL)
        return TRUE;
      id = cachet_outbox_entry_insert (recovery->connection, entry, file, &local_error);
      recovery->n_entries += id >= 0;
    }
  /* A row that the pass from the other end has already brought. */
  if (id >= 0 || g_error_matches (local_error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_INTERNAL))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* From one end until the damage; the other end is read by another call. */
static gboolean
take_rows (
  Recovery *recovery, CachetConnection *old, const char *sql, gboolean is_operation, GError **error)
{
  sqlite3_stmt *statement = cachet_connection_prepare (old, sql, NULL);

  while (statement != NULL && cachet_connection_step (old, statement, NULL) == CACHET_STEP_ROW)
    if (!take_row (recovery, statement, is_operation, error))
      {
        sqlite3_reset (statement);
        return FALSE;
      }
  return TRUE;
}

#define OPERATIONS \
  "SELECT " CACHET_JOURNAL_OPERATION_COLUMNS " FROM operation NOT INDEXED ORDER BY id"
#define ENTRIES "SELECT " CACHET_JOURNAL_OUTBOX_COLUMNS " FROM outbox NOT INDEXED ORDER BY id"

static gboolean
recover_rows (Recovery *recovery, const char *set_aside, GError **error)
{
  g_autoptr (CachetConnection) old = NULL;

  old = cachet_connection_open (set_aside, CACHET_CONNECTION_DURABLE, NULL);
  if (old == NULL)
    return TRUE;
  return take_rows (recovery, old, OPERATIONS, TRUE, error) &&
         take_rows (recovery, old, OPERATIONS " DESC", TRUE, error) &&
         take_rows (recovery, old, ENTRIES, FALSE, error) &&
         take_rows (recovery, old, ENTRIES " DESC", FALSE, error);
}

/* Whether @sql with @file finds a row. */
static gboolean
find_file (
  CachetConnection *connection, const char *sql, const char *file, gboolean *found, GError **error)
{
  sqlite3_stmt *statement = cachet_connection_prepare (connection, sql, error);
  CachetStep step;

  if (statement == NULL)
    return FALSE;
  cachet_statement_bind_text (statement, 1, file);
  step = cachet_connection_step (connection, statement, error);
  *found = step == CACHET_STEP_ROW;
  sqlite3_reset (statement);
  return step != CACHET_STEP_ERROR;
}

/* A whole message without a row: Cachet does not know how far it came, so it is only shown. */
static gboolean
adopt_file (Recovery *recovery, const char *file, const char *path, GError **error)
{
  g_autoptr (GVariant) facts = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) local_error = NULL;
  g_autoptr (CachetOutboxEntry) entry = NULL;

  bytes = cachet_checked_file_read (path, CACHET_JOURNAL_OUTBOX_KIND, &facts, &local_error);
  if (bytes == NULL)
    {
      g_autofree char *damaged = NULL;

      if (!g_error_matches (local_error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_DAMAGED))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      /* Kept under another name, so that it is told once. */
      damaged = g_strconcat (path, ".damaged", NULL);
      g_rename (path, damaged);
      recovery->n_damaged_files++;
      return TRUE;
    }
  entry = cachet_outbox_entry_from_facts (facts);
  entry->last_error = g_strdup (_ ("Cachet stopped before it could note what became of this "
                                   "message. Look into the folder for sent mail before you send "
                                   "it again."));
  if (cachet_outbox_entry_insert (recovery->connection, entry, file, error) < 0)
    return FALSE;
  recovery->n_unknown++;
  return TRUE;
}

static gboolean
look_at_outbox_file (Recovery *recovery, const char *file, GError **error)
{
  g_autofree char *path = g_build_filename (recovery->journal->outbox_directory, file, NULL);
  gboolean found;

  if (g_str_has_suffix (file, ".damaged"))
    return TRUE;
  if (!g_str_has_suffix (file, CACHET_JOURNAL_OUTBOX_SUFFIX))
    {
      /* A temporary file that a crash left: nobody was told that it was kept. */
      if (strstr (file, CACHET_JOURNAL_OUTBOX_SUFFIX ".") != NULL)
        g_unlink (path);
      return TRUE;
    }
  if (!find_file (recovery->connection, "SELECT 1 FROM outbox WHERE file = ?1", file, &found,
                  error))
    return FALSE;
  if (found)
    return TRUE;
  if (!find_file (recovery->connection, "SELECT 1 FROM outbox_gone WHERE file = ?1", file, &found,
                  error))
    return FALSE;
  if (found)
    {
      g_unlink (path);
      return TRUE;
    }
  return adopt_file (recovery, file, path, error);
}

static gboolean
recover_files (Recovery *recovery, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GDir) dir = g_dir_open (recovery->journal->outbox_directory, 0, &local_error);
  g_autoptr (GDir) drafts = NULL;
  const char *name;

  if (dir == NULL)
    {
      cachet_store_error_propagate (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  while ((name = g_dir_read_name (dir)) != NULL)
    if (!look_at_outbox_file (recovery, name, error))
      return FALSE;
  drafts = g_dir_open (recovery->journal->drafts_directory, 0, NULL);
  while (drafts != NULL && (name = g_dir_read_name (drafts)) != NULL)
    if (strstr (name, CACHET_JOURNAL_DRAFT_SUFFIX ".") != NULL)
      {
        g_autofree char *path = g_build_filename (recovery->journal->drafts_directory, name, NULL);

        g_unlink (path);
      }
  /* Files that were to go are gone now; one that a failure left is tried again next time. */
  return TRUE;
}

static gboolean
forget_gone_files (Recovery *recovery, GError **error)
{
  g_autoptr (GPtrArray) gone = g_ptr_array_new_with_free_func (g_free);
  sqlite3_stmt *statement =
    cachet_connection_prepare (recovery->connection, "SELECT file FROM outbox_gone", error);
  CachetStep step;

  if (statement == NULL)
    return FALSE;
  while ((step = cachet_connection_step (recovery->connection, statement, error)) ==
         CACHET_STEP_ROW)
    g_ptr_array_add (gone, cachet_statement_dup_text (statement, 0));
  if (step == CACHET_STEP_ERROR)
    return FALSE;
  statement = cachet_connection_prepare (recovery->connection,
                                         "DELETE FROM outbox_gone WHERE file = ?1", error);
  for (guint i = 0; statement != NULL && i < gone->len; i++)
    {
      const char *file = g_ptr_array_index (gone, i);
      g_autofree char *path = g_build_filename (recovery->journal->outbox_directory, file, NULL);

      if (g_file_test (path, G_FILE_TEST_EXISTS))
        continue;
      cachet_statement_bind_text (statement, 1, file);
      if (!cachet_connection_run (recovery->connection, statement, error))
        return FALSE;
    }
  return statement != NULL;
}

static char *
make_notice (const Recovery *recovery, const char *set_aside)
{
  g_autoptr (GString) notice = g_string_new (NULL);

  if (set_aside != NULL)
    {
      g_string_append_printf (
        notice, _ ("The journal of pending work was damaged; it is kept as “%s”."), set_aside);
      g_string_append_c (notice, ' ');
      g_string_append_printf (notice,
                              ngettext ("%u pending change was recovered from it.",
                                        "%u pending changes were recovered from it.",
                                        recovery->n_operations),
                              recovery->n_operations);
      g_string_append_c (notice, ' ');
      g_string_append_printf (notice,
                              ngettext ("%u message in the outbox was recovered from it.",
                                        "%u messages in the outbox were recovered from it.",
                                        recovery->n_entries),
                              recovery->n_entries);
    }
  if (recovery->n_unknown > 0)
    {
      if (notice->len > 0)
        g_string_append_c (notice, ' ');
      g_string_append_printf (
        notice,
        ngettext ("%u message was found in the outbox folder; whether it was sent is not known.",
                  "%u messages were found in the outbox folder; whether they were sent is not "
                  "known.",
                  recovery->n_unknown),
        recovery->n_unknown);
    }
  if (recovery->n_damaged_files > 0)
    {
      if (notice->len > 0)
        g_string_append_c (notice, ' ');
      g_string_append_printf (
        notice,
        ngettext ("%u damaged message in the outbox folder cannot be sent; its file is kept.",
                  "%u damaged messages in the outbox folder cannot be sent; their files are kept.",
                  recovery->n_damaged_files),
        recovery->n_damaged_files);
    }
  return notice->len > 0 ? g_string_free (g_steal_pointer (&notice), FALSE) : NULL;
}

gboolean
cachet_journal_recover (CachetJournal *self, const char *set_aside, char **notice, GError **error)
{
  Recovery recovery = { .journal = self,
                        .connection = cachet_database_get_connection (self->database) };

  *notice = NULL;
  /* Under the write lock no other process is half-way through adding a message. */
  if (!cachet_connection_begin (recovery.connection, error))
    return FALSE;
  if ((set_aside != NULL && !recover_rows (&recovery, set_aside, error)) ||
      !recover_files (&recovery, error) || !forget_gone_files (&recovery, error))
    {
      cachet_connection_roll_back (recovery.connection);
      return FALSE;
    }
  if (!cachet_connection_commit (recovery.connection, error))
    return FALSE;
  *notice = make_notice (&recovery, set_aside);
  return TRUE;
}
