#define G_LOG_DOMAIN "cachet-wire"

#include "config.h"

#include "cachet-imap-capabilities.h"

#include <string.h>

struct _CachetImapCapabilities
{
  GPtrArray *names; /* char *, upper case, in the server's order */
  GHashTable *set;  /* the same, lent */
};

static CachetImapCapabilities *
new_empty (void)
{
  CachetImapCapabilities *self = g_new0 (CachetImapCapabilities, 1);

  self->names = g_ptr_array_new_with_free_func (g_free);
  self->set = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

/* Takes @name. */
static void
add_name (CachetImapCapabilities *self, char *name)
{
  g_autofree char *upper = g_ascii_strup (name, -1);

  g_free (name);
  if (*upper == '\0' || self->names->len >= CACHET_IMAP_MAX_CAPABILITIES ||
      g_hash_table_contains (self->set, upper))
    return;
  g_hash_table_add (self->set, upper);
  g_ptr_array_add (self->names, g_steal_pointer (&upper));
}

CachetImapCapabilities *
cachet_imap_capabilities_new_from_response (const CachetImapResponse *response)
{
  CachetImapCapabilities *self;
  CachetImapKeyword keyword;
  const CachetImapValue *value;

  g_return_val_if_fail (response != NULL, NULL);

  keyword = cachet_imap_response_get_keyword (response);
  if (keyword == CACHET_IMAP_KEYWORD_CAPABILITY || keyword == CACHET_IMAP_KEYWORD_ENABLED)
    value = cachet_imap_response_get_first_value (response);
  else if (cachet_imap_response_get_code (response) == CACHET_IMAP_CODE_CAPABILITY)
    value = cachet_imap_response_get_code_argument (response);
  else
    return NULL;
  self = new_empty ();
  for (; value != NULL; value = cachet_imap_value_get_next (value))
    if (cachet_imap_value_is_string (value))
      add_name (self, cachet_imap_value_dup_string (value));
  return self;
}

CachetImapCapabilities *
cachet_imap_capabilities_new_from_string (const char *text)
{
  CachetImapCapabilities *self = new_empty ();
  g_auto (GStrv) names = g_strsplit (text, " ", -1);

  for (gsize i = 0; names[i] != NULL; i++)
    add_name (self, g_strdup (names[i]));
  return self;
}

CachetImapCapabilities *
cachet_imap_capabilities_copy (const CachetImapCapabilities *self)
{
  CachetImapCapabilities *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = new_empty ();
  for (guint i = 0; i < self->names->len; i++)
    add_name (copy, g_strdup (g_ptr_array_index (self->names, i)));
  return copy;
}

void
cachet_imap_capabilities_free (CachetImapCapabilities *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->set);
  g_ptr_array_unref (self->names);
  g_free (self);
}

gboolean
cachet_imap_capabilities_has (const CachetImapCapabilities *self, const char *name)
{
  g_autofree char *upper = NULL;

  g_return_val_if_fail (name != NULL, FALSE);

  if (self == NULL)
    return FALSE;
  upper = g_ascii_strup (name, -1);
  return g_hash_table_contains (self->set, upper);
}

gboolean
cachet_imap_capabilities_has_auth (const CachetImapCapabilities *self, const char *mechanism)
{
  g_autofree char *name = g_strconcat ("AUTH=", mechanism, NULL);

  return cachet_imap_capabilities_has (self, name);
}

char *
cachet_imap_capabilities_to_string (const CachetImapCapabilities *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; self != NULL && i < self->names->len; i++)
    {
      if (i > 0)
        g_string_append_c (text, ' ');
      g_string_append (text, g_ptr_array_index (self->names, i));
    }
  return g_string_free (text, FALSE);
}
