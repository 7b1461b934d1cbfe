#define G_LOG_DOMAIN "cachet-test"

#include "config.h"

#include "cachet-blob-store.h"
#include "store-test.h"

#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>

typedef struct
{
  char *folder;
  CachetBlobStore *store;
  char *key;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = store_test_make_folder ();
  fixture->store = cachet_blob_store_new (fixture->folder);
  fixture->key = cachet_blob_key ("a", "INBOX", 1, 2);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  cachet_blob_store_close (fixture->store);
  g_assert_finalize_object (fixture->store);
  store_test_remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->key);
}

static GOutputStream *
begin_write (Fixture *fixture, const char *key)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;
  GOutputStream *stream;

  cachet_blob_store_write_async (fixture->store, key, NULL, store_test_answer_cb, &answer);
  stream = cachet_blob_store_write_finish (fixture->store, store_test_wait (&answer), &error);
  g_assert_no_error (error);
  return stream;
}

static GBytes *
commit (Fixture *fixture, GOutputStream *stream, gint64 size, GError **error)
{
  g_autoptr (GAsyncResult) answer = NULL;

  cachet_blob_store_commit_async (fixture->store, stream, size, NULL, store_test_answer_cb,
                                  &answer);
  return cachet_blob_store_commit_finish (fixture->store, store_test_wait (&answer), error);
}

static GBytes *
read_blob (Fixture *fixture, const char *key, GError **error)
{
  g_autoptr (GAsyncResult) answer = NULL;

  cachet_blob_store_read_async (fixture->store, key, NULL, store_test_answer_cb, &answer);
  return cachet_blob_store_read_finish (fixture->store, store_test_wait (&answer), error);
}

static void
put (Fixture *fixture, const char *key, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GOutputStream) stream = begin_write (fixture, key);
  g_autoptr (GBytes) bytes = NULL;

  g_output_stream_write_all (stream, text, strlen (text), NULL, NULL, &error);
  g_assert_no_error (error);
  bytes = commit (fixture, stream, (gint64)strlen (text), &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), text, strlen (text));
}

static void
assert_absent (Fixture *fixture, const char *key)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (read_blob (fixture, key, &error));
  g_assert_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_NOT_FOUND);
}

static void
assert_nothing_incoming (Fixture *fixture)
{
  g_autofree char *incoming = g_build_filename (fixture->folder, "incoming", NULL);
  g_auto (GStrv) files = store_test_list_folder (incoming);

  g_assert_cmpuint (files != NULL ? g_strv_length (files) : 0, ==, 0);
}

static void
test_write_and_read (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *empty = cachet_blob_key ("a", "INBOX", 1, 3);

  assert_absent (fixture, fixture->key);
  put (fixture, fixture->key, "From: x\r\n\r\nbody");
  put (fixture, empty, "");
  put (fixture, fixture->key, "replaced");
  bytes = read_blob (fixture, fixture->key, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "replaced", 8);
  g_clear_pointer (&bytes, g_bytes_unref);
  bytes = read_blob (fixture, empty, &error);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 0);
  assert_nothing_incoming (fixture);
}

static void
test_keys (void)
{
  g_autofree char *key = cachet_blob_key ("a", "INBOX", 4294967295u, 4294967295u);
  g_autofree char *same = cachet_blob_key ("a", "INBOX", 4294967295u, 4294967295u);
  g_autofree char *other = cachet_blob_key ("aI", "NBOX", 4294967295u, 4294967295u);
  g_autofree char *hostile = cachet_blob_key ("../..", "/etc/passwd\n", 1, 1);

  g_assert_cmpstr (key, ==, same);
  g_assert_cmpstr (key, !=, other);
  g_assert_cmpuint (strspn (hostile, "0123456789abcdef-"), ==, strlen (hostile));
}

