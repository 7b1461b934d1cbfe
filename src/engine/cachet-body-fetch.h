#pragma once

#include "cachet-account-private.h"
#include "cachet-folder.h"
#include "cachet-mime-message.h"

G_BEGIN_DECLS

/* Bodies: fetched into the blob store on demand, and ahead of time for the newest messages. */

/* The newest so many of each folder are fetched ahead, none larger than this. */
#define CACHET_PREFETCH_MESSAGES 200
#define CACHET_PREFETCH_MAX_BYTES (1024 * 1024)
/* Bodies asked for at once, ahead of time. */
#define CACHET_PREFETCH_IN_FLIGHT 3
/* From so many bytes on a body on its way is shown as running work. */
#define CACHET_BODY_ACTIVITY_MIN_BYTES (256 * 1024)

/* The whole message, by UID, with priority: walk (b). Finish gives the bytes (mapped). */
void cachet_body_fetch_async (CachetAccount *account,
                              CachetFolder *folder,
                              guint32 uid,
                              guint64 size,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
GBytes *cachet_body_fetch_finish (CachetAccount *account, GAsyncResult *result, GError **error);
/* What a parsed body tells goes into the cache: full-text index, preview, attachment mark. */
void cachet_body_fetch_learn (CachetAccount *account,
                              CachetFolder *folder,
                              gint64 id,
                              guint32 uid,
                              CachetMimeMessage *message,
                              int priority);
/* Fetches what is missing of the newest messages of @folder, when nothing else is to do. */
void cachet_body_fetch_prefetch (CachetAccount *account, CachetFolder *folder);
/* Fetches every missing body of @folder. */
void cachet_body_fetch_all_async (CachetAccount *account,
                                  CachetFolder *folder,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean
cachet_body_fetch_all_finish (CachetAccount *account, GAsyncResult *result, GError **error);

G_END_DECLS
