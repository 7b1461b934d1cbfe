#include "config.h"

#include "cachet-test-decider.h"
#include "cachet-test-imap.h"
#include "cachet-test-pki.h"
#include "cachet-tls-peer.h"
#include "cachet-transport.h"

#include <glib/gstdio.h>
#include <string.h>

/* The byte stream: TLS both ways, certificates, exceptions, limits, ends. */

static CachetTestServer *
new_server (const char *transcript, GTlsCertificate *certificate)
{
  CachetTestServer *server = cachet_test_server_new (transcript);

  cachet_test_server_set_certificate (server, certificate);
  return server;
}

static gboolean
connect_transport (CachetTransport *transport, GError **error)
{
  g_auto (CachetTestWait) wait = { NULL };

  cachet_transport_connect_async (transport, NULL, cachet_test_wait_cb, &wait);
  return cachet_transport_connect_finish (transport, cachet_test_wait (&wait), error);
}

static gboolean
start_tls (CachetTransport *transport, gsize n_unparsed, GError **error)
{
  g_auto (CachetTestWait) wait = { NULL };

  cachet_transport_start_tls_async (transport, n_unparsed, NULL, cachet_test_wait_cb, &wait);
  return cachet_transport_start_tls_finish (transport, cachet_test_wait (&wait), error);
}

static char *
read_text (CachetTransport *transport, GError **error)
{
  g_auto (CachetTestWait) wait = { NULL };
  g_autoptr (GBytes) bytes = NULL;

  cachet_transport_read_async (transport, G_PRIORITY_DEFAULT, cachet_test_wait_cb, &wait);
  bytes = cachet_transport_read_finish (transport, cachet_test_wait (&wait), error);
  return bytes != NULL ? g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes))
                       : NULL;
}

static void
write_text (CachetTransport *transport, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  cachet_transport_write_async (transport, bytes, NULL, NULL);
}

static CachetTransport *
new_transport (CachetTestServer *server,
               CachetSecurity security,
               CachetTrustDecider *decider,
               CachetWireLog *log)
{
  g_autoptr (CachetEndpoint) endpoint = cachet_test_endpoint_new (server, security);

  return cachet_transport_new (endpoint, "imap", decider, log);
}

static void
test_clear (void)
{
  g_autoptr (CachetTestServer) server = new_server ("S: hello\nC: world\nS: bye\nX:\n", NULL);
  g_autoptr (CachetWireLog) log = cachet_wire_log_new ();
  g_autoptr (CachetTransport) transport = new_transport (server, CACHET_SECURITY_NONE, NULL, log);
  g_autofree char *hello = NULL;
  g_autofree char *bye = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) end = NULL;

  g_assert_true (connect_transport (transport, &error));
  g_assert_no_error (error);
  hello = read_text (transport, NULL);
  g_assert_cmpstr (hello, ==, "hello\r\n");
  write_text (transport, "world\r\n");
  bye = read_text (transport, NULL);
  g_assert_cmpstr (bye, ==, "bye\r\n");
  g_assert_cmpuint (cachet_transport_get_bytes_received (transport), ==,
                    strlen ("hello\r\nbye\r\n"));
  g_assert_cmpuint (cachet_transport_get_bytes_sent (transport), ==, strlen ("world\r\n"));
  g_assert_false (cachet_transport_is_encrypted (transport));
  g_assert_null (read_text (transport, &error));
  g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_CLOSED);
  g_assert_false (cachet_transport_is_connected (transport));
  /* Every later call says the same. */
  g_assert_null (read_text (transport, &end));
  g_assert_cmpstr (end->message, ==, error->message);
  cachet_test_assert_in_log (log, "Connected to localhost:");
  cachet_test_assert_in_log (log, "Closed: ");
}

