#define G_LOG_DOMAIN "cachet-store"

#include "config.h"

#include "cachet-checksum.h"
#include "cachet-index-text.h"
#include "cachet-mail-store-private.h"

#include <glib/gi18n.h>
#include <string.h>

/* Texts that are indexed in one transaction. */
#define TEXT_SLICE 100
/* A text shorter than this is stored as it is. */
#define DEFLATE_FROM_BYTES 200

/* The texts of one message, as they went into the index. */
typedef struct
{
  char *subject;
  char *people;
  char *body;
  char *attachments;
  char *key;
} Words;

static void
words_clear (Words *words)
{
  g_free (words->subject);
  g_free (words->people);
  g_free (words->body);
  g_free (words->attachments);
  g_free (words->key);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Words, words_clear)

char *
cachet_mail_index_make_key (const char *message_id)
{
  if (message_id == NULL || *message_id == '\0')
    return g_strdup ("");
  return g_strdup_printf ("k%016" G_GINT64_MODIFIER "x",
                          cachet_checksum_add_text (CACHET_CHECKSUM_SEED, message_id));
}

/* Takes @text. */
static char *
prepare (char *text)
{
  char *prepared = cachet_index_text_prepare (text);

  if (prepared == NULL)
    return text;
  g_free (text);
  return prepared;
}

/* Runs a whole buffer through @converter; %NULL when it is damaged or longer than @max. */
static GBytes *
convert (GConverter *converter, const void *data, gsize length, gsize max)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  const guint8 *p = data;
  GConverterResult result;

  do
    {
      gsize used = out->len;
      gsize room = MAX (length, 4096);
      gsize n_read;
      gsize n_written;

      if (used > max)
        return NULL;
      g_byte_array_set_size (out, (guint)(used + room));
      result = g_converter_convert (converter, p, length, out->data + used, room,
                                    G_CONVERTER_INPUT_AT_END, &n_read, &n_written, NULL);
      if (result == G_CONVERTER_ERROR)
        return NULL;
      p += n_read;
      length -= n_read;
      g_byte_array_set_size (out, (guint)(used + n_written));
  } while (result != G_CONVERTER_FINISHED);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

static char *
inflate_text (const void *data, gsize length)
{
  g_autoptr (GZlibDecompressor) inflater = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW);
  g_autoptr (GBytes) bytes = NULL;

  /* Ideographs set apart take up to three times the room. */
  bytes = convert (G_CONVERTER (inflater), data, length, 3 * CACHET_MAIL_STORE_MAX_INDEXED_TEXT);
  if (bytes == NULL)
    return g_strdup ("");
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/* Subject and people of a message; %NULL members when there is no such row. */
static gboolean
read_header_words (CachetConnection *connection, gint64 id, Words *words, GError **error)
{
  g_autofree char *message_id = NULL;
  sqlite3_stmt *statement;
  CachetStep step;

  statement = cachet_connection_prepare (
    connection,
    "SELECT subject, from_name || ' ' || from_addr || ' ' || recipients, message_id"
    " FROM message WHERE id = ?",
    error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, id);
  step = cachet_connection_step (connection, statement, error);
  if (step == CACHET_STEP_ROW)
    {
      words->subject = prepare (cachet_statement_dup_text (statement, 0));
      words->people = prepare (cachet_statement_dup_text (statement, 1));
      message_id = cachet_statement_dup_text (statement, 2);
      words->key = cachet_mail_index_make_key (message_id);
      sqlite3_reset (statement);
    }
  return step != CACHET_STEP_ERROR;
}

/* Body and attachment names, if the message's text was given; %NULL members else. @is_pending:
 * whether they are not in the index yet. */
static gboolean
read_body_words (
  CachetConnection *connection, gint64 id, Words *words, gboolean *is_pending, GError **error)
{
  sqlite3_stmt *statement;
  CachetStep step;

  *is_pending = TRUE;
  statement = cachet_connection_prepare (
    connection, "SELECT is_deflated, text, attachments, is_pending FROM indexed_text WHERE id = ?",
    error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, id);
  step = cachet_connection_step (connection, statement, error);
  if (step == CACHET_STEP_ROW)
    {
      const void *text = sqlite3_column_blob (statement, 1);
      gsize length = (gsize)sqlite3_column_bytes (statement, 1);

      if (sqlite3_column_int (statement, 0))
        words->body = inflate_text (text, length);
      else
        words->body = g_strndup (text != NULL ? text : "", length);
      words->attachments = cachet_statement_dup_text (statement, 2);
      *is_pending = sqlite3_column_int (statement, 3) != 0;
      sqlite3_reset (statement);
    }
  return step != CACHET_STEP_ERROR;
}

