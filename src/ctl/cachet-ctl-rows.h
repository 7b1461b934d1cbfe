#pragma once

#include "cachet-ctl.h"

G_BEGIN_DECLS

/* Prints message rows, as lines or JSON. @rows: (element-type CachetMessageRow) */
void cachet_ctl_print_rows (CachetCtl *ctl, GPtrArray *rows);
/* Prints what “inspect --json” prints. */
void cachet_ctl_print_message_json (CachetMimeMessage *message);
/* "There is no message ID". */
void cachet_ctl_set_no_message (GError **error, gint64 id);

G_END_DECLS
