#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-account-settings-dialog.h"

#include "cachet-account-form.h"
#include "cachet-info-bar.h"
#include "cachet-outbox.h"
#include "cachet-probe-view.h"
#include "cachet-secrets.h"

#include <glib/gi18n.h>

struct _CachetAccountSettingsDialog
{
  HdyWindow parent_instance;

  CachetEngine *engine;
  CachetAccount *account;

  GtkInfoBar *note_bar;
  GtkLabel *note_label;
  CachetAccountForm *form;
  CachetProbeView *probe_view;
  GtkWidget *try_button;
  GtkWidget *save_button;
  GtkWidget *cancel_button;
  GtkWidget *remove_button;
};

G_DEFINE_FINAL_TYPE (CachetAccountSettingsDialog, cachet_account_settings_dialog, HDY_TYPE_WINDOW)

static void
show_error (CachetAccountSettingsDialog *self, const GError *error)
{
  gtk_label_set_text (self->note_label, error->message);
  gtk_info_bar_set_message_type (self->note_bar, GTK_MESSAGE_ERROR);
  gtk_widget_show (GTK_WIDGET (self->note_bar));
}

static void
form_changed_cb (CachetAccountSettingsDialog *self)
{
  gtk_widget_hide (GTK_WIDGET (self->note_bar));
}

static void
cancel_cb (CachetAccountSettingsDialog *self)
{
  gtk_widget_destroy (GTK_WIDGET (self));
}

/* Try with the password that is stored: the entry is empty. */
static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetAccountSettingsDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CachetSecret) password =
    cachet_secrets_lookup_finish (CACHET_SECRETS (source), result, &error);
  g_autoptr (CachetAccountSettings) settings = NULL;

  if (gtk_widget_in_destruction (GTK_WIDGET (self)))
    return;
  gtk_widget_set_sensitive (self->try_button, TRUE);
  if (error == NULL)
    settings = cachet_account_form_dup_settings (self->form, &error);
  if (settings == NULL)
    show_error (self, error);
  else
    cachet_probe_view_run (self->probe_view, self->engine, settings, password);
}

static void
try_cb (CachetAccountSettingsDialog *self)
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
  if (password != NULL)
    {
      cachet_probe_view_run (self->probe_view, self->engine, settings, password);
      return;
    }
  gtk_widget_set_sensitive (self->try_button, FALSE);
  cachet_secrets_lookup_async (cachet_engine_get_secrets (self->engine), settings->id, "imap", NULL,
                               looked_up_cb, g_object_ref (self));
}

static void
put_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetAccountSettingsDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  CachetAccount *account =
    cachet_engine_put_account_finish (CACHET_ENGINE (source), result, NULL, &error);

  if (gtk_widget_in_destruction (GTK_WIDGET (self)))
    return;
  gtk_widget_set_sensitive (self->save_button, TRUE);
  if (account == NULL)
    show_error (self, error);
  else
    gtk_widget_destroy (GTK_WIDGET (self));
}

static void
save_cb (CachetAccountSettingsDialog *self)
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
  gtk_widget_set_sensitive (self->save_button, FALSE);
  cachet_engine_put_account_async (self->engine, settings, password,
                                   cachet_account_form_get_remember (self->form), NULL, put_cb,
                                   g_object_ref (self));
}

/* --- removing --- */

static void
removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetAccountSettingsDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean ok = cachet_engine_remove_account_finish (CACHET_ENGINE (source), result, &error);

  if (gtk_widget_in_destruction (GTK_WIDGET (self)))
    return;
  if (ok)
    {
      gtk_widget_destroy (GTK_WIDGET (self));
      return;
    }
  gtk_widget_set_sensitive (GTK_WIDGET (self), TRUE);
  show_error (self, error);
}

static void
remove_response_cb (GtkDialog *dialog, int response, CachetAccountSettingsDialog *self)
{
  gtk_widget_destroy (GTK_WIDGET (dialog));
  if (response != GTK_RESPONSE_ACCEPT)
    return;
  gtk_widget_set_sensitive (GTK_WIDGET (self), FALSE);
  cachet_engine_remove_account_async (self->engine, self->account, TRUE, NULL, removed_cb,
                                      g_object_ref (self));
}

static guint
count_unsent (CachetAccountSettingsDialog *self)
{
  GListModel *outbox = G_LIST_MODEL (cachet_engine_get_outbox (self->engine));
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (outbox); i++)
    {
      g_autoptr (CachetOutboxItem) item = g_list_model_get_item (outbox, i);
      if (g_str_equal (cachet_outbox_item_get_account_id (item),
                       cachet_account_get_id (self->account)))
        n++;
    }
  return n;
}