static void
test_refused (void)
{
  g_autoptr (CachetTestServer) server = new_server ("S: x\n", NULL);
  g_autoptr (CachetTransport) transport = new_transport (server, CACHET_SECURITY_NONE, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&server, cachet_test_server_free);
  g_assert_false (connect_transport (transport, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_assert_nonnull (strstr (error->message, "Check that you are online"));
}

static void
test_unknown_name (void)
{
  g_autoptr (CachetEndpoint) endpoint =
    cachet_endpoint_new ("no-such-host.invalid", 1, CACHET_SECURITY_NONE);
  g_autoptr (CachetTransport) transport = cachet_transport_new (endpoint, "imap", NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (connect_transport (transport, &error));
  /* Where no name server answers at all it takes as long as it may. */
  g_assert_true (error->domain == G_RESOLVER_ERROR ||
                 g_error_matches (error, CACHET_NET_ERROR, CACHET_NET_ERROR_TIMEOUT));
}

static void
test_tls (void)
{
  g_autoptr (GTlsCertificate) certificate =
    cachet_test_certificate_new (CACHET_TEST_CERTIFICATE_GOOD);
  g_autoptr (CachetTestServer) server = new_server ("T:\nS: hello\nC: world\n", certificate);
  g_autoptr (CachetWireLog) log = cachet_wire_log_new ();
  g_autoptr (CachetTransport) transport = new_transport (server, CACHET_SECURITY_TLS, NULL, log);
  g_autoptr (CachetConnectionFacts) facts = g_new0 (CachetConnectionFacts, 1);
  g_autoptr (CachetServerCertificate) shown = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *hello = NULL;

  connect_transport (transport, &error);
  g_assert_no_error (error);
  g_assert_true (cachet_transport_is_encrypted (transport));
  cachet_transport_get_facts (transport, facts);
  g_assert_cmpstr (facts->tls_version, ==, "TLS 1.3");
  g_assert_nonnull (facts->ciphersuite);
  shown = cachet_transport_dup_certificate (transport);
  g_assert_cmpint (shown->problems, ==, CACHET_TLS_PROBLEM_NONE);
  g_assert_cmpstr (shown->names[0], ==, "localhost");
  g_assert_nonnull (strstr (shown->issuer, "Cachet test authority"));
  cachet_test_assert_in_log (log, "TLS 1.3, ");
  hello = read_text (transport, NULL);
  g_assert_cmpstr (hello, ==, "hello\r\n");
  write_text (transport, "world\r\n");
  cachet_test_server_finish (server);
  cachet_transport_close (transport);
}

/* Each way in which a certificate is wrong, with what must be found; nothing may be sent. */
static void
check_refused (CachetTestCertificateFlags flags, CachetTlsProblems problems)
{
  g_autoptr (GTlsCertificate) certificate = cachet_test_certificate_new (flags);
  g_autoptr (CachetTestServer) server = new_server ("T:\nE:\n", certificate);
  g_autoptr (CachetTransport) transport = new_transport (server, CACHET_SECURITY_TLS, NULL, NULL);
  g_autoptr (CachetServerCertificate) refused = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (connect_transport (transport, &error));
  g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_CERTIFICATE);
  refused = cachet_transport_dup_certificate (transport);
  g_assert_nonnull (refused);
  g_assert_cmphex (refused->problems, ==, problems);
  g_assert_null (refused->previous_sha256);
  cachet_test_server_finish (server);
  g_assert_cmpuint (cachet_test_server_get_received (server)->len, ==, 0);
}

static void
test_bad_certificates (void)
{
  check_refused (CACHET_TEST_CERTIFICATE_UNKNOWN_CA, CACHET_TLS_PROBLEM_UNKNOWN_CA);
  check_refused (CACHET_TEST_CERTIFICATE_WRONG_HOST, CACHET_TLS_PROBLEM_BAD_IDENTITY);
  check_refused (CACHET_TEST_CERTIFICATE_ADDRESS, CACHET_TLS_PROBLEM_BAD_IDENTITY);
  check_refused (CACHET_TEST_CERTIFICATE_EXPIRED, CACHET_TLS_PROBLEM_EXPIRED);
  check_refused (CACHET_TEST_CERTIFICATE_FUTURE, CACHET_TLS_PROBLEM_NOT_ACTIVATED);
  check_refused (CACHET_TEST_CERTIFICATE_CLIENT_ONLY, CACHET_TLS_PROBLEM_WRONG_PURPOSE);
  check_refused (CACHET_TEST_CERTIFICATE_NO_SAN, CACHET_TLS_PROBLEM_NO_SAN);
  check_refused (CACHET_TEST_CERTIFICATE_SHORT_KEY, CACHET_TLS_PROBLEM_WEAK_KEY);
  check_refused (CACHET_TEST_CERTIFICATE_UNKNOWN_CA | CACHET_TEST_CERTIFICATE_EXPIRED |
                   CACHET_TEST_CERTIFICATE_NO_SAN,
                 CACHET_TLS_PROBLEM_UNKNOWN_CA | CACHET_TLS_PROBLEM_EXPIRED |
                   CACHET_TLS_PROBLEM_NO_SAN);
}

static void
check_taken (CachetTestCertificateFlags flags, const char *host)
{
  g_autoptr (GTlsCertificate) certificate = cachet_test_certificate_new (flags);
  g_autoptr (CachetTestServer) server = new_server ("T:\nS: hello\n", certificate);
  g_autoptr (CachetEndpoint) endpoint = cachet_test_endpoint_new (server, CACHET_SECURITY_TLS);
  g_autoptr (CachetTransport) transport = NULL;
  g_autoptr (GError) error = NULL;

  g_free (endpoint->host);
  endpoint->host = g_strdup (host);
  transport = cachet_transport_new (endpoint, "imap", NULL, NULL);
  connect_transport (transport, &error);
  g_assert_no_error (error);
  cachet_transport_close (transport);
}

static void
test_good_certificates (void)
{
  check_taken (CACHET_TEST_CERTIFICATE_NO_PURPOSE, "localhost");
  check_taken (CACHET_TEST_CERTIFICATE_RSA, "LocalHost");
  check_taken (CACHET_TEST_CERTIFICATE_ADDRESS, "127.0.0.1");
}

static CachetServerCertificate *
connect_with (GTlsCertificate *certificate,
              CachetTrustDecider *decider,
              guint16 *port,
              GError **error)
{
  g_autoptr (CachetTestServer) server = new_server ("T:\nS: hello\n", certificate);
  g_autoptr (CachetEndpoint) endpoint = cachet_test_endpoint_new (server, CACHET_SECURITY_TLS);
  g_autoptr (CachetTransport) transport = cachet_transport_new (endpoint, "imap", decider, NULL);

  if (port != NULL)
    *port = endpoint->port;
  connect_transport (transport, error);
  cachet_transport_close (transport);
  return cachet_transport_dup_certificate (transport);
}

/* The exception is for another port in each of these servers: the decider here is asked by host and
 * port, but says the same to everyone, so that the binding is what is tested. */
static void
test_exception (void)
{
  g_autoptr (GTlsCertificate) certificate =
    cachet_test_certificate_new (CACHET_TEST_CERTIFICATE_UNKNOWN_CA);
  g_autoptr (CachetTestServer) server = new_server ("T:\nE:\n", certificate);
  g_autoptr (CachetTransport) first = new_transport (server, CACHET_SECURITY_TLS, NULL, NULL);
  g_autoptr (CachetTransport) second = NULL;
  g_autoptr (CachetServerCertificate) refused = NULL;
  g_autoptr (CachetServerCertificate) used = NULL;
  g_autoptr (CachetServerCertificate) elsewhere = NULL;
  g_autoptr (CachetTestDecider) decider = NULL;
  g_autoptr (GError) error = NULL;

  cachet_test_server_add (server, "T:\nS: hello\n");
  connect_transport (first, &error);
  g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_CERTIFICATE);
  g_clear_error (&error);
  refused = cachet_transport_dup_certificate (first);
  decider = cachet_test_decider_new_for (refused);
  second = new_transport (server, CACHET_SECURITY_TLS, CACHET_TRUST_DECIDER (decider), NULL);
  connect_transport (second, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (cachet_test_decider_get_n_asked (decider), >, 0);
  used = cachet_transport_dup_certificate (second);
  g_assert_cmphex (used->problems, ==, CACHET_TLS_PROBLEM_UNKNOWN_CA);
  cachet_transport_close (second);

  /* The same certificate on another port is another matter. */
  elsewhere = connect_with (certificate, CACHET_TRUST_DECIDER (decider), NULL, &error);
  g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_CERTIFICATE);
}

static void
test_exception_changed (void)
{
  g_autoptr (GTlsCertificate) certificate =
    cachet_test_certificate_new (CACHET_TEST_CERTIFICATE_UNKNOWN_CA);
  g_autoptr (CachetTestServer) server = new_server ("T:\nE:\n", certificate);
  g_autoptr (CachetTlsException) exception =
    cachet_tls_exception_new ("localhost", cachet_test_server_get_port (server),
                              "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
                              CACHET_TLS_PROBLEM_UNKNOWN_CA);
  g_autoptr (CachetTestDecider) decider = cachet_test_decider_new (exception);
  g_autoptr (CachetTransport) transport =
    new_transport (server, CACHET_SECURITY_TLS, CACHET_TRUST_DECIDER (decider), NULL);
  g_autoptr (CachetServerCertificate) refused = NULL;
  g_autoptr (GError) error = NULL;

  connect_transport (transport, &error);
  g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_CERTIFICATE);
  refused = cachet_transport_dup_certificate (transport);
  /* Both are shown. */
  g_assert_cmpstr (refused->previous_sha256, ==, exception->sha256);
  g_assert_cmpstr (refused->sha256, !=, exception->sha256);
}

