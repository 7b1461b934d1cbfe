#pragma once

#include <gio/gio.h>

#include "cachet-mime-message.h"

G_BEGIN_DECLS

/* Writes the decoded @part to @file, on the worker; an existing file is replaced (the file chooser
 * has asked). Mode 0600. */
void cachet_attachment_save_async (CachetMimeMessage *message,
                                   const CachetMimePart *part,
                                   GFile *file,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
/* Writes @parts (element-type CachetMimePart) into @folder under their own names; a name that is
 * taken gets " (2)" and so on before its extension: nothing is overwritten. */
void cachet_attachment_save_all_async (CachetMimeMessage *message,
                                       GPtrArray *parts,
                                       GFile *folder,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
/* Writes @part for another program to look at: in a private folder (0700) of its own below the
 * runtime folder, created anew (O_EXCL), mode 0600, never executable. The finish function gives the
 * file. */
void cachet_attachment_extract_async (CachetMimeMessage *message,
                                      const CachetMimePart *part,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
/* (transfer full): the written file (of save_all: the folder), or NULL and @error. */
GFile *cachet_attachment_finish (GAsyncResult *result, GError **error);
/* Writes @bytes to @file, replacing it, on the worker. Finish: cachet_attachment_finish(). */
void cachet_bytes_save_async (GBytes *bytes,
                              GFile *file,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
/* Whether a file of this name or type may run as a program when a desktop "opens" it. */
gboolean cachet_attachment_is_program (const char *file_name, const char *content_type);
/* Removes everything that extract wrote in this run. */
void cachet_attachment_clean_up (void);

G_END_DECLS
