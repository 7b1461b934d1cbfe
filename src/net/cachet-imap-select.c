#define G_LOG_DOMAIN "cachet-net"

#include "config.h"

#include "cachet-imap-session-private.h"

#include <glib/gi18n.h>

/* SELECT and EXAMINE, and the ways out of a mailbox. */

typedef struct
{
  char *mailbox;
  CachetImapSelected *result;
} Select;

void
cachet_imap_selected_free (CachetImapSelected *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->vanished, cachet_imap_set_free);
  g_clear_pointer (&self->changes, g_ptr_array_unref);
  g_free (self);
}

static void
select_free (Select *select)
{
  g_clear_pointer (&select->result, cachet_imap_selected_free);
  g_free (select->mailbox);
  g_free (select);
}

/* What came before [CLOSED] was about the mailbox before (RFC 7162 §3.2.11). */
static void
forget_result (CachetImapSelected *result)
{
  gboolean read_only = result->read_only;

  g_clear_pointer (&result->vanished, cachet_imap_set_free);
  g_clear_pointer (&result->changes, g_ptr_array_unref);
  *result = (CachetImapSelected){ .read_only = read_only };
}

static void
take_code (CachetImapSelected *result, const CachetImapResponse *response)
{
  guint64 number = 0;
  gboolean has_number = cachet_imap_extract_code_number (response, &number);

  switch ((int)cachet_imap_response_get_code (response))
    {
    case CACHET_IMAP_CODE_CLOSED:
      forget_result (result);
      break;
    case CACHET_IMAP_CODE_UIDVALIDITY:
      if (has_number && number <= G_MAXUINT32)
        {
          result->status.uidvalidity = (guint32)number;
          result->status.fields |= CACHET_IMAP_STATUS_UIDVALIDITY;
        }
      break;
    case CACHET_IMAP_CODE_UIDNEXT:
      if (has_number && number <= G_MAXUINT32)
        {
          result->status.uidnext = (guint32)number;
          result->status.fields |= CACHET_IMAP_STATUS_UIDNEXT;
        }
      break;
    case CACHET_IMAP_CODE_HIGHESTMODSEQ:
      if (has_number && number <= G_MAXINT64)
        {
          result->status.highestmodseq = number;
          result->status.fields |= CACHET_IMAP_STATUS_HIGHESTMODSEQ;
        }
      break;
    case CACHET_IMAP_CODE_PERMANENTFLAGS:
      cachet_imap_extract_flags (response, &result->permanent_flags, NULL,
                                 &result->allows_keywords);
      break;
    case CACHET_IMAP_CODE_READ_ONLY:
      result->read_only = TRUE;
      break;
    default:
      break;
    }
}

static void
take_vanished (CachetImapSelected *result, const CachetImapResponse *response)
{
  CachetImapSet *uids = cachet_imap_extract_vanished (response, NULL);

  if (uids == NULL)
    return;
  if (result->vanished == NULL)
    result->vanished = cachet_imap_set_new ();
  cachet_imap_set_add_set (result->vanished, uids);
  cachet_imap_set_free (uids);
}

static void
take_change (CachetImapSelected *result, const CachetImapResponse *response)
{
  CachetImapFetch *fetch = cachet_imap_extract_fetch (response);

  if (fetch == NULL)
    return;
  if (result->changes == NULL)
    result->changes = g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_imap_fetch_free);
  g_ptr_array_add (result->changes, fetch);
}

static gboolean
select_untagged (CachetImapCommand *command, const CachetImapResponse *response)
{
  Select *select = command->data;
  CachetImapSelected *result = select->result;
  guint32 number = 0;
  gboolean has_number = cachet_imap_response_get_number (response, &number);

  switch ((int)cachet_imap_response_get_keyword (response))
    {
    case CACHET_IMAP_KEYWORD_NONE:
      take_code (result, response);
      return TRUE;
    case CACHET_IMAP_KEYWORD_EXISTS:
      if (has_number)
        {
          result->status.messages = number;
          result->status.fields |= CACHET_IMAP_STATUS_MESSAGES;
        }
      return TRUE;
    case CACHET_IMAP_KEYWORD_RECENT:
      if (has_number)
        {
          result->status.recent = number;
          result->status.fields |= CACHET_IMAP_STATUS_RECENT;
        }
      return TRUE;
    case CACHET_IMAP_KEYWORD_EXPUNGE:
      if (result->status.messages > 0)
        result->status.messages--;
      return TRUE;
    case CACHET_IMAP_KEYWORD_FLAGS:
      return TRUE;
    case CACHET_IMAP_KEYWORD_VANISHED:
      take_vanished (result, response);
      return TRUE;
    case CACHET_IMAP_KEYWORD_FETCH:
      take_change (result, response);
      return TRUE;
    default:
      return FALSE;
    }
}

static void
select_begin (CachetImapCommand *command)
{
  cachet_imap_session_leave_mailbox (command->session);
}

static void
select_tagged (CachetImapCommand *command, const CachetImapResponse *response)
{
  CachetImapSession *self = command->session;
  Select *select = command->data;

  if (cachet_imap_response_get_condition (response) != CACHET_IMAP_CONDITION_OK)
    return;
  take_code (select->result, response);
  self->selected = g_strdup (select->mailbox);
  self->n_exists = select->result->status.messages;
  cachet_imap_session_set_state (self, CACHET_IMAP_STATE_SELECTED);
}

