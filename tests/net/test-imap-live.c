#include "config.h"

#include "cachet-test-imap.h"

#include <string.h>

/* Against a real Dovecot (tests/server/mailserver.py). */

#define USER "alice@example.test"
#define PASSWORD "alice-pw"

static const char *
get_env (const char *name)
{
  const char *value = g_getenv (name);

  if (value == NULL)
    g_error ("%s is not set: run this test under mailserver.py", name);
  return value;
}

static CachetImapSession *
new_session (const char *host, CachetSecurity security, CachetWireLog *log)
{
  const char *port =
    get_env (security == CACHET_SECURITY_TLS ? "MAIL_IMAPS_PORT" : "MAIL_IMAP_PORT");
  g_autoptr (CachetEndpoint) endpoint =
    cachet_endpoint_new (host, (guint16)g_ascii_strtoull (port, NULL, 10), security);

  endpoint->ca_file = g_strdup (get_env ("MAIL_CA"));
  return cachet_imap_session_new (endpoint, NULL, log);
}

static CachetImapSession *
new_logged_in (CachetWireLog *log)
{
  CachetImapSession *session = new_session ("localhost", CACHET_SECURITY_STARTTLS, log);

  cachet_test_imap_connect (session, NULL);
  cachet_test_imap_authenticate (session, USER, PASSWORD, "auto", FALSE, NULL);
  return session;
}

static char *
make_message (const char *id, gsize size)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (
    text,
    "From: Alice <alice@example.test>\r\nTo: bob@example.test\r\n"
    "Subject: =?utf-8?q?caf=C3=A9?= %s\r\nDate: Wed, 1 Jul 2026 10:00:00 +0200\r\n"
    "Message-ID: <%s@example.test>\r\nContent-Type: text/plain\r\n\r\n",
    id, id);
  while (text->len < size)
    g_string_append (text, "A line of a large message, which goes on and on and on and on.\r\n");
  g_string_append (text, "The end.\r\n");

  return g_string_free (text, FALSE);
}

static void
check_log_in (CachetSecurity security, const char *auth, const char *mechanism)
{
  g_autoptr (CachetWireLog) log = cachet_wire_log_new ();
  g_autoptr (CachetImapSession) session = new_session ("localhost", security, log);
  g_autoptr (CachetConnectionFacts) facts = NULL;

  cachet_test_imap_connect (session, NULL);
  g_assert_cmpint (cachet_imap_session_get_state (session), ==, CACHET_IMAP_STATE_CONNECTED);
  cachet_test_imap_authenticate (session, USER, PASSWORD, auth, FALSE, NULL);
  g_assert_cmpint (cachet_imap_session_get_state (session), ==, CACHET_IMAP_STATE_AUTHENTICATED);
  facts = cachet_imap_session_dup_facts (session);
  g_assert_true (facts->encrypted);
  g_assert_cmpstr (facts->tls_version, ==, "TLS 1.3");
  g_assert_cmpstr (facts->server_id, ==, "Dovecot");
  g_assert_cmpstr (facts->mechanism, ==, mechanism);
  g_assert_true (cachet_imap_session_has_capability (session, "idle"));
  cachet_test_imap_logout (session, NULL);
  g_assert_cmpint (cachet_imap_session_get_state (session), ==, CACHET_IMAP_STATE_DISCONNECTED);
  cachet_test_assert_not_in_log (log, PASSWORD);
}

static void
test_log_in (void)
{
  check_log_in (CACHET_SECURITY_STARTTLS, "auto", "PLAIN");
  check_log_in (CACHET_SECURITY_TLS, "auto", "PLAIN");
  check_log_in (CACHET_SECURITY_TLS, "plain", "PLAIN");
  check_log_in (CACHET_SECURITY_TLS, "login", "LOGIN");
}

static void
test_wrong_password (void)
{
  g_autoptr (CachetWireLog) log = cachet_wire_log_new ();
  g_autoptr (CachetImapSession) session = new_session ("localhost", CACHET_SECURITY_TLS, log);
  g_autoptr (GError) error = NULL;

  cachet_test_imap_connect (session, NULL);
  cachet_test_imap_authenticate (session, USER, "wrong-secret", "auto", FALSE, &error);
  g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_AUTH);
  cachet_test_assert_not_in_log (log, "wrong-secret");
  /* The connection is still good for the right one. */
  cachet_test_imap_authenticate (session, USER, PASSWORD, "auto", FALSE, NULL);
  cachet_test_imap_logout (session, NULL);
}

