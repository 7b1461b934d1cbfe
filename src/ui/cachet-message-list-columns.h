#pragma once

#include <gtk/gtk.h>

#include "cachet-list-types.h"

G_BEGIN_DECLS

/* Adds the columns of the message list to @view, with their widths as kept in the settings. A
 * column's sort key is read by cachet_message_list_columns_get_key(). The tree's model must be a
 * CachetListTreeModel. */
void cachet_message_list_columns_add (GtkTreeView *view);
/* FALSE for a column that is not one of ours. */
gboolean cachet_message_list_columns_get_key (GtkTreeViewColumn *column, CachetSortKey *key);
/* Shows by which column, and in which direction, the list is sorted. */
void
cachet_message_list_columns_show_sort (GtkTreeView *view, CachetSortKey key, gboolean descending);
/* "From", or "To" for folders of mail that the user wrote. */
void cachet_message_list_columns_set_shows_to (GtkTreeView *view, gboolean shows_to);
/* Leaves out what a list of @width pixels has no room for: the size, the star, the
 * attachment, the date. */
void cachet_message_list_columns_fit (GtkTreeView *view, int width);
/* Writes the widths to the settings. */
void cachet_message_list_columns_keep_widths (GtkTreeView *view);

G_END_DECLS
