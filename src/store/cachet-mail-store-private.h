#pragma once

#include "cachet-database.h"
#include "cachet-mail-store.h"

G_BEGIN_DECLS

/* Internal to the files of CachetMailStore. */

/* Rows that are indexed, purged or deleted in one transaction. */
#define CACHET_MAIL_STORE_SLICE 500

struct _CachetMailStore
{
  GObject parent_instance;

  CachetDatabase *database;
  guint maintenance_source; /* waits for a pause in the insertions */
  gint64 waiting_since;     /* monotonic, of the first change that it waits with */
  gboolean is_maintaining;
  gboolean index_is_current; /* no row is known to wait for the full-text index */
  guint64 n_changes;         /* counts up with each change that maintenance has to follow */
};

/* cachet-mail-store-index.c */

/* Takes a message out of the index, if it is in there. Before its row goes or its texts change.
 * Writer thread. */
gboolean cachet_mail_index_remove (CachetConnection *connection, gint64 id, GError **error);
/* Puts it (back) with the texts as they now are, if it was in there. Writer thread. */
gboolean cachet_mail_index_restore (CachetConnection *connection, gint64 id, GError **error);
/* Whether the message is in the index. */
gboolean cachet_mail_index_contains (CachetConnection *connection,
                                     gint64 id,
                                     gboolean *contains,
                                     GError **error);
/* One slice of what is left to do: rows of mailboxes that are gone, headers not yet indexed. */
gboolean cachet_mail_index_maintain_slice (CachetConnection *connection,
                                           gpointer data,
                                           gboolean *more,
                                           GError **error);
/* The word that stands for a Message-ID in the index's column "key"; "" for none. */
char *cachet_mail_index_make_key (const char *message_id);
/* Removes one message and all that hangs on it. */
gboolean cachet_mail_row_delete (CachetConnection *connection, gint64 id, GError **error);

/* cachet-mail-store.c */

/* Does soon, when nothing more urgent is left, what a write has left to do. */
void cachet_mail_store_schedule_maintenance (CachetMailStore *self);

/* cachet-mail-store-rows.c */

/* The columns that cachet_mail_row_read() wants, in its order. */
#define CACHET_MAIL_ROW_COLUMNS                                                              \
  "m.id, m.mailbox, m.uid, m.flags, m.date, m.internal_date, m.size, m.modseq, m.from_name," \
  " m.from_addr, m.subject, m.recipients, m.message_id, m.in_reply_to, m.refs, m.keywords,"  \
  " m.preview"
CachetStoredRow *cachet_mail_row_read (sqlite3_stmt *statement);
/* An entry from its parts, each brought into the range of its field. */
void cachet_mail_row_fill_entry (
  CachetListEntry *entry, gint64 id, gint64 date, gint64 uid, gint64 flags, gint64 size);

G_END_DECLS
