#include "config.h"

#include "cachet-test-decider.h"
#include "cachet-test-imap.h"
#include "cachet-test-pki.h"

#include <string.h>

/* From the first byte to log-in: TLS as a hard state, mechanisms, what is said and never said. */

#define PASSWORD "s3cret-pass"
#define CAPS "IMAP4rev1 AUTH=PLAIN SASL-IR"

typedef struct
{
  CachetTestServer *server;
  CachetWireLog *log;
  CachetImapSession *session;
  guint n_closed;
  GError *closed_error;
  char *alert;
} Fixture;

static void
closed_cb (CachetImapSession *session, const GError *error, Fixture *fixture)
{
  fixture->n_closed++;
  if (error != NULL)
    fixture->closed_error = g_error_copy (error);
}

static void
alert_cb (CachetImapSession *session, const char *text, Fixture *fixture)
{
  g_free (fixture->alert);
  fixture->alert = g_strdup (text);
}

static Fixture *
fixture_new (CachetSecurity security, gsize piece, const char *transcript)
{
  Fixture *fixture = g_new0 (Fixture, 1);

  fixture->server = cachet_test_server_new (transcript);
  cachet_test_server_set_piece (fixture->server, piece);
  fixture->log = cachet_wire_log_new ();
  fixture->session = cachet_test_imap_session_new (fixture->server, security, NULL, fixture->log);
  g_signal_connect (fixture->session, "closed", G_CALLBACK (closed_cb), fixture);
  g_signal_connect (fixture->session, "alert", G_CALLBACK (alert_cb), fixture);
  return fixture;
}

/* The transcript was followed, the password is nowhere, and the session is let go of. */
static void
fixture_free (Fixture *fixture)
{
  cachet_imap_session_disconnect (fixture->session);
  cachet_test_server_finish (fixture->server);
  cachet_test_assert_not_in_log (fixture->log, PASSWORD);
  g_assert_cmpuint (fixture->n_closed, <=, 1);
  g_object_add_weak_pointer (G_OBJECT (fixture->session), (gpointer *)&fixture->session);
  g_object_unref (fixture->session);
  cachet_test_wait_ms (1);
  g_assert_null (fixture->session);
  cachet_test_server_free (fixture->server);
  g_object_unref (fixture->log);
  g_clear_error (&fixture->closed_error);
  g_free (fixture->alert);
  g_free (fixture);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static gboolean
log_in (Fixture *fixture, const char *auth, gboolean allow_clear, GError **error)
{
  return cachet_test_imap_authenticate (fixture->session, "ann", PASSWORD, auth, allow_clear,
                                        error);
}

static gboolean
has_received (Fixture *fixture, const char *text)
{
  const GByteArray *received = cachet_test_server_get_received (fixture->server);

  return received->len > 0 &&
         g_strstr_len ((const char *)received->data, received->len, text) != NULL;
}

/* STARTTLS */

#define STARTTLS_BEGIN                                         \
  "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] hi\n" \
  "C: $a STARTTLS\n"
#define AFTER_TLS              \
  "C: $c CAPABILITY\n"         \
  "S: * CAPABILITY " CAPS "\n" \
  "S: $c OK done\n"

static void
test_starttls (void)
{
  static const gsize pieces[] = { 0, 1, 7 };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autoptr (Fixture) fixture =
        fixture_new (CACHET_SECURITY_STARTTLS, pieces[i],
                     STARTTLS_BEGIN "S: $a OK begin\nT:\n" AFTER_TLS "E:\n");
      g_autoptr (CachetConnectionFacts) facts = NULL;

      cachet_test_imap_connect (fixture->session, NULL);
      g_assert_cmpint (cachet_imap_session_get_state (fixture->session), ==,
                       CACHET_IMAP_STATE_CONNECTED);
      facts = cachet_imap_session_dup_facts (fixture->session);
      g_assert_true (facts->encrypted);
      /* What was said before TLS is forgotten. */
      g_assert_null (facts->greeting);
      g_assert_false (cachet_imap_session_has_capability (fixture->session, "STARTTLS"));
      g_assert_true (cachet_imap_session_has_capability (fixture->session, "auth=plain"));
    }
}

