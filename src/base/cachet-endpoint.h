#pragma once

#include "cachet-base-types.h"

G_BEGIN_DECLS

/**
 * CachetEndpoint:
 * @host: host name or address as the user configured it: the TLS identity is this, never a resolved
 * one
 * @port: TCP port
 * @security: how the connection is protected
 * @ca_file: (nullable): absolute path of a PEM file whose authorities are trusted for this
 * connection besides the system's
 */
struct _CachetEndpoint
{
  char *host;
  guint16 port;
  CachetSecurity security;
  char *ca_file;
};

#define CACHET_TYPE_ENDPOINT (cachet_endpoint_get_type ())
GType cachet_endpoint_get_type (void) G_GNUC_CONST;

CachetEndpoint *cachet_endpoint_new (const char *host, guint16 port, CachetSecurity security);
CachetEndpoint *cachet_endpoint_copy (const CachetEndpoint *self);
void cachet_endpoint_free (CachetEndpoint *self);
gboolean cachet_endpoint_equal (const CachetEndpoint *a, const CachetEndpoint *b);
/* "host:port", with brackets around an IPv6 address. */
char *cachet_endpoint_to_string (const CachetEndpoint *self);
/* Parses "HOST:PORT", "[V6]:PORT" or "HOST" (port @default_port). %NULL and @error when it is
 * neither. */
CachetEndpoint *cachet_endpoint_parse (const char *text,
                                       guint16 default_port,
                                       CachetSecurity security,
                                       GError **error);
/* "none", "starttls", "tls" and back. */
const char *cachet_security_to_string (CachetSecurity security);
gboolean cachet_security_from_string (const char *text, CachetSecurity *security);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetEndpoint, cachet_endpoint_free)

G_END_DECLS
