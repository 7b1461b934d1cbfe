#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-account-internal.h"
#include "cachet-body-fetch.h"
#include "cachet-engine-internal.h"
#include "cachet-message-row-private.h"

#include <glib/gi18n.h>

/* An .eml may be this long; a message on a server may be as long as it likes. */
#define MAX_FILE_BYTES (256 * 1024 * 1024)

/* --- parsing --- */

static gpointer
parse_job (gpointer data, GCancellable *cancellable, GError **error)
{
  return cachet_mime_message_new (data, error);
}

static void
parse_async (CachetEngine *self,
             GBytes *bytes,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  cachet_worker_run_async (self->worker, CACHET_WORKER_PRIORITY_USER, "parse message", parse_job,
                           g_bytes_ref (bytes), (GDestroyNotify)g_bytes_unref, g_object_unref,
                           cancellable, callback, user_data);
}

/* --- a message of a list: walk (b) --- */

typedef struct
{
  CachetMessageRow *row;
  CachetAccount *account;
  CachetFolder *folder; /* where the body is */
  guint32 uid;
  gboolean was_fetched;
} Load;

static void
load_free (Load *self)
{
  g_clear_object (&self->row);
  g_clear_object (&self->account);
  g_clear_object (&self->folder);
  g_free (self);
}

static void
parsed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Load *load = g_task_get_task_data (task);
  GError *error = NULL;
  CachetMimeMessage *message = cachet_worker_run_finish (CACHET_WORKER (source), result, &error);

  if (message == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (load->was_fetched ||
      (cachet_message_row_get_flags (load->row) & CACHET_MESSAGE_FLAG_HAS_BODY) == 0)
    cachet_body_fetch_learn (load->account, load->folder, cachet_message_row_get_id (load->row),
                             cachet_message_row_get_uid (load->row), message,
                             CACHET_WORKER_PRIORITY_DEFAULT);
  g_task_return_pointer (task, message, g_object_unref);
}

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GCancellable *cancellable = g_task_get_cancellable (task);
  CachetEngine *self = g_task_get_source_object (task);
  Load *load = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) bytes = cachet_body_fetch_finish (CACHET_ACCOUNT (source), result, &error);

  if (bytes == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  load->was_fetched = TRUE;
  parse_async (self, bytes, cancellable, parsed_cb, g_steal_pointer (&task));
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GCancellable *cancellable = g_task_get_cancellable (task);
  CachetEngine *self = g_task_get_source_object (task);
  Load *load = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes =
    cachet_blob_store_read_finish (CACHET_BLOB_STORE (source), result, &error);

  if (bytes != NULL)
    parse_async (self, bytes, cancellable, parsed_cb, g_steal_pointer (&task));
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    cachet_body_fetch_async (load->account, load->folder, load->uid,
                             cachet_message_row_get_size (load->row), cancellable, fetched_cb,
                             g_steal_pointer (&task));
}

/* A row that was moved off line: its body is still where it came from. */
static void
resolve_placeholder (Load *load)
{
  guint32 uid = 0;
  CachetOperation *operation =
    load->uid >= CACHET_PLACEHOLDER_UID_MIN
      ? cachet_replay_find_placeholder (cachet_account_get_replay (load->account), load->folder,
                                        load->uid, &uid)
      : NULL;
  CachetFolder *origin =
    operation != NULL ? cachet_account_find_mailbox (load->account, operation->mailbox) : NULL;

  if (origin == NULL)
    return;
  g_set_object (&load->folder, origin);
  load->uid = uid;
}

void
cachet_engine_load_message_async (CachetEngine *self,
                                  CachetMessageRow *row,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autofree char *key = NULL;
  CachetFolder *folder;
  Load *load;

  g_return_if_fail (CACHET_IS_ENGINE (self));
  g_return_if_fail (CACHET_IS_MESSAGE_ROW (row));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cachet_engine_load_message_async);
  load = g_new0 (Load, 1);
  g_task_set_task_data (task, load, (GDestroyNotify)load_free);
  folder = cachet_message_row_get_folder (row);
  load->row = g_object_ref (row);
  load->folder = g_object_ref (folder);
  load->uid = cachet_message_row_get_uid (row);
  if (cachet_folder_get_account (folder) == NULL)
    {
      g_task_return_new_error (task, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_NOT_FOUND,
                               _ ("The folder of this message is gone."));
      return;
    }
  load->account = g_object_ref (cachet_folder_get_account (folder));
  resolve_placeholder (load);
  key = cachet_folder_dup_blob_key (load->folder, load->uid);
  cachet_blob_store_read_async (self->blob_store, key, cancellable, read_cb,
                                g_steal_pointer (&task));
}

CachetMimeMessage *
cachet_engine_load_message_finish (CachetEngine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- a file --- */

static void
file_parsed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  CachetMimeMessage *message = cachet_worker_run_finish (CACHET_WORKER (source), result, &error);

  if (message != NULL)
    g_task_return_pointer (task, message, g_object_unref);
  else
    g_task_return_error (task, error);
}

