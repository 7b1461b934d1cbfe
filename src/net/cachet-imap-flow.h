#pragma once

#include "cachet-imap-command.h"

G_BEGIN_DECLS

/* Private to net. */

typedef struct _CachetImapFlow CachetImapFlow;

/**
 * CachetImapFlowStep:
 * @name: for reading the table
 * @begin: the command of this step, or NULL to skip it
 * @done: (nullable): called when it has ended; %FALSE ends the flow with @error or, without one, as
 * done. When NULL every error ends the flow.
 *
 * One step of a dialog that needs more than one command.
 */
typedef struct
{
  const char *name;
  CachetImapCommand *(*begin) (CachetImapFlow *flow);
  gboolean (*done) (CachetImapFlow *flow, CachetImapCommand *command, const GError *error);
} CachetImapFlowStep;

/* Called once when the flow has ended. @error: (nullable): lent */
typedef void (*CachetImapFlowFinished) (CachetImapFlow *flow, const GError *error);

struct _CachetImapFlow
{
  CachetImapSession *session;      /* a reference */
  const CachetImapFlowStep *steps; /* ends with a NULL name */
  guint index;
  GTask *task; /* (nullable), a reference: what @finished completes */
  GCancellable *cancellable;
  CachetImapFlowFinished finished;
  gpointer data;
  GDestroyNotify free_data;
};

/* Runs @steps one after the other and frees itself. @task is taken, @data too. */
void cachet_imap_flow_run (CachetImapSession *session,
                           const CachetImapFlowStep *steps,
                           GTask *task,
                           CachetImapFlowFinished finished,
                           gpointer data,
                           GDestroyNotify free_data);

G_END_DECLS
