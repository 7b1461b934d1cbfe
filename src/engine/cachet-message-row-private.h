#pragma once

#include "cachet-list-types.h"
#include "cachet-message-row.h"
#include "cachet-store-types.h"

G_BEGIN_DECLS

/* A row whose strings are not there yet. @folder is kept alive. */
CachetMessageRow *cachet_message_row_new (CachetFolder *folder, const CachetListEntry *entry);
/* Strings, and numbers too. Takes @stored. Emits "changed". */
void cachet_message_row_take_stored (CachetMessageRow *self, CachetStoredRow *stored);
/* Emits "changed" when it changes something. */
void cachet_message_row_set_flags (CachetMessageRow *self, CachetMessageFlags flags);
void cachet_message_row_set_entry (CachetMessageRow *self, const CachetListEntry *entry);
/* Strings may have become others in the cache: they are shown until new ones arrive. */
void cachet_message_row_expire (CachetMessageRow *self);
/* Whether strings have to be read from the cache. */
gboolean cachet_message_row_wants_strings (CachetMessageRow *self);

G_END_DECLS
