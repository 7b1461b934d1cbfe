#include "config.h"

#include "cachet-mime-file-name.h"
#include "cachet-mime-flowed.h"
#include "cachet-mime-html-text.h"
#include "cachet-mime-message.h"

#include <string.h>
#include <time.h>

/* Processor seconds that one flood may take; a build with sanitizers, whose every allocation walks
 * the stack, is that much slower. Work that grows with the square of the input takes hours. */
#ifdef __SANITIZE_ADDRESS__
#define FLOOD_SECONDS 120
#else
#define FLOOD_SECONDS 20
#endif

static void
test_join (void)
{
  static const struct
  {
    const char *flowed;
    gboolean delete_space;
    const char *joined;
  } cases[] = {
    { "", FALSE, "" },
    { "one \ntwo\n", FALSE, "one two\n" },
    { "one \ntwo\n", TRUE, "onetwo\n" },
    { "one\ntwo\n", FALSE, "one\ntwo\n" },
    { "one \n\ntwo\n", FALSE, "one \ntwo\n" },
    { " >stuffed\n From x\n  two\n", FALSE, ">stuffed\nFrom x\n two\n" },
    { "> a \n> b\nc\n", FALSE, "> a b\nc\n" },
    { "> a \n>> b \n> c\n", FALSE, "> a \n>> b \n> c\n" },
    { ">> a \n>> b\n", FALSE, ">> a b\n" },
    { ">\n> a\n", FALSE, ">\n> a\n" },
    { "text \n-- \nBob\n", FALSE, "text \n-- \nBob\n" },
    { "-- \nBob \nSmith\n", FALSE, "-- \nBob Smith\n" },
    { "open ", FALSE, "open \n" },
    { "no end", FALSE, "no end\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *joined = cachet_flowed_join (cases[i].flowed, cases[i].delete_space);

      g_test_message ("%u", i);
      g_assert_cmpstr (joined, ==, cases[i].joined);
    }
}

static void
test_make (void)
{
  static const struct
  {
    const char *text;
    const char *back; /* NULL: as @text */
  } cases[] = {
    { "short\n", NULL },
    { "", NULL },
    { "a\n\nb\n", NULL },
    { "no end", "no end\n" },
    { "trailing   \nx\n", "trailing\nx\n" },
    { " leading\n", NULL },
    { ">quote\n", "> quote\n" },
    { "> > nested quote\n", ">> nested quote\n" },
    { ">> nested\n", NULL },
    { ">\n", NULL },
    { "From here\n", NULL },
    { "-- \nBob\n", NULL },
    { "a very long paragraph that goes on and on well past the width of a line, so that it has to "
      "be broken somewhere, and then joined again by whoever reads it\nnext\n",
      NULL },
    { "> a very long quotation that goes on and on well past the width of a line, so that it has "
      "to be broken somewhere\n",
      NULL },
    { "double  spaces  in  a  line  that  is  long  enough  to  be  broken  at  one  of  them,  "
      "yes  it  is\n",
      NULL },
    { "https://example.org/"
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa x\n",
      NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *flowed = cachet_flowed_make (cases[i].text);
      g_autofree char *back = cachet_flowed_join (flowed, FALSE);
      g_auto (GStrv) lines = g_strsplit (flowed, "\n", -1);

      g_test_message ("%u: %s", i, flowed);
      g_assert_cmpstr (back, ==, cases[i].back != NULL ? cases[i].back : cases[i].text);
      for (guint k = 0; lines[k] != NULL; k++)
        if (strstr (lines[k], "http") == NULL)
          g_assert_cmpuint (strlen (lines[k]), <=, CACHET_FLOWED_WIDTH + 2);
    }
}

static void
test_html (void)
{
  static const struct
  {
    const char *html;
    const char *text;
  } cases[] = {
    { "", "" },
    { "plain", "plain\n" },
    { "<p>one</p><p>two</p>", "one\n\ntwo\n" },
    { "a<br>b<br/>c", "a\nb\nc\n" },
    { "a<br><br>b", "a\n\nb\n" },
    { "<div>a</div><div>b</div>", "a\nb\n" },
    { "a  \n  b", "a b\n" },
    { "a <b>b</b> c", "a b c\n" },
    { "Gr&uuml;&szlig;e &amp; &#8364;&nbsp;x", "Grüße & € x\n" },
    { "<ul><li>a</li><li>b</li></ul>", "• a\n• b\n" },
    { "<ol><li>a<li>b</ol>", "1. a\n2. b\n" },
    { "<ul><li>a<ul><li>b</ul></ul>", "• a\n  • b\n" },
    { "<a href=\"http://evil.example/\">http://bank.example/</a>",
      "http://bank.example/ <http://evil.example/>\n" },
    { "<a href=\"http://a.example/\">http://a.example/</a>", "http://a.example/\n" },
    { "<a href=\"http://a.example/\">a.example</a>", "a.example\n" },
    { "<a href=\"https://a.example/x\">here</a>", "here <https://a.example/x>\n" },
    { "<a href=\"mailto:a@b\">a@b</a>", "a@b\n" },
    { "<a href=\"javascript:x()\">here</a>", "here\n" },
    { "<a href=\"#x\">here</a>", "here\n" },
    { "<img src=\"http://t.example/p.gif\" alt=\"pic\"><img src=x>", "[pic]\n" },
    { "<blockquote>q<blockquote>r</blockquote></blockquote>t", "> q\n>>\n>> r\n\nt\n" },
    { "<pre> a\n  b\n</pre>", " a\n  b\n" },
    { "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc\n" },
    { "<head><title>t</title><style>p{}</style></head><script>x</script>a", "a\n" },
    { "<!-- c -->a", "a\n" },
    { "a<hr>b", "a\n\n----------------------------------------\nb\n" },
    { "<div style=\"display: none\">pre<p>header</p></div>a", "a\n" },
    { "a&#8203;&#847;&zwnj;b", "ab\n" },
    { "<h1>T</h1>x", "T\n\nx\n" },
    { "&#x202e;", "\u202E\n" },
    { "<p>unclosed <b>bold", "unclosed bold\n" },
    { "a < b > c", "a < b > c\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = cachet_html_to_text (cases[i].html, strlen (cases[i].html));

      g_test_message ("%u: %s", i, cases[i].html);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

/* Documents that are built to keep a reader busy; the words in them stay readable. */
static void
test_html_floods (void)
{
  static const char *const pieces[] = { "<div>",       "<b>",    "<table><tr><td>",
                                        "<ul><li>",    "</div>", "<a href=x>",
                                        "<!--",        "&amp;",  "<p <",
                                        "<blockquote>" };

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autoptr (GString) html = g_string_new ("<p>word</p>");
      g_autofree char *text = NULL;
      clock_t start = clock ();

      for (guint n = 0; n < 50000; n++)
        g_string_append (html, pieces[i]);
      text = cachet_html_to_text (html->str, html->len);
      g_test_message ("%s: %d ms", pieces[i], (int)((clock () - start) * 1000 / CLOCKS_PER_SEC));
      g_assert_nonnull (strstr (text, "word"));
      g_assert_cmpint (clock () - start, <, FLOOD_SECONDS * CLOCKS_PER_SEC);
    }
}

static void
test_file_names (void)
{
  static const struct
  {
    const char *declared;
    const char *type;
    const char *safe;
    gboolean changed;
  } cases[] = {
    { "report.pdf", "application/pdf", "report.pdf", FALSE },
    { "résumé 2.pdf", "application/pdf", "résumé 2.pdf", FALSE },
    { "../../etc/passwd", "text/plain", "passwd", TRUE },
    { "C:\\Windows\\x.exe", "text/plain", "x.exe", TRUE },
    { "/", "image/gif", "part-2.gif", TRUE },
    { "..", "image/png", "part-2.png", FALSE },
    { ".bashrc", "text/plain", "_bashrc", FALSE },
    { "x.pdf                                              .exe", "application/pdf", "x.pdf .exe",
      TRUE },
    { "x\u2003\u2003.pdf", "application/pdf", "x .pdf", TRUE },
    { "gpj.\u202Eexe", "image/jpeg", "gpj._exe", TRUE },
    { "a\nb.txt", "text/plain", "a_b.txt", TRUE },
    { "a\u200Bb.txt", "text/plain", "a_b.txt", TRUE },
    { "x.txt. . ", "text/plain", "x.txt", TRUE },
    { "", "image/gif", "part-2.gif", FALSE },
    { NULL, "image/gif", "part-2.gif", FALSE },
    { NULL, "application/x-strange", "part-2.bin", FALSE },
    { NULL, "message/rfc822", "part-2.eml", FALSE },
    { "a\xff.txt", "text/plain", "a\uFFFD.txt", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gboolean changed;
      g_autofree char *safe =
        cachet_file_name_make_safe (cases[i].declared, cases[i].type, "2", &changed);

      g_test_message ("%u", i);
      g_assert_cmpstr (safe, ==, cases[i].safe);
      g_assert_cmpint (changed, ==, cases[i].changed);
    }
}

static void
test_long_file_names (void)
{
  g_autofree char *many = g_strnfill (1000, 'x');
  g_autofree char *plain = g_strconcat (many, ".pdf", NULL);
  g_autofree char *no_dot = cachet_file_name_make_safe (many, "text/plain", "1", NULL);
  g_autofree char *dotted = cachet_file_name_make_safe (plain, "text/plain", "1", NULL);
  g_autoptr (GString) umlauts = g_string_new (NULL);
  g_autofree char *wide = NULL;

  g_assert_cmpuint (strlen (no_dot), ==, CACHET_MIME_MAX_FILE_NAME);
  g_assert_cmpuint (strlen (dotted), ==, CACHET_MIME_MAX_FILE_NAME);
  g_assert_true (g_str_has_suffix (dotted, "x.pdf"));
  for (guint i = 0; i < 500; i++)
    g_string_append (umlauts, "日");
  g_string_append (umlauts, ".exe");
  wide = cachet_file_name_make_safe (umlauts->str, "text/plain", "1", NULL);
  g_assert_cmpuint (strlen (wide), <=, CACHET_MIME_MAX_FILE_NAME);
  g_assert_true (g_utf8_validate (wide, -1, NULL));
  g_assert_true (g_str_has_suffix (wide, "日.exe"));
}

static void
test_programs (void)
{
  g_assert_true (cachet_file_name_is_program ("x.pdf.EXE"));
  g_assert_true (cachet_file_name_is_program ("x.desktop"));
  g_assert_false (cachet_file_name_is_program ("x.exe.pdf"));
  g_assert_false (cachet_file_name_is_program ("exe"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mime/flowed/join", test_join);
  g_test_add_func ("/mime/flowed/make", test_make);
  g_test_add_func ("/mime/html-text/table", test_html);
  g_test_add_func ("/mime/html-text/floods", test_html_floods);
  g_test_add_func ("/mime/file-name/table", test_file_names);
  g_test_add_func ("/mime/file-name/long", test_long_file_names);
  g_test_add_func ("/mime/file-name/programs", test_programs);
  return g_test_run ();
}
