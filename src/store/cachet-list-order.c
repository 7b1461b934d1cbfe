#define G_LOG_DOMAIN "cachet-store"

#include "config.h"

#include "cachet-list-order.h"

#include <string.h>

/* How mail programs mark replies and forwarded messages, in the languages of their users. */
static const char *const subject_prefixes[] = {
  "re",  "fwd", "fw", "aw",  "wg", "sv",  "vs",  "vb",   "tr",     "rif", "i",
  "res", "enc", "rv", "odp", "pd", "ynt", "ilt", "antw", "doorst", NULL
};

/* The number of rows with more prefixes than this is small, and they are made on purpose. */
#define MAX_PREFIXES 16

/* Behind "Re: ", "Re[2]: ", "RE : " or the like, or @subject itself. */
static const char *
skip_prefix (const char *subject)
{
  for (guint i = 0; subject_prefixes[i] != NULL; i++)
    {
      gsize length = strlen (subject_prefixes[i]);
      const char *p = subject + length;

      if (g_ascii_strncasecmp (subject, subject_prefixes[i], length) != 0)
        continue;
      if (*p == '[' || *p == '(')
        {
          p++;
          while (g_ascii_isdigit (*p))
            p++;
          if (*p != ']' && *p != ')')
            continue;
          p++;
        }
      while (*p == ' ')
        p++;
      if (*p == ':')
        return p + 1;
    }
  return subject;
}

static const char *
skip_prefixes (const char *subject)
{
  for (int i = 0; i < MAX_PREFIXES; i++)
    {
      const char *rest;

      while (g_ascii_isspace (*subject))
        subject++;
      rest = skip_prefix (subject);
      if (rest == subject)
        break;
      subject = rest;
    }
  while (g_ascii_isspace (*subject))
    subject++;
  return subject;
}

char *
cachet_list_order_fold (const char *text, gboolean is_subject)
{
  g_autofree char *decomposed = NULL;
  GString *out;

  text = is_subject ? skip_prefixes (text) : text;
  while (*text != '\0' && g_ascii_ispunct (*text))
    text++;
  if (g_str_is_ascii (text))
    return g_ascii_strdown (text, -1);

  decomposed = g_utf8_normalize (text, -1, G_NORMALIZE_ALL);
  if (decomposed == NULL)
    return g_strdup (text);
  out = g_string_sized_new (strlen (decomposed));
  for (const char *p = decomposed; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!g_unichar_ismark (c))
        g_string_append_unichar (out, g_unichar_tolower (c));
    }
  return g_string_free (out, FALSE);
}

gboolean
cachet_list_order_needs_text (CachetSortKey key)
{
  return key == CACHET_SORT_SUBJECT || key == CACHET_SORT_FROM;
}

static int
compare_numbers (gint64 a, gint64 b)
{
  return a < b ? -1 : a > b;
}

static gint64
get_number (const CachetListEntry *entry, CachetSortKey key)
{
  switch (key)
    {
    case CACHET_SORT_SIZE:
      return entry->size;
    case CACHET_SORT_UNREAD:
      return (entry->flags & CACHET_MESSAGE_FLAG_SEEN) == 0;
    case CACHET_SORT_FLAGGED:
      return (entry->flags & CACHET_MESSAGE_FLAG_FLAGGED) != 0;
    case CACHET_SORT_ATTACHMENT:
      return (entry->flags & CACHET_MESSAGE_FLAG_HAS_ATTACHMENT) != 0;
    case CACHET_SORT_DATE:
    case CACHET_SORT_SUBJECT:
    case CACHET_SORT_FROM:
    default:
      return 0;
    }
}

int
cachet_list_order_compare (const CachetListEntry *a,
                           const CachetListEntry *b,
                           CachetSortKey key,
                           gboolean descending)
{
  int order;

  if (key != CACHET_SORT_DATE)
    {
      order = compare_numbers (get_number (a, key), get_number (b, key));
      if (order != 0)
        return descending ? -order : order;
      descending = TRUE;
    }
  order = compare_numbers (a->date, b->date);
  if (order == 0)
    order = compare_numbers (a->uid, b->uid);
  return descending ? -order : order;
}
