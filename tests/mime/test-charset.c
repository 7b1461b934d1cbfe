#include "config.h"

#include "cachet-mime-charset.h"

#include "cachet-mime-transfer.h"

#include <string.h>

#define S(text) text, sizeof (text) - 1

static void
test_charsets (void)
{
  static const struct
  {
    const char *charset;
    const char *bytes;
    gsize length;
    const char *utf8;
  } cases[] = {
    { "utf-8", S ("Grüße"), "Grüße" },
    { "UTF8", S ("Grüße"), "Grüße" },
    { " \"utf-8\" ", S ("Grüße"), "Grüße" },
    { "utf-8", S ("a\xff\x80z"), "a\uFFFD\uFFFDz" },
    { "utf-8", S ("a\0b"), "a␀b" },
    { "us-ascii", S ("plain"), "plain" },
    { "us-ascii", S ("Grüße"), "Grüße" },
    { "us-ascii",
      S ("Gr\xfc\xdf"
         "e"),
      "Grüße" },
    { NULL, S ("caf\xe9"), "café" },
    { NULL, S ("a\0\xff"), "a␀ÿ" },
    { NULL, S ("ä\0ö\0"), "ä␀ö␀" },
    { "", S ("café"), "café" },
    { "iso-8859-1", S ("\x80 \xe9"), "€ é" },
    { "latin1", S ("\xe9"), "é" },
    { "iso-8859-2", S ("\xb1\xea"), "ąę" },
    { "iso-8859-5", S ("\xbf\xe0\xd8"), "При" },
    { "iso-8859-7", S ("\xe1\xe2"), "αβ" },
    { "iso-8859-8-i", S ("\xf9\xec"), "של" },
    { "iso-8859-15", S ("\xa4"), "€" },
    { "windows-1250", S ("\x8a"), "Š" },
    { "windows-1251", S ("\xcf\xf0\xe8"), "При" },
    { "windows-1252", S ("\x93x\x94"), "“x”" },
    { "windows-1256", S ("\xe3"), "م" },
    { "koi8-r", S ("\xf0\xd2\xc9"), "При" },
    { "koi8-u", S ("\xa4"), "є" },
    { "gb2312", S ("\xc4\xe3\xba\xc3"), "你好" },
    { "GB18030", S ("\xc4\xe3\x81\x30\x89\x38"), "你ß" },
    { "gbk", S ("\x81\x40"), "丂" },
    { "hz-gb-2312", S ("~{Dc:C~}"), "你好" },
    { "big5", S ("\xa7\x41\xa6\x6e"), "你好" },
    { "shift_jis", S ("\x93\xfa\x96\x7b \x87\x40"), "日本 ①" },
    { "euc-jp", S ("\xc6\xfc\xcb\xdc"), "日本" },
    { "iso-2022-jp", S ("\x1b$BF|K\\\x1b(B!"), "日本!" },
    { "iso-2022-jp", S ("\x1b$B-!\x1b(B"), "①" },
    { "iso-2022-jp", S ("\x1b(I1\x1b(B"), "ｱ" },
    { "iso-2022-jp", S ("\x1b$BF|"), "日" },
    { "iso-2022-jp", S ("\x1b$B\nabc"), "\nabc" },
    { "iso-2022-kr", S ("\x1b$)C\x0e\x47\x51\x0f"), "한" },
    { "euc-kr", S ("\xc7\xd1"), "한" },
    { "ks_c_5601-1987", S ("\xc7\xd1\x8c\x63"), "한똠" },
    { "tis-620", S ("\xca"), "ส" },
    { "viscii", S ("\xe9"), "é" },
    { "macintosh", S ("\x8e"), "é" },
    { "utf-7", S ("a+AOQ-b"), "aäb" },
    { "utf-16", S ("\xff\xfeh\0i\0"), "hi" },
    { "utf-16be", S ("\0h\0i"), "hi" },
    { "utf-16le", S ("h\0\0\xd8i\0"), "h\uFFFDi" },
    { "no-such-charset", S ("café"), "café" },
    { "no-such-charset", S ("caf\xe9"), "café" },
    { "utf-8//IGNORE", S ("a\xff"), "aÿ" },
    { "x-unknown", S ("ok"), "ok" },
    { NULL, S ("\x1b$BF|K\\\x1b(B"), "日本" },
    { "utf-8", S (""), "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *utf8 =
        cachet_charset_to_utf8 (cases[i].charset, cases[i].bytes, cases[i].length);

      g_test_message ("%u: %s", i, cases[i].charset != NULL ? cases[i].charset : "(none)");
      g_assert_true (g_utf8_validate (utf8, -1, NULL));
      g_assert_cmpstr (utf8, ==, cases[i].utf8);
    }
}

static void
test_sniff (void)
{
  static const struct
  {
    const char *html;
    gsize length;
    const char *charset;
  } cases[] = {
    { S ("<html><head><META CHARSET=\"Koi8-R\">"), "koi8-r" },
    { S ("<meta http-equiv=content-type content='text/html; charset = gb2312'>"), "gb2312" },
    { S ("\xef\xbb\xbf<html>"), "utf-8" },
    { S ("\xff\xfe<\0"), "utf-16" },
    { S ("<p>charset=utf-8</p>"), NULL },
    { S ("<meta charset"), NULL },
    { S ("<meta charset=>"), NULL },
    { S (""), NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *charset = cachet_charset_sniff_html (cases[i].html, cases[i].length);

      g_assert_cmpstr (charset, ==, cases[i].charset);
    }
}

static void
test_transfer (void)
{
  static const struct
  {
    const char *encoding;
    const char *raw;
    const char *decoded;
  } cases[] = {
    { "base64", "SGVsbG8=", "Hello" },
    { "BASE64", "SGVs\r\nbG8=\r\n", "Hello" },
    { "base64", "SGVsbG8=SGVsbG8=", "HelloHello" },
    { "base64", "SGVsbG8=\r\nSGVsbG8=\r\nSGVs", "HelloHelloHel" },
    { "base64", "SA==SQ==", "HI" },
    { "base64", "SGVsbG8", "Hello" },
    { "base64", "!S*G-V.s bG8=", "Hello" },
    { "base64", "", "" },
    { "quoted-printable", "Gr=C3=BC=\r\n=C3=9Fe=3D", "Grüße=" },
    { "quoted-printable", "a=ZZ =", "a=ZZ " },
    { "7bit", "as=20it is", "as=20it is" },
    { "8bit", "ä", "ä" },
    { "binary", "x", "x" },
    { "x-nonsense", "as=20it is", "as=20it is" },
    { "x-uuencode", "begin 644 x\n#86)C\n`\nend\n", "abc" },
    { "x-uuencode", "say\nbegin 644 x\r\n$86)C9```\r\n \r\nend\r\nmore", "abcd" },
    { "x-uuencode", "begin 644 x\nM86)C\n#86", "abca" },
    { "x-uuencode", "no beginning", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) raw = g_bytes_new_static (cases[i].raw, strlen (cases[i].raw));
      g_autoptr (GBytes) decoded = cachet_transfer_decode (cases[i].encoding, raw);
      gsize length;
      const char *data = g_bytes_get_data (decoded, &length);

      g_test_message ("%u: %s", i, cases[i].raw);
      g_assert_cmpmem (data, length, cases[i].decoded, strlen (cases[i].decoded));
    }
  g_assert_true (cachet_transfer_is_identity ("8bit"));
  g_assert_false (cachet_transfer_is_identity ("base64"));
}

static void
test_estimate (void)
{
  for (gsize n = 0; n < 400; n++)
    {
      g_autofree guchar *data = g_malloc0 (n + 1);
      g_autofree char *flat = g_base64_encode (data, n);
      g_autoptr (GString) folded = g_string_new (NULL);
      gsize estimate;

      for (const char *p = flat; *p != '\0'; p += MIN (strlen (p), 76))
        g_string_append_printf (folded, "%.76s\r\n", p);
      estimate = cachet_transfer_estimate ("base64", folded->str, folded->len);
      g_assert_cmpuint (ABS ((gssize)estimate - (gssize)n), <=, 4);
    }
  g_assert_cmpuint (cachet_transfer_estimate ("7bit", "abc", 3), ==, 3);
  g_assert_cmpuint (cachet_transfer_estimate ("quoted-printable", "a=C3=BC", 7), ==, 3);
  g_assert_cmpuint (cachet_transfer_estimate ("quoted-printable", "====", 4), <=, 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mime/charset/table", test_charsets);
  g_test_add_func ("/mime/charset/sniff", test_sniff);
  g_test_add_func ("/mime/transfer/table", test_transfer);
  g_test_add_func ("/mime/transfer/estimate", test_estimate);
  return g_test_run ();
}