static void
test_clear_password (void)
{
  g_autoptr (CachetWireLog) log = cachet_wire_log_new ();
  g_autoptr (CachetImapSession) session = new_session ("127.0.0.3", CACHET_SECURITY_NONE, log);
  g_autoptr (GError) error = NULL;

  cachet_test_imap_connect (session, NULL);
  cachet_test_imap_authenticate (session, USER, PASSWORD, "plain", FALSE, &error);
  g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_CLEAR_PASSWORD);
  cachet_test_imap_authenticate (session, USER, PASSWORD, "plain", TRUE, NULL);
  cachet_test_imap_logout (session, NULL);
}

static void
test_no_starttls (void)
{
  g_autoptr (CachetImapSession) session = new_session ("127.0.0.3", CACHET_SECURITY_STARTTLS, NULL);
  g_autoptr (GError) error = NULL;

  cachet_test_imap_connect (session, &error);
  g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_NO_STARTTLS);
}

static void
test_untrusted (void)
{
  g_autoptr (CachetEndpoint) endpoint = cachet_endpoint_new (
    "localhost", (guint16)g_ascii_strtoull (get_env ("MAIL_IMAPS_PORT"), NULL, 10),
    CACHET_SECURITY_TLS);
  g_autoptr (CachetImapSession) session = cachet_imap_session_new (endpoint, NULL, NULL);
  g_autoptr (CachetServerCertificate) certificate = NULL;
  g_autoptr (GError) error = NULL;

  cachet_test_imap_connect (session, &error);
  g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_CERTIFICATE);
  certificate = cachet_imap_session_dup_certificate (session);
  g_assert_nonnull (certificate);
  g_assert_cmpint (certificate->problems, ==, CACHET_TLS_PROBLEM_UNKNOWN_CA);
}

static CachetImapMailbox *
find_mailbox (GPtrArray *mailboxes, const char *name)
{
  guint i;

  for (i = 0; i < mailboxes->len; i++)
    {
      CachetImapMailbox *mailbox = g_ptr_array_index (mailboxes, i);

      if (g_str_equal (mailbox->name, name))
        return mailbox;
    }

  return NULL;
}

static void
wait_order (CachetImapSession *session, CachetTestWait *wait)
{
  g_autoptr (GError) error = NULL;

  cachet_imap_session_order_finish (session, cachet_test_wait (wait), &error);
  g_assert_no_error (error);
  cachet_test_wait_clear (wait);
}

static void
test_mailboxes (void)
{
  g_autoptr (CachetImapSession) session = new_logged_in (NULL);
  g_autoptr (GPtrArray) mailboxes = NULL;
  g_auto (CachetTestWait) wait = { NULL };
  g_autoptr (GError) error = NULL;
  const char *odd = "a \"b\" \\ c";
  CachetImapMailbox *inbox;
  CachetImapStatus status = { 0 };

  cachet_imap_session_create_async (session, odd, NULL, cachet_test_wait_cb, &wait);
  wait_order (session, &wait);
  cachet_imap_session_rename_async (session, odd, "&ZeVnLIqe-", NULL, cachet_test_wait_cb, &wait);
  wait_order (session, &wait);
  cachet_imap_session_subscribe_async (session, "&ZeVnLIqe-", TRUE, NULL, cachet_test_wait_cb,
                                       &wait);
  wait_order (session, &wait);

  mailboxes = cachet_test_imap_list (session, NULL);
  inbox = find_mailbox (mailboxes, "INBOX");
  g_assert_nonnull (inbox);
  g_assert_cmpint (inbox->role, ==, CACHET_FOLDER_ROLE_INBOX);
  g_assert_true (inbox->status.fields & CACHET_IMAP_STATUS_UIDVALIDITY);
  g_assert_cmpstr (find_mailbox (mailboxes, "&ZeVnLIqe-")->display_name, ==, "日本語");
  g_assert_true (find_mailbox (mailboxes, "&ZeVnLIqe-")->attributes &
                 CACHET_IMAP_MAILBOX_SUBSCRIBED);

  cachet_imap_session_status_async (session, "&ZeVnLIqe-", NULL, cachet_test_wait_cb, &wait);
  g_assert_true (
    cachet_imap_session_status_finish (session, cachet_test_wait (&wait), &status, NULL));
  cachet_test_wait_clear (&wait);
  g_assert_cmpuint (status.messages, ==, 0);
  g_assert_true (status.fields & CACHET_IMAP_STATUS_HIGHESTMODSEQ);

  cachet_imap_session_delete_async (session, "&ZeVnLIqe-", NULL, cachet_test_wait_cb, &wait);
  wait_order (session, &wait);
  g_assert_null (cachet_test_imap_select (session, "&ZeVnLIqe-", &error));
  /* Dovecot 2.3 sends no [NONEXISTENT] for SELECT. */
  g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_NO);
  g_assert_cmpint (cachet_imap_session_get_state (session), ==, CACHET_IMAP_STATE_AUTHENTICATED);
  cachet_test_imap_logout (session, NULL);
}

