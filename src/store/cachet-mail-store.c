#define G_LOG_DOMAIN "cachet-store"

#include "config.h"

#include "cachet-mail-store.h"

#include "cachet-durable-file.h"
#include "cachet-mail-store-private.h"
#include "cachet-store-error.h"

/* Insertions come in bursts: the index follows when none came for so long. */
#define MAINTENANCE_PAUSE_MS 700
/* In a long download the pause never comes: after so long the index follows all the same. */
#define MAINTENANCE_LATEST_US (5 * G_USEC_PER_SEC)
/* After everything that a person or a sync waits for. */
#define MAINTENANCE_PRIORITY (CACHET_WORKER_PRIORITY_BULK + 10)

static const CachetDatabaseKind cache_kind = {
  .file_name = "cache.db",
  .folder = "cache",
  .version = 1,
  .application_id = 0x43614331, /* "CaC1" */
  .mode = CACHET_CONNECTION_CACHE,
  .has_reader = TRUE,
  .keeps_set_aside = FALSE,
};

G_DEFINE_FINAL_TYPE (CachetMailStore, cachet_mail_store, G_TYPE_OBJECT)

enum {
  SIGNAL_DAMAGED,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

static void
cachet_mail_store_dispose (GObject *object)
{
  CachetMailStore *self = CACHET_MAIL_STORE (object);

  g_clear_handle_id (&self->maintenance_source, g_source_remove);
  g_clear_object (&self->database);

  G_OBJECT_CLASS (cachet_mail_store_parent_class)->dispose (object);
}

static void
cachet_mail_store_class_init (CachetMailStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cachet_mail_store_dispose;

  signals[SIGNAL_DAMAGED] = g_signal_new ("damaged", CACHET_TYPE_MAIL_STORE, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cachet_mail_store_init (CachetMailStore *self)
{
}

static void
database_damaged_cb (CachetMailStore *self)
{
  g_signal_emit (self, signals[SIGNAL_DAMAGED], 0);
}

typedef struct
{
  CachetMailStore *store;
  char *directory;
  char *set_aside;
} OpenJob;

static void
open_job_free (gpointer data)
{
  OpenJob *job = data;

  g_clear_object (&job->store);
  g_free (job->directory);
  g_free (job->set_aside);
  g_free (job);
}

static gpointer
open_run_cb (gpointer data, GCancellable *cancellable, GError **error)
{
  OpenJob *job = data;
  g_autoptr (GError) local_error = NULL;

  if (cachet_private_directory_make (job->directory, &local_error))
    cachet_database_open (job->store->database, NULL, &job->set_aside, error);
  else
    cachet_store_error_propagate (error, g_steal_pointer (&local_error));
  return NULL;
}

static void
open_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  OpenJob *job = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  cachet_worker_run_finish (CACHET_WORKER (source), result, &error);
  if (error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  cachet_mail_store_schedule_maintenance (job->store);
  g_task_return_pointer (task, g_object_ref (job->store), g_object_unref);
}

void
cachet_mail_store_open_async (const char *directory,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  OpenJob *job;

  g_return_if_fail (directory != NULL);

  job = g_new0 (OpenJob, 1);
  job->directory = g_strdup (directory);
  job->store = g_object_new (CACHET_TYPE_MAIL_STORE, NULL);
  job->store->database = cachet_database_new (&cache_kind, directory);
  g_signal_connect_object (job->store->database, "damaged", G_CALLBACK (database_damaged_cb),
                           job->store, G_CONNECT_SWAPPED);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, cachet_mail_store_open_async);
  g_task_set_name (task, "open the mail store");
  g_task_set_task_data (task, job, open_job_free);
  cachet_worker_run_async (cachet_database_get_writer (job->store->database),
                           CACHET_WORKER_PRIORITY_USER, "open the mail store", open_run_cb, job,
                           NULL, NULL, cancellable, open_done_cb, g_object_ref (task));
}

CachetMailStore *
cachet_mail_store_open_finish (GAsyncResult *result, gboolean *was_rebuilt, GError **error)
{
  OpenJob *job;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  job = g_task_get_task_data (G_TASK (result));
  if (was_rebuilt != NULL)
    *was_rebuilt = job->set_aside != NULL;
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
cachet_mail_store_close (CachetMailStore *self)
{
  g_return_if_fail (CACHET_IS_MAIL_STORE (self));

  g_clear_handle_id (&self->maintenance_source, g_source_remove);
  cachet_database_close (self->database);
}

static void
maintenance_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetMailStore *self = CACHET_MAIL_STORE (source);
  g_autofree guint64 *n_changes = user_data;
  g_autoptr (GError) error = NULL;

  self->is_maintaining = FALSE;
  if (!cachet_database_finish_boolean (self, result, &error))
    {
      /* What is left to do is in the database: the next change or start takes it up. */
      g_info ("the index could not follow: %s", error->message);
      return;
    }
  if (self->n_changes == *n_changes)
    self->index_is_current = TRUE;
  else
    cachet_mail_store_schedule_maintenance (self);
}

static gboolean
maintenance_due_cb (gpointer user_data)
{
  CachetMailStore *self = user_data;

  self->maintenance_source = 0;
  if (!self->is_maintaining)
    {
      self->is_maintaining = TRUE;
      cachet_database_write_slices_async (self->database, self, "follow with the index",
                                          MAINTENANCE_PRIORITY, cachet_mail_index_maintain_slice,
                                          NULL, NULL, NULL, maintenance_done_cb,
                                          g_memdup2 (&self->n_changes, sizeof self->n_changes));
    }
  return G_SOURCE_REMOVE;
}

void
cachet_mail_store_schedule_maintenance (CachetMailStore *self)
{
  self->n_changes++;
  self->index_is_current = FALSE;
  if (cachet_database_is_closed (self->database))
    return;
  if (self->maintenance_source == 0)
    self->waiting_since = g_get_monotonic_time ();
  else if (g_get_monotonic_time () - self->waiting_since > MAINTENANCE_LATEST_US)
    return;
  g_clear_handle_id (&self->maintenance_source, g_source_remove);
  self->maintenance_source =
    g_timeout_add_full (G_PRIORITY_LOW, MAINTENANCE_PAUSE_MS, maintenance_due_cb, self, NULL);
  g_source_set_name_by_id (self->maintenance_source, "[cachet] index");
}

gboolean
cachet_mail_store_write_finish (CachetMailStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (CACHET_IS_MAIL_STORE (self), FALSE);

  return cachet_database_finish_boolean (self, result, error);
}
