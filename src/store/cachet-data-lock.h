#pragma once

#include "cachet-store-types.h"

G_BEGIN_DECLS

/* Internal to store/. An advisory lock (flock) on a file of its own, so that the window and
 * cachetctl can use the same data. It goes with the process, however that ends. */
typedef struct _CachetDataLock CachetDataLock;

/* How long cachet_data_lock_new_shared() and _new_exclusive() wait for another process. */
#define CACHET_DATA_LOCK_WAIT_MS 10000

/* Blocking. CACHET_STORE_ERROR_LOCKED when another process does not let go of it in time. */
CachetDataLock *cachet_data_lock_new_shared (const char *path, guint wait_ms, GError **error);
CachetDataLock *cachet_data_lock_new_exclusive (const char *path, guint wait_ms, GError **error);
/* Turns a shared lock into an exclusive one, at once or not at all. */
gboolean cachet_data_lock_upgrade (CachetDataLock *self, GError **error);
void cachet_data_lock_downgrade (CachetDataLock *self);
void cachet_data_lock_free (CachetDataLock *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetDataLock, cachet_data_lock_free)

G_END_DECLS
