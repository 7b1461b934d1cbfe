#define G_LOG_DOMAIN "cachet-net"

#include "config.h"

#include "cachet-imap-session-private.h"

/* The queue of commands and the writing of them. */

typedef struct
{
  CachetImapSession *session;
  CachetImapCommand *command;
  GError *error;
} Refusal;

GTask *
cachet_imap_session_new_task (CachetImapSession *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data,
                              gpointer source_tag,
                              const char *name)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, source_tag);
  g_task_set_name (task, name);

  return task;
}

static gboolean
refuse_cb (gpointer user_data)
{
  Refusal *refusal = user_data;

  refusal->command->done (refusal->command, refusal->error, refusal->command->done_data);
  return G_SOURCE_REMOVE;
}

static void
refusal_free (gpointer data)
{
  Refusal *refusal = data;

  cachet_imap_command_free (refusal->command);
  g_object_unref (refusal->session);
  g_error_free (refusal->error);
  g_free (refusal);
}

/* Ends a command that never was queued, in a later turn. */
static void
refuse (CachetImapSession *self, CachetImapCommand *command, GError *error)
{
  Refusal *refusal = g_new0 (Refusal, 1);

  if (command->cancel_source != NULL)
    g_source_destroy (command->cancel_source);
  refusal->session = g_object_ref (self);
  refusal->command = command;
  refusal->error = error;
  g_idle_add_full (G_PRIORITY_DEFAULT, refuse_cb, refusal, refusal_free);
}

static gboolean
is_allowed (CachetImapSession *self, CachetImapCommandTraits traits)
{
  if (self->ended)
    return FALSE;
  if (self->endpoint->security != CACHET_SECURITY_NONE &&
      !cachet_transport_is_encrypted (self->transport) &&
      (traits & CACHET_IMAP_COMMAND_BEFORE_TLS) == 0)
    return FALSE;

  switch (self->state)
    {
    case CACHET_IMAP_STATE_CONNECTING:
    case CACHET_IMAP_STATE_CONNECTED:
      return (traits & CACHET_IMAP_COMMAND_BEFORE_LOGIN) != 0;
    case CACHET_IMAP_STATE_AUTHENTICATED:
    case CACHET_IMAP_STATE_SELECTED:
    case CACHET_IMAP_STATE_IDLE:
      return TRUE;
    case CACHET_IMAP_STATE_DISCONNECTED:
    case CACHET_IMAP_STATE_DRAINING:
    default:
      return FALSE;
    }
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  CachetImapCommand *command = user_data;
  CachetImapSession *self = command->session;
  g_autoptr (GError) error = cachet_imap_error_cancelled ();
  g_autoptr (CachetImapSession) alive = g_object_ref (self);

  if (command->orphaned)
    return G_SOURCE_REMOVE;
  if (g_queue_remove (&self->queue, command))
    {
      command->done (command, error, command->done_data);
      cachet_imap_command_free (command);
    }
  else
    {
      /* The server is at it: nothing takes the order back, but nobody waits for it either. */
      command->orphaned = TRUE;
      command->done (command, error, command->done_data);
    }

  return G_SOURCE_REMOVE;
}

/* Puts an urgent command before what waits, but not before what it depends on. */
static void
enqueue (CachetImapSession *self, CachetImapCommand *command)
{
  GList *link = NULL;

  if ((command->kind->traits & CACHET_IMAP_COMMAND_URGENT) != 0)
    {
      GList *walk;

      for (walk = self->queue.tail; walk != NULL; walk = walk->prev)
        {
          CachetImapCommand *other = walk->data;

          if ((other->kind->traits &
               (CACHET_IMAP_COMMAND_CHANGES_MAILBOX | CACHET_IMAP_COMMAND_URGENT)) != 0)
            break;
          link = walk;
        }
    }
  if (link != NULL)
    g_queue_insert_before (&self->queue, link, command);
  else
    g_queue_push_tail (&self->queue, command);
}

