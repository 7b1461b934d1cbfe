#define G_LOG_DOMAIN "cachet-net"

#include "config.h"

#include "cachet-sasl.h"
#include "cachet-smtp-session-private.h"

#include <glib/gi18n.h>
#include <string.h>

/* AUTH (RFC 4954) */

/* Bytes of a command line with CRLF (RFC 5321 §4.5.3.1.4): a longer initial response waits for a
 * challenge. */
#define MAX_COMMAND_LINE 512

typedef struct
{
  CachetSasl *sasl;
  CachetSecret *held;   /* (nullable): initial response that did not go with the command */
  GError *cancel_error; /* (nullable): why "*" was sent */
} Authenticate;

static void
authenticate_free (gpointer data)
{
  Authenticate *op = data;

  g_clear_object (&op->sasl);
  g_clear_pointer (&op->held, cachet_secret_unref);
  g_clear_error (&op->cancel_error);
  g_free (op);
}

static void
fail (CachetSmtpSession *self, GError *error)
{
  cachet_smtp_session_forget_secrets (self);
  cachet_smtp_session_fail (self, error);
}

/* RFC 4954 §4, §6: which failures are the password's, and which the server's. */
static CachetNetError
get_auth_error_code (const CachetSmtpReply *reply)
{
  if (cachet_smtp_reply_get_class (reply) == 4)
    return CACHET_NET_ERROR_AUTH_TEMPORARY;
  switch (reply->code)
    {
    case 500: /* command unknown */
    case 501: /* malformed, or initial response not understood */
    case 502:
    case 503:
    case 504: /* mechanism not supported */
    case 534: /* mechanism too weak */
    case 538: /* encryption required */
      return CACHET_NET_ERROR_NO_MECHANISM;
    default:
      return CACHET_NET_ERROR_AUTH;
    }
}

static const char *
get_auth_error_sentence (CachetNetError code)
{
  if (code == CACHET_NET_ERROR_AUTH)
    return _ ("The mail server refused the user name or the password.");
  if (code == CACHET_NET_ERROR_AUTH_TEMPORARY)
    return _ ("The mail server can't check the password just now.");
  return _ ("The mail server does not accept this way to log in.");
}

static void challenge_cb (CachetSmtpSession *self, const CachetSmtpReply *reply);

static void
cancelled_cb (CachetSmtpSession *self, const CachetSmtpReply *reply)
{
  Authenticate *op = cachet_smtp_session_get_operation (self);

  fail (self, g_steal_pointer (&op->cancel_error));
}

/* Takes @error. */
static void
cancel_exchange (CachetSmtpSession *self, GError *error)
{
  Authenticate *op = cachet_smtp_session_get_operation (self);

  op->cancel_error =
    g_error_new_literal (CACHET_NET_ERROR, CACHET_NET_ERROR_PROTOCOL, error->message);
  g_error_free (error);
  cachet_smtp_session_queue (self, "*", cachet_smtp_session_get_timeouts (self)->command,
                             cancelled_cb);
  cachet_smtp_session_flush (self);
}

static void
answer_challenge (CachetSmtpSession *self, const char *challenge)
{
  Authenticate *op = cachet_smtp_session_get_operation (self);
  g_autoptr (CachetSecret) line = g_steal_pointer (&op->held);
  GError *error = NULL;

  if (line == NULL)
    line = cachet_sasl_step_line (op->sasl, challenge, -1, &error);
  if (line == NULL)
    {
      cancel_exchange (self, error);
      return;
    }
  cachet_smtp_session_queue_secret (self, "", line,
                                    cachet_smtp_session_get_timeouts (self)->command, challenge_cb);
}

static void
challenge_cb (CachetSmtpSession *self, const CachetSmtpReply *reply)
{
  Authenticate *op = cachet_smtp_session_get_operation (self);
  CachetNetError code;
  g_autoptr (GError) raw = NULL;
  GError *error = NULL;

  if (reply->code == 334)
    {
      answer_challenge (self, reply->lines[0]);
      return;
    }
  if (cachet_smtp_reply_get_class (reply) == 2)
    {
      if (!cachet_sasl_finish (op->sasl, &error))
        {
          cachet_smtp_session_break (
            self,
            g_error_new_literal (CACHET_NET_ERROR, CACHET_NET_ERROR_PROTOCOL, error->message));
          g_error_free (error);
          return;
        }
      cachet_smtp_session_set_mechanism (self, cachet_sasl_get_mechanism (op->sasl));
      cachet_smtp_session_forget_secrets (self);
      cachet_smtp_session_succeed (self);
      return;
    }
  if (cachet_smtp_reply_get_class (reply) == 3)
    {
      cachet_smtp_session_break (self, cachet_smtp_error_unexpected (reply));
      return;
    }
  code = get_auth_error_code (reply);
  error = cachet_smtp_error_from_reply (reply, get_auth_error_sentence (code));
  error->code = (int)code;
  fail (self, error);
}