static void
test_unfinished (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  GOutputStream *stream = begin_write (fixture, fixture->key);

  /* Dropped. */
  g_output_stream_write_all (stream, "half", 4, NULL, NULL, &error);
  g_assert_finalize_object (stream);
  assert_nothing_incoming (fixture);
  /* Shorter than said. */
  stream = begin_write (fixture, fixture->key);
  g_output_stream_write_all (stream, "half", 4, NULL, NULL, &error);
  bytes = commit (fixture, stream, 8, &error);
  g_assert_null (bytes);
  g_assert_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_IO);
  g_clear_error (&error);
  assert_nothing_incoming (fixture);
  g_assert_finalize_object (stream);
  /* Abandoned: then it cannot be committed. */
  stream = begin_write (fixture, fixture->key);
  cachet_blob_store_abandon (fixture->store, stream);
  assert_nothing_incoming (fixture);
  bytes = commit (fixture, stream, -1, &error);
  g_assert_null (bytes);
  g_assert_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_IO);
  g_assert_finalize_object (stream);
  assert_absent (fixture, fixture->key);
}

static void
test_remove (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *second = cachet_blob_key ("a", "INBOX", 2, 2);
  g_autofree char *third = cachet_blob_key ("a", "Other", 1, 2);
  const char *keys[] = { fixture->key, third, NULL };
  g_autoptr (GBytes) bytes = NULL;

  put (fixture, fixture->key, "1");
  put (fixture, second, "2");
  cachet_blob_store_remove_async (fixture->store, keys, NULL, store_test_answer_cb, &answer);
  g_assert_true (
    cachet_blob_store_remove_finish (fixture->store, store_test_wait (&answer), &error));
  g_assert_no_error (error);
  assert_absent (fixture, fixture->key);
  put (fixture, fixture->key, "1");
  put (fixture, third, "3");
  g_clear_object (&answer);
  cachet_blob_store_remove_mailbox_async (fixture->store, "a", "INBOX", NULL, store_test_answer_cb,
                                          &answer);
  g_assert_true (
    cachet_blob_store_remove_finish (fixture->store, store_test_wait (&answer), &error));
  assert_absent (fixture, fixture->key);
  assert_absent (fixture, second);
  bytes = read_blob (fixture, third, &error);
  g_assert_no_error (error);
}

/* The one file below @folder. */
static char *
find_file (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      char *found =
        g_file_test (path, G_FILE_TEST_IS_DIR) ? find_file (path) : g_steal_pointer (&path);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* A file that a crash or the disk changed is not shown as the message. */
static void
test_changed_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  g_autofree char *whole = NULL;
  gsize length;

  put (fixture, fixture->key, "From: x\r\n\r\na body of some bytes\r\n");
  path = find_file (fixture->folder);
  g_assert_true (g_file_get_contents (path, &whole, &length, &error));
  store_test_allow_warnings (TRUE);
  for (gsize i = 0; i < length; i++)
    {
      g_autofree char *changed = g_memdup2 (whole, length);

      changed[i] ^= 1;
      g_assert_true (g_file_set_contents (path, changed, (gssize)length, &error));
      assert_absent (fixture, fixture->key);
      g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
      g_assert_true (g_file_set_contents (path, whole, (gssize)i, &error));
      assert_absent (fixture, fixture->key);
    }
  g_assert_cmpuint (store_test_allow_warnings (FALSE), ==, 2 * length);
}

static void
test_sweep (Fixture *fixture, gconstpointer data)
{
  g_autofree char *incoming = g_build_filename (fixture->folder, "incoming", NULL);
  g_autofree char *old = g_build_filename (incoming, "old.AbCdEf", NULL);
  g_autofree char *fresh = g_build_filename (incoming, "fresh.AbCdEf", NULL);
  struct utimbuf times = { 1000000000, 1000000000 };

  g_assert_cmpint (g_mkdir (incoming, 0700), ==, 0);
  g_assert_true (g_file_set_contents (old, "x", 1, NULL));
  g_assert_true (g_file_set_contents (fresh, "x", 1, NULL));
  g_assert_cmpint (g_utime (old, &times), ==, 0);
  put (fixture, fixture->key, "1");
  g_assert_false (g_file_test (old, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (fresh, G_FILE_TEST_EXISTS));
}

int
main (int argc, char *argv[])
{
  store_test_init (&argc, &argv);

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/store/blobs/write-and-read", test_write_and_read);
  ADD ("/store/blobs/unfinished", test_unfinished);
  ADD ("/store/blobs/remove", test_remove);
  ADD ("/store/blobs/changed-file", test_changed_file);
  ADD ("/store/blobs/sweep", test_sweep);
#undef ADD
  g_test_add_func ("/store/blobs/keys", test_keys);
  return g_test_run ();
}
