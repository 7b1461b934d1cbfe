#pragma once

#include <handy.h>

#include "cachet-engine.h"
#include "cachet-message-row.h"
#include "cachet-mime-message.h"
#include "cachet-ui-types.h"

G_BEGIN_DECLS

/**
 * CachetMessageWindow:
 *
 * One message in a window of its own: from a folder, from a file (no account is needed), or one
 * that is attached to another.
 */
#define CACHET_TYPE_MESSAGE_WINDOW (cachet_message_window_get_type ())
G_DECLARE_FINAL_TYPE (
  CachetMessageWindow, cachet_message_window, CACHET, MESSAGE_WINDOW, HdyApplicationWindow)

CachetMessageWindow *cachet_message_window_new_for_row (GtkApplication *application,
                                                        CachetEngine *engine,
                                                        CachetMessageRow *row);
CachetMessageWindow *
cachet_message_window_new_for_file (GtkApplication *application, CachetEngine *engine, GFile *file);
CachetMessageWindow *cachet_message_window_new_for_message (GtkApplication *application,
                                                            CachetEngine *engine,
                                                            CachetMimeMessage *message);

G_END_DECLS
