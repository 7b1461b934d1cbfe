#pragma once

#include "cachet-net-types.h"
#include "cachet-server-certificate.h"

G_BEGIN_DECLS

#define CACHET_TLS_PEER_MIN_RSA_BITS 2048
#define CACHET_TLS_PEER_MIN_EC_BITS 256
#define CACHET_TLS_PEER_MAX_NAMES 200       /* subjectAltNames looked at and shown */
#define CACHET_TLS_PEER_MAX_PURPOSES 100    /* extended key usages looked at */
#define CACHET_TLS_PEER_MAX_DER (64 * 1024) /* bytes of a leaf */

/* Looks at a server's leaf certificate with GnuTLS, on top of what GIO checks (which lets pass: a
 * certificate for clients only, one without subjectAltName, a short RSA key). @problems of the
 * result holds Cachet's own findings: WRONG_PURPOSE (RFC 5280 §4.2.1.12), NO_SAN and BAD_IDENTITY
 * (RFC 6125, the common name is never looked at), WEAK_KEY; GENERIC when the certificate can't be
 * read.
 * @host: as the user configured it. (transfer full), never NULL. */
CachetServerCertificate *cachet_tls_peer_inspect (GBytes *der, const char *host, guint16 port);

G_END_DECLS
