#define G_LOG_DOMAIN "cachet-test"

#include "config.h"

#include "journal-test.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* A child writes, says on a pipe what was confirmed to it, and is killed at some moment. */

#define N_ROUNDS 12
#define BATCH 50

static const char *program;

/* Child: never returns. */
static void
write_journal (const char *folder)
{
  g_autoptr (GError) error = NULL;
  CachetJournal *journal = store_test_open_journal (folder, NULL);

  for (guint32 i = 1;; i++)
    {
      gint64 id = journal_test_add_operation (journal, "store", i, &error);

      g_assert_no_error (error);
      printf ("o %" G_GINT64_FORMAT " %u\n", id, i);
      if (i % 3 == 0)
        {
          g_autofree char *text = g_strdup_printf ("message %u", i);

          id = journal_test_add_outbox (journal, text, text, &error);
          g_assert_no_error (error);
          printf ("m %" G_GINT64_FORMAT " %u\n", id, i);
        }
      if (i % 4 == 0)
        {
          g_autofree char *text = g_strdup_printf ("draft %u", i);

          g_assert_true (journal_test_write_draft (journal, "d", text, &error));
          printf ("d 0 %u\n", i);
        }
      if (i % 9 == 0)
        {
          g_assert_true (journal_test_remove_outbox (journal, id, &error));
          printf ("r %" G_GINT64_FORMAT " %u\n", id, i);
        }
      fflush (stdout);
    }
}

/* Child: never returns. */
static void
write_cache (const char *folder)
{
  CachetMailStore *store = store_test_open_mail (folder);
  gint64 mailbox = store_test_add_mailbox (store, "INBOX");

  for (guint32 first = 1;; first += BATCH)
    {
      g_autoptr (GPtrArray) rows = store_test_new_rows ();
      g_autoptr (GArray) entries = NULL;

      for (guint32 i = 0; i < BATCH; i++)
        g_ptr_array_add (rows, store_test_make_row (first + i));
      entries = store_test_insert (store, mailbox, rows);
      printf ("b %u %u\n", first, BATCH);
      fflush (stdout);
    }
}

/* What a child said before it died, without a last line that is not whole. */
static GPtrArray *
run_and_kill (const char *mode, const char *folder, guint milliseconds)
{
  const char *const arguments[] = { program, mode, folder, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_auto (GStrv) lines = NULL;
  GPtrArray *whole = g_ptr_array_new_with_free_func (g_free);
  char buffer[4096];
  gssize n;
  GPid pid;
  int fd;

  g_spawn_async_with_pipes (NULL, (char **)arguments, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                            &pid, NULL, &fd, NULL, &error);
  g_assert_no_error (error);
  /* From the first word on, so that each round has something to lose. */
  n = read (fd, buffer, sizeof buffer);
  g_assert_cmpint (n, >, 0);
  g_string_append_len (text, buffer, n);
  g_usleep (milliseconds * 1000);
  g_assert_cmpint (kill (pid, SIGKILL), ==, 0);
  while ((n = read (fd, buffer, sizeof buffer)) > 0)
    g_string_append_len (text, buffer, n);
  close (fd);
  g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);
  lines = g_strsplit (text->str, "\n", -1);
  for (guint i = 0; lines[i] != NULL && lines[i + 1] != NULL; i++)
    g_ptr_array_add (whole, g_strdup (lines[i]));
  return whole;
}

typedef struct
{
  GHashTable *operations; /* id -> UID */
  GHashTable *messages;   /* id -> number */
  GHashTable *removed;    /* ids */
  guint draft;
  guint last_message; /* its removal may have been under way */
} Confirmed;

static void
note_line (Confirmed *confirmed, const char *line)
{
  char kind;
  gint64 id;
  guint number;

  g_assert_cmpint (sscanf (line, "%c %" G_GINT64_FORMAT " %u", &kind, &id, &number), ==, 3);
  if (kind == 'o')
    g_hash_table_insert (confirmed->operations, GUINT_TO_POINTER ((guint)id),
                         GUINT_TO_POINTER (number));
  else if (kind == 'm')
    {
      confirmed->last_message = number;
      g_hash_table_insert (confirmed->messages, GUINT_TO_POINTER ((guint)id),
                           GUINT_TO_POINTER (number));
    }
  else if (kind == 'r')
    g_hash_table_add (confirmed->removed, GUINT_TO_POINTER ((guint)id));
  else if (kind == 'd')
    confirmed->draft = number;
}

