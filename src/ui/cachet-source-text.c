#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-source-text.h"

#include <string.h>

/* U+2400, the first picture of a control character; U+2421 is that of DEL. */
#define PICTURE_OF_NUL 0x2400
#define PICTURE_OF_DEL 0x2421

static void
append_control (GString *out, guchar c)
{
  g_string_append_unichar (out, c == 0x7f ? PICTURE_OF_DEL : PICTURE_OF_NUL + c);
}

/* Bytes up to the next that is not plain: control, DEL or not ASCII. */
static gsize
plain_run (const guchar *data, gsize length)
{
  gsize i;

  for (i = 0; i < length; i++)
    if ((data[i] < 0x20 && data[i] != '\t') || data[i] >= 0x7f)
      break;
  return i;
}

/* Characters that would hide or reorder what stands there. */
static gboolean
is_odd (gunichar c)
{
  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
    case G_UNICODE_UNASSIGNED:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_PRIVATE_USE:
      return TRUE;
    default:
      return FALSE;
    }
}

/* Appends the character at @data and gives its length in bytes. */
static gsize
append_wide (GString *out, const guchar *data, gsize length)
{
  gunichar c = g_utf8_get_char_validated ((const char *)data, length);

  if (c == (gunichar)-1 || c == (gunichar)-2)
    {
      g_string_append_printf (out, "\\x%02X", data[0]);
      return 1;
    }
  if (is_odd (c))
    g_string_append_printf (out, "<U+%04X>", c);
  else
    g_string_append_unichar (out, c);
  return g_utf8_skip[data[0]];
}

GBytes *
cachet_source_text_render (GBytes *bytes)
{
  gsize length;
  const guchar *data = g_bytes_get_data (bytes, &length);
  GString *out = g_string_sized_new (length + length / 16 + 1);
  gsize line_start = 0;
  gsize i = 0;

  while (i < length)
    {
      gsize room = CACHET_SOURCE_TEXT_MAX_LINE -
                   MIN (out->len - line_start, (gsize)CACHET_SOURCE_TEXT_MAX_LINE);
      gsize run;

      if (room == 0)
        {
          g_string_append_c (out, '\n');
          line_start = out->len;
          continue;
        }
      run = plain_run (data + i, MIN (length - i, room));
      g_string_append_len (out, (const char *)data + i, run);
      i += run;
      if (run == room || i == length)
        continue;
      if (data[i] == '\n' || (data[i] == '\r' && i + 1 < length && data[i + 1] == '\n'))
        {
          i += data[i] == '\r' ? 2 : 1;
          g_string_append_c (out, '\n');
          line_start = out->len;
        }
      else if (data[i] < 0x20 || data[i] == 0x7f)
        append_control (out, data[i++]);
      else
        i += append_wide (out, data + i, length - i);
    }
  return g_string_free_to_bytes (out);
}

static gboolean
matches_at (const char *text, const char *folded, gsize length)
{
  gsize i;

  for (i = 0; i < length; i++)
    if (g_ascii_tolower (text[i]) != folded[i])
      return FALSE;
  return TRUE;
}

GArray *
cachet_source_text_find (GBytes *text, const char *words)
{
  GArray *matches = g_array_new (FALSE, FALSE, sizeof (CachetSourceMatch));
  g_autofree char *folded = g_ascii_strdown (words, -1);
  gsize n = strlen (folded);
  gsize length;
  const char *data = g_bytes_get_data (text, &length);
  guint line = 0;
  gsize line_start = 0;
  gsize i;

  if (n == 0)
    return matches;
  for (i = 0; i + n <= length && matches->len < CACHET_SOURCE_TEXT_MAX_MATCHES; i++)
    {
      if (data[i] == '\n')
        {
          line++;
          line_start = i + 1;
        }
      else if (g_ascii_tolower (data[i]) == folded[0] && matches_at (data + i, folded, n))
        {
          CachetSourceMatch match = { .line = line,
                                      .start = i - line_start,
                                      .end = i - line_start + n };

          g_array_append_val (matches, match);
          i += n - 1;
        }
    }
  return matches;
}
