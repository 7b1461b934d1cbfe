#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-folder-tree.h"

#include "cachet-visible-text.h"

#include <glib/gi18n.h>

struct _CachetFolderTree
{
  GtkBin parent_instance;

  GtkTreeView *view;
  GtkTreeSelection *selection;
  GtkTreeStore *store;
  GMenuModel *folder_menu;
  GMenuModel *account_menu;

  CachetEngine *engine;
  GPtrArray *accounts;   /* CachetAccount whose signals we listen to */
  GHashTable *collapsed; /* paths and account ids that the user closed */
  GObject *selected;     /* (nullable): what the last selection-changed told */
  guint rebuild_id;
  gboolean rebuilding;
};

enum {
  COLUMN_OBJECT,
  N_COLUMNS,
};

enum {
  SIGNAL_SELECTION_CHANGED,
  SIGNAL_ROW_ACTIVATED,
  SIGNAL_REBUILT,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CachetFolderTree, cachet_folder_tree, GTK_TYPE_BIN)

static void queue_rebuild (CachetFolderTree *self);

const char *
cachet_folder_role_get_icon_name (CachetFolderRole role)
{
  switch (role)
    {
    case CACHET_FOLDER_ROLE_INBOX:
      return "cachet-inbox-symbolic";
    case CACHET_FOLDER_ROLE_DRAFTS:
      return "document-edit-symbolic";
    case CACHET_FOLDER_ROLE_SENT:
      return "mail-send-symbolic";
    case CACHET_FOLDER_ROLE_ARCHIVE:
      return "cachet-archive-symbolic";
    case CACHET_FOLDER_ROLE_JUNK:
      return "mail-mark-junk-symbolic";
    case CACHET_FOLDER_ROLE_TRASH:
      return "user-trash-symbolic";
    case CACHET_FOLDER_ROLE_FLAGGED:
      return "starred-symbolic";
    case CACHET_FOLDER_ROLE_ALL:
    case CACHET_FOLDER_ROLE_NONE:
    default:
      return "folder-symbolic";
    }
}

const char *
cachet_account_state_get_word (CachetAccountState state)
{
  switch (state)
    {
    case CACHET_ACCOUNT_STATE_LIVE:
      return C_ ("account state", "live");
    case CACHET_ACCOUNT_STATE_CONNECTING:
      return C_ ("account state", "connecting");
    case CACHET_ACCOUNT_STATE_NEEDS_YOU:
      return C_ ("account state", "needs you");
    case CACHET_ACCOUNT_STATE_OFFLINE:
    default:
      return C_ ("account state", "offline");
    }
}

static const char *
state_icon_name (CachetAccountState state)
{
  switch (state)
    {
    case CACHET_ACCOUNT_STATE_LIVE:
      return "cachet-state-live-symbolic";
    case CACHET_ACCOUNT_STATE_CONNECTING:
      return "cachet-state-connecting-symbolic";
    case CACHET_ACCOUNT_STATE_NEEDS_YOU:
      return "cachet-state-needs-you-symbolic";
    case CACHET_ACCOUNT_STATE_OFFLINE:
    default:
      return "cachet-state-offline-symbolic";
    }
}

static GObject *
dup_object (CachetFolderTree *self, GtkTreeIter *iter)
{
  GObject *object = NULL;

  gtk_tree_model_get (GTK_TREE_MODEL (self->store), iter, COLUMN_OBJECT, &object, -1);
  return object;
}

/* What the row's being open or closed is remembered by. */
static char *
row_key (GObject *object)
{
  if (CACHET_IS_FOLDER (object))
    return g_strdup_printf (
      "%s/%s", cachet_account_get_id (cachet_folder_get_account (CACHET_FOLDER (object))),
      cachet_folder_get_path (CACHET_FOLDER (object)));
  return g_strdup (cachet_account_get_id (CACHET_ACCOUNT (object)));
}