/* An exception for one fault is none for another. */
static void
test_exception_other_problem (void)
{
  g_autoptr (GTlsCertificate) certificate = cachet_test_certificate_new (
    CACHET_TEST_CERTIFICATE_UNKNOWN_CA | CACHET_TEST_CERTIFICATE_WRONG_HOST);
  g_autoptr (GBytes) der = cachet_test_certificate_get_der (certificate);
  g_autofree char *sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, der);
  g_autoptr (CachetTestServer) server = new_server ("T:\nE:\n", certificate);
  g_autoptr (CachetTlsException) exception = cachet_tls_exception_new (
    "localhost", cachet_test_server_get_port (server), sha256, CACHET_TLS_PROBLEM_UNKNOWN_CA);
  g_autoptr (CachetTestDecider) decider = cachet_test_decider_new (exception);
  g_autoptr (CachetTransport) transport =
    new_transport (server, CACHET_SECURITY_TLS, CACHET_TRUST_DECIDER (decider), NULL);
  g_autoptr (GError) error = NULL;

  connect_transport (transport, &error);
  g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_CERTIFICATE);
}

static void
test_bad_ca_file (void)
{
  g_autoptr (GTlsCertificate) certificate =
    cachet_test_certificate_new (CACHET_TEST_CERTIFICATE_GOOD);
  g_autoptr (CachetTestServer) server = new_server ("T:\nE:\n", certificate);
  static const char *const paths[] = { "relative.pem", "/nonexistent/authorities.pem" };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (CachetEndpoint) endpoint = cachet_test_endpoint_new (server, CACHET_SECURITY_TLS);
      g_autoptr (CachetTransport) transport = NULL;
      g_autoptr (GError) error = NULL;

      g_free (endpoint->ca_file);
      endpoint->ca_file = g_strdup (paths[i]);
      transport = cachet_transport_new (endpoint, "imap", NULL, NULL);
      g_assert_false (connect_transport (transport, &error));
      g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_TLS);
      g_assert_nonnull (strstr (error->message, paths[i]));
    }
}

