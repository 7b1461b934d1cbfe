#pragma once

#include <gnutls/x509.h>

#include "cachet-certificate.h"

G_BEGIN_DECLS

/* Owned by @self; GnuTLS only reads it, so threads may share it. */
gnutls_x509_crt_t cachet_certificate_get_crt (CachetCertificate *self);
/* Takes over @crt, also on failure. */
CachetCertificate *cachet_certificate_new_take_crt (gnutls_x509_crt_t crt, GError **error);

G_END_DECLS
