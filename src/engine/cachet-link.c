#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-link.h"
#include "cachet-sync.h"

#include <glib/gi18n.h>
#include <string.h>

/*
 *             open              logged in
 *    DOWN ----------> CONNECTING --------> READY
 *     ^  <- failed, closed --'               |
 *     '-------------- closed ----------------'
 *
 * READY: a job runs (it selects its mailbox first), else home is selected and idled on.
 */
struct _CachetLink
{
  GObject parent_instance;

  CachetAccount *account; /* weak */
  const char *name;
  CachetLinkState state;
  CachetImapSession *session; /* (nullable) */
  GCancellable *cancellable;  /* of the attempt to connect */

  CachetFolder *selected; /* (nullable) */
  CachetLinkSelection selection;
  CachetFolder *home; /* (nullable) */
  gboolean home_failed;
  gboolean news_queued;

  GQueue jobs; /* CachetLinkJob, most urgent first */
  CachetLinkJob *current;
  guint n_direct;
  guint poll_source;
  guint check_source;

  /* of earlier sessions */
  guint64 bytes_received;
  guint64 bytes_sent;
  guint n_commands;
};

enum {
  STATE_CHANGED,
  DOWN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CachetLink, cachet_link, G_TYPE_OBJECT)

static void run_next (CachetLink *self);

/* --- jobs --- */

static void
job_free (CachetLinkJob *job)
{
  if (job->free_data != NULL)
    g_clear_pointer (&job->data, job->free_data);
  g_clear_object (&job->session);
  g_clear_object (&job->folder);
  g_clear_object (&job->task);
  g_object_unref (job->link);
  g_free (job);
}

static GError *
offline_error (CachetLink *self)
{
  return g_error_new (CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_OFFLINE,
                      _ ("There is no connection to the server of “%s” now."),
                         self->account != NULL ? cachet_account_get_label (self->account) : "");
}

static void
job_complete (CachetLinkJob *job, GError *error)
{
  if (error != NULL)
    g_task_return_error (job->task, error);
  else
    g_task_return_boolean (job->task, TRUE);
  job_free (job);
}

static void
insert_job (CachetLink *self, CachetLinkJob *job)
{
  GList *link = self->jobs.head;

  while (link != NULL && ((CachetLinkJob *)link->data)->priority <= job->priority)
    link = link->next;
  g_queue_insert_before (&self->jobs, link, job);
}

void
cachet_link_run_async (CachetLink *self,
                       int priority,
                       const char *name,
                       CachetFolder *folder,
                       CachetLinkJobFunc func,
                       gpointer data,
                       GDestroyNotify free_data,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  CachetLinkJob *job = g_new0 (CachetLinkJob, 1);

  job->link = g_object_ref (self);
  g_set_object (&job->folder, folder);
  job->priority = priority;
  job->name = name;
  job->func = func;
  job->data = data;
  job->free_data = free_data;
  job->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (job->task, cachet_link_run_async);
  g_task_set_name (job->task, name);
  if (self->state == CACHET_LINK_DOWN)
    {
      job_complete (job, offline_error (self));
      return;
    }
  insert_job (self, job);
  run_next (self);
}

