#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-folder-private.h"

#include "cachet-account-private.h"
#include "cachet-folder-roles.h"
#include "cachet-folder-table.h"
#include "cachet-imap-data.h"
#include "cachet-message-list-private.h"
#include "cachet-replay.h"

#include <string.h>

struct _CachetFolder
{
  GObject parent_instance;

  CachetAccount *account; /* weak */
  CachetStoredMailbox *stored;
  char *parent_path;
  guint unread;
  guint total;
  gboolean syncing;
  guint save_source;

  CachetMessageList *list; /* weak */

  CachetFolderTable *table; /* (nullable) until loaded */
  GPtrArray *table_waiters; /* (nullable) GTask: while it is being read */

  GPtrArray *operations; /* CachetOperation: pending ones of this folder */
};

enum {
  PROP_0,
  PROP_NAME,
  PROP_PATH,
  PROP_UNREAD,
  PROP_TOTAL,
  PROP_SYNCING,
  PROP_ROLE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (CachetFolder, cachet_folder, G_TYPE_OBJECT)

static CachetMailStore *
get_store (CachetFolder *self)
{
  CachetEngine *engine = self->account != NULL ? cachet_account_get_engine (self->account) : NULL;

  return engine != NULL ? cachet_engine_get_mail_store (engine) : NULL;
}

static void
list_gone_cb (gpointer user_data, GObject *where_the_list_was)
{
  CachetFolder *self = user_data;

  self->list = NULL;
  if (self->account != NULL)
    cachet_account_folder_in_use (self->account, self, FALSE);
}

static void
cachet_folder_dispose (GObject *object)
{
  CachetFolder *self = CACHET_FOLDER (object);

  g_clear_handle_id (&self->save_source, g_source_remove);
  if (self->list != NULL)
    g_object_weak_unref (G_OBJECT (self->list), list_gone_cb, self);
  self->list = NULL;
  g_clear_weak_pointer (&self->account);
  G_OBJECT_CLASS (cachet_folder_parent_class)->dispose (object);
}

static void
cachet_folder_finalize (GObject *object)
{
  CachetFolder *self = CACHET_FOLDER (object);

  g_clear_pointer (&self->stored, cachet_stored_mailbox_free);
  g_clear_pointer (&self->table, cachet_folder_table_free);
  g_clear_pointer (&self->operations, g_ptr_array_unref);
  g_free (self->parent_path);
  G_OBJECT_CLASS (cachet_folder_parent_class)->finalize (object);
}

static void
cachet_folder_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CachetFolder *self = CACHET_FOLDER (object);

  switch (id)
    {
    case PROP_NAME:
      g_value_set_string (value, cachet_folder_get_name (self));
      break;
    case PROP_PATH:
      g_value_set_string (value, cachet_folder_get_path (self));
      break;
    case PROP_UNREAD:
      g_value_set_uint (value, self->unread);
      break;
    case PROP_TOTAL:
      g_value_set_uint (value, self->total);
      break;
    case PROP_SYNCING:
      g_value_set_boolean (value, self->syncing);
      break;
    case PROP_ROLE:
      g_value_set_int (value, self->stored->role);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
cachet_folder_class_init (CachetFolderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = cachet_folder_dispose;
  object_class->finalize = cachet_folder_finalize;
  object_class->get_property = cachet_folder_get_property;

  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, flags);
  properties[PROP_UNREAD] = g_param_spec_uint ("unread", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_TOTAL] = g_param_spec_uint ("total", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_SYNCING] = g_param_spec_boolean ("syncing", NULL, NULL, FALSE, flags);
  properties[PROP_ROLE] = g_param_spec_int ("role", NULL, NULL, 0, G_MAXINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
cachet_folder_init (CachetFolder *self)
{
  self->operations = g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_operation_unref);
}

/* --- facts --- */

static void
set_counts (CachetFolder *self, guint unread, guint total)
{
  if (self->unread != unread)
    {
      self->unread = unread;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNREAD]);
    }
  if (self->total != total)
    {
      self->total = total;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TOTAL]);
    }
}

