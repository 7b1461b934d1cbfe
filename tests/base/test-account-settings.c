#include "config.h"

#include "cachet-account-settings.h"

static CachetAccountSettings *
make_settings (void)
{
  CachetAccountSettings *settings = cachet_account_settings_new ();

  g_free (settings->address);
  settings->address = g_strdup ("bob@example.org");
  settings->full_name = g_strdup ("Bob");
  settings->signature = g_strdup ("-- \nBob");
  settings->imap = cachet_endpoint_new ("imap.example.org", 993, CACHET_SECURITY_TLS);
  settings->smtp = cachet_endpoint_new ("smtp.example.org", 465, CACHET_SECURITY_TLS);
  g_free (settings->imap_user);
  settings->imap_user = g_strdup ("bob");
  return settings;
}

static void
set (char **field, const char *value)
{
  g_free (*field);
  *field = g_strdup (value);
}

static void
assert_refused (CachetAccountSettings *settings)
{
  g_autoptr (CachetAccountSettings) owned = settings;
  g_autoptr (GError) error = NULL;

  g_assert_false (cachet_account_settings_validate (owned, &error));
  g_assert_error (error, CACHET_BASE_ERROR, CACHET_BASE_ERROR_INVALID);
}

static void
test_validate (void)
{
  g_autoptr (CachetAccountSettings) good = make_settings ();
  g_autoptr (GError) error = NULL;
  CachetAccountSettings *bad;

  g_assert_true (cachet_account_settings_validate (good, &error));
  g_assert_no_error (error);

  assert_refused (cachet_account_settings_new ());
  bad = make_settings ();
  set (&bad->address, "bob");
  assert_refused (bad);
  bad = make_settings ();
  set (&bad->full_name, "Bob\r\nBcc: eve@example.org");
  assert_refused (bad);
  bad = make_settings ();
  bad->imap->port = 0;
  assert_refused (bad);
  bad = make_settings ();
  set (&bad->imap->host, "bad host");
  assert_refused (bad);
  bad = make_settings ();
  bad->imap->ca_file = g_strdup ("relative.pem");
  assert_refused (bad);
  bad = make_settings ();
  g_clear_pointer (&bad->smtp, cachet_endpoint_free);
  assert_refused (bad);
  bad = make_settings ();
  set (&bad->imap_user, "");
  assert_refused (bad);
  bad = make_settings ();
  set (&bad->smtp_user, "bob\nx");
  assert_refused (bad);
  bad = make_settings ();
  set (&bad->auth, "xoauth9");
  assert_refused (bad);
  bad = make_settings ();
  set (&bad->id, "");
  assert_refused (bad);
}

static void
test_copy (void)
{
  g_autoptr (CachetAccountSettings) a = make_settings ();
  g_autoptr (CachetAccountSettings) b = NULL;
  g_autoptr (CachetAccountSettings) other = cachet_account_settings_new ();

  a->allow_clear_password = TRUE;
  a->delete_mode = CACHET_DELETE_MODE_MARK;
  b = cachet_account_settings_copy (a);
  g_assert_cmpstr (a->id, ==, b->id);
  g_assert_cmpstr (a->id, !=, other->id);
  g_assert_cmpstr (b->signature, ==, "-- \nBob");
  g_assert_true (b->allow_clear_password);
  g_assert_cmpint (b->delete_mode, ==, CACHET_DELETE_MODE_MARK);
  g_assert_true (a->imap != b->imap);
  g_assert_true (cachet_endpoint_equal (a->imap, b->imap));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/account-settings/validate", test_validate);
  g_test_add_func ("/base/account-settings/copy", test_copy);
  return g_test_run ();
}
