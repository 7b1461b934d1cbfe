#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-message-window.h"

#include "cachet-answer.h"
#include "cachet-message-pane.h"
#include "cachet-notice-stack.h"
#include "cachet-source-window.h"

#include <glib/gi18n.h>

struct _CachetMessageWindow
{
  HdyApplicationWindow parent_instance;

  HdyHeaderBar *header_bar;
  CachetMessagePane *pane;
  CachetNoticeStack *notices;

  CachetEngine *engine;
};

G_DEFINE_FINAL_TYPE (CachetMessageWindow, cachet_message_window, HDY_TYPE_APPLICATION_WINDOW)

static void
tell_error (CachetMessageWindow *self, const char *summary, const GError *error)
{
  g_autoptr (CachetNotice) notice = cachet_notice_new_from_error (NULL, summary, error);

  cachet_notice_stack_add (self->notices, notice);
}

static GtkApplication *
get_application (CachetMessageWindow *self)
{
  return gtk_window_get_application (GTK_WINDOW (self));
}

static void
answer (CachetMessageWindow *self, CachetReplyMode mode)
{
  CachetMimeMessage *message = cachet_message_pane_get_message (self->pane);
  g_autoptr (GError) error = NULL;

  if (message != NULL &&
      !cachet_answer_open (get_application (self), self->engine, message,
                           cachet_message_pane_get_row (self->pane), mode, &error))
    tell_error (self, _ ("No answer could be started."), error);
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
view_source_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CachetMessageWindow *self = user_data;
  CachetMimeMessage *message = cachet_message_pane_get_message (self->pane);

  if (message != NULL)
    gtk_window_present (GTK_WINDOW (cachet_source_window_new (get_application (self), message)));
}

static void
save_attachments_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CachetMessageWindow *self = user_data;

  cachet_message_pane_save_attachments (self->pane);
}

static void
find_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CachetMessageWindow *self = user_data;

  cachet_message_pane_start_find (self->pane);
}

static void
show_headers_cb (GSimpleAction *action, GVariant *value, gpointer user_data)
{
  CachetMessageWindow *self = user_data;

  g_simple_action_set_state (action, value);
  cachet_message_pane_set_shows_headers (self->pane, g_variant_get_boolean (value));
}

/* Of the message itself: the window then has nothing to show and closes. */
static void
take_away (CachetMessageWindow *self, void (*order) (CachetEngine *, GPtrArray *))
{
  CachetMessageRow *row = cachet_message_pane_get_row (self->pane);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);

  if (row == NULL)
    return;
  g_ptr_array_add (rows, g_object_ref (row));
  order (self->engine, rows);
  gtk_window_close (GTK_WINDOW (self));
}

static void
delete_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  take_away (user_data, cachet_engine_delete);
}

static void
archive_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  take_away (user_data, cachet_engine_archive);
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
  { "view-source", view_source_cb },
  { "save-attachments", save_attachments_cb },
  { "find", find_cb },
  { "show-headers", NULL, NULL, "false", show_headers_cb },
  { "delete", delete_cb },
  { "archive", archive_cb },
  { "close", close_cb },
};

