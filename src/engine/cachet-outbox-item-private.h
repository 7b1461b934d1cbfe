#pragma once

#include "cachet-journal.h"
#include "cachet-outbox.h"

G_BEGIN_DECLS

/* Takes @entry. */
CachetOutboxItem *cachet_outbox_item_new (CachetOutboxEntry *entry);
/* The journal's row: whoever changes it through here has to write it. */
CachetOutboxEntry *cachet_outbox_item_get_entry (CachetOutboxItem *self);
/* @error_text: (nullable): also takes an older one away */
void cachet_outbox_item_set_state (CachetOutboxItem *self,
                                   CachetOutboxState state,
                                   const char *error_text);
void cachet_outbox_item_set_fraction (CachetOutboxItem *self, double fraction);
/* Something is under way with it: it can't be discarded, edited or begun anew. */
gboolean cachet_outbox_item_is_busy (CachetOutboxItem *self);
void cachet_outbox_item_set_busy (CachetOutboxItem *self, gboolean busy);
/* Whether a copy may be in the sent mailbox already. */
gboolean cachet_outbox_item_get_maybe_copied (CachetOutboxItem *self);
void cachet_outbox_item_set_maybe_copied (CachetOutboxItem *self);

G_END_DECLS
