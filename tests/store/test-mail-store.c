#define G_LOG_DOMAIN "cachet-test"

#include "config.h"

#include "store-test.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  char *folder;
  CachetMailStore *store;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = store_test_make_folder ();
  fixture->store = store_test_open_mail (fixture->folder);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  store_test_close_mail (fixture->store);
  store_test_remove_folder (fixture->folder);
  g_free (fixture->folder);
}

static void
reopen (Fixture *fixture)
{
  store_test_close_mail (fixture->store);
  fixture->store = store_test_open_mail (fixture->folder);
}

static void
assert_written (CachetMailStore *store, GAsyncResult **answer)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (cachet_mail_store_write_finish (store, store_test_wait (answer), &error));
  g_assert_no_error (error);
  g_clear_object (answer);
}

static GPtrArray *
list_mailboxes (CachetMailStore *store, const char *account)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *list;

  cachet_mail_store_list_mailboxes_async (store, account, NULL, store_test_answer_cb, &answer);
  list = cachet_mail_store_list_mailboxes_finish (store, store_test_wait (&answer), &error);
  g_assert_no_error (error);
  return list;
}

static GPtrArray *
replace_mailboxes (CachetMailStore *store, const char *account, const char *names)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list =
    g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_stored_mailbox_free);
  g_auto (GStrv) words = g_strsplit (names, " ", -1);
  GPtrArray *stored;

  for (guint i = 0; words[i] != NULL; i++)
    {
      CachetStoredMailbox mailbox = { 0 };

      mailbox.account_id = (char *)account;
      mailbox.name = words[i];
      mailbox.display_name = words[i];
      mailbox.delimiter = '/';
      g_ptr_array_add (list, cachet_stored_mailbox_copy (&mailbox));
    }
  cachet_mail_store_replace_mailboxes_async (store, account, list, NULL, store_test_answer_cb,
                                             &answer);
  stored = cachet_mail_store_replace_mailboxes_finish (store, store_test_wait (&answer), &error);
  g_assert_no_error (error);
  return stored;
}

static char *
join_names (GPtrArray *mailboxes)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < mailboxes->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "",
                            ((CachetStoredMailbox *)g_ptr_array_index (mailboxes, i))->name);
  return g_string_free (text, FALSE);
}

static void
assert_uids (Fixture *fixture,
             gint64 mailbox,
             CachetSortKey key,
             gboolean descending,
             const char *filter,
             const char *expected)
{
  g_autoptr (GArray) entries = store_test_list (fixture->store, mailbox, key, descending, filter);
  g_autofree char *uids = store_test_uids (entries);

  g_assert_cmpstr (uids, ==, expected);
}

static void
assert_counts (Fixture *fixture, gint64 mailbox, guint32 n_rows, guint32 n_unseen)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;
  guint32 rows;
  guint32 unseen;

  cachet_mail_store_count_async (fixture->store, mailbox, NULL, store_test_answer_cb, &answer);
  g_assert_true (cachet_mail_store_count_finish (fixture->store, store_test_wait (&answer), &rows,
                                                 &unseen, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (rows, ==, n_rows);
  g_assert_cmpuint (unseen, ==, n_unseen);
}

static void
insert_range (Fixture *fixture, gint64 mailbox, guint32 first, guint32 last)
{
  g_autoptr (GPtrArray) rows = store_test_new_rows ();
  g_autoptr (GArray) entries = NULL;

  for (guint32 uid = first; uid <= last; uid++)
    g_ptr_array_add (rows, store_test_make_row (uid));
  entries = store_test_insert (fixture->store, mailbox, rows);
  for (guint i = 0; i < entries->len; i++)
    {
      const CachetListEntry *entry = &g_array_index (entries, CachetListEntry, i);
      const CachetStoredRow *row = g_ptr_array_index (rows, i);

      g_assert_cmpint (entry->id, >, 0);
      g_assert_cmpuint (entry->uid, ==, row->uid);
      g_assert_cmpint (entry->date, ==, row->date);
      g_assert_cmpuint (entry->size, ==, row->size);
      g_assert_cmpuint (entry->flags, ==, row->flags);
    }
}

static GArray *
make_uids (guint32 first, guint32 last)
{
  GArray *uids = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint32 uid = first; uid <= last; uid++)
    g_array_append_val (uids, uid);
  return uids;
}

