#define G_LOG_DOMAIN "cachet-test"

#include "config.h"

#include "cachet-accounts-file.h"
#include "cachet-blob-store.h"
#include "journal-test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

/* A disk that is really full: a small file system of its own where the test may mount one, and
 * everywhere a limit on the size of files. */

typedef struct
{
  void (*fill) (const char *folder);
  void (*empty) (const char *folder);
} Disk;

static void
fill_by_limit (const char *folder)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = 0;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static void
empty_by_limit (const char *folder)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = limit.rlim_max;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static void
fill_by_file (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "filler", NULL);
  int fd = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  char block[4096];

  memset (block, 'x', sizeof block);
  g_assert_cmpint (fd, >=, 0);
  while (write (fd, block, sizeof block) > 0)
    ;
  g_assert_cmpint (errno, ==, ENOSPC);
  close (fd);
}

static void
empty_by_file (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "filler", NULL);

  g_assert_cmpint (unlink (path), ==, 0);
}

static void
assert_full (GError **error)
{
  g_assert_error (*error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_FULL);
  g_assert_nonnull (strstr ((*error)->message, "\u201c"));
  g_clear_error (error);
}

static GArray *
try_insert (CachetMailStore *store, gint64 mailbox, guint32 first, GError **error)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GPtrArray) rows = store_test_new_rows ();

  for (guint32 i = 0; i < CACHET_MAIL_STORE_MAX_BATCH; i++)
    g_ptr_array_add (rows, store_test_make_row (first + i));
  cachet_mail_store_insert_rows_async (store, mailbox, rows, CACHET_WORKER_PRIORITY_BULK, NULL,
                                       store_test_answer_cb, &answer);
  return cachet_mail_store_insert_rows_finish (store, store_test_wait (&answer), error);
}

static void
use_cache (const char *folder, const Disk *disk)
{
  CachetMailStore *store = store_test_open_mail (folder);
  gint64 mailbox = store_test_add_mailbox (store, "INBOX");
  g_autoptr (GArray) first = try_insert (store, mailbox, 1, NULL);
  g_autoptr (GArray) second = NULL;
  g_autoptr (GArray) third = NULL;
  g_autoptr (GArray) during = NULL;
  g_autoptr (GArray) after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (first);
  disk->fill (folder);
  second = try_insert (store, mailbox, 5001, &error);
  g_assert_null (second);
  /* What is there can still be read. */
  during = store_test_list (store, mailbox, CACHET_SORT_DATE, FALSE, NULL);
  disk->empty (folder);
  assert_full (&error);
  g_assert_cmpuint (during->len, ==, CACHET_MAIL_STORE_MAX_BATCH);
  third = try_insert (store, mailbox, 5001, &error);
  g_assert_no_error (error);
  store_test_close_mail (store);
  store = store_test_open_mail (folder);
  after = store_test_list (store, mailbox, CACHET_SORT_DATE, FALSE, "about");
  g_assert_cmpuint (after->len, ==, 2 * CACHET_MAIL_STORE_MAX_BATCH);
  store_test_close_mail (store);
}

