#pragma once

#include "cachet-engine-types.h"

G_BEGIN_DECLS

/* One message of a list. While its page is being read from the cache "loaded" is FALSE and strings
 * are ""; numbers and flags are always there. "changed" is emitted when anything shown changes.
 * Strings are owned by the row. */
#define CACHET_TYPE_MESSAGE_ROW (cachet_message_row_get_type ())
G_DECLARE_FINAL_TYPE (CachetMessageRow, cachet_message_row, CACHET, MESSAGE_ROW, GObject)

gint64 cachet_message_row_get_id (CachetMessageRow *self);
guint32 cachet_message_row_get_uid (CachetMessageRow *self);
CachetFolder *cachet_message_row_get_folder (CachetMessageRow *self);
gboolean cachet_message_row_is_loaded (CachetMessageRow *self);
CachetMessageFlags cachet_message_row_get_flags (CachetMessageRow *self);
gint64 cachet_message_row_get_date (CachetMessageRow *self); /* Unix seconds */
guint64 cachet_message_row_get_size (CachetMessageRow *self);
const char *cachet_message_row_get_subject (CachetMessageRow *self);
const char *cachet_message_row_get_from_name (CachetMessageRow *self); /* may be "" */
const char *cachet_message_row_get_from_addr (CachetMessageRow *self);
const char *cachet_message_row_get_to (CachetMessageRow *self);
const char *cachet_message_row_get_message_id (CachetMessageRow *self);
const char *cachet_message_row_get_preview (CachetMessageRow *self); /* may be "" */

G_END_DECLS