static void
test_mailboxes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GPtrArray) first = replace_mailboxes (fixture->store, "a", "INBOX Sent Old Old/1");
  g_autoptr (GPtrArray) other = replace_mailboxes (fixture->store, "b", "INBOX");
  g_autoptr (GPtrArray) second = NULL;
  g_autoptr (GPtrArray) all = NULL;
  g_autofree char *names = join_names (first);
  g_autofree char *names_after = NULL;
  CachetStoredMailbox *inbox = g_ptr_array_index (first, 0);
  CachetStoredMailbox *kept;

  g_assert_cmpstr (names, ==, "INBOX Sent Old Old/1");
  inbox->uidvalidity = 4294967295u;
  inbox->uidnext = 7;
  inbox->highestmodseq = G_GUINT64_CONSTANT (9223372036854775807);
  inbox->n_messages = 6;
  inbox->n_unseen = 2;
  inbox->synced = TRUE;
  cachet_mail_store_update_mailbox_async (fixture->store, inbox, NULL, store_test_answer_cb,
                                          &answer);
  assert_written (fixture->store, &answer);
  insert_range (fixture, inbox->id, 1, 3);
  insert_range (fixture, ((CachetStoredMailbox *)g_ptr_array_index (first, 2))->id, 1, 3);

  second = replace_mailboxes (fixture->store, "a", "INBOX Sent New New");
  names_after = join_names (second);
  g_assert_cmpstr (names_after, ==, "INBOX Sent New");
  kept = g_ptr_array_index (second, 0);
  g_assert_cmpint (kept->id, ==, inbox->id);
  g_assert_cmpuint (kept->uidvalidity, ==, inbox->uidvalidity);
  g_assert_cmpuint (kept->uidnext, ==, 7);
  g_assert_cmpuint (kept->highestmodseq, ==, inbox->highestmodseq);
  g_assert_cmpuint (kept->n_messages, ==, 6);
  g_assert_cmpuint (kept->n_unseen, ==, 2);
  g_assert_true (kept->synced);
  assert_uids (fixture, inbox->id, CACHET_SORT_DATE, FALSE, NULL, "1 2 3");
  all = list_mailboxes (fixture->store, NULL);
  g_assert_cmpuint (all->len, ==, 4);

  cachet_mail_store_remove_account_async (fixture->store, "a", NULL, store_test_answer_cb, &answer);
  assert_written (fixture->store, &answer);
  g_clear_pointer (&all, g_ptr_array_unref);
  all = list_mailboxes (fixture->store, NULL);
  g_assert_cmpuint (all->len, ==, 1);
  reopen (fixture);
  g_clear_pointer (&all, g_ptr_array_unref);
  all = list_mailboxes (fixture->store, "b");
  g_assert_cmpuint (all->len, ==, 1);
}

static void
test_rename (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) first =
    replace_mailboxes (fixture->store, "a", "Old Old/1 Old/1/2 Older Old.x");
  g_autoptr (GPtrArray) other = replace_mailboxes (fixture->store, "b", "Old Old/1");
  g_autoptr (GPtrArray) after = NULL;
  g_autoptr (GPtrArray) after_other = NULL;
  g_autofree char *names = NULL;
  g_autofree char *other_names = NULL;

  cachet_mail_store_rename_mailbox_async (fixture->store, "a", "Old", "New/er", NULL,
                                          store_test_answer_cb, &answer);
  assert_written (fixture->store, &answer);
  after = list_mailboxes (fixture->store, "a");
  names = join_names (after);
  g_assert_cmpstr (names, ==, "New/er New/er/1 New/er/1/2 Older Old.x");
  after_other = list_mailboxes (fixture->store, "b");
  other_names = join_names (after_other);
  g_assert_cmpstr (other_names, ==, "Old Old/1");

  cachet_mail_store_rename_mailbox_async (fixture->store, "a", "Old", "Newest", NULL,
                                          store_test_answer_cb, &answer);
  g_assert_false (
    cachet_mail_store_write_finish (fixture->store, store_test_wait (&answer), &error));
  g_assert_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_NOT_FOUND);
}

