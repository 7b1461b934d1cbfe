#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-message-list-view.h"

#include "cachet-folder.h"
#include "cachet-list-tree-model.h"
#include "cachet-message-list-columns.h"
#include "cachet-ui-settings.h"

#include <glib/gi18n.h>
#include <handy.h>

#define SETTING_SORT_KEY "sort-column" /* its values are those of CachetSortKey */
#define SETTING_DESCENDING "sort-descending"

struct _CachetMessageListView
{
  GtkBox parent_instance;

  GtkSearchBar *search_bar;
  GtkSearchEntry *search_entry;
  GtkStack *stack;
  GtkTreeView *view;
  HdyStatusPage *empty_page;
  GtkTreeSelection *selection;

  CachetMessageList *list;
  CachetListTreeModel *model;
  GMenuModel *menu;
  GHashTable *last_ids; /* folder id → id of the message selected there last */
  gint64 reset_id;      /* message to select again after a reset, 0 for none */
  gboolean resetting;
  guint selection_id;
  gint64 fallback; /* where a selected row was that has gone, else -1 */
  guint fit_id;
  guint top_id; /* the view stays at its top while newer messages come */
};

enum {
  SIGNAL_SELECTION_CHANGED,
  SIGNAL_ROW_ACTIVATED,
  SIGNAL_STAR_CLICKED,
  SIGNAL_FILTER_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CachetMessageListView, cachet_message_list_view, GTK_TYPE_BOX)

static CachetMessageRow *
row_at_path (CachetMessageListView *self, GtkTreePath *path)
{
  GtkTreeIter iter;

  if (self->model == NULL || !gtk_tree_model_get_iter (GTK_TREE_MODEL (self->model), &iter, path))
    return NULL;
  return cachet_list_tree_model_get_row (self->model, &iter);
}

static void
show_state (CachetMessageListView *self)
{
  guint n = self->list != NULL ? cachet_message_list_get_n_messages (self->list) : 0;
  CachetFolder *folder = self->list != NULL ? cachet_message_list_get_folder (self->list) : NULL;

  if (n > 0)
    {
      gtk_stack_set_visible_child_name (self->stack, "list");
      return;
    }
  if (self->list != NULL && (cachet_message_list_is_loading (self->list) ||
                             (folder != NULL && cachet_folder_is_syncing (folder))))
    {
      gtk_stack_set_visible_child_name (self->stack, "loading");
      return;
    }
  if (self->list == NULL)
    {
      hdy_status_page_set_icon_name (self->empty_page, "folder-symbolic");
      hdy_status_page_set_title (self->empty_page, _ ("No folder selected"));
      hdy_status_page_set_description (self->empty_page,
                                       _ ("Choose a folder to see its messages."));
    }
  else if (cachet_message_list_view_is_searching (self))
    {
      hdy_status_page_set_icon_name (self->empty_page, "edit-find-symbolic");
      hdy_status_page_set_title (self->empty_page, _ ("Nothing found"));
      hdy_status_page_set_description (
        self->empty_page, _ ("No message in this folder has these words. Esc ends the search."));
    }
  else
    {
      hdy_status_page_set_icon_name (self->empty_page, "cachet-inbox-symbolic");
      hdy_status_page_set_title (self->empty_page, _ ("No messages"));
      hdy_status_page_set_description (self->empty_page, _ ("This folder is empty."));
    }
  gtk_stack_set_visible_child_name (self->stack, "empty");
}

static void
remember_selection (CachetMessageListView *self)
{
  CachetMessageRow *row = cachet_message_list_view_get_single_row (self);
  CachetFolder *folder = self->list != NULL ? cachet_message_list_get_folder (self->list) : NULL;

  gint64 key;
  gint64 value;

  if (row == NULL || folder == NULL)
    return;
  key = cachet_folder_get_id (folder);
  value = cachet_message_row_get_id (row);
  g_hash_table_replace (self->last_ids, g_memdup2 (&key, sizeof key),
                        g_memdup2 (&value, sizeof value));
}

static void
select_position (CachetMessageListView *self, guint position, gboolean scroll)
{
  g_autoptr (GtkTreePath) path = gtk_tree_path_new_from_indices (position, -1);

  gtk_tree_view_set_cursor (self->view, path, NULL, FALSE);
  if (scroll)
    gtk_tree_view_scroll_to_cell (self->view, path, NULL, FALSE, 0, 0);
}

