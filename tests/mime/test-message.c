#include "config.h"

#include "cachet-address.h"
#include "cachet-mime-message.h"

#include <string.h>

#define HEADER "From: Bob <bob@example.org>\r\nTo: c@x\r\nSubject: Hello\r\nMIME-Version: 1.0\r\n"

static CachetMimeMessage *
parse (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  CachetMimeMessage *message = cachet_mime_message_new (bytes, &error);

  g_assert_no_error (error);
  return message;
}

/* "path type [children]" of the whole tree. */
static void
describe (const CachetMimePart *part, GString *out)
{
  g_string_append_printf (out, "%s%s", cachet_mime_part_get_path (part),
                          cachet_mime_part_get_content_type (part));
  if (cachet_mime_part_is_attachment (part))
    g_string_append_c (out, '*');
  if (cachet_mime_part_get_n_children (part) > 0)
    {
      g_string_append_c (out, '[');
      for (guint i = 0; i < cachet_mime_part_get_n_children (part); i++)
        {
          g_string_append (out, i > 0 ? " " : "");
          describe (cachet_mime_part_get_child (part, i), out);
        }
      g_string_append_c (out, ']');
    }
}

static void
assert_decoded (CachetMimeMessage *message, const char *path, const char *expected)
{
  const CachetMimePart *part = cachet_mime_message_find_part (message, path);
  g_autoptr (GBytes) content = cachet_mime_message_decode_part (message, part, NULL);
  gsize length;
  const char *data = g_bytes_get_data (content, &length);

  g_assert_cmpmem (data, length, expected, strlen (expected));
}

#define PART(type, body) "--b\r\nContent-Type: " type "\r\n\r\n" body "\r\n"