static void
take_names (CachetFolder *self)
{
  const char *path = self->stored->display_name;
  const char *last = cachet_folder_last_component (path, self->stored->delimiter);

  g_free (self->parent_path);
  self->parent_path = last > path ? g_strndup (path, last - path - 1) : NULL;
}

CachetFolder *
cachet_folder_new (CachetAccount *account, const CachetStoredMailbox *stored)
{
  CachetFolder *self = g_object_new (CACHET_TYPE_FOLDER, NULL);

  g_set_weak_pointer (&self->account, account);
  self->stored = cachet_stored_mailbox_copy (stored);
  take_names (self);
  set_counts (self, stored->n_unseen, stored->n_messages);
  return self;
}

void
cachet_folder_take_stored (CachetFolder *self,
                           const CachetStoredMailbox *stored,
                           gboolean with_counts)
{
  g_autoptr (CachetStoredMailbox) old = g_steal_pointer (&self->stored);

  self->stored = cachet_stored_mailbox_copy (stored);
  if (!with_counts)
    {
      self->stored->uidvalidity = old->uidvalidity;
      self->stored->uidnext = old->uidnext;
      self->stored->highestmodseq = old->highestmodseq;
      self->stored->n_messages = old->n_messages;
      self->stored->n_unseen = old->n_unseen;
      self->stored->synced = old->synced;
    }
  else if (self->table == NULL)
    set_counts (self, stored->n_unseen, stored->n_messages);
  if (strcmp (old->display_name, stored->display_name) != 0)
    {
      take_names (self);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PATH]);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
    }
  if (old->role != stored->role)
    {
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ROLE]);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
    }
}

CachetStoredMailbox *
cachet_folder_get_stored (CachetFolder *self)
{
  return self->stored;
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!cachet_mail_store_write_finish (CACHET_MAIL_STORE (source), result, &error))
    g_warning ("The state of a folder was not written: %s", error->message);
}

static void
save_now (CachetFolder *self)
{
  CachetMailStore *store = get_store (self);

  g_clear_handle_id (&self->save_source, g_source_remove);
  if (store != NULL && self->stored->id != 0)
    cachet_mail_store_update_mailbox_async (store, self->stored, NULL, saved_cb, NULL);
}

static gboolean
save_cb (gpointer user_data)
{
  CachetFolder *self = user_data;

  self->save_source = 0;
  save_now (self);
  return G_SOURCE_REMOVE;
}

void
cachet_folder_save (CachetFolder *self)
{
  if (self->save_source != 0)
    return;
  self->save_source = g_idle_add (save_cb, self);
  g_source_set_name_by_id (self->save_source, "[cachet] save folder");
}

void
cachet_folder_save_now (CachetFolder *self)
{
  if (self->save_source != 0)
    save_now (self);
}

void
cachet_folder_set_counts (CachetFolder *self, guint unread, guint total)
{
  if (self->table == NULL)
    {
      self->stored->n_unseen = unread;
      self->stored->n_messages = total;
      set_counts (self, unread, total);
      cachet_folder_save (self);
    }
}

void
cachet_folder_set_syncing (CachetFolder *self, gboolean syncing)
{
  if (self->syncing == syncing)
    return;
  self->syncing = syncing;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SYNCING]);
}

CachetMessageList *
cachet_folder_peek_list (CachetFolder *self)
{
  return self->list;
}

void
cachet_folder_detach (CachetFolder *self)
{
  if (self->list != NULL)
    cachet_message_list_clear (self->list);
  g_clear_handle_id (&self->save_source, g_source_remove);
  g_clear_weak_pointer (&self->account);
}

/* --- the table --- */

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetFolder) self = user_data;
  g_autoptr (GError) error = NULL;

  if (cachet_mail_store_write_finish (CACHET_MAIL_STORE (source), result, &error))
    return;
  g_warning ("A change was not written to the cache: %s", error->message);
  /* the cache lags behind: compare it with the server when it can be written again */
  self->stored->synced = FALSE;
  if (self->account != NULL)
    cachet_account_cache_failed (self->account, error);
}

