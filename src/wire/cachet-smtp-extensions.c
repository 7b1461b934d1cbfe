#define G_LOG_DOMAIN "cachet-wire"

#include "config.h"

#include "cachet-smtp-extensions.h"

#include <string.h>

struct _CachetSmtpExtensions
{
  GHashTable *keywords; /* in capitals */
  GPtrArray *mechanisms;
  guint64 max_size;
};

static void
add_mechanisms (CachetSmtpExtensions *self, char **words)
{
  for (guint i = 0; words[i] != NULL; i++)
    {
      g_autofree char *name = g_ascii_strup (words[i], -1);

      if (name[0] != '\0' &&
          !g_ptr_array_find_with_equal_func (self->mechanisms, name, g_str_equal, NULL))
        g_ptr_array_add (self->mechanisms, g_steal_pointer (&name));
    }
}

static void
add_line (CachetSmtpExtensions *self, const char *line)
{
  g_auto (GStrv) words = NULL;
  g_autofree char *keyword = NULL;

  words = g_strsplit_set (line, " \t", -1);
  if (words[0] == NULL || words[0][0] == '\0')
    return;
  keyword = g_ascii_strup (words[0], -1);
  if (g_str_has_prefix (keyword, "AUTH="))
    {
      add_mechanisms (self, (char *[]){ keyword + strlen ("AUTH="), NULL });
      add_mechanisms (self, words + 1);
      keyword[strlen ("AUTH")] = '\0';
    }
  else if (strcmp (keyword, "AUTH") == 0)
    add_mechanisms (self, words + 1);
  else if (strcmp (keyword, "SIZE") == 0 && words[1] != NULL &&
           !g_ascii_string_to_unsigned (words[1], 10, 0, G_MAXUINT64, &self->max_size, NULL))
    self->max_size = 0;
  g_hash_table_add (self->keywords, g_steal_pointer (&keyword));
}

CachetSmtpExtensions *
cachet_smtp_extensions_new (const CachetSmtpReply *ehlo)
{
  CachetSmtpExtensions *self = g_new0 (CachetSmtpExtensions, 1);

  self->keywords = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->mechanisms = g_ptr_array_new_with_free_func (g_free);
  /* The first line has the server's name. */
  for (guint i = 1; ehlo != NULL && ehlo->lines[0] != NULL && ehlo->lines[i] != NULL; i++)
    add_line (self, ehlo->lines[i]);
  g_ptr_array_add (self->mechanisms, NULL);
  return self;
}

void
cachet_smtp_extensions_free (CachetSmtpExtensions *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->keywords);
  g_ptr_array_unref (self->mechanisms);
  g_free (self);
}

gboolean
cachet_smtp_extensions_has (const CachetSmtpExtensions *self, const char *keyword)
{
  g_autofree char *key = g_ascii_strup (keyword, -1);

  return g_hash_table_contains (self->keywords, key);
}

guint64
cachet_smtp_extensions_get_max_size (const CachetSmtpExtensions *self)
{
  return self->max_size;
}

const char *const *
cachet_smtp_extensions_get_mechanisms (const CachetSmtpExtensions *self)
{
  return (const char *const *)self->mechanisms->pdata;
}
