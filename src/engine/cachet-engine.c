#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-engine.h"

#include "cachet-account-internal.h"
#include "cachet-activity-private.h"
#include "cachet-durable-file.h"
#include "cachet-engine-internal.h"
#include "cachet-main-thread.h"
#include "cachet-outbox-private.h"
#include "cachet-secrets.h"

#include <glib/gi18n.h>

/* Threads of the worker for MIME and crypto. */
#define N_WORKER_THREADS 2

enum {
  PROP_0,
  PROP_UNDO_TEXT,
  PROP_N_PENDING,
  N_PROPS,
};

enum {
  NOTICE,
  ACCOUNT_ATTENTION,
  MESSAGE_ARRIVED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CachetEngine, cachet_engine, G_TYPE_OBJECT)

static void
close_stores (CachetEngine *self)
{
  if (self->mail_store != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->mail_store, self);
      cachet_mail_store_close (self->mail_store);
    }
  if (self->blob_store != NULL)
    cachet_blob_store_close (self->blob_store);
  if (self->journal != NULL)
    cachet_journal_close (self->journal);
  if (self->worker != NULL)
    cachet_worker_shut_down (self->worker);
}

static void
cachet_engine_dispose (GObject *object)
{
  CachetEngine *self = CACHET_ENGINE (object);

  self->running = FALSE;
  if (self->accounts != NULL)
    g_list_store_remove_all (self->accounts);
  close_stores (self);
  g_clear_object (&self->outbox);
  g_clear_object (&self->secrets);
  g_clear_object (&self->mail_store);
  g_clear_object (&self->blob_store);
  g_clear_object (&self->journal);
  g_clear_object (&self->worker);
  g_clear_object (&self->exceptions);
  g_clear_object (&self->accounts_file);
  g_clear_object (&self->accounts);
  g_clear_object (&self->activities);
  G_OBJECT_CLASS (cachet_engine_parent_class)->dispose (object);
}

static void
cachet_engine_finalize (GObject *object)
{
  CachetEngine *self = CACHET_ENGINE (object);

  g_clear_pointer (&self->undo, cachet_undo_free);
  g_clear_pointer (&self->recovered, g_ptr_array_unref);
  g_clear_pointer (&self->after_send, g_ptr_array_unref);
  g_free (self->data_dir);
  g_free (self->config_dir);
  g_free (self->cache_dir);
  G_OBJECT_CLASS (cachet_engine_parent_class)->finalize (object);
}

