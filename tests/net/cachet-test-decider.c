#define G_LOG_DOMAIN "cachet-test"

#include "config.h"

#include "cachet-test-decider.h"

struct _CachetTestDecider
{
  GObject parent_instance;

  CachetTlsException *exception;
  guint n_asked;
};

static const CachetTlsException *
cachet_test_decider_lookup (CachetTrustDecider *decider, const char *host, guint16 port)
{
  CachetTestDecider *self = CACHET_TEST_DECIDER (decider);

  self->n_asked++;
  return self->exception;
}

static void
trust_decider_init (CachetTrustDeciderInterface *iface)
{
  iface->lookup = cachet_test_decider_lookup;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (CachetTestDecider,
                               cachet_test_decider,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CACHET_TYPE_TRUST_DECIDER,
                                                      trust_decider_init))

static void
cachet_test_decider_finalize (GObject *object)
{
  CachetTestDecider *self = CACHET_TEST_DECIDER (object);

  g_clear_pointer (&self->exception, cachet_tls_exception_free);

  G_OBJECT_CLASS (cachet_test_decider_parent_class)->finalize (object);
}

static void
cachet_test_decider_class_init (CachetTestDeciderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cachet_test_decider_finalize;
}

static void
cachet_test_decider_init (CachetTestDecider *self)
{
}

CachetTestDecider *
cachet_test_decider_new (const CachetTlsException *exception)
{
  CachetTestDecider *self = g_object_new (CACHET_TYPE_TEST_DECIDER, NULL);

  if (exception != NULL)
    self->exception = cachet_tls_exception_copy (exception);
  return self;
}

CachetTestDecider *
cachet_test_decider_new_for (const CachetServerCertificate *certificate)
{
  g_autoptr (CachetTlsException) exception = cachet_tls_exception_new (
    certificate->host, certificate->port, certificate->sha256, certificate->problems);

  return cachet_test_decider_new (exception);
}

guint
cachet_test_decider_get_n_asked (CachetTestDecider *self)
{
  return self->n_asked;
}
