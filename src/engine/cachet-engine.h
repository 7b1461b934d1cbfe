#pragma once

#include "cachet-account-settings.h"
#include "cachet-draft.h"
#include "cachet-engine-types.h"
#include "cachet-mime-message.h"
#include "cachet-secret.h"

G_BEGIN_DECLS

/**
 * CachetEngine:
 *
 * Everything without a window: accounts, folders, sync, IDLE, offline replay, outbox. Headless;
 * main thread only. Signals: "notice" (CachetNotice), "account-attention" (CachetAccount): its
 * attention became something else than NONE; "message-arrived" (CachetFolder, CachetMessageRow).
 */
#define CACHET_TYPE_ENGINE (cachet_engine_get_type ())
G_DECLARE_FINAL_TYPE (CachetEngine, cachet_engine, CACHET, ENGINE, GObject)

/* @data_dir: outbox, drafts, journal, keys; @config_dir: accounts; @cache_dir: cache.db and bodies.
 * (nullable) each: the XDG folders with "cachet" below; with @data_dir given and no @cache_dir it
 * is @data_dir/cache. */
CachetEngine *
cachet_engine_new (const char *data_dir, const char *config_dir, const char *cache_dir);
/* Reads the accounts and opens the stores; then, with @connect, connections start by themselves.
 * Nothing here waits for network or keyring. */
