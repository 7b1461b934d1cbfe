#include "config.h"

#include "cachet-mime-message.h"

#include <string.h>

/* Far above what any of these takes, sanitizers and a busy machine included. */
#define SECONDS 30

static CachetMimeMessage *
parse_string (GString *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text->str, text->len);
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();
  CachetMimeMessage *message = cachet_mime_message_new (bytes, &error);

  g_assert_no_error (error);
  g_assert_cmpint (g_get_monotonic_time () - start, <, SECONDS * G_USEC_PER_SEC);
  return message;
}

static gboolean
warns_of (CachetMimeMessage *message, const char *words)
{
  char **warnings = cachet_mime_message_get_warnings (message);

  for (guint i = 0; warnings[i] != NULL; i++)
    if (strstr (warnings[i], words) != NULL)
      return TRUE;
  return FALSE;
}

static void
test_warnings (void)
{
  static const struct
  {
    const char *header;
    const char *words; /* NULL: no warning at all */
  } cases[] = {
    { "From: Bob <bob@example.org>\nSubject: x", NULL },
    { "From: bob@example.org <bob@example.org>", NULL },
    { "From: BOB@EXAMPLE.ORG <bob@example.org>", NULL },
    { "From: =?utf-8?q?B=C3=B6b?= <bob@example.org>", NULL },
    { "Subject: x", "does not say who" },
    { "From: a@b\nFrom: c@d", "more than one From" },
    { "From: a@b, c@d", "more than one sender" },
    { "From: ceo@bank.example <evil@x>", "another one" },
    { "From: \"a@b ceo@bank.example\" <a@b>", "another one" },
    { "From: \"ceo@bank.example a@b\" <a@b>", "another one" },
    { "From: \"ceo\uFF20bank.example\" <evil@x>", "another one" },
    { "From: =?utf-8?b?Y2VvQGJhbmsuZXhhbXBsZQA=?= <evil@x>", "invisible" },
    { "From: =?utf-8?q?a=0Ab?= <a@b>", "invisible" },
    { "From: \u202Eevil <a@b>", "invisible" },
    { "From: a\u200B@b", "invisible" },
    { "From: bob", "not complete" },
    { "From: a@b\nSubject: \u202Ex", "subject" },
    { "From: a@b\nContent-Type: text/plain\nContent-Type: text/html", "more than once" },
    { "From: a@b\nContent-Type: multipart/mixed", "taken apart" },
    { "From: a@b\nContent-Type: application/pdf; name=\"../x.pdf\"", "x.pdf" },
    { "From: a@b\nContent-Type: application/pdf; name=\"x.pdf.exe\"", "program" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) text = g_string_new (cases[i].header);
      g_autoptr (CachetMimeMessage) message = NULL;

      g_string_append (text, "\n\nbody");
      message = parse_string (text);
      g_test_message ("%s", cases[i].header);
      if (cases[i].words == NULL)
        g_assert_cmpuint (g_strv_length (cachet_mime_message_get_warnings (message)), ==, 0);
      else
        g_assert_true (warns_of (message, cases[i].words));
    }
}

static void
test_deep_multiparts (void)
{
  g_autoptr (GString) text = g_string_new ("From: a@b\n");
  g_autoptr (CachetMimeMessage) message = NULL;
  const CachetMimePart *part;
  guint depth = 0;

  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (text, "Content-Type: multipart/mixed; boundary=b%u\n\n--b%u\n", i, i);
  g_string_append (text, "\ninnermost\n");
  message = parse_string (text);
  for (part = cachet_mime_message_get_root (message); cachet_mime_part_get_n_children (part) > 0;
       part = cachet_mime_part_get_child (part, 0))
    depth++;
  g_assert_cmpuint (depth, ==, CACHET_MIME_MAX_DEPTH);
  g_assert_true (warns_of (message, "nested"));
}

static void
test_deep_messages (void)
{
  g_autoptr (GString) text = g_string_new ("From: a@b\n");
  g_autoptr (CachetMimeMessage) message = NULL;
  CachetMimeMessage *inner;
  guint depth = 0;

  for (guint i = 0; i < 20000; i++)
    g_string_append (text, "Content-Type: message/rfc822\n\n");
  message = parse_string (text);
  for (inner = message; cachet_mime_part_get_message (cachet_mime_message_get_root (inner)) != NULL;
       inner = cachet_mime_part_get_message (cachet_mime_message_get_root (inner)))
    depth++;
  g_assert_cmpuint (depth, ==, CACHET_MIME_MAX_DEPTH);
  g_assert_true (warns_of (message, "nested"));
}

