#pragma once

#include "cachet-smime-types.h"

G_BEGIN_DECLS

/* No certificate is longer than this; a file or message that has one is refused. */
#define CACHET_CERTIFICATE_MAX_SIZE (64 * 1024)
/* A PEM file is read up to so many certificates. */
#define CACHET_CERTIFICATE_MAX_IN_FILE 1000

/**
 * CachetCertificateUses:
 *
 * What a certificate's keyUsage and extendedKeyUsage allow (RFC 5280 §4.2.1.3, §4.2.1.12; RFC 8550
 * §4.4). Without the extension everything is allowed.
 */
typedef enum {
  CACHET_CERTIFICATE_SIGNS_MAIL =
    1 << 0, /* digitalSignature or nonRepudiation, and emailProtection */
  CACHET_CERTIFICATE_RECEIVES_MAIL =
    1 << 1, /* keyEncipherment (RSA) or keyAgreement (EC), and emailProtection */
  CACHET_CERTIFICATE_WEB_SERVER = 1 << 2,
  CACHET_CERTIFICATE_WEB_CLIENT = 1 << 3,
  CACHET_CERTIFICATE_CODE_SIGNING = 1 << 4,
  CACHET_CERTIFICATE_TIME_STAMPING = 1 << 5,
  CACHET_CERTIFICATE_OCSP_SIGNING = 1 << 6,
  CACHET_CERTIFICATE_AUTHORITY = 1 << 7, /* basicConstraints CA:TRUE with keyCertSign */
} CachetCertificateUses;

/**
 * CachetCertificate:
 *
 * An X.509 certificate (RFC 5280): immutable, may cross threads. Two with the same bytes are equal;
 * nothing else makes them equal: not the subject, not the address.
 */
#define CACHET_TYPE_CERTIFICATE (cachet_certificate_get_type ())
G_DECLARE_FINAL_TYPE (CachetCertificate, cachet_certificate, CACHET, CERTIFICATE, GObject)

CachetCertificate *cachet_certificate_new_from_der (GBytes *der, GError **error);
/* Every certificate of a file, PEM or DER, in its order; at least one. (element-type
 * CachetCertificate) */
GPtrArray *cachet_certificate_list_from_data (GBytes *data, GError **error);

GBytes *cachet_certificate_get_der (CachetCertificate *self);
char *cachet_certificate_dup_pem (CachetCertificate *self);
/* What “openssl x509 -text” tells, from GnuTLS. */
char *cachet_certificate_dup_text (CachetCertificate *self);
/* Distinguished names for people (RFC 4514 order as in the certificate). */
const char *cachet_certificate_get_subject (CachetCertificate *self);
const char *cachet_certificate_get_issuer (CachetCertificate *self);
/* The subject's common name, else its organisation, else the whole subject. */
const char *cachet_certificate_get_name (CachetCertificate *self);
/* The same of the issuer. */
const char *cachet_certificate_get_issuer_name (CachetCertificate *self);
/* Upper-case hexadecimal without separators. */
const char *cachet_certificate_get_serial (CachetCertificate *self);
/* Lower-case hexadecimal of the DER bytes' digest. SHA-256 is the identity used everywhere. */
const char *cachet_certificate_get_sha256 (CachetCertificate *self);
const char *cachet_certificate_get_sha1 (CachetCertificate *self);
/* Unix seconds */
gint64 cachet_certificate_get_not_before (CachetCertificate *self);
gint64 cachet_certificate_get_not_after (CachetCertificate *self);
/* NULL-terminated addr-specs: the subjectAltName's, or the subject's e-mail when there is no SAN
 * address. */
const char *const *cachet_certificate_get_addresses (CachetCertificate *self);
/* Domain and local part without case. */
gboolean cachet_certificate_has_address (CachetCertificate *self, const char *addr_spec);
CachetCertificateUses cachet_certificate_get_uses (CachetCertificate *self);
/* For people: "RSA, 2048 bits", "elliptic curve P-256". */
const char *cachet_certificate_get_key_text (CachetCertificate *self);
/* Such as "RSA-SHA256". */
const char *cachet_certificate_get_signature_text (CachetCertificate *self);
/* %TRUE for RSA below 2048 bits, EC below 256, and signatures made with MD5 or SHA-1. */
gboolean cachet_certificate_is_weak (CachetCertificate *self);
/* Lower-case hexadecimal SHA-1 of the public key: pairs keys and certificates, also over a renewal
 * with the same key. */
const char *cachet_certificate_get_key_id (CachetCertificate *self);
/* Whether @issuer's key made the signature on @self (by key, never by name alone). */
gboolean cachet_certificate_is_issued_by (CachetCertificate *self, CachetCertificate *issuer);
gboolean cachet_certificate_is_self_signed (CachetCertificate *self);
gboolean cachet_certificate_equal (CachetCertificate *a, CachetCertificate *b);

G_END_DECLS
