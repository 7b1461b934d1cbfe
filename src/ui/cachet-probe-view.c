#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-probe-view.h"

#include "cachet-account-probe.h"
#include "cachet-certificate-dialog.h"

#include <glib/gi18n.h>

/* Pixels left free above the view when it is scrolled to. */
#define SPACE_ABOVE 12

struct _CachetProbeView
{
  GtkBox parent_instance;

  CachetEngine *engine;
  CachetAccountSettings *settings;
  CachetSecret *password;
  CachetAccountProbe *probe;
  GCancellable *cancellable;
  gboolean scrolls;

  GtkLabel *summary_label;
  GtkListBox *list_box;
  GtkWidget *certificate_button;
};

G_DEFINE_FINAL_TYPE (CachetProbeView, cachet_probe_view, GTK_TYPE_BOX)

enum {
  PROP_0,
  PROP_RUNNING,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* Updates a row's state: the icon and, for the screen reader, the word. */
static void
show_step (CachetProbeStep *step, GParamSpec *pspec, GtkWidget *row)
{
  GtkImage *image = g_object_get_data (G_OBJECT (row), "image");
  GtkLabel *text = g_object_get_data (G_OBJECT (row), "text");
  const char *icon = NULL;
  const char *word = NULL;
  g_autofree char *name = NULL;

  switch (cachet_probe_step_get_result (step))
    {
    case CACHET_PROBE_OK:
      icon = "object-select-symbolic";
      word = _ ("went well");
      break;
    case CACHET_PROBE_FAILED:
      icon = "dialog-error-symbolic";
      word = _ ("failed");
      break;
    case CACHET_PROBE_SKIPPED:
      icon = "list-remove-symbolic";
      word = _ ("skipped");
      break;
    case CACHET_PROBE_RUNNING:
    default:
      icon = "content-loading-symbolic";
      word = _ ("running");
      break;
    }
  gtk_image_set_from_icon_name (image, icon, GTK_ICON_SIZE_MENU);
  gtk_label_set_text (text, cachet_probe_step_get_text (step));
  gtk_widget_set_visible (GTK_WIDGET (text), *gtk_label_get_text (text) != '\0');
  name = g_strdup_printf ("%s: %s. %s", cachet_probe_step_get_title (step), word,
                          cachet_probe_step_get_text (step));
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (image)), word);
  atk_object_set_name (gtk_widget_get_accessible (row), name);
}

static GtkWidget *
make_row_cb (gpointer item, gpointer user_data)
{
  CachetProbeStep *step = item;
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *image = gtk_image_new ();
  GtkWidget *title = gtk_label_new (cachet_probe_step_get_title (step));
  GtkWidget *text = gtk_label_new (NULL);

  g_object_set (box, "margin", 12, NULL);
  gtk_widget_set_valign (image, GTK_ALIGN_START);
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_line_wrap (GTK_LABEL (title), TRUE);
  gtk_label_set_xalign (GTK_LABEL (text), 0);
  gtk_label_set_line_wrap (GTK_LABEL (text), TRUE);
  gtk_label_set_line_wrap_mode (GTK_LABEL (text), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (text), TRUE);
  gtk_style_context_add_class (gtk_widget_get_style_context (text), GTK_STYLE_CLASS_DIM_LABEL);
  gtk_container_add (GTK_CONTAINER (box), image);
  gtk_container_add (GTK_CONTAINER (texts), title);
  gtk_container_add (GTK_CONTAINER (texts), text);
  gtk_container_add (GTK_CONTAINER (box), texts);
  gtk_container_add (GTK_CONTAINER (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_show_all (row);
  g_object_set_data (G_OBJECT (row), "image", image);
  g_object_set_data (G_OBJECT (row), "text", text);
  g_signal_connect_object (step, "notify", G_CALLBACK (show_step), row, 0);
  show_step (step, NULL, row);
  return row;
}

static void
ran_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetProbeView) self = user_data;
  CachetAccountProbe *probe = CACHET_ACCOUNT_PROBE (source);
  g_autoptr (GError) error = NULL;
  gboolean ok = cachet_account_probe_run_finish (probe, result, &error);

  if (probe != self->probe || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  gtk_label_set_text (self->summary_label,
                      ok ? _ ("Everything works: mail can be read and sent.")
                         : _ ("Something does not work yet; the step below says what."));
  gtk_widget_set_visible (self->certificate_button,
                          cachet_account_probe_get_certificate (probe) != NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
}

/* The form above fills the window: what was asked for comes into sight. */
static void
size_allocate_cb (CachetProbeView *self)
{
  GtkWidget *window = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_SCROLLED_WINDOW);
  GtkWidget *viewport = window != NULL ? gtk_bin_get_child (GTK_BIN (window)) : NULL;
  GtkAdjustment *adjustment;
  int y;

  if (!self->scrolls || viewport == NULL ||
      !gtk_widget_translate_coordinates (GTK_WIDGET (self), viewport, 0, 0, NULL, &y))
    return;
  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (window));
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + y - SPACE_ABOVE);
  self->scrolls = self->cancellable != NULL;
}

