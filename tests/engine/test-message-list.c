#include "config.h"

#include "cachet-mail-store.h"
#include "cachet-message-list-private.h"
#include "cachet-test-wait.h"
#include "cachet-worker.h"

/* A list over a real cache, without account or folder: rows need a folder and are not made here. */

typedef struct
{
  char *directory;
  CachetMailStore *store;
  gint64 mailbox_id;
  CachetMessageList *list;
  guint n_items;
  guint n_changes;
} Fixture;

static CachetStoredRow *
make_row (guint32 uid)
{
  CachetStoredRow *row = g_new0 (CachetStoredRow, 1);

  row->uid = uid;
  row->date = 1700000000 + (uid * 7919) % 1000;
  row->internal_date = row->date;
  row->size = uid;
  row->subject = g_strdup_printf ("Subject %03u", (uid * 31) % 100);
  row->from_name = g_strdup ("");
  row->from_addr = g_strdup ("a@example.test");
  row->to = g_strdup ("b@example.test");
  row->message_id = g_strdup_printf ("%u@example.test", uid);
  row->in_reply_to = g_strdup ("");
  row->references = g_strdup ("");
  return row;
}

static GArray *
insert (Fixture *self, guint32 first, guint32 last)
{
  g_autoptr (GPtrArray) rows =
    g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_stored_row_free);
  g_auto (CachetTestWait) wait = { NULL };
  g_autoptr (GError) error = NULL;
  GArray *entries;

  for (guint32 uid = first; uid <= last; uid++)
    g_ptr_array_add (rows, make_row (uid));
  cachet_mail_store_insert_rows_async (self->store, self->mailbox_id, rows,
                                       CACHET_WORKER_PRIORITY_DEFAULT, NULL, cachet_test_wait_cb,
                                       &wait);
  entries = cachet_mail_store_insert_rows_finish (self->store, cachet_test_wait (&wait), &error);
  g_assert_no_error (error);
  return entries;
}

static void
items_changed_cb (GListModel *model, guint position, guint removed, guint added, Fixture *self)
{
  g_assert_cmpuint (position + removed, <=, self->n_items);
  self->n_items = self->n_items - removed + added;
  self->n_changes++;
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, self->n_items);
}

static void
fixture_init (Fixture *self)
{
  g_autoptr (GPtrArray) mailboxes =
    g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_stored_mailbox_free);
  g_autoptr (GPtrArray) stored = NULL;
  CachetStoredMailbox *inbox = g_new0 (CachetStoredMailbox, 1);
  g_auto (CachetTestWait) opened = { NULL };
  g_auto (CachetTestWait) replaced = { NULL };
  g_autoptr (GError) error = NULL;

  *self = (Fixture){ NULL };
  self->directory = g_dir_make_tmp ("cachet-list-XXXXXX", NULL);
  cachet_mail_store_open_async (self->directory, NULL, cachet_test_wait_cb, &opened);
  self->store = cachet_mail_store_open_finish (cachet_test_wait (&opened), NULL, &error);
  g_assert_no_error (error);
  inbox->account_id = g_strdup ("account");
  inbox->name = g_strdup ("INBOX");
  inbox->display_name = g_strdup ("INBOX");
  g_ptr_array_add (mailboxes, inbox);
  cachet_mail_store_replace_mailboxes_async (self->store, "account", mailboxes, NULL,
                                             cachet_test_wait_cb, &replaced);
  stored =
    cachet_mail_store_replace_mailboxes_finish (self->store, cachet_test_wait (&replaced), &error);
  g_assert_no_error (error);
  self->mailbox_id = ((CachetStoredMailbox *)g_ptr_array_index (stored, 0))->id;
}

static void
fixture_open_list (Fixture *self)
{
  self->list = cachet_message_list_new (self->store, NULL, self->mailbox_id);
  g_signal_connect (self->list, "items-changed", G_CALLBACK (items_changed_cb), self);
  g_assert_true (cachet_message_list_is_loading (self->list));
  while (cachet_message_list_is_loading (self->list))
    g_main_context_iteration (NULL, TRUE);
}

