#define G_LOG_DOMAIN "cachet-mime"

#include "config.h"

#include "cachet-draft.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cachet-mime-flowed.h"
#include "cachet-mime-header-writer.h"
#include "cachet-mime-header.h"

/*
 * Messages are written here, byte by byte, and not by GMime: its writer of parameters may not come
 * back (3.2.13), and only so is every line's length and ending known.
 */

#define MAX_LINE 998 /* RFC 5322 §2.1.1, without CRLF */
#define QP_WIDTH 76
#define BASE64_LINE_BYTES 57 /* 76 characters */
#define CHECK_BYTES (1024 * 1024)

typedef struct
{
  GString *out;
  char *boundary;
  gint64 deadline; /* monotonic µs */
} Builder;

/* @more: bytes that are about to be added. */
static gboolean
check_limits (Builder *builder, gsize more, GError **error)
{
  if (builder->out->len + more > CACHET_DRAFT_MAX_BYTES)
    {
      g_set_error (error, CACHET_MIME_ERROR, CACHET_MIME_ERROR_LIMIT,
                   _ ("The message would be larger than %d MiB. Remove some of its attachments."),
                      CACHET_DRAFT_MAX_BYTES / (1024 * 1024));
      return FALSE;
    }
  if (g_get_monotonic_time () > builder->deadline)
    {
      g_set_error (error, CACHET_MIME_ERROR, CACHET_MIME_ERROR_TIMEOUT,
                   _ ("Putting the message together took longer than %d seconds and was given up. "
                      "It is still in the composer."),
                      CACHET_DRAFT_BUILD_SECONDS);
      return FALSE;
    }
  return TRUE;
}

/* RFC 5322 §3.3, in English whatever the language of the program is. */
static void
write_date (GString *out)
{
  static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
  static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  int offset = (int)(g_date_time_get_utc_offset (now) / G_TIME_SPAN_MINUTE);

  g_string_append_printf (
    out, "Date: %s, %d %s %04d %02d:%02d:%02d %c%02d%02d\r\n",
    days[g_date_time_get_day_of_week (now) - 1], g_date_time_get_day_of_month (now),
    months[g_date_time_get_month (now) - 1], g_date_time_get_year (now), g_date_time_get_hour (now),
    g_date_time_get_minute (now), g_date_time_get_second (now), offset < 0 ? '-' : '+',
    ABS (offset) / 60, ABS (offset) % 60);
}

static void
write_recipients (GString *out, const char *name, CachetDraft *draft, CachetMimeAddressField field)
{
  GPtrArray *list = cachet_draft_get_recipients (draft, field);

  if (list->len > 0)
    cachet_header_write_addresses (out, name, list);
}

static void
write_header (GString *out, CachetDraft *draft, CachetDraftBuildMode mode)
{
  const CachetAddress *from = cachet_draft_get_from (draft);
  const char *references = cachet_draft_get_references (draft);
  gboolean has_visible = cachet_draft_get_recipients (draft, CACHET_MIME_TO)->len > 0 ||
                         cachet_draft_get_recipients (draft, CACHET_MIME_CC)->len > 0;

  write_date (out);
  if (from != NULL)
    {
      g_autoptr (GPtrArray) senders = g_ptr_array_new ();

      g_ptr_array_add (senders, (gpointer)from);
      cachet_header_write_addresses (out, "From", senders);
    }
  write_recipients (out, "To", draft, CACHET_MIME_TO);
  write_recipients (out, "Cc", draft, CACHET_MIME_CC);
  if (mode == CACHET_DRAFT_BUILD_STORE)
    write_recipients (out, "Bcc", draft, CACHET_MIME_BCC);
  else if (!has_visible)
    g_string_append (out, "To: undisclosed-recipients:;\r\n");
  cachet_header_write_text (out, "Subject", cachet_draft_get_subject (draft));
  cachet_header_write_ids (out, "Message-ID", cachet_draft_get_message_id (draft));
  if (cachet_draft_get_in_reply_to (draft) != NULL)
    cachet_header_write_ids (out, "In-Reply-To", cachet_draft_get_in_reply_to (draft));
  if (references != NULL && *references != '\0')
    cachet_header_write_ids (out, "References", references);
  g_string_append (out, "User-Agent: Cachet/" CACHET_VERSION "\r\n");
  g_string_append (out, "MIME-Version: 1.0\r\n");
}

