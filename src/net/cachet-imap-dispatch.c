#define G_LOG_DOMAIN "cachet-net"

#include "config.h"

#include "cachet-imap-session-private.h"
#include "cachet-visible-text.h"

#include <glib/gi18n.h>
#include <string.h>

/* Where each response goes: to the command that it answers, to the mailbox state, to a signal. */

#define MASK "•••"
#define MAX_RECORD_TEXT CACHET_WIRE_LOG_MAX_TEXT

/* What is said during log-in may hold the password, if a server repeats it. */
static char *
mask_secret (CachetImapSession *self, char *text)
{
  const char *secret = self->secret != NULL ? cachet_secret_get_text (self->secret) : NULL;
  g_auto (GStrv) parts = NULL;
  g_autofree char *original = text;

  if (secret == NULL || *secret == '\0' || strstr (text, secret) == NULL)
    return g_steal_pointer (&original);

  parts = g_strsplit (text, secret, -1);
  return g_strjoinv (MASK, parts);
}

static void
record_response (CachetImapSession *self, const CachetImapResponse *response)
{
  g_autofree char *text = NULL;
  const char *tag = cachet_imap_response_get_tag (response);
  double milliseconds = -1;
  guint i;

  if (self->secret != NULL &&
      cachet_imap_response_get_kind (response) == CACHET_IMAP_RESPONSE_CONTINUATION)
    text = g_strdup ("+ " MASK);
  else
    text = mask_secret (self, cachet_imap_response_to_log_text (response, MAX_RECORD_TEXT));

  for (i = 0; tag != NULL && i < self->active->len; i++)
    {
      CachetImapCommandRequest *entry =
        cachet_imap_command_find (g_ptr_array_index (self->active, i), tag);

      if (entry != NULL)
        milliseconds = (double)(g_get_monotonic_time () - entry->sent_at) / 1000.0;
    }
  cachet_transport_record (self->transport, CACHET_WIRE_RECEIVED, tag, text,
                           cachet_imap_response_get_n_bytes (response), milliseconds);
}

static void
complete_command (CachetImapSession *self, CachetImapCommand *command)
{
  g_ptr_array_remove (self->active, command);
  if (self->writing == command)
    self->writing = NULL;
  if (self->streaming == command)
    self->streaming = NULL;
  if (command->cancel_source != NULL)
    g_source_destroy (command->cancel_source);
  if (!command->orphaned)
    command->done (command, command->error, command->done_data);
  cachet_imap_command_free (command);
}

static gboolean
take_capabilities (CachetImapSession *self, const CachetImapResponse *response)
{
  CachetImapCapabilities *capabilities;

  if (cachet_imap_response_get_keyword (response) != CACHET_IMAP_KEYWORD_CAPABILITY &&
      cachet_imap_response_get_code (response) != CACHET_IMAP_CODE_CAPABILITY)
    return FALSE;

  capabilities = cachet_imap_capabilities_new_from_response (response);
  if (capabilities == NULL)
    return FALSE;
  g_clear_pointer (&self->capabilities, cachet_imap_capabilities_free);
  self->capabilities = capabilities;

  return TRUE;
}

static void
judge_answer (CachetImapSession *self,
              CachetImapCommand *command,
              CachetImapCommandRequest *entry,
              const CachetImapResponse *response)
{
  switch (cachet_imap_response_get_condition (response))
    {
    case CACHET_IMAP_CONDITION_OK:
      if (entry->n_written < entry->segments->len)
        cachet_imap_session_end (self,
                                 cachet_imap_error_protocol (
                                   self, _ ("it called a command done before it had all of it.")));
      break;
    case CACHET_IMAP_CONDITION_NO:
    case CACHET_IMAP_CONDITION_BAD:
      if ((command->kind->traits & CACHET_IMAP_COMMAND_LENIENT) == 0 && !entry->is_optional)
        cachet_imap_command_set_error (
          command, cachet_imap_error_from_response (self, command->kind->failure, response));
      cachet_imap_session_skip_literal (self, entry);
      break;
    case CACHET_IMAP_CONDITION_NONE:
    case CACHET_IMAP_CONDITION_BYE:
    case CACHET_IMAP_CONDITION_PREAUTH:
    default:
      cachet_imap_session_end (self, cachet_imap_error_protocol (
                                       self, _ ("it answered with something that is no answer.")));
      break;
    }
}

