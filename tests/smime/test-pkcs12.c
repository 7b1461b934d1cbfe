#define G_LOG_DOMAIN "cachet-test"

#include "config.h"

#include "cachet-pkcs12.h"

#include <string.h>

/* Every kind of .p12 that tests/fixtures/pki/make.sh makes with OpenSSL, certtool and NSS. */

static char *pki;

static GBytes *
read_file (const char *name)
{
  g_autofree char *path = g_build_filename (pki, name, NULL);
  char *data;
  gsize size;

  if (!g_file_get_contents (path, &data, &size, NULL))
    return NULL;
  return g_bytes_new_take (data, size);
}

static CachetPkcs12 *
open_with (GBytes *bytes, const char *password, GError **error)
{
  g_autoptr (CachetSecret) secret = password != NULL ? cachet_secret_new (password, -1) : NULL;

  return cachet_pkcs12_open (bytes, secret, error);
}

typedef struct
{
  const char *file;
  const char *password;
  guint n_identities;
  guint n_chain;
  const char *address; /* NULL: the key has no certificate in the file */
  gboolean optional;   /* made by a program that may not be there */
} Kind;

static const Kind kinds[] = {
  { "default.p12", "trousseau", 1, 2, "alice@example.test", FALSE },
  { "legacy.p12", "trousseau", 1, 2, "alice@example.test", FALSE },
  { "legacy-rc2.p12", "trousseau", 1, 0, "alice@example.test", FALSE },
  { "p256.p12", "trousseau", 1, 2, "bob@example.test", FALSE },
  { "p384.p12", "trousseau", 1, 0, "carol@example.test", FALSE },
  { "leaf-only.p12", "trousseau", 1, 0, "alice@example.test", FALSE },
  { "utf8.p12", "clé de été", 1, 0, "alice@example.test", FALSE },
  { "utf8.p12", "cle\xcc\x81 de e\xcc\x81te\xcc\x81", 1, 0, "alice@example.test",
    FALSE }, /* NFD as typed */
  { "empty.p12", "", 1, 0, "alice@example.test", FALSE },
  { "empty.p12", NULL, 1, 0, "alice@example.test", FALSE },
  { "no-mac.p12", "trousseau", 1, 0, "alice@example.test", FALSE },
  { "armoured.p12", "trousseau", 1, 2, "alice@example.test", FALSE },
  { "base64.p12", "trousseau", 1, 2, "alice@example.test", FALSE },
  { "ed25519.p12", "trousseau", 1, 0, "ed@example.test", FALSE },
  { "certtool.p12", "trousseau", 1, 0, "alice@example.test", TRUE },
  { "certtool-3des.p12", "trousseau", 1, 0, "alice@example.test", TRUE },
  { "nss.p12", "trousseau", 1, 2, "alice@example.test", TRUE },
};

static void
test_kinds (void)
{
  guint n_seen = 0;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      const Kind *kind = &kinds[i];
      g_autoptr (GBytes) bytes = read_file (kind->file);
      g_autoptr (GError) error = NULL;
      g_autoptr (CachetPkcs12) file = NULL;
      CachetPkcs12Identity *identity;

      if (bytes == NULL && kind->optional)
        {
          g_test_message ("%s was not made", kind->file);
          continue;
        }
      g_assert_nonnull (bytes);
      file = open_with (bytes, kind->password, &error);
      if (error != NULL)
        g_error ("%s: %s", kind->file, error->message);
      g_assert_cmpuint (cachet_pkcs12_get_identities (file)->len, ==, kind->n_identities);
      identity = g_ptr_array_index (cachet_pkcs12_get_identities (file), 0);
      g_assert_nonnull (identity->certificate);
      g_assert_true (cachet_certificate_has_address (identity->certificate, kind->address));
      g_assert_cmpuint (identity->chain->len, ==, kind->n_chain);
      g_assert_cmpstr (cachet_private_key_get_key_id (identity->key), ==,
                       cachet_certificate_get_key_id (identity->certificate));
      for (guint j = 0; j < identity->chain->len; j++)
        {
          CachetCertificate *below =
            j == 0 ? identity->certificate : g_ptr_array_index (identity->chain, j - 1);
          g_assert_true (
            cachet_certificate_is_issued_by (below, g_ptr_array_index (identity->chain, j)));
        }
      n_seen++;
    }
  g_assert_cmpuint (n_seen, >=, 14);
}

