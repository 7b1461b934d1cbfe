#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-sync.h"

#include "cachet-body-fetch.h"
#include "cachet-message-row-private.h"
#include "cachet-replay.h"
#include "cachet-row-batch.h"
#include "cachet-uid-ranges.h"

#include <glib/gi18n.h>

/* How many arrivals of one sync are told one by one. */
#define MAX_ARRIVALS_TOLD 50
/* From so many missing rows on a sync is shown as running work. */
#define ACTIVITY_MIN_ROWS 300

struct _CachetSync
{
  CachetLinkJob *job; /* while it runs */
  gboolean started;   /* the missing rows are known */
  gboolean compared;  /* with all the UIDs the server has */
  gboolean advance;   /* a fresh SELECT's modseq may be kept at the end */
  guint64 modseq;
  guint32 arrivals_after; /* UIDs above this came now; G_MAXUINT32: none are told */
  guint n_arrivals;

  GArray *ranges; /* CachetImapRange: still to be fetched, ascending */
  guint64 n_missing;
  guint64 n_fetched;
  guint chunk;
  guint in_flight;
  guint n_batches;
  GPtrArray *batch;       /* CachetImapFetch */
  GArray *changes;        /* CachetUidFlags, while flags are compared */
  CachetImapSet *present; /* UIDs that answered while flags are compared */
  GError *error;
  CachetActivity *activity;
};

static void fetch_more (CachetSync *self);
static void begin_search (CachetSync *self, guint32 since);

CachetSync *
cachet_sync_new (void)
{
  CachetSync *self = g_new0 (CachetSync, 1);

  self->chunk = CACHET_SYNC_FIRST_CHUNK;
  self->arrivals_after = G_MAXUINT32;
  self->ranges = g_array_new (FALSE, FALSE, sizeof (CachetImapRange));
  return self;
}

void
cachet_sync_free (CachetSync *self)
{
  g_clear_pointer (&self->ranges, g_array_unref);
  g_clear_pointer (&self->batch, g_ptr_array_unref);
  g_clear_pointer (&self->changes, g_array_unref);
  g_clear_pointer (&self->present, cachet_imap_set_free);
  g_clear_error (&self->error);
  if (self->activity != NULL)
    cachet_activity_end (self->activity);
  g_clear_object (&self->activity);
  g_free (self);
}

gboolean
cachet_sync_is_started (CachetSync *self)
{
  return self->started;
}

/* --- what SELECT and the server say by themselves --- */

void
cachet_sync_vanished (CachetFolder *folder, const CachetImapSet *uids)
{
  CachetFolderTable *table = cachet_folder_get_table (folder);
  g_autoptr (GArray) gone = NULL;

  if (table == NULL)
    return;
  gone = cachet_uid_ranges_known (uids, table);
  cachet_folder_server_gone (folder, gone);
}

static void
take_changes (CachetFolder *folder, GPtrArray *fetches)
{
  g_autoptr (GArray) changes = g_array_new (FALSE, FALSE, sizeof (CachetUidFlags));

  for (guint i = 0; i < fetches->len; i++)
    {
      const CachetImapFetch *fetch = g_ptr_array_index (fetches, i);
      CachetUidFlags change = { fetch->uid, fetch->flags, fetch->modseq };

      if (fetch->uid != 0 && fetch->has_flags)
        g_array_append_val (changes, change);
    }
  cachet_folder_server_flags (folder, changes);
}

static void
uidvalidity_changed (CachetFolder *folder, guint32 uidvalidity)
{
  CachetAccount *account = cachet_folder_get_account (folder);
  CachetStoredMailbox *stored = cachet_folder_get_stored (folder);

  g_message ("UIDVALIDITY of %s changed from %u to %u", stored->name, stored->uidvalidity,
             uidvalidity);
  cachet_folder_clear (folder);
  stored->uidvalidity = uidvalidity;
  cachet_folder_save (folder);
  cachet_replay_drop_mailbox (account, folder);
}

