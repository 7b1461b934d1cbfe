#define G_LOG_DOMAIN "cachet-net"

#include "config.h"

#include "cachet-imap-session.h"

#include "cachet-imap-session-private.h"
#include "cachet-main-thread.h"

#include <glib/gi18n.h>
#include <string.h>

G_DEFINE_FINAL_TYPE (CachetImapSession, cachet_imap_session, G_TYPE_OBJECT)

enum { PROP_0, PROP_STATE, N_PROPS };

static GParamSpec *properties[N_PROPS];
guint cachet_imap_session_signals[CACHET_IMAP_N_SIGNALS];

/* A read under way must not keep a session alive that nobody wants any more. */
typedef struct
{
  GWeakRef session;
} Reader;

static void
cachet_imap_session_dispose (GObject *object)
{
  CachetImapSession *self = CACHET_IMAP_SESSION (object);

  /* Commands hold a reference through their tasks: left are IDLE and what was cancelled. */
  if (self->transport != NULL)
    cachet_transport_close (self->transport);
  g_clear_object (&self->transport);
  g_clear_handle_id (&self->idle_timer, g_source_remove);
  g_clear_handle_id (&self->logout_timer, g_source_remove);
  self->idle = NULL;
  self->writing = NULL;
  self->streaming = NULL;
  g_ptr_array_set_free_func (self->active, (GDestroyNotify)cachet_imap_command_free);
  g_ptr_array_set_size (self->active, 0);
  g_queue_clear_full (&self->queue, (GDestroyNotify)cachet_imap_command_free);

  G_OBJECT_CLASS (cachet_imap_session_parent_class)->dispose (object);
}

static void
cachet_imap_session_finalize (GObject *object)
{
  CachetImapSession *self = CACHET_IMAP_SESSION (object);

  g_clear_pointer (&self->active, g_ptr_array_unref);
  g_clear_pointer (&self->parser, cachet_imap_parser_free);
  g_clear_pointer (&self->endpoint, cachet_endpoint_free);
  g_clear_pointer (&self->capabilities, cachet_imap_capabilities_free);
  g_clear_pointer (&self->enabled, cachet_imap_capabilities_free);
  g_clear_pointer (&self->namespaces, g_ptr_array_unref);
  g_clear_pointer (&self->secret, cachet_secret_unref);
  cachet_imap_uid_map_destroy (&self->uid_map);
  g_free (self->greeting);
  g_free (self->server_id);
  g_free (self->mechanism);
  g_free (self->selected);

  G_OBJECT_CLASS (cachet_imap_session_parent_class)->finalize (object);
}

static void
cachet_imap_session_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CachetImapSession *self = CACHET_IMAP_SESSION (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_uint (value, self->state);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
    }
}

static guint
add_signal (const char *name, guint n_params, GType first, GType second)
{
  return g_signal_new (name, CACHET_TYPE_IMAP_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, n_params, first, second);
}

