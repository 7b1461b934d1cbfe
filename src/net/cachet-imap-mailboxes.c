#define G_LOG_DOMAIN "cachet-net"

#include "config.h"

#include "cachet-imap-session-private.h"

#include <glib/gi18n.h>

/* LIST, STATUS, and the orders that make and change mailboxes. */

/* LIST */

typedef struct
{
  GPtrArray *mailboxes; /* (element-type CachetImapMailbox) in the server's order */
  GHashTable *by_name;  /* (element-type utf8 CachetImapMailbox) lent */
  GHashTable *statuses; /* (element-type utf8 CachetImapStatus) */
} List;

static void
list_free (List *list)
{
  g_hash_table_unref (list->by_name);
  g_hash_table_unref (list->statuses);
  g_ptr_array_unref (list->mailboxes);
  g_free (list);
}

static void
take_mailbox (List *list, const CachetImapResponse *response)
{
  g_autoptr (CachetImapMailbox) mailbox = cachet_imap_extract_mailbox (response);
  CachetImapMailbox *known;

  if (mailbox == NULL)
    return;
  known = g_hash_table_lookup (list->by_name, mailbox->name);
  if (known != NULL)
    known->attributes |= mailbox->attributes & CACHET_IMAP_MAILBOX_SUBSCRIBED;
  /* LSUB also names what is not there (RFC 3501 §6.3.9). */
  else if (cachet_imap_response_get_keyword (response) != CACHET_IMAP_KEYWORD_LSUB &&
           list->mailboxes->len < CACHET_IMAP_MAX_MAILBOXES)
    {
      known = g_steal_pointer (&mailbox);
      g_ptr_array_add (list->mailboxes, known);
      g_hash_table_insert (list->by_name, known->name, known);
    }
}

static void
take_list_status (List *list, const CachetImapResponse *response)
{
  g_autofree char *name = NULL;
  CachetImapStatus status = { 0 };

  if (cachet_imap_extract_status (response, &name, &status) && name != NULL &&
      g_hash_table_size (list->statuses) < CACHET_IMAP_MAX_MAILBOXES)
    g_hash_table_insert (list->statuses, g_steal_pointer (&name),
                         g_memdup2 (&status, sizeof status));
}

static gboolean
list_untagged (CachetImapCommand *command, const CachetImapResponse *response)
{
  switch ((int)cachet_imap_response_get_keyword (response))
    {
    case CACHET_IMAP_KEYWORD_LIST:
    case CACHET_IMAP_KEYWORD_XLIST:
    case CACHET_IMAP_KEYWORD_LSUB:
      take_mailbox (command->data, response);
      return TRUE;
    case CACHET_IMAP_KEYWORD_STATUS:
      take_list_status (command->data, response);
      return TRUE;
    default:
      return FALSE;
    }
}

static const CachetImapCommandKind list_kind = {
  .name = "LIST",
  .failure = N_ ("The folder list could not be fetched."),
                 .traits = CACHET_IMAP_COMMAND_ONE_OF_KIND | CACHET_IMAP_COMMAND_SLOW,
                 .untagged = list_untagged,
  };

static void
list_done (CachetImapCommand *command, const GError *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  List *list = command->data;
  guint i;

  if (error != NULL)
    {
      g_task_return_error (task, g_error_copy (error));
      return;
    }

  for (i = 0; i < list->mailboxes->len; i++)
    {
      CachetImapMailbox *mailbox = g_ptr_array_index (list->mailboxes, i);
      const CachetImapStatus *status = g_hash_table_lookup (list->statuses, mailbox->name);

      if (status != NULL)
        mailbox->status = *status;
    }
  g_task_return_pointer (task, g_ptr_array_ref (list->mailboxes),
                         (GDestroyNotify)g_ptr_array_unref);
}

static void
add_status_items (CachetImapSession *self, CachetImapRequest *request)
{
  cachet_imap_request_begin_list (request);
  cachet_imap_request_add_atom (request, "MESSAGES");
  cachet_imap_request_add_atom (request, "UIDNEXT");
  cachet_imap_request_add_atom (request, "UIDVALIDITY");
  cachet_imap_request_add_atom (request, "UNSEEN");
  if (cachet_imap_capabilities_has (self->capabilities, "CONDSTORE") ||
      cachet_imap_capabilities_has (self->capabilities, "QRESYNC"))
    cachet_imap_request_add_atom (request, "HIGHESTMODSEQ");
  cachet_imap_request_end_list (request);
}

