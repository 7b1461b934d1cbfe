#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CachetImapValueKind:
 * @CACHET_IMAP_VALUE_NONE: what a %NULL value is
 * @CACHET_IMAP_VALUE_ATOM: a word, flag, number or section such as `BODY[HEADER.FIELDS (FROM)]<0>`
 * @CACHET_IMAP_VALUE_QUOTED: a quoted string, its backslashes removed
 * @CACHET_IMAP_VALUE_LITERAL: a literal that stands in memory
 * @CACHET_IMAP_VALUE_STREAMED: a literal whose bytes went to the literal functions of the parser or
 * were discarded; only its length is known
 * @CACHET_IMAP_VALUE_NIL: NIL; its bytes are still there (a mailbox may be called nil)
 * @CACHET_IMAP_VALUE_LIST: a parenthesized list
 */
typedef enum {
  CACHET_IMAP_VALUE_NONE,
  CACHET_IMAP_VALUE_ATOM,
  CACHET_IMAP_VALUE_QUOTED,
  CACHET_IMAP_VALUE_LITERAL,
  CACHET_IMAP_VALUE_STREAMED,
  CACHET_IMAP_VALUE_NIL,
  CACHET_IMAP_VALUE_LIST,
} CachetImapValueKind;

/**
 * CachetImapValue:
 *
 * A node of the tree that a response carries. It belongs to its CachetImapResponse and lives as
 * long as that. Every function here takes %NULL for "no such value", so that extractors can ask for
 * the third child of the second child without looking at each step.
 */
typedef struct _CachetImapValue CachetImapValue;

CachetImapValueKind cachet_imap_value_get_kind (const CachetImapValue *self);
gboolean cachet_imap_value_is_list (const CachetImapValue *self);
/* Atom, quoted string or literal in memory: something with bytes. NIL and lists are not. */
gboolean cachet_imap_value_is_string (const CachetImapValue *self);
gboolean cachet_imap_value_is_nil (const CachetImapValue *self);

/* The bytes of a string or of NIL, not NUL-terminated, owned by the response. %NULL and length 0
 * for lists, streamed literals and %NULL. */
const char *cachet_imap_value_get_bytes (const CachetImapValue *self, gsize *length);
/* Bytes of a string, streamed ones included; 0 otherwise. */
guint64 cachet_imap_value_get_length (const CachetImapValue *self);
/* (nullable) (transfer full): a string as C string (NUL bytes inside become '?'; any charset);
 * %NULL for NIL, lists and streamed literals. */
char *cachet_imap_value_dup_string (const CachetImapValue *self);
/* Whether a string or NIL is @word, ASCII letters compared without case. */
gboolean cachet_imap_value_is (const CachetImapValue *self, const char *word);
/* Whether a string starts with @prefix, ASCII letters compared without case. */
gboolean cachet_imap_value_has_prefix (const CachetImapValue *self, const char *prefix);
/* A string of decimal digits up to 2^64-1, however quoted. %FALSE leaves @number alone. */
gboolean cachet_imap_value_get_number (const CachetImapValue *self, guint64 *number);
/* The same within 32 bits. */
gboolean cachet_imap_value_get_number32 (const CachetImapValue *self, guint32 *number);

/* Children of a list, in order; %NULL where there is none, or for anything but a list. The n-th
 * child costs n steps: walk with first and next. */
guint cachet_imap_value_get_n_children (const CachetImapValue *self);
const CachetImapValue *cachet_imap_value_get_first_child (const CachetImapValue *self);
const CachetImapValue *cachet_imap_value_get_child (const CachetImapValue *self, guint index);
/* The following sibling. */
const CachetImapValue *cachet_imap_value_get_next (const CachetImapValue *self);

G_END_DECLS
