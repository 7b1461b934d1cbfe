#include "config.h"

#include "cachet-smtp-extensions.h"
#include "cachet-smtp-reply.h"

#include <string.h>

/* All of @text in pieces of @step bytes, which must hold at most one reply, at its end. */
static CachetSmtpReply *
parse (const char *text, gsize length, gsize step, GError **error)
{
  g_autoptr (CachetSmtpReplyParser) parser = cachet_smtp_reply_parser_new ();
  CachetSmtpReply *reply = NULL;

  for (gsize at = 0; at < length; at += step)
    {
      gsize n = MIN (step, length - at);
      gssize taken =
        cachet_smtp_reply_parser_feed (parser, (const guint8 *)text + at, n, &reply, error);

      if (taken < 0)
        return NULL;
      g_assert_cmpint (taken, ==, (gssize)n);
      g_assert_true (reply == NULL || at + n == length);
      g_assert_true (cachet_smtp_reply_parser_is_empty (parser) == (reply != NULL));
    }
  return reply;
}

static const struct
{
  const char *text;
  int code;
  const char *enhanced;
  const char *lines; /* joined by '|' */
  const char *display;
} good[] = {
  { "250 OK\r\n", 250, NULL, "OK", "250 OK" },
  { "250\r\n", 250, NULL, "", "250" },
  { "250\n", 250, NULL, "", "250" },
  { "250 \r\n", 250, NULL, "", "250" },
  { "250-\r\n250\r\n", 250, NULL, "|", "250" },
  { "354 go\n", 354, NULL, "go", "354 go" },
  { "250-mx.example\r\n250-SIZE 10\r\n250 HELP\r\n", 250, NULL, "mx.example|SIZE 10|HELP",
    "250 mx.example SIZE 10 HELP" },
  { "550 5.1.1 No such user\r\n", 550, "5.1.1", "5.1.1 No such user", "550 5.1.1 No such user" },
  { "550-5.7.1 Not\r\n550 5.7.1 here\r\n", 550, "5.7.1", "5.7.1 Not|5.7.1 here",
    "550 5.7.1 Not here" },
  { "550-Sorry\r\n550 5.7.1 no\r\n", 550, "5.7.1", "Sorry|5.7.1 no", "550 5.7.1 Sorry no" },
  { "250 2.1.0\r\n", 250, "2.1.0", "2.1.0", "250 2.1.0" },
  { "450 5.1.1 odd class\r\n", 450, NULL, "5.1.1 odd class", "450 5.1.1 odd class" },
  { "550 5.1234.1 x\r\n", 550, NULL, "5.1234.1 x", "550 5.1234.1 x" },
  { "550 5.1.1x\r\n", 550, NULL, "5.1.1x", "550 5.1.1x" },
  { "550 5.1\r\n", 550, NULL, "5.1", "550 5.1" },
  { "421 a\rb\r\n", 421, NULL, "a\rb", NULL },
  { "299 -x\r\n", 299, NULL, "-x", "299 -x" },
  { "599  two  spaces\r\n", 599, NULL, " two  spaces", "599 two  spaces" },
  { "220 caf\xc3\xa9\r\n", 220, NULL, "caf\xc3\xa9", "220 caf\xc3\xa9" },
};

static void
test_good (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    for (gsize step = 1; step <= strlen (good[i].text); step++)
      {
        g_autoptr (GError) error = NULL;
        g_autoptr (CachetSmtpReply) reply =
          parse (good[i].text, strlen (good[i].text), step, &error);
        g_autofree char *joined = NULL;
        g_autofree char *display = NULL;

        g_assert_no_error (error);
        g_assert_cmpint (reply->code, ==, good[i].code);
        g_assert_cmpint (cachet_smtp_reply_get_class (reply), ==, good[i].code / 100);
        g_assert_cmpstr (reply->enhanced, ==, good[i].enhanced);
        joined = g_strjoinv ("|", reply->lines);
        g_assert_cmpstr (joined, ==, good[i].lines);
        g_assert_false (reply->truncated);
        display = cachet_smtp_reply_to_display (reply);
        if (good[i].display != NULL)
          g_assert_cmpstr (display, ==, good[i].display);
        g_assert_null (strpbrk (display, "\r\n"));
      }
}

