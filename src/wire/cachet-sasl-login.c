#define G_LOG_DOMAIN "cachet-wire"

#include "config.h"

#include "cachet-sasl-mechanisms.h"

#include <glib/gi18n.h>

struct _CachetSaslLogin
{
  GObject parent;
  char *user;
  CachetSecret *password;
  guint n_answers; /* 1: the name is out, 2: the password too */
};

static void cachet_sasl_login_iface_init (CachetSaslInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CachetSaslLogin,
                               cachet_sasl_login,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CACHET_TYPE_SASL,
                                                      cachet_sasl_login_iface_init))

static const char *
cachet_sasl_login_get_mechanism (CachetSasl *sasl)
{
  return "LOGIN";
}

static gboolean
cachet_sasl_login_exposes_password (CachetSasl *sasl)
{
  return TRUE;
}

static CachetSecret *
cachet_sasl_login_start (CachetSasl *sasl, GError **error)
{
  return NULL;
}

/* The prompts are "Username:" and "Password:" by habit only: their order counts, not their text. */
static CachetSecret *
cachet_sasl_login_step (CachetSasl *sasl, const guint8 *challenge, gsize length, GError **error)
{
  CachetSaslLogin *self = CACHET_SASL_LOGIN (sasl);

  switch (self->n_answers++)
    {
    case 0:
      return cachet_secret_new (self->user, -1);
    case 1:
      return cachet_secret_ref (self->password);
    default:
      g_set_error_literal (error, CACHET_SASL_ERROR, CACHET_SASL_ERROR_UNEXPECTED,
                           _ ("The server asked for more than a name and a password."));
      return NULL;
    }
}

static gboolean
cachet_sasl_login_finish (CachetSasl *sasl, GError **error)
{
  if (CACHET_SASL_LOGIN (sasl)->n_answers == 2)
    return TRUE;
  g_set_error_literal (error, CACHET_SASL_ERROR, CACHET_SASL_ERROR_UNEXPECTED,
                       _ ("The server accepted the log-in before it was made."));
  return FALSE;
}

static void
cachet_sasl_login_finalize (GObject *object)
{
  CachetSaslLogin *self = CACHET_SASL_LOGIN (object);

  g_free (self->user);
  cachet_secret_unref (self->password);
  G_OBJECT_CLASS (cachet_sasl_login_parent_class)->finalize (object);
}

static void
cachet_sasl_login_class_init (CachetSaslLoginClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cachet_sasl_login_finalize;
}

static void
cachet_sasl_login_iface_init (CachetSaslInterface *iface)
{
  iface->get_mechanism = cachet_sasl_login_get_mechanism;
  iface->exposes_password = cachet_sasl_login_exposes_password;
  iface->start = cachet_sasl_login_start;
  iface->step = cachet_sasl_login_step;
  iface->finish = cachet_sasl_login_finish;
}

static void
cachet_sasl_login_init (CachetSaslLogin *self)
{
}

CachetSasl *
cachet_sasl_login_new (const char *user, CachetSecret *password)
{
  CachetSaslLogin *self = g_object_new (CACHET_TYPE_SASL_LOGIN, NULL);

  self->user = g_strdup (user);
  self->password = cachet_secret_ref (password);
  return CACHET_SASL (self);
}
