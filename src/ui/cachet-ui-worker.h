#pragma once

#include "cachet-worker.h"

G_BEGIN_DECLS

/* (transfer none): the window's own worker, for files and large texts, made with first use. */
CachetWorker *cachet_ui_worker_get (void);
/* Lets running jobs end; at the end of the program. */
void cachet_ui_worker_shut_down (void);

G_END_DECLS
