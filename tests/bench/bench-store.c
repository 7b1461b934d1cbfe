/* bench-store [ROWS…]: what the store costs, beside a bare SQLite loop over the same rows in the
 * same run. Prints figures and ratios, asserts nothing about time. */
#define G_LOG_DOMAIN "cachet-bench"

#include "config.h"

#include "cachet-mail-store.h"
#include "cachet-worker.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#define BATCH 500

static double
now_ms (void)
{
  return (double)g_get_monotonic_time () / 1000.0;
}

static void
answer_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **)user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **answer)
{
  while (*answer == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *answer;
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      g_unlink (child);
    }
  g_rmdir (path);
}

/* Sizes as in real mail: replies to half of them, lists, a subject of forty letters. */
static CachetStoredRow *
make_row (guint32 uid)
{
  static const char *const words[] = { "meeting", "invoice", "holiday", "certificate",
                                       "report",  "garden",  "ticket",  "release" };
  CachetStoredRow *row = g_new0 (CachetStoredRow, 1);
  guint32 hash = uid * 2654435761u;

  row->uid = uid;
  row->flags = hash & 7 ? CACHET_MESSAGE_FLAG_SEEN : CACHET_MESSAGE_FLAG_NONE;
  row->date = 1500000000 + (gint64)uid * 600;
  row->internal_date = row->date + 3;
  row->size = 2000 + hash % 40000;
  row->modseq = uid;
  row->subject = g_strdup_printf ("%sThe %s about the %s, part %u", uid % 20 < 11 ? "Re: " : "",
                                  words[hash % 8], words[(hash >> 8) % 8], uid % 1000);
  row->from_name = g_strdup_printf ("Given%u Surname%u", hash % 97, hash % 2003);
  row->from_addr =
    g_strdup_printf ("given.surname%u@department%u.example.org", hash % 2003, hash % 31);
  row->to = g_strdup_printf ("list%u@lists.example.org", hash % 13);
  row->message_id =
    g_strdup_printf ("2023100512%06u.%08x@mail%u.example.org", uid, hash, hash % 31);
  row->references =
    uid % 20 < 11
      ? g_strdup_printf (
          "2023100411%06u.%08x@mail%u.example.org 2023100412%06u.%08x@mail%u.example.org", uid,
          ~hash, hash % 29, uid, hash ^ 0x5555, hash % 23)
      : g_strdup ("");
  row->in_reply_to = g_strdup (*row->references != '\0' ? strchr (row->references, ' ') + 1 : "");
  return row;
}

static GPtrArray *
make_batch (guint32 first, guint32 n)
{
  GPtrArray *rows = g_ptr_array_new_full (n, (GDestroyNotify)cachet_stored_row_free);

  for (guint32 i = 0; i < n; i++)
    g_ptr_array_add (rows, make_row (first + i));
  return rows;
}

/* The floor: one table, the same columns, three indices, one prepared statement. */
static sqlite3 *
open_raw (const char *path)
{
  sqlite3 *db;

  if (sqlite3_open (path, &db) != SQLITE_OK ||
      sqlite3_exec (db,
                    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
                    "CREATE TABLE m (id INTEGER PRIMARY KEY, b, uid, f, d, i, s, q, k, fn, fa,"
                    " su, t, mi, rf); CREATE UNIQUE INDEX m1 ON m (b, uid);"
                    "CREATE INDEX m2 ON m (b, d, uid, f, s); CREATE INDEX m3 ON m (k);",
                    NULL, NULL, NULL) != SQLITE_OK)
    g_error ("%s", sqlite3_errmsg (db));
  return db;
}

