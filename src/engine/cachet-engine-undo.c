#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-engine-undo.h"

#include "cachet-account-internal.h"

struct _CachetUndo
{
  GPtrArray *steps;   /* Step: the last action */
  GPtrArray *waiting; /* Step: undone while the server was being asked */
  char *text;
};

typedef struct
{
  CachetAccount *account;
  CachetOperation *operation;
} Step;

static void
step_free (gpointer data)
{
  Step *step = data;

  g_object_unref (step->account);
  cachet_operation_unref (step->operation);
  g_free (step);
}

CachetUndo *
cachet_undo_new (void)
{
  CachetUndo *self = g_new0 (CachetUndo, 1);

  self->steps = g_ptr_array_new_with_free_func (step_free);
  self->waiting = g_ptr_array_new_with_free_func (step_free);
  return self;
}

void
cachet_undo_free (CachetUndo *self)
{
  g_ptr_array_unref (self->steps);
  g_ptr_array_unref (self->waiting);
  g_free (self->text);
  g_free (self);
}

void
cachet_undo_begin (CachetUndo *self)
{
  g_ptr_array_set_size (self->steps, 0);
  g_clear_pointer (&self->text, g_free);
}

void
cachet_undo_add (CachetUndo *self, CachetAccount *account, CachetOperation *operation)
{
  Step *step = g_new0 (Step, 1);

  step->account = g_object_ref (account);
  step->operation = cachet_operation_ref (operation);
  g_ptr_array_add (self->steps, step);
  if (self->text == NULL)
    self->text = cachet_operation_describe (operation);
}

const char *
cachet_undo_get_text (CachetUndo *self)
{
  return self->steps->len > 0 ? self->text : NULL;
}

/* An operation that was done is answered by its inverse. */
static void
run_inverse (Step *step)
{
  const CachetOperation *done = step->operation;
  CachetReplay *replay = cachet_account_get_replay (step->account);
  g_autoptr (CachetOperation) inverse = NULL;

  if (done->kind == CACHET_OPERATION_STORE)
    {
      inverse = cachet_operation_new (CACHET_OPERATION_STORE, done->account_id, done->mailbox,
                                      done->uidvalidity);
      g_array_append_vals (inverse->uids, done->uids->data, done->uids->len);
      inverse->add = done->remove;
      inverse->remove = done->add;
    }
  else if (done->copies != NULL)
    {
      inverse = cachet_operation_new (
        done->kind == CACHET_OPERATION_MOVE ? CACHET_OPERATION_MOVE : CACHET_OPERATION_EXPUNGE,
        done->account_id, done->destination, done->copies_uidvalidity);
      g_array_append_vals (inverse->uids, done->copies->data, done->copies->len);
      if (done->kind == CACHET_OPERATION_MOVE)
        inverse->destination = g_strdup (done->mailbox);
    }
  if (inverse != NULL)
    cachet_replay_add (replay, inverse, NULL);
}

static gboolean
can_undo (const CachetOperation *operation)
{
  if (operation->kind == CACHET_OPERATION_EXPUNGE)
    return FALSE;
  /* a server without UIDPLUS does not tell what the copies are called */
  return !operation->done || operation->kind == CACHET_OPERATION_STORE || operation->copies != NULL;
}

gboolean
cachet_undo_run (CachetUndo *self, CachetEngine *engine)
{
  g_autoptr (GPtrArray) steps = self->steps;

  if (steps->len == 0)
    return FALSE;
  self->steps = g_ptr_array_new_with_free_func (step_free);
  g_clear_pointer (&self->text, g_free);
  for (guint i = steps->len; i > 0; i--)
    {
      Step *step = g_ptr_array_index (steps, i - 1);

      if (step->operation->done)
        run_inverse (step);
      else if (!cachet_replay_take_back (cachet_account_get_replay (step->account),
                                         step->operation))
        g_ptr_array_add (self->waiting, g_ptr_array_steal_index (steps, i - 1));
    }
  return TRUE;
}

static Step *
steal_step (GPtrArray *steps, CachetOperation *operation)
{
  for (guint i = 0; i < steps->len; i++)
    if (((Step *)g_ptr_array_index (steps, i))->operation == operation)
      return g_ptr_array_steal_index (steps, i);
  return NULL;
}

void
cachet_undo_resolved (CachetUndo *self, CachetOperation *operation)
{
  Step *step = steal_step (self->waiting, operation);

  if (step != NULL)
    {
      run_inverse (step);
      step_free (step);
      return;
    }
  if (can_undo (operation))
    return;
  cachet_undo_forget (self, operation);
}

void
cachet_undo_forget (CachetUndo *self, CachetOperation *operation)
{
  Step *step = steal_step (self->waiting, operation);

  g_clear_pointer (&step, step_free);
  step = steal_step (self->steps, operation);
  g_clear_pointer (&step, step_free);
}