static void
test_shapes (void)
{
  static const struct
  {
    const char *content;
    const char *tree;
    const char *text;
    const char *html;
  } cases[] = {
    { "\r\nbody\r\n", "text/plain", "body\n", NULL },
    { "Content-Type: text/html\r\n\r\n<p>a</p>", "text/html", "a\n", "<p>a</p>" },
    { "Content-Type: multipart/mixed; boundary=b\r\n\r\n" PART ("text/plain", "a")
        PART ("image/gif", "G") "--b--\r\n",
      "multipart/mixed[1text/plain 2image/gif*]", "a\n", NULL },
    { "Content-Type: multipart/mixed; boundary=b\r\n\r\n" PART ("text/plain", "a")
        PART ("text/plain", "b") "--b--\r\n",
      "multipart/mixed[1text/plain 2text/plain]", "a\n\nb\n", NULL },
    { "Content-Type: multipart/alternative; boundary=b\r\n\r\n" PART ("text/plain", "plain")
        PART ("text/html", "<b>html</b>") "--b--\r\n",
      "multipart/alternative[1text/plain 2text/html]", "plain\n", "<b>html</b>" },
    { "Content-Type: multipart/alternative; boundary=b\r\n\r\n" PART ("text/html", "<b>html</b>")
        PART ("text/calendar", "BEGIN") "--b--\r\n",
      "multipart/alternative[1text/html 2text/calendar*]", "html\n", "<b>html</b>" },
    { "Content-Type: multipart/signed; boundary=b\r\n\r\n" PART ("text/plain", "signed")
        PART ("application/pkcs7-signature", "S") "--b--\r\n",
      "multipart/signed[1text/plain 2application/pkcs7-signature]", "signed\n", NULL },
    { "Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\nSubject: x\r\n\r\ny\r\n--b--",
      "multipart/digest[1message/rfc822*]", "", NULL },
    /* No boundary, a boundary that never comes, an empty one: shown as it is. */
    { "Content-Type: multipart/mixed\r\n\r\nbody\r\n", "multipart/mixed", "body\n", NULL },
    { "Content-Type: multipart/mixed; boundary=c\r\n\r\nbody\r\n", "multipart/mixed", "body\n",
      NULL },
    /* Cut off, prefix of the boundary, trailing spaces behind it, text behind it. */
    { "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ncut",
      "multipart/mixed[1text/plain]", "cut\n", NULL },
    { "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b \t\r\n\r\n--bb\r\nx\r\n--b--\r\n",
      "multipart/mixed[1text/plain]", "--bb\nx\n", NULL },
    { "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nlf only\n--b\n\nsecond\n--b--\n",
      "multipart/mixed[1text/plain 2text/plain]", "lf only\n\nsecond\n", NULL },
    /* A part with neither header nor empty line. */
    { "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\ntext at once\r\n--b--\r\n",
      "multipart/mixed[1text/plain]", "text at once\n", NULL },
    { "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n--b--\r\n",
      "multipart/mixed[1text/plain]", "", NULL },
    { "Content-Type: application/pdf\r\n\r\n%PDF", "application/pdf*", "", NULL },
    { "Content-Disposition: attachment\r\n\r\nattached text", "text/plain*", "", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *raw = g_strconcat (HEADER, cases[i].content, NULL);
      g_autoptr (CachetMimeMessage) message = parse (raw);
      g_autoptr (GString) tree = g_string_new (NULL);

      g_test_message ("%u", i);
      describe (cachet_mime_message_get_root (message), tree);
      g_assert_cmpstr (tree->str, ==, cases[i].tree);
      g_assert_cmpstr (cachet_mime_message_get_text (message), ==, cases[i].text);
      g_assert_cmpstr (cachet_mime_message_get_html (message), ==, cases[i].html);
    }
}

static const char nested[] =
  HEADER "Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n"
         "preamble\r\n"
         "--b\r\nContent-Type: text/plain; charset=koi8-r\r\n\r\n\xf0\xd2\xc9\r\n"
         "--b\r\nContent-Type: message/rfc822\r\n\r\n"
         "From: inner@example.org\r\nSubject: Inner/one\r\n"
         "Content-Type: multipart/mixed; boundary=c\r\n\r\n"
         "--c\r\n\r\ninner text\r\n"
         "--c\r\nContent-Type: image/gif; name=\"a.gif\"\r\n"
         "Content-Transfer-Encoding: base64\r\n\r\nR0lG\r\nODlh\r\n"
         "--c--\r\n\r\n"
         "--b\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"
         "U3ViamVjdDogYgoKeA==\r\n"
         "--b--\r\nepilogue";

static void
test_paths (void)
{
  g_autoptr (CachetMimeMessage) message = parse (nested);
  const CachetMimePart *part = cachet_mime_message_find_part (message, "1");
  const char *start = nested + cachet_mime_part_get_header_offset (part);
  const CachetMimePart *inner = cachet_mime_message_find_part (message, "2.2");
  g_autoptr (CachetMimeMessage) plain = parse (HEADER "\r\nx");
  g_autofree char *charset = cachet_mime_part_dup_parameter (part, "charset");

  g_assert_true (g_str_has_prefix (start, "Content-Type: text/plain; charset=koi8-r"));
  g_assert_cmpstr (charset, ==, "koi8-r");
  g_assert_cmpint (strncmp (nested + cachet_mime_part_get_body_offset (part), "\xf0\xd2\xc9", 3),
                   ==, 0);
  g_assert_cmpuint (cachet_mime_part_get_end_offset (part), ==,
                    cachet_mime_part_get_body_offset (part) + 3);
  g_assert_cmpstr (cachet_mime_message_get_text (message), ==, "При\n");
  g_assert_cmpstr (cachet_mime_part_get_file_name (inner), ==, "a.gif");
  g_assert_cmpstr (cachet_mime_part_get_encoding (inner), ==, "base64");
  g_assert_cmpuint (cachet_mime_part_get_size (inner), ==, 6);
  assert_decoded (message, "2.2", "GIF89a");
  assert_decoded (message, "2.1", "inner text");
  assert_decoded (message, "3.1", "x");
  assert_decoded (message, "3", "Subject: b\n\nx");
  part = cachet_mime_message_find_part (message, "2");
  g_assert_cmpstr (cachet_mime_part_get_file_name (part), ==, "Inner_one.eml");
  g_assert_cmpstr (cachet_mime_message_get_subject (cachet_mime_part_get_message (part)), ==,
                   "Inner/one");

  g_assert_true (cachet_mime_message_find_part (message, "") ==
                 cachet_mime_message_get_root (message));
  g_assert_true (cachet_mime_message_find_part (plain, "1") ==
                 cachet_mime_message_get_root (plain));
  {
    static const char *const none[] = {
      "4", "0", "x", "1.1", "2.3", "2.2.1", "99999999999999999999", "-1", "1x", "3.2", "1..1"
    };

    for (guint i = 0; i < G_N_ELEMENTS (none); i++)
      g_assert_null (cachet_mime_message_find_part (message, none[i]));
  }
}

static void
test_no_part (void)
{
  g_autoptr (CachetMimeMessage) message = parse (HEADER "\r\nx");
  g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);
  g_autoptr (GError) error = NULL;

  g_assert_null (cachet_mime_message_decode_part (message, NULL, &error));
  g_assert_error (error, CACHET_MIME_ERROR, CACHET_MIME_ERROR_NO_PART);
  g_clear_error (&error);
  g_assert_null (cachet_mime_message_new (empty, &error));
  g_assert_error (error, CACHET_MIME_ERROR, CACHET_MIME_ERROR_EMPTY);
}

