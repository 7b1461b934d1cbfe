#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CachetWireError:
 * @CACHET_WIRE_ERROR_SYNTAX: bytes that are no reply of this protocol and leave no way to go on
 * @CACHET_WIRE_ERROR_LIMIT: a line, literal or reply larger than Cachet takes
 *
 * Both are fatal for the connection: after one of them nobody knows where the next reply begins.
 * Messages are whole translated sentences.
 */
typedef enum {
  CACHET_WIRE_ERROR_SYNTAX,
  CACHET_WIRE_ERROR_LIMIT,
} CachetWireError;

#define CACHET_WIRE_ERROR (cachet_wire_error_quark ())
GQuark cachet_wire_error_quark (void);

G_END_DECLS
