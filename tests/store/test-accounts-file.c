#define G_LOG_DOMAIN "cachet-test"

#include "config.h"

#include "cachet-accounts-file.h"
#include "store-test.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  char *folder;
  char *accounts;
  char *exceptions;
  CachetAccountsFile *file;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = store_test_make_folder ();
  fixture->accounts = g_build_filename (fixture->folder, "accounts.ini", NULL);
  fixture->exceptions = g_build_filename (fixture->folder, "exceptions.ini", NULL);
  fixture->file = cachet_accounts_file_new (fixture->folder);
  g_assert_true (cachet_accounts_file_load (fixture->file, NULL, &error));
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->file);
  store_test_remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->accounts);
  g_free (fixture->exceptions);
}

static CachetAccountSettings *
make_settings (const char *label)
{
  CachetAccountSettings *settings = cachet_account_settings_new ();

  g_free (settings->label);
  settings->label = g_strdup (label);
  g_free (settings->full_name);
  settings->full_name = g_strdup ("Zoé; [Müller] = \\x");
  g_free (settings->address);
  settings->address = g_strdup ("zoe@example.org");
  settings->imap = cachet_endpoint_new ("imap.example.org", 143, CACHET_SECURITY_STARTTLS);
  settings->imap->ca_file = g_strdup ("/etc/my ca.pem");
  settings->smtp = cachet_endpoint_new ("2001:db8::1", 465, CACHET_SECURITY_TLS);
  g_free (settings->imap_user);
  settings->imap_user = g_strdup (" zoe ");
  g_free (settings->smtp_user);
  settings->smtp_user = g_strdup ("");
  g_free (settings->auth);
  settings->auth = g_strdup ("plain");
  g_free (settings->signature);
  settings->signature = g_strdup ("-- \nZoé\n\twith a tab; and = signs\n");
  settings->delete_mode = CACHET_DELETE_MODE_MARK;
  return settings;
}

static CachetAccountsFile *
load_again (Fixture *fixture, char ***warnings)
{
  CachetAccountsFile *file = cachet_accounts_file_new (fixture->folder);
  g_autoptr (GError) error = NULL;

  g_assert_true (cachet_accounts_file_load (file, warnings, &error));
  g_assert_no_error (error);
  return file;
}

static void
assert_equal (const CachetAccountSettings *a, const CachetAccountSettings *b)
{
  g_assert_cmpstr (a->id, ==, b->id);
  g_assert_cmpstr (a->label, ==, b->label);
  g_assert_cmpstr (a->full_name, ==, b->full_name);
  g_assert_cmpstr (a->address, ==, b->address);
  g_assert_true (cachet_endpoint_equal (a->imap, b->imap));
  g_assert_true (cachet_endpoint_equal (a->smtp, b->smtp));
  g_assert_cmpstr (a->imap->ca_file, ==, b->imap->ca_file);
  g_assert_cmpstr (a->imap_user, ==, b->imap_user);
  g_assert_cmpstr (a->smtp_user, ==, b->smtp_user);
  g_assert_cmpstr (a->auth, ==, b->auth);
  g_assert_cmpint (a->allow_clear_password, ==, b->allow_clear_password);
  g_assert_cmpstr (a->signature, ==, b->signature);
  g_assert_cmpint (a->delete_mode, ==, b->delete_mode);
}

static void
test_accounts (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CachetAccountSettings) first = make_settings ("First");
  g_autoptr (CachetAccountSettings) second = make_settings ("Second");
  g_autoptr (CachetAccountsFile) again = NULL;
  g_auto (GStrv) warnings = NULL;
  GPtrArray *list;
  GStatBuf info;

  second->allow_clear_password = TRUE;
  g_clear_pointer (&second->signature, g_free);
  g_assert_true (cachet_accounts_file_put (fixture->file, first, &error));
  g_assert_true (cachet_accounts_file_put (fixture->file, second, &error));
  g_assert_no_error (error);
  g_free (first->label);
  first->label = g_strdup ("Renamed");
  g_assert_true (cachet_accounts_file_put (fixture->file, first, &error));
  again = load_again (fixture, &warnings);
  g_assert_null (warnings);
  list = cachet_accounts_file_get_accounts (again);
  g_assert_cmpuint (list->len, ==, 2);
  assert_equal (g_ptr_array_index (list, 0), first);
  assert_equal (g_ptr_array_index (list, 1), second);
  g_assert_cmpint (g_stat (fixture->accounts, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);

  g_assert_true (cachet_accounts_file_remove (fixture->file, first->id, &error));
  g_assert_cmpuint (cachet_accounts_file_get_accounts (fixture->file)->len, ==, 1);
  g_assert_false (cachet_accounts_file_remove (fixture->file, first->id, &error));
  g_assert_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_NOT_FOUND);
}

