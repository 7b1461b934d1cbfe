#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Makes SQLite's files fail on demand: a layer over its own, which becomes the default. */
void fault_vfs_install (void);
/* The @n-th write, truncate, sync, delete or opening for writing from now on fails (0: the next),
 * with @code of SQLite, and every one after it too if @lasting. Negative: none fails any more. */
void fault_vfs_fail_at (int n, int code, gboolean lasting);
/* Whether one has failed since. */
gboolean fault_vfs_has_failed (void);

G_END_DECLS