/* What the lines of a text or part have in them. */
typedef struct
{
  gboolean has_8bit;
  gboolean has_control; /* besides tabs and line ends */
  gboolean has_long_line;
} Content;

static Content
look_at (const char *bytes, gsize length)
{
  Content content = { FALSE, FALSE, FALSE };
  gsize line = 0;

  for (gsize i = 0; i < length; i++)
    {
      guchar c = (guchar)bytes[i];

      if (c == '\n')
        {
          line = 0;
          continue;
        }
      if (c == '\r' && i + 1 < length && bytes[i + 1] == '\n')
        continue;
      content.has_8bit |= c >= 0x80;
      content.has_control |= (c < ' ' && c != '\t') || c == 0x7f;
      content.has_long_line |= ++line > MAX_LINE;
    }
  return content;
}

/* RFC 2045 §6.7, for text with LF. */
static void
write_quoted_printable (GString *out, const char *text)
{
  gsize at = 0;

  for (const char *p = text; *p != '\0'; p++)
    {
      gboolean before_end = p[1] == '\n' || p[1] == '\0';
      gboolean literal = ((guchar)*p > ' ' && (guchar)*p < 0x7f && *p != '=') ||
                         ((*p == ' ' || *p == '\t') && !before_end);
      gsize size;

      if (*p == '\n')
        {
          g_string_append (out, "\r\n");
          at = 0;
          continue;
        }
      /* A dot alone and "From " are what relays change. */
      if (at == 0 && ((*p == '.' && before_end) || strncmp (p, "From ", 5) == 0))
        literal = FALSE;
      size = literal ? 1 : 3;
      if (at + size > QP_WIDTH - (before_end ? 0 : 1))
        {
          g_string_append (out, "=\r\n");
          at = 0;
        }
      if (literal)
        g_string_append_c (out, *p);
      else
        g_string_append_printf (out, "=%02X", (guchar)*p);
      at += size;
    }
}

/* @bytes with CRLF at the end of each line. */
static void
append_with_crlf (GString *out, const char *bytes, gsize length)
{
  const char *end = bytes + length;

  while (bytes < end)
    {
      const char *newline = memchr (bytes, '\n', (gsize)(end - bytes));
      const char *line_end = newline != NULL ? newline : end;

      if (newline != NULL && line_end > bytes && line_end[-1] == '\r')
        line_end--;
      g_string_append_len (out, bytes, line_end - bytes);
      g_string_append (out, "\r\n");
      bytes = newline != NULL ? newline + 1 : end;
    }
}

static void
write_text (GString *out, CachetDraft *draft)
{
  g_auto (GStrv) lines = g_strsplit (cachet_draft_get_text (draft), "\r\n", -1);
  g_autofree char *plain = g_strdelimit (g_strjoinv ("\n", lines), "\r", '\n');
  g_autofree char *flowed = cachet_flowed_make (plain);
  Content content = look_at (flowed, strlen (flowed));
  gboolean encode = content.has_8bit || content.has_control || content.has_long_line;

  g_string_append (out, "Content-Type: text/plain; charset=UTF-8; format=flowed\r\n");
  g_string_append_printf (out, "Content-Transfer-Encoding: %s\r\n\r\n",
                          encode ? "quoted-printable" : "7bit");
  if (encode)
    write_quoted_printable (out, flowed);
  else
    append_with_crlf (out, flowed, strlen (flowed));
}

static gboolean
write_base64 (Builder *builder, GBytes *bytes, GError **error)
{
  gsize length;
  const guchar *data = g_bytes_get_data (bytes, &length);

  for (gsize done = 0; done < length;)
    {
      gsize n = MIN (BASE64_LINE_BYTES, length - done);
      g_autofree char *line = g_base64_encode (data + done, n);

      g_string_append (builder->out, line);
      g_string_append (builder->out, "\r\n");
      if (done / CHECK_BYTES != (done + n) / CHECK_BYTES && !check_limits (builder, 0, error))
        return FALSE;
      done += n;
    }
  return TRUE;
}

