#pragma once

#include "cachet-imap-response.h"

G_BEGIN_DECLS

/* Where a literal stands among the bytes of a response. */
typedef struct
{
  guint32 header; /* of the '{' */
  guint32 data;   /* of the byte after its line end */
  guint32 size;
  gboolean in_memory; /* else its bytes are not among those of the response */
} CachetImapLiteralSpan;

/* How the pieces of a response are told to the constructor: offsets count in @bytes or in @arena,
 * which holds NUL-terminated names and unescaped strings. */
typedef struct
{
  CachetImapResponseKind kind;
  CachetImapCondition condition;
  CachetImapKeyword keyword;
  CachetImapCode code;
  CachetImapFlaws flaws;
  gboolean has_number;
  guint32 number;
  guint64 n_wire_bytes;
  const char *bytes;
  guint32 n_bytes;
  guint32 text; /* in bytes; n_bytes for none */
  guint32 data; /* in bytes; n_bytes for none */
  GString *arena;
  guint32 tag; /* in arena, of a NUL for none, like the next two */
  guint32 keyword_name;
  guint32 code_name;
  GArray *nodes;             /* CachetImapValue */
  guint first_code_argument; /* index of node, or G_MAXUINT */
  guint first_value;
  const CachetImapLiteralSpan *literals;
  guint n_literals;
} CachetImapResponsePlan;

/* Copies everything into one block. */
CachetImapResponse *cachet_imap_response_new_from_plan (const CachetImapResponsePlan *plan);
/* The bytes of @value kept alive by a reference on the response. */
GBytes *cachet_imap_response_slice (const CachetImapResponse *self, const CachetImapValue *value);

/* Names, found by their text of @length bytes without regard to case. */
CachetImapCondition cachet_imap_condition_from_name (const char *name, gsize length);
CachetImapKeyword cachet_imap_keyword_from_name (const char *name, gsize length);
CachetImapCode cachet_imap_code_from_name (const char *name, gsize length);

G_END_DECLS
