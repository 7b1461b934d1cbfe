#define G_LOG_DOMAIN "cachet-smime"

#include "config.h"

#include "cachet-private-key.h"

#include "cachet-private-key-private.h"

#include <glib/gi18n.h>

struct _CachetPrivateKey
{
  GObject parent_instance;

  gnutls_x509_privkey_t x509;
  gnutls_privkey_t privkey;
  char *key_id;
  char *text;
};

G_DEFINE_FINAL_TYPE (CachetPrivateKey, cachet_private_key, G_TYPE_OBJECT)

static void
cachet_private_key_finalize (GObject *object)
{
  CachetPrivateKey *self = CACHET_PRIVATE_KEY (object);

  g_clear_pointer (&self->privkey, gnutls_privkey_deinit);
  g_clear_pointer (&self->x509, gnutls_x509_privkey_deinit);
  g_free (self->key_id);
  g_free (self->text);
  G_OBJECT_CLASS (cachet_private_key_parent_class)->finalize (object);
}

static void
cachet_private_key_class_init (CachetPrivateKeyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cachet_private_key_finalize;
}

static void
cachet_private_key_init (CachetPrivateKey *self)
{
}

static char *
read_key_id (gnutls_x509_privkey_t key)
{
  unsigned char buffer[64];
  size_t size = sizeof buffer;
  GString *text = g_string_new (NULL);

  if (gnutls_x509_privkey_get_key_id (key, GNUTLS_KEYID_USE_SHA1, buffer, &size) >= 0)
    for (size_t i = 0; i < size; i++)
      g_string_append_printf (text, "%02x", buffer[i]);
  return g_string_free (text, FALSE);
}

static gboolean
algorithm_is_supported (int algorithm)
{
  return algorithm == GNUTLS_PK_RSA || algorithm == GNUTLS_PK_RSA_PSS ||
         algorithm == GNUTLS_PK_ECDSA || algorithm == GNUTLS_PK_EDDSA_ED25519;
}

CachetPrivateKey *
cachet_private_key_new_take (gnutls_x509_privkey_t key, GError **error)
{
  g_autoptr (CachetPrivateKey) self = g_object_new (CACHET_TYPE_PRIVATE_KEY, NULL);
  unsigned int bits = 0;
  int algorithm = gnutls_x509_privkey_get_pk_algorithm2 (key, &bits);
  const char *name = algorithm >= 0 ? gnutls_pk_algorithm_get_name (algorithm) : "?";

  self->x509 = key;
  if (!algorithm_is_supported (algorithm))
    {
      g_set_error (error, CACHET_SMIME_ERROR, CACHET_SMIME_ERROR_KEY_UNSUPPORTED,
                   _ ("The private key is of the kind %s, which can't be used for mail; RSA and the elliptic curves "
                      "P-256 and P-384 can."),
                      name);
      return NULL;
    }
  if (gnutls_privkey_init (&self->privkey) < 0 ||
      gnutls_privkey_import_x509 (self->privkey, key, 0) < 0)
    {
      g_set_error (error, CACHET_SMIME_ERROR, CACHET_SMIME_ERROR_CRYPTO,
                   _ ("The private key could not be opened."));
      return NULL;
    }
  self->key_id = read_key_id (key);
  self->text = g_strdup_printf (_ ("%s, %u bits"), name, bits);
  return g_steal_pointer (&self);
}

CachetPrivateKey *
cachet_private_key_new_from_sealed_pem (GBytes *pem, CachetSecret *password, GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (pem, &size);
  gnutls_datum_t datum = { (unsigned char *)data, size };
  gnutls_x509_privkey_t key;
  int result;

  if (gnutls_x509_privkey_init (&key) < 0)
    {
      g_set_error (error, CACHET_SMIME_ERROR, CACHET_SMIME_ERROR_CRYPTO,
                   _ ("The private key could not be opened."));
      return NULL;
    }
  result = gnutls_x509_privkey_import_pkcs8 (key, &datum, GNUTLS_X509_FMT_PEM,
                                             cachet_secret_get_text (password), 0);
  if (result >= 0)
    return cachet_private_key_new_take (key, error);
  gnutls_x509_privkey_deinit (key);
  if (result == GNUTLS_E_DECRYPTION_FAILED)
    g_set_error (error, CACHET_SMIME_ERROR, CACHET_SMIME_ERROR_WRONG_PASSWORD,
                 _ ("This password does not open the private key."));
  else
    g_set_error (error, CACHET_SMIME_ERROR, CACHET_SMIME_ERROR_DAMAGED,
                 _ ("The stored private key is damaged: %s"), gnutls_strerror (result));
  return NULL;
}

GBytes *
cachet_private_key_dup_sealed_pem (CachetPrivateKey *self, CachetSecret *password, GError **error)
{
  gnutls_datum_t datum = { NULL, 0 };
  GBytes *bytes;
  int result;

  g_return_val_if_fail (CACHET_IS_PRIVATE_KEY (self), NULL);

  result = gnutls_x509_privkey_export2_pkcs8 (self->x509, GNUTLS_X509_FMT_PEM,
                                              cachet_secret_get_text (password),
                                              GNUTLS_PKCS_PBES2_AES_256, &datum);
  if (result < 0)
    {
      g_set_error (error, CACHET_SMIME_ERROR, CACHET_SMIME_ERROR_CRYPTO,
                   _ ("The private key could not be sealed: %s"), gnutls_strerror (result));
      return NULL;
    }
  bytes = g_bytes_new (datum.data, datum.size);
  gnutls_free (datum.data);
  return bytes;
}

const char *
cachet_private_key_get_key_id (CachetPrivateKey *self)
{
  g_return_val_if_fail (CACHET_IS_PRIVATE_KEY (self), NULL);
  return self->key_id;
}

const char *
cachet_private_key_get_text (CachetPrivateKey *self)
{
  g_return_val_if_fail (CACHET_IS_PRIVATE_KEY (self), NULL);
  return self->text;
}

gnutls_x509_privkey_t
cachet_private_key_get_x509 (CachetPrivateKey *self)
{
  g_assert (CACHET_IS_PRIVATE_KEY (self));
  return self->x509;
}

gnutls_privkey_t
cachet_private_key_get_privkey (CachetPrivateKey *self)
{
  g_assert (CACHET_IS_PRIVATE_KEY (self));
  return self->privkey;
}
