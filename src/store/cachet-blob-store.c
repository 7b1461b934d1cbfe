#define G_LOG_DOMAIN "cachet-store"

#include "config.h"

#include "cachet-blob-store.h"

#include "cachet-blob-stream.h"
#include "cachet-checksum.h"
#include "cachet-durable-file.h"
#include "cachet-store-error.h"
#include "cachet-worker.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

/* Files in the folder for incoming messages that are older were left by a crash. */
#define STALE_SECONDS (6 * 60 * 60)
#define MAILBOX_DIGITS 20

/* Behind the bytes of each message: what tells a whole file from one that a crash or the disk cut
 * short or changed. Little-endian. */
typedef struct
{
  char magic[8];
  guint64 length;
  guint64 checksum;
} Trailer;
G_STATIC_ASSERT (sizeof (Trailer) == 24);
static const char trailer_magic[8] = { 'C', 'a', 'c', 'h', 'e', 't', 'B', '1' };

struct _CachetBlobStore
{
  GObject parent_instance;

  char *directory;
  char *incoming; /* on the same file system, for the rename */
  CachetWorker *worker;
  gboolean is_swept; /* worker only */
};

G_DEFINE_FINAL_TYPE (CachetBlobStore, cachet_blob_store, G_TYPE_OBJECT)

static void
cachet_blob_store_finalize (GObject *object)
{
  CachetBlobStore *self = CACHET_BLOB_STORE (object);

  g_clear_object (&self->worker);
  g_free (self->directory);
  g_free (self->incoming);

  G_OBJECT_CLASS (cachet_blob_store_parent_class)->finalize (object);
}

static void
cachet_blob_store_class_init (CachetBlobStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cachet_blob_store_finalize;
}

static void
cachet_blob_store_init (CachetBlobStore *self)
{
}

CachetBlobStore *
cachet_blob_store_new (const char *directory)
{
  CachetBlobStore *self;

  g_return_val_if_fail (directory != NULL, NULL);

  self = g_object_new (CACHET_TYPE_BLOB_STORE, NULL);
  self->directory = g_strdup (directory);
  self->incoming = g_build_filename (directory, "incoming", NULL);
  self->worker = cachet_worker_new ("store-blobs", 1);
  return self;
}

void
cachet_blob_store_close (CachetBlobStore *self)
{
  g_return_if_fail (CACHET_IS_BLOB_STORE (self));

  cachet_worker_shut_down (self->worker);
}

/* Names all messages of a mailbox begin with. */
static char *
make_prefix (const char *account_id, const char *mailbox)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  char *prefix;

  g_checksum_update (sum, (const guint8 *)account_id, (gssize)strlen (account_id) + 1);
  g_checksum_update (sum, (const guint8 *)mailbox, (gssize)strlen (mailbox));
  prefix = g_strndup (g_checksum_get_string (sum), MAILBOX_DIGITS);
  return prefix;
}

char *
cachet_blob_key (const char *account_id, const char *mailbox, guint32 uidvalidity, guint32 uid)
{
  g_autofree char *prefix = NULL;

  g_return_val_if_fail (account_id != NULL && mailbox != NULL, NULL);

  prefix = make_prefix (account_id, mailbox);
  return g_strdup_printf ("%s-%u-%u", prefix, uidvalidity, uid);
}

static gboolean
key_is_valid (const char *key)
{
  gsize length = strlen (key);

  return length > 0 && length < 100 && strspn (key, "0123456789abcdef-") == length;
}

static char *
get_path (CachetBlobStore *self, const char *key)
{
  char folder[3];

  g_snprintf (folder, sizeof folder, "%02x",
              (guint)(cachet_checksum_add_text (CACHET_CHECKSUM_SEED, key) & 0xff));
  return g_build_filename (self->directory, folder, key, NULL);
}

/* One order. Owned by its task. */
typedef struct
{
  CachetBlobStore *store;
  char **keys;
  char *prefix;
  CachetBlobStream *stream;
  gint64 expected_size;
  GDestroyNotify free_result;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_clear_object (&job->stream);
  g_clear_object (&job->store);
  g_strfreev (job->keys);
  g_free (job->prefix);
  g_free (job);
}

