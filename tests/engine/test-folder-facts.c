#include "config.h"

#include "cachet-folder-roles.h"
#include "cachet-folder-table.h"
#include "cachet-imap-data.h"
#include "cachet-uid-ranges.h"

/* The table of UIDs, its comparison with the server's sets, and the roles of folders. */

static CachetFolderTable *
make_table (const char *uids)
{
  CachetFolderTable *table = cachet_folder_table_new ();
  g_auto (GStrv) words = g_strsplit (uids, " ", -1);

  for (guint i = 0; words[i] != NULL && *words[i] != '\0'; i++)
    cachet_folder_table_append (table, (guint32)g_ascii_strtoull (words[i], NULL, 10), 0);
  return table;
}

static char *
table_to_text (const CachetFolderTable *table)
{
  g_autoptr (GArray) uids = cachet_folder_table_dup_uids (table);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < uids->len; i++)
    g_string_append_printf (text, "%s%u", i > 0 ? " " : "", g_array_index (uids, guint32, i));
  return g_string_free (text, FALSE);
}

static void
test_table (void)
{
  g_autoptr (CachetFolderTable) table = make_table ("3 7 9");
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (CachetListEntry));
  g_autoptr (GArray) gone = g_array_new (FALSE, FALSE, sizeof (guint32));
  const guint32 uids[] = { 8, 1, 9, 20, 8 }, removed[] = { 1, 4, 20 };
  g_autofree char *merged = NULL;
  g_autofree char *left = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (uids); i++)
    {
      CachetListEntry entry = { .uid = uids[i], .flags = CACHET_MESSAGE_FLAG_SEEN };
      g_array_append_val (entries, entry);
    }
  cachet_folder_table_merge (table, entries);
  merged = table_to_text (table);
  g_assert_cmpstr (merged, ==, "1 3 7 8 9 20");
  g_assert_cmpuint (cachet_folder_table_find (table, 9)->flags, ==, CACHET_MESSAGE_FLAG_SEEN);
  g_assert_null (cachet_folder_table_find (table, 2));
  g_array_append_vals (gone, removed, G_N_ELEMENTS (removed));
  cachet_folder_table_remove (table, gone);
  left = table_to_text (table);
  g_assert_cmpstr (left, ==, "3 7 8 9");
  g_assert_cmpuint (cachet_folder_table_get_max_uid (table), ==, 9);
}

static void
test_ranges (void)
{
  static const struct
  {
    const char *known, *set, *missing;
    guint n_gone;
  } cases[] = {
    { "", "1:5", "1:5", 0 },
    { "1 2 3", "1:3", "", 0 },
    { "1 3 9", "1:5,9:10", "2,4:5,10", 0 },
    { "2 4 6", "4", "", 2 },
    { "7 4294967290", "7:4294967295", "8:4294967289,4294967291:4294967295", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CachetFolderTable) table = make_table (cases[i].known);
      g_autoptr (CachetImapSet) set = cachet_imap_set_parse (cases[i].set, -1);
      g_autoptr (CachetImapSet) missing = cachet_uid_ranges_missing (set, table);
      g_autoptr (GArray) gone = cachet_uid_ranges_gone (set, table, 1, G_MAXUINT32);
      g_autofree char *text = cachet_imap_set_to_string (missing);

      g_assert_cmpstr (text, ==, cases[i].missing);
      g_assert_cmpuint (gone->len, ==, cases[i].n_gone);
    }
}

static void
test_newest_first (void)
{
  g_autoptr (CachetImapSet) set = cachet_imap_set_parse ("1:10,20,30:34", -1);
  g_autoptr (GArray) ranges = cachet_uid_ranges_from_set (set);
  static const char *const expected[] = { "33:34", "30:32,20", "5:10", "1:4" };
  const guint sizes[] = { 2, 4, 6, 100 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (CachetImapSet) popped = cachet_uid_ranges_pop_newest (ranges, sizes[i]);
      g_autoptr (CachetImapSet) wanted = cachet_imap_set_parse (expected[i], -1);
      g_autofree char *text = cachet_imap_set_to_string (popped);
      g_autofree char *wanted_text = cachet_imap_set_to_string (wanted);

      g_assert_cmpstr (text, ==, wanted_text);
    }
  g_assert_cmpuint (ranges->len, ==, 0);
}

