#pragma once

#include "cachet-engine-types.h"
#include "cachet-list-types.h"

G_BEGIN_DECLS

/* A message that is to be sent. Properties (notify): "state" (CachetOutboxState), "error-text"
 * (nullable sentence), "fraction" (0…1 while sending, else -1). */
#define CACHET_TYPE_OUTBOX_ITEM (cachet_outbox_item_get_type ())
G_DECLARE_FINAL_TYPE (CachetOutboxItem, cachet_outbox_item, CACHET, OUTBOX_ITEM, GObject)

gint64 cachet_outbox_item_get_id (CachetOutboxItem *self);
const char *cachet_outbox_item_get_account_id (CachetOutboxItem *self);
CachetOutboxState cachet_outbox_item_get_state (CachetOutboxItem *self);
const char *cachet_outbox_item_get_subject (CachetOutboxItem *self);
const char *const *cachet_outbox_item_get_recipients (CachetOutboxItem *self);
const char *cachet_outbox_item_get_error_text (CachetOutboxItem *self);
double cachet_outbox_item_get_fraction (CachetOutboxItem *self);

/* A GListModel of CachetOutboxItem, oldest first. Signal "sent" (CachetOutboxItem): taken by the
 * server. */
#define CACHET_TYPE_OUTBOX (cachet_outbox_get_type ())
G_DECLARE_FINAL_TYPE (CachetOutbox, cachet_outbox, CACHET, OUTBOX, GObject)

/* Try now (FAILED, or READY waiting for its time). For UNKNOWN this is the user's explicit "send
 * again". */
void cachet_outbox_retry (CachetOutbox *self, CachetOutboxItem *item);
/* Removes it before it is sent; FALSE while it is being sent. */
gboolean cachet_outbox_discard (CachetOutbox *self, CachetOutboxItem *item);
/* The user says an UNKNOWN one did arrive: goes on to the copy in the sent mailbox. */
void cachet_outbox_mark_sent (CachetOutbox *self, CachetOutboxItem *item);
/* Takes a READY or FAILED message back for editing: finish gives the draft, the item stays until it
 * is sent again or discarded by cachet_outbox_discard(). */
void cachet_outbox_edit_async (CachetOutbox *self,
                               CachetOutboxItem *item,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
CachetDraft *cachet_outbox_edit_finish (CachetOutbox *self, GAsyncResult *result, GError **error);
guint cachet_outbox_get_n_waiting (CachetOutbox *self);

G_END_DECLS