static void
job_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Job *job = g_task_get_task_data (task);
  gpointer value = cachet_worker_run_finish (CACHET_WORKER (source), result, &error);

  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, value, job->free_result);
}

/* Takes @job. */
static void
start_job (CachetBlobStore *self,
           const char *name,
           int priority,
           CachetWorkerFunc func,
           Job *job,
           GDestroyNotify free_result,
           GCancellable *cancellable,
           GAsyncReadyCallback callback,
           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  job->store = g_object_ref (self);
  job->free_result = free_result;
  g_task_set_source_tag (task, start_job);
  g_task_set_name (task, name);
  g_task_set_task_data (task, job, job_free);
  cachet_worker_run_async (self->worker, priority, name, func, job, NULL, free_result, cancellable,
                           job_done_cb, g_object_ref (task));
}

static void
sweep_incoming (CachetBlobStore *self)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  if (self->is_swept)
    return;
  self->is_swept = TRUE;
  dir = g_dir_open (self->incoming, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->incoming, name, NULL);
      GStatBuf info;

      if (g_stat (path, &info) == 0 && now - info.st_mtime > STALE_SECONDS)
        g_unlink (path);
    }
}

static gpointer
write_run_cb (gpointer data, GCancellable *cancellable, GError **error)
{
  Job *job = data;
  CachetBlobStore *self = job->store;
  g_autoptr (GError) local_error = NULL;
  CachetBlobStream *stream = NULL;

  if (cachet_private_directory_make (self->incoming, &local_error))
    {
      sweep_incoming (self);
      stream = cachet_blob_stream_new (self->incoming, job->keys[0], &local_error);
    }
  if (stream == NULL)
    cachet_store_error_propagate (error, g_steal_pointer (&local_error));
  return stream;
}

void
cachet_blob_store_write_async (CachetBlobStore *self,
                               const char *key,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  Job *job;

  g_return_if_fail (CACHET_IS_BLOB_STORE (self));
  g_return_if_fail (key != NULL && key_is_valid (key));

  job = g_new0 (Job, 1);
  job->keys = g_strdupv ((char *[]){ (char *)key, NULL });
  start_job (self, "write a blob", CACHET_WORKER_PRIORITY_DEFAULT, write_run_cb, job,
             g_object_unref, cancellable, callback, user_data);
}

GOutputStream *
cachet_blob_store_write_finish (CachetBlobStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static GBytes *
set_io_error (const char *path, int saved_errno, GError **error)
{
  g_set_error (error, CACHET_STORE_ERROR,
               saved_errno == ENOSPC || saved_errno == EDQUOT ? CACHET_STORE_ERROR_FULL
                                                              : CACHET_STORE_ERROR_IO,
               _ ("The message could not be kept in “%s”: %s."), path, g_strerror (saved_errno));
  return NULL;
}

/* The message in a mapped file; %NULL when it is not as it was written. */
static GBytes *
get_checked_bytes (GBytes *content)
{
  gsize size;
  const char *data = g_bytes_get_data (content, &size);
  Trailer trailer;

  if (size < sizeof trailer)
    return NULL;
  size -= sizeof trailer;
  memcpy (&trailer, data + size, sizeof trailer);
  if (memcmp (trailer.magic, trailer_magic, sizeof trailer_magic) != 0 ||
      GUINT64_FROM_LE (trailer.length) != size ||
      GUINT64_FROM_LE (trailer.checksum) != cachet_checksum_add (CACHET_CHECKSUM_SEED, data, size))
    return NULL;
  return g_bytes_new_from_bytes (content, 0, size);
}

static GBytes *
map_file (const char *path, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, &local_error);

  if (file == NULL)
    {
      cachet_store_error_propagate (error, g_steal_pointer (&local_error));
      return NULL;
    }
  return g_mapped_file_get_bytes (file);
}

