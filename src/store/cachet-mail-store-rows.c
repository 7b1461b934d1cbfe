#define G_LOG_DOMAIN "cachet-store"

#include "config.h"

#include "cachet-mail-store-private.h"

#include <glib/gi18n.h>
#include <string.h>

#define MIN_DATE (-(G_GINT64_CONSTANT (1) << 39))
#define MAX_DATE ((G_GINT64_CONSTANT (1) << 39) - 1)
#define FLAGS_MASK 0xffffff

void
cachet_mail_row_fill_entry (
  CachetListEntry *entry, gint64 id, gint64 date, gint64 uid, gint64 flags, gint64 size)
{
  entry->id = id;
  entry->date = CLAMP (date, MIN_DATE, MAX_DATE);
  entry->flags = (guint64)flags & FLAGS_MASK;
  entry->uid = (guint32)uid;
  entry->size = (guint32)CLAMP (size, 0, (gint64)G_MAXUINT32);
}

/* The last of references, which In-Reply-To nearly always repeats. */
static const char *
get_last_reference (const char *references)
{
  const char *space = strrchr (references, ' ');

  return space != NULL ? space + 1 : references;
}

CachetStoredRow *
cachet_mail_row_read (sqlite3_stmt *statement)
{
  CachetStoredRow *row = g_new0 (CachetStoredRow, 1);
  g_autofree char *keywords = NULL;

  row->id = sqlite3_column_int64 (statement, 0);
  row->mailbox_id = sqlite3_column_int64 (statement, 1);
  row->uid = (guint32)sqlite3_column_int64 (statement, 2);
  row->flags = (CachetMessageFlags)(sqlite3_column_int64 (statement, 3) & FLAGS_MASK);
  row->date = sqlite3_column_int64 (statement, 4);
  row->internal_date = sqlite3_column_int64 (statement, 5);
  row->size = (guint64)sqlite3_column_int64 (statement, 6);
  row->modseq = (guint64)sqlite3_column_int64 (statement, 7);
  row->from_name = cachet_statement_dup_text (statement, 8);
  row->from_addr = cachet_statement_dup_text (statement, 9);
  row->subject = cachet_statement_dup_text (statement, 10);
  row->to = cachet_statement_dup_text (statement, 11);
  row->message_id = cachet_statement_dup_text (statement, 12);
  row->references = cachet_statement_dup_text (statement, 14);
  row->in_reply_to = sqlite3_column_type (statement, 13) == SQLITE_NULL
                       ? g_strdup (get_last_reference (row->references))
                       : cachet_statement_dup_text (statement, 13);
  keywords = cachet_statement_dup_text_or_null (statement, 15);
  if (keywords != NULL)
    row->keywords = g_strsplit (keywords, " ", -1);
  row->preview = cachet_statement_dup_text_or_null (statement, 16);
  return row;
}

/* Longer texts are cut: they are for a line on the screen. */
static void
bind_limited (sqlite3_stmt *statement, int index, const char *text)
{
  gsize length = text != NULL ? strnlen (text, CACHET_MAIL_STORE_MAX_TEXT + 1) : 0;
  char *cut;

  if (length <= CACHET_MAIL_STORE_MAX_TEXT)
    {
      cachet_statement_bind_text (statement, index, text);
      return;
    }
  length = CACHET_MAIL_STORE_MAX_TEXT;
  while (length > 0 && ((guchar)text[length] & 0xc0) == 0x80)
    length--;
  cut = g_utf8_make_valid (text, (gssize)length);
  sqlite3_bind_text64 (statement, index, cut, strlen (cut), g_free, SQLITE_UTF8);
}

typedef struct
{
  gint64 mailbox_id;
  GPtrArray *rows;
} InsertJob;

static void
insert_job_free (gpointer data)
{
  InsertJob *job = data;

  g_ptr_array_unref (job->rows);
  g_free (job);
}

