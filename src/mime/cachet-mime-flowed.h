#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CACHET_FLOWED_WIDTH 76

/* RFC 3676 §4: the paragraphs of flowed text joined, one line each; quoted ones as ">> text". LF.
 * @delete_space: the DelSp parameter */
char *cachet_flowed_join (const char *text, gboolean delete_space);
/* Text of one line a paragraph, as a person wrote it, as flowed lines of at most
 * CACHET_FLOWED_WIDTH bytes where it has spaces to break at. Quoted lines stay quoted. LF. */
char *cachet_flowed_make (const char *text);

G_END_DECLS
