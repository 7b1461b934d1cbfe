#include "config.h"

#include "cachet-visible-text.h"

#define S(text) text, sizeof (text) - 1

static void
test_table (void)
{
  static const struct
  {
    const char *text;
    gssize length;
    gboolean keep_newlines;
    const char *visible;
  } cases[] = {
    { S (""), FALSE, "" },
    { S ("Grüße, 日本語"), FALSE, "Grüße, 日本語" },
    { S ("a\0b"), FALSE, "a␀b" },
    { S ("a\nb\r\n"), FALSE, "a␊b␍␊" },
    { S ("a\nb\r\nc\td\re"), TRUE, "a\nb\nc\td␍e" },
    { S ("a\tb"), FALSE, "a␉b" },
    { S ("\x1b[31m\x7f"), TRUE, "␛[31m␡" },
    { S ("\xc2\x85"), FALSE, "<U+0085>" },
    { S ("gpj.\u202Eexe"), FALSE, "gpj.<U+202E>exe" },
    { S ("\u2066x\u2069"), TRUE, "<U+2066>x<U+2069>" },
    { S ("a\u200Bb\uFEFFc\u2060d\u00ADe"), FALSE, "a<U+200B>b<U+FEFF>c<U+2060>d<U+00AD>e" },
    { S ("a\u200Db"), FALSE, "a<U+200D>b" },
    { S ("👨\u200D👩\u200D👧"), FALSE, "👨\u200D👩\u200D👧" },
    { S ("می\u200Cخواهم"), FALSE, "می\u200Cخواهم" },
    { S ("а\u200Dа"), FALSE, "а<U+200D>а" }, /* Cyrillic */
    { S ("👨\u200D"), FALSE, "👨<U+200D>" },
    { S ("👨\u200D\u200D👨"), FALSE, "👨<U+200D><U+200D>👨" },
    { S ("a\u3164b"), FALSE, "a<U+3164>b" },
    { S ("a\u2028b"), TRUE, "a<U+2028>b" },
    { S ("\U000E0041"), FALSE, "<U+E0041>" },
    { S ("a\xff\xfe"), FALSE, "a\uFFFD\uFFFD" },
    { S ("\xe2\x82"), FALSE, "\uFFFD\uFFFD" },
    { S ("\xed\xa0\x80"), FALSE, "\uFFFD\uFFFD\uFFFD" },
    { S ("\xc0\x80"), FALSE, "\uFFFD\uFFFD" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *visible =
        cachet_visible_text (cases[i].text, cases[i].length, cases[i].keep_newlines);

      g_assert_cmpstr (visible, ==, cases[i].visible);
      g_assert_true (g_utf8_validate (visible, -1, NULL));
    }
}

static void
test_length (void)
{
  g_autofree char *whole = cachet_visible_text ("abc", -1, FALSE);
  g_autofree char *cut = cachet_visible_text ("aé", 2, FALSE);

  g_assert_cmpstr (whole, ==, "abc");
  g_assert_cmpstr (cut, ==, "a\uFFFD");
}

static void
test_odd (void)
{
  g_assert_false (cachet_text_has_odd_characters ("Grüße 👨\u200D👩"));
  g_assert_true (cachet_text_has_odd_characters ("a\nb"));
  g_assert_true (cachet_text_has_odd_characters ("a\u202E"));
  g_assert_true (cachet_text_has_odd_characters ("\xff"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/visible-text/table", test_table);
  g_test_add_func ("/base/visible-text/length", test_length);
  g_test_add_func ("/base/visible-text/odd", test_odd);
  return g_test_run ();
}
