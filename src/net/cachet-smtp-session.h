#pragma once

#include "cachet-connection-facts.h"
#include "cachet-endpoint.h"
#include "cachet-net-types.h"
#include "cachet-secret.h"
#include "cachet-server-certificate.h"
#include "cachet-trust-decider.h"
#include "cachet-wire-log.h"

G_BEGIN_DECLS

/**
 * CachetSmtpSession:
 *
 * One connection to a submission server (RFC 5321, RFC 6409). Signal "closed" (GError *): once,
 * %NULL after our own QUIT or disconnect; the object is of no further use then.
 */
#define CACHET_TYPE_SMTP_SESSION (cachet_smtp_session_get_type ())
G_DECLARE_FINAL_TYPE (CachetSmtpSession, cachet_smtp_session, CACHET, SMTP_SESSION, GObject)

CachetSmtpSession *cachet_smtp_session_new (const CachetEndpoint *endpoint,
                                            CachetTrustDecider *decider,
                                            CachetWireLog *log);
CachetConnectionFacts *cachet_smtp_session_dup_facts (CachetSmtpSession *self);
CachetServerCertificate *cachet_smtp_session_dup_certificate (CachetSmtpSession *self);
gboolean cachet_smtp_session_has_extension (CachetSmtpSession *self, const char *keyword);
/* From SIZE; 0 when the server does not limit or does not tell. */
guint64 cachet_smtp_session_get_max_size (CachetSmtpSession *self);

/**
 * CachetSmtpTimeouts: seconds of silence after which the connection is given up.
 * @greeting: from the connection to the greeting
 * @command: for the answer to EHLO, STARTTLS, AUTH, MAIL, RCPT and RSET
 * @data: for the answer to DATA
 * @block: while the message is written
 * @dot: for the answer to the final dot
 * @quit: for the answer to QUIT
 */
typedef struct
{
  guint greeting;
  guint command;
  guint data;
  guint block;
  guint dot;
  guint quit;
} CachetSmtpTimeouts;

/* Those of RFC 5321 §4.5.3.2; QUIT is not worth a long wait. */
#define CACHET_SMTP_TIMEOUT_GREETING 300
#define CACHET_SMTP_TIMEOUT_COMMAND 300
#define CACHET_SMTP_TIMEOUT_DATA 120
#define CACHET_SMTP_TIMEOUT_BLOCK 180
#define CACHET_SMTP_TIMEOUT_DOT 600
#define CACHET_SMTP_TIMEOUT_QUIT 10

/* Others than the RFC's, for somebody who waits at the screen. Before connecting. */
void cachet_smtp_session_set_timeouts (CachetSmtpSession *self, const CachetSmtpTimeouts *timeouts);
/* Connected, and no operation under way. */
gboolean cachet_smtp_session_is_ready (CachetSmtpSession *self);

/* TCP, TLS in the endpoint's mode, greeting, EHLO (HELO where EHLO is not known). One operation at
 * a time: a further one fails with G_IO_ERROR_PENDING. Cancelling any of them ends the connection.
 * A reply 421 ends it too, with CACHET_NET_ERROR_SMTP_TEMPORARY. */
void cachet_smtp_session_connect_async (CachetSmtpSession *self,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
gboolean
cachet_smtp_session_connect_finish (CachetSmtpSession *self, GAsyncResult *result, GError **error);
void cachet_smtp_session_authenticate_async (CachetSmtpSession *self,
                                             const char *user,
                                             CachetSecret *password,
                                             const char *auth,
                                             gboolean allow_clear,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer user_data);
gboolean cachet_smtp_session_authenticate_finish (CachetSmtpSession *self,
                                                  GAsyncResult *result,
                                                  GError **error);

typedef enum {
  CACHET_SMTP_SEND_DSN_SUCCESS = 1 << 0, /* NOTIFY=SUCCESS,FAILURE,DELAY instead of the default */
} CachetSmtpSendFlags;

/* Called (main thread) right before the final dot is written, so that the outbox can make
 * "data-sent" durable; sending goes on when @done is called with @done_data, with %FALSE it is
 * abandoned and the connection dropped. */
typedef void (*CachetSmtpResumeFunc) (gpointer done_data, gboolean go_on);
typedef void (*CachetSmtpBeforeDotFunc) (CachetSmtpResumeFunc done,
                                         gpointer done_data,
                                         gpointer user_data);
typedef void (*CachetSmtpProgressFunc) (guint64 done, guint64 total, gpointer user_data);

/**
 * CachetSmtpRejection: one recipient that the server refused.
 */
typedef struct
{
  char *address;
  int code;
  char *text; /* reply text with its enhanced status code, made visible */
} CachetSmtpRejection;
void cachet_smtp_rejection_free (CachetSmtpRejection *self);

/* One mail transaction. @message: RFC 5322 bytes with CRLF or LF; sent with CRLF, dots stuffed.
 * All or nothing: DATA is sent only when every recipient was taken (so it is never pipelined with
 * them), else there is a RSET, the error is SMTP_RECIPIENTS, and finish gives @rejections
 * (element-type CachetSmtpRejection). Refused before anything is sent: addresses that can't stand
 * on a line, a message over SIZE (SMTP_TOO_BIG), one that needs SMTPUTF8 where it is not offered
 * (SMTP_UTF8), and with SMTP_PERMANENT lines over 998 bytes, NUL bytes, and 8-bit bytes where
 * 8BITMIME is not offered: the bytes, which may be signed, are never changed. Link lost after the
 * dot: SMTP_UNKNOWN. */
void cachet_smtp_session_send_async (CachetSmtpSession *self,
                                     const char *envelope_from,
                                     const char *const *recipients,
                                     GBytes *message,
                                     CachetSmtpSendFlags flags,
                                     CachetSmtpBeforeDotFunc before_dot,
                                     gpointer before_dot_data,
                                     CachetSmtpProgressFunc progress,
                                     gpointer progress_data,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
/* @reply: (out) (optional): the server's final text, such as its queue id */
gboolean cachet_smtp_session_send_finish (CachetSmtpSession *self,
                                          GAsyncResult *result,
                                          char **reply,
                                          GPtrArray **rejections,
                                          GError **error);
void cachet_smtp_session_quit_async (CachetSmtpSession *self,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean
cachet_smtp_session_quit_finish (CachetSmtpSession *self, GAsyncResult *result, GError **error);
void cachet_smtp_session_disconnect (CachetSmtpSession *self);

G_END_DECLS
