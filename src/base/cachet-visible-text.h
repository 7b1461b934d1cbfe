#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A copy of @text, valid UTF-8, in which control, bidi, zero-width and invalid characters are made
 * visible (as ␀-style pictures or "<U+202E>"). Newlines are kept when @keep_newlines. */
char *cachet_visible_text (const char *text, gssize length, gboolean keep_newlines);
/* Whether @text has characters that cachet_visible_text() would change. */
gboolean cachet_text_has_odd_characters (const char *text);

G_END_DECLS
