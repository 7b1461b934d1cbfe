#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-password-dialog.h"

#include <glib/gi18n.h>

struct _CachetPasswordDialog
{
  GtkDialog parent_instance;

  CachetAccount *account;
  gboolean asks_consent;

  GtkLabel *title_label;
  GtkLabel *reason_label;
  GtkWidget *password_box;
  GtkEntry *password_entry;
  GtkToggleButton *remember_check;
};

G_DEFINE_FINAL_TYPE (CachetPasswordDialog, cachet_password_dialog, GTK_TYPE_DIALOG)

static void
password_changed_cb (CachetPasswordDialog *self)
{
  gtk_dialog_set_response_sensitive (GTK_DIALOG (self), GTK_RESPONSE_ACCEPT,
                                     self->asks_consent ||
                                       gtk_entry_get_text_length (self->password_entry) > 0);
}

static void
cachet_password_dialog_response (GtkDialog *dialog, int response)
{
  CachetPasswordDialog *self = CACHET_PASSWORD_DIALOG (dialog);

  if (response == GTK_RESPONSE_ACCEPT && self->asks_consent)
    {
      g_autoptr (GError) error = NULL;

      if (!cachet_account_allow_clear_password (self->account, &error))
        {
          gtk_label_set_text (self->reason_label, error->message);
          return;
        }
    }
  else if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (CachetSecret) password =
        cachet_secret_new (gtk_entry_get_text (self->password_entry), -1);

      cachet_account_give_password (self->account, password,
                                    gtk_toggle_button_get_active (self->remember_check));
    }
  gtk_widget_destroy (GTK_WIDGET (self));
}

static void
show_consent (CachetPasswordDialog *self)
{
  const CachetAccountSettings *settings = cachet_account_get_settings (self->account);
  g_autofree char *title =
    g_strdup_printf (_ ("Send the password of “%s” in clear?"), settings->label);
  GtkWidget *button;

  gtk_window_set_title (GTK_WINDOW (self), _ ("Password in Clear"));
  gtk_label_set_text (self->title_label, title);
  gtk_label_set_text (
    self->reason_label,
    _ ("This account is set to connect without TLS, and the server offers no log-in that hides the "
       "password. Everyone on the network between here and the server can read it. If the server "
       "can do TLS or STARTTLS, change the account's settings instead."));
  gtk_widget_hide (self->password_box);
  gtk_widget_hide (GTK_WIDGET (self->remember_check));
  gtk_dialog_add_buttons (GTK_DIALOG (self), _ ("_Don't Send It"), GTK_RESPONSE_CANCEL,
                                                _ ("_Send It in Clear"), GTK_RESPONSE_ACCEPT, NULL);
  gtk_dialog_set_default_response (GTK_DIALOG (self), GTK_RESPONSE_CANCEL);
  button = gtk_dialog_get_widget_for_response (GTK_DIALOG (self), GTK_RESPONSE_ACCEPT);
  gtk_style_context_add_class (gtk_widget_get_style_context (button),
                               GTK_STYLE_CLASS_DESTRUCTIVE_ACTION);
}

static void
show_question (CachetPasswordDialog *self)
{
  const CachetAccountSettings *settings = cachet_account_get_settings (self->account);
  g_autofree char *title = g_strdup_printf (_ ("Password for “%s”"), settings->label);
  g_autofree char *server = cachet_endpoint_to_string (settings->imap);
  g_autofree char *reason =
    g_strdup_printf (_ ("The server %s asks “%s” to log in."), server, settings->imap_user);
  const char *state = cachet_account_get_state_text (self->account);

  gtk_label_set_text (self->title_label, title);
  gtk_label_set_text (self->reason_label,
                      cachet_account_get_attention (self->account) == CACHET_ATTENTION_PASSWORD &&
                          state != NULL
                        ? state
                        : reason);
  gtk_dialog_add_buttons (GTK_DIALOG (self), _ ("_Cancel"), GTK_RESPONSE_CANCEL,
                                                _ ("_Log In"), GTK_RESPONSE_ACCEPT, NULL);
  gtk_dialog_set_default_response (GTK_DIALOG (self), GTK_RESPONSE_ACCEPT);
  gtk_widget_grab_focus (GTK_WIDGET (self->password_entry));
  password_changed_cb (self);
}

static void
cachet_password_dialog_dispose (GObject *object)
{
  CachetPasswordDialog *self = CACHET_PASSWORD_DIALOG (object);

  g_clear_object (&self->account);
  G_OBJECT_CLASS (cachet_password_dialog_parent_class)->dispose (object);
}

static void
cachet_password_dialog_class_init (CachetPasswordDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cachet_password_dialog_dispose;
  GTK_DIALOG_CLASS (klass)->response = cachet_password_dialog_response;
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/cachetmail/Cachet/ui/cachet-password-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CachetPasswordDialog, title_label);
  gtk_widget_class_bind_template_child (widget_class, CachetPasswordDialog, reason_label);
  gtk_widget_class_bind_template_child (widget_class, CachetPasswordDialog, password_box);
  gtk_widget_class_bind_template_child (widget_class, CachetPasswordDialog, password_entry);
  gtk_widget_class_bind_template_child (widget_class, CachetPasswordDialog, remember_check);
  gtk_widget_class_bind_template_callback (widget_class, password_changed_cb);
}

static void
cachet_password_dialog_init (CachetPasswordDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

CachetPasswordDialog *
cachet_password_dialog_new (GtkWindow *parent, CachetAccount *account)
{
  CachetPasswordDialog *self =
    g_object_new (CACHET_TYPE_PASSWORD_DIALOG, "transient-for", parent, NULL);

  self->account = g_object_ref (account);
  self->asks_consent = cachet_account_get_attention (account) == CACHET_ATTENTION_CLEAR_PASSWORD;
  if (self->asks_consent)
    show_consent (self);
  else
    show_question (self);
  return self;
}
