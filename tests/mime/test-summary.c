#include "config.h"

#include "cachet-mime-summary.h"

#include <string.h>

static CachetMimeSummary *
read_summary (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));

  return cachet_mime_summary_new (bytes);
}

static void
test_row (void)
{
  g_autoptr (CachetMimeSummary) row =
    read_summary ("From: =?utf-8?q?B=C3=B6b?= <bob@example.org>\r\n"
                  "To: Carol <c@x>, d@y\r\n"
                  "Subject: =?iso-2022-jp?B?GyRCRnxLXBsoQg==?=\r\n"
                  "\t=?gb18030?b?xOO6ww==?= and\r\n"
                  " more\r\n"
                  "Date: Tue, 25 Nov 2025 10:00:00 +0100\r\n"
                  "Message-ID: <1@example.org>\r\n"
                  "In-Reply-To: <0@example.org>\r\n"
                  "References: <r@x>\r\n <0@example.org>\r\n"
                  "List-Id: A list <a.list>\r\n"
                  "Content-Type: multipart/mixed; boundary=b\r\n\r\n");

  g_assert_cmpstr (row->subject, ==, "日本你好 and more");
  g_assert_cmpstr (row->from_name, ==, "Böb");
  g_assert_cmpstr (row->from_addr, ==, "bob@example.org");
  g_assert_cmpstr (row->to, ==, "Carol, d@y");
  g_assert_cmpint (row->date, ==, 1764061200);
  g_assert_cmpstr (row->message_id, ==, "1@example.org");
  g_assert_cmpstr (row->in_reply_to, ==, "0@example.org");
  g_assert_cmpstr (row->references, ==, "r@x 0@example.org");
  g_assert_cmpstr (row->list_id, ==, "A list <a.list>");
  g_assert_cmpint (row->traits, ==, CACHET_MESSAGE_FLAG_HAS_ATTACHMENT);
}

static void
test_empty (void)
{
  static const char *const blocks[] = { "", "\r\n", "\r\nSubject: in the body", "no header at all",
                                        ":\n:\n" };

  for (guint i = 0; i < G_N_ELEMENTS (blocks); i++)
    {
      g_autoptr (CachetMimeSummary) row = read_summary (blocks[i]);

      g_assert_cmpstr (row->subject, ==, "");
      g_assert_cmpstr (row->from_name, ==, "");
      g_assert_cmpstr (row->from_addr, ==, "");
      g_assert_cmpstr (row->to, ==, "");
      g_assert_cmpstr (row->message_id, ==, "");
      g_assert_cmpstr (row->references, ==, "");
      g_assert_cmpint (row->date, ==, G_MININT64);
      g_assert_cmpint (row->traits, ==, CACHET_MESSAGE_FLAG_NONE);
    }
}

static void
test_subjects (void)
{
  static const struct
  {
    const char *header;
    const char *subject;
  } cases[] = {
    { "Subject: Gr\xfc\xdf"
      "e\n",
      "Grüße" },
    { "Subject: Grüße\n", "Grüße" },
    { "subject:x\n", "x" },
    { "Subject : x\n", "x" },
    { "Subject: first\nSubject: second\n", "first" },
    { "Subject:\n folded\n", "folded" },
    { "Subject: =?utf-8?q?a=0Ab?=\n", "a␊b" },
    { "Subject: =?utf-8?q?a=00b?=\n", "a␀b" },
    { "Subject: \u202Etxt\n", "<U+202E>txt" },
    { "Subject: =?koi8-r?q?=F0=D2=C9?=\n", "При" },
    { "Subject: \x1b$BF|K\\\x1b(B\n", "日本" },
    { "Subject: x\r\n\r\nSubject: body", "x" },
    { "Subject: no line end", "no line end" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CachetMimeSummary) row = read_summary (cases[i].header);

      g_assert_cmpstr (row->subject, ==, cases[i].subject);
    }
}

static void
test_limits (void)
{
  g_autofree char *big = g_strnfill (16 * 1024 * 1024, 'x');
  g_autoptr (GString) header = g_string_new ("Subject: ");
  g_autoptr (CachetMimeSummary) row = NULL;
  g_auto (GStrv) ids = NULL;

  g_string_append_printf (header, "%s\nReferences:", big);
  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (header, " <%u@x>", i);
  g_string_append (header, "\nTo: ");
  for (guint i = 0; i < 100000; i++)
    g_string_append_printf (header, "é%u@x, ", i);
  row = read_summary (header->str);
  g_assert_cmpuint (strlen (row->subject), <=, 2000);
  g_assert_cmpuint (strlen (row->to), <=, 2000);
  g_assert_true (g_utf8_validate (row->to, -1, NULL));
  ids = g_strsplit (row->references, " ", -1);
  g_assert_cmpuint (g_strv_length (ids), ==, CACHET_MIME_MAX_REFERENCES);
  g_assert_cmpstr (ids[CACHET_MIME_MAX_REFERENCES - 1], ==, "999@x");
}

static void
test_traits (void)
{
  static const struct
  {
    const char *type;
    CachetMessageFlags traits;
  } cases[] = {
    { "text/plain", CACHET_MESSAGE_FLAG_NONE },
    { "multipart/alternative; boundary=x", CACHET_MESSAGE_FLAG_NONE },
    { "multipart/signed; boundary=x", CACHET_MESSAGE_FLAG_SIGNED },
    { "application/pkcs7-mime; smime-type=signed-data", CACHET_MESSAGE_FLAG_SIGNED },
    { "application/pkcs7-mime; smime-type=enveloped-data", CACHET_MESSAGE_FLAG_ENCRYPTED },
    { "application/pdf", CACHET_MESSAGE_FLAG_HAS_ATTACHMENT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *header = g_strdup_printf ("Content-Type: %s\n\n", cases[i].type);
      g_autoptr (CachetMimeSummary) row = read_summary (header);

      g_assert_cmpint (row->traits, ==, cases[i].traits);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mime/summary/row", test_row);
  g_test_add_func ("/mime/summary/empty", test_empty);
  g_test_add_func ("/mime/summary/subjects", test_subjects);
  g_test_add_func ("/mime/summary/limits", test_limits);
  g_test_add_func ("/mime/summary/traits", test_traits);
  return g_test_run ();
}
