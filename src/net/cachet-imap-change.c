#define G_LOG_DOMAIN "cachet-net"

#include "config.h"

#include "cachet-imap-flow.h"
#include "cachet-imap-session-private.h"

#include <glib/gi18n.h>

/* UID STORE, COPY, MOVE and EXPUNGE. */

/* Adds one request for each piece of @uids that fits a line; the caller adds the rest to each. */
static CachetImapCommand *
new_uid_command (CachetImapSession *self,
                 const CachetImapCommandKind *kind,
                 const char *verb,
                 const CachetImapSet *uids,
                 gpointer data,
                 GDestroyNotify free_data)
{
  CachetImapCommand *command = cachet_imap_command_new (self, kind, data, free_data);
  g_auto (GStrv) sets = cachet_imap_set_to_strings (uids, CACHET_IMAP_MAX_SET_BYTES);
  guint i;

  for (i = 0; sets[i] != NULL; i++)
    {
      CachetImapRequest *request =
        cachet_imap_command_add (command, cachet_imap_request_new (verb));

      cachet_imap_request_add_atom (request, sets[i]);
    }

  return command;
}

static CachetImapRequest *
request_at (CachetImapCommand *command, guint index)
{
  CachetImapCommandRequest *entry = g_ptr_array_index (command->requests, index);

  return entry->request;
}

/* STORE */

static const CachetImapCommandKind store_kind = {
  .name = "STORE",
  .failure = N_ ("The flags of the messages could not be changed."),
                 .traits = CACHET_IMAP_COMMAND_IN_MAILBOX,
  };

static CachetImapCommand *
new_store_command (CachetImapSession *self,
                   const CachetImapSet *uids,
                   gboolean add,
                   CachetMessageFlags flags,
                   const char *const *keywords)
{
  CachetImapCommand *command = new_uid_command (self, &store_kind, "UID STORE", uids, NULL, NULL);
  guint i;

  for (i = 0; i < command->requests->len; i++)
    {
      cachet_imap_request_add_atom (request_at (command, i),
                                    add ? "+FLAGS.SILENT" : "-FLAGS.SILENT");
      cachet_imap_request_add_flags (request_at (command, i), flags, keywords);
    }

  return command;
}

static gboolean
return_if_empty (GTask *task, const CachetImapSet *uids)
{
  if (!cachet_imap_set_is_empty (uids))
    return FALSE;

  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
  return TRUE;
}

void
cachet_imap_session_store_async (CachetImapSession *self,
                                 const CachetImapSet *uids,
                                 gboolean add,
                                 CachetMessageFlags flags,
                                 const char *const *keywords,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  GTask *task;

  g_return_if_fail (CACHET_IS_IMAP_SESSION (self));
  g_return_if_fail (uids != NULL);

  task = cachet_imap_session_new_task (self, cancellable, callback, user_data,
                                       cachet_imap_session_store_async, "cachet-imap-store");
  if (return_if_empty (task, uids))
    return;
  cachet_imap_session_submit_order (self, new_store_command (self, uids, add, flags, keywords),
                                    task);
}

/* COPY and MOVE */

typedef struct
{
  CachetImapSet *uids;
  char *mailbox;
  CachetImapUidPlus *uid_plus; /* (nullable) */
} Transfer;

static Transfer *
transfer_new (const CachetImapSet *uids, const char *mailbox)
{
  Transfer *transfer = g_new0 (Transfer, 1);

  transfer->uids = cachet_imap_set_copy (uids);
  transfer->mailbox = g_strdup (mailbox);
  return transfer;
}

static void
transfer_free (Transfer *transfer)
{
  cachet_imap_set_free (transfer->uids);
  g_clear_pointer (&transfer->uid_plus, cachet_imap_uid_plus_free);
  g_free (transfer->mailbox);
  g_free (transfer);
}

/* [COPYUID] comes with the OK of COPY and in an untagged OK of MOVE (RFC 6851 §4.3); pieces of one
 * order are put together. */
