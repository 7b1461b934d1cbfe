#pragma once

#include <gtk/gtk.h>

#include "cachet-account-settings.h"
#include "cachet-engine.h"
#include "cachet-secret.h"

G_BEGIN_DECLS

/* What "Try" finds out, step by step. Hidden until cachet_probe_view_run(). Property "running". */
#define CACHET_TYPE_PROBE_VIEW (cachet_probe_view_get_type ())
G_DECLARE_FINAL_TYPE (CachetProbeView, cachet_probe_view, CACHET, PROBE_VIEW, GtkBox)

/* Starts (again); a run under way is cancelled. @password: (nullable) */
void cachet_probe_view_run (CachetProbeView *self,
                            CachetEngine *engine,
                            const CachetAccountSettings *settings,
                            CachetSecret *password);
gboolean cachet_probe_view_is_running (CachetProbeView *self);
void cachet_probe_view_stop (CachetProbeView *self);

G_END_DECLS