gboolean
cachet_sync_absorb_select (CachetFolder *folder,
                           CachetImapSession *session,
                           CachetImapSelected *selected)
{
  CachetStoredMailbox *stored = cachet_folder_get_stored (folder);
  guint32 uidvalidity = 0;
  gboolean resynced;

  if (selected->status.fields & CACHET_IMAP_STATUS_UIDVALIDITY)
    uidvalidity = selected->status.uidvalidity;
  resynced = stored->uidvalidity != 0 && stored->uidvalidity == uidvalidity &&
             stored->highestmodseq != 0 &&
             (selected->status.fields & CACHET_IMAP_STATUS_HIGHESTMODSEQ) != 0 &&
             cachet_imap_session_has_capability (session, "QRESYNC");
  if (stored->uidvalidity != 0 && stored->uidvalidity != uidvalidity)
    uidvalidity_changed (folder, uidvalidity);
  if (stored->uidvalidity == 0)
    {
      stored->uidvalidity = uidvalidity;
      cachet_folder_save (folder);
    }
  if (selected->vanished != NULL)
    cachet_sync_vanished (folder, selected->vanished);
  if (selected->changes != NULL)
    take_changes (folder, selected->changes);
  return resynced;
}

/* --- the end --- */

static void
end_run (CachetSync *self, gboolean again)
{
  CachetLinkJob *job = g_steal_pointer (&self->job);

  if (again)
    {
      cachet_link_job_requeue (job);
      return;
    }
  cachet_folder_set_syncing (job->folder, FALSE);
  if (self->activity != NULL)
    cachet_activity_end (self->activity);
  g_clear_object (&self->activity);
  if (self->error == NULL)
    cachet_body_fetch_prefetch (cachet_folder_get_account (job->folder), job->folder);
  cachet_link_job_return (job, g_steal_pointer (&self->error));
}

static gboolean
is_still_selected (CachetSync *self)
{
  return cachet_link_get_session (self->job->link) == self->job->session &&
         cachet_link_get_selected (self->job->link) == self->job->folder;
}

static void
complete (CachetSync *self)
{
  CachetFolder *folder = self->job->folder;
  CachetStoredMailbox *stored = cachet_folder_get_stored (folder);
  CachetLinkSelection *selection = cachet_link_get_selection (self->job->link);
  guint n_known = cachet_folder_table_get_length (cachet_folder_get_table (folder));

  if (!is_still_selected (self))
    {
      self->error = g_error_new (CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_OFFLINE,
                                 _ ("The connection ended before the folder was in step."));
      end_run (self, FALSE);
      return;
    }
  if (n_known != selection->exists && !self->compared)
    {
      begin_search (self, 0);
      return;
    }
  stored->uidnext = MAX (selection->uidnext, cachet_folder_get_max_uid (folder) + 1);
  if (self->advance)
    stored->highestmodseq = self->modseq;
  stored->synced = TRUE;
  cachet_folder_save (folder);
  cachet_link_tell_uids (self->job->link);
  end_run (self, FALSE);
}

/* --- rows --- */

static void
tell_arrivals (CachetSync *self, GPtrArray *rows, GArray *entries)
{
  CachetFolder *folder = self->job->folder;
  CachetEngine *engine = cachet_account_get_engine (cachet_folder_get_account (folder));

  for (guint i = 0; i < rows->len && i < entries->len; i++)
    {
      const CachetListEntry *entry = &g_array_index (entries, CachetListEntry, i);
      g_autoptr (CachetMessageRow) row = NULL;

      if (entry->uid <= self->arrivals_after || (entry->flags & CACHET_MESSAGE_FLAG_SEEN) != 0 ||
          ++self->n_arrivals > MAX_ARRIVALS_TOLD)
        continue;
      row = cachet_message_row_new (folder, entry);
      cachet_message_row_take_stored (row, cachet_stored_row_copy (g_ptr_array_index (rows, i)));
      cachet_engine_emit_arrived (engine, folder, row);
    }
}

