#define G_LOG_DOMAIN "cachet-smime"

#include "config.h"

#include "cachet-pkcs12.h"

#include "cachet-certificate-private.h"
#include "cachet-private-key-private.h"
#include "cachet-visible-text.h"

#include <glib/gi18n.h>
#include <gnutls/pkcs12.h>
#include <string.h>

#define MAX_SALT 256
#define MAX_CHAIN 20

struct _CachetPkcs12
{
  GObject parent_instance;

  GPtrArray *identities;
  GPtrArray *certificates;
  char *protection;
};

G_DEFINE_FINAL_TYPE (CachetPkcs12, cachet_pkcs12, G_TYPE_OBJECT)

static void
identity_free (gpointer data)
{
  CachetPkcs12Identity *identity = data;

  g_clear_object (&identity->key);
  g_clear_object (&identity->certificate);
  g_ptr_array_unref (identity->chain);
  g_free (identity->friendly_name);
  g_free (identity);
}

static void
cachet_pkcs12_finalize (GObject *object)
{
  CachetPkcs12 *self = CACHET_PKCS12 (object);

  g_ptr_array_unref (self->identities);
  g_ptr_array_unref (self->certificates);
  g_free (self->protection);
  G_OBJECT_CLASS (cachet_pkcs12_parent_class)->finalize (object);
}

static void
cachet_pkcs12_class_init (CachetPkcs12Class *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cachet_pkcs12_finalize;
}

static void
cachet_pkcs12_init (CachetPkcs12 *self)
{
  self->identities = g_ptr_array_new_with_free_func (identity_free);
  self->certificates = g_ptr_array_new_with_free_func (g_object_unref);
}

static void
set_damaged (GError **error)
{
  g_set_error (error, CACHET_SMIME_ERROR, CACHET_SMIME_ERROR_DAMAGED,
               _ ("This is no .p12 file, or it is damaged. Export it again where it comes from."));
}

static void
set_wrong_password (GError **error)
{
  g_set_error (error, CACHET_SMIME_ERROR, CACHET_SMIME_ERROR_WRONG_PASSWORD,
               _ ("This password does not open the file. It is the one that was chosen when the file was exported."));
}

static void
set_unsupported (const char *what, GError **error)
{
  g_set_error (error, CACHET_SMIME_ERROR, CACHET_SMIME_ERROR_KEY_UNSUPPORTED,
               _ ("The password is right, but the file is protected in a way that can't be read (%s). Export it again "
                  "with AES."),
                  what != NULL ? what : "?");
}

static gboolean
check_iterations (guint iterations, GError **error)
{
  if (iterations <= CACHET_PKCS12_MAX_ITERATIONS)
    return TRUE;
  g_set_error (error, CACHET_SMIME_ERROR, CACHET_SMIME_ERROR_LIMIT,
               _ ("The file asks for %u rounds of key derivation; Cachet does at most %u."),
                  iterations, CACHET_PKCS12_MAX_ITERATIONS);
  return FALSE;
}

/* DER out of what people have: DER, PEM, or base64 that lost its armour. */
static gnutls_pkcs12_t
import_file (GBytes *data)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (data, &size);
  gnutls_datum_t datum = { (unsigned char *)bytes, size };
  gnutls_pkcs12_t file = NULL;
  g_autofree char *text = NULL;
  g_autofree guchar *decoded = NULL;

  if (size == 0 || gnutls_pkcs12_init (&file) < 0)
    return NULL;
  if (gnutls_pkcs12_import (file, &datum, GNUTLS_X509_FMT_DER, 0) >= 0)
    return file;
  if (gnutls_pkcs12_import (file, &datum, GNUTLS_X509_FMT_PEM, 0) >= 0)
    return file;
  if (memchr (bytes, '\0', size) == NULL)
    {
      text = g_strndup ((const char *)bytes, size);
      decoded = g_base64_decode (text, &size);
      datum.data = decoded;
      datum.size = size;
      if (size > 0 && gnutls_pkcs12_import (file, &datum, GNUTLS_X509_FMT_DER, 0) >= 0)
        return file;
    }
  gnutls_pkcs12_deinit (file);
  return NULL;
}

/* The password in the form that the file was made with: as typed in NFC, or empty, or none. %FALSE
 * when none fits. @mac tells whether a MAC proved it. */
