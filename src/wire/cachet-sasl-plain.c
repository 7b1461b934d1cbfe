#define G_LOG_DOMAIN "cachet-wire"

#include "config.h"

#include "cachet-sasl-mechanisms.h"

#include <glib/gi18n.h>
#include <string.h>

struct _CachetSaslPlain
{
  GObject parent;
  char *user;
  CachetSecret *password;
  gboolean started;
};

static void cachet_sasl_plain_iface_init (CachetSaslInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CachetSaslPlain,
                               cachet_sasl_plain,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CACHET_TYPE_SASL,
                                                      cachet_sasl_plain_iface_init))

static const char *
cachet_sasl_plain_get_mechanism (CachetSasl *sasl)
{
  return "PLAIN";
}

static gboolean
cachet_sasl_plain_exposes_password (CachetSasl *sasl)
{
  return TRUE;
}

/* No authorization identity: NUL authcid NUL password. */
static CachetSecret *
cachet_sasl_plain_start (CachetSasl *sasl, GError **error)
{
  CachetSaslPlain *self = CACHET_SASL_PLAIN (sasl);
  gsize n_user = strlen (self->user);
  gsize n_password = cachet_secret_get_length (self->password);
  gsize length = n_user + n_password + 2;
  g_autofree char *message = g_malloc0 (length);
  CachetSecret *response;

  self->started = TRUE;
  memcpy (message + 1, self->user, n_user);
  memcpy (message + n_user + 2, cachet_secret_get_text (self->password), n_password);
  response = cachet_secret_new (message, (gssize)length);
  cachet_secret_wipe (message, length);
  return response;
}

static CachetSecret *
cachet_sasl_plain_step (CachetSasl *sasl, const guint8 *challenge, gsize length, GError **error)
{
  g_set_error_literal (error, CACHET_SASL_ERROR, CACHET_SASL_ERROR_UNEXPECTED,
                       _ ("The server asked for more than a name and a password."));
  return NULL;
}

static gboolean
cachet_sasl_plain_finish (CachetSasl *sasl, GError **error)
{
  if (CACHET_SASL_PLAIN (sasl)->started)
    return TRUE;
  g_set_error_literal (error, CACHET_SASL_ERROR, CACHET_SASL_ERROR_UNEXPECTED,
                       _ ("The server accepted the log-in before it was made."));
  return FALSE;
}

static void
cachet_sasl_plain_finalize (GObject *object)
{
  CachetSaslPlain *self = CACHET_SASL_PLAIN (object);

  g_free (self->user);
  cachet_secret_unref (self->password);
  G_OBJECT_CLASS (cachet_sasl_plain_parent_class)->finalize (object);
}

static void
cachet_sasl_plain_class_init (CachetSaslPlainClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cachet_sasl_plain_finalize;
}

static void
cachet_sasl_plain_iface_init (CachetSaslInterface *iface)
{
  iface->get_mechanism = cachet_sasl_plain_get_mechanism;
  iface->exposes_password = cachet_sasl_plain_exposes_password;
  iface->start = cachet_sasl_plain_start;
  iface->step = cachet_sasl_plain_step;
  iface->finish = cachet_sasl_plain_finish;
}

static void
cachet_sasl_plain_init (CachetSaslPlain *self)
{
}

CachetSasl *
cachet_sasl_plain_new (const char *user, CachetSecret *password)
{
  CachetSaslPlain *self = g_object_new (CACHET_TYPE_SASL_PLAIN, NULL);

  self->user = g_strdup (user);
  self->password = cachet_secret_ref (password);
  return CACHET_SASL (self);
}
