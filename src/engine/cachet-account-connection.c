#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-account-internal.h"
#include "cachet-outbox-private.h"
#include "cachet-sync.h"

#include <glib/gi18n.h>

/*
 * Two connections: "watch" idles on INBOX, "work" does everything else and idles on the folder that
 * is open. Each that goes down is tried again by itself:
 *
 *   open -> DOWN with an error that only the user can answer -> attention; nothing is tried
 *        -> DOWN otherwise -> 1, 2, 4 … 300 s (with jitter), or at once when the network comes up
 */

static void open_slot (CachetAccountSlot *slot);

/* --- waiting for it --- */

static void
finish_live_waiters (CachetAccount *self, const GError *error)
{
  g_autoptr (GPtrArray) waiters = g_steal_pointer (&self->live_waiters);

  for (guint i = 0; waiters != NULL && i < waiters->len; i++)
    {
      GTask *task = g_ptr_array_index (waiters, i);

      if (error != NULL)
        g_task_return_error (task, g_error_copy (error));
      else
        g_task_return_boolean (task, TRUE);
    }
}

void
cachet_account_wait_live_async (CachetAccount *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, cachet_account_wait_live_async);
  if (cachet_account_is_live (self))
    g_task_return_boolean (task, TRUE);
  else if (cachet_link_get_state (self->watch.link) == CACHET_LINK_CONNECTING)
    {
      if (self->live_waiters == NULL)
        self->live_waiters = g_ptr_array_new_with_free_func (g_object_unref);
      g_ptr_array_add (self->live_waiters, g_steal_pointer (&task));
    }
  else
    g_task_return_new_error (task, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_OFFLINE, "%s",
                             self->state_text);
}

gboolean
cachet_account_wait_live_finish (CachetAccount *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- trying again --- */

static gboolean
retry_cb (gpointer user_data)
{
  CachetAccountSlot *slot = user_data;

  slot->retry_source = 0;
  open_slot (slot);
  return G_SOURCE_REMOVE;
}

static void
retry_later (CachetAccountSlot *slot)
{
  guint seconds = MIN (1u << MIN (slot->attempt, 9u), (guint)CACHET_ACCOUNT_MAX_BACKOFF_SECONDS);
  guint pause = seconds * 1000;

  /* a quarter of jitter to both sides, so that many clients do not come back in step */
  pause = pause - pause / 4 + g_random_int_range (0, pause / 2);
  slot->attempt++;
  g_clear_handle_id (&slot->retry_source, g_source_remove);
  slot->retry_source = g_timeout_add (pause, retry_cb, slot);
  g_source_set_name_by_id (slot->retry_source, "[cachet] reconnect");
}

static gboolean
is_unknown_host (const GError *error)
{
  return g_error_matches (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND);
}

static void
link_down_cb (CachetLink *link,
              const GError *error,
              const CachetServerCertificate *certificate,
              CachetAccountSlot *slot)
{
  CachetAccount *self = slot->account;
  gboolean needs_you = FALSE;

  g_free (slot->trouble);
  slot->trouble = error != NULL ? g_strdup (error->message) : NULL;
  if (error != NULL)
    g_debug ("%s: %s", cachet_account_get_id (self), error->message);
  if (self->wanted && error != NULL)
    {
      needs_you = cachet_account_attention_from_error (self, error, certificate);
      if (!needs_you && is_unknown_host (error) && slot == &self->watch &&
          slot->attempt + 1 >= CACHET_ACCOUNT_SETTINGS_ATTEMPTS)
        cachet_account_set_attention (self, CACHET_ATTENTION_SETTINGS, NULL, error->message);
      if (!needs_you)
        retry_later (slot);
    }
  cachet_account_update_state (self);
  if (slot == &self->watch)
    {
      finish_live_waiters (self, error);
      cachet_replay_kick (self->replay); /* tells those who wait for it that it can't go on */
    }
}

/* --- up --- */

static void
folders_refreshed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  CachetAccount *self = CACHET_ACCOUNT (source);
  g_autoptr (GPtrArray) changed = cachet_account_refresh_folders_finish (self, result, &error);

  if (changed == NULL)
    {
      g_debug ("The folder list was not read: %s", error->message);
      return;
    }
  for (guint i = 0; i < changed->len; i++)
    {
      CachetFolder *folder = g_ptr_array_index (changed, i);

      cachet_account_queue_sync (self, folder,
                                 g_hash_table_contains (self->in_use, folder)
                                   ? CACHET_WORKER_PRIORITY_DEFAULT
                                   : CACHET_WORKER_PRIORITY_BULK);
    }
}

static gboolean
poll_cb (gpointer user_data)
{
  CachetAccount *self = user_data;

  if (cachet_account_is_live (self) && self->n_refreshes == 0)
    cachet_account_refresh_folders_async (self, NULL, folders_refreshed_cb, NULL);
  return G_SOURCE_CONTINUE;
}

