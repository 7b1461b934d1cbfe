#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A named pool of own threads with a priority queue (lower number first, FIFO among equals). This
 * and GLib's own pools are the only threads; nothing else in the program starts one. */
#define CACHET_TYPE_WORKER (cachet_worker_get_type ())
G_DECLARE_FINAL_TYPE (CachetWorker, cachet_worker, CACHET, WORKER, GObject)

enum {
  CACHET_WORKER_PRIORITY_USER = 0,
  CACHET_WORKER_PRIORITY_DEFAULT = 10,
  CACHET_WORKER_PRIORITY_BULK = 20,
};

/**
 * CachetWorkerFunc:
 * @data: what the caller handed over
 * @cancellable: (nullable): to look at in long work
 * @error: set on failure
 *
 * Runs on a worker thread. A non-%NULL result is handed to cachet_worker_run_finish(); with a %NULL
 * result and no error the job succeeded without one.
 */
typedef gpointer (*CachetWorkerFunc) (gpointer data, GCancellable *cancellable, GError **error);

/* @name: for the threads, at most 15 bytes; @n_threads ≥ 1. Threads start with the first job. */
CachetWorker *cachet_worker_new (const char *name, guint n_threads);
/* Queues @func. @data is freed with @free_data on the worker thread after @func ran (or when the
 * job was cancelled before it ran); a result nobody fetched is freed with @free_result. */
void cachet_worker_run_async (CachetWorker *self,
                              int priority,
                              const char *task_name,
                              CachetWorkerFunc func,
                              gpointer data,
                              GDestroyNotify free_data,
                              GDestroyNotify free_result,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gpointer cachet_worker_run_finish (CachetWorker *self, GAsyncResult *result, GError **error);
/* Lets the queued jobs end, then joins the threads. Further jobs are refused with
 * G_IO_ERROR_CLOSED. */
void cachet_worker_shut_down (CachetWorker *self);
guint cachet_worker_get_n_pending (CachetWorker *self);

G_END_DECLS
