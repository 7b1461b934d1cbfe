#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-window.h"

#include "cachet-answer.h"
#include "cachet-composer.h"
#include "cachet-message-window.h"
#include "cachet-ui-settings.h"
#include "cachet-visible-text.h"
#include "cachet-window-private.h"

#include <glib/gi18n.h>

/* Narrower than that, two panes have no room for all of the message's buttons. */
#define COMPACT_BELOW 880
#define DEFAULT_FOLDERS_WIDTH 240
#define DEFAULT_LIST_WIDTH 520
/* What the demo calls the way to the other person's window. */
#define SWITCH_LABEL_ENV "CACHET_DEMO_SWITCH_LABEL"

/* The list's part of a window with two panes. */
#define LIST_SHARE 0.45

G_DEFINE_FINAL_TYPE (CachetWindow, cachet_window, HDY_TYPE_APPLICATION_WINDOW)

static gboolean
has_accounts (CachetWindow *self)
{
  return g_list_model_get_n_items (cachet_engine_get_accounts (self->engine)) > 0;
}

gboolean
cachet_window_shows_message (CachetWindow *self)
{
  return gtk_widget_get_visible (self->message_box);
}

/* Window buttons only at the window's own corners, split as the desktop asks for. */
static void
update_decorations (CachetWindow *self)
{
  HdyHeaderBar *bars[] = { self->folders_header, self->list_header, self->message_header };
  GtkWidget *boxes[] = { self->folders_box, self->list_box, self->message_box };
  g_autofree char *layout = NULL;
  g_auto (GStrv) sides = NULL;
  int first = -1;
  int last = -1;
  int i;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-decoration-layout", &layout,
                NULL);
  sides = g_strsplit (layout != NULL ? layout : "", ":", 2);
  for (i = 0; i < (int)G_N_ELEMENTS (boxes); i++)
    if (gtk_widget_get_visible (boxes[i]))
      {
        first = first < 0 ? i : first;
        last = i;
      }
  for (i = 0; i < (int)G_N_ELEMENTS (bars); i++)
    {
      const char *left = i == first && sides[0] != NULL ? sides[0] : "";
      const char *right = i == last && sides[0] != NULL && sides[1] != NULL ? sides[1] : "";
      g_autofree char *own = g_strdup_printf ("%s:%s", left, right);

      hdy_header_bar_set_decoration_layout (bars[i], own);
      hdy_header_bar_set_show_close_button (bars[i], i == first || i == last);
    }
}

static void
show_selection (CachetWindow *self)
{
  guint n = cachet_message_list_view_get_n_selected (self->list_view);
  CachetMessageRow *row = cachet_message_list_view_get_single_row (self->list_view);

  if (!cachet_window_shows_message (self))
    return;
  if (row != NULL)
    cachet_message_pane_show_row (self->message_pane, row);
  else
    cachet_message_pane_show_selection (self->message_pane, n);
}

static void
apply_layout (CachetWindow *self)
{
  gboolean folders = FALSE;
  gboolean list = FALSE;
  gboolean message = FALSE;

  switch (self->layout)
    {
    case CACHET_LAYOUT_THREE:
      folders = self->shows_folders;
      list = TRUE;
      message = TRUE;
      break;
    case CACHET_LAYOUT_TWO:
      folders = self->depth == CACHET_DEPTH_FOLDERS;
      list = TRUE;
      message = !folders;
      break;
    case CACHET_LAYOUT_ONE:
    default:
      folders = self->depth == CACHET_DEPTH_FOLDERS;
      list = self->depth == CACHET_DEPTH_LIST;
      message = self->depth == CACHET_DEPTH_MESSAGE;
      break;
    }
  gtk_widget_set_visible (self->folders_box, folders);
  gtk_widget_set_visible (self->list_box, list);
  gtk_widget_set_visible (self->message_box, message);
  gtk_widget_set_visible (GTK_WIDGET (self->inner_paned), list || message);
  gtk_paned_set_position (self->outer_paned, self->folders_width);
  gtk_paned_set_position (self->inner_paned,
                          self->layout == CACHET_LAYOUT_TWO && message
                            ? (int)(gtk_widget_get_allocated_width (GTK_WIDGET (self)) * LIST_SHARE)
                            : self->list_width);
  gtk_widget_set_visible (self->reply_all_button, !self->compact);
  gtk_widget_set_visible (self->archive_button, !self->compact);
  gtk_widget_set_visible (self->star_button, !self->compact);
  gtk_widget_set_visible (self->source_button, !self->compact);
  gtk_widget_set_visible (self->list_back, self->layout != CACHET_LAYOUT_THREE && !folders);
  gtk_widget_set_visible (self->message_back, message && !list);
  cachet_message_list_view_set_single_click (self->list_view, !message);
  update_decorations (self);
  show_selection (self);
  cachet_window_update_actions (self);
}

