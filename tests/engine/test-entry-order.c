#include "config.h"

#include "cachet-entry-order.h"
#include "cachet-list-order.h"

/* A listener that keeps a copy by what it is told alone, and compares it with the order each time.
 */
typedef struct
{
  CachetEntryOrder *order;
  GArray *copy; /* gint64 ids */
  guint n_calls;
  guint n_flags;
  guint n_reorders;
} Listener;

static void
check_same (Listener *self)
{
  g_assert_cmpuint (cachet_entry_order_get_length (self->order), ==, self->copy->len);
  for (guint i = 0; i < self->copy->len; i++)
    g_assert_cmpint (cachet_entry_order_get (self->order, i)->id, ==,
                     g_array_index (self->copy, gint64, i));
}

static void
changed_cb (guint position, guint removed, guint added, gpointer user_data)
{
  Listener *self = user_data;

  self->n_calls++;
  g_array_remove_range (self->copy, position, removed);
  for (guint i = 0; i < added; i++)
    {
      gint64 id = cachet_entry_order_get (self->order, position + i)->id;
      g_array_insert_val (self->copy, position + i, id);
    }
  check_same (self);
}

static void
reordered_cb (guint32 *new_order, guint n, gpointer user_data)
{
  Listener *self = user_data;
  g_autoptr (GArray) old = self->copy;

  self->n_reorders++;
  g_assert_cmpuint (n, ==, old->len);
  self->copy = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < n; i++)
    g_array_append_val (self->copy, g_array_index (old, gint64, new_order[i]));
  check_same (self);
}

static void
flags_cb (guint position, gpointer user_data)
{
  Listener *self = user_data;

  g_assert_cmpuint (position, <, self->copy->len);
  self->n_flags++;
}

static void
listener_init (Listener *self)
{
  *self = (Listener){ .copy = g_array_new (FALSE, FALSE, sizeof (gint64)) };
  self->order = cachet_entry_order_new (changed_cb, self);
}

static void
listener_clear (Listener *self)
{
  cachet_entry_order_free (self->order);
  g_array_unref (self->copy);
}

static void
add (GArray *entries, gint64 id, gint64 date)
{
  CachetListEntry entry = { .id = id, .date = date, .uid = (guint32)id };

  g_array_append_val (entries, entry);
}

static void
assert_sorted (Listener *self, CachetSortKey key, gboolean descending)
{
  for (guint i = 1; i < cachet_entry_order_get_length (self->order); i++)
    g_assert_cmpint (cachet_list_order_compare (cachet_entry_order_get (self->order, i - 1),
                                                cachet_entry_order_get (self->order, i), key,
                                                descending),
                     <, 0);
}

static void
test_merge (void)
{
  Listener self;

  listener_init (&self);
  for (guint round = 0; round < 40; round++)
    {
      g_autoptr (GArray) added = g_array_new (FALSE, FALSE, sizeof (CachetListEntry));

      for (guint i = 0; i < 25; i++)
        add (added, round * 25 + i + 1, g_test_rand_int_range (-1000, 1000));
      cachet_entry_order_merge (self.order, added, CACHET_SORT_DATE, TRUE);
      assert_sorted (&self, CACHET_SORT_DATE, TRUE);
    }
  g_assert_cmpuint (self.copy->len, ==, 1000);
  g_assert_cmpint (cachet_entry_order_find_id (self.order, 4711), ==, -1);
  g_assert_cmpint (cachet_entry_order_find_id (self.order, g_array_index (self.copy, gint64, 777)),
                   ==, 777);
  listener_clear (&self);
}

