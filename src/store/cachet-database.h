#pragma once

#include "cachet-connection.h"
#include "cachet-worker.h"

G_BEGIN_DECLS

/**
 * CachetDatabase:
 *
 * Internal to store/. One SQLite file: a writer connection on a thread of its own with a queue by
 * priority, and if asked for a read-only connection on another. Signal "damaged" (on the main
 * thread, once): a job met a damaged page; the file is marked and will be set aside when it is
 * opened next.
 */
#define CACHET_TYPE_DATABASE (cachet_database_get_type ())
G_DECLARE_FINAL_TYPE (CachetDatabase, cachet_database, CACHET, DATABASE, GObject)

/**
 * CachetDatabaseKind:
 * @file_name: in the directory
 * @folder: of the migrations "version-001.sql" … in the resource
 * @version: the newest migration
 * @application_id: SQLite's application_id of such a file
 * @mode: CACHE or DURABLE
 * @has_reader: whether there is a reading connection; else reads go through the writer
 * @keeps_set_aside: whether older files that were set aside stay beside a new one
 */
typedef struct
{
  const char *file_name;
  const char *folder;
  int version;
  int application_id;
  CachetConnectionMode mode;
  gboolean has_reader;
  gboolean keeps_set_aside;
} CachetDatabaseKind;

/**
 * CachetDatabaseFunc:
 * Runs on the thread of @connection, inside a transaction when it writes. On failure sets @error;
 * the transaction is then rolled back. It may commit by itself.
 */
typedef gpointer (*CachetDatabaseFunc) (CachetConnection *connection,
                                        gpointer data,
                                        GCancellable *cancellable,
                                        GError **error);
/* One slice of a long write, in a transaction of its own; %FALSE in @more when it was the last. */
typedef gboolean (*CachetDatabaseSliceFunc) (CachetConnection *connection,
                                             gpointer data,
                                             gboolean *more,
                                             GError **error);

/* @kind must outlive the database. */
CachetDatabase *cachet_database_new (const CachetDatabaseKind *kind, const char *directory);
/* The writer's worker, for the job that calls cachet_database_open(). */
CachetWorker *cachet_database_get_writer (CachetDatabase *self);
const char *cachet_database_get_path (CachetDatabase *self);
/* Writer thread. Opens or makes the file and brings it to the newest version. A damaged one is
 * renamed and a new one made: @set_aside is then the new name of the old file, else %NULL.
 * @check (nullable) may find a file damaged that SQLite can open: it returns %FALSE. */
gboolean cachet_database_open (CachetDatabase *self,
                               gboolean (*check) (CachetConnection *connection),
                               char **set_aside,
                               GError **error);
/* Writer thread, after cachet_database_open(). */
CachetConnection *cachet_database_get_connection (CachetDatabase *self);
/* Writer thread. Has the next open set the file aside. */
void cachet_database_mark_suspect (CachetDatabase *self);
/* Ends the threads after the queued jobs, and closes. Blocks. */
void cachet_database_close (CachetDatabase *self);
gboolean cachet_database_is_closed (CachetDatabase *self);

/* In one transaction on the writer. A job that has begun is not stopped by @cancellable: the answer
 * tells what is on the disk. @source is the answer's source object. */
void cachet_database_write_async (CachetDatabase *self,
                                  gpointer source,
                                  const char *name,
                                  int priority,
                                  CachetDatabaseFunc func,
                                  gpointer data,
                                  GDestroyNotify free_data,
                                  GDestroyNotify free_result,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
/* Slice after slice; others of the same or a better priority come between. Not atomic. No result.
 */
void cachet_database_write_slices_async (CachetDatabase *self,
                                         gpointer source,
                                         const char *name,
                                         int priority,
                                         CachetDatabaseSliceFunc func,
                                         gpointer data,
                                         GDestroyNotify free_data,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
void cachet_database_read_async (CachetDatabase *self,
                                 gpointer source,
                                 const char *name,
                                 CachetDatabaseFunc func,
                                 gpointer data,
                                 GDestroyNotify free_data,
                                 GDestroyNotify free_result,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
/* (transfer full) (nullable): the result of any of the three */
gpointer cachet_database_finish (gpointer source, GAsyncResult *result, GError **error);
/* The same for jobs without a result. */
gboolean cachet_database_finish_boolean (gpointer source, GAsyncResult *result, GError **error);

G_END_DECLS