static void
dispatch_tagged (CachetImapSession *self, const CachetImapResponse *response)
{
  const char *tag = cachet_imap_response_get_tag (response);
  CachetImapCommand *command = NULL;
  CachetImapCommandRequest *entry = NULL;
  guint i;

  for (i = 0; i < self->active->len && entry == NULL; i++)
    {
      command = g_ptr_array_index (self->active, i);
      entry = cachet_imap_command_find (command, tag);
    }
  if (entry == NULL)
    {
      cachet_transport_record_event (self->transport, "An answer to nothing asked is ignored");
      return;
    }

  entry->answered = TRUE;
  command->n_answered++;
  if (command->kind->tagged != NULL)
    command->kind->tagged (command, response);
  if (self->ended)
    return;
  judge_answer (self, command, entry, response);
  if (self->ended || command->n_answered < command->requests->len)
    return;

  complete_command (self, command);
  cachet_imap_session_pump (self);
}

static void
dispatch_continuation (CachetImapSession *self, const CachetImapResponse *response)
{
  guint i;

  if (cachet_imap_session_continue_literal (self))
    return;
  for (i = 0; i < self->active->len; i++)
    {
      CachetImapCommand *command = g_ptr_array_index (self->active, i);

      if (command->kind->continuation != NULL && command->kind->continuation (command, response))
        return;
    }

  cachet_transport_record_event (self->transport, "A continuation nobody asked for is ignored");
}

static void
take_alert (CachetImapSession *self, const CachetImapResponse *response)
{
  g_autofree char *text = NULL;

  if (cachet_imap_response_get_code (response) != CACHET_IMAP_CODE_ALERT)
    return;

  text = cachet_visible_text (cachet_imap_response_get_text (response), -1, FALSE);
  g_signal_emit (self, cachet_imap_session_signals[CACHET_IMAP_SIGNAL_ALERT], 0, text);
}

static void
dispatch_untagged (CachetImapSession *self, const CachetImapResponse *response)
{
  guint i;

  if (cachet_imap_response_get_condition (response) == CACHET_IMAP_CONDITION_BYE)
    {
      if (self->state != CACHET_IMAP_STATE_DRAINING)
        cachet_imap_session_end (self, cachet_imap_error_bye (self, response));
      return;
    }

  for (i = 0; i < self->active->len; i++)
    {
      CachetImapCommand *command = g_ptr_array_index (self->active, i);

      if (!command->orphaned && command->kind->untagged != NULL &&
          command->kind->untagged (command, response))
        return;
      if (self->ended)
        return;
    }
  cachet_imap_session_take_unsolicited (self, response);
}

/* In clear, on a connection that must become TLS, anybody may have written the response: it can end
 * the connection or carry it on, and changes nothing else. */
static gboolean
is_trusted (CachetImapSession *self)
{
  return self->endpoint->security == CACHET_SECURITY_NONE ||
         cachet_transport_is_encrypted (self->transport);
}

void
cachet_imap_session_dispatch (CachetImapSession *self, const CachetImapResponse *response)
{
  g_autoptr (CachetImapSession) alive = g_object_ref (self);

  record_response (self, response);
  if (self->awaits_greeting)
    {
      self->awaits_greeting = FALSE;
      cachet_imap_session_take_greeting (self, response);
      return;
    }

  take_capabilities (self, response);
  if (is_trusted (self))
    take_alert (self, response);
  if (self->ended)
    return;

  switch (cachet_imap_response_get_kind (response))
    {
    case CACHET_IMAP_RESPONSE_TAGGED:
      dispatch_tagged (self, response);
      break;
    case CACHET_IMAP_RESPONSE_CONTINUATION:
      dispatch_continuation (self, response);
      break;
    case CACHET_IMAP_RESPONSE_UNTAGGED:
    default:
      if (is_trusted (self) || self->active->len > 0)
        dispatch_untagged (self, response);
      break;
    }
}
