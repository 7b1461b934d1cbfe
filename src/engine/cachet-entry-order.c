#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-entry-order.h"
#include "cachet-list-order.h"

#include <stdlib.h>

struct _CachetEntryOrder
{
  GArray *entries; /* CachetListEntry: all, or the new head while a change is told */
  GArray *tail;    /* (nullable): the old order, from tail_at on still to be taken over */
  guint tail_at;
  CachetEntryOrderFunc func;
  gpointer user_data;
};

CachetEntryOrder *
cachet_entry_order_new (CachetEntryOrderFunc func, gpointer user_data)
{
  CachetEntryOrder *self = g_new0 (CachetEntryOrder, 1);

  self->entries = g_array_new (FALSE, FALSE, sizeof (CachetListEntry));
  self->func = func;
  self->user_data = user_data;
  return self;
}

void
cachet_entry_order_free (CachetEntryOrder *self)
{
  g_array_unref (self->entries);
  g_clear_pointer (&self->tail, g_array_unref);
  g_free (self);
}

guint
cachet_entry_order_get_length (const CachetEntryOrder *self)
{
  return self->entries->len + (self->tail != NULL ? self->tail->len - self->tail_at : 0);
}

const CachetListEntry *
cachet_entry_order_get (const CachetEntryOrder *self, guint position)
{
  if (position < self->entries->len)
    return &g_array_index (self->entries, CachetListEntry, position);
  g_assert (self->tail != NULL);
  position = position - self->entries->len + self->tail_at;
  g_assert (position < self->tail->len);
  return &g_array_index (self->tail, CachetListEntry, position);
}

gint64
cachet_entry_order_find_id (const CachetEntryOrder *self, gint64 id)
{
  guint n = cachet_entry_order_get_length (self);

  for (guint i = 0; i < n; i++)
    if (cachet_entry_order_get (self, i)->id == id)
      return i;
  return -1;
}

gint64
cachet_entry_order_find_uid (const CachetEntryOrder *self, guint32 uid)
{
  guint n = cachet_entry_order_get_length (self);

  for (guint i = 0; i < n; i++)
    if (cachet_entry_order_get (self, i)->uid == uid)
      return i;
  return -1;
}

typedef struct
{
  CachetSortKey key;
  gboolean descending;
} Comparison;

static int
compare_entries_cb (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Comparison *comparison = user_data;

  return cachet_list_order_compare (a, b, comparison->key, comparison->descending);
}

/* The old order becomes the tail, the head starts empty with room for all. */
static void
begin_change (CachetEntryOrder *self, guint n_more)
{
  g_assert (self->tail == NULL);

  self->tail = self->entries;
  self->tail_at = 0;
  self->entries =
    g_array_sized_new (FALSE, FALSE, sizeof (CachetListEntry), self->tail->len + n_more);
}

/* What is left of the tail is taken over as it is. */
static void
end_change (CachetEntryOrder *self)
{
  guint left = self->tail->len - self->tail_at;

  if (left > 0)
    g_array_append_vals (self->entries, &g_array_index (self->tail, CachetListEntry, self->tail_at),
                         left);
  g_clear_pointer (&self->tail, g_array_unref);
  self->tail_at = 0;
}

static void
take_over_one (CachetEntryOrder *self)
{
  CachetListEntry entry = g_array_index (self->tail, CachetListEntry, self->tail_at);

  g_array_append_val (self->entries, entry);
  self->tail_at++;
}

void
cachet_entry_order_merge (CachetEntryOrder *self,
                          GArray *added,
                          CachetSortKey key,
                          gboolean descending)
{
  Comparison comparison = { key, descending };
  guint next = 0;

  g_return_if_fail (!cachet_list_order_needs_text (key));

  if (added->len == 0)
    return;
  g_array_sort_with_data (added, compare_entries_cb, &comparison);
  begin_change (self, added->len);
  while (next < added->len)
    {
      guint run = next;

      while (run < added->len &&
             (self->tail_at == self->tail->len ||
              cachet_list_order_compare (
                &g_array_index (added, CachetListEntry, run),
                &g_array_index (self->tail, CachetListEntry, self->tail_at), key, descending) < 0))
        run++;
      if (run > next)
        {
          guint position = self->entries->len;

          g_array_append_vals (self->entries, &g_array_index (added, CachetListEntry, next),
                               run - next);
          self->func (position, 0, run - next, self->user_data);
          next = run;
        }
      else
        take_over_one (self);
    }
  end_change (self);
}

void
cachet_entry_order_filter (CachetEntryOrder *self,
                           CachetEntryOrderKeepFunc keep,
                           gpointer user_data)
{
  begin_change (self, 0);
  while (self->tail_at < self->tail->len)
    {
      guint end = self->tail_at;

      while (end < self->tail->len &&
             !keep (&g_array_index (self->tail, CachetListEntry, end), user_data))
        end++;
      if (end > self->tail_at)
        {
          guint removed = end - self->tail_at;

          self->tail_at = end;
          self->func (self->entries->len, removed, 0, self->user_data);
        }
      else
        take_over_one (self);
    }
  end_change (self);
}

