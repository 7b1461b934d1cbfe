#pragma once

#include "cachet-base-types.h"

G_BEGIN_DECLS

/**
 * CachetAddress:
 * @name: (nullable): display name, decoded UTF-8
 * @addr: addr-spec (RFC 5322 §3.4.1) as UTF-8; may be empty for a broken header, never %NULL
 */
struct _CachetAddress
{
  char *name;
  char *addr;
};

#define CACHET_TYPE_ADDRESS (cachet_address_get_type ())
GType cachet_address_get_type (void) G_GNUC_CONST;

CachetAddress *cachet_address_new (const char *name, const char *addr);
CachetAddress *cachet_address_copy (const CachetAddress *self);
void cachet_address_free (CachetAddress *self);
gboolean cachet_address_equal_addr (const CachetAddress *a, const CachetAddress *b);
/* "Name <addr>" for people: odd characters made visible, the addr-spec always there. */
char *cachet_address_to_display (const CachetAddress *self);
/* The name if there is one, else the addr-spec; odd characters made visible. For list rows beside
 * the address. */
char *cachet_address_to_short (const CachetAddress *self);
/* %TRUE when @addr may go on an SMTP line: non-empty, has a domain, no CR, LF, NUL, space, '<' or
 * '>'. */
gboolean cachet_addr_spec_is_sendable (const char *addr);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetAddress, cachet_address_free)

G_END_DECLS
