#include "config.h"

#include "cachet-secrets.h"
#include "cachet-test-wait.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Each way in which a secret service can be there or not, in a process of its own: libsecret looks
 * once. */

static CachetSecret *
lookup (CachetSecrets *secrets, const char *account, const char *purpose)
{
  g_auto (CachetTestWait) wait = { NULL };
  g_autoptr (GError) error = NULL;
  CachetSecret *secret;

  cachet_secrets_lookup_async (secrets, account, purpose, NULL, cachet_test_wait_cb, &wait);
  secret = cachet_secrets_lookup_finish (secrets, cachet_test_wait (&wait), &error);
  g_assert_no_error (error);
  return secret;
}

static gboolean
store (CachetSecrets *secrets,
       const char *account,
       const char *purpose,
       const char *text,
       gboolean remember)
{
  g_auto (CachetTestWait) wait = { NULL };
  g_autoptr (CachetSecret) secret = cachet_secret_new (text, -1);
  g_autoptr (GError) error = NULL;
  gboolean only_this_run = TRUE;

  cachet_secrets_store_async (secrets, account, purpose, "Cachet test", secret, remember, NULL,
                              cachet_test_wait_cb, &wait);
  cachet_secrets_store_finish (secrets, cachet_test_wait (&wait), &only_this_run, &error);
  g_assert_no_error (error);
  return only_this_run;
}

static void
assert_secret (CachetSecrets *secrets, const char *account, const char *purpose, const char *text)
{
  g_autoptr (CachetSecret) secret = lookup (secrets, account, purpose);

  if (text == NULL)
    g_assert_null (secret);
  else
    g_assert_cmpstr (cachet_secret_get_text (secret), ==, text);
}

static void
test_service_inner (void)
{
  g_autofree char *directory = g_dir_make_tmp ("cachet-secrets-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "keyring", NULL);
  g_autoptr (CachetSecrets) secrets = NULL;
  g_autoptr (CachetSecrets) later = NULL;
  g_auto (CachetTestWait) wait = { NULL };
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_setenv ("SECRET_BACKEND", "file", TRUE);
  g_setenv ("SECRET_FILE_TEST_PATH", path, TRUE);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", "test", TRUE);
  secrets = cachet_secrets_new ();
  assert_secret (secrets, "a", "imap", NULL);
  g_assert_false (store (secrets, "a", "imap", "one", TRUE));
  g_assert_false (store (secrets, "a", "smtp", "two", TRUE));
  g_assert_false (store (secrets, "ab", "imap", "three", TRUE));
  g_assert_false (store (secrets, "a", "other", "four", FALSE));
  assert_secret (secrets, "a", "imap", "one");
  assert_secret (secrets, "a", "other", "four");
  /* What another run finds. */
  later = cachet_secrets_new ();
  assert_secret (later, "a", "imap", "one");
  assert_secret (later, "a", "smtp", "two");
  assert_secret (later, "ab", "imap", "three");
  assert_secret (later, "a", "other", NULL);
  /* Not in clear on disk. */
  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  g_assert_null (g_strstr_len (content, (gssize)length, "three"));
  cachet_secrets_clear_async (secrets, "a", NULL, cachet_test_wait_cb, &wait);
  cachet_secrets_clear_finish (secrets, cachet_test_wait (&wait), &error);
  g_assert_no_error (error);
  assert_secret (secrets, "a", "imap", NULL);
  assert_secret (secrets, "a", "smtp", NULL);
  assert_secret (secrets, "a", "other", NULL);
  assert_secret (later, "ab", "imap", "three");
  g_remove (path);
  g_rmdir (directory);
}

/* No bus at all: kept for this run, and said so. */
static void
test_no_service_inner (void)
{
  g_autoptr (CachetSecrets) secrets = NULL;
  g_autoptr (CachetSecrets) later = NULL;

  g_unsetenv ("SECRET_BACKEND");
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  secrets = cachet_secrets_new ();
  assert_secret (secrets, "a", "imap", NULL);
  g_assert_true (store (secrets, "a", "imap", "one", TRUE));
  assert_secret (secrets, "a", "imap", "one");
  later = cachet_secrets_new ();
  assert_secret (later, "a", "imap", NULL);
}

/* A bus that takes the connection and never says a word: the main loop runs on, and the caller can
 * leave at any time. */
static void
test_silent_service_inner (void)
{
  g_autofree char *directory = g_dir_make_tmp ("cachet-secrets-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "bus", NULL);
  g_autofree char *address = g_strdup_printf ("unix:path=%s", path);
  struct sockaddr_un name = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_autoptr (CachetSecrets) secrets = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (CachetTestWait) wait = { NULL };
  g_autoptr (GError) error = NULL;
  gint64 before;

  g_strlcpy (name.sun_path, path, sizeof name.sun_path);
  g_assert_cmpint (bind (fd, (struct sockaddr *)&name, sizeof name), ==, 0);
  g_assert_cmpint (listen (fd, 8), ==, 0);
  g_unsetenv ("SECRET_BACKEND");
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", address, TRUE);
  secrets = cachet_secrets_new ();
  before = g_get_monotonic_time ();
  cachet_secrets_lookup_async (secrets, "a", "imap", cancellable, cachet_test_wait_cb, &wait);
  cachet_test_wait_ms (50);
  g_assert_null (wait.result);
  g_cancellable_cancel (cancellable);
  g_assert_null (cachet_secrets_lookup_finish (secrets, cachet_test_wait (&wait), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - before, <, 5 * G_USEC_PER_SEC);
  close (fd);
  g_unlink (path);
  g_rmdir (directory);
}

static void
run_inner (const char *path)
{
  g_test_trap_subprocess (path, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

static void
test_service (void)
{
  run_inner ("/secrets/service/subprocess");
}

static void
test_no_service (void)
{
  run_inner ("/secrets/no-service/subprocess");
}

static void
test_silent_service (void)
{
  run_inner ("/secrets/silent-service/subprocess");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/secrets/service", test_service);
  g_test_add_func ("/secrets/service/subprocess", test_service_inner);
  g_test_add_func ("/secrets/no-service", test_no_service);
  g_test_add_func ("/secrets/no-service/subprocess", test_no_service_inner);
  g_test_add_func ("/secrets/silent-service", test_silent_service);
  g_test_add_func ("/secrets/silent-service/subprocess", test_silent_service_inner);
  return g_test_run ();
}