gboolean
cachet_link_run_finish (CachetLink *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

gboolean
cachet_link_has_urgent (CachetLink *self, int priority)
{
  const CachetLinkJob *first = g_queue_peek_head (&self->jobs);

  return first != NULL && first->priority < priority;
}

void
cachet_link_job_return (CachetLinkJob *job, GError *error)
{
  g_autoptr (CachetLink) self = g_object_ref (job->link);

  g_assert (self->current == job);
  g_debug ("%s: job %s ends%s%s", self->name, job->name, error != NULL ? ": " : "",
           error != NULL ? error->message : "");
  self->current = NULL;
  job_complete (job, error);
  run_next (self);
}

void
cachet_link_job_requeue (CachetLinkJob *job)
{
  CachetLink *self = job->link;

  g_assert (self->current == job);
  self->current = NULL;
  g_clear_object (&job->session);
  if (self->state == CACHET_LINK_DOWN)
    {
      job_complete (job, offline_error (self));
      return;
    }
  insert_job (self, job);
  run_next (self);
}

/* --- selecting --- */

static void
forget_selection (CachetLink *self)
{
  g_clear_object (&self->selected);
  memset (&self->selection, 0, sizeof self->selection);
}

static void
selected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetLinkJob *job = user_data;
  CachetLink *self = job->link;
  CachetImapSession *session = CACHET_IMAP_SESSION (source);
  GError *error = NULL;
  g_autoptr (CachetImapSelected) selected =
    cachet_imap_session_select_finish (session, result, &error);

  if (selected == NULL)
    {
      if (job->folder == self->home)
        self->home_failed = TRUE;
      cachet_link_job_return (job, error);
      return;
    }
  if (session != self->session)
    {
      cachet_link_job_return (job, offline_error (self));
      return;
    }
  g_set_object (&self->selected, job->folder);
  memset (&self->selection, 0, sizeof self->selection);
  self->selection.fresh = TRUE;
  self->selection.read_only = selected->read_only;
  self->selection.exists = selected->status.messages;
  if (selected->status.fields & CACHET_IMAP_STATUS_UIDNEXT)
    self->selection.uidnext = selected->status.uidnext;
  if (selected->status.fields & CACHET_IMAP_STATUS_HIGHESTMODSEQ)
    self->selection.highestmodseq = selected->status.highestmodseq;
  self->selection.resynced = cachet_sync_absorb_select (job->folder, session, selected);
  cachet_link_tell_uids (self);
  job->func (job);
}

static void
table_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetLinkJob *job = user_data;
  CachetLink *self = job->link;
  CachetFolder *folder = CACHET_FOLDER (source);
  const CachetStoredMailbox *stored = cachet_folder_get_stored (folder);
  GError *error = NULL;

  if (!cachet_folder_load_table_finish (folder, result, &error))
    {
      cachet_link_job_return (job, error);
      return;
    }
  if (job->session != self->session)
    {
      cachet_link_job_return (job, offline_error (self));
      return;
    }
  forget_selection (self);
  cachet_imap_session_select_async (job->session, stored->name, FALSE, stored->uidvalidity,
                                    stored->highestmodseq, NULL, selected_cb, job);
}

/* --- news of the selected mailbox --- */

void
cachet_link_tell_uids (CachetLink *self)
{
  CachetFolderTable *table =
    self->selected != NULL ? cachet_folder_get_table (self->selected) : NULL;
  g_autoptr (GArray) uids = NULL;

  /* with QRESYNC the server names messages by UID itself */
  if (table == NULL || self->session == NULL ||
      cachet_imap_session_has_capability (self->session, "QRESYNC"))
    return;
  if (cachet_folder_table_get_length (table) != self->selection.exists)
    return;
  uids = cachet_folder_table_dup_uids (table);
  cachet_imap_session_set_uid_map (self->session, (const guint32 *)uids->data, uids->len);
}

static void
news_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetLink *self = CACHET_LINK (source);
  g_autoptr (GError) error = NULL;

  if (!cachet_link_run_finish (self, result, &error))
    g_debug ("%s: news were not fetched: %s", self->name, error->message);
}

static void
news_job (CachetLinkJob *job)
{
  job->link->news_queued = FALSE;
  cachet_sync_run_job (job);
}

/* Brings the selected mailbox in step, once however many things happened. */
static void
queue_news (CachetLink *self)
{
  if (self->news_queued || self->selected == NULL)
    return;
  self->news_queued = TRUE;
  cachet_link_run_async (self, CACHET_WORKER_PRIORITY_DEFAULT, "news", self->selected, news_job,
                         cachet_sync_new (), (GDestroyNotify)cachet_sync_free, NULL, news_done_cb,
                         NULL);
}

static void
exists_cb (CachetImapSession *session, guint n, CachetLink *self)
{
  CachetFolderTable *table;

  if (session != self->session || self->selected == NULL)
    return;
  self->selection.exists = n;
  table = cachet_folder_get_table (self->selected);
  if (table == NULL || n > cachet_folder_table_get_length (table))
    queue_news (self);
}

