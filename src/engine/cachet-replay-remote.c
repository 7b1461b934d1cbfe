#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-account-internal.h"

#include <glib/gi18n.h>

/* The remote half of an operation. Each is done on the link that has the folder, in it. */

typedef struct
{
  CachetOperation *operation;
  CachetFolder *folder;      /* selected for it */
  CachetFolder *destination; /* (nullable) */
  CachetLinkJob *job;
  CachetImapSet *uids;
  CachetImapSet *marked; /* of others, while a whole EXPUNGE is weighed */
  CachetImapSet *older;  /* copies of a draft */
  GBytes *message;
} Remote;

static void
remote_free (Remote *self)
{
  cachet_operation_unref (self->operation);
  g_clear_object (&self->folder);
  g_clear_object (&self->destination);
  g_clear_pointer (&self->uids, cachet_imap_set_free);
  g_clear_pointer (&self->marked, cachet_imap_set_free);
  g_clear_pointer (&self->older, cachet_imap_set_free);
  g_clear_pointer (&self->message, g_bytes_unref);
  g_free (self);
}

gboolean
cachet_replay_is_final_error (const GError *error)
{
  if (error->domain == CACHET_ENGINE_ERROR)
    return error->code == CACHET_ENGINE_ERROR_NOT_ALLOWED;
  if (error->domain == CACHET_STORE_ERROR)
    return error->code == CACHET_STORE_ERROR_NOT_FOUND;
  if (error->domain != CACHET_NET_ERROR)
    return FALSE;
  switch ((CachetNetError)error->code)
    {
    case CACHET_NET_ERROR_NO:
    case CACHET_NET_ERROR_BAD:
    case CACHET_NET_ERROR_OVERQUOTA:
    case CACHET_NET_ERROR_NOT_FOUND:
    case CACHET_NET_ERROR_EXISTS:
    case CACHET_NET_ERROR_LIMIT:
    case CACHET_NET_ERROR_NO_MECHANISM:
      return TRUE;
    default:
      return FALSE;
    }
}

/* --- flags --- */

static void
flags_removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetLinkJob *job = user_data;
  GError *error = NULL;

  cachet_imap_session_order_finish (CACHET_IMAP_SESSION (source), result, &error);
  cachet_link_job_return (job, error);
}

static void
remove_flags (CachetLinkJob *job)
{
  Remote *self = job->data;

  if (self->operation->remove == CACHET_MESSAGE_FLAG_NONE)
    cachet_link_job_return (job, NULL);
  else
    cachet_imap_session_store_async (job->session, self->uids, FALSE, self->operation->remove, NULL,
                                     NULL, flags_removed_cb, job);
}

static void
flags_added_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetLinkJob *job = user_data;
  GError *error = NULL;

  if (!cachet_imap_session_order_finish (CACHET_IMAP_SESSION (source), result, &error))
    cachet_link_job_return (job, error);
  else
    remove_flags (job);
}

static void
store_flags (CachetLinkJob *job)
{
  Remote *self = job->data;

  if (self->operation->add == CACHET_MESSAGE_FLAG_NONE)
    remove_flags (job);
  else
    cachet_imap_session_store_async (job->session, self->uids, TRUE, self->operation->add, NULL,
                                     NULL, flags_added_cb, job);
}

/* --- move and copy --- */

/* COPYUID names both sides in the same order (RFC 4315 §3), as ascending sets. */
static void
take_copies (CachetOperation *operation, const CachetImapUidPlus *told)
{
  g_autoptr (GArray) copies = g_array_new (FALSE, FALSE, sizeof (guint32));

  if (told->destination == NULL || told->source == NULL ||
      cachet_imap_set_get_size (told->destination) != operation->uids->len ||
      cachet_imap_set_get_size (told->source) != operation->uids->len)
    return;
  for (guint i = 0; i < cachet_imap_set_get_n_ranges (told->destination); i++)
    {
      CachetImapRange range = cachet_imap_set_get_range (told->destination, i);

      for (guint64 uid = range.first; uid <= range.last; uid++)
        {
          guint32 copy = uid;
          g_array_append_val (copies, copy);
        }
    }
  operation->copies_uidvalidity = told->uidvalidity;
  operation->copies = g_steal_pointer (&copies);
}

static void
copied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetLinkJob *job = user_data;
  Remote *self = job->data;
  GError *error = NULL;
  g_autoptr (CachetImapUidPlus) told =
    cachet_imap_session_copy_finish (CACHET_IMAP_SESSION (source), result, &error);

  if (told != NULL)
    take_copies (self->operation, told);
  cachet_link_job_return (job, error);
}

/* --- expunge --- */

static void
expunged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetLinkJob *job = user_data;
  GError *error = NULL;

  cachet_imap_session_order_finish (CACHET_IMAP_SESSION (source), result, &error);
  cachet_link_job_return (job, error);
}

static void
deleted_flag_cb (const CachetImapFetch *fetch, gpointer user_data)
{
  Remote *self = user_data;

  if ((fetch->flags & CACHET_MESSAGE_FLAG_DELETED) != 0 &&
      !cachet_operation_has_uid (self->operation, fetch->uid))
    cachet_imap_set_add (self->marked, fetch->uid);
}

