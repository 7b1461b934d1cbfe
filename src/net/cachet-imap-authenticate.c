#define G_LOG_DOMAIN "cachet-net"

#include "config.h"

#include "cachet-imap-flow.h"
#include "cachet-imap-session-private.h"
#include "cachet-sasl.h"
#include "cachet-visible-text.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_SERVER_ID 100 /* bytes of the name in ID that are kept for people */

/* Log-in, as a flow: AUTHENTICATE or LOGIN, CAPABILITY if not told with the OK, then ID, ENABLE and
 * NAMESPACE together. */

typedef struct
{
  char *user;
  CachetSecret *password;
  CachetSasl *sasl; /* (nullable): NULL for LOGIN */
  gboolean initial_sent;
  gboolean capabilities_told;
} Login;

static void
login_free (Login *login)
{
  g_clear_object (&login->sasl);
  g_clear_pointer (&login->password, cachet_secret_unref);
  g_free (login->user);
  g_free (login);
}

/* Errors */

static GError *
login_error (CachetImapSession *self, const CachetImapResponse *response)
{
  const char *words = cachet_imap_response_get_text (response);
  g_autofree char *text = cachet_visible_text (words, -1, FALSE);

  switch ((int)cachet_imap_response_get_code (response))
    {
    case CACHET_IMAP_CODE_UNAVAILABLE:
    case CACHET_IMAP_CODE_INUSE:
    case CACHET_IMAP_CODE_LIMIT:
    case CACHET_IMAP_CODE_SERVERBUG:
      return g_error_new (
        CACHET_NET_ERROR, CACHET_NET_ERROR_AUTH_TEMPORARY,
        _ ("%s can't check the password just now and said: “%s”. Try again later."),
           self->endpoint->host, text);
    case CACHET_IMAP_CODE_PRIVACYREQUIRED:
      return g_error_new (
        CACHET_NET_ERROR, CACHET_NET_ERROR_NO_MECHANISM,
        _ ("%s takes no password without encryption and said: “%s”. Choose STARTTLS "
                             "or TLS in the account's settings."),
           self->endpoint->host, text);
    default:
      return g_error_new (
        CACHET_NET_ERROR, CACHET_NET_ERROR_AUTH,
        _ ("%s refused the user name or the password and said: “%s”. Check both in "
                             "the account's settings."),
           self->endpoint->host, text);
    }
}

static GError *
mechanism_error (CachetImapSession *self, CachetSaslRefusal refusal)
{
  if (refusal == CACHET_SASL_REFUSAL_CLEAR)
    return g_error_new (
      CACHET_NET_ERROR, CACHET_NET_ERROR_CLEAR_PASSWORD,
      _ ("The password would have crossed the network in clear on its way to %s, so "
                           "it was not sent. Choose STARTTLS or TLS in the account's settings, or allow "
                           "a clear password there if you trust the network."),
         self->endpoint->host);

  return g_error_new (
    CACHET_NET_ERROR, CACHET_NET_ERROR_NO_MECHANISM,
    _ ("%s offers no way to log in that this account may use. Choose another kind "
                         "of log-in, or encryption, in the account's settings."),
       self->endpoint->host);
}

/* @error: (transfer full) */
static GError *
sasl_error (GError *error)
{
  GError *described = g_error_new_literal (CACHET_NET_ERROR, CACHET_NET_ERROR_AUTH, error->message);

  g_error_free (error);
  return described;
}

/* AUTHENTICATE and LOGIN */

static void
login_tagged (CachetImapCommand *command, const CachetImapResponse *response)
{
  CachetImapSession *self = command->session;
  Login *login = command->data;
  GError *error = NULL;

  if (cachet_imap_response_get_condition (response) == CACHET_IMAP_CONDITION_NO)
    cachet_imap_command_set_error (command, login_error (self, response));
  else if (cachet_imap_response_get_condition (response) == CACHET_IMAP_CONDITION_OK)
    {
      if (login->sasl != NULL && command->error == NULL &&
          !cachet_sasl_finish (login->sasl, &error))
        cachet_imap_command_set_error (command, sasl_error (error));
      if (!login->capabilities_told &&
          cachet_imap_response_get_code (response) != CACHET_IMAP_CODE_CAPABILITY)
        cachet_imap_session_forget_capabilities (self);
    }
}

