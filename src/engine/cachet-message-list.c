#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-message-list-private.h"

#include "cachet-entry-order.h"
#include "cachet-folder-private.h"
#include "cachet-list-order.h"
#include "cachet-message-row-private.h"

/* How many row objects over the limit are let stand before the oldest are dropped. */
#define ROWS_SLACK 300

struct _CachetMessageList
{
  GObject parent_instance;

  CachetMailStore *store;
  CachetFolder *folder; /* (nullable) in tests */
  gint64 mailbox_id;
  CachetEntryOrder *order;
  CachetSortKey sort_key;
  gboolean descending;
  char *filter;

  GCancellable *query; /* the latest reading of the order; NULL when none runs */
  gboolean loading;    /* the first one */
  guint requery_source;

  /* what waits for the next frame */
  GArray *added;       /* CachetListEntry */
  GHashTable *removed; /* set of uids */
  GHashTable *flags;   /* uid -> flags */
  guint flush_source;
  gint64 last_flush;
  gboolean flushing;

  GHashTable *rows; /* id -> KeptRow */
  guint64 stamp;
  guint trim_source;
  GHashTable *reading; /* set of ids whose strings are on their way */
};

typedef struct
{
  CachetMessageRow *row;
  guint64 stamp;
} KeptRow;

enum {
  PROP_0,
  PROP_LOADING,
  PROP_SORT_KEY,
  PROP_DESCENDING,
  PROP_FILTER,
  N_PROPS,
};

