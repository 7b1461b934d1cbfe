#include "config.h"

#include "cachet-draft.h"
#include "cachet-test-engine.h"

/* What is done without the server, and what becomes of it. */

static void
assert_other (CachetTestEngine *test, const char *folder, const char *expected)
{
  g_autofree char *flags = cachet_test_engine_other (test, "flags", folder, NULL);

  g_assert_cmpstr (flags, ==, expected);
}

static CachetMimeMessage *
load (CachetTestEngine *test, CachetMessageRow *row, GError **error)
{
  GAsyncResult *result = NULL;
  g_autoptr (GAsyncResult) done = NULL;

  cachet_engine_load_message_async (test->engine, row, NULL, cachet_test_take_result_cb, &result);
  done = cachet_test_wait_result (&result);
  return cachet_engine_load_message_finish (test->engine, done, error);
}

static void
test_offline_orders (void)
{
  CachetTestEngine *test = cachet_test_engine_new ("bob");
  g_autoptr (CachetMessageList) inbox = NULL;
  g_autoptr (CachetMessageList) archive = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (CachetMessageRow) moved = NULL;
  g_autoptr (CachetMimeMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  g_free (cachet_test_engine_other (test, "append", "INBOX", "4", NULL));
  cachet_test_engine_add_account (test, NULL);
  cachet_test_engine_sync (test);
  inbox = cachet_folder_open_list (cachet_test_engine_folder (test, "INBOX"));
  cachet_test_wait_length (inbox, 4);
  moved = cachet_test_engine_row (inbox, "Message 1");
  message = load (test, moved, &error);
  g_assert_no_error (error);
  g_clear_object (&message);
  g_clear_object (&moved);
  g_clear_object (&inbox);
  cachet_test_engine_stop (test);

  /* off line, in a new run: from the cache, changed, moved and shown where it went */
  cachet_test_engine_start (test, FALSE);
  inbox = cachet_folder_open_list (cachet_test_engine_folder (test, "INBOX"));
  cachet_test_wait_length (inbox, 4);
  rows = cachet_test_engine_rows (inbox, "Message 1", "Message 2", NULL);
  cachet_engine_set_flags (test->engine, rows, CACHET_MESSAGE_FLAG_FLAGGED, TRUE);
  cachet_engine_archive (test->engine, rows);
  cachet_test_wait_length (inbox, 2);
  archive = cachet_folder_open_list (cachet_test_engine_folder (test, "Archive"));
  cachet_test_wait_length (archive, 2);
  moved = cachet_test_engine_row (archive, "Message 1");
  message = load (test, moved, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (cachet_mime_message_get_text (message), "wordnumber1"));
  g_clear_object (&message);
  g_assert_cmpuint (cachet_engine_get_n_pending_operations (test->engine), ==, 2);
  cachet_test_pause (100); /* the journal */
  g_clear_object (&moved);
  g_clear_object (&archive);
  g_clear_object (&inbox);
  g_clear_pointer (&rows, g_ptr_array_unref);
  cachet_test_engine_stop (test);

  /* and still so after another start; then the server hears of it, once */
  cachet_test_engine_start (test, FALSE);
  g_assert_cmpuint (cachet_engine_get_n_pending_operations (test->engine), ==, 2);
  inbox = cachet_folder_open_list (cachet_test_engine_folder (test, "INBOX"));
  cachet_test_wait_length (inbox, 2);
  archive = cachet_folder_open_list (cachet_test_engine_folder (test, "Archive"));
  cachet_test_wait_length (archive, 2);
  cachet_test_engine_go_live (test);
  cachet_test_wait_replayed (test);
  cachet_test_engine_sync (test);
  cachet_test_wait_length (archive, 2);
  assert_other (test, "Archive", "1 Message 1: \\Flagged\n2 Message 2: \\Flagged\n");
  assert_other (test, "INBOX", "3 Message 3: \n4 Message 4: \n");
  g_assert_cmpuint (test->notices->len, ==, 0);
  g_clear_object (&archive);
  g_clear_object (&inbox);
  cachet_test_engine_free (test);
}

static void
test_uidvalidity (void)
{
  CachetTestEngine *test = cachet_test_engine_new ("bob");
  g_autoptr (CachetMessageList) list = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  g_free (cachet_test_engine_other (test, "create", "Project", NULL));
  g_free (cachet_test_engine_other (test, "append", "Project", "3", NULL));
  cachet_test_engine_add_account (test, NULL);
  cachet_test_engine_sync (test);
  list = cachet_folder_open_list (cachet_test_engine_folder (test, "Project"));
  cachet_test_wait_length (list, 3);
  cachet_account_go_offline (test->account);
  rows = cachet_test_engine_rows (list, "Message 2", NULL);
  cachet_engine_set_flags (test->engine, rows, CACHET_MESSAGE_FLAG_FLAGGED, TRUE);
  g_free (cachet_test_engine_other (test, "recreate", "Project", "2", NULL));
  cachet_test_engine_go_live (test);
  cachet_test_wait_length (list, 2);
  cachet_test_wait_replayed (test);
  g_object_unref (cachet_test_engine_row (list, "Again 2"));
  /* the order was about messages that are not called so any more */
  g_assert_true (cachet_test_engine_has_notice (test, "dropped"));
  assert_other (test, "Project", "1 Again 1: \n2 Again 2: \n");
  g_clear_object (&list);
  cachet_test_engine_free (test);
}

static gboolean
is_not_live (gpointer account)
{
  return cachet_account_get_state (account) != CACHET_ACCOUNT_STATE_LIVE;
}

static gboolean
is_live (gpointer account)
{
  return cachet_account_get_state (account) == CACHET_ACCOUNT_STATE_LIVE;
}

static void
test_connection_cut (void)
{
  CachetTestEngine *test = cachet_test_engine_new ("bob");
  g_autoptr (CachetMessageList) list = NULL;
  const char *argv[] = { "doveadm", "-c", g_getenv ("MAIL_DOVECOT_CONF"), "kick", "bob", NULL };
  g_autoptr (GError) error = NULL;
  int status = -1;

  g_free (cachet_test_engine_other (test, "append", "INBOX", "2", NULL));
  cachet_test_engine_add_account (test, NULL);
  list = cachet_folder_open_list (cachet_test_engine_folder (test, "INBOX"));
  cachet_test_wait_length (list, 2);
  cachet_test_engine_sync (test);
  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
  cachet_test_wait_for (is_not_live, test->account, "the end of the connection");
  g_free (cachet_test_engine_other (test, "append", "INBOX", "1", "Meanwhile", NULL));
  /* it comes back by itself and has what came meanwhile */
  cachet_test_wait_for (is_live, test->account, "the connection");
  cachet_test_wait_length (list, 3);
  g_clear_object (&list);
  cachet_test_engine_free (test);
}

static void
test_wrong_password (void)
{
  CachetTestEngine *test = cachet_test_engine_new ("bob");

  cachet_test_engine_add_account (test, "wrong");
  g_assert_cmpint (cachet_account_get_state (test->account), ==, CACHET_ACCOUNT_STATE_NEEDS_YOU);
  g_assert_cmpint (cachet_account_get_attention (test->account), ==, CACHET_ATTENTION_PASSWORD);
  cachet_test_engine_go_live (test);
  g_assert_cmpint (cachet_account_get_attention (test->account), ==, CACHET_ATTENTION_NONE);
  cachet_test_engine_free (test);
}

static CachetFolder *
finish_folder_order (CachetTestEngine *test, GAsyncResult **result)
{
  g_autoptr (GAsyncResult) done = cachet_test_wait_result (result);
  g_autoptr (GError) error = NULL;
  CachetFolder *folder = NULL;

  cachet_account_folder_order_finish (test->account, done, &folder, &error);
  g_assert_no_error (error);
  return folder;
}

static void
test_folders (void)
{
  CachetTestEngine *test = cachet_test_engine_new ("bob");
  g_autoptr (CachetMessageList) list = NULL;
  g_autoptr (GAsyncResult) refused = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *names = NULL;
  GAsyncResult *result = NULL;
  CachetFolder *folder;

  cachet_test_engine_add_account (test, NULL);
  cachet_test_engine_sync (test);
  cachet_account_create_folder_async (test->account, NULL, "Été", NULL, cachet_test_take_result_cb,
                                      &result);
  folder = finish_folder_order (test, &result);
  g_assert_cmpstr (cachet_folder_get_path (folder), ==, "Été");
  g_free (cachet_test_engine_other (test, "append", cachet_folder_get_mailbox (folder), "2", NULL));
  list = cachet_folder_open_list (folder);
  cachet_test_wait_length (list, 2);
  /* its rows stay under the new name */
  cachet_account_rename_folder_async (test->account, folder, "Automne", NULL,
                                      cachet_test_take_result_cb, &result);
  g_assert_true (finish_folder_order (test, &result) == folder);
  g_assert_cmpstr (cachet_folder_get_path (folder), ==, "Automne");
  cachet_test_engine_sync (test);
  cachet_test_wait_length (list, 2);
  names = cachet_test_engine_other (test, "folders", NULL);
  g_assert_nonnull (strstr (names, "Automne"));
  cachet_account_create_folder_async (test->account, NULL, "a/b", NULL, cachet_test_take_result_cb,
                                      &result);
  refused = cachet_test_wait_result (&result);
  g_assert_false (cachet_account_folder_order_finish (test->account, refused, NULL, &error));
  g_assert_error (error, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_NOT_ALLOWED);
  g_clear_object (&list);
  cachet_account_delete_folder_async (test->account, folder, NULL, cachet_test_take_result_cb,
                                      &result);
  finish_folder_order (test, &result);
  g_assert_null (cachet_account_find_folder (test->account, "Automne"));
  cachet_test_engine_free (test);
}

static void
save (CachetTestEngine *test, CachetDraft *draft)
{
  GAsyncResult *result = NULL;
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GError) error = NULL;

  cachet_engine_save_draft_async (test->engine, test->account, draft, NULL,
                                  cachet_test_take_result_cb, &result);
  done = cachet_test_wait_result (&result);
  cachet_engine_save_draft_finish (test->engine, done, &error);
  g_assert_no_error (error);
}