static void
take_copyuid (CachetImapCommand *command, const CachetImapResponse *response)
{
  Transfer *self = command->data;
  g_autoptr (CachetImapUidPlus) uid_plus = NULL;

  if (cachet_imap_response_get_code (response) != CACHET_IMAP_CODE_COPYUID)
    return;
  uid_plus = cachet_imap_extract_uid_plus (response);
  if (uid_plus == NULL || uid_plus->source == NULL || uid_plus->destination == NULL)
    return;

  if (self->uid_plus == NULL)
    self->uid_plus = g_steal_pointer (&uid_plus);
  else if (self->uid_plus->uidvalidity == uid_plus->uidvalidity)
    {
      cachet_imap_set_add_set (self->uid_plus->source, uid_plus->source);
      cachet_imap_set_add_set (self->uid_plus->destination, uid_plus->destination);
    }
}

static gboolean
transfer_untagged (CachetImapCommand *command, const CachetImapResponse *response)
{
  if (cachet_imap_response_get_code (response) != CACHET_IMAP_CODE_COPYUID)
    return FALSE;
  take_copyuid (command, response);
  return TRUE;
}

static const CachetImapCommandKind copy_kind = {
  .name = "COPY",
  .failure = N_ ("The messages could not be copied."),
                 .traits = CACHET_IMAP_COMMAND_IN_MAILBOX | CACHET_IMAP_COMMAND_SLOW |
                           CACHET_IMAP_COMMAND_ONE_OF_KIND,
                 .untagged = transfer_untagged,
                 .tagged = take_copyuid,
  };

static const CachetImapCommandKind move_kind = {
  .name = "MOVE",
  .failure = N_ ("The messages could not be moved."),
                 .traits = CACHET_IMAP_COMMAND_IN_MAILBOX | CACHET_IMAP_COMMAND_SLOW |
                           CACHET_IMAP_COMMAND_ONE_OF_KIND,
                 .untagged = transfer_untagged,
                 .tagged = take_copyuid,
  };

static CachetImapCommand *
new_transfer_command (CachetImapSession *self,
                      const CachetImapCommandKind *kind,
                      const char *verb,
                      Transfer *transfer,
                      GDestroyNotify free_transfer)
{
  CachetImapCommand *command =
    new_uid_command (self, kind, verb, transfer->uids, transfer, free_transfer);
  guint i;

  for (i = 0; i < command->requests->len; i++)
    cachet_imap_request_add_mailbox (request_at (command, i), transfer->mailbox);

  return command;
}

static void
return_uid_plus (GTask *task, Transfer *transfer)
{
  g_task_return_pointer (task, g_steal_pointer (&transfer->uid_plus),
                         (GDestroyNotify)cachet_imap_uid_plus_free);
}

static void
transfer_done (CachetImapCommand *command, const GError *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    return_uid_plus (task, command->data);
}

void
cachet_imap_session_copy_async (CachetImapSession *self,
                                const CachetImapSet *uids,
                                const char *mailbox,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  GTask *task;
  CachetImapCommand *command;

  g_return_if_fail (CACHET_IS_IMAP_SESSION (self));
  g_return_if_fail (uids != NULL && !cachet_imap_set_is_empty (uids));
  g_return_if_fail (mailbox != NULL);

  task = cachet_imap_session_new_task (self, cancellable, callback, user_data,
                                       cachet_imap_session_copy_async, "cachet-imap-copy");
  command = new_transfer_command (self, &copy_kind, "UID COPY", transfer_new (uids, mailbox),
                                  (GDestroyNotify)transfer_free);
  cachet_imap_session_submit (self, command, cancellable, transfer_done, task);
}

/* Without MOVE: copy, mark, and expunge these very messages if the server can. */

static const CachetImapCommandKind uid_expunge_kind = {
  .name = "EXPUNGE",
  .failure = N_ ("The deleted messages could not be removed."),
                 .traits = CACHET_IMAP_COMMAND_IN_MAILBOX | CACHET_IMAP_COMMAND_SLOW,
  };

