#define G_LOG_DOMAIN "cachet-net"

#include "config.h"

#include "cachet-connection-facts.h"

CachetConnectionFacts *
cachet_connection_facts_copy (const CachetConnectionFacts *self)
{
  CachetConnectionFacts *copy = g_new0 (CachetConnectionFacts, 1);

  g_return_val_if_fail (self != NULL, NULL);

  copy->greeting = g_strdup (self->greeting);
  copy->tls_version = g_strdup (self->tls_version);
  copy->ciphersuite = g_strdup (self->ciphersuite);
  copy->server_id = g_strdup (self->server_id);
  copy->mechanism = g_strdup (self->mechanism);
  copy->encrypted = self->encrypted;

  return copy;
}

void
cachet_connection_facts_free (CachetConnectionFacts *self)
{
  if (self == NULL)
    return;

  g_free (self->greeting);
  g_free (self->tls_version);
  g_free (self->ciphersuite);
  g_free (self->server_id);
  g_free (self->mechanism);
  g_free (self);
}
