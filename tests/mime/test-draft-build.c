#include "config.h"

#include "cachet-draft.h"

#include <string.h>

static CachetDraft *
make_draft (void)
{
  CachetDraft *draft = cachet_draft_new ();
  g_autoptr (CachetAddress) from = cachet_address_new ("Jürg Müller", "me@example.org");

  cachet_draft_set_from (draft, from);
  g_assert_true (
    cachet_draft_set_recipients_text (draft, CACHET_MIME_TO, "\"Bob, A\" <b@x>, c@y", NULL));
  g_assert_true (cachet_draft_set_recipients_text (draft, CACHET_MIME_CC, "d@z", NULL));
  g_assert_true (cachet_draft_set_recipients_text (draft, CACHET_MIME_BCC, "secret@z", NULL));
  cachet_draft_set_subject (draft, "Grüße");
  cachet_draft_set_text (draft, "Hello\n");
  return draft;
}

/* Builds, checks every line, and reads it back. */
static CachetMimeMessage *
build (CachetDraft *draft, CachetDraftBuildMode mode, char **raw)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = cachet_draft_build (draft, mode, &error);
  g_autoptr (CachetMimeMessage) message = NULL;
  gsize length;
  const char *data;
  gsize line = 0;

  g_assert_no_error (error);
  data = g_bytes_get_data (bytes, &length);
  g_assert_null (memchr (data, '\0', length));
  for (gsize i = 0; i < length; i++)
    {
      if (data[i] == '\n')
        {
          g_assert_true (i > 0 && data[i - 1] == '\r');
          line = 0;
        }
      else if (data[i] == '\r')
        g_assert_true (i + 1 < length && data[i + 1] == '\n');
      else
        g_assert_cmpuint (++line, <=, 998);
    }
  g_assert_true (length > 2 && data[length - 1] == '\n');
  message = cachet_mime_message_new (bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (cachet_mime_message_get_warnings (message)), ==, 0);
  if (raw != NULL)
    *raw = g_strndup (data, length);
  return g_steal_pointer (&message);
}

static void
test_header (void)
{
  g_autoptr (CachetDraft) draft = make_draft ();
  g_autofree char *raw = NULL;
  g_autoptr (CachetMimeMessage) sent = NULL;
  g_autoptr (CachetMimeMessage) stored = NULL;
  const CachetAddress *from;
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  cachet_draft_set_threading (draft, "p@x", "r@x p@x");
  sent = build (draft, CACHET_DRAFT_BUILD_SEND, &raw);
  stored = build (draft, CACHET_DRAFT_BUILD_STORE, NULL);
  from = g_ptr_array_index (cachet_mime_message_get_addresses (sent, CACHET_MIME_FROM), 0);
  g_assert_cmpstr (from->name, ==, "Jürg Müller");
  g_assert_cmpstr (from->addr, ==, "me@example.org");
  g_assert_cmpuint (cachet_mime_message_get_addresses (sent, CACHET_MIME_TO)->len, ==, 2);
  g_assert_cmpuint (cachet_mime_message_get_addresses (sent, CACHET_MIME_CC)->len, ==, 1);
  g_assert_cmpstr (cachet_mime_message_get_subject (sent), ==, "Grüße");
  g_assert_cmpstr (cachet_mime_message_get_message_id (sent), ==,
                   cachet_draft_get_message_id (draft));
  g_assert_true (g_str_has_suffix (cachet_mime_message_get_message_id (sent), "@example.org"));
  g_assert_cmpstr (cachet_mime_message_get_field (sent, "In-Reply-To"), ==, "<p@x>");
  g_assert_cmpstr (cachet_mime_message_get_field (sent, "References"), ==, "<r@x> <p@x>");
  g_assert_cmpstr (cachet_mime_message_get_field (sent, "MIME-Version"), ==, "1.0");
  g_assert_cmpint (ABS (cachet_mime_message_get_date (sent, NULL) - now), <=, 60);
  g_assert_null (strstr (raw, "secret"));
  g_assert_null (strstr (raw, "Bcc"));
  g_assert_cmpuint (cachet_mime_message_get_addresses (stored, CACHET_MIME_BCC)->len, ==, 1);
}

static void
test_date_zone (void)
{
  g_autoptr (CachetDraft) draft = make_draft ();
  g_autoptr (CachetMimeMessage) message = NULL;
  int offset;

  g_setenv ("TZ", "XYZ-05:45", TRUE);
  message = build (draft, CACHET_DRAFT_BUILD_SEND, NULL);
  cachet_mime_message_get_date (message, &offset);
  g_assert_cmpint (offset, ==, 345);
  g_assert_cmpint (
    ABS (cachet_mime_message_get_date (message, NULL) - g_get_real_time () / G_USEC_PER_SEC), <=,
    60);
  g_unsetenv ("TZ");
}