static void
icon_data_cb (GtkTreeViewColumn *column,
              GtkCellRenderer *cell,
              GtkTreeModel *model,
              GtkTreeIter *iter,
              gpointer user_data)
{
  g_autoptr (GObject) object = NULL;
  const char *icon = NULL;

  gtk_tree_model_get (model, iter, COLUMN_OBJECT, &object, -1);
  if (CACHET_IS_FOLDER (object))
    icon = cachet_folder_role_get_icon_name (cachet_folder_get_role (CACHET_FOLDER (object)));
  else if (CACHET_IS_ACCOUNT (object))
    icon = state_icon_name (cachet_account_get_state (CACHET_ACCOUNT (object)));
  g_object_set (cell, "icon-name", icon, NULL);
}

/* "alice@example.org" and, below it and smaller, "live": a state is never told by colour alone. */
static void
set_account_name (GtkCellRenderer *cell, CachetAccount *account)
{
  g_autofree char *visible = cachet_visible_text (cachet_account_get_label (account), -1, FALSE);
  g_autofree char *markup =
    g_markup_printf_escaped ("<b>%s</b>\n<small>%s</small>", visible,
                             cachet_account_state_get_word (cachet_account_get_state (account)));

  g_object_set (cell, "markup", markup, NULL);
}

static void
name_data_cb (GtkTreeViewColumn *column,
              GtkCellRenderer *cell,
              GtkTreeModel *model,
              GtkTreeIter *iter,
              gpointer user_data)
{
  g_autoptr (GObject) object = NULL;
  g_autofree char *visible = NULL;
  CachetFolder *folder;

  gtk_tree_model_get (model, iter, COLUMN_OBJECT, &object, -1);
  g_object_set (cell, "attributes", NULL, NULL);
  if (CACHET_IS_ACCOUNT (object))
    {
      g_object_set (cell, "weight-set", FALSE, "style-set", FALSE, NULL);
      set_account_name (cell, CACHET_ACCOUNT (object));
      return;
    }
  if (!CACHET_IS_FOLDER (object))
    return;
  folder = CACHET_FOLDER (object);
  visible = cachet_visible_text (cachet_folder_get_name (folder), -1, FALSE);
  g_object_set (
    cell, "text", visible, "weight",
    cachet_folder_get_unread (folder) > 0 ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL, "style",
    cachet_folder_is_selectable (folder) ? PANGO_STYLE_NORMAL : PANGO_STYLE_ITALIC, NULL);
}

/* Unread messages; in Drafts all of them, for each waits to be finished. */
static void
count_data_cb (GtkTreeViewColumn *column,
               GtkCellRenderer *cell,
               GtkTreeModel *model,
               GtkTreeIter *iter,
               gpointer user_data)
{
  g_autoptr (GObject) object = NULL;
  g_autofree char *text = NULL;
  guint count = 0;

  gtk_tree_model_get (model, iter, COLUMN_OBJECT, &object, -1);
  if (CACHET_IS_FOLDER (object))
    {
      CachetFolder *folder = CACHET_FOLDER (object);

      count = cachet_folder_get_role (folder) == CACHET_FOLDER_ROLE_DRAFTS
                ? cachet_folder_get_total (folder)
                : cachet_folder_get_unread (folder);
    }
  if (count > 0)
    text = g_strdup_printf ("%u", count);
  g_object_set (cell, "text", text != NULL ? text : "", NULL);
}

static void
add_column (CachetFolderTree *self)
{
  GtkTreeViewColumn *column = gtk_tree_view_column_new ();
  GtkCellRenderer *cell = gtk_cell_renderer_pixbuf_new ();

  g_object_set (cell, "xpad", 3, NULL);
  gtk_tree_view_column_pack_start (column, cell, FALSE);
  gtk_tree_view_column_set_cell_data_func (column, cell, icon_data_cb, NULL, NULL);

  cell = gtk_cell_renderer_text_new ();
  g_object_set (cell, "ellipsize", PANGO_ELLIPSIZE_END, "ypad", 5, "xpad", 3, NULL);
  gtk_tree_view_column_pack_start (column, cell, TRUE);
  gtk_tree_view_column_set_cell_data_func (column, cell, name_data_cb, NULL, NULL);

  cell = gtk_cell_renderer_text_new ();
  g_object_set (cell, "xalign", 1.0, "xpad", 6, "scale", 0.9, NULL);
  gtk_tree_view_column_pack_start (column, cell, FALSE);
  gtk_tree_view_column_set_cell_data_func (column, cell, count_data_cb, NULL, NULL);

  gtk_tree_view_column_set_title (column, _ ("Folders"));
  gtk_tree_view_append_column (self->view, column);
}

