#define G_LOG_DOMAIN "cachet-test"

#include "config.h"

#include "cachet-accounts-file.h"
#include "cachet-blob-store.h"
#include "cachet-durable-file.h"
#include "fault-vfs.h"
#include "journal-test.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

/* Every write, sync, rename fails in turn: the answer says so, the old state is whole, nothing is
 * left lying about. */

/* More steps than any of the sequences has. */
#define MAX_STEPS 200

typedef struct
{
  int left; /* steps until one fails */
  int code;
  gboolean failed;
  const char *step;
} Fault;

static int
fail_step_cb (const char *step, const char *path, gpointer user_data)
{
  Fault *fault = user_data;

  if (fault->left-- != 0)
    return 0;
  fault->failed = TRUE;
  fault->step = g_intern_string (step);
  return fault->code;
}

static void
begin_fault (Fault *fault, int n, int code)
{
  fault->left = n;
  fault->code = code;
  fault->failed = FALSE;
  cachet_durable_file_set_fault_func (fail_step_cb, fault);
}

static void
end_fault (void)
{
  cachet_durable_file_set_fault_func (NULL, NULL);
}

static void
assert_store_error (const GError *error, int code)
{
  g_assert_nonnull (error);
  g_assert_true (error->domain == CACHET_STORE_ERROR);
  g_assert_cmpuint (strlen (error->message), >, 10);
  g_assert_cmpint (error->code, ==,
                   code == ENOSPC ? CACHET_STORE_ERROR_FULL : CACHET_STORE_ERROR_IO);
}

static void
assert_n_files (const char *folder, const char *name, guint n)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_auto (GStrv) files = store_test_list_folder (path);

  g_assert_cmpuint (g_strv_length (files), ==, n);
}

static void
test_outbox (gconstpointer data)
{
  int code = GPOINTER_TO_INT (data);
  g_autofree char *folder = store_test_make_folder ();
  CachetJournal *journal = store_test_open_journal (folder, NULL);
  g_autoptr (GError) error = NULL;
  Fault fault = { 0 };
  guint n_steps = 0;

  g_assert_cmpint (journal_test_add_outbox (journal, "old", "old message", &error), >, 0);
  for (int n = 0; n < MAX_STEPS; n++)
    {
      g_autoptr (GPtrArray) list = NULL;
      g_autoptr (GBytes) message = NULL;
      gint64 id;

      begin_fault (&fault, n, code);
      id = journal_test_add_outbox (journal, "new", "new message", &error);
      end_fault ();
      list = journal_test_list_outbox (journal, NULL);
      if (!fault.failed)
        {
          g_assert_no_error (error);
          g_assert_cmpuint (list->len, ==, 2);
          g_assert_cmpint (id, >, 0);
          break;
        }
      n_steps++;
      g_assert_cmpint (id, ==, -1);
      assert_store_error (error, code);
      g_clear_error (&error);
      g_assert_cmpuint (list->len, ==, 1);
      assert_n_files (folder, "outbox", 1);
      message =
        journal_test_read_outbox (journal, ((CachetOutboxEntry *)list->pdata[0])->id, &error);
      g_assert_no_error (error);
    }
  g_assert_cmpuint (n_steps, >=, 5);
  cachet_journal_close (journal);
  g_assert_finalize_object (journal);
  store_test_remove_folder (folder);
}

static void
test_draft (gconstpointer data)
{
  int code = GPOINTER_TO_INT (data);
  g_autofree char *folder = store_test_make_folder ();
  CachetJournal *journal = store_test_open_journal (folder, NULL);
  g_autoptr (GError) error = NULL;
  Fault fault = { 0 };
  guint n_steps = 0;

  g_assert_true (journal_test_write_draft (journal, "d", "old", &error));
  for (int n = 0; n < MAX_STEPS; n++)
    {
      g_autoptr (GBytes) bytes = NULL;
      gboolean ok;

      begin_fault (&fault, n, code);
      ok = journal_test_write_draft (journal, "d", "new", &error);
      end_fault ();
      if (!fault.failed)
        {
          g_assert_true (ok);
          break;
        }
      n_steps++;
      g_assert_false (ok);
      assert_store_error (error, code);
      g_clear_error (&error);
      assert_n_files (folder, "drafts", 1);
      bytes = journal_test_read_draft (journal, "d", &error);
      g_assert_no_error (error);
      /* After the rename the new one is there; only its durability is not sure. */
      g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                       strcmp (fault.step, "fsync-dir") == 0 ? "new" : "old", 3);
    }
  g_assert_cmpuint (n_steps, >=, 5);
  cachet_journal_close (journal);
  g_assert_finalize_object (journal);
  store_test_remove_folder (folder);
}

