#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Writes @bytes to @path so that after a crash either the old or the new content is there, whole:
 * temporary file in the same folder, mode @mode, fsync, rename, fsync of the folder. Blocking:
 * worker only, or at start and end of the program. On failure the old file stands and no temporary
 * file is left; only when the last step, the fsync of the folder, fails is the new content already
 * in place, though not known to be durable. Error domain: G_IO_ERROR. */
gboolean cachet_durable_file_write (const char *path, GBytes *bytes, int mode, GError **error);
/* Removes @path and fsyncs the folder; a file that is not there is no error. */
gboolean cachet_durable_file_remove (const char *path, GError **error);
/* Creates @path and its parents with mode 0700 where missing. */
gboolean cachet_private_directory_make (const char *path, GError **error);

/* Tests only: called before each step ("open", "write", "fsync", "rename", "fsync-dir", "unlink");
 * a non-zero result is taken as that errno. */
typedef int (*CachetFaultFunc) (const char *step, const char *path, gpointer user_data);
void cachet_durable_file_set_fault_func (CachetFaultFunc func, gpointer user_data);
/* For other writers (SQLite, blobs) that want the same hook: 0, or the errno to fail with. */
int cachet_durable_file_fault (const char *step, const char *path);

G_END_DECLS
