#pragma once

#include "cachet-certificate.h"
#include "cachet-private-key.h"
#include "cachet-secret.h"

G_BEGIN_DECLS

#define CACHET_PKCS12_MAX_SIZE (4 * 1024 * 1024)
/* More rounds of key derivation than this are taken for an attack: they would block for minutes. */
#define CACHET_PKCS12_MAX_ITERATIONS 10000000
#define CACHET_PKCS12_MAX_BAGS 100
#define CACHET_PKCS12_MAX_ITEMS 500

/**
 * CachetPkcs12Identity:
 * @key: a private key
 * @certificate: (nullable): the one with the same public key; the newest when there are several
 * @chain: (element-type CachetCertificate): its issuers as far as the file has them, leaf's issuer
 * first
 * @friendly_name: (nullable)
 */
typedef struct
{
  CachetPrivateKey *key;
  CachetCertificate *certificate;
  GPtrArray *chain;
  char *friendly_name;
} CachetPkcs12Identity;

/**
 * CachetPkcs12:
 *
 * What is in a .p12 or .pfx file (RFC 7292): opened, checked, nothing stored. Immutable.
 */
#define CACHET_TYPE_PKCS12 (cachet_pkcs12_get_type ())
G_DECLARE_FINAL_TYPE (CachetPkcs12, cachet_pkcs12, CACHET, PKCS12, GObject)

/* @data: DER, PEM-armoured or bare base64. @password: (nullable) as typed; it is brought into NFC.
 * No password and the empty one are both tried. Worker only: 600 000 rounds take 170 ms. Errors:
 * WRONG_PASSWORD, DAMAGED, NO_KEY, KEY_UNSUPPORTED (password right, but the protection or the key
 * can't be used), LIMIT. */
CachetPkcs12 *cachet_pkcs12_open (GBytes *data, CachetSecret *password, GError **error);
/* (element-type CachetPkcs12Identity), at least one */
GPtrArray *cachet_pkcs12_get_identities (CachetPkcs12 *self);
/* (element-type CachetCertificate): every certificate of the file */
GPtrArray *cachet_pkcs12_get_certificates (CachetPkcs12 *self);
/* How it is protected, for people: "PBES2 with AES-256-CBC, 600000 rounds". */
const char *cachet_pkcs12_get_protection (CachetPkcs12 *self);

/* A backup: PBES2 with AES-256, SHA-256 MAC. @chain:
 * (nullable). Worker only. */
GBytes *cachet_pkcs12_write (CachetPrivateKey *key,
                             CachetCertificate *certificate,
                             GPtrArray *chain,
                             const char *friendly_name,
                             CachetSecret *password,
                             GError **error);

G_END_DECLS
