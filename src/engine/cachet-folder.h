#pragma once

#include "cachet-engine-types.h"

G_BEGIN_DECLS

/* One mailbox of an account. Properties (notify): "name" (last component, for people: the role's
 * name for special ones, translated), "path" (whole, UTF-8), "unread", "total", "syncing", "role".
 */
#define CACHET_TYPE_FOLDER (cachet_folder_get_type ())
G_DECLARE_FINAL_TYPE (CachetFolder, cachet_folder, CACHET, FOLDER, GObject)

CachetAccount *cachet_folder_get_account (CachetFolder *self);
gint64 cachet_folder_get_id (CachetFolder *self);           /* the cache's key */
const char *cachet_folder_get_mailbox (CachetFolder *self); /* server's form */
const char *cachet_folder_get_name (CachetFolder *self);
const char *cachet_folder_get_path (CachetFolder *self);
/* (nullable): path of the folder above, NULL at the top */
const char *cachet_folder_get_parent_path (CachetFolder *self);
CachetFolderRole cachet_folder_get_role (CachetFolder *self);
guint cachet_folder_get_unread (CachetFolder *self);
guint cachet_folder_get_total (CachetFolder *self);
gboolean cachet_folder_is_selectable (CachetFolder *self);
gboolean cachet_folder_is_subscribed (CachetFolder *self);
gboolean cachet_folder_can_rename (CachetFolder *self);
gboolean cachet_folder_can_delete (CachetFolder *self);
gboolean cachet_folder_is_syncing (CachetFolder *self);
/* (transfer full): the folder's list, one shared object while anyone holds it. Asking for it makes
 * the engine fill it from the cache at once and bring the folder in step with the server, then keep
 * it so while the list lives. */
CachetMessageList *cachet_folder_open_list (CachetFolder *self);
/* In step with the server now (error OFFLINE without one). */
void cachet_folder_sync_async (CachetFolder *self,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean cachet_folder_sync_finish (CachetFolder *self, GAsyncResult *result, GError **error);
/* Number of messages marked \Deleted in the cache. */
guint cachet_folder_get_n_deleted (CachetFolder *self);

G_END_DECLS