static gboolean
get_indexed_up_to (CachetConnection *connection, gint64 *id, GError **error)
{
  return cachet_connection_get_int64 (connection, "SELECT value FROM state WHERE name = 'indexed'",
                                      0, id, error);
}

static gboolean
run_with_words (CachetConnection *connection,
                sqlite3_stmt *statement,
                gint64 id,
                const Words *words,
                GError **error)
{
  gboolean ok;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, id);
  cachet_statement_bind_text (statement, 2, words->subject);
  cachet_statement_bind_text (statement, 3, words->people);
  cachet_statement_bind_text (statement, 4, words->body);
  cachet_statement_bind_text (statement, 5, words->attachments);
  cachet_statement_bind_text (statement, 6, words->key);
  ok = cachet_connection_run (connection, statement, error);
  sqlite3_clear_bindings (statement);
  return ok;
}

static gboolean
add_words (CachetConnection *connection, gint64 id, const Words *words, GError **error)
{
  sqlite3_stmt *statement = cachet_connection_prepare (
    connection,
    "INSERT INTO message_words (rowid, subject, people, body, attachments, key)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    error);

  return run_with_words (connection, statement, id, words, error);
}

static gboolean
remove_words (CachetConnection *connection, gint64 id, const Words *words, GError **error)
{
  sqlite3_stmt *statement = cachet_connection_prepare (
    connection,
    "INSERT INTO message_words (message_words, rowid, subject, people, body, attachments, key)"
    " VALUES ('delete', ?1, ?2, ?3, ?4, ?5, ?6)",
    error);

  return run_with_words (connection, statement, id, words, error);
}

/* The words under which @id is in the index; none when it is not in there. */
static gboolean
read_indexed_words (
  CachetConnection *connection, gint64 id, Words *words, gboolean *is_indexed, GError **error)
{
  gint64 up_to;
  gboolean is_pending;

  *is_indexed = FALSE;
  if (!get_indexed_up_to (connection, &up_to, error) ||
      !read_body_words (connection, id, words, &is_pending, error))
    return FALSE;
  if (is_pending)
    {
      g_clear_pointer (&words->body, g_free);
      g_clear_pointer (&words->attachments, g_free);
    }
  if (id > up_to)
    return TRUE;
  if (!read_header_words (connection, id, words, error))
    return FALSE;
  *is_indexed = words->subject != NULL;
  return TRUE;
}

gboolean
cachet_mail_index_contains (CachetConnection *connection,
                            gint64 id,
                            gboolean *contains,
                            GError **error)
{
  g_auto (Words) words = { 0 };

  return read_indexed_words (connection, id, &words, contains, error);
}

gboolean
cachet_mail_index_remove (CachetConnection *connection, gint64 id, GError **error)
{
  g_auto (Words) words = { 0 };
  gboolean is_indexed;

  return read_indexed_words (connection, id, &words, &is_indexed, error) &&
         (!is_indexed || remove_words (connection, id, &words, error));
}

gboolean
cachet_mail_index_restore (CachetConnection *connection, gint64 id, GError **error)
{
  g_auto (Words) words = { 0 };
  gboolean is_indexed;

  return read_indexed_words (connection, id, &words, &is_indexed, error) &&
         (!is_indexed || add_words (connection, id, &words, error));
}

/* Runs a statement that must change the one row that was just read. Where it does not, an index and
 * its table disagree: going on would be going round in a circle. */
static gboolean
run_on_one_row (CachetConnection *connection, sqlite3_stmt *statement, GError **error)
{
  if (!cachet_connection_run (connection, statement, error))
    return FALSE;
  if (sqlite3_changes (cachet_connection_get_handle (connection)) == 1)
    return TRUE;
  cachet_connection_set_error (connection, SQLITE_CORRUPT, error);
  return FALSE;
}

gboolean
cachet_mail_row_delete (CachetConnection *connection, gint64 id, GError **error)
{
  sqlite3_stmt *statement;

  if (!cachet_mail_index_remove (connection, id, error))
    return FALSE;
  statement =
    cachet_connection_prepare (connection, "DELETE FROM indexed_text WHERE id = ?", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, id);
  if (!cachet_connection_run (connection, statement, error))
    return FALSE;
  statement = cachet_connection_prepare (connection, "DELETE FROM message WHERE id = ?", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, id);
  return run_on_one_row (connection, statement, error);
}

/* Ids that @statement yields, at most a slice. */
static gboolean
collect_ids (CachetConnection *connection, sqlite3_stmt *statement, GArray *ids, GError **error)
{
  CachetStep step;

  while ((step = cachet_connection_step (connection, statement, error)) == CACHET_STEP_ROW)
    {
      gint64 id = sqlite3_column_int64 (statement, 0);

      g_array_append_val (ids, id);
    }
  return step == CACHET_STEP_DONE;
}

/* Rows of mailboxes that are gone. */
static gboolean
purge_slice (CachetConnection *connection, gboolean *did_something, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *statement;
  gint64 mailbox;

  *did_something = FALSE;
  if (!cachet_connection_get_int64 (connection, "SELECT mailbox FROM purge LIMIT 1", 0, &mailbox,
                                    error))
    return FALSE;
  if (mailbox == 0)
    return TRUE;

  *did_something = TRUE;
  statement = cachet_connection_prepare (
    connection, "SELECT id FROM message WHERE mailbox = ?1 ORDER BY uid LIMIT ?2", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, mailbox);
  sqlite3_bind_int (statement, 2, CACHET_MAIL_STORE_SLICE);
  if (!collect_ids (connection, statement, ids, error))
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    if (!cachet_mail_row_delete (connection, g_array_index (ids, gint64, i), error))
      return FALSE;
  if (ids->len == CACHET_MAIL_STORE_SLICE)
    return TRUE;

  statement = cachet_connection_prepare (connection, "DELETE FROM purge WHERE mailbox = ?", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, mailbox);
  return run_on_one_row (connection, statement, error);
}

static gboolean
set_pending (CachetConnection *connection, gint64 id, gboolean is_pending, GError **error)
{
  sqlite3_stmt *statement = cachet_connection_prepare (
    connection, "UPDATE indexed_text SET is_pending = ?2 WHERE id = ?1", error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, id);
  sqlite3_bind_int (statement, 2, is_pending);
  return run_on_one_row (connection, statement, error);
}

/* A message that is not in the index yet: its header, and its text if that is here. */
static gboolean
index_message (CachetConnection *connection, gint64 id, GError **error)
{
  g_auto (Words) words = { 0 };
  gboolean is_pending;

  return read_body_words (connection, id, &words, &is_pending, error) &&
         read_header_words (connection, id, &words, error) &&
         add_words (connection, id, &words, error) &&
         (words.body == NULL || set_pending (connection, id, FALSE, error));
}

/* A message whose header is in the index, and whose text came since. */
static gboolean
index_pending_text (CachetConnection *connection, gint64 id, GError **error)
{
  return cachet_mail_index_remove (connection, id, error) &&
         set_pending (connection, id, FALSE, error) &&
         cachet_mail_index_restore (connection, id, error);
}

static gboolean
pending_slice (CachetConnection *connection, gboolean *did_something, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *statement = cachet_connection_prepare (
    connection, "SELECT id FROM indexed_text WHERE is_pending ORDER BY id LIMIT ?1", error);

  *did_something = FALSE;
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int (statement, 1, TEXT_SLICE);
  if (!collect_ids (connection, statement, ids, error))
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    if (!index_pending_text (connection, g_array_index (ids, gint64, i), error))
      return FALSE;
  *did_something = ids->len > 0;
  return TRUE;
}

/* Messages that came since the last slice. */
static gboolean
index_slice (CachetConnection *connection, gboolean *did_something, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *statement;
  gint64 up_to;

  *did_something = FALSE;
  if (!get_indexed_up_to (connection, &up_to, error))
    return FALSE;
  statement = cachet_connection_prepare (
    connection, "SELECT id FROM message WHERE id > ?1 ORDER BY id LIMIT ?2", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, up_to);
  sqlite3_bind_int (statement, 2, CACHET_MAIL_STORE_SLICE);
  if (!collect_ids (connection, statement, ids, error))
    return FALSE;
  if (ids->len == 0)
    return TRUE;

  *did_something = TRUE;
  for (guint i = 0; i < ids->len; i++)
    if (!index_message (connection, g_array_index (ids, gint64, i), error))
      return FALSE;
  statement = cachet_connection_prepare (
    connection, "UPDATE state SET value = ?1 WHERE name = 'indexed' AND value < ?1", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, g_array_index (ids, gint64, ids->len - 1));
  return run_on_one_row (connection, statement, error);
}

gboolean
cachet_mail_index_maintain_slice (CachetConnection *connection,
                                  gpointer data,
                                  gboolean *more,
                                  GError **error)
{
  if (!purge_slice (connection, more, error))
    return FALSE;
  if (!*more && !index_slice (connection, more, error))
    return FALSE;
  if (!*more && !pending_slice (connection, more, error))
    return FALSE;
  /* The pages of a long sync are not needed any more. */
  if (!*more)
    sqlite3_db_release_memory (cachet_connection_get_handle (connection));
  return TRUE;
}

typedef struct
{
  gint64 id;
  char *text;
  char *attachments;
} IndexJob;

static void
index_job_free (gpointer data)
{
  IndexJob *job = data;

  g_free (job->text);
  g_free (job->attachments);
  g_free (job);
}

static gboolean
store_text (CachetConnection *connection, gint64 id, const Words *words, GError **error)
{
  g_autoptr (GZlibCompressor) deflater = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW, 1);
  g_autoptr (GBytes) bytes = NULL;
  gsize length = strlen (words->body);
  sqlite3_stmt *statement;
  gboolean ok;

  if (length >= DEFLATE_FROM_BYTES)
    bytes = convert (G_CONVERTER (deflater), words->body, length, G_MAXUINT32 / 4);
  statement = cachet_connection_prepare (
    connection,
    "INSERT OR REPLACE INTO indexed_text (id, is_pending, is_deflated, text, attachments)"
    " VALUES (?1, 1, ?2, ?3, ?4)",
    error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, id);
  sqlite3_bind_int (statement, 2, bytes != NULL);
  if (bytes != NULL)
    sqlite3_bind_blob64 (statement, 3, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                         SQLITE_STATIC);
  else
    sqlite3_bind_blob64 (statement, 3, words->body, length, SQLITE_STATIC);
  cachet_statement_bind_text (statement, 4, words->attachments);
  ok = cachet_connection_run (connection, statement, error);
  sqlite3_clear_bindings (statement);
  return ok;
}

