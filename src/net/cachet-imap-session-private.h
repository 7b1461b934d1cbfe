#pragma once

#include "cachet-imap-capabilities.h"
#include "cachet-imap-command.h"
#include "cachet-imap-extract.h"
#include "cachet-imap-session.h"
#include "cachet-imap-uid-map.h"
#include "cachet-transport.h"

G_BEGIN_DECLS

#define CACHET_IMAP_MAX_PIPELINED 32   /* commands under way */
#define CACHET_IMAP_MAX_SET_BYTES 4000 /* of a UID set on one line (RFC 7162 §4: lines ≤ 8192) */
#define CACHET_IMAP_MAX_MAILBOXES 100000               /* of one LIST */
#define CACHET_IMAP_MAX_KEPT_LITERAL (4 * 1024 * 1024) /* of a header that is kept in memory */
/* Below GDK_PRIORITY_REDRAW (120): a flood of input must not stop painting. */
#define CACHET_IMAP_READ_PRIORITY (G_PRIORITY_HIGH_IDLE + 30)

struct _CachetImapSession
{
  GObject parent_instance;

  CachetEndpoint *endpoint;
  CachetTransport *transport;
  CachetImapParser *parser;
  CachetImapState state;
  CachetImapTimeouts timeouts;
  gboolean was_connected;
  gboolean ended;
  gboolean reading;
  gboolean paused; /* nothing is parsed: TLS is being put under the stream */

  /* Opening */
  GTask *open_task;
  GSource *open_cancel_source;
  gboolean awaits_greeting;
  gboolean preauthenticated;

  /* Commands */
  GQueue queue;                 /* (element-type CachetImapCommand) not written yet */
  GPtrArray *active;            /* (element-type CachetImapCommand) in the order of writing */
  CachetImapCommand *writing;   /* the one that waits for "+" in the middle of its requests */
  CachetImapCommand *streaming; /* the one whose literal comes just now */
  guint next_tag;
  guint n_commands;
  CachetSecret *secret; /* during log-in: never to be recorded, whoever says it */

  /* What the server told */
  CachetImapCapabilities *capabilities;
  CachetImapCapabilities *enabled;
  GPtrArray *namespaces; /* (nullable) (element-type CachetImapNamespace) */
  char *greeting;
  char *server_id;
  char *mechanism;

  /* The selected mailbox */
  char *selected;
  guint32 n_exists;
  CachetImapUidMap uid_map;

  /* IDLE */
  CachetImapCommand *idle; /* (nullable): under way */
  gboolean idle_accepted;  /* "+" came */
  gboolean idle_ending;    /* DONE is written */
  gboolean idle_refused;   /* the server offers it and does not do it */
  gboolean idle_again;     /* renew when DONE is answered */
  guint idle_timer;
  guint logout_timer;
};

/* Logs the change and asserts that it is legal. */
void cachet_imap_session_set_state (CachetImapSession *self, CachetImapState state);
/* Ends the session. @error: (nullable) (transfer full): NULL after a LOGOUT of ours. */
void cachet_imap_session_end (CachetImapSession *self, GError *error);
/* Begins to read, or to read on. */
void cachet_imap_session_read (CachetImapSession *self);
/* A parser that has seen nothing: at the beginning, and when TLS begins. */
void cachet_imap_session_reset_parser (CachetImapSession *self);
void cachet_imap_session_forget_capabilities (CachetImapSession *self);
gboolean cachet_imap_session_is_enabled (CachetImapSession *self, const char *name);
void cachet_imap_session_write_line (CachetImapSession *self, const char *text, gboolean secret);

/* Queues @command (taken); @done is called once, never from within this call.
 * @cancellable: (nullable): a queued command is dropped, one under way is orphaned. */
void cachet_imap_session_submit (CachetImapSession *self,
                                 CachetImapCommand *command,
                                 GCancellable *cancellable,
                                 CachetImapCommandDone done,
                                 gpointer done_data);
/* Writes what may be written. */
void cachet_imap_session_pump (CachetImapSession *self);
void cachet_imap_session_update_timeout (CachetImapSession *self);
void cachet_imap_session_end_idle (CachetImapSession *self);
/* "+" for a literal: writes on. %FALSE when no literal waits for one. */
gboolean cachet_imap_session_continue_literal (CachetImapSession *self);
/* @entry was answered while a literal of it waited: the rest of it is not wanted any more. */
void cachet_imap_session_skip_literal (CachetImapSession *self, CachetImapCommandRequest *entry);

/* A task for a public call, with name and tag. */
GTask *cachet_imap_session_new_task (CachetImapSession *self,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data,
                                     gpointer source_tag,
                                     const char *name);
/* Submits @command so that its end is that of @task (taken): TRUE, or the error. */
void
cachet_imap_session_submit_order (CachetImapSession *self, CachetImapCommand *command, GTask *task);

extern const CachetImapCommandKind cachet_imap_idle_kind;

/* cachet-imap-dispatch.c: one response from the parser. */
void cachet_imap_session_dispatch (CachetImapSession *self, const CachetImapResponse *response);
/* cachet-imap-unsolicited.c: what no command claimed: mailbox state and signals. */
void
cachet_imap_session_take_unsolicited (CachetImapSession *self, const CachetImapResponse *response);
void cachet_imap_session_leave_mailbox (CachetImapSession *self);
/* cachet-imap-open.c: the server's first line. */
void
cachet_imap_session_take_greeting (CachetImapSession *self, const CachetImapResponse *response);
void cachet_imap_session_fail_open (CachetImapSession *self, const GError *error);
CachetImapCommand *cachet_imap_session_new_capability_command (CachetImapSession *self);

/* cachet-imap-error.c: errors with whole sentences. */
GError *cachet_imap_error_from_response (CachetImapSession *self,
                                         const char *failure,
                                         const CachetImapResponse *response);
GError *cachet_imap_error_bye (CachetImapSession *self, const CachetImapResponse *response);
GError *cachet_imap_error_protocol (CachetImapSession *self, const char *what);
GError *cachet_imap_error_from_wire (const GError *error);
GError *cachet_imap_error_not_ready (CachetImapSession *self);
GError *cachet_imap_error_no_mailbox (CachetImapSession *self);
GError *cachet_imap_error_cancelled (void);

enum {
  CACHET_IMAP_SIGNAL_EXISTS,
  CACHET_IMAP_SIGNAL_EXPUNGED,
  CACHET_IMAP_SIGNAL_VANISHED,
  CACHET_IMAP_SIGNAL_FETCHED,
  CACHET_IMAP_SIGNAL_ALERT,
  CACHET_IMAP_SIGNAL_CLOSED,
  CACHET_IMAP_N_SIGNALS
};
extern guint cachet_imap_session_signals[CACHET_IMAP_N_SIGNALS];

G_END_DECLS
