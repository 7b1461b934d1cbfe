#pragma once

#include "cachet-account-private.h"
#include "cachet-folder-private.h"
#include "cachet-link.h"
#include "cachet-replay.h"
#include "cachet-wire-file.h"

G_BEGIN_DECLS

/* For the account's own files only: cachet-account*.c. */

/* Pauses between attempts to connect: 1, 2, 4 … seconds up to this, with jitter. */
#define CACHET_ACCOUNT_MAX_BACKOFF_SECONDS 300
/* Attempts that the network's coming up may cause are at least so far apart. */
#define CACHET_ACCOUNT_MIN_RETRY_SECONDS 2
/* An unknown host is the settings' fault after so many attempts. */
#define CACHET_ACCOUNT_SETTINGS_ATTEMPTS 3
/* Folders that are not idled on are asked about so often. */
#define CACHET_ACCOUNT_POLL_SECONDS 120
/* Folders asked by STATUS, where LIST-STATUS is not offered, in one round at most. */
#define CACHET_ACCOUNT_MAX_STATUS 500

/* One of the two connections and when it is tried again. */
typedef struct
{
  CachetAccount *account; /* not owned */
  CachetLink *link;
  guint attempt;
  guint retry_source;
  gint64 last_try; /* monotonic */
  char *trouble;   /* (nullable): why it is down */
} CachetAccountSlot;

struct _CachetAccount
{
  GObject parent_instance;

  CachetEngine *engine; /* weak */
  CachetAccountSettings *settings;
  CachetAccountState state;
  char *state_text;
  CachetAttention attention;
  char *attention_text;
  CachetServerCertificate *certificate;

  CachetSecret *password;  /* of this run */
  gboolean wanted;         /* to be connected */
  gboolean sent_offline;   /* by the user, until told otherwise */
  CachetAccountSlot watch; /* idles on INBOX */
  CachetAccountSlot work;  /* everything else */
  guint poll_source;
  guint n_refreshes;       /* of the folder list, under way */
  GPtrArray *live_waiters; /* GTask */
  guint retry_all_source;

  GListStore *folders;
  CachetReplay *replay;
  CachetWireLog *wire_log;
  CachetWireFile *wire_file;
  gboolean cache_failed;
  GHashTable *in_use;        /* set of CachetFolder whose list lives, with a reference */
  CachetFolder *last_opened; /* not owned: in in_use */
};

void cachet_account_emit_folders_changed (CachetAccount *self);

/* --- cachet-account-connection.c --- */

void cachet_account_connection_init (CachetAccount *self);
void cachet_account_connection_clear (CachetAccount *self);
void cachet_account_connection_start (CachetAccount *self);
void cachet_account_connection_stop (CachetAccount *self);
/* The link for work in @folder, (nullable) folder: any; the other one when that is down. */
CachetLink *cachet_account_route (CachetAccount *self, CachetFolder *folder);
/* Recomputes "state" and "state-text". */
void cachet_account_update_state (CachetAccount *self);
/* Finishes when the account is live; fails when the attempt failed. */
void cachet_account_wait_live_async (CachetAccount *self,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean
cachet_account_wait_live_finish (CachetAccount *self, GAsyncResult *result, GError **error);

/* --- cachet-account-folders.c --- */

/* The cache's mailboxes, at start. (element-type CachetStoredMailbox) */
void cachet_account_set_mailboxes (CachetAccount *self, GPtrArray *mailboxes);
/* INBOX is there before any server was asked. */
void cachet_account_ensure_inbox (CachetAccount *self);
/* Asks for the folder list and takes it over. Finish gives the folders that are not in step, those
 * in use first (element-type CachetFolder) (transfer container). */
void cachet_account_refresh_folders_async (CachetAccount *self,
                                           GCancellable *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data);
GPtrArray *
cachet_account_refresh_folders_finish (CachetAccount *self, GAsyncResult *result, GError **error);
CachetFolder *cachet_account_find_mailbox (CachetAccount *self, const char *mailbox);
/* The mailbox of @role, made and subscribed when there is none. Finish: ensure_role_finish gives it
 * (transfer full). */
void cachet_account_ensure_role_async (CachetAccount *self,
                                       CachetFolderRole role,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
CachetFolder *
cachet_account_ensure_role_finish (CachetAccount *self, GAsyncResult *result, GError **error);
/* Queues a sync without anyone waiting. */
void cachet_account_queue_sync (CachetAccount *self, CachetFolder *folder, int priority);

G_END_DECLS
