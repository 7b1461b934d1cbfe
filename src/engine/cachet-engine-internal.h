#pragma once

#include "cachet-engine-private.h"
#include "cachet-engine-undo.h"
#include "cachet-exceptions.h"

G_BEGIN_DECLS

/* For the engine's own files only: cachet-engine*.c. */

/* How long the end waits for LOGOUT and for a message that is being sent. */
#define CACHET_ENGINE_STOP_MILLISECONDS 2000

/* How often, and after what pauses, a start tries to get the data for itself. */
#define CACHET_ENGINE_LOCK_TRIES 20
#define CACHET_ENGINE_LOCK_PAUSE_MILLISECONDS 100

struct _CachetEngine
{
  GObject parent_instance;

  char *data_dir;
  char *config_dir;
  char *cache_dir;
  gboolean started;
  gboolean running;
  gboolean connect;
  gboolean read_only;
  gboolean accounts_unreadable;

  CachetAccountsFile *accounts_file;
  CachetMailStore *mail_store;
  CachetJournal *journal;
  CachetBlobStore *blob_store;
  CachetWorker *worker;
  CachetExceptions *exceptions;
  CachetSecrets *secrets;
  CachetOutbox *outbox;
  CachetUndo *undo;
  gboolean undo_is_aside; /* an order that the user did not give is under way */

  GListStore *accounts;
  GListStore *activities;
  GPtrArray *recovered;  /* CachetDraft */
  GPtrArray *after_send; /* what is to be done once messages are sent */
};

/* "undo-text" changed. */
void cachet_engine_undo_changed (CachetEngine *self);
/* --- cachet-engine-orders.c --- */
/* The message that was answered or forwarded is marked so. */
void cachet_engine_mark_sent (CachetEngine *self, GPtrArray *rows, gboolean is_forward);
/* --- cachet-engine-accounts.c --- */
CachetAccount *
cachet_engine_add_account (CachetEngine *self, const CachetAccountSettings *settings);
/* --- cachet-engine-drafts.c --- */
void cachet_engine_recover_drafts_async (CachetEngine *self,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
gboolean
cachet_engine_recover_drafts_finish (CachetEngine *self, GAsyncResult *result, GError **error);
/* --- cachet-engine-send.c --- */
void cachet_engine_watch_outbox (CachetEngine *self);

G_END_DECLS