static gboolean
find_password (
  gnutls_pkcs12_t file, const char *typed, const char **found, gboolean *mac, GError **error)
{
  const char *candidates[] = { typed, "", NULL };
  unsigned int iterations = 0;
  unsigned int salt_size = 0;
  gnutls_mac_algorithm_t algorithm;

  *found = typed;
  *mac = gnutls_pkcs12_mac_info (file, &algorithm, NULL, &salt_size, &iterations, NULL) >= 0;
  if (!*mac)
    return TRUE;
  if (!check_iterations (iterations, error))
    return FALSE;
  for (guint i = typed == NULL ? 1 : 0; i < G_N_ELEMENTS (candidates); i++)
    if (gnutls_pkcs12_verify_mac (file, candidates[i]) >= 0)
      {
        *found = candidates[i];
        return TRUE;
      }
  set_wrong_password (error);
  return FALSE;
}

static char *
describe_protection (unsigned int schema, unsigned int cipher, unsigned int iterations)
{
  const char *name = gnutls_pkcs_schema_get_name (schema);
  const char *cipher_name = gnutls_cipher_get_name (cipher);

  return g_strdup_printf (_ ("%s, %s, %u rounds"), name != NULL ? name : "?",
                             cipher_name != NULL ? cipher_name : "?", iterations);
}

/* Opens a sealed bag; a plain one stays. */
static gboolean
open_bag (
  CachetPkcs12 *self, gnutls_pkcs12_bag_t bag, const char *password, gboolean mac, GError **error)
{
  unsigned int schema, cipher, iterations = 0, salt_size = MAX_SALT;
  unsigned char salt[MAX_SALT];
  char *oid = NULL;
  int result;

  if (gnutls_pkcs12_bag_get_type (bag, 0) != GNUTLS_BAG_ENCRYPTED)
    return TRUE;
  result = gnutls_pkcs12_bag_enc_info (bag, &schema, &cipher, salt, &salt_size, &iterations, &oid);
  if (result >= 0)
    {
      if (!check_iterations (iterations, error))
        {
          gnutls_free (oid);
          return FALSE;
        }
      g_free (self->protection);
      self->protection = describe_protection (schema, cipher, iterations);
    }
  result = gnutls_pkcs12_bag_decrypt (bag, password);
  if (result < 0 && mac)
    set_unsupported (oid != NULL ? oid : gnutls_strerror (result), error);
  else if (result < 0)
    set_wrong_password (error);
  gnutls_free (oid);
  return result >= 0;
}

static gboolean
add_key (CachetPkcs12 *self,
         gnutls_datum_t *datum,
         gboolean sealed,
         const char *password,
         gboolean mac,
         const char *name,
         GError **error)
{
  unsigned int schema, cipher, iterations = 0, salt_size = MAX_SALT;
  unsigned char salt[MAX_SALT];
  CachetPkcs12Identity *identity;
  CachetPrivateKey *key;
  gnutls_x509_privkey_t x509;
  char *oid = NULL;
  int result;

  if (sealed && gnutls_pkcs8_info (datum, GNUTLS_X509_FMT_DER, &schema, &cipher, salt, &salt_size,
                                   &iterations, &oid) >= 0)
    {
      gnutls_free (oid);
      if (!check_iterations (iterations, error))
        return FALSE;
      if (self->protection == NULL)
        self->protection = describe_protection (schema, cipher, iterations);
    }
  if (gnutls_x509_privkey_init (&x509) < 0)
    {
      set_damaged (error);
      return FALSE;
    }
  result = gnutls_x509_privkey_import_pkcs8 (
    x509, datum, GNUTLS_X509_FMT_DER, sealed ? password : NULL, sealed ? 0 : GNUTLS_PKCS_PLAIN);
  if (result < 0)
    {
      gnutls_x509_privkey_deinit (x509);
      if (sealed && !mac)
        set_wrong_password (error);
      else
        set_unsupported (gnutls_strerror (result), error);
      return FALSE;
    }
  key = cachet_private_key_new_take (x509, error);
  if (key == NULL)
    return FALSE;
  identity = g_new0 (CachetPkcs12Identity, 1);
  identity->key = key;
  identity->chain = g_ptr_array_new_with_free_func (g_object_unref);
  identity->friendly_name = g_strdup (name);
  g_ptr_array_add (self->identities, identity);
  return TRUE;
}

