#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-replay.h"

#include "cachet-account-internal.h"

#include <glib/gi18n.h>
#include <string.h>

struct _CachetReplay
{
  CachetAccount *account; /* owns this */
  GQueue operations;      /* CachetOperation, in order */
  CachetOperation *current;
  guint32 next_placeholder;
  GPtrArray *flush_waiters; /* GTask */
};

CachetReplay *
cachet_replay_new (CachetAccount *account)
{
  CachetReplay *self = g_new0 (CachetReplay, 1);

  self->account = account;
  self->next_placeholder = CACHET_PLACEHOLDER_UID_MIN;
  g_queue_init (&self->operations);
  return self;
}

void
cachet_replay_free (CachetReplay *self)
{
  cachet_replay_clear (self);
  g_free (self);
}

guint
cachet_replay_get_n_pending (CachetReplay *self)
{
  return g_queue_get_length (&self->operations);
}

static CachetFolder *
find_folder (CachetReplay *self, const char *mailbox)
{
  return mailbox != NULL ? cachet_account_find_mailbox (self->account, mailbox) : NULL;
}

/* --- journal --- */

static CachetJournal *
get_journal (CachetReplay *self)
{
  return self->account->engine != NULL ? cachet_engine_get_journal (self->account->engine) : NULL;
}

static void
journal_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetAccount) account = user_data;
  g_autoptr (GError) error = NULL;

  if (cachet_journal_write_finish (CACHET_JOURNAL (source), result, &error))
    return;
  if (account->engine != NULL)
    cachet_engine_take_notice (
      account->engine,
      cachet_notice_new_from_error (account->settings->id,
                                    _ ("The list of waiting changes could not be written: one of "
                                       "them may be made again at the next start."),
                                       error));
}

static void
remove_from_journal (CachetReplay *self, CachetOperation *operation)
{
  CachetJournal *journal = get_journal (self);

  if (journal != NULL && operation->id != 0)
    cachet_journal_remove_operation_async (journal, operation->id, NULL, journal_written_cb,
                                           g_object_ref (self->account));
}

/* --- placeholders --- */

static GArray *
placeholder_uids (const CachetOperation *operation)
{
  GArray *uids = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = 0; operation->placeholders != 0 && i < operation->uids->len; i++)
    {
      guint32 uid = operation->placeholders + i;
      g_array_append_val (uids, uid);
    }
  return uids;
}

static void
drop_placeholders (CachetReplay *self, CachetOperation *operation)
{
  CachetFolder *destination = find_folder (self, operation->destination);
  g_autoptr (GArray) uids = placeholder_uids (operation);

  if (destination != NULL)
    cachet_folder_drop_placeholders (destination, uids);
}

CachetOperation *
cachet_replay_find_placeholder (CachetReplay *self,
                                CachetFolder *folder,
                                guint32 uid,
                                guint32 *source_uid)
{
  for (GList *link = self->operations.head; link != NULL; link = link->next)
    {
      CachetOperation *operation = link->data;

      if (operation->placeholders == 0 || uid < operation->placeholders ||
          uid - operation->placeholders >= operation->uids->len ||
          g_strcmp0 (operation->destination, cachet_folder_get_mailbox (folder)) != 0)
        continue;
      if (source_uid != NULL)
        *source_uid = g_array_index (operation->uids, guint32, uid - operation->placeholders);
      return operation;
    }
  return NULL;
}

typedef struct
{
  CachetAccount *account;
  CachetOperation *operation;
} Showing;

static void
showing_free (Showing *self)
{
  g_object_unref (self->account);
  cachet_operation_unref (self->operation);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Showing, showing_free)

static gboolean
is_pending (CachetReplay *self, CachetOperation *operation)
{
  return g_queue_find (&self->operations, operation) != NULL;
}

static void
placeholders_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Showing) showing = user_data;
  CachetReplay *self = showing->account->replay;
  CachetFolder *destination = find_folder (self, showing->operation->destination);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) entries =
    cachet_mail_store_insert_rows_finish (CACHET_MAIL_STORE (source), result, &error);

  if (entries == NULL)
    g_debug ("moved rows are not shown: %s", error->message);
  else if (destination != NULL && is_pending (self, showing->operation))
    cachet_folder_show_placeholders (destination, entries);
  else if (destination != NULL)
    drop_placeholders (self, showing->operation);
}

