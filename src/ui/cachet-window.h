#pragma once

#include <handy.h>

#include "cachet-engine.h"
#include "cachet-ui-types.h"

G_BEGIN_DECLS

/**
 * CachetWindow:
 *
 * The main window: folders, list and message; three panes from CACHET_WINDOW_THREE_PANES pixels on,
 * two from CACHET_WINDOW_TWO_PANES on, below that one at a time.
 */
#define CACHET_TYPE_WINDOW (cachet_window_get_type ())
G_DECLARE_FINAL_TYPE (CachetWindow, cachet_window, CACHET, WINDOW, HdyApplicationWindow)

#define CACHET_WINDOW_THREE_PANES 1100
#define CACHET_WINDOW_TWO_PANES 600
/* How long a message is looked at before it counts as read. */
#define CACHET_WINDOW_MARK_READ_MS 1500

CachetWindow *cachet_window_new (GtkApplication *application, CachetEngine *engine);
/* The engine has read its accounts (@error: NULL) or could not start. */
void cachet_window_engine_started (CachetWindow *self, const GError *error);
/* A sentence, with the error's as detail, in an info bar. @error: (nullable) */
void cachet_window_tell (CachetWindow *self, const char *summary, const GError *error);

G_END_DECLS
