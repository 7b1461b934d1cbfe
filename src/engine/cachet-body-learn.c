#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-account-internal.h"
#include "cachet-body-fetch.h"
#include "cachet-message-list-private.h"

#include <string.h>

#define PREVIEW_CHARS 200

/* What a body tells about its message: text for the index, preview, attachments. */
typedef struct
{
  CachetFolder *folder;
  gint64 id;
  guint32 uid;
  CachetMimeMessage *message;
  char *preview;
  char *names;
  gboolean has_attachment;
  int priority;
} Lesson;

static void
lesson_free (Lesson *self)
{
  g_clear_object (&self->folder);
  g_clear_object (&self->message);
  g_free (self->preview);
  g_free (self->names);
  g_free (self);
}

static CachetMailStore *
get_store (CachetFolder *folder)
{
  CachetAccount *account = cachet_folder_get_account (folder);
  CachetEngine *engine = account != NULL ? cachet_account_get_engine (account) : NULL;

  return engine != NULL ? cachet_engine_get_mail_store (engine) : NULL;
}

static void
indexed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!cachet_mail_store_write_finish (CACHET_MAIL_STORE (source), result, &error))
    g_debug ("A message was not indexed: %s", error->message);
}

static void
preview_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Lesson *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) entries =
    cachet_mail_store_insert_rows_finish (CACHET_MAIL_STORE (source), result, &error);
  CachetMessageList *list = cachet_folder_peek_list (self->folder);

  if (entries == NULL)
    g_debug ("A preview was not stored: %s", error->message);
  else if (list != NULL)
    cachet_message_list_refresh_id (list, self->id);
  lesson_free (self);
}

static void
row_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Lesson *self = user_data;
  CachetMailStore *store = CACHET_MAIL_STORE (source);
  g_autoptr (GPtrArray) rows = cachet_mail_store_load_rows_finish (store, result, NULL);
  g_autoptr (GPtrArray) changed = NULL;
  CachetStoredRow *row;
  CachetUidFact *fact;

  if (rows == NULL || rows->len == 0)
    {
      lesson_free (self);
      return;
    }
  row = cachet_stored_row_copy (g_ptr_array_index (rows, 0));
  if (g_strcmp0 (row->preview, self->preview) == 0)
    {
      cachet_stored_row_free (row);
      lesson_free (self);
      return;
    }
  g_free (row->preview);
  row->preview = g_steal_pointer (&self->preview);
  /* flags may have changed since the row was read */
  fact = cachet_folder_find_fact (self->folder, row->uid);
  if (fact != NULL)
    row->flags = fact->flags;
  changed = g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_stored_row_free);
  g_ptr_array_add (changed, row);
  cachet_mail_store_insert_rows_async (store, row->mailbox_id, changed, self->priority, NULL,
                                       preview_stored_cb, self);
}

static void
store_lesson (Lesson *self)
{
  CachetMailStore *store = get_store (self->folder);
  g_autoptr (GArray) uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (store == NULL)
    {
      lesson_free (self);
      return;
    }
  g_array_append_val (uids, self->uid);
  g_array_append_val (ids, self->id);
  cachet_folder_change_flags (
    self->folder, uids,
    CACHET_MESSAGE_FLAG_HAS_BODY | (self->has_attachment ? CACHET_MESSAGE_FLAG_HAS_ATTACHMENT : 0),
    self->has_attachment ? CACHET_MESSAGE_FLAG_NONE : CACHET_MESSAGE_FLAG_HAS_ATTACHMENT);
  cachet_mail_store_index_text_async (store, self->id, cachet_mime_message_get_text (self->message),
                                      self->names, self->priority, NULL, indexed_cb, NULL);
  cachet_mail_store_load_rows_async (store, ids, NULL, row_loaded_cb, self);
}

/* Worker: the text of a large message costs some milliseconds. */
static gpointer
summarize_job (gpointer data, GCancellable *cancellable, GError **error)
{
  Lesson *self = data;
  GPtrArray *attachments = cachet_mime_message_get_attachments (self->message);
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < attachments->len; i++)
    {
      const CachetMimePart *part = g_ptr_array_index (attachments, i);
      const char *type = cachet_mime_part_get_content_type (part);

      if (g_str_has_suffix (type, "pkcs7-signature"))
        continue;
      self->has_attachment = TRUE;
      g_string_append (names, cachet_mime_part_get_file_name (part));
      g_string_append_c (names, ' ');
    }
  self->names = g_string_free (g_steal_pointer (&names), FALSE);
  self->preview = cachet_mime_message_dup_preview (self->message, PREVIEW_CHARS);
  return NULL;
}

