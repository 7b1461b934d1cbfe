#define G_LOG_DOMAIN "cachet-wire"

#include "config.h"

#include "cachet-imap-extract.h"

#include <string.h>

void
cachet_imap_search_result_free (CachetImapSearchResult *self)
{
  if (self == NULL)
    return;
  g_free (self->tag);
  cachet_imap_set_free (self->set);
  g_free (self);
}

/* A number at *@p, which moves behind all its digits; 0 for one beyond 64 bits. */
static guint64
take_number (const char **p, const char *end)
{
  guint64 number = 0;
  gboolean fits = TRUE;

  for (; *p < end && g_ascii_isdigit (**p); (*p)++)
    {
      guint digit = (guint)(**p - '0');

      fits = fits && number <= (G_MAXUINT64 - digit) / 10;
      if (fits)
        number = number * 10 + digit;
    }
  return fits ? number : 0;
}

/* `2 84 882 (MODSEQ 917162500)` (RFC 3501 §7.2.5, RFC 7162 §3.1.5). */
static void
read_search (CachetImapSearchResult *self, const CachetImapResponse *response)
{
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint32));
  gsize length;
  const char *p = cachet_imap_response_get_data (response, &length);
  const char *end = p + length;

  while (p < end && *p != '(')
    {
      if (g_ascii_isdigit (*p))
        {
          guint64 number = take_number (&p, end);
          guint32 narrow = (guint32)number;

          if (number > 0 && number <= G_MAXUINT32)
            g_array_append_val (numbers, narrow);
        }
      else
        p++;
    }
  self->set =
    cachet_imap_set_new_from_numbers ((const guint32 *)(gpointer)numbers->data, numbers->len);
  if (end - p > 8 && g_ascii_strncasecmp (p, "(MODSEQ ", 8) == 0)
    {
      p += 8;
      self->modseq = take_number (&p, end);
      if (self->modseq > G_MAXINT64)
        self->modseq = 0;
    }
}

static void
read_esearch_item (CachetImapSearchResult *self,
                   const CachetImapValue *name,
                   const CachetImapValue *value)
{
  const char *bytes;
  gsize length;
  guint64 number;

  if (cachet_imap_value_is (name, "ALL"))
    {
      CachetImapSet *set;

      bytes = cachet_imap_value_get_bytes (value, &length);
      set = bytes != NULL ? cachet_imap_set_parse (bytes, (gssize)length) : NULL;
      if (set == NULL)
        return;
      cachet_imap_set_add_set (self->set, set);
      cachet_imap_set_free (set);
    }
  else if (cachet_imap_value_is (name, "MIN"))
    cachet_imap_value_get_number32 (value, &self->min);
  else if (cachet_imap_value_is (name, "MAX"))
    cachet_imap_value_get_number32 (value, &self->max);
  else if (cachet_imap_value_is (name, "COUNT"))
    self->has_count = cachet_imap_value_get_number32 (value, &self->count);
  else if (cachet_imap_value_is (name, "MODSEQ"))
    {
      if (cachet_imap_value_get_number (value, &number) && number <= G_MAXINT64)
        self->modseq = number;
    }
}

/* `(TAG "A1") UID MIN 2 COUNT 17 ALL 2,10:11` (RFC 4731). */
static void
read_esearch (CachetImapSearchResult *self, const CachetImapResponse *response)
{
  const CachetImapValue *value = cachet_imap_response_get_first_value (response);

  self->set = cachet_imap_set_new ();
  if (cachet_imap_value_is_list (value))
    {
      if (cachet_imap_value_is (cachet_imap_value_get_first_child (value), "TAG"))
        self->tag = cachet_imap_value_dup_string (cachet_imap_value_get_child (value, 1));
      value = cachet_imap_value_get_next (value);
    }
  if (cachet_imap_value_is (value, "UID"))
    {
      self->is_uid = TRUE;
      value = cachet_imap_value_get_next (value);
    }
  while (value != NULL)
    {
      const CachetImapValue *argument = cachet_imap_value_get_next (value);

      read_esearch_item (self, value, argument);
      value = cachet_imap_value_get_next (argument);
    }
}

CachetImapSearchResult *
cachet_imap_extract_search (const CachetImapResponse *response)
{
  CachetImapSearchResult *self;
  CachetImapKeyword keyword;

  g_return_val_if_fail (response != NULL, NULL);

  keyword = cachet_imap_response_get_keyword (response);
  if (keyword != CACHET_IMAP_KEYWORD_SEARCH && keyword != CACHET_IMAP_KEYWORD_ESEARCH)
    return NULL;
  self = g_new0 (CachetImapSearchResult, 1);
  if (keyword == CACHET_IMAP_KEYWORD_SEARCH)
    read_search (self, response);
  else
    read_esearch (self, response);
  return self;
}