static void
test_drafts (void)
{
  CachetTestEngine *test = cachet_test_engine_new ("bob");
  g_autoptr (CachetDraft) draft = cachet_draft_new ();
  g_autoptr (CachetAddress) from = cachet_address_new ("Bob", "bob@example.test");
  g_autoptr (CachetMessageList) list = NULL;
  g_autoptr (GPtrArray) recovered = NULL;
  g_autofree char *raw = NULL;

  cachet_test_engine_add_account (test, NULL);
  cachet_test_engine_sync (test);
  list = cachet_folder_open_list (cachet_test_engine_folder (test, "Drafts"));
  cachet_draft_set_from (draft, from);
  cachet_draft_set_subject (draft, "Unfinished");
  cachet_draft_set_text (draft, "first");
  save (test, draft);
  cachet_test_wait_replayed (test);
  cachet_test_wait_length (list, 1);
  /* a second save takes the place of the first */
  cachet_draft_set_text (draft, "second");
  save (test, draft);
  cachet_test_wait_replayed (test);
  cachet_test_engine_sync (test);
  raw = cachet_test_engine_other (test, "raw", "Drafts", NULL);
  g_assert_nonnull (strstr (raw, "second"));
  g_assert_null (strstr (raw, "first"));
  /* off line it is on this computer, also in the next run */
  cachet_account_go_offline (test->account);
  cachet_draft_set_text (draft, "third");
  save (test, draft);
  g_clear_object (&list);
  cachet_test_pause (100);
  cachet_test_engine_stop (test);
  cachet_test_engine_start (test, FALSE);
  recovered = cachet_engine_take_recovered_drafts (test->engine);
  g_assert_cmpuint (recovered->len, ==, 1);
  g_assert_cmpstr (cachet_draft_get_message_id (g_ptr_array_index (recovered, 0)), ==,
                   cachet_draft_get_message_id (draft));
  cachet_test_engine_go_live (test);
  cachet_test_engine_sync (test);
  cachet_test_wait_replayed (test);
  cachet_engine_discard_draft (test->engine, test->account, draft);
  cachet_test_pause (100);
  cachet_test_wait_replayed (test);
  assert_other (test, "Drafts", "");
  cachet_test_engine_free (test);
}