static void
expunged_cb (CachetImapSession *session, guint seq, guint uid, CachetLink *self)
{
  if (session != self->session || self->selected == NULL)
    return;
  if (self->selection.exists > 0)
    self->selection.exists--;
  if (uid != 0)
    {
      g_autoptr (GArray) uids = g_array_new (FALSE, FALSE, sizeof (guint32));
      guint32 gone = uid;

      g_array_append_val (uids, gone);
      cachet_folder_server_gone (self->selected, uids);
    }
  else
    {
      /* which one is not known: compare with the server */
      cachet_folder_get_stored (self->selected)->synced = FALSE;
      queue_news (self);
    }
}

static void
vanished_cb (CachetImapSession *session, CachetImapSet *uids, CachetLink *self)
{
  guint64 n = cachet_imap_set_get_size (uids);

  if (session != self->session || self->selected == NULL)
    return;
  self->selection.exists -= MIN (n, self->selection.exists);
  cachet_sync_vanished (self->selected, uids);
}

static void
fetched_cb (CachetImapSession *session, CachetImapFetch *fetch, CachetLink *self)
{
  g_autoptr (GArray) changes = NULL;
  CachetUidFlags change = { fetch->uid, fetch->flags, fetch->modseq };

  if (session != self->session || self->selected == NULL || !fetch->has_flags)
    return;
  if (fetch->uid == 0)
    {
      cachet_folder_get_stored (self->selected)->synced = FALSE;
      queue_news (self);
      return;
    }
  changes = g_array_new (FALSE, FALSE, sizeof (CachetUidFlags));
  g_array_append_val (changes, change);
  cachet_folder_server_flags (self->selected, changes);
}

static void
alert_cb (CachetImapSession *session, const char *text, CachetLink *self)
{
  CachetEngine *engine = self->account != NULL ? cachet_account_get_engine (self->account) : NULL;
  g_autofree char *summary = NULL;

  if (engine == NULL)
    return;
  summary =
    g_strdup_printf (_ ("The server of “%s” says:"), cachet_account_get_label (self->account));
  cachet_engine_take_notice (
    engine, cachet_notice_new (cachet_account_get_id (self->account), FALSE, summary, text));
}

/* --- nothing to do --- */

static void
noop_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetLink) self = user_data;
  g_autoptr (GError) error = NULL;

  /* a broken connection is told by "closed" */
  if (!cachet_imap_session_order_finish (CACHET_IMAP_SESSION (source), result, &error))
    g_debug ("%s: NOOP: %s", self->name, error->message);
  g_clear_handle_id (&self->check_source, g_source_remove);
}

static gboolean
poll_cb (gpointer user_data)
{
  CachetLink *self = user_data;

  if (self->state == CACHET_LINK_READY && self->current == NULL)
    cachet_imap_session_noop_async (self->session, NULL, noop_done_cb, g_object_ref (self));
  return G_SOURCE_CONTINUE;
}

static void
home_synced_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetLink *self = CACHET_LINK (source);
  g_autoptr (GError) error = NULL;

  if (!cachet_link_run_finish (self, result, &error))
    g_debug ("%s: home was not synced: %s", self->name, error->message);
}

static void
settle (CachetLink *self)
{
  guint seconds = CACHET_LINK_KEEPALIVE_SECONDS;

  g_clear_handle_id (&self->poll_source, g_source_remove);
  if (self->n_direct > 0)
    return;
  if (self->home != NULL && self->home != self->selected && !self->home_failed)
    {
      cachet_link_run_async (self, CACHET_WORKER_PRIORITY_DEFAULT, "home", self->home,
                             cachet_sync_run_job, cachet_sync_new (),
                             (GDestroyNotify)cachet_sync_free, NULL, home_synced_cb, NULL);
      return;
    }
  if (self->selected != NULL && self->selected == self->home)
    {
      if (cachet_imap_session_start_idle (self->session))
        return;
      seconds = CACHET_LINK_POLL_SECONDS;
    }
  self->poll_source = g_timeout_add_seconds (seconds, poll_cb, self);
  g_source_set_name_by_id (self->poll_source, "[cachet] link poll");
}

