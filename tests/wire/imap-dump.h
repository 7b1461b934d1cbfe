#pragma once

#include "cachet-imap-parser.h"

G_BEGIN_DECLS

/* Canonical texts for comparing: what a response says, whatever the portions it came in. */

/* "* 23 EXISTS", "* LIST (\HasChildren) "/" {3:foo}", "A1 OK [UIDNEXT 5] text", "+ text"; streamed
 * literals as <n>, flaws as !syntax and !truncated in front. Bytes outside printable ASCII as \ooo.
 */
char *imap_dump_response (const CachetImapResponse *response);
/* What each extractor makes of it; "" when none takes it. */
char *imap_dump_extracted (const CachetImapResponse *response);
/* Takes every response there is now and appends its dump and a newline. %FALSE on an error, whose
 * code is appended. */
gboolean imap_dump_take_all (CachetImapParser *parser, GString *text);
/* The dump of all of @bytes fed in portions of @step bytes. */
char *imap_dump_stream (const char *bytes, gsize length, gsize step);

G_END_DECLS
