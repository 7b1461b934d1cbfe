#define G_LOG_DOMAIN "cachet-test"

#include "config.h"

#include "cachet-durable-file.h"
#include "journal-test.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

/* Files that the disk, a crash or somebody else changed. */

#define N_FLIPS 150
#define N_CUTS 40
#define N_ROWS 300
#define N_OPERATIONS 30
#define N_MESSAGES 3

typedef struct
{
  char *folder;
  char *path;
  char *whole; /* the undamaged file */
  gsize length;
} Fixture;

static void
read_whole (Fixture *fixture, const char *name)
{
  g_autoptr (GError) error = NULL;

  fixture->path = g_build_filename (fixture->folder, name, NULL);
  g_file_get_contents (fixture->path, &fixture->whole, &fixture->length, &error);
  g_assert_no_error (error);
}

static void
set_up_mail (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CachetMailStore) store = NULL;
  g_autoptr (GPtrArray) rows = store_test_new_rows ();
  g_autoptr (GArray) entries = NULL;
  g_autoptr (GArray) found = NULL;
  gint64 mailbox;

  fixture->folder = store_test_make_folder ();
  store = store_test_open_mail (fixture->folder);
  mailbox = store_test_add_mailbox (store, "INBOX");
  for (guint32 uid = 1; uid <= N_ROWS; uid++)
    g_ptr_array_add (rows, store_test_make_row (uid));
  entries = store_test_insert (store, mailbox, rows);
  found = store_test_list (store, mailbox, CACHET_SORT_DATE, TRUE, "about");
  g_assert_cmpuint (found->len, ==, N_ROWS);
  cachet_mail_store_close (store);
  read_whole (fixture, "cache.db");
}

static void
set_up_journal (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CachetJournal) journal = NULL;
  g_autoptr (GError) error = NULL;

  fixture->folder = store_test_make_folder ();
  journal = store_test_open_journal (fixture->folder, NULL);
  for (guint32 uid = 1; uid <= N_OPERATIONS; uid++)
    g_assert_cmpint (journal_test_add_operation (journal, "move", uid, &error), ==, uid);
  for (int i = 0; i < N_MESSAGES; i++)
    g_assert_cmpint (journal_test_add_outbox (journal, "Subject", "message", &error), >, 0);
  g_assert_true (journal_test_write_draft (journal, "d", "draft", &error));
  cachet_journal_close (journal);
  read_whole (fixture, "journal.db");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  store_test_remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->whole);
}

/* Puts @length bytes of the file in place of it, and takes away what belongs to the old one. */
static void
put_file (Fixture *fixture, const char *bytes, gsize length)
{
  static const char *const suffixes[] = { "-wal", "-shm", ".suspect" };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *path = g_strconcat (fixture->path, suffixes[i], NULL);

      g_unlink (path);
    }
  g_file_set_contents (fixture->path, bytes, (gssize)length, &error);
  g_assert_no_error (error);
}

static void
put_flipped (Fixture *fixture, gsize offset, guint bit)
{
  g_autofree char *bytes = g_memdup2 (fixture->whole, fixture->length);

  bytes[offset] = (char)(bytes[offset] ^ (1 << bit));
  put_file (fixture, bytes, fixture->length);
}

static CachetMailStore *
open_damaged_mail (Fixture *fixture, gboolean *was_rebuilt)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;
  CachetMailStore *store;

  cachet_mail_store_open_async (fixture->folder, NULL, store_test_answer_cb, &answer);
  store = cachet_mail_store_open_finish (store_test_wait (&answer), was_rebuilt, &error);
  g_assert_no_error (error);
  return store;
}

static void
note_cb (CachetMailStore *store, gboolean *noted)
{
  *noted = TRUE;
}

/* A failure must be one of the store's own, with words. */
static gboolean
note_error (GError *error)
{
  gboolean is_damage;

  if (error == NULL)
    return FALSE;
  g_assert_true (error->domain == CACHET_STORE_ERROR);
  g_assert_cmpuint (strlen (error->message), >, 10);
  is_damage = error->code == CACHET_STORE_ERROR_DAMAGED;
  g_error_free (error);
  return is_damage;
}