/* What comes together at one place is told in one call. */
static void
test_runs (void)
{
  Listener self;
  g_autoptr (GArray) first = g_array_new (FALSE, FALSE, sizeof (CachetListEntry));
  g_autoptr (GArray) older = g_array_new (FALSE, FALSE, sizeof (CachetListEntry));

  listener_init (&self);
  for (gint64 i = 1; i <= 50; i++)
    add (first, i, 1000 + i);
  cachet_entry_order_merge (self.order, first, CACHET_SORT_DATE, TRUE);
  g_assert_cmpuint (self.n_calls, ==, 1);
  for (gint64 i = 51; i <= 250; i++)
    add (older, i, 1000 - i);
  cachet_entry_order_merge (self.order, older, CACHET_SORT_DATE, TRUE);
  g_assert_cmpuint (self.n_calls, ==, 2);
  g_assert_cmpuint (self.copy->len, ==, 250);
  listener_clear (&self);
}

static gboolean
is_odd_cb (const CachetListEntry *entry, gpointer user_data)
{
  return entry->id % 2 == 1;
}

static void
test_filter_and_flags (void)
{
  Listener self;
  g_autoptr (GArray) added = g_array_new (FALSE, FALSE, sizeof (CachetListEntry));
  g_autoptr (GHashTable) flags = g_hash_table_new (NULL, NULL);

  listener_init (&self);
  for (gint64 i = 1; i <= 100; i++)
    add (added, i, i);
  cachet_entry_order_merge (self.order, added, CACHET_SORT_DATE, FALSE);
  cachet_entry_order_filter (self.order, is_odd_cb, NULL);
  g_assert_cmpuint (self.copy->len, ==, 50);
  g_hash_table_insert (flags, GUINT_TO_POINTER (7),
                       GUINT_TO_POINTER ((guint)CACHET_MESSAGE_FLAG_SEEN));
  g_hash_table_insert (flags, GUINT_TO_POINTER (8),
                       GUINT_TO_POINTER ((guint)CACHET_MESSAGE_FLAG_SEEN));
  cachet_entry_order_set_flags (self.order, flags, flags_cb, &self);
  g_assert_cmpuint (self.n_flags, ==, 1);
  g_assert_cmpuint (
    cachet_entry_order_get (self.order, cachet_entry_order_find_uid (self.order, 7))->flags, ==,
    CACHET_MESSAGE_FLAG_SEEN);
  /* the same again changes nothing */
  cachet_entry_order_set_flags (self.order, flags, flags_cb, &self);
  g_assert_cmpuint (self.n_flags, ==, 1);
  listener_clear (&self);
}

static void
test_adopt (void)
{
  Listener self;

  listener_init (&self);
  for (guint round = 0; round < 60; round++)
    {
      g_autoptr (GArray) fresh = g_array_new (FALSE, FALSE, sizeof (CachetListEntry));

      for (gint64 id = 1; id <= 80; id++)
        if (g_test_rand_int_range (0, 3) > 0)
          add (fresh, id, id);
      for (guint i = 0; round % 2 == 1 && i < 20; i++)
        {
          CachetListEntry *a =
            &g_array_index (fresh, CachetListEntry, g_test_rand_int_range (0, fresh->len));
          CachetListEntry *b =
            &g_array_index (fresh, CachetListEntry, g_test_rand_int_range (0, fresh->len));
          CachetListEntry swap = *a;

          *a = *b;
          *b = swap;
        }
      cachet_entry_order_adopt (self.order, fresh, reordered_cb, flags_cb, &self);
      g_assert_cmpuint (self.copy->len, ==, fresh->len);
      for (guint i = 0; i < fresh->len; i++)
        g_assert_cmpint (g_array_index (self.copy, gint64, i), ==,
                         g_array_index (fresh, CachetListEntry, i).id);
    }
  g_assert_cmpuint (self.n_reorders, >, 0);
  listener_clear (&self);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/entry-order/merge", test_merge);
  g_test_add_func ("/engine/entry-order/runs", test_runs);
  g_test_add_func ("/engine/entry-order/filter-and-flags", test_filter_and_flags);
  g_test_add_func ("/engine/entry-order/adopt", test_adopt);
  return g_test_run ();
}