static void
bind_row (sqlite3_stmt *statement, gint64 mailbox_id, const CachetStoredRow *row)
{
  const char *references = row->references != NULL ? row->references : "";
  const char *in_reply_to = row->in_reply_to != NULL ? row->in_reply_to : "";

  sqlite3_bind_int64 (statement, 1, mailbox_id);
  sqlite3_bind_int64 (statement, 2, row->uid);
  sqlite3_bind_int64 (statement, 3, row->flags & FLAGS_MASK);
  sqlite3_bind_int64 (statement, 4, CLAMP (row->date, MIN_DATE, MAX_DATE));
  sqlite3_bind_int64 (statement, 5, row->internal_date);
  sqlite3_bind_int64 (statement, 6, (gint64)MIN (row->size, (guint64)G_MAXINT64));
  sqlite3_bind_int64 (statement, 7, (gint64)row->modseq);
  bind_limited (statement, 8, row->from_name);
  bind_limited (statement, 9, row->from_addr);
  bind_limited (statement, 10, row->subject);
  bind_limited (statement, 11, row->to);
  bind_limited (statement, 12, row->message_id);
  if (strlen (references) <= CACHET_MAIL_STORE_MAX_TEXT &&
      strcmp (get_last_reference (references), in_reply_to) == 0)
    sqlite3_bind_null (statement, 13);
  else
    bind_limited (statement, 13, in_reply_to);
  bind_limited (statement, 14, references);
  if (row->keywords != NULL && row->keywords[0] != NULL)
    {
      char *joined = g_strjoinv (" ", row->keywords);

      sqlite3_bind_text64 (statement, 15, joined, strlen (joined), g_free, SQLITE_UTF8);
    }
  else
    sqlite3_bind_null (statement, 15);
  if (row->preview != NULL)
    bind_limited (statement, 16, row->preview);
  else
    sqlite3_bind_null (statement, 16);
}

/* Id and flags of a row that is there; id 0 when it is not. */
static gboolean
find_uid (CachetConnection *connection,
          gint64 mailbox_id,
          guint32 uid,
          gint64 *id,
          gint64 *flags,
          GError **error)
{
  sqlite3_stmt *statement = cachet_connection_prepare (
    connection, "SELECT id, flags FROM message WHERE mailbox = ?1 AND uid = ?2", error);
  CachetStep step;

  *id = 0;
  *flags = 0;
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, mailbox_id);
  sqlite3_bind_int64 (statement, 2, uid);
  step = cachet_connection_step (connection, statement, error);
  if (step == CACHET_STEP_ROW)
    {
      *id = sqlite3_column_int64 (statement, 0);
      *flags = sqlite3_column_int64 (statement, 1);
      sqlite3_reset (statement);
    }
  return step != CACHET_STEP_ERROR;
}

/* What Cachet knows of a message and no header tells stays: that its body is here, a preview. */
static gboolean
update_row (CachetConnection *connection,
            gint64 id,
            gint64 mailbox_id,
            const CachetStoredRow *row,
            GError **error)
{
  sqlite3_stmt *statement = cachet_connection_prepare (
    connection,
    "UPDATE message SET flags = (?3 & 65535) | ((flags | ?3) & 16711680), date = ?4,"
    " internal_date = ?5, size = ?6, modseq = ?7, from_name = ?8,"
    " from_addr = ?9, subject = ?10, recipients = ?11, message_id = ?12, in_reply_to = ?13,"
    " refs = ?14, keywords = ?15, preview = coalesce (?16, preview)"
    " WHERE mailbox = ?1 AND uid = ?2",
    error);
  gboolean was_indexed;
  gboolean ok;

  if (statement == NULL || !cachet_mail_index_contains (connection, id, &was_indexed, error) ||
      (was_indexed && !cachet_mail_index_remove (connection, id, error)))
    return FALSE;
  bind_row (statement, mailbox_id, row);
  ok = cachet_connection_run (connection, statement, error);
  sqlite3_clear_bindings (statement);
  return ok && (!was_indexed || cachet_mail_index_restore (connection, id, error));
}

static gboolean
insert_row (CachetConnection *connection,
            gint64 mailbox_id,
            const CachetStoredRow *row,
            CachetListEntry *entry,
            GError **error)
{
  sqlite3 *handle = cachet_connection_get_handle (connection);
  sqlite3_stmt *statement = cachet_connection_prepare (
    connection,
    "INSERT INTO message (mailbox, uid, flags, date, internal_date, size, modseq,"
    " from_name, from_addr, subject, recipients, message_id, in_reply_to, refs, keywords,"
    " preview) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)"
    " ON CONFLICT (mailbox, uid) DO NOTHING",
    error);
  gint64 flags = row->flags;
  gint64 id;
  gboolean ok;

  if (statement == NULL)
    return FALSE;
  bind_row (statement, mailbox_id, row);
  ok = cachet_connection_run (connection, statement, error);
  sqlite3_clear_bindings (statement);
  if (!ok)
    return FALSE;
  if (sqlite3_changes (handle) > 0)
    id = sqlite3_last_insert_rowid (handle);
  else if (!find_uid (connection, mailbox_id, row->uid, &id, &flags, error) ||
           !update_row (connection, id, mailbox_id, row, error) ||
           !find_uid (connection, mailbox_id, row->uid, &id, &flags, error))
    return FALSE;
  cachet_mail_row_fill_entry (entry, id, row->date, row->uid, flags,
                              (gint64)MIN (row->size, (guint64)G_MAXINT64));
  return TRUE;
}

