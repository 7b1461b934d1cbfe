#pragma once

#include "cachet-secret.h"
#include "cachet-smime-types.h"

G_BEGIN_DECLS

/**
 * CachetPrivateKey:
 *
 * A private key in memory: immutable, may cross threads, wiped by GnuTLS when the last reference
 * goes.
 */
#define CACHET_TYPE_PRIVATE_KEY (cachet_private_key_get_type ())
G_DECLARE_FINAL_TYPE (CachetPrivateKey, cachet_private_key, CACHET, PRIVATE_KEY, GObject)

/* PKCS#8 in PEM, sealed by cachet_private_key_dup_sealed_pem(). A wrong password is WRONG_PASSWORD.
 * Slow on purpose (77 ms): worker only. */
CachetPrivateKey *
cachet_private_key_new_from_sealed_pem (GBytes *pem, CachetSecret *password, GError **error);
/* PKCS#8 with PBES2 and AES-256 (RFC 8018). Worker only. */
GBytes *
cachet_private_key_dup_sealed_pem (CachetPrivateKey *self, CachetSecret *password, GError **error);
/* As cachet_certificate_get_key_id(). */
const char *cachet_private_key_get_key_id (CachetPrivateKey *self);
/* For people: "RSA, 2048 bits". */
const char *cachet_private_key_get_text (CachetPrivateKey *self);

G_END_DECLS
