#pragma once

#include "cachet-smtp-extensions.h"
#include "cachet-smtp-reply.h"
#include "cachet-smtp-session.h"
#include "cachet-transport.h"

G_BEGIN_DECLS

/* What the operations of a session (connect, authenticate, send, quit) are made with. Each is a
 * GTask on the session; replies come to the function given with the command, in order. */

/* @reply: owned by the caller */
typedef void (*CachetSmtpReplyFunc) (CachetSmtpSession *self, const CachetSmtpReply *reply);
/* What an operation makes of the loss of its connection: takes @error, gives the error to report,
 * or %NULL when the operation counts as done. */
typedef GError *(*CachetSmtpLossFunc) (CachetSmtpSession *self, GError *error);

/* Makes @task (transfer full) the operation under way; %FALSE when there is one, or no connection:
 * @task has been failed then. */
gboolean
cachet_smtp_session_begin (CachetSmtpSession *self, GTask *task, CachetSmtpLossFunc on_loss);
/* The operation under way, and its task data; %NULL when there is none. */
GTask *cachet_smtp_session_get_task (CachetSmtpSession *self);
gpointer cachet_smtp_session_get_operation (CachetSmtpSession *self);
/* End the operation; the connection stays. The last thing a caller does: @self may be gone. */
void cachet_smtp_session_succeed (CachetSmtpSession *self);
void cachet_smtp_session_fail (CachetSmtpSession *self, GError *error);
/* Ends the connection and, with it, the operation (through its loss function). */
void cachet_smtp_session_break (CachetSmtpSession *self, GError *error);
/* The same, but @error is reported as it is: the server did answer. */
void cachet_smtp_session_break_answered (CachetSmtpSession *self, GError *error);

/* Puts a command (without CRLF) into the buffer, and @func into the queue of those who wait. */
void cachet_smtp_session_queue (CachetSmtpSession *self,
                                const char *line,
                                guint timeout,
                                CachetSmtpReplyFunc func);
/* The same for a line that ends with a secret, at once: only @shown, then "•••", gets into the log.
 */
void cachet_smtp_session_queue_secret (CachetSmtpSession *self,
                                       const char *shown,
                                       CachetSecret *secret,
                                       guint timeout,
                                       CachetSmtpReplyFunc func);
/* Waits for a reply without sending anything. */
void cachet_smtp_session_expect (CachetSmtpSession *self, guint timeout, CachetSmtpReplyFunc func);
/* Another time to wait for the reply that is due next. */
void cachet_smtp_session_set_wait (CachetSmtpSession *self, guint timeout);
/* Writes what was put into the buffer, in one piece. */
void cachet_smtp_session_flush (CachetSmtpSession *self);

/* Replies that hold @secret are masked from now on, until cachet_smtp_session_forget_secrets(). */
void cachet_smtp_session_mask (CachetSmtpSession *self, CachetSecret *secret);
void cachet_smtp_session_forget_secrets (CachetSmtpSession *self);

const CachetSmtpTimeouts *cachet_smtp_session_get_timeouts (CachetSmtpSession *self);
const CachetSmtpExtensions *cachet_smtp_session_get_extensions (CachetSmtpSession *self);
CachetTransport *cachet_smtp_session_get_transport (CachetSmtpSession *self);
const char *cachet_smtp_session_get_host (CachetSmtpSession *self);
void cachet_smtp_session_set_mechanism (CachetSmtpSession *self, const char *mechanism);

/* "SENTENCE The server said: “550 5.1.1 …”", with the code that the reply stands for. */
GError *cachet_smtp_error_from_reply (const CachetSmtpReply *reply, const char *sentence);
/* For a reply that no server may give there. */
GError *cachet_smtp_error_unexpected (const CachetSmtpReply *reply);

G_END_DECLS
