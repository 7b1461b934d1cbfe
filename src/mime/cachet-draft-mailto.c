#define G_LOG_DOMAIN "cachet-mime"

#include "config.h"

#include "cachet-draft.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cachet-draft-private.h"
#include "cachet-mime-charset.h"
#include "cachet-mime-header.h"

#define MAX_URI_BYTES (256 * 1024)

/* RFC 3986 §2.1; a percent sign that escapes nothing stands for itself, as in browsers. */
static char *
unescape (const char *text, gsize length)
{
  g_autoptr (GString) out = g_string_sized_new (length);

  for (gsize i = 0; i < length; i++)
    {
      if (text[i] == '%' && i + 2 < length && g_ascii_isxdigit (text[i + 1]) &&
          g_ascii_isxdigit (text[i + 2]))
        {
          g_string_append_c (out, (char)(g_ascii_xdigit_value (text[i + 1]) << 4 |
                                         g_ascii_xdigit_value (text[i + 2])));
          i += 2;
        }
      else
        g_string_append_c (out, text[i]);
    }
  return cachet_charset_to_utf8 (NULL, out->str, out->len);
}

static gboolean
add_recipients (CachetDraft *draft, CachetMimeAddressField field, const char *text, GError **error)
{
  g_autoptr (CachetDraft) parsed = cachet_draft_new ();
  GPtrArray *list;

  if (!cachet_draft_set_recipients_text (parsed, field, text, error))
    {
      g_prefix_error (error, "%s ", _ ("The link has an address that can’t be used."));
      return FALSE;
    }
  list = cachet_draft_get_recipients (parsed, field);
  for (guint i = 0; i < list->len; i++)
    cachet_draft_add_recipient (draft, field, g_ptr_array_index (list, i));
  return TRUE;
}

static void
set_body (CachetDraft *draft, const char *value)
{
  g_auto (GStrv) lines = g_strsplit (value, "\r\n", -1);
  g_autofree char *text = g_strjoinv ("\n", lines);

  g_strdelimit (text, "\r", '\n');
  cachet_draft_set_text (draft, text);
}

/* One "name=value" of the query. */
static gboolean
read_field (CachetDraft *draft, const char *field, GStrvBuilder *ignored, GError **error)
{
  const char *equals = strchr (field, '=');
  gsize length = equals != NULL ? (gsize)(equals - field) : strlen (field);
  g_autofree char *raw_name = unescape (field, length);
  g_autofree char *name = g_ascii_strdown (raw_name, -1);
  g_autofree char *value = NULL;

  if (*name == '\0')
    return TRUE;
  value = equals != NULL ? unescape (equals + 1, strlen (equals + 1)) : g_strdup ("");
  if (g_str_equal (name, "to"))
    return add_recipients (draft, CACHET_MIME_TO, value, error);
  if (g_str_equal (name, "cc"))
    return add_recipients (draft, CACHET_MIME_CC, value, error);
  if (g_str_equal (name, "bcc"))
    return add_recipients (draft, CACHET_MIME_BCC, value, error);
  if (g_str_equal (name, "subject"))
    {
      g_autofree char *decoded = cachet_header_decode_words (value);

      cachet_draft_set_subject (draft, decoded);
    }
  else if (g_str_equal (name, "body"))
    set_body (draft, value);
  else if (g_str_equal (name, "in-reply-to"))
    {
      g_autoptr (GPtrArray) ids = cachet_header_parse_message_ids (value);

      if (ids->len > 0)
        cachet_draft_set_threading (draft, g_ptr_array_index (ids, 0), g_ptr_array_index (ids, 0));
    }
  else
    g_strv_builder_add (ignored, name);
  return TRUE;
}

CachetDraft *
cachet_draft_new_from_mailto (const char *uri, char ***ignored, GError **error)
{
  g_autoptr (CachetDraft) draft = NULL;
  g_autoptr (GStrvBuilder) others = NULL;
  g_auto (GStrv) fields = NULL;
  g_autofree char *to = NULL;
  gsize length;

  g_return_val_if_fail (uri != NULL, NULL);

  if (g_ascii_strncasecmp (uri, "mailto:", 7) != 0 || strlen (uri) > MAX_URI_BYTES)
    {
      g_set_error (error, CACHET_MIME_ERROR, CACHET_MIME_ERROR_ADDRESS,
                   _ ("This is not a link to a mail address."));
      return NULL;
    }
  uri += 7;
  draft = cachet_draft_new ();
  others = g_strv_builder_new ();
  length = strcspn (uri, "?#");
  to = unescape (uri, length);
  if (!add_recipients (draft, CACHET_MIME_TO, to, error))
    return NULL;
  if (uri[length] == '?')
    {
      g_autofree char *query = g_strndup (uri + length + 1, strcspn (uri + length + 1, "#"));

      fields = g_strsplit (query, "&", -1);
    }
  for (guint i = 0; fields != NULL && fields[i] != NULL; i++)
    {
      /* "&amp;" is left by pages that escape twice. */
      const char *field = g_str_has_prefix (fields[i], "amp;") ? fields[i] + 4 : fields[i];

      if (!read_field (draft, field, others, error))
        return NULL;
    }
  if (ignored != NULL)
    *ignored = g_strv_builder_end (others);
  return g_steal_pointer (&draft);
}
