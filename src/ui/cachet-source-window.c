#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-source-window.h"

#include "cachet-attachment-files.h"
#include "cachet-info-bar.h"
#include "cachet-source-text.h"
#include "cachet-ui-worker.h"

#include <glib/gi18n.h>

struct _CachetSourceWindow
{
  HdyWindow parent_instance;

  HdyHeaderBar *header_bar;
  GtkToggleButton *find_button;
  GtkSearchBar *find_bar;
  GtkEntry *find_entry;
  GtkLabel *find_count;
  GtkTextView *view;
  GtkProgressBar *progress;
  GtkWidget *trouble_bar;
  GtkLabel *trouble_label;

  CachetMimeMessage *message;
  GBytes *text;  /* (nullable): rendered */
  gsize n_shown; /* bytes of @text in the view */
  guint fill_id;
  GCancellable *cancellable;
  GCancellable *find_cancellable;
  GArray *matches; /* (nullable): CachetSourceMatch */
  guint match;     /* index of the one selected */
  GtkFileChooserNative *chooser;
};

G_DEFINE_FINAL_TYPE (CachetSourceWindow, cachet_source_window, HDY_TYPE_WINDOW)

static void start_find (CachetSourceWindow *self);

static void
show_trouble (CachetSourceWindow *self, const char *summary, const GError *error)
{
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  text = g_strdup_printf ("%s %s", summary, error->message);
  gtk_label_set_text (self->trouble_label, text);
  gtk_widget_show (self->trouble_bar);
}

static void
trouble_response_cb (CachetSourceWindow *self)
{
  gtk_widget_hide (self->trouble_bar);
}

static gboolean
fill_cb (gpointer user_data)
{
  CachetSourceWindow *self = user_data;
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  gsize length;
  const char *data = g_bytes_get_data (self->text, &length);
  gsize end = MIN (length, self->n_shown + CACHET_SOURCE_WINDOW_PIECE);
  GtkTextIter iter;

  /* Never through a character. */
  while (end < length && ((guchar)data[end] & 0xc0) == 0x80)
    end++;
  gtk_text_buffer_get_end_iter (buffer, &iter);
  gtk_text_buffer_insert (buffer, &iter, data + self->n_shown, (int)(end - self->n_shown));
  self->n_shown = end;
  gtk_progress_bar_set_fraction (self->progress, length > 0 ? (double)end / length : 1);
  if (end < length)
    return G_SOURCE_CONTINUE;
  self->fill_id = 0;
  gtk_widget_hide (GTK_WIDGET (self->progress));
  if (gtk_search_bar_get_search_mode (self->find_bar))
    start_find (self);
  return G_SOURCE_REMOVE;
}

static gpointer
render_job (gpointer data, GCancellable *cancellable, GError **error)
{
  return cachet_source_text_render (data);
}

static void
rendered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetSourceWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  GBytes *text = cachet_worker_run_finish (CACHET_WORKER (source), result, &error);

  if (text == NULL)
    {
      if (error != NULL)
        show_trouble (self, _ ("The source could not be shown."), error);
      return;
    }
  self->text = text;
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  gtk_widget_set_visible (GTK_WIDGET (self->progress),
                          g_bytes_get_size (text) > CACHET_SOURCE_WINDOW_PIECE);
  self->fill_id = g_idle_add_full (G_PRIORITY_LOW, fill_cb, self, NULL);
  g_source_set_name_by_id (self->fill_id, "[cachet] source text");
}

static void
show_match (CachetSourceWindow *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  const CachetSourceMatch *match = &g_array_index (self->matches, CachetSourceMatch, self->match);
  g_autofree char *count = NULL;
  GtkTextIter start;
  GtkTextIter end;

  if (match->line >= (guint)gtk_text_buffer_get_line_count (buffer))
    return;
  gtk_text_buffer_get_iter_at_line_index (buffer, &start, match->line, match->start);
  gtk_text_buffer_get_iter_at_line_index (buffer, &end, match->line, match->end);
  gtk_text_buffer_select_range (buffer, &start, &end);
  gtk_text_view_scroll_to_mark (self->view, gtk_text_buffer_get_insert (buffer), 0.1, FALSE, 0, 0);
  /* Translators: which match of how many */
  count = g_strdup_printf (_ ("%u of %u%s"), self->match + 1, self->matches->len,
                              self->matches->len == CACHET_SOURCE_TEXT_MAX_MATCHES ? "+" : "");
  gtk_label_set_text (self->find_count, count);
}