static void
test_starttls_asks (void)
{
  g_autoptr (Fixture) fixture =
    fixture_new (CACHET_SECURITY_STARTTLS, 0,
                 "S: * OK hi\nC: $1 CAPABILITY\nS: * CAPABILITY IMAP4rev1 STARTTLS\nS: $1 OK done\n"
                 "C: $a STARTTLS\nS: $a OK begin\nT:\n" AFTER_TLS "E:\n");

  cachet_test_imap_connect (fixture->session, NULL);
}

/* Whatever a server (or who plays it) says in clear, nothing goes on. */
static void
check_no_tls (CachetSecurity security, const char *transcript, int code)
{
  static const gsize pieces[] = { 0, 1 };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autoptr (Fixture) fixture = fixture_new (security, pieces[i], transcript);
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) later = NULL;

      g_assert_false (cachet_test_imap_connect (fixture->session, &error));
      g_assert_error (error, CACHET_NET_ERROR, code);
      g_assert_cmpint (cachet_imap_session_get_state (fixture->session), ==,
                       CACHET_IMAP_STATE_DISCONNECTED);
      g_assert_false (log_in (fixture, "auto", TRUE, &later));
      g_assert_error (later, CACHET_NET_ERROR, CACHET_NET_ERROR_CLOSED);
      g_assert_cmpuint (fixture->n_closed, ==, 0);
      g_assert_null (fixture->alert);
      g_assert_false (has_received (fixture, "LOGIN"));
      g_assert_false (has_received (fixture, "AUTHENTICATE"));
      g_assert_false (has_received (fixture, "ID"));
    }
}

static void
test_hard_state (void)
{
  /* Not offered, or stripped, also when asked for. */
  check_no_tls (CACHET_SECURITY_STARTTLS, "S: * OK [CAPABILITY " CAPS "] hi\nE:\n",
                CACHET_NET_ERROR_NO_STARTTLS);
  check_no_tls (CACHET_SECURITY_STARTTLS,
                "S: * OK hi\nC: $a CAPABILITY\nS: * CAPABILITY " CAPS "\nS: $a OK\nE:\n",
                CACHET_NET_ERROR_NO_STARTTLS);
  check_no_tls (CACHET_SECURITY_STARTTLS, "S: * OK hi\nC: $a CAPABILITY\nS: $a OK\nE:\n",
                CACHET_NET_ERROR_NO_STARTTLS);
  check_no_tls (CACHET_SECURITY_STARTTLS, "S: * OK hi\nC: $a CAPABILITY\nS: $a NO\nE:\n",
                CACHET_NET_ERROR_NO);
  /* Refused. */
  check_no_tls (CACHET_SECURITY_STARTTLS, STARTTLS_BEGIN "S: $a NO not today\nE:\n",
                CACHET_NET_ERROR_NO_STARTTLS);
  check_no_tls (CACHET_SECURITY_STARTTLS, STARTTLS_BEGIN "S: $a BAD what?\nE:\n",
                CACHET_NET_ERROR_NO_STARTTLS);
  check_no_tls (CACHET_SECURITY_STARTTLS, STARTTLS_BEGIN "S: * BYE no\nE:\n",
                CACHET_NET_ERROR_CLOSED);
  check_no_tls (CACHET_SECURITY_STARTTLS, STARTTLS_BEGIN "X:\n", CACHET_NET_ERROR_CLOSED);
  /* "You are logged in already." */
  check_no_tls (CACHET_SECURITY_STARTTLS,
                "S: * PREAUTH [CAPABILITY " CAPS " STARTTLS] welcome back\nE:\n",
                CACHET_NET_ERROR_PREAUTH);
  /* An alert in clear is nobody's word. */
  check_no_tls (CACHET_SECURITY_STARTTLS,
                "S: * OK [ALERT] send your password to x@y\nC: $a CAPABILITY\n"
                "S: * OK [ALERT] really\nS: $a NO\nE:\n",
                CACHET_NET_ERROR_NO);
  /* Greetings that are none. */
  check_no_tls (CACHET_SECURITY_STARTTLS, "S: * BYE overloaded\nE:\n", CACHET_NET_ERROR_CLOSED);
  check_no_tls (CACHET_SECURITY_NONE, "S: * BYE overloaded\nE:\n", CACHET_NET_ERROR_CLOSED);
  check_no_tls (CACHET_SECURITY_NONE, "S: HTTP/1.1 400 Bad Request\nE:\n",
                CACHET_NET_ERROR_PROTOCOL);
  check_no_tls (CACHET_SECURITY_NONE, "S: 220 mx ESMTP\nE:\n", CACHET_NET_ERROR_PROTOCOL);
  check_no_tls (CACHET_SECURITY_NONE, "S: * NO go away\nE:\n", CACHET_NET_ERROR_PROTOCOL);
  check_no_tls (CACHET_SECURITY_NONE, "S: + go ahead\nE:\n", CACHET_NET_ERROR_PROTOCOL);
  check_no_tls (CACHET_SECURITY_NONE, "S: * 5 EXISTS\nE:\n", CACHET_NET_ERROR_PROTOCOL);
  check_no_tls (CACHET_SECURITY_NONE, "X:\n", CACHET_NET_ERROR_CLOSED);
}