static gpointer
load_file_job (gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFileInfo) info =
    g_file_query_info (data, G_FILE_ATTRIBUTE_STANDARD_SIZE "," G_FILE_ATTRIBUTE_STANDARD_TYPE,
                       G_FILE_QUERY_INFO_NONE, cancellable, error);
  g_autoptr (GBytes) bytes = NULL;

  if (info == NULL)
    return NULL;
  if (g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY ||
      g_file_info_get_size (info) > MAX_FILE_BYTES)
    {
      g_set_error_literal (error, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_NOT_ALLOWED,
                           _ ("This is no message file, or one of more than 256 MB."));
      return NULL;
    }
  bytes = g_file_load_bytes (data, cancellable, NULL, error);
  return bytes != NULL ? cachet_mime_message_new (bytes, error) : NULL;
}

void
cachet_engine_load_file_async (CachetEngine *self,
                               GFile *file,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  GTask *task;

  g_return_if_fail (CACHET_IS_ENGINE (self));
  g_return_if_fail (G_IS_FILE (file));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cachet_engine_load_file_async);
  cachet_worker_run_async (self->worker, CACHET_WORKER_PRIORITY_USER, "load file", load_file_job,
                           g_object_ref (file), g_object_unref, g_object_unref, cancellable,
                           file_parsed_cb, task);
}

CachetMimeMessage *
cachet_engine_load_file_finish (CachetEngine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- rows by id --- */

static CachetFolder *
find_folder_by_id (CachetEngine *self, gint64 mailbox_id)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->accounts)); i++)
    {
      g_autoptr (CachetAccount) account = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);
      GListModel *folders = cachet_account_get_folders (account);

      for (guint j = 0; j < g_list_model_get_n_items (folders); j++)
        {
          g_autoptr (CachetFolder) folder = g_list_model_get_item (folders, j);

          if (cachet_folder_get_id (folder) == mailbox_id)
            return folder;
        }
    }
  return NULL;
}

/* (nullable): when a pending operation hides it, or its folder is gone */
static CachetMessageRow *
make_row (CachetEngine *self, const CachetStoredRow *stored)
{
  CachetFolder *folder = find_folder_by_id (self, stored->mailbox_id);
  CachetListEntry entry = { .id = stored->id,
                            .date = stored->date,
                            .uid = stored->uid,
                            .size = MIN (stored->size, (guint64)G_MAXUINT32) };
  CachetMessageRow *row;

  if (folder == NULL || cachet_folder_hides_uid (folder, stored->uid))
    return NULL;
  entry.flags = cachet_folder_effective_flags (folder, stored->uid, stored->flags);
  row = cachet_message_row_new (folder, &entry);
  cachet_message_row_take_stored (row, cachet_stored_row_copy (stored));
  return row;
}

static void
row_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetEngine *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) rows =
    cachet_mail_store_load_rows_finish (CACHET_MAIL_STORE (source), result, &error);

  if (rows == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (
      task, rows->len > 0 ? make_row (self, g_ptr_array_index (rows, 0)) : NULL, g_object_unref);
}

void
cachet_engine_find_row_async (CachetEngine *self,
                              gint64 id,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GArray) ids = NULL;

  g_return_if_fail (CACHET_IS_ENGINE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cachet_engine_find_row_async);
  if (self->mail_store == NULL)
    {
      g_task_return_pointer (task, NULL, NULL);
      return;
    }
  ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_array_append_val (ids, id);
  cachet_mail_store_load_rows_async (self->mail_store, ids, cancellable, row_found_cb,
                                     g_steal_pointer (&task));
}

CachetMessageRow *
cachet_engine_find_row_finish (CachetEngine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- search --- */

static void
search_rows_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetEngine *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) rows =
    cachet_mail_store_load_rows_finish (CACHET_MAIL_STORE (source), result, &error);
  GListStore *found;

  if (rows == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  found = g_list_store_new (CACHET_TYPE_MESSAGE_ROW);
  for (guint i = 0; i < rows->len; i++)
    {
      g_autoptr (CachetMessageRow) row = make_row (self, g_ptr_array_index (rows, i));

      if (row != NULL)
        g_list_store_append (found, row);
    }
  g_task_return_pointer (task, found, g_object_unref);
}

static void
searched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GCancellable *cancellable = g_task_get_cancellable (task);
  CachetMailStore *store = CACHET_MAIL_STORE (source);
  GError *error = NULL;
  g_autoptr (GArray) ids = cachet_mail_store_search_finish (store, result, &error);

  if (ids == NULL)
    g_task_return_error (task, error);
  else
    cachet_mail_store_load_rows_async (store, ids, cancellable, search_rows_cb,
                                       g_steal_pointer (&task));
}

void
cachet_engine_search_async (CachetEngine *self,
                            CachetAccount *account,
                            const char *words,
                            guint limit,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (CACHET_IS_ENGINE (self));
  g_return_if_fail (words != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cachet_engine_search_async);
  if (self->mail_store == NULL)
    g_task_return_pointer (task, g_list_store_new (CACHET_TYPE_MESSAGE_ROW), g_object_unref);
  else
    cachet_mail_store_search_async (self->mail_store,
                                    account != NULL ? cachet_account_get_id (account) : NULL, words,
                                    limit, cancellable, searched_cb, g_steal_pointer (&task));
}

GListModel *
cachet_engine_search_finish (CachetEngine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
