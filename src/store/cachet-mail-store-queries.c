#define G_LOG_DOMAIN "cachet-store"

#include "config.h"

#include "cachet-index-text.h"
#include "cachet-list-order.h"
#include "cachet-mail-store-private.h"

#include <string.h>

/* The reader is asked for words only when every row is in the index: then what is left is indexed
 * first, at the user's priority. */
typedef struct
{
  CachetMailStore *store;
  gint64 mailbox_id;
  char *account_id;
  CachetSortKey key;
  gboolean descending;
  gboolean has_words;
  char *query;      /* FTS5 expression; NULL with has_words: nothing can match */
  char *message_id; /* for finding one */
  gint64 limit;
  CachetDatabaseFunc func;
  GDestroyNotify free_result;
} WordsJob;

static void
words_job_free (gpointer data)
{
  WordsJob *job = data;

  g_clear_object (&job->store);
  g_free (job->account_id);
  g_free (job->query);
  g_free (job->message_id);
  g_free (job);
}

static void
words_job_set_words (WordsJob *job, const char *words)
{
  job->has_words = words != NULL && words[strspn (words, " \t\r\n")] != '\0';
  if (job->has_words)
    job->query = cachet_index_text_make_query (words);
}

static void
read_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  WordsJob *job = g_task_get_task_data (task);
  gpointer value = cachet_database_finish (source, result, &error);

  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, value, job->free_result);
}

static void
start_read (GTask *task)
{
  WordsJob *job = g_task_get_task_data (task);

  cachet_database_read_async (job->store->database, job->store, g_task_get_name (task), job->func,
                              job, NULL, job->free_result, g_task_get_cancellable (task),
                              read_done_cb, g_object_ref (task));
}

static void
index_followed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetMailStore *self = CACHET_MAIL_STORE (source);
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  /* That it is current now is not to be noted: insertions that were asked for before, at a lower
   * priority, may still come. */
  if (!cachet_database_finish_boolean (self, result, &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          g_task_return_error (task, g_steal_pointer (&error));
          return;
        }
      /* A full disk must not keep from finding what is indexed. */
      g_info ("the index could not follow: %s", error->message);
    }
  start_read (task);
}

/* Takes @job. */
static void
start_words_job (CachetMailStore *self,
                 const char *name,
                 WordsJob *job,
                 GCancellable *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, start_words_job);
  g_task_set_name (task, name);
  job->store = g_object_ref (self);
  g_task_set_task_data (task, job, words_job_free);
  if (job->query == NULL || self->index_is_current)
    start_read (task);
  else
    cachet_database_write_slices_async (self->database, self, name, CACHET_WORKER_PRIORITY_USER,
                                        cachet_mail_index_maintain_slice, NULL, NULL, cancellable,
                                        index_followed_cb, g_object_ref (task));
}

static GArray *
collect_entries (CachetConnection *connection, sqlite3_stmt *statement, GError **error)
{
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (CachetListEntry));
  CachetStep step;

  while ((step = cachet_connection_step (connection, statement, error)) == CACHET_STEP_ROW)
    {
      CachetListEntry entry;

      cachet_mail_row_fill_entry (
        &entry, sqlite3_column_int64 (statement, 0), sqlite3_column_int64 (statement, 1),
        sqlite3_column_int64 (statement, 2), sqlite3_column_int64 (statement, 3),
        sqlite3_column_int64 (statement, 4));
      g_array_append_val (entries, entry);
    }
  return step == CACHET_STEP_DONE ? g_steal_pointer (&entries) : NULL;
}

static int
compare_entries_cb (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const WordsJob *job = user_data;

  return cachet_list_order_compare (a, b, job->key, job->descending);
}

/* Newest first: the order of the index, and the second key of every other order. */
#define ENTRY_COLUMNS "id, date, uid, flags, size"

