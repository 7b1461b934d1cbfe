#include "config.h"

#include "cachet-smtp-session.h"
#include "cachet-test-server.h"
#include "cachet-test-wait.h"

#include <string.h>

#define GREETING "S: 220 mx.example ESMTP\n"
#define EHLO "C: EHLO [127.0.0.1]\n"
#define HELLO GREETING EHLO
#define PASSWORD "correct horse"
/* NUL "ann" NUL PASSWORD */
#define PLAIN_LINE "AGFubgBjb3JyZWN0IGhvcnNl"
#define MESSAGE "Subject: x\r\n\r\nHello\r\n"

/* A session with its scripted server, and what came of the last call. */
typedef struct
{
  CachetTestServer *server;
  CachetSmtpSession *session;
  CachetWireLog *log;
  GError *error;
  char *reply;
  GPtrArray *rejections;
  guint n_closed;
  GError *closed_error;
  guint64 progress;
  guint n_progress;
  guint n_before_dot;
} Fixture;

static void
closed_cb (CachetSmtpSession *session, const GError *error, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->n_closed++;
  fixture->closed_error = error != NULL ? g_error_copy (error) : NULL;
}

static Fixture *
fixture_new (CachetSecurity security, const char *transcript)
{
  static const CachetSmtpTimeouts timeouts = { 5, 5, 5, 5, 5, 2 };
  Fixture *fixture = g_new0 (Fixture, 1);
  g_autoptr (CachetEndpoint) endpoint = NULL;

  fixture->server = cachet_test_server_new (transcript);
  endpoint = cachet_test_server_dup_endpoint (fixture->server, security);
  fixture->log = cachet_wire_log_new ();
  fixture->session = cachet_smtp_session_new (endpoint, NULL, fixture->log);
  cachet_smtp_session_set_timeouts (fixture->session, &timeouts);
  g_signal_connect (fixture->session, "closed", G_CALLBACK (closed_cb), fixture);
  return fixture;
}