static void
test_search (void)
{
  CachetTestEngine *test = cachet_test_engine_new ("bob");
  g_autoptr (CachetMessageList) list = NULL;
  g_autoptr (GListModel) found = NULL;
  g_autoptr (GAsyncResult) synced = NULL;
  g_autoptr (GAsyncResult) searched = NULL;
  g_autoptr (CachetMessageRow) row = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *result = NULL;

  g_free (cachet_test_engine_other (test, "append", "INBOX", "12", NULL));
  cachet_test_engine_add_account (test, NULL);
  cachet_account_sync_async (test->account, TRUE, NULL, cachet_test_take_result_cb, &result);
  synced = cachet_test_wait_result (&result);
  cachet_account_sync_finish (test->account, synced, &error);
  g_assert_no_error (error);
  cachet_account_go_offline (test->account);
  cachet_test_pause (300); /* the index */
  cachet_engine_search_async (test->engine, NULL, "wordnumber11", 10, NULL,
                              cachet_test_take_result_cb, &result);
  searched = cachet_test_wait_result (&result);
  found = cachet_engine_search_finish (test->engine, searched, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (found), ==, 1);
  row = g_list_model_get_item (found, 0);
  g_assert_cmpstr (cachet_message_row_get_subject (row), ==, "Message 11");
  cachet_test_engine_free (test);
}

