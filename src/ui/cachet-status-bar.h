#pragma once

#include <gtk/gtk.h>

#include "cachet-engine.h"
#include "cachet-outbox.h"
#include "cachet-ui-types.h"

G_BEGIN_DECLS

/**
 * CachetStatusBar:
 *
 * One line while there is something to say: what runs, and how many messages wait to be sent; a
 * click opens the list of all running work (progress, Cancel) and of the outbox (state, error, and
 * what can be done). Signal "edit-item" (CachetOutboxItem): the user wants to change it.
 */
#define CACHET_TYPE_STATUS_BAR (cachet_status_bar_get_type ())
G_DECLARE_FINAL_TYPE (CachetStatusBar, cachet_status_bar, CACHET, STATUS_BAR, GtkBin)

void cachet_status_bar_set_engine (CachetStatusBar *self, CachetEngine *engine);

G_END_DECLS
