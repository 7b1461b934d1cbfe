#define G_LOG_DOMAIN "cachet-test"

#include "config.h"

#include "cachet-durable-file.h"
#include "journal-test.h"

#include <glib/gstdio.h>
#include <errno.h>
#include <string.h>

typedef struct
{
  char *folder;
  CachetJournal *journal;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *notice = NULL;

  fixture->folder = store_test_make_folder ();
  fixture->journal = store_test_open_journal (fixture->folder, &notice);
  g_assert_null (notice);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->journal != NULL)
    cachet_journal_close (fixture->journal);
  g_clear_object (&fixture->journal);
  store_test_remove_folder (fixture->folder);
  g_free (fixture->folder);
}

static void
reopen (Fixture *fixture, char **notice)
{
  if (fixture->journal != NULL)
    cachet_journal_close (fixture->journal);
  g_clear_object (&fixture->journal);
  fixture->journal = store_test_open_journal (fixture->folder, notice);
}

static void
test_operations (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GPtrArray) after = NULL;
  g_autofree char *notice = NULL;
  gint64 first = journal_test_add_operation (fixture->journal, "store", 4294967295u, &error);
  gint64 second = journal_test_add_operation (fixture->journal, "move", 2, &error);
  gint64 third;
  CachetJournalOperation *operation;

  g_assert_no_error (error);
  g_assert_cmpint (first, >, 0);
  g_assert_cmpint (second, >, first);
  reopen (fixture, &notice);
  g_assert_null (notice);
  list = journal_test_list_operations (fixture->journal, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 2);
  operation = g_ptr_array_index (list, 0);
  g_assert_cmpint (operation->id, ==, first);
  g_assert_cmpstr (operation->account_id, ==, "a");
  g_assert_cmpstr (operation->kind, ==, "store");
  g_assert_cmpstr (operation->mailbox, ==, "INBOX");
  g_assert_cmpuint (operation->uidvalidity, ==, 77);
  g_assert_cmpuint (journal_test_get_uid (operation), ==, 4294967295u);
  g_assert_cmpint (operation->created, >, 1600000000);

  operation->n_attempts = 3;
  operation->last_error = g_strdup ("Refusé");
  cachet_journal_update_operation_async (fixture->journal, operation, NULL, store_test_answer_cb,
                                         &answer);
  g_assert_true (cachet_journal_write_finish (fixture->journal, store_test_wait (&answer), &error));
  g_clear_object (&answer);
  cachet_journal_remove_operation_async (fixture->journal, second, NULL, store_test_answer_cb,
                                         &answer);
  g_assert_true (cachet_journal_write_finish (fixture->journal, store_test_wait (&answer), &error));
  /* The order of replay does not turn round when the newest was removed. */
  third = journal_test_add_operation (fixture->journal, "copy", 3, &error);
  g_assert_cmpint (third, >, second);
  reopen (fixture, &notice);
  after = journal_test_list_operations (fixture->journal, &error);
  g_assert_cmpuint (after->len, ==, 2);
  operation = g_ptr_array_index (after, 0);
  g_assert_cmpuint (operation->n_attempts, ==, 3);
  g_assert_cmpstr (operation->last_error, ==, "Refusé");

  operation->id = second;
  g_clear_object (&answer);
  cachet_journal_update_operation_async (fixture->journal, operation, NULL, store_test_answer_cb,
                                         &answer);
  g_assert_false (
    cachet_journal_write_finish (fixture->journal, store_test_wait (&answer), &error));
  g_assert_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_NOT_FOUND);
}

static void
test_outbox (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GPtrArray) after = NULL;
  g_autoptr (GBytes) message = NULL;
  g_autofree char *notice = NULL;
  g_autofree char *outbox = g_build_filename (fixture->folder, "outbox", NULL);
  g_auto (GStrv) files = NULL;
  gint64 id = journal_test_add_outbox (fixture->journal, "Été", "To: x\r\n\r\n\xff\r\n", &error);
  CachetOutboxEntry *entry;

  g_assert_no_error (error);
  g_assert_cmpint (id, >, 0);
  reopen (fixture, &notice);
  g_assert_null (notice);
  list = journal_test_list_outbox (fixture->journal, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 1);
  entry = g_ptr_array_index (list, 0);
  g_assert_cmpint (entry->id, ==, id);
  g_assert_cmpint (entry->state, ==, CACHET_OUTBOX_READY);
  g_assert_cmpstr (entry->envelope_from, ==, "me@example.org");
  g_assert_cmpstr (entry->recipients[0], ==, "one@example.org");
  g_assert_cmpstr (entry->recipients[1], ==, "zwei@exämple.org");
  g_assert_null (entry->recipients[2]);
  g_assert_cmpstr (entry->subject, ==, "Été");
  g_assert_cmpint (entry->not_before, ==, 5);
  g_assert_cmpuint (entry->flags, ==, 3);

  entry->state = CACHET_OUTBOX_DATA_SENT;
  entry->n_attempts = 2;
  entry->last_error = g_strdup ("450 later");
  cachet_journal_update_outbox_async (fixture->journal, entry, NULL, store_test_answer_cb, &answer);
  g_assert_true (cachet_journal_write_finish (fixture->journal, store_test_wait (&answer), &error));
  reopen (fixture, &notice);
  g_assert_null (notice);
  after = journal_test_list_outbox (fixture->journal, &error);
  entry = g_ptr_array_index (after, 0);
  g_assert_cmpint (entry->state, ==, CACHET_OUTBOX_DATA_SENT);
  g_assert_cmpuint (entry->n_attempts, ==, 2);
  g_assert_cmpstr (entry->last_error, ==, "450 later");
  message = journal_test_read_outbox (fixture->journal, id, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (message, NULL), g_bytes_get_size (message),
                   "To: x\r\n\r\n\xff\r\n", 12);

  g_assert_true (journal_test_remove_outbox (fixture->journal, id, &error));
  g_assert_true (journal_test_remove_outbox (fixture->journal, id, &error));
  files = store_test_list_folder (outbox);
  g_assert_cmpuint (g_strv_length (files), ==, 0);
  g_assert_null (journal_test_read_outbox (fixture->journal, id, &error));
  g_assert_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_NOT_FOUND);
}