/* One process has the data; another may read, and is told when it may not. */
static void
test_second_process (void)
{
  CachetTestEngine *test = cachet_test_engine_new ("bob");
  g_autofree char *data = g_build_filename (test->directory, "data", NULL);
  g_autofree char *config = g_build_filename (test->directory, "config", NULL);
  g_autoptr (CachetEngine) reader = cachet_engine_new (data, config, NULL);
  g_autoptr (CachetEngine) writer = cachet_engine_new (data, config, NULL);
  g_autoptr (GAsyncResult) read = NULL;
  g_autoptr (GAsyncResult) written = NULL;
  g_autoptr (GAsyncResult) synced = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *result = NULL;
  CachetAccount *account;

  cachet_test_engine_add_account (test, NULL);
  cachet_test_engine_sync (test);
  cachet_engine_start_async (reader, FALSE, NULL, cachet_test_take_result_cb, &result);
  read = cachet_test_wait_result (&result);
  g_assert_true (cachet_engine_start_finish (reader, read, &error));
  account = cachet_engine_find_account (reader, test->account_id);
  g_assert_nonnull (cachet_account_find_folder (account, "Sent"));
  cachet_account_sync_async (account, FALSE, NULL, cachet_test_take_result_cb, &result);
  synced = cachet_test_wait_result (&result);
  g_assert_false (cachet_account_sync_finish (account, synced, &error));
  g_assert_error (error, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_IN_USE);
  g_clear_error (&error);
  cachet_engine_start_async (writer, TRUE, NULL, cachet_test_take_result_cb, &result);
  written = cachet_test_wait_result (&result);
  g_assert_false (cachet_engine_start_finish (writer, written, &error));
  g_assert_error (error, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_IN_USE);
  cachet_test_engine_free (test);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/offline/orders", test_offline_orders);
  g_test_add_func ("/engine/offline/uidvalidity", test_uidvalidity);
  g_test_add_func ("/engine/offline/connection-cut", test_connection_cut);
  g_test_add_func ("/engine/offline/wrong-password", test_wrong_password);
  g_test_add_func ("/engine/offline/folders", test_folders);
  g_test_add_func ("/engine/offline/drafts", test_drafts);
  g_test_add_func ("/engine/offline/search", test_search);
  g_test_add_func ("/engine/offline/second-process", test_second_process);
  return g_test_run ();
}
