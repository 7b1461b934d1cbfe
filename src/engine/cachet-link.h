#pragma once

#include "cachet-account-private.h"
#include "cachet-imap-session.h"

G_BEGIN_DECLS

/* Without IDLE a link asks for news so often. */
#define CACHET_LINK_POLL_SECONDS 60
/* A link that does not idle says NOOP so often, well below the 30 minutes after which servers hang
 * up. */
#define CACHET_LINK_KEEPALIVE_SECONDS 540
/* After a change of network a link that does not answer within this is given up. */
#define CACHET_LINK_CHECK_SECONDS 20

typedef enum {
  CACHET_LINK_DOWN,
  CACHET_LINK_CONNECTING,
  CACHET_LINK_READY,
} CachetLinkState;

/**
 * CachetLink:
 *
 * One of an account's connections: makes the session, runs jobs on it one after the other, most
 * urgent first, selects the mailbox each of them needs, and idles on its home mailbox when there is
 * nothing to do. It does not connect by itself after it went down: the account decides when.
 *
 * Signals: "state-changed"; "down" (GError, CachetServerCertificate nullable): a connection attempt
 * failed or a connection ended (error NULL: it was ended by us).
 */
#define CACHET_TYPE_LINK (cachet_link_get_type ())
G_DECLARE_FINAL_TYPE (CachetLink, cachet_link, CACHET, LINK, GObject)

CachetLink *cachet_link_new (CachetAccount *account, const char *name);
CachetLinkState cachet_link_get_state (CachetLink *self);
/* Connects and logs in; no-op unless DOWN. */
void cachet_link_open (CachetLink *self);
/* Ends the connection at once. */
void cachet_link_close (CachetLink *self);
/* LOGOUT, then close. */
void cachet_link_log_out_async (CachetLink *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean cachet_link_log_out_finish (CachetLink *self, GAsyncResult *result, GError **error);
/* Finds out whether the connection still lives (the network changed). */
void cachet_link_check (CachetLink *self);
/* (nullable): the mailbox to be in when there is nothing else to do */
void cachet_link_set_home (CachetLink *self, CachetFolder *home);
CachetFolder *cachet_link_get_home (CachetLink *self);
/* (nullable) */
CachetFolder *cachet_link_get_selected (CachetLink *self);
/* (nullable) unless READY */
CachetImapSession *cachet_link_get_session (CachetLink *self);
/* The folder is gone from the account. */
void cachet_link_forget_folder (CachetLink *self, CachetFolder *folder);
guint64 cachet_link_get_bytes_received (CachetLink *self);
guint64 cachet_link_get_bytes_sent (CachetLink *self);
guint cachet_link_get_n_commands (CachetLink *self);
guint cachet_link_get_n_jobs (CachetLink *self);

/**
 * CachetLinkSelection: what the SELECT of the link's mailbox told.
 * @fresh: no sync has used it yet
 * @resynced: QRESYNC told changes and vanished messages since the stored state
 * @read_only: no STORE, no EXPUNGE
 */
typedef struct
{
  gboolean fresh;
  gboolean resynced;
  gboolean read_only;
  guint32 exists;
  guint32 uidnext;
  guint64 highestmodseq;
} CachetLinkSelection;

CachetLinkSelection *cachet_link_get_selection (CachetLink *self);
/* The UIDs of the selected mailbox are all known (again): tells them to a session that needs them.
 */
void cachet_link_tell_uids (CachetLink *self);

/* --- jobs --- */

typedef struct _CachetLinkJob CachetLinkJob;

/* Runs a job; it ends by cachet_link_job_return() or cachet_link_job_requeue(). */
typedef void (*CachetLinkJobFunc) (CachetLinkJob *job);

struct _CachetLinkJob
{
  CachetLink *link;
  CachetImapSession *session; /* while it runs */
  CachetFolder *folder;       /* (nullable): selected when @func is called */
  int priority;
  const char *name;
  CachetLinkJobFunc func;
  gpointer data;
  GDestroyNotify free_data;
  GTask *task;
};

/* @priority: CACHET_WORKER_PRIORITY_*. @folder: (nullable): to be selected for it. Waits while the
 * link connects; fails with OFFLINE when it is down. @data is freed after the callback. */
void cachet_link_run_async (CachetLink *self,
                            int priority,
                            const char *name,
                            CachetFolder *folder,
                            CachetLinkJobFunc func,
                            gpointer data,
                            GDestroyNotify free_data,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean cachet_link_run_finish (CachetLink *self, GAsyncResult *result, GError **error);
/* Ends the job; takes @error, (nullable) for success. */
void cachet_link_job_return (CachetLinkJob *job, GError *error);
/* Lets more urgent jobs go first; @func is called again later. */
void cachet_link_job_requeue (CachetLinkJob *job);
/* Whether a job more urgent than @priority waits. */
gboolean cachet_link_has_urgent (CachetLink *self, int priority);
/* A command beside the jobs, in the mailbox that is selected: between these the link neither
 * selects another one nor idles. */
gboolean cachet_link_begin_direct (CachetLink *self, CachetFolder *folder);
void cachet_link_end_direct (CachetLink *self);

G_END_DECLS