/* A sync whose mailbox is known to differ begins with a SELECT of its own. */
static gboolean
wants_select (CachetLink *self, CachetLinkJob *job)
{
  return (job->func == cachet_sync_run_job || job->func == news_job) && !self->selection.fresh &&
         !cachet_folder_get_stored (job->folder)->synced && !cachet_sync_is_started (job->data);
}

static void
run_next (CachetLink *self)
{
  CachetLinkJob *job;

  if (self->state != CACHET_LINK_READY || self->current != NULL)
    return;
  job = g_queue_peek_head (&self->jobs);
  if (job == NULL)
    {
      settle (self);
      return;
    }
  /* a direct command must not find another mailbox selected */
  if (self->n_direct > 0 && job->folder != NULL && job->folder != self->selected)
    return;
  g_queue_pop_head (&self->jobs);
  g_clear_handle_id (&self->poll_source, g_source_remove);
  self->current = job;
  g_set_object (&job->session, self->session);
  if (g_task_return_error_if_cancelled (job->task))
    {
      self->current = NULL;
      job_free (job);
      run_next (self);
      return;
    }
  g_debug ("%s: job %s begins", self->name, job->name);
  if (job->folder == NULL)
    job->func (job);
  else if (job->folder == self->selected && !wants_select (self, job))
    job->func (job);
  else
    cachet_folder_load_table_async (job->folder, NULL, table_loaded_cb, job);
}

gboolean
cachet_link_begin_direct (CachetLink *self, CachetFolder *folder)
{
  if (self->state != CACHET_LINK_READY || self->selected != folder)
    return FALSE;
  self->n_direct++;
  return TRUE;
}

void
cachet_link_end_direct (CachetLink *self)
{
  g_assert (self->n_direct > 0);
  self->n_direct--;
  if (self->n_direct == 0)
    run_next (self);
}

/* --- up and down --- */

static void
set_state (CachetLink *self, CachetLinkState state)
{
  static const gboolean legal[3][3] = {
    [CACHET_LINK_DOWN] = { [CACHET_LINK_CONNECTING] = TRUE },
    [CACHET_LINK_CONNECTING] = { [CACHET_LINK_DOWN] = TRUE, [CACHET_LINK_READY] = TRUE },
    [CACHET_LINK_READY] = { [CACHET_LINK_DOWN] = TRUE },
  };

  if (self->state == state)
    return;
  g_assert (legal[self->state][state]);
  g_debug ("%s: state %d -> %d", self->name, self->state, state);
  self->state = state;
  g_signal_emit (self, signals[STATE_CHANGED], 0);
}

static void
fail_jobs (CachetLink *self)
{
  CachetLinkJob *job;

  while ((job = g_queue_pop_head (&self->jobs)) != NULL)
    job_complete (job, offline_error (self));
}

static void
drop_session (CachetLink *self)
{
  if (self->session == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->session, self);
  self->bytes_received += cachet_imap_session_get_bytes_received (self->session);
  self->bytes_sent += cachet_imap_session_get_bytes_sent (self->session);
  self->n_commands += cachet_imap_session_get_n_commands (self->session);
  g_clear_object (&self->session);
}

/* The end of a session or of the attempt to get one. */
static void
go_down (CachetLink *self, const GError *error, const CachetServerCertificate *certificate)
{
  if (self->state == CACHET_LINK_DOWN)
    return;
  g_object_ref (self);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->poll_source, g_source_remove);
  g_clear_handle_id (&self->check_source, g_source_remove);
  drop_session (self);
  forget_selection (self);
  self->news_queued = FALSE;
  self->home_failed = FALSE;
  set_state (self, CACHET_LINK_DOWN);
  fail_jobs (self);
  g_signal_emit (self, signals[DOWN], 0, error, certificate);
  g_object_unref (self);
}