enum {
  ROW_CHANGED,
  REORDERED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void list_model_iface_init (GListModelInterface *iface);
static void begin_query (CachetMessageList *self);

G_DEFINE_FINAL_TYPE_WITH_CODE (CachetMessageList,
                               cachet_message_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static void
kept_row_free (gpointer data)
{
  KeptRow *kept = data;

  g_object_unref (kept->row);
  g_free (kept);
}

/* --- GListModel --- */

static GType
get_item_type (GListModel *model)
{
  return CACHET_TYPE_MESSAGE_ROW;
}

static guint
get_n_items (GListModel *model)
{
  return cachet_entry_order_get_length (CACHET_MESSAGE_LIST (model)->order);
}

static gpointer
get_item (GListModel *model, guint position)
{
  CachetMessageList *self = CACHET_MESSAGE_LIST (model);

  if (position >= cachet_entry_order_get_length (self->order))
    return NULL;
  return g_object_ref (cachet_message_list_peek_row (self, position));
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* --- telling --- */

static void
order_changed_cb (guint position, guint removed, guint added, gpointer user_data)
{
  g_list_model_items_changed (G_LIST_MODEL (user_data), position, removed, added);
}

static void
reordered_cb (guint32 *new_order, guint n, gpointer user_data)
{
  g_signal_emit (user_data, signals[REORDERED], 0, new_order, n);
}

static KeptRow *
find_kept (CachetMessageList *self, gint64 id)
{
  return g_hash_table_lookup (self->rows, &id);
}

static void
flags_changed_cb (guint position, gpointer user_data)
{
  CachetMessageList *self = user_data;
  const CachetListEntry *entry = cachet_entry_order_get (self->order, position);
  KeptRow *kept = find_kept (self, entry->id);

  if (kept != NULL)
    cachet_message_row_set_entry (kept->row, entry);
  g_signal_emit (self, signals[ROW_CHANGED], 0, position);
}

/* --- changes, once a frame --- */

static gboolean
is_not_removed_cb (const CachetListEntry *entry, gpointer user_data)
{
  return !g_hash_table_contains (user_data, GUINT_TO_POINTER (entry->uid));
}

/* Of the rows that came, those the list has already only change their numbers. */
static GArray *
take_new_ones (CachetMessageList *self)
{
  g_autoptr (GArray) added = g_steal_pointer (&self->added);
  g_autoptr (GHashTable) by_id = g_hash_table_new (g_int64_hash, g_int64_equal);
  GArray *fresh = g_array_new (FALSE, FALSE, sizeof (CachetListEntry));
  guint n = cachet_entry_order_get_length (self->order);
  GHashTableIter iter;
  gpointer value;

  self->added = g_array_new (FALSE, FALSE, sizeof (CachetListEntry));
  for (guint i = 0; i < added->len; i++)
    {
      CachetListEntry *entry = &g_array_index (added, CachetListEntry, i);
      g_hash_table_replace (by_id, &entry->id, entry);
    }
  for (guint i = 0; i < n && g_hash_table_size (by_id) > 0; i++)
    {
      gint64 id = cachet_entry_order_get (self->order, i)->id;
      const CachetListEntry *entry = g_hash_table_lookup (by_id, &id);

      if (entry == NULL)
        continue;
      g_hash_table_insert (self->flags, GUINT_TO_POINTER (entry->uid),
                           GUINT_TO_POINTER ((guint)entry->flags));
      cachet_message_list_refresh_id (self, id);
      g_hash_table_remove (by_id, &id);
    }
  g_hash_table_iter_init (&iter, by_id);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_array_append_vals (fresh, value, 1);
  return fresh;
}

static void
flush_removed (CachetMessageList *self)
{
  g_autoptr (GHashTable) removed = g_steal_pointer (&self->removed);

  self->removed = g_hash_table_new (NULL, NULL);
  cachet_entry_order_filter (self->order, is_not_removed_cb, removed);
}

static void
flush_flags (CachetMessageList *self)
{
  g_autoptr (GHashTable) flags = g_steal_pointer (&self->flags);

  self->flags = g_hash_table_new (NULL, NULL);
  cachet_entry_order_set_flags (self->order, flags, flags_changed_cb, self);
}

static gboolean
requery_cb (gpointer user_data)
{
  CachetMessageList *self = user_data;

  self->requery_source = 0;
  begin_query (self);
  return G_SOURCE_REMOVE;
}

static void
requery_soon (CachetMessageList *self)
{
  if (self->requery_source != 0)
    return;
  self->requery_source = g_timeout_add (CACHET_MESSAGE_LIST_REQUERY_MS, requery_cb, self);
  g_source_set_name_by_id (self->requery_source, "[cachet] requery list");
}

void
cachet_message_list_flush (CachetMessageList *self)
{
  g_return_if_fail (CACHET_IS_MESSAGE_LIST (self));

  /* while the order is being read, what comes waits for it */
  if (self->flushing || self->query != NULL)
    return;
  g_clear_handle_id (&self->flush_source, g_source_remove);
  g_object_ref (self);
  self->flushing = TRUE;
  if (self->added->len > 0)
    {
      if (self->filter == NULL && !cachet_list_order_needs_text (self->sort_key))
        {
          g_autoptr (GArray) fresh = take_new_ones (self);
          cachet_entry_order_merge (self->order, fresh, self->sort_key, self->descending);
        }
      else
        {
          g_array_set_size (self->added, 0);
          requery_soon (self);
        }
    }
  if (g_hash_table_size (self->flags) > 0)
    flush_flags (self);
  if (g_hash_table_size (self->removed) > 0)
    flush_removed (self);
  self->flushing = FALSE;
  self->last_flush = g_get_monotonic_time ();
  g_object_unref (self);
}

static gboolean
flush_cb (gpointer user_data)
{
  CachetMessageList *self = user_data;

  self->flush_source = 0;
  cachet_message_list_flush (self);
  return G_SOURCE_REMOVE;
}

static void
flush_soon (CachetMessageList *self)
{
  gint64 since = (g_get_monotonic_time () - self->last_flush) / 1000;

  if (self->flush_source != 0 || self->query != NULL)
    return;
  self->flush_source =
    g_timeout_add (since >= CACHET_MESSAGE_LIST_FRAME_MS ? 0 : CACHET_MESSAGE_LIST_FRAME_MS - since,
                   flush_cb, self);
  g_source_set_name_by_id (self->flush_source, "[cachet] flush list");
}

void
cachet_message_list_add_entries (CachetMessageList *self, GArray *entries)
{
  if (entries->len == 0)
    return;
  for (guint i = 0; i < entries->len && g_hash_table_size (self->removed) > 0; i++)
    g_hash_table_remove (self->removed,
                         GUINT_TO_POINTER (g_array_index (entries, CachetListEntry, i).uid));
  g_array_append_vals (self->added, entries->data, entries->len);
  flush_soon (self);
}

void
cachet_message_list_remove_uid (CachetMessageList *self, guint32 uid)
{
  for (guint i = self->added->len; i > 0; i--)
    if (g_array_index (self->added, CachetListEntry, i - 1).uid == uid)
      g_array_remove_index_fast (self->added, i - 1);
  g_hash_table_add (self->removed, GUINT_TO_POINTER (uid));
  flush_soon (self);
}

void
cachet_message_list_set_uid_flags (CachetMessageList *self, guint32 uid, CachetMessageFlags flags)
{
  g_hash_table_insert (self->flags, GUINT_TO_POINTER (uid), GUINT_TO_POINTER ((guint)flags));
  flush_soon (self);
}

gboolean
cachet_message_list_get_uid_flags (CachetMessageList *self, guint32 uid, CachetMessageFlags *flags)
{
  gint64 position = cachet_entry_order_find_uid (self->order, uid);

  if (position < 0)
    return FALSE;
  *flags = cachet_entry_order_get (self->order, position)->flags;
  return TRUE;
}

void
cachet_message_list_refresh_id (CachetMessageList *self, gint64 id)
{
  KeptRow *kept = find_kept (self, id);
  gint64 position;

  if (kept == NULL)
    return;
  cachet_message_row_expire (kept->row);
  position = cachet_entry_order_find_id (self->order, id);
  if (position >= 0)
    cachet_message_list_peek_row (self, position);
}

static gboolean
is_never_kept_cb (const CachetListEntry *entry, gpointer user_data)
{
  return FALSE;
}

void
cachet_message_list_clear (CachetMessageList *self)
{
  g_array_set_size (self->added, 0);
  g_hash_table_remove_all (self->removed);
  g_hash_table_remove_all (self->flags);
  cachet_entry_order_filter (self->order, is_never_kept_cb, NULL);
  g_hash_table_remove_all (self->rows);
  if (self->query != NULL)
    begin_query (self);
}

/* --- the order, read from the cache --- */

/* Pending operations hide messages and put flags on others before the server knows. */
static GArray *
apply_pending (CachetMessageList *self, GArray *entries)
{
  GArray *shown = g_array_sized_new (FALSE, FALSE, sizeof (CachetListEntry), entries->len);

  for (guint i = 0; i < entries->len; i++)
    {
      CachetListEntry entry = g_array_index (entries, CachetListEntry, i);

      if (self->folder != NULL)
        {
          if (cachet_folder_hides_uid (self->folder, entry.uid))
            continue;
          entry.flags = cachet_folder_effective_flags (self->folder, entry.uid, entry.flags);
        }
      g_array_append_val (shown, entry);
    }
  return shown;
}

static void
set_loaded (CachetMessageList *self)
{
  if (!self->loading)
    return;
  self->loading = FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

static void
entries_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetMessageList) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) entries =
    cachet_mail_store_list_entries_finish (CACHET_MAIL_STORE (source), result, &error);
  g_autoptr (GArray) shown = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->query);
  if (entries == NULL)
    {
      g_warning ("The list could not be read from the cache: %s", error->message);
      set_loaded (self);
      return;
    }
  shown = apply_pending (self, entries);
  self->flushing = TRUE;
  cachet_entry_order_adopt (self->order, shown, reordered_cb, flags_changed_cb, self);
  self->flushing = FALSE;
  /* a text-sorted or filtered order has what came meanwhile */
  cachet_message_list_flush (self);
  set_loaded (self);
}

