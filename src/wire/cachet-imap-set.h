#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* A sequence set or UID set (RFC 9051 §9 sequence-set) as sorted, disjoint ranges. Ranges are never
 * expanded: "7:4294967295" is one range. Boxed, copied by value. */
typedef struct _CachetImapSet CachetImapSet;

typedef struct
{
  guint32 first;
  guint32 last;
} CachetImapRange;

#define CACHET_TYPE_IMAP_SET (cachet_imap_set_get_type ())
GType cachet_imap_set_get_type (void) G_GNUC_CONST;

CachetImapSet *cachet_imap_set_new (void);
CachetImapSet *cachet_imap_set_copy (const CachetImapSet *self);
void cachet_imap_set_free (CachetImapSet *self);
/* Parses "1,3:5,9:*"; '*' becomes 2^32-1. %NULL on anything else, on 0, and on numbers over 2^32-1.
 */
CachetImapSet *cachet_imap_set_parse (const char *text, gssize length);
char *cachet_imap_set_to_string (const CachetImapSet *self);
void cachet_imap_set_add (CachetImapSet *self, guint32 number);
void cachet_imap_set_add_range (CachetImapSet *self, guint32 first, guint32 last);
void cachet_imap_set_add_set (CachetImapSet *self, const CachetImapSet *other);
gboolean cachet_imap_set_contains (const CachetImapSet *self, guint32 number);
gboolean cachet_imap_set_is_empty (const CachetImapSet *self);
/* Number of members, as if expanded. */
guint64 cachet_imap_set_get_size (const CachetImapSet *self);
guint cachet_imap_set_get_n_ranges (const CachetImapSet *self);
CachetImapRange cachet_imap_set_get_range (const CachetImapSet *self, guint index);
guint32 cachet_imap_set_get_max (const CachetImapSet *self);
guint32 cachet_imap_set_get_min (const CachetImapSet *self);
/* Splits into strings each at most @max_bytes long, so that a command line stays within the
 * server's limit. */
char **cachet_imap_set_to_strings (const CachetImapSet *self, gsize max_bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetImapSet, cachet_imap_set_free)

G_END_DECLS
