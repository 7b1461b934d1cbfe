#pragma once

#include "cachet-folder.h"
#include "cachet-folder-table.h"
#include "cachet-mail-store.h"
#include "cachet-operation.h"

G_BEGIN_DECLS

/* UIDs from here on are not the server's: they name rows that were moved or copied here and that
 * the server does not know of yet. */
#define CACHET_PLACEHOLDER_UID_MIN 0xf0000000u

/* @stored is copied. */
CachetFolder *cachet_folder_new (CachetAccount *account, const CachetStoredMailbox *stored);
/* New facts from LIST or the cache; counts and sync state are taken too when @with_counts. */
void cachet_folder_take_stored (CachetFolder *self,
                                const CachetStoredMailbox *stored,
                                gboolean with_counts);
/* What is known of the mailbox; the sync module writes into it. */
CachetStoredMailbox *cachet_folder_get_stored (CachetFolder *self);
/* Writes uidvalidity, uidnext, modseq, counts and synced to the cache, soon (several calls in one
 * turn are one write). */
void cachet_folder_save (CachetFolder *self);
/* Writes what cachet_folder_save() put off. */
void cachet_folder_save_now (CachetFolder *self);
/* From STATUS; ignored once the table is there, which knows better. */
void cachet_folder_set_counts (CachetFolder *self, guint unread, guint total);
void cachet_folder_set_syncing (CachetFolder *self, gboolean syncing);
/* (nullable) (transfer none): the list, when someone holds it */
CachetMessageList *cachet_folder_peek_list (CachetFolder *self);
/* The folder left the account: its list ends. */
void cachet_folder_detach (CachetFolder *self);

/* --- the table of UIDs and flags --- */

/* Reads it from the cache unless it is there. Finish: load_table_finish. */
void cachet_folder_load_table_async (CachetFolder *self,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean cachet_folder_load_table_finish (CachetFolder *self, GAsyncResult *result, GError **error);
/* Without placeholders. NULL before it is loaded. */
CachetFolderTable *cachet_folder_get_table (CachetFolder *self);
/* (nullable) */
CachetUidFact *cachet_folder_find_fact (CachetFolder *self, guint32 uid);
/* Highest UID of the server's in the table, or 0. */
guint32 cachet_folder_get_max_uid (CachetFolder *self);
/* Counts unread and total from the table, as far as pending operations do not hide messages. */
void cachet_folder_recount (CachetFolder *self);

/* (transfer full): the blob's key of a message of this folder */
char *cachet_folder_dup_blob_key (CachetFolder *self, guint32 uid);
/* (element-type guint32) (transfer full): marked \Deleted and not hidden */
GArray *cachet_folder_dup_deleted_uids (CachetFolder *self);

/* --- changes from the server; each goes to the cache, the table and the list --- */

/* Rows that came and are in the cache now (GArray of CachetListEntry). */
void cachet_folder_rows_stored (CachetFolder *self, GArray *entries);
/* The server's flags (GArray of CachetUidFlags); pending operations on top of them are kept. */
void cachet_folder_server_flags (CachetFolder *self, GArray *changes);
/* Messages that are gone (GArray of guint32). */
void cachet_folder_server_gone (CachetFolder *self, GArray *uids);
/* UIDVALIDITY changed: nothing of what was known counts. */
void cachet_folder_clear (CachetFolder *self);

/* --- changes of ours --- */

/* Pending operations on this folder's messages, in order; the account adds and removes them. */
void cachet_folder_add_operation (CachetFolder *self, CachetOperation *operation);
void cachet_folder_remove_operation (CachetFolder *self, CachetOperation *operation);

/* Adds and removes flags (server's or local facts) on @uids (GArray of guint32) in cache, table and
 * list, at once. */
void cachet_folder_change_flags (CachetFolder *self,
                                 GArray *uids,
                                 CachetMessageFlags add,
                                 CachetMessageFlags remove);
/* What pending operations make of the server's @flags. */
CachetMessageFlags
cachet_folder_effective_flags (CachetFolder *self, guint32 uid, CachetMessageFlags flags);
/* Whether a pending operation has taken that message out of this folder. */
gboolean cachet_folder_hides_uid (CachetFolder *self, guint32 uid);
/* Takes @uids out of the list, or (after a back-out or an undo) puts them back from the cache. */
void cachet_folder_hide_uids (CachetFolder *self, GArray *uids);
void cachet_folder_unhide_uids (CachetFolder *self, GArray *uids);
/* Rows that are in the cache under placeholder UIDs (GArray of CachetListEntry). */
void cachet_folder_show_placeholders (CachetFolder *self, GArray *entries);
/* Takes them out of list and cache (GArray of guint32). */
void cachet_folder_drop_placeholders (CachetFolder *self, GArray *uids);

G_END_DECLS
