#include "config.h"

#include "cachet-test-engine.h"

/* Sync, flags, operations and lists against the real server, with another client beside. */

static void
assert_other (CachetTestEngine *test, const char *folder, const char *expected)
{
  g_autofree char *flags = cachet_test_engine_other (test, "flags", folder, NULL);

  g_assert_cmpstr (flags, ==, expected);
}

static void
test_first_sync (void)
{
  CachetTestEngine *test = cachet_test_engine_new ("alice");
  g_autoptr (CachetMessageList) list = NULL;
  g_autoptr (CachetMessageRow) newest = NULL;

  g_free (cachet_test_engine_other (test, "append", "INBOX", "1000", NULL));
  cachet_test_engine_add_account (test, NULL);
  g_assert_cmpint (cachet_account_get_state (test->account), ==, CACHET_ACCOUNT_STATE_LIVE);
  list = cachet_folder_open_list (cachet_test_engine_folder (test, "INBOX"));
  cachet_test_wait_length (list, 1000);
  g_assert_cmpuint (cachet_folder_get_total (cachet_message_list_get_folder (list)), ==, 1000);
  g_assert_cmpuint (cachet_folder_get_unread (cachet_message_list_get_folder (list)), ==, 1000);
  for (guint i = 1; i < 1000; i++)
    g_assert_cmpint (cachet_message_list_get_entry (list, i - 1)->date, >=,
                     cachet_message_list_get_entry (list, i)->date);
  newest = cachet_test_engine_row (list, "Message 1000");
  g_assert_cmpstr (cachet_message_row_get_from_addr (newest), ==, "sender1000@example.test");
  g_assert_cmpstr (cachet_message_row_get_message_id (newest), ==, "message-1000@example.test");
  g_assert_cmpint (cachet_message_list_find_id (list, cachet_message_row_get_id (newest)), ==, 0);
  /* the messages of a first sync are no arrivals */
  g_assert_cmpuint (test->n_arrived, ==, 0);
  g_clear_object (&newest);
  g_clear_object (&list);
  cachet_test_engine_free (test);
}

static void
test_new_mail (void)
{
  CachetTestEngine *test = cachet_test_engine_new ("alice");
  g_autoptr (CachetMessageList) list = NULL;
  gint64 start;

  g_free (cachet_test_engine_other (test, "append", "INBOX", "3", NULL));
  cachet_test_engine_add_account (test, NULL);
  list = cachet_folder_open_list (cachet_test_engine_folder (test, "INBOX"));
  cachet_test_wait_length (list, 3);
  cachet_test_engine_sync (test);
  g_free (cachet_test_engine_other (test, "append", "INBOX", "1", "Newcomer", NULL));
  start = g_get_monotonic_time ();
  cachet_test_wait_length (list, 4);
  g_test_message ("row after %" G_GINT64_FORMAT " ms", (g_get_monotonic_time () - start) / 1000);
  /* the server holds the news back for half a second; the rest is ours */
  g_assert_cmpint (g_get_monotonic_time () - start, <, G_USEC_PER_SEC);
  g_object_unref (cachet_test_engine_row (list, "Newcomer 1"));
  g_assert_cmpuint (test->n_arrived, ==, 1);
  g_clear_object (&list);
  cachet_test_engine_free (test);
}

static gboolean
row_is_seen (gpointer row)
{
  return (cachet_message_row_get_flags (row) & CACHET_MESSAGE_FLAG_SEEN) != 0;
}

static gboolean
row_is_starred (gpointer row)
{
  return (cachet_message_row_get_flags (row) & CACHET_MESSAGE_FLAG_FLAGGED) != 0;
}