static sqlite3_stmt *
prepare_list (CachetConnection *connection, WordsJob *job, GError **error)
{
  sqlite3_stmt *statement;

  if (job->has_words)
    statement = cachet_connection_prepare (
      connection,
      "SELECT m.id, m.date, m.uid, m.flags, m.size, m.subject, m.from_name, m.from_addr"
      " FROM message_words w CROSS JOIN message m ON m.id = w.rowid"
      " WHERE message_words MATCH ?2 AND m.mailbox = ?1",
      error);
  else if (cachet_list_order_needs_text (job->key))
    statement = cachet_connection_prepare (
      connection,
      "SELECT " ENTRY_COLUMNS ", subject, from_name, from_addr FROM message WHERE mailbox = ?1",
      error);
  else if (job->key == CACHET_SORT_DATE && !job->descending)
    statement =
      cachet_connection_prepare (connection,
                                 "SELECT " ENTRY_COLUMNS " FROM message INDEXED BY message_list"
                                 " WHERE mailbox = ?1 ORDER BY date, uid",
                                 error);
  else
    statement =
      cachet_connection_prepare (connection,
                                 "SELECT " ENTRY_COLUMNS " FROM message INDEXED BY message_list"
                                 " WHERE mailbox = ?1 ORDER BY date DESC, uid DESC",
                                 error);
  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, job->mailbox_id);
  if (job->has_words)
    cachet_statement_bind_text (statement, 2, job->query);
  return statement;
}

typedef struct
{
  CachetListEntry entry;
  char *text;
} TextEntry;

static void
text_entry_clear (gpointer data)
{
  g_free (((TextEntry *)data)->text);
}

static int
compare_text_entries_cb (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const WordsJob *job = user_data;
  const TextEntry *x = a;
  const TextEntry *y = b;
  int order = strcmp (x->text, y->text);

  if (order == 0)
    return cachet_list_order_compare (&x->entry, &y->entry, job->key, job->descending);
  return job->descending ? -order : order;
}

static char *
fold_columns (sqlite3_stmt *statement, CachetSortKey key)
{
  g_autofree char *text = NULL;

  if (key == CACHET_SORT_SUBJECT)
    text = cachet_statement_dup_text (statement, 5);
  else
    {
      text = cachet_statement_dup_text (statement, 6);
      if (*text == '\0')
        {
          g_free (text);
          text = cachet_statement_dup_text (statement, 7);
        }
    }
  return cachet_list_order_fold (text, key == CACHET_SORT_SUBJECT);
}

static GArray *
collect_by_text (CachetConnection *connection,
                 sqlite3_stmt *statement,
                 WordsJob *job,
                 GError **error)
{
  g_autoptr (GArray) texts = g_array_new (FALSE, FALSE, sizeof (TextEntry));
  GArray *entries;
  CachetStep step;

  g_array_set_clear_func (texts, text_entry_clear);
  while ((step = cachet_connection_step (connection, statement, error)) == CACHET_STEP_ROW)
    {
      TextEntry item;

      cachet_mail_row_fill_entry (
        &item.entry, sqlite3_column_int64 (statement, 0), sqlite3_column_int64 (statement, 1),
        sqlite3_column_int64 (statement, 2), sqlite3_column_int64 (statement, 3),
        sqlite3_column_int64 (statement, 4));
      item.text = fold_columns (statement, job->key);
      g_array_append_val (texts, item);
    }
  if (step == CACHET_STEP_ERROR)
    return NULL;
  g_array_sort_with_data (texts, compare_text_entries_cb, job);
  entries = g_array_sized_new (FALSE, FALSE, sizeof (CachetListEntry), texts->len);
  for (guint i = 0; i < texts->len; i++)
    g_array_append_val (entries, g_array_index (texts, TextEntry, i).entry);
  return entries;
}

static gpointer
list_entries_run_cb (CachetConnection *connection,
                     gpointer data,
                     GCancellable *cancellable,
                     GError **error)
{
  WordsJob *job = data;
  sqlite3_stmt *statement;
  GArray *entries;

  if (job->has_words && job->query == NULL)
    return g_array_new (FALSE, FALSE, sizeof (CachetListEntry));
  statement = prepare_list (connection, job, error);
  if (statement == NULL)
    return NULL;
  if (cachet_list_order_needs_text (job->key))
    return collect_by_text (connection, statement, job, error);
  entries = collect_entries (connection, statement, error);
  if (entries != NULL && (job->has_words || job->key != CACHET_SORT_DATE))
    g_array_sort_with_data (entries, compare_entries_cb, job);
  return entries;
}

