#define G_LOG_DOMAIN "cachet-net"

#include "config.h"

#include "cachet-imap-flow.h"

#include "cachet-imap-session-private.h"

static void run_on (CachetImapFlow *self);

static void
flow_finish (CachetImapFlow *self, const GError *error)
{
  self->finished (self, error);
  if (self->free_data != NULL)
    self->free_data (self->data);
  g_clear_object (&self->task);
  g_clear_object (&self->cancellable);
  g_object_unref (self->session);
  g_free (self);
}

static void
step_done (CachetImapCommand *command, const GError *error, gpointer user_data)
{
  CachetImapFlow *self = user_data;
  const CachetImapFlowStep *step = &self->steps[self->index];
  gboolean go_on = step->done != NULL ? step->done (self, command, error) : error == NULL;

  if (!go_on)
    {
      flow_finish (self, error);
      return;
    }

  self->index++;
  run_on (self);
}

static void
run_on (CachetImapFlow *self)
{
  for (; self->steps[self->index].name != NULL; self->index++)
    {
      CachetImapCommand *command = self->steps[self->index].begin (self);

      if (command != NULL)
        {
          cachet_imap_session_submit (self->session, command, self->cancellable, step_done, self);
          return;
        }
    }

  flow_finish (self, NULL);
}

void
cachet_imap_flow_run (CachetImapSession *session,
                      const CachetImapFlowStep *steps,
                      GTask *task,
                      CachetImapFlowFinished finished,
                      gpointer data,
                      GDestroyNotify free_data)
{
  CachetImapFlow *self = g_new0 (CachetImapFlow, 1);

  self->session = g_object_ref (session);
  self->steps = steps;
  self->task = task;
  if (task != NULL && g_task_get_cancellable (task) != NULL)
    self->cancellable = g_object_ref (g_task_get_cancellable (task));
  self->finished = finished;
  self->data = data;
  self->free_data = free_data;
  run_on (self);
}
