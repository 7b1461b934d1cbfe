#define G_LOG_DOMAIN "cachet-net"

#include "config.h"

#include "cachet-net-types.h"

G_DEFINE_QUARK (cachet_net_error, cachet_net_error)
