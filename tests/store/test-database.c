#define G_LOG_DOMAIN "cachet-test"

#include "config.h"

#include "cachet-checked-file.h"
#include "cachet-checksum.h"
#include "cachet-data-lock.h"
#include "cachet-database.h"
#include "store-test.h"

#include <glib/gstdio.h>
#include <string.h>

static const CachetDatabaseKind kind = {
  .file_name = "test.db",
  .folder = "journal",
  .version = 1,
  .application_id = 77,
  .mode = CACHET_CONNECTION_DURABLE,
  .has_reader = TRUE,
};

typedef struct
{
  char *folder;
  CachetDatabase *database;
} Fixture;

typedef struct
{
  CachetDatabase *database;
  char *set_aside;
} Open;

static gpointer
open_cb (gpointer data, GCancellable *cancellable, GError **error)
{
  Open *open = data;

  cachet_database_open (open->database, NULL, &open->set_aside, error);
  return NULL;
}

static CachetDatabase *
open_database (const CachetDatabaseKind *of_kind, const char *folder, GError **error)
{
  g_autoptr (GAsyncResult) answer = NULL;
  Open open = { cachet_database_new (of_kind, folder), NULL };
  g_autoptr (GError) local_error = NULL;
  CachetWorker *writer = cachet_database_get_writer (open.database);

  cachet_worker_run_async (writer, 0, "open", open_cb, &open, NULL, NULL, NULL,
                           store_test_answer_cb, &answer);
  cachet_worker_run_finish (writer, store_test_wait (&answer), &local_error);
  g_assert_null (open.set_aside);
  if (local_error == NULL)
    return open.database;
  g_object_unref (open.database);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = store_test_make_folder ();
  fixture->database = open_database (&kind, fixture->folder, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  cachet_database_close (fixture->database);
  g_assert_finalize_object (fixture->database);
  store_test_remove_folder (fixture->folder);
  g_free (fixture->folder);
}

static gpointer
insert_cb (CachetConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  const char *mode = data;

  cachet_connection_exec (connection, "INSERT INTO outbox_gone VALUES (hex (randomblob (8)))",
                          error);
  if (strcmp (mode, "fail") == 0)
    g_set_error_literal (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_INTERNAL, "on purpose");
  if (strcmp (mode, "commit") == 0)
    cachet_connection_commit (connection, error);
  return g_strdup ("result");
}

static gpointer
count_cb (CachetConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  gint64 *n = g_new (gint64, 1);

  cachet_connection_get_int64 (connection, "SELECT count (*) FROM outbox_gone", -1, n, error);
  return n;
}

static gint64
count_rows (Fixture *fixture)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree gint64 *n = NULL;

  cachet_database_read_async (fixture->database, fixture->database, "count", count_cb, NULL, NULL,
                              g_free, NULL, store_test_answer_cb, &answer);
  n = cachet_database_finish (fixture->database, store_test_wait (&answer), &error);
  g_assert_no_error (error);
  return *n;
}

static void
write_mode (Fixture *fixture, const char *mode, GAsyncResult **answer)
{
  cachet_database_write_async (fixture->database, fixture->database, mode,
                               CACHET_WORKER_PRIORITY_DEFAULT, insert_cb, (gpointer)mode, NULL,
                               g_free, NULL, store_test_answer_cb, answer);
  store_test_wait (answer);
}

static void
test_transactions (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) good = NULL;
  g_autoptr (GAsyncResult) bad = NULL;
  g_autoptr (GAsyncResult) own = NULL;
  g_autofree char *result = NULL;
  g_autoptr (GError) error = NULL;

  write_mode (fixture, "good", &good);
  result = cachet_database_finish (fixture->database, good, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (result, ==, "result");
  g_assert_cmpint (count_rows (fixture), ==, 1);
  write_mode (fixture, "fail", &bad);
  g_assert_null (cachet_database_finish (fixture->database, bad, &error));
  g_assert_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_INTERNAL);
  g_clear_error (&error);
  g_assert_cmpint (count_rows (fixture), ==, 1);
  write_mode (fixture, "commit", &own);
  g_free (result);
  result = cachet_database_finish (fixture->database, own, &error);
  g_assert_no_error (error);
  g_assert_cmpint (count_rows (fixture), ==, 2);
}