static void
begin_query (CachetMessageList *self)
{
  if (self->query != NULL)
    {
      g_cancellable_cancel (self->query);
      g_clear_object (&self->query);
    }
  g_clear_handle_id (&self->flush_source, g_source_remove);
  self->query = g_cancellable_new ();
  cachet_mail_store_list_entries_async (self->store, self->mailbox_id, self->sort_key,
                                        self->descending, self->filter, self->query,
                                        entries_listed_cb, g_object_ref (self));
}

void
cachet_message_list_requery (CachetMessageList *self)
{
  begin_query (self);
}

/* --- rows --- */

static gboolean
trim_cb (gpointer user_data)
{
  CachetMessageList *self = user_data;
  g_autoptr (GArray) stamps = g_array_new (FALSE, FALSE, sizeof (guint64));
  guint64 oldest_kept;
  GHashTableIter iter;
  gpointer value;

  self->trim_source = 0;
  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_array_append_val (stamps, ((KeptRow *)value)->stamp);
  if (stamps->len <= CACHET_MESSAGE_LIST_MAX_ROWS)
    return G_SOURCE_REMOVE;
  /* stamps only grow, so the newest MAX_ROWS are those above this one */
  oldest_kept = self->stamp - MIN (self->stamp, (guint64)CACHET_MESSAGE_LIST_MAX_ROWS);
  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KeptRow *kept = value;

      /* a row that someone else holds must go on hearing of changes */
      if (kept->stamp <= oldest_kept &&
          g_atomic_int_get ((int *)&G_OBJECT (kept->row)->ref_count) == 1)
        g_hash_table_iter_remove (&iter);
    }
  return G_SOURCE_REMOVE;
}

