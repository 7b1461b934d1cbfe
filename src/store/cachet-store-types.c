#define G_LOG_DOMAIN "cachet-store"

#include "config.h"

#include "cachet-store-types.h"

G_DEFINE_QUARK (cachet - store - error - quark, cachet_store_error)

CachetStoredMailbox *
cachet_stored_mailbox_copy (const CachetStoredMailbox *self)
{
  CachetStoredMailbox *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (CachetStoredMailbox, 1);
  *copy = *self;
  copy->account_id = g_strdup (self->account_id);
  copy->name = g_strdup (self->name);
  copy->display_name = g_strdup (self->display_name);
  return copy;
}

void
cachet_stored_mailbox_free (CachetStoredMailbox *self)
{
  if (self == NULL)
    return;
  g_free (self->account_id);
  g_free (self->name);
  g_free (self->display_name);
  g_free (self);
}

CachetStoredRow *
cachet_stored_row_copy (const CachetStoredRow *self)
{
  CachetStoredRow *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (CachetStoredRow, 1);
  *copy = *self;
  copy->keywords = g_strdupv (self->keywords);
  copy->subject = g_strdup (self->subject);
  copy->from_name = g_strdup (self->from_name);
  copy->from_addr = g_strdup (self->from_addr);
  copy->to = g_strdup (self->to);
  copy->message_id = g_strdup (self->message_id);
  copy->in_reply_to = g_strdup (self->in_reply_to);
  copy->references = g_strdup (self->references);
  copy->preview = g_strdup (self->preview);
  return copy;
}

void
cachet_stored_row_free (CachetStoredRow *self)
{
  if (self == NULL)
    return;
  g_strfreev (self->keywords);
  g_free (self->subject);
  g_free (self->from_name);
  g_free (self->from_addr);
  g_free (self->to);
  g_free (self->message_id);
  g_free (self->in_reply_to);
  g_free (self->references);
  g_free (self->preview);
  g_free (self);
}
