#define G_LOG_DOMAIN "cachet-net"

#include "config.h"

#include "cachet-tls-peer.h"

#include "cachet-visible-text.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

#define MAX_OID 128
#define MAX_NAME 512

static char *
dup_visible_datum (gnutls_datum_t *datum)
{
  char *visible = cachet_visible_text ((const char *)datum->data, datum->size, FALSE);

  gnutls_free (datum->data);
  return visible;
}

static char *
dup_subject (gnutls_x509_crt_t crt)
{
  gnutls_datum_t dn = { NULL, 0 };

  if (gnutls_x509_crt_get_dn3 (crt, &dn, 0) < 0)
    return g_strdup ("");
  return dup_visible_datum (&dn);
}

static char *
dup_issuer (gnutls_x509_crt_t crt)
{
  gnutls_datum_t dn = { NULL, 0 };

  if (gnutls_x509_crt_get_issuer_dn3 (crt, &dn, 0) < 0)
    return g_strdup ("");
  return dup_visible_datum (&dn);
}

static char *
dup_address (const guint8 *bytes, gsize size)
{
  char text[INET6_ADDRSTRLEN];

  if ((size == 4 && inet_ntop (AF_INET, bytes, text, sizeof text) != NULL) ||
      (size == 16 && inet_ntop (AF_INET6, bytes, text, sizeof text) != NULL))
    return g_strdup (text);
  return NULL;
}

/* Collects the names that can stand for a host, and tells which kinds there are. */
static char **
collect_names (gnutls_x509_crt_t crt, gboolean *has_dns, gboolean *has_address)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  guint i;

  *has_dns = FALSE;
  *has_address = FALSE;

  for (i = 0; i < CACHET_TLS_PEER_MAX_NAMES; i++)
    {
      char value[MAX_NAME];
      size_t size = sizeof value;
      int type = gnutls_x509_crt_get_subject_alt_name (crt, i, value, &size, NULL);
      char *name = NULL;

      if (type == GNUTLS_E_SHORT_MEMORY_BUFFER)
        continue;
      if (type < 0)
        break;
      if (type == GNUTLS_SAN_DNSNAME)
        {
          *has_dns = TRUE;
          name = cachet_visible_text (value, size, FALSE);
        }
      else if (type == GNUTLS_SAN_IPADDRESS)
        {
          name = dup_address ((const guint8 *)value, size);
          *has_address |= name != NULL;
        }
      if (name != NULL)
        g_ptr_array_add (names, name);
    }
  g_ptr_array_add (names, NULL);

  return (char **)g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

/* RFC 6125 §6.4: an address is compared with iPAddress names only, a host name with dNSName only;
 * the common name counts for nothing. */
static CachetTlsProblems
check_identity (gnutls_x509_crt_t crt, const char *host, gboolean has_dns, gboolean has_address)
{
  struct in_addr v4;
  struct in6_addr v6;
  gboolean matches;

  if (!has_dns && !has_address)
    return CACHET_TLS_PROBLEM_NO_SAN;

  if (inet_pton (AF_INET, host, &v4) == 1)
    matches = has_address && gnutls_x509_crt_check_ip (crt, (const guchar *)&v4, sizeof v4, 0) != 0;
  else if (inet_pton (AF_INET6, host, &v6) == 1)
    matches = has_address && gnutls_x509_crt_check_ip (crt, (const guchar *)&v6, sizeof v6, 0) != 0;
  else
    {
      g_autofree char *name = g_strdup (host);

      if (g_str_has_suffix (name, "."))
        name[strlen (name) - 1] = '\0';
      matches = has_dns && gnutls_x509_crt_check_hostname (crt, name) != 0;
    }

  return matches ? CACHET_TLS_PROBLEM_NONE : CACHET_TLS_PROBLEM_BAD_IDENTITY;
}

