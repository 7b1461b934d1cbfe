#define G_LOG_DOMAIN "cachet-mime"

#include "config.h"

#include "cachet-mime-header.h"

#include <gmime/gmime.h>
#include <string.h>

#include "cachet-mime-charset.h"
#include "cachet-mime-transfer.h"
#include "cachet-visible-text.h"

#define MAX_DATE_LENGTH 200

void
cachet_header_walk_init (CachetHeaderWalk *walk, const char *bytes, gsize length)
{
  walk->position = bytes;
  walk->end = bytes + length;
}

/* The start of the next line; *@content_end is the end of this one without its line end. */
static const char *
next_line (const char *p, const char *end, const char **content_end)
{
  const char *newline = p < end ? memchr (p, '\n', (gsize)(end - p)) : NULL;

  *content_end = newline != NULL ? newline : end;
  if (newline != NULL && newline > p && newline[-1] == '\r')
    (*content_end)--;
  return newline != NULL ? newline + 1 : end;
}

/* The length of the field name at @p, or 0 when the line is no field. */
static gsize
field_name_length (const char *p, const char *line_end, const char **colon)
{
  const char *q = p;
  gsize length;

  while (q<line_end && * q> ' ' && *q < 0x7f && *q != ':')
    q++;
  length = (gsize)(q - p);
  while (q < line_end && (*q == ' ' || *q == '\t'))
    q++;
  if (length == 0 || q >= line_end || *q != ':')
    return 0;
  *colon = q;
  return length;
}

gboolean
cachet_header_walk_next (CachetHeaderWalk *walk, CachetHeaderField *field)
{
  while (walk->position < walk->end)
    {
      const char *start = walk->position;
      const char *line_end;
      const char *colon = NULL;
      const char *p = next_line (start, walk->end, &line_end);

      if (line_end == start)
        {
          walk->position = walk->end;
          return FALSE;
        }
      field->start = start;
      field->name = start;
      field->name_length = field_name_length (start, line_end, &colon);
      while (p < walk->end && (*p == ' ' || *p == '\t'))
        p = next_line (p, walk->end, &line_end);
      walk->position = p;
      if (field->name_length == 0)
        continue;
      field->value = colon + 1;
      field->value_length = (gsize)(line_end - field->value);
      return TRUE;
    }
  return FALSE;
}

gboolean
cachet_header_field_is (const CachetHeaderField *field, const char *name)
{
  return field->name_length == strlen (name) &&
         g_ascii_strncasecmp (field->name, name, field->name_length) == 0;
}

gsize
cachet_header_block_length (const char *bytes, gsize length)
{
  const char *end = bytes + length;
  const char *p = bytes;
  gboolean first = TRUE;

  while (p < end)
    {
      const char *line_end;
      const char *colon;
      const char *next = next_line (p, end, &line_end);

      if (line_end == p)
        return (gsize)(next - bytes);
      /* A part that starts with text at once has no header at all; "From " is left by mboxes. */
      if (first && field_name_length (p, line_end, &colon) == 0 &&
          !(line_end - p > 5 && memcmp (p, "From ", 5) == 0))
        return 0;
      first = FALSE;
      p = next;
    }
  return length;
}

char *
cachet_header_field_dup_unfolded (const CachetHeaderField *field, gsize max)
{
  g_autoptr (GString) unfolded = NULL;
  gsize length = MIN (field->value_length, max);

  unfolded = g_string_sized_new (length);
  for (gsize i = 0; i < length; i++)
    {
      const char *p = field->value + i;

      if (*p == '\n' || (*p == '\r' && i + 1 < length && p[1] == '\n'))
        continue;
      g_string_append_c (unfolded, *p);
    }
  return cachet_charset_to_utf8 (NULL, unfolded->str, unfolded->len);
}

char *
cachet_header_block_dup_field (const char *bytes, gsize length, const char *name)
{
  CachetHeaderWalk walk;
  CachetHeaderField field;

  cachet_header_walk_init (&walk, bytes, length);
  while (cachet_header_walk_next (&walk, &field))
    if (cachet_header_field_is (&field, name))
      return g_strstrip (cachet_header_field_dup_unfolded (&field, CACHET_MIME_MAX_FIELD));
  return NULL;
}

typedef struct
{
  const char *charset;
  gsize charset_length;
  char encoding;
  const char *text;
  gsize text_length;
  gsize length; /* of all of it */
} EncodedWord;

static gboolean
read_encoded_word (const char *p, EncodedWord *word)
{
  const char *q;

  if (p[0] != '=' || p[1] != '?')
    return FALSE;
  word->charset = p + 2;
  word->charset_length = strcspn (word->charset, "?*= \t\r\n");
  q = word->charset + word->charset_length;
  if (*q == '*') /* RFC 2231 §5: a language, which says nothing here */
    q += strcspn (q, "?= \t\r\n");
  if (word->charset_length == 0 || *q != '?')
    return FALSE;
  word->encoding = g_ascii_toupper (q[1]);
  if ((word->encoding != 'B' && word->encoding != 'Q') || q[2] != '?')
    return FALSE;
  word->text = q + 3;
  word->text_length = strcspn (word->text, "?");
  q = word->text + word->text_length;
  if (q[0] != '?' || q[1] != '=')
    return FALSE;
  word->length = (gsize)(q + 2 - p);
  return TRUE;
}