static void
closed_cb (CachetImapSession *session, const GError *error, CachetLink *self)
{
  if (session == self->session)
    go_down (self, error, NULL);
}

static void
authenticated_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetLink) self = user_data;
  CachetImapSession *session = CACHET_IMAP_SESSION (source);
  g_autoptr (GError) error = NULL;

  if (!cachet_imap_session_authenticate_finish (session, result, &error))
    {
      if (session == self->session)
        go_down (self, error, NULL);
      cachet_imap_session_disconnect (session);
      return;
    }
  if (session != self->session)
    return;
  set_state (self, CACHET_LINK_READY);
  run_next (self);
}

static void
password_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetLink) self = user_data;
  CachetAccount *account = CACHET_ACCOUNT (source);
  const CachetAccountSettings *settings = cachet_account_get_settings (account);
  g_autoptr (GError) error = NULL;
  g_autoptr (CachetSecret) password =
    cachet_account_lookup_password_finish (account, result, &error);

  if (self->state != CACHET_LINK_CONNECTING || self->session == NULL)
    return;
  if (password == NULL)
    {
      g_autoptr (CachetImapSession) session = g_object_ref (self->session);

      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        go_down (self, error, NULL);
      cachet_imap_session_disconnect (session);
      return;
    }
  cachet_imap_session_authenticate_async (self->session, settings->imap_user, password,
                                          settings->auth, settings->allow_clear_password,
                                          self->cancellable, authenticated_cb, g_object_ref (self));
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetLink) self = user_data;
  CachetImapSession *session = CACHET_IMAP_SESSION (source);
  g_autoptr (GError) error = NULL;

  if (!cachet_imap_session_connect_finish (session, result, &error))
    {
      g_autoptr (CachetServerCertificate) certificate =
        cachet_imap_session_dup_certificate (session);

      if (session == self->session)
        go_down (self, error, certificate);
      return;
    }
  if (session != self->session || self->account == NULL)
    return;
  cachet_account_lookup_password_async (self->account, "imap", self->cancellable, password_cb,
                                        g_object_ref (self));
}

void
cachet_link_open (CachetLink *self)
{
  const CachetAccountSettings *settings;
  CachetEngine *engine;

  if (self->state != CACHET_LINK_DOWN || self->account == NULL)
    return;
  engine = cachet_account_get_engine (self->account);
  g_return_if_fail (engine != NULL);

  settings = cachet_account_get_settings (self->account);
  self->cancellable = g_cancellable_new ();
  self->session = cachet_imap_session_new (settings->imap, cachet_engine_get_trust_decider (engine),
                                           cachet_account_get_wire_log (self->account));
  g_signal_connect (self->session, "exists", G_CALLBACK (exists_cb), self);
  g_signal_connect (self->session, "expunged", G_CALLBACK (expunged_cb), self);
  g_signal_connect (self->session, "vanished", G_CALLBACK (vanished_cb), self);
  g_signal_connect (self->session, "fetched", G_CALLBACK (fetched_cb), self);
  g_signal_connect (self->session, "alert", G_CALLBACK (alert_cb), self);
  g_signal_connect (self->session, "closed", G_CALLBACK (closed_cb), self);
  set_state (self, CACHET_LINK_CONNECTING);
  cachet_imap_session_connect_async (self->session, self->cancellable, connected_cb,
                                     g_object_ref (self));
}

void
cachet_link_close (CachetLink *self)
{
  g_autoptr (CachetImapSession) session = NULL;

  if (self->state == CACHET_LINK_DOWN)
    return;
  session = g_object_ref (self->session);
  g_cancellable_cancel (self->cancellable);
  go_down (self, NULL, NULL);
  cachet_imap_session_disconnect (session);
}

static void
logged_out_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetLink *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  if (!cachet_imap_session_order_finish (CACHET_IMAP_SESSION (source), result, &error))
    g_debug ("%s: LOGOUT: %s", self->name, error->message);
  cachet_link_close (self);
  g_task_return_boolean (task, TRUE);
}

