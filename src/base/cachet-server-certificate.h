#pragma once

#include "cachet-base-types.h"

G_BEGIN_DECLS

/**
 * CachetTlsProblems:
 *
 * Each reason for which a server certificate or its session is refused; the first seven are GIO's
 * own, the others are Cachet's checks on top of it.
 */
typedef enum {
  CACHET_TLS_PROBLEM_NONE = 0,
  CACHET_TLS_PROBLEM_UNKNOWN_CA = 1 << 0,
  CACHET_TLS_PROBLEM_BAD_IDENTITY = 1 << 1,
  CACHET_TLS_PROBLEM_NOT_ACTIVATED = 1 << 2,
  CACHET_TLS_PROBLEM_EXPIRED = 1 << 3,
  CACHET_TLS_PROBLEM_REVOKED = 1 << 4,
  CACHET_TLS_PROBLEM_INSECURE = 1 << 5,
  CACHET_TLS_PROBLEM_GENERIC = 1 << 6,
  CACHET_TLS_PROBLEM_OLD_PROTOCOL = 1 << 7,  /* below TLS 1.2 */
  CACHET_TLS_PROBLEM_WRONG_PURPOSE = 1 << 8, /* extended key usage without serverAuth */
  CACHET_TLS_PROBLEM_NO_SAN = 1 << 9,        /* no subjectAltName that could name a host */
  CACHET_TLS_PROBLEM_WEAK_KEY = 1 << 10,     /* RSA below 2048 bits, EC below 256 */
} CachetTlsProblems;

/**
 * CachetServerCertificate:
 * @host, @port: the server as configured
 * @der: the leaf
 * @sha256: lower-case hexadecimal SHA-256 of @der
 * @subject, @issuer: distinguished names for people
 * @names: the subjectAltNames (host names and addresses)
 * @not_before, @not_after: Unix seconds
 * @key: for people, such as "RSA 2048 bits"
 * @problems: what was wrong
 * @previous_sha256: (nullable): fingerprint of the exception kept for this server before, if it was
 * another one
 *
 * A server's certificate that was refused (or shown), with what is needed to judge it.
 */
struct _CachetServerCertificate
{
  char *host;
  guint16 port;
  GBytes *der;
  char *sha256;
  char *subject;
  char *issuer;
  char **names;
  gint64 not_before;
  gint64 not_after;
  char *key;
  CachetTlsProblems problems;
  char *previous_sha256;
};

#define CACHET_TYPE_SERVER_CERTIFICATE (cachet_server_certificate_get_type ())
GType cachet_server_certificate_get_type (void) G_GNUC_CONST;
CachetServerCertificate *cachet_server_certificate_copy (const CachetServerCertificate *self);
void cachet_server_certificate_free (CachetServerCertificate *self);
/* "AB:CD:…" in capitals, for comparing by eye. */
char *cachet_server_certificate_dup_fingerprint (const CachetServerCertificate *self);
/* One translated sentence per problem, in a NULL-terminated array. */
char **cachet_server_certificate_describe_problems (const CachetServerCertificate *self);

/**
 * CachetTlsException:
 *
 * "This certificate, on this host and port, with exactly these problems, is the one I want."
 */
struct _CachetTlsException
{
  char *host;
  guint16 port;
  char *sha256;
  CachetTlsProblems problems;
};

#define CACHET_TYPE_TLS_EXCEPTION (cachet_tls_exception_get_type ())
GType cachet_tls_exception_get_type (void) G_GNUC_CONST;
CachetTlsException *cachet_tls_exception_new (const char *host,
                                              guint16 port,
                                              const char *sha256,
                                              CachetTlsProblems problems);
CachetTlsException *cachet_tls_exception_copy (const CachetTlsException *self);
void cachet_tls_exception_free (CachetTlsException *self);
/* %TRUE when @self was made for this host (without case), port, leaf and these very problems. */
gboolean cachet_tls_exception_covers (const CachetTlsException *self,
                                      const char *host,
                                      guint16 port,
                                      const char *sha256,
                                      CachetTlsProblems problems);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetServerCertificate, cachet_server_certificate_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetTlsException, cachet_tls_exception_free)

G_END_DECLS
