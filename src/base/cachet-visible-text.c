#define G_LOG_DOMAIN "cachet-base"

#include "config.h"

#include "cachet-visible-text.h"

#include <string.h>

#define ZERO_WIDTH_NON_JOINER 0x200c
#define ZERO_WIDTH_JOINER 0x200d
#define REPLACEMENT "\xef\xbf\xbd"

/* Characters of the format class that have a shape of their own, and so hide nothing. */
static gboolean
is_visible_format (gunichar c)
{
  return (c >= 0x0600 && c <= 0x0605) || c == 0x06dd || c == 0x070f || c == 0x0890 || c == 0x0891 ||
         c == 0x08e2 || c == 0x110bd || c == 0x110cd;
}

/* Characters outside the format class that are drawn as nothing. */
static gboolean
is_invisible_filler (gunichar c)
{
  return c == 0x034f || c == 0x115f || c == 0x1160 || c == 0x17b4 || c == 0x17b5 || c == 0x3164 ||
         c == 0xffa0;
}

static gboolean
is_odd (gunichar c)
{
  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return TRUE;
    case G_UNICODE_FORMAT:
      return !is_visible_format (c);
    default:
      return is_invisible_filler (c);
    }
}

/* Scripts and symbols in which a joiner changes the shape; Latin, Greek and Cyrillic, which spoofs
 * are made of, are below U+0600. */
static gboolean
takes_joiner (gunichar c)
{
  if (c < 0x0600)
    return FALSE;
  switch (g_unichar_type (c))
    {
    case G_UNICODE_OTHER_LETTER:
    case G_UNICODE_NON_SPACING_MARK:
    case G_UNICODE_SPACING_MARK:
    case G_UNICODE_OTHER_SYMBOL:
    case G_UNICODE_MODIFIER_SYMBOL:
      return TRUE;
    default:
      return FALSE;
    }
}

static void
append_visible (GString *out, gunichar c)
{
  if (c < 0x20)
    g_string_append_unichar (out, 0x2400 + c);
  else if (c == 0x7f)
    g_string_append_unichar (out, 0x2421);
  else
    g_string_append_printf (out, "<U+%04X>", c);
}

/* The character at @p: its length, or 0 for an invalid byte. */
static gsize
read_character (const char *p, gsize left, gunichar *c)
{
  if (*p == '\0')
    {
      *c = 0;
      return 1;
    }
  *c = g_utf8_get_char_validated (p, MIN (left, 6));
  if (*c == (gunichar)-1 || *c == (gunichar)-2)
    return 0;
  return (gsize)(g_utf8_next_char (p) - p);
}

/* Writes the visible form to @out, or with a %NULL @out only looks; %TRUE when it differs. */
static gboolean
convert (const char *text, gsize length, gboolean keep_newlines, GString *out)
{
  gunichar before = 0;
  gboolean changed = FALSE;

  for (gsize i = 0; i < length && (out != NULL || !changed);)
    {
      gunichar c;
      gunichar next = 0;
      gsize size = read_character (text + i, length - i, &c);

      if (size == 0)
        {
          if (out != NULL)
            g_string_append (out, REPLACEMENT);
          changed = TRUE;
          before = 0;
          i++;
          continue;
        }
      if (keep_newlines && c == '\r' && i + 1 < length && text[i + 1] == '\n')
        {
          changed = TRUE;
          i += size;
          continue;
        }
      if ((c == ZERO_WIDTH_JOINER || c == ZERO_WIDTH_NON_JOINER) && i + size < length &&
          read_character (text + i + size, length - i - size, &next) > 0 && takes_joiner (before) &&
          takes_joiner (next))
        {
          if (out != NULL)
            g_string_append_len (out, text + i, (gssize)size);
        }
      else if (is_odd (c) && !(keep_newlines && (c == '\n' || c == '\t')))
        {
          if (out != NULL)
            append_visible (out, c);
          changed = TRUE;
        }
      else if (out != NULL)
        g_string_append_len (out, text + i, (gssize)size);
      before = c;
      i += size;
    }
  return changed;
}

char *
cachet_visible_text (const char *text, gssize length, gboolean keep_newlines)
{
  GString *out;
  gsize size;

  g_return_val_if_fail (text != NULL || length == 0, NULL);

  size = length < 0 ? strlen (text) : (gsize)length;
  out = g_string_sized_new (size + 16);
  convert (text, size, keep_newlines, out);
  return g_string_free (out, FALSE);
}

gboolean
cachet_text_has_odd_characters (const char *text)
{
  g_return_val_if_fail (text != NULL, FALSE);

  return convert (text, strlen (text), FALSE, NULL);
}
