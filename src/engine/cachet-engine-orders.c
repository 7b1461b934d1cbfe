#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-account-internal.h"
#include "cachet-engine-internal.h"

#include <glib/gi18n.h>
#include <stdlib.h>

/* Orders on messages become operations: one for each account and folder, and for at most
 * CACHET_OPERATION_MAX_UIDS messages. */

typedef struct
{
  guint32 uid;
  gint64 id;
} Named;

static int
compare_named_cb (gconstpointer a, gconstpointer b)
{
  const Named *first = a, *second = b;

  return (first->uid > second->uid) - (first->uid < second->uid);
}

/* CachetFolder -> GArray of Named, ascending. Rows that the server does not know of yet are left
 * out, and said. */
static GHashTable *
group_rows (CachetEngine *self,
            GPtrArray *rows,
            CachetMessageFlags wanted_mask,
            CachetMessageFlags wanted)
{
  GHashTable *groups =
    g_hash_table_new_full (NULL, NULL, g_object_unref, (GDestroyNotify)g_array_unref);
  gboolean has_placeholders = FALSE;
  GHashTableIter iter;
  gpointer value;

  for (guint i = 0; i < rows->len; i++)
    {
      CachetMessageRow *row = g_ptr_array_index (rows, i);
      CachetFolder *folder = cachet_message_row_get_folder (row);
      Named named = { cachet_message_row_get_uid (row), cachet_message_row_get_id (row) };
      GArray *group;

      if (folder == NULL || cachet_folder_get_account (folder) == NULL)
        continue;
      if (named.uid >= CACHET_PLACEHOLDER_UID_MIN)
        {
          has_placeholders = TRUE;
          continue;
        }
      if (wanted_mask != 0 && (cachet_message_row_get_flags (row) & wanted_mask) == wanted)
        continue;
      group = g_hash_table_lookup (groups, folder);
      if (group == NULL)
        {
          group = g_array_new (FALSE, FALSE, sizeof (Named));
          g_hash_table_insert (groups, g_object_ref (folder), group);
        }
      g_array_append_val (group, named);
    }
  g_hash_table_iter_init (&iter, groups);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_array_sort (value, compare_named_cb);
  if (has_placeholders)
    cachet_engine_take_notice (
      self,
      cachet_notice_new (NULL, FALSE,
                         _ ("Some messages are still on their way here."),
                            _ ("They can be changed once the server was asked to move them.")));
  return groups;
}

static gboolean
may_write (CachetEngine *self)
{
  if (cachet_engine_is_running (self) && !cachet_engine_is_read_only (self))
    return TRUE;
  if (cachet_engine_is_read_only (self))
    cachet_engine_take_notice (
      self, cachet_notice_new (NULL, TRUE,
                               _ ("Another Cachet uses the same data."),
                                  _ ("Nothing was changed. Do it there, or close it first.")));
  return FALSE;
}

typedef struct
{
  CachetOperationKind kind;
  CachetMessageFlags add;
  CachetMessageFlags remove;
  CachetFolder *destination;
  CachetFolderRole destination_role;
} Order;

static void
add_operation (
  CachetEngine *self, CachetFolder *folder, const Order *order, GArray *named, guint first, guint n)
{
  CachetAccount *account = cachet_folder_get_account (folder);
  const CachetStoredMailbox *stored = cachet_folder_get_stored (folder);
  g_autoptr (CachetOperation) operation = cachet_operation_new (
    order->kind, cachet_account_get_id (account), stored->name, stored->uidvalidity);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = first; i < first + n; i++)
    {
      const Named *one = &g_array_index (named, Named, i);

      cachet_operation_add_uid (operation, one->uid);
      g_array_append_val (ids, one->id);
    }
  operation->add = order->add;
  operation->remove = order->remove;
  if (order->destination != NULL)
    operation->destination = g_strdup (cachet_folder_get_mailbox (order->destination));
  operation->destination_role = order->destination_role;
  cachet_undo_add (self->undo, account, operation);
  cachet_replay_add (cachet_account_get_replay (account), operation, ids);
}

static void
add_operations (CachetEngine *self, CachetFolder *folder, const Order *order, GArray *named)
{
  for (guint first = 0; first < named->len; first += CACHET_OPERATION_MAX_UIDS)
    add_operation (self, folder, order, named, first,
                   MIN (named->len - first, (guint)CACHET_OPERATION_MAX_UIDS));
}

static void
begin_action (CachetEngine *self)
{
  cachet_undo_begin (self->undo);
}

static void
end_action (CachetEngine *self)
{
  cachet_engine_undo_changed (self);
}

