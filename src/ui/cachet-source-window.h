#pragma once

#include <handy.h>

#include "cachet-mime-message.h"
#include "cachet-ui-types.h"

G_BEGIN_DECLS

/**
 * CachetSourceWindow:
 *
 * The exact bytes of a message, searchable. Text is rendered on the worker and comes in by pieces,
 * so that 25 MB do not hold up the window.
 */
#define CACHET_TYPE_SOURCE_WINDOW (cachet_source_window_get_type ())
G_DECLARE_FINAL_TYPE (CachetSourceWindow, cachet_source_window, CACHET, SOURCE_WINDOW, HdyWindow)

/* Bytes put into the view in one main-loop turn. */
#define CACHET_SOURCE_WINDOW_PIECE (96 * 1024)

CachetSourceWindow *
cachet_source_window_new (GtkApplication *application, CachetMimeMessage *message);

G_END_DECLS
