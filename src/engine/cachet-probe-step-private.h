#pragma once

#include "cachet-account-probe.h"

G_BEGIN_DECLS

/* RUNNING, without a text. */
CachetProbeStep *cachet_probe_step_new (const char *title);
void cachet_probe_step_end (CachetProbeStep *self, CachetProbeResult result, const char *text);

G_END_DECLS
