#define G_LOG_DOMAIN "cachet-test"

#include "config.h"

#include "cachet-index-text.h"
#include "store-test.h"

#include <string.h>

typedef struct
{
  char *folder;
  CachetMailStore *store;
  gint64 mailbox;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = store_test_make_folder ();
  fixture->store = store_test_open_mail (fixture->folder);
  fixture->mailbox = store_test_add_mailbox (fixture->store, "INBOX");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  store_test_close_mail (fixture->store);
  store_test_remove_folder (fixture->folder);
  g_free (fixture->folder);
}

static gint64
add_message (Fixture *fixture, guint32 uid, const char *subject)
{
  g_autoptr (GPtrArray) rows = store_test_new_rows ();
  g_autoptr (GArray) entries = NULL;
  CachetStoredRow *row = store_test_make_row (uid);

  g_free (row->subject);
  row->subject = g_strdup (subject);
  g_free (row->from_name);
  row->from_name = g_strdup ("Zoé Müller");
  g_ptr_array_add (rows, row);
  entries = store_test_insert (fixture->store, fixture->mailbox, rows);
  return g_array_index (entries, CachetListEntry, 0).id;
}

static void
index_text (Fixture *fixture, gint64 id, const char *text, const char *attachments)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;

  cachet_mail_store_index_text_async (fixture->store, id, text, attachments,
                                      CACHET_WORKER_PRIORITY_BULK, NULL, store_test_answer_cb,
                                      &answer);
  cachet_mail_store_write_finish (fixture->store, store_test_wait (&answer), &error);
  g_assert_no_error (error);
}

static char *
search (Fixture *fixture, const char *account, const char *words)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) ids = NULL;
  GString *text = g_string_new (NULL);

  cachet_mail_store_search_async (fixture->store, account, words, 100, NULL, store_test_answer_cb,
                                  &answer);
  ids = cachet_mail_store_search_finish (fixture->store, store_test_wait (&answer), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (GPtrArray) rows = store_test_load (fixture->store, g_array_index (ids, gint64, i));

      g_assert_cmpuint (rows->len, ==, 1);
      g_string_append_printf (text, "%s%u", i > 0 ? " " : "",
                              ((CachetStoredRow *)g_ptr_array_index (rows, 0))->uid);
    }
  return g_string_free (text, FALSE);
}

static void
assert_found (Fixture *fixture, const char *words, const char *uids)
{
  g_autofree char *found = search (fixture, "a", words);

  if (strcmp (found, uids) != 0)
    g_error ("“%s” finds “%s”, not “%s”", words, found, uids);
}

static void
test_words (Fixture *fixture, gconstpointer data)
{
  gint64 first = add_message (fixture, 1, "Réunion d'été à Ÿork");
  g_autofree char *elsewhere = NULL;

  add_message (fixture, 2, "About \"quoted\" AND OR NOT things");
  add_message (fixture, 3, "東京で会議をします");
  index_text (fixture, first, "The body speaks of penguins and well-known things.",
              "Invoice-2026.pdf photo.jpg");

  assert_found (fixture, "reunion", "1");
  assert_found (fixture, "RÉUNION ete", "1");
  assert_found (fixture, "york", "1");
  assert_found (fixture, "muller", "3 2 1");
  assert_found (fixture, "zoe@", "3 2 1");
  assert_found (fixture, "person1@example.org", "1");
  assert_found (fixture, "penguin", "1");
  assert_found (fixture, "penguins reunion", "1");
  assert_found (fixture, "penguins quoted", "");
  assert_found (fixture, "invoice-2026.pdf", "1");
  assert_found (fixture, "photo", "1");
  /* Only the last word may be the beginning of one. */
  assert_found (fixture, "peng reunion", "");
  assert_found (fixture, "reunion peng", "1");
  assert_found (fixture, "会議", "3");
  assert_found (fixture, "東京", "3");
  assert_found (fixture, "京東", "");
  assert_found (fixture, "会議 東京", "3");
  assert_found (fixture, "things", "2 1");
  elsewhere = search (fixture, "b", "things");
  g_assert_cmpstr (elsewhere, ==, "");
}

