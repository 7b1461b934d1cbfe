#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-message-pane.h"

#include "cachet-attachment-card.h"
#include "cachet-attachment-files.h"
#include "cachet-info-bar.h"
#include "cachet-message-header.h"
#include "cachet-message-text.h"
#include "cachet-message-window.h"
#include "cachet-visible-text.h"

#include <glib/gi18n.h>
#include <handy.h>
#include <string.h>

struct _CachetMessagePane
{
  GtkBin parent_instance;

  GtkStack *stack;
  HdyStatusPage *empty_page;
  HdyStatusPage *error_page;
  GtkWidget *retry_button;
  GtkWidget *cancel_button;
  CachetMessageHeader *header;
  GtkWidget *note_bar;
  GtkLabel *note_label;
  GtkWidget *trouble_bar;
  GtkLabel *trouble_label;
  GtkSearchBar *find_bar;
  GtkEntry *find_entry;
  GtkScrolledWindow *scroller;
  CachetMessageText *text;
  GtkWidget *attachments_box;
  GtkLabel *attachments_label;
  GtkWidget *save_all_button;
  GtkFlowBox *attachments;

  CachetEngine *engine;
  CachetMessageRow *row;      /* (nullable) */
  GFile *file;                /* (nullable) */
  CachetMimeMessage *message; /* (nullable) */
  GCancellable *cancellable;  /* of the load that runs */
  GtkFileChooserNative *chooser;
  const CachetMimePart *chooser_part; /* (nullable): NULL means all */
  guint spinner_id;
};

enum {
  PROP_MESSAGE = 1,
  N_PROPS,
};

enum {
  SIGNAL_LINK_ACTIVATED,
  N_SIGNALS,
};

/* A message from the cache is there sooner than that: no spinner flashes up. */
#define SPINNER_DELAY_MS 150

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CachetMessagePane, cachet_message_pane, GTK_TYPE_BIN)

static void
show_trouble (CachetMessagePane *self, const char *summary, const GError *error)
{
  g_autofree char *text = NULL;

  if (error != NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  text = error != NULL ? g_strdup_printf ("%s %s", summary, error->message) : g_strdup (summary);
  gtk_label_set_text (self->trouble_label, text);
  gtk_widget_show (self->trouble_bar);
}

static void
cancel_load (CachetMessagePane *self)
{
  g_clear_handle_id (&self->spinner_id, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
clear_cards (CachetMessagePane *self)
{
  g_autoptr (GList) cards = gtk_container_get_children (GTK_CONTAINER (self->attachments));
  GList *l;

  for (l = cards; l != NULL; l = l->next)
    gtk_widget_destroy (l->data);
}

static void
set_message (CachetMessagePane *self, CachetMimeMessage *message)
{
  if (g_set_object (&self->message, message))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MESSAGE]);
}

static void
forget (CachetMessagePane *self)
{
  cancel_load (self);
  g_clear_object (&self->row);
  g_clear_object (&self->file);
  set_message (self, NULL);
}

static void
extract_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetMessagePane) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = cachet_attachment_finish (result, &error);
  g_autofree char *uri = NULL;
  GtkWidget *window = gtk_widget_get_toplevel (GTK_WIDGET (self));

  if (file == NULL)
    {
      show_trouble (self, _ ("The attachment could not be opened."), error);
      return;
    }
  uri = g_file_get_uri (file);
  if (!gtk_show_uri_on_window (GTK_IS_WINDOW (window) ? GTK_WINDOW (window) : NULL, uri,
                               gtk_get_current_event_time (), &error))
    show_trouble (self, _ ("No program could open the attachment; save it to look at it later."),
                           error);
}

static void
card_open_cb (CachetMessagePane *self, CachetAttachmentCard *card)
{
  const CachetMimePart *part = cachet_attachment_card_get_part (card);
  CachetMimeMessage *inner = cachet_mime_part_get_message (part);

  gtk_widget_hide (self->trouble_bar);
  if (inner != NULL)
    {
      GtkApplication *application = GTK_APPLICATION (g_application_get_default ());

      gtk_window_present (
        GTK_WINDOW (cachet_message_window_new_for_message (application, self->engine, inner)));
      return;
    }
  if (cachet_attachment_is_program (cachet_mime_part_get_file_name (part),
                                    cachet_mime_part_get_content_type (part)))
    {
      show_trouble (self,
                    _ ("This attachment can run as a program and is not opened from a message. If "
                       "you trust it, save it and start it yourself."),
                       NULL);
      return;
    }
  cachet_attachment_extract_async (self->message, part, NULL, extract_cb, g_object_ref (self));
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetMessagePane) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = cachet_attachment_finish (result, &error);

  if (file == NULL)
    show_trouble (self, _ ("The attachment could not be saved."), error);
}