/* The message that follows one that was deleted or moved away takes its place, except among the
 * results of a search. TRUE when another is selected now: its own change is told then. */
static gboolean
select_fallback (CachetMessageListView *self)
{
  gint64 fallback = self->fallback;
  guint n = self->list != NULL ? cachet_message_list_get_n_messages (self->list) : 0;

  self->fallback = -1;
  if (fallback < 0 || n == 0 || cachet_message_list_view_is_searching (self) ||
      gtk_tree_selection_count_selected_rows (self->selection) > 0)
    return FALSE;
  select_position (self, MIN (fallback, (gint64)n - 1), FALSE);
  return TRUE;
}

static gboolean
stay_at_top_cb (gpointer user_data)
{
  CachetMessageListView *self = user_data;
  g_autoptr (GtkTreePath) first = gtk_tree_path_new_first ();

  self->top_id = 0;
  if (self->model != NULL && cachet_message_list_get_n_messages (self->list) > 0)
    gtk_tree_view_scroll_to_cell (self->view, first, NULL, TRUE, 0, 0);
  return G_SOURCE_REMOVE;
}

/* A tree view keeps the row at its upper edge where it is; at the very top the person wants to see
 * what comes in. Also before the view hears of it. */
static void
row_inserted_cb (CachetMessageListView *self)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view));

  if (self->top_id != 0 || gtk_adjustment_get_value (adjustment) > 0)
    return;
  self->top_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, stay_at_top_cb, self, NULL);
  g_source_set_name_by_id (self->top_id, "[cachet] stay at top");
}

/* Comes before the view hears of it, so it still knows whether the row is selected. */
static void
row_deleted_cb (CachetMessageListView *self, GtkTreePath *path)
{
  if (gtk_tree_selection_path_is_selected (self->selection, path))
    self->fallback = gtk_tree_path_get_indices (path)[0];
}

