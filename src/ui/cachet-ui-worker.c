#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-ui-worker.h"

static CachetWorker *worker;

CachetWorker *
cachet_ui_worker_get (void)
{
  if (worker == NULL)
    worker = cachet_worker_new ("cachet-ui", 1);
  return worker;
}

void
cachet_ui_worker_shut_down (void)
{
  if (worker == NULL)
    return;
  cachet_worker_shut_down (worker);
  g_clear_object (&worker);
}
