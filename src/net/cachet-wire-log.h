#pragma once

#include "cachet-net-types.h"
#include "cachet-wire-record.h"

G_BEGIN_DECLS

/* The bounded ring of one account's wire records. What enters is masked already. Main thread only.
 * Signal "record" (CachetWireRecord): one was added. */
#define CACHET_TYPE_WIRE_LOG (cachet_wire_log_get_type ())
G_DECLARE_FINAL_TYPE (CachetWireLog, cachet_wire_log, CACHET, WIRE_LOG, GObject)

#define CACHET_WIRE_LOG_MAX_RECORDS 4000
#define CACHET_WIRE_LOG_MAX_TEXT 2000 /* bytes of one record's text; the rest is cut with "…" */

CachetWireLog *cachet_wire_log_new (void);
/* A number for a new connection, counting from 1. */
guint cachet_wire_log_next_connection (CachetWireLog *self);
/* Takes @record, gives it its serial and time. */
void cachet_wire_log_add (CachetWireLog *self, CachetWireRecord *record);
guint cachet_wire_log_get_n_records (CachetWireLog *self);
/* Index 0 is the oldest kept. */
const CachetWireRecord *cachet_wire_log_get (CachetWireLog *self, guint index);

G_END_DECLS