static void
add_list (CachetImapSession *self,
          CachetImapCommand *command,
          const char *verb,
          const char *pattern)
{
  CachetImapRequest *request = cachet_imap_command_add (command, cachet_imap_request_new (verb));

  cachet_imap_request_add_string (request, "");
  cachet_imap_request_add_list_pattern (request, pattern);
  if (!g_str_equal (verb, "LIST") ||
      !cachet_imap_capabilities_has (self->capabilities, "LIST-EXTENDED"))
    return;

  cachet_imap_request_add_atom (request, "RETURN");
  cachet_imap_request_begin_list (request);
  cachet_imap_request_add_atom (request, "SUBSCRIBED");
  cachet_imap_request_add_atom (request, "CHILDREN");
  if (cachet_imap_capabilities_has (self->capabilities, "SPECIAL-USE"))
    cachet_imap_request_add_atom (request, "SPECIAL-USE");
  if (cachet_imap_capabilities_has (self->capabilities, "LIST-STATUS"))
    {
      cachet_imap_request_add_atom (request, "STATUS");
      add_status_items (self, request);
    }
  cachet_imap_request_end_list (request);
}

/* Other people's and shared mailboxes which "*" leaves out. */
static void
add_namespaces (CachetImapSession *self, CachetImapCommand *command, const char *verb)
{
  guint i;

  for (i = 0; self->namespaces != NULL && i < self->namespaces->len; i++)
    {
      CachetImapNamespace *namespace = g_ptr_array_index (self->namespaces, i);
      g_autofree char *pattern = NULL;

      if (namespace->kind == CACHET_IMAP_NAMESPACE_PERSONAL || namespace->prefix == NULL ||
          *namespace->prefix == '\0')
        continue;
      pattern = g_strconcat (namespace->prefix, "*", NULL);
      add_list (self, command, verb, pattern);
      cachet_imap_command_make_optional (command);
    }
}

void
cachet_imap_session_list_async (CachetImapSession *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  GTask *task;
  List *list;
  CachetImapCommand *command;
  gboolean extended;
  const char *verb = "LIST";

  g_return_if_fail (CACHET_IS_IMAP_SESSION (self));

  task = cachet_imap_session_new_task (self, cancellable, callback, user_data,
                                       cachet_imap_session_list_async, "cachet-imap-list");
  list = g_new0 (List, 1);
  list->mailboxes = g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_imap_mailbox_free);
  list->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  list->statuses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  command = cachet_imap_command_new (self, &list_kind, list, (GDestroyNotify)list_free);

  extended = cachet_imap_capabilities_has (self->capabilities, "LIST-EXTENDED");
  if (!extended && cachet_imap_capabilities_has (self->capabilities, "XLIST") &&
      !cachet_imap_capabilities_has (self->capabilities, "SPECIAL-USE"))
    verb = "XLIST";
  add_list (self, command, verb, "*");
  add_namespaces (self, command, verb);
  if (!extended)
    {
      add_list (self, command, "LSUB", "*");
      cachet_imap_command_make_optional (command);
    }
  cachet_imap_session_submit (self, command, cancellable, list_done, task);
}