static void
chooser_response_cb (CachetMessagePane *self, int response)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT
                             ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser))
                             : NULL;
  /* The chooser holds the message whose attachment it is about: another may be shown by now. */
  CachetMimeMessage *message = g_object_get_data (G_OBJECT (self->chooser), "message");

  if (file != NULL && self->chooser_part != NULL)
    cachet_attachment_save_async (message, self->chooser_part, file, NULL, saved_cb,
                                  g_object_ref (self));
  else if (file != NULL)
    cachet_attachment_save_all_async (message, cachet_mime_message_get_attachments (message), file,
                                      NULL, saved_cb, g_object_ref (self));
  gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
}

/* @part: (nullable): all of them */
static void
ask_where_to_save (CachetMessagePane *self, const CachetMimePart *part)
{
  GtkWidget *window = gtk_widget_get_toplevel (GTK_WIDGET (self));

  if (self->chooser != NULL || self->message == NULL)
    return;
  gtk_widget_hide (self->trouble_bar);
  self->chooser = gtk_file_chooser_native_new (
    part != NULL
    ? _ ("Save Attachment")
    : _ ("Save All Attachments"), GTK_IS_WINDOW (window) ? GTK_WINDOW (window) : NULL,
         part != NULL ? GTK_FILE_CHOOSER_ACTION_SAVE : GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
         _ ("_Save"), _ ("_Cancel"));
  self->chooser_part = part;
  g_object_set_data_full (G_OBJECT (self->chooser), "message", g_object_ref (self->message),
                          g_object_unref);
  gtk_file_chooser_set_do_overwrite_confirmation (GTK_FILE_CHOOSER (self->chooser), TRUE);
  if (part != NULL)
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser),
                                       cachet_mime_part_get_file_name (part));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chooser_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
card_save_cb (CachetMessagePane *self, CachetAttachmentCard *card)
{
  ask_where_to_save (self, cachet_attachment_card_get_part (card));
}

static void
save_all_clicked_cb (CachetMessagePane *self)
{
  cachet_message_pane_save_attachments (self);
}

static void
show_attachments (CachetMessagePane *self)
{
  GPtrArray *parts = cachet_mime_message_get_attachments (self->message);
  g_autofree char *label =
    g_strdup_printf (ngettext ("%u attachment", "%u attachments", parts->len), parts->len);
  guint i;

  clear_cards (self);
  for (i = 0; i < parts->len; i++)
    {
      CachetAttachmentCard *card =
        cachet_attachment_card_new (self->message, g_ptr_array_index (parts, i));

      g_signal_connect_object (card, "open", G_CALLBACK (card_open_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (card, "save", G_CALLBACK (card_save_cb), self, G_CONNECT_SWAPPED);
      gtk_container_add (GTK_CONTAINER (self->attachments), GTK_WIDGET (card));
    }
  gtk_label_set_text (self->attachments_label, label);
  gtk_widget_set_visible (self->save_all_button, parts->len > 1);
  gtk_widget_set_visible (self->attachments_box, parts->len > 0);
}

static void
show_note (CachetMessagePane *self, gboolean whole)
{
  const char *note = NULL;

  if (!whole)
    note = _ ("This text is very long and is cut here. View Source shows all of it.");
  else if (cachet_mime_message_text_is_from_html (self->message))
    note = _ ("This message is written in HTML; you see its text.");
  else if (*cachet_mime_message_get_text (self->message) == '\0' &&
           cachet_mime_message_get_attachments (self->message)->len == 0)
    note = _ ("This message has no text.");
  if (note != NULL)
    gtk_label_set_text (self->note_label, note);
  gtk_widget_set_visible (self->note_bar, note != NULL);
}

void
cachet_message_pane_show_message (CachetMessagePane *self, CachetMimeMessage *message)
{
  gboolean whole;

  g_return_if_fail (CACHET_IS_MESSAGE_PANE (self) && CACHET_IS_MIME_MESSAGE (message));
  cancel_load (self);
  cachet_message_pane_end_find (self);
  gtk_widget_hide (self->trouble_bar);
  set_message (self, message);
  cachet_message_header_set_message (self->header, message);
  whole = cachet_message_text_set (self->text, cachet_mime_message_get_text (message));
  show_note (self, whole);
  show_attachments (self);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
  gtk_stack_set_visible_child_name (self->stack, "message");
}

static gboolean
show_spinner_cb (gpointer user_data)
{
  CachetMessagePane *self = user_data;

  self->spinner_id = 0;
  gtk_stack_set_visible_child_name (self->stack, "loading");
  return G_SOURCE_REMOVE;
}

static void
start_load (CachetMessagePane *self)
{
  self->cancellable = g_cancellable_new ();
  self->spinner_id = g_timeout_add (SPINNER_DELAY_MS, show_spinner_cb, self);
  g_source_set_name_by_id (self->spinner_id, "[cachet] loading spinner");
}

static void
loaded (CachetMessagePane *self, CachetMimeMessage *message, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (message != NULL)
    {
      cachet_message_pane_show_message (self, message);
      return;
    }
  cancel_load (self);
  {
    g_autofree char *escaped = g_markup_escape_text (error->message, -1);

    hdy_status_page_set_description (self->error_page, escaped);
  }
  gtk_widget_show (self->retry_button);
  gtk_stack_set_visible_child_name (self->stack, "error");
}

static void
row_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetMessagePane) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CachetMimeMessage) message =
    cachet_engine_load_message_finish (CACHET_ENGINE (source), result, &error);

  loaded (self, message, error);
}