/* Capabilities told on the way to OK are those after log-in (Dovecot, Cyrus). */
static gboolean
login_untagged (CachetImapCommand *command, const CachetImapResponse *response)
{
  Login *login = command->data;

  if (cachet_imap_response_get_keyword (response) != CACHET_IMAP_KEYWORD_CAPABILITY)
    return FALSE;
  login->capabilities_told = TRUE;
  return TRUE;
}

static gboolean
login_continuation (CachetImapCommand *command, const CachetImapResponse *response)
{
  Login *login = command->data;
  const char *challenge = cachet_imap_response_get_text (response);
  g_autoptr (CachetSecret) line = NULL;
  GError *error = NULL;

  if (login->sasl == NULL)
    return FALSE;

  if (!login->initial_sent)
    {
      login->initial_sent = TRUE;
      line = cachet_sasl_start_line (login->sasl, &error);
      if (line != NULL && g_str_equal (cachet_secret_get_text (line), "="))
        {
          cachet_secret_unref (line);
          line = cachet_secret_new ("", 0);
        }
    }
  if (line == NULL && error == NULL)
    line = cachet_sasl_step_line (login->sasl, challenge, -1, &error);
  if (line == NULL)
    {
      cachet_imap_command_set_error (command, sasl_error (error));
      cachet_imap_session_write_line (command->session, "*", FALSE);
      return TRUE;
    }

  cachet_imap_session_write_line (command->session, cachet_secret_get_text (line), TRUE);
  return TRUE;
}

static const CachetImapCommandKind login_kind = {
  .name = "LOGIN",
  .failure = N_ ("The log-in failed."),
                 .traits = CACHET_IMAP_COMMAND_BEFORE_LOGIN | CACHET_IMAP_COMMAND_ALONE,
                 .untagged = login_untagged,
                 .continuation = login_continuation,
                 .tagged = login_tagged,
  };

static char **
list_mechanisms (CachetImapSession *self)
{
  g_autofree char *text = self->capabilities != NULL
                            ? cachet_imap_capabilities_to_string (self->capabilities)
                            : g_strdup ("");
  g_auto (GStrv) names = g_strsplit (text, " ", -1);
  g_autoptr (GPtrArray) mechanisms = g_ptr_array_new ();
  guint i;

  for (i = 0; names[i] != NULL; i++)
    {
      if (g_ascii_strncasecmp (names[i], "AUTH=", strlen ("AUTH=")) == 0)
        g_ptr_array_add (mechanisms, g_strdup (names[i] + strlen ("AUTH=")));
    }
  g_ptr_array_add (mechanisms, NULL);

  return (char **)g_ptr_array_free (g_steal_pointer (&mechanisms), FALSE);
}

/* The LOGIN command stands in where no mechanism is offered (RFC 9051 §6.2.3). */
static gboolean
may_use_login_command (CachetImapSession *self,
                       const char *auth,
                       gboolean allow_clear,
                       CachetSaslRefusal *refusal)
{
  if (*refusal != CACHET_SASL_REFUSAL_NOT_OFFERED)
    return FALSE;
  if (g_ascii_strcasecmp (auth, "auto") != 0 && g_ascii_strcasecmp (auth, "login") != 0 &&
      g_ascii_strcasecmp (auth, "plain") != 0)
    return FALSE;
  if (cachet_imap_capabilities_has (self->capabilities, "LOGINDISABLED"))
    return FALSE;
  if (!cachet_transport_is_encrypted (self->transport) && !allow_clear)
    {
      *refusal = CACHET_SASL_REFUSAL_CLEAR;
      return FALSE;
    }
  return TRUE;
}

static CachetImapCommand *
new_login_command (CachetImapSession *self, Login *login)
{
  CachetImapCommand *command =
    cachet_imap_command_new (self, &login_kind, login, (GDestroyNotify)login_free);
  CachetImapRequest *request = cachet_imap_command_add (command, cachet_imap_request_new ("LOGIN"));

  cachet_imap_request_add_astring (request, login->user);
  cachet_imap_request_add_secret (request, login->password);
  return command;
}

