#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-body-fetch.h"

#include "cachet-account-internal.h"

#include <glib/gi18n.h>

/* One body on its way: stream of the blob store, FETCH, commit. */
typedef struct
{
  CachetFolder *folder;
  guint32 uid;
  guint64 size;
  CachetImapSession *session; /* while fetching */
  gboolean refreshed;         /* the session was asked for news, and the fetch repeated */
  CachetLink *direct;         /* (nullable): the link that must stay in the mailbox */
  CachetLinkJob *job;         /* (nullable): else the job that it is part of */
  GOutputStream *stream;
  CachetActivity *activity;
  GError *error;
} Body;

static void
body_free (Body *self)
{
  g_clear_object (&self->folder);
  g_clear_object (&self->session);
  g_clear_object (&self->stream);
  g_clear_error (&self->error);
  if (self->activity != NULL)
    cachet_activity_end (self->activity);
  g_clear_object (&self->activity);
  g_free (self);
}

static CachetBlobStore *
get_blobs (CachetAccount *account)
{
  CachetEngine *engine = cachet_account_get_engine (account);

  return engine != NULL ? cachet_engine_get_blob_store (engine) : NULL;
}

static void
committed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GBytes *bytes = cachet_blob_store_commit_finish (CACHET_BLOB_STORE (source), result, &error);

  if (bytes == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, bytes, (GDestroyNotify)g_bytes_unref);
}

/* The wire is free again for others. */
static void
release_wire (Body *self)
{
  CachetLinkJob *job = g_steal_pointer (&self->job);
  CachetLink *direct = g_steal_pointer (&self->direct);

  if (direct != NULL)
    {
      cachet_link_end_direct (direct);
      g_object_unref (direct);
    }
  if (job != NULL)
    cachet_link_job_return (job, NULL);
}

static void begin_fetch (GTask *task);
static void fail (GTask *task, GError *error);

static void
refreshed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (cachet_imap_session_order_finish (CACHET_IMAP_SESSION (source), result, &error))
    begin_fetch (g_steal_pointer (&task));
  else
    fail (task, error);
}

/* The row may have come by the account's other connection, and the one that fetches has not been
 * told of the message yet: a server answers then as if it were gone (RFC 9051 §5.2). NOOP makes it
 * tell; once is enough. */
static gboolean
try_again (GTask *task, const GError *error)
{
  Body *self = g_task_get_task_data (task);

  if (self->refreshed || !g_error_matches (error, CACHET_NET_ERROR, CACHET_NET_ERROR_NOT_FOUND))
    return FALSE;
  self->refreshed = TRUE;
  cachet_imap_session_noop_async (self->session, g_task_get_cancellable (task), refreshed_cb,
                                  g_object_ref (task));
  return TRUE;
}

/* Takes @error. */
static void
fail (GTask *task, GError *error)
{
  CachetAccount *account = g_task_get_source_object (task);
  Body *self = g_task_get_task_data (task);
  CachetBlobStore *blobs = get_blobs (account);

  release_wire (self);
  if (blobs != NULL)
    cachet_blob_store_abandon (blobs, self->stream);
  g_task_return_error (task, error);
}

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetAccount *account = g_task_get_source_object (task);
  Body *self = g_task_get_task_data (task);
  CachetBlobStore *blobs = get_blobs (account);
  GError *error = NULL;
  gssize n = cachet_imap_session_fetch_body_finish (CACHET_IMAP_SESSION (source), result, &error);

  if (n < 0 && try_again (task, error))
    {
      g_error_free (error);
      return;
    }
  if (n < 0 || blobs == NULL)
    {
      if (error == NULL)
        error = g_error_new (G_IO_ERROR, G_IO_ERROR_CLOSED, "the engine is gone");
      fail (task, error);
      return;
    }
  release_wire (self);
  cachet_blob_store_commit_async (blobs, self->stream, n, NULL, committed_cb,
                                  g_steal_pointer (&task));
}

static void
progress_cb (guint64 done, guint64 total, gpointer user_data)
{
  Body *self = user_data;

  if (self->activity != NULL && total > 0)
    cachet_activity_set_fraction (self->activity, (double)done / (double)total);
}

static void
begin_fetch (GTask *task)
{
  Body *self = g_task_get_task_data (task);

  cachet_imap_session_fetch_body_async (self->session, self->uid, "", self->stream, progress_cb,
                                        self, g_task_get_cancellable (task), fetched_cb, task);
}

static void
fetch_job (CachetLinkJob *job)
{
  GTask *task = job->data;
  Body *self = g_task_get_task_data (task);

  self->job = job;
  g_set_object (&self->session, job->session);
  begin_fetch (g_object_ref (task));
}

/* Only its failure before the job began is news; the rest is told by the fetch itself. */
static void
job_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetAccount *account = g_task_get_source_object (task);
  Body *self = g_task_get_task_data (task);
  CachetBlobStore *blobs = get_blobs (account);
  GError *error = NULL;

  if (cachet_link_run_finish (CACHET_LINK (source), result, &error))
    return;
  if (blobs != NULL && self->stream != NULL)
    cachet_blob_store_abandon (blobs, self->stream);
  g_task_return_error (task, error);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetAccount *account = g_task_get_source_object (task);
  Body *self = g_task_get_task_data (task);
  CachetLink *link;
  GError *error = NULL;

  self->stream = cachet_blob_store_write_finish (CACHET_BLOB_STORE (source), result, &error);
  if (self->stream == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  link = cachet_account_route (account, self->folder);
  if (cachet_link_begin_direct (link, self->folder))
    {
      self->direct = g_object_ref (link);
      g_set_object (&self->session, cachet_link_get_session (link));
      begin_fetch (g_steal_pointer (&task));
      return;
    }
  cachet_link_run_async (link, CACHET_WORKER_PRIORITY_USER, "body", self->folder, fetch_job, task,
                         NULL, g_task_get_cancellable (task), job_done_cb, g_object_ref (task));
}

void
cachet_body_fetch_async (CachetAccount *account,
                         CachetFolder *folder,
                         guint32 uid,
                         guint64 size,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (account, cancellable, callback, user_data);
  CachetBlobStore *blobs = get_blobs (account);
  g_autofree char *key = NULL;
  Body *self = g_new0 (Body, 1);

  g_task_set_source_tag (task, cachet_body_fetch_async);
  g_task_set_task_data (task, self, (GDestroyNotify)body_free);
  self->folder = g_object_ref (folder);
  self->uid = uid;
  self->size = size;
  if (blobs == NULL ||
      cachet_link_get_state (cachet_account_route (account, folder)) == CACHET_LINK_DOWN)
    {
      g_task_return_new_error (task, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_OFFLINE,
                               _ ("This message was not read yet, and there is no connection to "
                                  "the server of “%s”. Connect and open it again."),
                                  cachet_account_get_label (account));
      return;
    }
  if (size >= CACHET_BODY_ACTIVITY_MIN_BYTES)
    self->activity = cachet_engine_begin_activity (cachet_account_get_engine (account),
                                                   cachet_account_get_id (account),
                                                   _ ("Fetching a message"), cancellable);
  key = cachet_folder_dup_blob_key (folder, uid);
  cachet_blob_store_write_async (blobs, key, cancellable, opened_cb, g_steal_pointer (&task));
}

GBytes *
cachet_body_fetch_finish (CachetAccount *account, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