static void
file_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetMessagePane) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CachetMimeMessage) message =
    cachet_engine_load_file_finish (CACHET_ENGINE (source), result, &error);

  loaded (self, message, error);
}

void
cachet_message_pane_show_row (CachetMessagePane *self, CachetMessageRow *row)
{
  g_return_if_fail (CACHET_IS_MESSAGE_PANE (self) && CACHET_IS_MESSAGE_ROW (row));
  if (self->row != NULL &&
      cachet_message_row_get_id (self->row) == cachet_message_row_get_id (row) &&
      (self->message != NULL || self->cancellable != NULL))
    return;
  forget (self);
  self->row = g_object_ref (row);
  start_load (self);
  cachet_engine_load_message_async (self->engine, row, self->cancellable, row_loaded_cb,
                                    g_object_ref (self));
}

void
cachet_message_pane_load_file (CachetMessagePane *self, GFile *file)
{
  g_return_if_fail (CACHET_IS_MESSAGE_PANE (self) && G_IS_FILE (file));
  g_object_ref (file);
  forget (self);
  self->file = file;
  start_load (self);
  cachet_engine_load_file_async (self->engine, file, self->cancellable, file_loaded_cb,
                                 g_object_ref (self));
}

static void
retry_clicked_cb (CachetMessagePane *self)
{
  if (self->row != NULL)
    {
      g_autoptr (CachetMessageRow) row = g_object_ref (self->row);

      cachet_message_pane_show_row (self, row);
    }
  else if (self->file != NULL)
    {
      g_autoptr (GFile) file = g_object_ref (self->file);

      cachet_message_pane_load_file (self, file);
    }
}

static void
cancel_clicked_cb (CachetMessagePane *self)
{
  cancel_load (self);
  hdy_status_page_set_description (self->error_page, _ ("Loading was cancelled."));
  gtk_stack_set_visible_child_name (self->stack, "error");
}

static void
trouble_response_cb (CachetMessagePane *self)
{
  gtk_widget_hide (self->trouble_bar);
}

static void
link_activated_cb (CachetMessagePane *self, const char *uri)
{
  g_autoptr (GError) error = NULL;
  GtkWidget *window = gtk_widget_get_toplevel (GTK_WIDGET (self));

  if (g_ascii_strncasecmp (uri, "mailto:", strlen ("mailto:")) == 0)
    {
      g_signal_emit (self, signals[SIGNAL_LINK_ACTIVATED], 0, uri);
      return;
    }
  if (!gtk_show_uri_on_window (GTK_IS_WINDOW (window) ? GTK_WINDOW (window) : NULL, uri,
                               gtk_get_current_event_time (), &error))
    show_trouble (self, _ ("The link could not be opened."), error);
}