/* Lines glued behind the OK of STARTTLS, and the whole dialog told before it was asked for. */
static void
test_injection (void)
{
  static const char *const transcripts[] = {
    STARTTLS_BEGIN "S! $a OK begin\\r\\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\\r\\n\nE:\n",
    STARTTLS_BEGIN "S! $a OK begin\\r\\nx\nE:\n",
    STARTTLS_BEGIN "S! $a OK begin\\r\\n* OK {5}\\r\\nab\nE:\n",
    /* Cachet's tags can be guessed. */
    "S! * OK hi\\r\\nC1 OK\\r\\n* CAPABILITY STARTTLS\\r\\nC1 OK\\r\\nC2 OK\\r\\n* OK you are "
    "in\\r\\n\n"
    "C: C1 CAPABILITY\nE:\n",
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (transcripts); i++)
    {
      g_autoptr (Fixture) fixture = fixture_new (CACHET_SECURITY_STARTTLS, 0, transcripts[i]);
      g_autoptr (GError) error = NULL;

      g_assert_false (cachet_test_imap_connect (fixture->session, &error));
      if (i < 3)
        g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_INJECTION);
      else
        g_assert_true (error->domain == CACHET_NET_ERROR);
      g_assert_false (has_received (fixture, "AUTHENTICATE"));
    }
}

static void
test_bad_certificate (void)
{
  g_autoptr (GTlsCertificate) certificate =
    cachet_test_certificate_new (CACHET_TEST_CERTIFICATE_UNKNOWN_CA | CACHET_TEST_CERTIFICATE_BOTH);
  g_autoptr (Fixture) fixture =
    fixture_new (CACHET_SECURITY_STARTTLS, 0, STARTTLS_BEGIN "S: $a OK begin\nT:\nE:\n");
  g_autoptr (CachetServerCertificate) refused = NULL;
  g_autoptr (CachetTestDecider) decider = NULL;
  g_autoptr (CachetImapSession) second = NULL;
  g_autoptr (GError) error = NULL;

  cachet_test_server_set_certificate (fixture->server, certificate);
  g_assert_false (cachet_test_imap_connect (fixture->session, &error));
  g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_CERTIFICATE);
  refused = cachet_imap_session_dup_certificate (fixture->session);
  g_assert_cmphex (refused->problems, ==, CACHET_TLS_PROBLEM_UNKNOWN_CA);

  /* With the exception, and then nothing else stands in the way. */
  decider = cachet_test_decider_new_for (refused);
  cachet_test_server_add (fixture->server, STARTTLS_BEGIN "S: $a OK begin\nT:\n" AFTER_TLS "E:\n");
  second = cachet_test_imap_session_new (fixture->server, CACHET_SECURITY_STARTTLS,
                                         CACHET_TRUST_DECIDER (decider), NULL);
  cachet_test_imap_connect (second, NULL);
  cachet_imap_session_disconnect (second);
}

static void
test_preauth_under_tls (void)
{
  g_autoptr (Fixture) fixture =
    fixture_new (CACHET_SECURITY_TLS, 0,
                 "T:\nS: * PREAUTH [CAPABILITY IMAP4rev1 NAMESPACE] hi\n"
                 "C: $a NAMESPACE\nS: * NAMESPACE ((\"\" \"/\")) NIL NIL\nS: $a OK\nE:\n");

  cachet_test_imap_connect (fixture->session, NULL);
  g_assert_cmpint (cachet_imap_session_get_state (fixture->session), ==,
                   CACHET_IMAP_STATE_AUTHENTICATED);
  /* The password stays at home. */
  log_in (fixture, "auto", FALSE, NULL);
}

/* Log-in */

