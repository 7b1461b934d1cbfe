#pragma once

#include "cachet-store-types.h"

G_BEGIN_DECLS

/**
 * CachetMailStore:
 *
 * cache.db: mailboxes, rows, full-text index of all accounts; rebuildable. One writer thread with a
 * priority queue, one read-only connection on its own thread. All calls from the main thread;
 * callbacks there too.
 * @priority is CACHET_WORKER_PRIORITY_*.
 *
 * A write that has begun is not stopped by its cancellable: the answer tells what is on the disk.
 * Writes of many messages (flags, deletions, clearing) go in slices of 500, each in its own
 * transaction; doing them again does no harm.
 *
 * Signal "damaged" (): a job met a damaged page. The file is marked; the next open sets it aside
 * and begins a new one.
 */
#define CACHET_TYPE_MAIL_STORE (cachet_mail_store_get_type ())
G_DECLARE_FINAL_TYPE (CachetMailStore, cachet_mail_store, CACHET, MAIL_STORE, GObject)

/* Opens or makes @directory/cache.db. A damaged or unreadable file is renamed to
 * cache.db.damaged-TIME and a new one made; finish tells that through @was_rebuilt (so the window
 * can say it). */
void cachet_mail_store_open_async (const char *directory,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
CachetMailStore *
cachet_mail_store_open_finish (GAsyncResult *result, gboolean *was_rebuilt, GError **error);
/* Ends both threads after the queued jobs; blocks. */
void cachet_mail_store_close (CachetMailStore *self);

/* (element-type CachetStoredMailbox), every mailbox of @account_id, or of all accounts with NULL */
void cachet_mail_store_list_mailboxes_async (CachetMailStore *self,
                                             const char *account_id,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer user_data);
GPtrArray *cachet_mail_store_list_mailboxes_finish (CachetMailStore *self,
                                                    GAsyncResult *result,
                                                    GError **error);
/* Makes the account's mailboxes exactly @mailboxes (name is the identity): new ones added, gone
 * ones removed with their rows. Of kept ones the sync state (uidvalidity, uidnext, highestmodseq,
 * synced) stays unless uidvalidity is given (not 0), and the counts stay unless n_messages is.
 * Gives the list as now stored, with ids. */
void cachet_mail_store_replace_mailboxes_async (CachetMailStore *self,
                                                const char *account_id,
                                                GPtrArray *mailboxes,
                                                GCancellable *cancellable,
                                                GAsyncReadyCallback callback,
                                                gpointer user_data);
GPtrArray *cachet_mail_store_replace_mailboxes_finish (CachetMailStore *self,
                                                       GAsyncResult *result,
                                                       GError **error);
/* Writes uidvalidity, uidnext, highestmodseq, counts, synced of @mailbox (by id). Finish:
 * write_finish. */
void cachet_mail_store_update_mailbox_async (CachetMailStore *self,
                                             const CachetStoredMailbox *mailbox,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer user_data);
/* Renames a mailbox and, below @old_name + delimiter, its children. The names for people are the
 * server's names until the next cachet_mail_store_replace_mailboxes_async(). Finish: write_finish.
 */
void cachet_mail_store_rename_mailbox_async (CachetMailStore *self,
                                             const char *account_id,
                                             const char *old_name,
                                             const char *new_name,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer user_data);
/* Removes all rows (UIDVALIDITY changed). Finish: write_finish. */
void cachet_mail_store_clear_mailbox_async (CachetMailStore *self,
                                            gint64 mailbox_id,
                                            GCancellable *cancellable,
                                            GAsyncReadyCallback callback,
                                            gpointer user_data);
void cachet_mail_store_remove_account_async (CachetMailStore *self,
                                             const char *account_id,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer user_data);

/* Inserts or replaces by (mailbox, uid), one transaction, at most CACHET_MAIL_STORE_MAX_BATCH rows
 * a call.
 * @rows (element-type CachetStoredRow) is kept, not copied: do not change it. Finish gives the list
 * entries as stored, in the order of @rows (element-type CachetListEntry by value in a GArray). */
#define CACHET_MAIL_STORE_MAX_BATCH 1000
/* Bytes of each text of a row; what is longer is cut there (never inside a character). */
#define CACHET_MAIL_STORE_MAX_TEXT 32768
void cachet_mail_store_insert_rows_async (CachetMailStore *self,
                                          gint64 mailbox_id,
                                          GPtrArray *rows,
                                          int priority,
                                          GCancellable *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data);
GArray *
cachet_mail_store_insert_rows_finish (CachetMailStore *self, GAsyncResult *result, GError **error);
/* @changes: GArray of CachetUidFlags: server flags are set to exactly these, local facts are kept.
 */
void cachet_mail_store_set_flags_async (CachetMailStore *self,
                                        gint64 mailbox_id,
                                        GArray *changes,
                                        int priority,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
/* Adds and removes @add / @remove (server flags or local facts) on @uids (GArray of guint32). */
void cachet_mail_store_change_flags_async (CachetMailStore *self,
                                           gint64 mailbox_id,
                                           GArray *uids,
                                           CachetMessageFlags add,
                                           CachetMessageFlags remove,
                                           int priority,
                                           GCancellable *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data);
void cachet_mail_store_delete_uids_async (CachetMailStore *self,
                                          gint64 mailbox_id,
                                          GArray *uids,
                                          int priority,
                                          GCancellable *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data);
gboolean
cachet_mail_store_write_finish (CachetMailStore *self, GAsyncResult *result, GError **error);

/* GArray of CachetListEntry in the order asked for (that of cachet_list_order_compare()). @filter:
 * (nullable) words to search for (full text, AND); only spaces: no filter. */
void cachet_mail_store_list_entries_async (CachetMailStore *self,
                                           gint64 mailbox_id,
                                           CachetSortKey key,
                                           gboolean descending,
                                           const char *filter,
                                           GCancellable *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data);
GArray *
cachet_mail_store_list_entries_finish (CachetMailStore *self, GAsyncResult *result, GError **error);
/* Rows by id, in the order of @ids (GArray of gint64); ids that are gone are left out.
 * (element-type CachetStoredRow) */
void cachet_mail_store_load_rows_async (CachetMailStore *self,
                                        GArray *ids,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
GPtrArray *
cachet_mail_store_load_rows_finish (CachetMailStore *self, GAsyncResult *result, GError **error);
/* How many rows the cache has of a mailbox, and how many of them are not \Seen. */
void cachet_mail_store_count_async (CachetMailStore *self,
                                    gint64 mailbox_id,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean cachet_mail_store_count_finish (
  CachetMailStore *self, GAsyncResult *result, guint32 *n_rows, guint32 *n_unseen, GError **error);
/* Every UID with flags (local facts too) and modseq, ascending by UID (GArray of CachetUidFlags).
 */
void cachet_mail_store_list_uids_async (CachetMailStore *self,
                                        gint64 mailbox_id,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
GArray *
cachet_mail_store_list_uids_finish (CachetMailStore *self, GAsyncResult *result, GError **error);
/* The @limit newest messages without a cached body, at most @max_size bytes each (GArray of
 * CachetListEntry). */
void cachet_mail_store_list_missing_bodies_async (CachetMailStore *self,
                                                  gint64 mailbox_id,
                                                  guint limit,
                                                  guint64 max_size,
                                                  GCancellable *cancellable,
                                                  GAsyncReadyCallback callback,
                                                  gpointer user_data);
/* Finish: list_entries_finish. */

/* Puts a message's text into the index, instead of what was there. The text lies on the disk then:
 * never give what was decrypted. Finish: write_finish. */
#define CACHET_MAIL_STORE_MAX_INDEXED_TEXT (1024 * 1024) /* bytes; the rest is not indexed */
void cachet_mail_store_index_text_async (CachetMailStore *self,
                                         gint64 id,
                                         const char *text,
                                         const char *attachment_names,
                                         int priority,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
/* Ids of messages that have all @words (prefix match on the last), newest first, in @account_id or
 * everywhere with NULL. GArray of gint64. */
void cachet_mail_store_search_async (CachetMailStore *self,
                                     const char *account_id,
                                     const char *words,
                                     guint limit,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
GArray *
cachet_mail_store_search_finish (CachetMailStore *self, GAsyncResult *result, GError **error);
/* (nullable): the row with this Message-ID in the account's @mailbox_id (0: any). One-element
 * load_rows. */
void cachet_mail_store_find_message_id_async (CachetMailStore *self,
                                              const char *account_id,
                                              gint64 mailbox_id,
                                              const char *message_id,
                                              GCancellable *cancellable,
                                              GAsyncReadyCallback callback,
                                              gpointer user_data);
/* Finish: load_rows_finish (zero or more rows). */

G_END_DECLS