/* What people type is text, whatever FTS5 would make of it. */
static void
test_no_syntax (Fixture *fixture, gconstpointer data)
{
  static const char *const queries[] = { "\"",
                                         "\"\"",
                                         "\"quoted",
                                         "'",
                                         "things\"",
                                         "AND",
                                         "things AND",
                                         "OR OR",
                                         "NOT things",
                                         "NEAR(things quoted)",
                                         "subject:",
                                         "subject : x",
                                         "{subject people}",
                                         "^things",
                                         "things*",
                                         "*",
                                         "**",
                                         "(",
                                         ")",
                                         "things)",
                                         "-things",
                                         "+",
                                         "a + b",
                                         "%",
                                         "\\",
                                         "; DROP TABLE",
                                         "things --",
                                         "\xff\xfe",
                                         "\xf0\x9f",
                                         "\x01\x02",
                                         "👍",
                                         "é̂̂̂̂",
                                         "“things”",
                                         "…",
                                         "things\xc2\xa0quoted" };

  add_message (fixture, 1, "About \"quoted\" AND OR NOT things");
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autofree char *found = search (fixture, NULL, queries[i]);
      g_autoptr (GArray) filtered =
        store_test_list (fixture->store, fixture->mailbox, CACHET_SORT_DATE, TRUE, queries[i]);

      g_assert_cmpuint (filtered->len, ==, strcmp (found, "1") == 0 ? 1 : 0);
    }
  assert_found (fixture, "AND", "1");
  assert_found (fixture, "things AND quoted", "1");
  assert_found (fixture, "\"quoted\"", "1");
  assert_found (fixture, "NOT penguins", "");
  assert_found (fixture, "subject:things", "");
  assert_found (fixture, "^things", "1");
  assert_found (fixture, "-things", "1");
  assert_found (fixture, "things\xc2\xa0quoted", "1");
  assert_found (fixture, "*", "");
  assert_found (fixture, "", "");
}

static void
test_replace_and_delete (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GArray) uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GError) error = NULL;
  gint64 id = add_message (fixture, 1, "Subject");
  guint32 uid = 1;

  /* Before and after the header is in the index. */
  index_text (fixture, id, "alpha", NULL);
  assert_found (fixture, "alpha subject", "1");
  index_text (fixture, id, "beta", "gamma.txt");
  assert_found (fixture, "alpha", "");
  assert_found (fixture, "beta gamma subject", "1");
  add_message (fixture, 2, "Other");
  assert_found (fixture, "other", "2");
  assert_found (fixture, "beta", "1");
  /* The row is fetched again with another subject. */
  add_message (fixture, 1, "Topic");
  assert_found (fixture, "subject", "");
  assert_found (fixture, "topic beta", "1");

  g_array_append_val (uids, uid);
  cachet_mail_store_delete_uids_async (fixture->store, fixture->mailbox, uids,
                                       CACHET_WORKER_PRIORITY_USER, NULL, store_test_answer_cb,
                                       &answer);
  g_assert_true (
    cachet_mail_store_write_finish (fixture->store, store_test_wait (&answer), &error));
  assert_found (fixture, "beta", "");
  assert_found (fixture, "topic", "");
  assert_found (fixture, "muller", "2");
  g_clear_object (&answer);
  cachet_mail_store_index_text_async (fixture->store, id, "late", NULL, CACHET_WORKER_PRIORITY_BULK,
                                      NULL, store_test_answer_cb, &answer);
  g_assert_false (
    cachet_mail_store_write_finish (fixture->store, store_test_wait (&answer), &error));
  g_assert_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_NOT_FOUND);
}

static void
test_long_text (Fixture *fixture, gconstpointer data)
{
  gint64 id = add_message (fixture, 1, "Subject");
  g_autoptr (GString) text = g_string_new (NULL);

  while (text->len < CACHET_MAIL_STORE_MAX_INDEXED_TEXT - 100)
    g_string_append_printf (text, "word%" G_GSIZE_FORMAT " 東 ", text->len % 5000);
  g_string_append (text, " inside ");
  while (text->len < CACHET_MAIL_STORE_MAX_INDEXED_TEXT)
    g_string_append (text, "€");
  g_string_append (text, " outside");
  index_text (fixture, id, text->str, NULL);
  assert_found (fixture, "inside", "1");
  assert_found (fixture, "outside", "");
  index_text (fixture, id, "short", NULL);
  assert_found (fixture, "inside", "");
  assert_found (fixture, "word0", "");
  assert_found (fixture, "short", "1");
}

/* Without a search the index follows by itself, and what it has lives on. */
static void
test_follows (Fixture *fixture, gconstpointer data)
{
  g_autofree char *found = NULL;

  add_message (fixture, 1, "Subject");
  store_test_close_mail (fixture->store);
  fixture->store = store_test_open_mail (fixture->folder);
  assert_found (fixture, "subject", "1");
  add_message (fixture, 2, "Second subject");
  found = search (fixture, NULL, "subject");
  g_assert_cmpstr (found, ==, "2 1");
}