static void
test_messages (void)
{
  g_autoptr (CachetImapSession) session = new_logged_in (NULL);
  g_autofree char *small = make_message ("small", 0);
  g_autofree char *large = make_message ("large", 3 * 1024 * 1024);
  g_autofree char *found = NULL;
  g_autofree char *uids = NULL;
  g_autoptr (CachetImapSelected) selected = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GPtrArray) changed = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GBytes) part = NULL;
  g_autoptr (CachetImapUidPlus) copied = NULL;
  g_autoptr (CachetImapUidPlus) moved = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (CachetTestWait) wait = { NULL };
  CachetImapFetch *row;
  gint64 first;
  gint64 second;

  cachet_imap_session_create_async (session, "Work", NULL, cachet_test_wait_cb, &wait);
  wait_order (session, &wait);
  first = cachet_test_imap_append (session, "Work", small, NULL);
  second = cachet_test_imap_append (session, "Work", large, NULL);
  g_assert_cmpint (first, >, 0);
  g_assert_cmpint (second, ==, first + 1);

  selected = cachet_test_imap_select (session, "Work", NULL);
  g_assert_cmpuint (selected->status.messages, ==, 2);
  g_assert_cmpuint (selected->status.uidnext, ==, second + 1);
  g_assert_cmpuint (selected->status.highestmodseq, >, 0);
  g_assert_false (selected->read_only);
  g_assert_true (selected->allows_keywords);

  rows = cachet_test_imap_fetch (session, "1:*",
                                 CACHET_IMAP_FETCH_ROW | CACHET_IMAP_FETCH_STRUCTURE, 0, NULL);
  g_assert_cmpuint (rows->len, ==, 2);
  row = g_ptr_array_index (rows, 1);
  g_assert_cmpuint (row->uid, ==, second);
  g_assert_cmpint (row->size, ==, strlen (large));
  g_assert_cmpint (row->flags & CACHET_MESSAGE_FLAG_SEEN, ==, CACHET_MESSAGE_FLAG_SEEN);
  g_assert_nonnull (strstr (g_bytes_get_data (row->header, NULL), "Message-ID: <large@"));
  g_assert_true (row->has_bodystructure);
  g_assert_cmpstr (row->content_type, ==, "text/plain");

  body = cachet_test_imap_fetch_body (session, (guint32)second, "", NULL);
  g_assert_cmpmem (g_bytes_get_data (body, NULL), g_bytes_get_size (body), large, strlen (large));
  part = cachet_test_imap_fetch_body (session, (guint32)first, "TEXT", NULL);
  g_assert_cmpmem (g_bytes_get_data (part, NULL), g_bytes_get_size (part), "The end.\r\n",
                   strlen ("The end.\r\n"));
  g_assert_null (cachet_test_imap_fetch_body (session, 4000000000u, "", &error));
  g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_NOT_FOUND);

  cachet_test_imap_store (session, "1:*", TRUE, CACHET_MESSAGE_FLAG_FLAGGED, NULL);
  cachet_test_imap_store (session, "1:*", FALSE, CACHET_MESSAGE_FLAG_SEEN, NULL);
  changed = cachet_test_imap_fetch (session, "1:*", CACHET_IMAP_FETCH_FLAGS,
                                    selected->status.highestmodseq, NULL);
  g_assert_cmpuint (changed->len, ==, 2);
  row = g_ptr_array_index (changed, 0);
  g_assert_cmpint (row->flags & CACHET_MESSAGE_FLAG_SERVER_MASK, ==, CACHET_MESSAGE_FLAG_FLAGGED);
  g_assert_cmpuint (row->modseq, >, selected->status.highestmodseq);

  found = cachet_test_imap_search (session, "Message-ID", "<small@example.test>", NULL, 0, NULL);
  uids = g_strdup_printf ("%" G_GINT64_FORMAT, first);
  g_assert_cmpstr (found, ==, uids);

  copied = cachet_test_imap_copy (session, uids, "Trash", FALSE, NULL);
  g_assert_nonnull (copied);
  moved = cachet_test_imap_copy (session, uids, "Trash", TRUE, NULL);
  g_assert_nonnull (moved);
  cachet_test_imap_store (session, "1:*", TRUE, CACHET_MESSAGE_FLAG_DELETED, NULL);
  cachet_test_imap_expunge (session, "1:*", NULL);
  g_clear_pointer (&found, g_free);
  found = cachet_test_imap_search (session, NULL, NULL, NULL, 0, NULL);
  g_assert_cmpstr (found, ==, "");
  cachet_imap_session_unselect_async (session, NULL, cachet_test_wait_cb, &wait);
  wait_order (session, &wait);
  g_assert_cmpint (cachet_imap_session_get_state (session), ==, CACHET_IMAP_STATE_AUTHENTICATED);
  cachet_test_imap_logout (session, NULL);
}