static void
deleted_flags_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetLinkJob *job = user_data;
  Remote *self = job->data;
  GError *error = NULL;

  if (cachet_imap_session_fetch_finish (CACHET_IMAP_SESSION (source), result, &error) < 0)
    cachet_link_job_return (job, error);
  else if (!cachet_imap_set_is_empty (self->marked))
    {
      guint others = (guint)MIN (cachet_imap_set_get_size (self->marked), G_MAXUINT);

      cachet_link_job_return (
        job, g_error_new (
               CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_NOT_ALLOWED,
               ngettext ("This server can only remove all marked messages at once, and %u other "
                         "is marked too. Look at it first.",
                         "This server can only remove all marked messages at once, and %u others "
                         "are marked too. Look at them first.",
                         others),
               others));
    }
  else
    cachet_imap_session_expunge_async (job->session, NULL, NULL, expunged_cb, job);
}

/* Without UIDPLUS everything marked would go: only when nothing of others' is marked. */
static void
expunge (CachetLinkJob *job)
{
  Remote *self = job->data;
  g_autoptr (CachetImapSet) all = NULL;

  if (cachet_imap_session_has_capability (job->session, "UIDPLUS") ||
      cachet_imap_session_has_capability (job->session, "IMAP4REV2"))
    {
      cachet_imap_session_expunge_async (job->session, self->uids, NULL, expunged_cb, job);
      return;
    }
  all = cachet_imap_set_new ();
  cachet_imap_set_add_range (all, 1, G_MAXUINT32);
  self->marked = cachet_imap_set_new ();
  cachet_imap_session_fetch_async (job->session, all, CACHET_IMAP_FETCH_FLAGS, 0, deleted_flag_cb,
                                   self, NULL, deleted_flags_cb, job);
}

static void
marked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetLinkJob *job = user_data;
  GError *error = NULL;

  if (!cachet_imap_session_order_finish (CACHET_IMAP_SESSION (source), result, &error))
    cachet_link_job_return (job, error);
  else
    expunge (job);
}

/* --- drafts --- */

static void
older_expunged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetLinkJob *job = user_data;
  g_autoptr (GError) error = NULL;

  /* they stay, marked \Deleted */
  if (!cachet_imap_session_order_finish (CACHET_IMAP_SESSION (source), result, &error))
    g_debug ("older copies of a draft stay: %s", error->message);
  cachet_link_job_return (job, NULL);
}

static void
older_marked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetLinkJob *job = user_data;
  Remote *self = job->data;
  GError *error = NULL;

  if (!cachet_imap_session_order_finish (CACHET_IMAP_SESSION (source), result, &error))
    cachet_link_job_return (job, error);
  else
    cachet_imap_session_expunge_async (job->session, self->older, NULL, older_expunged_cb, job);
}

static void
remove_older (CachetLinkJob *job)
{
  Remote *self = job->data;

  if (cachet_imap_set_is_empty (self->older))
    cachet_link_job_return (job, NULL);
  else
    cachet_imap_session_store_async (job->session, self->older, TRUE, CACHET_MESSAGE_FLAG_DELETED,
                                     NULL, NULL, older_marked_cb, job);
}

static void
appended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetLinkJob *job = user_data;
  GError *error = NULL;

  if (cachet_imap_session_append_finish (CACHET_IMAP_SESSION (source), result, NULL, &error) < 0)
    cachet_link_job_return (job, error);
  else
    remove_older (job);
}

static void
older_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetLinkJob *job = user_data;
  Remote *self = job->data;
  GError *error = NULL;

  self->older = cachet_imap_session_search_finish (CACHET_IMAP_SESSION (source), result, &error);
  if (self->older == NULL)
    cachet_link_job_return (job, error);
  else if (self->message == NULL)
    remove_older (job); /* the draft is discarded */
  else
    cachet_imap_session_append_async (job->session, cachet_folder_get_mailbox (job->folder),
                                      self->message,
                                      CACHET_MESSAGE_FLAG_DRAFT | CACHET_MESSAGE_FLAG_SEEN,
                                      G_MININT64, NULL, NULL, NULL, appended_cb, job);
}

/* --- the job --- */

static gboolean
is_stale (CachetLinkJob *job)
{
  const Remote *self = job->data;

  return self->operation->uids->len > 0 &&
         self->operation->uidvalidity != cachet_folder_get_stored (job->folder)->uidvalidity;
}

