#define G_LOG_DOMAIN "cachet-test"

#include "config.h"

#include "cachet-test-pki.h"

#include <glib/gstdio.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>
#include <unistd.h>

#define DAY (24 * 60 * 60)
#define RSA_BITS 2048
#define SHORT_RSA_BITS 1024

typedef struct
{
  gnutls_x509_privkey_t key;
  gnutls_x509_crt_t crt;
} Authority;

static char *ca_path;

static void
check (int result)
{
  if (result < 0)
    g_error ("GnuTLS: %s", gnutls_strerror (result));
}

static gnutls_x509_privkey_t
make_key (CachetTestCertificateFlags flags)
{
  gnutls_x509_privkey_t key;

  check (gnutls_x509_privkey_init (&key));
  if (flags & CACHET_TEST_CERTIFICATE_SHORT_KEY)
    check (gnutls_x509_privkey_generate (key, GNUTLS_PK_RSA, SHORT_RSA_BITS, 0));
  else if (flags & CACHET_TEST_CERTIFICATE_RSA)
    check (gnutls_x509_privkey_generate (key, GNUTLS_PK_RSA, RSA_BITS, 0));
  else
    check (gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA,
                                         GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0));
  return key;
}

static gnutls_x509_crt_t
begin_certificate (gnutls_x509_privkey_t key, const char *name, guint64 serial)
{
  gnutls_x509_crt_t crt;
  guint8 bytes[8];
  guint i;

  for (i = 0; i < sizeof bytes; i++)
    bytes[i] = (guint8)(serial >> (8 * (sizeof bytes - 1 - i)));
  check (gnutls_x509_crt_init (&crt));
  check (gnutls_x509_crt_set_version (crt, 3));
  check (gnutls_x509_crt_set_serial (crt, bytes, sizeof bytes));
  check (gnutls_x509_crt_set_dn_by_oid (crt, GNUTLS_OID_X520_COMMON_NAME, 0, name,
                                        (guint)strlen (name)));
  check (gnutls_x509_crt_set_key (crt, key));
  return crt;
}

static void
make_authority (Authority *self, const char *name)
{
  self->key = make_key (CACHET_TEST_CERTIFICATE_GOOD);
  self->crt = begin_certificate (self->key, name, 1);
  check (gnutls_x509_crt_set_activation_time (self->crt, time (NULL) - DAY));
  check (gnutls_x509_crt_set_expiration_time (self->crt, time (NULL) + DAY));
  check (gnutls_x509_crt_set_basic_constraints (self->crt, 1, -1));
  check (gnutls_x509_crt_set_key_usage (self->crt, GNUTLS_KEY_KEY_CERT_SIGN));
  check (gnutls_x509_crt_sign2 (self->crt, self->crt, self->key, GNUTLS_DIG_SHA256, 0));
}

static void
remove_ca_file (void)
{
  g_unlink (ca_path);
}

static Authority *
get_authority (gboolean known)
{
  static Authority authorities[2];
  Authority *self = &authorities[known ? 1 : 0];
  gnutls_datum_t pem = { NULL, 0 };
  int fd;

  if (self->crt != NULL)
    return self;
  make_authority (self, known ? "Cachet test authority" : "Unknown authority");
  if (!known)
    return self;

  fd = g_file_open_tmp ("cachet-test-ca-XXXXXX.pem", &ca_path, NULL);
  g_assert_cmpint (fd, >=, 0);
  close (fd);
  check (gnutls_x509_crt_export2 (self->crt, GNUTLS_X509_FMT_PEM, &pem));
  g_assert_true (g_file_set_contents (ca_path, (char *)pem.data, pem.size, NULL));
  gnutls_free (pem.data);
  atexit (remove_ca_file);
  return self;
}