static void
test_rows (Fixture *fixture, gconstpointer data)
{
  gint64 mailbox = store_test_add_mailbox (fixture->store, "INBOX");
  g_autoptr (GPtrArray) rows = store_test_new_rows ();
  g_autoptr (GArray) entries = NULL;
  g_autoptr (GPtrArray) loaded = NULL;
  g_autoptr (GPtrArray) none = NULL;
  CachetStoredRow *row = store_test_make_row (4294967295u);
  CachetStoredRow *got;

  row->keywords = g_strsplit ("$label1 work", " ", -1);
  row->preview = g_strdup ("Été");
  row->size = G_GUINT64_CONSTANT (5000000000);
  row->modseq = G_GUINT64_CONSTANT (9223372036854775807);
  row->date = -5;
  row->flags = CACHET_MESSAGE_FLAG_SEEN | CACHET_MESSAGE_FLAG_SIGNED;
  g_ptr_array_add (rows, row);
  entries = store_test_insert (fixture->store, mailbox, rows);
  g_assert_cmpuint (g_array_index (entries, CachetListEntry, 0).size, ==, G_MAXUINT32);
  g_assert_cmpint (g_array_index (entries, CachetListEntry, 0).date, ==, -5);

  reopen (fixture);
  loaded = store_test_load (fixture->store, g_array_index (entries, CachetListEntry, 0).id);
  g_assert_cmpuint (loaded->len, ==, 1);
  got = g_ptr_array_index (loaded, 0);
  g_assert_cmpint (got->mailbox_id, ==, mailbox);
  g_assert_cmpuint (got->uid, ==, row->uid);
  g_assert_cmpuint (got->flags, ==, row->flags);
  g_assert_cmpint (got->date, ==, row->date);
  g_assert_cmpint (got->internal_date, ==, row->internal_date);
  g_assert_cmpuint (got->size, ==, row->size);
  g_assert_cmpuint (got->modseq, ==, row->modseq);
  g_assert_cmpstr (got->subject, ==, row->subject);
  g_assert_cmpstr (got->from_name, ==, row->from_name);
  g_assert_cmpstr (got->from_addr, ==, row->from_addr);
  g_assert_cmpstr (got->to, ==, row->to);
  g_assert_cmpstr (got->message_id, ==, row->message_id);
  g_assert_cmpstr (got->in_reply_to, ==, row->in_reply_to);
  g_assert_cmpstr (got->references, ==, row->references);
  g_assert_cmpstr (got->preview, ==, row->preview);
  g_assert_cmpstrv (got->keywords, row->keywords);

  none = store_test_load (fixture->store, 4711);
  g_assert_cmpuint (none->len, ==, 0);
}

/* A row that is fetched again keeps what only the cache knows. */
static void
test_upsert (Fixture *fixture, gconstpointer data)
{
  gint64 mailbox = store_test_add_mailbox (fixture->store, "INBOX");
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GPtrArray) rows = store_test_new_rows ();
  g_autoptr (GPtrArray) again = store_test_new_rows ();
  g_autoptr (GPtrArray) loaded = NULL;
  g_autoptr (GArray) first = NULL;
  g_autoptr (GArray) second = NULL;
  g_autoptr (GArray) uids = make_uids (1, 1);
  CachetStoredRow *row = store_test_make_row (1);
  CachetStoredRow *changed = store_test_make_row (1);
  CachetStoredRow *got;

  row->preview = g_strdup ("how it begins");
  g_ptr_array_add (rows, row);
  first = store_test_insert (fixture->store, mailbox, rows);
  cachet_mail_store_change_flags_async (fixture->store, mailbox, uids, CACHET_MESSAGE_FLAG_HAS_BODY,
                                        CACHET_MESSAGE_FLAG_NONE, CACHET_WORKER_PRIORITY_USER, NULL,
                                        store_test_answer_cb, &answer);
  assert_written (fixture->store, &answer);
  assert_uids (fixture, mailbox, CACHET_SORT_DATE, FALSE, "invoice", "1");

  changed->flags = CACHET_MESSAGE_FLAG_FLAGGED | CACHET_MESSAGE_FLAG_SIGNED;
  g_free (changed->subject);
  changed->subject = g_strdup ("Quite another");
  g_ptr_array_add (again, changed);
  second = store_test_insert (fixture->store, mailbox, again);
  g_assert_cmpint (g_array_index (second, CachetListEntry, 0).id, ==,
                   g_array_index (first, CachetListEntry, 0).id);
  g_assert_cmpuint (g_array_index (second, CachetListEntry, 0).flags, ==,
                    CACHET_MESSAGE_FLAG_FLAGGED | CACHET_MESSAGE_FLAG_SIGNED |
                      CACHET_MESSAGE_FLAG_HAS_BODY);
  loaded = store_test_load (fixture->store, g_array_index (first, CachetListEntry, 0).id);
  got = g_ptr_array_index (loaded, 0);
  g_assert_cmpstr (got->subject, ==, "Quite another");
  g_assert_cmpstr (got->preview, ==, "how it begins");
  assert_counts (fixture, mailbox, 1, 1);
  assert_uids (fixture, mailbox, CACHET_SORT_DATE, FALSE, "invoice", "");
  assert_uids (fixture, mailbox, CACHET_SORT_DATE, FALSE, "quite another", "1");
}

