#pragma once

#include <gtk/gtk.h>

#include "cachet-activity.h"

G_BEGIN_DECLS

/* A list box row with title, detail, progress and Cancel of @activity. */
GtkWidget *cachet_activity_row_new (CachetActivity *activity);

G_END_DECLS