typedef struct
{
  GBytes *text;
  char *words;
} FindJob;

static void
find_job_free (FindJob *job)
{
  g_bytes_unref (job->text);
  g_free (job->words);
  g_free (job);
}

static gpointer
find_job (gpointer data, GCancellable *cancellable, GError **error)
{
  FindJob *job = data;

  return cachet_source_text_find (job->text, job->words);
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetSourceWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) matches = cachet_worker_run_finish (CACHET_WORKER (source), result, &error);
  GtkStyleContext *context = gtk_widget_get_style_context (GTK_WIDGET (self->find_entry));

  if (matches == NULL)
    return;
  g_clear_pointer (&self->matches, g_array_unref);
  self->matches = g_steal_pointer (&matches);
  self->match = 0;
  if (self->matches->len > 0)
    {
      gtk_style_context_remove_class (context, GTK_STYLE_CLASS_ERROR);
      show_match (self);
      return;
    }
  gtk_style_context_add_class (context, GTK_STYLE_CLASS_ERROR);
  gtk_label_set_text (self->find_count, _ ("Not found"));
}

static void
start_find (CachetSourceWindow *self)
{
  const char *words = gtk_entry_get_text (self->find_entry);
  FindJob *job;

  if (self->find_cancellable != NULL)
    g_cancellable_cancel (self->find_cancellable);
  g_clear_object (&self->find_cancellable);
  g_clear_pointer (&self->matches, g_array_unref);
  if (*words == '\0' || self->text == NULL || self->fill_id != 0)
    {
      gtk_style_context_remove_class (gtk_widget_get_style_context (GTK_WIDGET (self->find_entry)),
                                      GTK_STYLE_CLASS_ERROR);
      gtk_label_set_text (self->find_count, "");
      return;
    }
  self->find_cancellable = g_cancellable_new ();
  job = g_new (FindJob, 1);
  job->text = g_bytes_ref (self->text);
  job->words = g_strdup (words);
  cachet_worker_run_async (cachet_ui_worker_get (), CACHET_WORKER_PRIORITY_USER, "find in source",
                           find_job, job, (GDestroyNotify)find_job_free,
                           (GDestroyNotify)g_array_unref, self->find_cancellable, found_cb,
                           g_object_ref (self));
}

static void
step (CachetSourceWindow *self, int delta)
{
  guint n = self->matches != NULL ? self->matches->len : 0;

  if (n == 0)
    return;
  self->match = (self->match + n + delta) % n;
  show_match (self);
}

static void
find_next_cb (CachetSourceWindow *self)
{
  step (self, 1);
}

static void
find_previous_cb (CachetSourceWindow *self)
{
  step (self, -1);
}

static void
find_changed_cb (CachetSourceWindow *self)
{
  start_find (self);
}

static void
find_stop_cb (CachetSourceWindow *self)
{
  gtk_search_bar_set_search_mode (self->find_bar, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetSourceWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = cachet_attachment_finish (result, &error);

  if (file == NULL)
    show_trouble (self, _ ("The message could not be saved."), error);
}

static void
chooser_response_cb (CachetSourceWindow *self, int response)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT
                             ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser))
                             : NULL;

  if (file != NULL)
    cachet_bytes_save_async (cachet_mime_message_get_bytes (self->message), file, self->cancellable,
                             saved_cb, g_object_ref (self));
  gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
}

