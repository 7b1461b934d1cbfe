#pragma once

#include "cachet-folder-table.h"
#include "cachet-imap-set.h"

G_BEGIN_DECLS

/* Comparing what the server has (sets that are ranges) with the table of what is known. */

/* Members of @set that @table does not have (transfer full). Never longer to compute than ranges +
 * table, however large the ranges are. */
CachetImapSet *cachet_uid_ranges_missing (const CachetImapSet *set, const CachetFolderTable *table);
/* (element-type guint32) (transfer full): UIDs of @table from @first to @last that @set does not
 * have. */
GArray *cachet_uid_ranges_gone (const CachetImapSet *set,
                                const CachetFolderTable *table,
                                guint32 first,
                                guint32 last);
/* (element-type guint32) (transfer full): UIDs of @table that @set has. */
GArray *cachet_uid_ranges_known (const CachetImapSet *set, const CachetFolderTable *table);
/* Takes the @n highest members off @ranges (GArray of CachetImapRange, ascending). (transfer full)
 */
CachetImapSet *cachet_uid_ranges_pop_newest (GArray *ranges, guint n);
/* (element-type CachetImapRange) (transfer full) */
GArray *cachet_uid_ranges_from_set (const CachetImapSet *set);

G_END_DECLS