static CachetTlsProblems
check_purpose (gnutls_x509_crt_t crt)
{
  guint i;

  for (i = 0; i < CACHET_TLS_PEER_MAX_PURPOSES; i++)
    {
      char oid[MAX_OID];
      size_t size = sizeof oid;
      int result = gnutls_x509_crt_get_key_purpose_oid (crt, i, oid, &size, NULL);

      if (result == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE && i == 0)
        return CACHET_TLS_PROBLEM_NONE;
      if (result == GNUTLS_E_SHORT_MEMORY_BUFFER)
        continue;
      if (result < 0)
        break;
      if (strcmp (oid, GNUTLS_KP_TLS_WWW_SERVER) == 0)
        return CACHET_TLS_PROBLEM_NONE;
    }

  return CACHET_TLS_PROBLEM_WRONG_PURPOSE;
}

static CachetTlsProblems
check_key (gnutls_x509_crt_t crt, char **description)
{
  guint bits = 0;
  int algorithm = gnutls_x509_crt_get_pk_algorithm (crt, &bits);
  const char *name = NULL;
  guint least;

  switch (algorithm)
    {
    case GNUTLS_PK_RSA:
    case GNUTLS_PK_RSA_PSS:
      least = CACHET_TLS_PEER_MIN_RSA_BITS;
      break;
    case GNUTLS_PK_ECDSA:
    case GNUTLS_PK_EDDSA_ED25519:
    case GNUTLS_PK_EDDSA_ED448:
      least = CACHET_TLS_PEER_MIN_EC_BITS;
      break;
    default:
      least = G_MAXUINT;
      break;
    }
  if (algorithm >= 0)
    name = gnutls_pk_get_name ((gnutls_pk_algorithm_t)algorithm);
  *description = g_strdup_printf ("%s %u bits", name != NULL ? name : "?", bits);

  return bits < least ? CACHET_TLS_PROBLEM_WEAK_KEY : CACHET_TLS_PROBLEM_NONE;
}

static void
inspect_certificate (CachetServerCertificate *self, gnutls_x509_crt_t crt)
{
  gboolean has_dns;
  gboolean has_address;

  self->subject = dup_subject (crt);
  self->issuer = dup_issuer (crt);
  self->names = collect_names (crt, &has_dns, &has_address);
  self->not_before = gnutls_x509_crt_get_activation_time (crt);
  self->not_after = gnutls_x509_crt_get_expiration_time (crt);
  self->problems |= check_identity (crt, self->host, has_dns, has_address);
  self->problems |= check_purpose (crt);
  self->problems |= check_key (crt, &self->key);
}

static void
mark_unreadable (CachetServerCertificate *self)
{
  self->subject = g_strdup ("");
  self->issuer = g_strdup ("");
  self->names = g_new0 (char *, 1);
  self->key = g_strdup ("?");
  self->problems |= CACHET_TLS_PROBLEM_GENERIC;
}

CachetServerCertificate *
cachet_tls_peer_inspect (GBytes *der, const char *host, guint16 port)
{
  CachetServerCertificate *self = g_new0 (CachetServerCertificate, 1);
  gnutls_datum_t datum;
  gnutls_x509_crt_t crt = NULL;
  gsize size;

  g_return_val_if_fail (der != NULL, NULL);
  g_return_val_if_fail (host != NULL, NULL);

  self->host = g_strdup (host);
  self->port = port;
  self->der = g_bytes_ref (der);
  self->sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, der);

  datum.data = (guchar *)g_bytes_get_data (der, &size);
  datum.size = size;
  if (size == 0 || size > CACHET_TLS_PEER_MAX_DER || gnutls_x509_crt_init (&crt) < 0)
    mark_unreadable (self);
  else
    {
      if (gnutls_x509_crt_import (crt, &datum, GNUTLS_X509_FMT_DER) < 0)
        mark_unreadable (self);
      else
        inspect_certificate (self, crt);
      gnutls_x509_crt_deinit (crt);
    }

  return self;
}
