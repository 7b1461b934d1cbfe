#pragma once

#include "cachet-trust-decider.h"

G_BEGIN_DECLS

/* For tests only: knows one exception, and counts how often it was asked. */
#define CACHET_TYPE_TEST_DECIDER (cachet_test_decider_get_type ())
G_DECLARE_FINAL_TYPE (CachetTestDecider, cachet_test_decider, CACHET, TEST_DECIDER, GObject)

/* @exception: (nullable): copied */
CachetTestDecider *cachet_test_decider_new (const CachetTlsException *exception);
/* For the certificate as it was refused. */
CachetTestDecider *cachet_test_decider_new_for (const CachetServerCertificate *certificate);
guint cachet_test_decider_get_n_asked (CachetTestDecider *self);

G_END_DECLS
