#pragma once

#include "cachet-connection-facts.h"
#include "cachet-endpoint.h"
#include "cachet-net-types.h"
#include "cachet-server-certificate.h"
#include "cachet-trust-decider.h"
#include "cachet-wire-log.h"

G_BEGIN_DECLS

#define CACHET_TRANSPORT_CHUNK (64 * 1024)     /* bytes of one read and of one write */
#define CACHET_TRANSPORT_CONNECT_TIMEOUT 20    /* seconds for name, TCP and again for TLS */
#define CACHET_TRANSPORT_WRITE_TIMEOUT 60      /* seconds in which a chunk must have left */
#define CACHET_TRANSPORT_KEEPALIVE_IDLE 60     /* seconds until the system asks a silent peer */
#define CACHET_TRANSPORT_KEEPALIVE_INTERVAL 15 /* seconds between such questions */
#define CACHET_TRANSPORT_KEEPALIVE_COUNT 4     /* unanswered questions that end the connection */
#define CACHET_TRANSPORT_MAX_QUEUED (256 * 1024 * 1024) /* bytes waiting to be written */

/**
 * CachetTransport:
 *
 * A byte stream to one server that is clear or under TLS, and that can become TLS once. The stream
 * is read in chunks by cachet_transport_read_async() (one at a time) and written through a queue.
 * After the first error, and after cachet_transport_close(), it is of no further use: every pending
 * and later call fails with that error (%G_IO_ERROR_CANCELLED after a close of ours).
 *
 *   NEW -> CONNECTING -> CLEAR -> SECURING -> ENCRYPTED
 *               |          |         |           |
 *               +----------+---------+-----------+--> CLOSED
 *
 * Errors: plain connection trouble keeps G_IO_ERROR / G_RESOLVER_ERROR codes, with a whole sentence
 * as message; the rest is CACHET_NET_ERROR.
 */
#define CACHET_TYPE_TRANSPORT (cachet_transport_get_type ())
G_DECLARE_FINAL_TYPE (CachetTransport, cachet_transport, CACHET, TRANSPORT, GObject)

/* @protocol: "imap" or "smtp", for the records. @decider, @log: (nullable) */
CachetTransport *cachet_transport_new (const CachetEndpoint *endpoint,
                                       const char *protocol,
                                       CachetTrustDecider *decider,
                                       CachetWireLog *log);

/* TCP, and then TLS when the endpoint says so. @cancellable ends the attempt and the transport. */
void cachet_transport_connect_async (CachetTransport *self,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean
cachet_transport_connect_finish (CachetTransport *self, GAsyncResult *result, GError **error);

/* STARTTLS: to be called when the server's OK (or 220) was parsed, with no read under way.
 * @n_unparsed: bytes that were read and stand in the caller's parser behind that answer. If there
 * are any, or if more wait in the socket, somebody put them there to be taken as if they had come
 * under TLS: the connection ends with CACHET_NET_ERROR_INJECTION (RFC 2595, RFC 3207 §6). A
 * certificate that does not pass ends it with CACHET_NET_ERROR_CERTIFICATE. */
void cachet_transport_start_tls_async (CachetTransport *self,
                                       gsize n_unparsed,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
gboolean
cachet_transport_start_tls_finish (CachetTransport *self, GAsyncResult *result, GError **error);

/* The next bytes, at most CACHET_TRANSPORT_CHUNK and never none; the peer's end of the stream is
 * CACHET_NET_ERROR_CLOSED. (transfer full) One read at a time. @priority: of the callback's source.
 */
void cachet_transport_read_async (CachetTransport *self,
                                  int priority,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
GBytes *cachet_transport_read_finish (CachetTransport *self, GAsyncResult *result, GError **error);

/* Queues @bytes behind what waits already; @callback (nullable) is called when they were handed to
 * the system. A failed write ends the transport, so a caller with a read under way may leave
 * @callback out. */
void cachet_transport_write_async (CachetTransport *self,
                                   GBytes *bytes,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean
cachet_transport_write_finish (CachetTransport *self, GAsyncResult *result, GError **error);

/* Seconds of silence after which a read under way fails with CACHET_NET_ERROR_TIMEOUT and ends the
 * transport; 0 waits for ever. Counts anew from this call and from each byte that comes or goes. */
void cachet_transport_set_read_timeout (CachetTransport *self, guint seconds);
/* At once, without a word to the peer. Pending calls fail with %G_IO_ERROR_CANCELLED. */
void cachet_transport_close (CachetTransport *self);
/* The same because of @error (copied), which is then what pending and later calls report. */
void cachet_transport_fail (CachetTransport *self, const GError *error);

gboolean cachet_transport_is_connected (CachetTransport *self);
gboolean cachet_transport_is_encrypted (CachetTransport *self);
/* Bytes that wait to be written. */
gsize cachet_transport_get_n_queued (CachetTransport *self);
/* Payload bytes, on the clear side of TLS. */
guint64 cachet_transport_get_bytes_received (CachetTransport *self);
guint64 cachet_transport_get_bytes_sent (CachetTransport *self);
const CachetEndpoint *cachet_transport_get_endpoint (CachetTransport *self);
/* Sets encrypted, tls_version and ciphersuite. */
void cachet_transport_get_facts (CachetTransport *self, CachetConnectionFacts *facts);
/* (nullable) (transfer full): the certificate that was refused, after CACHET_NET_ERROR_CERTIFICATE;
 * under TLS the one in use. */
CachetServerCertificate *cachet_transport_dup_certificate (CachetTransport *self);

/* Adds a record of this connection to the log, if there is one. @text must be masked already and
 * may hold anything: it is made visible and cut. @milliseconds: -1 when there is no time to tell.
 */
void cachet_transport_record (CachetTransport *self,
                              CachetWireDirection direction,
                              const char *tag,
                              const char *text,
                              guint64 n_bytes,
                              double milliseconds);
/* The same for CACHET_WIRE_EVENT. */
void
cachet_transport_record_event (CachetTransport *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS
