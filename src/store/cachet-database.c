#define G_LOG_DOMAIN "cachet-store"

#include "config.h"

#include "cachet-database.h"

#include "cachet-data-lock.h"
#include "cachet-store-resources.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

/* The version stands in the file twice, in both halves of user_version: a flipped bit must not pass
 * for a newer Cachet. */
#define VERSION_STAMP 0x10001

struct _CachetDatabase
{
  GObject parent_instance;

  const CachetDatabaseKind *kind;
  char *path;
  char *suspect_path; /* its presence says that a job met damage */
  CachetWorker *writer;
  CachetWorker *reader;
  CachetConnection *write_connection;
  CachetConnection *read_connection;
  CachetDataLock *lock;
  gboolean closed;
  gboolean damage_told;
};

G_DEFINE_FINAL_TYPE (CachetDatabase, cachet_database, G_TYPE_OBJECT)

enum {
  SIGNAL_DAMAGED,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

static void
cachet_database_finalize (GObject *object)
{
  CachetDatabase *self = CACHET_DATABASE (object);

  cachet_database_close (self);
  g_clear_object (&self->writer);
  g_clear_object (&self->reader);
  g_free (self->path);
  g_free (self->suspect_path);

  G_OBJECT_CLASS (cachet_database_parent_class)->finalize (object);
}

static void
cachet_database_class_init (CachetDatabaseClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cachet_database_finalize;

  signals[SIGNAL_DAMAGED] = g_signal_new ("damaged", CACHET_TYPE_DATABASE, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cachet_database_init (CachetDatabase *self)
{
}

CachetDatabase *
cachet_database_new (const CachetDatabaseKind *kind, const char *directory)
{
  CachetDatabase *self = g_object_new (CACHET_TYPE_DATABASE, NULL);

  self->kind = kind;
  self->path = g_build_filename (directory, kind->file_name, NULL);
  self->suspect_path = g_strconcat (self->path, ".suspect", NULL);
  self->writer = cachet_worker_new ("store-writer", 1);
  if (kind->has_reader)
    self->reader = cachet_worker_new ("store-reader", 1);
  return self;
}

CachetWorker *
cachet_database_get_writer (CachetDatabase *self)
{
  return self->writer;
}

const char *
cachet_database_get_path (CachetDatabase *self)
{
  return self->path;
}

CachetConnection *
cachet_database_get_connection (CachetDatabase *self)
{
  return self->write_connection;
}

/* A file cut short: SQLite would find out only when it comes to the pages that are missing. */
static gboolean
check_length (CachetDatabase *self, CachetConnection *connection, GError **error)
{
  g_autofree char *wal = g_strconcat (self->path, "-wal", NULL);
  GStatBuf file;
  GStatBuf log;
  gint64 n_pages;
  gint64 page_size;

  if (!cachet_connection_get_int64 (connection, "PRAGMA page_count", 0, &n_pages, error) ||
      !cachet_connection_get_int64 (connection, "PRAGMA page_size", 0, &page_size, error))
    return FALSE;
  if (g_stat (wal, &log) == 0 && log.st_size > 0)
    return TRUE;
  if (g_stat (self->path, &file) == 0 && file.st_size < n_pages * page_size)
    {
      cachet_connection_set_error (connection, SQLITE_CORRUPT, error);
      return FALSE;
    }
  return TRUE;
}

/* Whether it is a file of ours; @version is 0 for a new, empty one. */
static gboolean
check_identity (CachetDatabase *self, CachetConnection *connection, gint64 *version, GError **error)
{
  gint64 application_id;
  gint64 n_objects;

  if (!cachet_connection_get_int64 (connection, "PRAGMA application_id", 0, &application_id,
                                    error) ||
      !cachet_connection_get_int64 (connection, "PRAGMA user_version", 0, version, error) ||
      !cachet_connection_get_int64 (connection, "SELECT count(*) FROM sqlite_schema", 0, &n_objects,
                                    error) ||
      !check_length (self, connection, error))
    return FALSE;
  if (n_objects == 0 && *version == 0)
    return TRUE;
  if (application_id != self->kind->application_id || *version <= 0 || n_objects == 0 ||
      *version % VERSION_STAMP != 0)
    {
      g_set_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_DAMAGED,
                   _ ("The file “%s” is not one that Cachet made."), self->path);
      return FALSE;
    }
  *version /= VERSION_STAMP;
  if (*version > self->kind->version)
    {
      g_set_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_NEWER,
                   _ ("The file “%s” was written by a newer version of Cachet. Use that version, "
                      "or move the file away."),
                      self->path);
      return FALSE;
    }
  return TRUE;
}

static gboolean
apply_migration (CachetDatabase *self, CachetConnection *connection, int version, GError **error)
{
  g_autofree char *name =
    g_strdup_printf ("/org/cachetmail/Cachet/sql/%s/version-%03d.sql", self->kind->folder, version);
  g_autofree char *stamp = NULL;
  g_autoptr (GBytes) sql = NULL;

  /* Looked up in this very resource: a static library's constructor may have been left out. */
  sql = g_resource_lookup_data (cachet_store_get_resource (), name, 0, error);
  if (sql == NULL)
    return FALSE;
  stamp = g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %d;",
                           self->kind->application_id, version * VERSION_STAMP);
  return cachet_connection_exec (connection, g_bytes_get_data (sql, NULL), error) &&
         cachet_connection_exec (connection, stamp, error);
}

