#define G_LOG_DOMAIN "cachet-test"

#include "config.h"

#include "cachet-test-wait.h"

void
cachet_test_wait_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetTestWait *self = user_data;

  g_assert_null (self->result);
  self->result = g_object_ref (result);
}

static gboolean
set_flag_cb (gpointer user_data)
{
  gboolean *flag = user_data;

  *flag = TRUE;
  return G_SOURCE_REMOVE;
}

GAsyncResult *
cachet_test_wait (CachetTestWait *self)
{
  gboolean too_long = FALSE;
  guint timer = g_timeout_add_seconds (CACHET_TEST_PATIENCE, set_flag_cb, &too_long);

  while (self->result == NULL && !too_long)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (self->result);
  g_source_remove (timer);

  return self->result;
}

void
cachet_test_wait_clear (CachetTestWait *self)
{
  g_clear_object (&self->result);
}

void
cachet_test_wait_for (const gboolean *flag)
{
  gboolean too_long = FALSE;
  guint timer = g_timeout_add_seconds (CACHET_TEST_PATIENCE, set_flag_cb, &too_long);

  while (!*flag && !too_long)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (*flag);
  g_source_remove (timer);
}

void
cachet_test_wait_ms (guint milliseconds)
{
  gboolean over = FALSE;

  g_timeout_add (milliseconds, set_flag_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}