static gboolean
has_certificate (GPtrArray *certificates, CachetCertificate *certificate)
{
  for (guint i = 0; i < certificates->len; i++)
    if (cachet_certificate_equal (g_ptr_array_index (certificates, i), certificate))
      return TRUE;
  return FALSE;
}

static void
add_certificate (CachetPkcs12 *self, gnutls_datum_t *datum)
{
  g_autoptr (GBytes) der = g_bytes_new (datum->data, datum->size);
  g_autoptr (CachetCertificate) certificate = cachet_certificate_new_from_der (der, NULL);

  if (certificate != NULL && !has_certificate (self->certificates, certificate))
    g_ptr_array_add (self->certificates, g_steal_pointer (&certificate));
}

/* A key that can't be used is remembered in @key_error: others in the file may do. */
static gboolean
take_bag (CachetPkcs12 *self,
          gnutls_pkcs12_bag_t bag,
          const char *password,
          gboolean mac,
          GError **key_error,
          GError **error)
{
  int n = gnutls_pkcs12_bag_get_count (bag);

  if (n > CACHET_PKCS12_MAX_ITEMS)
    {
      g_set_error (error, CACHET_SMIME_ERROR, CACHET_SMIME_ERROR_LIMIT,
                   _ ("The file holds more than %d keys and certificates."),
                      CACHET_PKCS12_MAX_ITEMS);
      return FALSE;
    }
  for (int i = 0; i < n; i++)
    {
      int type = gnutls_pkcs12_bag_get_type (bag, i);
      gnutls_datum_t datum;
      char *raw_name = NULL;
      g_autofree char *name = NULL;
      g_autoptr (GError) item_error = NULL;

      if (type < 0 || gnutls_pkcs12_bag_get_data (bag, i, &datum) < 0)
        continue;
      if (gnutls_pkcs12_bag_get_friendly_name (bag, i, &raw_name) >= 0 && raw_name != NULL)
        name = cachet_visible_text (raw_name, -1, FALSE);
      if (type == GNUTLS_BAG_CERTIFICATE)
        add_certificate (self, &datum);
      else if ((type == GNUTLS_BAG_PKCS8_KEY || type == GNUTLS_BAG_PKCS8_ENCRYPTED_KEY) &&
               !add_key (self, &datum, type == GNUTLS_BAG_PKCS8_ENCRYPTED_KEY, password, mac, name,
                         &item_error) &&
               *key_error == NULL)
        *key_error = g_steal_pointer (&item_error);
    }
  return TRUE;
}

