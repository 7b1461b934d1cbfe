#define G_LOG_DOMAIN "cachet-wire"

#include "config.h"

#include "cachet-imap-extract.h"

#include "cachet-imap-bodystructure.h"
#include "cachet-imap-date.h"
#include "cachet-imap-flag-list.h"
#include "cachet-imap-response-private.h"

#include <string.h>

/* The section that an item such as BODY[1.2]<0>, BINARY[1] or RFC822.HEADER gives, as a slice;
 * %FALSE for other items. */
static gboolean
find_section (const CachetImapValue *item, const char **section, gsize *length)
{
  gsize item_length;
  const char *bytes = cachet_imap_value_get_bytes (item, &item_length);
  const char *open;
  const char *close;

  if (cachet_imap_value_is (item, "RFC822"))
    *section = "";
  else if (cachet_imap_value_is (item, "RFC822.HEADER"))
    *section = "HEADER";
  else if (cachet_imap_value_is (item, "RFC822.TEXT"))
    *section = "TEXT";
  else if (cachet_imap_value_has_prefix (item, "BODY[") ||
           cachet_imap_value_has_prefix (item, "BODY.PEEK[") ||
           cachet_imap_value_has_prefix (item, "BINARY[") ||
           cachet_imap_value_has_prefix (item, "BINARY.PEEK["))
    {
      open = memchr (bytes, '[', item_length);
      close = g_strrstr_len (bytes, (gssize)item_length, "]");
      *section = open + 1;
      *length = close > open ? (gsize)(close - open - 1) : item_length - (gsize)(*section - bytes);
      return TRUE;
    }
  else
    return FALSE;
  *length = strlen (*section);
  return TRUE;
}

/* HEADER, HEADER.FIELDS (…), HEADER.FIELDS.NOT (…) of the message itself. */
static gboolean
is_header_section (const char *section, gsize length)
{
  return length >= 6 && g_ascii_strncasecmp (section, "HEADER", 6) == 0;
}

static void
read_section (CachetImapFetch *self,
              const CachetImapResponse *response,
              const char *section,
              gsize length,
              const CachetImapValue *value)
{
  gboolean has_bytes = cachet_imap_value_is_string (value);

  if (is_header_section (section, length))
    {
      g_clear_pointer (&self->header, g_bytes_unref);
      if (has_bytes)
        self->header = cachet_imap_response_slice (response, value);
      return;
    }
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self->section);
  self->section = g_strndup (section, length);
  self->body_is_nil = cachet_imap_value_is_nil (value);
  self->body_size = -1;
  if (has_bytes)
    self->body = cachet_imap_response_slice (response, value);
  if (has_bytes || cachet_imap_value_get_kind (value) == CACHET_IMAP_VALUE_STREAMED)
    self->body_size = (gint64)cachet_imap_value_get_length (value);
}

static void
read_structure (CachetImapFetch *self, const CachetImapValue *value)
{
  if (!cachet_imap_value_is_list (value))
    return;
  g_clear_pointer (&self->content_type, g_free);
  cachet_imap_bodystructure_read (value, &self->content_type, &self->has_attachment);
  self->has_bodystructure = TRUE;
}

static void
read_flags (CachetImapFetch *self, const CachetImapValue *value)
{
  if (!cachet_imap_value_is_list (value) && !cachet_imap_value_is_nil (value))
    return;
  g_clear_pointer (&self->keywords, g_strfreev);
  cachet_imap_flag_list_read (value, &self->flags, &self->keywords, NULL);
  self->has_flags = TRUE;
}

/* MODSEQ (n), or n; beyond 63 bits it counts as absent (RFC 7162 §7). */
static void
read_modseq (CachetImapFetch *self, const CachetImapValue *value)
{
  guint64 number;

  if (cachet_imap_value_is_list (value))
    value = cachet_imap_value_get_first_child (value);
  if (cachet_imap_value_get_number (value, &number) && number <= G_MAXINT64)
    self->modseq = number;
}

static void
read_item (CachetImapFetch *self,
           const CachetImapResponse *response,
           const CachetImapValue *item,
           const CachetImapValue *value)
{
  const char *section;
  const char *bytes;
  gsize length;
  guint64 number;

  if (cachet_imap_value_is (item, "UID"))
    cachet_imap_value_get_number32 (value, &self->uid);
  else if (cachet_imap_value_is (item, "FLAGS"))
    read_flags (self, value);
  else if (cachet_imap_value_is (item, "RFC822.SIZE"))
    {
      if (cachet_imap_value_get_number (value, &number) && number <= G_MAXINT64)
        self->size = (gint64)number;
    }
  else if (cachet_imap_value_is (item, "INTERNALDATE"))
    {
      bytes = cachet_imap_value_get_bytes (value, &length);
      if (bytes != NULL)
        cachet_imap_date_time_parse (bytes, length, &self->internal_date);
    }
  else if (cachet_imap_value_is (item, "MODSEQ"))
    read_modseq (self, value);
  else if (cachet_imap_value_is (item, "BODYSTRUCTURE") || cachet_imap_value_is (item, "BODY"))
    read_structure (self, value);
  else if (find_section (item, &section, &length))
    read_section (self, response, section, length, value);
}

/* The items of a FETCH, or %NULL. */
static const CachetImapValue *
first_item (const CachetImapResponse *response, guint32 *seq)
{
  if (cachet_imap_response_get_keyword (response) != CACHET_IMAP_KEYWORD_FETCH ||
      !cachet_imap_response_get_number (response, seq) || *seq == 0)
    return NULL;
  return cachet_imap_value_get_first_child (cachet_imap_response_get_first_value (response));
}

CachetImapFetch *
cachet_imap_extract_fetch (const CachetImapResponse *response)
{
  CachetImapFetch *self;
  const CachetImapValue *item;
  guint32 seq;

  g_return_val_if_fail (response != NULL, NULL);

  item = first_item (response, &seq);
  if (item == NULL)
    return NULL;
  self = g_new0 (CachetImapFetch, 1);
  self->seq = seq;
  self->internal_date = G_MININT64;
  self->size = -1;
  self->body_size = -1;
  while (item != NULL)
    {
      const CachetImapValue *value = cachet_imap_value_get_next (item);

      if (cachet_imap_value_is_string (item))
        {
          read_item (self, response, item, value);
          item = cachet_imap_value_get_next (value);
        }
      else
        item = value; /* a value without a name */
    }
  return self;
}

gboolean
cachet_imap_extract_fetch_so_far (const CachetImapResponse *so_far,
                                  guint32 *seq,
                                  guint32 *uid,
                                  char **section)
{
  const CachetImapValue *item;
  const char *name;
  gsize length;

  g_return_val_if_fail (so_far != NULL && seq != NULL && uid != NULL && section != NULL, FALSE);

  *uid = 0;
  *section = NULL;
  item = first_item (so_far, seq);
  if (item == NULL)
    return FALSE;
  while (item != NULL)
    {
      const CachetImapValue *value = cachet_imap_value_get_next (item);

      if (!cachet_imap_value_is_string (item))
        {
          item = value;
          continue;
        }
      if (cachet_imap_value_is (item, "UID"))
        cachet_imap_value_get_number32 (value, uid);
      if (value == NULL && find_section (item, &name, &length))
        *section = g_strndup (name, length);
      item = cachet_imap_value_get_next (value);
    }
  return TRUE;
}
