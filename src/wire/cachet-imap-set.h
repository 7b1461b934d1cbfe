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
/* In any order, with repetitions; zeros are passed over. Cheap also for millions. */
CachetImapSet *cachet_imap_set_new_from_numbers (const guint32 *numbers, gsize n_numbers);
/* Parses "1,3:5,9:*"; '*' becomes 2^32-1. %NULL on anything else, on 0, and on numbers over 2^32-1.
 */
CachetImapSet *cachet_imap_set_parse (const char *text, gssize length);
/* "1,3:5". The largest number is written as 4294967295, never '*': in a command "500:*" would mean
 * the last message even where that is 400. */
char *cachet_imap_set_to_string (const CachetImapSet *self);
/* Numbers are 1 or more. To add many in no order collect them first: see new_from_numbers(). */
void cachet_imap_set_add (CachetImapSet *self, guint32 number);
void cachet_imap_set_add_range (CachetImapSet *self, guint32 first, guint32 last);
void cachet_imap_set_add_set (CachetImapSet *self, const CachetImapSet *other);
gboolean cachet_imap_set_contains (const CachetImapSet *self, guint32 number);
gboolean cachet_imap_set_is_empty (const CachetImapSet *self);
/* Number of members, as if expanded. */
guint64 cachet_imap_set_get_size (const CachetImapSet *self);
guint cachet_imap_set_get_n_ranges (const CachetImapSet *self);
CachetImapRange cachet_imap_set_get_range (const CachetImapSet *self, guint index);
/* The largest and the smallest member, 0 for an empty set. */
guint32 cachet_imap_set_get_max (const CachetImapSet *self);
guint32 cachet_imap_set_get_min (const CachetImapSet *self);
/* Splits into strings each at most @max_bytes long, so that a command line stays within the
 * server's limit. */
char **cachet_imap_set_to_strings (const CachetImapSet *self, gsize max_bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetImapSet, cachet_imap_set_free)

G_END_DECLS