static void
test_flags (Fixture *fixture, gconstpointer data)
{
  gint64 mailbox = store_test_add_mailbox (fixture->store, "INBOX");
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GAsyncResult) listed = NULL;
  g_autoptr (GArray) uids = make_uids (1, 900);
  g_autoptr (GArray) changes = g_array_new (FALSE, TRUE, sizeof (CachetUidFlags));
  g_autoptr (GArray) list = NULL;
  CachetUidFlags change = { 0 };
  g_autoptr (GError) error = NULL;

  insert_range (fixture, mailbox, 1, 900);
  assert_counts (fixture, mailbox, 900, 600);
  /* More than one slice. */
  cachet_mail_store_change_flags_async (
    fixture->store, mailbox, uids, CACHET_MESSAGE_FLAG_HAS_BODY | CACHET_MESSAGE_FLAG_FLAGGED,
    CACHET_MESSAGE_FLAG_SEEN, CACHET_WORKER_PRIORITY_USER, NULL, store_test_answer_cb, &answer);
  assert_written (fixture->store, &answer);
  assert_counts (fixture, mailbox, 900, 900);
  for (change.uid = 2; change.uid <= 900; change.uid += 2)
    {
      change.flags = CACHET_MESSAGE_FLAG_SEEN | CACHET_MESSAGE_FLAG_SIGNED;
      change.modseq = 5000 + change.uid;
      g_array_append_val (changes, change);
    }
  cachet_mail_store_set_flags_async (fixture->store, mailbox, changes, CACHET_WORKER_PRIORITY_BULK,
                                     NULL, store_test_answer_cb, &answer);
  /* The call has its own copy. */
  g_array_set_size (changes, 0);
  assert_written (fixture->store, &answer);
  assert_counts (fixture, mailbox, 900, 450);

  cachet_mail_store_list_uids_async (fixture->store, mailbox, NULL, store_test_answer_cb, &listed);
  list = cachet_mail_store_list_uids_finish (fixture->store, store_test_wait (&listed), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 900);
  for (guint i = 0; i < list->len; i++)
    {
      const CachetUidFlags *item = &g_array_index (list, CachetUidFlags, i);
      gboolean was_set = item->uid % 2 == 0;

      g_assert_cmpuint (item->uid, ==, i + 1);
      g_assert_cmpuint (item->modseq, ==, was_set ? 5000 + item->uid : item->uid);
      g_assert_cmpuint (item->flags, ==,
                        was_set ? CACHET_MESSAGE_FLAG_SEEN | CACHET_MESSAGE_FLAG_HAS_BODY
                                : CACHET_MESSAGE_FLAG_FLAGGED | CACHET_MESSAGE_FLAG_HAS_BODY);
    }
}

static void
test_delete_and_clear (Fixture *fixture, gconstpointer data)
{
  gint64 mailbox = store_test_add_mailbox (fixture->store, "INBOX");
  gint64 other = store_test_add_mailbox (fixture->store, "Other");
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GArray) uids = make_uids (2, 900);
  g_autoptr (GArray) before = NULL;
  g_autoptr (GArray) after = NULL;

  insert_range (fixture, mailbox, 1, 901);
  insert_range (fixture, other, 1, 2);
  assert_uids (fixture, other, CACHET_SORT_DATE, TRUE, "about", "2 1");
  cachet_mail_store_delete_uids_async (fixture->store, mailbox, uids, CACHET_WORKER_PRIORITY_USER,
                                       NULL, store_test_answer_cb, &answer);
  assert_written (fixture->store, &answer);
  assert_uids (fixture, mailbox, CACHET_SORT_DATE, FALSE, NULL, "1 901");
  assert_uids (fixture, mailbox, CACHET_SORT_DATE, FALSE, "about", "1 901");
  before = store_test_list (fixture->store, mailbox, CACHET_SORT_DATE, FALSE, NULL);

  cachet_mail_store_clear_mailbox_async (fixture->store, mailbox, NULL, store_test_answer_cb,
                                         &answer);
  assert_written (fixture->store, &answer);
  assert_counts (fixture, mailbox, 0, 0);
  assert_counts (fixture, other, 2, 2);
  insert_range (fixture, mailbox, 1, 1);
  after = store_test_list (fixture->store, mailbox, CACHET_SORT_DATE, FALSE, NULL);
  /* An id is never used for another message. */
  g_assert_cmpint (g_array_index (after, CachetListEntry, 0).id, >,
                   g_array_index (before, CachetListEntry, 1).id);
}