void
cachet_entry_order_set_flags (CachetEntryOrder *self,
                              GHashTable *flags,
                              CachetEntryOrderFlagsFunc func,
                              gpointer user_data)
{
  guint n_left = g_hash_table_size (flags);

  for (guint i = 0; i < self->entries->len && n_left > 0; i++)
    {
      CachetListEntry *entry = &g_array_index (self->entries, CachetListEntry, i);
      gpointer value;

      if (!g_hash_table_lookup_extended (flags, GUINT_TO_POINTER (entry->uid), NULL, &value))
        continue;
      n_left--;
      if (entry->flags == GPOINTER_TO_UINT (value))
        continue;
      entry->flags = GPOINTER_TO_UINT (value);
      func (i, user_data);
    }
}

/* --- adopt --- */

/* Position + 1 in @fresh by id; keys point into @fresh. */
static GHashTable *
index_by_id (GArray *fresh)
{
  GHashTable *index = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint i = 0; i < fresh->len; i++)
    g_hash_table_insert (index, &g_array_index (fresh, CachetListEntry, i).id,
                         GUINT_TO_POINTER (i + 1));
  return index;
}

static gboolean
is_in_index_cb (const CachetListEntry *entry, gpointer user_data)
{
  gint64 id = entry->id;

  return g_hash_table_contains (user_data, &id);
}

static guint
rank_of (GHashTable *index, const CachetListEntry *entry)
{
  gint64 id = entry->id;

  return GPOINTER_TO_UINT (g_hash_table_lookup (index, &id));
}

typedef struct
{
  guint rank;
  guint32 old_position;
} Ranked;

static int
compare_ranks_cb (gconstpointer a, gconstpointer b)
{
  const Ranked *first = a, *second = b;

  return (first->rank > second->rank) - (first->rank < second->rank);
}

static void
reorder_by (CachetEntryOrder *self,
            GHashTable *index,
            CachetEntryOrderReorderFunc reorder,
            gpointer user_data)
{
  guint n = self->entries->len;
  g_autofree Ranked *ranked = g_new (Ranked, n);
  g_autofree guint32 *new_order = g_new (guint32, n);
  gboolean in_order = TRUE;
  GArray *entries;

  for (guint i = 0; i < n; i++)
    {
      ranked[i].rank = rank_of (index, &g_array_index (self->entries, CachetListEntry, i));
      ranked[i].old_position = i;
      if (i > 0 && ranked[i].rank < ranked[i - 1].rank)
        in_order = FALSE;
    }
  if (in_order)
    return;
  qsort (ranked, n, sizeof (Ranked), compare_ranks_cb);
  entries = g_array_sized_new (FALSE, FALSE, sizeof (CachetListEntry), n);
  for (guint i = 0; i < n; i++)
    {
      new_order[i] = ranked[i].old_position;
      g_array_append_val (entries,
                          g_array_index (self->entries, CachetListEntry, ranked[i].old_position));
    }
  g_array_unref (self->entries);
  self->entries = entries;
  reorder (new_order, n, user_data);
}

/* Every entry of the order is in @fresh and in its order: those between come now. */
static void
insert_missing (CachetEntryOrder *self, GArray *fresh)
{
  guint next = 0;

  begin_change (self, fresh->len - self->entries->len);
  while (next < fresh->len)
    {
      guint run = next;

      while (run < fresh->len && (self->tail_at == self->tail->len ||
                                  g_array_index (fresh, CachetListEntry, run).id !=
                                    g_array_index (self->tail, CachetListEntry, self->tail_at).id))
        run++;
      if (run > next)
        {
          guint position = self->entries->len;

          g_array_append_vals (self->entries, &g_array_index (fresh, CachetListEntry, next),
                               run - next);
          self->func (position, 0, run - next, self->user_data);
          next = run;
        }
      if (next < fresh->len)
        {
          take_over_one (self);
          next++;
        }
    }
  end_change (self);
}

void
cachet_entry_order_adopt (CachetEntryOrder *self,
                          GArray *fresh,
                          CachetEntryOrderReorderFunc reorder,
                          CachetEntryOrderFlagsFunc changed,
                          gpointer user_data)
{
  if (self->entries->len > 0)
    {
      g_autoptr (GHashTable) index = index_by_id (fresh);

      cachet_entry_order_filter (self, is_in_index_cb, index);
      reorder_by (self, index, reorder, user_data);
    }
  insert_missing (self, fresh);
  g_assert (self->entries->len == fresh->len);
  for (guint i = 0; i < fresh->len; i++)
    {
      CachetListEntry *entry = &g_array_index (self->entries, CachetListEntry, i);
      gboolean same = entry->flags == g_array_index (fresh, CachetListEntry, i).flags;

      *entry = g_array_index (fresh, CachetListEntry, i);
      if (!same)
        changed (i, user_data);
    }
}