/* Whether a row for @object is there; then @found is it. */
static gboolean
find_iter (CachetFolderTree *self, GObject *object, GtkTreeIter *parent, GtkTreeIter *found)
{
  GtkTreeModel *model = GTK_TREE_MODEL (self->store);
  GtkTreeIter iter;
  gboolean valid = gtk_tree_model_iter_children (model, &iter, parent);

  for (; valid; valid = gtk_tree_model_iter_next (model, &iter))
    {
      g_autoptr (GObject) here = dup_object (self, &iter);

      if (here == object)
        {
          *found = iter;
          return TRUE;
        }
      if (find_iter (self, object, &iter, found))
        return TRUE;
    }
  return FALSE;
}

static void
object_notify_cb (CachetFolderTree *self, GParamSpec *pspec, GObject *object)
{
  GtkTreeModel *model = GTK_TREE_MODEL (self->store);
  g_autoptr (GtkTreePath) path = NULL;
  GtkTreeIter iter;

  if (g_str_equal (pspec->name, "path") || g_str_equal (pspec->name, "role"))
    {
      queue_rebuild (self);
      return;
    }
  if (!find_iter (self, object, NULL, &iter))
    return;
  path = gtk_tree_model_get_path (model, &iter);
  gtk_tree_model_row_changed (model, path, &iter);
}

static void
append_row (CachetFolderTree *self, GtkTreeIter *iter, GtkTreeIter *parent, gpointer object)
{
  gtk_tree_store_append (self->store, iter, parent);
  gtk_tree_store_set (self->store, iter, COLUMN_OBJECT, object, -1);
  g_signal_handlers_disconnect_by_data (object, self);
  g_signal_connect_swapped (object, "notify", G_CALLBACK (object_notify_cb), self);
}

/* Special folders stand at the top of their account whatever their path is; another folder stands
 * under the row of its parent path, or at the top when the server shows no such mailbox. */
static void
append_folders (CachetFolderTree *self, CachetAccount *account, GtkTreeIter *account_iter)
{
  GListModel *folders = cachet_account_get_folders (account);
  guint n = g_list_model_get_n_items (folders);
  g_autoptr (GHashTable) iters = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  guint i;

  for (i = 0; i < n; i++)
    {
      g_autoptr (CachetFolder) folder = g_list_model_get_item (folders, i);
      const char *parent_path = cachet_folder_get_parent_path (folder);
      GtkTreeIter *parent = NULL;
      GtkTreeIter iter;

      if (cachet_folder_get_role (folder) == CACHET_FOLDER_ROLE_NONE && parent_path != NULL)
        parent = g_hash_table_lookup (iters, parent_path);
      append_row (self, &iter, parent != NULL ? parent : account_iter, folder);
      g_hash_table_replace (iters, g_strdup (cachet_folder_get_path (folder)),
                            g_memdup2 (&iter, sizeof iter));
    }
}

static void
account_folders_changed_cb (CachetFolderTree *self)
{
  queue_rebuild (self);
}

static void
forget_accounts (CachetFolderTree *self)
{
  guint i;

  for (i = 0; i < self->accounts->len; i++)
    {
      CachetAccount *account = g_ptr_array_index (self->accounts, i);

      g_signal_handlers_disconnect_by_data (account, self);
      g_signal_handlers_disconnect_by_data (cachet_account_get_folders (account), self);
    }
  g_ptr_array_set_size (self->accounts, 0);
}

static gboolean
forget_row_cb (GtkTreeModel *model, GtkTreePath *path, GtkTreeIter *iter, gpointer user_data)
{
  g_autoptr (GObject) object = NULL;

  gtk_tree_model_get (model, iter, COLUMN_OBJECT, &object, -1);
  if (object != NULL)
    g_signal_handlers_disconnect_by_data (object, user_data);
  return FALSE;
}

static void
clear_rows (CachetFolderTree *self)
{
  gtk_tree_model_foreach (GTK_TREE_MODEL (self->store), forget_row_cb, self);
  gtk_tree_store_clear (self->store);
}