static void
cachet_engine_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CachetEngine *self = CACHET_ENGINE (object);

  switch (id)
    {
    case PROP_UNDO_TEXT:
      g_value_set_string (value, cachet_engine_get_undo_text (self));
      break;
    case PROP_N_PENDING:
      g_value_set_uint (value, cachet_engine_get_n_pending_operations (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
cachet_engine_class_init (CachetEngineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = cachet_engine_dispose;
  object_class->finalize = cachet_engine_finalize;
  object_class->get_property = cachet_engine_get_property;

  properties[PROP_UNDO_TEXT] = g_param_spec_string ("undo-text", NULL, NULL, NULL, flags);
  properties[PROP_N_PENDING] =
    g_param_spec_uint ("n-pending-operations", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[NOTICE] =
    g_signal_new ("notice", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, CACHET_TYPE_NOTICE | G_SIGNAL_TYPE_STATIC_SCOPE);
  signals[ACCOUNT_ATTENTION] =
    g_signal_new ("account-attention", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 1, CACHET_TYPE_ACCOUNT);
  signals[MESSAGE_ARRIVED] =
    g_signal_new ("message-arrived", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 2, CACHET_TYPE_FOLDER, CACHET_TYPE_MESSAGE_ROW);
}

static void
cachet_engine_init (CachetEngine *self)
{
  self->accounts = g_list_store_new (CACHET_TYPE_ACCOUNT);
  self->activities = g_list_store_new (CACHET_TYPE_ACTIVITY);
  self->worker = cachet_worker_new ("cachet-mime", N_WORKER_THREADS);
  self->secrets = cachet_secrets_new ();
  self->undo = cachet_undo_new ();
  self->recovered = g_ptr_array_new_with_free_func (g_object_unref);
}

CachetEngine *
cachet_engine_new (const char *data_dir, const char *config_dir, const char *cache_dir)
{
  CachetEngine *self;
  g_autofree char *blobs = NULL;

  cachet_assert_main_thread ();
  self = g_object_new (CACHET_TYPE_ENGINE, NULL);
  if (cache_dir != NULL)
    self->cache_dir = g_strdup (cache_dir);
  else if (data_dir != NULL)
    self->cache_dir = g_build_filename (data_dir, "cache", NULL);
  else
    self->cache_dir = g_build_filename (g_get_user_cache_dir (), "cachet", NULL);
  self->data_dir = data_dir != NULL ? g_strdup (data_dir)
                                    : g_build_filename (g_get_user_data_dir (), "cachet", NULL);
  self->config_dir = config_dir != NULL
                       ? g_strdup (config_dir)
                       : g_build_filename (g_get_user_config_dir (), "cachet", NULL);
  self->accounts_file = cachet_accounts_file_new (self->config_dir);
  self->exceptions = cachet_exceptions_new (self->accounts_file);
  blobs = g_build_filename (self->cache_dir, "bodies", NULL);
  self->blob_store = cachet_blob_store_new (blobs);
  self->outbox = cachet_outbox_new (self);
  return self;
}

/* --- start --- */

typedef struct
{
  GPtrArray *mailboxes;  /* CachetStoredMailbox, of all accounts */
  GPtrArray *operations; /* CachetJournalOperation */
  guint n_tries;         /* to get the journal's lock */
} Start;

static void
start_free (Start *self)
{
  g_clear_pointer (&self->mailboxes, g_ptr_array_unref);
  g_clear_pointer (&self->operations, g_ptr_array_unref);
  g_free (self);
}

static void
connect_all (CachetEngine *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->accounts));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (CachetAccount) account = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);

      if (self->connect && !self->read_only)
        cachet_account_connection_start (account);
    }
}

static void
outbox_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetEngine *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  if (!cachet_outbox_load_finish (CACHET_OUTBOX (source), result, &error))
    cachet_engine_take_notice (
      self, cachet_notice_new_from_error (
              NULL, _ ("The messages that wait to be sent could not be read."), error));
  self->running = TRUE;
  cachet_engine_watch_outbox (self);
  g_task_return_boolean (task, TRUE);
  if (!self->read_only)
    cachet_outbox_start (self->outbox);
  connect_all (self);
}

static void
drafts_recovered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetEngine *self = CACHET_ENGINE (source);
  g_autoptr (GError) error = NULL;

  if (!cachet_engine_recover_drafts_finish (self, result, &error))
    cachet_engine_take_notice (
      self, cachet_notice_new_from_error (NULL, _ ("A draft on this computer could not be read."),
                                                   error));
  cachet_outbox_load_async (self->outbox, NULL, outbox_loaded_cb, g_steal_pointer (&task));
}

static void
make_accounts (CachetEngine *self, Start *start)
{
  GPtrArray *settings = cachet_accounts_file_get_accounts (self->accounts_file);

  for (guint i = 0; i < settings->len; i++)
    {
      const CachetAccountSettings *one = g_ptr_array_index (settings, i);
      CachetAccount *account = cachet_engine_add_account (self, one);
      g_autoptr (GPtrArray) mailboxes = g_ptr_array_new ();

      for (guint j = 0; j < start->mailboxes->len; j++)
        {
          CachetStoredMailbox *mailbox = g_ptr_array_index (start->mailboxes, j);

          if (g_strcmp0 (mailbox->account_id, one->id) == 0)
            g_ptr_array_add (mailboxes, mailbox);
        }
      cachet_account_set_mailboxes (account, mailboxes);
      cachet_account_ensure_inbox (account);
    }
}

