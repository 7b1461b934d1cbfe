#define G_LOG_DOMAIN "cachet-mime"

#include "config.h"

#include "cachet-mime-transfer.h"

#include <gmime/gmime.h>
#include <string.h>

/* The value of a base64 character plus one; 0 for all others. */
static guint8
base64_value (guchar c)
{
  if (c >= 'A' && c <= 'Z')
    return (guint8)(c - 'A' + 1);
  if (c >= 'a' && c <= 'z')
    return (guint8)(c - 'a' + 27);
  if (c >= '0' && c <= '9')
    return (guint8)(c - '0' + 53);
  return c == '+' ? 63 : c == '/' ? 64 : 0;
}

void
cachet_base64_append (GByteArray *out, const char *text, gsize length)
{
  guint32 bits = 0;
  guint n_bits = 0;
  guint8 buffer[3072];
  guint n = 0;
  guint8 values[256];

  for (guint c = 0; c < 256; c++)
    values[c] = base64_value ((guchar)c);
  for (gsize i = 0; i < length; i++)
    {
      guint8 value = values[(guchar)text[i]];

      if (value == 0)
        {
          if (text[i] == '=')
            bits = n_bits = 0;
          continue;
        }
      bits = bits << 6 | (guint32)(value - 1);
      n_bits += 6;
      if (n_bits < 8)
        continue;
      n_bits -= 8;
      buffer[n++] = (guint8)(bits >> n_bits);
      if (n == sizeof (buffer))
        {
          g_byte_array_append (out, buffer, n);
          n = 0;
        }
    }
  g_byte_array_append (out, buffer, n);
}

static guint
uu_value (char c)
{
  return ((guint)(guchar)c - ' ') & 0x3f;
}

/* One line: how many bytes it stands for, then four characters for each three of them. */
static void
uudecode_line (GByteArray *out, const char *line, gsize length)
{
  guint left = uu_value (*line);

  for (gsize i = 1; left > 0 && i + 1 < length; i += 4)
    {
      guint values[4] = { 0 };
      guint8 bytes[3];
      gsize n = MIN (length - i, 4);

      for (gsize k = 0; k < n; k++)
        values[k] = uu_value (line[i + k]);
      bytes[0] = (guint8)(values[0] << 2 | values[1] >> 4);
      bytes[1] = (guint8)(values[1] << 4 | values[2] >> 2);
      bytes[2] = (guint8)(values[2] << 6 | values[3]);
      n = MIN (MIN (n - 1, 3), left);
      g_byte_array_append (out, bytes, (guint)n);
      left -= (guint)n;
    }
}

/* GMime 3.2.13 loses the end of the last line. */
static GBytes *
uudecode (const char *text, gsize length)
{
  GByteArray *out = g_byte_array_new ();
  const char *end = text + length;
  gboolean begun = FALSE;

  for (const char *p = text; p < end;)
    {
      const char *newline = memchr (p, '\n', (gsize)(end - p));
      gsize n = (gsize)((newline != NULL ? newline : end) - p);

      if (n > 0 && p[n - 1] == '\r')
        n--;
      if (begun && n >= 3 && memcmp (p, "end", 3) == 0)
        break;
      if (begun && n > 0)
        uudecode_line (out, p, n);
      else if (!begun)
        begun = n > 6 && memcmp (p, "begin ", 6) == 0;
      p = newline != NULL ? newline + 1 : end;
    }
  return g_byte_array_free_to_bytes (out);
}

gboolean
cachet_transfer_is_identity (const char *encoding)
{
  return g_mime_content_encoding_from_string (encoding) <= GMIME_CONTENT_ENCODING_BINARY;
}

GBytes *
cachet_transfer_decode (const char *encoding, GBytes *bytes)
{
  GMimeContentEncoding kind = g_mime_content_encoding_from_string (encoding);
  GMimeEncoding decoder;
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  g_autofree char *out = NULL;
  gsize n;

  if (kind <= GMIME_CONTENT_ENCODING_BINARY)
    return g_bytes_ref (bytes);
  if (kind == GMIME_CONTENT_ENCODING_BASE64)
    {
      GByteArray *array = g_byte_array_sized_new ((guint)MIN (length / 4 * 3 + 3, G_MAXUINT / 2));

      cachet_base64_append (array, data, length);
      return g_byte_array_free_to_bytes (array);
    }
  if (kind == GMIME_CONTENT_ENCODING_UUENCODE)
    return uudecode (data, length);
  g_mime_encoding_init_decode (&decoder, kind);
  out = g_malloc (g_mime_encoding_outlen (&decoder, length) + 1);
  n = g_mime_encoding_flush (&decoder, data, length, out);
  return g_bytes_new_take (g_steal_pointer (&out), n);
}

gsize
cachet_transfer_estimate (const char *encoding, const char *bytes, gsize length)
{
  GMimeContentEncoding kind = g_mime_content_encoding_from_string (encoding);
  const char *newline;
  gsize line;
  gsize n = length;

  if (kind == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE)
    {
      /* Each "=" stands with two more bytes for one. */
      for (const char *p = bytes; p < bytes + length && n > 2; p++)
        {
          p = memchr (p, '=', (gsize)(bytes + length - p));
          if (p == NULL)
            break;
          n -= 2;
        }
      return n;
    }
  if (kind != GMIME_CONTENT_ENCODING_BASE64 || length == 0)
    return length;
  newline = memchr (bytes, '\n', length);
  if (newline != NULL && newline > bytes)
    {
      gsize breaks = newline[-1] == '\r' ? 2 : 1;

      line = (gsize)(newline - bytes) + 1;
      n = length - length / line * breaks;
    }
  while (length > 0 && (guchar)bytes[length - 1] <= ' ')
    length--;
  n = MIN (n, length);
  n = n / 4 * 3;
  for (gsize i = 1; i <= 2 && i <= length && n > 0 && bytes[length - i] == '='; i++)
    n--;
  return n;
}