/* The only server here that still speaks TLS 1.1 is OpenSSL's. Gives its port, 0 without one. */
static guint16
start_old_server (GSubprocess **server, const char *key_path, GTlsCertificate *certificate)
{
  g_autofree char *openssl = g_find_program_in_path ("openssl");
  g_autofree char *pem = NULL;
  g_autofree char *key = NULL;
  g_autofree char *both = NULL;
  g_autoptr (GDataInputStream) output = NULL;
  g_autoptr (GError) error = NULL;

  if (openssl == NULL)
    return 0;
  g_object_get (certificate, "certificate-pem", &pem, "private-key-pem", &key, NULL);
  both = g_strconcat (pem, key, NULL);
  g_assert_true (g_file_set_contents (key_path, both, -1, NULL));
  *server = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                              &error, openssl, "s_server", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0",
                              "-cert", key_path, "-key", key_path, "-accept", "127.0.0.1:0", NULL);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (*server));
  for (;;)
    {
      g_autofree char *line = g_data_input_stream_read_line (output, NULL, NULL, NULL);

      if (line == NULL)
        return 0;
      if (g_str_has_prefix (line, "ACCEPT "))
        return (guint16)g_ascii_strtoull (strrchr (line, ':') + 1, NULL, 10);
    }
}

static void
test_old_protocol (void)
{
  g_autoptr (GTlsCertificate) certificate =
    cachet_test_certificate_new (CACHET_TEST_CERTIFICATE_RSA);
  g_autoptr (GSubprocess) server = NULL;
  g_autofree char *key_path = NULL;
  g_autoptr (CachetEndpoint) endpoint = NULL;
  g_autoptr (CachetTransport) transport = NULL;
  g_autoptr (CachetServerCertificate) refused = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("cachet-test-key-XXXXXX.pem", &key_path, NULL);
  guint16 port;

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  port = start_old_server (&server, key_path, certificate);
  if (port == 0)
    {
      g_unlink (key_path);
      g_test_skip ("there is no OpenSSL that speaks TLS 1.1");
      return;
    }

  endpoint = cachet_endpoint_new ("localhost", port, CACHET_SECURITY_TLS);
  endpoint->ca_file = g_strdup (cachet_test_pki_get_ca_file ());
  transport = cachet_transport_new (endpoint, "imap", NULL, NULL);
  g_assert_false (connect_transport (transport, &error));
  /* By Cachet's own check, or by a GnuTLS that has it switched off. */
  refused = cachet_transport_dup_certificate (transport);
  if (g_error_matches (error, CACHET_NET_ERROR, CACHET_NET_ERROR_CERTIFICATE))
    g_assert_cmphex (refused->problems, ==, CACHET_TLS_PROBLEM_OLD_PROTOCOL);
  else
    g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_TLS);
  g_test_message ("%s", error->message);
  g_subprocess_force_exit (server);
  g_subprocess_wait (server, NULL, NULL);
  g_unlink (key_path);
}