/* What cachetctl adds while the window is open is still there when the window writes. */
static void
test_two_writers (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CachetAccountsFile) other = load_again (fixture, NULL);
  g_autoptr (CachetAccountSettings) first = make_settings ("First");
  g_autoptr (CachetAccountSettings) second = make_settings ("Second");

  g_assert_true (cachet_accounts_file_put (fixture->file, first, &error));
  g_assert_true (cachet_accounts_file_put (other, second, &error));
  g_assert_cmpuint (cachet_accounts_file_get_accounts (other)->len, ==, 2);
}

/* The keys that may ever be in the file: none of them can hold a password. */
static void
test_no_secret (Fixture *fixture, gconstpointer data)
{
  static const char *const known[] = { "label",        "full-name",     "address",
                                       "imap-host",    "imap-port",     "imap-security",
                                       "imap-ca-file", "imap-user",     "smtp-host",
                                       "smtp-port",    "smtp-security", "smtp-ca-file",
                                       "smtp-user",    "auth",          "allow-clear-password",
                                       "signature",    "delete-mode",   NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (CachetAccountSettings) settings = make_settings ("First");
  g_auto (GStrv) keys = NULL;

  g_assert_true (cachet_accounts_file_put (fixture->file, settings, &error));
  g_assert_true (g_key_file_load_from_file (file, fixture->accounts, G_KEY_FILE_NONE, &error));
  keys = g_key_file_get_keys (file, settings->id, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (keys), >, 10);
  for (guint i = 0; keys[i] != NULL; i++)
    g_assert_true (g_strv_contains (known, keys[i]));
}

static void
test_broken_group (Fixture *fixture, gconstpointer data)
{
  static const char *const broken[] = {
    "[x]\nlabel=no servers\n",
    "[x]\nimap-host=h\nimap-port=143\nimap-security=plain-text\nsmtp-host=h\nsmtp-port=25\n"
    "smtp-security=none\naddress=a@example.org\nimap-user=u\nauth=auto\n",
    "[x]\nimap-host=h\nimap-port=70000\nimap-security=tls\nsmtp-host=h\nsmtp-port=25\n"
    "smtp-security=tls\naddress=a@example.org\nimap-user=u\nauth=auto\n",
    "[x]\nimap-host=h\nimap-port=143\nsmtp-host=h\nsmtp-port=25\nsmtp-security=tls\n"
    "address=a@example.org\nimap-user=u\nauth=auto\n",
    "[x]\nimap-host=h\nimap-port=143\nimap-security=tls\nsmtp-host=h\nsmtp-port=25\n"
    "smtp-security=tls\naddress=nobody\nimap-user=u\nauth=auto\n",
    "[x]\nimap-host=h\nimap-port=143\nimap-security=tls\nsmtp-host=h\nsmtp-port=25\n"
    "smtp-security=tls\naddress=a@example.org\nimap-user=u\nauth=rot13\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (CachetAccountsFile) file = NULL;
      g_autoptr (CachetAccountSettings) good = make_settings ("Good");
      g_auto (GStrv) warnings = NULL;
      g_autofree char *text = NULL;
      g_autofree char *with_comment = g_strconcat ("# by hand\n", broken[i], NULL);

      g_assert_true (g_file_set_contents (fixture->accounts, with_comment, -1, &error));
      file = load_again (fixture, &warnings);
      g_assert_cmpuint (cachet_accounts_file_get_accounts (file)->len, ==, 0);
      g_assert_nonnull (warnings);
      g_assert_cmpuint (g_strv_length (warnings), ==, 1);
      g_assert_nonnull (strstr (warnings[0], "“x”"));
      /* It stays in the file for whoever mends it. */
      g_assert_true (cachet_accounts_file_put (file, good, &error));
      g_assert_true (g_file_get_contents (fixture->accounts, &text, NULL, &error));
      g_assert_nonnull (strstr (text, "[x]"));
      g_assert_nonnull (strstr (text, "# by hand"));
    }
}

static void
test_unreadable (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CachetAccountSettings) settings = make_settings ("First");
  g_autofree char *text = NULL;

  g_assert_true (g_file_set_contents (fixture->accounts, "no group\n", -1, &error));
  g_assert_false (cachet_accounts_file_load (fixture->file, NULL, &error));
  g_assert_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_DAMAGED);
  g_clear_error (&error);
  /* Nor is it overwritten. */
  g_assert_false (cachet_accounts_file_put (fixture->file, settings, &error));
  g_assert_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_DAMAGED);
  g_clear_error (&error);
  g_assert_true (g_file_get_contents (fixture->accounts, &text, NULL, &error));
  g_assert_cmpstr (text, ==, "no group\n");

  g_unlink (fixture->accounts);
  g_assert_cmpint (g_mkdir (fixture->accounts, 0700), ==, 0);
  g_assert_false (cachet_accounts_file_load (fixture->file, NULL, &error));
  g_assert_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_IO);
  g_assert_cmpint (g_rmdir (fixture->accounts), ==, 0);
}

