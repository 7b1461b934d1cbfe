#define G_LOG_DOMAIN "cachet-base"

#include "config.h"

#include "cachet-main-thread.h"

void
cachet_assert_main_thread (void)
{
  static gint claimed;
  static __thread gboolean is_main;

  if (g_atomic_int_compare_and_exchange (&claimed, 0, 1))
    is_main = TRUE;
  g_assert (is_main);
}
