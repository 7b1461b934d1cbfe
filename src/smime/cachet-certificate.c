#define G_LOG_DOMAIN "cachet-smime"

#include "config.h"

#include "cachet-certificate.h"

#include "cachet-certificate-private.h"
#include "cachet-visible-text.h"

#include <glib/gi18n.h>
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <string.h>

/* RFC 8550 §4.3 and what is called weak since. */
#define MIN_RSA_BITS 2048
#define MIN_EC_BITS 256
#define MAX_ADDRESSES 100
#define MAX_SERIAL_BYTES 64
#define MAX_PURPOSES 100

struct _CachetCertificate
{
  GObject parent_instance;

  gnutls_x509_crt_t crt;
  GBytes *der;
  char *subject;
  char *issuer;
  char *name;
  char *issuer_name;
  char *serial;
  char *sha256;
  char *sha1;
  char *key_id;
  char *key_text;
  char *signature_text;
  char **addresses;
  gint64 not_before;
  gint64 not_after;
  CachetCertificateUses uses;
  gboolean is_weak;
};

G_DEFINE_FINAL_TYPE (CachetCertificate, cachet_certificate, G_TYPE_OBJECT)

static void
cachet_certificate_finalize (GObject *object)
{
  CachetCertificate *self = CACHET_CERTIFICATE (object);

  g_clear_pointer (&self->crt, gnutls_x509_crt_deinit);
  g_clear_pointer (&self->der, g_bytes_unref);
  g_free (self->subject);
  g_free (self->issuer);
  g_free (self->name);
  g_free (self->issuer_name);
  g_free (self->serial);
  g_free (self->sha256);
  g_free (self->sha1);
  g_free (self->key_id);
  g_free (self->key_text);
  g_free (self->signature_text);
  g_strfreev (self->addresses);
  G_OBJECT_CLASS (cachet_certificate_parent_class)->finalize (object);
}

static void
cachet_certificate_class_init (CachetCertificateClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cachet_certificate_finalize;
}

static void
cachet_certificate_init (CachetCertificate *self)
{
}

/* Takes over a datum that GnuTLS allocated, as visible text. */
static char *
take_datum (gnutls_datum_t *datum)
{
  char *text = cachet_visible_text ((const char *)datum->data, datum->size, FALSE);

  gnutls_free (datum->data);
  return text;
}

static char *
read_dn (gnutls_x509_crt_t crt, gboolean issuer)
{
  gnutls_datum_t datum = { NULL, 0 };
  int result = issuer ? gnutls_x509_crt_get_issuer_dn3 (crt, &datum, 0)
                      : gnutls_x509_crt_get_dn3 (crt, &datum, 0);

  return result >= 0 ? take_datum (&datum) : g_strdup ("");
}

static char *
read_dn_part (gnutls_x509_crt_t crt, gboolean issuer, const char *oid)
{
  char buffer[1024];
  size_t size = sizeof buffer;
  int result = issuer ? gnutls_x509_crt_get_issuer_dn_by_oid (crt, oid, 0, 0, buffer, &size)
                      : gnutls_x509_crt_get_dn_by_oid (crt, oid, 0, 0, buffer, &size);

  return result >= 0 && size > 0 ? cachet_visible_text (buffer, size, FALSE) : NULL;
}

static char *
read_name (gnutls_x509_crt_t crt, gboolean issuer, const char *whole)
{
  static const char *const oids[] = { GNUTLS_OID_X520_COMMON_NAME,
                                      GNUTLS_OID_X520_ORGANIZATION_NAME };

  for (guint i = 0; i < G_N_ELEMENTS (oids); i++)
    {
      char *text = read_dn_part (crt, issuer, oids[i]);
      if (text != NULL)
        return text;
    }
  return g_strdup (whole);
}

/* The SAN's addresses; without one the subject's e-mail attributes. An internationalised one (RFC
 * 8398) counts too. */