static void
watch_is_up (CachetAccount *self)
{
  CachetFolder *inbox = cachet_account_find_mailbox (self, "INBOX");

  if (self->attention != CACHET_ATTENTION_NONE)
    cachet_account_set_attention (self, CACHET_ATTENTION_NONE, NULL, NULL);
  cachet_link_set_home (self->watch.link, inbox);
  open_slot (&self->work);
  cachet_account_refresh_folders_async (self, NULL, folders_refreshed_cb, NULL);
  cachet_replay_kick (self->replay);
  finish_live_waiters (self, NULL);
  if (self->engine != NULL)
    cachet_outbox_account_live (cachet_engine_get_outbox (self->engine), self);
  if (self->poll_source == 0)
    {
      self->poll_source = g_timeout_add_seconds (CACHET_ACCOUNT_POLL_SECONDS, poll_cb, self);
      g_source_set_name_by_id (self->poll_source, "[cachet] folder poll");
    }
}

static void
link_state_cb (CachetLink *link, CachetAccountSlot *slot)
{
  CachetAccount *self = slot->account;

  if (cachet_link_get_state (link) == CACHET_LINK_READY)
    {
      slot->attempt = 0;
      g_clear_pointer (&slot->trouble, g_free);
      if (slot == &self->watch)
        watch_is_up (self);
    }
  /* "down" follows at once and knows why */
  if (cachet_link_get_state (link) != CACHET_LINK_DOWN)
    cachet_account_update_state (self);
}

static void
open_slot (CachetAccountSlot *slot)
{
  CachetAccount *self = slot->account;

  g_clear_handle_id (&slot->retry_source, g_source_remove);
  if (!self->wanted || self->engine == NULL || !cachet_engine_is_running (self->engine) ||
      cachet_engine_is_read_only (self->engine))
    return;
  slot->last_try = g_get_monotonic_time ();
  cachet_link_open (slot->link);
}

/* --- the network --- */

static gboolean
retry_all_cb (gpointer user_data)
{
  CachetAccount *self = user_data;

  self->retry_all_source = 0;
  if (self->watch.retry_source != 0)
    open_slot (&self->watch);
  if (self->work.retry_source != 0)
    open_slot (&self->work);
  return G_SOURCE_REMOVE;
}

static void
network_changed_cb (GNetworkMonitor *monitor, gboolean available, CachetAccount *self)
{
  gint64 since = (g_get_monotonic_time () - self->watch.last_try) / G_USEC_PER_SEC;

  cachet_link_check (self->watch.link);
  cachet_link_check (self->work.link);
  /* "changed" comes in bursts: they are one attempt */
  if (!available || self->retry_all_source != 0)
    return;
  self->retry_all_source = g_timeout_add_seconds (
    since >= CACHET_ACCOUNT_MIN_RETRY_SECONDS ? 0 : CACHET_ACCOUNT_MIN_RETRY_SECONDS - since,
    retry_all_cb, self);
  g_source_set_name_by_id (self->retry_all_source, "[cachet] network is up");
}

/* --- orders --- */

static void
init_slot (CachetAccount *self, CachetAccountSlot *slot, const char *name)
{
  slot->account = self;
  slot->link = cachet_link_new (self, name);
  g_signal_connect (slot->link, "down", G_CALLBACK (link_down_cb), slot);
  g_signal_connect (slot->link, "state-changed", G_CALLBACK (link_state_cb), slot);
}

static void
clear_slot (CachetAccountSlot *slot)
{
  g_clear_handle_id (&slot->retry_source, g_source_remove);
  if (slot->link != NULL)
    {
      g_signal_handlers_disconnect_by_data (slot->link, slot);
      cachet_link_close (slot->link);
    }
  g_clear_object (&slot->link);
  g_clear_pointer (&slot->trouble, g_free);
}

void
cachet_account_connection_init (CachetAccount *self)
{
  init_slot (self, &self->watch, "watch");
  init_slot (self, &self->work, "work");
  g_signal_connect_object (g_network_monitor_get_default (), "network-changed",
                           G_CALLBACK (network_changed_cb), self, 0);
  cachet_account_update_state (self);
}

void
cachet_account_connection_clear (CachetAccount *self)
{
  self->wanted = FALSE;
  g_clear_handle_id (&self->poll_source, g_source_remove);
  g_clear_handle_id (&self->retry_all_source, g_source_remove);
  clear_slot (&self->watch);
  clear_slot (&self->work);
  finish_live_waiters (self, NULL);
}

void
cachet_account_connection_start (CachetAccount *self)
{
  self->wanted = TRUE;
  self->sent_offline = FALSE;
  self->watch.attempt = 0;
  self->work.attempt = 0;
  if (self->attention != CACHET_ATTENTION_NONE)
    cachet_account_set_attention (self, CACHET_ATTENTION_NONE, NULL, NULL);
  open_slot (&self->watch);
  if (cachet_account_is_live (self))
    open_slot (&self->work);
  cachet_account_update_state (self);
}