void
cachet_mail_store_list_entries_async (CachetMailStore *self,
                                      gint64 mailbox_id,
                                      CachetSortKey key,
                                      gboolean descending,
                                      const char *filter,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  WordsJob *job;

  g_return_if_fail (CACHET_IS_MAIL_STORE (self));

  job = g_new0 (WordsJob, 1);
  job->mailbox_id = mailbox_id;
  job->key = key;
  job->descending = descending;
  job->func = list_entries_run_cb;
  job->free_result = (GDestroyNotify)g_array_unref;
  words_job_set_words (job, filter);
  start_words_job (self, "list a mailbox", job, cancellable, callback, user_data);
}

GArray *
cachet_mail_store_list_entries_finish (CachetMailStore *self, GAsyncResult *result, GError **error)
{
  return cachet_database_finish (self, result, error);
}

static gpointer
load_rows_run_cb (CachetConnection *connection,
                  gpointer data,
                  GCancellable *cancellable,
                  GError **error)
{
  GArray *ids = data;
  g_autoptr (GPtrArray) rows =
    g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_stored_row_free);
  sqlite3_stmt *statement = cachet_connection_prepare (
    connection, "SELECT " CACHET_MAIL_ROW_COLUMNS " FROM message m WHERE m.id = ?1", error);

  if (statement == NULL)
    return NULL;
  for (guint i = 0; i < ids->len; i++)
    {
      CachetStep step;

      sqlite3_bind_int64 (statement, 1, g_array_index (ids, gint64, i));
      step = cachet_connection_step (connection, statement, error);
      if (step == CACHET_STEP_ERROR)
        return NULL;
      if (step == CACHET_STEP_ROW)
        g_ptr_array_add (rows, cachet_mail_row_read (statement));
      sqlite3_reset (statement);
    }
  return g_steal_pointer (&rows);
}

void
cachet_mail_store_load_rows_async (CachetMailStore *self,
                                   GArray *ids,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_return_if_fail (CACHET_IS_MAIL_STORE (self));
  g_return_if_fail (ids != NULL);

  cachet_database_read_async (self->database, self, "load rows", load_rows_run_cb,
                              g_array_copy (ids), (GDestroyNotify)g_array_unref,
                              (GDestroyNotify)g_ptr_array_unref, cancellable, callback, user_data);
}

GPtrArray *
cachet_mail_store_load_rows_finish (CachetMailStore *self, GAsyncResult *result, GError **error)
{
  return cachet_database_finish (self, result, error);
}

static gpointer
list_uids_run_cb (CachetConnection *connection,
                  gpointer data,
                  GCancellable *cancellable,
                  GError **error)
{
  const gint64 *mailbox_id = data;
  g_autoptr (GArray) list = g_array_new (FALSE, TRUE, sizeof (CachetUidFlags));
  sqlite3_stmt *statement = cachet_connection_prepare (
    connection, "SELECT uid, flags, modseq FROM message WHERE mailbox = ?1 ORDER BY uid", error);
  CachetStep step;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, *mailbox_id);
  while ((step = cachet_connection_step (connection, statement, error)) == CACHET_STEP_ROW)
    {
      CachetUidFlags item = { 0 };

      item.uid = (guint32)sqlite3_column_int64 (statement, 0);
      item.flags = (CachetMessageFlags)sqlite3_column_int (statement, 1);
      item.modseq = (guint64)sqlite3_column_int64 (statement, 2);
      g_array_append_val (list, item);
    }
  return step == CACHET_STEP_DONE ? g_steal_pointer (&list) : NULL;
}