static char **
read_addresses (gnutls_x509_crt_t crt)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  guint n = 0;

  for (guint i = 0; i < MAX_ADDRESSES; i++)
    {
      char buffer[512];
      size_t size = sizeof buffer - 1;
      unsigned int critical;
      int type = gnutls_x509_crt_get_subject_alt_name (crt, i, buffer, &size, &critical);

      if (type == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
        break;
      if (type != GNUTLS_SAN_RFC822NAME || memchr (buffer, '\0', size) != NULL ||
          !g_utf8_validate (buffer, size, NULL))
        continue;
      buffer[size] = '\0';
      g_strv_builder_add (builder, buffer);
      n++;
    }
  for (guint i = 0; n == 0 && i < MAX_ADDRESSES; i++)
    {
      char buffer[512];
      size_t size = sizeof buffer;

      if (gnutls_x509_crt_get_dn_by_oid (crt, GNUTLS_OID_PKCS9_EMAIL, i, 0, buffer, &size) < 0)
        break;
      if (memchr (buffer, '\0', size) == NULL && g_utf8_validate (buffer, size, NULL))
        {
          g_autofree char *address = g_strndup (buffer, size);
          g_strv_builder_add (builder, address);
        }
    }
  return g_strv_builder_end (builder);
}

static CachetCertificateUses
read_purposes (gnutls_x509_crt_t crt, gboolean *mail)
{
  static const struct
  {
    const char *oid;
    CachetCertificateUses use;
  } purposes[] = {
    { GNUTLS_KP_TLS_WWW_SERVER, CACHET_CERTIFICATE_WEB_SERVER },
    { GNUTLS_KP_TLS_WWW_CLIENT, CACHET_CERTIFICATE_WEB_CLIENT },
    { GNUTLS_KP_CODE_SIGNING, CACHET_CERTIFICATE_CODE_SIGNING },
    { GNUTLS_KP_TIME_STAMPING, CACHET_CERTIFICATE_TIME_STAMPING },
    { GNUTLS_KP_OCSP_SIGNING, CACHET_CERTIFICATE_OCSP_SIGNING },
  };
  CachetCertificateUses uses = 0;
  guint i;

  *mail = FALSE;
  for (i = 0; i < MAX_PURPOSES; i++)
    {
      char oid[128];
      size_t size = sizeof oid;

      if (gnutls_x509_crt_get_key_purpose_oid (crt, i, oid, &size, NULL) < 0)
        break;
      if (g_str_equal (oid, GNUTLS_KP_EMAIL_PROTECTION) || g_str_equal (oid, GNUTLS_KP_ANY))
        *mail = TRUE;
      for (guint j = 0; j < G_N_ELEMENTS (purposes); j++)
        if (g_str_equal (oid, purposes[j].oid) || g_str_equal (oid, GNUTLS_KP_ANY))
          uses |= purposes[j].use;
    }
  if (i == 0)
    *mail = TRUE; /* no such extension: any purpose */
  return uses;
}

static CachetCertificateUses
read_uses (gnutls_x509_crt_t crt, int algorithm)
{
  unsigned int usage = 0;
  unsigned int ca = 0;
  gboolean mail;
  CachetCertificateUses uses = read_purposes (crt, &mail);
  gboolean any_usage = gnutls_x509_crt_get_key_usage (crt, &usage, NULL) < 0;
  unsigned int to_encrypt =
    algorithm == GNUTLS_PK_RSA ? GNUTLS_KEY_KEY_ENCIPHERMENT : GNUTLS_KEY_KEY_AGREEMENT;
  gboolean can_encrypt = algorithm == GNUTLS_PK_RSA || algorithm == GNUTLS_PK_ECDSA;

  if (mail &&
      (any_usage || (usage & (GNUTLS_KEY_DIGITAL_SIGNATURE | GNUTLS_KEY_NON_REPUDIATION)) != 0))
    uses |= CACHET_CERTIFICATE_SIGNS_MAIL;
  if (mail && can_encrypt && (any_usage || (usage & to_encrypt) != 0))
    uses |= CACHET_CERTIFICATE_RECEIVES_MAIL;
  if (gnutls_x509_crt_get_basic_constraints (crt, NULL, &ca, NULL) >= 0 && ca != 0 &&
      (any_usage || (usage & GNUTLS_KEY_KEY_CERT_SIGN) != 0))
    uses |= CACHET_CERTIFICATE_AUTHORITY;
  return uses;
}

