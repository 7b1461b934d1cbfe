#pragma once

#include <gtk/gtk.h>

#include "cachet-mime-message.h"

G_BEGIN_DECLS

/**
 * CachetMessageHeader:
 *
 * Subject, sender with avatar, recipients and date of a message, warnings about them, and on demand
 * all header fields. An address is always shown whole.
 */
#define CACHET_TYPE_MESSAGE_HEADER (cachet_message_header_get_type ())
G_DECLARE_FINAL_TYPE (CachetMessageHeader, cachet_message_header, CACHET, MESSAGE_HEADER, GtkBox)

/* More recipients than that are counted, and listed when all headers are shown. */
#define CACHET_MESSAGE_HEADER_MAX_RECIPIENTS 20
#define CACHET_MESSAGE_HEADER_MAX_FIELDS 1000

void cachet_message_header_set_message (CachetMessageHeader *self, CachetMimeMessage *message);
void cachet_message_header_set_shows_all (CachetMessageHeader *self, gboolean shows_all);
gboolean cachet_message_header_get_shows_all (CachetMessageHeader *self);

G_END_DECLS
