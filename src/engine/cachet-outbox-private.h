#pragma once

#include "cachet-engine-private.h"
#include "cachet-outbox.h"

G_BEGIN_DECLS

/* What the engine needs of the outbox. */

/* @engine is not referenced: it owns the outbox. */
CachetOutbox *cachet_outbox_new (CachetEngine *engine);
/* Reads the waiting messages from the journal (which is open); nothing is sent yet. */
void cachet_outbox_load_async (CachetOutbox *self,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean cachet_outbox_load_finish (CachetOutbox *self, GAsyncResult *result, GError **error);
/* Takes one message: durable when it finishes, sent from then on. The engine's send functions
 * (cachet-engine-send.c) build the bytes and the envelope and call this; what is to be done to
 * other messages once it is sent (\Answered, the stored draft) they do on "sent". @message_id:
 * without
 * <>. */
void cachet_outbox_queue_async (CachetOutbox *self,
                                CachetAccount *account,
                                GBytes *message,
                                const char *envelope_from,
                                const char *const *recipients,
                                const char *message_id,
                                const char *subject,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
/* (transfer full) */
CachetOutboxItem *
cachet_outbox_queue_finish (CachetOutbox *self, GAsyncResult *result, GError **error);
/* From now on READY messages are sent and SENT ones appended (never in a read-only engine). */
void cachet_outbox_start (CachetOutbox *self);
/* The account came LIVE: try what waits for it now. */
void cachet_outbox_account_live (CachetOutbox *self, CachetAccount *account);
/* Lets a transaction that is past DATA end (the engine waits at most 2 s); sends nothing more. */
void
cachet_outbox_stop_async (CachetOutbox *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean cachet_outbox_stop_finish (CachetOutbox *self, GAsyncResult *result, GError **error);
/* How many messages of that account are not done. */
guint cachet_outbox_count_account (CachetOutbox *self, const char *account_id);
/* Removes every message of that account that is not being sent. */
void cachet_outbox_discard_account (CachetOutbox *self, const char *account_id);

/* --- for the outbox's own files --- */

CachetEngine *cachet_outbox_get_engine (CachetOutbox *self);
/* Makes @item FAILED, durably: it is not sent until it is told to. */
void cachet_outbox_hold (CachetOutbox *self, CachetOutboxItem *item, const char *reason);

G_END_DECLS