static void
test_gone_mailbox (Fixture *fixture, gconstpointer data)
{
  gint64 mailbox = store_test_add_mailbox (fixture->store, "INBOX");
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GPtrArray) rows = store_test_new_rows ();
  g_autoptr (GPtrArray) stored = NULL;
  g_autoptr (GArray) entries = NULL;
  g_autoptr (GError) error = NULL;

  stored = replace_mailboxes (fixture->store, "a", "Else");
  g_ptr_array_add (rows, store_test_make_row (1));
  cachet_mail_store_insert_rows_async (fixture->store, mailbox, rows, CACHET_WORKER_PRIORITY_BULK,
                                       NULL, store_test_answer_cb, &answer);
  entries =
    cachet_mail_store_insert_rows_finish (fixture->store, store_test_wait (&answer), &error);
  g_assert_null (entries);
  g_assert_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_NOT_FOUND);
}

typedef struct
{
  guint32 uid;
  gint64 date;
  guint32 size;
  CachetMessageFlags flags;
  const char *subject;
  const char *from_name;
  const char *from_addr;
} Sample;

static const Sample samples[] = {
  { 1, 100, 50, CACHET_MESSAGE_FLAG_SEEN, "Re: zebra", "", "bob@example.org" },
  { 2, 300, 20, CACHET_MESSAGE_FLAG_FLAGGED, "AW: WG: Été", "Alice", "z@example.org" },
  { 3, 200, 50, CACHET_MESSAGE_FLAG_SEEN | CACHET_MESSAGE_FLAG_HAS_ATTACHMENT, "ete 2", "Élodie",
    "e@example.org" },
  { 4, 300, 10, CACHET_MESSAGE_FLAG_NONE, "Re[2]: ETE", "alice", "a@example.org" },
  { 5, 50, 90, CACHET_MESSAGE_FLAG_FLAGGED | CACHET_MESSAGE_FLAG_SEEN, "apple", "Zoé", "x@e.org" },
};

static void
test_orders (Fixture *fixture, gconstpointer data)
{
  gint64 mailbox = store_test_add_mailbox (fixture->store, "INBOX");
  g_autoptr (GPtrArray) rows = store_test_new_rows ();
  g_autoptr (GArray) entries = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      CachetStoredRow *row = store_test_make_row (samples[i].uid);

      row->date = samples[i].date;
      row->size = samples[i].size;
      row->flags = samples[i].flags;
      g_free (row->subject);
      row->subject = g_strdup (samples[i].subject);
      g_free (row->from_name);
      row->from_name = g_strdup (samples[i].from_name);
      g_free (row->from_addr);
      row->from_addr = g_strdup (samples[i].from_addr);
      g_ptr_array_add (rows, row);
    }
  entries = store_test_insert (fixture->store, mailbox, rows);

  assert_uids (fixture, mailbox, CACHET_SORT_DATE, FALSE, NULL, "5 1 3 2 4");
  assert_uids (fixture, mailbox, CACHET_SORT_DATE, TRUE, NULL, "4 2 3 1 5");
  assert_uids (fixture, mailbox, CACHET_SORT_SUBJECT, FALSE, NULL, "5 4 2 3 1");
  assert_uids (fixture, mailbox, CACHET_SORT_SUBJECT, TRUE, NULL, "1 3 4 2 5");
  assert_uids (fixture, mailbox, CACHET_SORT_FROM, FALSE, NULL, "4 2 1 3 5");
  assert_uids (fixture, mailbox, CACHET_SORT_FROM, TRUE, NULL, "5 3 1 4 2");
  assert_uids (fixture, mailbox, CACHET_SORT_SIZE, FALSE, NULL, "4 2 3 1 5");
  assert_uids (fixture, mailbox, CACHET_SORT_SIZE, TRUE, NULL, "5 3 1 2 4");
  assert_uids (fixture, mailbox, CACHET_SORT_UNREAD, TRUE, NULL, "4 2 3 1 5");
  assert_uids (fixture, mailbox, CACHET_SORT_UNREAD, FALSE, NULL, "3 1 5 4 2");
  assert_uids (fixture, mailbox, CACHET_SORT_FLAGGED, TRUE, NULL, "2 5 4 3 1");
  assert_uids (fixture, mailbox, CACHET_SORT_FLAGGED, FALSE, NULL, "4 3 1 2 5");
  assert_uids (fixture, mailbox, CACHET_SORT_ATTACHMENT, TRUE, NULL, "3 4 2 1 5");
  assert_uids (fixture, mailbox, CACHET_SORT_ATTACHMENT, FALSE, NULL, "4 2 1 5 3");
  /* The same orders when words are searched for. */
  assert_uids (fixture, mailbox, CACHET_SORT_DATE, TRUE, "ete", "4 2 3");
  assert_uids (fixture, mailbox, CACHET_SORT_SUBJECT, FALSE, "ETE", "4 2 3");
  assert_uids (fixture, mailbox, CACHET_SORT_SIZE, FALSE, "été", "4 2 3");
}