static void
remote_job (CachetLinkJob *job)
{
  Remote *self = job->data;

  if (is_stale (job))
    {
      cachet_link_job_return (job, g_error_new_literal (CACHET_ENGINE_ERROR,
                                                        CACHET_ENGINE_ERROR_NOT_FOUND,
                                                        "UIDVALIDITY changed"));
      return;
    }
  if (cachet_link_get_selection (job->link)->read_only &&
      self->operation->kind != CACHET_OPERATION_COPY)
    {
      cachet_link_job_return (job,
                              g_error_new (CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_NOT_ALLOWED,
                                           _ ("The folder “%s” can only be read."),
                                              cachet_folder_get_name (job->folder)));
      return;
    }
  switch (self->operation->kind)
    {
    case CACHET_OPERATION_MOVE:
      cachet_imap_session_move_async (job->session, self->uids,
                                      cachet_folder_get_mailbox (self->destination), NULL,
                                      copied_cb, job);
      break;
    case CACHET_OPERATION_COPY:
      cachet_imap_session_copy_async (job->session, self->uids,
                                      cachet_folder_get_mailbox (self->destination), NULL,
                                      copied_cb, job);
      break;
    case CACHET_OPERATION_EXPUNGE:
      cachet_imap_session_store_async (job->session, self->uids, TRUE, CACHET_MESSAGE_FLAG_DELETED,
                                       NULL, NULL, marked_cb, job);
      break;
    case CACHET_OPERATION_APPEND_DRAFT:
      cachet_imap_session_search_async (job->session, "Message-ID", self->operation->message_id,
                                        NULL, 0, NULL, older_found_cb, job);
      break;
    case CACHET_OPERATION_STORE:
    default:
      store_flags (job);
    }
}

static void
ran_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetAccount *account = g_task_get_source_object (task);
  Remote *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (!cachet_link_run_finish (CACHET_LINK (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (self->operation->kind == CACHET_OPERATION_APPEND_DRAFT)
    cachet_account_queue_sync (account, self->folder, CACHET_WORKER_PRIORITY_DEFAULT);
  g_task_return_boolean (task, TRUE);
}

static void
run (GTask *task)
{
  CachetAccount *account = g_task_get_source_object (task);
  Remote *self = g_task_get_task_data (task);

  self->uids = cachet_imap_set_new ();
  for (guint i = 0; i < self->operation->uids->len; i++)
    cachet_imap_set_add (self->uids, g_array_index (self->operation->uids, guint32, i));
  cachet_link_run_async (cachet_account_route (account, self->folder), CACHET_WORKER_PRIORITY_USER,
                         "operation", self->folder, remote_job, self, NULL, NULL, ran_cb, task);
}

/* --- what has to be there first --- */

static void
draft_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Remote *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  self->message = cachet_journal_read_message_finish (CACHET_JOURNAL (source), result, &error);
  if (self->message == NULL &&
      !g_error_matches (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_NOT_FOUND))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    run (g_steal_pointer (&task)); /* a file that is gone: the draft was discarded since */
}

static void
destination_made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetAccount *account = CACHET_ACCOUNT (source);
  CachetEngine *engine = cachet_account_get_engine (account);
  Remote *self = g_task_get_task_data (task);
  GError *error = NULL;
  CachetFolder *folder = cachet_account_ensure_role_finish (account, result, &error);

  if (folder == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (self->operation->kind != CACHET_OPERATION_APPEND_DRAFT)
    {
      self->destination = folder;
      self->operation->destination = g_strdup (cachet_folder_get_mailbox (folder));
      run (g_steal_pointer (&task));
      return;
    }
  self->folder = folder;
  if (self->operation->draft == NULL || engine == NULL)
    run (g_steal_pointer (&task));
  else
    cachet_journal_read_draft_async (cachet_engine_get_journal (engine), self->operation->draft,
                                     NULL, draft_read_cb, g_steal_pointer (&task));
}

void
cachet_replay_remote_async (CachetAccount *account,
                            CachetOperation *operation,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (account, NULL, callback, user_data);
  Remote *self = g_new0 (Remote, 1);
  gboolean has_destination =
    operation->kind == CACHET_OPERATION_MOVE || operation->kind == CACHET_OPERATION_COPY;
  CachetFolder *folder;

  g_task_set_source_tag (task, cachet_replay_remote_async);
  g_task_set_task_data (task, self, (GDestroyNotify)remote_free);
  self->operation = cachet_operation_ref (operation);
  if (operation->kind == CACHET_OPERATION_APPEND_DRAFT)
    {
      cachet_account_ensure_role_async (account, CACHET_FOLDER_ROLE_DRAFTS, NULL,
                                        destination_made_cb, g_steal_pointer (&task));
      return;
    }
  folder = cachet_account_find_mailbox (account, operation->mailbox);
  if (has_destination && operation->destination != NULL)
    g_set_object (&self->destination,
                  cachet_account_find_mailbox (account, operation->destination));
  if (folder == NULL ||
      (has_destination && operation->destination != NULL && self->destination == NULL))
    {
      g_task_return_new_error (task, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_NOT_FOUND,
                               "the mailbox is gone");
      return;
    }
  self->folder = g_object_ref (folder);
  if (has_destination && self->destination == NULL)
    cachet_account_ensure_role_async (account, operation->destination_role, NULL,
                                      destination_made_cb, g_steal_pointer (&task));
  else
    run (g_steal_pointer (&task));
}

gboolean
cachet_replay_remote_finish (CachetAccount *account, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
