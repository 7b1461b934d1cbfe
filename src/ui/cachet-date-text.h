#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A date as the list shows it, in the local time zone: "10:42" today, "Yesterday", weekday and
 * time within a week, else the locale's short date. @unix_seconds and @now: Unix seconds. "" for a
 * date out of range. (transfer full) */
char *cachet_date_text_for_list (gint64 unix_seconds, gint64 now);
/* The same with the time always there: "Today, 10:42", "Yesterday, 10:42", "Monday, 10:42" and
 * beyond a week the locale's date and time. */
char *cachet_date_text_for_header (gint64 unix_seconds, gint64 now);
/* The date in full, for hover and screen readers. */
char *cachet_date_text_in_full (gint64 unix_seconds);

G_END_DECLS
