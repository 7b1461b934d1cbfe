#define G_LOG_DOMAIN "cachet-wire"

#include "config.h"

#include "cachet-imap-date.h"

#include <string.h>

/* 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z */
#define FIRST_TIME G_GINT64_CONSTANT (-62135596800)
#define LAST_TIME G_GINT64_CONSTANT (253402300799)

/* GDateTime's names follow the locale, IMAP's don't. */
static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

typedef struct
{
  const char *p;
  const char *end;
} Cursor;

static gboolean
take_number (Cursor *cursor, guint max_digits, guint *number)
{
  const char *from = cursor->p;
  guint value = 0;

  while (cursor->p < cursor->end && g_ascii_isdigit (*cursor->p) &&
         cursor->p - from < (gssize)max_digits)
    value = value * 10 + (guint)(*cursor->p++ - '0');
  *number = value;
  return cursor->p > from;
}

static gboolean
take_char (Cursor *cursor, char c)
{
  if (cursor->p == cursor->end || *cursor->p != c)
    return FALSE;
  cursor->p++;
  return TRUE;
}

static void
skip_spaces (Cursor *cursor)
{
  while (take_char (cursor, ' '))
    ;
}

static gboolean
take_month (Cursor *cursor, guint *month)
{
  if (cursor->end - cursor->p < 3)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (months); i++)
    if (g_ascii_strncasecmp (cursor->p, months[i], 3) == 0)
      {
        cursor->p += 3;
        *month = i + 1;
        return TRUE;
      }
  return FALSE;
}

/* Seconds east of UTC; without a zone 0. */
static gboolean
take_zone (Cursor *cursor, gint64 *offset)
{
  gboolean west;
  guint digits;

  *offset = 0;
  skip_spaces (cursor);
  if (cursor->p == cursor->end)
    return TRUE;
  west = *cursor->p == '-';
  if (!take_char (cursor, '-') && !take_char (cursor, '+'))
    return FALSE;
  if (!take_number (cursor, 4, &digits) || digits % 100 > 59)
    return FALSE;
  *offset = (gint64)(digits / 100) * 3600 + (gint64)(digits % 100) * 60;
  if (west)
    *offset = -*offset;
  return TRUE;
}

/* Days from 1970-01-01 in the Gregorian calendar. */
static gint64
count_days (guint year, guint month, guint day)
{
  static const guint16 before[12] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
  gint64 past = (gint64)year - 1;
  gint64 days = past * 365 + past / 4 - past / 100 + past / 400 + before[month - 1] + day - 1;

  if (month > 2 && g_date_is_leap_year ((GDateYear)year))
    days++;
  return days - 719162;
}

gboolean
cachet_imap_date_time_parse (const char *text, gsize length, gint64 *time)
{
  Cursor cursor = { text, text + length };
  guint year, month, day, hour, minute, second;
  gint64 offset;

  skip_spaces (&cursor);
  if (!take_number (&cursor, 2, &day) || !take_char (&cursor, '-') ||
      !take_month (&cursor, &month) || !take_char (&cursor, '-') ||
      !take_number (&cursor, 4, &year))
    return FALSE;
  skip_spaces (&cursor);
  if (!take_number (&cursor, 2, &hour) || !take_char (&cursor, ':') ||
      !take_number (&cursor, 2, &minute) || !take_char (&cursor, ':') ||
      !take_number (&cursor, 2, &second) || !take_zone (&cursor, &offset))
    return FALSE;
  if (year == 0 || !g_date_valid_dmy ((GDateDay)day, (GDateMonth)month, (GDateYear)year) ||
      hour > 23 || minute > 59 || second > 60)
    return FALSE;
  *time = count_days (year, month, day) * 86400 + (gint64)hour * 3600 + (gint64)minute * 60 +
          second - offset;
  return TRUE;
}

static GDateTime *
date_time_for (gint64 time)
{
  return g_date_time_new_from_unix_utc (CLAMP (time, FIRST_TIME, LAST_TIME));
}

char *
cachet_imap_date_time_format (gint64 time)
{
  g_autoptr (GDateTime) date = date_time_for (time);

  return g_strdup_printf ("%02d-%s-%04d %02d:%02d:%02d +0000", g_date_time_get_day_of_month (date),
                          months[g_date_time_get_month (date) - 1], g_date_time_get_year (date),
                          g_date_time_get_hour (date), g_date_time_get_minute (date),
                          g_date_time_get_second (date));
}

char *
cachet_imap_date_format (gint64 time)
{
  g_autoptr (GDateTime) date = date_time_for (time);

  return g_strdup_printf ("%d-%s-%04d", g_date_time_get_day_of_month (date),
                          months[g_date_time_get_month (date) - 1], g_date_time_get_year (date));
}
