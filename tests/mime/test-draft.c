#include "config.h"

#include "cachet-draft.h"
#include "cachet-mime-summary.h"

#include <string.h>

static CachetMimeMessage *
parse (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return cachet_mime_message_new (bytes, NULL);
}

static GPtrArray *
make_own (void)
{
  GPtrArray *own = g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_address_free);

  g_ptr_array_add (own, cachet_address_new ("Me", "me@example.org"));
  g_ptr_array_add (own, cachet_address_new ("Me too", "metoo@example.org"));
  return own;
}

static void
test_recipients_text (void)
{
  static const struct
  {
    const char *text;
    const char *back; /* NULL: refused */
    const char *named;
  } cases[] = {
    { "", "", NULL },
    { "bob@x", "bob@x", NULL },
    { "Bob <b@x>, c@y", "Bob <b@x>, c@y", NULL },
    { "\"Bob, A\" <b@x>;c@y", "\"Bob, A\" <b@x>, c@y", NULL },
    { "b@x\nc@y", "b@x, c@y", NULL },
    { "Jürg <j@bücher.example>", "Jürg <j@bücher.example>", NULL },
    { "b@x, bob", NULL, "bob" },
    { "Bob", NULL, "Bob" },
    { "Bob <b@>", NULL, "b@" },
    { "<>", NULL, "“”" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CachetDraft) draft = cachet_draft_new ();
      g_autoptr (GError) error = NULL;
      g_autofree char *back = NULL;

      g_test_message ("%s", cases[i].text);
      g_assert_true (
        cachet_draft_set_recipients_text (draft, CACHET_MIME_CC, "kept@example.org", NULL));
      g_assert_cmpint (
        cachet_draft_set_recipients_text (draft, CACHET_MIME_CC, cases[i].text, &error), ==,
        cases[i].back != NULL);
      back = cachet_draft_dup_recipients_text (draft, CACHET_MIME_CC);
      g_assert_cmpstr (back, ==, cases[i].back != NULL ? cases[i].back : "kept@example.org");
      if (cases[i].back == NULL)
        {
          g_assert_error (error, CACHET_MIME_ERROR, CACHET_MIME_ERROR_ADDRESS);
          g_assert_nonnull (strstr (error->message, cases[i].named));
        }
    }
}

static void
test_copy (void)
{
  g_autoptr (CachetDraft) draft = cachet_draft_new ();
  g_autoptr (CachetAddress) from = cachet_address_new ("Me", "me@bücher.example");
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);
  g_autoptr (CachetDraft) copy = NULL;
  g_autofree char *to = NULL;

  cachet_draft_set_from (draft, from);
  cachet_draft_set_recipients_text (draft, CACHET_MIME_TO, "a@b", NULL);
  cachet_draft_set_subject (draft, "Sub\r\nBcc: ject");
  cachet_draft_set_text (draft, "text\xff");
  cachet_draft_add_attachment (draft, "../x.pdf", "Application/PDF", bytes);
  cachet_draft_set_threading (draft, "p@x", "r@x p@x");
  copy = cachet_draft_copy (draft);
  cachet_draft_set_subject (draft, "other");
  cachet_draft_remove_attachment (draft, 0);
  g_assert_cmpstr (cachet_draft_get_from (copy)->addr, ==, "me@bücher.example");
  to = cachet_draft_dup_recipients_text (copy, CACHET_MIME_TO);
  g_assert_cmpstr (to, ==, "a@b");
  g_assert_cmpstr (cachet_draft_get_subject (copy), ==, "Sub  Bcc: ject");
  g_assert_cmpstr (cachet_draft_get_text (copy), ==, "text\uFFFD");
  g_assert_cmpstr (cachet_draft_get_in_reply_to (copy), ==, "p@x");
  g_assert_cmpstr (cachet_draft_get_references (copy), ==, "r@x p@x");
  g_assert_cmpuint (cachet_draft_get_attachments (draft)->len, ==, 0);
  g_assert_cmpuint (cachet_draft_get_attachments (copy)->len, ==, 1);
  {
    const CachetDraftAttachment *attachment =
      g_ptr_array_index (cachet_draft_get_attachments (copy), 0);

    g_assert_cmpstr (attachment->name, ==, "x.pdf");
    g_assert_cmpstr (attachment->content_type, ==, "application/pdf");
  }
  g_assert_cmpstr (cachet_draft_get_message_id (copy), ==, cachet_draft_get_message_id (draft));
  g_assert_true (g_str_has_suffix (cachet_draft_get_message_id (draft), "@xn--bcher-kva.example"));
}