static void
exists_cb (CachetImapSession *session, guint n, gboolean *seen)
{
  *seen = TRUE;
}

static void
test_idle (void)
{
  g_autoptr (CachetWireLog) log = cachet_wire_log_new ();
  g_autoptr (CachetImapSession) session = new_logged_in (log);
  g_autoptr (CachetImapSession) other = new_logged_in (NULL);
  g_autofree char *message = make_message ("idle", 0);
  g_autoptr (CachetImapSelected) selected = cachet_test_imap_select (session, "INBOX", NULL);
  gboolean seen = FALSE;

  g_signal_connect (session, "exists", G_CALLBACK (exists_cb), &seen);
  g_assert_true (cachet_imap_session_start_idle (session));
  while (cachet_imap_session_get_state (session) != CACHET_IMAP_STATE_IDLE)
    g_main_context_iteration (NULL, TRUE);
  cachet_test_imap_append (other, "INBOX", message, NULL);
  cachet_test_wait_for (&seen);
  g_assert_cmpint (cachet_imap_session_get_state (session), ==, CACHET_IMAP_STATE_IDLE);
  /* Any command ends it. */
  cachet_test_imap_noop (session, NULL);
  g_assert_cmpint (cachet_imap_session_get_state (session), ==, CACHET_IMAP_STATE_SELECTED);
  cachet_test_assert_in_log (log, "DONE");
  cachet_test_imap_logout (session, NULL);
  cachet_test_imap_logout (other, NULL);
}

static void
test_quota (void)
{
  g_autoptr (CachetImapSession) session = new_session ("localhost", CACHET_SECURITY_TLS, NULL);
  g_autofree char *message = make_message ("quota", 100 * 1024);
  g_autoptr (GError) error = NULL;

  cachet_test_imap_connect (session, NULL);
  cachet_test_imap_authenticate (session, "full@example.test", "full-pw", "auto", FALSE, NULL);
  cachet_test_imap_append (session, "INBOX", message, &error);
  g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_OVERQUOTA);
  /* The message was refused, not the connection. */
  cachet_test_imap_noop (session, NULL);
  cachet_test_imap_logout (session, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-live/log-in", test_log_in);
  g_test_add_func ("/imap-live/wrong-password", test_wrong_password);
  g_test_add_func ("/imap-live/clear-password", test_clear_password);
  g_test_add_func ("/imap-live/no-starttls", test_no_starttls);
  g_test_add_func ("/imap-live/untrusted", test_untrusted);
  g_test_add_func ("/imap-live/mailboxes", test_mailboxes);
  g_test_add_func ("/imap-live/messages", test_messages);
  g_test_add_func ("/imap-live/idle", test_idle);
  g_test_add_func ("/imap-live/quota", test_quota);

  return g_test_run ();
}
