#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-account-internal.h"
#include "cachet-body-fetch.h"

#include <glib/gi18n.h>

/* "Bring everything in step, then end", and APPEND of a ready message to a folder. */

/* --- everything --- */

typedef struct
{
  gboolean bodies;
  GPtrArray *folders; /* CachetFolder: still to be done */
  guint next;
} Whole;

static void
whole_free (Whole *self)
{
  g_clear_pointer (&self->folders, g_ptr_array_unref);
  g_free (self);
}

static void next_bodies (GTask *task);

static void
bodies_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (!cachet_body_fetch_all_finish (CACHET_ACCOUNT (source), result, &error))
    g_task_return_error (task, error);
  else
    next_bodies (g_steal_pointer (&task));
}

/* Takes @task. */
static void
next_bodies (GTask *task)
{
  CachetAccount *self = g_task_get_source_object (task);
  Whole *whole = g_task_get_task_data (task);

  if (!whole->bodies || whole->next >= whole->folders->len)
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }
  cachet_body_fetch_all_async (self, g_ptr_array_index (whole->folders, whole->next++),
                               g_task_get_cancellable (task), bodies_done_cb, task);
}

static void
flushed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetAccount *self = g_task_get_source_object (task);
  Whole *whole = g_task_get_task_data (task);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->folders));

  cachet_replay_flush_finish (self->replay, result, NULL);
  if (!cachet_account_is_live (self))
    {
      g_task_return_new_error (task, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_OFFLINE, "%s",
                               self->state_text);
      return;
    }
  g_ptr_array_set_size (whole->folders, 0);
  for (guint i = 0; whole->bodies && i < n; i++)
    {
      g_autoptr (CachetFolder) folder = g_list_model_get_item (G_LIST_MODEL (self->folders), i);

      if (cachet_folder_is_selectable (folder))
        g_ptr_array_add (whole->folders, g_steal_pointer (&folder));
    }
  whole->next = 0;
  next_bodies (g_steal_pointer (&task));
}

static void next_folder (GTask *task);

static void
folder_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetAccount *self = CACHET_ACCOUNT (source);
  GError *error = NULL;

  if (!cachet_account_sync_folder_finish (self, result, &error))
    {
      /* one folder that can't be opened does not hold up the others */
      if (!cachet_account_is_live (self))
        {
          g_task_return_error (task, error);
          return;
        }
      g_warning ("A folder was not read: %s", error->message);
      g_clear_error (&error);
    }
  next_folder (g_steal_pointer (&task));
}

/* Takes @task. */
static void
next_folder (GTask *task)
{
  CachetAccount *self = g_task_get_source_object (task);
  Whole *whole = g_task_get_task_data (task);

  if (g_task_return_error_if_cancelled (task))
    {
      g_object_unref (task);
      return;
    }
  if (whole->next < whole->folders->len)
    cachet_account_sync_folder_async (self, g_ptr_array_index (whole->folders, whole->next++),
                                      g_task_get_cancellable (task), folder_done_cb, task);
  else
    cachet_replay_flush_async (self->replay, flushed_cb, task);
}

static void
refreshed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetAccount *self = CACHET_ACCOUNT (source);
  Whole *whole = g_task_get_task_data (task);
  CachetFolder *inbox;
  GError *error = NULL;
  GPtrArray *changed = cachet_account_refresh_folders_finish (self, result, &error);

  if (changed == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  whole->folders = changed;
  inbox = cachet_account_find_mailbox (self, "INBOX");
  /* also when it is being read already: then this waits for that */
  if (inbox != NULL && !g_ptr_array_find (changed, inbox, NULL))
    g_ptr_array_insert (changed, 0, g_object_ref (inbox));
  next_folder (g_steal_pointer (&task));
}

static void
live_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GCancellable *cancellable = g_task_get_cancellable (task);
  CachetAccount *self = CACHET_ACCOUNT (source);
  GError *error = NULL;

  if (!cachet_account_wait_live_finish (self, result, &error))
    g_task_return_error (task, error);
  else
    cachet_account_refresh_folders_async (self, cancellable, refreshed_cb, g_steal_pointer (&task));
}