static void
summarized_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Lesson *self = user_data;
  g_autoptr (GError) error = NULL;

  cachet_worker_run_finish (CACHET_WORKER (source), result, &error);
  if (error != NULL)
    lesson_free (self);
  else
    store_lesson (self);
}

void
cachet_body_fetch_learn (CachetAccount *account,
                         CachetFolder *folder,
                         gint64 id,
                         guint32 uid,
                         CachetMimeMessage *message,
                         int priority)
{
  CachetEngine *engine = cachet_account_get_engine (account);
  Lesson *self;

  if (engine == NULL || cachet_engine_is_read_only (engine) || uid >= CACHET_PLACEHOLDER_UID_MIN)
    return;
  self = g_new0 (Lesson, 1);
  self->folder = g_object_ref (folder);
  self->id = id;
  self->uid = uid;
  self->message = g_object_ref (message);
  self->priority = priority;
  cachet_worker_run_async (cachet_engine_get_worker (engine), priority, "summarize body",
                           summarize_job, self, NULL, NULL, NULL, summarized_cb, self);
}

/* --- ahead of time --- */

typedef struct
{
  CachetFolder *folder;
  guint limit;
  guint64 max_size;
  gboolean only_newest;
  GArray *entries; /* CachetListEntry, newest first; taken from the front */
  guint next;
  guint in_flight;
  guint n_done;
  CachetLinkJob *job;
  GError *error;
} Prefetch;

/* One body of it. */
typedef struct
{
  Prefetch *prefetch;
  CachetListEntry entry;
} Ahead;

static void prefetch_more (Prefetch *self);

static void
prefetch_free (Prefetch *self)
{
  g_clear_object (&self->folder);
  g_clear_pointer (&self->entries, g_array_unref);
  g_clear_error (&self->error);
  g_free (self);
}

static gpointer
parse_job (gpointer data, GCancellable *cancellable, GError **error)
{
  return cachet_mime_message_new (data, error);
}

static void
ahead_parsed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Ahead *ahead = user_data;
  Prefetch *self = ahead->prefetch;
  CachetAccount *account = cachet_folder_get_account (self->folder);
  g_autoptr (CachetMimeMessage) message =
    cachet_worker_run_finish (CACHET_WORKER (source), result, NULL);

  if (message != NULL && account != NULL)
    cachet_body_fetch_learn (account, self->folder, ahead->entry.id, ahead->entry.uid, message,
                             CACHET_WORKER_PRIORITY_BULK);
  self->in_flight--;
  self->n_done++;
  prefetch_more (self);
}

static void
ahead_fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Ahead *ahead = user_data;
  Prefetch *self = ahead->prefetch;
  CachetAccount *account = CACHET_ACCOUNT (source);
  CachetEngine *engine = cachet_account_get_engine (account);
  g_autoptr (GError) error = NULL;
  GBytes *bytes = cachet_body_fetch_finish (account, result, &error);

  if (bytes != NULL && engine != NULL)
    {
      cachet_worker_run_async (cachet_engine_get_worker (engine), CACHET_WORKER_PRIORITY_BULK,
                               "parse body", parse_job, bytes, (GDestroyNotify)g_bytes_unref,
                               g_object_unref, NULL, ahead_parsed_cb, ahead);
      return;
    }
  g_clear_pointer (&bytes, g_bytes_unref);
  /* one that is gone meanwhile is no reason to stop */
  if (error != NULL && self->error == NULL &&
      !g_error_matches (error, CACHET_NET_ERROR, CACHET_NET_ERROR_NOT_FOUND))
    self->error = g_steal_pointer (&error);
  g_free (ahead);
  self->in_flight--;
  prefetch_more (self);
}

static void
end_prefetch (Prefetch *self, gboolean again)
{
  CachetLinkJob *job = g_steal_pointer (&self->job);

  if (again)
    cachet_link_job_requeue (job);
  else
    cachet_link_job_return (job, g_steal_pointer (&self->error));
}

static void
prefetch_more (Prefetch *self)
{
  CachetAccount *account = cachet_folder_get_account (self->folder);
  CachetLink *link = self->job->link;
  gboolean urgent = cachet_link_has_urgent (link, self->job->priority);
  gboolean here = cachet_link_get_selected (link) == self->folder;

  if (self->error == NULL)
    g_cancellable_set_error_if_cancelled (g_task_get_cancellable (self->job->task), &self->error);
  while (account != NULL && here && self->error == NULL && !urgent &&
         self->in_flight < CACHET_PREFETCH_IN_FLIGHT && self->next < self->entries->len)
    {
      Ahead *ahead = g_new0 (Ahead, 1);

      ahead->prefetch = self;
      ahead->entry = g_array_index (self->entries, CachetListEntry, self->next++);
      self->in_flight++;
      cachet_body_fetch_async (account, self->folder, ahead->entry.uid, 0, NULL, ahead_fetched_cb,
                               ahead);
    }
  if (self->in_flight == 0)
    end_prefetch (self, here && urgent && self->error == NULL && self->next < self->entries->len);
}