static void
test_bad (void)
{
  static const char *const texts[] = {
    "-1 OK\r\n",
    "999 OK\r\n",
    "199 OK\r\n",
    "099 OK\r\n",
    "600 OK\r\n",
    "25012345678901234567 OK\r\n",
    "25 OK\r\n",
    "2\r\n",
    "\r\n",
    "\n",
    "+OK\r\n",
    "* OK IMAP\r\n",
    " 250 OK\r\n",
    "250+OK\r\n",
    "250\tOK\r\n",
    "250\rOK\r\n",
    "250-a\r\n251 b\r\n",
    "250-a\r\n550 b\r\n",
    "250-a\r\nb\r\n",
    "250-a\r\n\r\n",
    "HTTP/1.1 400 Bad Request\r\n",
    "\x16\x03\x01 tls",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    for (gsize step = 1; step <= strlen (texts[i]); step++)
      {
        g_autoptr (GError) error = NULL;
        CachetSmtpReply *reply = parse (texts[i], strlen (texts[i]), step, &error);

        g_assert_null (reply);
        g_assert_error (error, CACHET_SMTP_REPLY_ERROR, CACHET_SMTP_REPLY_ERROR_SYNTAX);
      }
}

/* Once broken, always broken: nothing behind the damage is believed. */
static void
test_broken_stays (void)
{
  g_autoptr (CachetSmtpReplyParser) parser = cachet_smtp_reply_parser_new ();
  CachetSmtpReply *reply = NULL;

  g_assert_cmpint (cachet_smtp_reply_parser_feed (parser, (const guint8 *)"x", 1, &reply, NULL), ==,
                   -1);
  for (int i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (
        cachet_smtp_reply_parser_feed (parser, (const guint8 *)"250 OK\r\n", 8, &reply, &error), ==,
        -1);
      g_assert_null (reply);
      g_assert_error (error, CACHET_SMTP_REPLY_ERROR, CACHET_SMTP_REPLY_ERROR_SYNTAX);
    }
  g_assert_false (cachet_smtp_reply_parser_is_empty (parser));
}

/* What follows a reply is left alone: it may be the start of TLS, or an injection. */
static void
test_takes_one (void)
{
  g_autoptr (CachetSmtpReplyParser) parser = cachet_smtp_reply_parser_new ();
  const char *text = "220 go\r\n250 injected\r\n";
  CachetSmtpReply *reply = NULL;

  g_assert_cmpint (
    cachet_smtp_reply_parser_feed (parser, (const guint8 *)text, strlen (text), &reply, NULL), ==,
    8);
  g_assert_cmpint (reply->code, ==, 220);
  g_assert_true (cachet_smtp_reply_parser_is_empty (parser));
  cachet_smtp_reply_free (reply);
  g_assert_cmpint (cachet_smtp_reply_parser_feed (parser, (const guint8 *)text + 8,
                                                  strlen (text) - 8, &reply, NULL),
                   ==, 14);
  g_assert_cmpint (reply->code, ==, 250);
  cachet_smtp_reply_free (reply);
  g_assert_cmpint (cachet_smtp_reply_parser_feed (parser, NULL, 0, &reply, NULL), ==, 0);
  g_assert_null (reply);
}

static void
test_many_lines (void)
{
  static const guint counts[] = { 200, CACHET_SMTP_REPLY_MAX_LINES, CACHET_SMTP_REPLY_MAX_LINES + 1,
                                  20000 };

  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (CachetSmtpReply) reply = NULL;
      g_autoptr (CachetSmtpReply) copy = NULL;

      for (guint n = 1; n < counts[i]; n++)
        g_string_append_printf (text, "250-line %u\r\n", n);
      g_string_append_printf (text, "250 line %u\r\n", counts[i]);
      reply = parse (text->str, text->len, 997, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (g_strv_length (reply->lines), ==,
                        MIN (counts[i], CACHET_SMTP_REPLY_MAX_LINES));
      g_assert_cmpstr (reply->lines[199], ==, "line 200");
      g_assert_true (reply->truncated == (counts[i] > CACHET_SMTP_REPLY_MAX_LINES));
      copy = cachet_smtp_reply_copy (reply);
      g_assert_true (
        g_strv_equal ((const char *const *)copy->lines, (const char *const *)reply->lines));
    }
}

static void
test_long_line (void)
{
  static const gsize lengths[] = { CACHET_SMTP_REPLY_MAX_LINE_TEXT - 1,
                                   CACHET_SMTP_REPLY_MAX_LINE_TEXT,
                                   CACHET_SMTP_REPLY_MAX_LINE_TEXT + 1, 1024 * 1024 };

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autofree char *fill = g_strnfill (lengths[i], 'x');
      g_autofree char *text = g_strconcat ("550 ", fill, "\r\n", NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (CachetSmtpReply) reply = parse (text, strlen (text), 65536, &error);
      g_autofree char *display = NULL;

      g_assert_no_error (error);
      g_assert_cmpint (reply->code, ==, 550);
      g_assert_cmpuint (strlen (reply->lines[0]), ==,
                        MIN (lengths[i], CACHET_SMTP_REPLY_MAX_LINE_TEXT));
      g_assert_true (reply->truncated == (lengths[i] > CACHET_SMTP_REPLY_MAX_LINE_TEXT));
      display = cachet_smtp_reply_to_display (reply);
      g_assert_cmpint (g_utf8_strlen (display, -1), ==, CACHET_SMTP_REPLY_MAX_DISPLAY);
    }
}

/* A reply without end is given up. */
static void
test_limit (void)
{
  g_autofree char *fill = g_strnfill (CACHET_SMTP_REPLY_MAX_BYTES + 16, 'x');
  g_autoptr (GError) error = NULL;

  memcpy (fill, "250 ", 4);
  g_assert_null (parse (fill, CACHET_SMTP_REPLY_MAX_BYTES, 65536, &error));
  g_assert_no_error (error);
  g_assert_null (parse (fill, CACHET_SMTP_REPLY_MAX_BYTES + 1, 65536, &error));
  g_assert_error (error, CACHET_SMTP_REPLY_ERROR, CACHET_SMTP_REPLY_ERROR_LIMIT);
}

static void
test_odd_bytes (void)
{
  static const char text[] = "550 a\0b \x1b[31m\xe2\x80\xae \xff end\r\n";
  g_autoptr (GError) error = NULL;
  g_autoptr (CachetSmtpReply) reply = parse (text, sizeof text - 1, 1, &error);
  g_autofree char *display = NULL;

  g_assert_no_error (error);
  g_assert_nonnull (strstr (reply->lines[0], "end"));
  display = cachet_smtp_reply_to_display (reply);
  g_assert_true (g_utf8_validate (display, -1, NULL));
  g_assert_null (strchr (display, '\x1b'));
  g_assert_null (strstr (display, "\xe2\x80\xae"));
  g_assert_nonnull (strstr (display, "end"));
}

static CachetSmtpExtensions *
extensions (const char *text)
{
  g_autoptr (CachetSmtpReply) reply = parse (text, strlen (text), 7, NULL);

  g_assert_nonnull (reply);
  return cachet_smtp_extensions_new (reply);
}

static void
test_extensions (void)
{
  g_autoptr (CachetSmtpExtensions) some =
    extensions ("250-PIPELINING.example Hello\r\n250-size 1000\r\n250-8BITMIME\r\n"
                "250-AUTH=LOGIN\r\n250-AUTH PLAIN login  CRAM-MD5\r\n250-\r\n250 STARTTLS\r\n");
  g_autoptr (CachetSmtpExtensions) none = cachet_smtp_extensions_new (NULL);
  g_autofree char *joined = g_strjoinv (" ", (char **)cachet_smtp_extensions_get_mechanisms (some));

  g_assert_true (cachet_smtp_extensions_has (some, "8bitmime"));
  g_assert_true (cachet_smtp_extensions_has (some, "SIZE"));
  g_assert_true (cachet_smtp_extensions_has (some, "StartTLS"));
  g_assert_true (cachet_smtp_extensions_has (some, "AUTH"));
  g_assert_false (cachet_smtp_extensions_has (some, "PIPELINING.EXAMPLE"));
  g_assert_false (cachet_smtp_extensions_has (some, "PIPELINING"));
  g_assert_false (cachet_smtp_extensions_has (some, ""));
  g_assert_cmpuint (cachet_smtp_extensions_get_max_size (some), ==, 1000);
  g_assert_cmpstr (joined, ==, "LOGIN PLAIN CRAM-MD5");
  g_assert_false (cachet_smtp_extensions_has (none, "SIZE"));
  g_assert_cmpuint (cachet_smtp_extensions_get_max_size (none), ==, 0);
  g_assert_null (cachet_smtp_extensions_get_mechanisms (none)[0]);
}

static void
test_extension_sizes (void)
{
  static const struct
  {
    const char *text;
    guint64 size;
  } sizes[] = {
    { "250-x\r\n250 SIZE\r\n", 0 },
    { "250-x\r\n250 SIZE 0\r\n", 0 },
    { "250-x\r\n250 SIZE -1\r\n", 0 },
    { "250-x\r\n250 SIZE many\r\n", 0 },
    { "250-x\r\n250 SIZE 99999999999999999999999\r\n", 0 },
    { "250-x\r\n250 SIZE 18446744073709551615\r\n", G_MAXUINT64 },
    { "250-x\r\n250 SIZE 35882577\r\n", 35882577 },
    { "250 SIZE 35\r\n", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (CachetSmtpExtensions) parsed = extensions (sizes[i].text);

      g_assert_cmpuint (cachet_smtp_extensions_get_max_size (parsed), ==, sizes[i].size);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/smtp-reply/good", test_good);
  g_test_add_func ("/smtp-reply/bad", test_bad);
  g_test_add_func ("/smtp-reply/broken-stays", test_broken_stays);
  g_test_add_func ("/smtp-reply/takes-one", test_takes_one);
  g_test_add_func ("/smtp-reply/many-lines", test_many_lines);
  g_test_add_func ("/smtp-reply/long-line", test_long_line);
  g_test_add_func ("/smtp-reply/limit", test_limit);
  g_test_add_func ("/smtp-reply/odd-bytes", test_odd_bytes);
  g_test_add_func ("/smtp-reply/extensions", test_extensions);
  g_test_add_func ("/smtp-reply/extension-sizes", test_extension_sizes);
  return g_test_run ();
}