static void
finish_waiters (CachetFolder *self, const GError *error)
{
  g_autoptr (GPtrArray) waiters = g_steal_pointer (&self->table_waiters);

  for (guint i = 0; waiters != NULL && i < waiters->len; i++)
    {
      GTask *task = g_ptr_array_index (waiters, i);

      if (error != NULL)
        g_task_return_error (task, g_error_copy (error));
      else
        g_task_return_boolean (task, TRUE);
    }
}

static void
uids_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetFolder) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) uids =
    cachet_mail_store_list_uids_finish (CACHET_MAIL_STORE (source), result, &error);
  g_autoptr (GArray) left_behind = g_array_new (FALSE, FALSE, sizeof (guint32));

  if (uids != NULL)
    {
      self->table = cachet_folder_table_new ();
      for (guint i = 0; i < uids->len; i++)
        {
          const CachetUidFlags *known = &g_array_index (uids, CachetUidFlags, i);

          if (known->uid < CACHET_PLACEHOLDER_UID_MIN)
            cachet_folder_table_append (
              self->table, known->uid,
              cachet_folder_effective_flags (self, known->uid, known->flags));
          else if (cachet_folder_hides_uid (self, known->uid))
            g_array_append_val (left_behind, known->uid);
        }
      cachet_folder_drop_placeholders (self, left_behind);
      cachet_folder_recount (self);
    }
  finish_waiters (self, error);
}

void
cachet_folder_load_table_async (CachetFolder *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  CachetMailStore *store = get_store (self);

  g_task_set_source_tag (task, cachet_folder_load_table_async);
  if (self->table != NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  if (store == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED, "the cache is closed");
      return;
    }
  if (self->table_waiters != NULL)
    {
      g_ptr_array_add (self->table_waiters, g_steal_pointer (&task));
      return;
    }
  self->table_waiters = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (self->table_waiters, g_steal_pointer (&task));
  cachet_mail_store_list_uids_async (store, self->stored->id, NULL, uids_listed_cb,
                                     g_object_ref (self));
}

