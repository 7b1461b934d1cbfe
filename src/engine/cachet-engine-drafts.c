#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-account-internal.h"
#include "cachet-engine-internal.h"

#include <glib/gi18n.h>

/*
 * A draft that is saved: local file (durable; then the save is over) -> operation "append" -> the
 * Drafts mailbox, where older copies with the same Message-ID go -> the local file goes.
 */

/* The local file's name: the same for every save of one draft. */
static char *
make_draft_name (CachetAccount *account, const char *message_id)
{
  g_autofree char *whole = g_strconcat (cachet_account_get_id (account), "\n", message_id, NULL);
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, whole, -1);

  return g_strdup_printf ("%.8s-%.4s-%.4s-%.4s-%.12s", sum, sum + 8, sum + 12, sum + 16, sum + 20);
}

/* --- save --- */

typedef struct
{
  CachetAccount *account;
  CachetDraft *draft; /* a copy: the worker's */
  char *message_id;
  char *name;
} Save;

static void
save_free (Save *self)
{
  g_clear_object (&self->account);
  g_clear_object (&self->draft);
  g_free (self->message_id);
  g_free (self->name);
  g_free (self);
}

static void
queue_append (CachetAccount *account, const char *name, const char *message_id)
{
  CachetReplay *replay = cachet_account_get_replay (account);
  g_autoptr (CachetOperation) operation = NULL;

  /* one that waits already takes what is in the file then */
  if (cachet_replay_has_draft (replay, message_id, FALSE))
    return;
  operation =
    cachet_operation_new (CACHET_OPERATION_APPEND_DRAFT, cachet_account_get_id (account), NULL, 0);
  operation->message_id = g_strdup (message_id);
  operation->draft = g_strdup (name);
  cachet_replay_add (replay, operation, NULL);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Save *save = g_task_get_task_data (task);
  GError *error = NULL;

  if (!cachet_journal_write_finish (CACHET_JOURNAL (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  queue_append (save->account, save->name, save->message_id);
  g_task_return_boolean (task, TRUE);
}

static void
built_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetEngine *self = g_task_get_source_object (task);
  Save *save = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) bytes = cachet_worker_run_finish (CACHET_WORKER (source), result, &error);

  if (bytes == NULL)
    g_task_return_error (task, error);
  else
    cachet_journal_write_draft_async (self->journal, save->name, bytes, NULL, written_cb,
                                      g_steal_pointer (&task));
}

static gpointer
build_job (gpointer data, GCancellable *cancellable, GError **error)
{
  return cachet_draft_build (data, CACHET_DRAFT_BUILD_STORE, error);
}

void
cachet_engine_save_draft_async (CachetEngine *self,
                                CachetAccount *account,
                                CachetDraft *draft,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Save *save;

  g_return_if_fail (CACHET_IS_ENGINE (self));
  g_return_if_fail (CACHET_IS_ACCOUNT (account));
  g_return_if_fail (CACHET_IS_DRAFT (draft));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cachet_engine_save_draft_async);
  if (!self->running || self->read_only)
    {
      g_task_return_new_error (
        task, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_IN_USE,
        _ ("The draft can not be saved: another Cachet uses the same data."));
      return;
    }
  save = g_new0 (Save, 1);
  g_task_set_task_data (task, save, (GDestroyNotify)save_free);
  save->account = g_object_ref (account);
  save->draft = cachet_draft_copy (draft);
  save->message_id = g_strdup (cachet_draft_get_message_id (draft));
  save->name = make_draft_name (account, save->message_id);
  cachet_worker_run_async (
    self->worker, CACHET_WORKER_PRIORITY_USER, "build draft", build_job, g_object_ref (save->draft),
    g_object_unref, (GDestroyNotify)g_bytes_unref, cancellable, built_cb, g_steal_pointer (&task));
}

gboolean
cachet_engine_save_draft_finish (CachetEngine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- discard --- */

static void
removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!cachet_journal_write_finish (CACHET_JOURNAL (source), result, &error))
    g_warning ("A local draft was not removed: %s", error->message);
}

void
cachet_engine_draft_stored (CachetEngine *self, CachetAccount *account, CachetOperation *operation)
{
  /* a newer save waits: its file stays */
  if (operation->draft == NULL ||
      cachet_replay_has_draft (cachet_account_get_replay (account), operation->message_id, TRUE))
    return;
  cachet_journal_remove_draft_async (self->journal, operation->draft, NULL, removed_cb, NULL);
}