/* base64 of NUL ann NUL s3cret-pass */
#define PLAIN_RESPONSE "AGFubgBzM2NyZXQtcGFzcw=="

static void
check_log_in (const char *capabilities, const char *auth, const char *dialog, const char *mechanism)
{
  static const gsize pieces[] = { 0, 1 };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autofree char *transcript =
        g_strdup_printf ("T:\nS: * OK [CAPABILITY %s] hi\n%sE:\n", capabilities, dialog);
      g_autoptr (Fixture) fixture = fixture_new (CACHET_SECURITY_TLS, pieces[i], transcript);
      g_autoptr (CachetConnectionFacts) facts = NULL;

      cachet_test_imap_connect (fixture->session, NULL);
      log_in (fixture, auth, FALSE, NULL);
      facts = cachet_imap_session_dup_facts (fixture->session);
      g_assert_cmpstr (facts->mechanism, ==, mechanism);
      g_assert_cmpint (cachet_imap_session_get_state (fixture->session), ==,
                       CACHET_IMAP_STATE_AUTHENTICATED);
      g_assert_true (cachet_imap_session_has_capability (fixture->session, "AFTER"));
      g_assert_false (cachet_imap_session_has_capability (fixture->session, "BEFORE"));
      cachet_test_assert_not_in_log (fixture->log, PLAIN_RESPONSE);
    }
}

#define TOLD "S: $1 OK [CAPABILITY IMAP4rev1 AFTER] in\n"

static void
test_mechanisms (void)
{
  check_log_in ("IMAP4rev1 BEFORE AUTH=PLAIN SASL-IR", "auto",
                "C: $a AUTHENTICATE PLAIN " PLAIN_RESPONSE "\n" TOLD, "PLAIN");
  check_log_in ("IMAP4rev1 BEFORE AUTH=PLAIN", "auto",
                "C: $a AUTHENTICATE PLAIN\nS: +\nC: " PLAIN_RESPONSE
                "\nS: $a OK [CAPABILITY AFTER] in\n",
                "PLAIN");
  check_log_in ("IMAP4rev1 BEFORE AUTH=LOGIN SASL-IR", "auto",
                "C: $a AUTHENTICATE LOGIN\nS: + VXNlcm5hbWU6\nC: YW5u\nS: + UGFzc3dvcmQ6\n"
                "C: czNjcmV0LXBhc3M=\nS: * CAPABILITY IMAP4rev1 AFTER\nS: $a OK in\n",
                "LOGIN");
  check_log_in ("IMAP4rev1 BEFORE AUTH=CRAM-MD5 AUTH=PLAIN SASL-IR", "cram-md5",
                "C: $a AUTHENTICATE CRAM-MD5\nS: + PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2U+\n"
                "C: YW5u*\nS: $a OK in\nC: $b CAPABILITY\nS: * CAPABILITY AFTER\nS: $b OK\n",
                "CRAM-MD5");
  /* No mechanism at all: the LOGIN command. */
  check_log_in ("IMAP4rev1 BEFORE", "auto", "C: $a LOGIN ann \"" PASSWORD "\"\n" TOLD,
                "LOGIN command");
  check_log_in ("IMAP4rev1 BEFORE AUTH=GSSAPI", "plain", "C: $a LOGIN ann \"" PASSWORD "\"\n" TOLD,
                "LOGIN command");
}

static void
check_refused (const char *capabilities,
               CachetSecurity security,
               const char *auth,
               gboolean allow_clear,
               const char *dialog,
               int code)
{
  g_autofree char *transcript =
    g_strdup_printf ("%sS: * OK [CAPABILITY %s] hi\n%sE:\n",
                     security == CACHET_SECURITY_TLS ? "T:\n" : "", capabilities, dialog);
  g_autoptr (Fixture) fixture = fixture_new (security, 0, transcript);
  g_autoptr (GError) error = NULL;

  cachet_test_imap_connect (fixture->session, NULL);
  g_assert_false (log_in (fixture, auth, allow_clear, &error));
  g_assert_error (error, CACHET_NET_ERROR, code);
  g_assert_null (strstr (error->message, PASSWORD));
  if (*dialog == '\0')
    g_assert_cmpuint (cachet_test_server_get_received (fixture->server)->len, ==, 0);
}