gboolean
cachet_folder_load_table_finish (CachetFolder *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

CachetFolderTable *
cachet_folder_get_table (CachetFolder *self)
{
  return self->table;
}

guint32
cachet_folder_get_max_uid (CachetFolder *self)
{
  return self->table != NULL ? cachet_folder_table_get_max_uid (self->table) : 0;
}

void
cachet_folder_recount (CachetFolder *self)
{
  guint unread = 0, total = 0;
  gboolean hides = FALSE;
  guint n;

  if (self->table == NULL)
    return;
  for (guint i = 0; i < self->operations->len; i++)
    hides = hides || cachet_operation_removes (g_ptr_array_index (self->operations, i));
  n = cachet_folder_table_get_length (self->table);
  for (guint i = 0; i < n; i++)
    {
      const CachetUidFact *fact = cachet_folder_table_get (self->table, i);

      if (hides && cachet_folder_hides_uid (self, fact->uid))
        continue;
      total++;
      if ((fact->flags & CACHET_MESSAGE_FLAG_SEEN) == 0)
        unread++;
    }
  set_counts (self, unread, total);
  if (self->stored->n_messages != total || self->stored->n_unseen != unread)
    {
      self->stored->n_messages = total;
      self->stored->n_unseen = unread;
      cachet_folder_save (self);
    }
}

/* --- pending operations --- */

void
cachet_folder_add_operation (CachetFolder *self, CachetOperation *operation)
{
  g_ptr_array_add (self->operations, cachet_operation_ref (operation));
}

void
cachet_folder_remove_operation (CachetFolder *self, CachetOperation *operation)
{
  g_ptr_array_remove (self->operations, operation);
}

CachetMessageFlags
cachet_folder_effective_flags (CachetFolder *self, guint32 uid, CachetMessageFlags flags)
{
  for (guint i = 0; i < self->operations->len; i++)
    {
      const CachetOperation *operation = g_ptr_array_index (self->operations, i);

      if (operation->kind == CACHET_OPERATION_STORE && cachet_operation_has_uid (operation, uid))
        flags = (flags | operation->add) & ~operation->remove;
    }
  return flags;
}

gboolean
cachet_folder_hides_uid (CachetFolder *self, guint32 uid)
{
  /* a placeholder whose operation is done, or that a crash left behind */
  if (uid >= CACHET_PLACEHOLDER_UID_MIN)
    return self->account == NULL ||
           cachet_replay_find_placeholder (cachet_account_get_replay (self->account), self, uid,
                                           NULL) == NULL;
  for (guint i = 0; i < self->operations->len; i++)
    {
      const CachetOperation *operation = g_ptr_array_index (self->operations, i);

      if (cachet_operation_removes (operation) && cachet_operation_has_uid (operation, uid))
        return TRUE;
    }
  return FALSE;
}

/* --- changes from the server --- */

void
cachet_folder_rows_stored (CachetFolder *self, GArray *entries)
{
  g_autoptr (GArray) shown = g_array_new (FALSE, FALSE, sizeof (CachetListEntry));

  for (guint i = 0; i < entries->len; i++)
    {
      CachetListEntry entry = g_array_index (entries, CachetListEntry, i);

      entry.flags = cachet_folder_effective_flags (self, entry.uid, entry.flags);
      g_array_index (entries, CachetListEntry, i).flags = entry.flags;
      if (!cachet_folder_hides_uid (self, entry.uid))
        g_array_append_val (shown, entry);
    }
  if (self->table != NULL)
    {
      cachet_folder_table_merge (self->table, entries);
      cachet_folder_recount (self);
    }
  if (self->list != NULL)
    cachet_message_list_add_entries (self->list, shown);
}

void
cachet_folder_server_flags (CachetFolder *self, GArray *changes)
{
  CachetMailStore *store = get_store (self);
  g_autoptr (GArray) changed = g_array_new (FALSE, FALSE, sizeof (CachetUidFlags));

  for (guint i = 0; i < changes->len; i++)
    {
      CachetUidFlags change = g_array_index (changes, CachetUidFlags, i);
      CachetUidFact *fact = cachet_folder_find_fact (self, change.uid);
      CachetMessageFlags flags = cachet_folder_effective_flags (
        self, change.uid, change.flags & CACHET_MESSAGE_FLAG_SERVER_MASK);

      if (fact == NULL)
        continue;
      if ((fact->flags & CACHET_MESSAGE_FLAG_SERVER_MASK) == (guint32)flags)
        continue;
      fact->flags = (fact->flags & ~CACHET_MESSAGE_FLAG_SERVER_MASK) | flags;
      change.flags = flags;
      g_array_append_val (changed, change);
      if (self->list != NULL)
        cachet_message_list_set_uid_flags (self->list, fact->uid, fact->flags);
    }
  if (changed->len == 0)
    return;
  if (store != NULL)
    cachet_mail_store_set_flags_async (store, self->stored->id, changed,
                                       CACHET_WORKER_PRIORITY_DEFAULT, NULL, written_cb,
                                       g_object_ref (self));
  cachet_folder_recount (self);
}

static void
blobs_removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!cachet_blob_store_remove_finish (CACHET_BLOB_STORE (source), result, &error))
    g_debug ("Old bodies were not removed: %s", error->message);
}

char *
cachet_folder_dup_blob_key (CachetFolder *self, guint32 uid)
{
  return cachet_blob_key (cachet_account_get_id (self->account), self->stored->name,
                          self->stored->uidvalidity, uid);
}