static gboolean
migrate (CachetDatabase *self, CachetConnection *connection, GError **error)
{
  gint64 version;

  if (!cachet_connection_begin (connection, error))
    return FALSE;
  /* Again, now that no other process can be doing the same. */
  if (!cachet_connection_get_int64 (connection, "PRAGMA user_version", 0, &version, error))
    {
      cachet_connection_roll_back (connection);
      return FALSE;
    }
  for (int i = (int)(version / VERSION_STAMP) + 1; i <= self->kind->version; i++)
    if (!apply_migration (self, connection, i, error))
      {
        cachet_connection_roll_back (connection);
        return FALSE;
      }
  return cachet_connection_commit (connection, error);
}

static gboolean
open_connections (CachetDatabase *self,
                  gboolean (*check) (CachetConnection *connection),
                  GError **error)
{
  g_autoptr (CachetConnection) connection = NULL;
  gint64 version;

  connection = cachet_connection_open (self->path, self->kind->mode, error);
  if (connection == NULL || !check_identity (self, connection, &version, error))
    return FALSE;
  if (version < self->kind->version && !migrate (self, connection, error))
    return FALSE;
  if (check != NULL && !check (connection))
    {
      cachet_connection_set_error (connection, SQLITE_CORRUPT, error);
      return FALSE;
    }
  if (self->reader != NULL)
    {
      self->read_connection = cachet_connection_open (self->path, CACHET_CONNECTION_READER, error);
      if (self->read_connection == NULL)
        return FALSE;
    }
  self->write_connection = g_steal_pointer (&connection);
  return TRUE;
}

/* Only the newest damaged file of rebuildable data is kept: each may be as large as the mail. */
static void
remove_older_set_aside (CachetDatabase *self)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *prefix = g_strconcat (self->kind->file_name, ".damaged-", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, prefix))
      {
        g_autofree char *path = g_build_filename (folder, name, NULL);

        g_unlink (path);
      }
}

static char *
make_set_aside_path (CachetDatabase *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%dT%H%M%SZ");
  char *path = g_strdup_printf ("%s.damaged-%s", self->path, time);

  for (int i = 2; g_file_test (path, G_FILE_TEST_EXISTS); i++)
    {
      g_free (path);
      path = g_strdup_printf ("%s.damaged-%s-%d", self->path, time, i);
    }
  return path;
}

static gboolean
set_aside_file (CachetDatabase *self, char **set_aside, GError **error)
{
  g_autofree char *target = NULL;
  g_autofree char *wal = g_strconcat (self->path, "-wal", NULL);
  g_autofree char *shm = g_strconcat (self->path, "-shm", NULL);
  g_autofree char *target_wal = NULL;

  /* Another process with this file open would remove the log of the new one when it ends. */
  if (!cachet_data_lock_upgrade (self->lock, error))
    return FALSE;
  if (!self->kind->keeps_set_aside)
    remove_older_set_aside (self);
  target = make_set_aside_path (self);
  target_wal = g_strconcat (target, "-wal", NULL);
  if (g_rename (self->path, target) != 0)
    {
      g_set_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_IO,
                   _ ("The damaged file “%s” could not be renamed: %s."), self->path,
                      g_strerror (errno));
      return FALSE;
    }
  if (g_rename (wal, target_wal) != 0)
    g_unlink (wal);
  g_unlink (shm);
  g_unlink (self->suspect_path);
  g_warning ("%s was damaged and is now %s", self->path, target);
  *set_aside = g_steal_pointer (&target);
  return TRUE;
}