static CachetMessageRow *
keep_row (CachetMessageList *self, const CachetListEntry *entry)
{
  KeptRow *kept = find_kept (self, entry->id);
  gint64 *key;

  if (kept == NULL)
    {
      kept = g_new0 (KeptRow, 1);
      kept->row = cachet_message_row_new (self->folder, entry);
      key = g_new (gint64, 1);
      *key = entry->id;
      g_hash_table_insert (self->rows, key, kept);
      kept->stamp = ++self->stamp;
      if (g_hash_table_size (self->rows) > CACHET_MESSAGE_LIST_MAX_ROWS + ROWS_SLACK &&
          self->trim_source == 0)
        {
          self->trim_source = g_idle_add (trim_cb, self);
          g_source_set_name_by_id (self->trim_source, "[cachet] trim list rows");
        }
    }
  return kept->row;
}

typedef struct
{
  CachetMessageList *list;
  guint first; /* position of the page when it was asked for */
  GArray *ids;
} PageRead;

static void
page_read_free (PageRead *self)
{
  g_object_unref (self->list);
  g_array_unref (self->ids);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PageRead, page_read_free)

/* Where the row stands: on its page, unless the list has moved meanwhile. */
static gint64
find_near (CachetMessageList *self, guint first, gint64 id)
{
  guint n = cachet_entry_order_get_length (self->order);

  for (guint i = first; i < n && i < first + CACHET_MESSAGE_LIST_PAGE; i++)
    if (cachet_entry_order_get (self->order, i)->id == id)
      return i;
  return cachet_entry_order_find_id (self->order, id);
}

static void
page_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PageRead) read = user_data;
  CachetMessageList *self = read->list;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows =
    cachet_mail_store_load_rows_finish (CACHET_MAIL_STORE (source), result, &error);

  for (guint i = 0; i < read->ids->len; i++)
    g_hash_table_remove (self->reading, &g_array_index (read->ids, gint64, i));
  if (rows == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_warning ("Rows could not be read from the cache: %s", error->message);
      return;
    }
  for (guint i = 0; i < rows->len; i++)
    {
      const CachetStoredRow *stored = g_ptr_array_index (rows, i);
      KeptRow *kept = find_kept (self, stored->id);
      gint64 position;

      if (kept == NULL)
        continue;
      cachet_message_row_take_stored (kept->row, cachet_stored_row_copy (stored));
      position = find_near (self, read->first, stored->id);
      if (position >= 0)
        g_signal_emit (self, signals[ROW_CHANGED], 0, (guint)position);
    }
}