void
cachet_engine_set_flags (CachetEngine *self,
                         GPtrArray *rows,
                         CachetMessageFlags flags,
                         gboolean set)
{
  Order order = { .kind = CACHET_OPERATION_STORE };
  g_autoptr (GHashTable) groups = NULL;
  GHashTableIter iter;
  gpointer folder, named;

  g_return_if_fail (CACHET_IS_ENGINE (self));
  g_return_if_fail (rows != NULL);

  flags &= CACHET_MESSAGE_FLAG_SERVER_MASK;
  if (!may_write (self) || flags == 0)
    return;
  if (set)
    order.add = flags;
  else
    order.remove = flags;
  /* only those that change: then the inverse is exact */
  groups = group_rows (self, rows, flags, set ? flags : CACHET_MESSAGE_FLAG_NONE);
  if (g_hash_table_size (groups) == 0)
    return;
  begin_action (self);
  g_hash_table_iter_init (&iter, groups);
  while (g_hash_table_iter_next (&iter, &folder, &named))
    add_operations (self, folder, &order, named);
  end_action (self);
}

/* Not the user's order: what can be undone stays what it was. */
static void
set_flags_aside (CachetEngine *self, GPtrArray *rows, CachetMessageFlags flags)
{
  g_autoptr (CachetUndo) kept = g_steal_pointer (&self->undo);

  self->undo_is_aside = TRUE;
  self->undo = cachet_undo_new ();
  cachet_engine_set_flags (self, rows, flags, TRUE);
  cachet_undo_free (self->undo);
  self->undo = g_steal_pointer (&kept);
  self->undo_is_aside = FALSE;
}

void
cachet_engine_mark_sent (CachetEngine *self, GPtrArray *rows, gboolean is_forward)
{
  set_flags_aside (self, rows,
                   is_forward ? CACHET_MESSAGE_FLAG_FORWARDED : CACHET_MESSAGE_FLAG_ANSWERED);
}

void
cachet_engine_mark_seen (CachetEngine *self, GPtrArray *rows)
{
  g_return_if_fail (CACHET_IS_ENGINE (self));
  g_return_if_fail (rows != NULL);
  set_flags_aside (self, rows, CACHET_MESSAGE_FLAG_SEEN);
}

/* Between accounts there is no order of the protocol: not done half. */
static gboolean
is_same_account (CachetEngine *self, GHashTable *groups, CachetFolder *destination)
{
  GHashTableIter iter;
  gpointer folder;

  g_hash_table_iter_init (&iter, groups);
  while (g_hash_table_iter_next (&iter, &folder, NULL))
    if (cachet_folder_get_account (folder) != cachet_folder_get_account (destination))
      {
        cachet_engine_take_notice (
          self,
          cachet_notice_new (NULL, TRUE,
                             _ ("Messages can not be put into another account's folder yet."),
                                _ ("Nothing was changed. Choose a folder of the same account.")));
        return FALSE;
      }
  return TRUE;
}

static void
put_rows (CachetEngine *self, GPtrArray *rows, CachetOperationKind kind, CachetFolder *destination)
{
  Order order = { .kind = kind, .destination = destination };
  g_autoptr (GHashTable) groups = NULL;
  GHashTableIter iter;
  gpointer folder, named;

  if (!may_write (self))
    return;
  groups = group_rows (self, rows, 0, 0);
  /* where they are already there is nothing to move */
  if (kind == CACHET_OPERATION_MOVE)
    g_hash_table_remove (groups, destination);
  if (g_hash_table_size (groups) == 0 || !is_same_account (self, groups, destination))
    return;
  begin_action (self);
  g_hash_table_iter_init (&iter, groups);
  while (g_hash_table_iter_next (&iter, &folder, &named))
    add_operations (self, folder, &order, named);
  end_action (self);
}

void
cachet_engine_move (CachetEngine *self, GPtrArray *rows, CachetFolder *destination)
{
  g_return_if_fail (CACHET_IS_ENGINE (self));
  g_return_if_fail (rows != NULL);
  g_return_if_fail (CACHET_IS_FOLDER (destination));

  put_rows (self, rows, CACHET_OPERATION_MOVE, destination);
}

void
cachet_engine_copy (CachetEngine *self, GPtrArray *rows, CachetFolder *destination)
{
  g_return_if_fail (CACHET_IS_ENGINE (self));
  g_return_if_fail (rows != NULL);
  g_return_if_fail (CACHET_IS_FOLDER (destination));

  put_rows (self, rows, CACHET_OPERATION_COPY, destination);
}

/* To the folder of that role, which the replay makes when there is none. */
static void
move_to_role (CachetEngine *self, CachetFolder *folder, CachetFolderRole role, GArray *named)
{
  CachetAccount *account = cachet_folder_get_account (folder);
  Order order = { .kind = CACHET_OPERATION_MOVE, .destination_role = role };

  order.destination = cachet_account_get_folder_by_role (account, role);
  if (order.destination == NULL && role == CACHET_FOLDER_ROLE_ARCHIVE)
    order.destination = cachet_account_find_folder (account, "Archives");
  if (order.destination != folder)
    add_operations (self, folder, &order, named);
}

