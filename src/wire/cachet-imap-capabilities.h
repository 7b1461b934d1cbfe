#pragma once

#include "cachet-imap-response.h"

G_BEGIN_DECLS

/* Names kept from one CAPABILITY; further ones are dropped. */
#define CACHET_IMAP_MAX_CAPABILITIES 500u

/* The capability names of a server, compared without case. Also used for ENABLED. */
typedef struct _CachetImapCapabilities CachetImapCapabilities;

/* From `* CAPABILITY …`, `* ENABLED …` or a [CAPABILITY …] code; %NULL for any other response. */
CachetImapCapabilities *
cachet_imap_capabilities_new_from_response (const CachetImapResponse *response);
/* From "IMAP4rev1 IDLE …". */
CachetImapCapabilities *cachet_imap_capabilities_new_from_string (const char *text);
CachetImapCapabilities *cachet_imap_capabilities_copy (const CachetImapCapabilities *self);
void cachet_imap_capabilities_free (CachetImapCapabilities *self);
/* @self: (nullable): has nothing. @name: "IDLE", "AUTH=PLAIN" */
gboolean cachet_imap_capabilities_has (const CachetImapCapabilities *self, const char *name);
/* @mechanism: "PLAIN" */
gboolean
cachet_imap_capabilities_has_auth (const CachetImapCapabilities *self, const char *mechanism);
/* (transfer full): names in upper case, in the server's order, separated by spaces. */
char *cachet_imap_capabilities_to_string (const CachetImapCapabilities *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetImapCapabilities, cachet_imap_capabilities_free)

G_END_DECLS