static void
insert_raw (sqlite3 *db, sqlite3_stmt *insert, GPtrArray *rows)
{
  sqlite3_exec (db, "BEGIN", NULL, NULL, NULL);
  for (guint i = 0; i < rows->len; i++)
    {
      const CachetStoredRow *row = g_ptr_array_index (rows, i);
      const char *texts[] = { row->from_name, row->from_addr,  row->subject,
                              row->to,        row->message_id, row->references };

      sqlite3_bind_int64 (insert, 1, 1);
      sqlite3_bind_int64 (insert, 2, row->uid);
      sqlite3_bind_int64 (insert, 3, row->flags);
      sqlite3_bind_int64 (insert, 4, row->date);
      sqlite3_bind_int64 (insert, 5, row->internal_date);
      sqlite3_bind_int64 (insert, 6, (gint64)row->size);
      sqlite3_bind_int64 (insert, 7, (gint64)row->modseq);
      sqlite3_bind_int64 (insert, 8, row->uid * 2654435761u);
      for (int j = 0; j < 6; j++)
        sqlite3_bind_text (insert, 9 + j, texts[j], -1, SQLITE_STATIC);
      if (sqlite3_step (insert) != SQLITE_DONE)
        g_error ("%s", sqlite3_errmsg (db));
      sqlite3_reset (insert);
    }
  sqlite3_exec (db, "COMMIT", NULL, NULL, NULL);
}

static CachetMailStore *
open_store (const char *folder)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;
  CachetMailStore *store;

  cachet_mail_store_open_async (folder, NULL, answer_cb, &answer);
  store = cachet_mail_store_open_finish (wait_for (&answer), NULL, &error);
  g_assert_no_error (error);
  return store;
}

static gint64
add_mailbox (CachetMailStore *store)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list =
    g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_stored_mailbox_free);
  g_autoptr (GPtrArray) stored = NULL;
  CachetStoredMailbox mailbox = { 0 };

  mailbox.account_id = (char *)"a";
  mailbox.name = mailbox.display_name = (char *)"INBOX";
  g_ptr_array_add (list, cachet_stored_mailbox_copy (&mailbox));
  cachet_mail_store_replace_mailboxes_async (store, "a", list, NULL, answer_cb, &answer);
  stored = cachet_mail_store_replace_mailboxes_finish (store, wait_for (&answer), &error);
  g_assert_no_error (error);
  return ((CachetStoredMailbox *)g_ptr_array_index (stored, 0))->id;
}

static void
insert_batch (CachetMailStore *store, gint64 mailbox, GPtrArray *rows)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) entries = NULL;

  cachet_mail_store_insert_rows_async (store, mailbox, rows, CACHET_WORKER_PRIORITY_BULK, NULL,
                                       answer_cb, &answer);
  entries = cachet_mail_store_insert_rows_finish (store, wait_for (&answer), &error);
  g_assert_no_error (error);
}

static double
time_list (CachetMailStore *store, gint64 mailbox, CachetSortKey key, const char *filter, guint *n)
{
  double best = G_MAXDOUBLE;

  for (int i = 0; i < 3; i++)
    {
      g_autoptr (GAsyncResult) answer = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (GArray) entries = NULL;
      double start = now_ms ();

      cachet_mail_store_list_entries_async (store, mailbox, key, TRUE, filter, NULL, answer_cb,
                                            &answer);
      entries = cachet_mail_store_list_entries_finish (store, wait_for (&answer), &error);
      g_assert_no_error (error);
      best = MIN (best, now_ms () - start);
      *n = entries->len;
    }
  return best;
}

static double
time_raw_list (sqlite3 *db)
{
  double best = G_MAXDOUBLE;
  sqlite3_stmt *list;

  if (sqlite3_prepare_v2 (db,
                          "SELECT id, d, uid, f, s FROM m WHERE b = 1 ORDER BY d DESC, uid DESC",
                          -1, &list, NULL) != SQLITE_OK)
    g_error ("%s", sqlite3_errmsg (db));
  for (int i = 0; i < 3; i++)
    {
      double start = now_ms ();
      gint64 sum = 0;

      while (sqlite3_step (list) == SQLITE_ROW)
        for (int j = 0; j < 5; j++)
          sum += sqlite3_column_int64 (list, j);
      sqlite3_reset (list);
      g_assert_cmpint (sum, !=, 0);
      best = MIN (best, now_ms () - start);
    }
  sqlite3_finalize (list);
  return best;
}

