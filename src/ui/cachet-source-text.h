#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A line longer than that is broken for the view. */
#define CACHET_SOURCE_TEXT_MAX_LINE 4000
#define CACHET_SOURCE_TEXT_MAX_MATCHES 10000

/**
 * CachetSourceMatch: where a match begins and ends in the rendered text: line and byte within it.
 */
typedef struct
{
  guint line;
  guint start;
  guint end;
} CachetSourceMatch;

/* @bytes as text that can be shown: valid UTF-8 stays, every other byte becomes "\xNN", control
 * characters become their pictures, CRLF a line end; nothing is left out. Any thread. */
GBytes *cachet_source_text_render (GBytes *bytes);
/* (element-type CachetSourceMatch): where @words are in @text, ASCII letters without case; at most
 * CACHET_SOURCE_TEXT_MAX_MATCHES. Any thread. */
GArray *cachet_source_text_find (GBytes *text, const char *words);

G_END_DECLS
