#pragma once

#include "cachet-base-types.h"

G_BEGIN_DECLS

typedef enum {
  CACHET_WIRE_SENT,
  CACHET_WIRE_RECEIVED,
  CACHET_WIRE_EVENT, /* connected, STARTTLS boundary, handshake facts, closed, state changes */
} CachetWireDirection;

/**
 * CachetWireRecord:
 * @serial: counts up for the whole log
 * @time: Unix microseconds
 * @protocol: "imap" or "smtp"
 * @connection: number of the connection within the account
 * @direction: who spoke
 * @encrypted: whether it crossed the network under TLS
 * @tag: (nullable): IMAP tag
 * @text: one line without CRLF, secrets replaced by "•••", literals by "{n bytes}"; valid UTF-8, no
 * controls
 * @n_bytes: bytes on the wire, before masking
 * @milliseconds: for a tagged completion or final reply the time since its command, else -1
 *
 * One line of a conversation with a server. Secrets are masked before a record is made.
 */
struct _CachetWireRecord
{
  guint64 serial;
  gint64 time;
  const char *protocol; /* interned */
  guint connection;
  CachetWireDirection direction;
  gboolean encrypted;
  char *tag;
  char *text;
  guint64 n_bytes;
  double milliseconds;
};

#define CACHET_TYPE_WIRE_RECORD (cachet_wire_record_get_type ())
GType cachet_wire_record_get_type (void) G_GNUC_CONST;
CachetWireRecord *cachet_wire_record_copy (const CachetWireRecord *self);
void cachet_wire_record_free (CachetWireRecord *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetWireRecord, cachet_wire_record_free)

G_END_DECLS