static gboolean
slice_cb (CachetConnection *connection, gpointer data, gboolean *more, GError **error)
{
  int *left = data;

  (*left)--;
  *more = *left > 0;
  return cachet_connection_exec (connection,
                                 "INSERT INTO outbox_gone VALUES (hex (randomblob (8)))", error);
}

/* Between two slices comes whatever is more urgent. */
static void
test_slices (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) slices = NULL;
  g_autoptr (GAsyncResult) urgent = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *result = NULL;
  int left = 50;

  cachet_database_write_slices_async (fixture->database, fixture->database, "slices",
                                      CACHET_WORKER_PRIORITY_BULK, slice_cb, &left, NULL, NULL,
                                      store_test_answer_cb, &slices);
  write_mode (fixture, "good", &urgent);
  g_assert_null (slices);
  g_assert_true (
    cachet_database_finish_boolean (fixture->database, store_test_wait (&slices), &error));
  g_assert_no_error (error);
  g_assert_cmpint (left, ==, 0);
  g_assert_cmpint (count_rows (fixture), ==, 51);
  result = cachet_database_finish (fixture->database, urgent, &error);
}

static void
test_closed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;

  cachet_database_close (fixture->database);
  g_assert_true (cachet_database_is_closed (fixture->database));
  write_mode (fixture, "good", &answer);
  g_assert_null (cachet_database_finish (fixture->database, answer, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

/* A migration that fails leaves the file as it was. */
static void
test_failing_migration (Fixture *fixture, gconstpointer data)
{
  CachetDatabaseKind next = kind;
  g_autoptr (GError) error = NULL;
  g_autoptr (CachetDatabase) database = NULL;

  next.version = 2;
  cachet_database_close (fixture->database);
  g_clear_object (&fixture->database);
  database = open_database (&next, fixture->folder, &error);
  g_assert_null (database);
  g_assert_nonnull (error);
  g_clear_error (&error);
  fixture->database = open_database (&kind, fixture->folder, &error);
  g_assert_no_error (error);
  g_assert_cmpint (count_rows (fixture), ==, 0);
}

/* Numbered files are never edited once they were released: their sums are kept here. */
static void
test_migrations_unchanged (void)
{
  static const struct
  {
    const char *path;
    const char *sha256;
  } released[] = {
    { "cache/version-001.sql", "640b7e73322e2b34211a4b2e390119d282c8a25d000f969e6b12e6170b90b57f" },
    { "journal/version-001.sql",
      "74aa1bfb65409304275966d1b493b7d0759969f6da57ace84dfa2588f135335e" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (released); i++)
    {
      g_autofree char *path = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "..", "..", "resources",
                                                "sql", released[i].path, NULL);
      g_autofree char *text = NULL;
      g_autofree char *sum = NULL;
      g_autoptr (GError) error = NULL;
      gsize length;

      g_file_get_contents (path, &text, &length, &error);
      g_assert_no_error (error);
      sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, (gssize)length);
      g_assert_cmpstr (sum, ==, released[i].sha256);
    }
}

static void
test_data_lock (void)
{
  g_autofree char *folder = store_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "lock", NULL);
  g_autofree char *impossible = g_build_filename (folder, "no", "lock", NULL);
  g_autoptr (GError) error = NULL;
  CachetDataLock *first = cachet_data_lock_new_shared (path, 0, &error);
  CachetDataLock *second = cachet_data_lock_new_shared (path, 0, &error);
  gint64 start;

  g_assert_no_error (error);
  g_assert_false (cachet_data_lock_upgrade (first, &error));
  g_assert_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_LOCKED);
  g_clear_error (&error);
  cachet_data_lock_free (second);
  g_assert_true (cachet_data_lock_upgrade (first, &error));
  start = g_get_monotonic_time ();
  g_assert_null (cachet_data_lock_new_shared (path, 60, &error));
  g_assert_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_LOCKED);
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 60000);
  g_clear_error (&error);
  cachet_data_lock_downgrade (first);
  second = cachet_data_lock_new_shared (path, 0, &error);
  g_assert_no_error (error);
  g_assert_null (cachet_data_lock_new_exclusive (path, 0, &error));
  g_clear_error (&error);
  cachet_data_lock_free (first);
  cachet_data_lock_free (second);
  first = cachet_data_lock_new_exclusive (path, 0, &error);
  g_assert_no_error (error);
  cachet_data_lock_free (first);
  g_assert_null (cachet_data_lock_new_shared (impossible, 0, &error));
  g_assert_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_IO);
  store_test_remove_folder (folder);
}