static gboolean
layout_cb (gpointer user_data)
{
  CachetWindow *self = user_data;

  self->layout_id = 0;
  apply_layout (self);
  return G_SOURCE_REMOVE;
}

static void
cachet_window_size_allocate (GtkWidget *widget, GtkAllocation *allocation)
{
  CachetWindow *self = CACHET_WINDOW (widget);
  CachetLayout layout = allocation->width >= CACHET_WINDOW_THREE_PANES ? CACHET_LAYOUT_THREE
                        : allocation->width >= CACHET_WINDOW_TWO_PANES ? CACHET_LAYOUT_TWO
                                                                       : CACHET_LAYOUT_ONE;
  gboolean compact = allocation->width < COMPACT_BELOW;

  GTK_WIDGET_CLASS (cachet_window_parent_class)->size_allocate (widget, allocation);
  if (layout == self->layout && compact == self->compact)
    return;
  self->compact = compact;
  self->layout = layout;
  if (layout == CACHET_LAYOUT_TWO && self->folder != NULL && self->depth == CACHET_DEPTH_FOLDERS)
    self->depth = CACHET_DEPTH_LIST;
  /* Children may not be shown or hidden while sizes are being given out. */
  if (self->layout_id == 0)
    {
      self->layout_id = g_idle_add_full (GDK_PRIORITY_REDRAW - 1, layout_cb, self, NULL);
      g_source_set_name_by_id (self->layout_id, "[cachet] layout");
    }
}

void
cachet_window_set_depth (CachetWindow *self, CachetDepth depth)
{
  if (self->depth == depth)
    return;
  self->depth = depth;
  apply_layout (self);
  if (self->layout == CACHET_LAYOUT_ONE && depth == CACHET_DEPTH_MESSAGE)
    cachet_message_pane_focus (self->message_pane);
  else if (depth == CACHET_DEPTH_LIST)
    cachet_message_list_view_focus (self->list_view);
  else if (depth == CACHET_DEPTH_FOLDERS)
    cachet_folder_tree_focus (self->folder_tree);
}

void
cachet_window_set_shows_folders (CachetWindow *self, gboolean shows_folders)
{
  self->shows_folders = shows_folders;
  if (self->layout != CACHET_LAYOUT_THREE)
    self->depth = shows_folders ? CACHET_DEPTH_FOLDERS : CACHET_DEPTH_LIST;
  apply_layout (self);
}

static void
update_list_title (CachetWindow *self)
{
  g_autofree char *name = NULL;
  g_autofree char *subtitle = NULL;
  g_autofree char *title = NULL;
  guint unread;

  if (self->folder == NULL)
    {
      hdy_header_bar_set_title (self->list_header, NULL);
      hdy_header_bar_set_subtitle (self->list_header, NULL);
      gtk_window_set_title (GTK_WINDOW (self), "Cachet");
      return;
    }
  name = cachet_visible_text (cachet_folder_get_name (self->folder), -1, FALSE);
  unread = cachet_folder_get_unread (self->folder);
  if (unread > 0)
    subtitle = g_strdup_printf (ngettext ("%u unread", "%u unread", unread), unread);
  hdy_header_bar_set_title (self->list_header, name);
  hdy_header_bar_set_subtitle (self->list_header, subtitle);
  title = g_strdup_printf ("%s — Cachet", name);
  gtk_window_set_title (GTK_WINDOW (self), title);
}