static void
test_bad_recipient (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CachetOutboxEntry) entry = journal_test_make_entry ("x");
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);
  g_autofree char *outbox = g_build_filename (fixture->folder, "outbox", NULL);
  g_auto (GStrv) files = NULL;

  g_free (entry->recipients[0]);
  entry->recipients[0] = g_strdup ("a@example.org\nb@example.org");
  cachet_journal_add_outbox_async (fixture->journal, entry, bytes, NULL, store_test_answer_cb,
                                   &answer);
  g_assert_cmpint (cachet_journal_add_finish (fixture->journal, store_test_wait (&answer), &error),
                   ==, -1);
  g_assert_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_INTERNAL);
  files = store_test_list_folder (outbox);
  g_assert_cmpuint (g_strv_length (files), ==, 0);
}

static void
test_drafts (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names = NULL;
  g_autoptr (GBytes) bytes = NULL;
  static const char *const bad[] = { "", "../x", "a/b", ".", "a.b", "ä" };

  g_assert_true (journal_test_write_draft (fixture->journal, "b-1", "first", &error));
  g_assert_true (journal_test_write_draft (fixture->journal, "b-1", "second", &error));
  g_assert_true (journal_test_write_draft (fixture->journal, "a_2", "", &error));
  cachet_journal_list_drafts_async (fixture->journal, NULL, store_test_answer_cb, &answer);
  names = cachet_journal_list_drafts_finish (fixture->journal, store_test_wait (&answer), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (names[0], ==, "a_2");
  g_assert_cmpstr (names[1], ==, "b-1");
  g_assert_null (names[2]);
  bytes = journal_test_read_draft (fixture->journal, "b-1", &error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "second", 6);
  g_clear_object (&answer);
  cachet_journal_remove_draft_async (fixture->journal, "b-1", NULL, store_test_answer_cb, &answer);
  g_assert_true (cachet_journal_write_finish (fixture->journal, store_test_wait (&answer), &error));
  g_assert_null (journal_test_read_draft (fixture->journal, "b-1", &error));
  g_assert_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_NOT_FOUND);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_clear_error (&error);
      g_assert_false (journal_test_write_draft (fixture->journal, bad[i], "x", &error));
      g_assert_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_INTERNAL);
    }
}

/* The file that the only message lies in. */
static char *
get_outbox_file (Fixture *fixture)
{
  g_autofree char *outbox = g_build_filename (fixture->folder, "outbox", NULL);
  g_auto (GStrv) files = store_test_list_folder (outbox);

  g_assert_cmpuint (g_strv_length (files), ==, 1);
  return g_build_filename (outbox, files[0], NULL);
}

/* Any changed byte of a message file is found out, and the others are not touched by it. */
static void
test_changed_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 id = journal_test_add_outbox (fixture->journal, "s", "To: x\r\n\r\nbody\r\n", &error);
  g_autofree char *path = get_outbox_file (fixture);
  g_autofree char *whole = NULL;
  gsize length;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GBytes) bytes = NULL;

  g_assert_true (g_file_get_contents (path, &whole, &length, &error));
  for (gsize i = 0; i < length; i++)
    {
      g_autofree char *changed = g_memdup2 (whole, length);

      changed[i] ^= 0x20;
      g_assert_true (g_file_set_contents (path, changed, (gssize)length, &error));
      g_assert_null (journal_test_read_outbox (fixture->journal, id, &error));
      g_assert_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_DAMAGED);
      g_clear_error (&error);
      g_assert_true (g_file_set_contents (path, whole, (gssize)i, &error));
      g_assert_null (journal_test_read_outbox (fixture->journal, id, &error));
      g_assert_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_DAMAGED);
      g_clear_error (&error);
    }
  /* The journal itself is not blamed for it. */
  g_assert_true (g_file_set_contents (path, whole, (gssize)length, &error));
  reopen (fixture, NULL);
  bytes = journal_test_read_outbox (fixture->journal, id, &error);
  g_assert_no_error (error);
  g_assert_nonnull (bytes);
  list = journal_test_list_outbox (fixture->journal, &error);
  g_assert_cmpuint (list->len, ==, 1);
}