static gboolean
read_everything (CachetMailStore *store, gint64 mailbox)
{
  g_autoptr (GAsyncResult) listed = NULL;
  g_autoptr (GAsyncResult) loaded = NULL;
  g_autoptr (GAsyncResult) found = NULL;
  g_autoptr (GArray) entries = NULL;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) hits = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  gboolean damaged = FALSE;
  GError *error = NULL;

  cachet_mail_store_list_entries_async (store, mailbox, CACHET_SORT_SUBJECT, TRUE, NULL, NULL,
                                        store_test_answer_cb, &listed);
  entries = cachet_mail_store_list_entries_finish (store, store_test_wait (&listed), &error);
  damaged |= note_error (g_steal_pointer (&error));
  for (gint64 id = 1; id <= N_ROWS; id++)
    g_array_append_val (ids, id);
  cachet_mail_store_load_rows_async (store, ids, NULL, store_test_answer_cb, &loaded);
  rows = cachet_mail_store_load_rows_finish (store, store_test_wait (&loaded), &error);
  damaged |= note_error (g_steal_pointer (&error));
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const CachetStoredRow *row = g_ptr_array_index (rows, i);

      g_assert_true (g_utf8_validate (row->subject, -1, NULL));
      g_assert_true (g_utf8_validate (row->references, -1, NULL));
    }
  cachet_mail_store_search_async (store, NULL, "about meeting", 1000, NULL, store_test_answer_cb,
                                  &found);
  hits = cachet_mail_store_search_finish (store, store_test_wait (&found), &error);
  damaged |= note_error (g_steal_pointer (&error));
  return damaged;
}

static gboolean
write_everything (CachetMailStore *store, gint64 mailbox)
{
  g_autoptr (GAsyncResult) inserted = NULL;
  g_autoptr (GAsyncResult) changed = NULL;
  g_autoptr (GAsyncResult) deleted = NULL;
  g_autoptr (GPtrArray) rows = store_test_new_rows ();
  g_autoptr (GArray) entries = NULL;
  g_autoptr (GArray) uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  gboolean damaged = FALSE;
  GError *error = NULL;

  for (guint32 uid = N_ROWS - 10; uid < N_ROWS + 50; uid++)
    {
      g_ptr_array_add (rows, store_test_make_row (uid));
      g_array_append_val (uids, uid);
    }
  cachet_mail_store_insert_rows_async (store, mailbox, rows, CACHET_WORKER_PRIORITY_BULK, NULL,
                                       store_test_answer_cb, &inserted);
  entries = cachet_mail_store_insert_rows_finish (store, store_test_wait (&inserted), &error);
  damaged |= note_error (g_steal_pointer (&error));
  cachet_mail_store_change_flags_async (store, mailbox, uids, CACHET_MESSAGE_FLAG_FLAGGED,
                                        CACHET_MESSAGE_FLAG_SEEN, CACHET_WORKER_PRIORITY_USER, NULL,
                                        store_test_answer_cb, &changed);
  cachet_mail_store_write_finish (store, store_test_wait (&changed), &error);
  damaged |= note_error (g_steal_pointer (&error));
  cachet_mail_store_delete_uids_async (store, mailbox, uids, CACHET_WORKER_PRIORITY_USER, NULL,
                                       store_test_answer_cb, &deleted);
  cachet_mail_store_write_finish (store, store_test_wait (&deleted), &error);
  damaged |= note_error (g_steal_pointer (&error));
  return damaged;
}

static guint
count_set_aside (Fixture *fixture)
{
  g_auto (GStrv) files = store_test_list_folder (fixture->folder);
  guint n = 0;

  for (guint i = 0; files[i] != NULL; i++)
    n += strstr (files[i], ".db.damaged-") != NULL;
  return n;
}

/* The file as it lies there: opened or rebuilt, and if damage is met later, rebuilt next time. */
static void
use_damaged_mail (Fixture *fixture, guint *n_rebuilt, guint *n_noticed)
{
  gboolean was_rebuilt;
  gboolean signalled = FALSE;
  gboolean damaged;
  CachetMailStore *store;
  gint64 mailbox = 1;

  store = open_damaged_mail (fixture, &was_rebuilt);
  g_signal_connect (store, "damaged", G_CALLBACK (note_cb), &signalled);
  if (was_rebuilt)
    {
      (*n_rebuilt)++;
      g_assert_cmpuint (count_set_aside (fixture), ==, 1);
      mailbox = store_test_add_mailbox (store, "INBOX");
    }
  damaged = read_everything (store, mailbox);
  damaged |= write_everything (store, mailbox);
  /* The index that follows in the background may have met it alone. */
  g_assert_true (signalled || !damaged);
  damaged |= signalled;
  g_assert_false (was_rebuilt && damaged);
  store_test_close_mail (store);
  if (!damaged)
    return;

  (*n_noticed)++;
  store = open_damaged_mail (fixture, &was_rebuilt);
  g_assert_true (was_rebuilt);
  mailbox = store_test_add_mailbox (store, "INBOX");
  g_assert_false (read_everything (store, mailbox));
  g_assert_false (write_everything (store, mailbox));
  store_test_close_mail (store);
}

