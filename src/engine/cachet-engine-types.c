#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-engine-types.h"

G_DEFINE_QUARK (cachet - engine - error - quark, cachet_engine_error)
