#define G_LOG_DOMAIN "cachet-wire"

#include "config.h"

#include "cachet-imap-flag-list.h"

#include "cachet-imap-extract.h"
#include "cachet-message-flags.h"

#include <string.h>

/* Longer than the longest flag that Cachet knows. */
#define MAX_KNOWN_FLAG 32u

static CachetMessageFlags
read_flag (const char *bytes, gsize length)
{
  char name[MAX_KNOWN_FLAG];

  if (length >= sizeof name)
    return CACHET_MESSAGE_FLAG_NONE;
  memcpy (name, bytes, length);
  name[length] = '\0';
  return cachet_message_flag_from_imap (name);
}

static char *
make_keyword (const CachetImapValue *value)
{
  char *keyword = cachet_imap_value_dup_string (value);
  char *valid;

  if (g_utf8_validate (keyword, -1, NULL))
    return keyword;
  valid = g_utf8_make_valid (keyword, -1);
  g_free (keyword);
  return valid;
}

void
cachet_imap_flag_list_read (const CachetImapValue *list,
                            CachetMessageFlags *flags,
                            char ***keywords,
                            gboolean *allows_new)
{
  const CachetImapValue *value = cachet_imap_value_get_first_child (list);
  GPtrArray *names = NULL;

  *flags = CACHET_MESSAGE_FLAG_NONE;
  if (keywords != NULL)
    *keywords = NULL;
  if (allows_new != NULL)
    *allows_new = FALSE;
  for (; value != NULL; value = cachet_imap_value_get_next (value))
    {
      gsize length;
      const char *bytes = cachet_imap_value_get_bytes (value, &length);
      CachetMessageFlags flag;

      if (length == 0 || !cachet_imap_value_is_string (value))
        continue;
      flag = read_flag (bytes, length);
      *flags |= flag;
      if (flag != CACHET_MESSAGE_FLAG_NONE)
        continue;
      if (allows_new != NULL && length == 2 && memcmp (bytes, "\\*", 2) == 0)
        *allows_new = TRUE;
      if (keywords == NULL || *bytes == '\\')
        continue;
      if (names == NULL)
        names = g_ptr_array_new ();
      if (names->len < CACHET_IMAP_MAX_KEYWORDS)
        g_ptr_array_add (names, make_keyword (value));
    }
  if (names == NULL)
    return;
  g_ptr_array_add (names, NULL);
  *keywords = (char **)g_ptr_array_free (names, FALSE);
}