static gboolean
take_bags (
  CachetPkcs12 *self, gnutls_pkcs12_t file, const char *password, gboolean mac, GError **error)
{
  g_autoptr (GError) key_error = NULL;
  gboolean ok = TRUE;

  for (int i = 0; ok; i++)
    {
      gnutls_pkcs12_bag_t bag;
      int result;

      if (i >= CACHET_PKCS12_MAX_BAGS)
        {
          g_set_error (error, CACHET_SMIME_ERROR, CACHET_SMIME_ERROR_LIMIT,
                       _ ("The file holds more than %d parts."), CACHET_PKCS12_MAX_BAGS);
          return FALSE;
        }
      if (gnutls_pkcs12_bag_init (&bag) < 0)
        {
          set_damaged (error);
          return FALSE;
        }
      result = gnutls_pkcs12_get_bag (file, i, bag);
      if (result == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
        {
          gnutls_pkcs12_bag_deinit (bag);
          break;
        }
      if (result < 0)
        {
          set_damaged (error);
          ok = FALSE;
        }
      else
        ok = open_bag (self, bag, password, mac, error) &&
             take_bag (self, bag, password, mac, &key_error, error);
      gnutls_pkcs12_bag_deinit (bag);
    }
  if (!ok)
    return FALSE;
  if (self->identities->len > 0)
    return TRUE;
  if (key_error != NULL)
    g_propagate_error (error, g_steal_pointer (&key_error));
  else
    g_set_error (error, CACHET_SMIME_ERROR, CACHET_SMIME_ERROR_NO_KEY,
                 _ ("There is no private key in this file, only certificates. Export it again together with the key."));
  return FALSE;
}

static CachetCertificate *
find_issuer (CachetPkcs12 *self, CachetCertificate *certificate)
{
  for (guint i = 0; i < self->certificates->len; i++)
    {
      CachetCertificate *issuer = g_ptr_array_index (self->certificates, i);
      if (issuer != certificate && cachet_certificate_is_issued_by (certificate, issuer))
        return issuer;
    }
  return NULL;
}

/* By public key, so that an identity is right whatever the file's own pairing says. */
static void
pair (CachetPkcs12 *self, CachetPkcs12Identity *identity)
{
  const char *key_id = cachet_private_key_get_key_id (identity->key);
  CachetCertificate *found = NULL;

  for (guint i = 0; i < self->certificates->len; i++)
    {
      CachetCertificate *certificate = g_ptr_array_index (self->certificates, i);
      if (g_str_equal (cachet_certificate_get_key_id (certificate), key_id) &&
          (found == NULL || cachet_certificate_get_not_after (certificate) >
                              cachet_certificate_get_not_after (found)))
        found = certificate;
    }
  if (found == NULL)
    return;
  identity->certificate = g_object_ref (found);
  for (CachetCertificate *issuer = find_issuer (self, found);
       issuer != NULL && identity->chain->len < MAX_CHAIN; issuer = find_issuer (self, issuer))
    {
      if (has_certificate (identity->chain, issuer))
        break;
      g_ptr_array_add (identity->chain, g_object_ref (issuer));
    }
}

CachetPkcs12 *
cachet_pkcs12_open (GBytes *data, CachetSecret *password, GError **error)
{
  g_autoptr (CachetPkcs12) self = g_object_new (CACHET_TYPE_PKCS12, NULL);
  gnutls_pkcs12_t file;
  const char *found;
  char *typed = NULL;
  gboolean mac;
  gboolean ok;

  g_return_val_if_fail (data != NULL, NULL);

  if (g_bytes_get_size (data) > CACHET_PKCS12_MAX_SIZE)
    {
      g_set_error (error, CACHET_SMIME_ERROR, CACHET_SMIME_ERROR_LIMIT,
                   _ ("The file is far too large for a .p12 file."));
      return NULL;
    }
  file = import_file (data);
  if (file == NULL)
    {
      set_damaged (error);
      return NULL;
    }
  if (password != NULL)
    typed = g_utf8_normalize (cachet_secret_get_text (password), -1, G_NORMALIZE_NFC);
  if (password != NULL && typed == NULL) /* not UTF-8: as it is */
    typed = g_strdup (cachet_secret_get_text (password));
  ok =
    find_password (file, typed, &found, &mac, error) && take_bags (self, file, found, mac, error);
  if (typed != NULL)
    cachet_secret_wipe (typed, strlen (typed));
  g_free (typed);
  gnutls_pkcs12_deinit (file);
  if (!ok)
    return NULL;
  for (guint i = 0; i < self->identities->len; i++)
    pair (self, g_ptr_array_index (self->identities, i));
  if (self->protection == NULL)
    self->protection = g_strdup (_ ("none"));
  return g_steal_pointer (&self);
}

GPtrArray *
cachet_pkcs12_get_identities (CachetPkcs12 *self)
{
  g_return_val_if_fail (CACHET_IS_PKCS12 (self), NULL);
  return self->identities;
}

GPtrArray *
cachet_pkcs12_get_certificates (CachetPkcs12 *self)
{
  g_return_val_if_fail (CACHET_IS_PKCS12 (self), NULL);
  return self->certificates;
}

const char *
cachet_pkcs12_get_protection (CachetPkcs12 *self)
{
  g_return_val_if_fail (CACHET_IS_PKCS12 (self), NULL);
  return self->protection;
}

static int
add_certificate_bag (gnutls_pkcs12_bag_t bag,
                     CachetCertificate *certificate,
                     const char *name,
                     const char *key_id_of)
{
  int index = gnutls_pkcs12_bag_set_crt (bag, cachet_certificate_get_crt (certificate));
  unsigned char id[64];
  size_t size = sizeof id;

  if (index < 0 || key_id_of == NULL)
    return index;
  if (gnutls_x509_crt_get_key_id (cachet_certificate_get_crt (certificate), GNUTLS_KEYID_USE_SHA1,
                                  id, &size) >= 0)
    {
      gnutls_datum_t datum = { id, size };
      gnutls_pkcs12_bag_set_key_id (bag, index, &datum);
    }
  return gnutls_pkcs12_bag_set_friendly_name (bag, index, name);
}

static int
put_certificates (gnutls_pkcs12_t file,
                  CachetCertificate *certificate,
                  GPtrArray *chain,
                  const char *name,
                  const char *password)
{
  gnutls_pkcs12_bag_t bag;
  int result = gnutls_pkcs12_bag_init (&bag);

  if (result < 0)
    return result;
  result = add_certificate_bag (bag, certificate, name, name);
  for (guint i = 0; result >= 0 && chain != NULL && i < chain->len; i++)
    result = add_certificate_bag (bag, g_ptr_array_index (chain, i), NULL, NULL);
  if (result >= 0)
    result = gnutls_pkcs12_bag_encrypt (bag, password, GNUTLS_PKCS_PBES2_AES_256);
  if (result >= 0)
    result = gnutls_pkcs12_set_bag (file, bag);
  gnutls_pkcs12_bag_deinit (bag);
  return result;
}

static int
put_key (gnutls_pkcs12_t file, CachetPrivateKey *key, const char *name, const char *password)
{
  gnutls_x509_privkey_t x509 = cachet_private_key_get_x509 (key);
  gnutls_datum_t sealed = { NULL, 0 };
  unsigned char id[64];
  gnutls_datum_t id_datum = { id, sizeof id };
  size_t id_size = sizeof id;
  gnutls_pkcs12_bag_t bag;
  int result = gnutls_pkcs12_bag_init (&bag);
  int index = -1;

  if (result < 0)
    return result;
  result = gnutls_x509_privkey_export2_pkcs8 (x509, GNUTLS_X509_FMT_DER, password,
                                              GNUTLS_PKCS_PBES2_AES_256, &sealed);
  if (result >= 0)
    result = index = gnutls_pkcs12_bag_set_data (bag, GNUTLS_BAG_PKCS8_ENCRYPTED_KEY, &sealed);
  gnutls_free (sealed.data);
  if (result >= 0)
    result = gnutls_x509_privkey_get_key_id (x509, GNUTLS_KEYID_USE_SHA1, id, &id_size);
  if (result >= 0)
    {
      id_datum.size = id_size;
      result = gnutls_pkcs12_bag_set_key_id (bag, index, &id_datum);
    }
  if (result >= 0)
    result = gnutls_pkcs12_bag_set_friendly_name (bag, index, name);
  if (result >= 0)
    result = gnutls_pkcs12_set_bag (file, bag);
  gnutls_pkcs12_bag_deinit (bag);
  return result;
}

GBytes *
cachet_pkcs12_write (CachetPrivateKey *key,
                     CachetCertificate *certificate,
                     GPtrArray *chain,
                     const char *friendly_name,
                     CachetSecret *password,
                     GError **error)
{
  const char *text = cachet_secret_get_text (password);
  gnutls_datum_t datum = { NULL, 0 };
  gnutls_pkcs12_t file = NULL;
  GBytes *bytes = NULL;
  int result;

  g_return_val_if_fail (CACHET_IS_PRIVATE_KEY (key), NULL);
  g_return_val_if_fail (CACHET_IS_CERTIFICATE (certificate), NULL);

  if (friendly_name == NULL)
    friendly_name = cachet_certificate_get_name (certificate);
  result = gnutls_pkcs12_init (&file);
  if (result >= 0)
    result = put_certificates (file, certificate, chain, friendly_name, text);
  if (result >= 0)
    result = put_key (file, key, friendly_name, text);
  if (result >= 0)
    result = gnutls_pkcs12_generate_mac2 (file, GNUTLS_MAC_SHA256, text);
  if (result >= 0)
    result = gnutls_pkcs12_export2 (file, GNUTLS_X509_FMT_DER, &datum);
  if (result >= 0)
    bytes = g_bytes_new (datum.data, datum.size);
  else
    g_set_error (error, CACHET_SMIME_ERROR, CACHET_SMIME_ERROR_CRYPTO,
                 _ ("The backup could not be made: %s"), gnutls_strerror (result));
  gnutls_free (datum.data);
  if (file != NULL)
    gnutls_pkcs12_deinit (file);
  return bytes;
}