static gpointer
index_run_cb (CachetConnection *connection,
              gpointer data,
              GCancellable *cancellable,
              GError **error)
{
  IndexJob *job = data;
  g_auto (Words) old = { 0 };
  g_auto (Words) words = { 0 };
  gboolean was_pending;

  if (!read_header_words (connection, job->id, &old, error))
    return NULL;
  if (old.subject == NULL)
    {
      g_set_error_literal (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_NOT_FOUND,
                           _ ("The message is not in the cache any more."));
      return NULL;
    }
  if (!read_body_words (connection, job->id, &old, &was_pending, error))
    return NULL;
  words.body = prepare (g_steal_pointer (&job->text));
  words.attachments = prepare (g_steal_pointer (&job->attachments));
  /* The index itself follows many at once. */
  if (was_pending)
    store_text (connection, job->id, &words, error);
  else if (remove_words (connection, job->id, &old, error) &&
           store_text (connection, job->id, &words, error))
    cachet_mail_index_restore (connection, job->id, error);
  return NULL;
}

/* At most @max bytes of @text, valid UTF-8. */
static char *
dup_limited (const char *text, gsize max)
{
  gsize length;

  if (text == NULL)
    return g_strdup ("");
  length = strnlen (text, max + 1);
  if (length > max)
    {
      length = max;
      while (length > 0 && ((guchar)text[length] & 0xc0) == 0x80)
        length--;
    }
  return g_utf8_make_valid (text, (gssize)length);
}

void
cachet_mail_store_index_text_async (CachetMailStore *self,
                                    gint64 id,
                                    const char *text,
                                    const char *attachment_names,
                                    int priority,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  IndexJob *job;

  g_return_if_fail (CACHET_IS_MAIL_STORE (self));

  job = g_new0 (IndexJob, 1);
  job->id = id;
  job->text = dup_limited (text, CACHET_MAIL_STORE_MAX_INDEXED_TEXT);
  job->attachments = dup_limited (attachment_names, CACHET_MAIL_STORE_MAX_TEXT);
  cachet_database_write_async (self->database, self, "index a message", priority, index_run_cb, job,
                               index_job_free, NULL, cancellable, callback, user_data);
  cachet_mail_store_schedule_maintenance (self);
}
