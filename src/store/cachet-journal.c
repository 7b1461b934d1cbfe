#define G_LOG_DOMAIN "cachet-store"

#include "config.h"

#include "cachet-journal.h"

#include "cachet-durable-file.h"
#include "cachet-journal-private.h"
#include "cachet-store-error.h"

static const CachetDatabaseKind journal_kind = {
  .file_name = "journal.db",
  .folder = "journal",
  .version = 1,
  .application_id = 0x43614a31, /* "CaJ1" */
  .mode = CACHET_CONNECTION_DURABLE,
  .has_reader = FALSE,
  .keeps_set_aside = TRUE,
};

G_DEFINE_FINAL_TYPE (CachetJournal, cachet_journal, G_TYPE_OBJECT)

static void
cachet_journal_finalize (GObject *object)
{
  CachetJournal *self = CACHET_JOURNAL (object);

  g_clear_object (&self->database);
  g_clear_pointer (&self->replay_lock, cachet_data_lock_free);
  g_free (self->directory);
  g_free (self->outbox_directory);
  g_free (self->drafts_directory);

  G_OBJECT_CLASS (cachet_journal_parent_class)->finalize (object);
}

static void
cachet_journal_class_init (CachetJournalClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cachet_journal_finalize;
}

static void
cachet_journal_init (CachetJournal *self)
{
}

typedef struct
{
  CachetJournal *journal;
  char *notice;
} OpenJob;

static void
open_job_free (gpointer data)
{
  OpenJob *job = data;

  g_clear_object (&job->journal);
  g_free (job->notice);
  g_free (job);
}

static gboolean
make_directories (CachetJournal *self, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (cachet_private_directory_make (self->directory, &local_error) &&
      cachet_private_directory_make (self->outbox_directory, &local_error) &&
      cachet_private_directory_make (self->drafts_directory, &local_error))
    return TRUE;
  cachet_store_error_propagate (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gpointer
open_run_cb (gpointer data, GCancellable *cancellable, GError **error)
{
  OpenJob *job = data;
  CachetJournal *self = job->journal;
  g_autofree char *set_aside = NULL;
  g_autoptr (GError) local_error = NULL;

  if (!make_directories (self, error) ||
      !cachet_database_open (self->database, cachet_journal_check, &set_aside, error))
    return NULL;
  if (!cachet_journal_recover (self, set_aside, &job->notice, &local_error))
    {
      if (g_error_matches (local_error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_DAMAGED))
        cachet_database_mark_suspect (self->database);
      g_propagate_error (error, g_steal_pointer (&local_error));
    }
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
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, g_object_ref (job->journal), g_object_unref);
}

void
cachet_journal_open_async (const char *directory,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  OpenJob *job;
  CachetJournal *self;

  g_return_if_fail (directory != NULL);

  self = g_object_new (CACHET_TYPE_JOURNAL, NULL);
  self->directory = g_strdup (directory);
  self->outbox_directory = g_build_filename (directory, "outbox", NULL);
  self->drafts_directory = g_build_filename (directory, "drafts", NULL);
  self->database = cachet_database_new (&journal_kind, directory);
  job = g_new0 (OpenJob, 1);
  job->journal = self;

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, cachet_journal_open_async);
  g_task_set_name (task, "open the journal");
  g_task_set_task_data (task, job, open_job_free);
  cachet_worker_run_async (cachet_database_get_writer (self->database), CACHET_WORKER_PRIORITY_USER,
                           "open the journal", open_run_cb, job, NULL, NULL, cancellable,
                           open_done_cb, g_object_ref (task));
}

CachetJournal *
cachet_journal_open_finish (GAsyncResult *result, char **notice, GError **error)
{
  OpenJob *job;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  job = g_task_get_task_data (G_TASK (result));
  if (notice != NULL)
    *notice = g_steal_pointer (&job->notice);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
cachet_journal_close (CachetJournal *self)
{
  g_return_if_fail (CACHET_IS_JOURNAL (self));

  cachet_database_close (self->database);
  g_clear_pointer (&self->replay_lock, cachet_data_lock_free);
}

gboolean
cachet_journal_try_lock (CachetJournal *self, GError **error)
{
  g_autofree char *path = NULL;

  g_return_val_if_fail (CACHET_IS_JOURNAL (self), FALSE);

  if (self->replay_lock != NULL)
    return TRUE;
  path = g_build_filename (self->directory, "replay.lock", NULL);
  self->replay_lock = cachet_data_lock_new_exclusive (path, 0, error);
  return self->replay_lock != NULL;
}

void
cachet_journal_unlock (CachetJournal *self)
{
  g_return_if_fail (CACHET_IS_JOURNAL (self));

  g_clear_pointer (&self->replay_lock, cachet_data_lock_free);
}

gint64
cachet_journal_add_finish (CachetJournal *self, GAsyncResult *result, GError **error)
{
  g_autofree gint64 *id = NULL;

  g_return_val_if_fail (CACHET_IS_JOURNAL (self), -1);

  id = cachet_database_finish (self, result, error);
  return id != NULL ? *id : -1;
}

gboolean
cachet_journal_write_finish (CachetJournal *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (CACHET_IS_JOURNAL (self), FALSE);

  return cachet_database_finish_boolean (self, result, error);
}
