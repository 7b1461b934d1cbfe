#define G_LOG_DOMAIN "cachet-net"

#include "config.h"

#include "cachet-imap-flow.h"
#include "cachet-imap-session-private.h"
#include "cachet-visible-text.h"

#include <glib/gi18n.h>
#include <string.h>

/*
 *  TCP --+-- tls ------> greeting --------------------------------------+
 *        |                                                              v
 *        +-- none -----> greeting ---------------------------> CAPABILITY if not told --> done
 *        |                                                              ^
 *        +-- starttls -> greeting -> CAPABILITY if not told -> STARTTLS -> TLS (all forgotten)
 *
 * With starttls anything but this ends the connection: PREAUTH, BYE, no STARTTLS offered, NO or BAD
 * to it, bytes behind its OK.
 */

#define MAX_GREETING 200 /* bytes of it that are kept for people */

static void
open_task_done (CachetImapSession *self, const GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->open_task);

  if (self->open_cancel_source != NULL)
    g_source_destroy (self->open_cancel_source);
  g_clear_pointer (&self->open_cancel_source, g_source_unref);
  if (task == NULL)
    return;
  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_boolean (task, TRUE);
}

void
cachet_imap_session_fail_open (CachetImapSession *self, const GError *error)
{
  open_task_done (self, error);
}

/* CAPABILITY */

static const CachetImapCommandKind capability_kind = {
  .name = "CAPABILITY",
  .failure = N_ ("The server did not tell what it can do."),
                 .traits = CACHET_IMAP_COMMAND_BEFORE_TLS | CACHET_IMAP_COMMAND_BEFORE_LOGIN,
  };

CachetImapCommand *
cachet_imap_session_new_capability_command (CachetImapSession *self)
{
  CachetImapCommand *command = cachet_imap_command_new (self, &capability_kind, NULL, NULL);

  cachet_imap_command_add (command, cachet_imap_request_new ("CAPABILITY"));
  return command;
}

static CachetImapCommand *
begin_capability (CachetImapFlow *flow)
{
  return flow->session->capabilities == NULL
           ? cachet_imap_session_new_capability_command (flow->session)
           : NULL;
}

/* The last part: under TLS, or without it because the user chose so. */

static const CachetImapFlowStep greeted_steps[] = {
  { "capability", begin_capability, NULL },
  { NULL },
};

static void
greeted_finished (CachetImapFlow *flow, const GError *error)
{
  CachetImapSession *self = flow->session;

  if (self->ended)
    return;
  if (error != NULL)
    {
      cachet_imap_session_end (self, g_error_copy (error));
      return;
    }

  cachet_imap_session_set_state (self, self->preauthenticated ? CACHET_IMAP_STATE_AUTHENTICATED
                                                              : CACHET_IMAP_STATE_CONNECTED);
  open_task_done (self, NULL);
}

/* STARTTLS */

static GError *
no_starttls_error (CachetImapSession *self, const char *text)
{
  g_autofree char *visible = NULL;

  if (text == NULL || *text == '\0')
    return g_error_new (
      CACHET_NET_ERROR, CACHET_NET_ERROR_NO_STARTTLS,
      _ ("%s does not offer encryption (STARTTLS), and this account demands it. Somebody may be "
         "tampering with the connection, so it was ended and nothing was sent. If the server is known "
         "to want TLS from the beginning, choose that in the account's settings."),
         self->endpoint->host);

  visible = cachet_visible_text (text, -1, FALSE);
  return g_error_new (
    CACHET_NET_ERROR, CACHET_NET_ERROR_NO_STARTTLS,
    _ ("%s refused to begin encryption (STARTTLS) and said: “%s”. This account demands it, so the "
       "connection was ended and nothing was sent. Try again later, or ask whoever runs the server."),
       self->endpoint->host, visible);
}

static void
secured_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetImapSession) self = user_data;
  GError *error = NULL;

  if (!cachet_transport_start_tls_finish (CACHET_TRANSPORT (source), result, &error))
    {
      cachet_imap_session_end (self, error);
      return;
    }
  if (self->ended)
    return;

  self->paused = FALSE;
  cachet_imap_session_read (self);
  cachet_imap_flow_run (self, greeted_steps, NULL, greeted_finished, NULL, NULL);
}

static void
starttls_tagged (CachetImapCommand *command, const CachetImapResponse *response)
{
  CachetImapSession *self = command->session;
  gsize n_unparsed;

  if (cachet_imap_response_get_condition (response) != CACHET_IMAP_CONDITION_OK)
    {
      cachet_imap_session_end (self,
                               no_starttls_error (self, cachet_imap_response_get_text (response)));
      return;
    }

  /* Nothing that was heard in clear counts under TLS. */
  n_unparsed = cachet_imap_parser_get_n_buffered (self->parser);
  self->paused = TRUE;
  self->preauthenticated = FALSE;
  cachet_imap_session_forget_capabilities (self);
  g_clear_pointer (&self->greeting, g_free);
  cachet_transport_start_tls_async (self->transport, n_unparsed, NULL, secured_cb,
                                    g_object_ref (self));
}

