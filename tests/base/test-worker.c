#include "config.h"

#include "cachet-worker.h"

#define N_LOAD_JOBS 20000

typedef struct
{
  GMainLoop *loop;
  guint n_left;
  guint n_ok;
  guint n_cancelled;
  guint64 sum;
  GString *order;
} Tally;

static gint n_data_alive;
static gint n_results_alive;
static gint gate; /* 0: the gate job waits */

typedef struct
{
  Tally *tally;
  guint number;
} Item;

static Item *
item_new (Tally *tally, guint number)
{
  Item *item = g_new (Item, 1);

  item->tally = tally;
  item->number = number;
  g_atomic_int_inc (&n_data_alive);
  return item;
}

static void
item_free (gpointer data)
{
  g_atomic_int_add (&n_data_alive, -1);
  g_free (data);
}

static void
result_free (gpointer data)
{
  g_atomic_int_add (&n_results_alive, -1);
  g_free (data);
}

static gpointer
number_cb (gpointer data, GCancellable *cancellable, GError **error)
{
  Item *item = data;
  guint *result;

  if (item->number % 7 == 3)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%u", item->number);
      return NULL;
    }
  result = g_new (guint, 1);
  *result = item->number;
  g_atomic_int_inc (&n_results_alive);
  return result;
}

static void
number_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Tally *tally = user_data;
  g_autoptr (GError) error = NULL;
  guint *number = cachet_worker_run_finish (CACHET_WORKER (source), result, &error);

  if (number != NULL)
    {
      tally->n_ok++;
      tally->sum += *number;
      result_free (number);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tally->n_cancelled++;
  else
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  if (--tally->n_left == 0)
    g_main_loop_quit (tally->loop);
}

/* Thousands of jobs, one in seven failing, one in five cancelled while it waits or runs. */
static void
test_load (void)
{
  g_autoptr (CachetWorker) worker = cachet_worker_new ("test-load", 3);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Tally tally = { .loop = loop, .n_left = N_LOAD_JOBS };
  guint n_failing = 0;

  for (guint i = 0; i < N_LOAD_JOBS; i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();

      if (i % 7 == 3)
        n_failing++;
      cachet_worker_run_async (worker, (int)(i % 3), "number", number_cb, item_new (&tally, i),
                               item_free, result_free, cancellable, number_done_cb, &tally);
      if (i % 5 == 0)
        g_cancellable_cancel (cancellable);
    }
  g_main_loop_run (loop);
  g_assert_cmpuint (tally.n_cancelled, >=, N_LOAD_JOBS / 5);
  g_assert_cmpuint (tally.n_ok + tally.n_cancelled, <=, N_LOAD_JOBS);
  g_assert_cmpuint (tally.n_ok, >=, N_LOAD_JOBS - N_LOAD_JOBS / 5 - n_failing);
  cachet_worker_shut_down (worker);
  g_assert_cmpuint (cachet_worker_get_n_pending (worker), ==, 0);
  g_assert_cmpint (g_atomic_int_get (&n_data_alive), ==, 0);
  g_assert_cmpint (g_atomic_int_get (&n_results_alive), ==, 0);
}

static gpointer
gate_cb (gpointer data, GCancellable *cancellable, GError **error)
{
  while (g_atomic_int_get (&gate) == 0)
    g_usleep (100);
  return NULL;
}

static gpointer
order_cb (gpointer data, GCancellable *cancellable, GError **error)
{
  Item *item = data;

  g_string_append_c (item->tally->order, (char)item->number);
  return NULL;
}

static void
quit_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Tally *tally = user_data;
  g_autoptr (GError) error = NULL;

  g_assert_null (cachet_worker_run_finish (CACHET_WORKER (source), result, &error));
  g_clear_error (&error);
  if (--tally->n_left == 0)
    g_main_loop_quit (tally->loop);
}

static void
queue_order (CachetWorker *worker, Tally *tally, int priority, char letter, GCancellable *cancel)
{
  tally->n_left++;
  cachet_worker_run_async (worker, priority, "order", order_cb, item_new (tally, (guint)letter),
                           item_free, NULL, cancel, quit_cb, tally);
}

