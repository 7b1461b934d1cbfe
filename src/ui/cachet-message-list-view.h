#pragma once

#include <gtk/gtk.h>

#include "cachet-message-list.h"
#include "cachet-message-row.h"
#include "cachet-ui-types.h"

G_BEGIN_DECLS

/**
 * CachetMessageListView:
 *
 * The list of a folder's messages with its search entry and empty states.
 * Signals: "selection-changed" (at most once a main-loop turn); "row-activated" (CachetMessageRow):
 * Enter or a double click; "star-clicked" (CachetMessageRow); "filter-changed".
 */
#define CACHET_TYPE_MESSAGE_LIST_VIEW (cachet_message_list_view_get_type ())
G_DECLARE_FINAL_TYPE (
  CachetMessageListView, cachet_message_list_view, CACHET, MESSAGE_LIST_VIEW, GtkBox)

CachetMessageListView *cachet_message_list_view_new (void);
/* @list: (nullable). The search is ended; the message that was selected in that folder before is
 * selected again. */
void cachet_message_list_view_set_list (CachetMessageListView *self, CachetMessageList *list);
CachetMessageList *cachet_message_list_view_get_list (CachetMessageListView *self); /* (nullable) */
/* (element-type CachetMessageRow) (transfer full): never NULL, in list order */
GPtrArray *cachet_message_list_view_dup_selected_rows (CachetMessageListView *self);
guint cachet_message_list_view_get_n_selected (CachetMessageListView *self);
/* (nullable) (transfer none): the row, when exactly one is selected */
CachetMessageRow *cachet_message_list_view_get_single_row (CachetMessageListView *self);
/* Moves the selection by @delta rows and scrolls there. */
void cachet_message_list_view_select_relative (CachetMessageListView *self, int delta);
void cachet_message_list_view_select_id (CachetMessageListView *self, gint64 id);
void cachet_message_list_view_select_all (CachetMessageListView *self);
void cachet_message_list_view_focus (CachetMessageListView *self);
void cachet_message_list_view_start_search (CachetMessageListView *self);
/* TRUE when there was a search to end. */
gboolean cachet_message_list_view_end_search (CachetMessageListView *self);
gboolean cachet_message_list_view_is_searching (CachetMessageListView *self);
/* One click opens, as on a narrow window that shows one pane at a time. */
void cachet_message_list_view_set_single_click (CachetMessageListView *self, gboolean single_click);
/* Shown by right click and the menu key over the selection. */
void cachet_message_list_view_set_menu (CachetMessageListView *self, GMenuModel *menu);

G_END_DECLS