static void
test_texts (void)
{
  g_autofree char *long_word = g_strnfill (5000, 'x');
  g_autofree char *long_line = g_strconcat (long_word, "\n", NULL);
  g_autoptr (GString) long_paragraph = g_string_new (NULL);
  const char *texts[] = {
    "Hello\n",          "",
    "one\n\ntwo\n",     "Grüße, 日本語 👋\n",
    ".\n..\n.x\n",      "From here\nFrom ü there\n",
    "-- \nBob\n",       "> quoted\n>> twice\n>\nanswer\n",
    " leading space\n", "a=b=3D\n",
    "tab\there\n",      "bell\001\n",
    long_line,          NULL, /* the long paragraph */
  };

  for (guint i = 0; i < 500; i++)
    g_string_append (long_paragraph, i % 7 == 0 ? "wörd " : "word ");
  g_string_append (long_paragraph, "end\n");
  texts[G_N_ELEMENTS (texts) - 1] = long_paragraph->str;
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (CachetDraft) draft = make_draft ();
      g_autoptr (CachetMimeMessage) message = NULL;
      g_autoptr (CachetDraft) again = NULL;

      cachet_draft_set_text (draft, texts[i]);
      message = build (draft, CACHET_DRAFT_BUILD_STORE, NULL);
      again = cachet_draft_new_from_message (message, NULL);
      g_test_message ("%u", i);
      if (strchr (texts[i], '\001') == NULL)
        g_assert_cmpstr (cachet_draft_get_text (again), ==, texts[i]);
      else
        g_assert_cmpstr (cachet_draft_get_text (again), ==, "bell␁\n");
    }
}

static void
test_encodings (void)
{
  static const struct
  {
    const char *text;
    const char *encoding;
  } cases[] = { { "plain\n", "7bit" },
                { "ü\n", "quoted-printable" },
                { "\001\n", "quoted-printable" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CachetDraft) draft = make_draft ();
      g_autofree char *raw = NULL;
      g_autoptr (CachetMimeMessage) message = NULL;
      g_auto (GStrv) lines = NULL;

      cachet_draft_set_text (draft, cases[i].text);
      message = build (draft, CACHET_DRAFT_BUILD_SEND, &raw);
      g_assert_true (g_str_is_ascii (raw));
      g_assert_cmpstr (cachet_mime_part_get_encoding (cachet_mime_message_get_root (message)), ==,
                       cases[i].encoding);
      lines = g_strsplit (raw, "\r\n", -1);
      for (guint k = 0; lines[k] != NULL; k++)
        g_assert_cmpuint (strlen (lines[k]), <=, 78);
    }
}

static void
test_attachments (void)
{
  g_autoptr (CachetDraft) draft = make_draft ();
  g_autofree guchar *random = g_malloc (100000);
  g_autoptr (GBytes) binary = NULL;
  g_autoptr (GBytes) text = g_bytes_new_static ("Grüße\n", 8);
  g_autoptr (GBytes) mail = g_bytes_new_static ("Subject: inner\n\nbody", 20);
  g_autoptr (GBytes) broken = g_bytes_new_static ("Subject: a\0b\n\nbody", 18);
  g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);
  g_autoptr (CachetMimeMessage) message = NULL;
  static const char *const types[] = {
    "application/pdf",          "text/plain", "message/rfc822",
    "application/octet-stream", "image/gif",  "application/octet-stream",
    "application/octet-stream"
  };
  GPtrArray *attachments;

  for (guint i = 0; i < 100000; i++)
    random[i] = (guchar)(i * 7919 >> 3);
  binary = g_bytes_new_static (random, 100000);
  cachet_draft_add_attachment (draft, "Übersicht 2025.pdf", "application/pdf", binary);
  cachet_draft_add_attachment (draft, "notes.txt", "text/plain", text);
  cachet_draft_add_attachment (draft, "mail.eml", "message/rfc822", mail);
  cachet_draft_add_attachment (draft, "broken.eml", "message/rfc822", broken);
  cachet_draft_add_attachment (draft, "empty.gif", "image/gif", empty);
  cachet_draft_add_attachment (draft, "x.bin", "text/plain\r\nBcc: evil@x", text);
  cachet_draft_add_attachment (draft, "y.bin", "multipart/mixed", text);
  message = build (draft, CACHET_DRAFT_BUILD_SEND, NULL);
  attachments = cachet_mime_message_get_attachments (message);
  g_assert_cmpuint (attachments->len, ==, G_N_ELEMENTS (types));
  for (guint i = 0; i < attachments->len; i++)
    {
      const CachetMimePart *part = g_ptr_array_index (attachments, i);
      const CachetDraftAttachment *given =
        g_ptr_array_index (cachet_draft_get_attachments (draft), i);
      g_autoptr (GBytes) content = cachet_mime_message_decode_part (message, part, NULL);

      g_assert_cmpstr (cachet_mime_part_get_content_type (part), ==, types[i]);
      g_assert_cmpstr (cachet_mime_part_get_file_name (part), ==, given->name);
      if (i == 2)
        g_assert_cmpstr (cachet_mime_message_get_subject (cachet_mime_part_get_message (part)), ==,
                         "inner");
      else
        g_assert_true (g_bytes_equal (content, given->bytes));
    }
  g_assert_cmpstr (cachet_mime_message_get_text (message), ==, "Hello\n");
}