static void
test_refused (void)
{
  const CachetSecurity tls = CACHET_SECURITY_TLS;

  check_refused (CAPS, tls, "auto", FALSE,
                 "C: $a AUTHENTICATE*\nS: $a NO [AUTHENTICATIONFAILED] no\n",
                 CACHET_NET_ERROR_AUTH);
  check_refused (CAPS, tls, "auto", FALSE, "C: $a AUTHENTICATE*\nS: $a NO\n",
                 CACHET_NET_ERROR_AUTH);
  check_refused (CAPS, tls, "auto", FALSE, "C: $a AUTHENTICATE*\nS: $a NO [UNAVAILABLE] later\n",
                 CACHET_NET_ERROR_AUTH_TEMPORARY);
  check_refused (CAPS, tls, "auto", FALSE, "C: $a AUTHENTICATE*\nS: $a BAD what\n",
                 CACHET_NET_ERROR_BAD);
  check_refused (CAPS, tls, "auto", FALSE, "C: $a AUTHENTICATE*\nS: * BYE no\n",
                 CACHET_NET_ERROR_CLOSED);
  /* A server that says the password back. */
  check_refused (CAPS, tls, "auto", FALSE,
                 "C: $a AUTHENTICATE*\nS: * OK you said " PASSWORD "\nS: $a NO bye\n",
                 CACHET_NET_ERROR_AUTH);
  /* A challenge that is none is answered with "*". */
  check_refused ("AUTH=CRAM-MD5", tls, "auto", FALSE,
                 "C: $a AUTHENTICATE CRAM-MD5\nS: + !!!\nC: ?\nS: $a BAD cancelled\n",
                 CACHET_NET_ERROR_AUTH);
  check_refused (CAPS, tls, "auto", FALSE,
                 "C: $a AUTHENTICATE*\nS: + more\nC: ?\nS: $a BAD cancelled\n",
                 CACHET_NET_ERROR_AUTH);
  /* Nothing in common. */
  check_refused ("IMAP4rev1 LOGINDISABLED", tls, "auto", FALSE, "", CACHET_NET_ERROR_NO_MECHANISM);
  check_refused ("IMAP4rev1 AUTH=GSSAPI LOGINDISABLED", tls, "auto", FALSE, "",
                 CACHET_NET_ERROR_NO_MECHANISM);
  check_refused (CAPS, tls, "cram-md5", FALSE, "", CACHET_NET_ERROR_NO_MECHANISM);
  check_refused (CAPS, tls, "no-such-thing", FALSE, "", CACHET_NET_ERROR_NO_MECHANISM);
}

static void
test_clear_password (void)
{
  const CachetSecurity none = CACHET_SECURITY_NONE;

  /* Without consent nothing that can be read is sent. */
  check_refused (CAPS, none, "auto", FALSE, "", CACHET_NET_ERROR_CLEAR_PASSWORD);
  check_refused (CAPS, none, "plain", FALSE, "", CACHET_NET_ERROR_CLEAR_PASSWORD);
  check_refused ("IMAP4rev1", none, "auto", FALSE, "", CACHET_NET_ERROR_CLEAR_PASSWORD);
  check_refused ("IMAP4rev1 LOGINDISABLED", none, "auto", TRUE, "", CACHET_NET_ERROR_NO_MECHANISM);
  /* CRAM-MD5 needs none; here it is refused by the server. */
  check_refused ("AUTH=PLAIN AUTH=CRAM-MD5", none, "auto", FALSE,
                 "C: $a AUTHENTICATE CRAM-MD5\nS: + PDE+\nC: *\nS: $a NO\n", CACHET_NET_ERROR_AUTH);
  /* With consent it goes out. */
  check_refused (CAPS, none, "auto", TRUE,
                 "C: $a AUTHENTICATE PLAIN " PLAIN_RESPONSE "\nS: $a NO\n", CACHET_NET_ERROR_AUTH);
}

/* After a refusal the connection is as good as before. */
static void
test_second_try (void)
{
  g_autoptr (Fixture) fixture =
    fixture_new (CACHET_SECURITY_TLS, 0,
                 "T:\nS: * OK [CAPABILITY " CAPS "] hi\n"
                 "C: $a AUTHENTICATE*\nS: $a NO [AUTHENTICATIONFAILED] no\n"
                 "C: $a AUTHENTICATE*\nS: $a OK [CAPABILITY IMAP4rev1] yes\nE:\n");
  g_autoptr (GError) error = NULL;

  cachet_test_imap_connect (fixture->session, NULL);
  g_assert_false (log_in (fixture, "auto", FALSE, &error));
  log_in (fixture, "auto", FALSE, NULL);
}