/* Every fixture ends here: the transcript was followed, and no log has the password. */
static void
fixture_free (Fixture *fixture)
{
  cachet_smtp_session_disconnect (fixture->session);
  cachet_test_server_finish (fixture->server);
  g_assert_cmpuint (fixture->n_closed, ==, 1);
  for (guint i = 0; i < cachet_wire_log_get_n_records (fixture->log); i++)
    {
      const CachetWireRecord *record = cachet_wire_log_get (fixture->log, i);

      g_assert_null (strstr (record->text, PASSWORD));
      g_assert_null (strstr (record->text, PLAIN_LINE));
      g_assert_null (strstr (record->text, "Y29ycmVjdCBob3JzZQ"));
    }
  g_object_add_weak_pointer (G_OBJECT (fixture->session), (gpointer *)&fixture->session);
  g_object_unref (fixture->session);
  cachet_test_wait_ms (1);
  g_assert_null (fixture->session);
  cachet_test_server_free (fixture->server);
  g_object_unref (fixture->log);
  g_clear_error (&fixture->error);
  g_clear_error (&fixture->closed_error);
  g_clear_pointer (&fixture->rejections, g_ptr_array_unref);
  g_free (fixture->reply);
  g_free (fixture);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static gboolean
do_connect (Fixture *fixture)
{
  g_auto (CachetTestWait) wait = { NULL };

  g_clear_error (&fixture->error);
  cachet_smtp_session_connect_async (fixture->session, NULL, cachet_test_wait_cb, &wait);
  return cachet_smtp_session_connect_finish (fixture->session, cachet_test_wait (&wait),
                                             &fixture->error);
}

static gboolean
do_authenticate (Fixture *fixture, const char *auth, gboolean allow_clear)
{
  g_auto (CachetTestWait) wait = { NULL };
  g_autoptr (CachetSecret) password = cachet_secret_new (PASSWORD, -1);

  g_clear_error (&fixture->error);
  cachet_smtp_session_authenticate_async (fixture->session, "ann", password, auth, allow_clear,
                                          NULL, cachet_test_wait_cb, &wait);
  return cachet_smtp_session_authenticate_finish (fixture->session, cachet_test_wait (&wait),
                                                  &fixture->error);
}

static void
progress_cb (guint64 done, guint64 total, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_assert_cmpuint (done, >=, fixture->progress);
  g_assert_cmpuint (done, <=, total);
  fixture->progress = done;
  fixture->n_progress++;
}

static void
before_dot_cb (CachetSmtpResumeFunc done, gpointer done_data, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->n_before_dot++;
  done (done_data, TRUE);
}

typedef struct
{
  const char *from;
  const char *to; /* separated by spaces */
  const char *message;
  gssize length;
  CachetSmtpSendFlags flags;
  CachetSmtpBeforeDotFunc before_dot;
  GCancellable *cancellable;
} Mail;

static gboolean
do_send (Fixture *fixture, Mail mail)
{
  g_auto (CachetTestWait) wait = { NULL };
  g_auto (GStrv) recipients = g_strsplit (mail.to != NULL ? mail.to : "bob@b.example", " ", -1);
  const char *text = mail.message != NULL ? mail.message : MESSAGE;
  g_autoptr (GBytes) message =
    g_bytes_new (text, mail.length > 0 ? (gsize)mail.length : strlen (text));

  g_clear_error (&fixture->error);
  g_clear_pointer (&fixture->rejections, g_ptr_array_unref);
  g_clear_pointer (&fixture->reply, g_free);
  fixture->progress = 0;
  cachet_smtp_session_send_async (fixture->session, mail.from != NULL ? mail.from : "ann@a.example",
                                  (const char *const *)recipients, message, mail.flags,
                                  mail.before_dot != NULL ? mail.before_dot : before_dot_cb,
                                  fixture, progress_cb, fixture, mail.cancellable,
                                  cachet_test_wait_cb, &wait);
  return cachet_smtp_session_send_finish (fixture->session, cachet_test_wait (&wait),
                                          &fixture->reply, &fixture->rejections, &fixture->error);
}

static void
assert_sent (Fixture *fixture, const char *expected)
{
  const GByteArray *data = cachet_test_server_get_data (fixture->server);

  g_assert_cmpmem (data->data, data->len, expected, strlen (expected));
}

/* A session that is connected in clear to a server with @extensions ("250-…" lines). */
static Fixture *
connected (const char *extensions, const char *rest)
{
  g_autofree char *transcript =
    g_strconcat (HELLO "S: 250-mx.example\n", extensions, "S: 250 HELP\n", rest, "E:\n", NULL);
  Fixture *fixture = fixture_new (CACHET_SECURITY_NONE, transcript);

  g_assert_true (do_connect (fixture));
  return fixture;
}

#define MAIL_OK "C: MAIL FROM:<ann@a.example>\nS: 250 2.1.0 OK\n"
#define RCPT_OK "C: RCPT TO:<bob@b.example>\nS: 250 2.1.5 OK\n"
#define DATA_OK "C: DATA\nS: 354 go on\nD:\n"

static void
test_plain_send (void)
{
  g_autoptr (Fixture) fixture =
    connected ("", MAIL_OK RCPT_OK DATA_OK "S: 250 2.0.0 queued as 4711\n");

  g_assert_true (do_send (fixture, (Mail){ NULL }));
  g_assert_no_error (fixture->error);
  g_assert_cmpstr (fixture->reply, ==, "250 2.0.0 queued as 4711");
  g_assert_cmpuint (fixture->rejections->len, ==, 0);
  g_assert_cmpuint (fixture->n_before_dot, ==, 1);
  g_assert_cmpuint (fixture->progress, ==, strlen (MESSAGE));
  assert_sent (fixture, MESSAGE ".\r\n");
  g_assert_true (cachet_smtp_session_is_ready (fixture->session));
}

static void
test_auth_plain (void)
{
  g_autoptr (Fixture) fixture =
    connected ("S: 250-AUTH LOGIN PLAIN\n", "C: AUTH PLAIN " PLAIN_LINE "\nS: 235 2.7.0 welcome\n");
  g_autoptr (CachetConnectionFacts) facts = NULL;

  g_assert_true (do_authenticate (fixture, "auto", TRUE));
  g_assert_no_error (fixture->error);
  facts = cachet_smtp_session_dup_facts (fixture->session);
  g_assert_cmpstr (facts->mechanism, ==, "PLAIN");
  g_assert_cmpstr (facts->greeting, ==, "mx.example ESMTP");
  g_assert_false (facts->encrypted);
}

/* Connecting */

static void
test_one_byte (void)
{
  g_autoptr (Fixture) fixture =
    fixture_new (CACHET_SECURITY_NONE, HELLO "S: 250-mx.example\nS: 250-PIPELINING\n"
                                             "S: 250-SIZE 1000\nS: 250 8BITMIME\nE:\n");

  cachet_test_server_set_piece (fixture->server, 1);
  g_assert_true (do_connect (fixture));
  g_assert_true (cachet_smtp_session_has_extension (fixture->session, "pipelining"));
  g_assert_false (cachet_smtp_session_has_extension (fixture->session, "DSN"));
  g_assert_cmpuint (cachet_smtp_session_get_max_size (fixture->session), ==, 1000);
}

static void
test_helo (void)
{
  g_autoptr (Fixture) fixture = fixture_new (
    CACHET_SECURITY_NONE, HELLO
    "S: 500 what?\nC: HELO [127.0.0.1]\nS: 250 hello\n" MAIL_OK RCPT_OK DATA_OK "S: 250 OK\nE:\n");

  g_assert_true (do_connect (fixture));
  g_assert_false (cachet_smtp_session_has_extension (fixture->session, "SIZE"));
  g_assert_true (do_send (fixture, (Mail){ NULL }));
}

static const struct
{
  const char *name;
  CachetSecurity security;
  const char *transcript;
  CachetNetError code;
} refusals[] = {
  { "421", CACHET_SECURITY_NONE, "S: 421 4.3.2 later\nE:\n", CACHET_NET_ERROR_SMTP_TEMPORARY },
  { "450", CACHET_SECURITY_NONE, "S: 450 later\nE:\n", CACHET_NET_ERROR_SMTP_TEMPORARY },
  { "554", CACHET_SECURITY_NONE, "S: 554 no\nE:\n", CACHET_NET_ERROR_SMTP_PERMANENT },
  { "250", CACHET_SECURITY_NONE, "S: 250 eh\nE:\n", CACHET_NET_ERROR_PROTOCOL },
  { "999", CACHET_SECURITY_NONE, "S: 999 no\nE:\n", CACHET_NET_ERROR_PROTOCOL },
  { "-1", CACHET_SECURITY_NONE, "S: -1 no\nE:\n", CACHET_NET_ERROR_PROTOCOL },
  { "digits", CACHET_SECURITY_NONE, "S: 22022022022022022022 x\nE:\n", CACHET_NET_ERROR_PROTOCOL },
  { "imap", CACHET_SECURITY_NONE, "S: * OK IMAP4rev1\nE:\n", CACHET_NET_ERROR_PROTOCOL },
  { "codes", CACHET_SECURITY_NONE, "S: 220-a\nS: 250 b\nE:\n", CACHET_NET_ERROR_PROTOCOL },
  { "closed", CACHET_SECURITY_NONE, "X:\n", CACHET_NET_ERROR_CLOSED },
  { "half", CACHET_SECURITY_NONE, "S! 220-mx\nX:\n", CACHET_NET_ERROR_CLOSED },
  { "reset", CACHET_SECURITY_NONE, "S: 220 mx\n" EHLO "R:\n", CACHET_NET_ERROR_CLOSED },
  { "ehlo-421", CACHET_SECURITY_NONE, HELLO "S: 421 full\nE:\n", CACHET_NET_ERROR_SMTP_TEMPORARY },
  { "helo-no", CACHET_SECURITY_NONE, HELLO "S: 502 no\nC: HELO *\nS: 550 go away\nE:\n",
    CACHET_NET_ERROR_SMTP_PERMANENT },
  { "answer-before-question", CACHET_SECURITY_NONE,
    "S! 220 mx\\r\\n250 mx\\r\\n250 mx\\r\\n\n" EHLO "E:\n", CACHET_NET_ERROR_PROTOCOL },
  { "no-starttls", CACHET_SECURITY_STARTTLS, HELLO "S: 250-mx\nS: 250 AUTH PLAIN\nE:\n",
    CACHET_NET_ERROR_NO_STARTTLS },
  { "starttls-without-ehlo", CACHET_SECURITY_STARTTLS, HELLO "S: 500 what?\nE:\n",
    CACHET_NET_ERROR_NO_STARTTLS },
  { "starttls-454", CACHET_SECURITY_STARTTLS,
    HELLO "S: 250-mx\nS: 250 STARTTLS\nC: STARTTLS\nS: 454 no\nE:\n",
    CACHET_NET_ERROR_NO_STARTTLS },
  { "starttls-250", CACHET_SECURITY_STARTTLS,
    HELLO "S: 250-mx\nS: 250 STARTTLS\nC: STARTTLS\nS: 250 fine\nE:\n",
    CACHET_NET_ERROR_NO_STARTTLS },
  { "starttls-injection", CACHET_SECURITY_STARTTLS,
    HELLO "S: 250-mx\nS: 250 STARTTLS\nC: STARTTLS\n"
          "S! 220 go\\r\\n250-mx\\r\\n250 AUTH LOGIN\\r\\n\nE:\n",
    CACHET_NET_ERROR_INJECTION },
  { "starttls-injected-piece", CACHET_SECURITY_STARTTLS,
    HELLO "S: 250-mx\nS: 250 STARTTLS\nC: STARTTLS\nS! 220 go\\r\\n2\nE:\n",
    CACHET_NET_ERROR_INJECTION },
};

static void
test_refused (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (Fixture) fixture = fixture_new (refusals[i].security, refusals[i].transcript);

  g_assert_false (do_connect (fixture));
  g_assert_error (fixture->error, CACHET_NET_ERROR, (int)refusals[i].code);
  g_assert_cmpuint (fixture->n_closed, ==, 1);
  g_assert_error (fixture->closed_error, CACHET_NET_ERROR, (int)refusals[i].code);
  /* Before TLS nothing but EHLO and STARTTLS was said. */
  if (refusals[i].security == CACHET_SECURITY_STARTTLS)
    {
      const GByteArray *received = cachet_test_server_get_received (fixture->server);
      g_autofree char *text = g_strndup ((const char *)received->data, received->len);

      g_assert_null (strstr (text, "AUTH"));
      g_assert_null (strstr (text, "HELO ["));
      g_assert_null (strstr (text, "MAIL"));
    }
}

#define UNDER_TLS(start)                                                      \
  start "T:\n" EHLO "S: 250-mx\nS: 250 AUTH PLAIN\nC: AUTH PLAIN " PLAIN_LINE \
        "\nS: 235 OK\n" MAIL_OK RCPT_OK DATA_OK "S: 250 OK\nC: QUIT\nS: 221 bye\nE:\n"

static void
run_under_tls (Fixture *fixture)
{
  g_auto (CachetTestWait) wait = { NULL };
  g_autoptr (CachetConnectionFacts) facts = NULL;

  g_assert_true (do_connect (fixture));
  facts = cachet_smtp_session_dup_facts (fixture->session);
  g_assert_true (facts->encrypted);
  g_assert_nonnull (facts->tls_version);
  /* What was offered in clear is forgotten. */
  g_assert_false (cachet_smtp_session_has_extension (fixture->session, "PIPELINING"));
  g_assert_true (do_authenticate (fixture, "auto", FALSE));
  g_assert_true (do_send (fixture, (Mail){ NULL }));
  cachet_smtp_session_quit_async (fixture->session, NULL, cachet_test_wait_cb, &wait);
  g_assert_true (
    cachet_smtp_session_quit_finish (fixture->session, cachet_test_wait (&wait), &fixture->error));
  g_assert_cmpuint (fixture->n_closed, ==, 1);
  g_assert_no_error (fixture->closed_error);
}

static void
test_starttls (void)
{
  g_autoptr (Fixture) fixture = fixture_new (
    CACHET_SECURITY_STARTTLS,
    UNDER_TLS (HELLO "S: 250-mx\nS: 250-PIPELINING\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go\n"));

  run_under_tls (fixture);
}

static void
test_tls (void)
{
  g_autoptr (Fixture) fixture =
    fixture_new (CACHET_SECURITY_TLS,
                 "T:\n" GREETING EHLO "S: 250-mx\nS: 250 AUTH PLAIN\nC: AUTH PLAIN " PLAIN_LINE
                 "\nS: 235 OK\n" MAIL_OK RCPT_OK DATA_OK "S: 250 OK\nC: QUIT\nS: 221 bye\nE:\n");

  run_under_tls (fixture);
}

static void
test_silence (void)
{
  g_autoptr (Fixture) fixture = fixture_new (CACHET_SECURITY_NONE, "E:\n");
  const CachetSmtpTimeouts timeouts = { 1, 1, 1, 1, 1, 1 };

  cachet_smtp_session_set_timeouts (fixture->session, &timeouts);
  g_assert_false (do_connect (fixture));
  g_assert_error (fixture->error, CACHET_NET_ERROR, CACHET_NET_ERROR_TIMEOUT);
}

static void
test_cancel_connect (void)
{
  g_autoptr (Fixture) fixture = fixture_new (CACHET_SECURITY_NONE, "E:\n");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (CachetTestWait) wait = { NULL };

  cachet_smtp_session_connect_async (fixture->session, cancellable, cachet_test_wait_cb, &wait);
  cachet_test_wait_ms (20);
  g_cancellable_cancel (cancellable);
  g_assert_false (cachet_smtp_session_connect_finish (fixture->session, cachet_test_wait (&wait),
                                                      &fixture->error));
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_idle_close (void)
{
  g_autoptr (Fixture) fixture = connected ("", "S: 421 4.4.2 idle too long\n");

  while (fixture->n_closed == 0)
    cachet_test_wait_ms (1);
  g_assert_error (fixture->closed_error, CACHET_NET_ERROR, CACHET_NET_ERROR_SMTP_TEMPORARY);
  g_assert_false (cachet_smtp_session_is_ready (fixture->session));
  g_assert_false (do_send (fixture, (Mail){ NULL }));
  g_assert_error (fixture->error, CACHET_NET_ERROR, CACHET_NET_ERROR_CLOSED);
}

/* Logging in */

static const struct
{
  const char *name;
  const char *offers;
  const char *transcript;
  const char *auth;
  gboolean allow_clear;
  int code; /* CachetNetError, -1 for none */
} logins[] = {
  { "login", "S: 250-AUTH=LOGIN\n",
    "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: YW5u\nS: 334 UGFzc3dvcmQ6\nC: Y29ycmVjdCBob3JzZQ==\n"
    "S: 235 OK\n",
    "auto", TRUE, -1 },
  { "cram-md5", "S: 250-AUTH PLAIN CRAM-MD5\n",
    "C: AUTH CRAM-MD5\nS: 334 PDEyMzRAbXg+\nC: *\nS: 235 OK\n", "auto", FALSE, -1 },
  { "no-consent", "S: 250-AUTH PLAIN LOGIN\n", "", "auto", FALSE, CACHET_NET_ERROR_CLEAR_PASSWORD },
  { "none-offered", "", "", "auto", TRUE, CACHET_NET_ERROR_NO_MECHANISM },
  { "not-offered", "S: 250-AUTH PLAIN\n", "", "cram-md5", TRUE, CACHET_NET_ERROR_NO_MECHANISM },
  { "unknown", "S: 250-AUTH GSSAPI\n", "", "gssapi", TRUE, CACHET_NET_ERROR_NO_MECHANISM },
  { "535", "S: 250-AUTH PLAIN\n", "C: AUTH PLAIN *\nS: 535 5.7.8 wrong\n", "auto", TRUE,
    CACHET_NET_ERROR_AUTH },
  { "454", "S: 250-AUTH PLAIN\n", "C: AUTH PLAIN *\nS: 454 4.7.0 no database\n", "auto", TRUE,
    CACHET_NET_ERROR_AUTH_TEMPORARY },
  { "504", "S: 250-AUTH PLAIN\n", "C: AUTH PLAIN *\nS: 504 5.5.4 no\n", "auto", TRUE,
    CACHET_NET_ERROR_NO_MECHANISM },
  { "421", "S: 250-AUTH PLAIN\n", "C: AUTH PLAIN *\nS: 421 bye\n", "auto", TRUE,
    CACHET_NET_ERROR_SMTP_TEMPORARY },
  { "echo", "S: 250-AUTH PLAIN\n",
    "C: AUTH PLAIN *\nS: 535 5.7.8 " PASSWORD " or " PLAIN_LINE " is wrong\n", "auto", TRUE,
    CACHET_NET_ERROR_AUTH },
  { "more", "S: 250-AUTH PLAIN\n", "C: AUTH PLAIN *\nS: 334 bW9yZT8=\nC: [*]\nS: 501 cancelled\n",
    "auto", TRUE, CACHET_NET_ERROR_PROTOCOL },
  { "bad-challenge", "S: 250-AUTH CRAM-MD5\n",
    "C: AUTH CRAM-MD5\nS: 334 not base64!\nC: [*]\nS: 501 cancelled\n", "auto", TRUE,
    CACHET_NET_ERROR_PROTOCOL },
  { "354", "S: 250-AUTH PLAIN\n", "C: AUTH PLAIN *\nS: 354 go on\n", "auto", TRUE,
    CACHET_NET_ERROR_PROTOCOL },
  { "too-early", "S: 250-AUTH CRAM-MD5\n", "C: AUTH CRAM-MD5\nS: 235 welcome\n", "auto", TRUE,
    CACHET_NET_ERROR_PROTOCOL },
};

static void
test_login (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *transcript = NULL;
  g_autoptr (Fixture) fixture = NULL;
  g_auto (GStrv) parts = g_strsplit (logins[i].transcript, "[*]", -1);

  /* "[*]" stands for the line "*": the pattern has no other word for it that fits nothing else */
  transcript = g_strjoinv ("?", parts);
  fixture = connected (logins[i].offers, transcript);
  if (logins[i].code < 0)
    {
      g_assert_true (do_authenticate (fixture, logins[i].auth, logins[i].allow_clear));
      g_assert_no_error (fixture->error);
      return;
    }
  g_assert_false (do_authenticate (fixture, logins[i].auth, logins[i].allow_clear));
  g_assert_error (fixture->error, CACHET_NET_ERROR, logins[i].code);
  g_assert_null (strstr (fixture->error->message, PASSWORD));
  g_assert_null (strstr (fixture->error->message, PLAIN_LINE));
}

/* A name so long that the initial response does not fit on the command's line. */
static void
test_long_initial_response (void)
{
  g_autoptr (Fixture) fixture =
    connected ("S: 250-AUTH PLAIN\n", "C: AUTH PLAIN\nS: 334 \nC: AGFhYWFh*\nS: 235 OK\n");
  g_autofree char *user = g_strnfill (500, 'a');
  g_autoptr (CachetSecret) password = cachet_secret_new (PASSWORD, -1);
  g_auto (CachetTestWait) wait = { NULL };

  cachet_smtp_session_authenticate_async (fixture->session, user, password, NULL, TRUE, NULL,
                                          cachet_test_wait_cb, &wait);
  g_assert_true (cachet_smtp_session_authenticate_finish (
    fixture->session, cachet_test_wait (&wait), &fixture->error));
}

/* Sending */

#define RSET_OK "C: RSET\nS: 250 OK\n"
#define PIPE "S: 250-PIPELINING\n"
#define TWO "C: RCPT TO:<bob@b.example>\nC: RCPT TO:<eve@b.example>\n"

static const struct
{
  const char *name;
  const char *extensions;
  const char *transcript;
  const char *to;
  int code; /* CachetNetError, -1 for none */
  guint n_rejections;
  gboolean stays; /* connected */
} sends[] = {
  { "pipelined", PIPE,
    "C: MAIL FROM:<ann@a.example>\n" TWO "S: 250 OK\nS: 250 OK\nS: 251 forwarded\n" DATA_OK
    "S: 250 OK\n",
    "bob@b.example eve@b.example", -1, 0, TRUE },
  { "pipelined-one-piece", PIPE,
    "C: MAIL FROM:<ann@a.example>\n" TWO
    "S! 250-a\\r\\n250 OK\\r\\n250 OK\\r\\n250 OK\\r\\n\n" DATA_OK "S: 250 OK\n",
    "bob@b.example eve@b.example", -1, 0, TRUE },
  { "mail-5xx", "", "C: MAIL *\nS: 550 5.7.1 not you\n" RSET_OK, NULL,
    CACHET_NET_ERROR_SMTP_PERMANENT, 0, TRUE },
  { "mail-452", "", "C: MAIL *\nS: 452 4.3.1 no space\n" RSET_OK, NULL,
    CACHET_NET_ERROR_SMTP_TEMPORARY, 0, TRUE },
  { "mail-552", "", "C: MAIL *\nS: 552 too much\n" RSET_OK, NULL, CACHET_NET_ERROR_SMTP_TOO_BIG, 0,
    TRUE },
  { "mail-5xx-pipelined", PIPE,
    "C: MAIL *\n" TWO "S: 530 5.7.0 log in\nS: 503 no MAIL\nS: 503 no MAIL\n" RSET_OK,
    "bob@b.example eve@b.example", CACHET_NET_ERROR_SMTP_PERMANENT, 0, TRUE },
  { "rcpt-550-of-two", "",
    MAIL_OK RCPT_OK "C: RCPT TO:<eve@b.example>\nS: 550 5.1.1 nobody\n" RSET_OK,
    "bob@b.example eve@b.example", CACHET_NET_ERROR_SMTP_RECIPIENTS, 1, TRUE },
  { "rcpt-450-of-two-pipelined", PIPE,
    "C: MAIL *\n" TWO "S: 250 OK\nS: 450 4.2.0 later\nS: 250 OK\n" RSET_OK,
    "bob@b.example eve@b.example", CACHET_NET_ERROR_SMTP_RECIPIENTS, 1, TRUE },
  { "rcpt-450-and-550-pipelined", PIPE,
    "C: MAIL *\n" TWO "S: 250 OK\nS: 450 4.2.0 later\nS: 550 5.1.1 no\n" RSET_OK,
    "bob@b.example eve@b.example", CACHET_NET_ERROR_SMTP_RECIPIENTS, 2, TRUE },
  { "rcpt-421", PIPE, "C: MAIL *\n" TWO "S: 250 OK\nS: 421 4.3.2 shutting down\n",
    "bob@b.example eve@b.example", CACHET_NET_ERROR_SMTP_TEMPORARY, 0, FALSE },
  { "rcpt-354", "", MAIL_OK "C: RCPT *\nS: 354 go\n", NULL, CACHET_NET_ERROR_PROTOCOL, 0, FALSE },
  { "rset-refused", "", "C: MAIL *\nS: 550 no\nC: RSET\nS: 500 what?\n", NULL,
    CACHET_NET_ERROR_SMTP_PERMANENT, 0, FALSE },
  { "data-451", "", MAIL_OK RCPT_OK "C: DATA\nS: 451 4.3.0 no\n" RSET_OK, NULL,
    CACHET_NET_ERROR_SMTP_TEMPORARY, 0, TRUE },
  { "data-250", "", MAIL_OK RCPT_OK "C: DATA\nS: 250 what?\n", NULL, CACHET_NET_ERROR_PROTOCOL, 0,
    FALSE },
  { "dot-554", "", MAIL_OK RCPT_OK DATA_OK "S: 554 5.6.0 spam\n", NULL,
    CACHET_NET_ERROR_SMTP_PERMANENT, 0, TRUE },
  { "dot-451", "", MAIL_OK RCPT_OK DATA_OK "S: 451 4.3.0 later\n", NULL,
    CACHET_NET_ERROR_SMTP_TEMPORARY, 0, TRUE },
  { "dot-552-quota", "", MAIL_OK RCPT_OK DATA_OK "S: 552 5.2.2 mailbox full\n", NULL,
    CACHET_NET_ERROR_OVERQUOTA, 0, TRUE },
  { "dot-421", "", MAIL_OK RCPT_OK DATA_OK "S: 421 4.3.2 shutting down\n", NULL,
    CACHET_NET_ERROR_SMTP_TEMPORARY, 0, FALSE },
  { "dot-lost", "", MAIL_OK RCPT_OK DATA_OK "X:\n", NULL, CACHET_NET_ERROR_SMTP_UNKNOWN, 0, FALSE },
  { "dot-reset", "", MAIL_OK RCPT_OK DATA_OK "R:\n", NULL, CACHET_NET_ERROR_SMTP_UNKNOWN, 0,
    FALSE },
  { "dot-garbage", "", MAIL_OK RCPT_OK DATA_OK "S: yes, thanks\n", NULL,
    CACHET_NET_ERROR_SMTP_UNKNOWN, 0, FALSE },
  { "dot-354", "", MAIL_OK RCPT_OK DATA_OK "S: 354 more\n", NULL, CACHET_NET_ERROR_SMTP_UNKNOWN, 0,
    FALSE },
  { "dot-cut", "", MAIL_OK RCPT_OK DATA_OK "S! 250 O\nX:\n", NULL, CACHET_NET_ERROR_SMTP_UNKNOWN, 0,
    FALSE },
  { "dot-late", "", MAIL_OK RCPT_OK DATA_OK "W: 300\nS: 250 OK\n", NULL, -1, 0, TRUE },
  { "lost-before-data", "", MAIL_OK RCPT_OK "X:\n", NULL, CACHET_NET_ERROR_CLOSED, 0, FALSE },
};

static void
test_send (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  gboolean lost =
    strstr (sends[i].transcript, "X:") != NULL ||
    strstr (sends[i].transcript, "R:") == sends[i].transcript + strlen (sends[i].transcript) - 3;
  g_autofree char *transcript =
    g_strconcat (HELLO "S: 250-mx\n", sends[i].extensions, "S: 250 HELP\n", sends[i].transcript,
                 lost ? "" : "E:\n", NULL);
  g_autoptr (Fixture) fixture = fixture_new (CACHET_SECURITY_NONE, transcript);

  g_assert_true (do_connect (fixture));
  if (sends[i].code < 0)
    {
      g_assert_true (do_send (fixture, (Mail){ .to = sends[i].to }));
      g_assert_no_error (fixture->error);
    }
  else
    {
      g_assert_false (do_send (fixture, (Mail){ .to = sends[i].to }));
      g_assert_error (fixture->error, CACHET_NET_ERROR, sends[i].code);
    }
  g_assert_cmpuint (fixture->rejections->len, ==, sends[i].n_rejections);
  g_assert_cmpint (cachet_smtp_session_is_ready (fixture->session), ==, sends[i].stays);
}

static void
test_rejections (void)
{
  g_autoptr (Fixture) fixture = connected (
    "", MAIL_OK "C: RCPT *\nS: 450 4.2.0 not now\nC: RCPT *\nS: 550 5.1.1 no one\n" RSET_OK MAIL_OK
          RCPT_OK DATA_OK "S: 250 OK\n");
  const CachetSmtpRejection *first;

  g_assert_false (do_send (fixture, (Mail){ .to = "bob@b.example eve@b.example" }));
  g_assert_cmpuint (fixture->rejections->len, ==, 2);
  first = g_ptr_array_index (fixture->rejections, 0);
  g_assert_cmpstr (first->address, ==, "bob@b.example");
  g_assert_cmpint (first->code, ==, 450);
  g_assert_cmpstr (first->text, ==, "450 4.2.0 not now");
  g_assert_nonnull (strstr (fixture->error->message, "eve@b.example"));
  g_assert_cmpuint (fixture->n_before_dot, ==, 0);
  /* The connection is as good as new. */
  g_assert_true (do_send (fixture, (Mail){ NULL }));
}

/* A server that takes its time to read, and one that refuses in the middle of a large message. */
static void
test_slow_reader (void)
{
  g_autoptr (Fixture) fixture =
    connected ("", MAIL_OK RCPT_OK "C: DATA\nS: 354 go\nW: 300\nD:\nS: 250 OK\n");
  g_autoptr (GString) message = g_string_new ("Subject: x\r\n\r\n");
  const GByteArray *data;

  while (message->len < 8 * 1024 * 1024)
    g_string_append (message, ".............................................................\n");
  g_assert_true (do_send (fixture, (Mail){ .message = message->str }));
  g_assert_cmpuint (fixture->progress, ==, message->len);
  g_assert_cmpuint (fixture->n_progress, >, 100);
  data = cachet_test_server_get_data (fixture->server);
  g_assert_cmpuint (data->len, >, message->len);
}

static void
test_early_refusal (void)
{
  g_autoptr (Fixture) fixture = connected (
    "", MAIL_OK RCPT_OK "C: DATA\nS: 354 go\nC: Subject: x\nS: 552 5.3.4 too big\nW: 50\nX:\n");
  g_autofree char *fill = g_strnfill (900, 'x');
  g_autoptr (GString) message = g_string_new ("Subject: x\r\n\r\n");

  while (message->len < 32 * 1024 * 1024)
    g_string_append_printf (message, "%s\r\n", fill);
  g_assert_false (do_send (fixture, (Mail){ .message = message->str }));
  g_assert_error (fixture->error, CACHET_NET_ERROR, CACHET_NET_ERROR_SMTP_TOO_BIG);
  g_assert_cmpuint (fixture->n_before_dot, ==, 0);
}

static void
test_421_in_data (void)
{
  g_autoptr (Fixture) fixture =
    connected ("", MAIL_OK RCPT_OK "C: DATA\nS! 354 go\\r\\n421 4.3.2 no\\r\\n\nW: 50\nX:\n");

  g_assert_false (do_send (fixture, (Mail){ NULL }));
  g_assert_error (fixture->error, CACHET_NET_ERROR, CACHET_NET_ERROR_SMTP_TEMPORARY);
}

static void
test_stuffing (void)
{
  g_autoptr (Fixture) fixture = connected ("", MAIL_OK RCPT_OK DATA_OK "S: 250 OK\n");

  g_assert_true (
    do_send (fixture, (Mail){ .message = "Subject: x\n\n.\r\n..a\r\rMAIL FROM:<evil@b>\n.\nend" }));
  assert_sent (fixture,
               "Subject: x\r\n\r\n..\r\n...a\r\n\r\nMAIL FROM:<evil@b>\r\n..\r\nend\r\n.\r\n");
}

/* Nothing is sent when the message or an address can't be. */
static const struct
{
  const char *name;
  const char *extensions;
  Mail mail;
  CachetNetError code;
} unsendable[] = {
  { "crlf", "", { .to = "bob@b.example\r\nDATA" }, CACHET_NET_ERROR_SMTP_PERMANENT },
  { "lf", "", { .to = "bob\n@b.example" }, CACHET_NET_ERROR_SMTP_PERMANENT },
  { "bracket", "", { .to = "bob@b.example>" }, CACHET_NET_ERROR_SMTP_PERMANENT },
  { "no-domain", "", { .to = "bob" }, CACHET_NET_ERROR_SMTP_PERMANENT },
  { "from", "", { .from = "ann@a.example\r\n" }, CACHET_NET_ERROR_SMTP_PERMANENT },
  { "utf8-address",
    "S: 250-8BITMIME\n",
    { .to = "\xc3\xa9@b.example" },
    CACHET_NET_ERROR_SMTP_UTF8 },
  { "utf8-header",
    "S: 250-8BITMIME\n",
    { .message = "Subject: \xc3\xa9\n\nx\n" },
    CACHET_NET_ERROR_SMTP_UTF8 },
  { "8bit", "", { .message = "Subject: x\n\n\xc3\xa9\n" }, CACHET_NET_ERROR_SMTP_PERMANENT },
  { "nul",
    "S: 250-8BITMIME\n",
    { .message = "a\n\n\0\n", .length = 5 },
    CACHET_NET_ERROR_SMTP_PERMANENT },
  { "size", "S: 250-SIZE 20\n", { NULL }, CACHET_NET_ERROR_SMTP_TOO_BIG },
};

static void
test_unsendable (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (Fixture) fixture =
    connected (unsendable[i].extensions,
               "C: MAIL FROM:<ann@a.example>*\nS: 250 OK\n" RCPT_OK DATA_OK "S: 250 OK\n");
  Mail good = { .message = "x\n" };

  g_assert_false (do_send (fixture, unsendable[i].mail));
  g_assert_error (fixture->error, CACHET_NET_ERROR, (int)unsendable[i].code);
  g_assert_cmpuint (fixture->n_before_dot, ==, 0);
  /* and it did not touch the connection */
  g_assert_true (do_send (fixture, good));
}

static void
test_line_limit (void)
{
  g_autoptr (Fixture) fixture = connected ("", MAIL_OK RCPT_OK DATA_OK "S: 250 OK\n");
  g_autofree char *good = g_strnfill (998, 'x');
  g_autofree char *bad = g_strnfill (999, 'x');

  g_assert_false (do_send (fixture, (Mail){ .message = bad }));
  g_assert_error (fixture->error, CACHET_NET_ERROR, CACHET_NET_ERROR_SMTP_PERMANENT);
  g_assert_true (do_send (fixture, (Mail){ .message = good }));
}

static void
test_no_recipient (void)
{
  g_autoptr (Fixture) fixture = connected ("", "");
  g_autoptr (GBytes) message = g_bytes_new_static ("x", 1);
  const char *const none[] = { NULL };
  g_auto (CachetTestWait) wait = { NULL };

  cachet_smtp_session_send_async (fixture->session, "a@a.example", none, message, 0, NULL, NULL,
                                  NULL, NULL, NULL, cachet_test_wait_cb, &wait);
  g_assert_false (cachet_smtp_session_send_finish (fixture->session, cachet_test_wait (&wait), NULL,
                                                   NULL, &fixture->error));
  g_assert_error (fixture->error, CACHET_NET_ERROR, CACHET_NET_ERROR_SMTP_PERMANENT);
}

static void
test_parameters (void)
{
  g_autoptr (Fixture) fixture =
    connected ("S: 250-SIZE\nS: 250-8BITMIME\nS: 250-SMTPUTF8\nS: 250-DSN\n",
               "C: MAIL FROM:<ann@a.example> SIZE=18 BODY=8BITMIME SMTPUTF8 RET=HDRS\nS: 250 OK\n"
               "C: RCPT TO:<\xc3\xa9@b.example> NOTIFY=SUCCESS,FAILURE,DELAY\nS: 250 OK\n" DATA_OK
               "S: 250 OK\n"
               "C: MAIL FROM:<ann@a.example> SIZE=22\nS: 250 OK\n" RCPT_OK DATA_OK "S: 250 OK\n");

  g_assert_true (do_send (fixture, (Mail){ .to = "\xc3\xa9@b.example",
                                           .message = "Subject: x\n\n\xc3\xa9\n",
                                           .flags = CACHET_SMTP_SEND_DSN_SUCCESS }));
  g_assert_true (do_send (fixture, (Mail){ .message = "Subject: x\n\nHello.\n" }));
}

/* The message's end */

static void
refuse_dot_cb (CachetSmtpResumeFunc done, gpointer done_data, gpointer user_data)
{
  done (done_data, FALSE);
}

static void
test_hook_refuses (void)
{
  g_autoptr (Fixture) fixture =
    connected ("", MAIL_OK RCPT_OK "C: DATA\nS: 354 go\nC: Subject: x\nC: \nC: Hello\n");

  g_assert_false (do_send (fixture, (Mail){ .before_dot = refuse_dot_cb }));
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

typedef struct
{
  CachetSmtpResumeFunc done;
  gpointer done_data;
} Resume;

static gboolean
resume_later_cb (gpointer user_data)
{
  g_autofree Resume *resume = user_data;

  resume->done (resume->done_data, TRUE);
  return G_SOURCE_REMOVE;
}

/* A disk that takes longer than the server's patience is no silence of the server's. */
static void
slow_dot_cb (CachetSmtpResumeFunc done, gpointer done_data, gpointer user_data)
{
  Resume *resume = g_new0 (Resume, 1);

  resume->done = done;
  resume->done_data = done_data;
  g_timeout_add (1300, resume_later_cb, resume);
}

static void
test_hook_slow (void)
{
  const CachetSmtpTimeouts timeouts = { 1, 1, 1, 1, 1, 1 };
  g_autoptr (Fixture) fixture =
    fixture_new (CACHET_SECURITY_NONE, HELLO "S: 250 mx\n" MAIL_OK RCPT_OK DATA_OK "S: 250 OK\n"
                                             "E:\n");

  cachet_smtp_session_set_timeouts (fixture->session, &timeouts);
  g_assert_true (do_connect (fixture));
  g_assert_true (do_send (fixture, (Mail){ .before_dot = slow_dot_cb }));
}

/* The connection is lost while the disk is at it: nothing was sent, and that is known. */
static void
test_hook_lost (void)
{
  g_autoptr (Fixture) fixture = fixture_new (
    CACHET_SECURITY_NONE,
    HELLO "S: 250 mx\n" MAIL_OK RCPT_OK "C: DATA\nS: 354 go\nC: Subject: x\nC: \nC: Hello\nX:\n");

  g_assert_true (do_connect (fixture));
  g_assert_false (do_send (fixture, (Mail){ .before_dot = slow_dot_cb }));
  g_assert_error (fixture->error, CACHET_NET_ERROR, CACHET_NET_ERROR_CLOSED);
  cachet_test_wait_ms (1400);
}

static void
test_dot_silence (void)
{
  const CachetSmtpTimeouts timeouts = { 5, 5, 5, 5, 1, 1 };
  g_autoptr (Fixture) fixture =
    fixture_new (CACHET_SECURITY_NONE, HELLO "S: 250 mx\n" MAIL_OK RCPT_OK DATA_OK "E:\n");

  cachet_smtp_session_set_timeouts (fixture->session, &timeouts);
  g_assert_true (do_connect (fixture));
  g_assert_false (do_send (fixture, (Mail){ NULL }));
  g_assert_error (fixture->error, CACHET_NET_ERROR, CACHET_NET_ERROR_SMTP_UNKNOWN);
}

static void
cancel_soon_cb (CachetSmtpResumeFunc done, gpointer done_data, gpointer user_data)
{
  Fixture *fixture = user_data;
  GCancellable *cancellable = g_object_get_data (G_OBJECT (fixture->session), "cancellable");

  done (done_data, TRUE);
  g_cancellable_cancel (cancellable);
}

/* Cancelled after the dot: not "cancelled", but not known. */
static void
test_cancel_after_dot (void)
{
  g_autoptr (Fixture) fixture = connected ("", MAIL_OK RCPT_OK DATA_OK);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_object_set_data (G_OBJECT (fixture->session), "cancellable", cancellable);
  g_assert_false (
    do_send (fixture, (Mail){ .before_dot = cancel_soon_cb, .cancellable = cancellable }));
  g_assert_error (fixture->error, CACHET_NET_ERROR, CACHET_NET_ERROR_SMTP_UNKNOWN);
}

static void
test_busy (void)
{
  g_autoptr (Fixture) fixture = connected ("", MAIL_OK RCPT_OK DATA_OK "S: 250 OK\n");
  g_auto (CachetTestWait) first = { NULL };
  g_autoptr (GBytes) message = g_bytes_new_static (MESSAGE, strlen (MESSAGE));
  const char *const to[] = { "bob@b.example", NULL };

  cachet_smtp_session_send_async (fixture->session, "ann@a.example", to, message, 0, NULL, NULL,
                                  NULL, NULL, NULL, cachet_test_wait_cb, &first);
  g_assert_false (do_send (fixture, (Mail){ NULL }));
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_PENDING);
  g_assert_true (cachet_smtp_session_send_finish (fixture->session, cachet_test_wait (&first), NULL,
                                                  NULL, NULL));
}

static void
test_big_replies (void)
{
  g_autoptr (GString) transcript = g_string_new ("S! 220-");
  g_autoptr (Fixture) fixture = NULL;

  for (int i = 0; i < 1024; i++)
    g_string_append_printf (transcript, "%.*s", 1024, "\\r\\n220-");
  g_string_append (transcript, "\\r\\n220 mx\\r\\n\n" EHLO);
  for (int i = 0; i < 200; i++)
    g_string_append_printf (transcript, "S: 250-X%d\n", i);
  g_string_append (transcript, "S: 250 SIZE 77\nE:\n");
  fixture = fixture_new (CACHET_SECURITY_NONE, transcript->str);
  g_assert_true (do_connect (fixture));
  g_assert_cmpuint (cachet_smtp_session_get_max_size (fixture->session), ==, 77);
  g_assert_true (cachet_smtp_session_has_extension (fixture->session, "X199"));
}

/* The log has each line, with the body as a number. */
static void
test_log (void)
{
  g_autoptr (Fixture) fixture =
    connected ("S: 250-AUTH PLAIN\n",
               "C: AUTH PLAIN *\nS: 235 OK\n" MAIL_OK RCPT_OK DATA_OK "S: 250 2.0.0 queued\n");
  g_autoptr (GString) all = g_string_new (NULL);

  g_assert_true (do_authenticate (fixture, "auto", TRUE));
  g_assert_true (do_send (fixture, (Mail){ NULL }));
  for (guint i = 0; i < cachet_wire_log_get_n_records (fixture->log); i++)
    {
      const CachetWireRecord *record = cachet_wire_log_get (fixture->log, i);

      if (record->direction != CACHET_WIRE_EVENT)
        g_string_append_printf (all, "%c %s\n", record->direction == CACHET_WIRE_SENT ? 'C' : 'S',
                                record->text);
      g_assert_cmpstr (record->protocol, ==, "smtp");
    }
  g_assert_cmpstr (all->str, ==,
                   "S 220 mx.example ESMTP\nC EHLO [127.0.0.1]\nS 250-mx.example\n"
                   "S 250-AUTH PLAIN\nS 250 HELP\nC AUTH PLAIN •••\nS 235 OK\n"
                   "C MAIL FROM:<ann@a.example>\nS 250 2.1.0 OK\n"
                   "C RCPT TO:<bob@b.example>\nS 250 2.1.5 OK\nC DATA\nS 354 go on\n"
                   "C {21 bytes}\nC .\nS 250 2.0.0 queued\n");
}

#define ADD_TABLE(path, table, func)                                   \
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)                     \
    {                                                                  \
      g_autofree char *name = g_strconcat (path, table[i].name, NULL); \
                                                                       \
      g_test_add_data_func (name, GSIZE_TO_POINTER (i), func);         \
    }

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/smtp-session/plain-send", test_plain_send);
  g_test_add_func ("/smtp-session/auth-plain", test_auth_plain);
  g_test_add_func ("/smtp-session/one-byte", test_one_byte);
  g_test_add_func ("/smtp-session/helo", test_helo);
  g_test_add_func ("/smtp-session/starttls", test_starttls);
  g_test_add_func ("/smtp-session/tls", test_tls);
  g_test_add_func ("/smtp-session/silence", test_silence);
  g_test_add_func ("/smtp-session/cancel-connect", test_cancel_connect);
  g_test_add_func ("/smtp-session/idle-close", test_idle_close);
  g_test_add_func ("/smtp-session/long-initial-response", test_long_initial_response);
  g_test_add_func ("/smtp-session/rejections", test_rejections);
  g_test_add_func ("/smtp-session/slow-reader", test_slow_reader);
  g_test_add_func ("/smtp-session/early-refusal", test_early_refusal);
  g_test_add_func ("/smtp-session/421-in-data", test_421_in_data);
  g_test_add_func ("/smtp-session/stuffing", test_stuffing);
  g_test_add_func ("/smtp-session/line-limit", test_line_limit);
  g_test_add_func ("/smtp-session/no-recipient", test_no_recipient);
  g_test_add_func ("/smtp-session/parameters", test_parameters);
  g_test_add_func ("/smtp-session/hook-refuses", test_hook_refuses);
  g_test_add_func ("/smtp-session/hook-slow", test_hook_slow);
  g_test_add_func ("/smtp-session/hook-lost", test_hook_lost);
  g_test_add_func ("/smtp-session/dot-silence", test_dot_silence);
  g_test_add_func ("/smtp-session/cancel-after-dot", test_cancel_after_dot);
  g_test_add_func ("/smtp-session/busy", test_busy);
  g_test_add_func ("/smtp-session/big-replies", test_big_replies);
  g_test_add_func ("/smtp-session/log", test_log);
  ADD_TABLE ("/smtp-session/refused/", refusals, test_refused);
  ADD_TABLE ("/smtp-session/login/", logins, test_login);
  ADD_TABLE ("/smtp-session/send/", sends, test_send);
  ADD_TABLE ("/smtp-session/unsendable/", unsendable, test_unsendable);
  return g_test_run ();
}
