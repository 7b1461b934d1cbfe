#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* (nullable) (transfer none): the window's settings, or NULL where the schema is not installed (the
 * program then runs with its defaults and keeps nothing). */
GSettings *cachet_ui_settings_get (void);

G_END_DECLS