static void
set_folder (CachetWindow *self, CachetFolder *folder)
{
  g_autoptr (CachetMessageList) list = NULL;

  if (self->folder == folder)
    return;
  if (self->folder != NULL)
    g_signal_handlers_disconnect_by_data (self->folder, self);
  g_set_object (&self->folder, folder);
  if (folder != NULL)
    {
      g_signal_connect_swapped (folder, "notify", G_CALLBACK (update_list_title), self);
      if (cachet_folder_is_selectable (folder))
        list = cachet_folder_open_list (folder);
    }
  cachet_message_list_view_set_list (self->list_view, list);
  update_list_title (self);
}

static void
folder_selected_cb (CachetWindow *self)
{
  CachetFolder *folder = cachet_folder_tree_get_folder (self->folder_tree);

  if (folder != NULL || cachet_folder_tree_get_account (self->folder_tree) == NULL)
    set_folder (self, folder);
  cachet_window_update_actions (self);
}

static void
folder_activated_cb (CachetWindow *self)
{
  if (cachet_folder_tree_get_folder (self->folder_tree) == NULL)
    return;
  if (self->layout == CACHET_LAYOUT_ONE)
    cachet_window_set_depth (self, CACHET_DEPTH_LIST);
  else
    cachet_message_list_view_focus (self->list_view);
}

/* At first the newest mail is what a person wants to see. */
static void
select_inbox (CachetWindow *self)
{
  GListModel *accounts = cachet_engine_get_accounts (self->engine);
  guint n = g_list_model_get_n_items (accounts);
  guint i;

  for (i = 0; i < n; i++)
    {
      g_autoptr (CachetAccount) account = g_list_model_get_item (accounts, i);
      CachetFolder *inbox = cachet_account_get_folder_by_role (account, CACHET_FOLDER_ROLE_INBOX);

      if (inbox != NULL && cachet_folder_tree_select (self->folder_tree, inbox))
        {
          if (self->depth == CACHET_DEPTH_FOLDERS)
            cachet_window_set_depth (self, CACHET_DEPTH_LIST);
          cachet_message_list_view_focus (self->list_view);
          return;
        }
    }
}

static void
folders_rebuilt_cb (CachetWindow *self)
{
  gtk_stack_set_visible_child_name (self->main_stack,
                                    has_accounts (self) || !self->started ? "panes" : "welcome");
  if (self->folder == NULL)
    select_inbox (self);
  cachet_window_update_actions (self);
}

static void
forget_mark_read (CachetWindow *self)
{
  g_clear_handle_id (&self->mark_read_id, g_source_remove);
}

static gboolean
mark_read_cb (gpointer user_data)
{
  CachetWindow *self = user_data;
  CachetMessageRow *row = cachet_message_pane_get_row (self->message_pane);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);

  self->mark_read_id = 0;
  if (row == NULL || (cachet_message_row_get_flags (row) & CACHET_MESSAGE_FLAG_SEEN))
    return G_SOURCE_REMOVE;
  g_ptr_array_add (rows, g_object_ref (row));
  cachet_engine_mark_seen (self->engine, rows);
  return G_SOURCE_REMOVE;
}

static void
open_waiting_draft (CachetWindow *self, CachetMimeMessage *message, CachetMessageRow *row)
{
  g_autoptr (GError) error = NULL;

  if (self->opened_draft_id == 0 || cachet_message_row_get_id (row) != self->opened_draft_id)
    return;
  self->opened_draft_id = 0;
  if (!cachet_answer_open_draft (gtk_window_get_application (GTK_WINDOW (self)), self->engine,
                                 message, row, &error))
    cachet_window_tell (self, _ ("The draft could not be opened."), error);
}

