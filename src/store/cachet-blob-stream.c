#define G_LOG_DOMAIN "cachet-store"

#include "config.h"

#include "cachet-blob-stream.h"

#include "cachet-durable-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <unistd.h>

struct _CachetBlobStream
{
  GOutputStream parent_instance;

  char *key;
  char *path; /* NULL when there is no file to remove */
  int fd;
  gint64 size;
};

G_DEFINE_FINAL_TYPE (CachetBlobStream, cachet_blob_stream, G_TYPE_OUTPUT_STREAM)

static void
set_error (int saved_errno, GError **error)
{
  gboolean is_full = saved_errno == ENOSPC || saved_errno == EDQUOT || saved_errno == EFBIG;

  g_set_error (error, CACHET_STORE_ERROR, is_full ? CACHET_STORE_ERROR_FULL : CACHET_STORE_ERROR_IO,
               _ ("The message could not be kept on the disk: %s."), g_strerror (saved_errno));
}

static gssize
cachet_blob_stream_write (
  GOutputStream *stream, const void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  CachetBlobStream *self = CACHET_BLOB_STREAM (stream);
  int fault = self->path != NULL ? cachet_durable_file_fault ("write", self->path) : EBADF;
  gssize n;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return -1;
  if (fault != 0)
    {
      set_error (fault, error);
      return -1;
    }
  do
    n = write (self->fd, buffer, count);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    set_error (errno, error);
  else
    self->size += n;
  return n;
}

static gboolean
cachet_blob_stream_close (GOutputStream *stream, GCancellable *cancellable, GError **error)
{
  CachetBlobStream *self = CACHET_BLOB_STREAM (stream);

  if (self->fd >= 0 && !g_close (g_steal_fd (&self->fd), error))
    return FALSE;
  return TRUE;
}

void
cachet_blob_stream_remove (CachetBlobStream *self)
{
  if (self->path != NULL)
    g_unlink (self->path);
  cachet_blob_stream_forget (self);
}

void
cachet_blob_stream_forget (CachetBlobStream *self)
{
  g_clear_pointer (&self->path, g_free);
}

static void
cachet_blob_stream_finalize (GObject *object)
{
  CachetBlobStream *self = CACHET_BLOB_STREAM (object);

  cachet_blob_stream_remove (self);
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->key);

  G_OBJECT_CLASS (cachet_blob_stream_parent_class)->finalize (object);
}

static void
cachet_blob_stream_class_init (CachetBlobStreamClass *klass)
{
  GOutputStreamClass *stream_class = G_OUTPUT_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = cachet_blob_stream_finalize;
  stream_class->write_fn = cachet_blob_stream_write;
  stream_class->close_fn = cachet_blob_stream_close;
}

static void
cachet_blob_stream_init (CachetBlobStream *self)
{
  self->fd = -1;
}

CachetBlobStream *
cachet_blob_stream_new (const char *directory, const char *key, GError **error)
{
  g_autoptr (CachetBlobStream) self = g_object_new (CACHET_TYPE_BLOB_STREAM, NULL);
  g_autofree char *path = g_strdup_printf ("%s/%s.XXXXXX", directory, key);
  int fault = cachet_durable_file_fault ("open", path);

  self->key = g_strdup (key);
  self->fd = fault == 0 ? g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600) : -1;
  if (self->fd < 0)
    {
      set_error (fault != 0 ? fault : errno, error);
      return NULL;
    }
  self->path = g_steal_pointer (&path);
  return g_steal_pointer (&self);
}

const char *
cachet_blob_stream_get_key (CachetBlobStream *self)
{
  return self->key;
}

const char *
cachet_blob_stream_get_path (CachetBlobStream *self)
{
  return self->path;
}

gint64
cachet_blob_stream_get_size (CachetBlobStream *self)
{
  return self->size;
}