/* Forwarded parts leave as they came, with fields that Cachet would never write itself. */
static void
test_raw_forward (void)
{
  static const char original[] =
    "From: b@x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n"
    "--b\nContent-Type: text/plain; charset=koi8-r; "
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx*=utf-8''%c3%bc;\n"
    "\tname=\"n.txt\"\nContent-Transfer-Encoding: base64\n"
    "Content-Disposition: attachment; filename=n.txt\nX-Other: dropped\n\n8NLJ\n"
    "--b\nContent-Type: text/plain; charset=koi8-r; name=raw.txt\n"
    "Content-Disposition: attachment\nContent-Transfer-Encoding: 8bit\n\n\xf0\xd2\xc9\n"
    "--b--\n";
  g_autoptr (GBytes) bytes = g_bytes_new_static (original, strlen (original));
  g_autoptr (CachetMimeMessage) message = cachet_mime_message_new (bytes, NULL);
  g_autoptr (GPtrArray) own = g_ptr_array_new ();
  g_autoptr (CachetAddress) me = cachet_address_new ("Me", "me@example.org");
  g_autoptr (CachetDraft) draft = NULL;
  g_autoptr (CachetMimeMessage) sent = NULL;
  g_autofree char *raw = NULL;
  g_autofree char *charset = NULL;
  GPtrArray *attachments;

  g_ptr_array_add (own, me);
  draft = cachet_draft_new_reply (message, CACHET_FORWARD_INLINE, own, NULL);
  cachet_draft_set_recipients_text (draft, CACHET_MIME_TO, "c@y", NULL);
  sent = build (draft, CACHET_DRAFT_BUILD_SEND, &raw);
  g_assert_nonnull (strstr (raw, "xxxx*=utf-8''%c3%bc;\r\n\tname=\"n.txt\"\r\n"));
  g_assert_null (strstr (raw, "X-Other"));
  attachments = cachet_mime_message_get_attachments (sent);
  g_assert_cmpuint (attachments->len, ==, 2);
  charset = cachet_mime_part_dup_parameter (g_ptr_array_index (attachments, 0), "charset");
  g_assert_cmpstr (charset, ==, "koi8-r");
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GBytes) content =
        cachet_mime_message_decode_part (sent, g_ptr_array_index (attachments, i), NULL);

      g_assert_cmpmem (g_bytes_get_data (content, NULL), 3, "\xf0\xd2\xc9", 3);
    }
}

static void
test_round_trip (void)
{
  g_autoptr (CachetDraft) draft = make_draft ();
  g_autoptr (GBytes) bytes = g_bytes_new_static ("data", 4);
  g_autoptr (CachetMimeMessage) stored = NULL;
  g_autoptr (CachetDraft) again = NULL;
  static const CachetMimeAddressField fields[] = { CACHET_MIME_TO, CACHET_MIME_CC,
                                                   CACHET_MIME_BCC };

  cachet_draft_add_attachment (draft, "x.dat", "application/x-data", bytes);
  cachet_draft_set_threading (draft, "p@x", "r@x p@x");
  stored = build (draft, CACHET_DRAFT_BUILD_STORE, NULL);
  again = cachet_draft_new_from_message (stored, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_autofree char *before = cachet_draft_dup_recipients_text (draft, fields[i]);
      g_autofree char *after = cachet_draft_dup_recipients_text (again, fields[i]);

      g_assert_cmpstr (after, ==, before);
    }
  g_assert_cmpstr (cachet_draft_get_from (again)->name, ==, "Jürg Müller");
  g_assert_cmpstr (cachet_draft_get_subject (again), ==, "Grüße");
  g_assert_cmpstr (cachet_draft_get_text (again), ==, "Hello\n");
  g_assert_cmpstr (cachet_draft_get_message_id (again), ==, cachet_draft_get_message_id (draft));
  g_assert_cmpstr (cachet_draft_get_in_reply_to (again), ==, "p@x");
  g_assert_cmpstr (cachet_draft_get_references (again), ==, "r@x p@x");
  g_assert_cmpuint (cachet_draft_get_attachments (again)->len, ==, 1);
}