static CachetImapCommand *
new_authenticate_command (CachetImapSession *self, Login *login, GError **error)
{
  CachetImapCommand *command;
  CachetImapRequest *request;
  g_autoptr (CachetSecret) initial = NULL;
  GError *local_error = NULL;

  if (cachet_imap_capabilities_has (self->capabilities, "SASL-IR"))
    {
      initial = cachet_sasl_start_line (login->sasl, &local_error);
      if (local_error != NULL)
        {
          g_propagate_error (error, sasl_error (local_error));
          login_free (login);
          return NULL;
        }
      login->initial_sent = TRUE;
    }

  command = cachet_imap_command_new (self, &login_kind, login, (GDestroyNotify)login_free);
  request = cachet_imap_command_add (command, cachet_imap_request_new ("AUTHENTICATE"));
  cachet_imap_request_add_atom (request, cachet_sasl_get_mechanism (login->sasl));
  if (initial != NULL)
    cachet_imap_request_add_secret_atom (request, cachet_secret_get_text (initial));
  return command;
}

/* NULL and @error when there is no way to log in. */
static CachetImapCommand *
choose_login (CachetImapSession *self,
              const char *user,
              CachetSecret *password,
              const char *auth,
              gboolean allow_clear,
              GError **error)
{
  g_auto (GStrv) offered = list_mechanisms (self);
  CachetSaslRefusal refusal = CACHET_SASL_REFUSAL_NONE;
  const char *mechanism =
    cachet_sasl_choose ((const char *const *)offered, auth,
                        cachet_transport_is_encrypted (self->transport), allow_clear, &refusal);
  GError *local_error = NULL;
  Login *login;

  if (mechanism == NULL && !may_use_login_command (self, auth, allow_clear, &refusal))
    {
      g_propagate_error (error, mechanism_error (self, refusal));
      return NULL;
    }

  login = g_new0 (Login, 1);
  login->user = g_strdup (user);
  login->password = cachet_secret_ref (password);
  g_free (self->mechanism);
  if (mechanism == NULL)
    {
      self->mechanism = g_strdup ("LOGIN command");
      return new_login_command (self, login);
    }

  self->mechanism = g_strdup (mechanism);
  login->sasl = cachet_sasl_new (mechanism, user, password, &local_error);
  if (login->sasl == NULL)
    {
      g_propagate_error (error, sasl_error (local_error));
      login_free (login);
      return NULL;
    }
  return new_authenticate_command (self, login, error);
}

/* ID, ENABLE, NAMESPACE */

static void
take_id (CachetImapSession *self, const CachetImapResponse *response)
{
  g_autoptr (GHashTable) id = cachet_imap_extract_id (response);
  const char *name = id != NULL ? g_hash_table_lookup (id, "name") : NULL;

  if (name == NULL)
    return;
  g_free (self->server_id);
  self->server_id = cachet_visible_text (name, (gssize)strnlen (name, MAX_SERVER_ID), FALSE);
}

static gboolean
introduce_untagged (CachetImapCommand *command, const CachetImapResponse *response)
{
  CachetImapSession *self = command->session;

  switch ((int)cachet_imap_response_get_keyword (response))
    {
    case CACHET_IMAP_KEYWORD_ID:
      take_id (self, response);
      return TRUE;
    case CACHET_IMAP_KEYWORD_ENABLED:
      g_clear_pointer (&self->enabled, cachet_imap_capabilities_free);
      self->enabled = cachet_imap_capabilities_new_from_response (response);
      return TRUE;
    case CACHET_IMAP_KEYWORD_NAMESPACE:
      g_clear_pointer (&self->namespaces, g_ptr_array_unref);
      self->namespaces = cachet_imap_extract_namespaces (response);
      return TRUE;
    default:
      return FALSE;
    }
}

static const CachetImapCommandKind introduce_kind = {
  .name = "ID, ENABLE, NAMESPACE",
  .traits =
    CACHET_IMAP_COMMAND_LENIENT | CACHET_IMAP_COMMAND_ALONE | CACHET_IMAP_COMMAND_BEFORE_LOGIN,
  .untagged = introduce_untagged,
};