void
cachet_imap_session_submit (CachetImapSession *self,
                            CachetImapCommand *command,
                            GCancellable *cancellable,
                            CachetImapCommandDone done,
                            gpointer done_data)
{
  g_assert (command->requests->len > 0);

  command->done = done;
  command->done_data = done_data;
  if (!is_allowed (self, command->kind->traits))
    {
      refuse (self, command, cachet_imap_error_not_ready (self));
      return;
    }
  if (g_cancellable_is_cancelled (cancellable))
    {
      refuse (self, command, cachet_imap_error_cancelled ());
      return;
    }

  if (cancellable != NULL)
    {
      command->cancellable = g_object_ref (cancellable);
      command->cancel_source = g_cancellable_source_new (cancellable);
      g_source_set_static_name (command->cancel_source, "cachet-imap-cancel");
      g_source_set_callback (command->cancel_source, G_SOURCE_FUNC (cancelled_cb), command, NULL);
      g_source_attach (command->cancel_source, NULL);
    }
  enqueue (self, command);
  cachet_imap_session_pump (self);
}

static void
order_done (CachetImapCommand *command, const GError *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_boolean (task, TRUE);
}

void
cachet_imap_session_submit_order (CachetImapSession *self, CachetImapCommand *command, GTask *task)
{
  cachet_imap_session_submit (self, command, g_task_get_cancellable (task), order_done, task);
}

gboolean
cachet_imap_session_order_finish (CachetImapSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Writing */

static CachetImapLiteralMode
literal_mode (CachetImapSession *self)
{
  if (cachet_imap_capabilities_has (self->capabilities, "LITERAL+"))
    return CACHET_IMAP_LITERALS_PLUS;
  if (cachet_imap_capabilities_has (self->capabilities, "LITERAL-") ||
      cachet_imap_capabilities_has (self->capabilities, "IMAP4REV2"))
    return CACHET_IMAP_LITERALS_MINUS;
  return CACHET_IMAP_LITERALS_SYNC;
}

typedef struct
{
  CachetImapSession *session;
  CachetImapCommand *command; /* only compared, it may be gone */
  guint64 done;
  guint64 total;
} Progress;

static void
progress_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Progress *progress = user_data;
  CachetImapSession *self = progress->session;

  if (cachet_transport_write_finish (CACHET_TRANSPORT (source), result, NULL) &&
      g_ptr_array_find (self->active, progress->command, NULL) && !progress->command->orphaned &&
      progress->command->progress != NULL)
    progress->command->progress (progress->done, progress->total, progress->command->progress_data);
  g_object_unref (progress->session);
  g_free (progress);
}

/* In slices, each of which tells how far it is. */
static void
write_with_progress (CachetImapSession *self, CachetImapCommand *command, GBytes *bytes)
{
  gsize total = g_bytes_get_size (bytes);
  gsize at;

  for (at = 0; at < total; at += CACHET_TRANSPORT_CHUNK)
    {
      gsize length = MIN (total - at, CACHET_TRANSPORT_CHUNK);
      g_autoptr (GBytes) slice = g_bytes_new_from_bytes (bytes, at, length);
      Progress *progress = g_new0 (Progress, 1);

      progress->session = g_object_ref (self);
      progress->command = command;
      progress->done = at + length;
      progress->total = total;
      cachet_transport_write_async (self->transport, slice, progress_cb, progress);
    }
}

static void
begin_request (CachetImapSession *self, CachetImapCommand *command, CachetImapCommandRequest *entry)
{
  CachetImapLiteralMode mode = literal_mode (self);
  g_autofree char *text = NULL;

  entry->tag = g_strdup_printf ("C%u", ++self->next_tag);
  entry->sent_at = g_get_monotonic_time ();
  entry->segments = cachet_imap_request_serialize (entry->request, entry->tag, mode);
  self->n_commands++;
  text = cachet_imap_request_to_log_text (entry->request, entry->tag);
  cachet_transport_record (self->transport, CACHET_WIRE_SENT, entry->tag, text,
                           cachet_imap_request_get_size (entry->request, entry->tag, mode), -1);
}

/* Writes what may be written of @command: up to the end, or up to a literal that waits for "+". */
static void
write_command (CachetImapSession *self, CachetImapCommand *command)
{
  guint i;

  self->writing = NULL;
  for (i = 0; i < command->requests->len; i++)
    {
      CachetImapCommandRequest *entry = g_ptr_array_index (command->requests, i);

      if (entry->answered)
        continue;
      if (entry->sent_at == 0)
        begin_request (self, command, entry);
      while (entry->n_written < entry->segments->len)
        {
          CachetImapSegment *segment = g_ptr_array_index (entry->segments, entry->n_written++);

          if (command->progress != NULL &&
              g_bytes_get_size (segment->bytes) > CACHET_TRANSPORT_CHUNK)
            write_with_progress (self, command, segment->bytes);
          else
            cachet_transport_write_async (self->transport, segment->bytes, NULL, NULL);
          if (segment->awaits_continuation)
            {
              self->writing = command;
              return;
            }
        }
    }
}

