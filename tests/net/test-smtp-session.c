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

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/smtp-session/plain-send", test_plain_send);
  g_test_add_func ("/smtp-session/auth-plain", test_auth_plain);
  return g_test_run ();
}