static void
restore_operations (CachetEngine *self, Start *start)
{
  for (guint i = 0; i < start->operations->len; i++)
    {
      const CachetJournalOperation *row = g_ptr_array_index (start->operations, i);
      CachetAccount *account = cachet_engine_find_account (self, row->account_id);
      g_autoptr (GError) error = NULL;
      g_autoptr (CachetOperation) operation = cachet_operation_from_journal (row, &error);

      if (operation == NULL)
        cachet_engine_take_notice (
          self, cachet_notice_new_from_error (
                  row->account_id, _ ("A waiting change can not be understood; it stays where it "
                                      "is for a newer Cachet."),
                                      error));
      else if (account != NULL)
        cachet_replay_restore (cachet_account_get_replay (account), operation);
    }
}

static void
operations_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetEngine *self = g_task_get_source_object (task);
  Start *start = g_task_get_task_data (task);
  GError *error = NULL;

  start->operations =
    cachet_journal_list_operations_finish (CACHET_JOURNAL (source), result, &error);
  if (start->operations == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  make_accounts (self, start);
  restore_operations (self, start);
  cachet_engine_recover_drafts_async (self, drafts_recovered_cb, g_steal_pointer (&task));
}

static void
mailboxes_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetEngine *self = g_task_get_source_object (task);
  Start *start = g_task_get_task_data (task);
  GError *error = NULL;

  start->mailboxes =
    cachet_mail_store_list_mailboxes_finish (CACHET_MAIL_STORE (source), result, &error);
  if (start->mailboxes == NULL)
    g_task_return_error (task, error);
  else
    cachet_journal_list_operations_async (self->journal, NULL, NULL, operations_listed_cb,
                                          g_steal_pointer (&task));
}

static void
damaged_cb (CachetMailStore *store, CachetEngine *self)
{
  cachet_engine_take_notice (
    self,
    cachet_notice_new (NULL, TRUE,
                       _ ("The cache of this computer is damaged."),
                          _ ("Nothing is lost: end Cachet and start it again, and it is filled "
                                "anew from the server.")));
}

static void
mail_store_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetEngine *self = g_task_get_source_object (task);
  gboolean was_rebuilt = FALSE;
  GError *error = NULL;

  self->mail_store = cachet_mail_store_open_finish (result, &was_rebuilt, &error);
  if (self->mail_store == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_signal_connect (self->mail_store, "damaged", G_CALLBACK (damaged_cb), self);
  if (was_rebuilt)
    cachet_engine_take_notice (
      self,
      cachet_notice_new (NULL, FALSE,
                         _ ("The cache was damaged and was set aside."),
                            _ ("Lists and messages are fetched from the server again; nothing "
                                  "that was not sent yet is lost.")));
  cachet_mail_store_list_mailboxes_async (self->mail_store, NULL, NULL, mailboxes_listed_cb,
                                          g_steal_pointer (&task));
}

static void lock_journal (GTask *task);

static gboolean
lock_again_cb (gpointer user_data)
{
  lock_journal (user_data);
  return G_SOURCE_REMOVE;
}

/* Takes @task. A run of cachetctl holds the lock for a moment only: worth a little patience. */
static void
lock_journal (GTask *task)
{
  CachetEngine *self = g_task_get_source_object (task);
  Start *start = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!cachet_journal_try_lock (self->journal, &error))
    {
      if (self->connect && start->n_tries++ < CACHET_ENGINE_LOCK_TRIES)
        {
          guint source = g_timeout_add (CACHET_ENGINE_LOCK_PAUSE_MILLISECONDS, lock_again_cb, task);

          g_source_set_name_by_id (source, "[cachet] lock journal");
          return;
        }
      if (self->connect)
        {
          g_task_return_new_error (task, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_IN_USE,
                                   _ ("Another Cachet uses the folder %s. Close it, or give this "
                                      "one a folder of its own."),
                                      self->data_dir);
          g_object_unref (task);
          return;
        }
      self->read_only = TRUE;
    }
  cachet_mail_store_open_async (self->cache_dir, NULL, mail_store_opened_cb, task);
}

