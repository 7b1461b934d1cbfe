#include "config.h"

#include "cachet-smtp-session.h"
#include "cachet-test-wait.h"

#include <string.h>

/* Against a real Postfix (tests/server/mailserver.py). */

#define USER "alice@example.test"
#define PASSWORD "alice-pw"
#define OTHER "bob@example.test"

static const char *
get_env (const char *name)
{
  const char *value = g_getenv (name);

  if (value == NULL)
    g_error ("%s is not set: run this test under mailserver.py", name);
  return value;
}

static CachetSmtpSession *
new_session (const char *port_name, CachetSecurity security, CachetWireLog *log)
{
  guint16 port = (guint16)g_ascii_strtoull (get_env (port_name), NULL, 10);
  g_autoptr (CachetEndpoint) endpoint = cachet_endpoint_new ("localhost", port, security);

  endpoint->ca_file = g_strdup (get_env ("MAIL_CA"));
  return cachet_smtp_session_new (endpoint, NULL, log);
}

static void
do_connect (CachetSmtpSession *session)
{
  g_auto (CachetTestWait) wait = { NULL };
  g_autoptr (GError) error = NULL;

  cachet_smtp_session_connect_async (session, NULL, cachet_test_wait_cb, &wait);
  cachet_smtp_session_connect_finish (session, cachet_test_wait (&wait), &error);
  g_assert_no_error (error);
}

static gboolean
do_authenticate (CachetSmtpSession *session,
                 const char *password,
                 const char *auth,
                 gboolean allow_clear,
                 GError **error)
{
  g_auto (CachetTestWait) wait = { NULL };
  g_autoptr (CachetSecret) secret = cachet_secret_new (password, -1);

  cachet_smtp_session_authenticate_async (session, USER, secret, auth, allow_clear, NULL,
                                          cachet_test_wait_cb, &wait);
  return cachet_smtp_session_authenticate_finish (session, cachet_test_wait (&wait), error);
}

static void
before_dot_cb (CachetSmtpResumeFunc done, gpointer done_data, gpointer user_data)
{
  done (done_data, TRUE);
}

static gboolean
do_send (CachetSmtpSession *session,
         const char *const *to,
         gsize size,
         GPtrArray **rejections,
         GError **error)
{
  g_auto (CachetTestWait) wait = { NULL };
  g_autoptr (GString) text = g_string_new ("From: " USER "\nTo: " OTHER
                                           "\nSubject: live\nDate: Wed, 1 Jul 2026 10:00:00 +0200"
                                           "\n\n.\n..\n.hidden\n");
  g_autoptr (GBytes) message = NULL;
  g_autofree char *reply = NULL;
  gboolean sent;

  while (text->len < size)
    g_string_append (text, "A line of a large message, which goes on and on and on and on.\n");
  message = g_bytes_new (text->str, text->len);
  cachet_smtp_session_send_async (session, USER, to, message, 0, before_dot_cb, NULL, NULL, NULL,
                                  NULL, cachet_test_wait_cb, &wait);
  sent =
    cachet_smtp_session_send_finish (session, cachet_test_wait (&wait), &reply, rejections, error);
  g_assert_true (sent == (reply != NULL));
  if (sent)
    g_assert_nonnull (strstr (reply, "queued as"));
  return sent;
}

static void
do_quit (CachetSmtpSession *session)
{
  g_auto (CachetTestWait) wait = { NULL };

  cachet_smtp_session_quit_async (session, NULL, cachet_test_wait_cb, &wait);
  g_assert_true (cachet_smtp_session_quit_finish (session, cachet_test_wait (&wait), NULL));
}

static void
check_send (const char *port_name, CachetSecurity security)
{
  g_autoptr (CachetWireLog) log = cachet_wire_log_new ();
  g_autoptr (CachetSmtpSession) session = new_session (port_name, security, log);
  const char *const to[] = { OTHER, USER, NULL };
  g_autoptr (CachetConnectionFacts) facts = NULL;
  g_autoptr (GError) error = NULL;

  do_connect (session);
  facts = cachet_smtp_session_dup_facts (session);
  g_assert_true (facts->encrypted);
  g_assert_cmpstr (facts->tls_version, ==, "TLS 1.3");
  g_assert_true (cachet_smtp_session_has_extension (session, "PIPELINING"));
  g_assert_true (cachet_smtp_session_has_extension (session, "8BITMIME"));
  do_authenticate (session, PASSWORD, "auto", FALSE, &error);
  g_assert_no_error (error);
  /* Two messages over one connection, the second a large one. */
  do_send (session, to, 0, NULL, &error);
  g_assert_no_error (error);
  do_send (session, to, 3 * 1024 * 1024, NULL, &error);
  g_assert_no_error (error);
  do_quit (session);
  for (guint i = 0; i < cachet_wire_log_get_n_records (log); i++)
    g_assert_null (strstr (cachet_wire_log_get (log, i)->text, PASSWORD));
}