void
cachet_imap_session_write_line (CachetImapSession *self, const char *text, gboolean secret)
{
  g_autoptr (CachetImapRequest) request = cachet_imap_request_new_line (text, secret);
  g_autoptr (GPtrArray) segments =
    cachet_imap_request_serialize (request, NULL, CACHET_IMAP_LITERALS_SYNC);
  g_autofree char *shown = cachet_imap_request_to_log_text (request, NULL);
  guint64 size = 0;
  guint i;

  for (i = 0; i < segments->len; i++)
    {
      CachetImapSegment *segment = g_ptr_array_index (segments, i);

      size += g_bytes_get_size (segment->bytes);
      cachet_transport_write_async (self->transport, segment->bytes, NULL, NULL);
    }
  cachet_transport_record (self->transport, CACHET_WIRE_SENT, NULL, shown, size, -1);
}

void
cachet_imap_session_end_idle (CachetImapSession *self)
{
  if (self->idle == NULL || !self->idle_accepted || self->idle_ending)
    return;

  self->idle_ending = TRUE;
  g_clear_handle_id (&self->idle_timer, g_source_remove);
  cachet_imap_session_write_line (self, "DONE", FALSE);
  cachet_imap_session_update_timeout (self);
}

/* Whether @command may be written beside what is under way. */
static gboolean
may_join (CachetImapSession *self, CachetImapCommand *command)
{
  guint i;

  if (self->active->len == 0)
    return TRUE;
  if ((command->kind->traits & CACHET_IMAP_COMMAND_ALONE) != 0 ||
      self->active->len >= CACHET_IMAP_MAX_PIPELINED)
    return FALSE;

  for (i = 0; i < self->active->len; i++)
    {
      CachetImapCommand *other = g_ptr_array_index (self->active, i);

      if ((other->kind->traits & CACHET_IMAP_COMMAND_ALONE) != 0)
        return FALSE;
      if (other->kind == command->kind &&
          (command->kind->traits & CACHET_IMAP_COMMAND_ONE_OF_KIND) != 0)
        return FALSE;
    }

  return TRUE;
}

void
cachet_imap_session_pump (CachetImapSession *self)
{
  if (self->writing != NULL && !self->ended)
    return;

  while (!self->ended && !self->paused && self->writing == NULL && !g_queue_is_empty (&self->queue))
    {
      CachetImapCommand *command = g_queue_peek_head (&self->queue);

      if (self->idle != NULL)
        {
          cachet_imap_session_end_idle (self);
          break;
        }
      if (command->kind == &cachet_imap_idle_kind && self->queue.length > 1)
        {
          g_queue_pop_head (&self->queue);
          cachet_imap_command_free (command);
          continue;
        }
      if (!may_join (self, command))
        break;

      g_queue_pop_head (&self->queue);
      if ((command->kind->traits & CACHET_IMAP_COMMAND_IN_MAILBOX) != 0 && self->selected == NULL)
        {
          refuse (self, command, cachet_imap_error_no_mailbox (self));
          continue;
        }
      g_ptr_array_add (self->active, command);
      if (command->kind->begin != NULL)
        command->kind->begin (command);
      /* Who is told of a new state may end the session. */
      if (self->ended)
        return;
      write_command (self, command);
    }
  cachet_imap_session_update_timeout (self);
}

/* "+" for a literal: writes on. FALSE when no literal waits. */
gboolean
cachet_imap_session_continue_literal (CachetImapSession *self)
{
  if (self->writing == NULL)
    return FALSE;

  write_command (self, self->writing);
  if (self->writing == NULL)
    cachet_imap_session_pump (self);
  return TRUE;
}

/* A request was answered while a literal of it still waited: the rest of it is not wanted. */
void
cachet_imap_session_skip_literal (CachetImapSession *self, CachetImapCommandRequest *entry)
{
  CachetImapCommand *command = self->writing;

  if (command == NULL || entry->n_written >= entry->segments->len)
    return;
  entry->n_written = entry->segments->len;
  write_command (self, command);
}
