#define G_LOG_DOMAIN "cachet-wire"

#include "config.h"

#include "cachet-imap-utf7.h"

#include <string.h>

static const char base64_digits[] =
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

typedef struct
{
  GString *text;
  guint32 bits;
  guint n_bits;
} Encoder;

static void
encode_unit (Encoder *encoder, guint16 unit)
{
  encoder->bits = encoder->bits << 16 | unit;
  encoder->n_bits += 16;
  while (encoder->n_bits >= 6)
    {
      encoder->n_bits -= 6;
      g_string_append_c (encoder->text, base64_digits[encoder->bits >> encoder->n_bits & 0x3f]);
    }
}

static void
encode_end (Encoder *encoder)
{
  if (encoder->n_bits > 0)
    g_string_append_c (encoder->text, base64_digits[encoder->bits << (6 - encoder->n_bits) & 0x3f]);
  g_string_append_c (encoder->text, '-');
  encoder->bits = 0;
  encoder->n_bits = 0;
}

char *
cachet_imap_utf7_encode (const char *utf8)
{
  Encoder encoder = { 0 };
  gboolean shifted = FALSE;

  g_return_val_if_fail (utf8 != NULL && g_utf8_validate (utf8, -1, NULL), NULL);

  encoder.text = g_string_sized_new (strlen (utf8) + 16);
  for (const char *p = utf8; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gboolean direct = c >= 0x20 && c <= 0x7e;

      if (direct && shifted)
        encode_end (&encoder);
      else if (!direct && !shifted)
        g_string_append_c (encoder.text, '&');
      shifted = !direct;
      if (c == '&')
        g_string_append (encoder.text, "&-");
      else if (direct)
        g_string_append_c (encoder.text, (char)c);
      else if (c < 0x10000)
        encode_unit (&encoder, (guint16)c);
      else
        {
          encode_unit (&encoder, (guint16)(0xd800 + ((c - 0x10000) >> 10)));
          encode_unit (&encoder, (guint16)(0xdc00 + ((c - 0x10000) & 0x3ff)));
        }
    }
  if (shifted)
    encode_end (&encoder);
  return g_string_free (encoder.text, FALSE);
}

/* Takes one UTF-16 unit; %FALSE when it has no place there. @high is the open high surrogate, or 0.
 */
static gboolean
decode_unit (GString *text, guint16 unit, guint16 *high)
{
  if (unit >= 0xdc00 && unit <= 0xdfff)
    {
      if (*high == 0)
        return FALSE;
      g_string_append_unichar (text, 0x10000 + ((guint32)(*high - 0xd800) << 10) + (unit - 0xdc00));
      *high = 0;
      return TRUE;
    }
  if (*high != 0 || unit == 0)
    return FALSE;
  if (unit >= 0xd800 && unit <= 0xdbff)
    *high = unit;
  else
    g_string_append_unichar (text, unit);
  return TRUE;
}

/* @p: after the '&'. Returns the byte after the '-', or %NULL. */
static const char *
decode_shifted (GString *text, const char *p)
{
  guint32 bits = 0;
  guint n_bits = 0;
  guint16 high = 0;

  for (; *p != '-'; p++)
    {
      const char *digit = *p != '\0' ? strchr (base64_digits, *p) : NULL;

      if (digit == NULL)
        return NULL;
      bits = bits << 6 | (guint32)(digit - base64_digits);
      n_bits += 6;
      if (n_bits < 16)
        continue;
      n_bits -= 16;
      if (!decode_unit (text, (guint16)(bits >> n_bits), &high))
        return NULL;
    }
  /* what is left must be padding: fewer than six bits, all zero */
  if (high != 0 || n_bits >= 6 || (bits & ((1u << n_bits) - 1)) != 0)
    return NULL;
  return p + 1;
}

char *
cachet_imap_utf7_decode (const char *name)
{
  g_autoptr (GString) text = NULL;
  const char *p = name;

  g_return_val_if_fail (name != NULL, NULL);

  text = g_string_sized_new (strlen (name) + 1);
  while (*p != '\0')
    {
      if (*p < 0x20 || *p > 0x7e) /* 8-bit goes out here, too, whatever the sign of char */
        return NULL;
      if (*p != '&')
        g_string_append_c (text, *p++);
      else if (p[1] == '-')
        {
          g_string_append_c (text, '&');
          p += 2;
        }
      else
        {
          p = decode_shifted (text, p + 1);
          if (p == NULL)
            return NULL;
        }
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