static gboolean
check_mailbox (CachetConnection *connection, gint64 mailbox_id, GError **error)
{
  sqlite3_stmt *statement =
    cachet_connection_prepare (connection, "SELECT 1 FROM mailbox WHERE id = ?", error);
  CachetStep step;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, mailbox_id);
  step = cachet_connection_step (connection, statement, error);
  if (step == CACHET_STEP_ROW)
    {
      sqlite3_reset (statement);
      return TRUE;
    }
  if (step == CACHET_STEP_DONE)
    g_set_error_literal (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_NOT_FOUND,
                         _ ("The folder is not in the cache any more."));
  return FALSE;
}

static gpointer
insert_run_cb (CachetConnection *connection,
               gpointer data,
               GCancellable *cancellable,
               GError **error)
{
  InsertJob *job = data;
  g_autoptr (GArray) entries =
    g_array_sized_new (FALSE, TRUE, sizeof (CachetListEntry), job->rows->len);

  if (!check_mailbox (connection, job->mailbox_id, error))
    return NULL;
  g_array_set_size (entries, job->rows->len);
  for (guint i = 0; i < job->rows->len; i++)
    if (!insert_row (connection, job->mailbox_id, g_ptr_array_index (job->rows, i),
                     &g_array_index (entries, CachetListEntry, i), error))
      return NULL;
  return g_steal_pointer (&entries);
}

void
cachet_mail_store_insert_rows_async (CachetMailStore *self,
                                     gint64 mailbox_id,
                                     GPtrArray *rows,
                                     int priority,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  InsertJob *job;

  g_return_if_fail (CACHET_IS_MAIL_STORE (self));
  g_return_if_fail (rows != NULL && rows->len <= CACHET_MAIL_STORE_MAX_BATCH);

  job = g_new0 (InsertJob, 1);
  job->mailbox_id = mailbox_id;
  job->rows = g_ptr_array_ref (rows);
  cachet_database_write_async (self->database, self, "insert rows", priority, insert_run_cb, job,
                               insert_job_free, (GDestroyNotify)g_array_unref, cancellable,
                               callback, user_data);
  cachet_mail_store_schedule_maintenance (self);
}

GArray *
cachet_mail_store_insert_rows_finish (CachetMailStore *self, GAsyncResult *result, GError **error)
{
  return cachet_database_finish (self, result, error);
}

/* A change of many messages, done in slices. */
typedef struct
{
  gint64 mailbox_id;
  GArray *items;
  guint next;
  CachetMessageFlags add;
  CachetMessageFlags remove;
} ChangeJob;

static ChangeJob *
change_job_new (gint64 mailbox_id, GArray *items)
{
  ChangeJob *job = g_new0 (ChangeJob, 1);

  job->mailbox_id = mailbox_id;
  /* Copied: the caller may go on changing its array. */
  job->items = g_array_copy (items);
  return job;
}

static void
change_job_free (gpointer data)
{
  ChangeJob *job = data;

  g_array_unref (job->items);
  g_free (job);
}

static guint
change_job_get_end (ChangeJob *job)
{
  return MIN (job->items->len, job->next + CACHET_MAIL_STORE_SLICE);
}

static gboolean
set_flags_slice_cb (CachetConnection *connection, gpointer data, gboolean *more, GError **error)
{
  ChangeJob *job = data;
  guint end = change_job_get_end (job);
  sqlite3_stmt *statement = cachet_connection_prepare (
    connection,
    "UPDATE message SET flags = (flags & 16711680) | ?3, modseq = iif (?4, ?4, modseq)"
    " WHERE mailbox = ?1 AND uid = ?2 AND (flags & 65535 <> ?3 OR (?4 AND modseq <> ?4))",
    error);

  if (statement == NULL)
    return FALSE;
  for (guint i = job->next; i < end; i++)
    {
      const CachetUidFlags *change = &g_array_index (job->items, CachetUidFlags, i);

      sqlite3_bind_int64 (statement, 1, job->mailbox_id);
      sqlite3_bind_int64 (statement, 2, change->uid);
      sqlite3_bind_int64 (statement, 3, change->flags & CACHET_MESSAGE_FLAG_SERVER_MASK);
      sqlite3_bind_int64 (statement, 4, (gint64)change->modseq);
      if (!cachet_connection_run (connection, statement, error))
        return FALSE;
    }
  job->next = end;
  *more = end < job->items->len;
  return TRUE;
}