static void
test_introduction (void)
{
  g_autoptr (Fixture) fixture = fixture_new (
    CACHET_SECURITY_TLS, 0,
    "T:\nS: * OK [CAPABILITY " CAPS "] hi\n"
    "C: $a AUTHENTICATE*\nS: $a OK [CAPABILITY IMAP4rev1 ID ENABLE CONDSTORE QRESYNC NAMESPACE] "
    "in\n"
    "C: $i ID (\"name\" \"Cachet\" \"version\" \"*\")\nC: $e ENABLE QRESYNC\nC: $n NAMESPACE\n"
    "S: * ID (\"name\" \"Odd\\x1b\\r\\nServer\" \"version\" NIL)\n"
    "S: $i OK\nS: * ENABLED QRESYNC\nS: $e OK\nS: * NAMESPACE NIL NIL NIL\nS: $n BAD unknown\n"
    "S: * OK [ALERT] Disk\tnearly full\n"
    "C: $c NOOP\nS: $c OK\nE:\n");
  g_autoptr (CachetConnectionFacts) facts = NULL;

  cachet_test_imap_connect (fixture->session, NULL);
  log_in (fixture, "auto", FALSE, NULL);
  facts = cachet_imap_session_dup_facts (fixture->session);
  g_assert_true (g_str_has_prefix (facts->server_id, "Odd"));
  cachet_test_imap_noop (fixture->session, NULL);
  g_assert_nonnull (fixture->alert);
  /* Control characters are made visible. */
  g_assert_null (strchr (fixture->alert, '\t'));
}

static void
test_cancel_connect (void)
{
  g_autoptr (Fixture) fixture = fixture_new (CACHET_SECURITY_NONE, 0, "W: 100\nE:\n");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (CachetTestWait) wait = { NULL };
  g_autoptr (GError) error = NULL;

  cachet_imap_session_connect_async (fixture->session, cancellable, cachet_test_wait_cb, &wait);
  cachet_test_wait_ms (10);
  g_cancellable_cancel (cancellable);
  g_assert_false (
    cachet_imap_session_connect_finish (fixture->session, cachet_test_wait (&wait), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* A cancelled log-in leaves nothing behind that could be used. */
static void
test_cancel_log_in (void)
{
  g_autoptr (Fixture) fixture = fixture_new (
    CACHET_SECURITY_TLS, 0, "T:\nS: * OK [CAPABILITY " CAPS "] hi\nC: $a AUTHENTICATE*\nE:\n");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (CachetSecret) secret = cachet_secret_new (PASSWORD, -1);
  g_auto (CachetTestWait) wait = { NULL };
  g_autoptr (GError) error = NULL;

  cachet_test_imap_connect (fixture->session, NULL);
  cachet_imap_session_authenticate_async (fixture->session, "ann", secret, "auto", FALSE,
                                          cancellable, cachet_test_wait_cb, &wait);
  cachet_test_wait_ms (10);
  g_cancellable_cancel (cancellable);
  g_assert_false (
    cachet_imap_session_authenticate_finish (fixture->session, cachet_test_wait (&wait), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (cachet_imap_session_get_state (fixture->session), ==,
                   CACHET_IMAP_STATE_DISCONNECTED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-open/starttls", test_starttls);
  g_test_add_func ("/imap-open/starttls-asks", test_starttls_asks);
  g_test_add_func ("/imap-open/hard-state", test_hard_state);
  g_test_add_func ("/imap-open/injection", test_injection);
  g_test_add_func ("/imap-open/bad-certificate", test_bad_certificate);
  g_test_add_func ("/imap-open/preauth-under-tls", test_preauth_under_tls);
  g_test_add_func ("/imap-open/mechanisms", test_mechanisms);
  g_test_add_func ("/imap-open/refused", test_refused);
  g_test_add_func ("/imap-open/clear-password", test_clear_password);
  g_test_add_func ("/imap-open/second-try", test_second_try);
  g_test_add_func ("/imap-open/introduction", test_introduction);
  g_test_add_func ("/imap-open/cancel-connect", test_cancel_connect);
  g_test_add_func ("/imap-open/cancel-log-in", test_cancel_log_in);

  return g_test_run ();
}