static void
remove_blobs (CachetFolder *self, GArray *uids)
{
  CachetEngine *engine = cachet_account_get_engine (self->account);
  g_autoptr (GStrvBuilder) keys = g_strv_builder_new ();
  g_auto (GStrv) strv = NULL;

  for (guint i = 0; i < uids->len; i++)
    {
      guint32 uid = g_array_index (uids, guint32, i);
      const CachetUidFact *fact = cachet_folder_find_fact (self, uid);

      if (fact != NULL && (fact->flags & CACHET_MESSAGE_FLAG_HAS_BODY) != 0)
        {
          g_autofree char *key = cachet_folder_dup_blob_key (self, uid);
          g_strv_builder_add (keys, key);
        }
    }
  strv = g_strv_builder_end (keys);
  if (strv[0] != NULL)
    cachet_blob_store_remove_async (cachet_engine_get_blob_store (engine),
                                    (const char *const *)strv, NULL, blobs_removed_cb, NULL);
}

void
cachet_folder_server_gone (CachetFolder *self, GArray *uids)
{
  CachetMailStore *store = get_store (self);

  if (uids->len == 0 || store == NULL)
    return;
  remove_blobs (self, uids);
  if (self->table != NULL)
    cachet_folder_table_remove (self->table, uids);
  if (self->list != NULL)
    for (guint i = 0; i < uids->len; i++)
      cachet_message_list_remove_uid (self->list, g_array_index (uids, guint32, i));
  cachet_mail_store_delete_uids_async (store, self->stored->id, uids,
                                       CACHET_WORKER_PRIORITY_DEFAULT, NULL, written_cb,
                                       g_object_ref (self));
  cachet_folder_recount (self);
}

/* An order read while the rows still stood in the cache is read again. */
static void
cleared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetFolder *self = user_data;

  if (self->list != NULL)
    cachet_message_list_requery (self->list);
  written_cb (source, result, self);
}

void
cachet_folder_clear (CachetFolder *self)
{
  CachetMailStore *store = get_store (self);
  CachetEngine *engine = cachet_account_get_engine (self->account);

  if (self->table != NULL)
    cachet_folder_table_free (self->table);
  self->table = cachet_folder_table_new ();
  if (engine != NULL)
    cachet_blob_store_remove_mailbox_async (cachet_engine_get_blob_store (engine),
                                            cachet_account_get_id (self->account),
                                            self->stored->name, NULL, blobs_removed_cb, NULL);
  if (store != NULL)
    cachet_mail_store_clear_mailbox_async (store, self->stored->id, NULL, cleared_cb,
                                           g_object_ref (self));
  self->stored->synced = FALSE;
  self->stored->uidnext = 0;
  self->stored->highestmodseq = 0;
  if (self->list != NULL)
    cachet_message_list_clear (self->list);
  cachet_folder_recount (self);
}

/* --- changes of ours --- */

static void
table_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!cachet_folder_load_table_finish (CACHET_FOLDER (source), result, &error))
    g_debug ("The counts of a folder were not read: %s", error->message);
}

void
cachet_folder_change_flags (CachetFolder *self,
                            GArray *uids,
                            CachetMessageFlags add,
                            CachetMessageFlags remove)
{
  CachetMailStore *store = get_store (self);

  if (store == NULL || uids->len == 0)
    return;
  for (guint i = 0; i < uids->len; i++)
    {
      guint32 uid = g_array_index (uids, guint32, i);
      CachetUidFact *fact = cachet_folder_find_fact (self, uid);
      CachetMessageFlags flags;

      if (fact != NULL)
        flags = fact->flags;
      else if (self->list == NULL || !cachet_message_list_get_uid_flags (self->list, uid, &flags))
        continue;
      flags = (flags | add) & ~remove;
      if (fact != NULL)
        fact->flags = flags;
      if (self->list != NULL)
        cachet_message_list_set_uid_flags (self->list, uid, flags);
    }
  cachet_mail_store_change_flags_async (store, self->stored->id, uids, add, remove,
                                        CACHET_WORKER_PRIORITY_USER, NULL, written_cb,
                                        g_object_ref (self));
  if (((add | remove) & CACHET_MESSAGE_FLAG_SERVER_MASK) == 0)
    return;
  if (self->table != NULL)
    cachet_folder_recount (self);
  else
    cachet_folder_load_table_async (self, NULL, table_loaded_cb, NULL);
}

