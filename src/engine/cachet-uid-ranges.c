#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-uid-ranges.h"

/* First index of @table whose UID is not below @uid. */
static guint
lower_bound (const CachetFolderTable *table, guint32 uid)
{
  guint low = 0, high = cachet_folder_table_get_length (table);

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (cachet_folder_table_get (table, middle)->uid < uid)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

CachetImapSet *
cachet_uid_ranges_missing (const CachetImapSet *set, const CachetFolderTable *table)
{
  CachetImapSet *missing = cachet_imap_set_new ();
  guint n_known = cachet_folder_table_get_length (table);

  for (guint i = 0; i < cachet_imap_set_get_n_ranges (set); i++)
    {
      CachetImapRange range = cachet_imap_set_get_range (set, i);
      guint64 next = range.first;

      for (guint j = lower_bound (table, range.first); j < n_known; j++)
        {
          guint32 uid = cachet_folder_table_get (table, j)->uid;

          if (uid > range.last)
            break;
          if (uid > next)
            cachet_imap_set_add_range (missing, next, uid - 1);
          next = (guint64)uid + 1;
        }
      if (next <= range.last)
        cachet_imap_set_add_range (missing, next, range.last);
    }
  return missing;
}

GArray *
cachet_uid_ranges_gone (const CachetImapSet *set,
                        const CachetFolderTable *table,
                        guint32 first,
                        guint32 last)
{
  GArray *gone = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint n_ranges = cachet_imap_set_get_n_ranges (set);
  guint n_known = cachet_folder_table_get_length (table);
  guint at = 0;

  for (guint i = lower_bound (table, first); i < n_known; i++)
    {
      guint32 uid = cachet_folder_table_get (table, i)->uid;

      if (uid > last)
        break;
      while (at < n_ranges && cachet_imap_set_get_range (set, at).last < uid)
        at++;
      if (at == n_ranges || cachet_imap_set_get_range (set, at).first > uid)
        g_array_append_val (gone, uid);
    }
  return gone;
}

GArray *
cachet_uid_ranges_known (const CachetImapSet *set, const CachetFolderTable *table)
{
  GArray *known = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint n_known = cachet_folder_table_get_length (table);

  for (guint i = 0; i < cachet_imap_set_get_n_ranges (set); i++)
    {
      CachetImapRange range = cachet_imap_set_get_range (set, i);

      for (guint j = lower_bound (table, range.first); j < n_known; j++)
        {
          guint32 uid = cachet_folder_table_get (table, j)->uid;

          if (uid > range.last)
            break;
          g_array_append_val (known, uid);
        }
    }
  return known;
}

CachetImapSet *
cachet_uid_ranges_pop_newest (GArray *ranges, guint n)
{
  CachetImapSet *popped = cachet_imap_set_new ();
  guint64 left = n;
  guint first = ranges->len;

  /* whole ranges from the end, then a part of the next one; added ascending */
  while (first > 0 && left > 0)
    {
      CachetImapRange *range = &g_array_index (ranges, CachetImapRange, first - 1);
      guint64 size = (guint64)range->last - range->first + 1;

      if (size > left)
        {
          guint32 from = range->last - left + 1;

          cachet_imap_set_add_range (popped, from, range->last);
          range->last = from - 1;
          break;
        }
      left -= size;
      first--;
    }
  for (guint i = first; i < ranges->len; i++)
    {
      CachetImapRange range = g_array_index (ranges, CachetImapRange, i);
      cachet_imap_set_add_range (popped, range.first, range.last);
    }
  g_array_set_size (ranges, first);
  return popped;
}

GArray *
cachet_uid_ranges_from_set (const CachetImapSet *set)
{
  guint n = cachet_imap_set_get_n_ranges (set);
  GArray *ranges = g_array_sized_new (FALSE, FALSE, sizeof (CachetImapRange), n);

  for (guint i = 0; i < n; i++)
    {
      CachetImapRange range = cachet_imap_set_get_range (set, i);
      g_array_append_val (ranges, range);
    }
  return ranges;
}