void
cachet_account_connection_stop (CachetAccount *self)
{
  self->wanted = FALSE;
  g_clear_handle_id (&self->watch.retry_source, g_source_remove);
  g_clear_handle_id (&self->work.retry_source, g_source_remove);
  g_clear_handle_id (&self->poll_source, g_source_remove);
  cachet_link_close (self->watch.link);
  cachet_link_close (self->work.link);
  cachet_account_update_state (self);
}

void
cachet_account_reconnect (CachetAccount *self)
{
  g_return_if_fail (CACHET_IS_ACCOUNT (self));

  if (self->engine != NULL && cachet_engine_is_read_only (self->engine))
    {
      cachet_account_set_attention (self, CACHET_ATTENTION_NONE, NULL, NULL);
      cachet_engine_take_notice (
        self->engine, cachet_notice_new (
                        self->settings->id, TRUE,
                        _ ("Another Cachet uses the same data."),
                           _ ("Connections are made by that one only. Close it and try again.")));
      return;
    }
  cachet_account_connection_start (self);
}

void
cachet_account_go_offline (CachetAccount *self)
{
  g_return_if_fail (CACHET_IS_ACCOUNT (self));

  self->sent_offline = TRUE;
  cachet_account_connection_stop (self);
  if (self->attention != CACHET_ATTENTION_NONE)
    cachet_account_set_attention (self, CACHET_ATTENTION_NONE, NULL, NULL);
}

gboolean
cachet_account_was_sent_offline (CachetAccount *self)
{
  return self->sent_offline;
}

CachetLink *
cachet_account_route (CachetAccount *self, CachetFolder *folder)
{
  CachetLink *first = self->work.link, *second = self->watch.link;

  if (folder != NULL && cachet_folder_get_role (folder) == CACHET_FOLDER_ROLE_INBOX)
    {
      first = self->watch.link;
      second = self->work.link;
    }
  if (cachet_link_get_state (first) != CACHET_LINK_DOWN)
    return first;
  return cachet_link_get_state (second) != CACHET_LINK_DOWN ? second : first;
}

void
cachet_account_folder_in_use (CachetAccount *self, CachetFolder *folder, gboolean in_use)
{
  CachetFolder *home = NULL;

  if (in_use)
    {
      g_hash_table_add (self->in_use, g_object_ref (folder));
      self->last_opened = folder;
    }
  else if (self->in_use != NULL)
    {
      g_autoptr (CachetFolder) alive = g_object_ref (folder);
      GHashTableIter iter;
      gpointer key;

      g_hash_table_remove (self->in_use, folder);
      if (self->last_opened == folder)
        {
          g_hash_table_iter_init (&iter, self->in_use);
          self->last_opened = g_hash_table_iter_next (&iter, &key, NULL) ? key : NULL;
        }
    }
  home = self->last_opened;
  if (home != NULL && (cachet_folder_get_role (home) == CACHET_FOLDER_ROLE_INBOX ||
                       !cachet_folder_is_selectable (home)))
    home = NULL;
  if (self->work.link != NULL)
    cachet_link_set_home (self->work.link, home);
  if (in_use && self->work.link != NULL && cachet_account_is_live (self) &&
      cachet_folder_is_selectable (folder))
    cachet_account_queue_sync (self, folder, CACHET_WORKER_PRIORITY_DEFAULT);
}

/* --- syncs --- */

static void
link_sync_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetFolder *folder = g_task_get_task_data (task);
  GError *error = NULL;

  if (!cachet_link_run_finish (CACHET_LINK (source), result, &error))
    {
      g_debug ("sync of %s: %s", cachet_folder_get_mailbox (folder), error->message);
      g_task_return_error (task, error);
      return;
    }
  g_task_return_boolean (task, TRUE);
}

static void
sync_with_priority (CachetAccount *self,
                    CachetFolder *folder,
                    int priority,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, cachet_account_sync_folder_async);
  g_task_set_task_data (task, g_object_ref (folder), g_object_unref);
  cachet_link_run_async (cachet_account_route (self, folder), priority, "sync", folder,
                         cachet_sync_run_job, cachet_sync_new (), (GDestroyNotify)cachet_sync_free,
                         cancellable, link_sync_done_cb, task);
}

void
cachet_account_sync_folder_async (CachetAccount *self,
                                  CachetFolder *folder,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  sync_with_priority (self, folder, CACHET_WORKER_PRIORITY_DEFAULT, cancellable, callback,
                      user_data);
}

gboolean
cachet_account_sync_folder_finish (CachetAccount *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
queued_sync_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!cachet_account_sync_folder_finish (CACHET_ACCOUNT (source), result, &error))
    g_debug ("a folder was not synced: %s", error->message);
}

void
cachet_account_queue_sync (CachetAccount *self, CachetFolder *folder, int priority)
{
  sync_with_priority (self, folder, priority, NULL, queued_sync_done_cb, NULL);
}
