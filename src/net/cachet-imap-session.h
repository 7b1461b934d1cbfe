#pragma once

#include "cachet-connection-facts.h"
#include "cachet-endpoint.h"
#include "cachet-imap-data.h"
#include "cachet-net-types.h"
#include "cachet-secret.h"
#include "cachet-server-certificate.h"
#include "cachet-trust-decider.h"
#include "cachet-wire-log.h"

G_BEGIN_DECLS

/*
 *  DISCONNECTED -> CONNECTING -> CONNECTED -> AUTHENTICATED <-> SELECTED <-> IDLE
 *       ^              |             |              |              |         |
 *       +--------------+-------------+----- DRAINING (LOGOUT) -----+---------+
 */
typedef enum {
  CACHET_IMAP_STATE_DISCONNECTED,
  CACHET_IMAP_STATE_CONNECTING,
  CACHET_IMAP_STATE_CONNECTED, /* greeted, under TLS if asked for, capabilities known */
  CACHET_IMAP_STATE_AUTHENTICATED,
  CACHET_IMAP_STATE_SELECTED,
  CACHET_IMAP_STATE_IDLE,
  CACHET_IMAP_STATE_DRAINING,
} CachetImapState;

#define CACHET_IMAP_RESPONSE_TIMEOUT 60  /* seconds of silence while an answer is due */
#define CACHET_IMAP_SLOW_TIMEOUT 300     /* the same for commands that servers think about */
#define CACHET_IMAP_LOGOUT_TIMEOUT 5     /* seconds for the answer to LOGOUT */
#define CACHET_IMAP_IDLE_RENEW (29 * 60) /* seconds (RFC 2177) */

/**
 * CachetImapSession:
 *
 * One connection to an IMAP server (RFC 3501, RFC 9051). Commands may be started while others run:
 * the session queues and pipelines them, each with a tag of its own. IDLE is left by itself when a
 * command is started and must be started again by the caller. Cancelling a call that the server has
 * begun to answer ends the call at once; its answer is read over.
 *
 * Signals (main thread):
 *
 * - "exists" (guint n): the selected mailbox has n messages now
 * - "expunged" (guint seq, guint uid): uid 0 when not known
 * - "vanished" (CachetImapSet *uids)
 * - "fetched" (CachetImapFetch *fetch): unsolicited: a flag changed elsewhere; uid 0 when not known
 * - "alert" (char *text): visible text, from ALERT; never what came in clear before TLS
 * - "closed" (GError *error): once, when a session that had been connected ends; error is %NULL
 *   after a LOGOUT we asked for. A session that never came to CONNECTED tells it by
 *   connect_finish() alone. After this the object is of no further use: make a new one.
 *
 * Property "state" (guint, a CachetImapState).
 *
 * A session that nobody holds any more ends its connection, without LOGOUT.
 */
#define CACHET_TYPE_IMAP_SESSION (cachet_imap_session_get_type ())
G_DECLARE_FINAL_TYPE (CachetImapSession, cachet_imap_session, CACHET, IMAP_SESSION, GObject)

/* @decider, @log: (nullable) */
CachetImapSession *cachet_imap_session_new (const CachetEndpoint *endpoint,
                                            CachetTrustDecider *decider,
                                            CachetWireLog *log);

/* In seconds; what the constants above say unless set. */
typedef struct
{
  guint answer;
  guint slow;
  guint logout;
  guint idle_renew;
} CachetImapTimeouts;

/* Before connecting. */
void cachet_imap_session_set_timeouts (CachetImapSession *self, const CachetImapTimeouts *timeouts);
CachetImapState cachet_imap_session_get_state (CachetImapSession *self);
/* Capability names without case; after TLS or log-in only what was told since. */
gboolean cachet_imap_session_has_capability (CachetImapSession *self, const char *name);
CachetConnectionFacts *cachet_imap_session_dup_facts (CachetImapSession *self);
/* (nullable) (transfer full): the certificate that was refused, after CACHET_NET_ERROR_CERTIFICATE
 */
CachetServerCertificate *cachet_imap_session_dup_certificate (CachetImapSession *self);
/* Bytes so far, on the wire's side of compression and on the clear side of TLS. */
guint64 cachet_imap_session_get_bytes_received (CachetImapSession *self);
guint64 cachet_imap_session_get_bytes_sent (CachetImapSession *self);
guint cachet_imap_session_get_n_commands (CachetImapSession *self);
/* name of the mailbox selected now, or NULL */
const char *cachet_imap_session_get_selected (CachetImapSession *self);