void
cachet_mail_store_set_flags_async (CachetMailStore *self,
                                   gint64 mailbox_id,
                                   GArray *changes,
                                   int priority,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_return_if_fail (CACHET_IS_MAIL_STORE (self));
  g_return_if_fail (changes != NULL);

  cachet_database_write_slices_async (self->database, self, "set flags", priority,
                                      set_flags_slice_cb, change_job_new (mailbox_id, changes),
                                      change_job_free, cancellable, callback, user_data);
}

static gboolean
change_flags_slice_cb (CachetConnection *connection, gpointer data, gboolean *more, GError **error)
{
  ChangeJob *job = data;
  guint end = change_job_get_end (job);
  sqlite3_stmt *statement =
    cachet_connection_prepare (connection,
                               "UPDATE message SET flags = (flags & ~?4) | ?3"
                               " WHERE mailbox = ?1 AND uid = ?2 AND flags <> ((flags & ~?4) | ?3)",
                               error);

  if (statement == NULL)
    return FALSE;
  for (guint i = job->next; i < end; i++)
    {
      sqlite3_bind_int64 (statement, 1, job->mailbox_id);
      sqlite3_bind_int64 (statement, 2, g_array_index (job->items, guint32, i));
      sqlite3_bind_int64 (statement, 3, job->add & FLAGS_MASK);
      sqlite3_bind_int64 (statement, 4, job->remove & FLAGS_MASK);
      if (!cachet_connection_run (connection, statement, error))
        return FALSE;
    }
  job->next = end;
  *more = end < job->items->len;
  return TRUE;
}

void
cachet_mail_store_change_flags_async (CachetMailStore *self,
                                      gint64 mailbox_id,
                                      GArray *uids,
                                      CachetMessageFlags add,
                                      CachetMessageFlags remove,
                                      int priority,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  ChangeJob *job;

  g_return_if_fail (CACHET_IS_MAIL_STORE (self));
  g_return_if_fail (uids != NULL);

  job = change_job_new (mailbox_id, uids);
  job->add = add;
  job->remove = remove;
  cachet_database_write_slices_async (self->database, self, "change flags", priority,
                                      change_flags_slice_cb, job, change_job_free, cancellable,
                                      callback, user_data);
}

static gboolean
delete_slice_cb (CachetConnection *connection, gpointer data, gboolean *more, GError **error)
{
  ChangeJob *job = data;
  guint end = change_job_get_end (job);

  for (guint i = job->next; i < end; i++)
    {
      gint64 id;
      gint64 flags;

      if (!find_uid (connection, job->mailbox_id, g_array_index (job->items, guint32, i), &id,
                     &flags, error) ||
          (id != 0 && !cachet_mail_row_delete (connection, id, error)))
        return FALSE;
    }
  job->next = end;
  *more = end < job->items->len;
  return TRUE;
}

void
cachet_mail_store_delete_uids_async (CachetMailStore *self,
                                     gint64 mailbox_id,
                                     GArray *uids,
                                     int priority,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  g_return_if_fail (CACHET_IS_MAIL_STORE (self));
  g_return_if_fail (uids != NULL);

  cachet_database_write_slices_async (self->database, self, "delete rows", priority,
                                      delete_slice_cb, change_job_new (mailbox_id, uids),
                                      change_job_free, cancellable, callback, user_data);
}

static gboolean
clear_slice_cb (CachetConnection *connection, gpointer data, gboolean *more, GError **error)
{
  const gint64 *mailbox_id = data;
  gint64 ids[CACHET_MAIL_STORE_SLICE];
  sqlite3_stmt *statement;
  CachetStep step;
  guint n = 0;

  statement = cachet_connection_prepare (
    connection, "SELECT id FROM message WHERE mailbox = ?1 ORDER BY uid LIMIT ?2", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, *mailbox_id);
  sqlite3_bind_int (statement, 2, CACHET_MAIL_STORE_SLICE);
  while ((step = cachet_connection_step (connection, statement, error)) == CACHET_STEP_ROW)
    ids[n++] = sqlite3_column_int64 (statement, 0);
  if (step == CACHET_STEP_ERROR)
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (!cachet_mail_row_delete (connection, ids[i], error))
      return FALSE;
  *more = n == CACHET_MAIL_STORE_SLICE;
  return TRUE;
}

void
cachet_mail_store_clear_mailbox_async (CachetMailStore *self,
                                       gint64 mailbox_id,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  g_return_if_fail (CACHET_IS_MAIL_STORE (self));

  cachet_database_write_slices_async (
    self->database, self, "clear a mailbox", CACHET_WORKER_PRIORITY_DEFAULT, clear_slice_cb,
    g_memdup2 (&mailbox_id, sizeof mailbox_id), g_free, cancellable, callback, user_data);
}
