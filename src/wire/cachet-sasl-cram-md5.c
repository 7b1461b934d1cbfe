#define G_LOG_DOMAIN "cachet-wire"

#include "config.h"

#include "cachet-sasl-mechanisms.h"

#include <glib/gi18n.h>

struct _CachetSaslCramMd5
{
  GObject parent;
  char *user;
  CachetSecret *password;
  gboolean answered;
};

static void cachet_sasl_cram_md5_iface_init (CachetSaslInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CachetSaslCramMd5,
                               cachet_sasl_cram_md5,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CACHET_TYPE_SASL,
                                                      cachet_sasl_cram_md5_iface_init))

static const char *
cachet_sasl_cram_md5_get_mechanism (CachetSasl *sasl)
{
  return "CRAM-MD5";
}

static gboolean
cachet_sasl_cram_md5_exposes_password (CachetSasl *sasl)
{
  return FALSE;
}

static CachetSecret *
cachet_sasl_cram_md5_start (CachetSasl *sasl, GError **error)
{
  return NULL;
}

/* user SP lower-case hexadecimal HMAC-MD5 (password, challenge) */
static CachetSecret *
cachet_sasl_cram_md5_step (CachetSasl *sasl, const guint8 *challenge, gsize length, GError **error)
{
  CachetSaslCramMd5 *self = CACHET_SASL_CRAM_MD5 (sasl);
  g_autoptr (GHmac) hmac = NULL;
  g_autofree char *response = NULL;

  if (self->answered)
    {
      g_set_error_literal (error, CACHET_SASL_ERROR, CACHET_SASL_ERROR_UNEXPECTED,
                           _ ("The server asked for more than one answer to its challenge."));
      return NULL;
    }
  if (length == 0)
    {
      /* An answer to nothing would be the same each time: whoever saw it could use it again. */
      g_set_error_literal (error, CACHET_SASL_ERROR, CACHET_SASL_ERROR_CHALLENGE,
                           _ ("The server's log-in challenge is empty."));
      return NULL;
    }
  self->answered = TRUE;
  hmac = g_hmac_new (G_CHECKSUM_MD5, (const guchar *)cachet_secret_get_text (self->password),
                     cachet_secret_get_length (self->password));
  g_hmac_update (hmac, challenge, (gssize)length);
  response = g_strdup_printf ("%s %s", self->user, g_hmac_get_string (hmac));
  return cachet_secret_new (response, -1);
}

static gboolean
cachet_sasl_cram_md5_finish (CachetSasl *sasl, GError **error)
{
  if (CACHET_SASL_CRAM_MD5 (sasl)->answered)
    return TRUE;
  g_set_error_literal (error, CACHET_SASL_ERROR, CACHET_SASL_ERROR_UNEXPECTED,
                       _ ("The server accepted the log-in before it was made."));
  return FALSE;
}

static void
cachet_sasl_cram_md5_finalize (GObject *object)
{
  CachetSaslCramMd5 *self = CACHET_SASL_CRAM_MD5 (object);

  g_free (self->user);
  cachet_secret_unref (self->password);
  G_OBJECT_CLASS (cachet_sasl_cram_md5_parent_class)->finalize (object);
}

static void
cachet_sasl_cram_md5_class_init (CachetSaslCramMd5Class *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cachet_sasl_cram_md5_finalize;
}

static void
cachet_sasl_cram_md5_iface_init (CachetSaslInterface *iface)
{
  iface->get_mechanism = cachet_sasl_cram_md5_get_mechanism;
  iface->exposes_password = cachet_sasl_cram_md5_exposes_password;
  iface->start = cachet_sasl_cram_md5_start;
  iface->step = cachet_sasl_cram_md5_step;
  iface->finish = cachet_sasl_cram_md5_finish;
}

static void
cachet_sasl_cram_md5_init (CachetSaslCramMd5 *self)
{
}

CachetSasl *
cachet_sasl_cram_md5_new (const char *user, CachetSecret *password)
{
  CachetSaslCramMd5 *self = g_object_new (CACHET_TYPE_SASL_CRAM_MD5, NULL);

  self->user = g_strdup (user);
  self->password = cachet_secret_ref (password);
  return CACHET_SASL (self);
}
