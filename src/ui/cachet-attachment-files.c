#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-attachment-files.h"

#include "cachet-ui-worker.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define FILE_MODE 0600
#define DIRECTORY_MODE 0700
/* " (2)" … " (999)" before a folder is said to be too full of the same name. */
#define MAX_NAME_TRIES 999

typedef struct
{
  CachetMimeMessage *message; /* keeps @parts alive */
  GPtrArray *parts;           /* CachetMimePart, not owned */
  GBytes *bytes;              /* (nullable): instead of parts */
  GFile *target;              /* (nullable): none for extract */
} SaveJob;

/* Folders made by extract in this run. */
static GPtrArray *extracted_folders;

static void
save_job_free (SaveJob *job)
{
  g_clear_object (&job->message);
  g_clear_pointer (&job->parts, g_ptr_array_unref);
  g_clear_pointer (&job->bytes, g_bytes_unref);
  g_clear_object (&job->target);
  g_free (job);
}

static gboolean
write_all (int fd, GBytes *bytes, GError **error)
{
  gsize left;
  const char *data = g_bytes_get_data (bytes, &left);

  while (left > 0)
    {
      gssize n = write (fd, data, left);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          int code = errno;

          g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (code), g_strerror (code));
          return FALSE;
        }
      data += n;
      left -= n;
    }
  return TRUE;
}

/* Creates @path anew. FALSE with G_IO_ERROR_EXISTS when it is there already, be it a link. */
static gboolean
create_file (const char *path, GBytes *bytes, GError **error)
{
  int fd = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, FILE_MODE);
  gboolean ok;

  if (fd < 0)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                   _ ("“%s” could not be created: %s."), path, g_strerror (code));
      return FALSE;
    }
  ok = write_all (fd, bytes, error);
  if (!g_close (fd, ok ? error : NULL))
    ok = FALSE;
  if (!ok)
    {
      g_unlink (path);
      g_prefix_error (error, _ ("“%s” could not be written: "), path);
    }
  return ok;
}

/* "report.pdf" and 2 give "report (2).pdf". */
static char *
numbered_name (const char *name, guint number)
{
  const char *dot = strrchr (name, '.');

  if (number < 2)
    return g_strdup (name);
  if (dot == NULL || dot == name)
    return g_strdup_printf ("%s (%u)", name, number);
  return g_strdup_printf ("%.*s (%u)%s", (int)(dot - name), name, number, dot);
}

static gboolean
create_in_folder (const char *folder, const char *name, GBytes *bytes, char **path, GError **error)
{
  guint number;

  for (number = 1; number <= MAX_NAME_TRIES; number++)
    {
      g_autofree char *here = numbered_name (name, number);
      g_autofree char *full = g_build_filename (folder, here, NULL);
      g_autoptr (GError) local_error = NULL;

      if (create_file (full, bytes, &local_error))
        {
          if (path != NULL)
            *path = g_steal_pointer (&full);
          return TRUE;
        }
      if (!g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_EXISTS))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
               _ ("The folder already has %d files called “%s”. Choose another folder."),
                  MAX_NAME_TRIES, name);
  return FALSE;
}

static gpointer
save_file_job (gpointer data, GCancellable *cancellable, GError **error)
{
  SaveJob *job = data;
  g_autoptr (GBytes) bytes = NULL;

  if (job->bytes != NULL)
    bytes = g_bytes_ref (job->bytes);
  else
    bytes =
      cachet_mime_message_decode_part (job->message, g_ptr_array_index (job->parts, 0), error);
  if (bytes == NULL)
    return NULL;
  if (!g_file_replace_contents (
        job->target, g_bytes_get_size (bytes) > 0 ? g_bytes_get_data (bytes, NULL) : "",
        g_bytes_get_size (bytes), NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL, cancellable, error))
    return NULL;
  return g_object_ref (job->target);
}

static gpointer
save_folder_job (gpointer data, GCancellable *cancellable, GError **error)
{
  SaveJob *job = data;
  const char *folder = g_file_peek_path (job->target);
  guint i;

  if (folder == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           _ ("Attachments can only be saved together in a folder of this "
                              "computer. Choose another folder."));
      return NULL;
    }
  for (i = 0; i < job->parts->len; i++)
    {
      const CachetMimePart *part = g_ptr_array_index (job->parts, i);
      g_autoptr (GBytes) bytes = NULL;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      bytes = cachet_mime_message_decode_part (job->message, part, error);
      if (bytes == NULL ||
          !create_in_folder (folder, cachet_mime_part_get_file_name (part), bytes, NULL, error))
        return NULL;
    }
  return g_object_ref (job->target);
}

static gpointer
extract_job (gpointer data, GCancellable *cancellable, GError **error)
{
  SaveJob *job = data;
  const CachetMimePart *part = g_ptr_array_index (job->parts, 0);
  g_autofree char *base = g_build_filename (g_get_user_runtime_dir (), "cachet", NULL);
  g_autofree char *folder = g_build_filename (base, "open-XXXXXX", NULL);
  g_autofree char *path = NULL;
  g_autoptr (GBytes) bytes = NULL;

  bytes = cachet_mime_message_decode_part (job->message, part, error);
  if (bytes == NULL)
    return NULL;
  if (g_mkdir_with_parents (base, DIRECTORY_MODE) != 0 ||
      g_mkdtemp_full (folder, DIRECTORY_MODE) == NULL)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                   _ ("No private folder could be made in “%s”: %s."), base, g_strerror (code));
      return NULL;
    }
  if (!create_in_folder (folder, cachet_mime_part_get_file_name (part), bytes, &path, error))
    {
      g_rmdir (folder);
      return NULL;
    }
  return g_file_new_for_path (path);
}

