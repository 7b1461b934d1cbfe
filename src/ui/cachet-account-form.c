#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-account-form.h"

#include <glib/gi18n.h>

#define IMAP_PORT 143
#define IMAP_PORT_TLS 993
#define SMTP_PORT 587
#define SMTP_PORT_TLS 465

struct _CachetAccountForm
{
  GtkBox parent_instance;

  char *id;
  gboolean guessing; /* servers follow the address until one of them is edited */
  gboolean filling;

  GtkEntry *name_entry;
  GtkEntry *address_entry;
  GtkEntry *password_entry;
  GtkToggleButton *remember_check;
  GtkEntry *imap_host_entry;
  GtkEntry *imap_port_entry;
  GtkComboBox *imap_security_combo;
  GtkEntry *imap_user_entry;
  GtkEntry *smtp_host_entry;
  GtkEntry *smtp_port_entry;
  GtkComboBox *smtp_security_combo;
  GtkEntry *smtp_user_entry;
  GtkWidget *clear_label;
  GtkToggleButton *clear_check;
  GtkEntry *label_entry;
  GtkComboBox *auth_combo;
  GtkComboBox *delete_combo;
  GtkFileChooser *ca_button;
  GtkTextView *signature_view;
};

G_DEFINE_FINAL_TYPE (CachetAccountForm, cachet_account_form, GTK_TYPE_BOX)

