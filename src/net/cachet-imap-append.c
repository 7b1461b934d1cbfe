#define G_LOG_DOMAIN "cachet-net"

#include "config.h"

#include "cachet-imap-session-private.h"

#include <glib/gi18n.h>

/* APPEND. When its answer is lost nobody knows whether the message was stored: the error is that of
 * the connection, and the caller looks for the message before it appends again. */

static void
append_tagged (CachetImapCommand *command, const CachetImapResponse *response)
{
  CachetImapUidPlus **uid_plus = command->data;

  if (cachet_imap_response_get_code (response) == CACHET_IMAP_CODE_APPENDUID)
    {
      g_clear_pointer (uid_plus, cachet_imap_uid_plus_free);
      *uid_plus = cachet_imap_extract_uid_plus (response);
    }
}

static void
append_free (CachetImapUidPlus **uid_plus)
{
  g_clear_pointer (uid_plus, cachet_imap_uid_plus_free);
  g_free (uid_plus);
}

static const CachetImapCommandKind append_kind = {
  .name = "APPEND",
  .failure = N_ ("The message could not be stored on the server."),
                 .traits = CACHET_IMAP_COMMAND_SLOW,
                 .tagged = append_tagged,
  };

static void
append_done (CachetImapCommand *command, const GError *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetImapUidPlus **uid_plus = command->data;

  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_pointer (task, g_steal_pointer (uid_plus),
                           (GDestroyNotify)cachet_imap_uid_plus_free);
}

void
cachet_imap_session_append_async (CachetImapSession *self,
                                  const char *mailbox,
                                  GBytes *message,
                                  CachetMessageFlags flags,
                                  gint64 date,
                                  CachetImapProgressFunc progress,
                                  gpointer progress_data,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  GTask *task;
  CachetImapCommand *command;
  CachetImapRequest *request;

  g_return_if_fail (CACHET_IS_IMAP_SESSION (self));
  g_return_if_fail (mailbox != NULL);
  g_return_if_fail (message != NULL);

  task = cachet_imap_session_new_task (self, cancellable, callback, user_data,
                                       cachet_imap_session_append_async, "cachet-imap-append");
  command = cachet_imap_command_new (self, &append_kind, g_new0 (CachetImapUidPlus *, 1),
                                     (GDestroyNotify)append_free);
  command->progress = progress;
  command->progress_data = progress_data;
  request = cachet_imap_command_add (command, cachet_imap_request_new ("APPEND"));
  cachet_imap_request_add_mailbox (request, mailbox);
  if ((flags & CACHET_MESSAGE_FLAG_SERVER_MASK) != 0)
    cachet_imap_request_add_flags (request, flags, NULL);
  if (date != G_MININT64)
    cachet_imap_request_add_date_time (request, date);
  cachet_imap_request_add_literal (request, message);
  cachet_imap_session_submit (self, command, cancellable, append_done, task);
}

gint64
cachet_imap_session_append_finish (CachetImapSession *self,
                                   GAsyncResult *result,
                                   guint32 *uidvalidity,
                                   GError **error)
{
  g_autoptr (CachetImapUidPlus) uid_plus = NULL;
  GError *local_error = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), -1);

  uid_plus = g_task_propagate_pointer (G_TASK (result), &local_error);
  if (uidvalidity != NULL)
    *uidvalidity = uid_plus != NULL ? uid_plus->uidvalidity : 0;
  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return -1;
    }
  if (uid_plus == NULL || uid_plus->destination == NULL ||
      cachet_imap_set_is_empty (uid_plus->destination))
    return 0;
  return cachet_imap_set_get_min (uid_plus->destination);
}