/* Every operation that was confirmed is there, whole; at most one a round that was not. */
static void
check_operations (CachetJournal *journal, Confirmed *confirmed, guint n_rounds)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = journal_test_list_operations (journal, &error);
  guint n_confirmed = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < list->len; i++)
    {
      const CachetJournalOperation *operation = g_ptr_array_index (list, i);
      gpointer uid;

      if (!g_hash_table_lookup_extended (confirmed->operations,
                                         GUINT_TO_POINTER ((guint)operation->id), NULL, &uid))
        continue;
      n_confirmed++;
      g_assert_cmpuint (journal_test_get_uid (operation), ==, GPOINTER_TO_UINT (uid));
    }
  g_assert_cmpuint (n_confirmed, ==, g_hash_table_size (confirmed->operations));
  g_assert_cmpuint (list->len, <=, n_confirmed + n_rounds);
}

static void
check_messages (CachetJournal *journal, Confirmed *confirmed, guint n_rounds)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = journal_test_list_outbox (journal, &error);
  guint n_confirmed = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < list->len; i++)
    {
      const CachetOutboxEntry *entry = g_ptr_array_index (list, i);
      g_autoptr (GBytes) bytes = journal_test_read_outbox (journal, entry->id, &error);
      g_autofree char *text = NULL;
      gpointer id = GUINT_TO_POINTER ((guint)entry->id);

      g_assert_no_error (error);
      text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      g_assert_cmpstr (text, ==, entry->subject);
      /* What was sent and removed does not come back. */
      g_assert_false (g_hash_table_contains (confirmed->removed, id));
      if (entry->state == CACHET_OUTBOX_READY && g_hash_table_contains (confirmed->messages, id))
        n_confirmed++;
    }
  /* One more may be gone: its removal was done and not yet told. */
  g_assert_cmpuint (n_confirmed + g_hash_table_size (confirmed->removed) + n_rounds, >=,
                    g_hash_table_size (confirmed->messages));
  g_assert_cmpuint (list->len, <=, n_confirmed + n_rounds);
}

static void
check_draft (CachetJournal *journal, Confirmed *confirmed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *text = NULL;
  guint number;

  if (confirmed->draft == 0)
    return;
  bytes = journal_test_read_draft (journal, "d", &error);
  g_assert_no_error (error);
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_assert_cmpint (sscanf (text, "draft %u", &number), ==, 1);
  g_assert_true (number == confirmed->draft || number == confirmed->draft + 4);
}

static void
test_journal (void)
{
  g_autofree char *folder = store_test_make_folder ();
  Confirmed confirmed = { g_hash_table_new (NULL, NULL), g_hash_table_new (NULL, NULL),
                          g_hash_table_new (NULL, NULL), 0, 0 };

  for (guint round = 1; round <= N_ROUNDS; round++)
    {
      g_autoptr (GPtrArray) lines = run_and_kill (
        "--write-journal", folder, (guint)g_test_rand_int_range (1, round % 3 ? 30 : 120));
      g_autoptr (CachetJournal) journal = NULL;
      g_autofree char *outbox = g_build_filename (folder, "outbox", NULL);
      g_auto (GStrv) files = NULL;

      confirmed.draft = 0;
      for (guint i = 0; i < lines->len; i++)
        note_line (&confirmed, g_ptr_array_index (lines, i));
      journal = store_test_open_journal (folder, NULL);
      check_operations (journal, &confirmed, round);
      check_messages (journal, &confirmed, round);
      check_draft (journal, &confirmed);
      files = store_test_list_folder (outbox);
      for (guint i = 0; files[i] != NULL; i++)
        g_assert_true (g_str_has_suffix (files[i], ".eml"));
      cachet_journal_close (journal);
    }
  g_test_message ("%u operations and %u messages in %d rounds",
                  g_hash_table_size (confirmed.operations), g_hash_table_size (confirmed.messages),
                  N_ROUNDS);
  g_assert_cmpuint (g_hash_table_size (confirmed.operations), >=, N_ROUNDS);
  g_hash_table_unref (confirmed.operations);
  g_hash_table_unref (confirmed.messages);
  g_hash_table_unref (confirmed.removed);
  store_test_remove_folder (folder);
}

/* Killed while the log went into the file, and then the log was damaged: the file is not whole
 * either. No message is lost, and no operation is another than it was. */