/* TCP, TLS in the endpoint's mode, greeting, CAPABILITY. */
void cachet_imap_session_connect_async (CachetImapSession *self,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
gboolean
cachet_imap_session_connect_finish (CachetImapSession *self, GAsyncResult *result, GError **error);
/* @auth: "auto" or a mechanism of CachetAccountSettings. Then CAPABILITY if not told, ID, ENABLE
 * (QRESYNC or CONDSTORE, UTF8=ACCEPT never), NAMESPACE, pipelined. */
void cachet_imap_session_authenticate_async (CachetImapSession *self,
                                             const char *user,
                                             CachetSecret *password,
                                             const char *auth,
                                             gboolean allow_clear,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer user_data);
gboolean cachet_imap_session_authenticate_finish (CachetImapSession *self,
                                                  GAsyncResult *result,
                                                  GError **error);

/* All mailboxes of the personal namespaces (and shared ones), with SPECIAL-USE, subscription and,
 * where LIST-STATUS is offered, their STATUS in the same turn. (element-type CachetImapMailbox) */
void cachet_imap_session_list_async (CachetImapSession *self,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
GPtrArray *
cachet_imap_session_list_finish (CachetImapSession *self, GAsyncResult *result, GError **error);
void cachet_imap_session_status_async (CachetImapSession *self,
                                       const char *mailbox,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
gboolean cachet_imap_session_status_finish (CachetImapSession *self,
                                            GAsyncResult *result,
                                            CachetImapStatus *status,
                                            GError **error);
/* Orders without a result of their own; names are in the server's form (cachet_imap_utf7_encode()).
 */
void cachet_imap_session_create_async (CachetImapSession *self,
                                       const char *mailbox,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
void cachet_imap_session_delete_async (CachetImapSession *self,
                                       const char *mailbox,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
void cachet_imap_session_rename_async (CachetImapSession *self,
                                       const char *mailbox,
                                       const char *new_name,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
void cachet_imap_session_subscribe_async (CachetImapSession *self,
                                          const char *mailbox,
                                          gboolean subscribe,
                                          GCancellable *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data);
void cachet_imap_session_noop_async (CachetImapSession *self,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
/* CLOSE expunges; UNSELECT (or EXAMINE of nothing) does not. */
void cachet_imap_session_unselect_async (CachetImapSession *self,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
void cachet_imap_session_close_mailbox_async (CachetImapSession *self,
                                              GCancellable *cancellable,
                                              GAsyncReadyCallback callback,
                                              gpointer user_data);
void cachet_imap_session_logout_async (CachetImapSession *self,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
/* For each order above. */
gboolean
cachet_imap_session_order_finish (CachetImapSession *self, GAsyncResult *result, GError **error);

/**
 * CachetImapSelected:
 * @status: MESSAGES = EXISTS, RECENT, UIDVALIDITY, UIDNEXT, HIGHESTMODSEQ where given (else not in
 * fields)
 * @read_only: EXAMINE, or [READ-ONLY]
 * @permanent_flags: server flags that STORE keeps
 * @allows_keywords: \* in PERMANENTFLAGS
 * @vanished: (nullable): VANISHED (EARLIER), after a QRESYNC select
 * @changes: (element-type CachetImapFetch) (nullable): flag changes, after a QRESYNC select
 */
typedef struct
{
  CachetImapStatus status;
  gboolean read_only;
  CachetMessageFlags permanent_flags;
  gboolean allows_keywords;
  CachetImapSet *vanished;
  GPtrArray *changes;
} CachetImapSelected;

void cachet_imap_selected_free (CachetImapSelected *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetImapSelected, cachet_imap_selected_free)

/* SELECT (or EXAMINE when @read_only). With @uidvalidity and @modseq not 0 and QRESYNC enabled it
 * is SELECT … (QRESYNC (uidvalidity modseq)) (RFC 7162). */
void cachet_imap_session_select_async (CachetImapSession *self,
                                       const char *mailbox,
                                       gboolean read_only,
                                       guint32 uidvalidity,
                                       guint64 modseq,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
CachetImapSelected *
cachet_imap_session_select_finish (CachetImapSession *self, GAsyncResult *result, GError **error);

typedef enum {
  CACHET_IMAP_FETCH_FLAGS = 1 << 0,
  CACHET_IMAP_FETCH_ROW = 1 << 1, /* UID FLAGS INTERNALDATE RFC822.SIZE + the 8 header fields */
  CACHET_IMAP_FETCH_STRUCTURE = 1 << 2, /* + BODYSTRUCTURE */
} CachetImapFetchItems;

/* Called for each message that comes, in the server's order; @fetch is lent. */
typedef void (*CachetImapFetchFunc) (const CachetImapFetch *fetch, gpointer user_data);

/* UID FETCH @uids. Longer sets than a line takes are split and pipelined. @changed_since 0, or
 * CHANGEDSINCE (with VANISHED when QRESYNC is on: "vanished" is then emitted).
 * @func and @func_data must live until the callback. */
void cachet_imap_session_fetch_async (CachetImapSession *self,
                                      const CachetImapSet *uids,
                                      CachetImapFetchItems items,
                                      guint64 changed_since,
                                      CachetImapFetchFunc func,
                                      gpointer func_data,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
/* Number of messages that came. */
gssize
cachet_imap_session_fetch_finish (CachetImapSession *self, GAsyncResult *result, GError **error);

typedef void (*CachetImapProgressFunc) (guint64 done, guint64 total, gpointer user_data);

/* UID FETCH @uid BODY.PEEK[@section] (section "" is all) streamed into @sink as it comes; literals
 * never stand in memory whole. @priority puts it before queued commands. Finish gives the bytes
 * written; a message that is gone is NOT_FOUND; fewer bytes than announced are an error, never a
 * short file. */
void cachet_imap_session_fetch_body_async (CachetImapSession *self,
                                           guint32 uid,
                                           const char *section,
                                           GOutputStream *sink,
                                           CachetImapProgressFunc progress,
                                           gpointer progress_data,
                                           GCancellable *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data);
gssize cachet_imap_session_fetch_body_finish (CachetImapSession *self,
                                              GAsyncResult *result,
                                              GError **error);

/* UID STORE @uids ±FLAGS.SILENT. @keywords: (nullable) names beside @flags. Finish: order_finish.
 */
void cachet_imap_session_store_async (CachetImapSession *self,
                                      const CachetImapSet *uids,
                                      gboolean add,
                                      CachetMessageFlags flags,
                                      const char *const *keywords,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
/* UID COPY. Finish gives COPYUID or, without UIDPLUS, NULL and no error. */
void cachet_imap_session_copy_async (CachetImapSession *self,
                                     const CachetImapSet *uids,
                                     const char *mailbox,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
/* UID MOVE (RFC 6851), else UID COPY + UID STORE \Deleted + UID EXPUNGE; without UIDPLUS the
 * originals stay marked \Deleted and nothing is expunged (others' marked messages would go too). */
void cachet_imap_session_move_async (CachetImapSession *self,
                                     const CachetImapSet *uids,
                                     const char *mailbox,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
CachetImapUidPlus *
cachet_imap_session_copy_finish (CachetImapSession *self, GAsyncResult *result, GError **error);
/* UID EXPUNGE @uids; with @uids NULL plain EXPUNGE. Without UIDPLUS a UID EXPUNGE fails with
 * CACHET_NET_ERROR_NO_MECHANISM. Finish: order_finish. */
void cachet_imap_session_expunge_async (CachetImapSession *self,
                                        const CachetImapSet *uids,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
/* APPEND with LITERAL+/- where offered. @date: Unix seconds or G_MININT64 for now. Finish gives the
 * new UID, 0 when the server does not tell; -1 on error. */
void cachet_imap_session_append_async (CachetImapSession *self,
                                       const char *mailbox,
                                       GBytes *message,
                                       CachetMessageFlags flags,
                                       gint64 date,
                                       CachetImapProgressFunc progress,
                                       gpointer progress_data,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
gint64 cachet_imap_session_append_finish (CachetImapSession *self,
                                          GAsyncResult *result,
                                          guint32 *uidvalidity,
                                          GError **error);
/* UID SEARCH (ESEARCH where offered). @header/@value: HEADER search, as for a Message-ID, or both
 * NULL for ALL;
 * @text: (nullable) TEXT search; @since_uid: 0 or lowest UID. */
void cachet_imap_session_search_async (CachetImapSession *self,
                                       const char *header,
                                       const char *value,
                                       const char *text,
                                       guint32 since_uid,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
CachetImapSet *
cachet_imap_session_search_finish (CachetImapSession *self, GAsyncResult *result, GError **error);

/* Tells the session which UIDs the selected mailbox has, in order, so that EXPUNGE and FETCH by
 * sequence number can be named by UID. Copied. */
void cachet_imap_session_set_uid_map (CachetImapSession *self, const guint32 *uids, guint n_uids);
/* IDLE (RFC 2177) in SELECTED state; renewed every 29 minutes by itself. Returns FALSE when the
 * server has no IDLE. Any command ends it. */
gboolean cachet_imap_session_start_idle (CachetImapSession *self);
/* Ends the connection at once, without LOGOUT. */
void cachet_imap_session_disconnect (CachetImapSession *self);

G_END_DECLS
