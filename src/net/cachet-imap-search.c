#define G_LOG_DOMAIN "cachet-net"

#include "config.h"

#include "cachet-imap-session-private.h"

#include <glib/gi18n.h>

/* UID SEARCH. */

typedef struct
{
  CachetImapSet *found;
  guint32 since_uid;
} Search;

static void
search_free (Search *search)
{
  g_clear_pointer (&search->found, cachet_imap_set_free);
  g_free (search);
}

static gboolean
search_untagged (CachetImapCommand *command, const CachetImapResponse *response)
{
  Search *self = command->data;
  CachetImapCommandRequest *entry = g_ptr_array_index (command->requests, 0);
  g_autoptr (CachetImapSearchResult) result = NULL;

  if (cachet_imap_response_get_keyword (response) != CACHET_IMAP_KEYWORD_SEARCH &&
      cachet_imap_response_get_keyword (response) != CACHET_IMAP_KEYWORD_ESEARCH)
    return FALSE;
  result = cachet_imap_extract_search (response);
  if (result == NULL || (result->tag != NULL && !g_str_equal (result->tag, entry->tag)))
    return FALSE;

  if (result->set != NULL)
    cachet_imap_set_add_set (self->found, result->set);
  return TRUE;
}

static const CachetImapCommandKind search_kind = {
  .name = "SEARCH",
  .failure = N_ ("The search failed."),
                 .traits = CACHET_IMAP_COMMAND_IN_MAILBOX | CACHET_IMAP_COMMAND_ONE_OF_KIND |
                           CACHET_IMAP_COMMAND_SLOW,
                 .untagged = search_untagged,
  };

/* "n:*" always finds the last message, also when its UID is below n (RFC 9051 §6.4.8). */
static CachetImapSet *
keep_since (const CachetImapSet *found, guint32 since_uid)
{
  CachetImapSet *kept = cachet_imap_set_new ();
  guint i;

  for (i = 0; i < cachet_imap_set_get_n_ranges (found); i++)
    {
      CachetImapRange range = cachet_imap_set_get_range (found, i);

      if (range.last >= since_uid)
        cachet_imap_set_add_range (kept, MAX (range.first, since_uid), range.last);
    }

  return kept;
}

static void
search_done (CachetImapCommand *command, const GError *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Search *self = command->data;

  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_pointer (task, keep_since (self->found, MAX (self->since_uid, 1)),
                           (GDestroyNotify)cachet_imap_set_free);
}

static gboolean
is_ascii (const char *text)
{
  return text == NULL || g_str_is_ascii (text);
}

void
cachet_imap_session_search_async (CachetImapSession *self,
                                  const char *header,
                                  const char *value,
                                  const char *text,
                                  guint32 since_uid,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  GTask *task;
  Search *search;
  CachetImapCommand *command;
  CachetImapRequest *request;

  g_return_if_fail (CACHET_IS_IMAP_SESSION (self));
  g_return_if_fail ((header == NULL) == (value == NULL));

  task = cachet_imap_session_new_task (self, cancellable, callback, user_data,
                                       cachet_imap_session_search_async, "cachet-imap-search");
  search = g_new0 (Search, 1);
  search->found = cachet_imap_set_new ();
  search->since_uid = since_uid;
  command = cachet_imap_command_new (self, &search_kind, search, (GDestroyNotify)search_free);
  request = cachet_imap_command_add (command, cachet_imap_request_new ("UID SEARCH"));
  if (cachet_imap_capabilities_has (self->capabilities, "ESEARCH") ||
      cachet_imap_capabilities_has (self->capabilities, "IMAP4REV2"))
    {
      cachet_imap_request_add_atom (request, "RETURN");
      cachet_imap_request_begin_list (request);
      cachet_imap_request_add_atom (request, "ALL");
      cachet_imap_request_end_list (request);
    }
  if (!is_ascii (value) || !is_ascii (text))
    {
      cachet_imap_request_add_atom (request, "CHARSET");
      cachet_imap_request_add_atom (request, "UTF-8");
    }
  if (since_uid > 1)
    {
      g_autofree char *range = g_strdup_printf ("%u:*", since_uid);

      cachet_imap_request_add_atom (request, "UID");
      cachet_imap_request_add_atom (request, range);
    }
  if (header != NULL)
    {
      cachet_imap_request_add_atom (request, "HEADER");
      cachet_imap_request_add_astring (request, header);
      cachet_imap_request_add_string (request, value);
    }
  if (text != NULL)
    {
      cachet_imap_request_add_atom (request, "TEXT");
      cachet_imap_request_add_string (request, text);
    }
  if (header == NULL && text == NULL)
    cachet_imap_request_add_atom (request, "ALL");
  cachet_imap_session_submit (self, command, cancellable, search_done, task);
}

CachetImapSet *
cachet_imap_session_search_finish (CachetImapSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
