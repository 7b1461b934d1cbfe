#pragma once

#include "cachet-imap-value.h"

G_BEGIN_DECLS

/* What a message list wants to know of a BODYSTRUCTURE (or BODY) value (RFC 9051 §7.5.2). Reads the
 * shapes that servers really send: fields missing, NIL or too many, multiparts without parts or
 * subtype, extra parentheses.
 * @content_type: (out) (transfer full) (nullable): top-level "type/subtype" in lower case
 * @has_attachment: (out): a part that people would call an attachment: not signatures, not what a
 * multipart/related shows inline */
void cachet_imap_bodystructure_read (const CachetImapValue *structure,
                                     char **content_type,
                                     gboolean *has_attachment);

G_END_DECLS
