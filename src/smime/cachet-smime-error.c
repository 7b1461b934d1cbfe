#define G_LOG_DOMAIN "cachet-smime"

#include "config.h"

#include "cachet-smime-types.h"

G_DEFINE_QUARK (cachet - smime - error - quark, cachet_smime_error)
