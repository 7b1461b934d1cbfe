#pragma once

#include "cachet-endpoint.h"
#include "cachet-net-types.h"
#include "cachet-server-certificate.h"
#include "cachet-trust-decider.h"

G_BEGIN_DECLS

/* Puts TLS on top of @plain as a client of @endpoint's host, whichever address that led to: the one
 * path for TLS from the first byte and for STARTTLS. The certificate must be good for GIO and for
 * cachet_tls_peer_inspect(), and the protocol at least TLS 1.2, or else @decider (nullable) must
 * know an exception for this host, port, certificate and these very problems. Nothing of the
 * caller's is sent before that is settled. @plain belongs to the connection afterwards. */
void cachet_tls_handshake_async (GIOStream *plain,
                                 const CachetEndpoint *endpoint,
                                 CachetTrustDecider *decider,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
/* @certificate: (out) (nullable) (transfer full): the server's, also when it was refused
 * (CACHET_NET_ERROR_CERTIFICATE). Other failures: CACHET_NET_ERROR_TLS, G_IO_ERROR_CANCELLED. */
GTlsConnection *cachet_tls_handshake_finish (GAsyncResult *result,
                                             CachetServerCertificate **certificate,
                                             GError **error);

G_END_DECLS