static void
journal_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetEngine *self = g_task_get_source_object (task);
  g_autofree char *notice = NULL;
  GError *error = NULL;

  self->journal = cachet_journal_open_finish (result, &notice, &error);
  if (self->journal == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (notice != NULL)
    cachet_engine_take_notice (
      self, cachet_notice_new (NULL, TRUE, _ ("The list of waiting changes was damaged."), notice));
  lock_journal (g_steal_pointer (&task));
}

/* An accounts file that can't be read is never taken as empty, and never written over. */
static void
load_accounts_file (CachetEngine *self)
{
  g_auto (GStrv) warnings = NULL;
  g_autoptr (GError) error = NULL;

  if (!cachet_accounts_file_load (self->accounts_file, &warnings, &error))
    {
      self->accounts_unreadable = TRUE;
      cachet_engine_take_notice (
        self, cachet_notice_new_from_error (
                NULL, _ ("The list of accounts could not be read; it was left as it is."), error));
    }
  for (guint i = 0; warnings != NULL && warnings[i] != NULL; i++)
    cachet_engine_take_notice (
      self, cachet_notice_new (NULL, TRUE,
                               _ ("A part of the list of accounts can not be used."), warnings[i]));
}

void
cachet_engine_start_async (CachetEngine *self,
                           gboolean connect,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;

  g_return_if_fail (CACHET_IS_ENGINE (self));
  g_return_if_fail (!self->started);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cachet_engine_start_async);
  g_task_set_task_data (task, g_new0 (Start, 1), (GDestroyNotify)start_free);
  self->started = TRUE;
  self->connect = connect;
  if (!cachet_private_directory_make (self->data_dir, &error) ||
      !cachet_private_directory_make (self->cache_dir, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  load_accounts_file (self);
  cachet_journal_open_async (self->data_dir, cancellable, journal_opened_cb,
                             g_steal_pointer (&task));
}

gboolean
cachet_engine_start_finish (CachetEngine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- stop --- */

typedef struct
{
  guint n_waiting;
  guint timeout_source;
} Stop;

static void
stop_finished (GTask *task)
{
  CachetEngine *self = g_task_get_source_object (task);
  Stop *stop = g_task_get_task_data (task);

  g_clear_handle_id (&stop->timeout_source, g_source_remove);
  stop->n_waiting = G_MAXUINT; /* whoever answers now comes too late */
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->accounts)); i++)
    {
      g_autoptr (CachetAccount) account = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);
      guint n = g_list_model_get_n_items (cachet_account_get_folders (account));

      cachet_account_connection_stop (account);
      for (guint j = 0; j < n; j++)
        {
          g_autoptr (CachetFolder) folder =
            g_list_model_get_item (cachet_account_get_folders (account), j);
          cachet_folder_save_now (folder);
        }
    }
  close_stores (self);
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static void
one_stopped (GTask *task)
{
  Stop *stop = g_task_get_task_data (task);

  if (stop->n_waiting != G_MAXUINT && --stop->n_waiting == 0)
    stop_finished (task);
  g_object_unref (task);
}

static void
logged_out_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  cachet_link_log_out_finish (CACHET_LINK (source), result, NULL);
  one_stopped (user_data);
}

static void
outbox_stopped_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  cachet_outbox_stop_finish (CACHET_OUTBOX (source), result, NULL);
  one_stopped (user_data);
}

static gboolean
stop_timeout_cb (gpointer user_data)
{
  GTask *task = user_data;
  Stop *stop = g_task_get_task_data (task);

  stop->timeout_source = 0;
  stop_finished (task);
  return G_SOURCE_REMOVE;
}

