#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-folder-table.h"

struct _CachetFolderTable
{
  GArray *facts;
};

CachetFolderTable *
cachet_folder_table_new (void)
{
  CachetFolderTable *self = g_new0 (CachetFolderTable, 1);

  self->facts = g_array_new (FALSE, FALSE, sizeof (CachetUidFact));
  return self;
}

void
cachet_folder_table_free (CachetFolderTable *self)
{
  g_array_unref (self->facts);
  g_free (self);
}

guint
cachet_folder_table_get_length (const CachetFolderTable *self)
{
  return self->facts->len;
}

CachetUidFact *
cachet_folder_table_get (const CachetFolderTable *self, guint index)
{
  g_assert (index < self->facts->len);
  return &g_array_index (self->facts, CachetUidFact, index);
}

CachetUidFact *
cachet_folder_table_find (const CachetFolderTable *self, guint32 uid)
{
  guint low = 0, high = self->facts->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      CachetUidFact *fact = cachet_folder_table_get (self, middle);

      if (fact->uid == uid)
        return fact;
      if (fact->uid < uid)
        low = middle + 1;
      else
        high = middle;
    }
  return NULL;
}

guint32
cachet_folder_table_get_max_uid (const CachetFolderTable *self)
{
  if (self->facts->len == 0)
    return 0;
  return cachet_folder_table_get (self, self->facts->len - 1)->uid;
}

void
cachet_folder_table_append (CachetFolderTable *self, guint32 uid, CachetMessageFlags flags)
{
  CachetUidFact fact = { uid, flags };

  g_return_if_fail (uid > cachet_folder_table_get_max_uid (self));
  g_array_append_val (self->facts, fact);
}

static int
compare_facts_cb (gconstpointer a, gconstpointer b)
{
  const CachetUidFact *first = a, *second = b;

  return (first->uid > second->uid) - (first->uid < second->uid);
}

void
cachet_folder_table_merge (CachetFolderTable *self, GArray *entries)
{
  g_autoptr (GArray) added = g_array_new (FALSE, FALSE, sizeof (CachetUidFact));
  guint from, next, to;

  for (guint i = 0; i < entries->len; i++)
    {
      const CachetListEntry *entry = &g_array_index (entries, CachetListEntry, i);
      CachetUidFact *known = cachet_folder_table_find (self, entry->uid);
      CachetUidFact fact = { entry->uid, entry->flags };

      if (known != NULL)
        known->flags = entry->flags;
      else
        g_array_append_val (added, fact);
    }
  g_array_sort (added, compare_facts_cb);
  for (guint i = added->len; i > 1; i--)
    if (g_array_index (added, CachetUidFact, i - 1).uid ==
        g_array_index (added, CachetUidFact, i - 2).uid)
      g_array_remove_index (added, i - 1);
  /* backwards into the room at the end */
  from = self->facts->len;
  next = added->len;
  g_array_set_size (self->facts, from + next);
  to = self->facts->len;
  while (next > 0)
    {
      CachetUidFact fact = g_array_index (added, CachetUidFact, next - 1);

      if (from > 0 && cachet_folder_table_get (self, from - 1)->uid > fact.uid)
        fact = *cachet_folder_table_get (self, --from);
      else
        next--;
      g_array_index (self->facts, CachetUidFact, --to) = fact;
    }
}

void
cachet_folder_table_remove (CachetFolderTable *self, GArray *uids)
{
  g_autoptr (GHashTable) gone = g_hash_table_new (NULL, NULL);
  guint kept = 0;

  for (guint i = 0; i < uids->len; i++)
    g_hash_table_add (gone, GUINT_TO_POINTER (g_array_index (uids, guint32, i)));
  for (guint i = 0; i < self->facts->len; i++)
    {
      CachetUidFact fact = *cachet_folder_table_get (self, i);

      if (!g_hash_table_contains (gone, GUINT_TO_POINTER (fact.uid)))
        g_array_index (self->facts, CachetUidFact, kept++) = fact;
    }
  g_array_set_size (self->facts, kept);
}

GArray *
cachet_folder_table_dup_uids (const CachetFolderTable *self)
{
  GArray *uids = g_array_sized_new (FALSE, FALSE, sizeof (guint32), self->facts->len);

  for (guint i = 0; i < self->facts->len; i++)
    g_array_append_val (uids, cachet_folder_table_get (self, i)->uid);
  return uids;
}