static double
time_search (CachetMailStore *store, const char *words, guint *n)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) ids = NULL;
  double start = now_ms ();

  cachet_mail_store_search_async (store, NULL, words, 1000, NULL, answer_cb, &answer);
  ids = cachet_mail_store_search_finish (store, wait_for (&answer), &error);
  g_assert_no_error (error);
  *n = ids->len;
  return now_ms () - start;
}

static double
time_flags (CachetMailStore *store, gint64 mailbox, guint32 n)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  double start = now_ms ();

  for (guint32 uid = 1; uid <= n; uid++)
    g_array_append_val (uids, uid);
  cachet_mail_store_change_flags_async (store, mailbox, uids, CACHET_MESSAGE_FLAG_FLAGGED,
                                        CACHET_MESSAGE_FLAG_NONE, CACHET_WORKER_PRIORITY_USER, NULL,
                                        answer_cb, &answer);
  cachet_mail_store_write_finish (store, wait_for (&answer), &error);
  g_assert_no_error (error);
  return now_ms () - start;
}

static double
time_load (CachetMailStore *store, gint64 first)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GPtrArray) rows = NULL;
  double start = now_ms ();

  for (gint64 id = first; id < first + 50; id++)
    g_array_append_val (ids, id);
  cachet_mail_store_load_rows_async (store, ids, NULL, answer_cb, &answer);
  rows = cachet_mail_store_load_rows_finish (store, wait_for (&answer), NULL);
  g_assert_cmpuint (rows->len, ==, 50);
  return now_ms () - start;
}

/* One call a message, as bodies come in; bytes of text in @size. */
static double
time_bodies (CachetMailStore *store, guint n, gsize *size)
{
  double start = now_ms ();
  guint32 random = 1;

  *size = 0;
  for (guint i = 1; i <= n; i++)
    {
      g_autoptr (GAsyncResult) answer = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (GString) text = g_string_new (NULL);

      while (text->len < 1000)
        {
          random = random * 1664525u + 1013904223u;
          /* Common words are common. */
          g_string_append_printf (text, "w%u ", (random >> 16) % (1 + (random >> 4) % 20000));
        }
      *size += text->len;
      cachet_mail_store_index_text_async (store, i, text->str, NULL, CACHET_WORKER_PRIORITY_BULK,
                                          NULL, answer_cb, &answer);
      cachet_mail_store_write_finish (store, wait_for (&answer), &error);
      g_assert_no_error (error);
    }
  return now_ms () - start;
}

static gint64
get_file_size (const char *path)
{
  GStatBuf info;

  return g_stat (path, &info) == 0 ? info.st_size : 0;
}