static void
test_many_parts (void)
{
  g_autoptr (GString) text =
    g_string_new ("From: a@b\nContent-Type: multipart/mixed; boundary=b\n\n");
  g_autoptr (CachetMimeMessage) message = NULL;

  for (guint i = 0; i < 200000; i++)
    g_string_append (text, "--b\n\nx\n");
  message = parse_string (text);
  /* The root is a part, too. */
  g_assert_cmpuint (cachet_mime_part_get_n_children (cachet_mime_message_get_root (message)), ==,
                    CACHET_MIME_MAX_PARTS - 1);
  g_assert_true (warns_of (message, "so many parts"));
}

static void
test_many_headers (void)
{
  g_autoptr (GString) text = g_string_new ("From: a@b\nSubject: ");
  g_autofree char *big = g_strnfill (16 * 1024 * 1024, 'x');
  g_autoptr (CachetMimeMessage) message = NULL;

  g_string_append_printf (text, "%s\n", big);
  for (guint i = 0; i < 100000; i++)
    g_string_append (text, "X: y\n");
  g_string_append (text, "To: last@x\n\nbody");
  message = parse_string (text);
  g_assert_cmpuint (cachet_mime_message_get_n_headers (message), ==, CACHET_MIME_MAX_HEADERS);
  g_assert_cmpuint (cachet_mime_message_get_addresses (message, CACHET_MIME_TO)->len, ==, 1);
  g_assert_true (warns_of (message, "header lines"));
  g_assert_cmpstr (cachet_mime_message_get_text (message), ==, "body\n");
}

static void
test_many_addresses (void)
{
  g_autoptr (GString) text = g_string_new ("From: a@b\nTo: x@y");
  g_autoptr (CachetMimeMessage) message = NULL;

  for (guint i = 0; i < 100000; i++)
    g_string_append_printf (text, ",\n a%u@b", i);
  g_string_append (text, "\n\nbody");
  message = parse_string (text);
  g_assert_true (warns_of (message, "so many recipients"));
}

static void
test_long_text (void)
{
  g_autoptr (GString) text = g_string_new ("From: a@b\n\n");
  g_autoptr (CachetMimeMessage) message = NULL;

  while (text->len < CACHET_MIME_MAX_TEXT + 100000)
    g_string_append (text, "a line of text that is repeated again and again\n");
  message = parse_string (text);
  g_assert_cmpuint (strlen (cachet_mime_message_get_text (message)), <=, CACHET_MIME_MAX_TEXT + 1);
  g_assert_true (warns_of (message, "so long"));
}

/* A deep chain with a large body below it is scanned once for each level. */
static void
test_deep_and_long (void)
{
  g_autoptr (GString) text = g_string_new ("From: a@b\n");
  g_autoptr (CachetMimeMessage) message = NULL;

  for (guint i = 0; i < 200; i++)
    g_string_append_printf (text, "Content-Type: multipart/mixed; boundary=b%u\n\n--b%u\n", i, i);
  while (text->len < 10 * 1024 * 1024)
    g_string_append (text, "-\n--\n--b\n");
  message = parse_string (text);
  g_assert_true (warns_of (message, "nested"));
}

/* Bytes of every value in every place of a small message: read to the end without a fault. */
static void
test_every_byte (void)
{
  static const char seed[] = "From: A <a@b>\nContent-Type: multipart/mixed; boundary=b\n\n"
                             "--b\nContent-Type: text/plain; charset=utf-8\n\nx\n--b--\n";

  for (guint i = 0; i < sizeof (seed) - 1; i++)
    for (guint byte = 0; byte < 256; byte += 5)
      {
        g_autoptr (GString) text = g_string_new_len (seed, sizeof (seed) - 1);
        g_autoptr (CachetMimeMessage) message = NULL;

        text->str[i] = (char)byte;
        message = parse_string (text);
        g_assert_true (g_utf8_validate (cachet_mime_message_get_text (message), -1, NULL));
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mime/hostile/warnings", test_warnings);
  g_test_add_func ("/mime/hostile/deep-multiparts", test_deep_multiparts);
  g_test_add_func ("/mime/hostile/deep-messages", test_deep_messages);
  g_test_add_func ("/mime/hostile/many-parts", test_many_parts);
  g_test_add_func ("/mime/hostile/many-headers", test_many_headers);
  g_test_add_func ("/mime/hostile/many-addresses", test_many_addresses);
  g_test_add_func ("/mime/hostile/long-text", test_long_text);
  g_test_add_func ("/mime/hostile/deep-and-long", test_deep_and_long);
  g_test_add_func ("/mime/hostile/every-byte", test_every_byte);
  return g_test_run ();
}
