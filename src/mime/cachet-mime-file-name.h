#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A base name that is safe to create and that shows what the file is: no path, no control, bidi or
 * invisible characters, no run of spaces that pushes the extension out of sight, no leading dot, at
 * most CACHET_MIME_MAX_FILE_NAME bytes with the extension kept.
 * @declared: (nullable): what the message says, UTF-8
 * @type: "type/subtype", for a name where there is none
 * @number: IMAP path of the part, for the same
 * @changed: (out) (optional): whether the declared name had tricks in it */
char *cachet_file_name_make_safe (const char *declared,
                                  const char *type,
                                  const char *number,
                                  gboolean *changed);
/* Whether a file of that name is a program for some system, by its extension. */
gboolean cachet_file_name_is_program (const char *name);

G_END_DECLS
