#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Appends the decoded bytes of @text. Reads over what is not base64 and goes on behind padding, as
 * parts that were glued together have it in the middle. */
void cachet_base64_append (GByteArray *out, const char *text, gsize length);

/* @bytes without their transfer encoding (RFC 2045 §6, and uuencode). An unknown encoding is taken
 * as none. */
GBytes *cachet_transfer_decode (const char *encoding, GBytes *bytes);

/* How long the decoded bytes are, about: exact only for identity encodings. */
gsize cachet_transfer_estimate (const char *encoding, const char *bytes, gsize length);

/* Whether @encoding leaves the bytes as they are. */
gboolean cachet_transfer_is_identity (const char *encoding);

G_END_DECLS