void
cachet_mail_store_list_uids_async (CachetMailStore *self,
                                   gint64 mailbox_id,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_return_if_fail (CACHET_IS_MAIL_STORE (self));

  cachet_database_read_async (self->database, self, "list UIDs", list_uids_run_cb,
                              g_memdup2 (&mailbox_id, sizeof mailbox_id), g_free,
                              (GDestroyNotify)g_array_unref, cancellable, callback, user_data);
}

GArray *
cachet_mail_store_list_uids_finish (CachetMailStore *self, GAsyncResult *result, GError **error)
{
  return cachet_database_finish (self, result, error);
}

static gpointer
count_run_cb (CachetConnection *connection,
              gpointer data,
              GCancellable *cancellable,
              GError **error)
{
  const gint64 *mailbox_id = data;
  sqlite3_stmt *statement = cachet_connection_prepare (
    connection,
    "SELECT count (*), total (flags & 1 = 0) FROM message INDEXED BY message_list"
    " WHERE mailbox = ?1",
    error);
  guint32 *counts;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, *mailbox_id);
  if (cachet_connection_step (connection, statement, error) != CACHET_STEP_ROW)
    return NULL;
  counts = g_new0 (guint32, 2);
  counts[0] = (guint32)sqlite3_column_int64 (statement, 0);
  counts[1] = (guint32)sqlite3_column_int64 (statement, 1);
  sqlite3_reset (statement);
  return counts;
}

void
cachet_mail_store_count_async (CachetMailStore *self,
                               gint64 mailbox_id,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_return_if_fail (CACHET_IS_MAIL_STORE (self));

  cachet_database_read_async (self->database, self, "count rows", count_run_cb,
                              g_memdup2 (&mailbox_id, sizeof mailbox_id), g_free, g_free,
                              cancellable, callback, user_data);
}

gboolean
cachet_mail_store_count_finish (
  CachetMailStore *self, GAsyncResult *result, guint32 *n_rows, guint32 *n_unseen, GError **error)
{
  g_autofree guint32 *counts = cachet_database_finish (self, result, error);

  if (counts == NULL)
    return FALSE;
  if (n_rows != NULL)
    *n_rows = counts[0];
  if (n_unseen != NULL)
    *n_unseen = counts[1];
  return TRUE;
}

typedef struct
{
  gint64 mailbox_id;
  guint limit;
  guint64 max_size;
} MissingJob;

static gpointer
missing_run_cb (CachetConnection *connection,
                gpointer data,
                GCancellable *cancellable,
                GError **error)
{
  const MissingJob *job = data;
  sqlite3_stmt *statement = cachet_connection_prepare (
    connection,
    "SELECT " ENTRY_COLUMNS " FROM message INDEXED BY message_list"
    " WHERE mailbox = ?1 AND size <= ?2 AND flags & ?3 = 0 ORDER BY date DESC, uid DESC LIMIT ?4",
    error);

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, job->mailbox_id);
  sqlite3_bind_int64 (statement, 2, (gint64)MIN (job->max_size, (guint64)G_MAXINT64));
  sqlite3_bind_int64 (statement, 3, CACHET_MESSAGE_FLAG_HAS_BODY);
  sqlite3_bind_int64 (statement, 4, job->limit);
  return collect_entries (connection, statement, error);
}

void
cachet_mail_store_list_missing_bodies_async (CachetMailStore *self,
                                             gint64 mailbox_id,
                                             guint limit,
                                             guint64 max_size,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer user_data)
{
  MissingJob *job;

  g_return_if_fail (CACHET_IS_MAIL_STORE (self));

  job = g_new0 (MissingJob, 1);
  job->mailbox_id = mailbox_id;
  job->limit = limit;
  job->max_size = max_size;
  cachet_database_read_async (self->database, self, "list missing bodies", missing_run_cb, job,
                              g_free, (GDestroyNotify)g_array_unref, cancellable, callback,
                              user_data);
}

