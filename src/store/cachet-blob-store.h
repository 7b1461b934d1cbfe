#pragma once

#include "cachet-store-types.h"

G_BEGIN_DECLS

/* Message bodies, one file each under @directory/<aa>/<key>: exactly the bytes the server sent, and
 * behind them a trailer with their number and a checksum, which callers never see. Rebuildable: a
 * file that is not whole any more counts as not there. A key is cachet_blob_key(). */
#define CACHET_TYPE_BLOB_STORE (cachet_blob_store_get_type ())
G_DECLARE_FINAL_TYPE (CachetBlobStore, cachet_blob_store, CACHET, BLOB_STORE, GObject)

CachetBlobStore *cachet_blob_store_new (const char *directory);
/* Ends the thread after the queued jobs; blocks. */
void cachet_blob_store_close (CachetBlobStore *self);
/* Stable over restarts: from account, mailbox name, UIDVALIDITY, UID. */
char *
cachet_blob_key (const char *account_id, const char *mailbox, guint32 uidvalidity, guint32 uid);

/* A message on its way in: a temporary file that commit renames when it is whole. Dropping the last
 * reference without commit removes the file. */

void cachet_blob_store_write_async (CachetBlobStore *self,
                                    const char *key,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
/* An output stream for the sink of a fetch. */
GOutputStream *
cachet_blob_store_write_finish (CachetBlobStore *self, GAsyncResult *result, GError **error);
/* Flushes, checks that @expected_size bytes came (-1: any), renames; the stream is closed after it.
 */
void cachet_blob_store_commit_async (CachetBlobStore *self,
                                     GOutputStream *stream,
                                     gint64 expected_size,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
/* The whole message (mapped, not copied). */
GBytes *
cachet_blob_store_commit_finish (CachetBlobStore *self, GAsyncResult *result, GError **error);
void cachet_blob_store_abandon (CachetBlobStore *self, GOutputStream *stream);
/* CACHET_STORE_ERROR_NOT_FOUND when it is not there. */
void cachet_blob_store_read_async (CachetBlobStore *self,
                                   const char *key,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
GBytes *cachet_blob_store_read_finish (CachetBlobStore *self, GAsyncResult *result, GError **error);
void cachet_blob_store_remove_async (CachetBlobStore *self,
                                     const char *const *keys,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
/* Every body of a mailbox, of whatever UIDVALIDITY. Finish: remove_finish. */
void cachet_blob_store_remove_mailbox_async (CachetBlobStore *self,
                                             const char *account_id,
                                             const char *mailbox,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer user_data);
gboolean
cachet_blob_store_remove_finish (CachetBlobStore *self, GAsyncResult *result, GError **error);

G_END_DECLS