void
cachet_folder_hide_uids (CachetFolder *self, GArray *uids)
{
  if (self->list != NULL)
    for (guint i = 0; i < uids->len; i++)
      cachet_message_list_remove_uid (self->list, g_array_index (uids, guint32, i));
  if (self->table != NULL)
    cachet_folder_recount (self);
  else
    cachet_folder_load_table_async (self, NULL, table_loaded_cb, NULL);
}

void
cachet_folder_unhide_uids (CachetFolder *self, GArray *uids)
{
  if (self->list != NULL)
    cachet_message_list_requery (self->list);
  cachet_folder_recount (self);
}

void
cachet_folder_show_placeholders (CachetFolder *self, GArray *entries)
{
  if (self->list != NULL)
    cachet_message_list_add_entries (self->list, entries);
}

void
cachet_folder_drop_placeholders (CachetFolder *self, GArray *uids)
{
  CachetMailStore *store = get_store (self);

  if (uids->len == 0 || store == NULL)
    return;
  if (self->list != NULL)
    for (guint i = 0; i < uids->len; i++)
      cachet_message_list_remove_uid (self->list, g_array_index (uids, guint32, i));
  cachet_mail_store_delete_uids_async (store, self->stored->id, uids,
                                       CACHET_WORKER_PRIORITY_DEFAULT, NULL, written_cb,
                                       g_object_ref (self));
}

/* --- public --- */

CachetUidFact *
cachet_folder_find_fact (CachetFolder *self, guint32 uid)
{
  return self->table != NULL ? cachet_folder_table_find (self->table, uid) : NULL;
}

CachetAccount *
cachet_folder_get_account (CachetFolder *self)
{
  g_return_val_if_fail (CACHET_IS_FOLDER (self), NULL);
  return self->account;
}

gint64
cachet_folder_get_id (CachetFolder *self)
{
  g_return_val_if_fail (CACHET_IS_FOLDER (self), 0);
  return self->stored->id;
}

const char *
cachet_folder_get_mailbox (CachetFolder *self)
{
  g_return_val_if_fail (CACHET_IS_FOLDER (self), NULL);
  return self->stored->name;
}

const char *
cachet_folder_get_name (CachetFolder *self)
{
  const char *title;

  g_return_val_if_fail (CACHET_IS_FOLDER (self), NULL);

  title = cachet_folder_role_get_title (self->stored->role);
  if (title != NULL)
    return title;
  return cachet_folder_last_component (self->stored->display_name, self->stored->delimiter);
}

const char *
cachet_folder_get_path (CachetFolder *self)
{
  g_return_val_if_fail (CACHET_IS_FOLDER (self), NULL);
  return self->stored->display_name;
}

const char *
cachet_folder_get_parent_path (CachetFolder *self)
{
  g_return_val_if_fail (CACHET_IS_FOLDER (self), NULL);
  return self->parent_path;
}

CachetFolderRole
cachet_folder_get_role (CachetFolder *self)
{
  g_return_val_if_fail (CACHET_IS_FOLDER (self), CACHET_FOLDER_ROLE_NONE);
  return self->stored->role;
}

guint
cachet_folder_get_unread (CachetFolder *self)
{
  g_return_val_if_fail (CACHET_IS_FOLDER (self), 0);
  return self->unread;
}

guint
cachet_folder_get_total (CachetFolder *self)
{
  g_return_val_if_fail (CACHET_IS_FOLDER (self), 0);
  return self->total;
}

gboolean
cachet_folder_is_selectable (CachetFolder *self)
{
  g_return_val_if_fail (CACHET_IS_FOLDER (self), FALSE);
  return (self->stored->attributes &
          (CACHET_IMAP_MAILBOX_NOSELECT | CACHET_IMAP_MAILBOX_NONEXISTENT)) == 0;
}

