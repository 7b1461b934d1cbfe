#pragma once

#include "cachet-base-types.h"
#include "cachet-imap-value.h"

G_BEGIN_DECLS

/* Reads a flag list (RFC 9051 §2.3.2): flags that Cachet knows into @flags, the others that don't
 * begin with a backslash into @keywords (out, nullable, transfer full; %NULL when there are none),
 * as valid UTF-8, at most CACHET_IMAP_MAX_KEYWORDS. @allows_new: (out) (nullable): \* was there. */
void cachet_imap_flag_list_read (const CachetImapValue *list,
                                 CachetMessageFlags *flags,
                                 char ***keywords,
                                 gboolean *allows_new);

G_END_DECLS