static void
test_checksum (void)
{
  char bytes[100];
  guint64 sum;

  for (gsize i = 0; i < sizeof bytes; i++)
    bytes[i] = (char)(i * 37);
  sum = cachet_checksum_add (CACHET_CHECKSUM_SEED, bytes, sizeof bytes);
  /* It is on people's disks. */
  g_assert_cmphex (sum, ==, G_GUINT64_CONSTANT (0x3e482ddf043f6dc8));
  for (gsize i = 0; i < sizeof bytes; i++)
    {
      g_assert_cmphex (sum, !=, cachet_checksum_add (CACHET_CHECKSUM_SEED, bytes, i));
      for (guint bit = 0; bit < 8; bit++)
        {
          bytes[i] = (char)(bytes[i] ^ (1 << bit));
          g_assert_cmphex (sum, !=,
                           cachet_checksum_add (CACHET_CHECKSUM_SEED, bytes, sizeof bytes));
          bytes[i] = (char)(bytes[i] ^ (1 << bit));
        }
    }
  /* Texts do not run into one another, and none is not an empty one. */
  g_assert_cmphex (cachet_checksum_add_text (cachet_checksum_add_text (1, "ab"), "c"), !=,
                   cachet_checksum_add_text (cachet_checksum_add_text (1, "a"), "bc"));
  g_assert_cmphex (cachet_checksum_add_text (1, NULL), !=, cachet_checksum_add_text (1, ""));
}

static void
test_checked_file (void)
{
  g_autofree char *folder = store_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "file", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("\0\n bytes", 8);
  g_autoptr (GBytes) read = NULL;
  g_autoptr (GVariant) facts = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *huge = g_strnfill (200, '9');
  g_autofree char *text = NULL;
  const char *name;
  GStatBuf info;

  g_assert_true (cachet_checked_file_write (
    path, "outbox", g_variant_new_parsed ("{'name': <'été'>}"), bytes, &error));
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  read = cachet_checked_file_read (path, "outbox", &facts, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (bytes, read));
  g_assert_true (g_variant_lookup (facts, "name", "&s", &name));
  g_assert_cmpstr (name, ==, "été");
  /* One kind is not taken for another. */
  g_assert_null (cachet_checked_file_read (path, "draft", NULL, &error));
  g_assert_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_DAMAGED);
  g_clear_error (&error);
  text = g_strdup_printf ("CACHET outbox 1 %s %s\nx", huge, huge);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_null (cachet_checked_file_read (path, "outbox", NULL, &error));
  g_assert_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_DAMAGED);
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  g_assert_null (cachet_checked_file_read (path, "outbox", NULL, &error));
  g_assert_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_DAMAGED);
  store_test_remove_folder (folder);
}

int
main (int argc, char *argv[])
{
  store_test_init (&argc, &argv);

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/store/database/transactions", test_transactions);
  ADD ("/store/database/slices", test_slices);
  ADD ("/store/database/closed", test_closed);
  ADD ("/store/database/failing-migration", test_failing_migration);
#undef ADD
  g_test_add_func ("/store/database/migrations-unchanged", test_migrations_unchanged);
  g_test_add_func ("/store/data-lock", test_data_lock);
  g_test_add_func ("/store/checksum", test_checksum);
  g_test_add_func ("/store/checked-file", test_checked_file);
  return g_test_run ();
}