static void
test_refusals (void)
{
  static const struct
  {
    const char *file;
    const char *password;
    int code;
  } cases[] = {
    { "default.p12", "wrong", CACHET_SMIME_ERROR_WRONG_PASSWORD },
    { "default.p12", "", CACHET_SMIME_ERROR_WRONG_PASSWORD },
    { "default.p12", NULL, CACHET_SMIME_ERROR_WRONG_PASSWORD },
    { "legacy.p12", "wrong", CACHET_SMIME_ERROR_WRONG_PASSWORD },
    { "no-mac.p12", "wrong", CACHET_SMIME_ERROR_WRONG_PASSWORD },
    { "no-key.p12", "trousseau", CACHET_SMIME_ERROR_NO_KEY },
    { "ed448.p12", "trousseau", CACHET_SMIME_ERROR_KEY_UNSUPPORTED },
    { "alice.pem", "trousseau", CACHET_SMIME_ERROR_DAMAGED },
    { "make.log", "trousseau", CACHET_SMIME_ERROR_DAMAGED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) bytes = read_file (cases[i].file);
      g_autoptr (GError) error = NULL;
      g_autoptr (CachetPkcs12) file = open_with (bytes, cases[i].password, &error);

      g_test_message ("%s", cases[i].file);
      g_assert_null (file);
      g_assert_error (error, CACHET_SMIME_ERROR, cases[i].code);
      g_assert_cmpuint (strlen (error->message), >, 20);
    }
}

/* Cut anywhere and with any byte changed it is refused or opened, never a crash; a cut file never
 * opens whole. */
static void
test_damage (void)
{
  g_autoptr (GBytes) bytes = read_file ("legacy.p12"); /* few rounds: fast */
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (gsize cut = 0; cut < size; cut += 61)
    {
      g_autoptr (GBytes) part = g_bytes_new (data, cut);
      g_autoptr (GError) error = NULL;
      g_autoptr (CachetPkcs12) file = open_with (part, "trousseau", &error);

      g_assert_null (file);
      g_assert_nonnull (error);
    }
  for (gsize at = 0; at < size; at += 53)
    {
      g_autofree guint8 *copy = g_memdup2 (data, size);
      g_autoptr (GBytes) changed = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (CachetPkcs12) file = NULL;

      copy[at] ^= 0x55;
      changed = g_bytes_new (copy, size);
      file = open_with (changed, "trousseau", &error);
      g_assert_true ((file != NULL) != (error != NULL));
    }
}

static void
test_limit (void)
{
  g_autofree guint8 *zeros = g_malloc0 (CACHET_PKCS12_MAX_SIZE + 1);
  g_autoptr (GBytes) bytes = g_bytes_new (zeros, CACHET_PKCS12_MAX_SIZE + 1);
  g_autoptr (GError) error = NULL;

  g_assert_null (open_with (bytes, "x", &error));
  g_assert_error (error, CACHET_SMIME_ERROR, CACHET_SMIME_ERROR_LIMIT);
}

/* An iteration count of two thousand million in the MAC would block for minutes. */
static void
test_iterations (void)
{
  g_autoptr (GBytes) bytes = read_file ("legacy.p12");
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autofree guint8 *copy = g_memdup2 (data, size);
  g_autoptr (GBytes) changed = NULL;
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();

  /* MacData, at the end of the file, closes with INTEGER 2048 */
  g_assert_cmpmem (copy + size - 4, 4, "\x02\x02\x08\x00", 4);
  {
    /* grow the three enclosing lengths by two */
    g_autoptr (GByteArray) grown = g_byte_array_new ();
    g_byte_array_append (grown, copy, size - 4);
    g_byte_array_append (grown, (const guint8 *)"\x02\x04\x7f\xff\xff\xff", 6);
    guint outer = (grown->data[2] << 8 | grown->data[3]) + 2;
    grown->data[2] = outer >> 8;
    grown->data[3] = outer & 0xff;
    /* MacData is the last SEQUENCE of the file with a one-byte length */
    for (guint at = grown->len - 7; at > grown->len - 80; at--)
      if (grown->data[at] == 0x30 && at + 2 + grown->data[at + 1] == grown->len - 2)
        {
          grown->data[at + 1] += 2;
          break;
        }
    changed = g_bytes_new (grown->data, grown->len);
  }
  g_assert_null (open_with (changed, "trousseau", &error));
  g_assert_error (error, CACHET_SMIME_ERROR, CACHET_SMIME_ERROR_LIMIT);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
}