static gboolean
expand_cb (GtkTreeModel *model, GtkTreePath *path, GtkTreeIter *iter, gpointer user_data)
{
  CachetFolderTree *self = user_data;
  g_autoptr (GObject) object = dup_object (self, iter);
  g_autofree char *key = NULL;

  if (object == NULL || !gtk_tree_model_iter_has_child (model, iter))
    return FALSE;
  key = row_key (object);
  if (!g_hash_table_contains (self->collapsed, key))
    gtk_tree_view_expand_row (self->view, path, FALSE);
  return FALSE;
}

static gboolean
select_object (CachetFolderTree *self, GObject *object)
{
  GtkTreeModel *model = GTK_TREE_MODEL (self->store);
  g_autoptr (GtkTreePath) path = NULL;
  GtkTreeIter iter;

  if (object == NULL || !find_iter (self, object, NULL, &iter))
    return FALSE;
  path = gtk_tree_model_get_path (model, &iter);
  gtk_tree_view_expand_to_path (self->view, path);
  gtk_tree_view_set_cursor (self->view, path, NULL, FALSE);
  gtk_tree_view_scroll_to_cell (self->view, path, NULL, FALSE, 0, 0);
  return TRUE;
}

static void
tell_selection (CachetFolderTree *self)
{
  GtkTreeIter iter;
  g_autoptr (GObject) object = NULL;

  if (gtk_tree_selection_get_selected (self->selection, NULL, &iter))
    object = dup_object (self, &iter);
  if (object == self->selected)
    return;
  g_set_object (&self->selected, object);
  g_signal_emit (self, signals[SIGNAL_SELECTION_CHANGED], 0);
}

/* Folder lists are short (hundreds) and change rarely; building the rows anew is simpler than
 * following every move, and the open rows and the selection are put back. */
static gboolean
rebuild_cb (gpointer user_data)
{
  CachetFolderTree *self = user_data;
  GListModel *accounts = cachet_engine_get_accounts (self->engine);
  guint n = g_list_model_get_n_items (accounts);
  guint i;

  self->rebuild_id = 0;
  self->rebuilding = TRUE;
  forget_accounts (self);
  clear_rows (self);
  for (i = 0; i < n; i++)
    {
      CachetAccount *account = g_list_model_get_item (accounts, i);
      GtkTreeIter iter;

      g_ptr_array_add (self->accounts, account);
      append_row (self, &iter, NULL, account);
      g_signal_connect_swapped (cachet_account_get_folders (account), "items-changed",
                                G_CALLBACK (account_folders_changed_cb), self);
      append_folders (self, account, &iter);
    }
  gtk_tree_model_foreach (GTK_TREE_MODEL (self->store), expand_cb, self);
  select_object (self, self->selected);
  self->rebuilding = FALSE;
  tell_selection (self);
  g_signal_emit (self, signals[SIGNAL_REBUILT], 0);
  return G_SOURCE_REMOVE;
}

static void
queue_rebuild (CachetFolderTree *self)
{
  if (self->rebuild_id != 0 || self->engine == NULL)
    return;
  self->rebuild_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, rebuild_cb, self, NULL);
  g_source_set_name_by_id (self->rebuild_id, "[cachet] folder tree");
}

static void
selection_changed_cb (CachetFolderTree *self)
{
  if (!self->rebuilding)
    tell_selection (self);
}

static void
row_activated_cb (CachetFolderTree *self)
{
  g_signal_emit (self, signals[SIGNAL_ROW_ACTIVATED], 0);
}

static void
keep_open_state (CachetFolderTree *self, GtkTreeIter *iter, gboolean collapsed)
{
  g_autoptr (GObject) object = dup_object (self, iter);
  g_autofree char *key = NULL;

  if (object == NULL || self->rebuilding)
    return;
  key = row_key (object);
  if (collapsed)
    g_hash_table_add (self->collapsed, g_steal_pointer (&key));
  else
    g_hash_table_remove (self->collapsed, key);
}

