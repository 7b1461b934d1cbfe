#define G_LOG_DOMAIN "cachet-wire"

#include "config.h"

#include "cachet-imap-value.h"

#include "cachet-imap-value-private.h"

#include <string.h>

CachetImapValueKind
cachet_imap_value_get_kind (const CachetImapValue *self)
{
  return self != NULL ? (CachetImapValueKind)self->kind : CACHET_IMAP_VALUE_NONE;
}

gboolean
cachet_imap_value_is_list (const CachetImapValue *self)
{
  return cachet_imap_value_get_kind (self) == CACHET_IMAP_VALUE_LIST;
}

gboolean
cachet_imap_value_is_string (const CachetImapValue *self)
{
  CachetImapValueKind kind = cachet_imap_value_get_kind (self);

  return kind == CACHET_IMAP_VALUE_ATOM || kind == CACHET_IMAP_VALUE_QUOTED ||
         kind == CACHET_IMAP_VALUE_LITERAL;
}

gboolean
cachet_imap_value_is_nil (const CachetImapValue *self)
{
  return cachet_imap_value_get_kind (self) == CACHET_IMAP_VALUE_NIL;
}

const char *
cachet_imap_value_get_bytes (const CachetImapValue *self, gsize *length)
{
  if (!cachet_imap_value_is_string (self) && !cachet_imap_value_is_nil (self))
    {
      if (length != NULL)
        *length = 0;
      return NULL;
    }
  if (length != NULL)
    *length = self->length;
  return (const char *)self + self->offset;
}

guint64
cachet_imap_value_get_length (const CachetImapValue *self)
{
  if (cachet_imap_value_is_string (self) ||
      cachet_imap_value_get_kind (self) == CACHET_IMAP_VALUE_STREAMED)
    return self->length;
  return 0;
}

char *
cachet_imap_value_dup_string (const CachetImapValue *self)
{
  const char *bytes;
  char *text;
  gsize length;

  if (!cachet_imap_value_is_string (self))
    return NULL;
  bytes = cachet_imap_value_get_bytes (self, &length);
  text = g_malloc (length + 1);
  for (gsize i = 0; i < length; i++)
    text[i] = bytes[i] != '\0' ? bytes[i] : '?';
  text[length] = '\0';
  return text;
}

gboolean
cachet_imap_value_is (const CachetImapValue *self, const char *word)
{
  gsize length;
  const char *bytes = cachet_imap_value_get_bytes (self, &length);

  return bytes != NULL && strlen (word) == length && g_ascii_strncasecmp (bytes, word, length) == 0;
}

gboolean
cachet_imap_value_has_prefix (const CachetImapValue *self, const char *prefix)
{
  gsize length;
  const char *bytes = cachet_imap_value_get_bytes (self, &length);
  gsize prefix_length = strlen (prefix);

  return cachet_imap_value_is_string (self) && length >= prefix_length &&
         g_ascii_strncasecmp (bytes, prefix, prefix_length) == 0;
}

gboolean
cachet_imap_value_get_number (const CachetImapValue *self, guint64 *number)
{
  gsize length;
  const char *bytes = cachet_imap_value_get_bytes (self, &length);
  guint64 value = 0;

  if (bytes == NULL || length == 0)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    {
      guint digit = (guchar)bytes[i] - (guint)'0';

      if (digit > 9 || value > (G_MAXUINT64 - digit) / 10)
        return FALSE;
      value = value * 10 + digit;
    }
  *number = value;
  return TRUE;
}

gboolean
cachet_imap_value_get_number32 (const CachetImapValue *self, guint32 *number)
{
  guint64 value;

  if (!cachet_imap_value_get_number (self, &value) || value > G_MAXUINT32)
    return FALSE;
  *number = (guint32)value;
  return TRUE;
}

guint
cachet_imap_value_get_n_children (const CachetImapValue *self)
{
  return cachet_imap_value_is_list (self) ? self->length : 0;
}

const CachetImapValue *
cachet_imap_value_get_first_child (const CachetImapValue *self)
{
  return cachet_imap_value_get_n_children (self) > 0 ? self + 1 : NULL;
}

const CachetImapValue *
cachet_imap_value_get_child (const CachetImapValue *self, guint index)
{
  const CachetImapValue *child = cachet_imap_value_get_first_child (self);

  while (child != NULL && index-- > 0)
    child = cachet_imap_value_get_next (child);
  return child;
}

const CachetImapValue *
cachet_imap_value_get_next (const CachetImapValue *self)
{
  return self != NULL && !self->is_last ? self + self->n_nodes : NULL;
}
