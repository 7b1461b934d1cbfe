#define G_LOG_DOMAIN "cachet-store"

#include "config.h"

#include "cachet-data-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <sys/file.h>
#include <unistd.h>

#define RETRY_MS 20

struct _CachetDataLock
{
  char *path;
  int fd;
};

static gboolean
set_locked_error (const char *path, GError **error)
{
  g_set_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_LOCKED,
               _ ("Another Cachet uses the same data (“%s” is locked). Close it, or wait until it "
                  "has finished, and try again."),
                  path);
  return FALSE;
}

static CachetDataLock *
lock_new (const char *path, int operation, guint wait_ms, GError **error)
{
  g_autoptr (CachetDataLock) self = g_new0 (CachetDataLock, 1);
  guint waited = 0;

  self->path = g_strdup (path);
  self->fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (self->fd < 0)
    {
      g_set_error (error, CACHET_STORE_ERROR,
                   errno == ENOSPC ? CACHET_STORE_ERROR_FULL : CACHET_STORE_ERROR_IO,
                   _ ("The file “%s” could not be opened: %s."), path, g_strerror (errno));
      return NULL;
    }
  while (flock (self->fd, operation | LOCK_NB) != 0)
    {
      if (errno != EWOULDBLOCK && errno != EINTR)
        {
          /* A file system without locks: there SQLite's own locks are all there is. */
          g_info ("no lock on %s: %s", path, g_strerror (errno));
          break;
        }
      if (waited >= wait_ms)
        {
          set_locked_error (path, error);
          return NULL;
        }
      g_usleep (RETRY_MS * 1000);
      waited += RETRY_MS;
    }
  return g_steal_pointer (&self);
}

CachetDataLock *
cachet_data_lock_new_shared (const char *path, guint wait_ms, GError **error)
{
  return lock_new (path, LOCK_SH, wait_ms, error);
}

CachetDataLock *
cachet_data_lock_new_exclusive (const char *path, guint wait_ms, GError **error)
{
  return lock_new (path, LOCK_EX, wait_ms, error);
}

gboolean
cachet_data_lock_upgrade (CachetDataLock *self, GError **error)
{
  if (flock (self->fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
    return TRUE;
  /* A conversion that fails may have dropped the shared lock. */
  flock (self->fd, LOCK_SH | LOCK_NB);
  return set_locked_error (self->path, error);
}

void
cachet_data_lock_downgrade (CachetDataLock *self)
{
  flock (self->fd, LOCK_SH | LOCK_NB);
}

void
cachet_data_lock_free (CachetDataLock *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->path);
  g_free (self);
}