static void
test_starttls (void)
{
  g_autoptr (GTlsCertificate) certificate =
    cachet_test_certificate_new (CACHET_TEST_CERTIFICATE_GOOD);
  g_autoptr (CachetTestServer) server = new_server ("S: go\nT:\nS: under TLS\n", certificate);
  g_autoptr (CachetTransport) transport =
    new_transport (server, CACHET_SECURITY_STARTTLS, NULL, NULL);
  g_autofree char *go = NULL;
  g_autofree char *under = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (connect_transport (transport, NULL));
  g_assert_false (cachet_transport_is_encrypted (transport));
  go = read_text (transport, NULL);
  start_tls (transport, 0, &error);
  g_assert_no_error (error);
  g_assert_true (cachet_transport_is_encrypted (transport));
  under = read_text (transport, NULL);
  g_assert_cmpstr (under, ==, "under TLS\r\n");
  cachet_transport_close (transport);
}

/* More than the system takes while nobody reads. */
static void
write_much (CachetTransport *transport)
{
  g_autofree char *text = g_strnfill (8 * 1024 * 1024, 'x');

  write_text (transport, text);
}

/* Bytes in the caller's parser, bytes in the socket, and an answer that is there before the
 * question has left. */
static void
test_injection (void)
{
  guint i;

  for (i = 0; i < 3; i++)
    {
      g_autoptr (CachetTestServer) server =
        new_server (i == 1 ? "S: go\nW: 30\nS: injected\nE:\n" : "S: go\nE:\n", NULL);
      g_autoptr (CachetTransport) transport =
        new_transport (server, CACHET_SECURITY_STARTTLS, NULL, NULL);
      g_autofree char *go = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_true (connect_transport (transport, NULL));
      go = read_text (transport, NULL);
      g_assert_cmpstr (go, ==, "go\r\n");
      if (i == 1)
        cachet_test_wait_ms (80);
      if (i == 2)
        write_much (transport);
      g_test_message ("case %u", i);
      g_assert_false (start_tls (transport, i == 0 ? 1 : 0, &error));
      g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_INJECTION);
      g_assert_false (cachet_transport_is_encrypted (transport));
    }
}

/* TLS answered by something that is no TLS. */
static void
test_no_tls (void)
{
  g_autoptr (CachetTestServer) server = new_server ("S: * OK clear text\n", NULL);
  g_autoptr (CachetTransport) transport = new_transport (server, CACHET_SECURITY_TLS, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (connect_transport (transport, &error));
  g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_TLS);
  g_assert_null (cachet_transport_dup_certificate (transport));
}

static void
test_silence (void)
{
  g_autoptr (CachetTestServer) server = new_server ("S: hello\nE:\n", NULL);
  g_autoptr (CachetTransport) transport = new_transport (server, CACHET_SECURITY_NONE, NULL, NULL);
  g_autofree char *hello = NULL;
  g_autoptr (GError) error = NULL;
  gint64 begin;

  g_assert_true (connect_transport (transport, NULL));
  hello = read_text (transport, NULL);
  cachet_transport_set_read_timeout (transport, 1);
  begin = g_get_monotonic_time ();
  g_assert_null (read_text (transport, &error));
  g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_TIMEOUT);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 3 * G_TIME_SPAN_SECOND);
}

