#include "config.h"

#include "cachet-test-pki.h"

#include <glib/gstdio.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdlib.h>
#include <time.h>

#define ONE_HOUR 3600

typedef struct
{
  char *directory;
  char *ca_file;
  char *server_file;
  GTlsCertificate *certificate;
} Pki;

static Pki *pki;

#define CHECK(call) g_assert_cmpint (call, >=, 0)

static gnutls_x509_privkey_t
make_key (void)
{
  gnutls_x509_privkey_t key;

  CHECK (gnutls_x509_privkey_init (&key));
  CHECK (gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA,
                                       GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0));
  return key;
}

static gnutls_x509_crt_t
make_certificate (const char *name, gnutls_x509_privkey_t key, guint8 serial)
{
  gnutls_x509_crt_t crt;

  CHECK (gnutls_x509_crt_init (&crt));
  CHECK (gnutls_x509_crt_set_version (crt, 3));
  CHECK (gnutls_x509_crt_set_serial (crt, &serial, 1));
  CHECK (gnutls_x509_crt_set_dn (crt, name, NULL));
  CHECK (gnutls_x509_crt_set_activation_time (crt, time (NULL) - ONE_HOUR));
  CHECK (gnutls_x509_crt_set_expiration_time (crt, time (NULL) + ONE_HOUR));
  CHECK (gnutls_x509_crt_set_key (crt, key));
  return crt;
}

static char *export(gnutls_x509_crt_t crt, gnutls_x509_privkey_t key, const char *name)
{
  g_autoptr (GString) pem = g_string_new (NULL);
  char *path = g_build_filename (pki->directory, name, NULL);
  gnutls_datum_t text;

  CHECK (gnutls_x509_crt_export2 (crt, GNUTLS_X509_FMT_PEM, &text));
  g_string_append_len (pem, (const char *)text.data, text.size);
  gnutls_free (text.data);
  if (key != NULL)
    {
      CHECK (gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN,
                                                &text));
      g_string_append_len (pem, (const char *)text.data, text.size);
      gnutls_free (text.data);
    }
  g_assert_true (g_file_set_contents (path, pem->str, (gssize)pem->len, NULL));
  return path;
}

static void
remove_pki (void)
{
  g_remove (pki->ca_file);
  g_remove (pki->server_file);
  g_rmdir (pki->directory);
  g_clear_object (&pki->certificate);
  g_free (pki->ca_file);
  g_free (pki->server_file);
  g_free (pki->directory);
  g_clear_pointer (&pki, g_free);
}

static void
make_pki (void)
{
  static const guint8 loopback[] = { 127, 0, 0, 1 };
  gnutls_x509_privkey_t ca_key;
  gnutls_x509_privkey_t key;
  gnutls_x509_crt_t ca;
  gnutls_x509_crt_t crt;
  GError *error = NULL;

  if (pki != NULL)
    return;
  pki = g_new0 (Pki, 1);
  pki->directory = g_dir_make_tmp ("cachet-test-pki-XXXXXX", NULL);
  ca_key = make_key ();
  key = make_key ();
  ca = make_certificate ("CN=Test authority", ca_key, 1);
  CHECK (gnutls_x509_crt_set_basic_constraints (ca, 1, -1));
  CHECK (gnutls_x509_crt_set_key_usage (ca, GNUTLS_KEY_KEY_CERT_SIGN));
  CHECK (gnutls_x509_crt_sign2 (ca, ca, ca_key, GNUTLS_DIG_SHA256, 0));
  crt = make_certificate ("CN=localhost", key, 2);
  CHECK (gnutls_x509_crt_set_subject_alt_name (crt, GNUTLS_SAN_DNSNAME, "localhost", 9,
                                               GNUTLS_FSAN_SET));
  CHECK (gnutls_x509_crt_set_subject_alt_name (crt, GNUTLS_SAN_IPADDRESS, loopback, sizeof loopback,
                                               GNUTLS_FSAN_APPEND));
  CHECK (gnutls_x509_crt_set_key_usage (crt, GNUTLS_KEY_DIGITAL_SIGNATURE));
  CHECK (gnutls_x509_crt_set_key_purpose_oid (crt, GNUTLS_KP_TLS_WWW_SERVER, 0));
  CHECK (gnutls_x509_crt_sign2 (crt, ca, ca_key, GNUTLS_DIG_SHA256, 0));
  pki->ca_file = export(ca, NULL, "ca.pem");
  pki->server_file = export(crt, key, "server.pem");
  gnutls_x509_crt_deinit (ca);
  gnutls_x509_crt_deinit (crt);
  gnutls_x509_privkey_deinit (ca_key);
  gnutls_x509_privkey_deinit (key);
  pki->certificate = g_tls_certificate_new_from_file (pki->server_file, &error);
  g_assert_no_error (error);
  atexit (remove_pki);
}

const char *
cachet_test_pki_get_ca_file (void)
{
  make_pki ();
  return pki->ca_file;
}

GTlsCertificate *
cachet_test_pki_get_certificate (void)
{
  make_pki ();
  return pki->certificate;
}
