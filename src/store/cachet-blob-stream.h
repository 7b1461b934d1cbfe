#pragma once

#include "cachet-store-types.h"

G_BEGIN_DECLS

/* Internal to store/. A message on its way in: a temporary file. It goes with the last reference,
 * unless it was renamed (forget) before. Write from one thread at a time. */
#define CACHET_TYPE_BLOB_STREAM (cachet_blob_stream_get_type ())
G_DECLARE_FINAL_TYPE (CachetBlobStream, cachet_blob_stream, CACHET, BLOB_STREAM, GOutputStream)

/* Blocking. */
CachetBlobStream *cachet_blob_stream_new (const char *directory, const char *key, GError **error);
const char *cachet_blob_stream_get_key (CachetBlobStream *self);
const char *cachet_blob_stream_get_path (CachetBlobStream *self);
/* Bytes written. */
gint64 cachet_blob_stream_get_size (CachetBlobStream *self);
/* Removes the file now; later writes fail. */
void cachet_blob_stream_remove (CachetBlobStream *self);
/* The file is not the stream's any more. */
void cachet_blob_stream_forget (CachetBlobStream *self);

G_END_DECLS
