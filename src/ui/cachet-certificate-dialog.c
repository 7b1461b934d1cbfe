#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-certificate-dialog.h"

#include <glib/gi18n.h>

/* A fingerprint is shown in lines of so many bytes, for comparing by eye. */
#define FINGERPRINT_LINE_BYTES 16

struct _CachetCertificateDialog
{
  GtkDialog parent_instance;

  CachetServerCertificate *certificate;

  GtkLabel *title_label;
  GtkContainer *problems_box;
  GtkLabel *server_label;
  GtkLabel *names_label;
  GtkLabel *subject_label;
  GtkLabel *issuer_label;
  GtkLabel *validity_label;
  GtkLabel *key_label;
  GtkLabel *fingerprint_label;
  GtkWidget *previous_title;
  GtkLabel *previous_label;
};

G_DEFINE_FINAL_TYPE (CachetCertificateDialog, cachet_certificate_dialog, GTK_TYPE_DIALOG)

enum {
  ACCEPTED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
cachet_certificate_dialog_response (GtkDialog *dialog, int response)
{
  CachetCertificateDialog *self = CACHET_CERTIFICATE_DIALOG (dialog);

  if (response == GTK_RESPONSE_ACCEPT)
    g_signal_emit (self, signals[ACCEPTED], 0, self->certificate);
  gtk_widget_destroy (GTK_WIDGET (self));
}

static void
add_problems (CachetCertificateDialog *self)
{
  g_auto (GStrv) problems = cachet_server_certificate_describe_problems (self->certificate);

  for (guint i = 0; problems[i] != NULL; i++)
    {
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
      GtkWidget *image =
        gtk_image_new_from_icon_name ("dialog-warning-symbolic", GTK_ICON_SIZE_MENU);
      GtkWidget *label = gtk_label_new (problems[i]);

      atk_object_set_name (gtk_widget_get_accessible (image), _ ("Problem"));
      gtk_widget_set_valign (image, GTK_ALIGN_START);
      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
      gtk_label_set_max_width_chars (GTK_LABEL (label), 58);
      gtk_label_set_selectable (GTK_LABEL (label), TRUE);
      gtk_container_add (GTK_CONTAINER (box), image);
      gtk_container_add (GTK_CONTAINER (box), label);
      gtk_widget_show_all (box);
      gtk_container_add (self->problems_box, box);
    }
}

static char *
format_day (gint64 seconds)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_local (seconds);

  return date != NULL ? g_date_time_format (date, "%x") : g_strdup ("?");
}

/* "AB:CD:…" broken after every 16 bytes. */
static char *
break_fingerprint (const char *fingerprint)
{
  GString *text = g_string_new (NULL);
  guint n = 0;

  for (const char *c = fingerprint; *c != '\0'; c++)
    {
      if (*c == ':' && ++n % FINGERPRINT_LINE_BYTES == 0)
        g_string_append_c (text, '\n');
      else
        g_string_append_c (text, *c);
    }
  return g_string_free (text, FALSE);
}

static void
show_previous (CachetCertificateDialog *self)
{
  g_autoptr (CachetServerCertificate) previous = cachet_server_certificate_copy (self->certificate);
  g_autofree char *fingerprint = NULL;
  g_autofree char *broken = NULL;

  g_free (previous->sha256);
  previous->sha256 = g_strdup (self->certificate->previous_sha256);
  fingerprint = cachet_server_certificate_dup_fingerprint (previous);
  broken = break_fingerprint (fingerprint);
  gtk_label_set_text (self->previous_label, broken);
  gtk_widget_show (self->previous_title);
  gtk_widget_show (GTK_WIDGET (self->previous_label));
}

