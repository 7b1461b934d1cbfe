#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Modified UTF-7 of mailbox names (RFC 3501 §5.1.3). Encoding a valid UTF-8 string always succeeds.
 * Decoding gives NULL for input that is not valid modified UTF-7: show it with
 * cachet_visible_text() then, and keep the bytes as the name. */
char *cachet_imap_utf7_encode (const char *utf8);
char *cachet_imap_utf7_decode (const char *name);

G_END_DECLS