static void
test_missing_bodies (Fixture *fixture, gconstpointer data)
{
  gint64 mailbox = store_test_add_mailbox (fixture->store, "INBOX");
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GArray) uids = make_uids (4, 4);
  g_autoptr (GArray) entries = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  insert_range (fixture, mailbox, 1, 5);
  cachet_mail_store_change_flags_async (fixture->store, mailbox, uids, CACHET_MESSAGE_FLAG_HAS_BODY,
                                        CACHET_MESSAGE_FLAG_NONE, CACHET_WORKER_PRIORITY_USER, NULL,
                                        store_test_answer_cb, &answer);
  assert_written (fixture->store, &answer);
  cachet_mail_store_list_missing_bodies_async (fixture->store, mailbox, 2, 1004, NULL,
                                               store_test_answer_cb, &answer);
  entries =
    cachet_mail_store_list_entries_finish (fixture->store, store_test_wait (&answer), &error);
  g_assert_no_error (error);
  text = store_test_uids (entries);
  g_assert_cmpstr (text, ==, "3 2");
}

static guint
count_message_id (Fixture *fixture, const char *account, gint64 mailbox, const char *message_id)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;

  cachet_mail_store_find_message_id_async (fixture->store, account, mailbox, message_id, NULL,
                                           store_test_answer_cb, &answer);
  rows = cachet_mail_store_load_rows_finish (fixture->store, store_test_wait (&answer), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    g_assert_cmpstr (((CachetStoredRow *)g_ptr_array_index (rows, i))->message_id, ==, message_id);
  return rows->len;
}

static void
test_message_id (Fixture *fixture, gconstpointer data)
{
  gint64 mailbox = store_test_add_mailbox (fixture->store, "INBOX");
  gint64 other = store_test_add_mailbox (fixture->store, "Sent");
  CachetStoredRow *row = store_test_make_row (7);
  CachetStoredRow *bare = store_test_make_row (50);
  g_autoptr (GPtrArray) rows = store_test_new_rows ();
  g_autoptr (GArray) entries = NULL;

  insert_range (fixture, mailbox, 1, 20);
  insert_range (fixture, other, 7, 7);
  g_free (bare->message_id);
  bare->message_id = g_strdup ("");
  g_ptr_array_add (rows, bare);
  entries = store_test_insert (fixture->store, mailbox, rows);
  g_assert_cmpuint (count_message_id (fixture, "a", 0, row->message_id), ==, 2);
  g_assert_cmpuint (count_message_id (fixture, "a", other, row->message_id), ==, 1);
  g_assert_cmpuint (count_message_id (fixture, NULL, 0, row->message_id), ==, 2);
  g_assert_cmpuint (count_message_id (fixture, "b", 0, row->message_id), ==, 0);
  g_assert_cmpuint (count_message_id (fixture, "a", 0, "not@there"), ==, 0);
  g_assert_cmpuint (count_message_id (fixture, "a", 0, ""), ==, 0);
  cachet_stored_row_free (row);
}

