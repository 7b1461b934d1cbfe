#pragma once

#include "cachet-store-types.h"

G_BEGIN_DECLS

/* The order in which cachet_mail_store_list_entries_async() gives entries, for merging new ones
 * into a list: by @key, and among equals newest first (by date, then UID); with CACHET_SORT_DATE
 * equal dates go by UID in the direction asked for. CACHET_SORT_SUBJECT and CACHET_SORT_FROM need
 * the text, which is not in an entry: cachet_list_order_needs_text() tells these. */
int cachet_list_order_compare (const CachetListEntry *a,
                               const CachetListEntry *b,
                               CachetSortKey key,
                               gboolean descending);
gboolean cachet_list_order_needs_text (CachetSortKey key);
/* What @text is sorted by, to be compared with strcmp(): without case and accents, and for
 * subjects without reply and forward prefixes. */
char *cachet_list_order_fold (const char *text, gboolean is_subject);

G_END_DECLS
