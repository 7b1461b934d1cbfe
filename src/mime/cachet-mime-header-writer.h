#pragma once

#include <glib.h>

#include "cachet-address.h"

G_BEGIN_DECLS

/* Writers of single header fields, folded with CRLF to 78 columns where there is a place to fold
 * (RFC 5322 §2.1.1), non-ASCII as encoded words (RFC 2047). Values are NUL-terminated UTF-8 and may
 * be hostile: no value makes a second field or a line of more than 998 bytes. */
void cachet_header_write_text (GString *out, const char *name, const char *text);
/* @addresses: (element-type CachetAddress) */
void cachet_header_write_addresses (GString *out, const char *name, GPtrArray *addresses);
/* @ids: space separated, without <> */
void cachet_header_write_ids (GString *out, const char *name, const char *ids);
/* Appends "; NAME=VALUE" to a field under way, RFC 2231 where the value needs it. */
void cachet_header_write_parameter (GString *out, const char *name, const char *value);
/* addr-spec with the domain in ASCII (IDNA), so that only a non-ASCII local part needs SMTPUTF8. */
char *cachet_header_dup_wire_addr (const char *addr);

G_END_DECLS
