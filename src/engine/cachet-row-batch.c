#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-row-batch.h"

#include "cachet-account-private.h"
#include "cachet-mime-summary.h"

typedef struct
{
  GPtrArray *fetches; /* for the worker */
  int priority;
  GPtrArray *rows;
  GArray *entries;
} Batch;

static void
batch_free (Batch *self)
{
  g_clear_pointer (&self->fetches, g_ptr_array_unref);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->entries, g_array_unref);
  g_free (self);
}

/* --- worker --- */

static CachetStoredRow *
decode (const CachetImapFetch *fetch)
{
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  g_autoptr (CachetMimeSummary) summary =
    cachet_mime_summary_new (fetch->header != NULL ? fetch->header : nothing);
  CachetStoredRow *row = g_new0 (CachetStoredRow, 1);

  row->uid = fetch->uid;
  row->flags = (fetch->flags & CACHET_MESSAGE_FLAG_SERVER_MASK) | summary->traits;
  if (fetch->has_bodystructure && fetch->has_attachment)
    row->flags |= CACHET_MESSAGE_FLAG_HAS_ATTACHMENT;
  row->keywords = g_strdupv (fetch->keywords);
  row->internal_date = fetch->internal_date != G_MININT64 ? fetch->internal_date : 0;
  row->date = summary->date != G_MININT64 ? summary->date : row->internal_date;
  row->size = fetch->size >= 0 ? fetch->size : 0;
  row->modseq = fetch->modseq;
  row->subject = g_steal_pointer (&summary->subject);
  row->from_name = g_steal_pointer (&summary->from_name);
  row->from_addr = g_steal_pointer (&summary->from_addr);
  row->to = g_steal_pointer (&summary->to);
  row->message_id = g_steal_pointer (&summary->message_id);
  row->in_reply_to = g_steal_pointer (&summary->in_reply_to);
  row->references = g_steal_pointer (&summary->references);
  return row;
}

static gpointer
decode_job (gpointer data, GCancellable *cancellable, GError **error)
{
  GPtrArray *fetches = data;
  GPtrArray *rows = g_ptr_array_new_full (fetches->len, (GDestroyNotify)cachet_stored_row_free);

  for (guint i = 0; i < fetches->len; i++)
    g_ptr_array_add (rows, decode (g_ptr_array_index (fetches, i)));
  return rows;
}

/* --- main thread --- */

static void
stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetFolder *folder = g_task_get_source_object (task);
  Batch *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->entries = cachet_mail_store_insert_rows_finish (CACHET_MAIL_STORE (source), result, &error);
  if (self->entries == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  cachet_folder_rows_stored (folder, self->entries);
  g_task_return_boolean (task, TRUE);
}

static void
decoded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetFolder *folder = g_task_get_source_object (task);
  Batch *self = g_task_get_task_data (task);
  CachetAccount *account = cachet_folder_get_account (folder);
  CachetEngine *engine = account != NULL ? cachet_account_get_engine (account) : NULL;
  CachetMailStore *store = engine != NULL ? cachet_engine_get_mail_store (engine) : NULL;
  GError *error = NULL;

  self->rows = cachet_worker_run_finish (CACHET_WORKER (source), result, &error);
  if (self->rows == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (store == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED, "the cache is closed");
      return;
    }
  cachet_mail_store_insert_rows_async (store, cachet_folder_get_id (folder), self->rows,
                                       self->priority, NULL, stored_cb, g_steal_pointer (&task));
}

void
cachet_row_batch_store_async (CachetFolder *folder,
                              GPtrArray *fetches,
                              int priority,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  GTask *task = g_task_new (folder, NULL, callback, user_data);
  CachetEngine *engine = cachet_account_get_engine (cachet_folder_get_account (folder));
  Batch *self = g_new0 (Batch, 1);

  g_task_set_source_tag (task, cachet_row_batch_store_async);
  g_task_set_task_data (task, self, (GDestroyNotify)batch_free);
  self->priority = priority;
  cachet_worker_run_async (cachet_engine_get_worker (engine), priority, "decode rows", decode_job,
                           fetches, (GDestroyNotify)g_ptr_array_unref,
                           (GDestroyNotify)g_ptr_array_unref, NULL, decoded_cb, task);
}

GPtrArray *
cachet_row_batch_store_finish (CachetFolder *folder,
                               GAsyncResult *result,
                               GArray **entries,
                               GError **error)
{
  Batch *self = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  if (entries != NULL)
    *entries = g_array_ref (self->entries);
  return g_ptr_array_ref (self->rows);
}
