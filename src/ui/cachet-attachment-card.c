#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-attachment-card.h"

#include <glib/gi18n.h>

struct _CachetAttachmentCard
{
  GtkFlowBoxChild parent_instance;

  GtkImage *icon;
  GtkLabel *name;
  GtkLabel *facts;
  GtkButton *open_button;
  GtkButton *save_button;

  CachetMimeMessage *message; /* keeps @part alive */
  const CachetMimePart *part;
};

enum {
  SIGNAL_OPEN,
  SIGNAL_SAVE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CachetAttachmentCard, cachet_attachment_card, GTK_TYPE_FLOW_BOX_CHILD)

static void
open_clicked_cb (CachetAttachmentCard *self)
{
  g_signal_emit (self, signals[SIGNAL_OPEN], 0);
}

static void
save_clicked_cb (CachetAttachmentCard *self)
{
  g_signal_emit (self, signals[SIGNAL_SAVE], 0);
}

static void
cachet_attachment_card_dispose (GObject *object)
{
  CachetAttachmentCard *self = CACHET_ATTACHMENT_CARD (object);

  g_clear_object (&self->message);
  self->part = NULL;
  G_OBJECT_CLASS (cachet_attachment_card_parent_class)->dispose (object);
}

static void
cachet_attachment_card_class_init (CachetAttachmentCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cachet_attachment_card_dispose;
  signals[SIGNAL_OPEN] =
    g_signal_new ("open", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_SAVE] =
    g_signal_new ("save", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/cachetmail/Cachet/ui/cachet-attachment-card.ui");
  gtk_widget_class_bind_template_child (widget_class, CachetAttachmentCard, icon);
  gtk_widget_class_bind_template_child (widget_class, CachetAttachmentCard, name);
  gtk_widget_class_bind_template_child (widget_class, CachetAttachmentCard, facts);
  gtk_widget_class_bind_template_child (widget_class, CachetAttachmentCard, open_button);
  gtk_widget_class_bind_template_child (widget_class, CachetAttachmentCard, save_button);
  gtk_widget_class_bind_template_callback (widget_class, open_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_clicked_cb);
}

static void
cachet_attachment_card_init (CachetAttachmentCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

CachetAttachmentCard *
cachet_attachment_card_new (CachetMimeMessage *message, const CachetMimePart *part)
{
  CachetAttachmentCard *self;
  const char *file_name = cachet_mime_part_get_file_name (part);
  const char *mime_type = cachet_mime_part_get_content_type (part);
  g_autofree char *type = g_content_type_from_mime_type (mime_type);
  g_autoptr (GIcon) icon = g_content_type_get_icon (type != NULL ? type : mime_type);
  g_autofree char *size = g_format_size (cachet_mime_part_get_size (part));
  g_autofree char *facts = g_strdup_printf ("%s · %s", mime_type, size);
  /* Translators: accessible names of buttons; %s is a file name */
  g_autofree char *open_name = g_strdup_printf (_ ("Open %s"), file_name);
  g_autofree char *save_name = g_strdup_printf (_ ("Save %s"), file_name);

  self = g_object_new (CACHET_TYPE_ATTACHMENT_CARD, NULL);
  self->message = g_object_ref (message);
  self->part = part;
  gtk_image_set_from_gicon (self->icon, icon, GTK_ICON_SIZE_DND);
  gtk_label_set_text (self->name, file_name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name), file_name);
  gtk_label_set_text (self->facts, facts);
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self->open_button)), open_name);
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self->save_button)), save_name);
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self)), file_name);
  return self;
}

const CachetMimePart *
cachet_attachment_card_get_part (CachetAttachmentCard *self)
{
  g_return_val_if_fail (CACHET_IS_ATTACHMENT_CARD (self), NULL);
  return self->part;
}
