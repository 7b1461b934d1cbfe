#define G_LOG_DOMAIN "cachet-base"

#include "config.h"

#include "cachet-wire-record.h"

G_DEFINE_BOXED_TYPE (CachetWireRecord,
                     cachet_wire_record,
                     cachet_wire_record_copy,
                     cachet_wire_record_free)

CachetWireRecord *
cachet_wire_record_copy (const CachetWireRecord *self)
{
  CachetWireRecord *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (CachetWireRecord, 1);
  *copy = *self;
  copy->tag = g_strdup (self->tag);
  copy->text = g_strdup (self->text);
  return copy;
}

void
cachet_wire_record_free (CachetWireRecord *self)
{
  if (self == NULL)
    return;
  g_free (self->tag);
  g_free (self->text);
  g_free (self);
}
