#pragma once

#include "cachet-activity.h"

G_BEGIN_DECLS

/* @list: the engine's activities; the activity adds itself, and takes itself out at its end. */
CachetActivity *cachet_activity_new (GListStore *list,
                                     const char *account_id,
                                     const char *title,
                                     GCancellable *cancellable);

G_END_DECLS
