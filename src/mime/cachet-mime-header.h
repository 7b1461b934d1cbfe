#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How much of one field is looked at; the rest is left to the source view. */
#define CACHET_MIME_MAX_FIELD (256 * 1024)
#define CACHET_MIME_MAX_ADDRESS_FIELD (4 * 1024 * 1024)
#define CACHET_MIME_MAX_ADDRESSES 20000

/* A walk over the fields of a header block (RFC 5322 §2.2), over bytes that belong to the caller.
 * Lines end with CRLF or LF; a line that is no field and no continuation is passed over. */
typedef struct
{
  const char *position;
  const char *end;
} CachetHeaderWalk;

typedef struct
{
  const char *start; /* of the name */
  const char *name;
  gsize name_length;
  const char *value; /* with its folds, without the last line end */
  gsize value_length;
} CachetHeaderField;

void cachet_header_walk_init (CachetHeaderWalk *walk, const char *bytes, gsize length);
gboolean cachet_header_walk_next (CachetHeaderWalk *walk, CachetHeaderField *field);
gboolean cachet_header_field_is (const CachetHeaderField *field, const char *name);

/* Bytes of the header block, with the empty line that ends it: where the body starts. */
gsize cachet_header_block_length (const char *bytes, gsize length);

/* The first field of that name, unfolded, as UTF-8 with encoded words as they stand. (nullable) */
char *cachet_header_block_dup_field (const char *bytes, gsize length, const char *name);

/* The value without its folds, NUL-free UTF-8, encoded words not decoded; at most @max bytes. */
char *cachet_header_field_dup_unfolded (const CachetHeaderField *field, gsize max);

/* RFC 2047: every encoded word of @text decoded, also in places where the RFC forbids them and
 * mail has them. UTF-8, may have control characters: make them visible before anyone sees them. */
char *cachet_header_decode_words (const char *text);
/* The length of the encoded word at @text, or 0. */
gsize cachet_header_encoded_word_length (const char *text);
/* An unstructured field for people: unfolded, decoded, odd characters made visible, trimmed. */
char *cachet_header_field_dup_visible (const CachetHeaderField *field);

/* RFC 5322 §3.4, as loosely as mail needs: every mailbox in order, groups flattened, nothing
 * dropped (what is no address is kept as a name). @text is unfolded UTF-8.
 * (element-type CachetAddress) */
GPtrArray *cachet_header_parse_addresses (const char *text, gboolean *truncated);
/* The message ids in @text without <>. (element-type utf8) */
GPtrArray *cachet_header_parse_message_ids (const char *text);
/* Unix seconds, or G_MININT64. @offset_minutes: (out) (optional) */
gint64 cachet_header_parse_date (const char *text, int *offset_minutes);

G_END_DECLS
