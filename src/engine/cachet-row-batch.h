#pragma once

#include "cachet-folder-private.h"
#include "cachet-imap-data.h"

G_BEGIN_DECLS

/* Header blocks on their way to rows: decoded on the worker, stored, then handed to the folder.
 * @fetches: (element-type CachetImapFetch), taken. Finish gives the rows as stored
 * (element-type CachetStoredRow); @ids: (out): their entries (GArray of CachetListEntry). */
void cachet_row_batch_store_async (CachetFolder *folder,
                                   GPtrArray *fetches,
                                   int priority,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
GPtrArray *cachet_row_batch_store_finish (CachetFolder *folder,
                                          GAsyncResult *result,
                                          GArray **entries,
                                          GError **error);

G_END_DECLS
