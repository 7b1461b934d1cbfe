#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Readable text of an HTML document, LF, at most one empty line in a row. Nothing is fetched. Links
 * show where they lead when their text does not say it. @html: valid UTF-8 */
char *cachet_html_to_text (const char *html, gsize length);

G_END_DECLS