static void
message_changed_cb (CachetWindow *self)
{
  CachetMimeMessage *message = cachet_message_pane_get_message (self->message_pane);
  CachetMessageRow *row = cachet_message_pane_get_row (self->message_pane);

  forget_mark_read (self);
  if (message != NULL && row != NULL)
    {
      open_waiting_draft (self, message, row);
      self->mark_read_id = g_timeout_add (CACHET_WINDOW_MARK_READ_MS, mark_read_cb, self);
      g_source_set_name_by_id (self->mark_read_id, "[cachet] mark read");
    }
  cachet_window_update_actions (self);
}

static void
selection_changed_cb (CachetWindow *self)
{
  forget_mark_read (self);
  show_selection (self);
  cachet_window_update_actions (self);
}

static void
row_activated_cb (CachetWindow *self, CachetMessageRow *row)
{
  CachetMimeMessage *message = cachet_message_pane_get_message (self->message_pane);
  CachetFolder *folder = cachet_message_row_get_folder (row);

  if (folder != NULL && cachet_folder_get_role (folder) == CACHET_FOLDER_ROLE_DRAFTS)
    {
      self->opened_draft_id = cachet_message_row_get_id (row);
      if (!cachet_window_shows_message (self))
        cachet_window_set_depth (self, CACHET_DEPTH_MESSAGE);
      else if (message != NULL && cachet_message_pane_get_row (self->message_pane) != NULL)
        open_waiting_draft (self, message, cachet_message_pane_get_row (self->message_pane));
      return;
    }
  if (!cachet_window_shows_message (self))
    {
      cachet_window_set_depth (self, CACHET_DEPTH_MESSAGE);
      return;
    }
  gtk_window_present (GTK_WINDOW (cachet_message_window_new_for_row (
    gtk_window_get_application (GTK_WINDOW (self)), self->engine, row)));
}

static void
star_clicked_cb (CachetWindow *self, CachetMessageRow *row)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (rows, g_object_ref (row));
  cachet_engine_set_flags (self->engine, rows, CACHET_MESSAGE_FLAG_FLAGGED,
                           !(cachet_message_row_get_flags (row) & CACHET_MESSAGE_FLAG_FLAGGED));
}

static void
link_activated_cb (CachetWindow *self, const char *uri)
{
  g_autoptr (GError) error = NULL;

  if (!cachet_answer_open_mailto (gtk_window_get_application (GTK_WINDOW (self)), self->engine,
                                  cachet_window_get_account (self), uri, &error))
    cachet_window_tell (self, _ ("The link can't be used."), error);
}

static void
item_draft_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetWindow) self = user_data;
  CachetOutboxItem *item = g_object_get_data (G_OBJECT (self), "cachet-edited-item");
  g_autoptr (GError) error = NULL;
  g_autoptr (CachetDraft) draft =
    cachet_outbox_edit_finish (CACHET_OUTBOX (source), result, &error);
  CachetComposer *composer;

  if (draft == NULL)
    {
      cachet_window_tell (self, _ ("The message can't be changed any more."), error);
      return;
    }
  composer = cachet_composer_new (
    gtk_window_get_application (GTK_WINDOW (self)), self->engine,
    cachet_engine_find_account (self->engine, cachet_outbox_item_get_account_id (item)), draft);
  cachet_composer_set_outbox_item (composer, item);
  gtk_window_present (GTK_WINDOW (composer));
}

static void
edit_item_cb (CachetWindow *self, CachetOutboxItem *item)
{
  g_object_set_data_full (G_OBJECT (self), "cachet-edited-item", g_object_ref (item),
                          g_object_unref);
  cachet_outbox_edit_async (cachet_engine_get_outbox (self->engine), item, NULL, item_draft_cb,
                            g_object_ref (self));
}

static gboolean
focus_takes_text (CachetWindow *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  return GTK_IS_EDITABLE (focus);
}