static char *
describe_key (gnutls_x509_crt_t crt, int algorithm, unsigned int bits)
{
  gnutls_ecc_curve_t curve;

  if (algorithm == GNUTLS_PK_ECDSA)
    {
      if (gnutls_x509_crt_get_pk_ecc_raw (crt, &curve, NULL, NULL) >= 0)
        {
          const char *name = gnutls_ecc_curve_get_name (curve);
          return g_strdup_printf (_ ("elliptic curve %s"), name != NULL ? name : "?");
        }
    }
  return g_strdup_printf (_ ("%s, %u bits"),
                             algorithm >= 0 ? gnutls_pk_algorithm_get_name (algorithm) : "?", bits);
}

static gboolean
signature_is_weak (int algorithm)
{
  switch (gnutls_sign_get_hash_algorithm (algorithm))
    {
    case GNUTLS_DIG_MD5:
    case GNUTLS_DIG_MD2:
    case GNUTLS_DIG_SHA1:
      return TRUE;
    default:
      return FALSE;
    }
}

static char *
read_key_id (gnutls_x509_crt_t crt)
{
  unsigned char buffer[64];
  size_t size = sizeof buffer;
  GString *text = g_string_new (NULL);

  if (gnutls_x509_crt_get_key_id (crt, GNUTLS_KEYID_USE_SHA1, buffer, &size) >= 0)
    for (size_t i = 0; i < size; i++)
      g_string_append_printf (text, "%02x", buffer[i]);
  return g_string_free (text, FALSE);
}

static char *
read_serial (gnutls_x509_crt_t crt)
{
  unsigned char buffer[MAX_SERIAL_BYTES];
  size_t size = sizeof buffer;
  GString *text = g_string_new (NULL);

  if (gnutls_x509_crt_get_serial (crt, buffer, &size) >= 0)
    for (size_t i = 0; i < size; i++)
      g_string_append_printf (text, "%02X", buffer[i]);
  return g_string_free (text, FALSE);
}

static void
read_facts (CachetCertificate *self)
{
  gnutls_x509_crt_t crt = self->crt;
  unsigned int bits = 0;
  int algorithm = gnutls_x509_crt_get_pk_algorithm (crt, &bits);
  int signature = gnutls_x509_crt_get_signature_algorithm (crt);
  const char *signature_name = signature >= 0 ? gnutls_sign_get_name (signature) : NULL;

  self->subject = read_dn (crt, FALSE);
  self->issuer = read_dn (crt, TRUE);
  self->name = read_name (crt, FALSE, self->subject);
  self->issuer_name = read_name (crt, TRUE, self->issuer);
  self->serial = read_serial (crt);
  self->sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, self->der);
  self->sha1 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA1, self->der);
  self->key_id = read_key_id (crt);
  self->key_text = describe_key (crt, algorithm, bits);
  self->signature_text = g_strdup (signature_name != NULL ? signature_name : "?");
  self->addresses = read_addresses (crt);
  self->not_before = gnutls_x509_crt_get_activation_time (crt);
  self->not_after = gnutls_x509_crt_get_expiration_time (crt);
  self->uses = read_uses (crt, algorithm);
  self->is_weak = signature_is_weak (signature) ||
                  (algorithm == GNUTLS_PK_RSA && bits < MIN_RSA_BITS) ||
                  (algorithm == GNUTLS_PK_ECDSA && bits < MIN_EC_BITS);
}