static gboolean
emit_selection_cb (gpointer user_data)
{
  CachetMessageListView *self = user_data;

  self->selection_id = 0;
  if (select_fallback (self))
    return G_SOURCE_REMOVE;
  remember_selection (self);
  g_signal_emit (self, signals[SIGNAL_SELECTION_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

/* A range selection or a deletion changes the selection many times in one turn; the message pane
 * should see only the last of them. */
static void
selection_changed_cb (CachetMessageListView *self)
{
  if (self->resetting || self->selection_id != 0)
    return;
  self->selection_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, emit_selection_cb, self, NULL);
  g_source_set_name_by_id (self->selection_id, "[cachet] selection changed");
}

/* The list has already changed when this comes: positions mean other messages now. What was
 * selected last in this folder is known by its id. */
static void
begin_reset_cb (CachetMessageListView *self)
{
  CachetFolder *folder = cachet_message_list_get_folder (self->list);
  gint64 key = folder != NULL ? cachet_folder_get_id (folder) : 0;
  gint64 *last = g_hash_table_lookup (self->last_ids, &key);
  gboolean had_selection = gtk_tree_selection_count_selected_rows (self->selection) > 0;

  self->resetting = TRUE;
  self->reset_id = last != NULL && had_selection ? *last : 0;
  gtk_tree_view_set_model (self->view, NULL);
}

static void
end_reset_cb (CachetMessageListView *self)
{
  self->resetting = FALSE;
  gtk_tree_view_set_model (self->view, GTK_TREE_MODEL (self->model));
  if (self->reset_id != 0)
    cachet_message_list_view_select_id (self, self->reset_id);
  selection_changed_cb (self);
}

static void
list_changed_cb (CachetMessageListView *self)
{
  show_state (self);
}

static void
keep_sort (CachetMessageListView *self)
{
  GSettings *settings = cachet_ui_settings_get ();

  if (settings == NULL)
    return;
  g_settings_set_enum (settings, SETTING_SORT_KEY, cachet_message_list_get_sort_key (self->list));
  g_settings_set_boolean (settings, SETTING_DESCENDING,
                          cachet_message_list_get_descending (self->list));
}

static void
apply_kept_sort (CachetMessageListView *self)
{
  GSettings *settings = cachet_ui_settings_get ();
  CachetSortKey key = CACHET_SORT_DATE;
  gboolean descending = TRUE;

  if (settings != NULL)
    {
      key = g_settings_get_enum (settings, SETTING_SORT_KEY);
      descending = g_settings_get_boolean (settings, SETTING_DESCENDING);
    }
  if (cachet_message_list_get_sort_key (self->list) != key ||
      cachet_message_list_get_descending (self->list) != descending)
    cachet_message_list_set_sort (self->list, key, descending);
  cachet_message_list_columns_show_sort (self->view, key, descending);
}

static void
column_clicked_cb (CachetMessageListView *self, GtkTreeViewColumn *column)
{
  CachetSortKey key;
  gboolean descending;

  if (self->list == NULL || !cachet_message_list_columns_get_key (column, &key))
    return;
  if (cachet_message_list_get_sort_key (self->list) == key)
    descending = !cachet_message_list_get_descending (self->list);
  else
    descending = key != CACHET_SORT_SUBJECT && key != CACHET_SORT_FROM;
  cachet_message_list_set_sort (self->list, key, descending);
  cachet_message_list_columns_show_sort (self->view, key, descending);
  keep_sort (self);
}

static void
row_activated_cb (CachetMessageListView *self, GtkTreePath *path)
{
  CachetMessageRow *row = row_at_path (self, path);

  if (row != NULL)
    g_signal_emit (self, signals[SIGNAL_ROW_ACTIVATED], 0, row);
}

static void
popup_menu (CachetMessageListView *self, const GdkEvent *event)
{
  GtkWidget *menu;

  if (self->menu == NULL)
    return;
  menu = gtk_menu_new_from_model (self->menu);
  gtk_menu_attach_to_widget (GTK_MENU (menu), GTK_WIDGET (self->view), NULL);
  g_signal_connect (menu, "selection-done", G_CALLBACK (gtk_widget_destroy), NULL);
  if (event != NULL)
    gtk_menu_popup_at_pointer (GTK_MENU (menu), event);
  else
    gtk_menu_popup_at_widget (GTK_MENU (menu), GTK_WIDGET (self->view), GDK_GRAVITY_CENTER,
                              GDK_GRAVITY_NORTH_WEST, NULL);
}

static gboolean
button_press_cb (CachetMessageListView *self, GdkEventButton *event)
{
  g_autoptr (GtkTreePath) path = NULL;
  GtkTreeViewColumn *column;
  CachetSortKey key;

  if (event->window != gtk_tree_view_get_bin_window (self->view) ||
      !gtk_tree_view_get_path_at_pos (self->view, (int)event->x, (int)event->y, &path, &column,
                                      NULL, NULL))
    return GDK_EVENT_PROPAGATE;
  if (gdk_event_triggers_context_menu ((GdkEvent *)event))
    {
      if (!gtk_tree_selection_path_is_selected (self->selection, path))
        gtk_tree_view_set_cursor (self->view, path, NULL, FALSE);
      gtk_widget_grab_focus (GTK_WIDGET (self->view));
      popup_menu (self, (GdkEvent *)event);
      return GDK_EVENT_STOP;
    }
  if (event->type == GDK_BUTTON_PRESS && event->button == GDK_BUTTON_PRIMARY &&
      cachet_message_list_columns_get_key (column, &key) && key == CACHET_SORT_FLAGGED)
    {
      CachetMessageRow *row = row_at_path (self, path);

      if (row != NULL)
        g_signal_emit (self, signals[SIGNAL_STAR_CLICKED], 0, row);
      return GDK_EVENT_STOP;
    }
  return GDK_EVENT_PROPAGATE;
}

static gboolean
popup_menu_cb (CachetMessageListView *self)
{
  popup_menu (self, NULL);
  return TRUE;
}

static void
search_changed_cb (CachetMessageListView *self)
{
  const char *text = gtk_entry_get_text (GTK_ENTRY (self->search_entry));

  if (self->list == NULL)
    return;
  cachet_message_list_set_filter (self->list, *text != '\0' ? text : NULL);
  show_state (self);
  g_signal_emit (self, signals[SIGNAL_FILTER_CHANGED], 0);
}

static void
stop_search_cb (CachetMessageListView *self)
{
  cachet_message_list_view_end_search (self);
  cachet_message_list_view_focus (self);
}

static gboolean
search_key_press_cb (CachetMessageListView *self, GdkEventKey *event)
{
  if (event->keyval != GDK_KEY_Down && event->keyval != GDK_KEY_Return)
    return GDK_EVENT_PROPAGATE;
  cachet_message_list_view_focus (self);
  return GDK_EVENT_STOP;
}

static void
release_list (CachetMessageListView *self)
{
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  if (self->list != NULL)
    {
      CachetFolder *folder = cachet_message_list_get_folder (self->list);

      g_signal_handlers_disconnect_by_data (self->list, self);
      if (folder != NULL)
        g_signal_handlers_disconnect_by_data (folder, self);
      cachet_message_list_set_filter (self->list, NULL);
    }
  if (self->view != NULL)
    gtk_tree_view_set_model (self->view, NULL);
  g_clear_object (&self->model);
  g_clear_object (&self->list);
}

static gboolean
fit_cb (gpointer user_data)
{
  CachetMessageListView *self = user_data;

  self->fit_id = 0;
  cachet_message_list_columns_fit (self->view, gtk_widget_get_allocated_width (GTK_WIDGET (self)));
  return G_SOURCE_REMOVE;
}

static void
cachet_message_list_view_size_allocate (GtkWidget *widget, GtkAllocation *allocation)
{
  CachetMessageListView *self = CACHET_MESSAGE_LIST_VIEW (widget);
  int old_width = gtk_widget_get_allocated_width (widget);

  GTK_WIDGET_CLASS (cachet_message_list_view_parent_class)->size_allocate (widget, allocation);
  /* Columns may not come or go while sizes are being given out. */
  if (allocation->width == old_width || self->fit_id != 0)
    return;
  self->fit_id = g_idle_add_full (GDK_PRIORITY_REDRAW - 1, fit_cb, self, NULL);
  g_source_set_name_by_id (self->fit_id, "[cachet] fit columns");
}

static void
cachet_message_list_view_unmap (GtkWidget *widget)
{
  cachet_message_list_columns_keep_widths (CACHET_MESSAGE_LIST_VIEW (widget)->view);
  GTK_WIDGET_CLASS (cachet_message_list_view_parent_class)->unmap (widget);
}

static void
cachet_message_list_view_dispose (GObject *object)
{
  CachetMessageListView *self = CACHET_MESSAGE_LIST_VIEW (object);

  release_list (self);
  g_clear_handle_id (&self->selection_id, g_source_remove);
  g_clear_handle_id (&self->fit_id, g_source_remove);
  g_clear_handle_id (&self->top_id, g_source_remove);
  g_clear_pointer (&self->last_ids, g_hash_table_unref);
  g_clear_object (&self->menu);
  G_OBJECT_CLASS (cachet_message_list_view_parent_class)->dispose (object);
  self->view = NULL;
}

static void
cachet_message_list_view_class_init (CachetMessageListViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cachet_message_list_view_dispose;
  widget_class->size_allocate = cachet_message_list_view_size_allocate;
  widget_class->unmap = cachet_message_list_view_unmap;

  signals[SIGNAL_SELECTION_CHANGED] = g_signal_new ("selection-changed", type, G_SIGNAL_RUN_LAST, 0,
                                                    NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_ROW_ACTIVATED] =
    g_signal_new ("row-activated", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                  CACHET_TYPE_MESSAGE_ROW);
  signals[SIGNAL_STAR_CLICKED] = g_signal_new ("star-clicked", type, G_SIGNAL_RUN_LAST, 0, NULL,
                                               NULL, NULL, G_TYPE_NONE, 1, CACHET_TYPE_MESSAGE_ROW);
  signals[SIGNAL_FILTER_CHANGED] =
    g_signal_new ("filter-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/cachetmail/Cachet/ui/cachet-message-list-view.ui");
  gtk_widget_class_bind_template_child (widget_class, CachetMessageListView, search_bar);
  gtk_widget_class_bind_template_child (widget_class, CachetMessageListView, search_entry);
  gtk_widget_class_bind_template_child (widget_class, CachetMessageListView, stack);
  gtk_widget_class_bind_template_child (widget_class, CachetMessageListView, view);
  gtk_widget_class_bind_template_child (widget_class, CachetMessageListView, selection);
  gtk_widget_class_bind_template_child (widget_class, CachetMessageListView, empty_page);
  gtk_widget_class_bind_template_callback (widget_class, selection_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, button_press_cb);
  gtk_widget_class_bind_template_callback (widget_class, popup_menu_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_key_press_cb);
}

static void
cachet_message_list_view_init (CachetMessageListView *self)
{
  g_autoptr (GList) columns = NULL;
  GList *l;

  self->fallback = -1;
  self->last_ids = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  cachet_message_list_columns_add (self->view);
  columns = gtk_tree_view_get_columns (self->view);
  for (l = columns; l != NULL; l = l->next)
    g_signal_connect_object (l->data, "clicked", G_CALLBACK (column_clicked_cb), self,
                             G_CONNECT_SWAPPED);
  /* Only now: fixed-height mode wants every column to have a fixed width. */
  gtk_tree_view_set_fixed_height_mode (self->view, TRUE);
  gtk_search_bar_connect_entry (self->search_bar, GTK_ENTRY (self->search_entry));
  show_state (self);
}

CachetMessageListView *
cachet_message_list_view_new (void)
{
  return g_object_new (CACHET_TYPE_MESSAGE_LIST_VIEW, NULL);
}

static void
select_remembered (CachetMessageListView *self, CachetFolder *folder)
{
  gint64 key = cachet_folder_get_id (folder);
  gint64 *id = g_hash_table_lookup (self->last_ids, &key);

  if (id != NULL)
    cachet_message_list_view_select_id (self, *id);
}

void
cachet_message_list_view_set_list (CachetMessageListView *self, CachetMessageList *list)
{
  CachetFolder *folder;

  g_return_if_fail (CACHET_IS_MESSAGE_LIST_VIEW (self));
  if (list == self->list)
    return;
  cachet_message_list_view_end_search (self);
  release_list (self);
  self->fallback = -1;
  if (list != NULL)
    {
      CachetFolderRole role;

      self->list = g_object_ref (list);
      apply_kept_sort (self);
      self->model = cachet_list_tree_model_new (list);
      folder = cachet_message_list_get_folder (list);
      role = folder != NULL ? cachet_folder_get_role (folder) : CACHET_FOLDER_ROLE_NONE;
      cachet_message_list_columns_set_shows_to (self->view, role == CACHET_FOLDER_ROLE_SENT ||
                                                              role == CACHET_FOLDER_ROLE_DRAFTS);
      g_signal_connect_swapped (self->model, "row-inserted", G_CALLBACK (row_inserted_cb), self);
      g_signal_connect_swapped (self->model, "row-deleted", G_CALLBACK (row_deleted_cb), self);
      g_signal_connect_swapped (self->model, "begin-reset", G_CALLBACK (begin_reset_cb), self);
      g_signal_connect_swapped (self->model, "end-reset", G_CALLBACK (end_reset_cb), self);
      g_signal_connect_swapped (list, "items-changed", G_CALLBACK (list_changed_cb), self);
      g_signal_connect_swapped (list, "notify::loading", G_CALLBACK (list_changed_cb), self);
      gtk_tree_view_set_model (self->view, GTK_TREE_MODEL (self->model));
      if (folder != NULL)
        {
          g_signal_connect_swapped (folder, "notify::syncing", G_CALLBACK (list_changed_cb), self);
          select_remembered (self, folder);
        }
    }
  show_state (self);
  selection_changed_cb (self);
}

CachetMessageList *
cachet_message_list_view_get_list (CachetMessageListView *self)
{
  g_return_val_if_fail (CACHET_IS_MESSAGE_LIST_VIEW (self), NULL);
  return self->list;
}

static void
collect_row_cb (GtkTreeModel *model, GtkTreePath *path, GtkTreeIter *iter, gpointer user_data)
{
  CachetMessageRow *row = cachet_list_tree_model_get_row (CACHET_LIST_TREE_MODEL (model), iter);

  if (row != NULL)
    g_ptr_array_add (user_data, g_object_ref (row));
}

GPtrArray *
cachet_message_list_view_dup_selected_rows (CachetMessageListView *self)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_val_if_fail (CACHET_IS_MESSAGE_LIST_VIEW (self), rows);
  if (self->model != NULL)
    gtk_tree_selection_selected_foreach (self->selection, collect_row_cb, rows);
  return rows;
}

guint
cachet_message_list_view_get_n_selected (CachetMessageListView *self)
{
  g_return_val_if_fail (CACHET_IS_MESSAGE_LIST_VIEW (self), 0);
  return self->model != NULL ? gtk_tree_selection_count_selected_rows (self->selection) : 0;
}

CachetMessageRow *
cachet_message_list_view_get_single_row (CachetMessageListView *self)
{
  GList *paths;
  CachetMessageRow *row = NULL;

  g_return_val_if_fail (CACHET_IS_MESSAGE_LIST_VIEW (self), NULL);
  if (cachet_message_list_view_get_n_selected (self) != 1)
    return NULL;
  paths = gtk_tree_selection_get_selected_rows (self->selection, NULL);
  if (paths != NULL)
    row = row_at_path (self, paths->data);
  g_list_free_full (paths, (GDestroyNotify)gtk_tree_path_free);
  return row;
}

void
cachet_message_list_view_select_relative (CachetMessageListView *self, int delta)
{
  g_autoptr (GtkTreePath) cursor = NULL;
  int n;
  int position;

  g_return_if_fail (CACHET_IS_MESSAGE_LIST_VIEW (self));
  n = self->list != NULL ? (int)cachet_message_list_get_n_messages (self->list) : 0;
  if (n == 0)
    return;
  gtk_tree_view_get_cursor (self->view, &cursor, NULL);
  if (cursor != NULL && cachet_message_list_view_get_n_selected (self) > 0)
    position = CLAMP (gtk_tree_path_get_indices (cursor)[0] + delta, 0, n - 1);
  else
    position = delta > 0 ? 0 : n - 1;
  select_position (self, position, TRUE);
}

void
cachet_message_list_view_select_id (CachetMessageListView *self, gint64 id)
{
  gint64 position;

  g_return_if_fail (CACHET_IS_MESSAGE_LIST_VIEW (self));
  position = self->list != NULL ? cachet_message_list_find_id (self->list, id) : -1;
  if (position >= 0)
    select_position (self, position, TRUE);
}

void
cachet_message_list_view_select_all (CachetMessageListView *self)
{
  g_return_if_fail (CACHET_IS_MESSAGE_LIST_VIEW (self));
  gtk_tree_selection_select_all (self->selection);
}

void
cachet_message_list_view_focus (CachetMessageListView *self)
{
  g_return_if_fail (CACHET_IS_MESSAGE_LIST_VIEW (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

void
cachet_message_list_view_start_search (CachetMessageListView *self)
{
  g_return_if_fail (CACHET_IS_MESSAGE_LIST_VIEW (self));
  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

gboolean
cachet_message_list_view_end_search (CachetMessageListView *self)
{
  g_return_val_if_fail (CACHET_IS_MESSAGE_LIST_VIEW (self), FALSE);
  if (!gtk_search_bar_get_search_mode (self->search_bar))
    return FALSE;
  gtk_entry_set_text (GTK_ENTRY (self->search_entry), "");
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  search_changed_cb (self);
  return TRUE;
}

gboolean
cachet_message_list_view_is_searching (CachetMessageListView *self)
{
  g_return_val_if_fail (CACHET_IS_MESSAGE_LIST_VIEW (self), FALSE);
  return gtk_search_bar_get_search_mode (self->search_bar) &&
         gtk_entry_get_text_length (GTK_ENTRY (self->search_entry)) > 0;
}

void
cachet_message_list_view_set_single_click (CachetMessageListView *self, gboolean single_click)
{
  g_return_if_fail (CACHET_IS_MESSAGE_LIST_VIEW (self));
  gtk_tree_view_set_activate_on_single_click (self->view, single_click);
}

void
cachet_message_list_view_set_menu (CachetMessageListView *self, GMenuModel *menu)
{
  g_return_if_fail (CACHET_IS_MESSAGE_LIST_VIEW (self));
  g_set_object (&self->menu, menu);
}