static void
test_subjects (void)
{
  static const struct
  {
    const char *subject;
    const char *reply;
    const char *forward;
  } cases[] = {
    { "Hello", "Re: Hello", "Fwd: Hello" },
    { "Re: Hello", "Re: Hello", "Fwd: Re: Hello" },
    { "RE: re:Re : Hello", "Re: Hello", "Fwd: RE: re:Re : Hello" },
    { "Re[2]: Hello", "Re: Hello", "Fwd: Re[2]: Hello" },
    { "AW: Hello", "Re: Hello", "Fwd: AW: Hello" },
    { "Antw: SV: Hello", "Re: Hello", "Fwd: Antw: SV: Hello" },
    { "Fwd: Hello", "Re: Fwd: Hello", "Fwd: Hello" },
    { "Fw: WG: Hello", "Re: Fw: WG: Hello", "Fwd: Hello" },
    { "Regarding: x", "Re: Regarding: x", "Fwd: Regarding: x" },
    { "Re", "Re: Re", "Fwd: Re" },
    { "", "Re: ", "Fwd: " },
  };
  g_autoptr (GPtrArray) own = make_own ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *raw = g_strdup_printf ("From: b@x\nSubject: %s\n\nx", cases[i].subject);
      g_autoptr (CachetMimeMessage) message = parse (raw);
      g_autoptr (CachetDraft) reply =
        cachet_draft_new_reply (message, CACHET_REPLY_SENDER, own, NULL);
      g_autoptr (CachetDraft) forward =
        cachet_draft_new_reply (message, CACHET_FORWARD_INLINE, own, NULL);

      g_assert_cmpstr (cachet_draft_get_subject (reply), ==, cases[i].reply);
      g_assert_cmpstr (cachet_draft_get_subject (forward), ==, cases[i].forward);
    }
}

static void
test_reply_recipients (void)
{
  static const struct
  {
    const char *header;
    CachetReplyMode mode;
    const char *from;
    const char *to;
    const char *cc;
  } cases[] = {
    { "From: b@x\nTo: me@example.org, c@x\nCc: d@x", CACHET_REPLY_SENDER, "me@example.org", "b@x",
      "" },
    { "From: b@x\nTo: me@example.org, c@x\nCc: d@x, b@x, ME@example.org", CACHET_REPLY_ALL,
      "me@example.org", "b@x", "c@x, d@x" },
    { "From: b@x\nReply-To: r@x\nTo: metoo@example.org", CACHET_REPLY_SENDER, "metoo@example.org",
      "r@x", "" },
    { "From: b@x\nReply-To: l@x\nTo: l@x\nCc: c@x", CACHET_REPLY_ALL, "me@example.org", "l@x",
      "c@x" },
    { "From: me@example.org\nTo: c@x\nCc: d@x", CACHET_REPLY_SENDER, "me@example.org", "c@x", "" },
    { "From: me@example.org\nTo: c@x\nCc: d@x", CACHET_REPLY_ALL, "me@example.org", "c@x", "d@x" },
    { "From: broken\nTo: c@x, also broken", CACHET_REPLY_ALL, "me@example.org", "", "c@x" },
    { "From: b@x, c@x", CACHET_REPLY_SENDER, "me@example.org", "b@x, c@x", "" },
    { "Subject: none", CACHET_REPLY_ALL, "me@example.org", "", "" },
    { "From: b@x\nTo: c@x", CACHET_FORWARD_INLINE, "me@example.org", "", "" },
  };
  g_autoptr (GPtrArray) own = make_own ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *raw = g_strconcat (cases[i].header, "\n\nx", NULL);
      g_autoptr (CachetMimeMessage) message = parse (raw);
      g_autoptr (CachetDraft) draft = cachet_draft_new_reply (message, cases[i].mode, own, NULL);
      g_autofree char *to = cachet_draft_dup_recipients_text (draft, CACHET_MIME_TO);
      g_autofree char *cc = cachet_draft_dup_recipients_text (draft, CACHET_MIME_CC);

      g_test_message ("%u", i);
      g_assert_cmpstr (cachet_draft_get_from (draft)->addr, ==, cases[i].from);
      g_assert_cmpstr (to, ==, cases[i].to);
      g_assert_cmpstr (cc, ==, cases[i].cc);
    }
}

