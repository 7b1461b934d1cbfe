#include "config.h"

#include "cachet-draft.h"
#include "cachet-mime-message.h"
#include "cachet-mime-summary.h"
#include "fuzz-driver.h"

#include <glib.h>
#include <string.h>

const char *const fuzz_dictionary[] = {
  "\r\n",
  "\n\n",
  "\r\n ",
  "--b\r\n",
  "--b--\r\n",
  "From: ",
  "To: ",
  "Content-Type: multipart/mixed; boundary=b\r\n",
  "Content-Type: message/rfc822\r\n\r\n",
  "Content-Type: text/html\r\n\r\n",
  "; format=flowed; delsp=yes",
  "; charset=iso-2022-jp",
  "; charset=utf-16",
  "; charset=utf-7",
  "; filename*0*=utf-8''%e2%82",
  "Content-Transfer-Encoding: base64\r\n",
  "Content-Transfer-Encoding: quoted-printable\r\n",
  "Content-Transfer-Encoding: x-uuencode\r\n",
  "=?utf-8?q?=00?=",
  "=?iso-2022-jp?b?GyRC?=",
  "\x1b$B",
  "=\r\n",
  "====",
  "<a href=\"http://x\">",
  "<table><tr><td>",
  "<blockquote>",
  "<!--",
  "&#x202e;",
  ":;,<>()\"",
  NULL,
};

static void
check_text (const char *text)
{
  g_assert (text != NULL);
  g_assert (g_utf8_validate (text, -1, NULL));
}

static void
check_part (CachetMimeMessage *message, const CachetMimePart *part)
{
  gsize size = g_bytes_get_size (cachet_mime_message_get_bytes (message));
  g_autoptr (GBytes) content = cachet_mime_message_decode_part (message, part, NULL);
  const char *name = cachet_mime_part_get_file_name (part);

  g_assert (content != NULL);
  g_assert (cachet_mime_part_get_header_offset (part) <= cachet_mime_part_get_body_offset (part));
  g_assert (cachet_mime_part_get_body_offset (part) <= cachet_mime_part_get_end_offset (part));
  g_assert (cachet_mime_part_get_end_offset (part) <= size);
  g_assert (cachet_mime_message_find_part (message, cachet_mime_part_get_path (part)) == part);
  check_text (name);
  g_assert (*name != '\0' && *name != '.' && strchr (name, '/') == NULL);
  g_assert (strlen (name) <= CACHET_MIME_MAX_FILE_NAME);
  for (guint i = 0; i < cachet_mime_part_get_n_children (part); i++)
    check_part (message, cachet_mime_part_get_child (part, i));
  if (cachet_mime_part_get_message (part) != NULL)
    {
      CachetMimeMessage *inner = cachet_mime_part_get_message (part);

      check_part (inner, cachet_mime_message_get_root (inner));
    }
}

static void
check_summary (GBytes *bytes)
{
  g_autoptr (CachetMimeSummary) summary = cachet_mime_summary_new (bytes);

  check_text (summary->subject);
  check_text (summary->from_name);
  check_text (summary->from_addr);
  check_text (summary->to);
  check_text (summary->message_id);
  check_text (summary->references);
  g_assert (strpbrk (summary->subject, "\r\n") == NULL);
}

/* What is built from a hostile message must be read back as one that is none. */
static void
check_built (GBytes *built)
{
  gsize size;
  const char *data = g_bytes_get_data (built, &size);
  gsize line = 0;
  g_autoptr (CachetMimeMessage) again = NULL;

  for (gsize i = 0; i < size; i++)
    {
      g_assert (data[i] != '\0');
      if (data[i] == '\n')
        {
          g_assert (i > 0 && data[i - 1] == '\r');
          line = 0;
        }
      else
        g_assert (++line <= 999);
    }
  again = cachet_mime_message_new (built, NULL);
  g_assert (again != NULL);
  g_assert (cachet_mime_message_get_addresses (again, CACHET_MIME_BCC)->len == 0);
  g_assert (cachet_mime_message_get_addresses (again, CACHET_MIME_FROM)->len == 1);
}

static void
check_replies (CachetMimeMessage *message)
{
  g_autoptr (GPtrArray) own = g_ptr_array_new ();
  g_autoptr (CachetAddress) me = cachet_address_new ("Me", "me@example.org");
  g_autoptr (CachetDraft) stored = cachet_draft_new_from_message (message, NULL);
  g_autoptr (GBytes) stored_bytes = cachet_draft_build (stored, CACHET_DRAFT_BUILD_STORE, NULL);

  g_assert (stored_bytes != NULL);
  g_ptr_array_add (own, me);
  for (guint mode = CACHET_REPLY_SENDER; mode <= CACHET_FORWARD_ATTACHMENT; mode++)
    {
      g_autoptr (CachetDraft) draft =
        cachet_draft_new_reply (message, (CachetReplyMode)mode, own, NULL);
      g_autoptr (GBytes) bytes = NULL;

      g_assert (draft != NULL);
      cachet_draft_set_recipients_text (draft, CACHET_MIME_BCC, "x@example.org", NULL);
      bytes = cachet_draft_build (draft, CACHET_DRAFT_BUILD_SEND, NULL);
      g_assert (bytes != NULL);
      check_built (bytes);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (CachetMimeMessage) message = cachet_mime_message_new (bytes, NULL);
  g_autofree char *preview = NULL;
  g_autofree char *uri = NULL;
  g_autoptr (CachetDraft) mailto = NULL;

  check_summary (bytes);
  g_assert ((message == NULL) == (size == 0));
  if (message == NULL)
    return 0;
  check_part (message, cachet_mime_message_get_root (message));
  check_text (cachet_mime_message_get_text (message));
  check_text (cachet_mime_message_get_subject (message));
  if (cachet_mime_message_get_html (message) != NULL)
    check_text (cachet_mime_message_get_html (message));
  preview = cachet_mime_message_dup_preview (message, 80);
  check_text (preview);
  g_assert (g_utf8_strlen (preview, -1) <= 80);
  check_replies (message);
  uri = g_strdup_printf ("mailto:%.*s", (int)MIN (size, 2000), (const char *)data);
  mailto = cachet_draft_new_from_mailto (uri, NULL, NULL);
  return 0;
}