GPtrArray *
cachet_imap_session_list_finish (CachetImapSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* STATUS */

typedef struct
{
  char *mailbox;
  gboolean found;
  CachetImapStatus status;
} Status;

static void
status_free (Status *status)
{
  g_free (status->mailbox);
  g_free (status);
}

static gboolean
is_same_mailbox (const char *a, const char *b)
{
  if (g_ascii_strcasecmp (a, "INBOX") == 0)
    return g_ascii_strcasecmp (b, "INBOX") == 0;
  return g_str_equal (a, b);
}

static gboolean
status_untagged (CachetImapCommand *command, const CachetImapResponse *response)
{
  Status *self = command->data;
  g_autofree char *name = NULL;
  CachetImapStatus status = { 0 };

  if (cachet_imap_response_get_keyword (response) != CACHET_IMAP_KEYWORD_STATUS ||
      !cachet_imap_extract_status (response, &name, &status) || name == NULL ||
      !is_same_mailbox (name, self->mailbox))
    return FALSE;

  self->found = TRUE;
  self->status = status;
  return TRUE;
}

static const CachetImapCommandKind status_kind = {
  .name = "STATUS",
  .failure = N_ ("The state of a folder could not be fetched."), .untagged = status_untagged,
  };

static void
status_done (CachetImapCommand *command, const GError *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Status *self = command->data;

  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else if (!self->found)
    g_task_return_error (
      task, cachet_imap_error_protocol (command->session,
                                        _ ("it said nothing about the folder asked for.")));
  else
    g_task_return_pointer (task, g_memdup2 (&self->status, sizeof self->status), g_free);
}

void
cachet_imap_session_status_async (CachetImapSession *self,
                                  const char *mailbox,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  GTask *task;
  Status *status;
  CachetImapCommand *command;
  CachetImapRequest *request;

  g_return_if_fail (CACHET_IS_IMAP_SESSION (self));
  g_return_if_fail (mailbox != NULL);

  task = cachet_imap_session_new_task (self, cancellable, callback, user_data,
                                       cachet_imap_session_status_async, "cachet-imap-status");
  status = g_new0 (Status, 1);
  status->mailbox = g_strdup (mailbox);
  command = cachet_imap_command_new (self, &status_kind, status, (GDestroyNotify)status_free);
  request = cachet_imap_command_add (command, cachet_imap_request_new ("STATUS"));
  cachet_imap_request_add_mailbox (request, mailbox);
  add_status_items (self, request);
  cachet_imap_session_submit (self, command, cancellable, status_done, task);
}

gboolean
cachet_imap_session_status_finish (CachetImapSession *self,
                                   GAsyncResult *result,
                                   CachetImapStatus *status,
                                   GError **error)
{
  g_autofree CachetImapStatus *found = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  found = g_task_propagate_pointer (G_TASK (result), error);
  if (found == NULL)
    return FALSE;
  if (status != NULL)
    *status = *found;
  return TRUE;
}

/* Orders */

static const CachetImapCommandKind create_kind = {
  .name = "CREATE",
  .failure = N_ ("The folder could not be made."),
  };

static const CachetImapCommandKind delete_kind = {
  .name = "DELETE",
  .failure = N_ ("The folder could not be deleted."),
  };

static const CachetImapCommandKind rename_kind = {
  .name = "RENAME",
  .failure = N_ ("The folder could not be renamed."),
  };

static const CachetImapCommandKind subscribe_kind = {
  .name = "SUBSCRIBE",
  .failure = N_ ("The subscription to the folder could not be changed."),
  };

static const CachetImapCommandKind noop_kind = {
  .name = "NOOP",
  .failure = N_ ("The server did not answer as it should."),
  };

/* @mailbox, @second: (nullable) */
static void
order (CachetImapSession *self,
       const CachetImapCommandKind *kind,
       const char *verb,
       const char *mailbox,
       const char *second,
       GTask *task)
{
  CachetImapCommand *command = cachet_imap_command_new (self, kind, NULL, NULL);
  CachetImapRequest *request = cachet_imap_command_add (command, cachet_imap_request_new (verb));

  if (mailbox != NULL)
    cachet_imap_request_add_mailbox (request, mailbox);
  if (second != NULL)
    cachet_imap_request_add_mailbox (request, second);
  cachet_imap_session_submit_order (self, command, task);
}

void
cachet_imap_session_create_async (CachetImapSession *self,
                                  const char *mailbox,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_return_if_fail (CACHET_IS_IMAP_SESSION (self));
  g_return_if_fail (mailbox != NULL);

  order (self, &create_kind, "CREATE", mailbox, NULL,
         cachet_imap_session_new_task (self, cancellable, callback, user_data,
                                       cachet_imap_session_create_async, "cachet-imap-create"));
}

void
cachet_imap_session_delete_async (CachetImapSession *self,
                                  const char *mailbox,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_return_if_fail (CACHET_IS_IMAP_SESSION (self));
  g_return_if_fail (mailbox != NULL);

  order (self, &delete_kind, "DELETE", mailbox, NULL,
         cachet_imap_session_new_task (self, cancellable, callback, user_data,
                                       cachet_imap_session_delete_async, "cachet-imap-delete"));
}

void
cachet_imap_session_rename_async (CachetImapSession *self,
                                  const char *mailbox,
                                  const char *new_name,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_return_if_fail (CACHET_IS_IMAP_SESSION (self));
  g_return_if_fail (mailbox != NULL && new_name != NULL);

  order (self, &rename_kind, "RENAME", mailbox, new_name,
         cachet_imap_session_new_task (self, cancellable, callback, user_data,
                                       cachet_imap_session_rename_async, "cachet-imap-rename"));
}

void
cachet_imap_session_subscribe_async (CachetImapSession *self,
                                     const char *mailbox,
                                     gboolean subscribe,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  g_return_if_fail (CACHET_IS_IMAP_SESSION (self));
  g_return_if_fail (mailbox != NULL);

  order (self, &subscribe_kind, subscribe ? "SUBSCRIBE" : "UNSUBSCRIBE", mailbox, NULL,
         cachet_imap_session_new_task (self, cancellable, callback, user_data,
                                       cachet_imap_session_subscribe_async,
                                       "cachet-imap-subscribe"));
}

void
cachet_imap_session_noop_async (CachetImapSession *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_return_if_fail (CACHET_IS_IMAP_SESSION (self));

  order (self, &noop_kind, "NOOP", NULL, NULL,
         cachet_imap_session_new_task (self, cancellable, callback, user_data,
                                       cachet_imap_session_noop_async, "cachet-imap-noop"));
}