static void
row_expanded_cb (CachetFolderTree *self, GtkTreeIter *iter, GtkTreePath *path)
{
  GtkTreeIter child;
  gboolean valid = gtk_tree_model_iter_children (GTK_TREE_MODEL (self->store), &child, iter);

  keep_open_state (self, iter, FALSE);
  for (; valid; valid = gtk_tree_model_iter_next (GTK_TREE_MODEL (self->store), &child))
    {
      g_autoptr (GtkTreePath) child_path =
        gtk_tree_model_get_path (GTK_TREE_MODEL (self->store), &child);

      expand_cb (GTK_TREE_MODEL (self->store), child_path, &child, self);
    }
}

static void
row_collapsed_cb (CachetFolderTree *self, GtkTreeIter *iter, GtkTreePath *path)
{
  keep_open_state (self, iter, TRUE);
}

static void
popup_menu (CachetFolderTree *self, const GdkEvent *event)
{
  GMenuModel *model = CACHET_IS_FOLDER (self->selected) ? self->folder_menu : self->account_menu;
  GtkWidget *menu;

  if (model == NULL || self->selected == NULL)
    return;
  menu = gtk_menu_new_from_model (model);
  gtk_menu_attach_to_widget (GTK_MENU (menu), GTK_WIDGET (self->view), NULL);
  g_signal_connect (menu, "selection-done", G_CALLBACK (gtk_widget_destroy), NULL);
  if (event != NULL)
    gtk_menu_popup_at_pointer (GTK_MENU (menu), event);
  else
    gtk_menu_popup_at_widget (GTK_MENU (menu), GTK_WIDGET (self->view), GDK_GRAVITY_CENTER,
                              GDK_GRAVITY_NORTH_WEST, NULL);
}

static gboolean
button_press_cb (CachetFolderTree *self, GdkEventButton *event)
{
  g_autoptr (GtkTreePath) path = NULL;

  if (!gdk_event_triggers_context_menu ((GdkEvent *)event) ||
      !gtk_tree_view_get_path_at_pos (self->view, (int)event->x, (int)event->y, &path, NULL, NULL,
                                      NULL))
    return GDK_EVENT_PROPAGATE;
  gtk_tree_view_set_cursor (self->view, path, NULL, FALSE);
  popup_menu (self, (GdkEvent *)event);
  return GDK_EVENT_STOP;
}

static gboolean
popup_menu_cb (CachetFolderTree *self)
{
  popup_menu (self, NULL);
  return TRUE;
}

static char *
tooltip_text (GObject *object)
{
  if (CACHET_IS_ACCOUNT (object))
    {
      const char *state = cachet_account_get_state_text (CACHET_ACCOUNT (object));

      return g_strdup (
        state != NULL && *state != '\0'
          ? state
          : cachet_account_state_get_word (cachet_account_get_state (CACHET_ACCOUNT (object))));
    }
  if (CACHET_IS_FOLDER (object))
    {
      CachetFolder *folder = CACHET_FOLDER (object);
      guint total = cachet_folder_get_total (folder);
      g_autofree char *path = cachet_visible_text (cachet_folder_get_path (folder), -1, FALSE);
      /* Translators: a folder's path, its number of messages and how many of them are unread */
      g_autofree char *counts =
        g_strdup_printf (ngettext ("%u message, %u unread", "%u messages, %u unread", total), total,
                         cachet_folder_get_unread (folder));

      return g_strdup_printf ("%s\n%s", path, counts);
    }
  return NULL;
}

static gboolean
query_tooltip_cb (CachetFolderTree *self, int x, int y, gboolean keyboard_mode, GtkTooltip *tooltip)
{
  g_autoptr (GtkTreePath) path = NULL;
  g_autoptr (GObject) object = NULL;
  g_autofree char *text = NULL;
  GtkTreeModel *model;
  GtkTreeIter iter;

  if (!gtk_tree_view_get_tooltip_context (self->view, &x, &y, keyboard_mode, &model, &path, &iter))
    return FALSE;
  object = dup_object (self, &iter);
  text = tooltip_text (object);
  if (text == NULL)
    return FALSE;
  gtk_tooltip_set_text (tooltip, text);
  gtk_tree_view_set_tooltip_row (self->view, tooltip, path);
  return TRUE;
}

