#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-name-dialog.h"

#include <glib/gi18n.h>

/* Servers take more, but a name that long is a mistake. */
#define MAX_NAME_CHARS 200

struct _CachetNameDialog
{
  GtkDialog parent_instance;

  GtkEntry *entry;
};

enum {
  SIGNAL_CHOSEN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CachetNameDialog, cachet_name_dialog, GTK_TYPE_DIALOG)

static char *
dup_name (CachetNameDialog *self)
{
  return g_strstrip (g_strdup (gtk_entry_get_text (self->entry)));
}

static void
entry_changed_cb (CachetNameDialog *self)
{
  g_autofree char *name = dup_name (self);

  gtk_dialog_set_response_sensitive (GTK_DIALOG (self), GTK_RESPONSE_ACCEPT, *name != '\0');
}

static void
cachet_name_dialog_response (GtkDialog *dialog, int response)
{
  CachetNameDialog *self = CACHET_NAME_DIALOG (dialog);
  g_autofree char *name = dup_name (self);

  if (response == GTK_RESPONSE_ACCEPT && *name != '\0')
    g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, name);
  gtk_widget_destroy (GTK_WIDGET (self));
}

static void
cachet_name_dialog_class_init (CachetNameDialogClass *klass)
{
  GTK_DIALOG_CLASS (klass)->response = cachet_name_dialog_response;
  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
cachet_name_dialog_init (CachetNameDialog *self)
{
}

CachetNameDialog *
cachet_name_dialog_new (
  GtkWindow *parent, const char *title, const char *where, const char *name, const char *verb)
{
  CachetNameDialog *self =
    g_object_new (CACHET_TYPE_NAME_DIALOG, "use-header-bar", TRUE, "title", title, "modal", TRUE,
                  "destroy-with-parent", TRUE, "transient-for", parent, "resizable", FALSE, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *label = gtk_label_new_with_mnemonic (_ ("_Name"));
  GtkWidget *button;

  gtk_dialog_add_button (GTK_DIALOG (self), _ ("_Cancel"), GTK_RESPONSE_CANCEL);
  button = gtk_dialog_add_button (GTK_DIALOG (self), verb, GTK_RESPONSE_ACCEPT);
  gtk_style_context_add_class (gtk_widget_get_style_context (button),
                               GTK_STYLE_CLASS_SUGGESTED_ACTION);
  gtk_dialog_set_default_response (GTK_DIALOG (self), GTK_RESPONSE_ACCEPT);
  g_object_set (box, "margin", 18, NULL);
  if (where != NULL)
    {
      GtkWidget *sentence = gtk_label_new (where);

      gtk_label_set_xalign (GTK_LABEL (sentence), 0);
      gtk_label_set_line_wrap (GTK_LABEL (sentence), TRUE);
      gtk_label_set_max_width_chars (GTK_LABEL (sentence), 40);
      gtk_container_add (GTK_CONTAINER (box), sentence);
    }
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_container_add (GTK_CONTAINER (box), label);
  self->entry = GTK_ENTRY (gtk_entry_new ());
  gtk_entry_set_width_chars (self->entry, 32);
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self->entry)), _ ("Name"));
  gtk_entry_set_max_length (self->entry, MAX_NAME_CHARS);
  gtk_entry_set_activates_default (self->entry, TRUE);
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), GTK_WIDGET (self->entry));
  g_signal_connect_object (self->entry, "changed", G_CALLBACK (entry_changed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_entry_set_text (self->entry, name != NULL ? name : "");
  entry_changed_cb (self);
  gtk_container_add (GTK_CONTAINER (box), GTK_WIDGET (self->entry));
  gtk_widget_show_all (box);
  gtk_container_add (GTK_CONTAINER (gtk_dialog_get_content_area (GTK_DIALOG (self))), box);
  return self;
}