void
cachet_account_sync_async (CachetAccount *self,
                           gboolean bodies,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task;
  Whole *whole;

  g_return_if_fail (CACHET_IS_ACCOUNT (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cachet_account_sync_async);
  whole = g_new0 (Whole, 1);
  whole->bodies = bodies;
  g_task_set_task_data (task, whole, (GDestroyNotify)whole_free);
  if (self->engine != NULL && cachet_engine_is_read_only (self->engine))
    {
      g_task_return_new_error (task, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_IN_USE,
                               _ ("Another Cachet uses the same data and keeps it in step. Close "
                                  "it and try again."));
      g_object_unref (task);
      return;
    }
  cachet_account_wait_live_async (self, cancellable, live_cb, task);
}

gboolean
cachet_account_sync_finish (CachetAccount *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- append --- */

typedef struct
{
  CachetFolder *folder;
  GBytes *message;
  char *message_id;
  CachetMessageFlags flags;
  gboolean maybe_there;
} Append;

static void
append_free (Append *self)
{
  g_clear_object (&self->folder);
  g_clear_pointer (&self->message, g_bytes_unref);
  g_free (self->message_id);
  g_free (self);
}

static void
appended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetLinkJob *job = user_data;
  GError *error = NULL;

  cachet_imap_session_append_finish (CACHET_IMAP_SESSION (source), result, NULL, &error);
  cachet_link_job_return (job, error);
}

static void
append_now (CachetLinkJob *job)
{
  Append *self = job->data;

  cachet_imap_session_append_async (job->session, cachet_folder_get_mailbox (self->folder),
                                    self->message, self->flags, G_MININT64, NULL, NULL, NULL,
                                    appended_cb, job);
}

static void
searched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetLinkJob *job = user_data;
  GError *error = NULL;
  g_autoptr (CachetImapSet) found =
    cachet_imap_session_search_finish (CACHET_IMAP_SESSION (source), result, &error);

  if (found == NULL || !cachet_imap_set_is_empty (found))
    cachet_link_job_return (job, error);
  else
    append_now (job);
}

static void
append_job (CachetLinkJob *job)
{
  Append *self = job->data;

  if (self->maybe_there)
    cachet_imap_session_search_async (job->session, "Message-ID", self->message_id, NULL, 0, NULL,
                                      searched_cb, job);
  else
    append_now (job);
}

static void
append_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetAccount *account = g_task_get_source_object (task);
  Append *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (!cachet_link_run_finish (CACHET_LINK (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  cachet_account_queue_sync (account, self->folder, CACHET_WORKER_PRIORITY_DEFAULT);
  g_task_return_boolean (task, TRUE);
}

static void
role_ready_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetAccount *account = CACHET_ACCOUNT (source);
  Append *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->folder = cachet_account_ensure_role_finish (account, result, &error);
  if (self->folder == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  cachet_link_run_async (cachet_account_route (account, self->folder), CACHET_WORKER_PRIORITY_USER,
                         "append", self->maybe_there ? self->folder : NULL, append_job, self, NULL,
                         g_task_get_cancellable (task), append_done_cb, task);
  g_steal_pointer (&task);
}

void
cachet_account_append_async (CachetAccount *self,
                             CachetFolderRole role,
                             GBytes *message,
                             const char *message_id,
                             CachetMessageFlags flags,
                             gboolean maybe_there,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Append *append = g_new0 (Append, 1);

  g_task_set_source_tag (task, cachet_account_append_async);
  g_task_set_task_data (task, append, (GDestroyNotify)append_free);
  append->message = g_bytes_ref (message);
  append->message_id = g_strdup (message_id);
  append->flags = flags;
  append->maybe_there = maybe_there && message_id != NULL;
  if (!cachet_account_is_live (self))
    g_task_return_new_error (task, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_OFFLINE,
                             _ ("There is no connection to the server of “%s” now."),
                                self->settings->label);
  else
    cachet_account_ensure_role_async (self, role, cancellable, role_ready_cb,
                                      g_steal_pointer (&task));
}

gboolean
cachet_account_append_finish (CachetAccount *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