/* What a server should not send, but may. */
static void
test_hostile_texts (Fixture *fixture, gconstpointer data)
{
  gint64 mailbox = store_test_add_mailbox (fixture->store, "IN\xff"
                                                           "BOX '); DROP TABLE message; --");
  g_autoptr (GPtrArray) rows = store_test_new_rows ();
  g_autoptr (GPtrArray) loaded = NULL;
  g_autoptr (GArray) entries = NULL;
  CachetStoredRow *row = store_test_make_row (1);
  CachetStoredRow *got;

  g_free (row->subject);
  row->subject = g_strdup ("bad \xff\xfe bytes \" ' ; --");
  g_free (row->to);
  row->to = g_malloc (3 * CACHET_MAIL_STORE_MAX_TEXT + 1);
  for (guint i = 0; i < CACHET_MAIL_STORE_MAX_TEXT; i++)
    memcpy (row->to + 3 * (gsize)i, "€", 3);
  row->to[3 * CACHET_MAIL_STORE_MAX_TEXT] = '\0';
  g_clear_pointer (&row->references, g_free);
  g_clear_pointer (&row->in_reply_to, g_free);
  row->date = G_MAXINT64;
  g_ptr_array_add (rows, row);
  entries = store_test_insert (fixture->store, mailbox, rows);
  loaded = store_test_load (fixture->store, g_array_index (entries, CachetListEntry, 0).id);
  got = g_ptr_array_index (loaded, 0);
  g_assert_true (g_utf8_validate (got->subject, -1, NULL));
  g_assert_nonnull (strstr (got->subject, "bytes \" ' ; --"));
  g_assert_true (g_utf8_validate (got->to, -1, NULL));
  g_assert_cmpuint (strlen (got->to), <=, CACHET_MAIL_STORE_MAX_TEXT);
  g_assert_cmpuint (strlen (got->to), >, CACHET_MAIL_STORE_MAX_TEXT - 4);
  g_assert_cmpstr (got->references, ==, "");
  g_assert_cmpstr (got->in_reply_to, ==, "");
  g_assert_cmpint (got->date, ==, g_array_index (entries, CachetListEntry, 0).date);
  g_assert_cmpint (got->date, >, 0);
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  gint64 mailbox = store_test_add_mailbox (fixture->store, "INBOX");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) write = NULL;
  g_autoptr (GAsyncResult) read = NULL;
  g_autoptr (GPtrArray) rows = store_test_new_rows ();
  g_autoptr (GArray) entries = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (rows, store_test_make_row (1));
  g_cancellable_cancel (cancellable);
  cachet_mail_store_insert_rows_async (fixture->store, mailbox, rows, CACHET_WORKER_PRIORITY_BULK,
                                       cancellable, store_test_answer_cb, &write);
  cachet_mail_store_list_entries_async (fixture->store, mailbox, CACHET_SORT_DATE, FALSE, NULL,
                                        cancellable, store_test_answer_cb, &read);
  entries = cachet_mail_store_insert_rows_finish (fixture->store, store_test_wait (&write), &error);
  g_assert_null (entries);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  entries = cachet_mail_store_list_entries_finish (fixture->store, store_test_wait (&read), &error);
  g_assert_null (entries);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_counts (fixture, mailbox, 0, 0);
}

/* A click must not wait behind a sync that has queued a lot. */
static void
test_priority (Fixture *fixture, gconstpointer data)
{
  gint64 mailbox = store_test_add_mailbox (fixture->store, "INBOX");
  g_autoptr (GAsyncResult) urgent = NULL;
  GAsyncResult *bulk[20] = { NULL };
  g_autoptr (GArray) uids = make_uids (1, 1);
  guint n_done = 0;

  insert_range (fixture, mailbox, 1, 1);
  for (guint i = 0; i < G_N_ELEMENTS (bulk); i++)
    {
      g_autoptr (GPtrArray) rows = store_test_new_rows ();

      for (guint j = 0; j < CACHET_MAIL_STORE_MAX_BATCH; j++)
        g_ptr_array_add (rows, store_test_make_row (2 + i * CACHET_MAIL_STORE_MAX_BATCH + j));
      cachet_mail_store_insert_rows_async (fixture->store, mailbox, rows,
                                           CACHET_WORKER_PRIORITY_BULK, NULL, store_test_answer_cb,
                                           &bulk[i]);
    }
  cachet_mail_store_change_flags_async (fixture->store, mailbox, uids, CACHET_MESSAGE_FLAG_SEEN,
                                        CACHET_MESSAGE_FLAG_NONE, CACHET_WORKER_PRIORITY_USER, NULL,
                                        store_test_answer_cb, &urgent);
  assert_written (fixture->store, &urgent);
  for (guint i = 0; i < G_N_ELEMENTS (bulk); i++)
    n_done += bulk[i] != NULL;
  g_assert_cmpuint (n_done, <, G_N_ELEMENTS (bulk));
  for (guint i = 0; i < G_N_ELEMENTS (bulk); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GArray) entries =
        cachet_mail_store_insert_rows_finish (fixture->store, store_test_wait (&bulk[i]), &error);

      g_assert_no_error (error);
      g_clear_object (&bulk[i]);
    }
  assert_counts (fixture, mailbox, 1 + G_N_ELEMENTS (bulk) * CACHET_MAIL_STORE_MAX_BATCH, 13333);
}