static CachetImapCommand *
begin_introduce (CachetImapFlow *flow)
{
  CachetImapSession *self = flow->session;
  g_autoptr (CachetImapCommand) command =
    cachet_imap_command_new (self, &introduce_kind, NULL, NULL);
  CachetImapRequest *request;

  if (cachet_imap_capabilities_has (self->capabilities, "ID"))
    {
      request = cachet_imap_command_add (command, cachet_imap_request_new ("ID"));
      cachet_imap_request_begin_list (request);
      cachet_imap_request_add_string (request, "name");
      cachet_imap_request_add_string (request, "Cachet");
      cachet_imap_request_add_string (request, "version");
      cachet_imap_request_add_string (request, CACHET_VERSION);
      cachet_imap_request_end_list (request);
    }
  if (cachet_imap_capabilities_has (self->capabilities, "ENABLE"))
    {
      const char *extension = NULL;

      if (cachet_imap_capabilities_has (self->capabilities, "QRESYNC"))
        extension = "QRESYNC";
      else if (cachet_imap_capabilities_has (self->capabilities, "CONDSTORE"))
        extension = "CONDSTORE";
      if (extension != NULL)
        {
          request = cachet_imap_command_add (command, cachet_imap_request_new ("ENABLE"));
          cachet_imap_request_add_atom (request, extension);
        }
    }
  if (cachet_imap_capabilities_has (self->capabilities, "NAMESPACE"))
    cachet_imap_command_add (command, cachet_imap_request_new ("NAMESPACE"));

  return command->requests->len > 0 ? g_steal_pointer (&command) : NULL;
}

/* The flow */

static CachetImapCommand *
begin_login (CachetImapFlow *flow)
{
  return g_steal_pointer (&flow->data); /* NULL when the server knows us already */
}

static gboolean
login_done (CachetImapFlow *flow, CachetImapCommand *command, const GError *error)
{
  CachetImapSession *self = flow->session;

  g_clear_pointer (&self->secret, cachet_secret_unref);
  if (error != NULL)
    return FALSE;

  cachet_imap_session_set_state (self, CACHET_IMAP_STATE_AUTHENTICATED);
  return TRUE;
}

static CachetImapCommand *
begin_capability (CachetImapFlow *flow)
{
  return flow->session->capabilities == NULL
           ? cachet_imap_session_new_capability_command (flow->session)
           : NULL;
}

static const CachetImapFlowStep steps[] = {
  { "login", begin_login, login_done },
  { "capability", begin_capability, NULL },
  { "introduce", begin_introduce, NULL },
  { NULL },
};

static void
authenticated (CachetImapFlow *flow, const GError *error)
{
  CachetImapSession *self = flow->session;
  g_autoptr (GTask) task = g_steal_pointer (&flow->task);

  if (error == NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  /* Half a log-in is none: nothing can be made of the connection after a cancellation. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    cachet_imap_session_end (self, g_error_copy (error));
  g_task_return_error (task, g_error_copy (error));
}

void
cachet_imap_session_authenticate_async (CachetImapSession *self,
                                        const char *user,
                                        CachetSecret *password,
                                        const char *auth,
                                        gboolean allow_clear,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  GTask *task;
  GError *error = NULL;
  CachetImapCommand *command = NULL;

  g_return_if_fail (CACHET_IS_IMAP_SESSION (self));
  g_return_if_fail (user != NULL);
  g_return_if_fail (password != NULL);

  task = cachet_imap_session_new_task (self, cancellable, callback, user_data,
                                       cachet_imap_session_authenticate_async,
                                       "cachet-imap-authenticate");
  if (self->ended || (self->state != CACHET_IMAP_STATE_CONNECTED &&
                      self->state != CACHET_IMAP_STATE_AUTHENTICATED))
    error = cachet_imap_error_not_ready (self);
  else if (self->state == CACHET_IMAP_STATE_CONNECTED)
    command =
      choose_login (self, user, password, auth != NULL ? auth : "auto", allow_clear, &error);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }

  if (command != NULL)
    self->secret = cachet_secret_ref (password);
  cachet_imap_flow_run (self, steps, task, authenticated, command, NULL);
}

gboolean
cachet_imap_session_authenticate_finish (CachetImapSession *self,
                                         GAsyncResult *result,
                                         GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
