#pragma once

#include <gtk/gtk.h>

#include "cachet-engine.h"
#include "cachet-message-row.h"
#include "cachet-mime-message.h"
#include "cachet-ui-types.h"

G_BEGIN_DECLS

/**
 * CachetMessagePane:
 *
 * One message: headers, warnings, text, attachments; or why there is none. Property "message"
 * (notify): what is shown now. Signal "link-activated" (const char *): a mailto: link; others are
 * opened by the pane itself.
 */
#define CACHET_TYPE_MESSAGE_PANE (cachet_message_pane_get_type ())
G_DECLARE_FINAL_TYPE (CachetMessagePane, cachet_message_pane, CACHET, MESSAGE_PANE, GtkBin)

CachetMessagePane *cachet_message_pane_new (void);
void cachet_message_pane_set_engine (CachetMessagePane *self, CachetEngine *engine);
/* Walk (b). An earlier load that is still running is cancelled. */
void cachet_message_pane_show_row (CachetMessagePane *self, CachetMessageRow *row);
/* A message from a file. */
void cachet_message_pane_load_file (CachetMessagePane *self, GFile *file);
void cachet_message_pane_show_message (CachetMessagePane *self, CachetMimeMessage *message);
/* Nothing, or @n_selected messages at once, is selected. */
void cachet_message_pane_show_selection (CachetMessagePane *self, guint n_selected);
/* (nullable) (transfer none): NULL while it is loading or could not be loaded */
CachetMimeMessage *cachet_message_pane_get_message (CachetMessagePane *self);
CachetMessageRow *cachet_message_pane_get_row (CachetMessagePane *self); /* (nullable) */
void cachet_message_pane_set_shows_headers (CachetMessagePane *self, gboolean shows_headers);
gboolean cachet_message_pane_get_shows_headers (CachetMessagePane *self);
/* Asks for a folder and saves every attachment there. */
void cachet_message_pane_save_attachments (CachetMessagePane *self);
gboolean cachet_message_pane_has_attachments (CachetMessagePane *self);
void cachet_message_pane_start_find (CachetMessagePane *self);
/* TRUE when there was a search in the text to end. */
gboolean cachet_message_pane_end_find (CachetMessagePane *self);
void cachet_message_pane_focus (CachetMessagePane *self);
/* Scrolls the text by a page; FALSE when it is at its end already. */
gboolean cachet_message_pane_scroll_page (CachetMessagePane *self);

G_END_DECLS