static void
job_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  GFile *file = cachet_worker_run_finish (CACHET_WORKER (source), result, &error);

  if (file == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (g_task_get_source_tag (task) == cachet_attachment_extract_async)
    {
      if (extracted_folders == NULL)
        extracted_folders = g_ptr_array_new_with_free_func (g_free);
      g_ptr_array_add (extracted_folders, g_path_get_dirname (g_file_peek_path (file)));
    }
  g_task_return_pointer (task, file, g_object_unref);
}

static void
run_job (SaveJob *job,
         CachetWorkerFunc func,
         gpointer tag,
         GCancellable *cancellable,
         GAsyncReadyCallback callback,
         gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_name (task, "[cachet] save attachment");
  cachet_worker_run_async (cachet_ui_worker_get (), CACHET_WORKER_PRIORITY_USER, "save attachment",
                           func, job, (GDestroyNotify)save_job_free, g_object_unref, cancellable,
                           job_done_cb, task);
}

static SaveJob *
save_job_new (CachetMimeMessage *message, const CachetMimePart *part, GFile *target)
{
  SaveJob *job = g_new0 (SaveJob, 1);

  job->message = message != NULL ? g_object_ref (message) : NULL;
  job->parts = g_ptr_array_new ();
  if (part != NULL)
    g_ptr_array_add (job->parts, (gpointer)part);
  job->target = target != NULL ? g_object_ref (target) : NULL;
  return job;
}

void
cachet_attachment_save_async (CachetMimeMessage *message,
                              const CachetMimePart *part,
                              GFile *file,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_return_if_fail (CACHET_IS_MIME_MESSAGE (message) && part != NULL && G_IS_FILE (file));
  run_job (save_job_new (message, part, file), save_file_job, cachet_attachment_save_async,
           cancellable, callback, user_data);
}

void
cachet_attachment_save_all_async (CachetMimeMessage *message,
                                  GPtrArray *parts,
                                  GFile *folder,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  SaveJob *job;
  guint i;

  g_return_if_fail (CACHET_IS_MIME_MESSAGE (message) && parts != NULL && G_IS_FILE (folder));
  job = save_job_new (message, NULL, folder);
  for (i = 0; i < parts->len; i++)
    g_ptr_array_add (job->parts, g_ptr_array_index (parts, i));
  run_job (job, save_folder_job, cachet_attachment_save_all_async, cancellable, callback,
           user_data);
}

void
cachet_attachment_extract_async (CachetMimeMessage *message,
                                 const CachetMimePart *part,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_return_if_fail (CACHET_IS_MIME_MESSAGE (message) && part != NULL);
  run_job (save_job_new (message, part, NULL), extract_job, cachet_attachment_extract_async,
           cancellable, callback, user_data);
}

void
cachet_bytes_save_async (GBytes *bytes,
                         GFile *file,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  SaveJob *job;

  g_return_if_fail (bytes != NULL && G_IS_FILE (file));
  job = save_job_new (NULL, NULL, file);
  job->bytes = g_bytes_ref (bytes);
  run_job (job, save_file_job, cachet_bytes_save_async, cancellable, callback, user_data);
}

GFile *
cachet_attachment_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (G_IS_TASK (result), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

gboolean
cachet_attachment_is_program (const char *file_name, const char *content_type)
{
  static const char *const types[] = { "application/x-executable",
                                       "application/x-sharedlib",
                                       "application/x-desktop",
                                       "application/x-shellscript",
                                       "application/x-ms-dos-executable",
                                       "application/vnd.microsoft.portable-executable",
                                       "application/x-msi",
                                       "application/x-java-archive",
                                       "application/java-archive",
                                       "application/x-perl",
                                       "text/x-python",
                                       "application/javascript",
                                       "application/vnd.appimage",
                                       "application/vnd.flatpak.ref",
                                       "application/x-rpm",
                                       "application/vnd.debian.binary-package" };
  g_autofree char *by_name = g_content_type_guess (file_name, NULL, 0, NULL);
  g_autofree char *declared = g_content_type_from_mime_type (content_type);
  guint i;

  for (i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autofree char *type = g_content_type_from_mime_type (types[i]);

      if (type == NULL)
        continue;
      if (g_content_type_is_a (by_name, type) ||
          (declared != NULL && g_content_type_is_a (declared, type)))
        return TRUE;
    }
  return FALSE;
}

void
cachet_attachment_clean_up (void)
{
  guint i;

  for (i = 0; extracted_folders != NULL && i < extracted_folders->len; i++)
    {
      const char *folder = g_ptr_array_index (extracted_folders, i);
      g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
      const char *name;

      while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *path = g_build_filename (folder, name, NULL);

          g_unlink (path);
        }
      g_rmdir (folder);
    }
  g_clear_pointer (&extracted_folders, g_ptr_array_unref);
}