/* With the shared lock. */
static gboolean
open_or_rebuild (CachetDatabase *self,
                 gboolean (*check) (CachetConnection *connection),
                 char **set_aside,
                 GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (g_file_test (self->suspect_path, G_FILE_TEST_EXISTS) &&
      g_file_test (self->path, G_FILE_TEST_EXISTS))
    g_set_error_literal (&local_error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_DAMAGED,
                         "marked as damaged");
  else if (open_connections (self, check, &local_error))
    return TRUE;

  if (!g_error_matches (local_error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_DAMAGED))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  g_clear_pointer (&self->read_connection, cachet_connection_close);
  return set_aside_file (self, set_aside, error) && open_connections (self, NULL, error);
}

gboolean
cachet_database_open (CachetDatabase *self,
                      gboolean (*check) (CachetConnection *connection),
                      char **set_aside,
                      GError **error)
{
  g_autofree char *lock_path = g_strconcat (self->path, ".lock", NULL);

  *set_aside = NULL;
  self->lock = cachet_data_lock_new_shared (lock_path, CACHET_DATA_LOCK_WAIT_MS, error);
  if (self->lock == NULL)
    return FALSE;
  if (open_or_rebuild (self, check, set_aside, error))
    {
      if (*set_aside != NULL)
        cachet_data_lock_downgrade (self->lock);
      return TRUE;
    }
  /* Whoever holds on to the answer must not keep others from the file. */
  g_clear_pointer (&self->read_connection, cachet_connection_close);
  g_clear_pointer (&self->lock, cachet_data_lock_free);
  return FALSE;
}

void
cachet_database_close (CachetDatabase *self)
{
  if (self->closed)
    return;
  self->closed = TRUE;
  if (self->reader != NULL)
    cachet_worker_shut_down (self->reader);
  cachet_worker_shut_down (self->writer);
  g_clear_pointer (&self->read_connection, cachet_connection_close);
  g_clear_pointer (&self->write_connection, cachet_connection_close);
  g_clear_pointer (&self->lock, cachet_data_lock_free);
}

gboolean
cachet_database_is_closed (CachetDatabase *self)
{
  return self->closed;
}

/* One order, from the call to its answer. Owned by its task. */
typedef struct
{
  CachetDatabase *database;
  gboolean writes;
  int priority;
  CachetDatabaseFunc func;
  CachetDatabaseSliceFunc slice_func;
  gpointer data;
  GDestroyNotify free_data;
  GDestroyNotify free_result;
  GCancellable *cancellable;
  gboolean more;
  gboolean met_damage;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  if (job->free_data != NULL)
    job->free_data (job->data);
  g_clear_object (&job->cancellable);
  g_object_unref (job->database);
  g_free (job);
}

void
cachet_database_mark_suspect (CachetDatabase *self)
{
  g_autoptr (GError) error = NULL;

  if (!g_file_set_contents_full (self->suspect_path, "", 0, G_FILE_SET_CONTENTS_NONE, 0600, &error))
    g_warning ("%s cannot be marked as damaged: %s", self->path, error->message);
}

