#define G_LOG_DOMAIN "cachet-test"

#include "config.h"

#include "store-test.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define PATIENCE_SECONDS 60
#define MEMORY_DISK "/dev/shm"
#define MEMORY_DISK_NEEDED (512 * 1024 * 1024)

static int warnings_allowed;
static int n_warnings;

static GLogWriterOutput
write_log_cb (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  if ((level & G_LOG_LEVEL_MASK) == G_LOG_LEVEL_WARNING && g_atomic_int_get (&warnings_allowed))
    {
      g_atomic_int_inc (&n_warnings);
      return G_LOG_WRITER_HANDLED;
    }
  return g_log_writer_default (level, fields, n_fields, user_data);
}

void
store_test_init (int *argc, char ***argv)
{
  g_test_init (argc, argv, NULL);
  g_log_set_writer_func (write_log_cb, NULL, NULL);
}

guint
store_test_allow_warnings (gboolean allow)
{
  guint n = (guint)g_atomic_int_get (&n_warnings);

  g_atomic_int_set (&warnings_allowed, allow);
  g_atomic_int_set (&n_warnings, 0);
  return n;
}

void
store_test_answer_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **answer = user_data;

  g_assert_null (*answer);
  *answer = g_object_ref (result);
}

static gboolean
lost_patience_cb (gpointer user_data)
{
  g_error ("no answer within %d seconds", PATIENCE_SECONDS);
  return G_SOURCE_REMOVE;
}

GAsyncResult *
store_test_wait (GAsyncResult **answer)
{
  guint timeout = g_timeout_add_seconds (PATIENCE_SECONDS, lost_patience_cb, NULL);

  while (*answer == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timeout);
  return *answer;
}

/* These tests sync thousands of times: in memory that costs nothing, and a kill is seen alike. */
static gboolean
has_memory_disk (void)
{
  struct statvfs info;

  return g_access (MEMORY_DISK, W_OK) == 0 && statvfs (MEMORY_DISK, &info) == 0 &&
         info.f_bavail * info.f_frsize > MEMORY_DISK_NEEDED;
}

char *
store_test_make_folder (void)
{
  char *path = g_build_filename (has_memory_disk () ? MEMORY_DISK : g_get_tmp_dir (),
                                 "cachet-store-XXXXXX", NULL);

  g_assert_nonnull (g_mkdtemp_full (path, 0700));
  return path;
}

void
store_test_remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        store_test_remove_folder (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

static int
compare_cb (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *)a, *(char *const *)b);
}

char **
store_test_list_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  GPtrArray *names;
  const char *name;

  if (dir == NULL)
    return NULL;
  names = g_ptr_array_new ();
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_cb);
  g_ptr_array_add (names, NULL);
  return (char **)g_ptr_array_free (names, FALSE);
}

CachetMailStore *
store_test_open_mail (const char *folder)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;
  gboolean was_rebuilt;
  CachetMailStore *store;

  cachet_mail_store_open_async (folder, NULL, store_test_answer_cb, &answer);
  store = cachet_mail_store_open_finish (store_test_wait (&answer), &was_rebuilt, &error);
  g_assert_no_error (error);
  g_assert_false (was_rebuilt);
  g_assert_nonnull (store);
  return store;
}