static void
test_refused (void)
{
  g_autoptr (CachetDraft) draft = cachet_draft_new ();
  g_autoptr (CachetAddress) broken = cachet_address_new (NULL, "me");
  g_autoptr (CachetAddress) from = cachet_address_new (NULL, "me@example.org");
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) stored = NULL;

  g_assert_null (cachet_draft_build (draft, CACHET_DRAFT_BUILD_SEND, &error));
  g_assert_error (error, CACHET_MIME_ERROR, CACHET_MIME_ERROR_ADDRESS);
  g_clear_error (&error);
  cachet_draft_set_from (draft, broken);
  g_assert_null (cachet_draft_build (draft, CACHET_DRAFT_BUILD_SEND, &error));
  g_assert_error (error, CACHET_MIME_ERROR, CACHET_MIME_ERROR_ADDRESS);
  g_clear_error (&error);
  cachet_draft_set_from (draft, from);
  g_assert_null (cachet_draft_build (draft, CACHET_DRAFT_BUILD_SEND, &error));
  g_assert_error (error, CACHET_MIME_ERROR, CACHET_MIME_ERROR_ADDRESS);
  g_clear_error (&error);
  g_assert_null (cachet_draft_dup_envelope (draft, &error));
  g_assert_error (error, CACHET_MIME_ERROR, CACHET_MIME_ERROR_ADDRESS);
  stored = cachet_draft_build (draft, CACHET_DRAFT_BUILD_STORE, NULL);
  g_assert_nonnull (stored);
}

static void
test_too_large (void)
{
  g_autoptr (CachetDraft) draft = make_draft ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize size = CACHET_DRAFT_MAX_BYTES / 8;

  /* The same bytes over and over. */
  bytes = g_bytes_new_take (g_malloc0 (size), size);
  for (guint i = 0; i < 8; i++)
    cachet_draft_add_attachment (draft, "x", "application/x-data", bytes);
  g_assert_null (cachet_draft_build (draft, CACHET_DRAFT_BUILD_SEND, &error));
  g_assert_error (error, CACHET_MIME_ERROR, CACHET_MIME_ERROR_LIMIT);
}

static void
test_envelope (void)
{
  g_autoptr (CachetDraft) draft = make_draft ();
  g_auto (GStrv) envelope = NULL;
  g_autofree char *joined = NULL;
  g_autoptr (CachetMimeMessage) hidden = NULL;
  g_autofree char *raw = NULL;

  cachet_draft_set_recipients_text (draft, CACHET_MIME_CC, "B@X, e@bücher.example", NULL);
  envelope = cachet_draft_dup_envelope (draft, NULL);
  joined = g_strjoinv (" ", envelope);
  g_assert_cmpstr (joined, ==, "b@x c@y e@xn--bcher-kva.example secret@z");

  cachet_draft_set_recipients_text (draft, CACHET_MIME_TO, "", NULL);
  cachet_draft_set_recipients_text (draft, CACHET_MIME_CC, "", NULL);
  hidden = build (draft, CACHET_DRAFT_BUILD_SEND, &raw);
  g_assert_cmpstr (cachet_mime_message_get_field (hidden, "To"), ==, "undisclosed-recipients:;");
  g_assert_null (strstr (raw, "secret"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mime/draft-build/header", test_header);
  g_test_add_func ("/mime/draft-build/date-zone", test_date_zone);
  g_test_add_func ("/mime/draft-build/texts", test_texts);
  g_test_add_func ("/mime/draft-build/encodings", test_encodings);
  g_test_add_func ("/mime/draft-build/attachments", test_attachments);
  g_test_add_func ("/mime/draft-build/raw-forward", test_raw_forward);
  g_test_add_func ("/mime/draft-build/round-trip", test_round_trip);
  g_test_add_func ("/mime/draft-build/refused", test_refused);
  g_test_add_func ("/mime/draft-build/too-large", test_too_large);
  g_test_add_func ("/mime/draft-build/envelope", test_envelope);
  return g_test_run ();
}