enum {
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
changed_cb (CachetAccountForm *self)
{
  if (!self->filling)
    g_signal_emit (self, signals[CHANGED], 0);
}

static CachetSecurity
get_security (GtkComboBox *combo)
{
  CachetSecurity security = CACHET_SECURITY_TLS;
  const char *id = gtk_combo_box_get_active_id (combo);

  if (id != NULL) /* none while the form is being set up */
    cachet_security_from_string (id, &security);
  return security;
}

static void
set_port (GtkEntry *entry, guint port)
{
  g_autofree char *text = g_strdup_printf ("%u", port);

  gtk_entry_set_text (entry, text);
}

static void
show_clear_choice (CachetAccountForm *self)
{
  gboolean clear = get_security (self->imap_security_combo) == CACHET_SECURITY_NONE ||
                   get_security (self->smtp_security_combo) == CACHET_SECURITY_NONE;

  gtk_widget_set_visible (self->clear_label, clear);
  gtk_widget_set_visible (GTK_WIDGET (self->clear_check), clear);
}

/* A port that is one of the two usual ones follows the kind of security; another one is the user's.
 */
static void
follow_security (CachetAccountForm *self,
                 GtkComboBox *combo,
                 GtkEntry *port_entry,
                 guint clear_port,
                 guint tls_port)
{
  guint64 port = g_ascii_strtoull (gtk_entry_get_text (port_entry), NULL, 10);

  if (!self->filling && (port == 0 || port == clear_port || port == tls_port))
    set_port (port_entry, get_security (combo) == CACHET_SECURITY_TLS ? tls_port : clear_port);
  show_clear_choice (self);
  changed_cb (self);
}

static void
imap_security_changed_cb (CachetAccountForm *self)
{
  follow_security (self, self->imap_security_combo, self->imap_port_entry, IMAP_PORT,
                   IMAP_PORT_TLS);
}

static void
smtp_security_changed_cb (CachetAccountForm *self)
{
  follow_security (self, self->smtp_security_combo, self->smtp_port_entry, SMTP_PORT,
                   SMTP_PORT_TLS);
}

static void
server_edited_cb (CachetAccountForm *self)
{
  if (!self->filling)
    self->guessing = FALSE;
  changed_cb (self);
}

static void
address_changed_cb (CachetAccountForm *self)
{
  const char *address = gtk_entry_get_text (self->address_entry);
  const char *at = strrchr (address, '@');

  if (self->guessing && !self->filling)
    {
      g_autofree char *imap =
        at != NULL && at[1] != '\0' ? g_strconcat ("imap.", at + 1, NULL) : g_strdup ("");
      g_autofree char *smtp =
        at != NULL && at[1] != '\0' ? g_strconcat ("smtp.", at + 1, NULL) : g_strdup ("");

      self->filling = TRUE;
      gtk_entry_set_text (self->imap_host_entry, imap);
      gtk_entry_set_text (self->smtp_host_entry, smtp);
      gtk_entry_set_text (self->imap_user_entry, address);
      gtk_entry_set_text (self->smtp_user_entry, address);
      self->filling = FALSE;
    }
  changed_cb (self);
}

static void
ca_clear_cb (CachetAccountForm *self)
{
  gtk_file_chooser_unselect_all (self->ca_button);
  changed_cb (self);
}

static void
show_endpoint (const CachetEndpoint *endpoint,
               GtkEntry *host,
               GtkEntry *port,
               GtkComboBox *security)
{
  gtk_entry_set_text (host, endpoint->host);
  set_port (port, endpoint->port);
  gtk_combo_box_set_active_id (security, cachet_security_to_string (endpoint->security));
}

void
cachet_account_form_set_settings (CachetAccountForm *self, const CachetAccountSettings *settings)
{
  GtkTextBuffer *signature = gtk_text_view_get_buffer (self->signature_view);

  g_return_if_fail (CACHET_IS_ACCOUNT_FORM (self));

  self->filling = TRUE;
  self->guessing = FALSE;
  g_free (self->id);
  self->id = g_strdup (settings->id);
  gtk_entry_set_text (self->name_entry, settings->full_name != NULL ? settings->full_name : "");
  gtk_entry_set_text (self->address_entry, settings->address);
  gtk_entry_set_placeholder_text (self->password_entry, _ ("unchanged"));
  show_endpoint (settings->imap, self->imap_host_entry, self->imap_port_entry,
                 self->imap_security_combo);
  show_endpoint (settings->smtp, self->smtp_host_entry, self->smtp_port_entry,
                 self->smtp_security_combo);
  gtk_entry_set_text (self->imap_user_entry, settings->imap_user);
  gtk_entry_set_text (self->smtp_user_entry, settings->smtp_user);
  gtk_toggle_button_set_active (self->clear_check, settings->allow_clear_password);
  gtk_entry_set_text (self->label_entry, settings->label);
  gtk_combo_box_set_active_id (self->auth_combo, settings->auth);
  gtk_combo_box_set_active_id (self->delete_combo,
                               settings->delete_mode == CACHET_DELETE_MODE_MARK ? "mark" : "trash");
  if (settings->imap->ca_file != NULL)
    gtk_file_chooser_set_filename (self->ca_button, settings->imap->ca_file);
  gtk_text_buffer_set_text (signature, settings->signature != NULL ? settings->signature : "", -1);
  self->filling = FALSE;
  show_clear_choice (self);
}

static char *
dup_stripped (GtkEntry *entry)
{
  return g_strstrip (g_strdup (gtk_entry_get_text (entry)));
}

static CachetEndpoint *
dup_endpoint (CachetAccountForm *self,
              GtkEntry *host_entry,
              GtkEntry *port_entry,
              GtkComboBox *combo,
              GError **error)
{
  g_autofree char *host = dup_stripped (host_entry);
  g_autofree char *port_text = dup_stripped (port_entry);
  guint64 port = 0;
  CachetEndpoint *endpoint;

  if (!g_ascii_string_to_unsigned (port_text, 10, 1, G_MAXUINT16, &port, NULL))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _ ("“%s” is no port: a port is a number from 1 to 65535."), port_text);
      gtk_widget_grab_focus (GTK_WIDGET (port_entry));
      return NULL;
    }
  endpoint = cachet_endpoint_new (host, port, get_security (combo));
  endpoint->ca_file = gtk_file_chooser_get_filename (self->ca_button);
  return endpoint;
}

static char *
dup_signature (CachetAccountForm *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->signature_view);
  GtkTextIter start, end;
  g_autofree char *text = NULL;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  return *text != '\0' ? g_steal_pointer (&text) : NULL;
}

static void
replace (char **field, char *value)
{
  g_free (*field);
  *field = value;
}

