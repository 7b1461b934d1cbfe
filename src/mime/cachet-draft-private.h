#pragma once

#include "cachet-draft.h"

G_BEGIN_DECLS

void cachet_draft_set_message_id (CachetDraft *self, const char *message_id);
/* Adds a copy unless the field has the address already. */
void cachet_draft_add_recipient (CachetDraft *self,
                                 CachetMimeAddressField field,
                                 const CachetAddress *address);

G_END_DECLS