static CachetAccountSettings *
make_settings (const char *id)
{
  CachetAccountSettings *settings = cachet_account_settings_new ();

  g_free (settings->id);
  settings->id = g_strdup (id);
  g_free (settings->address);
  settings->address = g_strdup ("a@example.org");
  g_free (settings->imap_user);
  settings->imap_user = g_strdup ("a");
  g_free (settings->auth);
  settings->auth = g_strdup ("auto");
  settings->imap = cachet_endpoint_new ("h", 993, CACHET_SECURITY_TLS);
  settings->smtp = cachet_endpoint_new ("h", 465, CACHET_SECURITY_TLS);
  return settings;
}

static void
test_accounts (gconstpointer data)
{
  int code = GPOINTER_TO_INT (data);
  g_autofree char *folder = store_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "accounts.ini", NULL);
  g_autoptr (CachetAccountsFile) file = cachet_accounts_file_new (folder);
  g_autoptr (CachetAccountSettings) old = make_settings ("old");
  g_autoptr (CachetAccountSettings) new = make_settings ("new");
  g_autofree char *before = NULL;
  g_autoptr (GError) error = NULL;
  Fault fault = { 0 };
  guint n_steps = 0;

  g_assert_true (cachet_accounts_file_put (file, old, &error));
  g_assert_true (g_file_get_contents (path, &before, NULL, &error));
  for (int n = 0; n < MAX_STEPS; n++)
    {
      g_autofree char *after = NULL;
      gboolean ok;

      begin_fault (&fault, n, code);
      ok = cachet_accounts_file_put (file, new, &error);
      end_fault ();
      if (!fault.failed)
        {
          g_assert_true (ok);
          break;
        }
      n_steps++;
      g_assert_false (ok);
      assert_store_error (error, code);
      g_clear_error (&error);
      g_assert_true (g_file_get_contents (path, &after, NULL, &error));
      if (strcmp (fault.step, "fsync-dir") != 0)
        {
          g_assert_cmpstr (after, ==, before);
          g_assert_cmpuint (cachet_accounts_file_get_accounts (file)->len, ==, 1);
        }
      /* accounts.ini and accounts.lock */
      assert_n_files (folder, ".", 2);
    }
  g_assert_cmpuint (n_steps, >=, 5);
  store_test_remove_folder (folder);
}

/* Writes a body with whatever fails on the way; the bytes, or %NULL and @error. */
static GBytes *
put_blob (CachetBlobStore *store, const char *key, const char *text, GError **error)
{
  g_autoptr (GAsyncResult) begun = NULL;
  g_autoptr (GAsyncResult) committed = NULL;
  g_autoptr (GOutputStream) stream = NULL;

  cachet_blob_store_write_async (store, key, NULL, store_test_answer_cb, &begun);
  stream = cachet_blob_store_write_finish (store, store_test_wait (&begun), error);
  if (stream == NULL || !g_output_stream_write_all (stream, text, strlen (text), NULL, NULL, error))
    return NULL;
  cachet_blob_store_commit_async (store, stream, -1, NULL, store_test_answer_cb, &committed);
  return cachet_blob_store_commit_finish (store, store_test_wait (&committed), error);
}

static GBytes *
read_blob (CachetBlobStore *store, const char *key, GError **error)
{
  g_autoptr (GAsyncResult) answer = NULL;

  cachet_blob_store_read_async (store, key, NULL, store_test_answer_cb, &answer);
  return cachet_blob_store_read_finish (store, store_test_wait (&answer), error);
}

static void
test_blobs (gconstpointer data)
{
  int code = GPOINTER_TO_INT (data);
  g_autofree char *folder = store_test_make_folder ();
  g_autofree char *key = cachet_blob_key ("a", "INBOX", 1, 1);
  CachetBlobStore *store = cachet_blob_store_new (folder);
  g_autoptr (GBytes) old = NULL;
  g_autoptr (GError) error = NULL;
  Fault fault = { 0 };
  guint n_steps = 0;

  old = put_blob (store, key, "old", &error);
  g_assert_no_error (error);
  for (int n = 0; n < MAX_STEPS; n++)
    {
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GBytes) read = NULL;

      begin_fault (&fault, n, code);
      bytes = put_blob (store, key, "new", &error);
      end_fault ();
      if (!fault.failed)
        {
          g_assert_nonnull (bytes);
          break;
        }
      n_steps++;
      g_assert_null (bytes);
      assert_store_error (error, code);
      g_clear_error (&error);
      assert_n_files (folder, "incoming", 0);
      read = read_blob (store, key, &error);
      g_assert_no_error (error);
      g_assert_cmpmem (g_bytes_get_data (read, NULL), g_bytes_get_size (read), "old", 3);
    }
  /* Making it, the bytes, the trailer, the rename. */
  g_assert_cmpuint (n_steps, ==, 4);
  cachet_blob_store_close (store);
  g_assert_finalize_object (store);
  store_test_remove_folder (folder);
}