static void
start (CachetProbeView *self)
{
  cachet_probe_view_stop (self);
  self->cancellable = g_cancellable_new ();
  self->scrolls = TRUE;
  self->probe = cachet_account_probe_new (self->engine, self->settings, self->password);
  gtk_list_box_bind_model (self->list_box, G_LIST_MODEL (self->probe), make_row_cb, self, NULL);
  gtk_label_set_text (self->summary_label, _ ("Trying…"));
  gtk_widget_hide (self->certificate_button);
  gtk_widget_set_no_show_all (GTK_WIDGET (self), FALSE);
  gtk_widget_show (GTK_WIDGET (self));
  cachet_account_probe_run_async (self->probe, self->cancellable, ran_cb, g_object_ref (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
}

void
cachet_probe_view_run (CachetProbeView *self,
                       CachetEngine *engine,
                       const CachetAccountSettings *settings,
                       CachetSecret *password)
{
  g_return_if_fail (CACHET_IS_PROBE_VIEW (self));

  g_set_object (&self->engine, engine);
  g_clear_pointer (&self->settings, cachet_account_settings_free);
  self->settings = cachet_account_settings_copy (settings);
  g_clear_pointer (&self->password, cachet_secret_unref);
  self->password = password != NULL ? cachet_secret_ref (password) : NULL;
  start (self);
}

gboolean
cachet_probe_view_is_running (CachetProbeView *self)
{
  g_return_val_if_fail (CACHET_IS_PROBE_VIEW (self), FALSE);

  return self->cancellable != NULL;
}

void
cachet_probe_view_stop (CachetProbeView *self)
{
  g_return_if_fail (CACHET_IS_PROBE_VIEW (self));

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->probe != NULL && self->list_box != NULL)
    gtk_list_box_bind_model (self->list_box, NULL, NULL, NULL, NULL);
  g_clear_object (&self->probe);
}

static void
accepted_cb (CachetCertificateDialog *dialog,
             const CachetServerCertificate *certificate,
             CachetProbeView *self)
{
  g_autoptr (GError) error = NULL;

  if (cachet_engine_add_exception (self->engine, certificate, &error))
    start (self);
  else
    gtk_label_set_text (self->summary_label, error->message);
}

static void
certificate_cb (CachetProbeView *self)
{
  const CachetServerCertificate *certificate = cachet_account_probe_get_certificate (self->probe);
  GtkWidget *window = gtk_widget_get_toplevel (GTK_WIDGET (self));
  CachetCertificateDialog *dialog =
    cachet_certificate_dialog_new (GTK_WINDOW (window), certificate);

  g_signal_connect_object (dialog, "accepted", G_CALLBACK (accepted_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
cachet_probe_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_assert (id == PROP_RUNNING);
  g_value_set_boolean (value, cachet_probe_view_is_running (CACHET_PROBE_VIEW (object)));
}

static void
cachet_probe_view_dispose (GObject *object)
{
  CachetProbeView *self = CACHET_PROBE_VIEW (object);

  self->list_box = NULL;
  cachet_probe_view_stop (self);
  g_clear_object (&self->engine);
  g_clear_pointer (&self->settings, cachet_account_settings_free);
  g_clear_pointer (&self->password, cachet_secret_unref);
  G_OBJECT_CLASS (cachet_probe_view_parent_class)->dispose (object);
}

static void
cachet_probe_view_class_init (CachetProbeViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = cachet_probe_view_get_property;
  object_class->dispose = cachet_probe_view_dispose;
  properties[PROP_RUNNING] =
    g_param_spec_boolean ("running", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cachetmail/Cachet/ui/cachet-probe-view.ui");
  gtk_widget_class_bind_template_child (widget_class, CachetProbeView, summary_label);
  gtk_widget_class_bind_template_child (widget_class, CachetProbeView, list_box);
  gtk_widget_class_bind_template_child (widget_class, CachetProbeView, certificate_button);
  gtk_widget_class_bind_template_callback (widget_class, certificate_cb);
}

static void
cachet_probe_view_init (CachetProbeView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self, "size-allocate", G_CALLBACK (size_allocate_cb), NULL);
}
