#define G_LOG_DOMAIN "cachet-test"

#include "config.h"

#include "cachet-test-imap.h"

#include "cachet-test-pki.h"

#include <string.h>

CachetEndpoint *
cachet_test_endpoint_new (CachetTestServer *server, CachetSecurity security)
{
  CachetEndpoint *endpoint =
    cachet_endpoint_new ("localhost", cachet_test_server_get_port (server), security);

  endpoint->ca_file = g_strdup (cachet_test_pki_get_ca_file ());
  return endpoint;
}

CachetImapSession *
cachet_test_imap_session_new (CachetTestServer *server,
                              CachetSecurity security,
                              CachetTrustDecider *decider,
                              CachetWireLog *log)
{
  /* By address: a name may have the client try twice, and the script is for one connection. */
  g_autoptr (CachetEndpoint) endpoint = cachet_test_server_dup_endpoint (server, security);

  return cachet_imap_session_new (endpoint, decider, log);
}

/* Who does not want the error wants none to be there. */
static void
hand_over (GError **error, GError *local_error)
{
  if (error == NULL)
    g_assert_no_error (local_error);
  else if (local_error != NULL)
    g_propagate_error (error, local_error);
}

gboolean
cachet_test_imap_connect (CachetImapSession *session, GError **error)
{
  g_auto (CachetTestWait) wait = { NULL };
  GError *local_error = NULL;

  cachet_imap_session_connect_async (session, NULL, cachet_test_wait_cb, &wait);
  cachet_imap_session_connect_finish (session, cachet_test_wait (&wait), &local_error);
  hand_over (error, local_error);
  return local_error == NULL;
}

gboolean
cachet_test_imap_authenticate (CachetImapSession *session,
                               const char *user,
                               const char *password,
                               const char *auth,
                               gboolean allow_clear,
                               GError **error)
{
  g_auto (CachetTestWait) wait = { NULL };
  g_autoptr (CachetSecret) secret = cachet_secret_new (password, -1);
  GError *local_error = NULL;

  cachet_imap_session_authenticate_async (session, user, secret, auth, allow_clear, NULL,
                                          cachet_test_wait_cb, &wait);
  cachet_imap_session_authenticate_finish (session, cachet_test_wait (&wait), &local_error);
  hand_over (error, local_error);
  return local_error == NULL;
}

GPtrArray *
cachet_test_imap_list (CachetImapSession *session, GError **error)
{
  g_auto (CachetTestWait) wait = { NULL };
  GError *local_error = NULL;
  GPtrArray *mailboxes;

  cachet_imap_session_list_async (session, NULL, cachet_test_wait_cb, &wait);
  mailboxes = cachet_imap_session_list_finish (session, cachet_test_wait (&wait), &local_error);
  hand_over (error, local_error);
  return mailboxes;
}

CachetImapSelected *
cachet_test_imap_select (CachetImapSession *session, const char *mailbox, GError **error)
{
  g_auto (CachetTestWait) wait = { NULL };
  GError *local_error = NULL;
  CachetImapSelected *selected;

  cachet_imap_session_select_async (session, mailbox, FALSE, 0, 0, NULL, cachet_test_wait_cb,
                                    &wait);
  selected = cachet_imap_session_select_finish (session, cachet_test_wait (&wait), &local_error);
  hand_over (error, local_error);
  return selected;
}

static void
collect_fetch (const CachetImapFetch *fetch, gpointer user_data)
{
  g_ptr_array_add (user_data, cachet_imap_fetch_copy (fetch));
}

GPtrArray *
cachet_test_imap_fetch (CachetImapSession *session,
                        const char *uids,
                        CachetImapFetchItems items,
                        guint64 changed_since,
                        GError **error)
{
  g_auto (CachetTestWait) wait = { NULL };
  g_autoptr (CachetImapSet) set = cachet_imap_set_parse (uids, -1);
  g_autoptr (GPtrArray) rows =
    g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_imap_fetch_free);
  GError *local_error = NULL;
  gssize n;

  cachet_imap_session_fetch_async (session, set, items, changed_since, collect_fetch, rows, NULL,
                                   cachet_test_wait_cb, &wait);
  n = cachet_imap_session_fetch_finish (session, cachet_test_wait (&wait), &local_error);
  if (local_error == NULL)
    g_assert_cmpint (n, ==, rows->len);
  hand_over (error, local_error);
  return g_steal_pointer (&rows);
}

GBytes *
cachet_test_imap_fetch_body (CachetImapSession *session,
                             guint32 uid,
                             const char *section,
                             GError **error)
{
  g_auto (CachetTestWait) wait = { NULL };
  g_autoptr (GOutputStream) sink = g_memory_output_stream_new_resizable ();
  g_autoptr (GBytes) bytes = NULL;
  GError *local_error = NULL;
  gssize n;

  cachet_imap_session_fetch_body_async (session, uid, section, sink, NULL, NULL, NULL,
                                        cachet_test_wait_cb, &wait);
  n = cachet_imap_session_fetch_body_finish (session, cachet_test_wait (&wait), &local_error);
  g_output_stream_close (sink, NULL, NULL);
  bytes = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (sink));
  if (local_error != NULL)
    {
      hand_over (error, local_error);
      return NULL;
    }
  g_assert_cmpint (n, ==, g_bytes_get_size (bytes));
  return g_steal_pointer (&bytes);
}