void
cachet_engine_stop_async (CachetEngine *self, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;
  Stop *stop;

  g_return_if_fail (CACHET_IS_ENGINE (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, cachet_engine_stop_async);
  stop = g_new0 (Stop, 1);
  g_task_set_task_data (task, stop, g_free);
  stop->n_waiting = 1;
  stop->timeout_source = g_timeout_add (CACHET_ENGINE_STOP_MILLISECONDS, stop_timeout_cb, task);
  g_source_set_name_by_id (stop->timeout_source, "[cachet] stop");
  if (self->running)
    {
      self->running = FALSE;
      for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->accounts)); i++)
        {
          g_autoptr (CachetAccount) account =
            g_list_model_get_item (G_LIST_MODEL (self->accounts), i);

          account->wanted = FALSE;
          stop->n_waiting += 2;
          cachet_link_log_out_async (account->watch.link, NULL, logged_out_cb, g_object_ref (task));
          cachet_link_log_out_async (account->work.link, NULL, logged_out_cb, g_object_ref (task));
        }
      stop->n_waiting++;
      cachet_outbox_stop_async (self->outbox, outbox_stopped_cb, g_object_ref (task));
    }
  one_stopped (g_object_ref (task));
}

gboolean
cachet_engine_stop_finish (CachetEngine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- what the parts ask for --- */

CachetMailStore *
cachet_engine_get_mail_store (CachetEngine *self)
{
  return self->mail_store;
}

CachetJournal *
cachet_engine_get_journal (CachetEngine *self)
{
  return self->journal;
}

CachetBlobStore *
cachet_engine_get_blob_store (CachetEngine *self)
{
  return self->blob_store;
}

CachetAccountsFile *
cachet_engine_get_accounts_file (CachetEngine *self)
{
  return self->accounts_file;
}

CachetTrustDecider *
cachet_engine_get_trust_decider (CachetEngine *self)
{
  return CACHET_TRUST_DECIDER (self->exceptions);
}

CachetWorker *
cachet_engine_get_worker (CachetEngine *self)
{
  return self->worker;
}

const char *
cachet_engine_get_data_dir (CachetEngine *self)
{
  return self->data_dir;
}

gboolean
cachet_engine_is_read_only (CachetEngine *self)
{
  return self->read_only;
}

gboolean
cachet_engine_is_running (CachetEngine *self)
{
  return self->running;
}

gboolean
cachet_engine_wants_prefetch (CachetEngine *self)
{
  return self->running && self->connect;
}

void
cachet_engine_take_notice (CachetEngine *self, CachetNotice *notice)
{
  g_signal_emit (self, signals[NOTICE], 0, notice);
  cachet_notice_free (notice);
}

CachetActivity *
cachet_engine_begin_activity (CachetEngine *self,
                              const char *account_id,
                              const char *title,
                              GCancellable *cancellable)
{
  return cachet_activity_new (self->activities, account_id, title, cancellable);
}

void
cachet_engine_emit_attention (CachetEngine *self, CachetAccount *account)
{
  g_signal_emit (self, signals[ACCOUNT_ATTENTION], 0, account);
}

void
cachet_engine_emit_arrived (CachetEngine *self, CachetFolder *folder, CachetMessageRow *row)
{
  g_signal_emit (self, signals[MESSAGE_ARRIVED], 0, folder, row);
}

void
cachet_engine_pending_changed (CachetEngine *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_PENDING]);
}

void
cachet_engine_undo_changed (CachetEngine *self)
{
  if (!self->undo_is_aside)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNDO_TEXT]);
}

/* --- public --- */

GListModel *
cachet_engine_get_accounts (CachetEngine *self)
{
  g_return_val_if_fail (CACHET_IS_ENGINE (self), NULL);
  return G_LIST_MODEL (self->accounts);
}

GListModel *
cachet_engine_get_activities (CachetEngine *self)
{
  g_return_val_if_fail (CACHET_IS_ENGINE (self), NULL);
  return G_LIST_MODEL (self->activities);
}

CachetOutbox *
cachet_engine_get_outbox (CachetEngine *self)
{
  g_return_val_if_fail (CACHET_IS_ENGINE (self), NULL);
  return self->outbox;
}

CachetSecrets *
cachet_engine_get_secrets (CachetEngine *self)
{
  g_return_val_if_fail (CACHET_IS_ENGINE (self), NULL);
  return self->secrets;
}
