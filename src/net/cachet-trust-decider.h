#pragma once

#include "cachet-net-types.h"
#include "cachet-server-certificate.h"

G_BEGIN_DECLS

/* Asked, synchronously and on the main thread, whether a certificate with problems is one that the
 * user has made an exception for. It never opens a dialog: refusing ends the connection with
 * CACHET_NET_ERROR_CERTIFICATE, the caller shows the certificate and may connect again. */
#define CACHET_TYPE_TRUST_DECIDER (cachet_trust_decider_get_type ())
G_DECLARE_INTERFACE (CachetTrustDecider, cachet_trust_decider, CACHET, TRUST_DECIDER, GObject)

struct _CachetTrustDeciderInterface
{
  GTypeInterface parent;
  /* (nullable): the exception kept for this host and port, owned by the decider */
  const CachetTlsException *(*lookup) (CachetTrustDecider *self, const char *host, guint16 port);
};

const CachetTlsException *
cachet_trust_decider_lookup (CachetTrustDecider *self, const char *host, guint16 port);

G_END_DECLS
