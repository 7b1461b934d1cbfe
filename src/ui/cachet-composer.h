#pragma once

#include <handy.h>

#include "cachet-draft.h"
#include "cachet-engine.h"
#include "cachet-ui-types.h"

G_BEGIN_DECLS

/**
 * CachetComposer:
 *
 * A window in which a message is written. It saves its draft by itself, sends through
 * cachet_engine_send_async() and closes when the message is durable in the outbox; closing it with
 * unsaved text saves the draft first and asks only when that fails.
 */
#define CACHET_TYPE_COMPOSER (cachet_composer_get_type ())
G_DECLARE_FINAL_TYPE (CachetComposer, cachet_composer, CACHET, COMPOSER, HdyApplicationWindow)

/* @account: (nullable): the account From starts with; else the draft's From decides, else the first
 * account. @draft: (nullable): what to start from (a reference is taken); an empty one else. The
 * caller presents the window. Without any account the window says so and offers to add one. */
CachetComposer *cachet_composer_new (GtkApplication *application,
                                     CachetEngine *engine,
                                     CachetAccount *account,
                                     CachetDraft *draft);
/* The message that this one answers or forwards: it gets \Answered or $Forwarded when sent. */
void
cachet_composer_set_answered (CachetComposer *self, CachetMessageRow *row, gboolean is_forward);
/* The stored draft that this one goes on with; removed once sent. */
void cachet_composer_set_draft_row (CachetComposer *self, CachetMessageRow *row);
/* The outbox item taken back for editing; discarded once sent again. */
void cachet_composer_set_outbox_item (CachetComposer *self, CachetOutboxItem *item);
/* News in an info bar of the composer, such as mailto: fields that were not obeyed. */
void cachet_composer_show_note (CachetComposer *self, const char *text);

G_END_DECLS
