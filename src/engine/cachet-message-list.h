#pragma once

#include "cachet-engine-types.h"
#include "cachet-list-types.h"

G_BEGIN_DECLS

/**
 * CachetMessageList:
 *
 * A GListModel of CachetMessageRow over one folder: 24 bytes a message in memory, row strings read
 * in pages of CACHET_MESSAGE_LIST_PAGE around what is asked for. Kept in step by the engine;
 * items-changed is emitted at most once a frame. Properties: "loading" (first fill from the cache),
 * "sort-key", "descending", "filter". Signals: "row-changed" (guint position): strings arrived or
 * flags changed. "reordered" (gpointer guint32 *new_order, guint n): same items in a new order,
 * new_order[new position] = old position (as GtkTreeModel::rows-reordered wants it); items-changed
 * is not emitted for it.
 */
#define CACHET_TYPE_MESSAGE_LIST (cachet_message_list_get_type ())
G_DECLARE_FINAL_TYPE (CachetMessageList, cachet_message_list, CACHET, MESSAGE_LIST, GObject)

#define CACHET_MESSAGE_LIST_PAGE 100

CachetFolder *cachet_message_list_get_folder (CachetMessageList *self);
guint cachet_message_list_get_n_messages (CachetMessageList *self);
gboolean cachet_message_list_is_loading (CachetMessageList *self);
/* Numbers and flags without making a row object; @position must be in range. */
const CachetListEntry *cachet_message_list_get_entry (CachetMessageList *self, guint position);
/* Row at @position, starting the read of its page when it is not there. (transfer none): kept by
 * the list's cache at least until the next main-loop turn; take a reference to keep it. */
CachetMessageRow *cachet_message_list_peek_row (CachetMessageList *self, guint position);
/* Position of the message with that id, or -1. */
gint64 cachet_message_list_find_id (CachetMessageList *self, gint64 id);
void cachet_message_list_set_sort (CachetMessageList *self, CachetSortKey key, gboolean descending);
CachetSortKey cachet_message_list_get_sort_key (CachetMessageList *self);
gboolean cachet_message_list_get_descending (CachetMessageList *self);
/* @filter: (nullable): only messages that have these words */
void cachet_message_list_set_filter (CachetMessageList *self, const char *filter);

G_END_DECLS
