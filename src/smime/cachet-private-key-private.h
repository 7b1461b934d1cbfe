#pragma once

#include <gnutls/abstract.h>
#include <gnutls/x509.h>

#include "cachet-private-key.h"

G_BEGIN_DECLS

/* Takes over @key, also on failure. */
CachetPrivateKey *cachet_private_key_new_take (gnutls_x509_privkey_t key, GError **error);
/* Owned by @self. */
gnutls_x509_privkey_t cachet_private_key_get_x509 (CachetPrivateKey *self);
gnutls_privkey_t cachet_private_key_get_privkey (CachetPrivateKey *self);

G_END_DECLS