/* A search overtakes insertions that wait in the queue: it must not take the index for complete. */
static void
test_overtakes (Fixture *fixture, gconstpointer data)
{
  GAsyncResult *inserted[30] = { NULL };
  g_autoptr (GAsyncResult) searched = NULL;
  g_autoptr (GArray) early = NULL;
  g_autoptr (GArray) late = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (inserted); i++)
    {
      g_autoptr (GPtrArray) rows = store_test_new_rows ();

      for (guint j = 0; j < 100; j++)
        g_ptr_array_add (rows, store_test_make_row (1 + i * 100 + j));
      cachet_mail_store_insert_rows_async (fixture->store, fixture->mailbox, rows,
                                           CACHET_WORKER_PRIORITY_BULK, NULL, store_test_answer_cb,
                                           &inserted[i]);
    }
  cachet_mail_store_search_async (fixture->store, NULL, "about", 10000, NULL, store_test_answer_cb,
                                  &searched);
  early = cachet_mail_store_search_finish (fixture->store, store_test_wait (&searched), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (inserted); i++)
    {
      g_autoptr (GArray) entries = cachet_mail_store_insert_rows_finish (
        fixture->store, store_test_wait (&inserted[i]), &error);

      g_assert_no_error (error);
      g_clear_object (&inserted[i]);
    }
  late = store_test_list (fixture->store, fixture->mailbox, CACHET_SORT_DATE, TRUE, "about");
  g_assert_cmpuint (early->len, <=, 3000);
  g_assert_cmpuint (late->len, ==, 3000);
}

/* The index follows by itself in a pause, and then says so. */
static void
test_follows_alone (Fixture *fixture, gconstpointer data)
{
  gint64 id = add_message (fixture, 1, "Subject");
  gint64 until = g_get_monotonic_time () + 3 * G_USEC_PER_SEC;

  index_text (fixture, id, "alpha", NULL);
  while (g_get_monotonic_time () < until)
    g_main_context_iteration (NULL, FALSE);
  assert_found (fixture, "alpha subject", "1");
  index_text (fixture, id, "beta", NULL);
  assert_found (fixture, "alpha", "");
  assert_found (fixture, "beta subject", "1");
}

/* A Message-ID is not a word that people can hit upon. */
static void
test_key_is_apart (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (CachetStoredRow) row = store_test_make_row (1);
  g_autoptr (GError) error = NULL;

  add_message (fixture, 1, "Subject");
  assert_found (fixture, "k", "");
  assert_found (fixture, "key", "");
  assert_found (fixture, row->message_id, "");
  cachet_mail_store_find_message_id_async (fixture->store, "a", 0, row->message_id, NULL,
                                           store_test_answer_cb, &answer);
  rows = cachet_mail_store_load_rows_finish (fixture->store, store_test_wait (&answer), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, 1);
}

static void
test_query (void)
{
  g_autofree char *plain = cachet_index_text_make_query ("  two   words ");
  g_autofree char *quoted = cachet_index_text_make_query ("a\"b");
  g_autofree char *nothing = cachet_index_text_make_query (" \" - * ");
  g_autofree char *han = cachet_index_text_make_query ("東京");
  g_autofree char *kept = cachet_index_text_prepare ("plain é ü ß 한국어");
  g_autofree char *apart = cachet_index_text_prepare ("a東b");
  g_autoptr (GString) many = g_string_new (NULL);
  g_autofree char *limited = NULL;
  guint n = 0;

  g_assert_cmpstr (plain, ==, "{subject people body attachments} : (\"two\" AND \"words\"*)");
  g_assert_cmpstr (quoted, ==, "{subject people body attachments} : (\"a\"\"b\"*)");
  g_assert_null (nothing);
  g_assert_cmpstr (han, ==, "{subject people body attachments} : (\" 東  京 \"*)");
  g_assert_null (kept);
  g_assert_cmpstr (apart, ==, "a 東 b");
  for (guint i = 0; i < 100; i++)
    g_string_append_printf (many, "word%u ", i);
  limited = cachet_index_text_make_query (many->str);
  for (const char *p = limited; (p = strstr (p, "word")) != NULL; p++)
    n++;
  g_assert_cmpuint (n, ==, CACHET_SEARCH_MAX_WORDS);
  while (many->len < 100000)
    g_string_append (many, "€uro");
  g_free (limited);
  limited = cachet_index_text_make_query (many->str);
  g_assert_true (g_utf8_validate (limited, -1, NULL));
  g_assert_cmpuint (strlen (limited), <, 2 * CACHET_SEARCH_MAX_BYTES);
}

int
main (int argc, char *argv[])
{
  store_test_init (&argc, &argv);

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/store/search/words", test_words);
  ADD ("/store/search/no-syntax", test_no_syntax);
  ADD ("/store/search/replace-and-delete", test_replace_and_delete);
  ADD ("/store/search/long-text", test_long_text);
  ADD ("/store/search/follows", test_follows);
  ADD ("/store/search/follows-alone", test_follows_alone);
  ADD ("/store/search/overtakes", test_overtakes);
  ADD ("/store/search/key-is-apart", test_key_is_apart);
#undef ADD
  g_test_add_func ("/store/search/query", test_query);
  return g_test_run ();
}
