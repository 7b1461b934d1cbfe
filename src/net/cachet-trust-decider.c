#define G_LOG_DOMAIN "cachet-net"

#include "config.h"

#include "cachet-trust-decider.h"

G_DEFINE_INTERFACE (CachetTrustDecider, cachet_trust_decider, G_TYPE_OBJECT)

static void
cachet_trust_decider_default_init (CachetTrustDeciderInterface *iface)
{
}

const CachetTlsException *
cachet_trust_decider_lookup (CachetTrustDecider *self, const char *host, guint16 port)
{
  CachetTrustDeciderInterface *iface;

  g_return_val_if_fail (CACHET_IS_TRUST_DECIDER (self), NULL);
  g_return_val_if_fail (host != NULL, NULL);

  iface = CACHET_TRUST_DECIDER_GET_IFACE (self);
  return iface->lookup != NULL ? iface->lookup (self, host, port) : NULL;
}
