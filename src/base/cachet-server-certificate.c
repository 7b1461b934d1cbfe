#define G_LOG_DOMAIN "cachet-base"

#include "config.h"

#include "cachet-server-certificate.h"

#include <glib/gi18n.h>

G_DEFINE_BOXED_TYPE (CachetServerCertificate,
                     cachet_server_certificate,
                     cachet_server_certificate_copy,
                     cachet_server_certificate_free)
G_DEFINE_BOXED_TYPE (CachetTlsException,
                     cachet_tls_exception,
                     cachet_tls_exception_copy,
                     cachet_tls_exception_free)

static const struct
{
  CachetTlsProblems problem;
  const char *sentence;
} problem_sentences[] = {
  { CACHET_TLS_PROBLEM_UNKNOWN_CA,
    N_ ("No authority that this computer trusts has signed the certificate, so anybody could have "
        "made it.") },
    { CACHET_TLS_PROBLEM_BAD_IDENTITY,
      N_ ("The certificate was made out for another server, so this may not be the one you meant to "
        "reach.") },
      { CACHET_TLS_PROBLEM_NOT_ACTIVATED,
        N_ ("The certificate is not valid yet: either it was made for later, or this computer’s clock "
        "is wrong.") },
        { CACHET_TLS_PROBLEM_EXPIRED,
          N_ ("The certificate has expired, so its authority no longer vouches for it; or this "
        "computer’s clock is wrong.") },
          { CACHET_TLS_PROBLEM_REVOKED,
            N_ ("The authority has withdrawn the certificate, perhaps because its key was stolen.") },
            { CACHET_TLS_PROBLEM_INSECURE,
              N_ ("The certificate uses a method that is known to be weak, so it could have been forged.") },
              { CACHET_TLS_PROBLEM_GENERIC,
                N_ ("The certificate could not be checked, so nothing shows that it belongs to the server.") },
                { CACHET_TLS_PROBLEM_OLD_PROTOCOL,
                  N_ ("The server speaks a version of TLS older than 1.2, which others on the way may be able to "
        "break.") },
                  { CACHET_TLS_PROBLEM_WRONG_PURPOSE,
                    N_ ("The certificate was not made for servers, so its holder need not be allowed to run this "
        "one.") },
                    { CACHET_TLS_PROBLEM_NO_SAN,
                      N_ ("The certificate does not say in the place meant for it which server it is for, so the "
        "name cannot be checked.") },
                      { CACHET_TLS_PROBLEM_WEAK_KEY,
                        N_ ("The key of the certificate is so short that others may be able to compute it and pose as "
        "the server.") },
                    };

CachetServerCertificate *
cachet_server_certificate_copy (const CachetServerCertificate *self)
{
  CachetServerCertificate *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (CachetServerCertificate, 1);
  *copy = *self;
  copy->host = g_strdup (self->host);
  copy->der = self->der != NULL ? g_bytes_ref (self->der) : NULL;
  copy->sha256 = g_strdup (self->sha256);
  copy->subject = g_strdup (self->subject);
  copy->issuer = g_strdup (self->issuer);
  copy->names = g_strdupv (self->names);
  copy->key = g_strdup (self->key);
  copy->previous_sha256 = g_strdup (self->previous_sha256);
  return copy;
}

void
cachet_server_certificate_free (CachetServerCertificate *self)
{
  if (self == NULL)
    return;
  g_free (self->host);
  g_clear_pointer (&self->der, g_bytes_unref);
  g_free (self->sha256);
  g_free (self->subject);
  g_free (self->issuer);
  g_strfreev (self->names);
  g_free (self->key);
  g_free (self->previous_sha256);
  g_free (self);
}

char *
cachet_server_certificate_dup_fingerprint (const CachetServerCertificate *self)
{
  g_autoptr (GString) text = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  text = g_string_new (NULL);
  for (const char *p = self->sha256 != NULL ? self->sha256 : ""; *p != '\0'; p++)
    {
      if (text->len % 3 == 2)
        g_string_append_c (text, ':');
      g_string_append_c (text, g_ascii_toupper (*p));
    }
  return g_strdup (text->str);
}

char **
cachet_server_certificate_describe_problems (const CachetServerCertificate *self)
{
  g_autoptr (GStrvBuilder) sentences = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  sentences = g_strv_builder_new ();
  for (guint i = 0; i < G_N_ELEMENTS (problem_sentences); i++)
    if (self->problems & problem_sentences[i].problem)
      g_strv_builder_add (sentences, _ (problem_sentences[i].sentence));
  return g_strv_builder_end (sentences);
}

CachetTlsException *
cachet_tls_exception_new (const char *host,
                          guint16 port,
                          const char *sha256,
                          CachetTlsProblems problems)
{
  CachetTlsException *self;

  g_return_val_if_fail (host != NULL && sha256 != NULL, NULL);

  self = g_new0 (CachetTlsException, 1);
  self->host = g_strdup (host);
  self->port = port;
  self->sha256 = g_strdup (sha256);
  self->problems = problems;
  return self;
}

CachetTlsException *
cachet_tls_exception_copy (const CachetTlsException *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return cachet_tls_exception_new (self->host, self->port, self->sha256, self->problems);
}

void
cachet_tls_exception_free (CachetTlsException *self)
{
  if (self == NULL)
    return;
  g_free (self->host);
  g_free (self->sha256);
  g_free (self);
}

gboolean
cachet_tls_exception_covers (const CachetTlsException *self,
                             const char *host,
                             guint16 port,
                             const char *sha256,
                             CachetTlsProblems problems)
{
  g_return_val_if_fail (self != NULL && host != NULL && sha256 != NULL, FALSE);

  return g_ascii_strcasecmp (self->host, host) == 0 && self->port == port &&
         g_ascii_strcasecmp (self->sha256, sha256) == 0 && self->problems == problems;
}
