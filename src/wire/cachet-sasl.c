#define G_LOG_DOMAIN "cachet-wire"

#include "config.h"

#include "cachet-sasl.h"

#include "cachet-sasl-mechanisms.h"

#include <glib/gi18n.h>
#include <string.h>

G_DEFINE_QUARK (cachet - sasl - error - quark, cachet_sasl_error)
G_DEFINE_INTERFACE (CachetSasl, cachet_sasl, G_TYPE_OBJECT)

/* In order of preference under TLS; in clear those that do not expose the password come first. */
static const struct
{
  const char *name;
  gboolean exposes_password;
  CachetSasl *(*create) (const char *user, CachetSecret *password);
} mechanisms[] = {
  { "PLAIN", TRUE, cachet_sasl_plain_new },
  { "LOGIN", TRUE, cachet_sasl_login_new },
  { "CRAM-MD5", FALSE, cachet_sasl_cram_md5_new },
};

static void
cachet_sasl_default_init (CachetSaslInterface *iface)
{
}

CachetSasl *
cachet_sasl_new (const char *mechanism, const char *user, CachetSecret *password, GError **error)
{
  g_return_val_if_fail (mechanism != NULL, NULL);
  g_return_val_if_fail (user != NULL, NULL);
  g_return_val_if_fail (password != NULL, NULL);

  if (user[0] == '\0')
    {
      g_set_error_literal (error, CACHET_SASL_ERROR, CACHET_SASL_ERROR_CREDENTIALS,
                           _ ("There is no user name."));
      return NULL;
    }
  if (strlen (cachet_secret_get_text (password)) != cachet_secret_get_length (password))
    {
      g_set_error_literal (error, CACHET_SASL_ERROR, CACHET_SASL_ERROR_CREDENTIALS,
                           _ ("The password has a NUL character in it, which can't be sent."));
      return NULL;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    if (g_ascii_strcasecmp (mechanism, mechanisms[i].name) == 0)
      return mechanisms[i].create (user, password);
  g_set_error (error, CACHET_SASL_ERROR, CACHET_SASL_ERROR_CREDENTIALS,
               _ ("Cachet does not know the log-in method “%s”."), mechanism);
  return NULL;
}

const char *
cachet_sasl_get_mechanism (CachetSasl *self)
{
  g_return_val_if_fail (CACHET_IS_SASL (self), NULL);
  return CACHET_SASL_GET_IFACE (self)->get_mechanism (self);
}

gboolean
cachet_sasl_exposes_password (CachetSasl *self)
{
  g_return_val_if_fail (CACHET_IS_SASL (self), TRUE);
  return CACHET_SASL_GET_IFACE (self)->exposes_password (self);
}

CachetSecret *
cachet_sasl_start (CachetSasl *self, GError **error)
{
  g_return_val_if_fail (CACHET_IS_SASL (self), NULL);
  return CACHET_SASL_GET_IFACE (self)->start (self, error);
}

CachetSecret *
cachet_sasl_step (CachetSasl *self, const guint8 *challenge, gsize length, GError **error)
{
  g_return_val_if_fail (CACHET_IS_SASL (self), NULL);
  g_return_val_if_fail (challenge != NULL || length == 0, NULL);

  if (length > CACHET_SASL_MAX_CHALLENGE)
    {
      g_set_error_literal (error, CACHET_SASL_ERROR, CACHET_SASL_ERROR_CHALLENGE,
                           _ ("The server's log-in challenge is too long."));
      return NULL;
    }
  return CACHET_SASL_GET_IFACE (self)->step (self, challenge, length, error);
}

gboolean
cachet_sasl_finish (CachetSasl *self, GError **error)
{
  g_return_val_if_fail (CACHET_IS_SASL (self), FALSE);
  return CACHET_SASL_GET_IFACE (self)->finish (self, error);
}

static CachetSecret *
encode_line (CachetSecret *raw)
{
  g_autofree char *text =
    g_base64_encode ((const guchar *)cachet_secret_get_text (raw), cachet_secret_get_length (raw));
  CachetSecret *line = cachet_secret_new (text, -1);

  cachet_secret_wipe (text, strlen (text));
  return line;
}

CachetSecret *
cachet_sasl_start_line (CachetSasl *self, GError **error)
{
  g_autoptr (CachetSecret) raw = cachet_sasl_start (self, error);

  if (raw == NULL)
    return NULL;
  if (cachet_secret_get_length (raw) == 0)
    return cachet_secret_new ("=", -1);
  return encode_line (raw);
}

/* GLib's decoder skips what is not base64; a log-in must not. */
static guint8 *
decode_strict (const char *text, gsize length, gsize *n_bytes)
{
  g_autofree char *copy = NULL;
  gsize n_padding = 0;

  if (length % 4 != 0)
    return NULL;
  while (n_padding < 2 && n_padding < length && text[length - 1 - n_padding] == '=')
    n_padding++;
  for (gsize i = 0; i < length - n_padding; i++)
    if (!g_ascii_isalnum (text[i]) && text[i] != '+' && text[i] != '/')
      return NULL;
  copy = g_strndup (text, length);
  return g_base64_decode (copy, n_bytes);
}

CachetSecret *
cachet_sasl_step_line (CachetSasl *self, const char *challenge, gssize length, GError **error)
{
  g_autofree guint8 *bytes = NULL;
  g_autoptr (CachetSecret) raw = NULL;
  gsize n_bytes = 0;
  gsize n_chars;

  g_return_val_if_fail (CACHET_IS_SASL (self), NULL);
  g_return_val_if_fail (challenge != NULL, NULL);

  n_chars = length < 0 ? strlen (challenge) : (gsize)length;
  if (n_chars > 0)
    {
      if (n_chars <= CACHET_SASL_MAX_CHALLENGE / 3 * 4)
        bytes = decode_strict (challenge, n_chars, &n_bytes);
      if (bytes == NULL)
        {
          g_set_error_literal (error, CACHET_SASL_ERROR, CACHET_SASL_ERROR_CHALLENGE,
                               _ ("The server's log-in challenge can't be read."));
          return NULL;
        }
    }
  raw = cachet_sasl_step (self, bytes, n_bytes, error);
  return raw != NULL ? encode_line (raw) : NULL;
}

static gboolean
is_offered (const char *const *offered, const char *name)
{
  for (gsize i = 0; offered != NULL && offered[i] != NULL; i++)
    if (g_ascii_strcasecmp (offered[i], name) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_wanted (const char *preference, const char *name)
{
  return preference == NULL || g_ascii_strcasecmp (preference, "auto") == 0 ||
         g_ascii_strcasecmp (preference, name) == 0;
}

const char *
cachet_sasl_choose (const char *const *offered,
                    const char *preference,
                    gboolean encrypted,
                    gboolean allow_clear,
                    CachetSaslRefusal *refusal)
{
  CachetSaslRefusal reason = CACHET_SASL_REFUSAL_UNKNOWN;
  const char *exposing = NULL;
  const char *covered = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    {
      const char *name = mechanisms[i].name;
      const char **best = mechanisms[i].exposes_password ? &exposing : &covered;

      if (!is_wanted (preference, name))
        continue;
      if (reason == CACHET_SASL_REFUSAL_UNKNOWN)
        reason = CACHET_SASL_REFUSAL_NOT_OFFERED;
      if (*best == NULL && is_offered (offered, name))
        *best = name;
    }
  if (!encrypted && !allow_clear && exposing != NULL && covered == NULL)
    reason = CACHET_SASL_REFUSAL_CLEAR;
  if (!encrypted && !allow_clear)
    exposing = NULL;
  if (refusal != NULL)
    *refusal = exposing != NULL || covered != NULL ? CACHET_SASL_REFUSAL_NONE : reason;
  if (encrypted)
    return exposing != NULL ? exposing : covered;
  return covered != NULL ? covered : exposing;
}