/* The window and cachetctl on the same data. */
static void
test_two_stores (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CachetMailStore) other = store_test_open_mail (fixture->folder);
  gint64 mailbox = store_test_add_mailbox (fixture->store, "INBOX");
  GAsyncResult *answers[40] = { NULL };
  g_autoptr (GArray) entries = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (GPtrArray) rows = store_test_new_rows ();

      for (guint j = 0; j < 50; j++)
        g_ptr_array_add (rows, store_test_make_row (1 + i * 50 + j));
      cachet_mail_store_insert_rows_async (i % 2 ? other : fixture->store, mailbox, rows,
                                           CACHET_WORKER_PRIORITY_BULK, NULL, store_test_answer_cb,
                                           &answers[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GArray) inserted = cachet_mail_store_insert_rows_finish (
        i % 2 ? other : fixture->store, store_test_wait (&answers[i]), &error);

      g_assert_no_error (error);
      g_clear_object (&answers[i]);
    }
  entries = store_test_list (other, mailbox, CACHET_SORT_DATE, FALSE, "about");
  g_assert_cmpuint (entries->len, ==, 2000);
  cachet_mail_store_close (other);
}

/* Not timed strictly: the figures are for whoever reads the log. */
static void
test_many (Fixture *fixture, gconstpointer data)
{
  gint64 mailbox = store_test_add_mailbox (fixture->store, "INBOX");
  g_autoptr (GArray) entries = NULL;
  g_autoptr (GArray) found = NULL;
  gint64 start = g_get_monotonic_time ();
  gint64 inserted;
  gint64 listed;
  gint64 searched;

  for (guint32 first = 1; first <= 100000; first += CACHET_MAIL_STORE_MAX_BATCH)
    insert_range (fixture, mailbox, first, first + CACHET_MAIL_STORE_MAX_BATCH - 1);
  inserted = g_get_monotonic_time ();
  entries = store_test_list (fixture->store, mailbox, CACHET_SORT_DATE, TRUE, NULL);
  listed = g_get_monotonic_time ();
  found = store_test_list (fixture->store, mailbox, CACHET_SORT_DATE, TRUE, "invoice number");
  searched = g_get_monotonic_time ();
  g_test_message ("100000 rows: insert %d ms, list %d ms, index and search %d ms",
                  (int)((inserted - start) / 1000), (int)((listed - inserted) / 1000),
                  (int)((searched - listed) / 1000));
  g_assert_cmpuint (entries->len, ==, 100000);
  for (guint i = 0; i < entries->len; i++)
    g_assert_cmpuint (g_array_index (entries, CachetListEntry, i).uid, ==, 100000 - i);
  g_assert_cmpuint (found->len, ==, 16667);
}

int
main (int argc, char *argv[])
{
  store_test_init (&argc, &argv);

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/store/mail/mailboxes", test_mailboxes);
  ADD ("/store/mail/rename", test_rename);
  ADD ("/store/mail/rows", test_rows);
  ADD ("/store/mail/upsert", test_upsert);
  ADD ("/store/mail/flags", test_flags);
  ADD ("/store/mail/delete-and-clear", test_delete_and_clear);
  ADD ("/store/mail/gone-mailbox", test_gone_mailbox);
  ADD ("/store/mail/orders", test_orders);
  ADD ("/store/mail/missing-bodies", test_missing_bodies);
  ADD ("/store/mail/message-id", test_message_id);
  ADD ("/store/mail/hostile-texts", test_hostile_texts);
  ADD ("/store/mail/cancelled", test_cancelled);
  ADD ("/store/mail/priority", test_priority);
  ADD ("/store/mail/two-stores", test_two_stores);
  ADD ("/store/mail/many", test_many);
#undef ADD
  return g_test_run ();
}
