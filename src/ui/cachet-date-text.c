#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-date-text.h"

#include <glib/gi18n.h>

#define DAYS_OF_WEEKDAY_NAMES 6

/* Whole days in local time from @date to @now; negative for a date to come. */
static int
days_between (GDateTime *date, GDateTime *now)
{
  GDate from;
  GDate to;

  g_date_clear (&from, 1);
  g_date_clear (&to, 1);
  g_date_set_dmy (&from, g_date_time_get_day_of_month (date), g_date_time_get_month (date),
                  g_date_time_get_year (date));
  g_date_set_dmy (&to, g_date_time_get_day_of_month (now), g_date_time_get_month (now),
                  g_date_time_get_year (now));
  return g_date_days_between (&from, &to);
}

static GDateTime *
local_time (gint64 unix_seconds)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_local (unix_seconds);

  return date != NULL ? g_steal_pointer (&date) : NULL;
}

char *
cachet_date_text_for_list (gint64 unix_seconds, gint64 now)
{
  g_autoptr (GDateTime) date = local_time (unix_seconds);
  g_autoptr (GDateTime) today = local_time (now);
  int days;

  if (date == NULL || today == NULL)
    return g_strdup ("");
  days = days_between (date, today);
  if (days == 0)
    return g_date_time_format (date, "%H:%M");
  if (days == 1)
    return g_strdup (_ ("Yesterday"));
  if (days > 1 && days <= DAYS_OF_WEEKDAY_NAMES)
    /* Translators: weekday and time of a message in the list; keep it short */
    return g_date_time_format (date, _ ("%a %H:%M"));
  return g_date_time_format (date, "%x");
}

char *
cachet_date_text_for_header (gint64 unix_seconds, gint64 now)
{
  g_autoptr (GDateTime) date = local_time (unix_seconds);
  g_autoptr (GDateTime) today = local_time (now);
  int days;

  if (date == NULL || today == NULL)
    return g_strdup (_ ("No readable date"));
  days = days_between (date, today);
  if (days == 0)
    return g_date_time_format (date, _ ("Today, %H:%M"));
  if (days == 1)
    return g_date_time_format (date, _ ("Yesterday, %H:%M"));
  if (days > 1 && days <= DAYS_OF_WEEKDAY_NAMES)
    return g_date_time_format (date, _ ("%A, %H:%M"));
  return g_date_time_format (date, _ ("%e %B %Y, %H:%M"));
}

char *
cachet_date_text_in_full (gint64 unix_seconds)
{
  g_autoptr (GDateTime) date = local_time (unix_seconds);

  return date != NULL ? g_date_time_format (date, _ ("%A %e %B %Y, %H:%M:%S %Z"))
                                            : g_strdup (_ ("No readable date"));
}