static void
test_starttls (void)
{
  check_send ("MAIL_SUBMISSION_PORT", CACHET_SECURITY_STARTTLS);
}

static void
test_tls (void)
{
  check_send ("MAIL_SUBMISSIONS_PORT", CACHET_SECURITY_TLS);
}

static void
test_clear_password (void)
{
  g_autoptr (CachetSmtpSession) session =
    new_session ("MAIL_SUBMISSION_CLEAR_PORT", CACHET_SECURITY_NONE, NULL);
  const char *const to[] = { OTHER, NULL };
  g_autoptr (CachetConnectionFacts) facts = NULL;
  g_autoptr (GError) error = NULL;

  do_connect (session);
  g_assert_false (do_authenticate (session, PASSWORD, "plain", FALSE, &error));
  g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_CLEAR_PASSWORD);
  g_clear_error (&error);
  /* Without consent only what does not show the password. */
  do_authenticate (session, PASSWORD, "auto", FALSE, &error);
  g_assert_no_error (error);
  facts = cachet_smtp_session_dup_facts (session);
  g_assert_cmpstr (facts->mechanism, ==, "CRAM-MD5");
  do_send (session, to, 0, NULL, &error);
  g_assert_no_error (error);
  do_quit (session);
}

static void
test_wrong_password (void)
{
  g_autoptr (CachetSmtpSession) session =
    new_session ("MAIL_SUBMISSION_PORT", CACHET_SECURITY_STARTTLS, NULL);
  g_autoptr (GError) error = NULL;

  do_connect (session);
  g_assert_false (do_authenticate (session, "wrong", "auto", FALSE, &error));
  g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_AUTH);
  g_clear_error (&error);
  /* The connection is still good for the right one. */
  do_authenticate (session, PASSWORD, "auto", FALSE, &error);
  g_assert_no_error (error);
  do_quit (session);
}

static void
test_refused_recipient (void)
{
  g_autoptr (CachetSmtpSession) session =
    new_session ("MAIL_SUBMISSIONS_PORT", CACHET_SECURITY_TLS, NULL);
  const char *const to[] = { OTHER, "nobody-here@example.test", NULL };
  const char *const good[] = { OTHER, NULL };
  g_autoptr (GPtrArray) rejections = NULL;
  g_autoptr (GError) error = NULL;
  const CachetSmtpRejection *rejection;

  do_connect (session);
  do_authenticate (session, PASSWORD, "auto", FALSE, &error);
  g_assert_no_error (error);
  g_assert_false (do_send (session, to, 0, &rejections, &error));
  g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_SMTP_RECIPIENTS);
  g_assert_cmpuint (rejections->len, ==, 1);
  rejection = g_ptr_array_index (rejections, 0);
  g_assert_cmpstr (rejection->address, ==, "nobody-here@example.test");
  g_assert_cmpint (rejection->code, ==, 550);
  g_clear_error (&error);
  do_send (session, good, 0, NULL, &error);
  g_assert_no_error (error);
  do_quit (session);
}

static void
test_without_login (void)
{
  g_autoptr (CachetSmtpSession) session =
    new_session ("MAIL_SUBMISSIONS_PORT", CACHET_SECURITY_TLS, NULL);
  const char *const to[] = { OTHER, NULL };
  g_autoptr (GError) error = NULL;

  do_connect (session);
  g_assert_false (do_send (session, to, 0, NULL, &error));
  g_assert_nonnull (error);
  g_assert_true (cachet_smtp_session_is_ready (session));
  do_quit (session);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/smtp-live/starttls", test_starttls);
  g_test_add_func ("/smtp-live/tls", test_tls);
  g_test_add_func ("/smtp-live/clear-password", test_clear_password);
  g_test_add_func ("/smtp-live/wrong-password", test_wrong_password);
  g_test_add_func ("/smtp-live/refused-recipient", test_refused_recipient);
  g_test_add_func ("/smtp-live/without-login", test_without_login);
  return g_test_run ();
}