static gboolean
escape (CachetWindow *self)
{
  if (cachet_message_pane_end_find (self->message_pane) ||
      cachet_message_list_view_end_search (self->list_view))
    return TRUE;
  if (self->layout == CACHET_LAYOUT_THREE)
    {
      cachet_message_list_view_focus (self->list_view);
      return TRUE;
    }
  g_action_group_activate_action (G_ACTION_GROUP (self), "back", NULL);
  return TRUE;
}

/* Keys without Ctrl: they may not be accelerators, for those would take letters from the entries.
 */
static gboolean
plain_key (CachetWindow *self, guint keyval)
{
  switch (keyval)
    {
    case GDK_KEY_j:
      cachet_message_list_view_select_relative (self->list_view, 1);
      return TRUE;
    case GDK_KEY_k:
      cachet_message_list_view_select_relative (self->list_view, -1);
      return TRUE;
    case GDK_KEY_slash:
      g_action_group_activate_action (G_ACTION_GROUP (self), "search", NULL);
      return TRUE;
    case GDK_KEY_Delete:
    case GDK_KEY_KP_Delete:
      g_action_group_activate_action (G_ACTION_GROUP (self), "delete", NULL);
      return TRUE;
    case GDK_KEY_space:
      return cachet_window_shows_message (self) &&
             cachet_message_pane_scroll_page (self->message_pane);
    case GDK_KEY_Escape:
      return escape (self);
    default:
      return FALSE;
    }
}

static gboolean
cachet_window_key_press (GtkWidget *widget, GdkEventKey *event)
{
  CachetWindow *self = CACHET_WINDOW (widget);
  guint modifiers = event->state & gtk_accelerator_get_default_mod_mask () & ~GDK_SHIFT_MASK;
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  gboolean on_button = GTK_IS_BUTTON (focus) && event->keyval == GDK_KEY_space;

  if (modifiers == 0 && !focus_takes_text (self) && !on_button &&
      g_strcmp0 (gtk_stack_get_visible_child_name (self->main_stack), "panes") == 0 &&
      plain_key (self, event->keyval))
    return GDK_EVENT_STOP;
  return GTK_WIDGET_CLASS (cachet_window_parent_class)->key_press_event (widget, event);
}

static gboolean
cachet_window_delete_event (GtkWidget *widget, GdkEventAny *event)
{
  CachetWindow *self = CACHET_WINDOW (widget);
  GSettings *settings = cachet_ui_settings_get ();
  int width;
  int height;

  if (settings != NULL)
    {
      gboolean maximized = gtk_window_is_maximized (GTK_WINDOW (self));

      gtk_window_get_size (GTK_WINDOW (self), &width, &height);
      g_settings_set_boolean (settings, "window-maximized", maximized);
      if (!maximized)
        {
          g_settings_set_int (settings, "window-width", MAX (width, 360));
          g_settings_set_int (settings, "window-height", MAX (height, 240));
        }
      g_settings_set_boolean (settings, "show-folder-pane", self->shows_folders);
      g_settings_set_int (settings, "folder-pane-width", MAX (self->folders_width, 120));
      g_settings_set_int (settings, "list-pane-width", MAX (self->list_width, 200));
    }
  if (GTK_WIDGET_CLASS (cachet_window_parent_class)->delete_event != NULL)
    return GTK_WIDGET_CLASS (cachet_window_parent_class)->delete_event (widget, event);
  return GDK_EVENT_PROPAGATE;
}

/* Only what the user drags is kept: when the window gets narrower its panes are squeezed. */
static void
pane_position_cb (CachetWindow *self)
{
  int width = gtk_widget_get_allocated_width (GTK_WIDGET (self));

  if (width != self->positions_at || self->layout != CACHET_LAYOUT_THREE || self->layout_id != 0)
    {
      self->positions_at = width;
      return;
    }
  if (gtk_widget_get_visible (self->folders_box))
    self->folders_width = gtk_paned_get_position (self->outer_paned);
  self->list_width = gtk_paned_get_position (self->inner_paned);
}