static void
check_recovered (CachetJournal *journal, Confirmed *confirmed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) operations = journal_test_list_operations (journal, &error);
  g_autoptr (GPtrArray) outbox = journal_test_list_outbox (journal, &error);
  g_autoptr (GHashTable) subjects = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer id;
  gpointer number;

  g_assert_no_error (error);
  for (guint i = 0; i < operations->len; i++)
    {
      const CachetJournalOperation *operation = g_ptr_array_index (operations, i);
      gpointer uid;

      if (g_hash_table_lookup_extended (confirmed->operations,
                                        GUINT_TO_POINTER ((guint)operation->id), NULL, &uid))
        g_assert_cmpuint (journal_test_get_uid (operation), ==, GPOINTER_TO_UINT (uid));
    }
  for (guint i = 0; i < outbox->len; i++)
    g_hash_table_add (subjects, ((CachetOutboxEntry *)g_ptr_array_index (outbox, i))->subject);
  g_hash_table_iter_init (&iter, confirmed->messages);
  while (g_hash_table_iter_next (&iter, &id, &number))
    {
      g_autofree char *subject = g_strdup_printf ("message %u", GPOINTER_TO_UINT (number));

      g_assert_true (g_hash_table_contains (subjects, subject) ||
                     g_hash_table_contains (confirmed->removed, id) ||
                     GPOINTER_TO_UINT (number) == confirmed->last_message);
    }
}

/* The log that a crash leaves has a flipped bit: what was confirmed is in the file all the same. */
static void
test_journal_log (void)
{
  for (guint round = 1; round <= N_ROUNDS / 2; round++)
    {
      g_autofree char *folder = store_test_make_folder ();
      g_autofree char *path = g_build_filename (folder, "journal.db-wal", NULL);
      g_autoptr (GPtrArray) lines =
        run_and_kill ("--write-journal", folder, (guint)g_test_rand_int_range (20, 60));
      g_autoptr (CachetJournal) journal = NULL;
      g_autofree char *log = NULL;
      Confirmed confirmed = { g_hash_table_new (NULL, NULL), g_hash_table_new (NULL, NULL),
                              g_hash_table_new (NULL, NULL), 0, 0 };
      gsize length;
      gsize offset;

      g_assert_true (g_file_get_contents (path, &log, &length, NULL));
      g_assert_cmpuint (length, >, 100);
      /* The first header, the frame's header, or its page. */
      offset = (gsize)g_test_rand_int_range (0, round % 2 ? 56 : (gint32)MIN (length, 4152));
      log[offset] = (char)(log[offset] ^ 4);
      g_assert_true (g_file_set_contents (path, log, (gssize)length, NULL));
      for (guint i = 0; i < lines->len; i++)
        note_line (&confirmed, g_ptr_array_index (lines, i));
      store_test_allow_warnings (TRUE);
      journal = store_test_open_journal (folder, NULL);
      if (store_test_allow_warnings (FALSE) > 0)
        check_recovered (journal, &confirmed);
      else
        {
          check_operations (journal, &confirmed, 1);
          check_messages (journal, &confirmed, 1);
        }
      check_draft (journal, &confirmed);
      cachet_journal_close (journal);
      g_hash_table_unref (confirmed.operations);
      g_hash_table_unref (confirmed.messages);
      g_hash_table_unref (confirmed.removed);
      store_test_remove_folder (folder);
    }
}

static void
test_cache (void)
{
  for (guint round = 1; round <= N_ROUNDS / 2; round++)
    {
      g_autofree char *folder = store_test_make_folder ();
      g_autoptr (GPtrArray) lines =
        run_and_kill ("--write-cache", folder, (guint)g_test_rand_int_range (1, 60));
      /* Not rebuilt: store_test_open_mail() checks that. */
      g_autoptr (CachetMailStore) store = store_test_open_mail (folder);
      g_autoptr (GArray) entries = NULL;
      g_autoptr (GArray) found = NULL;

      entries = store_test_list (store, 1, CACHET_SORT_DATE, FALSE, NULL);
      found = store_test_list (store, 1, CACHET_SORT_DATE, FALSE, "about");
      g_assert_cmpuint (entries->len % BATCH, ==, 0);
      g_assert_cmpuint (entries->len, >=, lines->len * BATCH);
      g_assert_cmpuint (entries->len, <=, (lines->len + 1) * BATCH);
      g_assert_cmpuint (found->len, ==, entries->len);
      cachet_mail_store_close (store);
      store_test_remove_folder (folder);
    }
}

int
main (int argc, char *argv[])
{
  program = argv[0];
  if (argc == 3 && strcmp (argv[1], "--write-journal") == 0)
    write_journal (argv[2]);
  if (argc == 3 && strcmp (argv[1], "--write-cache") == 0)
    write_cache (argv[2]);
  store_test_init (&argc, &argv);
  g_test_add_func ("/store/crash/journal", test_journal);
  g_test_add_func ("/store/crash/journal-log", test_journal_log);
  g_test_add_func ("/store/crash/cache", test_cache);
  return g_test_run ();
}
