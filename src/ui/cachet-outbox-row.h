#pragma once

#include <gtk/gtk.h>

#include "cachet-outbox.h"

G_BEGIN_DECLS

/**
 * CachetOutboxRow:
 *
 * One message of the outbox: subject, recipients, state in words, error, and what can be done now.
 * Signals "retry", "edit", "discard", "arrived".
 */
#define CACHET_TYPE_OUTBOX_ROW (cachet_outbox_row_get_type ())
G_DECLARE_FINAL_TYPE (CachetOutboxRow, cachet_outbox_row, CACHET, OUTBOX_ROW, GtkListBoxRow)

GtkWidget *cachet_outbox_row_new (CachetOutboxItem *item);
CachetOutboxItem *cachet_outbox_row_get_item (CachetOutboxRow *self);

G_END_DECLS
