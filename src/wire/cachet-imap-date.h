#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A date-time (RFC 9051 §9), such as "17-Jul-2026 02:44:25 -0700", without quotes. A missing zone
 * counts as UTC. %FALSE when it can't be read or is no date of the calendar.
 * @time: Unix seconds */
gboolean cachet_imap_date_time_parse (const char *text, gsize length, gint64 *time);
/* (transfer full): "17-Jul-2026 09:44:25 +0000"; times outside of the years 1 to 9999 become the
 * nearest that is inside. */
char *cachet_imap_date_time_format (gint64 time);
/* (transfer full): "17-Jul-2026", the day in UTC. */
char *cachet_imap_date_format (gint64 time);

G_END_DECLS
