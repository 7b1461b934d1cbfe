#define G_LOG_DOMAIN "cachet-mime"

#include "config.h"

#include "cachet-mime-flowed.h"

#include <string.h>

static void
append_quote (GString *out, gsize depth)
{
  for (gsize i = 0; i < depth; i++)
    g_string_append_c (out, '>');
}

static gboolean
is_signature_mark (const char *line, gsize length)
{
  return length == 3 && memcmp (line, "-- ", 3) == 0;
}

char *
cachet_flowed_join (const char *text, gboolean delete_space)
{
  GString *out = g_string_sized_new (strlen (text));
  gboolean open = FALSE; /* the paragraph goes on */
  gsize open_depth = 0;
  const char *p = text;

  while (*p != '\0')
    {
      gsize length = strcspn (p, "\n");
      const char *next = p + length + (p[length] == '\n' ? 1 : 0);
      gsize depth = strspn (p, ">");
      const char *line = p + depth;
      gboolean flowed;

      length -= depth;
      if (length > 0 && *line == ' ')
        {
          line++; /* stuffed */
          length--;
        }
      flowed = length > 0 && line[length - 1] == ' ' && !is_signature_mark (line, length);
      if (open && (depth != open_depth || is_signature_mark (line, length)))
        {
          g_string_append_c (out, '\n');
          open = FALSE;
        }
      if (!open)
        {
          append_quote (out, depth);
          if (depth > 0 && length > 0)
            g_string_append_c (out, ' ');
        }
      g_string_append_len (out, line, (gssize)(flowed && delete_space ? length - 1 : length));
      open = flowed;
      open_depth = depth;
      if (!open)
        g_string_append_c (out, '\n');
      p = next;
    }
  if (open)
    g_string_append_c (out, '\n');
  return g_string_free (out, FALSE);
}

/* Counts the quote marks of a person's line ("> > text", ">> text") and steps over them. */
static gsize
read_quote (const char **line, const char *end)
{
  gsize depth = 0;
  const char *p = *line;

  while (p < end && (*p == '>' || (*p == ' ' && depth > 0 && p + 1 < end && p[1] == '>')))
    {
      depth += *p == '>';
      p++;
    }
  if (depth > 0 && p < end && *p == ' ')
    p++;
  *line = p;
  return depth;
}

static gboolean
needs_stuffing (const char *line, gsize length, gsize depth)
{
  if (depth > 0)
    return length > 0;
  return length > 0 &&
         (*line == ' ' || *line == '>' || (length >= 5 && memcmp (line, "From ", 5) == 0));
}

static void
append_flowed_line (GString *out, gsize depth, const char *line, gsize length)
{
  append_quote (out, depth);
  if (needs_stuffing (line, length, depth))
    g_string_append_c (out, ' ');
  g_string_append_len (out, line, (gssize)length);
  g_string_append_c (out, '\n');
}

/* Where to cut: behind the last space that fits, else behind the first there is, else nowhere. */
static gsize
find_break (const char *line, gsize length, gsize width)
{
  if (length <= width)
    return length;
  for (gsize i = width; i > 0; i--)
    if (line[i - 1] == ' ' && line[i] != ' ')
      return i;
  for (gsize i = width; i + 1 < length; i++)
    if (line[i] == ' ' && line[i + 1] != ' ')
      return i + 1;
  return length;
}

char *
cachet_flowed_make (const char *text)
{
  GString *out = g_string_sized_new (strlen (text) + strlen (text) / 16);
  const char *p = text;

  while (*p != '\0')
    {
      gsize length = strcspn (p, "\n");
      const char *end = p + length;
      const char *next = end + (*end == '\n' ? 1 : 0);
      const char *line = p;
      gsize depth = read_quote (&line, end);
      gsize width = CACHET_FLOWED_WIDTH - MIN (depth + 1, CACHET_FLOWED_WIDTH / 2);

      if (is_signature_mark (line, (gsize)(end - line)))
        append_flowed_line (out, depth, line, 3);
      else
        {
          /* A space at the end would join the next line to this one. */
          while (end > line && (end[-1] == ' ' || end[-1] == '\r'))
            end--;
          do
            {
              gsize piece = find_break (line, (gsize)(end - line), width);

              append_flowed_line (out, depth, line, piece);
              line += piece;
          } while (line < end);
        }
      p = next;
    }
  return g_string_free (out, FALSE);
}