static void
test_threading (void)
{
  static const struct
  {
    const char *header;
    const char *in_reply_to;
    const char *references;
  } cases[] = {
    { "Message-ID: <m@x>", "m@x", "m@x" },
    { "Message-ID: <m@x>\nReferences: <a@x> <b@x>", "m@x", "a@x b@x m@x" },
    { "Message-ID: <m@x>\nIn-Reply-To: <p@x>", "m@x", "p@x m@x" },
    { "Message-ID: <m@x>\nIn-Reply-To: <p@x> <q@x>", "m@x", "m@x" },
    { "Message-ID: <m@x>\nReferences: <a@x> <m@x>", "m@x", "a@x m@x" },
    { "References: <a@x>", NULL, NULL },
  };
  g_autoptr (GPtrArray) own = make_own ();
  g_autoptr (GString) chain = g_string_new ("Message-ID: <m@x>\nReferences:");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *raw = g_strconcat (cases[i].header, "\n\nx", NULL);
      g_autoptr (CachetMimeMessage) message = parse (raw);
      g_autoptr (CachetDraft) draft =
        cachet_draft_new_reply (message, CACHET_REPLY_SENDER, own, NULL);

      g_assert_cmpstr (cachet_draft_get_in_reply_to (draft), ==, cases[i].in_reply_to);
      g_assert_cmpstr (cachet_draft_get_references (draft), ==, cases[i].references);
    }
  for (guint i = 0; i < 500; i++)
    g_string_append_printf (chain, " <%u@x>", i);
  g_string_append (chain, "\n\nx");
  {
    g_autoptr (CachetMimeMessage) message = parse (chain->str);
    g_autoptr (CachetDraft) draft = cachet_draft_new_reply (message, CACHET_REPLY_ALL, own, NULL);
    g_auto (GStrv) ids = g_strsplit (cachet_draft_get_references (draft), " ", -1);

    g_assert_cmpuint (g_strv_length (ids), ==, CACHET_MIME_MAX_REFERENCES);
    g_assert_cmpstr (ids[0], ==, "0@x");
    g_assert_cmpstr (ids[CACHET_MIME_MAX_REFERENCES - 2], ==, "499@x");
    g_assert_cmpstr (ids[CACHET_MIME_MAX_REFERENCES - 1], ==, "m@x");
  }
}

static void
test_quotation (void)
{
  g_autoptr (GPtrArray) own = make_own ();
  g_autoptr (CachetMimeMessage) message =
    parse ("From: Bob <b@x>\nDate: Tue, 25 Nov 2025 10:00:00 +0100\n\n"
           "one\n\n> older\n-- \nsignature\n");
  g_autoptr (CachetDraft) draft = cachet_draft_new_reply (message, CACHET_REPLY_SENDER, own, NULL);
  const char *text = cachet_draft_get_text (draft);

  g_assert_true (g_str_has_suffix (text, "Bob wrote:\n> one\n>\n>> older\n\n"));
  g_assert_nonnull (strstr (text, "25"));
  g_assert_nonnull (strstr (text, "10:00"));
}

static void
test_forward (void)
{
  g_autoptr (GPtrArray) own = make_own ();
  g_autoptr (CachetMimeMessage) message =
    parse ("From: Bob <b@x>\nTo: c@x\nSubject: S/1\nMessage-ID: <m@x>\n"
           "Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n"
           "--b\nContent-Type: image/gif; name=x.gif\n"
           "Content-Transfer-Encoding: base64\n\nR0lG\n--b--\n");
  g_autoptr (CachetDraft) inlined =
    cachet_draft_new_reply (message, CACHET_FORWARD_INLINE, own, NULL);
  g_autoptr (CachetDraft) attached =
    cachet_draft_new_reply (message, CACHET_FORWARD_ATTACHMENT, own, NULL);
  const CachetDraftAttachment *attachment;

  g_assert_nonnull (strstr (cachet_draft_get_text (inlined), "Bob <b@x>"));
  g_assert_nonnull (strstr (cachet_draft_get_text (inlined), "S/1"));
  g_assert_true (g_str_has_suffix (cachet_draft_get_text (inlined), "\n\ntext\n"));
  g_assert_null (cachet_draft_get_in_reply_to (inlined));
  g_assert_cmpuint (cachet_draft_get_attachments (inlined)->len, ==, 1);
  attachment = g_ptr_array_index (cachet_draft_get_attachments (inlined), 0);
  g_assert_cmpstr (attachment->name, ==, "x.gif");
  g_assert_cmpuint (g_bytes_get_size (attachment->bytes), ==, 3);

  g_assert_cmpuint (cachet_draft_get_attachments (attached)->len, ==, 1);
  attachment = g_ptr_array_index (cachet_draft_get_attachments (attached), 0);
  g_assert_cmpstr (attachment->name, ==, "S_1.eml");
  g_assert_cmpstr (attachment->content_type, ==, "message/rfc822");
  g_assert_true (g_bytes_equal (attachment->bytes, cachet_mime_message_get_bytes (message)));
}