/* "type/subtype" of two tokens and nothing else (RFC 2045 §5.1). */
static gboolean
is_type_name (const char *type)
{
  guint n_slashes = 0;

  for (const char *p = type; *p != '\0'; p++)
    {
      n_slashes += *p == '/';
      if (!g_ascii_isalnum (*p) && strchr ("/!#$&^_.+-", *p) == NULL)
        return FALSE;
    }
  return n_slashes == 1 && *type != '/' && !g_str_has_suffix (type, "/") && strlen (type) <= 100;
}

static void
write_disposition (GString *out, const CachetDraftAttachment *attachment)
{
  g_string_append (out, "Content-Disposition: attachment");
  cachet_header_write_parameter (out, "filename", attachment->name);
  g_string_append (out, "\r\n");
}

/* RFC 2046 §5.2.1 allows no encoding of a message; %FALSE when this one can't go without. */
static gboolean
write_message (Builder *builder, const CachetDraftAttachment *attachment)
{
  gsize length;
  const char *data = g_bytes_get_data (attachment->bytes, &length);
  Content content = look_at (data, length);

  if (content.has_long_line || content.has_control)
    return FALSE;
  g_string_append (builder->out, "Content-Type: message/rfc822\r\n");
  write_disposition (builder->out, attachment);
  g_string_append_printf (builder->out, "Content-Transfer-Encoding: %s\r\n\r\n",
                          content.has_8bit ? "8bit" : "7bit");
  append_with_crlf (builder->out, data, length);
  return TRUE;
}

/* A forwarded part is sent with its own fields and body, not one of them written anew. %FALSE when
 * its bytes can't go through every server, or its header is not what it seems. */
static gboolean
write_raw (Builder *builder, const CachetDraftAttachment *attachment)
{
  gsize length;
  const char *data = g_bytes_get_data (attachment->raw, &length);
  gsize header_length = cachet_header_block_length (data, length);
  Content content = look_at (data, length);
  CachetHeaderWalk walk;
  CachetHeaderField field;
  gboolean has_type = FALSE;
  gsize mark = builder->out->len;

  if (content.has_8bit || content.has_control || content.has_long_line)
    return FALSE;
  cachet_header_walk_init (&walk, data, header_length);
  while (cachet_header_walk_next (&walk, &field))
    {
      if (field.name_length < 8 || g_ascii_strncasecmp (field.name, "Content-", 8) != 0)
        continue;
      has_type |= cachet_header_field_is (&field, "Content-Type");
      append_with_crlf (builder->out, field.start,
                        (gsize)(field.value + field.value_length - field.start));
    }
  if (!has_type)
    {
      g_string_truncate (builder->out, mark);
      return FALSE;
    }
  g_string_append (builder->out, "\r\n");
  append_with_crlf (builder->out, data + header_length, length - header_length);
  return TRUE;
}

static gboolean
write_encoded (Builder *builder, const CachetDraftAttachment *attachment, GError **error)
{
  const char *type = attachment->content_type;
  gsize length;
  const char *data = g_bytes_get_data (attachment->bytes, &length);

  /* Composite types must not be encoded (RFC 2046 §5), and are nothing else here than bytes. */
  if (!is_type_name (type) || g_str_has_prefix (type, "multipart/") ||
      g_str_has_prefix (type, "message/"))
    type = "application/octet-stream";
  g_string_append_printf (builder->out, "Content-Type: %s", type);
  if (g_str_has_prefix (type, "text/") && g_utf8_validate_len (data, length, NULL))
    g_string_append (builder->out, "; charset=UTF-8");
  g_string_append (builder->out, "\r\n");
  write_disposition (builder->out, attachment);
  g_string_append (builder->out, "Content-Transfer-Encoding: base64\r\n\r\n");
  return write_base64 (builder, attachment->bytes, error);
}

static gboolean
write_attachment (Builder *builder, const CachetDraftAttachment *attachment, GError **error)
{
  g_string_append_printf (builder->out, "--%s\r\n", builder->boundary);
  if (attachment->raw != NULL && write_raw (builder, attachment))
    return check_limits (builder, 0, error);
  if (g_str_equal (attachment->content_type, "message/rfc822") &&
      write_message (builder, attachment))
    return check_limits (builder, 0, error);
  return write_encoded (builder, attachment, error);
}

