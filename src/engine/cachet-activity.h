#pragma once

#include "cachet-engine-types.h"

G_BEGIN_DECLS

/* Running work, for the status popover. Properties (notify): "title", "detail" (nullable),
 * "fraction" (0…1, or -1 when not known), "cancellable" (GCancellable, nullable: no Cancel button
 * without), "account-id". It leaves the engine's list by cachet_activity_end(). */
#define CACHET_TYPE_ACTIVITY (cachet_activity_get_type ())
G_DECLARE_FINAL_TYPE (CachetActivity, cachet_activity, CACHET, ACTIVITY, GObject)

const char *cachet_activity_get_title (CachetActivity *self);
const char *cachet_activity_get_detail (CachetActivity *self);
double cachet_activity_get_fraction (CachetActivity *self);
GCancellable *cachet_activity_get_cancellable (CachetActivity *self);
void cachet_activity_set_detail (CachetActivity *self, const char *detail);
void cachet_activity_set_fraction (CachetActivity *self, double fraction);
/* Asks the work to stop. */
void cachet_activity_cancel (CachetActivity *self);
void cachet_activity_end (CachetActivity *self);

G_END_DECLS