static void
fixture_clear (Fixture *self)
{
  g_clear_object (&self->list);
  cachet_mail_store_close (self->store);
  g_clear_object (&self->store);
  g_free (self->directory);
}

static void
wait_length (Fixture *self, guint n)
{
  for (guint i = 0; i < 200 && cachet_message_list_get_n_messages (self->list) != n; i++)
    cachet_test_wait_ms (10);
  g_assert_cmpuint (cachet_message_list_get_n_messages (self->list), ==, n);
}

static void
test_merges (void)
{
  Fixture self;

  fixture_init (&self);
  g_array_unref (insert (&self, 1, 300));
  fixture_open_list (&self);
  g_assert_cmpuint (self.n_items, ==, 300);
  g_assert_cmpuint (self.n_changes, ==, 1);
  for (guint32 first = 301; first <= 900; first += 100)
    {
      g_autoptr (GArray) entries = insert (&self, first, first + 99);

      cachet_message_list_add_entries (self.list, entries);
      /* twice the same is once */
      cachet_message_list_add_entries (self.list, entries);
      wait_length (&self, first + 99);
    }
  for (guint i = 1; i < 900; i++)
    g_assert_cmpint (cachet_message_list_get_entry (self.list, i - 1)->date, >=,
                     cachet_message_list_get_entry (self.list, i)->date);
  cachet_message_list_remove_uid (self.list, 17);
  cachet_message_list_remove_uid (self.list, 800);
  wait_length (&self, 898);
  cachet_message_list_set_uid_flags (self.list, 18, CACHET_MESSAGE_FLAG_SEEN);
  cachet_message_list_flush (self.list);
  {
    CachetMessageFlags flags = CACHET_MESSAGE_FLAG_NONE;
    g_assert_true (cachet_message_list_get_uid_flags (self.list, 18, &flags));
    g_assert_cmpint (flags, ==, CACHET_MESSAGE_FLAG_SEEN);
    g_assert_false (cachet_message_list_get_uid_flags (self.list, 17, &flags));
  }
  cachet_message_list_clear (self.list);
  g_assert_cmpuint (self.n_items, ==, 0);
  fixture_clear (&self);
}

/* Taken out and put back within one frame: it stays. */
static void
test_out_and_in (void)
{
  Fixture self;
  g_autoptr (GArray) entries = NULL;

  fixture_init (&self);
  entries = insert (&self, 1, 3);
  fixture_open_list (&self);
  cachet_message_list_remove_uid (self.list, 2);
  cachet_message_list_add_entries (self.list, entries);
  cachet_message_list_flush (self.list);
  g_assert_cmpuint (self.n_items, ==, 3);
  fixture_clear (&self);
}

static void
reordered_cb (CachetMessageList *list, guint32 *new_order, guint n, guint *n_reorders)
{
  g_assert_cmpuint (n, ==, cachet_message_list_get_n_messages (list));
  ++*n_reorders;
}

static void
test_sort_and_filter (void)
{
  Fixture self;
  guint n_reorders = 0;

  fixture_init (&self);
  g_array_unref (insert (&self, 1, 200));
  fixture_open_list (&self);
  g_signal_connect (self.list, "reordered", G_CALLBACK (reordered_cb), &n_reorders);
  self.n_changes = 0;
  cachet_message_list_set_sort (self.list, CACHET_SORT_SIZE, FALSE);
  for (guint i = 0; i < 200 && n_reorders == 0; i++)
    cachet_test_wait_ms (10);
  g_assert_cmpuint (n_reorders, ==, 1);
  g_assert_cmpuint (self.n_changes, ==, 0);
  for (guint i = 0; i < 200; i++)
    g_assert_cmpuint (cachet_message_list_get_entry (self.list, i)->size, ==, i + 1);
  cachet_message_list_set_filter (self.list, "042");
  wait_length (&self, 2);
  cachet_message_list_set_filter (self.list, NULL);
  wait_length (&self, 200);
  fixture_clear (&self);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/message-list/merges", test_merges);
  g_test_add_func ("/engine/message-list/out-and-in", test_out_and_in);
  g_test_add_func ("/engine/message-list/sort-and-filter", test_sort_and_filter);
  return g_test_run ();
}
