#define G_LOG_DOMAIN "cachet-net"

#include "config.h"

#include "cachet-imap-session-private.h"

#include <glib/gi18n.h>

/*
 * IDLE (RFC 2177) and LOGOUT.
 *
 *   SELECTED --"IDLE"--> (no "+" yet) --"+"--> IDLE --"DONE"--> (OK awaited) --OK--> SELECTED
 *                                               |  29 minutes: DONE, and IDLE again
 *
 * DONE is written when another command waits, never before the "+": a server that has not said it
 * is not reading for DONE.
 */

static void idle_submit (CachetImapSession *self);

static gboolean
renew_cb (gpointer user_data)
{
  CachetImapSession *self = user_data;

  self->idle_timer = 0;
  self->idle_again = TRUE;
  cachet_imap_session_end_idle (self);
  return G_SOURCE_REMOVE;
}

static void
idle_begin (CachetImapCommand *command)
{
  CachetImapSession *self = command->session;

  self->idle = command;
  self->idle_accepted = FALSE;
  self->idle_ending = FALSE;
  self->idle_again = FALSE;
}

static gboolean
idle_continuation (CachetImapCommand *command, const CachetImapResponse *response)
{
  CachetImapSession *self = command->session;

  if (self->idle_accepted)
    return FALSE;

  self->idle_accepted = TRUE;
  cachet_imap_session_set_state (self, CACHET_IMAP_STATE_IDLE);
  if (self->ended)
    return TRUE;
  g_clear_handle_id (&self->idle_timer, g_source_remove);
  self->idle_timer = g_timeout_add_seconds (self->timeouts.idle_renew, renew_cb, self);
  cachet_imap_session_update_timeout (self);
  cachet_imap_session_pump (self);
  return TRUE;
}

static void
idle_tagged (CachetImapCommand *command, const CachetImapResponse *response)
{
  CachetImapSession *self = command->session;

  g_clear_handle_id (&self->idle_timer, g_source_remove);
  if (cachet_imap_response_get_condition (response) != CACHET_IMAP_CONDITION_OK &&
      !self->idle_ending)
    self->idle_refused = TRUE;
  self->idle = NULL;
  if (self->state == CACHET_IMAP_STATE_IDLE)
    cachet_imap_session_set_state (self, CACHET_IMAP_STATE_SELECTED);
}

const CachetImapCommandKind cachet_imap_idle_kind = {
  .name = "IDLE",
  .traits =
    CACHET_IMAP_COMMAND_ALONE | CACHET_IMAP_COMMAND_IN_MAILBOX | CACHET_IMAP_COMMAND_LENIENT,
  .begin = idle_begin,
  .continuation = idle_continuation,
  .tagged = idle_tagged,
};

static void
idle_done (CachetImapCommand *command, const GError *error, gpointer user_data)
{
  CachetImapSession *self = command->session;

  if (error == NULL && self->idle_again && !self->idle_refused && g_queue_is_empty (&self->queue))
    idle_submit (self);
}

static void
idle_submit (CachetImapSession *self)
{
  CachetImapCommand *command = cachet_imap_command_new (self, &cachet_imap_idle_kind, NULL, NULL);

  cachet_imap_command_add (command, cachet_imap_request_new ("IDLE"));
  cachet_imap_session_submit (self, command, NULL, idle_done, NULL);
}

static gboolean
is_idle_queued (CachetImapSession *self)
{
  GList *walk;

  for (walk = self->queue.head; walk != NULL; walk = walk->next)
    {
      CachetImapCommand *command = walk->data;

      if (command->kind == &cachet_imap_idle_kind)
        return TRUE;
    }

  return FALSE;
}

gboolean
cachet_imap_session_start_idle (CachetImapSession *self)
{
  g_return_val_if_fail (CACHET_IS_IMAP_SESSION (self), FALSE);

  if (self->ended || self->idle_refused ||
      !(cachet_imap_capabilities_has (self->capabilities, "IDLE") ||
        cachet_imap_capabilities_has (self->capabilities, "IMAP4REV2")))
    return FALSE;
  if ((self->idle != NULL && !self->idle_ending) || is_idle_queued (self))
    return TRUE;
  idle_submit (self);

  return TRUE;
}

/* LOGOUT */

static gboolean
logout_timeout_cb (gpointer user_data)
{
  CachetImapSession *self = user_data;

  self->logout_timer = 0;
  cachet_imap_session_end (self, NULL);
  return G_SOURCE_REMOVE;
}

static void
logout_begin (CachetImapCommand *command)
{
  CachetImapSession *self = command->session;

  cachet_imap_session_set_state (self, CACHET_IMAP_STATE_DRAINING);
  if (self->ended)
    return;
  self->logout_timer = g_timeout_add_seconds (self->timeouts.logout, logout_timeout_cb, self);
}

static const CachetImapCommandKind logout_kind = {
  .name = "LOGOUT",
  .traits =
    CACHET_IMAP_COMMAND_ALONE | CACHET_IMAP_COMMAND_BEFORE_LOGIN | CACHET_IMAP_COMMAND_LENIENT,
  .begin = logout_begin,
};

/* However it went, the connection is over, and that was the order. */
static void
logout_done (CachetImapCommand *command, const GError *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetImapSession *self = command->session;

  if (error != NULL && !self->ended)
    {
      g_task_return_error (task, g_error_copy (error));
      return;
    }
  g_task_return_boolean (task, TRUE);
  if (!self->ended)
    cachet_imap_session_end (self, NULL);
}

void
cachet_imap_session_logout_async (CachetImapSession *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  GTask *task;
  CachetImapCommand *command;

  g_return_if_fail (CACHET_IS_IMAP_SESSION (self));

  task = cachet_imap_session_new_task (self, cancellable, callback, user_data,
                                       cachet_imap_session_logout_async, "cachet-imap-logout");
  /* While connecting there is nobody yet to take leave of. */
  if (self->state == CACHET_IMAP_STATE_CONNECTING)
    cachet_imap_session_disconnect (self);
  if (self->ended)
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }
  command = cachet_imap_command_new (self, &logout_kind, NULL, NULL);
  cachet_imap_command_add (command, cachet_imap_request_new ("LOGOUT"));
  cachet_imap_session_submit (self, command, cancellable, logout_done, task);
}