static void
source_rows_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Showing) showing = user_data;
  CachetOperation *operation = showing->operation;
  CachetReplay *self = showing->account->replay;
  CachetFolder *destination = find_folder (self, operation->destination);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows =
    cachet_mail_store_load_rows_finish (CACHET_MAIL_STORE (source), result, &error);
  g_autoptr (GPtrArray) copies = NULL;

  if (rows == NULL || destination == NULL || !is_pending (self, operation))
    return;
  copies = g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_stored_row_free);
  for (guint i = 0; i < rows->len && copies->len < CACHET_MAIL_STORE_MAX_BATCH; i++)
    {
      CachetStoredRow *copy = cachet_stored_row_copy (g_ptr_array_index (rows, i));

      for (guint j = 0; j < operation->uids->len; j++)
        if (g_array_index (operation->uids, guint32, j) == copy->uid)
          {
            copy->uid = operation->placeholders + j;
            break;
          }
      copy->id = 0;
      copy->mailbox_id = cachet_folder_get_id (destination);
      if (copy->uid >= CACHET_PLACEHOLDER_UID_MIN)
        g_ptr_array_add (copies, copy);
      else
        cachet_stored_row_free (copy);
    }
  cachet_mail_store_insert_rows_async (
    CACHET_MAIL_STORE (source), cachet_folder_get_id (destination), copies,
    CACHET_WORKER_PRIORITY_USER, NULL, placeholders_stored_cb, g_steal_pointer (&showing));
}

/* Off line the rows stand where they go at once; with a connection the real ones are there as soon.
 */
static void
show_placeholders (CachetReplay *self, CachetOperation *operation, GArray *row_ids)
{
  Showing *showing;

  if (row_ids == NULL || operation->destination == NULL || self->account->engine == NULL ||
      cachet_account_is_live (self->account) || operation->uids->len > CACHET_MAIL_STORE_MAX_BATCH)
    return;
  operation->placeholders = self->next_placeholder;
  self->next_placeholder += operation->uids->len;
  showing = g_new0 (Showing, 1);
  showing->account = g_object_ref (self->account);
  showing->operation = cachet_operation_ref (operation);
  cachet_mail_store_load_rows_async (cachet_engine_get_mail_store (self->account->engine), row_ids,
                                     NULL, source_rows_cb, showing);
}

/* --- in the line and out of it --- */

static void
take_out (CachetReplay *self, CachetOperation *operation)
{
  CachetFolder *folder = find_folder (self, operation->mailbox);

  drop_placeholders (self, operation);
  remove_from_journal (self, operation);
  if (folder != NULL)
    cachet_folder_remove_operation (folder, operation);
  if (g_queue_remove (&self->operations, operation))
    cachet_operation_unref (operation);
  if (self->account->engine != NULL)
    cachet_engine_pending_changed (self->account->engine);
}

void
cachet_replay_restore (CachetReplay *self, CachetOperation *operation)
{
  CachetFolder *folder = find_folder (self, operation->mailbox);

  if (operation->placeholders != 0)
    self->next_placeholder =
      MAX (self->next_placeholder, operation->placeholders + operation->uids->len);
  g_queue_push_tail (&self->operations, cachet_operation_ref (operation));
  if (folder == NULL)
    return;
  cachet_folder_add_operation (folder, operation);
  /* the local half again: a crash may have come between the journal and the cache */
  if (operation->kind == CACHET_OPERATION_STORE)
    cachet_folder_change_flags (folder, operation->uids, operation->add, operation->remove);
}

static void
not_durable (CachetReplay *self, CachetOperation *operation, const GError *error)
{
  CachetFolder *folder = find_folder (self, operation->mailbox);
  g_autofree char *what = cachet_operation_describe (operation);
  g_autofree char *summary =
    g_strdup_printf (_ ("%s: not done, because it could not be written down."), what);

  take_out (self, operation);
  if (folder != NULL && operation->kind == CACHET_OPERATION_STORE)
    cachet_folder_change_flags (folder, operation->uids, operation->remove, operation->add);
  else if (folder != NULL && cachet_operation_removes (operation))
    cachet_folder_unhide_uids (folder, operation->uids);
  if (self->account->engine != NULL)
    {
      cachet_engine_undo_forget (self->account->engine, operation);
      cachet_engine_take_notice (
        self->account->engine,
        cachet_notice_new_from_error (self->account->settings->id, summary, error));
    }
}

static void
durable_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Showing) added = user_data;
  CachetReplay *self = added->account->replay;
  CachetOperation *operation = added->operation;
  g_autoptr (GError) error = NULL;
  gint64 id = cachet_journal_add_finish (CACHET_JOURNAL (source), result, &error);

  if (id < 0)
    {
      if (!operation->cancelled)
        not_durable (self, operation, error);
      return;
    }
  operation->id = id;
  if (operation->cancelled)
    remove_from_journal (self, operation);
  else
    cachet_replay_kick (self);
}