/* Of all that are missing those among the newest, by UID. */
static void
keep_newest (Prefetch *self)
{
  CachetFolderTable *table = cachet_folder_get_table (self->folder);
  guint n = table != NULL ? cachet_folder_table_get_length (table) : 0;
  guint32 lowest = n > self->limit ? cachet_folder_table_get (table, n - self->limit)->uid : 0;

  for (guint i = self->entries->len; i > 0; i--)
    {
      guint32 uid = g_array_index (self->entries, CachetListEntry, i - 1).uid;

      if (uid >= CACHET_PLACEHOLDER_UID_MIN || (self->only_newest && uid < lowest))
        g_array_remove_index (self->entries, i - 1);
    }
}

static void
missing_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Prefetch *self = user_data;

  self->entries =
    cachet_mail_store_list_entries_finish (CACHET_MAIL_STORE (source), result, &self->error);
  if (self->entries == NULL)
    {
      end_prefetch (self, FALSE);
      return;
    }
  keep_newest (self);
  prefetch_more (self);
}

static void
prefetch_job (CachetLinkJob *job)
{
  Prefetch *self = job->data;
  CachetMailStore *store = get_store (self->folder);

  self->job = job;
  if (self->entries != NULL)
    prefetch_more (self);
  else if (store == NULL)
    end_prefetch (self, FALSE);
  else
    cachet_mail_store_list_missing_bodies_async (store, cachet_folder_get_id (self->folder),
                                                 self->limit, self->max_size, NULL,
                                                 missing_listed_cb, self);
}

static void
prefetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetFolder) folder = user_data;
  g_autoptr (GError) error = NULL;

  g_object_set_data (G_OBJECT (folder), "cachet-prefetch", NULL);
  if (!cachet_link_run_finish (CACHET_LINK (source), result, &error))
    g_debug ("bodies were not fetched ahead: %s", error->message);
}

void
cachet_body_fetch_prefetch (CachetAccount *account, CachetFolder *folder)
{
  CachetEngine *engine = account != NULL ? cachet_account_get_engine (account) : NULL;
  Prefetch *self;

  if (engine == NULL || !cachet_engine_wants_prefetch (engine) ||
      g_object_get_data (G_OBJECT (folder), "cachet-prefetch") != NULL)
    return;
  g_object_set_data (G_OBJECT (folder), "cachet-prefetch", folder);
  self = g_new0 (Prefetch, 1);
  self->folder = g_object_ref (folder);
  self->limit = CACHET_PREFETCH_MESSAGES;
  self->max_size = CACHET_PREFETCH_MAX_BYTES;
  self->only_newest = TRUE;
  cachet_link_run_async (cachet_account_route (account, folder), CACHET_WORKER_PRIORITY_BULK + 1,
                         "prefetch", folder, prefetch_job, self, (GDestroyNotify)prefetch_free,
                         NULL, prefetched_cb, g_object_ref (folder));
}

/* --- all of them --- */

static void
all_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (!cachet_link_run_finish (CACHET_LINK (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  g_task_return_boolean (task, TRUE);
}

static void
begin_all (GTask *task)
{
  CachetAccount *account = g_task_get_source_object (task);
  CachetFolder *folder = g_task_get_task_data (task);
  Prefetch *self = g_new0 (Prefetch, 1);

  self->folder = g_object_ref (folder);
  self->limit = G_MAXINT;
  self->max_size = G_MAXINT64;
  cachet_link_run_async (cachet_account_route (account, folder), CACHET_WORKER_PRIORITY_BULK,
                         "all bodies", folder, prefetch_job, self, (GDestroyNotify)prefetch_free,
                         g_task_get_cancellable (task), all_done_cb, task);
}

void
cachet_body_fetch_all_async (CachetAccount *account,
                             CachetFolder *folder,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task = g_task_new (account, cancellable, callback, user_data);

  g_task_set_source_tag (task, cachet_body_fetch_all_async);
  g_task_set_task_data (task, g_object_ref (folder), g_object_unref);
  begin_all (task);
}

gboolean
cachet_body_fetch_all_finish (CachetAccount *account, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