static void
test_mailto (void)
{
  static const struct
  {
    const char *uri;
    const char *to; /* NULL: refused */
    const char *cc;
    const char *bcc;
    const char *subject;
    const char *text;
    const char *ignored;
  } cases[] = {
    { "mailto:a@b", "a@b", "", "", "", "", "" },
    { "MAILTO:a@b,c@d", "a@b, c@d", "", "", "", "", "" },
    { "mailto:a@b?subject=Hi%20there&body=one%0D%0Atwo", "a@b", "", "", "Hi there", "one\ntwo",
      "" },
    { "mailto:?to=a@b&cc=c@d&bcc=e@f", "a@b", "c@d", "e@f", "", "", "" },
    { "mailto:a@b?TO=c@d", "a@b, c@d", "", "", "", "", "" },
    { "mailto:a@b?attach=/etc/passwd&Attachment=x&from=y", "a@b", "", "", "", "",
      "attach attachment from" },
    { "mailto:a@b?subject=x%0D%0ABcc:%20evil@x", "a@b", "", "", "x  Bcc: evil@x", "", "" },
    { "mailto:a@b?subject==?utf-8?q?H=C3=A9?=", "a@b", "", "", "Hé", "", "" },
    { "mailto:a%2Bb@c?subject=a+b", "a+b@c", "", "", "a+b", "", "" },
    { "mailto:%22not%40me%22@example.org", "\"not@me\"@example.org", "", "", "", "", "" },
    { "mailto:a@b?subject=%E6%97%A5&amp;body=x", "a@b", "", "", "日", "x", "" },
    { "mailto:a@b?subject=100%&body=%zz", "a@b", "", "", "100%", "%zz", "" },
    { "mailto:a@b?subject=x#fragment", "a@b", "", "", "x", "", "" },
    { "mailto:", "", "", "", "", "", "" },
    { "mailto:a@b?&=x&subject", "a@b", "", "", "", "", "" },
    { "mailto:nobody", NULL, NULL, NULL, NULL, NULL, NULL },
    { "mailto:a@b%0D%0ABcc:x?cc=nobody", NULL, NULL, NULL, NULL, NULL, NULL },
    { "http://a@b", NULL, NULL, NULL, NULL, NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_auto (GStrv) ignored = NULL;
      g_autoptr (CachetDraft) draft = cachet_draft_new_from_mailto (cases[i].uri, &ignored, &error);
      g_autofree char *to = NULL;
      g_autofree char *cc = NULL;
      g_autofree char *bcc = NULL;
      g_autofree char *others = NULL;

      g_test_message ("%s", cases[i].uri);
      if (cases[i].to == NULL)
        {
          g_assert_null (draft);
          g_assert_error (error, CACHET_MIME_ERROR, CACHET_MIME_ERROR_ADDRESS);
          continue;
        }
      g_assert_no_error (error);
      to = cachet_draft_dup_recipients_text (draft, CACHET_MIME_TO);
      cc = cachet_draft_dup_recipients_text (draft, CACHET_MIME_CC);
      bcc = cachet_draft_dup_recipients_text (draft, CACHET_MIME_BCC);
      others = g_strjoinv (" ", ignored);
      g_assert_cmpstr (to, ==, cases[i].to);
      g_assert_cmpstr (cc, ==, cases[i].cc);
      g_assert_cmpstr (bcc, ==, cases[i].bcc);
      g_assert_cmpstr (cachet_draft_get_subject (draft), ==, cases[i].subject);
      g_assert_cmpstr (cachet_draft_get_text (draft), ==, cases[i].text);
      g_assert_cmpstr (others, ==, cases[i].ignored);
      g_assert_cmpuint (cachet_draft_get_attachments (draft)->len, ==, 0);
    }
}

static void
test_mailto_in_reply_to (void)
{
  g_autoptr (CachetDraft) draft =
    cachet_draft_new_from_mailto ("mailto:a@b?In-Reply-To=%3Cm%40x%3E", NULL, NULL);

  g_assert_cmpstr (cachet_draft_get_in_reply_to (draft), ==, "m@x");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mime/draft/recipients-text", test_recipients_text);
  g_test_add_func ("/mime/draft/copy", test_copy);
  g_test_add_func ("/mime/draft/subjects", test_subjects);
  g_test_add_func ("/mime/draft/reply-recipients", test_reply_recipients);
  g_test_add_func ("/mime/draft/threading", test_threading);
  g_test_add_func ("/mime/draft/quotation", test_quotation);
  g_test_add_func ("/mime/draft/forward", test_forward);
  g_test_add_func ("/mime/draft/mailto", test_mailto);
  g_test_add_func ("/mime/draft/mailto-in-reply-to", test_mailto_in_reply_to);
  return g_test_run ();
}