/* What a run of the journal under faults was told. */
typedef struct
{
  guint32 n_confirmed;
  gboolean message_confirmed;
  gboolean removal_confirmed;
} Told;

static gboolean
note_journal_error (GError **error, int code)
{
  gboolean failed = *error != NULL;

  if (failed)
    {
      g_assert_true ((*error)->domain == CACHET_STORE_ERROR);
      g_assert_cmpint ((*error)->code, !=, CACHET_STORE_ERROR_DAMAGED);
      if (code == SQLITE_FULL && (*error)->code != CACHET_STORE_ERROR_IO)
        g_assert_cmpint ((*error)->code, ==, CACHET_STORE_ERROR_FULL);
    }
  g_clear_error (error);
  return failed;
}

static void
use_journal (const char *folder, int code, Told *told)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (CachetJournal) journal = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id;

  cachet_journal_open_async (folder, NULL, store_test_answer_cb, &answer);
  journal = cachet_journal_open_finish (store_test_wait (&answer), NULL, &error);
  note_journal_error (&error, code);
  if (journal == NULL)
    return;
  for (guint32 uid = 1; uid <= 3; uid++)
    {
      id = journal_test_add_operation (journal, "store", 100 + uid, &error);
      g_assert_cmpint (id > 0, ==, error == NULL);
      told->n_confirmed += !note_journal_error (&error, code);
    }
  id = journal_test_add_outbox (journal, "new", "new message", &error);
  told->message_confirmed = !note_journal_error (&error, code);
  if (told->message_confirmed)
    {
      journal_test_remove_outbox (journal, id, &error);
      told->removal_confirmed = !note_journal_error (&error, code);
    }
  cachet_journal_close (journal);
}

static void
check_journal (const char *folder, const Told *told)
{
  g_autofree char *notice = NULL;
  g_autoptr (CachetJournal) journal = store_test_open_journal (folder, &notice);
  g_autoptr (GPtrArray) operations = NULL;
  g_autoptr (GPtrArray) outbox = NULL;
  g_autoptr (GError) error = NULL;
  guint n_old = 0;
  guint n_new = 0;
  guint n_new_messages = 0;

  operations = journal_test_list_operations (journal, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < operations->len; i++)
    {
      if (journal_test_get_uid (g_ptr_array_index (operations, i)) < 100)
        n_old++;
      else
        n_new++;
    }
  g_assert_cmpuint (n_old, ==, 5);
  /* One that failed may be there all the same (its sync failed, its bytes did not); none is
   * lost that did not fail. */
  g_assert_cmpuint (n_new, >=, told->n_confirmed);
  g_assert_cmpuint (n_new, <=, 3);
  outbox = journal_test_list_outbox (journal, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < outbox->len; i++)
    {
      const CachetOutboxEntry *entry = g_ptr_array_index (outbox, i);

      n_new_messages += strcmp (entry->subject, "new") == 0;
      /* One that came back says that its state is not known. */
      if (!told->message_confirmed && strcmp (entry->subject, "new") == 0)
        g_assert_true (entry->state == CACHET_OUTBOX_UNKNOWN ||
                       entry->state == CACHET_OUTBOX_READY);
    }
  g_assert_cmpuint (outbox->len, ==, 1 + n_new_messages);
  g_assert_cmpuint (n_new_messages, <=, 1);
  if (told->message_confirmed && told->removal_confirmed)
    g_assert_cmpuint (n_new_messages, ==, 0);
  cachet_journal_close (journal);
}

static void
test_sqlite_journal (gconstpointer data)
{
  int code = GPOINTER_TO_INT (data);
  int n;

  store_test_allow_warnings (TRUE);
  for (n = 0; n < MAX_STEPS; n++)
    {
      g_autofree char *folder = store_test_make_folder ();
      CachetJournal *journal = store_test_open_journal (folder, NULL);
      g_autoptr (GError) error = NULL;
      Told told = { 0 };
      gboolean failed;

      for (guint32 uid = 1; uid <= 5; uid++)
        g_assert_cmpint (journal_test_add_operation (journal, "store", uid, &error), >, 0);
      g_assert_cmpint (journal_test_add_outbox (journal, "old", "old message", &error), >, 0);
      cachet_journal_close (journal);
      g_assert_finalize_object (journal);

      fault_vfs_fail_at (n, code, n % 2);
      use_journal (folder, code, &told);
      failed = fault_vfs_has_failed ();
      fault_vfs_fail_at (-1, SQLITE_OK, FALSE);
      check_journal (folder, &told);
      store_test_remove_folder (folder);
      if (!failed)
        {
          g_assert_cmpuint (told.n_confirmed, ==, 3);
          g_assert_true (told.removal_confirmed);
          break;
        }
    }
  store_test_allow_warnings (FALSE);
  g_test_message ("%d steps", n);
  g_assert_cmpint (n, >, 15);
  g_assert_cmpint (n, <, MAX_STEPS);
}

