#define G_LOG_DOMAIN "cachet-mime"

#include "config.h"

#include "cachet-mime-charset.h"

#include <errno.h>
#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"
#define NUL_PICTURE "\xe2\x90\x80"
#define MAX_CHARSET_NAME 40
#define SNIFF_BYTES 1024
#define ESCAPE 0x1b

/* Names in mail -> names for iconv. Where the declared set is a subset of one that real mail uses
 * under its name, the larger one is taken, as browsers do (WHATWG Encoding §4.2). */
static const struct
{
  const char *declared;
  const char *iconv;
} charset_names[] = {
  { "utf8", "utf-8" },
  { "unicode-1-1-utf-8", "utf-8" },
  { "iso-8859-1", "windows-1252" },
  { "iso8859-1", "windows-1252" },
  { "iso_8859-1", "windows-1252" },
  { "latin1", "windows-1252" },
  { "cp-1252", "windows-1252" },
  { "x-cp1252", "windows-1252" },
  { "iso-8859-9", "windows-1254" },
  { "iso-8859-11", "windows-874" },
  { "tis-620", "windows-874" },
  { "iso-8859-8-i", "iso-8859-8" },
  { "iso-8859-8-e", "iso-8859-8" },
  { "iso-8859-6-i", "iso-8859-6" },
  { "iso-8859-6-e", "iso-8859-6" },
  { "gb2312", "gb18030" },
  { "gb_2312-80", "gb18030" },
  { "gbk", "gb18030" },
  { "x-gbk", "gb18030" },
  { "cp936", "gb18030" },
  { "hz-gb-2312", "hz" },
  { "big5", "big5-hkscs" },
  { "x-x-big5", "big5-hkscs" },
  { "cn-big5", "big5-hkscs" },
  { "shift_jis", "cp932" },
  { "shift-jis", "cp932" },
  { "sjis", "cp932" },
  { "x-sjis", "cp932" },
  { "windows-31j", "cp932" },
  { "ms_kanji", "cp932" },
  { "euc-jp", "euc-jp-ms" },
  { "x-euc-jp", "euc-jp-ms" },
  { "euc-kr", "cp949" },
  { "ks_c_5601-1987", "cp949" },
  { "ks_c_5601", "cp949" },
  { "ksc5601", "cp949" },
  { "windows-949", "cp949" },
  { "koi8-ru", "koi8-u" },
  { "x-mac-roman", "macintosh" },
  { "x-macroman", "macintosh" },
  { "mac", "macintosh" },
  { "utf-16", "utf-16" },
  { "unicode", "utf-16le" },
};

static gboolean
is_ascii_name (const char *name)
{
  return g_str_equal (name, "us-ascii") || g_str_equal (name, "ascii") ||
         g_str_equal (name, "ansi_x3.4-1968") || g_str_equal (name, "iso-646");
}

/* NULL when there is no usable name. */
static char *
canonicalise (const char *charset)
{
  g_autofree char *name = NULL;

  if (charset == NULL)
    return NULL;
  name = g_ascii_strdown (charset, MIN (strlen (charset), MAX_CHARSET_NAME));
  g_strstrip (name);
  /* glibc takes "//IGNORE" and "," apart: such a name is not for it. */
  for (const char *p = name; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr ("-_.:+()", *p) == NULL)
      return NULL;
  if (*name == '\0' || is_ascii_name (name))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (charset_names); i++)
    if (g_str_equal (name, charset_names[i].declared))
      return g_strdup (charset_names[i].iconv);
  if (g_str_has_prefix (name, "x-unknown") || g_str_has_prefix (name, "unknown"))
    return NULL;
  return g_steal_pointer (&name);
}

static const char *
guess (const char *bytes, gsize length)
{
  gboolean has_8bit = FALSE;
  gboolean has_escape = FALSE;

  for (gsize i = 0; i < length; i++)
    {
      has_8bit |= (guchar)bytes[i] >= 0x80;
      has_escape |= bytes[i] == ESCAPE && i + 1 < length && bytes[i + 1] == '$';
    }
  if (!has_8bit)
    return has_escape ? "iso-2022-jp" : "utf-8";
  if (memchr (bytes, '\0', length) != NULL)
    {
      /* g_utf8_validate() refuses NUL, which says nothing about the rest. */
      const char *p = bytes;

      while (p < bytes + length)
        {
          const char *end = NULL;

          if (!g_utf8_validate_len (p, (gsize)(bytes + length - p), &end) && *end != '\0')
            return "windows-1252";
          p = end + 1;
        }
      return "utf-8";
    }
  return g_utf8_validate_len (bytes, length, NULL) ? "utf-8" : "windows-1252";
}