static void
batch_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetSync *self = user_data;
  g_autoptr (GArray) entries = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows =
    cachet_row_batch_store_finish (CACHET_FOLDER (source), result, &entries, &error);

  self->n_batches--;
  if (rows != NULL)
    {
      self->n_fetched += rows->len;
      if (self->activity != NULL && self->n_missing > 0)
        cachet_activity_set_fraction (self->activity,
                                      (double)self->n_fetched / (double)self->n_missing);
      if (cachet_folder_get_role (CACHET_FOLDER (source)) == CACHET_FOLDER_ROLE_INBOX)
        tell_arrivals (self, rows, entries);
    }
  else if (self->error == NULL)
    {
      cachet_account_cache_failed (cachet_folder_get_account (CACHET_FOLDER (source)), error);
      self->error = g_steal_pointer (&error);
    }
  fetch_more (self);
}

static void
submit_batch (CachetSync *self)
{
  /* the newest rows and single arrivals go before the bulk of a first sync */
  int priority = self->n_missing <= CACHET_SYNC_SECOND_CHUNK || self->n_fetched == 0
                   ? CACHET_WORKER_PRIORITY_DEFAULT
                   : CACHET_WORKER_PRIORITY_BULK;

  if (self->batch == NULL)
    return;
  self->n_batches++;
  cachet_row_batch_store_async (self->job->folder, g_steal_pointer (&self->batch), priority,
                                batch_stored_cb, self);
}

static void
row_cb (const CachetImapFetch *fetch, gpointer user_data)
{
  CachetSync *self = user_data;

  if (fetch->uid == 0 || fetch->uid >= CACHET_PLACEHOLDER_UID_MIN)
    return;
  if (self->batch == NULL)
    self->batch = g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_imap_fetch_free);
  g_ptr_array_add (self->batch, cachet_imap_fetch_copy (fetch));
  if (self->batch->len >= CACHET_SYNC_BATCH)
    submit_batch (self);
}

static void
chunk_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetSync *self = user_data;
  g_autoptr (GError) error = NULL;

  self->in_flight--;
  if (cachet_imap_session_fetch_finish (CACHET_IMAP_SESSION (source), result, &error) < 0 &&
      self->error == NULL)
    self->error = g_steal_pointer (&error);
  submit_batch (self);
  fetch_more (self);
}

static void
begin_chunk (CachetSync *self)
{
  g_autoptr (CachetImapSet) uids = cachet_uid_ranges_pop_newest (self->ranges, self->chunk);

  self->chunk = self->chunk < CACHET_SYNC_SECOND_CHUNK
                  ? CACHET_SYNC_SECOND_CHUNK
                  : MIN (self->chunk * 2, (guint)CACHET_SYNC_MAX_CHUNK);
  self->in_flight++;
  cachet_imap_session_fetch_async (self->job->session, uids, CACHET_IMAP_FETCH_ROW, 0, row_cb, self,
                                   NULL, chunk_done_cb, self);
}

/* The heart: asks for the next chunks, or ends when everything that was asked for is stored. */
static void
fetch_more (CachetSync *self)
{
  gboolean urgent = cachet_link_has_urgent (self->job->link, self->job->priority);

  if (self->error == NULL)
    g_cancellable_set_error_if_cancelled (g_task_get_cancellable (self->job->task), &self->error);
  while (self->error == NULL && self->ranges->len > 0 && !urgent &&
         self->in_flight < CACHET_SYNC_MAX_IN_FLIGHT && self->n_batches < CACHET_SYNC_MAX_BATCHES)
    begin_chunk (self);
  if (self->in_flight > 0 || self->n_batches > 0)
    return;
  if (self->error != NULL)
    {
      /* what is missing is not known any more when it is tried again */
      cachet_folder_get_stored (self->job->folder)->synced = FALSE;
      end_run (self, FALSE);
    }
  else if (self->ranges->len > 0)
    end_run (self, TRUE);
  else
    complete (self);
}

static void
fetch_missing (CachetSync *self, const CachetImapSet *missing)
{
  CachetFolder *folder = self->job->folder;
  CachetAccount *account = cachet_folder_get_account (folder);

  g_array_unref (self->ranges);
  self->ranges = cachet_uid_ranges_from_set (missing);
  self->n_missing = cachet_imap_set_get_size (missing);
  self->n_fetched = 0;
  self->chunk = CACHET_SYNC_FIRST_CHUNK;
  self->started = TRUE;
  if (self->n_missing >= ACTIVITY_MIN_ROWS && self->activity == NULL)
    {
      g_autofree char *title =
        g_strdup_printf (_ ("Reading the list of “%s”"), cachet_folder_get_name (folder));
      self->activity = cachet_engine_begin_activity (cachet_account_get_engine (account),
                                                     cachet_account_get_id (account), title,
                                                     g_task_get_cancellable (self->job->task));
    }
  fetch_more (self);
}

