#pragma once

#include "cachet-accounts-file.h"
#include "cachet-activity.h"
#include "cachet-blob-store.h"
#include "cachet-engine.h"
#include "cachet-journal.h"
#include "cachet-mail-store.h"
#include "cachet-message-row.h"
#include "cachet-notice.h"
#include "cachet-trust-decider.h"
#include "cachet-worker.h"

G_BEGIN_DECLS

/* What the parts of the engine need of it. Never NULL between start and stop. */
CachetMailStore *cachet_engine_get_mail_store (CachetEngine *self);
CachetJournal *cachet_engine_get_journal (CachetEngine *self);
CachetBlobStore *cachet_engine_get_blob_store (CachetEngine *self);
CachetAccountsFile *cachet_engine_get_accounts_file (CachetEngine *self);
/* The exceptions of the accounts file, for every session (cachet-exceptions.c, which has
 * cachet_engine_add_exception() too). */
CachetTrustDecider *cachet_engine_get_trust_decider (CachetEngine *self);
/* Two threads for MIME and crypto. */
CachetWorker *cachet_engine_get_worker (CachetEngine *self);
const char *cachet_engine_get_data_dir (CachetEngine *self);
/* TRUE when another process holds the data folder: nothing is written, nothing connects. */
gboolean cachet_engine_is_read_only (CachetEngine *self);
/* Bodies are fetched ahead: not in a run that only does one errand. */
gboolean cachet_engine_wants_prefetch (CachetEngine *self);
/* FALSE from the start of cachet_engine_stop_async() on. */
gboolean cachet_engine_is_running (CachetEngine *self);

/* Emits "notice"; takes @notice. */
void cachet_engine_take_notice (CachetEngine *self, CachetNotice *notice);
/* Adds running work to the activities. @cancellable: (nullable). (transfer full): end it with
 * cachet_activity_end(). */
CachetActivity *cachet_engine_begin_activity (CachetEngine *self,
                                              const char *account_id,
                                              const char *title,
                                              GCancellable *cancellable);
void cachet_engine_emit_attention (CachetEngine *self, CachetAccount *account);
void cachet_engine_emit_arrived (CachetEngine *self, CachetFolder *folder, CachetMessageRow *row);
/* Removes every copy of a draft: the local file, and in the Drafts mailbox every message with this
 * Message-ID (without <>). */
void
cachet_engine_forget_draft (CachetEngine *self, CachetAccount *account, const char *message_id);

/* A draft is in its mailbox: the local file goes, unless a newer save waits. */
void
cachet_engine_draft_stored (CachetEngine *self, CachetAccount *account, CachetOperation *operation);
/* The number of pending operations changed. */
void cachet_engine_pending_changed (CachetEngine *self);

/* --- undo, kept by cachet-engine-undo.c --- */

/* From an operation that is done: the server's UIDs of the copies, where it told. */
void cachet_engine_undo_resolved (CachetEngine *self, CachetOperation *operation);
/* The operation was backed out or dropped: nothing is left to undo. */
void cachet_engine_undo_forget (CachetEngine *self, CachetOperation *operation);

G_END_DECLS