void
cachet_replay_add (CachetReplay *self, CachetOperation *operation, GArray *row_ids)
{
  CachetFolder *folder = find_folder (self, operation->mailbox);
  CachetJournal *journal = get_journal (self);
  g_autoptr (CachetJournalOperation) row = NULL;
  Showing *added;

  if (journal == NULL)
    return;
  g_queue_push_tail (&self->operations, cachet_operation_ref (operation));
  if (folder != NULL)
    {
      cachet_folder_add_operation (folder, operation);
      if (operation->kind == CACHET_OPERATION_STORE)
        cachet_folder_change_flags (folder, operation->uids, operation->add, operation->remove);
      else if (cachet_operation_removes (operation))
        cachet_folder_hide_uids (folder, operation->uids);
    }
  show_placeholders (self, operation, row_ids);
  added = g_new0 (Showing, 1);
  added->account = g_object_ref (self->account);
  added->operation = cachet_operation_ref (operation);
  row = cachet_operation_to_journal (operation);
  cachet_journal_add_operation_async (journal, row, NULL, durable_cb, added);
  cachet_engine_pending_changed (self->account->engine);
}

gboolean
cachet_replay_take_back (CachetReplay *self, CachetOperation *operation)
{
  CachetFolder *folder = find_folder (self, operation->mailbox);

  if (operation->in_flight || operation->done || !is_pending (self, operation))
    return FALSE;
  operation->cancelled = TRUE;
  cachet_operation_ref (operation);
  take_out (self, operation);
  if (folder != NULL && operation->kind == CACHET_OPERATION_STORE)
    cachet_folder_change_flags (folder, operation->uids, operation->remove, operation->add);
  else if (folder != NULL && cachet_operation_removes (operation))
    cachet_folder_unhide_uids (folder, operation->uids);
  cachet_operation_unref (operation);
  return TRUE;
}

static CachetOperation *
find_draft (CachetReplay *self, const char *message_id, gboolean in_flight)
{
  for (GList *link = self->operations.head; link != NULL; link = link->next)
    {
      CachetOperation *operation = link->data;

      if (operation->kind == CACHET_OPERATION_APPEND_DRAFT && operation->draft != NULL &&
          (in_flight || !operation->in_flight) &&
          g_strcmp0 (operation->message_id, message_id) == 0)
        return operation;
    }
  return NULL;
}

gboolean
cachet_replay_has_draft (CachetReplay *self, const char *message_id, gboolean in_flight)
{
  return find_draft (self, message_id, in_flight) != NULL;
}

void
cachet_replay_take_back_draft (CachetReplay *self, const char *message_id)
{
  CachetOperation *operation;

  while ((operation = find_draft (self, message_id, FALSE)) != NULL)
    if (!cachet_replay_take_back (self, operation))
      break;
}

/* --- what became of it --- */

static void
finish_flush (CachetReplay *self)
{
  g_autoptr (GPtrArray) waiters = g_steal_pointer (&self->flush_waiters);

  for (guint i = 0; waiters != NULL && i < waiters->len; i++)
    g_task_return_boolean (g_ptr_array_index (waiters, i), TRUE);
}

static void
back_out (CachetReplay *self, CachetOperation *operation, const GError *error)
{
  CachetFolder *folder = find_folder (self, operation->mailbox);
  g_autofree char *what = cachet_operation_describe (operation);
  g_autofree char *summary =
    g_strdup_printf (_ ("%s: the server refused it, so it was taken back."), what);
  CachetEngine *engine = self->account->engine;

  take_out (self, operation);
  if (folder != NULL)
    {
      CachetStoredMailbox *stored = cachet_folder_get_stored (folder);

      /* the server's word on all flags: what was here before is not known any more */
      stored->synced = FALSE;
      if (operation->kind == CACHET_OPERATION_STORE)
        stored->highestmodseq = 0;
      cachet_folder_unhide_uids (folder, operation->uids);
      cachet_account_queue_sync (self->account, folder, CACHET_WORKER_PRIORITY_DEFAULT);
    }
  if (engine == NULL)
    return;
  cachet_engine_undo_forget (engine, operation);
  cachet_engine_take_notice (
    engine, cachet_notice_new_from_error (self->account->settings->id, summary, error));
}

