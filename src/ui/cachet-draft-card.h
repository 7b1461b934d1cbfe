#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* One attachment of a message being written: icon, name, type, size, and a button that takes it out
 * (signal "removed"). */
#define CACHET_TYPE_DRAFT_CARD (cachet_draft_card_get_type ())
G_DECLARE_FINAL_TYPE (CachetDraftCard, cachet_draft_card, CACHET, DRAFT_CARD, GtkBox)

/* @size: bytes */
GtkWidget *cachet_draft_card_new (const char *name, const char *content_type, guint64 size);

G_END_DECLS