/* All UIDs from @first on, in one command: what came, when it is little. */
static void
fetch_from (CachetSync *self, guint32 first)
{
  g_autoptr (CachetImapSet) uids = cachet_imap_set_new ();

  self->started = TRUE;
  cachet_imap_set_add_range (uids, first, G_MAXUINT32);
  self->in_flight++;
  cachet_imap_session_fetch_async (self->job->session, uids, CACHET_IMAP_FETCH_ROW, 0, row_cb, self,
                                   NULL, chunk_done_cb, self);
}

/* --- comparing --- */

static gboolean
is_sane (CachetSync *self, const CachetImapSet *all)
{
  if (cachet_imap_set_get_size (all) <= CACHET_SYNC_MAX_MESSAGES)
    return TRUE;
  g_set_error (&self->error, CACHET_NET_ERROR, CACHET_NET_ERROR_LIMIT,
               _ ("The folder “%s” has more than %d messages; Cachet does not read it."),
                  cachet_folder_get_name (self->job->folder), CACHET_SYNC_MAX_MESSAGES);
  return FALSE;
}

typedef struct
{
  CachetSync *sync;
  guint32 since;
} Search;

static void
searched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Search *search = user_data;
  CachetSync *self = search->sync;
  CachetFolderTable *table = cachet_folder_get_table (self->job->folder);
  g_autoptr (CachetImapSet) missing = NULL;
  g_autoptr (CachetImapSet) all =
    cachet_imap_session_search_finish (CACHET_IMAP_SESSION (source), result, &self->error);

  if (all == NULL || !is_sane (self, all))
    {
      end_run (self, FALSE);
      return;
    }
  if (search->since == 0)
    {
      g_autoptr (GArray) gone = cachet_uid_ranges_gone (all, table, 1, G_MAXUINT32);

      self->compared = TRUE;
      cachet_folder_server_gone (self->job->folder, gone);
    }
  missing = cachet_uid_ranges_missing (all, table);
  fetch_missing (self, missing);
}

static void
begin_search (CachetSync *self, guint32 since)
{
  Search *search = g_new0 (Search, 1);

  search->sync = self;
  search->since = since;
  cachet_imap_session_search_async (self->job->session, NULL, NULL, NULL, since, NULL, searched_cb,
                                    search);
}

static void
flags_cb (const CachetImapFetch *fetch, gpointer user_data)
{
  CachetSync *self = user_data;
  CachetUidFlags change = { fetch->uid, fetch->flags, fetch->modseq };

  if (fetch->uid == 0)
    return;
  if (self->present != NULL)
    cachet_imap_set_add (self->present, fetch->uid);
  g_array_append_val (self->changes, change);
}

static void
flags_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetSync *self = user_data;
  CachetFolderTable *table = cachet_folder_get_table (self->job->folder);
  g_autoptr (GArray) changes = g_steal_pointer (&self->changes);
  g_autoptr (CachetImapSet) present = g_steal_pointer (&self->present);
  g_autoptr (CachetImapSet) missing = NULL;
  g_autoptr (GArray) gone = NULL;

  if (cachet_imap_session_fetch_finish (CACHET_IMAP_SESSION (source), result, &self->error) < 0)
    {
      end_run (self, FALSE);
      return;
    }
  cachet_folder_server_flags (self->job->folder, changes);
  if (present == NULL)
    {
      begin_search (self, 0);
      return;
    }
  if (!is_sane (self, present))
    {
      end_run (self, FALSE);
      return;
    }
  self->compared = TRUE;
  gone = cachet_uid_ranges_gone (present, table, 1, G_MAXUINT32);
  cachet_folder_server_gone (self->job->folder, gone);
  missing = cachet_uid_ranges_missing (present, table);
  fetch_missing (self, missing);
}