static void
find_changed_cb (CachetMessagePane *self)
{
  GtkStyleContext *context = gtk_widget_get_style_context (GTK_WIDGET (self->find_entry));
  const char *words = gtk_entry_get_text (self->find_entry);

  if (*words != '\0' && !cachet_message_text_find (self->text, words, FALSE))
    gtk_style_context_add_class (context, GTK_STYLE_CLASS_ERROR);
  else
    gtk_style_context_remove_class (context, GTK_STYLE_CLASS_ERROR);
}

static void
find_previous_cb (CachetMessagePane *self)
{
  const char *words = gtk_entry_get_text (self->find_entry);

  if (*words != '\0')
    cachet_message_text_find (self->text, words, TRUE);
}

static void
find_stop_cb (CachetMessagePane *self)
{
  cachet_message_pane_end_find (self);
}

static void
cachet_message_pane_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CachetMessagePane *self = CACHET_MESSAGE_PANE (object);

  switch (id)
    {
    case PROP_MESSAGE:
      g_value_set_object (value, self->message);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
cachet_message_pane_dispose (GObject *object)
{
  CachetMessagePane *self = CACHET_MESSAGE_PANE (object);

  cancel_load (self);
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  g_clear_object (&self->row);
  g_clear_object (&self->file);
  g_clear_object (&self->message);
  g_clear_object (&self->engine);
  G_OBJECT_CLASS (cachet_message_pane_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cachetmail/Cachet/ui/cachet-message-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, CachetMessagePane, stack);
  gtk_widget_class_bind_template_child (widget_class, CachetMessagePane, empty_page);
  gtk_widget_class_bind_template_child (widget_class, CachetMessagePane, error_page);
  gtk_widget_class_bind_template_child (widget_class, CachetMessagePane, retry_button);
  gtk_widget_class_bind_template_child (widget_class, CachetMessagePane, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, CachetMessagePane, header);
  gtk_widget_class_bind_template_child (widget_class, CachetMessagePane, note_bar);
  gtk_widget_class_bind_template_child (widget_class, CachetMessagePane, note_label);
  gtk_widget_class_bind_template_child (widget_class, CachetMessagePane, trouble_bar);
  gtk_widget_class_bind_template_child (widget_class, CachetMessagePane, trouble_label);
  gtk_widget_class_bind_template_child (widget_class, CachetMessagePane, find_bar);
  gtk_widget_class_bind_template_child (widget_class, CachetMessagePane, find_entry);
  gtk_widget_class_bind_template_child (widget_class, CachetMessagePane, scroller);
  gtk_widget_class_bind_template_child (widget_class, CachetMessagePane, text);
  gtk_widget_class_bind_template_child (widget_class, CachetMessagePane, attachments_box);
  gtk_widget_class_bind_template_child (widget_class, CachetMessagePane, attachments_label);
  gtk_widget_class_bind_template_child (widget_class, CachetMessagePane, save_all_button);
  gtk_widget_class_bind_template_child (widget_class, CachetMessagePane, attachments);
  gtk_widget_class_bind_template_callback (widget_class, retry_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, trouble_response_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_all_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, link_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, find_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, find_previous_cb);
  gtk_widget_class_bind_template_callback (widget_class, find_stop_cb);
}

static void
cachet_message_pane_class_init (CachetMessagePaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = cachet_message_pane_get_property;
  object_class->dispose = cachet_message_pane_dispose;
  properties[PROP_MESSAGE] = g_param_spec_object ("message", NULL, NULL, CACHET_TYPE_MIME_MESSAGE,
                                                  G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SIGNAL_LINK_ACTIVATED] =
    g_signal_new ("link-activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
cachet_message_pane_init (CachetMessagePane *self)
{
  g_type_ensure (CACHET_TYPE_MESSAGE_HEADER);
  g_type_ensure (CACHET_TYPE_MESSAGE_TEXT);
  gtk_widget_init_template (GTK_WIDGET (self));
  cachet_info_bar_name_close_button (GTK_INFO_BAR (self->trouble_bar));
  gtk_search_bar_connect_entry (self->find_bar, self->find_entry);
  cachet_message_pane_show_selection (self, 0);
}

CachetMessagePane *
cachet_message_pane_new (void)
{
  return g_object_new (CACHET_TYPE_MESSAGE_PANE, NULL);
}

void
cachet_message_pane_set_engine (CachetMessagePane *self, CachetEngine *engine)
{
  g_return_if_fail (CACHET_IS_MESSAGE_PANE (self) && CACHET_IS_ENGINE (engine));
  g_set_object (&self->engine, engine);
}

void
cachet_message_pane_show_selection (CachetMessagePane *self, guint n_selected)
{
  g_return_if_fail (CACHET_IS_MESSAGE_PANE (self));
  forget (self);
  if (n_selected == 0)
    {
      hdy_status_page_set_icon_name (self->empty_page, "cachet-message-symbolic");
      hdy_status_page_set_title (self->empty_page, _ ("No message selected"));
      hdy_status_page_set_description (self->empty_page, _ ("Choose a message to read it here."));
    }
  else
    {
      g_autofree char *title = g_strdup_printf (
        ngettext ("%u message selected", "%u messages selected", n_selected), n_selected);

      hdy_status_page_set_icon_name (self->empty_page, "object-select-symbolic");
      hdy_status_page_set_title (self->empty_page, title);
      hdy_status_page_set_description (self->empty_page,
                                       _ ("Move, mark, archive or delete them together."));
    }
  gtk_stack_set_visible_child_name (self->stack, "empty");
}

CachetMimeMessage *
cachet_message_pane_get_message (CachetMessagePane *self)
{
  g_return_val_if_fail (CACHET_IS_MESSAGE_PANE (self), NULL);
  return self->message;
}

CachetMessageRow *
cachet_message_pane_get_row (CachetMessagePane *self)
{
  g_return_val_if_fail (CACHET_IS_MESSAGE_PANE (self), NULL);
  return self->row;
}

void
cachet_message_pane_set_shows_headers (CachetMessagePane *self, gboolean shows_headers)
{
  g_return_if_fail (CACHET_IS_MESSAGE_PANE (self));
  cachet_message_header_set_shows_all (self->header, shows_headers);
}

gboolean
cachet_message_pane_get_shows_headers (CachetMessagePane *self)
{
  g_return_val_if_fail (CACHET_IS_MESSAGE_PANE (self), FALSE);
  return cachet_message_header_get_shows_all (self->header);
}

gboolean
cachet_message_pane_has_attachments (CachetMessagePane *self)
{
  g_return_val_if_fail (CACHET_IS_MESSAGE_PANE (self), FALSE);
  return self->message != NULL && cachet_mime_message_get_attachments (self->message)->len > 0;
}

void
cachet_message_pane_save_attachments (CachetMessagePane *self)
{
  g_return_if_fail (CACHET_IS_MESSAGE_PANE (self));
  if (cachet_message_pane_has_attachments (self))
    ask_where_to_save (self, NULL);
}

void
cachet_message_pane_start_find (CachetMessagePane *self)
{
  g_return_if_fail (CACHET_IS_MESSAGE_PANE (self));
  if (self->message == NULL)
    return;
  gtk_search_bar_set_search_mode (self->find_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->find_entry));
}

gboolean
cachet_message_pane_end_find (CachetMessagePane *self)
{
  g_return_val_if_fail (CACHET_IS_MESSAGE_PANE (self), FALSE);
  if (!gtk_search_bar_get_search_mode (self->find_bar))
    return FALSE;
  gtk_search_bar_set_search_mode (self->find_bar, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->text));
  return TRUE;
}

void
cachet_message_pane_focus (CachetMessagePane *self)
{
  g_return_if_fail (CACHET_IS_MESSAGE_PANE (self));
  if (self->message != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (self->text));
}

gboolean
cachet_message_pane_scroll_page (CachetMessagePane *self)
{
  GtkAdjustment *adjustment;
  double value;
  double end;

  g_return_val_if_fail (CACHET_IS_MESSAGE_PANE (self), FALSE);
  adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  value = gtk_adjustment_get_value (adjustment);
  end = gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment);
  if (self->message == NULL || value >= end)
    return FALSE;
  gtk_adjustment_set_value (adjustment,
                            MIN (end, value + gtk_adjustment_get_page_increment (adjustment)));
  return TRUE;
}