static void
test_mail_flips (Fixture *fixture, gconstpointer data)
{
  guint n_rebuilt = 0;
  guint n_noticed = 0;

  store_test_allow_warnings (TRUE);
  for (guint i = 0; i < N_FLIPS; i++)
    {
      /* The first page has the schema: a third of the flips go there. */
      gint32 limit = i % 3 == 0 ? 4096 : (gint32)fixture->length;

      put_flipped (fixture, (gsize)g_test_rand_int_range (0, limit),
                   (guint)g_test_rand_int_range (0, 8));
      use_damaged_mail (fixture, &n_rebuilt, &n_noticed);
    }
  store_test_allow_warnings (FALSE);
  g_test_message ("%d flips: %u rebuilt at once, %u noticed later", N_FLIPS, n_rebuilt, n_noticed);
  g_assert_cmpuint (n_rebuilt, >, 0);
  g_assert_cmpuint (n_noticed, >, 0);
}

static void
test_mail_cuts (Fixture *fixture, gconstpointer data)
{
  guint n_rebuilt = 0;
  guint n_noticed = 0;

  store_test_allow_warnings (TRUE);
  for (guint i = 0; i < N_CUTS; i++)
    {
      put_file (fixture, fixture->whole,
                i == 0 ? fixture->length - 1
                       : (gsize)g_test_rand_int_range (1, (gint32)fixture->length));
      use_damaged_mail (fixture, &n_rebuilt, &n_noticed);
    }
  store_test_allow_warnings (FALSE);
  /* Every cut is seen when the file is opened. */
  g_assert_cmpuint (n_rebuilt, ==, N_CUTS);
  g_assert_cmpuint (n_noticed, ==, 0);
}

static void
run_sql (const char *path, const char *sql)
{
  sqlite3 *handle;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (handle);
}

static void
test_mail_strange_files (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;
  gboolean was_rebuilt;
  CachetMailStore *store;
  static const char *const changes[] = {
    "PRAGMA application_id = 7",
    "PRAGMA user_version = 0",
    /* One bit away from what it should be. */
    "PRAGMA user_version = 0x10003",
    "DROP TABLE message",
    "ALTER TABLE message RENAME COLUMN subject TO object",
  };

  store_test_allow_warnings (TRUE);
  put_file (fixture, "This is no database, but it is longer than sixteen bytes.", 56);
  store = open_damaged_mail (fixture, &was_rebuilt);
  g_assert_true (was_rebuilt);
  cachet_mail_store_close (store);
  g_object_unref (store);
  /* An empty file is a new one: SQLite itself begins with that. */
  put_file (fixture, "", 0);
  store = open_damaged_mail (fixture, &was_rebuilt);
  g_assert_false (was_rebuilt);
  cachet_mail_store_close (store);
  g_object_unref (store);

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      guint n_rebuilt = 0;
      guint n_noticed = 0;

      put_file (fixture, fixture->whole, fixture->length);
      run_sql (fixture->path, changes[i]);
      use_damaged_mail (fixture, &n_rebuilt, &n_noticed);
      g_assert_cmpuint (n_rebuilt + n_noticed, ==, 1);
    }
  store_test_allow_warnings (FALSE);

  put_file (fixture, fixture->whole, fixture->length);
  run_sql (fixture->path, "PRAGMA user_version = 0x20002");
  cachet_mail_store_open_async (fixture->folder, NULL, store_test_answer_cb, &answer);
  g_assert_null (cachet_mail_store_open_finish (store_test_wait (&answer), NULL, &error));
  g_assert_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_NEWER);
  run_sql (fixture->path, "PRAGMA user_version = 0x10001; SELECT count (*) FROM message");
}

/* Another process has the file open: it is not taken away under it. */
static void
test_mail_in_use (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CachetMailStore) other = store_test_open_mail (fixture->folder);
  g_autofree char *suspect = g_strconcat (fixture->path, ".suspect", NULL);
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CachetMailStore) store = NULL;
  gboolean was_rebuilt;

  g_assert_true (g_file_set_contents (suspect, "", 0, NULL));
  cachet_mail_store_open_async (fixture->folder, NULL, store_test_answer_cb, &answer);
  g_assert_null (cachet_mail_store_open_finish (store_test_wait (&answer), NULL, &error));
  g_assert_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_LOCKED);
  cachet_mail_store_close (other);
  store_test_allow_warnings (TRUE);
  store = open_damaged_mail (fixture, &was_rebuilt);
  store_test_allow_warnings (FALSE);
  g_assert_true (was_rebuilt);
  cachet_mail_store_close (store);
}

