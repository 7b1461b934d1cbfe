#define G_LOG_DOMAIN "cachet-net"

#include "config.h"

#include "cachet-imap-session-private.h"

#include <glib/gi18n.h>

/* UID FETCH of flags, rows and structures. Bodies: cachet-imap-body.c. */

/* The same fields, in the same order, as the MIME layer reads for a row. */
#define ROW_FIELDS "From To Cc Subject Date Message-ID References In-Reply-To Content-Type"

typedef struct
{
  CachetImapSet *uids;
  CachetImapFetchItems items;
  CachetImapFetchFunc func;
  gpointer func_data;
  gssize n_messages;
} Fetch;

static void
fetch_free (Fetch *fetch)
{
  cachet_imap_set_free (fetch->uids);
  g_free (fetch);
}

/* A server may tell of a changed flag while it sends rows: that is no row. */
static gboolean
has_items (const Fetch *self, const CachetImapFetch *fetch)
{
  if ((self->items & CACHET_IMAP_FETCH_ROW) != 0)
    return fetch->header != NULL || fetch->size >= 0;
  if ((self->items & CACHET_IMAP_FETCH_STRUCTURE) != 0)
    return fetch->has_bodystructure;
  return fetch->has_flags;
}

static gboolean
fetch_untagged (CachetImapCommand *command, const CachetImapResponse *response)
{
  CachetImapSession *session = command->session;
  Fetch *self = command->data;
  g_autoptr (CachetImapFetch) fetch = NULL;

  if (cachet_imap_response_get_keyword (response) != CACHET_IMAP_KEYWORD_FETCH)
    return FALSE;
  fetch = cachet_imap_extract_fetch (response);
  if (fetch == NULL || !has_items (self, fetch))
    return FALSE;

  if (fetch->uid != 0)
    cachet_imap_uid_map_learn (&session->uid_map, fetch->seq, fetch->uid);
  else
    fetch->uid = cachet_imap_uid_map_get (&session->uid_map, fetch->seq);
  if (!cachet_imap_set_contains (self->uids, fetch->uid))
    return FALSE;

  self->n_messages++;
  self->func (fetch, self->func_data);
  return TRUE;
}

static const CachetImapCommandKind fetch_kind = {
  .name = "FETCH",
  .failure = N_ ("The messages could not be fetched."),
                 .traits = CACHET_IMAP_COMMAND_IN_MAILBOX,
                 .untagged = fetch_untagged,
  };

static void
fetch_done (CachetImapCommand *command, const GError *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Fetch *self = command->data;

  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_int (task, self->n_messages);
}

static void
add_items (CachetImapRequest *request, CachetImapFetchItems items, gboolean with_modseq)
{
  cachet_imap_request_begin_list (request);
  cachet_imap_request_add_atom (request, "UID");
  cachet_imap_request_add_atom (request, "FLAGS");
  if (with_modseq)
    cachet_imap_request_add_atom (request, "MODSEQ");
  if ((items & CACHET_IMAP_FETCH_ROW) != 0)
    {
      cachet_imap_request_add_atom (request, "INTERNALDATE");
      cachet_imap_request_add_atom (request, "RFC822.SIZE");
    }
  if ((items & CACHET_IMAP_FETCH_STRUCTURE) != 0)
    cachet_imap_request_add_atom (request, "BODYSTRUCTURE");
  if ((items & CACHET_IMAP_FETCH_ROW) != 0)
    cachet_imap_request_add_atom (request, "BODY.PEEK[HEADER.FIELDS (" ROW_FIELDS ")]");
  cachet_imap_request_end_list (request);
}

static void
add_request (CachetImapSession *self,
             CachetImapCommand *command,
             const char *set,
             CachetImapFetchItems items,
             guint64 changed_since)
{
  CachetImapRequest *request =
    cachet_imap_command_add (command, cachet_imap_request_new ("UID FETCH"));
  gboolean has_modseq = cachet_imap_session_is_enabled (self, "CONDSTORE") ||
                        cachet_imap_session_is_enabled (self, "QRESYNC") ||
                        cachet_imap_capabilities_has (self->capabilities, "CONDSTORE");

  cachet_imap_request_add_atom (request, set);
  add_items (request, items, has_modseq);
  if (changed_since == 0 || !has_modseq)
    return;

  cachet_imap_request_begin_list (request);
  cachet_imap_request_add_atom (request, "CHANGEDSINCE");
  cachet_imap_request_add_number (request, changed_since);
  if (cachet_imap_session_is_enabled (self, "QRESYNC"))
    cachet_imap_request_add_atom (request, "VANISHED");
  cachet_imap_request_end_list (request);
}

void
cachet_imap_session_fetch_async (CachetImapSession *self,
                                 const CachetImapSet *uids,
                                 CachetImapFetchItems items,
                                 guint64 changed_since,
                                 CachetImapFetchFunc func,
                                 gpointer func_data,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  GTask *task;
  Fetch *fetch;
  CachetImapCommand *command;
  g_auto (GStrv) sets = NULL;
  guint i;

  g_return_if_fail (CACHET_IS_IMAP_SESSION (self));
  g_return_if_fail (uids != NULL);
  g_return_if_fail (func != NULL);

  task = cachet_imap_session_new_task (self, cancellable, callback, user_data,
                                       cachet_imap_session_fetch_async, "cachet-imap-fetch");
  if (cachet_imap_set_is_empty (uids))
    {
      g_task_return_int (task, 0);
      g_object_unref (task);
      return;
    }

  fetch = g_new0 (Fetch, 1);
  fetch->uids = cachet_imap_set_copy (uids);
  fetch->items = items;
  fetch->func = func;
  fetch->func_data = func_data;
  command = cachet_imap_command_new (self, &fetch_kind, fetch, (GDestroyNotify)fetch_free);
  sets = cachet_imap_set_to_strings (uids, CACHET_IMAP_MAX_SET_BYTES);
  for (i = 0; sets[i] != NULL; i++)
    add_request (self, command, sets[i], items, changed_since);
  cachet_imap_session_submit (self, command, cancellable, fetch_done, task);
}

gssize
cachet_imap_session_fetch_finish (CachetImapSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), -1);

  return g_task_propagate_int (G_TASK (result), error);
}
