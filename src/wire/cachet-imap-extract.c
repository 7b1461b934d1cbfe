#define G_LOG_DOMAIN "cachet-wire"

#include "config.h"

#include "cachet-imap-extract.h"

#include "cachet-imap-flag-list.h"

GHashTable *
cachet_imap_extract_id (const CachetImapResponse *response)
{
  GHashTable *fields;
  const CachetImapValue *key;

  g_return_val_if_fail (response != NULL, NULL);

  if (cachet_imap_response_get_keyword (response) != CACHET_IMAP_KEYWORD_ID)
    return NULL;
  fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  key = cachet_imap_value_get_first_child (cachet_imap_response_get_first_value (response));
  while (key != NULL && g_hash_table_size (fields) < CACHET_IMAP_MAX_ID_FIELDS)
    {
      const CachetImapValue *value = cachet_imap_value_get_next (key);

      if (cachet_imap_value_is_string (key) && cachet_imap_value_is_string (value))
        {
          g_autofree char *name = cachet_imap_value_dup_string (key);

          g_hash_table_insert (fields, g_ascii_strdown (name, -1),
                               cachet_imap_value_dup_string (value));
        }
      key = cachet_imap_value_get_next (value);
    }
  return fields;
}

static CachetImapSet *
read_set (const CachetImapValue *value)
{
  gsize length;
  const char *bytes = cachet_imap_value_get_bytes (value, &length);

  return bytes != NULL ? cachet_imap_set_parse (bytes, (gssize)length) : NULL;
}

CachetImapSet *
cachet_imap_extract_vanished (const CachetImapResponse *response, gboolean *earlier)
{
  const CachetImapValue *value;
  gboolean is_earlier = FALSE;

  g_return_val_if_fail (response != NULL, NULL);

  if (cachet_imap_response_get_keyword (response) != CACHET_IMAP_KEYWORD_VANISHED)
    return NULL;
  value = cachet_imap_response_get_first_value (response);
  if (cachet_imap_value_is_list (value))
    {
      is_earlier = cachet_imap_value_is (cachet_imap_value_get_first_child (value), "EARLIER");
      value = cachet_imap_value_get_next (value);
    }
  if (earlier != NULL)
    *earlier = is_earlier;
  return read_set (value);
}

gboolean
cachet_imap_extract_flags (const CachetImapResponse *response,
                           CachetMessageFlags *flags,
                           char ***keywords,
                           gboolean *allows_new)
{
  const CachetImapValue *list;

  g_return_val_if_fail (response != NULL && flags != NULL, FALSE);

  if (cachet_imap_response_get_keyword (response) == CACHET_IMAP_KEYWORD_FLAGS)
    list = cachet_imap_response_get_first_value (response);
  else if (cachet_imap_response_get_code (response) == CACHET_IMAP_CODE_PERMANENTFLAGS)
    list = cachet_imap_response_get_code_argument (response);
  else
    return FALSE;
  if (!cachet_imap_value_is_list (list) && !cachet_imap_value_is_nil (list))
    return FALSE;
  cachet_imap_flag_list_read (list, flags, keywords, allows_new);
  return TRUE;
}

gboolean
cachet_imap_extract_code_number (const CachetImapResponse *response, guint64 *number)
{
  g_return_val_if_fail (response != NULL && number != NULL, FALSE);

  return cachet_imap_value_get_number (cachet_imap_response_get_code_argument (response), number);
}

/* Whether the numbers of a set stand in ascending order and none is '*'. Only then do members of
 * two sets correspond one to one once they are sorted. */
static gboolean
is_ascending (const CachetImapValue *value)
{
  gsize length;
  const char *bytes = cachet_imap_value_get_bytes (value, &length);
  guint64 last = 0;
  guint64 number = 0;

  for (gsize i = 0; i <= length; i++)
    {
      if (i < length && g_ascii_isdigit (bytes[i]))
        {
          number = MIN (number * 10 + (guint)(bytes[i] - '0'), (guint64)G_MAXUINT32 + 1);
          continue;
        }
      if (number <= last) /* also for '*', which leaves it at 0 */
        return FALSE;
      last = number;
      number = 0;
    }
  return TRUE;
}

CachetImapUidPlus *
cachet_imap_extract_uid_plus (const CachetImapResponse *response)
{
  g_autoptr (CachetImapUidPlus) self = NULL;
  const CachetImapValue *uidvalidity;
  const CachetImapValue *set;
  CachetImapCode code;

  g_return_val_if_fail (response != NULL, NULL);

  code = cachet_imap_response_get_code (response);
  if (code != CACHET_IMAP_CODE_APPENDUID && code != CACHET_IMAP_CODE_COPYUID)
    return NULL;
  self = g_new0 (CachetImapUidPlus, 1);
  uidvalidity = cachet_imap_response_get_code_argument (response);
  if (!cachet_imap_value_get_number32 (uidvalidity, &self->uidvalidity) || self->uidvalidity == 0)
    return NULL;
  set = cachet_imap_value_get_next (uidvalidity);
  if (code == CACHET_IMAP_CODE_COPYUID)
    {
      self->source = is_ascending (set) ? read_set (set) : NULL;
      if (self->source == NULL)
        return NULL;
      set = cachet_imap_value_get_next (set);
    }
  self->destination = is_ascending (set) ? read_set (set) : NULL;
  if (self->destination == NULL ||
      (self->source != NULL &&
       cachet_imap_set_get_size (self->source) != cachet_imap_set_get_size (self->destination)))
    return NULL;
  return g_steal_pointer (&self);
}