static void
save_clicked_cb (CachetSourceWindow *self)
{
  if (self->chooser != NULL)
    return;
  self->chooser =
    gtk_file_chooser_native_new (_ ("Save Message"), GTK_WINDOW (self),
                                    GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), _ ("_Cancel"));
  gtk_file_chooser_set_do_overwrite_confirmation (GTK_FILE_CHOOSER (self->chooser), TRUE);
  /* Translators: the name proposed for a saved message; keep ".eml" */
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), _ ("message.eml"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chooser_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static gboolean
cachet_source_window_key_press (GtkWidget *widget, GdkEventKey *event)
{
  CachetSourceWindow *self = CACHET_SOURCE_WINDOW (widget);
  gboolean control = (event->state & GDK_CONTROL_MASK) != 0;

  if (control && event->keyval == GDK_KEY_f)
    {
      gtk_search_bar_set_search_mode (self->find_bar, TRUE);
      gtk_widget_grab_focus (GTK_WIDGET (self->find_entry));
      return GDK_EVENT_STOP;
    }
  if (control && (event->keyval == GDK_KEY_g || event->keyval == GDK_KEY_G))
    {
      step (self, event->keyval == GDK_KEY_G ? -1 : 1);
      return GDK_EVENT_STOP;
    }
  if (control && event->keyval == GDK_KEY_s)
    {
      save_clicked_cb (self);
      return GDK_EVENT_STOP;
    }
  if ((control && event->keyval == GDK_KEY_w) ||
      (event->keyval == GDK_KEY_Escape && !gtk_search_bar_get_search_mode (self->find_bar)))
    {
      gtk_window_close (GTK_WINDOW (self));
      return GDK_EVENT_STOP;
    }
  return GTK_WIDGET_CLASS (cachet_source_window_parent_class)->key_press_event (widget, event);
}

static void
cachet_source_window_dispose (GObject *object)
{
  CachetSourceWindow *self = CACHET_SOURCE_WINDOW (object);

  g_clear_handle_id (&self->fill_id, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  if (self->find_cancellable != NULL)
    g_cancellable_cancel (self->find_cancellable);
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  g_clear_object (&self->find_cancellable);
  g_clear_object (&self->message);
  G_OBJECT_CLASS (cachet_source_window_parent_class)->dispose (object);
}

static void
cachet_source_window_finalize (GObject *object)
{
  CachetSourceWindow *self = CACHET_SOURCE_WINDOW (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->text, g_bytes_unref);
  g_clear_pointer (&self->matches, g_array_unref);
  G_OBJECT_CLASS (cachet_source_window_parent_class)->finalize (object);
}

static void
cachet_source_window_class_init (CachetSourceWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cachet_source_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = cachet_source_window_finalize;
  widget_class->key_press_event = cachet_source_window_key_press;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cachetmail/Cachet/ui/cachet-source-window.ui");
  gtk_widget_class_bind_template_child (widget_class, CachetSourceWindow, header_bar);
  gtk_widget_class_bind_template_child (widget_class, CachetSourceWindow, find_button);
  gtk_widget_class_bind_template_child (widget_class, CachetSourceWindow, find_bar);
  gtk_widget_class_bind_template_child (widget_class, CachetSourceWindow, find_entry);
  gtk_widget_class_bind_template_child (widget_class, CachetSourceWindow, find_count);
  gtk_widget_class_bind_template_child (widget_class, CachetSourceWindow, view);
  gtk_widget_class_bind_template_child (widget_class, CachetSourceWindow, progress);
  gtk_widget_class_bind_template_child (widget_class, CachetSourceWindow, trouble_bar);
  gtk_widget_class_bind_template_child (widget_class, CachetSourceWindow, trouble_label);
  gtk_widget_class_bind_template_callback (widget_class, trouble_response_cb);
  gtk_widget_class_bind_template_callback (widget_class, find_next_cb);
  gtk_widget_class_bind_template_callback (widget_class, find_previous_cb);
  gtk_widget_class_bind_template_callback (widget_class, find_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, find_stop_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_clicked_cb);
}

static void
cachet_source_window_init (CachetSourceWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
  cachet_info_bar_name_close_button (GTK_INFO_BAR (self->trouble_bar));
  gtk_search_bar_connect_entry (self->find_bar, self->find_entry);
  g_object_bind_property (self->find_button, "active", self->find_bar, "search-mode-enabled",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
}

CachetSourceWindow *
cachet_source_window_new (GtkApplication *application, CachetMimeMessage *message)
{
  CachetSourceWindow *self;
  GBytes *bytes = cachet_mime_message_get_bytes (message);
  const char *subject = cachet_mime_message_get_subject (message);
  g_autofree char *size = g_format_size_full (g_bytes_get_size (bytes), G_FORMAT_SIZE_LONG_FORMAT);

  self = g_object_new (CACHET_TYPE_SOURCE_WINDOW, "application", application, NULL);
  self->message = g_object_ref (message);
  hdy_header_bar_set_subtitle (self->header_bar, size);
  if (*subject != '\0')
    hdy_header_bar_set_title (self->header_bar, subject);
  cachet_worker_run_async (cachet_ui_worker_get (), CACHET_WORKER_PRIORITY_USER, "render source",
                           render_job, g_bytes_ref (bytes), (GDestroyNotify)g_bytes_unref,
                           (GDestroyNotify)g_bytes_unref, self->cancellable, rendered_cb,
                           g_object_ref (self));
  return self;
}
