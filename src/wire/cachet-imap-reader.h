#pragma once

#include "cachet-imap-response-private.h"

G_BEGIN_DECLS

/* From the bytes of one whole response to its tree. The parser has found where it ends and where
 * its literals stand; nothing here fails: what can't be read is passed over and counts as a flaw.
 * Reusable, so that its memory is. */
typedef struct _CachetImapReader CachetImapReader;

CachetImapReader *cachet_imap_reader_new (void);
void cachet_imap_reader_free (CachetImapReader *self);
/* @bytes: without the last line end, at most CACHET_IMAP_MAX_RESPONSE + CACHET_IMAP_MAX_LINE long
 * @literals: in order, not overlapping, headers within @bytes
 * @n_wire_bytes: what the response took on the wire */
CachetImapResponse *cachet_imap_reader_read (CachetImapReader *self,
                                             const char *bytes,
                                             gsize n_bytes,
                                             const CachetImapLiteralSpan *literals,
                                             guint n_literals,
                                             guint64 n_wire_bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetImapReader, cachet_imap_reader_free)

G_END_DECLS