static gpointer
run_write (Job *job, CachetConnection *connection, GError **error)
{
  gpointer result = NULL;
  gboolean ok;
  g_autoptr (GError) local_error = NULL;

  if (!cachet_connection_begin (connection, error))
    return NULL;
  if (job->slice_func != NULL)
    {
      job->more = FALSE;
      ok = job->slice_func (connection, job->data, &job->more, &local_error);
      g_assert (ok == (local_error == NULL));
    }
  else
    result = job->func (connection, job->data, job->cancellable, &local_error);
  /* A job that has more to do after its transaction has ended it by itself. */
  if (local_error == NULL && (sqlite3_get_autocommit (cachet_connection_get_handle (connection)) ||
                              cachet_connection_commit (connection, &local_error)))
    return result;

  cachet_connection_roll_back (connection);
  if (result != NULL && job->free_result != NULL)
    job->free_result (result);
  job->more = FALSE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

/* Worker thread. */
static gpointer
job_run_cb (gpointer data, GCancellable *cancellable, GError **error)
{
  Job *job = data;
  CachetDatabase *self = job->database;
  CachetConnection *connection;
  g_autoptr (GError) local_error = NULL;
  gpointer result;

  if (g_cancellable_set_error_if_cancelled (job->cancellable, error))
    return NULL;
  connection = job->writes || self->reader == NULL ? self->write_connection : self->read_connection;
  if (job->writes)
    result = run_write (job, connection, &local_error);
  else
    {
      cachet_connection_set_cancellable (connection, job->cancellable);
      result = job->func (connection, job->data, job->cancellable, &local_error);
      cachet_connection_set_cancellable (connection, NULL);
    }
  if (local_error != NULL)
    {
      /* An error of that code may also come from a file beside the database. */
      job->met_damage = cachet_connection_has_met_damage (connection);
      if (job->met_damage)
        cachet_database_mark_suspect (self);
      g_propagate_error (error, g_steal_pointer (&local_error));
    }
  return result;
}

static void job_done_cb (GObject *source, GAsyncResult *result, gpointer user_data);

static void
queue_job (GTask *task)
{
  Job *job = g_task_get_task_data (task);
  CachetDatabase *self = job->database;
  CachetWorker *worker = job->writes || self->reader == NULL ? self->writer : self->reader;

  cachet_worker_run_async (worker, job->priority, g_task_get_name (task), job_run_cb, job, NULL,
                           job->free_result, NULL, job_done_cb, g_object_ref (task));
}

static void
tell_damage (CachetDatabase *self)
{
  if (self->damage_told)
    return;
  self->damage_told = TRUE;
  g_signal_emit (self, signals[SIGNAL_DAMAGED], 0);
}

static void
job_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Job *job = g_task_get_task_data (task);
  gpointer value = cachet_worker_run_finish (CACHET_WORKER (source), result, &error);

  if (error != NULL)
    {
      if (job->met_damage)
        tell_damage (job->database);
      g_task_return_error (task, g_steal_pointer (&error));
    }
  else if (job->more)
    queue_job (task);
  else
    g_task_return_pointer (task, value, job->free_result);
}

static void
start_job (CachetDatabase *self,
           gpointer source,
           const char *name,
           Job *job,
           GCancellable *cancellable,
           GAsyncReadyCallback callback,
           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, user_data);

  job->database = g_object_ref (self);
  g_set_object (&job->cancellable, cancellable);
  g_task_set_source_tag (task, start_job);
  g_task_set_name (task, name);
  g_task_set_check_cancellable (task, !job->writes);
  g_task_set_task_data (task, job, job_free);
  queue_job (task);
}

void
cachet_database_write_async (CachetDatabase *self,
                             gpointer source,
                             const char *name,
                             int priority,
                             CachetDatabaseFunc func,
                             gpointer data,
                             GDestroyNotify free_data,
                             GDestroyNotify free_result,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  Job *job = g_new0 (Job, 1);

  job->writes = TRUE;
  job->priority = priority;
  job->func = func;
  job->data = data;
  job->free_data = free_data;
  job->free_result = free_result;
  start_job (self, source, name, job, cancellable, callback, user_data);
}

void
cachet_database_write_slices_async (CachetDatabase *self,
                                    gpointer source,
                                    const char *name,
                                    int priority,
                                    CachetDatabaseSliceFunc func,
                                    gpointer data,
                                    GDestroyNotify free_data,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  Job *job = g_new0 (Job, 1);

  job->writes = TRUE;
  job->priority = priority;
  job->slice_func = func;
  job->data = data;
  job->free_data = free_data;
  start_job (self, source, name, job, cancellable, callback, user_data);
}

void
cachet_database_read_async (CachetDatabase *self,
                            gpointer source,
                            const char *name,
                            CachetDatabaseFunc func,
                            gpointer data,
                            GDestroyNotify free_data,
                            GDestroyNotify free_result,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  Job *job = g_new0 (Job, 1);

  job->priority = CACHET_WORKER_PRIORITY_DEFAULT;
  job->func = func;
  job->data = data;
  job->free_data = free_data;
  job->free_result = free_result;
  start_job (self, source, name, job, cancellable, callback, user_data);
}

gpointer
cachet_database_finish (gpointer source, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, source), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

gboolean
cachet_database_finish_boolean (gpointer source, GAsyncResult *result, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  g_return_val_if_fail (g_task_is_valid (result, source), FALSE);

  g_task_propagate_pointer (G_TASK (result), &local_error);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}