static void
close_transport_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes =
    cachet_transport_read_finish (CACHET_TRANSPORT (source), result, &error);
  gboolean *done = user_data;

  g_assert_null (bytes);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  *done = TRUE;
}

static void
test_close (void)
{
  g_autoptr (CachetTestServer) server = new_server ("S: hello\nE:\n", NULL);
  g_autoptr (CachetTransport) transport = new_transport (server, CACHET_SECURITY_NONE, NULL, NULL);
  g_autofree char *hello = NULL;
  g_autoptr (GError) error = NULL;
  gboolean done = FALSE;

  g_assert_true (connect_transport (transport, NULL));
  hello = read_text (transport, NULL);
  cachet_transport_read_async (transport, G_PRIORITY_DEFAULT, close_transport_cb, &done);
  cachet_transport_close (transport);
  cachet_test_wait_for (&done);
  cachet_test_server_finish (server);
  /* Closing while closed, and writing, are of no consequence. */
  cachet_transport_close (transport);
  write_text (transport, "late");
}

static void
test_cancel_connect (void)
{
  g_autoptr (CachetTestServer) server = new_server ("B: 100000\n", NULL);
  g_autoptr (CachetTransport) transport = new_transport (server, CACHET_SECURITY_TLS, NULL, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (CachetTestWait) wait = { NULL };
  g_autoptr (GError) error = NULL;

  cachet_transport_connect_async (transport, cancellable, cachet_test_wait_cb, &wait);
  cachet_test_wait_ms (20); /* in the handshake, which nobody answers */
  g_cancellable_cancel (cancellable);
  g_assert_false (cachet_transport_connect_finish (transport, cachet_test_wait (&wait), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
count_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  guint *n = user_data;

  g_assert_true (cachet_transport_write_finish (CACHET_TRANSPORT (source), result, NULL));
  (*n)++;
}

static void
test_write_queue (void)
{
  g_autoptr (CachetTestServer) server = new_server ("B: 1000000\nC: end\nS: done\n", NULL);
  g_autoptr (CachetTransport) transport = new_transport (server, CACHET_SECURITY_NONE, NULL, NULL);
  g_autofree char *large = g_strnfill (500000, 'a');
  g_autoptr (GBytes) bytes = g_bytes_new (large, strlen (large));
  g_autofree char *done = NULL;
  guint n_written = 0;

  g_assert_true (connect_transport (transport, NULL));
  cachet_transport_write_async (transport, bytes, count_written_cb, &n_written);
  cachet_transport_write_async (transport, bytes, count_written_cb, &n_written);
  write_text (transport, "end\r\n");
  g_assert_cmpuint (cachet_transport_get_n_queued (transport), >, 500000);
  done = read_text (transport, NULL);
  g_assert_cmpstr (done, ==, "done\r\n");
  g_assert_cmpuint (n_written, ==, 2);
  g_assert_cmpuint (cachet_transport_get_n_queued (transport), ==, 0);
  cachet_transport_close (transport);
}

/* Bytes that are no certificate, cut ones and flipped ones: looked at, found wanting, nothing
 * worse. */
static void
test_peer_garbage (void)
{
  g_autoptr (GTlsCertificate) certificate =
    cachet_test_certificate_new (CACHET_TEST_CERTIFICATE_BOTH);
  g_autoptr (GBytes) der = cachet_test_certificate_get_der (certificate);
  gsize size;
  const guint8 *bytes = g_bytes_get_data (der, &size);
  g_autoptr (GBytes) huge =
    g_bytes_new_take (g_malloc0 (CACHET_TLS_PEER_MAX_DER + 1), CACHET_TLS_PEER_MAX_DER + 1);
  g_autoptr (CachetServerCertificate) good = cachet_tls_peer_inspect (der, "localhost", 993);
  g_autoptr (CachetServerCertificate) large = cachet_tls_peer_inspect (huge, "localhost", 993);

  g_assert_cmphex (good->problems, ==, CACHET_TLS_PROBLEM_NONE);
  g_assert_cmphex (large->problems, ==, CACHET_TLS_PROBLEM_GENERIC);
  for (gsize i = 0; i < size; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (bytes, size);
      g_autoptr (GBytes) cut = g_bytes_new (bytes, i);
      g_autoptr (GBytes) flipped = NULL;
      g_autoptr (CachetServerCertificate) of_cut = cachet_tls_peer_inspect (cut, "localhost", 993);
      g_autoptr (CachetServerCertificate) of_flipped = NULL;

      copy[i] ^= 0x41;
      flipped = g_bytes_new (copy, size);
      of_flipped = cachet_tls_peer_inspect (flipped, "localhost", 993);
      g_assert_cmphex (of_cut->problems, ==, CACHET_TLS_PROBLEM_GENERIC);
      g_assert_cmpstr (of_flipped->sha256, !=, good->sha256);
      g_assert_nonnull (of_flipped->names);
      g_assert_true (g_utf8_validate (of_flipped->subject, -1, NULL));
    }
}

static void
test_wire_log (void)
{
  g_autoptr (CachetWireLog) log = cachet_wire_log_new ();
  g_autofree char *longer = g_strnfill (CACHET_WIRE_LOG_MAX_TEXT * 2, 'x');
  g_autofree char *multibyte = NULL;
  GString *many = g_string_new (NULL);
  const CachetWireRecord *record;
  guint i;

  for (i = 0; i < CACHET_WIRE_LOG_MAX_TEXT; i++)
    g_string_append (many, "é");
  multibyte = g_string_free (many, FALSE);

  for (i = 0; i < CACHET_WIRE_LOG_MAX_RECORDS + 10; i++)
    {
      CachetWireRecord *added = g_new0 (CachetWireRecord, 1);

      added->protocol = g_intern_string ("imap");
      added->text = g_strdup (i % 2 == 0 ? longer : multibyte);
      cachet_wire_log_add (log, added);
    }
  g_assert_cmpuint (cachet_wire_log_get_n_records (log), ==, CACHET_WIRE_LOG_MAX_RECORDS);
  for (i = 0; i < CACHET_WIRE_LOG_MAX_RECORDS; i++)
    {
      record = cachet_wire_log_get (log, i);
      g_assert_cmpuint (record->serial, ==, i + 11);
      g_assert_cmpuint (strlen (record->text), <=, CACHET_WIRE_LOG_MAX_TEXT);
      g_assert_true (g_utf8_validate (record->text, -1, NULL));
      g_assert_true (g_str_has_suffix (record->text, "…"));
    }
  g_assert_null (cachet_wire_log_get (log, CACHET_WIRE_LOG_MAX_RECORDS));
  g_assert_cmpuint (cachet_wire_log_get (log, 5)->serial, ==, 16);
  g_assert_cmpuint (cachet_wire_log_get (log, 3)->serial, ==, 14);
  g_assert_cmpuint (cachet_wire_log_next_connection (log), ==, 1);
  g_assert_cmpuint (cachet_wire_log_next_connection (log), ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/transport/clear", test_clear);
  g_test_add_func ("/transport/refused", test_refused);
  g_test_add_func ("/transport/unknown-name", test_unknown_name);
  g_test_add_func ("/transport/tls", test_tls);
  g_test_add_func ("/transport/bad-certificates", test_bad_certificates);
  g_test_add_func ("/transport/good-certificates", test_good_certificates);
  g_test_add_func ("/transport/exception", test_exception);
  g_test_add_func ("/transport/exception-changed", test_exception_changed);
  g_test_add_func ("/transport/exception-other-problem", test_exception_other_problem);
  g_test_add_func ("/transport/bad-ca-file", test_bad_ca_file);
  g_test_add_func ("/transport/old-protocol", test_old_protocol);
  g_test_add_func ("/transport/starttls", test_starttls);
  g_test_add_func ("/transport/injection", test_injection);
  g_test_add_func ("/transport/no-tls", test_no_tls);
  g_test_add_func ("/transport/silence", test_silence);
  g_test_add_func ("/transport/close", test_close);
  g_test_add_func ("/transport/cancel-connect", test_cancel_connect);
  g_test_add_func ("/transport/write-queue", test_write_queue);
  g_test_add_func ("/transport/peer-garbage", test_peer_garbage);
  g_test_add_func ("/transport/wire-log", test_wire_log);

  return g_test_run ();
}
