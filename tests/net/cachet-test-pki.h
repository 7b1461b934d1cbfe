#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * CachetTestCertificateFlags: what is wrong with a certificate.
 */
typedef enum {
  CACHET_TEST_CERTIFICATE_GOOD = 0,
  CACHET_TEST_CERTIFICATE_UNKNOWN_CA = 1 << 0,
  CACHET_TEST_CERTIFICATE_WRONG_HOST = 1 << 1,
  CACHET_TEST_CERTIFICATE_EXPIRED = 1 << 2,
  CACHET_TEST_CERTIFICATE_FUTURE = 1 << 3,
  CACHET_TEST_CERTIFICATE_CLIENT_ONLY = 1 << 4,
  CACHET_TEST_CERTIFICATE_NO_SAN = 1 << 5,     /* the host is in the common name alone */
  CACHET_TEST_CERTIFICATE_SHORT_KEY = 1 << 6,  /* RSA 1024 */
  CACHET_TEST_CERTIFICATE_NO_PURPOSE = 1 << 7, /* without extended key usage: nothing wrong */
  CACHET_TEST_CERTIFICATE_ADDRESS = 1 << 8,    /* for 127.0.0.1 */
  CACHET_TEST_CERTIFICATE_RSA = 1 << 9,        /* RSA 2048: nothing wrong */
  CACHET_TEST_CERTIFICATE_BOTH = 1 << 10,      /* for localhost and 127.0.0.1 */
} CachetTestCertificateFlags;

/* For tests only: a certificate for "localhost" with its key, from the test's own authority. */
GTlsCertificate *cachet_test_certificate_new (CachetTestCertificateFlags flags);
/* DER of the leaf. */
GBytes *cachet_test_certificate_get_der (GTlsCertificate *certificate);
/* A PEM file with that authority, made anew for this run; the path is absolute. */
const char *cachet_test_pki_get_ca_file (void);
/* A good one for 127.0.0.1 and localhost, the same for the whole run. (transfer none) */
GTlsCertificate *cachet_test_pki_get_certificate (void);

G_END_DECLS