void
cachet_link_log_out_async (CachetLink *self,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, cachet_link_log_out_async);
  if (self->state != CACHET_LINK_READY)
    {
      cachet_link_close (self);
      g_task_return_boolean (task, TRUE);
      return;
    }
  cachet_imap_session_logout_async (self->session, cancellable, logged_out_cb,
                                    g_steal_pointer (&task));
}

gboolean
cachet_link_log_out_finish (CachetLink *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
check_failed_cb (gpointer user_data)
{
  CachetLink *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CachetImapSession) session = g_object_ref (self->session);

  self->check_source = 0;
  g_set_error (&error, CACHET_NET_ERROR, CACHET_NET_ERROR_TIMEOUT,
               _ ("The server does not answer any more."));
  go_down (self, error, NULL);
  cachet_imap_session_disconnect (session);
  return G_SOURCE_REMOVE;
}

void
cachet_link_check (CachetLink *self)
{
  if (self->state != CACHET_LINK_READY || self->check_source != 0)
    return;
  self->check_source = g_timeout_add_seconds (CACHET_LINK_CHECK_SECONDS, check_failed_cb, self);
  g_source_set_name_by_id (self->check_source, "[cachet] link check");
  cachet_imap_session_noop_async (self->session, NULL, noop_done_cb, g_object_ref (self));
}

/* --- the object --- */

static void
cachet_link_dispose (GObject *object)
{
  CachetLink *self = CACHET_LINK (object);

  cachet_link_close (self);
  g_clear_object (&self->home);
  g_clear_weak_pointer (&self->account);
  G_OBJECT_CLASS (cachet_link_parent_class)->dispose (object);
}

static void
cachet_link_class_init (CachetLinkClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cachet_link_dispose;

  signals[STATE_CHANGED] = g_signal_new ("state-changed", G_TYPE_FROM_CLASS (klass),
                                         G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[DOWN] = g_signal_new ("down", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 2, G_TYPE_ERROR, CACHET_TYPE_SERVER_CERTIFICATE);
}

static void
cachet_link_init (CachetLink *self)
{
  g_queue_init (&self->jobs);
}

CachetLink *
cachet_link_new (CachetAccount *account, const char *name)
{
  CachetLink *self = g_object_new (CACHET_TYPE_LINK, NULL);

  g_set_weak_pointer (&self->account, account);
  self->name = name;
  return self;
}

CachetLinkState
cachet_link_get_state (CachetLink *self)
{
  return self->state;
}

void
cachet_link_set_home (CachetLink *self, CachetFolder *home)
{
  if (!g_set_object (&self->home, home))
    return;
  self->home_failed = FALSE;
  run_next (self);
}

CachetFolder *
cachet_link_get_home (CachetLink *self)
{
  return self->home;
}

CachetFolder *
cachet_link_get_selected (CachetLink *self)
{
  return self->selected;
}

CachetImapSession *
cachet_link_get_session (CachetLink *self)
{
  return self->state == CACHET_LINK_READY ? self->session : NULL;
}

void
cachet_link_forget_folder (CachetLink *self, CachetFolder *folder)
{
  if (self->selected == folder)
    forget_selection (self);
  if (self->home == folder)
    g_clear_object (&self->home);
}

CachetLinkSelection *
cachet_link_get_selection (CachetLink *self)
{
  return &self->selection;
}

guint64
cachet_link_get_bytes_received (CachetLink *self)
{
  return self->bytes_received +
         (self->session != NULL ? cachet_imap_session_get_bytes_received (self->session) : 0);
}

guint64
cachet_link_get_bytes_sent (CachetLink *self)
{
  return self->bytes_sent +
         (self->session != NULL ? cachet_imap_session_get_bytes_sent (self->session) : 0);
}

guint
cachet_link_get_n_commands (CachetLink *self)
{
  return self->n_commands +
         (self->session != NULL ? cachet_imap_session_get_n_commands (self->session) : 0);
}

guint
cachet_link_get_n_jobs (CachetLink *self)
{
  return g_queue_get_length (&self->jobs) + (self->current != NULL ? 1 : 0);
}