static CachetImapCommand *
begin_copy (CachetImapFlow *flow)
{
  return new_transfer_command (flow->session, &copy_kind, "UID COPY", flow->data, NULL);
}

static CachetImapCommand *
begin_mark (CachetImapFlow *flow)
{
  Transfer *transfer = flow->data;

  return new_store_command (flow->session, transfer->uids, TRUE, CACHET_MESSAGE_FLAG_DELETED, NULL);
}

static CachetImapCommand *
begin_remove (CachetImapFlow *flow)
{
  Transfer *transfer = flow->data;

  /* A plain EXPUNGE would take with it what others have marked. */
  if (!cachet_imap_capabilities_has (flow->session->capabilities, "UIDPLUS") &&
      !cachet_imap_capabilities_has (flow->session->capabilities, "IMAP4REV2"))
    return NULL;
  return new_uid_command (flow->session, &uid_expunge_kind, "UID EXPUNGE", transfer->uids, NULL,
                          NULL);
}

static const CachetImapFlowStep move_steps[] = {
  { "copy", begin_copy, NULL },
  { "mark", begin_mark, NULL },
  { "remove", begin_remove, NULL },
  { NULL },
};

static void
move_finished (CachetImapFlow *flow, const GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&flow->task);

  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    return_uid_plus (task, flow->data);
}

void
cachet_imap_session_move_async (CachetImapSession *self,
                                const CachetImapSet *uids,
                                const char *mailbox,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  GTask *task;
  Transfer *transfer;

  g_return_if_fail (CACHET_IS_IMAP_SESSION (self));
  g_return_if_fail (uids != NULL && !cachet_imap_set_is_empty (uids));
  g_return_if_fail (mailbox != NULL);

  task = cachet_imap_session_new_task (self, cancellable, callback, user_data,
                                       cachet_imap_session_move_async, "cachet-imap-move");
  transfer = transfer_new (uids, mailbox);
  if (!cachet_imap_capabilities_has (self->capabilities, "MOVE") &&
      !cachet_imap_capabilities_has (self->capabilities, "IMAP4REV2"))
    {
      cachet_imap_flow_run (self, move_steps, task, move_finished, transfer,
                            (GDestroyNotify)transfer_free);
      return;
    }

  cachet_imap_session_submit (
    self,
    new_transfer_command (self, &move_kind, "UID MOVE", transfer, (GDestroyNotify)transfer_free),
    cancellable, transfer_done, task);
}

CachetImapUidPlus *
cachet_imap_session_copy_finish (CachetImapSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* EXPUNGE */

void
cachet_imap_session_expunge_async (CachetImapSession *self,
                                   const CachetImapSet *uids,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  GTask *task;
  CachetImapCommand *command;

  g_return_if_fail (CACHET_IS_IMAP_SESSION (self));

  task = cachet_imap_session_new_task (self, cancellable, callback, user_data,
                                       cachet_imap_session_expunge_async, "cachet-imap-expunge");
  if (uids == NULL)
    {
      command = cachet_imap_command_new (self, &uid_expunge_kind, NULL, NULL);
      cachet_imap_command_add (command, cachet_imap_request_new ("EXPUNGE"));
      cachet_imap_session_submit_order (self, command, task);
      return;
    }
  if (return_if_empty (task, uids))
    return;
  if (!cachet_imap_capabilities_has (self->capabilities, "UIDPLUS") &&
      !cachet_imap_capabilities_has (self->capabilities, "IMAP4REV2"))
    {
      g_task_return_new_error (
        task, CACHET_NET_ERROR, CACHET_NET_ERROR_NO_MECHANISM,
        _ ("%s can't remove single messages, only all that are marked as deleted. They stay marked "
           "until the folder is expunged as a whole."),
           self->endpoint->host);
      g_object_unref (task);
      return;
    }
  cachet_imap_session_submit_order (
    self, new_uid_command (self, &uid_expunge_kind, "UID EXPUNGE", uids, NULL, NULL), task);
}