static void
cachet_folder_tree_dispose (GObject *object)
{
  CachetFolderTree *self = CACHET_FOLDER_TREE (object);

  if (self->engine != NULL)
    {
      self->rebuilding = TRUE;
      g_signal_handlers_disconnect_by_data (cachet_engine_get_accounts (self->engine), self);
      forget_accounts (self);
      clear_rows (self);
    }
  g_clear_handle_id (&self->rebuild_id, g_source_remove);
  g_clear_object (&self->selected);
  g_clear_object (&self->engine);
  g_clear_object (&self->store);
  g_clear_object (&self->folder_menu);
  g_clear_object (&self->account_menu);
  g_clear_pointer (&self->accounts, g_ptr_array_unref);
  g_clear_pointer (&self->collapsed, g_hash_table_unref);
  G_OBJECT_CLASS (cachet_folder_tree_parent_class)->dispose (object);
}

static void
cachet_folder_tree_class_init (CachetFolderTreeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cachet_folder_tree_dispose;
  signals[SIGNAL_SELECTION_CHANGED] = g_signal_new ("selection-changed", type, G_SIGNAL_RUN_LAST, 0,
                                                    NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_ROW_ACTIVATED] =
    g_signal_new ("row-activated", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_REBUILT] =
    g_signal_new ("rebuilt", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cachetmail/Cachet/ui/cachet-folder-tree.ui");
  gtk_widget_class_bind_template_child (widget_class, CachetFolderTree, view);
  gtk_widget_class_bind_template_child (widget_class, CachetFolderTree, selection);
  gtk_widget_class_bind_template_callback (widget_class, selection_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_expanded_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_collapsed_cb);
  gtk_widget_class_bind_template_callback (widget_class, button_press_cb);
  gtk_widget_class_bind_template_callback (widget_class, popup_menu_cb);
  gtk_widget_class_bind_template_callback (widget_class, query_tooltip_cb);
}

static void
cachet_folder_tree_init (CachetFolderTree *self)
{
  self->store = gtk_tree_store_new (N_COLUMNS, G_TYPE_OBJECT);
  self->accounts = g_ptr_array_new_with_free_func (g_object_unref);
  self->collapsed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  add_column (self);
  gtk_tree_view_set_model (self->view, GTK_TREE_MODEL (self->store));
}

CachetFolderTree *
cachet_folder_tree_new (void)
{
  return g_object_new (CACHET_TYPE_FOLDER_TREE, NULL);
}

void
cachet_folder_tree_set_engine (CachetFolderTree *self, CachetEngine *engine)
{
  g_return_if_fail (CACHET_IS_FOLDER_TREE (self));
  g_return_if_fail (self->engine == NULL);
  self->engine = g_object_ref (engine);
  g_signal_connect_swapped (cachet_engine_get_accounts (engine), "items-changed",
                            G_CALLBACK (account_folders_changed_cb), self);
  queue_rebuild (self);
}

CachetFolder *
cachet_folder_tree_get_folder (CachetFolderTree *self)
{
  g_return_val_if_fail (CACHET_IS_FOLDER_TREE (self), NULL);
  return CACHET_IS_FOLDER (self->selected) ? CACHET_FOLDER (self->selected) : NULL;
}

CachetAccount *
cachet_folder_tree_get_account (CachetFolderTree *self)
{
  g_return_val_if_fail (CACHET_IS_FOLDER_TREE (self), NULL);
  if (CACHET_IS_FOLDER (self->selected))
    return cachet_folder_get_account (CACHET_FOLDER (self->selected));
  return CACHET_IS_ACCOUNT (self->selected) ? CACHET_ACCOUNT (self->selected) : NULL;
}

gboolean
cachet_folder_tree_select (CachetFolderTree *self, CachetFolder *folder)
{
  g_return_val_if_fail (CACHET_IS_FOLDER_TREE (self), FALSE);
  return select_object (self, G_OBJECT (folder));
}

void
cachet_folder_tree_focus (CachetFolderTree *self)
{
  g_return_if_fail (CACHET_IS_FOLDER_TREE (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

void
cachet_folder_tree_set_menus (CachetFolderTree *self,
                              GMenuModel *folder_menu,
                              GMenuModel *account_menu)
{
  g_return_if_fail (CACHET_IS_FOLDER_TREE (self));
  g_set_object (&self->folder_menu, folder_menu);
  g_set_object (&self->account_menu, account_menu);
}
