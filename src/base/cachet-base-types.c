#define G_LOG_DOMAIN "cachet-base"

#include "config.h"

#include "cachet-base-types.h"

G_DEFINE_QUARK (cachet - base - error - quark, cachet_base_error)