static void
test_flags_both_ways (void)
{
  CachetTestEngine *test = cachet_test_engine_new ("alice");
  g_autoptr (CachetMessageList) list = NULL;
  g_autoptr (CachetMessageRow) second = NULL;
  g_autoptr (GPtrArray) first = NULL;
  g_autofree char *uid = NULL;

  g_free (cachet_test_engine_other (test, "append", "INBOX", "2", NULL));
  cachet_test_engine_add_account (test, NULL);
  list = cachet_folder_open_list (cachet_test_engine_folder (test, "INBOX"));
  cachet_test_wait_length (list, 2);
  first = cachet_test_engine_rows (list, "Message 1", NULL);
  second = cachet_test_engine_row (list, "Message 2");
  cachet_engine_set_flags (test->engine, first, CACHET_MESSAGE_FLAG_SEEN, TRUE);
  cachet_test_wait_for (row_is_seen, g_ptr_array_index (first, 0), "\\Seen in the row");
  g_assert_cmpuint (cachet_folder_get_unread (cachet_message_list_get_folder (list)), ==, 1);
  cachet_test_wait_replayed (test);
  uid = g_strdup_printf ("%u", cachet_message_row_get_uid (second));
  g_free (cachet_test_engine_other (test, "store", "INBOX", "+", "\\Flagged", uid, NULL));
  cachet_test_wait_for (row_is_starred, second, "\\Flagged by the other client");
  {
    g_autofree char *expected =
      g_strdup_printf ("%u Message 1: \\Seen\n%s Message 2: \\Flagged\n",
                       cachet_message_row_get_uid (g_ptr_array_index (first, 0)), uid);
    assert_other (test, "INBOX", expected);
  }
  g_free (cachet_test_engine_other (test, "expunge", "INBOX", uid, NULL));
  cachet_test_wait_length (list, 1);
  g_clear_object (&list);
  cachet_test_engine_free (test);
}

static void
test_move_copy_delete_expunge (void)
{
  CachetTestEngine *test = cachet_test_engine_new ("alice");
  g_autoptr (CachetMessageList) inbox = NULL;
  g_autoptr (CachetMessageList) work = NULL;
  g_autoptr (CachetMessageList) trash = NULL;
  g_autoptr (GPtrArray) moved = NULL;
  g_autoptr (GPtrArray) copied = NULL;
  g_autoptr (GPtrArray) deleted = NULL;
  g_autoptr (GPtrArray) marked = NULL;
  CachetFolder *folder;

  g_free (cachet_test_engine_other (test, "append", "INBOX", "5", NULL));
  g_free (cachet_test_engine_other (test, "create", "Work", NULL));
  cachet_test_engine_add_account (test, NULL);
  inbox = cachet_folder_open_list (cachet_test_engine_folder (test, "INBOX"));
  cachet_test_wait_length (inbox, 5);
  folder = cachet_test_engine_folder (test, "Work");
  work = cachet_folder_open_list (folder);

  moved = cachet_test_engine_rows (inbox, "Message 1", "Message 2", NULL);
  cachet_engine_move (test->engine, moved, folder);
  cachet_test_wait_length (inbox, 3);
  cachet_test_wait_length (work, 2);
  copied = cachet_test_engine_rows (inbox, "Message 3", NULL);
  cachet_engine_copy (test->engine, copied, folder);
  cachet_test_wait_length (work, 3);
  g_assert_cmpuint (cachet_message_list_get_n_messages (inbox), ==, 3);

  deleted = cachet_test_engine_rows (inbox, "Message 4", NULL);
  cachet_engine_delete (test->engine, deleted);
  cachet_test_wait_length (inbox, 2);
  trash = cachet_folder_open_list (
    cachet_account_get_folder_by_role (test->account, CACHET_FOLDER_ROLE_TRASH));
  cachet_test_wait_length (trash, 1);
  /* from the trash itself: marked, then removed by order only */
  marked = cachet_test_engine_rows (trash, "Message 4", NULL);
  cachet_engine_delete (test->engine, marked);
  cachet_test_wait_replayed (test);
  g_assert_cmpuint (cachet_folder_get_n_deleted (cachet_message_list_get_folder (trash)), ==, 1);
  g_assert_cmpuint (cachet_engine_expunge (test->engine, cachet_message_list_get_folder (trash)),
                    ==, 1);
  cachet_test_wait_length (trash, 0);
  cachet_test_wait_replayed (test);
  assert_other (test, "Trash", "");
  assert_other (test, "Work", "1 Message 1: \n2 Message 2: \n3 Message 3: \n");
  g_assert_cmpuint (test->notices->len, ==, 0);
  g_clear_object (&inbox);
  g_clear_object (&work);
  g_clear_object (&trash);
  cachet_test_engine_free (test);
}