static void
cachet_imap_session_class_init (CachetImapSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = cachet_imap_session_dispose;
  object_class->finalize = cachet_imap_session_finalize;
  object_class->get_property = cachet_imap_session_get_property;

  properties[PROP_STATE] = g_param_spec_uint (
    "state", NULL, NULL, 0, CACHET_IMAP_STATE_DRAINING, CACHET_IMAP_STATE_DISCONNECTED,
    G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  cachet_imap_session_signals[CACHET_IMAP_SIGNAL_EXISTS] =
    add_signal ("exists", 1, G_TYPE_UINT, G_TYPE_NONE);
  cachet_imap_session_signals[CACHET_IMAP_SIGNAL_EXPUNGED] =
    add_signal ("expunged", 2, G_TYPE_UINT, G_TYPE_UINT);
  cachet_imap_session_signals[CACHET_IMAP_SIGNAL_VANISHED] =
    add_signal ("vanished", 1, CACHET_TYPE_IMAP_SET | G_SIGNAL_TYPE_STATIC_SCOPE, G_TYPE_NONE);
  cachet_imap_session_signals[CACHET_IMAP_SIGNAL_FETCHED] =
    add_signal ("fetched", 1, G_TYPE_POINTER, G_TYPE_NONE);
  cachet_imap_session_signals[CACHET_IMAP_SIGNAL_ALERT] =
    add_signal ("alert", 1, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE, G_TYPE_NONE);
  cachet_imap_session_signals[CACHET_IMAP_SIGNAL_CLOSED] =
    add_signal ("closed", 1, G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE, G_TYPE_NONE);
}

static void
cachet_imap_session_init (CachetImapSession *self)
{
  g_queue_init (&self->queue);
  self->active = g_ptr_array_new ();
  cachet_imap_uid_map_init (&self->uid_map);
  self->timeouts = (CachetImapTimeouts){ .answer = CACHET_IMAP_RESPONSE_TIMEOUT,
                                         .slow = CACHET_IMAP_SLOW_TIMEOUT,
                                         .logout = CACHET_IMAP_LOGOUT_TIMEOUT,
                                         .idle_renew = CACHET_IMAP_IDLE_RENEW };
}

CachetImapSession *
cachet_imap_session_new (const CachetEndpoint *endpoint,
                         CachetTrustDecider *decider,
                         CachetWireLog *log)
{
  CachetImapSession *self;

  g_return_val_if_fail (endpoint != NULL && endpoint->host != NULL, NULL);

  cachet_assert_main_thread ();
  self = g_object_new (CACHET_TYPE_IMAP_SESSION, NULL);
  self->endpoint = cachet_endpoint_copy (endpoint);
  self->transport = cachet_transport_new (endpoint, "imap", decider, log);
  cachet_imap_session_reset_parser (self);

  return self;
}

void
cachet_imap_session_set_timeouts (CachetImapSession *self, const CachetImapTimeouts *timeouts)
{
  g_return_if_fail (CACHET_IS_IMAP_SESSION (self));
  g_return_if_fail (timeouts != NULL);

  self->timeouts = *timeouts;
}

/* State */

#define TO(state) (1u << CACHET_IMAP_STATE_##state)

/* See the drawing in the header. SELECTED goes back to AUTHENTICATED whenever another mailbox is
 * being opened: between the two no mailbox is selected (RFC 9051 §6.3.2). */
static const guint legal_states[] = {
  [CACHET_IMAP_STATE_DISCONNECTED] = TO (CONNECTING),
  [CACHET_IMAP_STATE_CONNECTING] = TO (CONNECTED) | TO (AUTHENTICATED) | TO (DISCONNECTED),
  [CACHET_IMAP_STATE_CONNECTED] = TO (AUTHENTICATED) | TO (DRAINING) | TO (DISCONNECTED),
  [CACHET_IMAP_STATE_AUTHENTICATED] = TO (SELECTED) | TO (DRAINING) | TO (DISCONNECTED),
  [CACHET_IMAP_STATE_SELECTED] = TO (AUTHENTICATED) | TO (IDLE) | TO (DRAINING) | TO (DISCONNECTED),
  [CACHET_IMAP_STATE_IDLE] = TO (SELECTED) | TO (DISCONNECTED),
  [CACHET_IMAP_STATE_DRAINING] = TO (DISCONNECTED),
};

static const char *const state_names[] = {
  [CACHET_IMAP_STATE_DISCONNECTED] = "disconnected",
  [CACHET_IMAP_STATE_CONNECTING] = "connecting",
  [CACHET_IMAP_STATE_CONNECTED] = "connected",
  [CACHET_IMAP_STATE_AUTHENTICATED] = "authenticated",
  [CACHET_IMAP_STATE_SELECTED] = "selected",
  [CACHET_IMAP_STATE_IDLE] = "idle",
  [CACHET_IMAP_STATE_DRAINING] = "draining",
};

void
cachet_imap_session_set_state (CachetImapSession *self, CachetImapState state)
{
  if (self->state == state)
    return;

  g_assert ((legal_states[self->state] & (1u << state)) != 0);
  cachet_transport_record_event (self->transport, "State: %s → %s", state_names[self->state],
                                 state_names[state]);
  self->state = state;
  if (state == CACHET_IMAP_STATE_CONNECTED || state == CACHET_IMAP_STATE_AUTHENTICATED)
    self->was_connected = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static GPtrArray *
steal_commands (CachetImapSession *self)
{
  GPtrArray *commands = g_ptr_array_new ();
  CachetImapCommand *command;

  g_ptr_array_extend_and_steal (commands, g_steal_pointer (&self->active));
  self->active = g_ptr_array_new ();
  while ((command = g_queue_pop_head (&self->queue)) != NULL)
    g_ptr_array_add (commands, command);

  return commands;
}

void
cachet_imap_session_end (CachetImapSession *self, GError *error)
{
  g_autoptr (CachetImapSession) alive = g_object_ref (self);
  g_autoptr (GError) reason = error;
  g_autoptr (GError) for_commands = NULL;
  g_autoptr (GPtrArray) commands = NULL;
  guint i;

  if (self->ended)
    return;

  self->ended = TRUE;
  if (reason != NULL)
    cachet_transport_fail (self->transport, reason);
  else
    cachet_transport_close (self->transport);
  g_clear_handle_id (&self->idle_timer, g_source_remove);
  g_clear_handle_id (&self->logout_timer, g_source_remove);
  g_clear_pointer (&self->secret, cachet_secret_unref);
  for_commands = reason != NULL ? g_error_copy (reason) : cachet_imap_error_not_ready (self);
  commands = steal_commands (self);
  self->writing = NULL;
  self->streaming = NULL;
  self->idle = NULL;
  if (self->state != CACHET_IMAP_STATE_DISCONNECTED)
    cachet_imap_session_set_state (self, CACHET_IMAP_STATE_DISCONNECTED);

  for (i = 0; i < commands->len; i++)
    {
      CachetImapCommand *command = g_ptr_array_index (commands, i);

      if (!command->orphaned)
        command->done (command, for_commands, command->done_data);
      cachet_imap_command_free (command);
    }
  cachet_imap_session_fail_open (self, for_commands);
  if (self->was_connected)
    g_signal_emit (self, cachet_imap_session_signals[CACHET_IMAP_SIGNAL_CLOSED], 0, reason);
}

void
cachet_imap_session_disconnect (CachetImapSession *self)
{
  g_return_if_fail (CACHET_IS_IMAP_SESSION (self));

  cachet_imap_session_end (
    self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("The connection was closed.")));
}

/* Reading */

static CachetImapLiteralChoice
choose_literal_cb (const CachetImapResponse *so_far, guint64 size, gpointer user_data)
{
  CachetImapSession *self = user_data;
  guint i;

  self->streaming = NULL;
  for (i = 0; i < self->active->len; i++)
    {
      CachetImapCommand *command = g_ptr_array_index (self->active, i);

      if (command->kind->choose_literal != NULL &&
          command->kind->choose_literal (command, so_far, size))
        {
          self->streaming = command;
          return CACHET_IMAP_LITERAL_STREAM;
        }
    }

  return size <= CACHET_IMAP_MAX_KEPT_LITERAL ? CACHET_IMAP_LITERAL_KEEP
                                              : CACHET_IMAP_LITERAL_DISCARD;
}

static void
chunk_cb (const char *bytes, gsize length, guint64 remaining, gpointer user_data)
{
  CachetImapSession *self = user_data;
  CachetImapCommand *command = self->streaming;

  if (remaining == 0)
    self->streaming = NULL;
  if (command != NULL && !command->orphaned)
    command->kind->chunk (command, bytes, length, remaining);
}

void
cachet_imap_session_reset_parser (CachetImapSession *self)
{
  g_clear_pointer (&self->parser, cachet_imap_parser_free);
  self->parser = cachet_imap_parser_new ();
  cachet_imap_parser_set_literal_funcs (self->parser, choose_literal_cb, chunk_cb, self);
}

/* Takes every whole response out of what has come: at most one chunk of the transport, so that the
 * main loop gets its turn. */
static void
parse (CachetImapSession *self)
{
  while (!self->ended && !self->paused)
    {
      g_autoptr (CachetImapResponse) response = NULL;
      g_autoptr (GError) error = NULL;

      switch (cachet_imap_parser_take (self->parser, &response, &error))
        {
        case CACHET_IMAP_PARSER_READY:
          if (!self->ended)
            cachet_imap_session_dispatch (self, response);
          break;
        case CACHET_IMAP_PARSER_NEED_MORE:
          cachet_imap_session_read (self);
          return;
        case CACHET_IMAP_PARSER_ERROR:
        default:
          cachet_imap_session_end (self, cachet_imap_error_from_wire (error));
          return;
        }
    }
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Reader *reader = user_data;
  g_autoptr (CachetImapSession) self = g_weak_ref_get (&reader->session);
  g_autoptr (GBytes) bytes = NULL;
  GError *error = NULL;
  const char *data;
  gsize size;

  g_weak_ref_clear (&reader->session);
  g_free (reader);
  bytes = cachet_transport_read_finish (CACHET_TRANSPORT (source), result, &error);
  if (self == NULL || self->ended)
    {
      g_clear_error (&error);
      return;
    }

  self->reading = FALSE;
  if (bytes == NULL)
    {
      /* Servers that close without a word after LOGOUT are common. */
      if (self->state == CACHET_IMAP_STATE_DRAINING)
        g_clear_error (&error);
      cachet_imap_session_end (self, error);
      return;
    }

  data = g_bytes_get_data (bytes, &size);
  cachet_imap_parser_feed (self->parser, data, size);
  parse (self);
}

void
cachet_imap_session_read (CachetImapSession *self)
{
  Reader *reader;

  if (self->ended || self->paused || self->reading)
    return;

  self->reading = TRUE;
  cachet_imap_session_update_timeout (self);
  reader = g_new0 (Reader, 1);
  g_weak_ref_init (&reader->session, self);
  cachet_transport_read_async (self->transport, CACHET_IMAP_READ_PRIORITY, read_cb, reader);
}

/* How long the server may be silent now. */
void
cachet_imap_session_update_timeout (CachetImapSession *self)
{
  guint seconds = 0;
  guint i;

  if (self->ended || !self->reading)
    return;

  if (self->awaits_greeting || !cachet_imap_parser_is_between_responses (self->parser))
    seconds = self->timeouts.answer;
  for (i = 0; i < self->active->len; i++)
    {
      CachetImapCommand *command = g_ptr_array_index (self->active, i);

      if (command == self->idle && self->idle_accepted && !self->idle_ending)
        continue;
      seconds = MAX (seconds, (command->kind->traits & CACHET_IMAP_COMMAND_SLOW) != 0
                                ? self->timeouts.slow
                                : self->timeouts.answer);
    }
  cachet_transport_set_read_timeout (self->transport, seconds);
}

/* Facts */

CachetImapState
cachet_imap_session_get_state (CachetImapSession *self)
{
  g_return_val_if_fail (CACHET_IS_IMAP_SESSION (self), CACHET_IMAP_STATE_DISCONNECTED);

  return self->state;
}

gboolean
cachet_imap_session_has_capability (CachetImapSession *self, const char *name)
{
  g_return_val_if_fail (CACHET_IS_IMAP_SESSION (self), FALSE);

  return cachet_imap_capabilities_has (self->capabilities, name);
}

gboolean
cachet_imap_session_is_enabled (CachetImapSession *self, const char *name)
{
  return cachet_imap_capabilities_has (self->enabled, name);
}

void
cachet_imap_session_forget_capabilities (CachetImapSession *self)
{
  g_clear_pointer (&self->capabilities, cachet_imap_capabilities_free);
}

CachetConnectionFacts *
cachet_imap_session_dup_facts (CachetImapSession *self)
{
  CachetConnectionFacts *facts;

  g_return_val_if_fail (CACHET_IS_IMAP_SESSION (self), NULL);

  facts = g_new0 (CachetConnectionFacts, 1);
  facts->greeting = g_strdup (self->greeting);
  facts->server_id = g_strdup (self->server_id);
  facts->mechanism = g_strdup (self->mechanism);
  cachet_transport_get_facts (self->transport, facts);

  return facts;
}

CachetServerCertificate *
cachet_imap_session_dup_certificate (CachetImapSession *self)
{
  g_return_val_if_fail (CACHET_IS_IMAP_SESSION (self), NULL);

  return cachet_transport_dup_certificate (self->transport);
}

guint64
cachet_imap_session_get_bytes_received (CachetImapSession *self)
{
  g_return_val_if_fail (CACHET_IS_IMAP_SESSION (self), 0);

  return cachet_transport_get_bytes_received (self->transport);
}

guint64
cachet_imap_session_get_bytes_sent (CachetImapSession *self)
{
  g_return_val_if_fail (CACHET_IS_IMAP_SESSION (self), 0);

  return cachet_transport_get_bytes_sent (self->transport);
}

guint
cachet_imap_session_get_n_commands (CachetImapSession *self)
{
  g_return_val_if_fail (CACHET_IS_IMAP_SESSION (self), 0);

  return self->n_commands;
}

const char *
cachet_imap_session_get_selected (CachetImapSession *self)
{
  g_return_val_if_fail (CACHET_IS_IMAP_SESSION (self), NULL);

  return self->selected;
}

void
cachet_imap_session_set_uid_map (CachetImapSession *self, const guint32 *uids, guint n_uids)
{
  g_return_if_fail (CACHET_IS_IMAP_SESSION (self));
  g_return_if_fail (uids != NULL || n_uids == 0);

  cachet_imap_uid_map_set (&self->uid_map, uids, n_uids);
}
