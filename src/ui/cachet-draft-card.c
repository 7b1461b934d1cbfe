#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-draft-card.h"

#include <glib/gi18n.h>

#define NAME_WIDTH_CHARS 22

struct _CachetDraftCard
{
  GtkBox parent_instance;
};

G_DEFINE_FINAL_TYPE (CachetDraftCard, cachet_draft_card, GTK_TYPE_BOX)

enum {
  REMOVED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
clicked_cb (CachetDraftCard *self)
{
  g_signal_emit (self, signals[REMOVED], 0);
}

static void
cachet_draft_card_class_init (CachetDraftCardClass *klass)
{
  signals[REMOVED] = g_signal_new ("removed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
cachet_draft_card_init (CachetDraftCard *self)
{
  gtk_box_set_spacing (GTK_BOX (self), 6);
  gtk_style_context_add_class (gtk_widget_get_style_context (GTK_WIDGET (self)), "attachment-card");
}

static GtkWidget *
make_label (const char *text, gboolean dim)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), NAME_WIDTH_CHARS);
  if (dim)
    gtk_style_context_add_class (gtk_widget_get_style_context (label), GTK_STYLE_CLASS_DIM_LABEL);
  return label;
}

GtkWidget *
cachet_draft_card_new (const char *name, const char *content_type, guint64 size)
{
  CachetDraftCard *self = g_object_new (CACHET_TYPE_DRAFT_CARD, NULL);
  g_autofree char *system_type = g_content_type_from_mime_type (content_type);
  g_autoptr (GIcon) icon =
    g_content_type_get_symbolic_icon (system_type != NULL ? system_type : "text/plain");
  g_autofree char *size_text = g_format_size (size);
  g_autofree char *facts = g_strdup_printf ("%s, %s", content_type, size_text);
  g_autofree char *remove = g_strdup_printf (_ ("Remove %s"), name);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-delete-symbolic", GTK_ICON_SIZE_BUTTON);

  gtk_container_add (GTK_CONTAINER (self), gtk_image_new_from_gicon (icon, GTK_ICON_SIZE_DND));
  gtk_container_add (GTK_CONTAINER (texts), make_label (name, FALSE));
  gtk_container_add (GTK_CONTAINER (texts), make_label (facts, TRUE));
  gtk_box_pack_start (GTK_BOX (self), texts, TRUE, TRUE, 0);
  gtk_button_set_relief (GTK_BUTTON (button), GTK_RELIEF_NONE);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, remove);
  atk_object_set_name (gtk_widget_get_accessible (button), remove);
  g_signal_connect_object (button, "clicked", G_CALLBACK (clicked_cb), self, G_CONNECT_SWAPPED);
  gtk_container_add (GTK_CONTAINER (self), button);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), name);
  gtk_widget_show_all (GTK_WIDGET (self));
  return GTK_WIDGET (self);
}