static void
set_enabled (CachetMessageWindow *self, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

static void
message_changed_cb (CachetMessageWindow *self)
{
  CachetMimeMessage *message = cachet_message_pane_get_message (self->pane);
  gboolean stored = cachet_message_pane_get_row (self->pane) != NULL;
  const char *subject = message != NULL ? cachet_mime_message_get_subject (message) : "";

  set_enabled (self, "reply", message != NULL);
  set_enabled (self, "reply-all", message != NULL);
  set_enabled (self, "forward", message != NULL);
  set_enabled (self, "forward-attachment", message != NULL);
  set_enabled (self, "view-source", message != NULL);
  set_enabled (self, "find", message != NULL);
  set_enabled (self, "save-attachments", cachet_message_pane_has_attachments (self->pane));
  set_enabled (self, "delete", stored);
  set_enabled (self, "archive", stored);
  if (*subject == '\0')
    subject = message != NULL ? _ ("(no subject)") : _ ("Message");
  hdy_header_bar_set_title (self->header_bar, subject);
  gtk_window_set_title (GTK_WINDOW (self), subject);
  if (message != NULL && stored)
    {
      g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
      CachetMessageRow *row = cachet_message_pane_get_row (self->pane);

      if (!(cachet_message_row_get_flags (row) & CACHET_MESSAGE_FLAG_SEEN))
        {
          g_ptr_array_add (rows, g_object_ref (row));
          cachet_engine_mark_seen (self->engine, rows);
        }
    }
}

static void
link_activated_cb (CachetMessageWindow *self, const char *uri)
{
  g_autoptr (GError) error = NULL;

  if (!cachet_answer_open_mailto (get_application (self), self->engine, NULL, uri, &error))
    tell_error (self, _ ("The link can't be used."), error);
}

static gboolean
cachet_message_window_key_press (GtkWidget *widget, GdkEventKey *event)
{
  CachetMessageWindow *self = CACHET_MESSAGE_WINDOW (widget);

  if (event->keyval == GDK_KEY_Escape &&
      (event->state & gtk_accelerator_get_default_mod_mask ()) == 0)
    {
      if (!cachet_message_pane_end_find (self->pane))
        gtk_window_close (GTK_WINDOW (self));
      return GDK_EVENT_STOP;
    }
  return GTK_WIDGET_CLASS (cachet_message_window_parent_class)->key_press_event (widget, event);
}

static void
cachet_message_window_dispose (GObject *object)
{
  g_clear_object (&CACHET_MESSAGE_WINDOW (object)->engine);
  G_OBJECT_CLASS (cachet_message_window_parent_class)->dispose (object);
}

static void
cachet_message_window_class_init (CachetMessageWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cachet_message_window_dispose;
  widget_class->key_press_event = cachet_message_window_key_press;
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/cachetmail/Cachet/ui/cachet-message-window.ui");
  gtk_widget_class_bind_template_child (widget_class, CachetMessageWindow, header_bar);
  gtk_widget_class_bind_template_child (widget_class, CachetMessageWindow, pane);
  gtk_widget_class_bind_template_child (widget_class, CachetMessageWindow, notices);
  gtk_widget_class_bind_template_callback (widget_class, message_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, link_activated_cb);
}

static void
cachet_message_window_init (CachetMessageWindow *self)
{
  g_type_ensure (CACHET_TYPE_MESSAGE_PANE);
  g_type_ensure (CACHET_TYPE_NOTICE_STACK);
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_init_template (GTK_WIDGET (self));
  message_changed_cb (self);
}

static CachetMessageWindow *
new_window (GtkApplication *application, CachetEngine *engine)
{
  CachetMessageWindow *self =
    g_object_new (CACHET_TYPE_MESSAGE_WINDOW, "application", application, NULL);

  self->engine = g_object_ref (engine);
  cachet_message_pane_set_engine (self->pane, engine);
  return self;
}

CachetMessageWindow *
cachet_message_window_new_for_row (GtkApplication *application,
                                   CachetEngine *engine,
                                   CachetMessageRow *row)
{
  CachetMessageWindow *self = new_window (application, engine);

  cachet_message_pane_show_row (self->pane, row);
  return self;
}

CachetMessageWindow *
cachet_message_window_new_for_file (GtkApplication *application, CachetEngine *engine, GFile *file)
{
  CachetMessageWindow *self = new_window (application, engine);

  cachet_message_pane_load_file (self->pane, file);
  return self;
}

CachetMessageWindow *
cachet_message_window_new_for_message (GtkApplication *application,
                                       CachetEngine *engine,
                                       CachetMimeMessage *message)
{
  CachetMessageWindow *self = new_window (application, engine);

  cachet_message_pane_show_message (self->pane, message);
  return self;
}