/* Nothing in it is changed, what is missing is told, no message is lost. */
static void
check_damaged_journal (Fixture *fixture, guint *n_recovered)
{
  g_autofree char *notice = NULL;
  g_autoptr (CachetJournal) journal = store_test_open_journal (fixture->folder, &notice);
  g_autoptr (GPtrArray) operations = NULL;
  g_autoptr (GPtrArray) outbox = NULL;
  g_autoptr (GBytes) draft = NULL;
  g_autoptr (GError) error = NULL;

  operations = journal_test_list_operations (journal, &error);
  g_assert_no_error (error);
  if (notice == NULL)
    g_assert_cmpuint (operations->len, ==, N_OPERATIONS);
  else
    (*n_recovered)++;
  for (guint i = 0; i < operations->len; i++)
    {
      const CachetJournalOperation *operation = g_ptr_array_index (operations, i);

      g_assert_cmpint (operation->id, ==, journal_test_get_uid (operation));
      g_assert_cmpstr (operation->kind, ==, "move");
      g_assert_cmpstr (operation->mailbox, ==, "INBOX");
    }
  outbox = journal_test_list_outbox (journal, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (outbox->len, ==, N_MESSAGES);
  for (guint i = 0; i < outbox->len; i++)
    {
      const CachetOutboxEntry *entry = g_ptr_array_index (outbox, i);
      g_autoptr (GBytes) message = journal_test_read_outbox (journal, entry->id, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (g_bytes_get_size (message), ==, 7);
      g_assert_true (entry->state == CACHET_OUTBOX_READY || entry->state == CACHET_OUTBOX_UNKNOWN);
    }
  draft = journal_test_read_draft (journal, "d", &error);
  g_assert_no_error (error);
  cachet_journal_close (journal);
}

static void
remove_set_aside (Fixture *fixture)
{
  g_auto (GStrv) files = store_test_list_folder (fixture->folder);

  for (guint i = 0; files[i] != NULL; i++)
    if (strstr (files[i], ".db.damaged-") != NULL)
      {
        g_autofree char *path = g_build_filename (fixture->folder, files[i], NULL);

        g_unlink (path);
      }
}

static void
test_journal_flips (Fixture *fixture, gconstpointer data)
{
  guint n_recovered = 0;

  store_test_allow_warnings (TRUE);
  for (guint i = 0; i < N_FLIPS; i++)
    {
      put_flipped (fixture, (gsize)g_test_rand_int_range (0, (gint32)fixture->length),
                   (guint)g_test_rand_int_range (0, 8));
      check_damaged_journal (fixture, &n_recovered);
      remove_set_aside (fixture);
    }
  store_test_allow_warnings (FALSE);
  g_test_message ("%d flips: %u recovered", N_FLIPS, n_recovered);
  g_assert_cmpuint (n_recovered, >, 0);
}

static void
test_journal_cuts (Fixture *fixture, gconstpointer data)
{
  guint n_recovered = 0;

  store_test_allow_warnings (TRUE);
  for (guint i = 0; i < N_CUTS; i++)
    {
      put_file (fixture, fixture->whole, (gsize)g_test_rand_int_range (1, (gint32)fixture->length));
      check_damaged_journal (fixture, &n_recovered);
      remove_set_aside (fixture);
    }
  store_test_allow_warnings (FALSE);
  g_assert_cmpuint (n_recovered, ==, N_CUTS);
}

/* A bit in the page of a row: the other rows come over, under their own ids. */
static void
test_journal_one_row (Fixture *fixture, gconstpointer data)
{
  g_autofree char *notice = NULL;
  g_autofree char *bytes = g_memdup2 (fixture->whole, fixture->length);
  g_autoptr (CachetJournal) journal = NULL;
  g_autoptr (GPtrArray) operations = NULL;
  g_autoptr (GError) error = NULL;
  char *place = NULL;

  for (gsize i = 0; i + 12 < fixture->length && place == NULL; i++)
    if (memcmp (bytes + i, "Archive/2026", 12) == 0)
      place = bytes + i;
  g_assert_nonnull (place);
  memcpy (place, "Archive/1026", 12);
  put_file (fixture, bytes, fixture->length);
  store_test_allow_warnings (TRUE);
  journal = store_test_open_journal (fixture->folder, &notice);
  store_test_allow_warnings (FALSE);
  g_assert_nonnull (notice);
  g_test_message ("%s", notice);
  operations = journal_test_list_operations (journal, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (operations->len, ==, N_OPERATIONS - 1);
  g_assert_cmpuint (count_set_aside (fixture), ==, 1);
  cachet_journal_close (journal);
}

int
main (int argc, char *argv[])
{
  store_test_init (&argc, &argv);

#define ADD(path, set_up, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/store/damage/mail/flips", set_up_mail, test_mail_flips);
  ADD ("/store/damage/mail/cuts", set_up_mail, test_mail_cuts);
  ADD ("/store/damage/mail/strange-files", set_up_mail, test_mail_strange_files);
  ADD ("/store/damage/mail/in-use", set_up_mail, test_mail_in_use);
  ADD ("/store/damage/journal/flips", set_up_journal, test_journal_flips);
  ADD ("/store/damage/journal/cuts", set_up_journal, test_journal_cuts);
  ADD ("/store/damage/journal/one-row", set_up_journal, test_journal_one_row);
#undef ADD
  return g_test_run ();
}