static void
run (guint n_rows)
{
  g_autofree char *folder = g_dir_make_tmp ("cachet-bench-XXXXXX", NULL);
  g_autofree char *raw_path = g_build_filename (folder, "raw.db", NULL);
  g_autofree char *cache_path = g_build_filename (folder, "cache.db", NULL);
  CachetMailStore *store = open_store (folder);
  gint64 mailbox = add_mailbox (store);
  sqlite3 *raw = open_raw (raw_path);
  sqlite3_stmt *insert;
  double raw_ms = 0;
  double store_ms = 0;
  double catch_up;
  double value;
  gint64 header_size;
  gint64 indexed_size;
  gsize text_size;
  guint hits;
  guint n;

  if (sqlite3_prepare_v2 (raw,
                          "INSERT INTO m VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                          -1, &insert, NULL) != SQLITE_OK)
    g_error ("%s", sqlite3_errmsg (raw));
  for (guint done = 0; done < n_rows; done += BATCH)
    {
      g_autoptr (GPtrArray) rows = make_batch (done + 1, MIN (BATCH, n_rows - done));
      double start = now_ms ();

      insert_raw (raw, insert, rows);
      raw_ms += now_ms () - start;
      start = now_ms ();
      insert_batch (store, mailbox, rows);
      store_ms += now_ms () - start;
    }
  g_print ("%u rows\n", n_rows);
  g_print ("  insert    raw %8.0f rows/s   store %8.0f rows/s   ratio %.2f (time)\n",
           n_rows / raw_ms * 1000, n_rows / store_ms * 1000, store_ms / raw_ms);

  value = time_raw_list (raw);
  store_ms = time_list (store, mailbox, CACHET_SORT_DATE, NULL, &n);
  g_assert_cmpuint (n, ==, n_rows);
  g_print ("  list      raw %8.2f ms       store %8.2f ms       ratio %.2f\n", value, store_ms,
           store_ms / value);
  g_print ("  by subject %.1f ms, sender %.1f ms, size %.1f ms, unread %.1f ms\n",
           time_list (store, mailbox, CACHET_SORT_SUBJECT, NULL, &n),
           time_list (store, mailbox, CACHET_SORT_FROM, NULL, &n),
           time_list (store, mailbox, CACHET_SORT_SIZE, NULL, &n),
           time_list (store, mailbox, CACHET_SORT_UNREAD, NULL, &n));
  g_print ("  50 rows   %.2f ms; 1000 flags %.2f ms\n", time_load (store, n_rows / 2),
           time_flags (store, mailbox, MIN (n_rows, 1000)));

  sqlite3_wal_checkpoint_v2 (raw, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  cachet_mail_store_close (store);
  g_object_unref (store);
  header_size = get_file_size (cache_path);
  value = now_ms ();
  store = open_store (folder);
  g_print ("  open      %.2f ms\n", now_ms () - value);
  catch_up = time_search (store, "certificate", &n);
  g_print ("  index     %8.0f headers/s (with the first search)\n", n_rows / catch_up * 1000);
  value = time_search (store, "certificate report", &n);
  g_print ("  search    %.2f ms for %u hits at most 1000 wanted; ", value, n);
  value = time_search (store, "c", &n);
  g_print ("one letter %.2f ms; ", value);
  value = time_list (store, mailbox, CACHET_SORT_DATE, "certificate", &n);
  g_print ("filter %.2f ms for %u\n", value, n);

  cachet_mail_store_close (store);
  g_object_unref (store);
  indexed_size = get_file_size (cache_path);
  store = open_store (folder);
  n = MIN (n_rows, 10000);
  value = time_bodies (store, n, &text_size);
  g_print ("  bodies    %8.0f texts/s of 1 kB; ", n / value * 1000);
  value = time_search (store, "w1 w2", &hits);
  g_print ("index them %.0f/s; ", n / value * 1000);
  value = time_search (store, "w1 w2", &hits);
  g_print ("search %.2f ms for %u; ", value, hits);
  cachet_mail_store_close (store);
  g_object_unref (store);
  g_print ("on disk %.2f of the text\n",
           (double)(get_file_size (cache_path) - indexed_size) / (double)text_size);
  g_print ("  on disk   raw %.0f B/row, store %.0f B/row, with header index %.0f B/row\n",
           (double)get_file_size (raw_path) / n_rows, (double)header_size / n_rows,
           (double)indexed_size / n_rows);
  sqlite3_finalize (insert);
  sqlite3_close (raw);
  remove_folder (folder);
}

int
main (int argc, char *argv[])
{
  double load[1] = { 0 };

  if (getloadavg (load, 1) == 1)
    g_print ("load %.1f\n", load[0]);
  if (argc < 2)
    {
      run (10000);
      run (100000);
    }
  for (int i = 1; i < argc; i++)
    run ((guint)g_ascii_strtoull (argv[i], NULL, 10));
  return 0;
}
