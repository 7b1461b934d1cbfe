#pragma once

#include "cachet-mime-part-private.h"

G_BEGIN_DECLS

/* What of a tree is shown as text and what as attachments. */
typedef struct
{
  char *text;             /* UTF-8, LF */
  char *html;             /* (nullable) UTF-8 */
  GPtrArray *attachments; /* (element-type CachetMimePart), not owned */
  gboolean text_is_from_html;
  gboolean cut; /* something was longer than CACHET_MIME_MAX_TEXT */
} CachetMimeDisplay;

/* Walks the tree and marks each part as attachment or inline. */
void cachet_mime_display_read (CachetMimeDisplay *display, CachetMimePart *root, GBytes *bytes);

G_END_DECLS
