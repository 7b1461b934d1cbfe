#pragma once

#include "cachet-mail-store.h"
#include "cachet-message-list.h"

G_BEGIN_DECLS

#define CACHET_MESSAGE_LIST_MAX_ROWS 2000  /* row objects kept */
#define CACHET_MESSAGE_LIST_FRAME_MS 16    /* changes are told at most so often */
#define CACHET_MESSAGE_LIST_REQUERY_MS 150 /* a filtered or text-sorted list is asked for anew */

/* A list of @mailbox_id, sorted by date, newest first; its first fill is under way. @folder:
 * (nullable) only in tests of the list alone. */
CachetMessageList *
cachet_message_list_new (CachetMailStore *store, CachetFolder *folder, gint64 mailbox_id);
/* Rows that came (GArray of CachetListEntry); rows that the list has already take the new numbers.
 */
void cachet_message_list_add_entries (CachetMessageList *self, GArray *entries);
void cachet_message_list_remove_uid (CachetMessageList *self, guint32 uid);
/* @flags: all of them, also the local facts. */
void
cachet_message_list_set_uid_flags (CachetMessageList *self, guint32 uid, CachetMessageFlags flags);
/* FALSE when the list does not have it. */
gboolean
cachet_message_list_get_uid_flags (CachetMessageList *self, guint32 uid, CachetMessageFlags *flags);
/* The row's strings are others in the cache now. */
void cachet_message_list_refresh_id (CachetMessageList *self, gint64 id);
/* Empties the list at once. */
void cachet_message_list_clear (CachetMessageList *self);
/* Reads the order from the cache anew. */
void cachet_message_list_requery (CachetMessageList *self);
/* Tells what has gathered now, rather than with the next frame. */
void cachet_message_list_flush (CachetMessageList *self);

G_END_DECLS