gboolean
cachet_folder_is_subscribed (CachetFolder *self)
{
  g_return_val_if_fail (CACHET_IS_FOLDER (self), FALSE);
  return (self->stored->attributes & CACHET_IMAP_MAILBOX_SUBSCRIBED) != 0;
}

gboolean
cachet_folder_can_rename (CachetFolder *self)
{
  g_return_val_if_fail (CACHET_IS_FOLDER (self), FALSE);
  return self->stored->role != CACHET_FOLDER_ROLE_INBOX;
}

gboolean
cachet_folder_can_delete (CachetFolder *self)
{
  g_return_val_if_fail (CACHET_IS_FOLDER (self), FALSE);
  return self->stored->role == CACHET_FOLDER_ROLE_NONE ||
         self->stored->role == CACHET_FOLDER_ROLE_ARCHIVE;
}

gboolean
cachet_folder_is_syncing (CachetFolder *self)
{
  g_return_val_if_fail (CACHET_IS_FOLDER (self), FALSE);
  return self->syncing;
}

CachetMessageList *
cachet_folder_open_list (CachetFolder *self)
{
  CachetMailStore *store;

  g_return_val_if_fail (CACHET_IS_FOLDER (self), NULL);

  if (self->list != NULL)
    return g_object_ref (self->list);
  store = get_store (self);
  g_return_val_if_fail (store != NULL, NULL);
  self->list = cachet_message_list_new (store, self, self->stored->id);
  g_object_weak_ref (G_OBJECT (self->list), list_gone_cb, self);
  cachet_folder_load_table_async (self, NULL, table_loaded_cb, NULL);
  cachet_account_folder_in_use (self->account, self, TRUE);
  return self->list;
}

static void
synced_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (cachet_account_sync_folder_finish (CACHET_ACCOUNT (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
cachet_folder_sync_async (CachetFolder *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *task;

  g_return_if_fail (CACHET_IS_FOLDER (self));
  g_return_if_fail (self->account != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cachet_folder_sync_async);
  cachet_account_sync_folder_async (self->account, self, cancellable, synced_cb, task);
}

gboolean
cachet_folder_sync_finish (CachetFolder *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

guint
cachet_folder_get_n_deleted (CachetFolder *self)
{
  g_autoptr (GArray) uids = NULL;

  g_return_val_if_fail (CACHET_IS_FOLDER (self), 0);

  uids = cachet_folder_dup_deleted_uids (self);
  return uids->len;
}

static int
compare_uids (gconstpointer a, gconstpointer b)
{
  guint32 x = *(const guint32 *)a;
  guint32 y = *(const guint32 *)b;

  return x < y ? -1 : x > y;
}

/* The list knows as much as the table, which is only read when a sync or a change needs it. Rows
 * under placeholder UIDs are not the server's to remove. */
static void
add_deleted_of_list (CachetFolder *self, GArray *uids)
{
  guint n = self->list != NULL ? cachet_message_list_get_n_messages (self->list) : 0;

  for (guint i = 0; i < n; i++)
    {
      const CachetListEntry *entry = cachet_message_list_get_entry (self->list, i);
      guint32 uid = entry->uid;

      if ((entry->flags & CACHET_MESSAGE_FLAG_DELETED) != 0 && uid < CACHET_PLACEHOLDER_UID_MIN &&
          !cachet_folder_hides_uid (self, uid))
        g_array_append_val (uids, uid);
    }
  g_array_sort (uids, compare_uids);
}

GArray *
cachet_folder_dup_deleted_uids (CachetFolder *self)
{
  GArray *uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint n;

  if (self->table == NULL)
    {
      add_deleted_of_list (self, uids);
      return uids;
    }
  n = cachet_folder_table_get_length (self->table);
  for (guint i = 0; i < n; i++)
    {
      const CachetUidFact *fact = cachet_folder_table_get (self->table, i);

      if ((fact->flags & CACHET_MESSAGE_FLAG_DELETED) != 0 &&
          !cachet_folder_hides_uid (self, fact->uid))
        g_array_append_val (uids, fact->uid);
    }
  return uids;
}
