#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Internal to store/. What goes into the full-text index, and how it is asked. */

/* More words than this in a query are not looked at. */
#define CACHET_SEARCH_MAX_WORDS 32
/* Nor is what stands behind this many bytes of it. */
#define CACHET_SEARCH_MAX_BYTES 4096

/* Chinese and Japanese are written without spaces, and the index cuts words at spaces: each of
 * these characters becomes a word of its own. (transfer full) (nullable): %NULL when @text has
 * none, and is to be taken as it is. What is in an index was prepared in this way: a change here
 * needs a migration that makes the index anew. */
char *cachet_index_text_prepare (const char *text);
/* The FTS5 expression for messages that have all of @words, the last as a prefix. Nothing in @words
 * is taken as syntax. (nullable): %NULL when there is no word in @words. */
char *cachet_index_text_make_query (const char *words);

G_END_DECLS
