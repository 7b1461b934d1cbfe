#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-answer.h"
#include "cachet-folder-chooser.h"
#include "cachet-message-window.h"
#include "cachet-source-window.h"
#include "cachet-window-private.h"

#include <glib/gi18n.h>

static GtkApplication *
get_application (CachetWindow *self)
{
  return gtk_window_get_application (GTK_WINDOW (self));
}

/* What message actions are about: (transfer full), never NULL. */
static GPtrArray *
dup_rows (CachetWindow *self)
{
  return cachet_message_list_view_dup_selected_rows (self->list_view);
}

static void
answer (CachetWindow *self, CachetReplyMode mode)
{
  CachetMimeMessage *message = cachet_message_pane_get_message (self->message_pane);
  g_autoptr (GError) error = NULL;

  if (message != NULL &&
      !cachet_answer_open (get_application (self), self->engine, message,
                           cachet_message_pane_get_row (self->message_pane), mode, &error))
    cachet_window_tell (self, _ ("No answer could be started."), error);
}

static void
reply_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  answer (user_data, CACHET_REPLY_SENDER);
}

static void
reply_all_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  answer (user_data, CACHET_REPLY_ALL);
}

static void
forward_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  answer (user_data, CACHET_FORWARD_INLINE);
}

static void
forward_attachment_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  answer (user_data, CACHET_FORWARD_ATTACHMENT);
}

static void
set_flag (CachetWindow *self, CachetMessageFlags flag, gboolean set)
{
  g_autoptr (GPtrArray) rows = dup_rows (self);

  if (rows->len > 0)
    cachet_engine_set_flags (self->engine, rows, flag, set);
}

/* Sets the flag unless every selected message has it. */
static void
toggle_flag (CachetWindow *self, CachetMessageFlags flag)
{
  g_autoptr (GPtrArray) rows = dup_rows (self);
  gboolean all = TRUE;
  guint i;

  for (i = 0; i < rows->len; i++)
    all = all && (cachet_message_row_get_flags (g_ptr_array_index (rows, i)) & flag) != 0;
  if (rows->len > 0)
    cachet_engine_set_flags (self->engine, rows, flag, !all);
}

static void
mark_read_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  set_flag (user_data, CACHET_MESSAGE_FLAG_SEEN, TRUE);
}

static void
mark_unread_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CachetWindow *self = user_data;

  /* It is looked at already: the timer would mark it read again. */
  g_clear_handle_id (&self->mark_read_id, g_source_remove);
  set_flag (self, CACHET_MESSAGE_FLAG_SEEN, FALSE);
}

static void
toggle_read_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CachetWindow *self = user_data;

  g_clear_handle_id (&self->mark_read_id, g_source_remove);
  toggle_flag (self, CACHET_MESSAGE_FLAG_SEEN);
}

static void
toggle_star_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  toggle_flag (user_data, CACHET_MESSAGE_FLAG_FLAGGED);
}

/* On a narrow window the message that has gone must not stay in view. */
static void
leave_message (CachetWindow *self)
{
  if (self->layout == CACHET_LAYOUT_ONE && self->depth == CACHET_DEPTH_MESSAGE)
    cachet_window_set_depth (self, CACHET_DEPTH_LIST);
}

static void
delete_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CachetWindow *self = user_data;
  g_autoptr (GPtrArray) rows = dup_rows (self);

  if (rows->len == 0)
    return;
  cachet_engine_delete (self->engine, rows);
  leave_message (self);
}

static void
archive_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CachetWindow *self = user_data;
  g_autoptr (GPtrArray) rows = dup_rows (self);

  if (rows->len == 0)
    return;
  cachet_engine_archive (self->engine, rows);
  leave_message (self);
}

static void
move_chosen_cb (CachetWindow *self, CachetFolder *folder, CachetFolderChooser *chooser)
{
  GPtrArray *rows = g_object_get_data (G_OBJECT (chooser), "rows");

  cachet_engine_move (self->engine, rows, folder);
  leave_message (self);
}

static void
copy_chosen_cb (CachetWindow *self, CachetFolder *folder, CachetFolderChooser *chooser)
{
  cachet_engine_copy (self->engine, g_object_get_data (G_OBJECT (chooser), "rows"), folder);
}

static void
choose_folder (CachetWindow *self, const char *title, const char *verb, GCallback chosen)
{
  g_autoptr (GPtrArray) rows = dup_rows (self);
  CachetFolderChooser *chooser;

  if (rows->len == 0)
    return;
  chooser = cachet_folder_chooser_new (GTK_WINDOW (self), self->engine, self->folder, title, verb);
  /* The selection may change while the dialog is open: the order is about these. */
  g_object_set_data_full (G_OBJECT (chooser), "rows", g_steal_pointer (&rows),
                          (GDestroyNotify)g_ptr_array_unref);
  g_signal_connect_object (chooser, "chosen", chosen, self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (chooser));
}

static void
move_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  choose_folder (user_data, _ ("Move to"), _ ("_Move"), G_CALLBACK (move_chosen_cb));
}

static void
copy_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  choose_folder (user_data, _ ("Copy to"), _ ("_Copy"), G_CALLBACK (copy_chosen_cb));
}

static void
view_source_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CachetWindow *self = user_data;
  CachetMimeMessage *message = cachet_message_pane_get_message (self->message_pane);

  if (message != NULL)
    gtk_window_present (GTK_WINDOW (cachet_source_window_new (get_application (self), message)));
}