/* What a crash between the file and the row leaves. */
static void
test_orphans (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *other = store_test_make_folder ();
  g_autofree char *outbox = g_build_filename (fixture->folder, "outbox", NULL);
  g_autofree char *stray = g_build_filename (outbox, "7.eml.AbCdEf", NULL);
  g_autofree char *broken = g_build_filename (outbox, "8.eml", NULL);
  g_autofree char *orphan = g_build_filename (outbox, "9.eml", NULL);
  g_autofree char *path = NULL;
  g_autofree char *whole = NULL;
  g_autofree char *notice = NULL;
  g_autofree char *second_notice = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GBytes) message = NULL;
  CachetOutboxEntry *entry;
  gsize length;

  journal_test_add_outbox (fixture->journal, "Kept", "message", &error);
  path = get_outbox_file (fixture);
  g_assert_true (g_file_get_contents (path, &whole, &length, &error));
  g_assert_true (g_file_set_contents (orphan, whole, (gssize)length, &error));
  g_assert_true (g_file_set_contents (stray, whole, 20, &error));
  g_assert_true (g_file_set_contents (broken, whole, (gssize)length - 1, &error));

  reopen (fixture, &notice);
  g_assert_nonnull (notice);
  g_test_message ("%s", notice);
  g_assert_false (g_file_test (stray, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (broken, G_FILE_TEST_EXISTS));
  list = journal_test_list_outbox (fixture->journal, &error);
  g_assert_cmpuint (list->len, ==, 2);
  entry = g_ptr_array_index (list, 0);
  g_assert_cmpint (entry->state, ==, CACHET_OUTBOX_READY);
  entry = g_ptr_array_index (list, 1);
  /* Whether it went out is not known: it is never sent by itself. */
  g_assert_cmpint (entry->state, ==, CACHET_OUTBOX_UNKNOWN);
  g_assert_cmpstr (entry->subject, ==, "Kept");
  g_assert_cmpstr (entry->recipients[1], ==, "zwei@exämple.org");
  g_assert_nonnull (entry->last_error);
  message = journal_test_read_outbox (fixture->journal, entry->id, &error);
  g_assert_cmpmem (g_bytes_get_data (message, NULL), g_bytes_get_size (message), "message", 7);
  reopen (fixture, &second_notice);
  g_assert_null (second_notice);
  store_test_remove_folder (other);
}

/* A message that was sent and removed does not come back when its file could not be removed. */
static int
refuse_unlink_cb (const char *step, const char *path, gpointer user_data)
{
  return strcmp (step, "unlink") == 0 ? EIO : 0;
}

static void
test_removed_stays_removed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 id = journal_test_add_outbox (fixture->journal, "Sent", "message", &error);
  g_autofree char *path = get_outbox_file (fixture);
  g_autofree char *notice = NULL;
  g_autoptr (GPtrArray) list = NULL;

  store_test_allow_warnings (TRUE);
  cachet_durable_file_set_fault_func (refuse_unlink_cb, NULL);
  g_assert_true (journal_test_remove_outbox (fixture->journal, id, &error));
  cachet_durable_file_set_fault_func (NULL, NULL);
  g_assert_cmpuint (store_test_allow_warnings (FALSE), ==, 1);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  reopen (fixture, &notice);
  g_assert_null (notice);
  list = journal_test_list_outbox (fixture->journal, &error);
  g_assert_cmpuint (list->len, ==, 0);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_two_processes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CachetJournal) other = store_test_open_journal (fixture->folder, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = NULL;

  g_assert_true (cachet_journal_try_lock (fixture->journal, &error));
  g_assert_true (cachet_journal_try_lock (fixture->journal, &error));
  g_assert_false (cachet_journal_try_lock (other, &error));
  g_assert_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_LOCKED);
  g_clear_error (&error);
  /* Both may add. */
  for (guint32 uid = 0; uid < 20; uid++)
    g_assert_cmpint (
      journal_test_add_operation (uid % 2 ? other : fixture->journal, "store", uid, &error), >, 0);
  list = journal_test_list_operations (other, &error);
  g_assert_cmpuint (list->len, ==, 20);
  cachet_journal_unlock (fixture->journal);
  g_assert_true (cachet_journal_try_lock (other, &error));
  cachet_journal_close (other);
  g_assert_true (cachet_journal_try_lock (fixture->journal, &error));
}

int
main (int argc, char *argv[])
{
  store_test_init (&argc, &argv);

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/store/journal/operations", test_operations);
  ADD ("/store/journal/outbox", test_outbox);
  ADD ("/store/journal/bad-recipient", test_bad_recipient);
  ADD ("/store/journal/drafts", test_drafts);
  ADD ("/store/journal/changed-file", test_changed_file);
  ADD ("/store/journal/orphans", test_orphans);
  ADD ("/store/journal/removed-stays-removed", test_removed_stays_removed);
  ADD ("/store/journal/two-processes", test_two_processes);
#undef ADD
  return g_test_run ();
}
