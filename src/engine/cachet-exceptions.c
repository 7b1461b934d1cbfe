#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-exceptions.h"

#include "cachet-account-probe.h"
#include "cachet-engine-private.h"

struct _CachetExceptions
{
  GObject parent_instance;

  CachetAccountsFile *file;
};

static void decider_iface_init (CachetTrustDeciderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CachetExceptions,
                               cachet_exceptions,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CACHET_TYPE_TRUST_DECIDER,
                                                      decider_iface_init))

static const CachetTlsException *
lookup (CachetTrustDecider *decider, const char *host, guint16 port)
{
  CachetExceptions *self = CACHET_EXCEPTIONS (decider);
  GPtrArray *exceptions = cachet_accounts_file_get_exceptions (self->file);

  for (guint i = 0; i < exceptions->len; i++)
    {
      const CachetTlsException *exception = g_ptr_array_index (exceptions, i);

      if (exception->port == port && g_ascii_strcasecmp (exception->host, host) == 0)
        return exception;
    }
  return NULL;
}

static void
decider_iface_init (CachetTrustDeciderInterface *iface)
{
  iface->lookup = lookup;
}

static void
cachet_exceptions_finalize (GObject *object)
{
  CachetExceptions *self = CACHET_EXCEPTIONS (object);

  g_clear_object (&self->file);
  G_OBJECT_CLASS (cachet_exceptions_parent_class)->finalize (object);
}

static void
cachet_exceptions_class_init (CachetExceptionsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cachet_exceptions_finalize;
}

static void
cachet_exceptions_init (CachetExceptions *self)
{
}

CachetExceptions *
cachet_exceptions_new (CachetAccountsFile *file)
{
  CachetExceptions *self = g_object_new (CACHET_TYPE_EXCEPTIONS, NULL);

  self->file = g_object_ref (file);
  return self;
}

gboolean
cachet_engine_add_exception (CachetEngine *engine,
                             const CachetServerCertificate *certificate,
                             GError **error)
{
  g_autoptr (CachetTlsException) exception = NULL;

  g_return_val_if_fail (CACHET_IS_ENGINE (engine), FALSE);
  g_return_val_if_fail (certificate != NULL, FALSE);

  exception = cachet_tls_exception_new (certificate->host, certificate->port, certificate->sha256,
                                        certificate->problems);
  return cachet_accounts_file_put_exception (cachet_engine_get_accounts_file (engine), exception,
                                             error);
}
