#define G_LOG_DOMAIN "cachet-base"

#include "config.h"

#include "cachet-worker.h"

#include <glib/gi18n.h>

/* What the threads see. It outlives the object: the last reference on the object may be dropped on
 * a worker thread, with the task that it had just answered. */
typedef struct
{
  GMutex mutex;
  GCond cond;
  GSequence *queue; /* (element-type Job), by priority, then serial */
  GPtrArray *threads;
  guint64 next_serial;
  guint n_running;
  gboolean closed;
} Pool;

typedef struct
{
  int priority;
  guint64 serial;
  CachetWorkerFunc func;
  gpointer data;
  GDestroyNotify free_data;
  GDestroyNotify free_result;
  GTask *task;
} Job;

struct _CachetWorker
{
  GObject parent_instance;

  char *name;
  guint n_threads;
  Pool *pool;
};

G_DEFINE_FINAL_TYPE (CachetWorker, cachet_worker, G_TYPE_OBJECT)

static void
pool_clear (gpointer data)
{
  Pool *pool = data;

  g_assert (g_sequence_is_empty (pool->queue));
  g_sequence_free (pool->queue);
  g_ptr_array_unref (pool->threads);
  g_mutex_clear (&pool->mutex);
  g_cond_clear (&pool->cond);
}

static Pool *
pool_new (void)
{
  Pool *pool = g_atomic_rc_box_new0 (Pool);

  g_mutex_init (&pool->mutex);
  g_cond_init (&pool->cond);
  pool->queue = g_sequence_new (NULL);
  pool->threads = g_ptr_array_new ();
  return pool;
}

static void
pool_unref (Pool *pool)
{
  g_atomic_rc_box_release_full (pool, pool_clear);
}

static int
job_compare_cb (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Job *x = a;
  const Job *y = b;

  if (x->priority != y->priority)
    return x->priority < y->priority ? -1 : 1;
  return x->serial < y->serial ? -1 : x->serial > y->serial;
}

static void
job_run (Job *job)
{
  GCancellable *cancellable = g_task_get_cancellable (job->task);
  g_autoptr (GError) error = NULL;
  gpointer result = NULL;

  if (!g_cancellable_set_error_if_cancelled (cancellable, &error))
    result = job->func (job->data, cancellable, &error);
  /* Before the answer: whoever gets it may count on what the data held being free again. */
  if (job->free_data != NULL)
    job->free_data (job->data);
  if (error != NULL)
    {
      if (result != NULL && job->free_result != NULL)
        job->free_result (result);
      g_task_return_error (job->task, g_steal_pointer (&error));
    }
  else
    g_task_return_pointer (job->task, result, job->free_result);
  g_object_unref (job->task);
  g_free (job);
}

static gpointer
thread_cb (gpointer data)
{
  Pool *pool = data;

  g_mutex_lock (&pool->mutex);
  for (;;)
    {
      GSequenceIter *first;
      Job *job;

      while (g_sequence_is_empty (pool->queue) && !pool->closed)
        g_cond_wait (&pool->cond, &pool->mutex);
      if (g_sequence_is_empty (pool->queue))
        break;
      first = g_sequence_get_begin_iter (pool->queue);
      job = g_sequence_get (first);
      g_sequence_remove (first);
      pool->n_running++;
      g_mutex_unlock (&pool->mutex);
      job_run (job);
      g_mutex_lock (&pool->mutex);
      pool->n_running--;
    }
  g_mutex_unlock (&pool->mutex);
  pool_unref (pool);
  return NULL;
}

static void
cachet_worker_finalize (GObject *object)
{
  CachetWorker *self = CACHET_WORKER (object);

  cachet_worker_shut_down (self);
  pool_unref (self->pool);
  g_free (self->name);

  G_OBJECT_CLASS (cachet_worker_parent_class)->finalize (object);
}

static void
cachet_worker_class_init (CachetWorkerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cachet_worker_finalize;
}

static void
cachet_worker_init (CachetWorker *self)
{
  self->pool = pool_new ();
}

CachetWorker *
cachet_worker_new (const char *name, guint n_threads)
{
  CachetWorker *self;

  g_return_val_if_fail (name != NULL && n_threads > 0, NULL);

  self = g_object_new (CACHET_TYPE_WORKER, NULL);
  self->name = g_strdup (name);
  self->n_threads = n_threads;
  return self;
}

/* With the mutex held. */
static void
start_threads (CachetWorker *self)
{
  while (self->pool->threads->len < self->n_threads)
    g_ptr_array_add (self->pool->threads,
                     g_thread_new (self->name, thread_cb, g_atomic_rc_box_acquire (self->pool)));
}

void
cachet_worker_run_async (CachetWorker *self,
                         int priority,
                         const char *task_name,
                         CachetWorkerFunc func,
                         gpointer data,
                         GDestroyNotify free_data,
                         GDestroyNotify free_result,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  gboolean closed;

  g_return_if_fail (CACHET_IS_WORKER (self));
  g_return_if_fail (func != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cachet_worker_run_async);
  g_task_set_name (task, task_name);

  g_mutex_lock (&self->pool->mutex);
  closed = self->pool->closed;
  if (!closed)
    {
      Job *job = g_new0 (Job, 1);

      job->priority = priority;
      job->serial = self->pool->next_serial++;
      job->func = func;
      job->data = data;
      job->free_data = free_data;
      job->free_result = free_result;
      job->task = g_object_ref (task);
      g_sequence_insert_sorted (self->pool->queue, job, job_compare_cb, NULL);
      start_threads (self);
      g_cond_signal (&self->pool->cond);
    }
  g_mutex_unlock (&self->pool->mutex);

  if (closed)
    {
      if (free_data != NULL)
        free_data (data);
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED, "%s",
                               _ ("The work was not begun because Cachet is closing."));
    }
}

gpointer
cachet_worker_run_finish (CachetWorker *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
cachet_worker_shut_down (CachetWorker *self)
{
  g_autoptr (GPtrArray) threads = NULL;

  g_return_if_fail (CACHET_IS_WORKER (self));

  g_mutex_lock (&self->pool->mutex);
  self->pool->closed = TRUE;
  threads = g_steal_pointer (&self->pool->threads);
  self->pool->threads = g_ptr_array_new ();
  g_cond_broadcast (&self->pool->cond);
  g_mutex_unlock (&self->pool->mutex);

  for (guint i = 0; i < threads->len; i++)
    {
      GThread *thread = g_ptr_array_index (threads, i);

      if (thread == g_thread_self ())
        g_thread_unref (thread);
      else
        g_thread_join (thread);
    }
}

guint
cachet_worker_get_n_pending (CachetWorker *self)
{
  guint n;

  g_return_val_if_fail (CACHET_IS_WORKER (self), 0);

  g_mutex_lock (&self->pool->mutex);
  n = (guint)g_sequence_get_length (self->pool->queue) + self->pool->n_running;
  g_mutex_unlock (&self->pool->mutex);
  return n;
}
