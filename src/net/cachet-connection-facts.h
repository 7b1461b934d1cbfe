#pragma once

#include "cachet-net-types.h"

G_BEGIN_DECLS

/* What is known of a live connection, for people. Strings are NULL where there is nothing to tell.
 */
typedef struct
{
  char *greeting;    /* the server's first line */
  char *tls_version; /* "TLS 1.3" */
  char *ciphersuite; /* "TLS_AES_256_GCM_SHA384" */
  char *server_id;   /* from IMAP ID: "Dovecot" */
  char *mechanism;   /* SASL mechanism used, "LOGIN command" */
  gboolean encrypted;
} CachetConnectionFacts;

CachetConnectionFacts *cachet_connection_facts_copy (const CachetConnectionFacts *self);
void cachet_connection_facts_free (CachetConnectionFacts *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetConnectionFacts, cachet_connection_facts_free)

G_END_DECLS
