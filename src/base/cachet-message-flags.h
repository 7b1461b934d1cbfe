#pragma once

#include "cachet-base-types.h"

G_BEGIN_DECLS

/* One name per server flag: "\\Seen", "$Forwarded" ... NULL when @flag is not exactly one server
 * flag. */
const char *cachet_message_flag_to_imap (CachetMessageFlags flag);
/* The flag an IMAP name stands for, compared without case; NONE when it is a keyword Cachet does
 * not know. */
CachetMessageFlags cachet_message_flag_from_imap (const char *name);

G_END_DECLS
