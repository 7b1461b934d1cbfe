#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The first caller's thread becomes the main thread; later calls assert that they run on it. */
void cachet_assert_main_thread (void);

G_END_DECLS
