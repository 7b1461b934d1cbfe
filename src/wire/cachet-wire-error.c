#define G_LOG_DOMAIN "cachet-wire"

#include "config.h"

#include "cachet-wire-error.h"

G_DEFINE_QUARK (cachet - wire - error - quark, cachet_wire_error)