void cachet_engine_start_async (CachetEngine *self,
                                gboolean connect,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean cachet_engine_start_finish (CachetEngine *self, GAsyncResult *result, GError **error);
/* Lets running transactions end, says LOGOUT (at most 2 s), closes the stores. */
void
cachet_engine_stop_async (CachetEngine *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean cachet_engine_stop_finish (CachetEngine *self, GAsyncResult *result, GError **error);

GListModel *cachet_engine_get_accounts (CachetEngine *self);   /* CachetAccount */
GListModel *cachet_engine_get_activities (CachetEngine *self); /* CachetActivity */
CachetOutbox *cachet_engine_get_outbox (CachetEngine *self);
CachetSecrets *cachet_engine_get_secrets (CachetEngine *self);
CachetAccount *cachet_engine_find_account (CachetEngine *self, const char *id); /* (nullable) */
/* (element-type CachetAddress) (transfer full): From addresses of all accounts */
GPtrArray *cachet_engine_dup_own_addresses (CachetEngine *self);

/* @password: (nullable): none given, it will be asked for. With @remember in the secret service,
 * else for this run. Adds or, when the id exists, replaces. Finish gives the account (transfer
 * none); and tells, when the password could only be kept for this run, by @only_this_run. */
void cachet_engine_put_account_async (CachetEngine *self,
                                      const CachetAccountSettings *settings,
                                      CachetSecret *password,
                                      gboolean remember,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
CachetAccount *cachet_engine_put_account_finish (CachetEngine *self,
                                                 GAsyncResult *result,
                                                 gboolean *only_this_run,
                                                 GError **error);
/* Cache, bodies, password go; journal rows and outbox messages of the account must be gone before,
 * else NOT_ALLOWED names them, unless @discard_unsent. */
void cachet_engine_remove_account_async (CachetEngine *self,
                                         CachetAccount *account,
                                         gboolean discard_unsent,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
gboolean
cachet_engine_remove_account_finish (CachetEngine *self, GAsyncResult *result, GError **error);

/* Walk (b): from the cache, else fetched with priority; parsed on the worker. */
void cachet_engine_load_message_async (CachetEngine *self,
                                       CachetMessageRow *row,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
CachetMimeMessage *
cachet_engine_load_message_finish (CachetEngine *self, GAsyncResult *result, GError **error);
/* An .eml: no account is needed. */
void cachet_engine_load_file_async (CachetEngine *self,
                                    GFile *file,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
CachetMimeMessage *
cachet_engine_load_file_finish (CachetEngine *self, GAsyncResult *result, GError **error);
/* Rows by words over the cache. GListModel of CachetMessageRow. */
void cachet_engine_search_async (CachetEngine *self,
                                 CachetAccount *account,
                                 const char *words,
                                 guint limit,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
GListModel *cachet_engine_search_finish (CachetEngine *self, GAsyncResult *result, GError **error);
/* (nullable) (transfer full): row of a message by the cache's id */
void cachet_engine_find_row_async (CachetEngine *self,
                                   gint64 id,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
CachetMessageRow *
cachet_engine_find_row_finish (CachetEngine *self, GAsyncResult *result, GError **error);

/**
 * Walk (e): orders on messages. Each makes one durable CachetOperation per account and folder,
 * shows at once, is replayed on the server, and can be undone by cachet_engine_undo() while it is
 * the last one (not expunge).
 * @rows: (element-type CachetMessageRow). They return at once; trouble is told by "notice".
 */
void cachet_engine_set_flags (CachetEngine *self,
                              GPtrArray *rows,
                              CachetMessageFlags flags,
                              gboolean set);
/* Because they were looked at: what undo would take back stays what it was. */
void cachet_engine_mark_seen (CachetEngine *self, GPtrArray *rows);
void cachet_engine_move (CachetEngine *self, GPtrArray *rows, CachetFolder *destination);
void cachet_engine_copy (CachetEngine *self, GPtrArray *rows, CachetFolder *destination);
/* By the account's delete mode: to Trash, or \Deleted; from Trash itself: marked \Deleted. */
void cachet_engine_delete (CachetEngine *self, GPtrArray *rows);
/* To the archive mailbox (role ARCHIVE, else a folder named "Archives", made when missing). */
void cachet_engine_archive (CachetEngine *self, GPtrArray *rows);
/* Removes every message marked \Deleted in @folder that the cache knows, by UID. Gives how many. */
guint cachet_engine_expunge (CachetEngine *self, CachetFolder *folder);
/* (nullable): what undo would take back, for the button ("Move of 3 messages"); property
 * "undo-text" (notify) */
const char *cachet_engine_get_undo_text (CachetEngine *self);
gboolean cachet_engine_undo (CachetEngine *self);
/* Number of operations that wait for the server. */
guint cachet_engine_get_n_pending_operations (CachetEngine *self);

/* Walk (c). Checks, builds on the worker, makes it durable in the outbox, then finishes: the
 * composer may close.
 * @answered: (nullable): row that gets \Answered or $Forwarded once it is sent. @draft_row:
 * (nullable): stored draft to remove then. */
void cachet_engine_send_async (CachetEngine *self,
                               CachetAccount *account,
                               CachetDraft *draft,
                               CachetMessageRow *answered,
                               gboolean is_forward,
                               CachetMessageRow *draft_row,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
CachetOutboxItem *
cachet_engine_send_finish (CachetEngine *self, GAsyncResult *result, GError **error);
/* Ready RFC 5322 bytes (cachetctl send): envelope from its headers; Bcc is taken out. Finish:
 * send_finish. */
void cachet_engine_send_bytes_async (CachetEngine *self,
                                     CachetAccount *account,
                                     GBytes *message,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
/* Saves to the local drafts at once (durable), then to the Drafts mailbox by the journal, replacing
 * the draft's earlier copy there. */
void cachet_engine_save_draft_async (CachetEngine *self,
                                     CachetAccount *account,
                                     CachetDraft *draft,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean cachet_engine_save_draft_finish (CachetEngine *self, GAsyncResult *result, GError **error);
/* Forgets local and stored copies of the draft. */
void cachet_engine_discard_draft (CachetEngine *self, CachetAccount *account, CachetDraft *draft);
/* (element-type CachetDraft) (transfer full): drafts that a crash left behind; told once, at start.
 */
GPtrArray *cachet_engine_take_recovered_drafts (CachetEngine *self);

G_END_DECLS
