#pragma once

#include "cachet-account-private.h"
#include "cachet-outbox-item-private.h"

G_BEGIN_DECLS

/**
 * CachetOutboxSender:
 *
 * Sends the messages of one account, one after the other, over one connection that stays open
 * between them. It writes each state into the journal before it takes the next step.
 */
#define CACHET_TYPE_OUTBOX_SENDER (cachet_outbox_sender_get_type ())
G_DECLARE_FINAL_TYPE (CachetOutboxSender, cachet_outbox_sender, CACHET, OUTBOX_SENDER, GObject)

/* @engine is not referenced. */
CachetOutboxSender *cachet_outbox_sender_new (CachetEngine *engine, CachetAccount *account);
gboolean cachet_outbox_sender_is_busy (CachetOutboxSender *self);
/* From READY to SENT, or to what else becomes of @item: its state tells. Finish gives the message
 * (transfer full) when it was sent, else %NULL without @error. */
void cachet_outbox_sender_deliver_async (CachetOutboxSender *self,
                                         CachetOutboxItem *item,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
GBytes *cachet_outbox_sender_deliver_finish (CachetOutboxSender *self, GAsyncResult *result);
/* Nothing more to send for now: QUIT. */
void cachet_outbox_sender_rest (CachetOutboxSender *self);
/* Gives up what is under way, unless the message is past its end: that is waited for; with @force
 * not even that. The item goes back to READY (or becomes UNKNOWN). */
void cachet_outbox_sender_stop (CachetOutboxSender *self, gboolean force);

G_END_DECLS