static void
test_exceptions (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *old_sum = g_strnfill (64, 'a');
  g_autofree char *new_sum = g_strnfill (64, 'b');
  g_autoptr (CachetTlsException) old =
    cachet_tls_exception_new ("Mail.example.org", 993, old_sum, CACHET_TLS_PROBLEM_EXPIRED);
  g_autoptr (CachetTlsException) new = cachet_tls_exception_new (
    "mail.example.org", 993, new_sum, CACHET_TLS_PROBLEM_UNKNOWN_CA | CACHET_TLS_PROBLEM_WEAK_KEY);
  g_autoptr (CachetTlsException) other =
    cachet_tls_exception_new ("::1", 993, old_sum, CACHET_TLS_PROBLEM_NO_SAN);
  g_autoptr (CachetAccountsFile) again = NULL;
  g_auto (GStrv) warnings = NULL;
  GPtrArray *list;
  CachetTlsException *got;

  g_assert_true (cachet_accounts_file_put_exception (fixture->file, old, &error));
  g_assert_true (cachet_accounts_file_put_exception (fixture->file, other, &error));
  g_assert_true (cachet_accounts_file_put_exception (fixture->file, new, &error));
  g_assert_no_error (error);
  again = load_again (fixture, &warnings);
  g_assert_null (warnings);
  list = cachet_accounts_file_get_exceptions (again);
  g_assert_cmpuint (list->len, ==, 2);
  got = g_ptr_array_index (list, 0);
  g_assert_cmpstr (got->sha256, ==, new_sum);
  g_assert_cmpuint (got->problems, ==, new->problems);
  g_assert_true (
    cachet_tls_exception_covers (got, "mail.example.org", 993, new_sum, new->problems));
  g_assert_true (cachet_accounts_file_remove_exception (again, "MAIL.example.org", 993, &error));
  g_assert_cmpuint (cachet_accounts_file_get_exceptions (again)->len, ==, 1);
  g_assert_false (cachet_accounts_file_remove_exception (again, "mail.example.org", 993, &error));
  g_assert_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_NOT_FOUND);

  /* An exception that is not whole excuses nothing. */
  g_assert_true (g_file_set_contents (fixture->exceptions,
                                      "[a]\nhost=h\nport=993\nsha256=abc\nproblems=1\n"
                                      "[b]\nhost=h\nport=993\nproblems=1\n",
                                      -1, NULL));
  g_clear_object (&again);
  again = load_again (fixture, &warnings);
  g_assert_cmpuint (cachet_accounts_file_get_exceptions (again)->len, ==, 0);
  g_assert_cmpuint (g_strv_length (warnings), ==, 2);
}

int
main (int argc, char *argv[])
{
  store_test_init (&argc, &argv);

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/store/accounts-file/accounts", test_accounts);
  ADD ("/store/accounts-file/two-writers", test_two_writers);
  ADD ("/store/accounts-file/no-secret", test_no_secret);
  ADD ("/store/accounts-file/broken-group", test_broken_group);
  ADD ("/store/accounts-file/unreadable", test_unreadable);
  ADD ("/store/accounts-file/exceptions", test_exceptions);
#undef ADD
  return g_test_run ();
}