static void
remove_cb (CachetAccountSettingsDialog *self)
{
  guint n_unsent = count_unsent (self);
  g_autofree char *unsent = NULL;
  GtkWidget *dialog = gtk_message_dialog_new (
    GTK_WINDOW (self), GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT, GTK_MESSAGE_QUESTION,
    GTK_BUTTONS_NONE, _ ("Remove the account “%s”?"), cachet_account_get_label (self->account));

  if (n_unsent > 0)
    unsent =
      g_strdup_printf (ngettext (" %u message that waits to be sent is thrown away.",
                                 " %u messages that wait to be sent are thrown away.", n_unsent),
                       n_unsent);
  gtk_message_dialog_format_secondary_text (
    GTK_MESSAGE_DIALOG (dialog), "%s%s",
    _ ("Its mail stays on the server. What this computer keeps of it, and its password, go."),
       unsent != NULL ? unsent : "");
  gtk_dialog_add_buttons (GTK_DIALOG (dialog), _ ("_Cancel"), GTK_RESPONSE_CANCEL,
                                                  _ ("_Remove"), GTK_RESPONSE_ACCEPT, NULL);
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_CANCEL);
  gtk_style_context_add_class (gtk_widget_get_style_context (gtk_dialog_get_widget_for_response (
                                 GTK_DIALOG (dialog), GTK_RESPONSE_ACCEPT)),
                               GTK_STYLE_CLASS_DESTRUCTIVE_ACTION);
  g_signal_connect_object (dialog, "response", G_CALLBACK (remove_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
cachet_account_settings_dialog_dispose (GObject *object)
{
  CachetAccountSettingsDialog *self = CACHET_ACCOUNT_SETTINGS_DIALOG (object);

  g_clear_object (&self->engine);
  g_clear_object (&self->account);
  G_OBJECT_CLASS (cachet_account_settings_dialog_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/cachetmail/Cachet/ui/cachet-account-settings-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CachetAccountSettingsDialog, note_bar);
  gtk_widget_class_bind_template_child (widget_class, CachetAccountSettingsDialog, note_label);
  gtk_widget_class_bind_template_child (widget_class, CachetAccountSettingsDialog, form);
  gtk_widget_class_bind_template_child (widget_class, CachetAccountSettingsDialog, probe_view);
  gtk_widget_class_bind_template_child (widget_class, CachetAccountSettingsDialog, try_button);
  gtk_widget_class_bind_template_child (widget_class, CachetAccountSettingsDialog, save_button);
  gtk_widget_class_bind_template_child (widget_class, CachetAccountSettingsDialog, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, CachetAccountSettingsDialog, remove_button);
  gtk_widget_class_bind_template_callback (widget_class, form_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, try_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_cb);
}

static void
cachet_account_settings_dialog_class_init (CachetAccountSettingsDialogClass *klass)
{
  GtkBindingSet *bindings = gtk_binding_set_by_class (klass);

  g_type_ensure (CACHET_TYPE_ACCOUNT_FORM);
  g_type_ensure (CACHET_TYPE_PROBE_VIEW);
  G_OBJECT_CLASS (klass)->dispose = cachet_account_settings_dialog_dispose;
  bind_template (GTK_WIDGET_CLASS (klass));
  g_signal_new_class_handler ("cancel", G_TYPE_FROM_CLASS (klass),
                              G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION, G_CALLBACK (cancel_cb), NULL,
                              NULL, NULL, G_TYPE_NONE, 0);
  gtk_binding_entry_add_signal (bindings, GDK_KEY_Escape, 0, "cancel", 0);
}

static void
cachet_account_settings_dialog_init (CachetAccountSettingsDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  cachet_info_bar_name_close_button (self->note_bar);
}

CachetAccountSettingsDialog *
cachet_account_settings_dialog_new (GtkWindow *parent, CachetEngine *engine, CachetAccount *account)
{
  CachetAccountSettingsDialog *self =
    g_object_new (CACHET_TYPE_ACCOUNT_SETTINGS_DIALOG, "transient-for", parent, NULL);

  self->engine = g_object_ref (engine);
  self->account = g_object_ref (account);
  cachet_account_form_set_settings (self->form, cachet_account_get_settings (account));
  return self;
}
