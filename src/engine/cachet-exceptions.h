#pragma once

#include "cachet-accounts-file.h"
#include "cachet-trust-decider.h"

G_BEGIN_DECLS

/* The trust decider of every session: the exceptions of the accounts file. */
#define CACHET_TYPE_EXCEPTIONS (cachet_exceptions_get_type ())
G_DECLARE_FINAL_TYPE (CachetExceptions, cachet_exceptions, CACHET, EXCEPTIONS, GObject)

CachetExceptions *cachet_exceptions_new (CachetAccountsFile *file);

G_END_DECLS
