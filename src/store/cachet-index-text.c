#define G_LOG_DOMAIN "cachet-store"

#include "config.h"

#include "cachet-index-text.h"

#include <string.h>

static gboolean
stands_alone (gunichar c)
{
  if (c < 0x2e80)
    return FALSE;
  switch (g_unichar_get_script (c))
    {
    case G_UNICODE_SCRIPT_HAN:
    case G_UNICODE_SCRIPT_HIRAGANA:
    case G_UNICODE_SCRIPT_KATAKANA:
      return TRUE;
    default:
      return FALSE;
    }
}

char *
cachet_index_text_prepare (const char *text)
{
  GString *out = NULL;

  for (const char *p = text; *p != '\0';)
    {
      const char *next;
      gunichar c;

      if ((guchar)*p < 0xe2)
        {
          /* Below U+2000: the common case, not decoded. */
          if (out != NULL)
            g_string_append_c (out, *p);
          p++;
          continue;
        }
      next = g_utf8_next_char (p);
      c = g_utf8_get_char (p);
      if (stands_alone (c))
        {
          if (out == NULL)
            {
              out = g_string_sized_new (strlen (text) + 64);
              g_string_append_len (out, text, p - text);
            }
          g_string_append_c (out, ' ');
          g_string_append_len (out, p, next - p);
          g_string_append_c (out, ' ');
        }
      else if (out != NULL)
        g_string_append_len (out, p, next - p);
      p = next;
    }
  return out != NULL ? g_string_free (out, FALSE) : NULL;
}

/* As the index's tokenizer sees it: letters, digits, and private use. */
static gboolean
has_token (const char *word)
{
  for (const char *p = word; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isalnum (c) || g_unichar_type (c) == G_UNICODE_PRIVATE_USE)
        return TRUE;
    }
  return FALSE;
}

static void
append_phrase (GString *query, const char *word)
{
  g_autofree char *prepared = cachet_index_text_prepare (word);

  if (query->len > 0)
    g_string_append (query, " AND ");
  g_string_append_c (query, '"');
  for (const char *p = prepared != NULL ? prepared : word; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (query, '"');
      g_string_append_c (query, *p);
    }
  g_string_append_c (query, '"');
}

char *
cachet_index_text_make_query (const char *words)
{
  g_autofree char *valid =
    g_utf8_make_valid (words, (gssize)strnlen (words, CACHET_SEARCH_MAX_BYTES));
  g_auto (GStrv) list = NULL;
  g_autoptr (GString) query = g_string_new (NULL);
  guint n = 0;

  for (char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_isspace (g_utf8_get_char (p)))
      memset (p, ' ', (gsize)(g_utf8_next_char (p) - p));

  list = g_strsplit (valid, " ", -1);
  for (guint i = 0; list[i] != NULL && n < CACHET_SEARCH_MAX_WORDS; i++)
    if (has_token (list[i]))
      {
        append_phrase (query, list[i]);
        n++;
      }
  if (n == 0)
    return NULL;
  return g_strdup_printf ("{subject people body attachments} : (%s*)", query->str);
}
