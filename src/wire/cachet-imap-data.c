#define G_LOG_DOMAIN "cachet-wire"

#include "config.h"

#include "cachet-imap-data.h"

CachetImapMailbox *
cachet_imap_mailbox_copy (const CachetImapMailbox *self)
{
  CachetImapMailbox *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->name = g_strdup (self->name);
  copy->display_name = g_strdup (self->display_name);
  return copy;
}

void
cachet_imap_mailbox_free (CachetImapMailbox *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->display_name);
  g_free (self);
}

static GBytes *
ref_bytes (GBytes *bytes)
{
  return bytes != NULL ? g_bytes_ref (bytes) : NULL;
}

CachetImapFetch *
cachet_imap_fetch_copy (const CachetImapFetch *self)
{
  CachetImapFetch *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->keywords = g_strdupv (self->keywords);
  copy->header = ref_bytes (self->header);
  copy->section = g_strdup (self->section);
  copy->body = ref_bytes (self->body);
  copy->content_type = g_strdup (self->content_type);
  return copy;
}

void
cachet_imap_fetch_free (CachetImapFetch *self)
{
  if (self == NULL)
    return;
  g_strfreev (self->keywords);
  g_clear_pointer (&self->header, g_bytes_unref);
  g_free (self->section);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self->content_type);
  g_free (self);
}

void
cachet_imap_uid_plus_free (CachetImapUidPlus *self)
{
  if (self == NULL)
    return;
  cachet_imap_set_free (self->source);
  cachet_imap_set_free (self->destination);
  g_free (self);
}
