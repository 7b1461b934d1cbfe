#include "config.h"

#include "cachet-source-text.h"

#include <string.h>

static char *
render (const char *data, gsize length)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, length);
  g_autoptr (GBytes) text = cachet_source_text_render (bytes);

  return g_strndup (g_bytes_get_data (text, NULL), g_bytes_get_size (text));
}

typedef struct
{
  const char *in;
  gsize length;
  const char *out;
} RenderCase;

#define CASE(in, out)      \
  {                        \
    in, sizeof in - 1, out \
  }

static const RenderCase render_cases[] = {
  CASE ("a\r\nb\n", "a\nb\n"), /* both line ends */
  CASE ("a\rb",
        "a\xe2\x90\x8d"
        "b"), /* a lone CR is shown */
  CASE ("a\0b",
        "a\xe2\x90\x80"
        "b"),                          /* NUL as a picture */
  CASE ("\x1b[2J", "\xe2\x90\x9b[2J"), /* ESC as a picture */
  CASE ("\x7f", "\xe2\x90\xa1"),       /* DEL */
  CASE ("caf\xc3\xa9", "caf\xc3\xa9"), /* UTF-8 stays */
  CASE ("caf\xe9!", "caf\\xE9!"),      /* Latin-1 does not */
  CASE ("\xc3", "\\xC3"),              /* cut in a character */
  CASE ("\xe2\x80\xae"
        "x",
        "<U+202E>x"), /* bidi override */
  CASE ("\tx", "\tx"),
};

static void
test_render (void)
{
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (render_cases); i++)
    {
      g_autofree char *out = render (render_cases[i].in, render_cases[i].length);

      g_assert_cmpstr (out, ==, render_cases[i].out);
      g_assert_true (g_utf8_validate (out, -1, NULL));
    }
}

static void
test_long_line (void)
{
  g_autofree char *in = g_strnfill (CACHET_SOURCE_TEXT_MAX_LINE * 2 + 1, 'x');
  g_autofree char *out = render (in, strlen (in));
  g_auto (GStrv) lines = g_strsplit (out, "\n", -1);

  g_assert_cmpuint (g_strv_length (lines), ==, 3);
  g_assert_cmpuint (strlen (lines[0]), ==, CACHET_SOURCE_TEXT_MAX_LINE);
  g_assert_cmpuint (strlen (lines[2]), ==, 1);
}

static void
test_find (void)
{
  g_autoptr (GBytes) text = g_bytes_new_static ("Date: x\nabcABC\n\xc3\xa9"
                                                "abc",
                                                20);
  g_autoptr (GArray) matches = cachet_source_text_find (text, "aBc");
  const CachetSourceMatch *match;

  g_assert_cmpuint (matches->len, ==, 3);
  match = &g_array_index (matches, CachetSourceMatch, 1);
  g_assert_cmpuint (match->line, ==, 1);
  g_assert_cmpuint (match->start, ==, 3);
  g_assert_cmpuint (match->end, ==, 6);
  match = &g_array_index (matches, CachetSourceMatch, 2);
  g_assert_cmpuint (match->line, ==, 2);
  g_assert_cmpuint (match->start, ==, 2);
}

static void
test_find_limit (void)
{
  g_autofree char *many = g_strnfill (CACHET_SOURCE_TEXT_MAX_MATCHES + 5, 'a');
  g_autoptr (GBytes) text = g_bytes_new_static (many, strlen (many));
  g_autoptr (GArray) matches = cachet_source_text_find (text, "a");
  g_autoptr (GArray) none = cachet_source_text_find (text, "");

  g_assert_cmpuint (matches->len, ==, CACHET_SOURCE_TEXT_MAX_MATCHES);
  g_assert_cmpuint (none->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/source-text/render", test_render);
  g_test_add_func ("/ui/source-text/long-line", test_long_line);
  g_test_add_func ("/ui/source-text/find", test_find);
  g_test_add_func ("/ui/source-text/find-limit", test_find_limit);
  return g_test_run ();
}