void
cachet_engine_forget_draft (CachetEngine *self, CachetAccount *account, const char *message_id)
{
  CachetReplay *replay = cachet_account_get_replay (account);
  g_autofree char *name = make_draft_name (account, message_id);
  g_autoptr (CachetOperation) operation = NULL;

  if (self->journal == NULL || self->read_only)
    return;
  cachet_journal_remove_draft_async (self->journal, name, NULL, removed_cb, NULL);
  cachet_replay_take_back_draft (replay, message_id);
  if (cachet_account_get_folder_by_role (account, CACHET_FOLDER_ROLE_DRAFTS) == NULL)
    return;
  operation =
    cachet_operation_new (CACHET_OPERATION_APPEND_DRAFT, cachet_account_get_id (account), NULL, 0);
  operation->message_id = g_strdup (message_id);
  cachet_replay_add (replay, operation, NULL);
}

void
cachet_engine_discard_draft (CachetEngine *self, CachetAccount *account, CachetDraft *draft)
{
  g_return_if_fail (CACHET_IS_ENGINE (self));
  g_return_if_fail (CACHET_IS_ACCOUNT (account));
  g_return_if_fail (CACHET_IS_DRAFT (draft));

  cachet_engine_forget_draft (self, account, cachet_draft_get_message_id (draft));
}

/* --- after a crash --- */

typedef struct
{
  char **names;
  guint next;
  GError *error; /* the first one; the others are tried all the same */
} Recovery;

static void
recovery_free (Recovery *self)
{
  g_strfreev (self->names);
  g_clear_error (&self->error);
  g_free (self);
}

static void recover_next (GTask *task);

static void
keep_error (Recovery *self, GError *error)
{
  if (self->error == NULL)
    self->error = error;
  else
    g_clear_error (&error);
}

static void
draft_parsed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  CachetEngine *self = g_task_get_source_object (task);
  GError *error = NULL;
  CachetDraft *draft = cachet_worker_run_finish (CACHET_WORKER (source), result, &error);

  if (draft != NULL)
    g_ptr_array_add (self->recovered, draft);
  else
    keep_error (g_task_get_task_data (task), error);
  recover_next (task);
}

static gpointer
parse_draft_job (gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (CachetMimeMessage) message = cachet_mime_message_new (data, error);

  return message != NULL ? cachet_draft_new_from_message (message, error) : NULL;
}

static void
draft_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  CachetEngine *self = g_task_get_source_object (task);
  GError *error = NULL;
  GBytes *bytes = cachet_journal_read_message_finish (CACHET_JOURNAL (source), result, &error);

  if (bytes == NULL)
    {
      keep_error (g_task_get_task_data (task), error);
      recover_next (task);
      return;
    }
  cachet_worker_run_async (self->worker, CACHET_WORKER_PRIORITY_DEFAULT, "parse draft",
                           parse_draft_job, bytes, (GDestroyNotify)g_bytes_unref, g_object_unref,
                           NULL, draft_parsed_cb, task);
}

/* Takes @task. */
static void
recover_next (GTask *task)
{
  CachetEngine *self = g_task_get_source_object (task);
  Recovery *recovery = g_task_get_task_data (task);

  if (recovery->names != NULL && recovery->names[recovery->next] != NULL)
    {
      cachet_journal_read_draft_async (self->journal, recovery->names[recovery->next++], NULL,
                                       draft_read_cb, task);
      return;
    }
  if (recovery->error != NULL)
    g_task_return_error (task, g_steal_pointer (&recovery->error));
  else
    g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static void
drafts_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Recovery *recovery = g_task_get_task_data (task);

  recovery->names =
    cachet_journal_list_drafts_finish (CACHET_JOURNAL (source), result, &recovery->error);
  recover_next (task);
}

void
cachet_engine_recover_drafts_async (CachetEngine *self,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, cachet_engine_recover_drafts_async);
  g_task_set_task_data (task, g_new0 (Recovery, 1), (GDestroyNotify)recovery_free);
  /* those of a process that runs were not left behind */
  if (self->read_only)
    recover_next (task);
  else
    cachet_journal_list_drafts_async (self->journal, NULL, drafts_listed_cb, task);
}

gboolean
cachet_engine_recover_drafts_finish (CachetEngine *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

GPtrArray *
cachet_engine_take_recovered_drafts (CachetEngine *self)
{
  GPtrArray *recovered;

  g_return_val_if_fail (CACHET_IS_ENGINE (self), NULL);

  recovered = self->recovered;
  self->recovered = g_ptr_array_new_with_free_func (g_object_unref);
  return recovered;
}
