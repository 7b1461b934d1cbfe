#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A copy of @text (@length bytes, or -1 for a C string), valid UTF-8, in which control, bidi,
 * zero-width and invalid characters are made visible (as ␀-style pictures, "<U+202E>" or �). With
 * @keep_newlines newlines and tabs stay as they are and CRLF becomes LF. Joiners stay where a
 * script or an emoji sequence needs them: between two letters, marks or symbols that only such
 * scripts have. */
char *cachet_visible_text (const char *text, gssize length, gboolean keep_newlines);
/* Whether @text has characters that cachet_visible_text() would change on a single line. */
gboolean cachet_text_has_odd_characters (const char *text);

G_END_DECLS