CachetCertificate *
cachet_certificate_new_take_crt (gnutls_x509_crt_t crt, GError **error)
{
  gnutls_datum_t datum = { NULL, 0 };
  int result = gnutls_x509_crt_export2 (crt, GNUTLS_X509_FMT_DER, &datum);
  CachetCertificate *self;

  if (result < 0 || datum.size > CACHET_CERTIFICATE_MAX_SIZE)
    {
      gnutls_free (datum.data);
      gnutls_x509_crt_deinit (crt);
      g_set_error (error, CACHET_SMIME_ERROR, CACHET_SMIME_ERROR_DAMAGED,
                   _ ("This is no certificate that can be read."));
      return NULL;
    }
  self = g_object_new (CACHET_TYPE_CERTIFICATE, NULL);
  self->crt = crt;
  self->der = g_bytes_new (datum.data, datum.size);
  gnutls_free (datum.data);
  read_facts (self);
  return self;
}

CachetCertificate *
cachet_certificate_new_from_der (GBytes *der, GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (der, &size);
  gnutls_datum_t datum = { (unsigned char *)data, size };
  gnutls_x509_crt_t crt;

  if (size == 0 || size > CACHET_CERTIFICATE_MAX_SIZE || gnutls_x509_crt_init (&crt) < 0)
    {
      g_set_error (error, CACHET_SMIME_ERROR, CACHET_SMIME_ERROR_DAMAGED,
                   _ ("This is no certificate that can be read."));
      return NULL;
    }
  if (gnutls_x509_crt_import (crt, &datum, GNUTLS_X509_FMT_DER) < 0)
    {
      gnutls_x509_crt_deinit (crt);
      g_set_error (error, CACHET_SMIME_ERROR, CACHET_SMIME_ERROR_DAMAGED,
                   _ ("This is no certificate that can be read."));
      return NULL;
    }
  return cachet_certificate_new_take_crt (crt, error);
}

GPtrArray *
cachet_certificate_list_from_data (GBytes *data, GError **error)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (data, &size);
  gnutls_datum_t datum = { (unsigned char *)bytes, size };
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_object_unref);
  gnutls_x509_crt_t *crts = NULL;
  unsigned int n = 0;

  if (g_strstr_len ((const char *)bytes, size, "-----BEGIN") == NULL)
    {
      CachetCertificate *single = cachet_certificate_new_from_der (data, error);
      if (single == NULL)
        return NULL;
      g_ptr_array_add (list, single);
      return g_steal_pointer (&list);
    }
  if (size > (gsize)CACHET_CERTIFICATE_MAX_SIZE * CACHET_CERTIFICATE_MAX_IN_FILE ||
      gnutls_x509_crt_list_import2 (&crts, &n, &datum, GNUTLS_X509_FMT_PEM, 0) < 0 || n == 0 ||
      n > CACHET_CERTIFICATE_MAX_IN_FILE)
    {
      for (unsigned int i = 0; crts != NULL && i < n; i++)
        gnutls_x509_crt_deinit (crts[i]);
      gnutls_free (crts);
      g_set_error (error, CACHET_SMIME_ERROR, CACHET_SMIME_ERROR_DAMAGED,
                   _ ("There is no certificate in this file that can be read."));
      return NULL;
    }
  for (unsigned int i = 0; i < n; i++)
    {
      CachetCertificate *certificate = cachet_certificate_new_take_crt (crts[i], NULL);
      if (certificate != NULL)
        g_ptr_array_add (list, certificate);
    }
  gnutls_free (crts);
  return g_steal_pointer (&list);
}

gnutls_x509_crt_t
cachet_certificate_get_crt (CachetCertificate *self)
{
  g_assert (CACHET_IS_CERTIFICATE (self));
  return self->crt;
}

GBytes *
cachet_certificate_get_der (CachetCertificate *self)
{
  g_return_val_if_fail (CACHET_IS_CERTIFICATE (self), NULL);
  return self->der;
}

char *
cachet_certificate_dup_pem (CachetCertificate *self)
{
  gnutls_datum_t datum = { NULL, 0 };
  char *text;

  g_return_val_if_fail (CACHET_IS_CERTIFICATE (self), NULL);

  if (gnutls_x509_crt_export2 (self->crt, GNUTLS_X509_FMT_PEM, &datum) < 0)
    return g_strdup ("");
  text = g_strndup ((const char *)datum.data, datum.size);
  gnutls_free (datum.data);
  return text;
}

