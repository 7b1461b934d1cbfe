#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-account-assistant.h"

#include "cachet-account-form.h"
#include "cachet-info-bar.h"
#include "cachet-probe-view.h"

#include <glib/gi18n.h>

struct _CachetAccountAssistant
{
  HdyWindow parent_instance;

  CachetEngine *engine;

  GtkInfoBar *note_bar;
  GtkLabel *note_label;
  CachetAccountForm *form;
  CachetProbeView *probe_view;
  GtkWidget *try_button;
  GtkWidget *add_button;
  GtkWidget *cancel_button;
};

G_DEFINE_FINAL_TYPE (CachetAccountAssistant, cachet_account_assistant, HDY_TYPE_WINDOW)

static void
show_error (CachetAccountAssistant *self, const GError *error)
{
  gtk_label_set_text (self->note_label, error->message);
  gtk_info_bar_set_message_type (self->note_bar, GTK_MESSAGE_ERROR);
  gtk_widget_show (GTK_WIDGET (self->note_bar));
}

static void
form_changed_cb (CachetAccountAssistant *self)
{
  gtk_widget_hide (GTK_WIDGET (self->note_bar));
}

static void
cancel_cb (CachetAccountAssistant *self)
{
  gtk_widget_destroy (GTK_WIDGET (self));
}

static void
try_cb (CachetAccountAssistant *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CachetAccountSettings) settings =
    cachet_account_form_dup_settings (self->form, &error);
  g_autoptr (CachetSecret) password = cachet_account_form_dup_password (self->form);

  if (settings == NULL)
    show_error (self, error);
  else
    cachet_probe_view_run (self->probe_view, self->engine, settings, password);
}

/* The account is there, but its password is kept nowhere: said before the window goes. */
static void
tell_only_this_run (CachetAccountAssistant *self)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));
  GtkWidget *dialog =
    gtk_message_dialog_new (parent, GTK_DIALOG_DESTROY_WITH_PARENT, GTK_MESSAGE_INFO,
                            GTK_BUTTONS_CLOSE, "%s", _ ("The password is kept for this run only."));

  gtk_message_dialog_format_secondary_text (
    GTK_MESSAGE_DIALOG (dialog), "%s",
    _ ("No keyring answers on this computer, so Cachet will ask again at its next start. Install "
       "and unlock a keyring (such as GNOME Keyring) to have it kept."));
  g_signal_connect (dialog, "response", G_CALLBACK (gtk_widget_destroy), NULL);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
put_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetAccountAssistant) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean only_this_run = FALSE;
  CachetAccount *account =
    cachet_engine_put_account_finish (CACHET_ENGINE (source), result, &only_this_run, &error);

  if (gtk_widget_in_destruction (GTK_WIDGET (self)))
    return;
  if (account == NULL)
    {
      gtk_widget_set_sensitive (self->add_button, TRUE);
      show_error (self, error);
      return;
    }
  if (only_this_run && cachet_account_form_get_remember (self->form))
    tell_only_this_run (self);
  gtk_widget_destroy (GTK_WIDGET (self));
}

static void
add_cb (CachetAccountAssistant *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CachetAccountSettings) settings =
    cachet_account_form_dup_settings (self->form, &error);
  g_autoptr (CachetSecret) password = cachet_account_form_dup_password (self->form);

  if (settings == NULL)
    {
      show_error (self, error);
      return;
    }
  gtk_widget_set_sensitive (self->add_button, FALSE);
  cachet_engine_put_account_async (self->engine, settings, password,
                                   cachet_account_form_get_remember (self->form), NULL, put_cb,
                                   g_object_ref (self));
}

static void
cachet_account_assistant_dispose (GObject *object)
{
  CachetAccountAssistant *self = CACHET_ACCOUNT_ASSISTANT (object);

  g_clear_object (&self->engine);
  G_OBJECT_CLASS (cachet_account_assistant_parent_class)->dispose (object);
}

static void
cachet_account_assistant_class_init (CachetAccountAssistantClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GtkBindingSet *bindings = gtk_binding_set_by_class (klass);

  g_type_ensure (CACHET_TYPE_ACCOUNT_FORM);
  g_type_ensure (CACHET_TYPE_PROBE_VIEW);
  G_OBJECT_CLASS (klass)->dispose = cachet_account_assistant_dispose;
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/cachetmail/Cachet/ui/cachet-account-assistant.ui");
  gtk_widget_class_bind_template_child (widget_class, CachetAccountAssistant, note_bar);
  gtk_widget_class_bind_template_child (widget_class, CachetAccountAssistant, note_label);
  gtk_widget_class_bind_template_child (widget_class, CachetAccountAssistant, form);
  gtk_widget_class_bind_template_child (widget_class, CachetAccountAssistant, probe_view);
  gtk_widget_class_bind_template_child (widget_class, CachetAccountAssistant, try_button);
  gtk_widget_class_bind_template_child (widget_class, CachetAccountAssistant, add_button);
  gtk_widget_class_bind_template_child (widget_class, CachetAccountAssistant, cancel_button);
  gtk_widget_class_bind_template_callback (widget_class, form_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, try_cb);
  gtk_widget_class_bind_template_callback (widget_class, add_cb);
  g_signal_new_class_handler ("cancel", G_TYPE_FROM_CLASS (klass),
                              G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION, G_CALLBACK (cancel_cb), NULL,
                              NULL, NULL, G_TYPE_NONE, 0);
  gtk_binding_entry_add_signal (bindings, GDK_KEY_Escape, 0, "cancel", 0);
}

static void
cachet_account_assistant_init (CachetAccountAssistant *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  cachet_info_bar_name_close_button (self->note_bar);
  g_object_bind_property (self->probe_view, "running", self->try_button, "sensitive",
                          G_BINDING_SYNC_CREATE | G_BINDING_INVERT_BOOLEAN);
}

CachetAccountAssistant *
cachet_account_assistant_new (GtkWindow *parent, CachetEngine *engine)
{
  CachetAccountAssistant *self =
    g_object_new (CACHET_TYPE_ACCOUNT_ASSISTANT, "transient-for", parent, NULL);

  self->engine = g_object_ref (engine);
  return self;
}