gsize
cachet_header_encoded_word_length (const char *text)
{
  EncodedWord word;

  return read_encoded_word (text, &word) ? word.length : 0;
}

static void
append_word_bytes (GByteArray *bytes, const EncodedWord *word)
{
  if (word->encoding == 'B')
    {
      cachet_base64_append (bytes, word->text, word->text_length);
      return;
    }
  for (gsize i = 0; i < word->text_length; i++)
    {
      const char *p = word->text + i;
      guint8 byte = (guint8)*p;

      if (byte == '_')
        byte = ' ';
      else if (byte == '=' && i + 2 < word->text_length && g_ascii_isxdigit (p[1]) &&
               g_ascii_isxdigit (p[2]))
        {
          byte = (guint8)(g_ascii_xdigit_value (p[1]) << 4 | g_ascii_xdigit_value (p[2]));
          i += 2;
        }
      g_byte_array_append (bytes, &byte, 1);
    }
}

/* Words of one charset are joined before they are converted: many mailers cut in the middle of a
 * character. */
static void
flush_words (GString *out, GByteArray *pending, const char *charset, gsize charset_length)
{
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  if (pending->len == 0)
    return;
  name = g_strndup (charset, charset_length);
  text = cachet_charset_to_utf8 (name, (const char *)pending->data, pending->len);
  g_string_append (out, text);
  g_byte_array_set_size (pending, 0);
}

char *
cachet_header_decode_words (const char *text)
{
  g_autoptr (GString) out = NULL;
  g_autoptr (GByteArray) pending = NULL;
  const char *charset = NULL;
  gsize charset_length = 0;
  gboolean after_word = FALSE;
  const char *p = text;

  g_return_val_if_fail (text != NULL, NULL);

  if (strstr (text, "=?") == NULL)
    return g_strdup (text);
  out = g_string_new (NULL);
  pending = g_byte_array_new ();
  while (*p != '\0')
    {
      gsize space = after_word ? strspn (p, " \t\r\n") : 0;
      EncodedWord word;

      if (read_encoded_word (p + space, &word))
        {
          if (charset == NULL || charset_length != word.charset_length ||
              g_ascii_strncasecmp (charset, word.charset, charset_length) != 0)
            flush_words (out, pending, charset, charset_length);
          charset = word.charset;
          charset_length = word.charset_length;
          append_word_bytes (pending, &word);
          p += space + word.length;
          after_word = TRUE;
          continue;
        }
      flush_words (out, pending, charset, charset_length);
      charset = NULL;
      after_word = FALSE;
      /* All of the space, or the character that starts no word. */
      space = MAX (space, 1);
      g_string_append_len (out, p, (gssize)space);
      p += space;
    }
  flush_words (out, pending, charset, charset_length);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
cachet_header_field_dup_visible (const CachetHeaderField *field)
{
  g_autofree char *unfolded = NULL;
  g_autofree char *decoded = NULL;

  unfolded = g_strstrip (cachet_header_field_dup_unfolded (field, CACHET_MIME_MAX_FIELD));
  /* Tabs are what folds leave behind. */
  g_strdelimit (unfolded, "\t", ' ');
  decoded = cachet_header_decode_words (unfolded);
  return cachet_visible_text (decoded, -1, FALSE);
}

GPtrArray *
cachet_header_parse_message_ids (const char *text)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);

  g_return_val_if_fail (text != NULL, ids);

  for (const char *p = strchr (text, '<'); p != NULL; p = strchr (p, '<'))
    {
      const char *end = strpbrk (p + 1, "<>");
      g_autoptr (GString) id = NULL;

      if (end == NULL)
        break;
      if (*end == '<')
        {
          p = end;
          continue;
        }
      id = g_string_new (NULL);
      for (p++; p < end; p++)
        if ((guchar)*p > ' ' && *p != 0x7f)
          g_string_append_c (id, *p);
      if (id->len > 0)
        g_ptr_array_add (ids, g_strdup (id->str));
    }
  return ids;
}

gint64
cachet_header_parse_date (const char *text, int *offset_minutes)
{
  g_autofree char *cut = NULL;
  g_autoptr (GDateTime) date = NULL;

  g_return_val_if_fail (text != NULL, G_MININT64);

  if (offset_minutes != NULL)
    *offset_minutes = 0;
  cut = g_strstrip (g_strndup (text, MAX_DATE_LENGTH));
  date = g_mime_utils_header_decode_date (cut);
  if (date == NULL)
    {
      g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();

      date = g_date_time_new_from_iso8601 (cut, utc);
    }
  if (date == NULL)
    return G_MININT64;
  if (offset_minutes != NULL)
    *offset_minutes = (int)(g_date_time_get_utc_offset (date) / G_TIME_SPAN_MINUTE);
  return g_date_time_to_unix (date);
}