/* Asks for the strings of the page around @position that are neither there nor on their way. */
static void
read_page (CachetMessageList *self, guint position)
{
  guint n = cachet_entry_order_get_length (self->order);
  guint first = position - position % CACHET_MESSAGE_LIST_PAGE;
  g_autoptr (PageRead) read = NULL;

  read = g_new0 (PageRead, 1);
  read->list = g_object_ref (self);
  read->first = first;
  read->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = first; i < n && i < first + CACHET_MESSAGE_LIST_PAGE; i++)
    {
      const CachetListEntry *entry = cachet_entry_order_get (self->order, i);
      gint64 id = entry->id;
      gint64 *key;

      if (!cachet_message_row_wants_strings (keep_row (self, entry)) ||
          g_hash_table_contains (self->reading, &id))
        continue;
      g_array_append_val (read->ids, id);
      key = g_new (gint64, 1);
      *key = id;
      g_hash_table_add (self->reading, key);
    }
  if (read->ids->len > 0)
    {
      GArray *ids = read->ids;
      cachet_mail_store_load_rows_async (self->store, ids, NULL, page_read_cb,
                                         g_steal_pointer (&read));
    }
}

CachetMessageRow *
cachet_message_list_peek_row (CachetMessageList *self, guint position)
{
  const CachetListEntry *entry;
  CachetMessageRow *row;
  gint64 id;

  g_return_val_if_fail (CACHET_IS_MESSAGE_LIST (self), NULL);
  g_return_val_if_fail (position < cachet_entry_order_get_length (self->order), NULL);

  entry = cachet_entry_order_get (self->order, position);
  id = entry->id;
  row = keep_row (self, entry);
  find_kept (self, id)->stamp = ++self->stamp;
  if (cachet_message_row_wants_strings (row) && !g_hash_table_contains (self->reading, &id))
    read_page (self, position);
  return row;
}

/* --- the object --- */

static void
cachet_message_list_dispose (GObject *object)
{
  CachetMessageList *self = CACHET_MESSAGE_LIST (object);

  if (self->query != NULL)
    g_cancellable_cancel (self->query);
  g_clear_object (&self->query);
  g_clear_handle_id (&self->flush_source, g_source_remove);
  g_clear_handle_id (&self->requery_source, g_source_remove);
  g_clear_handle_id (&self->trim_source, g_source_remove);
  g_clear_object (&self->folder);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (cachet_message_list_parent_class)->dispose (object);
}

static void
cachet_message_list_finalize (GObject *object)
{
  CachetMessageList *self = CACHET_MESSAGE_LIST (object);

  g_clear_pointer (&self->order, cachet_entry_order_free);
  g_clear_pointer (&self->added, g_array_unref);
  g_clear_pointer (&self->removed, g_hash_table_unref);
  g_clear_pointer (&self->flags, g_hash_table_unref);
  g_clear_pointer (&self->rows, g_hash_table_unref);
  g_clear_pointer (&self->reading, g_hash_table_unref);
  g_free (self->filter);
  G_OBJECT_CLASS (cachet_message_list_parent_class)->finalize (object);
}

