#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @bytes as valid UTF-8 without NUL (a NUL becomes "␀"; what can't be decoded becomes U+FFFD).
 * @charset: (nullable): as declared, any of the many spellings in real mail; where it is missing,
 * unknown, or US-ASCII with 8-bit bytes, the charset is guessed: UTF-8, ISO-2022-JP, else
 * windows-1252. Never fails. Any thread. */
char *cachet_charset_to_utf8 (const char *charset, const char *bytes, gsize length);

/* The charset that an HTML document declares in its first bytes (byte order mark or meta element),
 * or %NULL. */
char *cachet_charset_sniff_html (const char *bytes, gsize length);

G_END_DECLS