/* Owned NUL-free UTF-8 from nearly valid UTF-8. */
static char *
finish (const char *bytes, gsize length)
{
  g_autoptr (GString) out = NULL;
  const char *p = bytes;
  const char *limit = bytes + length;

  out = g_string_sized_new (length);
  while (p < limit)
    {
      const char *end = NULL;

      g_utf8_validate_len (p, (gsize)(limit - p), &end);
      g_string_append_len (out, p, end - p);
      if (end == limit)
        break;
      g_string_append (out, *end == '\0' ? NUL_PICTURE : REPLACEMENT);
      p = end + 1;
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* RFC 1468 as real mail has it, with half-width kana, JIS X 0212 and vendors' characters: bytes of
 * EUC-JP, which unlike the escape sequences can be resumed at any place. */
static GByteArray *
iso2022jp_to_euc (const char *bytes, gsize length)
{
  enum { SINGLE, KANA, DOUBLE, SUPPLEMENT } mode = SINGLE;
  GByteArray *out = g_byte_array_sized_new ((guint)length + 1);

  for (gsize i = 0; i < length;)
    {
      const guint8 kana_shift = 0x8e;
      const guint8 supplement_shift = 0x8f;
      const char *p = bytes + i;
      gsize left = length - i;
      guint8 pair[2];

      if (*p == ESCAPE && left >= 3 && p[1] == '$' && (p[2] == '@' || p[2] == 'B'))
        mode = DOUBLE, i += 3;
      else if (*p == ESCAPE && left >= 4 && memcmp (p + 1, "$(D", 3) == 0)
        mode = SUPPLEMENT, i += 4;
      else if (*p == ESCAPE && left >= 3 && p[1] == '(' && strchr ("BJH", p[2]) != NULL &&
               p[2] != '\0')
        mode = SINGLE, i += 3;
      else if (*p == ESCAPE && left >= 3 && p[1] == '(' && p[2] == 'I')
        mode = KANA, i += 3;
      else if (*p == '\n')
        {
          mode = SINGLE; /* every line starts anew */
          g_byte_array_append (out, (const guint8 *)p, 1);
          i++;
        }
      else if (mode == KANA && *p > ' ')
        {
          pair[0] = (guint8)*p | 0x80;
          g_byte_array_append (out, &kana_shift, 1);
          g_byte_array_append (out, pair, 1);
          i++;
        }
      else if ((mode == DOUBLE || mode == SUPPLEMENT) && *p > ' ' && left >= 2 && p[1] > ' ')
        {
          pair[0] = (guint8)*p | 0x80;
          pair[1] = (guint8)p[1] | 0x80;
          if (mode == SUPPLEMENT)
            g_byte_array_append (out, &supplement_shift, 1);
          g_byte_array_append (out, pair, 2);
          i += 2;
        }
      else
        {
          g_byte_array_append (out, (const guint8 *)p, 1);
          i++;
        }
    }
  return out;
}

/* RFC 1843, which glibc does not know: bytes of GB 2312 for those of HZ. */
static GByteArray *
hz_to_gb (const char *bytes, gsize length)
{
  GByteArray *out = g_byte_array_sized_new ((guint)length);
  gboolean in_gb = FALSE;

  for (gsize i = 0; i < length; i++)
    {
      guint8 byte = (guint8)bytes[i];

      if (byte == '\n')
        in_gb = FALSE;
      if (byte == '~' && i + 1 < length)
        {
          byte = (guint8)bytes[++i];
          if (byte == '{' || byte == '}')
            {
              in_gb = byte == '{';
              continue;
            }
          if (byte == '\n')
            continue;
          if (byte != '~')
            i--, byte = '~';
        }
      if (in_gb && byte > ' ')
        byte |= 0x80;
      g_byte_array_append (out, &byte, 1);
    }
  return out;
}

/* NULL when iconv does not know @name. */
static char *
convert (const char *name, const char *bytes, gsize length)
{
  g_autoptr (GString) out = NULL;
  char *in = (char *)bytes;
  gsize in_left = length;
  gsize step = g_str_has_prefix (name, "utf-16") || g_str_has_prefix (name, "ucs-2")   ? 2
               : g_str_has_prefix (name, "utf-32") || g_str_has_prefix (name, "ucs-4") ? 4
                                                                                       : 1;
  GIConv converter = g_iconv_open ("UTF-8", name);

  if (converter == (GIConv)-1)
    return NULL;
  out = g_string_sized_new (length + length / 2);
  while (in_left > 0)
    {
      char buffer[4096];
      char *to = buffer;
      gsize to_left = sizeof (buffer);
      gsize result = g_iconv (converter, &in, &in_left, &to, &to_left);
      int saved_errno = errno;

      g_string_append_len (out, buffer, to - buffer);
      if (result != (gsize)-1 || saved_errno == E2BIG)
        continue;
      g_string_append (out, REPLACEMENT);
      if (saved_errno != EILSEQ)
        break; /* EINVAL: the last character is cut off */
      step = MIN (step, in_left);
      in += step;
      in_left -= step;
    }
  {
    char buffer[64];
    char *to = buffer;
    gsize to_left = sizeof (buffer);

    if (g_iconv (converter, NULL, NULL, &to, &to_left) != (gsize)-1)
      g_string_append_len (out, buffer, to - buffer);
  }
  g_iconv_close (converter);
  return finish (out->str, out->len);
}

char *
cachet_charset_to_utf8 (const char *charset, const char *bytes, gsize length)
{
  g_autofree char *name = NULL;
  g_autofree char *converted = NULL;

  g_return_val_if_fail (bytes != NULL || length == 0, NULL);

  name = canonicalise (charset);
  if (name == NULL)
    name = g_strdup (guess (bytes, length));
  if (g_str_equal (name, "utf-8"))
    return finish (bytes, length);
  if (g_str_equal (name, "iso-2022-jp") || g_str_equal (name, "iso-2022-jp-1") ||
      g_str_equal (name, "cp50220") || g_str_equal (name, "cp50221"))
    {
      g_autoptr (GByteArray) euc = iso2022jp_to_euc (bytes, length);

      converted = convert ("euc-jp-ms", (const char *)euc->data, euc->len);
    }
  else if (g_str_equal (name, "hz"))
    {
      g_autoptr (GByteArray) gb = hz_to_gb (bytes, length);

      converted = convert ("gb18030", (const char *)gb->data, gb->len);
    }
  else
    converted = convert (name, bytes, length);
  if (converted != NULL)
    return g_steal_pointer (&converted);
  if (g_str_equal (guess (bytes, length), "utf-8"))
    return finish (bytes, length);
  converted = convert ("windows-1252", bytes, length);
  return converted != NULL ? g_steal_pointer (&converted) : finish (bytes, length);
}

char *
cachet_charset_sniff_html (const char *bytes, gsize length)
{
  g_autofree char *head = NULL;
  const char *p;
  gsize n;

  g_return_val_if_fail (bytes != NULL || length == 0, NULL);

  if (length >= 3 && memcmp (bytes, "\xef\xbb\xbf", 3) == 0)
    return g_strdup ("utf-8");
  if (length >= 2 && (memcmp (bytes, "\xff\xfe", 2) == 0 || memcmp (bytes, "\xfe\xff", 2) == 0))
    return g_strdup ("utf-16");
  n = MIN (length, SNIFF_BYTES);
  head = g_malloc (n + 1);
  for (gsize i = 0; i < n; i++)
    head[i] = bytes[i] == '\0' ? ' ' : g_ascii_tolower (bytes[i]);
  head[n] = '\0';
  p = strstr (head, "<meta");
  p = p != NULL ? strstr (p, "charset") : NULL;
  if (p == NULL)
    return NULL;
  p += strlen ("charset");
  p += strspn (p, " \t\r\n");
  if (*p != '=')
    return NULL;
  p++;
  p += strspn (p, " \t\r\n\"'");
  n = strcspn (p, " \t\r\n\"'>;/");
  return n > 0 ? g_strndup (p, n) : NULL;
}
