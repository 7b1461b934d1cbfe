#include "config.h"

#include "cachet-date-text.h"

#include <locale.h>

/* Wednesday 25 November 2026, 12:00 UTC */
#define NOW G_GINT64_CONSTANT (1795608000)
#define HOUR 3600
#define DAY (24 * HOUR)

static void
check (gint64 date, const char *list, const char *header)
{
  g_autofree char *in_list = cachet_date_text_for_list (date, NOW);
  g_autofree char *in_header = cachet_date_text_for_header (date, NOW);

  g_assert_cmpstr (in_list, ==, list);
  if (header != NULL)
    g_assert_cmpstr (in_header, ==, header);
}

static void
test_relative (void)
{
  check (NOW - HOUR, "11:00", "Today, 11:00");
  check (NOW - 13 * HOUR, "Yesterday", "Yesterday, 23:00");
  check (NOW - 2 * DAY, "Mon 12:00", "Monday, 12:00");
  check (NOW - 6 * DAY, "Thu 12:00", "Thursday, 12:00");
  check (NOW - 7 * DAY, "11/18/26", NULL);
  check (NOW + DAY, "11/26/26", NULL); /* a date to come is told whole */
}

static void
test_unreadable (void)
{
  check (G_MININT64, "", "No readable date");
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  setlocale (LC_ALL, "C");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/date-text/relative", test_relative);
  g_test_add_func ("/ui/date-text/unreadable", test_unreadable);
  return g_test_run ();
}