static void
cachet_message_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CachetMessageList *self = CACHET_MESSAGE_LIST (object);

  switch (id)
    {
    case PROP_LOADING:
      g_value_set_boolean (value, self->loading);
      break;
    case PROP_SORT_KEY:
      g_value_set_int (value, self->sort_key);
      break;
    case PROP_DESCENDING:
      g_value_set_boolean (value, self->descending);
      break;
    case PROP_FILTER:
      g_value_set_string (value, self->filter);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
cachet_message_list_class_init (CachetMessageListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = cachet_message_list_dispose;
  object_class->finalize = cachet_message_list_finalize;
  object_class->get_property = cachet_message_list_get_property;

  properties[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, FALSE, flags);
  properties[PROP_SORT_KEY] = g_param_spec_int ("sort-key", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_DESCENDING] = g_param_spec_boolean ("descending", NULL, NULL, TRUE, flags);
  properties[PROP_FILTER] = g_param_spec_string ("filter", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[ROW_CHANGED] = g_signal_new ("row-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                       0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[REORDERED] = g_signal_new ("reordered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_UINT);
}

static void
cachet_message_list_init (CachetMessageList *self)
{
  self->order = cachet_entry_order_new (order_changed_cb, self);
  self->descending = TRUE;
  self->added = g_array_new (FALSE, FALSE, sizeof (CachetListEntry));
  self->removed = g_hash_table_new (NULL, NULL);
  self->flags = g_hash_table_new (NULL, NULL);
  self->rows = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, kept_row_free);
  self->reading = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
}

CachetMessageList *
cachet_message_list_new (CachetMailStore *store, CachetFolder *folder, gint64 mailbox_id)
{
  CachetMessageList *self = g_object_new (CACHET_TYPE_MESSAGE_LIST, NULL);

  self->store = g_object_ref (store);
  g_set_object (&self->folder, folder);
  self->mailbox_id = mailbox_id;
  self->loading = TRUE;
  begin_query (self);
  return self;
}

CachetFolder *
cachet_message_list_get_folder (CachetMessageList *self)
{
  g_return_val_if_fail (CACHET_IS_MESSAGE_LIST (self), NULL);
  return self->folder;
}

guint
cachet_message_list_get_n_messages (CachetMessageList *self)
{
  g_return_val_if_fail (CACHET_IS_MESSAGE_LIST (self), 0);
  return cachet_entry_order_get_length (self->order);
}

gboolean
cachet_message_list_is_loading (CachetMessageList *self)
{
  g_return_val_if_fail (CACHET_IS_MESSAGE_LIST (self), FALSE);
  return self->loading;
}

const CachetListEntry *
cachet_message_list_get_entry (CachetMessageList *self, guint position)
{
  g_return_val_if_fail (CACHET_IS_MESSAGE_LIST (self), NULL);
  g_return_val_if_fail (position < cachet_entry_order_get_length (self->order), NULL);
  return cachet_entry_order_get (self->order, position);
}

gint64
cachet_message_list_find_id (CachetMessageList *self, gint64 id)
{
  g_return_val_if_fail (CACHET_IS_MESSAGE_LIST (self), -1);
  return cachet_entry_order_find_id (self->order, id);
}

void
cachet_message_list_set_sort (CachetMessageList *self, CachetSortKey key, gboolean descending)
{
  g_return_if_fail (CACHET_IS_MESSAGE_LIST (self));

  descending = !!descending;
  if (self->sort_key == key && self->descending == descending)
    return;
  self->sort_key = key;
  self->descending = descending;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SORT_KEY]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DESCENDING]);
  begin_query (self);
}

CachetSortKey
cachet_message_list_get_sort_key (CachetMessageList *self)
{
  g_return_val_if_fail (CACHET_IS_MESSAGE_LIST (self), CACHET_SORT_DATE);
  return self->sort_key;
}

gboolean
cachet_message_list_get_descending (CachetMessageList *self)
{
  g_return_val_if_fail (CACHET_IS_MESSAGE_LIST (self), TRUE);
  return self->descending;
}

void
cachet_message_list_set_filter (CachetMessageList *self, const char *filter)
{
  g_return_if_fail (CACHET_IS_MESSAGE_LIST (self));

  if (filter != NULL && *filter == '\0')
    filter = NULL;
  if (g_strcmp0 (self->filter, filter) == 0)
    return;
  g_free (self->filter);
  self->filter = g_strdup (filter);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILTER]);
  begin_query (self);
}