static gpointer
search_run_cb (CachetConnection *connection,
               gpointer data,
               GCancellable *cancellable,
               GError **error)
{
  WordsJob *job = data;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *statement;
  CachetStep step;

  if (job->query == NULL)
    return g_steal_pointer (&ids);
  statement = cachet_connection_prepare (
    connection,
    "SELECT m.id FROM message_words w CROSS JOIN message m ON m.id = w.rowid"
    " CROSS JOIN mailbox b ON b.id = m.mailbox"
    " WHERE message_words MATCH ?1 AND (?2 IS NULL OR b.account = ?2)"
    " ORDER BY m.date DESC, m.id LIMIT ?3",
    error);
  if (statement == NULL)
    return NULL;
  cachet_statement_bind_text (statement, 1, job->query);
  cachet_statement_bind_text_or_null (statement, 2, job->account_id);
  sqlite3_bind_int64 (statement, 3, job->limit);
  while ((step = cachet_connection_step (connection, statement, error)) == CACHET_STEP_ROW)
    {
      gint64 id = sqlite3_column_int64 (statement, 0);

      g_array_append_val (ids, id);
    }
  return step == CACHET_STEP_DONE ? g_steal_pointer (&ids) : NULL;
}

void
cachet_mail_store_search_async (CachetMailStore *self,
                                const char *account_id,
                                const char *words,
                                guint limit,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  WordsJob *job;

  g_return_if_fail (CACHET_IS_MAIL_STORE (self));
  g_return_if_fail (words != NULL);

  job = g_new0 (WordsJob, 1);
  job->account_id = g_strdup (account_id);
  job->limit = limit;
  job->func = search_run_cb;
  job->free_result = (GDestroyNotify)g_array_unref;
  words_job_set_words (job, words);
  start_words_job (self, "search", job, cancellable, callback, user_data);
}

GArray *
cachet_mail_store_search_finish (CachetMailStore *self, GAsyncResult *result, GError **error)
{
  return cachet_database_finish (self, result, error);
}

static gpointer
find_run_cb (CachetConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  const WordsJob *job = data;
  g_autoptr (GPtrArray) rows =
    g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_stored_row_free);
  sqlite3_stmt *statement;
  CachetStep step;

  if (job->query == NULL)
    return g_steal_pointer (&rows);
  statement = cachet_connection_prepare (
    connection,
    "SELECT " CACHET_MAIL_ROW_COLUMNS " FROM message_words w"
    " CROSS JOIN message m ON m.id = w.rowid CROSS JOIN mailbox b ON b.id = m.mailbox"
    " WHERE message_words MATCH ?1 AND m.message_id = ?2"
    " AND (?3 = 0 OR m.mailbox = ?3) AND (?4 IS NULL OR b.account = ?4)"
    " ORDER BY m.date DESC, m.uid DESC",
    error);
  if (statement == NULL)
    return NULL;
  cachet_statement_bind_text (statement, 1, job->query);
  cachet_statement_bind_text (statement, 2, job->message_id);
  sqlite3_bind_int64 (statement, 3, job->mailbox_id);
  cachet_statement_bind_text_or_null (statement, 4, job->account_id);
  while ((step = cachet_connection_step (connection, statement, error)) == CACHET_STEP_ROW)
    g_ptr_array_add (rows, cachet_mail_row_read (statement));
  return step == CACHET_STEP_DONE ? g_steal_pointer (&rows) : NULL;
}

void
cachet_mail_store_find_message_id_async (CachetMailStore *self,
                                         const char *account_id,
                                         gint64 mailbox_id,
                                         const char *message_id,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data)
{
  g_autofree char *key = NULL;
  WordsJob *job;

  g_return_if_fail (CACHET_IS_MAIL_STORE (self));
  g_return_if_fail (message_id != NULL);

  job = g_new0 (WordsJob, 1);
  job->account_id = g_strdup (account_id);
  job->mailbox_id = mailbox_id;
  job->message_id = g_strdup (message_id);
  job->func = find_run_cb;
  job->free_result = (GDestroyNotify)g_ptr_array_unref;
  key = cachet_mail_index_make_key (message_id);
  if (*key != '\0')
    job->query = g_strconcat ("key : ", key, NULL);
  start_words_job (self, "find a Message-ID", job, cancellable, callback, user_data);
}
