#pragma once

#include "cachet-base-types.h"
#include "cachet-list-types.h"
#include "cachet-store-types.h"

G_BEGIN_DECLS

/* The entries of a message list in their order, and the changes of it told run by run.
 *
 * While a change is being told the order is the new head followed by what is left of the old one,
 * so that at each call of the listener exactly what has been told so far is to be seen; the whole
 * change still costs one pass over the array. */
typedef struct _CachetEntryOrder CachetEntryOrder;

/* @removed entries at @position gave way to @added ones. The listener must not change the order. */
typedef void (*CachetEntryOrderFunc) (guint position,
                                      guint removed,
                                      guint added,
                                      gpointer user_data);
/* An entry's flags changed. */
typedef void (*CachetEntryOrderFlagsFunc) (guint position, gpointer user_data);
typedef gboolean (*CachetEntryOrderKeepFunc) (const CachetListEntry *entry, gpointer user_data);
/* Same entries in a new order: new_order[new position] = old position. */
typedef void (*CachetEntryOrderReorderFunc) (guint32 *new_order, guint n, gpointer user_data);

CachetEntryOrder *cachet_entry_order_new (CachetEntryOrderFunc func, gpointer user_data);
void cachet_entry_order_free (CachetEntryOrder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetEntryOrder, cachet_entry_order_free)

guint cachet_entry_order_get_length (const CachetEntryOrder *self);
const CachetListEntry *cachet_entry_order_get (const CachetEntryOrder *self, guint position);
/* Position of the entry with that id, or -1. */
gint64 cachet_entry_order_find_id (const CachetEntryOrder *self, gint64 id);
gint64 cachet_entry_order_find_uid (const CachetEntryOrder *self, guint32 uid);

/* Merges @added (any order; sorted by this call) into the order, which is that of
 * cachet_list_order_compare(); not for keys that need the text. O(n + m log m). */
void cachet_entry_order_merge (CachetEntryOrder *self,
                               GArray *added,
                               CachetSortKey key,
                               gboolean descending);
/* Takes out the entries that @keep refuses. */
void cachet_entry_order_filter (CachetEntryOrder *self,
                                CachetEntryOrderKeepFunc keep,
                                gpointer user_data);
/* Sets flags by uid; @flags: guint32 uid -> CachetMessageFlags (GUINT_TO_POINTER both). @func is
 * told of each entry that changed. */
void cachet_entry_order_set_flags (CachetEntryOrder *self,
                                   GHashTable *flags,
                                   CachetEntryOrderFlagsFunc func,
                                   gpointer user_data);
/* Makes the order exactly @fresh: tells of what went, then, when the rest stands in another order,
 * @reorder, then of what came. Flags are taken over; @changed is told of them, last. */
void cachet_entry_order_adopt (CachetEntryOrder *self,
                               GArray *fresh,
                               CachetEntryOrderReorderFunc reorder,
                               CachetEntryOrderFlagsFunc changed,
                               gpointer user_data);

G_END_DECLS