static gboolean
finish_order (CachetImapSession *session, CachetTestWait *wait, GError **error)
{
  GError *local_error = NULL;

  cachet_imap_session_order_finish (session, cachet_test_wait (wait), &local_error);
  hand_over (error, local_error);
  return local_error == NULL;
}

gboolean
cachet_test_imap_store (CachetImapSession *session,
                        const char *uids,
                        gboolean add,
                        CachetMessageFlags flags,
                        GError **error)
{
  g_auto (CachetTestWait) wait = { NULL };
  g_autoptr (CachetImapSet) set = cachet_imap_set_parse (uids, -1);

  cachet_imap_session_store_async (session, set, add, flags, NULL, NULL, cachet_test_wait_cb,
                                   &wait);
  return finish_order (session, &wait, error);
}

CachetImapUidPlus *
cachet_test_imap_copy (
  CachetImapSession *session, const char *uids, const char *mailbox, gboolean move, GError **error)
{
  g_auto (CachetTestWait) wait = { NULL };
  g_autoptr (CachetImapSet) set = cachet_imap_set_parse (uids, -1);
  GError *local_error = NULL;
  CachetImapUidPlus *uid_plus;

  if (move)
    cachet_imap_session_move_async (session, set, mailbox, NULL, cachet_test_wait_cb, &wait);
  else
    cachet_imap_session_copy_async (session, set, mailbox, NULL, cachet_test_wait_cb, &wait);
  uid_plus = cachet_imap_session_copy_finish (session, cachet_test_wait (&wait), &local_error);
  hand_over (error, local_error);
  return uid_plus;
}

gboolean
cachet_test_imap_expunge (CachetImapSession *session, const char *uids, GError **error)
{
  g_auto (CachetTestWait) wait = { NULL };
  g_autoptr (CachetImapSet) set = uids != NULL ? cachet_imap_set_parse (uids, -1) : NULL;

  cachet_imap_session_expunge_async (session, set, NULL, cachet_test_wait_cb, &wait);
  return finish_order (session, &wait, error);
}

gint64
cachet_test_imap_append (CachetImapSession *session,
                         const char *mailbox,
                         const char *message,
                         GError **error)
{
  g_auto (CachetTestWait) wait = { NULL };
  g_autoptr (GBytes) bytes = g_bytes_new (message, strlen (message));
  GError *local_error = NULL;
  gint64 uid;

  cachet_imap_session_append_async (session, mailbox, bytes, CACHET_MESSAGE_FLAG_SEEN, G_MININT64,
                                    NULL, NULL, NULL, cachet_test_wait_cb, &wait);
  uid = cachet_imap_session_append_finish (session, cachet_test_wait (&wait), NULL, &local_error);
  hand_over (error, local_error);
  return uid;
}

char *
cachet_test_imap_search (CachetImapSession *session,
                         const char *header,
                         const char *value,
                         const char *text,
                         guint32 since_uid,
                         GError **error)
{
  g_auto (CachetTestWait) wait = { NULL };
  g_autoptr (CachetImapSet) set = NULL;
  GError *local_error = NULL;

  cachet_imap_session_search_async (session, header, value, text, since_uid, NULL,
                                    cachet_test_wait_cb, &wait);
  set = cachet_imap_session_search_finish (session, cachet_test_wait (&wait), &local_error);
  hand_over (error, local_error);
  return set != NULL ? cachet_imap_set_to_string (set) : NULL;
}

gboolean
cachet_test_imap_noop (CachetImapSession *session, GError **error)
{
  g_auto (CachetTestWait) wait = { NULL };

  cachet_imap_session_noop_async (session, NULL, cachet_test_wait_cb, &wait);
  return finish_order (session, &wait, error);
}

gboolean
cachet_test_imap_logout (CachetImapSession *session, GError **error)
{
  g_auto (CachetTestWait) wait = { NULL };

  cachet_imap_session_logout_async (session, NULL, cachet_test_wait_cb, &wait);
  return finish_order (session, &wait, error);
}

static gboolean
is_in_log (CachetWireLog *log, const char *text)
{
  guint i;

  for (i = 0; i < cachet_wire_log_get_n_records (log); i++)
    {
      const CachetWireRecord *record = cachet_wire_log_get (log, i);

      if (strstr (record->text, text) != NULL ||
          (record->tag != NULL && strstr (record->tag, text) != NULL))
        return TRUE;
    }

  return FALSE;
}

void
cachet_test_assert_not_in_log (CachetWireLog *log, const char *secret)
{
  g_autofree char *encoded = g_base64_encode ((const guchar *)secret, strlen (secret));

  g_assert_cmpuint (cachet_wire_log_get_n_records (log), >, 0);
  g_assert_false (is_in_log (log, secret));
  g_assert_false (is_in_log (log, encoded));
}

void
cachet_test_assert_in_log (CachetWireLog *log, const char *text)
{
  if (is_in_log (log, text))
    return;
  cachet_test_print_log (log);
  g_error ("“%s” is not in the log", text);
}

void
cachet_test_print_log (CachetWireLog *log)
{
  static const char *const arrows[] = { "C:", "S:", "--" };
  guint i;

  for (i = 0; i < cachet_wire_log_get_n_records (log); i++)
    {
      const CachetWireRecord *record = cachet_wire_log_get (log, i);

      g_test_message ("%s%s %s", arrows[record->direction], record->encrypted ? "*" : "",
                      record->text);
    }
}