char *
cachet_certificate_dup_text (CachetCertificate *self)
{
  gnutls_datum_t datum = { NULL, 0 };
  char *text;

  g_return_val_if_fail (CACHET_IS_CERTIFICATE (self), NULL);

  if (gnutls_x509_crt_print (self->crt, GNUTLS_CRT_PRINT_FULL, &datum) < 0)
    return g_strdup ("");
  text = cachet_visible_text ((const char *)datum.data, datum.size, TRUE);
  gnutls_free (datum.data);
  return text;
}

#define GETTER(Type, field)                                     \
  Type cachet_certificate_get_##field (CachetCertificate *self) \
  {                                                             \
    g_return_val_if_fail (CACHET_IS_CERTIFICATE (self), 0);     \
    return self->field;                                         \
  }

GETTER (const char *, subject)
GETTER (const char *, issuer)
GETTER (const char *, name)
GETTER (const char *, issuer_name)
GETTER (const char *, serial)
GETTER (const char *, sha256)
GETTER (const char *, sha1)
GETTER (const char *, key_id)
GETTER (const char *, key_text)
GETTER (const char *, signature_text)
GETTER (gint64, not_before)
GETTER (gint64, not_after)
GETTER (CachetCertificateUses, uses)

const char *const *
cachet_certificate_get_addresses (CachetCertificate *self)
{
  g_return_val_if_fail (CACHET_IS_CERTIFICATE (self), NULL);
  return (const char *const *)self->addresses;
}

gboolean
cachet_certificate_is_weak (CachetCertificate *self)
{
  g_return_val_if_fail (CACHET_IS_CERTIFICATE (self), FALSE);
  return self->is_weak;
}

gboolean
cachet_certificate_has_address (CachetCertificate *self, const char *addr_spec)
{
  g_autofree char *wanted = NULL;

  g_return_val_if_fail (CACHET_IS_CERTIFICATE (self), FALSE);

  wanted = g_utf8_casefold (addr_spec, -1);
  for (guint i = 0; self->addresses[i] != NULL; i++)
    {
      g_autofree char *folded = g_utf8_casefold (self->addresses[i], -1);
      if (g_str_equal (folded, wanted))
        return TRUE;
    }
  return FALSE;
}

gboolean
cachet_certificate_is_issued_by (CachetCertificate *self, CachetCertificate *issuer)
{
  unsigned int status = 0;
  gnutls_x509_crt_t authority;

  g_return_val_if_fail (CACHET_IS_CERTIFICATE (self), FALSE);
  g_return_val_if_fail (CACHET_IS_CERTIFICATE (issuer), FALSE);

  if (gnutls_x509_crt_check_issuer (self->crt, issuer->crt) == 0)
    return FALSE;
  authority = issuer->crt;
  /* the key decides; dates and hash strength are judged elsewhere */
  if (gnutls_x509_crt_verify (self->crt, &authority, 1,
                              GNUTLS_VERIFY_DISABLE_TIME_CHECKS | GNUTLS_VERIFY_ALLOW_BROKEN |
                                GNUTLS_VERIFY_DISABLE_CA_SIGN | GNUTLS_VERIFY_ALLOW_X509_V1_CA_CRT,
                              &status) < 0)
    return FALSE;
  return (status & (GNUTLS_CERT_SIGNATURE_FAILURE | GNUTLS_CERT_SIGNER_NOT_FOUND)) == 0;
}

gboolean
cachet_certificate_is_self_signed (CachetCertificate *self)
{
  return cachet_certificate_is_issued_by (self, self);
}

gboolean
cachet_certificate_equal (CachetCertificate *a, CachetCertificate *b)
{
  g_return_val_if_fail (CACHET_IS_CERTIFICATE (a), FALSE);
  g_return_val_if_fail (CACHET_IS_CERTIFICATE (b), FALSE);

  return g_bytes_equal (a->der, b->der);
}