static void
set_names (gnutls_x509_crt_t crt, CachetTestCertificateFlags flags)
{
  static const guint8 loopback[] = { 127, 0, 0, 1 };
  const char *host = flags & CACHET_TEST_CERTIFICATE_WRONG_HOST ? "elsewhere.example" : "localhost";

  if (flags & CACHET_TEST_CERTIFICATE_NO_SAN)
    return;
  if (flags & CACHET_TEST_CERTIFICATE_ADDRESS)
    check (gnutls_x509_crt_set_subject_alt_name (crt, GNUTLS_SAN_IPADDRESS, loopback,
                                                 sizeof loopback, GNUTLS_FSAN_SET));
  else
    check (gnutls_x509_crt_set_subject_alt_name (crt, GNUTLS_SAN_DNSNAME, host,
                                                 (guint)strlen (host), GNUTLS_FSAN_SET));
  if (flags & CACHET_TEST_CERTIFICATE_BOTH)
    check (gnutls_x509_crt_set_subject_alt_name (crt, GNUTLS_SAN_IPADDRESS, loopback,
                                                 sizeof loopback, GNUTLS_FSAN_APPEND));
}

static void
set_times (gnutls_x509_crt_t crt, CachetTestCertificateFlags flags)
{
  time_t begin = time (NULL) - DAY / 2;
  time_t end = time (NULL) + DAY / 2;

  if (flags & CACHET_TEST_CERTIFICATE_EXPIRED)
    end = time (NULL) - DAY / 4;
  if (flags & CACHET_TEST_CERTIFICATE_FUTURE)
    begin = time (NULL) + DAY / 4;
  check (gnutls_x509_crt_set_activation_time (crt, begin));
  check (gnutls_x509_crt_set_expiration_time (crt, end));
}

GTlsCertificate *
cachet_test_certificate_new (CachetTestCertificateFlags flags)
{
  static guint64 serial = 100;
  Authority *authority = get_authority ((flags & CACHET_TEST_CERTIFICATE_UNKNOWN_CA) == 0);
  gnutls_x509_privkey_t key = make_key (flags);
  gnutls_x509_crt_t crt = begin_certificate (key, "localhost", serial++);
  gnutls_datum_t crt_pem = { NULL, 0 };
  gnutls_datum_t key_pem = { NULL, 0 };
  g_autofree char *pem = NULL;
  g_autoptr (GError) error = NULL;
  GTlsCertificate *certificate;

  set_names (crt, flags);
  set_times (crt, flags);
  if ((flags & CACHET_TEST_CERTIFICATE_NO_PURPOSE) == 0)
    check (gnutls_x509_crt_set_key_purpose_oid (crt,
                                                flags & CACHET_TEST_CERTIFICATE_CLIENT_ONLY
                                                  ? GNUTLS_KP_TLS_WWW_CLIENT
                                                  : GNUTLS_KP_TLS_WWW_SERVER,
                                                0));
  check (gnutls_x509_crt_sign2 (crt, authority->crt, authority->key, GNUTLS_DIG_SHA256, 0));
  check (gnutls_x509_crt_export2 (crt, GNUTLS_X509_FMT_PEM, &crt_pem));
  check (gnutls_x509_privkey_export2 (key, GNUTLS_X509_FMT_PEM, &key_pem));
  pem = g_strdup_printf ("%.*s\n%.*s\n", (int)crt_pem.size, crt_pem.data, (int)key_pem.size,
                         key_pem.data);
  gnutls_free (crt_pem.data);
  gnutls_free (key_pem.data);
  gnutls_x509_crt_deinit (crt);
  gnutls_x509_privkey_deinit (key);
  certificate = g_tls_certificate_new_from_pem (pem, -1, &error);
  g_assert_no_error (error);

  return certificate;
}

GBytes *
cachet_test_certificate_get_der (GTlsCertificate *certificate)
{
  GByteArray *der = NULL;

  g_object_get (certificate, "certificate", &der, NULL);
  return g_byte_array_free_to_bytes (der);
}

const char *
cachet_test_pki_get_ca_file (void)
{
  get_authority (TRUE);
  return ca_path;
}

GTlsCertificate *
cachet_test_pki_get_certificate (void)
{
  static GTlsCertificate *certificate;

  if (certificate == NULL)
    certificate = cachet_test_certificate_new (CACHET_TEST_CERTIFICATE_BOTH);
  return certificate;
}