static void
test_texts (void)
{
  static const struct
  {
    const char *type;
    const char *encoding;
    const char *body;
    const char *text;
  } cases[] = {
    { "text/plain; charset=iso-8859-1", "quoted-printable", "Gr=FC=DFe\r\n", "Grüße\n" },
    { "text/plain; charset=utf-8", "base64", "R3LDvA==\r\nw59l\r\n", "Grüße\n" },
    { "text/plain; charset=iso-2022-jp", "7bit", "\x1b$BF|K\\\x1b(B\r\n", "日本\n" },
    { "text/plain; charset=gb18030", "8bit", "\xc4\xe3\r\n", "你\n" },
    { "text/plain", "8bit", "caf\xe9\r\n", "café\n" },
    { "text/plain", "7bit", "a\001b\x7f\rc\r\n", "a␁b␡\nc\n" },
    { "text/plain; charset=utf-8; format=flowed", "7bit", "one \r\ntwo\r\n> q \r\n> r\r\n",
      "one two\n> q r\n" },
    { "text/plain; charset=utf-8; format=Flowed; DelSp=Yes", "7bit", "one \r\ntwo\r\n",
      "onetwo\n" },
    { "text/html; charset=koi8-r", "8bit", "<p>\xf0\xd2\xc9</p>", "При\n" },
    { "text/html", "8bit", "<meta charset=koi8-r><p>\xf0\xd2\xc9</p>", "При\n" },
    { "text/html; charset=utf-8", "8bit", "<meta charset=koi8-r><p>é</p>", "é\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *raw =
        g_strdup_printf ("%sContent-Type: %s\r\nContent-Transfer-Encoding: %s\r\n\r\n%s", HEADER,
                         cases[i].type, cases[i].encoding, cases[i].body);
      g_autoptr (CachetMimeMessage) message = parse (raw);

      g_test_message ("%u", i);
      g_assert_cmpstr (cachet_mime_message_get_text (message), ==, cases[i].text);
      g_assert_cmpint (cachet_mime_message_text_is_from_html (message), ==,
                       g_str_has_prefix (cases[i].type, "text/html"));
    }
}

static void
test_header_fields (void)
{
  g_autoptr (CachetMimeMessage) message =
    parse ("From: a@b\r\nSender: s@b\r\nReply-To: r@b, q@b\r\nTo: Group: c@d, e@f;\r\n"
           "Cc: x@y\r\nCc: z@y\r\nSubject: =?utf-8?q?H=C3=A9?=\r\n"
           "Date: Tue, 25 Nov 2025 10:00:00 +0100\r\nMessage-ID: <m@x>\r\n"
           "References: <a@x>\r\n <b@x>\r\nX-Odd: =?utf-8?q?=E2=80=AE?=\r\n\r\nx");
  const char *name;
  const char *decoded;
  int offset;

  g_assert_cmpstr (cachet_mime_message_get_subject (message), ==, "Hé");
  g_assert_cmpstr (cachet_mime_message_get_message_id (message), ==, "m@x");
  g_assert_cmpint (cachet_mime_message_get_date (message, &offset), ==, 1764061200);
  g_assert_cmpint (offset, ==, 60);
  g_assert_cmpuint (cachet_mime_message_get_references (message)->len, ==, 2);
  g_assert_cmpuint (cachet_mime_message_get_addresses (message, CACHET_MIME_TO)->len, ==, 2);
  g_assert_cmpuint (cachet_mime_message_get_addresses (message, CACHET_MIME_CC)->len, ==, 2);
  g_assert_cmpuint (cachet_mime_message_get_addresses (message, CACHET_MIME_REPLY_TO)->len, ==, 2);
  g_assert_cmpuint (cachet_mime_message_get_addresses (message, CACHET_MIME_SENDER)->len, ==, 1);
  g_assert_cmpuint (cachet_mime_message_get_addresses (message, CACHET_MIME_BCC)->len, ==, 0);
  g_assert_cmpstr (cachet_mime_message_get_field (message, "x-odd"), ==, "<U+202E>");
  g_assert_null (cachet_mime_message_get_field (message, "x-none"));
  g_assert_cmpuint (cachet_mime_message_get_n_headers (message), ==, 11);
  cachet_mime_message_get_header (message, 1, &name, &decoded);
  g_assert_cmpstr (name, ==, "Sender");
  g_assert_cmpstr (decoded, ==, "s@b");
}

static void
test_inline_images (void)
{
  static const char format[] =
    HEADER "Content-Type: multipart/related; boundary=b\r\n\r\n"
           "--b\r\nContent-Type: text/html\r\n\r\n<img src=\"cid:%s\">\r\n"
           "--b\r\nContent-Type: image/png\r\nContent-ID: <i@x>\r\n\r\nP\r\n--b--\r\n";
  g_autofree char *shown = g_strdup_printf (format, "i%40x");
  g_autofree char *unshown = g_strdup_printf (format, "other");
  g_autoptr (CachetMimeMessage) with = parse (shown);
  g_autoptr (CachetMimeMessage) without = parse (unshown);
  const CachetMimePart *image = cachet_mime_message_find_content_id (with, "i@x");

  g_assert_true (image == cachet_mime_message_find_part (with, "2"));
  g_assert_cmpstr (cachet_mime_part_get_content_id (image), ==, "i@x");
  g_assert_true (cachet_mime_part_is_inline (image));
  g_assert_false (cachet_mime_part_is_attachment (image));
  g_assert_cmpuint (cachet_mime_message_get_attachments (with)->len, ==, 0);
  g_assert_cmpuint (cachet_mime_message_get_attachments (without)->len, ==, 1);
  g_assert_null (cachet_mime_message_find_content_id (with, "none"));
}

static void
test_attachments (void)
{
  g_autoptr (CachetMimeMessage) message = parse (
    HEADER
    "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    "--b\r\n\r\ntext\r\n"
    "--b\r\nContent-Type: image/gif\r\nContent-Transfer-Encoding: base64\r\n"
    "Content-Disposition: attachment; filename=\"=?utf-8?q?gr=C3=BCn.gif?=\"\r\n\r\n"
    "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7\r\n"
    "--b\r\nContent-Type: application/pdf\r\n"
    "Content-Disposition: attachment; filename*=utf-8''%2e%2e%2fa%e2%80%aefdp.exe\r\n\r\nx\r\n"
    "--b\r\nContent-Type: text/plain; name=notes.txt\r\nContent-Disposition: inline\r\n\r\n"
    "notes\r\n--b--\r\n");
  GPtrArray *attachments = cachet_mime_message_get_attachments (message);
  static const char *const names[] = { "grün.gif", "a_fdp.exe", "notes.txt" };
  g_autoptr (GBytes) gif = NULL;

  g_assert_cmpuint (attachments->len, ==, 3);
  for (guint i = 0; i < attachments->len; i++)
    g_assert_cmpstr (cachet_mime_part_get_file_name (g_ptr_array_index (attachments, i)), ==,
                     names[i]);
  gif = cachet_mime_message_decode_part (message, g_ptr_array_index (attachments, 0), NULL);
  g_assert_cmpuint (g_bytes_get_size (gif), ==, 42);
  g_assert_cmpmem (g_bytes_get_data (gif, NULL), 6, "GIF89a", 6);
  g_assert_cmpstr (cachet_mime_message_get_text (message), ==, "text\n\nnotes\n");
}

static void
test_preview (void)
{
  g_autoptr (CachetMimeMessage) message =
    parse (HEADER "\r\n> quoted\r\n\r\n  Some   text\r\nand\tmore.\r\n-- \r\nsignature\r\n");
  g_autofree char *whole = cachet_mime_message_dup_preview (message, 100);
  g_autofree char *cut = cachet_mime_message_dup_preview (message, 6);

  g_assert_cmpstr (whole, ==, "Some text and more.");
  g_assert_cmpstr (cut, ==, "Some t");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mime/message/shapes", test_shapes);
  g_test_add_func ("/mime/message/paths", test_paths);
  g_test_add_func ("/mime/message/no-part", test_no_part);
  g_test_add_func ("/mime/message/texts", test_texts);
  g_test_add_func ("/mime/message/header-fields", test_header_fields);
  g_test_add_func ("/mime/message/inline-images", test_inline_images);
  g_test_add_func ("/mime/message/attachments", test_attachments);
  g_test_add_func ("/mime/message/preview", test_preview);
  return g_test_run ();
}