static void
test_backup (void)
{
  g_autoptr (GBytes) bytes = read_file ("default.p12");
  g_autoptr (CachetSecret) password = cachet_secret_new ("sauvegarde é", -1);
  g_autoptr (GError) error = NULL;
  g_autoptr (CachetPkcs12) file = open_with (bytes, "trousseau", &error);
  g_autoptr (CachetPkcs12) again = NULL;
  g_autoptr (GBytes) backup = NULL;
  g_autofree char *path = g_build_filename (pki, "backup.p12", NULL);
  g_autofree char *openssl = g_find_program_in_path ("openssl");
  CachetPkcs12Identity *before;
  CachetPkcs12Identity *after;

  g_assert_no_error (error);
  before = g_ptr_array_index (cachet_pkcs12_get_identities (file), 0);
  backup =
    cachet_pkcs12_write (before->key, before->certificate, before->chain, NULL, password, &error);
  g_assert_no_error (error);
  again = cachet_pkcs12_open (backup, password, &error);
  g_assert_no_error (error);
  after = g_ptr_array_index (cachet_pkcs12_get_identities (again), 0);
  g_assert_true (cachet_certificate_equal (before->certificate, after->certificate));
  g_assert_cmpuint (after->chain->len, ==, 2);
  g_assert_null (open_with (backup, "other", NULL));
  if (openssl == NULL)
    return;
  g_assert_true (
    g_file_set_contents (path, g_bytes_get_data (backup, NULL), g_bytes_get_size (backup), NULL));
  {
    const char *argv[] = { openssl,  "pkcs12", "-in", path, "-passin", "pass:sauvegarde é",
                           "-nodes", NULL };
    g_autofree char *output = NULL;
    int status = 1;

    g_assert_true (
      g_spawn_sync (NULL, (char **)argv, NULL, 0, NULL, NULL, &output, NULL, &status, NULL));
    g_assert_cmpint (status, ==, 0);
    g_assert_nonnull (strstr (output, "BEGIN PRIVATE KEY"));
  }
}

static void
test_sealed_key (void)
{
  g_autoptr (GBytes) bytes = read_file ("p256.p12");
  g_autoptr (CachetSecret) password = cachet_secret_new ("k", -1);
  g_autoptr (CachetSecret) wrong = cachet_secret_new ("w", -1);
  g_autoptr (GError) error = NULL;
  g_autoptr (CachetPkcs12) file = open_with (bytes, "trousseau", &error);
  CachetPkcs12Identity *identity = g_ptr_array_index (cachet_pkcs12_get_identities (file), 0);
  g_autoptr (GBytes) pem = cachet_private_key_dup_sealed_pem (identity->key, password, &error);
  g_autoptr (CachetPrivateKey) key = NULL;

  g_assert_no_error (error);
  g_assert_nonnull (
    g_strstr_len (g_bytes_get_data (pem, NULL), g_bytes_get_size (pem), "ENCRYPTED PRIVATE KEY"));
  key = cachet_private_key_new_from_sealed_pem (pem, password, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (cachet_private_key_get_key_id (key), ==,
                   cachet_private_key_get_key_id (identity->key));
  g_assert_null (cachet_private_key_new_from_sealed_pem (pem, wrong, &error));
  g_assert_error (error, CACHET_SMIME_ERROR, CACHET_SMIME_ERROR_WRONG_PASSWORD);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  pki = g_strdup (g_getenv ("CACHET_TEST_PKI"));
  g_assert_nonnull (pki);
  g_test_add_func ("/smime/pkcs12/kinds", test_kinds);
  g_test_add_func ("/smime/pkcs12/refusals", test_refusals);
  g_test_add_func ("/smime/pkcs12/damage", test_damage);
  g_test_add_func ("/smime/pkcs12/limit", test_limit);
  g_test_add_func ("/smime/pkcs12/iterations", test_iterations);
  g_test_add_func ("/smime/pkcs12/backup", test_backup);
  g_test_add_func ("/smime/pkcs12/sealed-key", test_sealed_key);
  return g_test_run ();
}
