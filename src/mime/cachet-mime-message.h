#pragma once

#include "cachet-mime-types.h"

G_BEGIN_DECLS

/**
 * CachetMimePart:
 *
 * One node of a message's MIME tree, immutable, owned by its CachetMimeMessage (take a reference on
 * that to keep it). Offsets are bytes into the message's raw bytes.
 */
const char *cachet_mime_part_get_path (
  const CachetMimePart *self); /* IMAP numbering: "", "1", "2.1"; root "" */
const char *
cachet_mime_part_get_content_type (const CachetMimePart *self); /* lower case "type/subtype" */
char *cachet_mime_part_dup_parameter (const CachetMimePart *self, const char *name);
const char *
cachet_mime_part_get_encoding (const CachetMimePart *self); /* "base64", "7bit", … as declared */
const char *
cachet_mime_part_get_content_id (const CachetMimePart *self);         /* (nullable), without <> */
gboolean cachet_mime_part_is_attachment (const CachetMimePart *self); /* shown as one */
gboolean cachet_mime_part_is_inline (const CachetMimePart *self);
/* Safe base name: no path, no control or bidi characters, at most CACHET_MIME_MAX_FILE_NAME bytes,
 * true extension kept; made up from the type when the part has none. */
const char *cachet_mime_part_get_file_name (const CachetMimePart *self);
gsize cachet_mime_part_get_header_offset (const CachetMimePart *self);
gsize cachet_mime_part_get_body_offset (const CachetMimePart *self);
gsize cachet_mime_part_get_end_offset (const CachetMimePart *self); /* exclusive */
/* Bytes after decoding the transfer encoding (estimated without decoding for base64). */
gsize cachet_mime_part_get_size (const CachetMimePart *self);
guint cachet_mime_part_get_n_children (const CachetMimePart *self);
const CachetMimePart *cachet_mime_part_get_child (const CachetMimePart *self, guint index);
/* (nullable): the embedded message of a message/rfc822 part */
CachetMimeMessage *cachet_mime_part_get_message (const CachetMimePart *self);

#define CACHET_MIME_MAX_FILE_NAME 180
#define CACHET_MIME_MAX_DEPTH 100
#define CACHET_MIME_MAX_PARTS 10000
/* Header fields that are kept, and bytes of text (before it is decoded) that are shown. */
#define CACHET_MIME_MAX_HEADERS 2000
#define CACHET_MIME_MAX_TEXT (8 * 1024 * 1024)

/**
 * CachetMimeMessage:
 *
 * A parsed message: immutable, may cross threads. Parse on a worker.
 */
#define CACHET_TYPE_MIME_MESSAGE (cachet_mime_message_get_type ())
G_DECLARE_FINAL_TYPE (CachetMimeMessage, cachet_mime_message, CACHET, MIME_MESSAGE, GObject)

/* Keeps a reference on @bytes. Fails only for empty input: broken mail is shown as far as it goes,
 * with warnings. */
CachetMimeMessage *cachet_mime_message_new (GBytes *bytes, GError **error);
GBytes *cachet_mime_message_get_bytes (CachetMimeMessage *self);
const CachetMimePart *cachet_mime_message_get_root (CachetMimeMessage *self);
/* (nullable): the part with that IMAP number, also inside an embedded message ("2.1"), whose part
 * then belongs to that message. "1" is the root of a message that is no multipart. */
const CachetMimePart *cachet_mime_message_find_part (CachetMimeMessage *self, const char *path);
const CachetMimePart *
cachet_mime_message_find_content_id (CachetMimeMessage *self, const char *content_id);

/* Header fields in order, the first CACHET_MIME_MAX_HEADERS: name and decoded visible value. */
guint cachet_mime_message_get_n_headers (CachetMimeMessage *self);
void cachet_mime_message_get_header (CachetMimeMessage *self,
                                     guint index,
                                     const char **name,
                                     const char **decoded);
/* (nullable): first field of that name, decoded, visible */
const char *cachet_mime_message_get_field (CachetMimeMessage *self, const char *name);
const char *cachet_mime_message_get_subject (CachetMimeMessage *self); /* never NULL */
const char *
cachet_mime_message_get_message_id (CachetMimeMessage *self); /* without <>, (nullable) */
/* (element-type utf8) without <> */
GPtrArray *cachet_mime_message_get_references (CachetMimeMessage *self);
/* Unix seconds, G_MININT64 when unreadable; @offset_minutes (optional): the sender's time zone */
gint64 cachet_mime_message_get_date (CachetMimeMessage *self, int *offset_minutes);
typedef enum {
  CACHET_MIME_FROM,
  CACHET_MIME_SENDER,
  CACHET_MIME_REPLY_TO,
  CACHET_MIME_TO,
  CACHET_MIME_CC,
  CACHET_MIME_BCC,
} CachetMimeAddressField;
/* (element-type CachetAddress): every mailbox of every field of that name, groups flattened; never
 * NULL */
GPtrArray *
cachet_mime_message_get_addresses (CachetMimeMessage *self, CachetMimeAddressField field);
/* NULL-terminated translated sentences: several From, odd characters, a name that looks like
 * another address… */
char **cachet_mime_message_get_warnings (CachetMimeMessage *self);

/* What the reader is shown when it is text: the preferred text/plain parts in order (format=flowed
 * joined, every charset), or text made from HTML where there is no plain one. UTF-8, LF. Never
 * NULL. */
const char *cachet_mime_message_get_text (CachetMimeMessage *self);
/* TRUE when the text was made from HTML. */
gboolean cachet_mime_message_text_is_from_html (CachetMimeMessage *self);
/* (nullable): the HTML alternative, decoded to UTF-8 */
const char *cachet_mime_message_get_html (CachetMimeMessage *self);
/* (element-type CachetMimePart) in order; parts belong to the message */
GPtrArray *cachet_mime_message_get_attachments (CachetMimeMessage *self);
/* Decoded content (transfer encoding only). All of it, also behind base64 padding in the middle.
 * Any thread. */
GBytes *cachet_mime_message_decode_part (CachetMimeMessage *self,
                                         const CachetMimePart *part,
                                         GError **error);
/* One line of at most @max_chars characters for the list. */
char *cachet_mime_message_dup_preview (CachetMimeMessage *self, guint max_chars);

G_END_DECLS
