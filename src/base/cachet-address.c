#define G_LOG_DOMAIN "cachet-base"

#include "config.h"

#include "cachet-address.h"

#include <string.h>

#include "cachet-visible-text.h"

/* RFC 5322 §3.2.3 specials without the dot, which is common in names and misleads nobody. */
#define NAME_SPECIALS "()<>[]:;@\\,\""

G_DEFINE_BOXED_TYPE (CachetAddress, cachet_address, cachet_address_copy, cachet_address_free)

CachetAddress *
cachet_address_new (const char *name, const char *addr)
{
  CachetAddress *self = g_new0 (CachetAddress, 1);

  self->name = name != NULL && *name != '\0' ? g_strdup (name) : NULL;
  self->addr = g_strdup (addr != NULL ? addr : "");
  return self;
}

CachetAddress *
cachet_address_copy (const CachetAddress *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return cachet_address_new (self->name, self->addr);
}

void
cachet_address_free (CachetAddress *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->addr);
  g_free (self);
}

gboolean
cachet_address_equal_addr (const CachetAddress *a, const CachetAddress *b)
{
  g_autofree char *folded_a = NULL;
  g_autofree char *folded_b = NULL;

  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  if (!g_utf8_validate (a->addr, -1, NULL) || !g_utf8_validate (b->addr, -1, NULL))
    return strcmp (a->addr, b->addr) == 0;
  folded_a = g_utf8_casefold (a->addr, -1);
  folded_b = g_utf8_casefold (b->addr, -1);
  return strcmp (folded_a, folded_b) == 0;
}

/* A name that could be read as an address or as two is put in quotes. */
static char *
dup_display_name (const CachetAddress *self)
{
  g_autofree char *name = NULL;
  g_autoptr (GString) quoted = NULL;

  name = cachet_visible_text (self->name, -1, FALSE);
  if (strpbrk (name, NAME_SPECIALS) == NULL && !g_str_has_prefix (name, " ") &&
      !g_str_has_suffix (name, " "))
    return g_steal_pointer (&name);
  quoted = g_string_new ("\"");
  for (const char *p = name; *p != '\0'; p++)
    {
      if (*p == '"' || *p == '\\')
        g_string_append_c (quoted, '\\');
      g_string_append_c (quoted, *p);
    }
  g_string_append_c (quoted, '"');
  return g_strdup (quoted->str);
}

char *
cachet_address_to_display (const CachetAddress *self)
{
  g_autofree char *name = NULL;
  g_autofree char *addr = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  addr = cachet_visible_text (self->addr, -1, FALSE);
  if (self->name == NULL)
    return g_steal_pointer (&addr);
  name = dup_display_name (self);
  return g_strdup_printf ("%s <%s>", name, addr);
}

char *
cachet_address_to_short (const CachetAddress *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return cachet_visible_text (self->name != NULL ? self->name : self->addr, -1, FALSE);
}

gboolean
cachet_addr_spec_is_sendable (const char *addr)
{
  const char *at;

  if (addr == NULL || !g_utf8_validate (addr, -1, NULL))
    return FALSE;
  at = strrchr (addr, '@');
  if (at == NULL || at == addr || at[1] == '\0')
    return FALSE;
  for (const char *p = addr; *p != '\0'; p++)
    if ((guchar)*p <= ' ' || *p == 0x7f || *p == '<' || *p == '>')
      return FALSE;
  return TRUE;
}
