#pragma once

#include "cachet-store-types.h"

G_BEGIN_DECLS

/* Internal to store/. Turns an error of GIO, GLib's files or base's durable files into one of
 * CACHET_STORE_ERROR with the same words; one that is already, and CANCELLED, stay as they are.
 * Takes @source. */
void cachet_store_error_propagate (GError **error, GError *source);

G_END_DECLS