static void
restore_sizes (CachetWindow *self)
{
  GSettings *settings = cachet_ui_settings_get ();

  self->shows_folders = TRUE;
  self->folders_width = DEFAULT_FOLDERS_WIDTH;
  self->list_width = DEFAULT_LIST_WIDTH;
  if (settings == NULL)
    return;
  self->shows_folders = g_settings_get_boolean (settings, "show-folder-pane");
  self->folders_width = g_settings_get_int (settings, "folder-pane-width");
  self->list_width = g_settings_get_int (settings, "list-pane-width");
  gtk_window_set_default_size (GTK_WINDOW (self), g_settings_get_int (settings, "window-width"),
                               g_settings_get_int (settings, "window-height"));
  if (g_settings_get_boolean (settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
}

static void
cachet_window_dispose (GObject *object)
{
  CachetWindow *self = CACHET_WINDOW (object);

  forget_mark_read (self);
  g_clear_handle_id (&self->layout_id, g_source_remove);
  if (self->folder != NULL)
    g_signal_handlers_disconnect_by_data (self->folder, self);
  g_clear_object (&self->folder);
  if (self->engine != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->engine, self);
      g_signal_handlers_disconnect_by_data (cachet_engine_get_accounts (self->engine), self);
    }
  g_clear_pointer (&self->attended, g_ptr_array_unref);
  G_OBJECT_CLASS (cachet_window_parent_class)->dispose (object);
}

static void
cachet_window_finalize (GObject *object)
{
  CachetWindow *self = CACHET_WINDOW (object);

  /* Kept until now: the panes ask for it while they are taken apart. */
  g_clear_object (&self->engine);
  G_OBJECT_CLASS (cachet_window_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cachetmail/Cachet/ui/cachet-window.ui");
  gtk_widget_class_bind_template_child (widget_class, CachetWindow, main_stack);
  gtk_widget_class_bind_template_child (widget_class, CachetWindow, outer_paned);
  gtk_widget_class_bind_template_child (widget_class, CachetWindow, inner_paned);
  gtk_widget_class_bind_template_child (widget_class, CachetWindow, folders_box);
  gtk_widget_class_bind_template_child (widget_class, CachetWindow, list_box);
  gtk_widget_class_bind_template_child (widget_class, CachetWindow, message_box);
  gtk_widget_class_bind_template_child (widget_class, CachetWindow, folders_header);
  gtk_widget_class_bind_template_child (widget_class, CachetWindow, list_header);
  gtk_widget_class_bind_template_child (widget_class, CachetWindow, message_header);
  gtk_widget_class_bind_template_child (widget_class, CachetWindow, list_back);
  gtk_widget_class_bind_template_child (widget_class, CachetWindow, message_back);
  gtk_widget_class_bind_template_child (widget_class, CachetWindow, reply_all_button);
  gtk_widget_class_bind_template_child (widget_class, CachetWindow, archive_button);
  gtk_widget_class_bind_template_child (widget_class, CachetWindow, star_button);
  gtk_widget_class_bind_template_child (widget_class, CachetWindow, source_button);
  gtk_widget_class_bind_template_child (widget_class, CachetWindow, folder_tree);
  gtk_widget_class_bind_template_child (widget_class, CachetWindow, list_view);
  gtk_widget_class_bind_template_child (widget_class, CachetWindow, message_pane);
  gtk_widget_class_bind_template_child (widget_class, CachetWindow, notices);
  gtk_widget_class_bind_template_child (widget_class, CachetWindow, status_bar);
  gtk_widget_class_bind_template_child (widget_class, CachetWindow, welcome_page);
  gtk_widget_class_bind_template_child (widget_class, CachetWindow, welcome_buttons);
  gtk_widget_class_bind_template_child (widget_class, CachetWindow, file_section);
  gtk_widget_class_bind_template_child (widget_class, CachetWindow, folder_menu);
  gtk_widget_class_bind_template_child (widget_class, CachetWindow, account_menu);
  gtk_widget_class_bind_template_child (widget_class, CachetWindow, list_menu);
  gtk_widget_class_bind_template_callback (widget_class, folder_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, folder_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, folders_rebuilt_cb);
  gtk_widget_class_bind_template_callback (widget_class, selection_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, star_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, message_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, link_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, edit_item_cb);
}

static void
cachet_window_class_init (CachetWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cachet_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = cachet_window_finalize;
  widget_class->size_allocate = cachet_window_size_allocate;
  widget_class->key_press_event = cachet_window_key_press;
  widget_class->delete_event = cachet_window_delete_event;
  bind_template (widget_class);
}

static void
cachet_window_init (CachetWindow *self)
{
  g_type_ensure (CACHET_TYPE_FOLDER_TREE);
  g_type_ensure (CACHET_TYPE_MESSAGE_LIST_VIEW);
  g_type_ensure (CACHET_TYPE_MESSAGE_PANE);
  g_type_ensure (CACHET_TYPE_NOTICE_STACK);
  g_type_ensure (CACHET_TYPE_STATUS_BAR);
  self->attended = g_ptr_array_new_with_free_func (g_object_unref);
  self->layout = CACHET_LAYOUT_THREE;
  cachet_window_actions_install (self);
  cachet_window_folders_install (self);
  gtk_widget_init_template (GTK_WIDGET (self));
  cachet_folder_tree_set_menus (self->folder_tree, self->folder_menu, self->account_menu);
  cachet_message_list_view_set_menu (self->list_view, self->list_menu);
  if (g_getenv (SWITCH_LABEL_ENV) != NULL)
    g_menu_append (self->file_section, g_getenv (SWITCH_LABEL_ENV), "app.switch-person");
  restore_sizes (self);
  g_signal_connect_swapped (self->outer_paned, "notify::position", G_CALLBACK (pane_position_cb),
                            self);
  g_signal_connect_swapped (self->inner_paned, "notify::position", G_CALLBACK (pane_position_cb),
                            self);
  g_signal_connect_object (gtk_widget_get_settings (GTK_WIDGET (self)),
                           "notify::gtk-decoration-layout", G_CALLBACK (update_decorations), self,
                           G_CONNECT_SWAPPED);
}

CachetWindow *
cachet_window_new (GtkApplication *application, CachetEngine *engine)
{
  CachetWindow *self = g_object_new (CACHET_TYPE_WINDOW, "application", application, NULL);

  self->engine = g_object_ref (engine);
  cachet_message_pane_set_engine (self->message_pane, engine);
  cachet_folder_tree_set_engine (self->folder_tree, engine);
  cachet_status_bar_set_engine (self->status_bar, engine);
  cachet_window_notices_install (self);
  apply_layout (self);
  return self;
}

void
cachet_window_engine_started (CachetWindow *self, const GError *error)
{
  g_return_if_fail (CACHET_IS_WINDOW (self));
  if (error != NULL)
    {
      g_autofree char *escaped = g_markup_escape_text (error->message, -1);

      hdy_status_page_set_icon_name (self->welcome_page, "dialog-warning-symbolic");
      hdy_status_page_set_title (self->welcome_page, _ ("Cachet can't open its data"));
      hdy_status_page_set_description (self->welcome_page, escaped);
      gtk_widget_hide (self->welcome_buttons);
      gtk_stack_set_visible_child_name (self->main_stack, "welcome");
      return;
    }
  self->started = TRUE;
  folders_rebuilt_cb (self);
}

void
cachet_window_tell (CachetWindow *self, const char *summary, const GError *error)
{
  g_autoptr (CachetNotice) notice = NULL;

  g_return_if_fail (CACHET_IS_WINDOW (self) && summary != NULL);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  notice = error != NULL ? cachet_notice_new_from_error (NULL, summary, error)
                         : cachet_notice_new (NULL, FALSE, summary, NULL);
  cachet_notice_stack_add (self->notices, notice);
}