/* One batch and one change of flags under faults; how many rows are known to be there. */
static guint
use_cache (const char *folder, gint64 mailbox, int code)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GAsyncResult) inserted = NULL;
  g_autoptr (CachetMailStore) store = NULL;
  g_autoptr (GPtrArray) rows = store_test_new_rows ();
  g_autoptr (GArray) entries = NULL;
  g_autoptr (GError) error = NULL;

  cachet_mail_store_open_async (folder, NULL, store_test_answer_cb, &answer);
  store = cachet_mail_store_open_finish (store_test_wait (&answer), NULL, &error);
  note_journal_error (&error, code);
  if (store == NULL)
    return 0;
  for (guint32 uid = 101; uid <= 300; uid++)
    g_ptr_array_add (rows, store_test_make_row (uid));
  cachet_mail_store_insert_rows_async (store, mailbox, rows, CACHET_WORKER_PRIORITY_BULK, NULL,
                                       store_test_answer_cb, &inserted);
  entries = cachet_mail_store_insert_rows_finish (store, store_test_wait (&inserted), &error);
  g_assert_cmpint (entries != NULL, ==, error == NULL);
  note_journal_error (&error, code);
  cachet_mail_store_close (store);
  return entries != NULL ? entries->len : 0;
}

static void
test_sqlite_cache (gconstpointer data)
{
  int code = GPOINTER_TO_INT (data);
  int n;

  for (n = 0; n < MAX_STEPS; n++)
    {
      g_autofree char *folder = store_test_make_folder ();
      CachetMailStore *store = store_test_open_mail (folder);
      gint64 mailbox = store_test_add_mailbox (store, "INBOX");
      g_autoptr (GPtrArray) rows = store_test_new_rows ();
      g_autoptr (GArray) entries = NULL;
      g_autoptr (GArray) after = NULL;
      gboolean failed;
      guint n_confirmed;

      for (guint32 uid = 1; uid <= 100; uid++)
        g_ptr_array_add (rows, store_test_make_row (uid));
      entries = store_test_insert (store, mailbox, rows);
      store_test_close_mail (store);

      fault_vfs_fail_at (n, code, n % 2);
      n_confirmed = use_cache (folder, mailbox, code);
      failed = fault_vfs_has_failed ();
      fault_vfs_fail_at (-1, SQLITE_OK, FALSE);

      /* Not rebuilt: store_test_open_mail() checks that. All of a batch or nothing. */
      store = store_test_open_mail (folder);
      after = store_test_list (store, mailbox, CACHET_SORT_DATE, FALSE, NULL);
      g_assert_cmpuint (after->len, >=, 100 + n_confirmed);
      g_assert_true (after->len == 100 || after->len == 300);
      store_test_close_mail (store);
      store_test_remove_folder (folder);
      if (!failed)
        {
          g_assert_cmpuint (n_confirmed, ==, 200);
          break;
        }
    }
  g_test_message ("%d steps", n);
  g_assert_cmpint (n, >, 10);
  g_assert_cmpint (n, <, MAX_STEPS);
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *name;
    GTestDataFunc func;
  } files[] = {
    { "outbox", test_outbox },
    { "draft", test_draft },
    { "accounts", test_accounts },
    { "blobs", test_blobs },
  };

  store_test_init (&argc, &argv);
  fault_vfs_install ();
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *broken = g_strdup_printf ("/store/faults/%s/broken", files[i].name);
      g_autofree char *full = g_strdup_printf ("/store/faults/%s/full", files[i].name);

      g_test_add_data_func (broken, GINT_TO_POINTER (EIO), files[i].func);
      g_test_add_data_func (full, GINT_TO_POINTER (ENOSPC), files[i].func);
    }
  g_test_add_data_func ("/store/faults/journal-db/broken", GINT_TO_POINTER (SQLITE_IOERR_WRITE),
                        test_sqlite_journal);
  g_test_add_data_func ("/store/faults/journal-db/full", GINT_TO_POINTER (SQLITE_FULL),
                        test_sqlite_journal);
  g_test_add_data_func ("/store/faults/cache-db/broken", GINT_TO_POINTER (SQLITE_IOERR_WRITE),
                        test_sqlite_cache);
  g_test_add_data_func ("/store/faults/cache-db/full", GINT_TO_POINTER (SQLITE_FULL),
                        test_sqlite_cache);
  return g_test_run ();
}