static gboolean
append_trailer (CachetBlobStream *stream, GError **error)
{
  const char *path = cachet_blob_stream_get_path (stream);
  g_autoptr (GBytes) content = NULL;
  Trailer trailer;
  gsize size;
  const void *data;

  if (path == NULL)
    {
      set_io_error (cachet_blob_stream_get_key (stream), EBADF, error);
      return FALSE;
    }
  content = map_file (path, error);
  if (content == NULL)
    return FALSE;
  data = g_bytes_get_data (content, &size);
  memcpy (trailer.magic, trailer_magic, sizeof trailer_magic);
  trailer.length = GUINT64_TO_LE (size);
  trailer.checksum = GUINT64_TO_LE (cachet_checksum_add (CACHET_CHECKSUM_SEED, data, size));
  return g_output_stream_write_all (G_OUTPUT_STREAM (stream), &trailer, sizeof trailer, NULL, NULL,
                                    error) &&
         g_output_stream_close (G_OUTPUT_STREAM (stream), NULL, error);
}

static gboolean
check_size (CachetBlobStream *stream, gint64 expected_size, GError **error)
{
  gint64 size = cachet_blob_stream_get_size (stream);
  g_autofree char *arrived = NULL;
  g_autofree char *announced = NULL;

  if (expected_size < 0 || size == expected_size)
    return TRUE;
  arrived = g_strdup_printf ("%" G_GINT64_FORMAT, size);
  announced = g_strdup_printf ("%" G_GINT64_FORMAT, expected_size);
  g_set_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_IO,
               /* Translators: two numbers of bytes */
               _ ("Only %s of the message's %s bytes arrived. Try again."), arrived, announced);
  return FALSE;
}

/* No fsync: it can be fetched again, and a file that a crash cut short is found out by its
 * trailer. */
static gpointer
commit_run_cb (gpointer data, GCancellable *cancellable, GError **error)
{
  Job *job = data;
  CachetBlobStream *stream = job->stream;
  g_autofree char *path = get_path (job->store, cachet_blob_stream_get_key (stream));
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GBytes) content = NULL;
  int fault;

  if (!check_size (stream, job->expected_size, &local_error) ||
      !append_trailer (stream, &local_error) ||
      !cachet_private_directory_make (folder, &local_error))
    {
      cachet_blob_stream_remove (stream);
      cachet_store_error_propagate (error, g_steal_pointer (&local_error));
      return NULL;
    }
  fault = cachet_durable_file_fault ("rename", path);
  if (fault != 0 || g_rename (cachet_blob_stream_get_path (stream), path) != 0)
    {
      set_io_error (path, fault != 0 ? fault : errno, error);
      cachet_blob_stream_remove (stream);
      return NULL;
    }
  cachet_blob_stream_forget (stream);
  content = map_file (path, error);
  return content != NULL
           ? g_bytes_new_from_bytes (content, 0, g_bytes_get_size (content) - sizeof (Trailer))
           : NULL;
}

void
cachet_blob_store_commit_async (CachetBlobStore *self,
                                GOutputStream *stream,
                                gint64 expected_size,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  Job *job;

  g_return_if_fail (CACHET_IS_BLOB_STORE (self));
  g_return_if_fail (CACHET_IS_BLOB_STREAM (stream));

  job = g_new0 (Job, 1);
  job->stream = CACHET_BLOB_STREAM (g_object_ref (stream));
  job->expected_size = expected_size;
  start_job (self, "commit a blob", CACHET_WORKER_PRIORITY_DEFAULT, commit_run_cb, job,
             (GDestroyNotify)g_bytes_unref, cancellable, callback, user_data);
}