static void
use_journal (const char *folder, const Disk *disk)
{
  CachetJournal *journal = store_test_open_journal (folder, NULL);
  g_autoptr (GError) operation_error = NULL;
  g_autoptr (GError) outbox_error = NULL;
  g_autoptr (GError) draft_error = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) operations = NULL;
  g_autoptr (GPtrArray) outbox = NULL;
  g_autoptr (GBytes) draft = NULL;
  g_autofree char *notice = NULL;

  g_assert_cmpint (journal_test_add_operation (journal, "store", 1, &error), >, 0);
  g_assert_cmpint (journal_test_add_outbox (journal, "old", "old message", &error), >, 0);
  g_assert_true (journal_test_write_draft (journal, "d", "old", &error));
  disk->fill (folder);
  /* Large enough not to fit into what the files have left. */
  for (guint32 uid = 2; uid < 5000 && operation_error == NULL; uid++)
    journal_test_add_operation (journal, "store", uid, &operation_error);
  journal_test_add_outbox (journal, "new", "new message", &outbox_error);
  journal_test_write_draft (journal, "d", "new", &draft_error);
  disk->empty (folder);
  assert_full (&operation_error);
  assert_full (&outbox_error);
  assert_full (&draft_error);

  g_assert_cmpint (journal_test_add_outbox (journal, "new", "new message", &error), >, 0);
  g_assert_no_error (error);
  cachet_journal_close (journal);
  g_assert_finalize_object (journal);
  journal = store_test_open_journal (folder, &notice);
  g_assert_null (notice);
  operations = journal_test_list_operations (journal, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < operations->len; i++)
    g_assert_cmpuint (journal_test_get_uid (g_ptr_array_index (operations, i)), ==, i + 1);
  outbox = journal_test_list_outbox (journal, &error);
  g_assert_cmpuint (outbox->len, ==, 2);
  draft = journal_test_read_draft (journal, "d", &error);
  g_assert_cmpmem (g_bytes_get_data (draft, NULL), g_bytes_get_size (draft), "old", 3);
  cachet_journal_close (journal);
  g_assert_finalize_object (journal);
}

static void
use_blobs (const char *folder, const Disk *disk)
{
  CachetBlobStore *store = cachet_blob_store_new (folder);
  g_autofree char *key = cachet_blob_key ("a", "INBOX", 1, 1);
  g_autofree char *bytes = g_malloc0 (1 << 20);
  g_autofree char *incoming = g_build_filename (folder, "incoming", NULL);
  g_auto (GStrv) files = NULL;
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;
  GOutputStream *stream;

  cachet_blob_store_write_async (store, key, NULL, store_test_answer_cb, &answer);
  stream = cachet_blob_store_write_finish (store, store_test_wait (&answer), &error);
  g_assert_no_error (error);
  g_clear_object (&answer);
  disk->fill (folder);
  g_output_stream_write_all (stream, bytes, 1 << 20, NULL, NULL, &error);
  disk->empty (folder);
  g_assert_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_FULL);
  g_assert_finalize_object (stream);
  files = store_test_list_folder (incoming);
  g_assert_cmpuint (g_strv_length (files), ==, 0);
  cachet_blob_store_close (store);
  g_assert_finalize_object (store);
}

static void
use_disk (const char *folder, const Disk *disk)
{
  g_autofree char *blobs = g_build_filename (folder, "blobs", NULL);

  use_cache (folder, disk);
  use_journal (folder, disk);
  g_assert_cmpint (g_mkdir_with_parents (blobs, 0700), ==, 0);
  use_blobs (blobs, disk);
}

static void
test_limit (void)
{
  g_autofree char *folder = store_test_make_folder ();
  static const Disk disk = { fill_by_limit, empty_by_limit };

  /* Without this the kernel ends the program, as a limit set by a shell would. */
  signal (SIGXFSZ, SIG_IGN);
  use_disk (folder, &disk);
  store_test_remove_folder (folder);
}

static void
test_file_system (void)
{
  g_autofree char *folder = store_test_make_folder ();
  static const Disk disk = { fill_by_file, empty_by_file };

  if (mount ("tmpfs", folder, "tmpfs", MS_NODEV | MS_NOSUID, "size=8m") != 0)
    {
      g_test_skip ("no file system can be mounted here");
      store_test_remove_folder (folder);
      return;
    }
  use_disk (folder, &disk);
  g_assert_cmpint (umount2 (folder, MNT_DETACH), ==, 0);
  store_test_remove_folder (folder);
}

int
main (int argc, char *argv[])
{
  store_test_init (&argc, &argv);
  g_test_add_func ("/store/full-disk/limit", test_limit);
  g_test_add_func ("/store/full-disk/file-system", test_file_system);
  return g_test_run ();
}
