#include "config.h"

#include <string.h>

#include "cachet-main-thread.h"
#include "cachet-message-flags.h"
#include "cachet-secret.h"
#include "cachet-server-certificate.h"
#include "cachet-wire-record.h"
#include "cachet-worker.h"

static void
test_flags (void)
{
  for (guint bit = 0; bit < 16; bit++)
    {
      CachetMessageFlags flag = (CachetMessageFlags)(1u << bit);
      const char *name = cachet_message_flag_to_imap (flag);

      g_assert_cmpint (name != NULL, ==, flag <= CACHET_MESSAGE_FLAG_MDN_SENT);
      if (name != NULL)
        g_assert_cmpint (cachet_message_flag_from_imap (name), ==, flag);
    }
  g_assert_cmpint (cachet_message_flag_from_imap ("\\SEEN"), ==, CACHET_MESSAGE_FLAG_SEEN);
  g_assert_cmpint (cachet_message_flag_from_imap ("\\Recent"), ==, CACHET_MESSAGE_FLAG_NONE);
  g_assert_cmpint (cachet_message_flag_from_imap (""), ==, CACHET_MESSAGE_FLAG_NONE);
  g_assert_null (cachet_message_flag_to_imap (CACHET_MESSAGE_FLAG_NONE));
  g_assert_null (cachet_message_flag_to_imap (CACHET_MESSAGE_FLAG_HAS_BODY));
  g_assert_null (
    cachet_message_flag_to_imap (CACHET_MESSAGE_FLAG_SEEN | CACHET_MESSAGE_FLAG_DRAFT));
}

static void
test_secret (void)
{
  g_autoptr (CachetSecret) secret = cachet_secret_new ("geheim", -1);
  g_autoptr (CachetSecret) cut = cachet_secret_new ("geheim", 3);
  g_autoptr (CachetSecret) empty = cachet_secret_new ("", -1);
  g_autofree char *page = g_strnfill (4096, 'x');
  g_autoptr (CachetSecret) big = cachet_secret_new (page, -1);
  char buffer[] = "geheim";

  cachet_secret_unref (cachet_secret_ref (secret));
  g_assert_cmpstr (cachet_secret_get_text (secret), ==, "geheim");
  g_assert_cmpuint (cachet_secret_get_length (secret), ==, 6);
  g_assert_cmpstr (cachet_secret_get_text (cut), ==, "geh");
  g_assert_cmpstr (cachet_secret_get_text (empty), ==, "");
  g_assert_cmpuint (strlen (cachet_secret_get_text (big)), ==, 4096);
  cachet_secret_wipe (buffer, sizeof (buffer));
  for (guint i = 0; i < sizeof (buffer); i++)
    g_assert_cmpint (buffer[i], ==, 0);
}

static void
test_certificate (void)
{
  CachetServerCertificate certificate = { .host = (char *)"h",
                                          .port = 993,
                                          .sha256 = (char *)"0a1bff",
                                          .names = (char *[]){ (char *)"h", NULL } };
  g_autoptr (CachetServerCertificate) copy = NULL;
  g_autofree char *fingerprint = NULL;

  certificate.der = g_bytes_new_static ("x", 1);
  copy = cachet_server_certificate_copy (&certificate);
  g_clear_pointer (&certificate.der, g_bytes_unref);
  fingerprint = cachet_server_certificate_dup_fingerprint (copy);
  g_assert_cmpstr (fingerprint, ==, "0A:1B:FF");
  g_assert_cmpstr (copy->names[0], ==, "h");

  /* Each problem has one sentence of its own, so that none is passed over in silence. */
  for (guint all = 0, bit = 0; bit <= 10; bit++)
    {
      g_auto (GStrv) one = NULL;
      g_auto (GStrv) some = NULL;

      copy->problems = (CachetTlsProblems)(1u << bit);
      one = cachet_server_certificate_describe_problems (copy);
      g_assert_cmpuint (g_strv_length (one), ==, 1);
      all |= 1u << bit;
      copy->problems = (CachetTlsProblems)all;
      some = cachet_server_certificate_describe_problems (copy);
      g_assert_cmpuint (g_strv_length (some), ==, bit + 1);
      g_assert_cmpstr (some[bit], ==, one[0]);
    }
  copy->problems = CACHET_TLS_PROBLEM_NONE;
  {
    g_auto (GStrv) none = cachet_server_certificate_describe_problems (copy);

    g_assert_cmpuint (g_strv_length (none), ==, 0);
  }
}

static void
test_exception (void)
{
  CachetTlsProblems problems = CACHET_TLS_PROBLEM_UNKNOWN_CA | CACHET_TLS_PROBLEM_EXPIRED;
  g_autoptr (CachetTlsException) made = cachet_tls_exception_new ("Host", 993, "ab", problems);
  g_autoptr (CachetTlsException) e = cachet_tls_exception_copy (made);

  g_assert_true (cachet_tls_exception_covers (e, "host", 993, "AB", problems));
  g_assert_false (cachet_tls_exception_covers (e, "host2", 993, "ab", problems));
  g_assert_false (cachet_tls_exception_covers (e, "host", 465, "ab", problems));
  g_assert_false (cachet_tls_exception_covers (e, "host", 993, "ac", problems));
  g_assert_false (cachet_tls_exception_covers (e, "host", 993, "ab", CACHET_TLS_PROBLEM_EXPIRED));
  g_assert_false (
    cachet_tls_exception_covers (e, "host", 993, "ab", problems | CACHET_TLS_PROBLEM_NO_SAN));
}

static void
test_wire_record (void)
{
  CachetWireRecord record = { .serial = 7, .protocol = "imap", .text = (char *)"a1 OK" };
  g_autoptr (CachetWireRecord) copy = cachet_wire_record_copy (&record);

  g_assert_cmpuint (copy->serial, ==, 7);
  g_assert_null (copy->tag);
  g_assert_cmpstr (copy->text, ==, "a1 OK");
  g_assert_true (copy->text != record.text);
}

static gpointer
assert_main_cb (gpointer data, GCancellable *cancellable, GError **error)
{
  cachet_assert_main_thread ();
  return NULL;
}

static void
test_main_thread (void)
{
  if (g_test_subprocess ())
    {
      CachetWorker *worker = cachet_worker_new ("test", 1);

      cachet_assert_main_thread ();
      cachet_assert_main_thread ();
      cachet_worker_run_async (worker, 0, "wrong-thread", assert_main_cb, NULL, NULL, NULL, NULL,
                               NULL, NULL);
      cachet_worker_shut_down (worker);
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*is_main*");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/message-flags", test_flags);
  g_test_add_func ("/base/secret", test_secret);
  g_test_add_func ("/base/server-certificate", test_certificate);
  g_test_add_func ("/base/tls-exception", test_exception);
  g_test_add_func ("/base/wire-record", test_wire_record);
  g_test_add_func ("/base/main-thread", test_main_thread);
  return g_test_run ();
}