GBytes *
cachet_blob_store_commit_finish (CachetBlobStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
cachet_blob_store_abandon (CachetBlobStore *self, GOutputStream *stream)
{
  g_return_if_fail (CACHET_IS_BLOB_STORE (self));
  g_return_if_fail (CACHET_IS_BLOB_STREAM (stream));

  cachet_blob_stream_remove (CACHET_BLOB_STREAM (stream));
}

static gpointer
read_run_cb (gpointer data, GCancellable *cancellable, GError **error)
{
  Job *job = data;
  g_autofree char *path = get_path (job->store, job->keys[0]);
  g_autoptr (GBytes) content = map_file (path, error);
  GBytes *bytes;

  if (content == NULL)
    return NULL;
  bytes = get_checked_bytes (content);
  if (bytes == NULL)
    {
      /* As if it had never been fetched: it will be again. */
      g_warning ("%s is damaged and was removed", path);
      g_unlink (path);
      g_set_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_NOT_FOUND,
                   _ ("The copy of the message in “%s” was damaged and has been removed."), path);
    }
  return bytes;
}

void
cachet_blob_store_read_async (CachetBlobStore *self,
                              const char *key,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  Job *job;

  g_return_if_fail (CACHET_IS_BLOB_STORE (self));
  g_return_if_fail (key != NULL && key_is_valid (key));

  job = g_new0 (Job, 1);
  job->keys = g_strdupv ((char *[]){ (char *)key, NULL });
  start_job (self, "read a blob", CACHET_WORKER_PRIORITY_USER, read_run_cb, job,
             (GDestroyNotify)g_bytes_unref, cancellable, callback, user_data);
}

GBytes *
cachet_blob_store_read_finish (CachetBlobStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* The first failure is told, the others are tried all the same. */
static void
remove_file (const char *path, GError **error)
{
  int fault = cachet_durable_file_fault ("unlink", path);

  if ((fault != 0 || g_unlink (path) != 0) && (fault != 0 || errno != ENOENT) && *error == NULL)
    g_set_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_IO,
                 _ ("The file “%s” could not be removed: %s."), path,
                    g_strerror (fault != 0 ? fault : errno));
}

static void
remove_by_prefix (CachetBlobStore *self, const char *prefix, GError **error)
{
  for (guint i = 0; i < 256; i++)
    {
      g_autofree char *folder = g_strdup_printf ("%s/%02x", self->directory, i);
      g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
      const char *name;

      while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
        if (g_str_has_prefix (name, prefix))
          {
            g_autofree char *path = g_build_filename (folder, name, NULL);

            remove_file (path, error);
          }
    }
}

static gpointer
remove_run_cb (gpointer data, GCancellable *cancellable, GError **error)
{
  Job *job = data;
  g_autoptr (GError) local_error = NULL;

  for (guint i = 0; job->keys != NULL && job->keys[i] != NULL; i++)
    {
      g_autofree char *path = get_path (job->store, job->keys[i]);

      remove_file (path, &local_error);
    }
  if (job->prefix != NULL)
    remove_by_prefix (job->store, job->prefix, &local_error);
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

void
cachet_blob_store_remove_async (CachetBlobStore *self,
                                const char *const *keys,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  Job *job;

  g_return_if_fail (CACHET_IS_BLOB_STORE (self));
  g_return_if_fail (keys != NULL);
  for (guint i = 0; keys[i] != NULL; i++)
    g_return_if_fail (key_is_valid (keys[i]));

  job = g_new0 (Job, 1);
  job->keys = g_strdupv ((char **)keys);
  start_job (self, "remove blobs", CACHET_WORKER_PRIORITY_BULK, remove_run_cb, job, NULL,
             cancellable, callback, user_data);
}

void
cachet_blob_store_remove_mailbox_async (CachetBlobStore *self,
                                        const char *account_id,
                                        const char *mailbox,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  g_autofree char *prefix = NULL;
  Job *job;

  g_return_if_fail (CACHET_IS_BLOB_STORE (self));
  g_return_if_fail (account_id != NULL && mailbox != NULL);

  prefix = make_prefix (account_id, mailbox);
  job = g_new0 (Job, 1);
  job->prefix = g_strconcat (prefix, "-", NULL);
  start_job (self, "remove a mailbox's blobs", CACHET_WORKER_PRIORITY_BULK, remove_run_cb, job,
             NULL, cancellable, callback, user_data);
}

gboolean
cachet_blob_store_remove_finish (CachetBlobStore *self, GAsyncResult *result, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  g_task_propagate_pointer (G_TASK (result), &local_error);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}