void
cachet_engine_delete (CachetEngine *self, GPtrArray *rows)
{
  const Order mark = { .kind = CACHET_OPERATION_STORE, .add = CACHET_MESSAGE_FLAG_DELETED };
  g_autoptr (GHashTable) groups = NULL;
  GHashTableIter iter;
  gpointer folder, named;

  g_return_if_fail (CACHET_IS_ENGINE (self));
  g_return_if_fail (rows != NULL);

  if (!may_write (self))
    return;
  groups = group_rows (self, rows, CACHET_MESSAGE_FLAG_DELETED, CACHET_MESSAGE_FLAG_DELETED);
  if (g_hash_table_size (groups) == 0)
    return;
  begin_action (self);
  g_hash_table_iter_init (&iter, groups);
  while (g_hash_table_iter_next (&iter, &folder, &named))
    {
      const CachetAccountSettings *settings =
        cachet_account_get_settings (cachet_folder_get_account (folder));

      if (settings->delete_mode == CACHET_DELETE_MODE_MARK ||
          cachet_folder_get_role (folder) == CACHET_FOLDER_ROLE_TRASH)
        add_operations (self, folder, &mark, named);
      else
        move_to_role (self, folder, CACHET_FOLDER_ROLE_TRASH, named);
    }
  end_action (self);
}

void
cachet_engine_archive (CachetEngine *self, GPtrArray *rows)
{
  g_autoptr (GHashTable) groups = NULL;
  GHashTableIter iter;
  gpointer folder, named;

  g_return_if_fail (CACHET_IS_ENGINE (self));
  g_return_if_fail (rows != NULL);

  if (!may_write (self))
    return;
  groups = group_rows (self, rows, 0, 0);
  if (g_hash_table_size (groups) == 0)
    return;
  begin_action (self);
  g_hash_table_iter_init (&iter, groups);
  while (g_hash_table_iter_next (&iter, &folder, &named))
    move_to_role (self, folder, CACHET_FOLDER_ROLE_ARCHIVE, named);
  end_action (self);
}

guint
cachet_engine_expunge (CachetEngine *self, CachetFolder *folder)
{
  g_autoptr (GArray) uids = NULL;
  CachetAccount *account;

  g_return_val_if_fail (CACHET_IS_ENGINE (self), 0);
  g_return_val_if_fail (CACHET_IS_FOLDER (folder), 0);

  account = cachet_folder_get_account (folder);
  if (!may_write (self) || account == NULL)
    return 0;
  uids = cachet_folder_dup_deleted_uids (folder);
  if (uids->len == 0)
    return 0;
  begin_action (self); /* what was done before may be among what goes now */
  for (guint first = 0; first < uids->len; first += CACHET_OPERATION_MAX_UIDS)
    {
      const CachetStoredMailbox *stored = cachet_folder_get_stored (folder);
      g_autoptr (CachetOperation) operation =
        cachet_operation_new (CACHET_OPERATION_EXPUNGE, cachet_account_get_id (account),
                              stored->name, stored->uidvalidity);

      g_array_append_vals (operation->uids, &g_array_index (uids, guint32, first),
                           MIN (uids->len - first, (guint)CACHET_OPERATION_MAX_UIDS));
      cachet_replay_add (cachet_account_get_replay (account), operation, NULL);
    }
  end_action (self);
  return uids->len;
}

/* --- undo --- */

const char *
cachet_engine_get_undo_text (CachetEngine *self)
{
  g_return_val_if_fail (CACHET_IS_ENGINE (self), NULL);
  return cachet_undo_get_text (self->undo);
}

gboolean
cachet_engine_undo (CachetEngine *self)
{
  gboolean done;

  g_return_val_if_fail (CACHET_IS_ENGINE (self), FALSE);

  if (!may_write (self))
    return FALSE;
  done = cachet_undo_run (self->undo, self);
  cachet_engine_undo_changed (self);
  return done;
}

void
cachet_engine_undo_resolved (CachetEngine *self, CachetOperation *operation)
{
  cachet_undo_resolved (self->undo, operation);
  cachet_engine_undo_changed (self);
}

void
cachet_engine_undo_forget (CachetEngine *self, CachetOperation *operation)
{
  cachet_undo_forget (self->undo, operation);
  cachet_engine_undo_changed (self);
}

guint
cachet_engine_get_n_pending_operations (CachetEngine *self)
{
  guint n = 0;

  g_return_val_if_fail (CACHET_IS_ENGINE (self), 0);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->accounts)); i++)
    {
      g_autoptr (CachetAccount) account = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);
      n += cachet_replay_get_n_pending (cachet_account_get_replay (account));
    }
  return n;
}