static void
drop (CachetReplay *self, CachetOperation *operation)
{
  CachetFolder *folder = find_folder (self, operation->mailbox);
  g_autofree char *what = cachet_operation_describe (operation);
  g_autofree char *summary = g_strdup_printf (_ ("%s: dropped."), what);
  CachetEngine *engine = self->account->engine;

  take_out (self, operation);
  if (folder != NULL && cachet_operation_removes (operation))
    cachet_folder_unhide_uids (folder, operation->uids);
  if (engine == NULL)
    return;
  cachet_engine_undo_forget (engine, operation);
  cachet_engine_take_notice (
    engine,
    cachet_notice_new (self->account->settings->id, TRUE, summary,
                       folder == NULL
                       ? _ ("The folder is not on the server any more.")
                       : _ ("The server has numbered the folder's messages anew, so it can not "
                              "be told any more which ones were meant. Please do it again.")));
}

static void
completed (CachetReplay *self, CachetOperation *operation)
{
  CachetFolder *folder = find_folder (self, operation->mailbox);
  CachetFolder *destination = find_folder (self, operation->destination);

  operation->done = TRUE;
  if (folder != NULL && cachet_operation_removes (operation))
    cachet_folder_server_gone (folder, operation->uids);
  take_out (self, operation);
  if (folder != NULL)
    cachet_folder_recount (folder);
  if (destination != NULL)
    cachet_account_queue_sync (self->account, destination, CACHET_WORKER_PRIORITY_DEFAULT);
  if (self->account->engine == NULL)
    return;
  if (operation->kind == CACHET_OPERATION_APPEND_DRAFT)
    cachet_engine_draft_stored (self->account->engine, self->account, operation);
  else
    cachet_engine_undo_resolved (self->account->engine, operation);
}

static void
remote_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetOperation) operation = user_data;
  g_autoptr (CachetAccount) account = g_object_ref (CACHET_ACCOUNT (source));
  CachetReplay *self = account->replay;
  g_autoptr (GError) error = NULL;
  gboolean done = cachet_replay_remote_finish (account, result, &error);

  operation->in_flight = FALSE;
  self->current = NULL;
  if (!is_pending (self, operation))
    ; /* the account goes */
  else if (done)
    completed (self, operation);
  else if (g_error_matches (error, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_NOT_FOUND))
    drop (self, operation);
  else if (cachet_replay_is_final_error (error))
    back_out (self, operation, error);
  else
    {
      CachetJournal *journal = get_journal (self);
      g_autoptr (CachetJournalOperation) row = NULL;

      /* the connection was lost: it stays first in line */
      g_debug ("replay waits: %s", error->message);
      operation->n_attempts++;
      row = cachet_operation_to_journal (operation);
      row->last_error = g_strdup (error->message);
      if (journal != NULL)
        cachet_journal_update_operation_async (journal, row, NULL, journal_written_cb,
                                               g_object_ref (account));
      finish_flush (self);
      return;
    }
  cachet_replay_kick (self);
}

void
cachet_replay_kick (CachetReplay *self)
{
  CachetOperation *first = g_queue_peek_head (&self->operations);

  if (self->current != NULL)
    return;
  if (first == NULL || !cachet_account_is_live (self->account))
    {
      finish_flush (self);
      return;
    }
  if (first->id == 0 || self->account->engine == NULL ||
      !cachet_engine_is_running (self->account->engine))
    return;
  self->current = first;
  first->in_flight = TRUE;
  cachet_replay_remote_async (self->account, first, remote_cb, cachet_operation_ref (first));
}

void
cachet_replay_flush_async (CachetReplay *self, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self->account, NULL, callback, user_data);

  g_task_set_source_tag (task, cachet_replay_flush_async);
  if (self->flush_waiters == NULL)
    self->flush_waiters = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (self->flush_waiters, task);
  cachet_replay_kick (self);
}

gboolean
cachet_replay_flush_finish (CachetReplay *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
cachet_replay_drop_mailbox (CachetAccount *account, CachetFolder *folder)
{
  CachetReplay *self = account->replay;
  guint32 uidvalidity = cachet_folder_get_stored (folder)->uidvalidity;
  g_autoptr (GPtrArray) stale =
    g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_operation_unref);

  for (GList *link = self->operations.head; link != NULL; link = link->next)
    {
      CachetOperation *operation = link->data;

      /* the one in flight finds out by itself */
      if (!operation->in_flight && operation->uids->len > 0 &&
          g_strcmp0 (operation->mailbox, cachet_folder_get_mailbox (folder)) == 0 &&
          operation->uidvalidity != uidvalidity)
        g_ptr_array_add (stale, cachet_operation_ref (operation));
    }
  for (guint i = 0; i < stale->len; i++)
    drop (self, g_ptr_array_index (stale, i));
}

void
cachet_replay_clear (CachetReplay *self)
{
  CachetOperation *operation;

  while ((operation = g_queue_pop_head (&self->operations)) != NULL)
    cachet_operation_unref (operation);
  finish_flush (self);
}