static gboolean
write_multipart (Builder *builder, CachetDraft *draft, GError **error)
{
  GPtrArray *attachments = cachet_draft_get_attachments (draft);
  gsize total = 0;

  for (guint i = 0; i < attachments->len; i++)
    {
      const CachetDraftAttachment *attachment = g_ptr_array_index (attachments, i);

      total += g_bytes_get_size (attachment->bytes);
    }
  if (!check_limits (builder, total, error))
    return FALSE;
  g_string_append_printf (builder->out,
                          "Content-Type: multipart/mixed; boundary=\"%s\"\r\n\r\n--%s\r\n",
                          builder->boundary, builder->boundary);
  write_text (builder->out, draft);
  for (guint i = 0; i < attachments->len; i++)
    {
      if (!check_limits (builder, 0, error) ||
          !write_attachment (builder, g_ptr_array_index (attachments, i), error))
        return FALSE;
    }
  g_string_append_printf (builder->out, "--%s--\r\n", builder->boundary);
  return TRUE;
}

static gboolean
check_sendable (CachetDraft *draft, GError **error)
{
  const CachetAddress *from = cachet_draft_get_from (draft);
  g_auto (GStrv) envelope = NULL;

  if (from == NULL || !cachet_addr_spec_is_sendable (from->addr))
    {
      g_set_error (error, CACHET_MIME_ERROR, CACHET_MIME_ERROR_ADDRESS,
                   _ ("The message has no usable sender. Choose the account it is sent from."));
      return FALSE;
    }
  envelope = cachet_draft_dup_envelope (draft, error);
  return envelope != NULL;
}

GBytes *
cachet_draft_build (CachetDraft *self, CachetDraftBuildMode mode, GError **error)
{
  Builder builder = { 0 };
  g_autofree char *uuid = NULL;
  gboolean ok = TRUE;

  g_return_val_if_fail (CACHET_IS_DRAFT (self), NULL);

  if (mode == CACHET_DRAFT_BUILD_SEND && !check_sendable (self, error))
    return NULL;
  uuid = g_uuid_string_random ();
  builder.boundary = g_strconcat ("=_", uuid, NULL); /* "=_" never stands in quoted-printable */
  builder.deadline = g_get_monotonic_time () + CACHET_DRAFT_BUILD_SECONDS * G_USEC_PER_SEC;
  builder.out = g_string_sized_new (4096);
  write_header (builder.out, self, mode);
  if (cachet_draft_get_attachments (self)->len > 0)
    ok = write_multipart (&builder, self, error);
  else
    write_text (builder.out, self);
  ok = ok && check_limits (&builder, 0, error);
  g_free (builder.boundary);
  if (!ok)
    {
      g_string_free (builder.out, TRUE);
      return NULL;
    }
  return g_string_free_to_bytes (builder.out);
}

char **
cachet_draft_dup_envelope (CachetDraft *self, GError **error)
{
  static const CachetMimeAddressField fields[] = { CACHET_MIME_TO, CACHET_MIME_CC,
                                                   CACHET_MIME_BCC };
  g_autoptr (GHashTable) seen = NULL;
  g_autoptr (GStrvBuilder) out = NULL;

  g_return_val_if_fail (CACHET_IS_DRAFT (self), NULL);

  seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  out = g_strv_builder_new ();
  for (guint f = 0; f < G_N_ELEMENTS (fields); f++)
    {
      GPtrArray *list = cachet_draft_get_recipients (self, fields[f]);

      for (guint i = 0; i < list->len; i++)
        {
          const CachetAddress *address = g_ptr_array_index (list, i);
          g_autofree char *wire = NULL;

          if (!cachet_addr_spec_is_sendable (address->addr))
            {
              g_autofree char *shown = cachet_address_to_display (address);

              g_set_error (error, CACHET_MIME_ERROR, CACHET_MIME_ERROR_ADDRESS,
                           _ ("The message can’t be sent to “%s”: it is not a mail address."),
                              shown);
              return NULL;
            }
          wire = cachet_header_dup_wire_addr (address->addr);
          if (g_hash_table_add (seen, g_utf8_casefold (wire, -1)))
            g_strv_builder_add (out, wire);
        }
    }
  if (g_hash_table_size (seen) == 0)
    {
      g_set_error (error, CACHET_MIME_ERROR, CACHET_MIME_ERROR_ADDRESS,
                   _ ("The message has no recipient. Write an address into To, Cc or Bcc."));
      return NULL;
    }
  return g_strv_builder_end (out);
}