static void
open_message_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CachetWindow *self = user_data;
  CachetMessageRow *row = cachet_message_list_view_get_single_row (self->list_view);

  if (row != NULL)
    gtk_window_present (
      GTK_WINDOW (cachet_message_window_new_for_row (get_application (self), self->engine, row)));
}

static void
save_attachments_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  cachet_message_pane_save_attachments (((CachetWindow *)user_data)->message_pane);
}

static void
show_headers_cb (GSimpleAction *action, GVariant *value, gpointer user_data)
{
  g_simple_action_set_state (action, value);
  cachet_message_pane_set_shows_headers (((CachetWindow *)user_data)->message_pane,
                                         g_variant_get_boolean (value));
}

static void
find_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  cachet_message_pane_start_find (((CachetWindow *)user_data)->message_pane);
}

static void
search_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CachetWindow *self = user_data;

  if (!gtk_widget_get_visible (self->list_box))
    cachet_window_set_depth (self, CACHET_DEPTH_LIST);
  cachet_message_list_view_start_search (self->list_view);
}

static void
select_all_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  cachet_message_list_view_select_all (((CachetWindow *)user_data)->list_view);
}

static void
next_message_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  cachet_message_list_view_select_relative (((CachetWindow *)user_data)->list_view, 1);
}

static void
previous_message_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  cachet_message_list_view_select_relative (((CachetWindow *)user_data)->list_view, -1);
}

static void
undo_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CachetWindow *self = user_data;

  if (!cachet_engine_undo (self->engine))
    cachet_window_tell (self, _ ("There is nothing to undo."), NULL);
}

static void
back_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CachetWindow *self = user_data;

  if (self->layout == CACHET_LAYOUT_THREE)
    return;
  if (self->layout == CACHET_LAYOUT_ONE && self->depth == CACHET_DEPTH_MESSAGE)
    cachet_window_set_depth (self, CACHET_DEPTH_LIST);
  else
    cachet_window_set_depth (self, CACHET_DEPTH_FOLDERS);
}

static void
toggle_folders_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CachetWindow *self = user_data;

  cachet_window_set_shows_folders (self, !gtk_widget_get_visible (self->folders_box));
}

static void
close_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_window_close (GTK_WINDOW (user_data));
}

static const GActionEntry entries[] = {
  { "reply", reply_cb },
  { "reply-all", reply_all_cb },
  { "forward", forward_cb },
  { "forward-attachment", forward_attachment_cb },
  { "mark-read", mark_read_cb },
  { "mark-unread", mark_unread_cb },
  { "toggle-read", toggle_read_cb },
  { "toggle-star", toggle_star_cb },
  { "delete", delete_cb },
  { "archive", archive_cb },
  { "move", move_cb },
  { "copy", copy_cb },
  { "view-source", view_source_cb },
  { "open-message", open_message_cb },
  { "save-attachments", save_attachments_cb },
  { "show-headers", NULL, NULL, "false", show_headers_cb },
  { "find", find_cb },
  { "search", search_cb },
  { "select-all", select_all_cb },
  { "next-message", next_message_cb },
  { "previous-message", previous_message_cb },
  { "undo", undo_cb },
  { "back", back_cb },
  { "toggle-folders", toggle_folders_cb },
  { "close", close_cb },
};

static void
set_enabled (CachetWindow *self, gboolean enabled, const char *const *names)
{
  guint i;

  for (i = 0; names[i] != NULL; i++)
    {
      GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), names[i]);

      g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
    }
}

void
cachet_window_update_actions (CachetWindow *self)
{
  static const char *const with_selection[] = { "mark-read",   "mark-unread", "toggle-read",
                                                "toggle-star", "delete",      "archive",
                                                "move",        "copy",        NULL };
  static const char *const with_message[] = {
    "reply", "reply-all", "forward", "forward-attachment", "view-source", "find", NULL
  };
  static const char *const with_one[] = { "open-message", NULL };
  static const char *const with_attachments[] = { "save-attachments", NULL };
  static const char *const with_folder[] = { "folder-rename", "folder-delete", "mark-all-read",
                                             "expunge", NULL };
  static const char *const with_list[] = { "search", NULL };
  static const char *const with_account[] = { "folder-new", "account-settings", "account-connect",
                                              "account-offline", NULL };
  static const char *const with_undo[] = { "undo", NULL };
  CachetFolder *folder = cachet_window_get_folder (self);
  guint n = cachet_message_list_view_get_n_selected (self->list_view);
  gboolean message = cachet_message_pane_get_message (self->message_pane) != NULL &&
                     cachet_window_shows_message (self);

  if (self->engine == NULL)
    return;
  set_enabled (self, n > 0, with_selection);
  set_enabled (self, message, with_message);
  set_enabled (self, n == 1, with_one);
  set_enabled (self, message && cachet_message_pane_has_attachments (self->message_pane),
               with_attachments);
  set_enabled (self, folder != NULL, with_folder);
  set_enabled (self, self->folder != NULL, with_list);
  set_enabled (self, cachet_window_get_account (self) != NULL, with_account);
  set_enabled (self, cachet_engine_get_undo_text (self->engine) != NULL, with_undo);
}

void
cachet_window_actions_install (CachetWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}
