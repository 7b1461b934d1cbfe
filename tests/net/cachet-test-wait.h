#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define CACHET_TEST_PATIENCE 60 /* seconds until a wait is a failure */

/* For tests only: an asynchronous call waited for. Use cachet_test_wait_cb as callback and the
 * struct as its data, then cachet_test_wait(). */
typedef struct
{
  GAsyncResult *result;
} CachetTestWait;

void cachet_test_wait_cb (GObject *source, GAsyncResult *result, gpointer user_data);
/* Runs the main loop until the callback was called; the result belongs to @self. */
GAsyncResult *cachet_test_wait (CachetTestWait *self);
void cachet_test_wait_clear (CachetTestWait *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CachetTestWait, cachet_test_wait_clear)

/* Runs the main loop until *@flag; fails the test when it takes too long. */
void cachet_test_wait_for (const gboolean *flag);
/* Runs the main loop for a while. */
void cachet_test_wait_ms (guint milliseconds);

G_END_DECLS
