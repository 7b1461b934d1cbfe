#pragma once

#include <gtk/gtk.h>

#include "cachet-ui-types.h"

G_BEGIN_DECLS

/**
 * CachetApplication:
 *
 * Owns the engine and the windows. With --data-dir or --config-dir it does not join another running
 * Cachet. Files: a message (.eml) opens in a window of its own without any account; a mailto: URI
 * opens the composer.
 */
#define CACHET_TYPE_APPLICATION (cachet_application_get_type ())
G_DECLARE_FINAL_TYPE (CachetApplication, cachet_application, CACHET, APPLICATION, GtkApplication)

CachetApplication *cachet_application_new (void);

G_END_DECLS