static void
fill (CachetCertificateDialog *self)
{
  const CachetServerCertificate *certificate = self->certificate;
  gboolean changed = certificate->previous_sha256 != NULL;
  g_autofree char *title = NULL;
  g_autofree char *server =
    g_strdup_printf ("%s, %s %u", certificate->host, _ ("port"), certificate->port);
  g_autofree char *names =
    certificate->names != NULL ? g_strjoinv (", ", certificate->names) : g_strdup ("");
  g_autofree char *from = format_day (certificate->not_before);
  g_autofree char *until = format_day (certificate->not_after);
  g_autofree char *validity = g_strdup_printf (_ ("from %s until %s"), from, until);
  g_autofree char *fingerprint = cachet_server_certificate_dup_fingerprint (certificate);
  g_autofree char *broken = break_fingerprint (fingerprint);

  title = changed
    ? g_strdup_printf (_ ("The certificate of %s is not the one you made an exception for."),
                          certificate->host)
    : g_strdup_printf (_ ("Cachet did not connect to %s: its certificate can't be trusted."),
                          certificate->host);
  gtk_label_set_text (self->title_label, title);
  gtk_label_set_text (self->server_label, server);
  gtk_label_set_text (self->names_label, *names != '\0' ? names : _ ("none"));
  gtk_label_set_text (self->subject_label, certificate->subject);
  gtk_label_set_text (self->issuer_label, certificate->issuer);
  gtk_label_set_text (self->validity_label, validity);
  gtk_label_set_text (self->key_label, certificate->key != NULL ? certificate->key : "");
  gtk_label_set_text (self->fingerprint_label, broken);
  if (changed)
    show_previous (self);
  add_problems (self);
}

static void
cachet_certificate_dialog_finalize (GObject *object)
{
  CachetCertificateDialog *self = CACHET_CERTIFICATE_DIALOG (object);

  g_clear_pointer (&self->certificate, cachet_server_certificate_free);
  G_OBJECT_CLASS (cachet_certificate_dialog_parent_class)->finalize (object);
}

static void
cachet_certificate_dialog_class_init (CachetCertificateDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = cachet_certificate_dialog_finalize;
  GTK_DIALOG_CLASS (klass)->response = cachet_certificate_dialog_response;
  signals[ACCEPTED] =
    g_signal_new ("accepted", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, CACHET_TYPE_SERVER_CERTIFICATE | G_SIGNAL_TYPE_STATIC_SCOPE);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/cachetmail/Cachet/ui/cachet-certificate-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CachetCertificateDialog, title_label);
  gtk_widget_class_bind_template_child (widget_class, CachetCertificateDialog, problems_box);
  gtk_widget_class_bind_template_child (widget_class, CachetCertificateDialog, server_label);
  gtk_widget_class_bind_template_child (widget_class, CachetCertificateDialog, names_label);
  gtk_widget_class_bind_template_child (widget_class, CachetCertificateDialog, subject_label);
  gtk_widget_class_bind_template_child (widget_class, CachetCertificateDialog, issuer_label);
  gtk_widget_class_bind_template_child (widget_class, CachetCertificateDialog, validity_label);
  gtk_widget_class_bind_template_child (widget_class, CachetCertificateDialog, key_label);
  gtk_widget_class_bind_template_child (widget_class, CachetCertificateDialog, fingerprint_label);
  gtk_widget_class_bind_template_child (widget_class, CachetCertificateDialog, previous_title);
  gtk_widget_class_bind_template_child (widget_class, CachetCertificateDialog, previous_label);
}

static void
cachet_certificate_dialog_init (CachetCertificateDialog *self)
{
  GtkWidget *button;

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_dialog_add_buttons (GTK_DIALOG (self), _ ("_Don't Connect"), GTK_RESPONSE_REJECT,
                                                _ ("_Keep an Exception"), GTK_RESPONSE_ACCEPT,
                                                   NULL);
  gtk_dialog_set_default_response (GTK_DIALOG (self), GTK_RESPONSE_REJECT);
  button = gtk_dialog_get_widget_for_response (GTK_DIALOG (self), GTK_RESPONSE_ACCEPT);
  gtk_style_context_add_class (gtk_widget_get_style_context (button),
                               GTK_STYLE_CLASS_DESTRUCTIVE_ACTION);
  button = gtk_dialog_get_widget_for_response (GTK_DIALOG (self), GTK_RESPONSE_REJECT);
  gtk_widget_grab_focus (button);
}

CachetCertificateDialog *
cachet_certificate_dialog_new (GtkWindow *parent, const CachetServerCertificate *certificate)
{
  CachetCertificateDialog *self =
    g_object_new (CACHET_TYPE_CERTIFICATE_DIALOG, "transient-for", parent, NULL);

  self->certificate = cachet_server_certificate_copy (certificate);
  fill (self);
  return self;
}
