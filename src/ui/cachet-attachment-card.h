#pragma once

#include <gtk/gtk.h>

#include "cachet-mime-message.h"

G_BEGIN_DECLS

/**
 * CachetAttachmentCard:
 *
 * One attachment: icon, name, type, size, Open and Save. Signals "open" and "save".
 */
#define CACHET_TYPE_ATTACHMENT_CARD (cachet_attachment_card_get_type ())
G_DECLARE_FINAL_TYPE (
  CachetAttachmentCard, cachet_attachment_card, CACHET, ATTACHMENT_CARD, GtkFlowBoxChild)

CachetAttachmentCard *
cachet_attachment_card_new (CachetMimeMessage *message, const CachetMimePart *part);
const CachetMimePart *cachet_attachment_card_get_part (CachetAttachmentCard *self);

G_END_DECLS