static const CachetImapCommandKind starttls_kind = {
  .name = "STARTTLS",
  .traits =
    CACHET_IMAP_COMMAND_BEFORE_TLS | CACHET_IMAP_COMMAND_BEFORE_LOGIN | CACHET_IMAP_COMMAND_ALONE,
  .tagged = starttls_tagged,
};

static CachetImapCommand *
begin_starttls (CachetImapFlow *flow)
{
  CachetImapCommand *command;

  if (!cachet_imap_capabilities_has (flow->session->capabilities, "STARTTLS"))
    {
      cachet_imap_session_end (flow->session, no_starttls_error (flow->session, NULL));
      return NULL;
    }

  command = cachet_imap_command_new (flow->session, &starttls_kind, NULL, NULL);
  cachet_imap_command_add (command, cachet_imap_request_new ("STARTTLS"));
  return command;
}

static const CachetImapFlowStep clear_steps[] = {
  { "capability", begin_capability, NULL },
  { "starttls", begin_starttls, NULL },
  { NULL },
};

static void
clear_finished (CachetImapFlow *flow, const GError *error)
{
  CachetImapSession *self = flow->session;

  if (error != NULL && !self->ended)
    cachet_imap_session_end (self, g_error_copy (error));
  if (self->ended || !self->paused)
    return;

  /* The handshake is under way and goes on in secured_cb(). The parser is changed here, when the
   * response of STARTTLS has been left. */
  cachet_imap_session_reset_parser (self);
}

/* Greeting */

void
cachet_imap_session_take_greeting (CachetImapSession *self, const CachetImapResponse *response)
{
  const char *text = cachet_imap_response_get_text (response);

  switch (cachet_imap_response_get_condition (response))
    {
    case CACHET_IMAP_CONDITION_OK:
      break;
    case CACHET_IMAP_CONDITION_PREAUTH:
      if (self->endpoint->security != CACHET_SECURITY_NONE &&
          !cachet_transport_is_encrypted (self->transport))
        {
          cachet_imap_session_end (
            self, g_error_new (
                    CACHET_NET_ERROR, CACHET_NET_ERROR_PREAUTH,
                    _ ("%s claims to know who you are before encryption began. Somebody may be "
                            "tampering with the connection, so it was ended and nothing was sent."),
                       self->endpoint->host));
          return;
        }
      self->preauthenticated = TRUE;
      break;
    case CACHET_IMAP_CONDITION_BYE:
      cachet_imap_session_end (self, cachet_imap_error_bye (self, response));
      return;
    case CACHET_IMAP_CONDITION_NONE:
    case CACHET_IMAP_CONDITION_NO:
    case CACHET_IMAP_CONDITION_BAD:
    default:
      cachet_imap_session_end (
        self, cachet_imap_error_protocol (self, _ ("its first line is not one of a mail server.")));
      return;
    }
  if (cachet_imap_response_get_kind (response) != CACHET_IMAP_RESPONSE_UNTAGGED)
    {
      cachet_imap_session_end (
        self, cachet_imap_error_protocol (self, _ ("its first line is not one of a mail server.")));
      return;
    }

  self->greeting = cachet_visible_text (text, (gssize)strnlen (text, MAX_GREETING), FALSE);
  if (cachet_imap_response_get_code (response) == CACHET_IMAP_CODE_CAPABILITY)
    self->capabilities = cachet_imap_capabilities_new_from_response (response);
  if (self->endpoint->security == CACHET_SECURITY_STARTTLS)
    cachet_imap_flow_run (self, clear_steps, NULL, clear_finished, NULL, NULL);
  else
    cachet_imap_flow_run (self, greeted_steps, NULL, greeted_finished, NULL, NULL);
}

/* Connecting */

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetImapSession) self = user_data;
  GError *error = NULL;

  if (!cachet_transport_connect_finish (CACHET_TRANSPORT (source), result, &error))
    {
      cachet_imap_session_end (self, error);
      return;
    }
  if (self->ended)
    return;

  self->awaits_greeting = TRUE;
  cachet_imap_session_read (self);
}

static gboolean
open_cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  cachet_imap_session_end (user_data, cachet_imap_error_cancelled ());
  return G_SOURCE_REMOVE;
}

void
cachet_imap_session_connect_async (CachetImapSession *self,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (CACHET_IS_IMAP_SESSION (self));

  task = cachet_imap_session_new_task (self, cancellable, callback, user_data,
                                       cachet_imap_session_connect_async, "cachet-imap-connect");
  if (self->ended || self->state != CACHET_IMAP_STATE_DISCONNECTED)
    {
      g_task_return_error (task, cachet_imap_error_not_ready (self));
      return;
    }

  self->open_task = g_steal_pointer (&task);
  if (cancellable != NULL)
    {
      self->open_cancel_source = g_cancellable_source_new (cancellable);
      g_source_set_callback (self->open_cancel_source, G_SOURCE_FUNC (open_cancelled_cb), self,
                             NULL);
      g_source_attach (self->open_cancel_source, NULL);
    }
  cachet_imap_session_set_state (self, CACHET_IMAP_STATE_CONNECTING);
  cachet_transport_connect_async (self->transport, NULL, connected_cb, g_object_ref (self));
}

gboolean
cachet_imap_session_connect_finish (CachetImapSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
