#pragma once

#include "cachet-account-private.h"
#include "cachet-operation.h"

G_BEGIN_DECLS

/**
 * CachetReplay:
 *
 * The pending operations of one account, walk (e): each is written to the journal, its local half
 * done at once, and its remote half run in order while the account is live.
 *
 *   added -> durable -> (live, first in line) in flight -> done: journal row deleted
 *                          ^                     |-> refused: backed out, with a notice
 *                          '-- connection lost --'
 *   and, when UIDVALIDITY changed, -> dropped, with a notice
 */

CachetReplay *cachet_replay_new (CachetAccount *account);
void cachet_replay_free (CachetReplay *self);
/* At start: what the journal holds of this account (takes a reference each). */
void cachet_replay_restore (CachetReplay *self, CachetOperation *operation);
/* A new order. @row_ids: (nullable) (element-type gint64): ids in the cache, in the order of the
 * operation's uids, so that moved rows can be shown where they go while the server can't be asked.
 */
void cachet_replay_add (CachetReplay *self, CachetOperation *operation, GArray *row_ids);
/* Runs what waits, when the account is live. */
void cachet_replay_kick (CachetReplay *self);
guint cachet_replay_get_n_pending (CachetReplay *self);
/* Takes an operation back before the server was asked; FALSE when it is too late. */
gboolean cachet_replay_take_back (CachetReplay *self, CachetOperation *operation);
/* Whether a draft with that Message-ID waits to be stored; also one in flight, when @in_flight. */
gboolean cachet_replay_has_draft (CachetReplay *self, const char *message_id, gboolean in_flight);
/* Takes back what waits of that draft. */
void cachet_replay_take_back_draft (CachetReplay *self, const char *message_id);
/* UIDVALIDITY of @folder changed. */
void cachet_replay_drop_mailbox (CachetAccount *account, CachetFolder *folder);
/* (nullable): the operation that shows @uid as a placeholder in @folder; @source_uid: what it is
 * called where it comes from. */
CachetOperation *cachet_replay_find_placeholder (CachetReplay *self,
                                                 CachetFolder *folder,
                                                 guint32 uid,
                                                 guint32 *source_uid);
/* Forgets everything (the account goes). */
void cachet_replay_clear (CachetReplay *self);
/* Calls @func when nothing is pending any more, or the account is not live. */
void
cachet_replay_flush_async (CachetReplay *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean cachet_replay_flush_finish (CachetReplay *self, GAsyncResult *result, GError **error);

/* --- cachet-replay-remote.c --- */

/* Asks the server. Finish: FALSE with an error; then cachet_replay_is_final_error() tells whether
 * the server refused it. */
void cachet_replay_remote_async (CachetAccount *account,
                                 CachetOperation *operation,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean cachet_replay_remote_finish (CachetAccount *account, GAsyncResult *result, GError **error);
gboolean cachet_replay_is_final_error (const GError *error);

G_END_DECLS