void
store_test_close_mail (CachetMailStore *store)
{
  cachet_mail_store_close (store);
  /* The index may have been following: its answer is still on the way. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (store);
}

CachetJournal *
store_test_open_journal (const char *folder, char **notice)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;
  CachetJournal *journal;

  cachet_journal_open_async (folder, NULL, store_test_answer_cb, &answer);
  journal = cachet_journal_open_finish (store_test_wait (&answer), notice, &error);
  g_assert_no_error (error);
  g_assert_nonnull (journal);
  return journal;
}

gint64
store_test_add_mailbox (CachetMailStore *store, const char *name)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) known = NULL;
  g_autoptr (GPtrArray) stored = NULL;
  CachetStoredMailbox mailbox = { 0 };

  cachet_mail_store_list_mailboxes_async (store, "a", NULL, store_test_answer_cb, &answer);
  known = cachet_mail_store_list_mailboxes_finish (store, store_test_wait (&answer), &error);
  g_assert_no_error (error);
  mailbox.account_id = (char *)"a";
  mailbox.name = (char *)name;
  mailbox.display_name = (char *)name;
  mailbox.delimiter = '/';
  g_ptr_array_add (known, cachet_stored_mailbox_copy (&mailbox));
  cachet_mail_store_replace_mailboxes_async (store, "a", known, NULL, store_test_answer_cb,
                                             &second);
  stored = cachet_mail_store_replace_mailboxes_finish (store, store_test_wait (&second), &error);
  g_assert_no_error (error);
  return ((CachetStoredMailbox *)g_ptr_array_index (stored, stored->len - 1))->id;
}

CachetStoredRow *
store_test_make_row (guint32 uid)
{
  static const char *const words[] = {
    "meeting", "invoice", "holiday", "seal", "report", "garden"
  };
  CachetStoredRow *row = g_new0 (CachetStoredRow, 1);

  row->uid = uid;
  row->flags = uid % 3 == 0 ? CACHET_MESSAGE_FLAG_SEEN : CACHET_MESSAGE_FLAG_NONE;
  row->date = 1600000000 + (gint64)uid * 60;
  row->internal_date = row->date + 5;
  row->size = 1000 + uid % 977;
  row->modseq = uid;
  row->subject = g_strdup_printf ("%sAbout the %s number %u", uid % 2 ? "Re: " : "",
                                  words[uid % G_N_ELEMENTS (words)], uid);
  row->from_name = g_strdup_printf ("Person %u Example", uid % 211);
  row->from_addr = g_strdup_printf ("person%u@example.org", uid % 211);
  row->to = g_strdup ("list@lists.example.org");
  row->message_id = g_strdup_printf ("20231005.%08x.%u@mail.example.org", uid * 2654435761u, uid);
  row->in_reply_to = uid % 2 ? g_strdup_printf ("parent.%u@mail.example.org", uid) : g_strdup ("");
  row->references =
    uid % 2 ? g_strdup_printf ("root.%u@mail.example.org parent.%u@mail.example.org", uid, uid)
            : g_strdup ("");
  return row;
}

GPtrArray *
store_test_new_rows (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_stored_row_free);
}

GArray *
store_test_insert (CachetMailStore *store, gint64 mailbox, GPtrArray *rows)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;
  GArray *entries;

  cachet_mail_store_insert_rows_async (store, mailbox, rows, CACHET_WORKER_PRIORITY_BULK, NULL,
                                       store_test_answer_cb, &answer);
  entries = cachet_mail_store_insert_rows_finish (store, store_test_wait (&answer), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (entries->len, ==, rows->len);
  return entries;
}

GArray *
store_test_list (CachetMailStore *store,
                 gint64 mailbox,
                 CachetSortKey key,
                 gboolean descending,
                 const char *filter)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;
  GArray *entries;

  cachet_mail_store_list_entries_async (store, mailbox, key, descending, filter, NULL,
                                        store_test_answer_cb, &answer);
  entries = cachet_mail_store_list_entries_finish (store, store_test_wait (&answer), &error);
  g_assert_no_error (error);
  return entries;
}

GPtrArray *
store_test_load (CachetMailStore *store, gint64 id)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof id);
  GPtrArray *rows;

  g_array_append_val (ids, id);
  cachet_mail_store_load_rows_async (store, ids, NULL, store_test_answer_cb, &answer);
  rows = cachet_mail_store_load_rows_finish (store, store_test_wait (&answer), &error);
  g_assert_no_error (error);
  return rows;
}

char *
store_test_uids (GArray *entries)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < entries->len; i++)
    g_string_append_printf (text, "%s%u", i > 0 ? " " : "",
                            g_array_index (entries, CachetListEntry, i).uid);
  return g_string_free (text, FALSE);
}