static void
send_auth (CachetSmtpSession *self)
{
  Authenticate *op = cachet_smtp_session_get_operation (self);
  guint timeout = cachet_smtp_session_get_timeouts (self)->command;
  g_autofree char *line = g_strdup_printf ("AUTH %s", cachet_sasl_get_mechanism (op->sasl));
  g_autofree char *prefix = g_strconcat (line, " ", NULL);
  g_autoptr (CachetSecret) initial = NULL;
  GError *error = NULL;

  initial = cachet_sasl_start_line (op->sasl, &error);
  if (error != NULL)
    {
      fail (self, g_error_new_literal (CACHET_NET_ERROR, CACHET_NET_ERROR_AUTH, error->message));
      g_error_free (error);
      return;
    }
  if (initial != NULL &&
      strlen (prefix) + cachet_secret_get_length (initial) + 2 <= MAX_COMMAND_LINE)
    {
      cachet_smtp_session_queue_secret (self, prefix, initial, timeout, challenge_cb);
      return;
    }
  op->held = g_steal_pointer (&initial);
  cachet_smtp_session_queue (self, line, timeout, challenge_cb);
  cachet_smtp_session_flush (self);
}

static GError *
refusal_error (CachetSmtpSession *self, CachetSaslRefusal refusal)
{
  const CachetSmtpExtensions *extensions = cachet_smtp_session_get_extensions (self);
  g_autofree char *offered = NULL;

  if (refusal == CACHET_SASL_REFUSAL_CLEAR)
    return g_error_new (
      CACHET_NET_ERROR, CACHET_NET_ERROR_CLEAR_PASSWORD,
      _ ("%s would take the password only in clear over an unencrypted "
                           "connection, and this account does not allow that. Use TLS or STARTTLS."),
         cachet_smtp_session_get_host (self));
  if (refusal == CACHET_SASL_REFUSAL_UNKNOWN)
    return g_error_new_literal (CACHET_NET_ERROR, CACHET_NET_ERROR_NO_MECHANISM,
                                _ ("Cachet does not know the way to log in that this account asks "
                                   "for."));
  offered = g_strjoinv (", ", (char **)cachet_smtp_extensions_get_mechanisms (extensions));
  if (offered[0] == '\0')
    return g_error_new (CACHET_NET_ERROR, CACHET_NET_ERROR_NO_MECHANISM,
                        _ ("%s offers no way to log in. If it needs none, leave the user name for "
                           "outgoing mail empty."),
                           cachet_smtp_session_get_host (self));
  return g_error_new (CACHET_NET_ERROR, CACHET_NET_ERROR_NO_MECHANISM,
                      _ ("%s offers no way to log in that can be used here; it offers: %s"),
                         cachet_smtp_session_get_host (self), offered);
}

void
cachet_smtp_session_authenticate_async (CachetSmtpSession *self,
                                        const char *user,
                                        CachetSecret *password,
                                        const char *auth,
                                        gboolean allow_clear,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  Authenticate *op;
  GTask *task;
  const char *mechanism;
  CachetSaslRefusal refusal;
  GError *error = NULL;

  g_return_if_fail (CACHET_IS_SMTP_SESSION (self));
  g_return_if_fail (user != NULL && password != NULL);

  op = g_new0 (Authenticate, 1);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cachet_smtp_session_authenticate_async);
  g_task_set_name (task, "cachet-smtp-authenticate");
  g_task_set_task_data (task, op, authenticate_free);
  if (!cachet_smtp_session_begin (self, task, NULL))
    return;
  mechanism = cachet_sasl_choose (
    cachet_smtp_extensions_get_mechanisms (cachet_smtp_session_get_extensions (self)), auth,
    cachet_transport_is_encrypted (cachet_smtp_session_get_transport (self)), allow_clear,
    &refusal);
  if (mechanism == NULL)
    {
      fail (self, refusal_error (self, refusal));
      return;
    }
  op->sasl = cachet_sasl_new (mechanism, user, password, &error);
  if (op->sasl == NULL)
    {
      fail (self, g_error_new_literal (CACHET_NET_ERROR, CACHET_NET_ERROR_AUTH, error->message));
      g_error_free (error);
      return;
    }
  cachet_smtp_session_mask (self, password);
  send_auth (self);
}

gboolean
cachet_smtp_session_authenticate_finish (CachetSmtpSession *self,
                                         GAsyncResult *result,
                                         GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