static void
test_expunge_spares_others (void)
{
  CachetTestEngine *test = cachet_test_engine_new ("alice");
  g_autoptr (CachetMessageList) list = NULL;
  g_autoptr (GPtrArray) mine = NULL;
  CachetFolder *inbox;

  g_free (cachet_test_engine_other (test, "append", "INBOX", "3", NULL));
  cachet_test_engine_add_account (test, NULL);
  inbox = cachet_test_engine_folder (test, "INBOX");
  list = cachet_folder_open_list (inbox);
  cachet_test_wait_length (list, 3);
  mine = cachet_test_engine_rows (list, "Message 1", NULL);
  cachet_engine_set_flags (test->engine, mine, CACHET_MESSAGE_FLAG_DELETED, TRUE);
  cachet_test_wait_replayed (test);
  /* marked by another client while this one is away: it never saw that */
  cachet_account_go_offline (test->account);
  g_assert_cmpuint (cachet_engine_expunge (test->engine, inbox), ==, 1);
  {
    g_autoptr (CachetMessageRow) other = cachet_test_engine_row (list, "Message 2");
    g_autofree char *uid = g_strdup_printf ("%u", cachet_message_row_get_uid (other));
    g_free (cachet_test_engine_other (test, "store", "INBOX", "+", "\\Deleted", uid, NULL));
  }
  cachet_test_engine_go_live (test);
  cachet_test_wait_replayed (test);
  cachet_test_wait_length (list, 2);
  {
    g_autofree char *flags = cachet_test_engine_other (test, "flags", "INBOX", NULL);
    g_assert_nonnull (strstr (flags, "Message 2: \\Deleted"));
    g_assert_null (strstr (flags, "Message 1:"));
  }
  g_clear_object (&list);
  cachet_test_engine_free (test);
}

static void
test_undo (void)
{
  CachetTestEngine *test = cachet_test_engine_new ("alice");
  g_autoptr (CachetMessageList) inbox = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  g_free (cachet_test_engine_other (test, "append", "INBOX", "3", NULL));
  cachet_test_engine_add_account (test, NULL);
  inbox = cachet_folder_open_list (cachet_test_engine_folder (test, "INBOX"));
  cachet_test_wait_length (inbox, 3);
  rows = cachet_test_engine_rows (inbox, "Message 1", "Message 3", NULL);
  g_assert_null (cachet_engine_get_undo_text (test->engine));
  /* after the server did it */
  cachet_engine_archive (test->engine, rows);
  g_assert_nonnull (cachet_engine_get_undo_text (test->engine));
  cachet_test_wait_length (inbox, 1);
  cachet_test_wait_replayed (test);
  g_assert_true (cachet_engine_undo (test->engine));
  g_assert_null (cachet_engine_get_undo_text (test->engine));
  cachet_test_wait_replayed (test);
  cachet_test_wait_length (inbox, 3);
  assert_other (test, "Archive", "");
  /* before the server hears of it */
  cachet_account_go_offline (test->account);
  g_clear_pointer (&rows, g_ptr_array_unref);
  rows = cachet_test_engine_rows (inbox, "Message 2", NULL);
  cachet_engine_delete (test->engine, rows);
  cachet_test_wait_length (inbox, 2);
  g_assert_true (cachet_engine_undo (test->engine));
  cachet_test_wait_length (inbox, 3);
  g_assert_cmpuint (cachet_engine_get_n_pending_operations (test->engine), ==, 0);
  cachet_test_engine_go_live (test);
  cachet_test_engine_sync (test);
  assert_other (test, "Trash", "");
  g_clear_object (&inbox);
  cachet_test_engine_free (test);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/live/first-sync", test_first_sync);
  g_test_add_func ("/engine/live/new-mail", test_new_mail);
  g_test_add_func ("/engine/live/flags-both-ways", test_flags_both_ways);
  g_test_add_func ("/engine/live/move-copy-delete-expunge", test_move_copy_delete_expunge);
  g_test_add_func ("/engine/live/expunge-spares-others", test_expunge_spares_others);
  g_test_add_func ("/engine/live/undo", test_undo);
  return g_test_run ();
}