/* A server that says it has everything costs no time: ranges are not expanded. */
static void
test_huge (void)
{
  g_autoptr (CachetFolderTable) table = make_table ("5 4000000000");
  g_autoptr (CachetImapSet) set = cachet_imap_set_parse ("1:4294967295", -1);
  g_autoptr (GArray) known = cachet_uid_ranges_known (set, table);

  g_assert_cmpuint (known->len, ==, 2);
}

static void
add_mailbox (GPtrArray *mailboxes, const char *name, CachetFolderRole role, guint attributes)
{
  CachetStoredMailbox *mailbox = g_new0 (CachetStoredMailbox, 1);

  mailbox->name = g_strdup (name);
  mailbox->display_name = g_strdup (name);
  mailbox->delimiter = '/';
  mailbox->role = role;
  mailbox->attributes = attributes;
  g_ptr_array_add (mailboxes, mailbox);
}

static void
test_roles (void)
{
  g_autoptr (GPtrArray) mailboxes =
    g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_stored_mailbox_free);
  const CachetFolderRole expected[] = {
    CACHET_FOLDER_ROLE_INBOX, CACHET_FOLDER_ROLE_SENT,   CACHET_FOLDER_ROLE_NONE,
    CACHET_FOLDER_ROLE_TRASH, CACHET_FOLDER_ROLE_DRAFTS, CACHET_FOLDER_ROLE_NONE,
    CACHET_FOLDER_ROLE_JUNK,
  };

  add_mailbox (mailboxes, "INBOX", CACHET_FOLDER_ROLE_NONE, 0);
  add_mailbox (mailboxes, "Outgoing", CACHET_FOLDER_ROLE_SENT, 0);
  add_mailbox (mailboxes, "Envoyés", CACHET_FOLDER_ROLE_NONE, 0); /* the server knows better */
  add_mailbox (mailboxes, "INBOX/Corbeille", CACHET_FOLDER_ROLE_NONE, 0);
  add_mailbox (mailboxes, "brouillons", CACHET_FOLDER_ROLE_NONE, 0);
  add_mailbox (mailboxes, "Lists/Archive", CACHET_FOLDER_ROLE_NONE, 0);
  add_mailbox (mailboxes, "Spam", CACHET_FOLDER_ROLE_NONE, 0);
  cachet_folder_roles_complete (mailboxes);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpint (((CachetStoredMailbox *)g_ptr_array_index (mailboxes, i))->role, ==,
                     expected[i]);
}

static void
test_no_role_without_select (void)
{
  g_autoptr (GPtrArray) mailboxes =
    g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_stored_mailbox_free);

  add_mailbox (mailboxes, "Trash", CACHET_FOLDER_ROLE_NONE, CACHET_IMAP_MAILBOX_NOSELECT);
  add_mailbox (mailboxes, "Papierkorb", CACHET_FOLDER_ROLE_NONE, 0);
  cachet_folder_roles_complete (mailboxes);
  g_assert_cmpint (((CachetStoredMailbox *)g_ptr_array_index (mailboxes, 0))->role, ==,
                   CACHET_FOLDER_ROLE_NONE);
  g_assert_cmpint (((CachetStoredMailbox *)g_ptr_array_index (mailboxes, 1))->role, ==,
                   CACHET_FOLDER_ROLE_TRASH);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/folder/table", test_table);
  g_test_add_func ("/engine/folder/ranges", test_ranges);
  g_test_add_func ("/engine/folder/newest-first", test_newest_first);
  g_test_add_func ("/engine/folder/huge", test_huge);
  g_test_add_func ("/engine/folder/roles", test_roles);
  g_test_add_func ("/engine/folder/no-role-without-select", test_no_role_without_select);
  return g_test_run ();
}