CachetAccountSettings *
cachet_account_form_dup_settings (CachetAccountForm *self, GError **error)
{
  g_autoptr (CachetAccountSettings) settings = cachet_account_settings_new ();

  g_return_val_if_fail (CACHET_IS_ACCOUNT_FORM (self), NULL);

  if (self->id == NULL)
    self->id = g_strdup (settings->id);
  replace (&settings->id, g_strdup (self->id));
  replace (&settings->full_name, dup_stripped (self->name_entry));
  replace (&settings->address, dup_stripped (self->address_entry));
  replace (&settings->label, dup_stripped (self->label_entry));
  if (*settings->label == '\0')
    replace (&settings->label, g_strdup (settings->address));
  replace (&settings->imap_user, dup_stripped (self->imap_user_entry));
  replace (&settings->smtp_user, dup_stripped (self->smtp_user_entry));
  replace (&settings->auth, g_strdup (gtk_combo_box_get_active_id (self->auth_combo)));
  replace (&settings->signature, dup_signature (self));
  settings->allow_clear_password = gtk_widget_get_visible (GTK_WIDGET (self->clear_check)) &&
                                   gtk_toggle_button_get_active (self->clear_check);
  settings->delete_mode = g_strcmp0 (gtk_combo_box_get_active_id (self->delete_combo), "mark") == 0
                            ? CACHET_DELETE_MODE_MARK
                            : CACHET_DELETE_MODE_TRASH;
  settings->imap = dup_endpoint (self, self->imap_host_entry, self->imap_port_entry,
                                 self->imap_security_combo, error);
  if (settings->imap == NULL)
    return NULL;
  settings->smtp = dup_endpoint (self, self->smtp_host_entry, self->smtp_port_entry,
                                 self->smtp_security_combo, error);
  if (settings->smtp == NULL || !cachet_account_settings_validate (settings, error))
    return NULL;
  return g_steal_pointer (&settings);
}

CachetSecret *
cachet_account_form_dup_password (CachetAccountForm *self)
{
  const char *text;

  g_return_val_if_fail (CACHET_IS_ACCOUNT_FORM (self), NULL);

  text = gtk_entry_get_text (self->password_entry);
  return *text != '\0' ? cachet_secret_new (text, -1) : NULL;
}

gboolean
cachet_account_form_get_remember (CachetAccountForm *self)
{
  g_return_val_if_fail (CACHET_IS_ACCOUNT_FORM (self), FALSE);

  return gtk_toggle_button_get_active (self->remember_check);
}

static void
cachet_account_form_finalize (GObject *object)
{
  CachetAccountForm *self = CACHET_ACCOUNT_FORM (object);

  g_free (self->id);
  G_OBJECT_CLASS (cachet_account_form_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, CachetAccountForm, name_entry);
  gtk_widget_class_bind_template_child (widget_class, CachetAccountForm, address_entry);
  gtk_widget_class_bind_template_child (widget_class, CachetAccountForm, password_entry);
  gtk_widget_class_bind_template_child (widget_class, CachetAccountForm, remember_check);
  gtk_widget_class_bind_template_child (widget_class, CachetAccountForm, imap_host_entry);
  gtk_widget_class_bind_template_child (widget_class, CachetAccountForm, imap_port_entry);
  gtk_widget_class_bind_template_child (widget_class, CachetAccountForm, imap_security_combo);
  gtk_widget_class_bind_template_child (widget_class, CachetAccountForm, imap_user_entry);
  gtk_widget_class_bind_template_child (widget_class, CachetAccountForm, smtp_host_entry);
  gtk_widget_class_bind_template_child (widget_class, CachetAccountForm, smtp_port_entry);
  gtk_widget_class_bind_template_child (widget_class, CachetAccountForm, smtp_security_combo);
  gtk_widget_class_bind_template_child (widget_class, CachetAccountForm, smtp_user_entry);
  gtk_widget_class_bind_template_child (widget_class, CachetAccountForm, clear_label);
  gtk_widget_class_bind_template_child (widget_class, CachetAccountForm, clear_check);
  gtk_widget_class_bind_template_child (widget_class, CachetAccountForm, label_entry);
  gtk_widget_class_bind_template_child (widget_class, CachetAccountForm, auth_combo);
  gtk_widget_class_bind_template_child (widget_class, CachetAccountForm, delete_combo);
  gtk_widget_class_bind_template_child (widget_class, CachetAccountForm, ca_button);
  gtk_widget_class_bind_template_child (widget_class, CachetAccountForm, signature_view);
}

static void
cachet_account_form_class_init (CachetAccountFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = cachet_account_form_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cachetmail/Cachet/ui/cachet-account-form.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, address_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, server_edited_cb);
  gtk_widget_class_bind_template_callback (widget_class, imap_security_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, smtp_security_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, ca_clear_cb);
}

static void
cachet_account_form_init (CachetAccountForm *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->guessing = TRUE;
  gtk_combo_box_set_active_id (self->imap_security_combo, "tls");
  gtk_combo_box_set_active_id (self->smtp_security_combo, "tls");
  gtk_combo_box_set_active_id (self->auth_combo, "auto");
  gtk_combo_box_set_active_id (self->delete_combo, "trash");
  g_signal_connect_object (gtk_text_view_get_buffer (self->signature_view), "changed",
                           G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
}