static void
test_order (void)
{
  g_autoptr (CachetWorker) worker = cachet_worker_new ("test-order", 1);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GString) order = g_string_new (NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Tally tally = { .loop = loop, .order = order, .n_left = 1 };

  g_atomic_int_set (&gate, 0);
  cachet_worker_run_async (worker, 0, "gate", gate_cb, NULL, NULL, NULL, NULL, quit_cb, &tally);
  queue_order (worker, &tally, CACHET_WORKER_PRIORITY_BULK, 'e', NULL);
  queue_order (worker, &tally, CACHET_WORKER_PRIORITY_DEFAULT, 'c', NULL);
  queue_order (worker, &tally, CACHET_WORKER_PRIORITY_USER, 'a', NULL);
  queue_order (worker, &tally, CACHET_WORKER_PRIORITY_USER, 'X', cancellable);
  queue_order (worker, &tally, CACHET_WORKER_PRIORITY_DEFAULT, 'd', NULL);
  queue_order (worker, &tally, CACHET_WORKER_PRIORITY_USER, 'b', NULL);
  g_assert_cmpuint (cachet_worker_get_n_pending (worker), ==, 7);
  g_cancellable_cancel (cancellable);
  g_atomic_int_set (&gate, 1);
  g_main_loop_run (loop);
  g_assert_cmpstr (order->str, ==, "abcde");
  cachet_worker_shut_down (worker);
  g_assert_cmpint (g_atomic_int_get (&n_data_alive), ==, 0);
}

static void
context_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Tally *tally = user_data;

  g_assert_true (g_main_context_is_owner (g_main_loop_get_context (tally->loop)));
  g_assert_true (g_main_context_get_thread_default () == g_main_loop_get_context (tally->loop));
  quit_cb (source, result, user_data);
}

static void
test_context (void)
{
  g_autoptr (CachetWorker) worker = cachet_worker_new ("test-context", 1);
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (context, FALSE);
  Tally tally = { .loop = loop, .n_left = 1 };

  g_atomic_int_set (&gate, 1);
  g_main_context_push_thread_default (context);
  cachet_worker_run_async (worker, 0, "gate", gate_cb, NULL, NULL, NULL, NULL, context_cb, &tally);
  g_main_loop_run (loop);
  g_main_context_pop_thread_default (context);
}

static void
closed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (cachet_worker_run_finish (CACHET_WORKER (source), result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_main_loop_quit (user_data);
}

static void
test_shut_down (void)
{
  g_autoptr (CachetWorker) worker = cachet_worker_new ("test-shut-down", 2);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GString) order = g_string_new (NULL);
  Tally tally = { .loop = loop, .order = order };

  for (guint i = 0; i < 50; i++)
    cachet_worker_run_async (worker, 0, "number", number_cb, item_new (&tally, i), item_free,
                             result_free, NULL, NULL, NULL);
  cachet_worker_shut_down (worker);
  g_assert_cmpuint (cachet_worker_get_n_pending (worker), ==, 0);
  g_assert_cmpint (g_atomic_int_get (&n_data_alive), ==, 0);
  cachet_worker_run_async (worker, 0, "late", number_cb, item_new (&tally, 1), item_free,
                           result_free, NULL, closed_cb, loop);
  g_assert_cmpint (g_atomic_int_get (&n_data_alive), ==, 0);
  g_main_loop_run (loop);
  g_assert_cmpint (g_atomic_int_get (&n_results_alive), ==, 0);
}

static void
gone_cb (gpointer data, GObject *where)
{
  g_atomic_int_set ((gint *)data, 1);
}

/* Dropped right after its last answer, a worker may find itself freed on one of its own threads. */
static void
test_drop (void)
{
  for (guint i = 0; i < 200; i++)
    {
      CachetWorker *worker = cachet_worker_new ("test-drop", 2);
      g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
      Tally tally = { .loop = loop, .n_left = 1 };
      gint gone = 0;

      g_object_weak_ref (G_OBJECT (worker), gone_cb, &gone);
      g_atomic_int_set (&gate, 1);
      cachet_worker_run_async (worker, 0, "gate", gate_cb, NULL, NULL, NULL, NULL, quit_cb, &tally);
      g_object_unref (worker);
      g_main_loop_run (loop);
      while (g_atomic_int_get (&gone) == 0)
        g_usleep (100);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/worker/load", test_load);
  g_test_add_func ("/base/worker/order", test_order);
  g_test_add_func ("/base/worker/context", test_context);
  g_test_add_func ("/base/worker/shut-down", test_shut_down);
  g_test_add_func ("/base/worker/drop", test_drop);
  return g_test_run ();
}