static const CachetImapCommandKind select_kind = {
  .name = "SELECT",
  .failure = N_ ("The folder could not be opened."),
                 .traits = CACHET_IMAP_COMMAND_ALONE | CACHET_IMAP_COMMAND_CHANGES_MAILBOX |
                           CACHET_IMAP_COMMAND_SLOW,
                 .begin = select_begin,
                 .untagged = select_untagged,
                 .tagged = select_tagged,
  };

static void
select_done (CachetImapCommand *command, const GError *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Select *select = command->data;

  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_pointer (task, g_steal_pointer (&select->result),
                           (GDestroyNotify)cachet_imap_selected_free);
}

void
cachet_imap_session_select_async (CachetImapSession *self,
                                  const char *mailbox,
                                  gboolean read_only,
                                  guint32 uidvalidity,
                                  guint64 modseq,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  GTask *task;
  Select *select;
  CachetImapCommand *command;
  CachetImapRequest *request;

  g_return_if_fail (CACHET_IS_IMAP_SESSION (self));
  g_return_if_fail (mailbox != NULL);

  task = cachet_imap_session_new_task (self, cancellable, callback, user_data,
                                       cachet_imap_session_select_async, "cachet-imap-select");
  select = g_new0 (Select, 1);
  select->mailbox = g_strdup (mailbox);
  select->result = g_new0 (CachetImapSelected, 1);
  select->result->read_only = read_only;
  command = cachet_imap_command_new (self, &select_kind, select, (GDestroyNotify)select_free);
  request =
    cachet_imap_command_add (command, cachet_imap_request_new (read_only ? "EXAMINE" : "SELECT"));
  cachet_imap_request_add_mailbox (request, mailbox);
  if (uidvalidity != 0 && modseq != 0 && cachet_imap_session_is_enabled (self, "QRESYNC"))
    {
      cachet_imap_request_begin_list (request);
      cachet_imap_request_add_atom (request, "QRESYNC");
      cachet_imap_request_begin_list (request);
      cachet_imap_request_add_number (request, uidvalidity);
      cachet_imap_request_add_number (request, modseq);
      cachet_imap_request_end_list (request);
      cachet_imap_request_end_list (request);
    }
  else if (cachet_imap_capabilities_has (self->capabilities, "CONDSTORE") &&
           !cachet_imap_session_is_enabled (self, "CONDSTORE") &&
           !cachet_imap_session_is_enabled (self, "QRESYNC"))
    {
      cachet_imap_request_begin_list (request);
      cachet_imap_request_add_atom (request, "CONDSTORE");
      cachet_imap_request_end_list (request);
    }
  cachet_imap_session_submit (self, command, cancellable, select_done, task);
}

CachetImapSelected *
cachet_imap_session_select_finish (CachetImapSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Leaving */

static void
leave_tagged (CachetImapCommand *command, const CachetImapResponse *response)
{
  if (cachet_imap_response_get_condition (response) == CACHET_IMAP_CONDITION_OK)
    cachet_imap_session_leave_mailbox (command->session);
}

static const CachetImapCommandKind close_kind = {
  .name = "CLOSE",
  .failure = N_ ("The folder could not be closed."),
                 .traits = CACHET_IMAP_COMMAND_ALONE | CACHET_IMAP_COMMAND_CHANGES_MAILBOX |
                           CACHET_IMAP_COMMAND_IN_MAILBOX,
                 .tagged = leave_tagged,
  };

/* The way out without UNSELECT: to open a mailbox that is not there fails, and a failed EXAMINE
 * leaves none selected (RFC 3691 §2, RFC 9051 §6.3.2). */
static const CachetImapCommandKind leave_kind = {
  .name = "EXAMINE",
  .traits = CACHET_IMAP_COMMAND_ALONE | CACHET_IMAP_COMMAND_CHANGES_MAILBOX |
            CACHET_IMAP_COMMAND_IN_MAILBOX | CACHET_IMAP_COMMAND_LENIENT,
  .begin = select_begin,
};

void
cachet_imap_session_unselect_async (CachetImapSession *self,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  GTask *task;
  CachetImapCommand *command;

  g_return_if_fail (CACHET_IS_IMAP_SESSION (self));

  task = cachet_imap_session_new_task (self, cancellable, callback, user_data,
                                       cachet_imap_session_unselect_async, "cachet-imap-unselect");
  if (cachet_imap_capabilities_has (self->capabilities, "UNSELECT") ||
      cachet_imap_capabilities_has (self->capabilities, "IMAP4REV2"))
    {
      command = cachet_imap_command_new (self, &close_kind, NULL, NULL);
      cachet_imap_command_add (command, cachet_imap_request_new ("UNSELECT"));
    }
  else
    {
      g_autofree char *nowhere = g_strdup_printf ("no-such-mailbox-%08x", g_random_int ());
      CachetImapRequest *request;

      command = cachet_imap_command_new (self, &leave_kind, NULL, NULL);
      request = cachet_imap_command_add (command, cachet_imap_request_new ("EXAMINE"));
      cachet_imap_request_add_mailbox (request, nowhere);
    }
  cachet_imap_session_submit_order (self, command, task);
}

void
cachet_imap_session_close_mailbox_async (CachetImapSession *self,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data)
{
  GTask *task;
  CachetImapCommand *command;

  g_return_if_fail (CACHET_IS_IMAP_SESSION (self));

  task =
    cachet_imap_session_new_task (self, cancellable, callback, user_data,
                                  cachet_imap_session_close_mailbox_async, "cachet-imap-close");
  command = cachet_imap_command_new (self, &close_kind, NULL, NULL);
  cachet_imap_command_add (command, cachet_imap_request_new ("CLOSE"));
  cachet_imap_session_submit_order (self, command, task);
}