/* Flags of what is known: those changed since @modseq, or (0) of every message there is. */
static void
compare_flags (CachetSync *self, guint64 modseq)
{
  g_autoptr (CachetImapSet) uids = cachet_imap_set_new ();

  self->changes = g_array_new (FALSE, FALSE, sizeof (CachetUidFlags));
  if (modseq == 0)
    {
      self->present = cachet_imap_set_new ();
      cachet_imap_set_add_range (uids, 1, G_MAXUINT32);
    }
  else
    cachet_imap_set_add_range (uids, 1, MAX (cachet_folder_get_max_uid (self->job->folder), 1));
  cachet_imap_session_fetch_async (self->job->session, uids, CACHET_IMAP_FETCH_FLAGS, modseq,
                                   flags_cb, self, NULL, flags_done_cb, self);
}

/* Everything that is known is in step: only what is above it can be missing. */
static void
fetch_news (CachetSync *self)
{
  CachetFolder *folder = self->job->folder;
  const CachetLinkSelection *selection = cachet_link_get_selection (self->job->link);
  guint n_known = cachet_folder_table_get_length (cachet_folder_get_table (folder));
  guint32 first = cachet_folder_get_max_uid (folder) + 1;

  if (selection->exists <= n_known)
    complete (self);
  else if (selection->exists - n_known <= CACHET_SYNC_SECOND_CHUNK)
    fetch_from (self, first);
  else
    begin_search (self, first);
}

static void
begin_compare (CachetSync *self)
{
  CachetFolder *folder = self->job->folder;
  CachetStoredMailbox *stored = cachet_folder_get_stored (folder);
  CachetFolderTable *table = cachet_folder_get_table (folder);
  CachetLinkSelection *selection = cachet_link_get_selection (self->job->link);
  guint n_known = cachet_folder_table_get_length (table);

  selection->fresh = FALSE;
  self->started = FALSE;
  self->compared = FALSE;
  self->advance = TRUE;
  self->modseq = selection->highestmodseq;
  if (stored->synced && n_known > 0)
    self->arrivals_after = cachet_folder_get_max_uid (folder);
  if (selection->exists == 0)
    {
      g_autoptr (GArray) gone = cachet_folder_table_dup_uids (table);

      cachet_folder_server_gone (folder, gone);
      complete (self);
    }
  else if (n_known == 0)
    {
      /* rows that are fetched from now on are at least as new as this */
      stored->highestmodseq = selection->highestmodseq;
      begin_search (self, 0);
    }
  else if (selection->resynced && stored->synced)
    fetch_news (self);
  else if (selection->resynced)
    begin_search (self, 0);
  else if (stored->synced && stored->highestmodseq != 0 &&
           stored->highestmodseq == selection->highestmodseq && n_known == selection->exists &&
           selection->uidnext != 0 && stored->uidnext == selection->uidnext)
    complete (self);
  else if (stored->highestmodseq != 0 && selection->highestmodseq != 0)
    compare_flags (self, stored->highestmodseq);
  else
    compare_flags (self, 0);
}

static void
noop_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetSync *self = user_data;

  if (cachet_imap_session_order_finish (CACHET_IMAP_SESSION (source), result, &self->error))
    fetch_news (self);
  else
    end_run (self, FALSE);
}

void
cachet_sync_run_job (CachetLinkJob *job)
{
  CachetSync *self = job->data;
  const CachetLinkSelection *selection = cachet_link_get_selection (job->link);

  self->job = job;
  cachet_folder_set_syncing (job->folder, TRUE);
  if (selection->fresh)
    begin_compare (self);
  else if (self->started)
    fetch_more (self);
  else
    {
      /* selected and in step until now: hear what is new, then fetch it */
      if (cachet_folder_get_stored (job->folder)->synced)
        self->arrivals_after = cachet_folder_get_max_uid (job->folder);
      if (selection->exists >
          cachet_folder_table_get_length (cachet_folder_get_table (job->folder)))
        fetch_news (self);
      else
        cachet_imap_session_noop_async (job->session, NULL, noop_done_cb, self);
    }
}
