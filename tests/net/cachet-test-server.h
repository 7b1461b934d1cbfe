#pragma once

#include <gio/gio.h>

#include "cachet-endpoint.h"

G_BEGIN_DECLS

/**
 * CachetTestServer:
 *
 * A server on a port of 127.0.0.1, in this process and on this main loop, that plays a transcript
 * to each connection: for IMAP and SMTP alike. A transcript is lines; empty ones and those with '#'
 * in front are skipped:
 *
 *   S: TEXT   send TEXT CRLF; "$1" in it stands for the first word of the client's last line (a
 * tag) S! TEXT   send TEXT with its C escapes (\r \n \0 \377 …) resolved, and nothing added C: GLOB
 * the client's next line, without CRLF, must match GLOB ('*' and '?'); "$a" in front of it stands
 * for any word, which "$a" in later S lines then stands for D:        take lines up to and with
 * "."; see cachet_test_server_get_data() B: N      take N bytes; they are added to the data too T:
 * become TLS W: N      wait N milliseconds, without reading E:        the client must end the
 * connection, without another byte X:        end the connection R:        end it with a reset
 *
 * After the last line the connection is ended. A transcript that is not followed is a failure.
 */
typedef struct _CachetTestServer CachetTestServer;

/* @transcript: of the first connection; %NULL when they are all added later */
CachetTestServer *cachet_test_server_new (const char *transcript);
void cachet_test_server_free (CachetTestServer *self);
/* For the connection after those that have one. A connection without a transcript is closed. */
void cachet_test_server_add (CachetTestServer *self, const char *transcript);
/* Sends pieces of @n bytes from now on, one turn of the main loop each; 0 (the start): whole lines.
 */
void cachet_test_server_set_piece (CachetTestServer *self, gsize n);
/* For T:, instead of the good one. (transfer none) */
void cachet_test_server_set_certificate (CachetTestServer *self, GTlsCertificate *certificate);
guint16 cachet_test_server_get_port (CachetTestServer *self);
/* 127.0.0.1 and the port, with the authority of the server's certificate. (transfer full) */
CachetEndpoint *cachet_test_server_dup_endpoint (CachetTestServer *self, CachetSecurity security);
guint cachet_test_server_get_n_connections (CachetTestServer *self);
/* What D: and B: took, of all connections. */
const GByteArray *cachet_test_server_get_data (CachetTestServer *self);
/* Everything that clients sent, TLS removed. */
const GByteArray *cachet_test_server_get_received (CachetTestServer *self);
/* Whether a connection's transcript is being played. */
gboolean cachet_test_server_is_playing (CachetTestServer *self);
/* Waits until every transcript was played to its end, and fails the test if one was not. */
void cachet_test_server_finish (CachetTestServer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetTestServer, cachet_test_server_free)

G_END_DECLS
