#define G_LOG_DOMAIN "cachet-base"

#include "config.h"

#include "cachet-durable-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

static CachetFaultFunc fault_func;
static gpointer fault_data;

void
cachet_durable_file_set_fault_func (CachetFaultFunc func, gpointer user_data)
{
  fault_func = func;
  fault_data = user_data;
}

int
cachet_durable_file_fault (const char *step, const char *path)
{
  return fault_func != NULL ? fault_func (step, path, fault_data) : 0;
}

/* Sets errno when the step is to fail. */
static gboolean
step_is_faulty (const char *step, const char *path)
{
  int fault = cachet_durable_file_fault (step, path);

  if (fault != 0)
    errno = fault;
  return fault != 0;
}

static gboolean
fail (GError **error, int saved_errno, const char *format, const char *path)
{
  g_autofree char *display = g_filename_display_name (path);
  /* A quota and a limit on the size of files are a full disk to whoever wants to write. */
  GIOErrorEnum code = saved_errno == EDQUOT || saved_errno == EFBIG
                        ? G_IO_ERROR_NO_SPACE
                        : g_io_error_from_errno (saved_errno);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_set_error (error, G_IO_ERROR, (gint)code, format, display, g_strerror (saved_errno));
#pragma GCC diagnostic pop
  return FALSE;
}

static gboolean
write_all (int fd, GBytes *bytes)
{
  gsize left;
  const char *p = g_bytes_get_data (bytes, &left);

  while (left > 0)
    {
      gssize n = write (fd, p, left);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      p += n;
      left -= (gsize)n;
    }
  return TRUE;
}

static gboolean
sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  gboolean ok;
  int saved_errno;
  int fd;

  if (step_is_faulty ("fsync-dir", path))
    return FALSE;
  fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return FALSE;
  ok = fsync (fd) == 0;
  saved_errno = errno;
  close (fd);
  errno = saved_errno;
  return ok;
}

/* Writes and syncs @temporary; %FALSE with errno set. */
static gboolean
fill_temporary (char *temporary, const char *path, GBytes *bytes, int mode, gboolean *created)
{
  gboolean ok;
  int saved_errno;
  int fd;

  *created = FALSE;
  if (step_is_faulty ("open", path))
    return FALSE;
  fd = g_mkstemp_full (temporary, O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0)
    return FALSE;
  *created = TRUE;
  ok = fchmod (fd, (mode_t)mode) == 0 && !step_is_faulty ("write", path) && write_all (fd, bytes) &&
       !step_is_faulty ("fsync", path) && fsync (fd) == 0;
  saved_errno = errno;
  if (close (fd) != 0 && ok)
    return FALSE;
  errno = saved_errno;
  return ok;
}

gboolean
cachet_durable_file_write (const char *path, GBytes *bytes, int mode, GError **error)
{
  g_autofree char *temporary = NULL;
  gboolean created;

  g_return_val_if_fail (path != NULL && bytes != NULL, FALSE);

  temporary = g_strconcat (path, ".XXXXXX", NULL);
  if (!fill_temporary (temporary, path, bytes, mode, &created) || step_is_faulty ("rename", path) ||
      g_rename (temporary, path) != 0)
    {
      int saved_errno = errno;

      if (created)
        g_unlink (temporary);
      return fail (error, saved_errno, _ ("The file “%s” could not be written: %s."), path);
    }
  if (!sync_folder (path))
    return fail (error, errno,
                 _ ("The file “%s” was written, but may be lost if the computer stops now: %s."),
                    path);
  return TRUE;
}

gboolean
cachet_durable_file_remove (const char *path, GError **error)
{
  g_return_val_if_fail (path != NULL, FALSE);

  if (step_is_faulty ("unlink", path) || g_unlink (path) != 0)
    {
      if (errno == ENOENT)
        return TRUE;
      return fail (error, errno, _ ("The file “%s” could not be removed: %s."), path);
    }
  if (!sync_folder (path))
    return fail (error, errno,
                 _ ("The file “%s” was removed, but may be back if the computer stops now: %s."),
                    path);
  return TRUE;
}

gboolean
cachet_private_directory_make (const char *path, GError **error)
{
  g_return_val_if_fail (path != NULL, FALSE);

  if (g_mkdir_with_parents (path, 0700) != 0)
    return fail (error, errno, _ ("The folder “%s” could not be made: %s."), path);
  return TRUE;
}
