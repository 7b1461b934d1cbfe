#define G_LOG_DOMAIN "cachet-mime"

#include "config.h"

#include "cachet-mime-content-type.h"

#include <gmime/gmime.h>
#include <string.h>

#include "cachet-mime-charset.h"
#include "cachet-mime-header.h"

static void
read_parameters (CachetContentType *self, GMimeParamList *list)
{
  int n = list != NULL ? g_mime_param_list_length (list) : 0;

  self->parameters = g_ptr_array_new_with_free_func (g_free);
  for (int i = 0; i < n && i < CACHET_MIME_MAX_PARAMETERS; i++)
    {
      GMimeParam *parameter = g_mime_param_list_get_parameter_at (list, i);
      const char *name = g_mime_param_get_name (parameter);
      const char *value = g_mime_param_get_value (parameter);

      if (name == NULL || value == NULL)
        continue;
      g_ptr_array_add (self->parameters, g_ascii_strdown (name, -1));
      g_ptr_array_add (self->parameters, cachet_charset_to_utf8 (NULL, value, strlen (value)));
    }
}

/* GMime takes a type without a slash for application/octet-stream; RFC 2045 §5.2 wants text. */
static char *
dup_type (const char *text, GMimeContentType *parsed)
{
  g_autofree char *joined = NULL;
  gsize length = strcspn (text, "; \t\r\n");
  const char *media = g_mime_content_type_get_media_type (parsed);
  const char *subtype = g_mime_content_type_get_media_subtype (parsed);

  if (memchr (text, '/', length) == NULL &&
      (length == 0 || g_ascii_strncasecmp (text, "text", 4) == 0))
    return g_strdup ("text/plain");
  joined = g_strdup_printf ("%s/%s", media != NULL ? media : "application",
                            subtype != NULL ? subtype : "octet-stream");
  for (char *p = joined; *p != '\0'; p++)
    if ((guchar)*p <= ' ' || (guchar)*p >= 0x7f)
      return g_strdup ("application/octet-stream");
  return g_ascii_strdown (joined, -1);
}

CachetContentType *
cachet_content_type_parse (const char *text)
{
  CachetContentType *self = g_new0 (CachetContentType, 1);
  g_autofree char *stripped = g_strstrip (g_strdup (text != NULL ? text : ""));
  GMimeContentType *parsed = g_mime_content_type_parse (NULL, stripped);

  self->type = dup_type (stripped, parsed);
  read_parameters (self, g_mime_content_type_get_parameters (parsed));
  g_object_unref (parsed);
  return self;
}

CachetContentType *
cachet_content_disposition_parse (const char *text)
{
  CachetContentType *self = g_new0 (CachetContentType, 1);
  GMimeContentDisposition *parsed = g_mime_content_disposition_parse (NULL, text);
  const char *type = parsed != NULL ? g_mime_content_disposition_get_disposition (parsed) : NULL;

  self->type = g_ascii_strdown (type != NULL ? type : "attachment", -1);
  read_parameters (self,
                   parsed != NULL ? g_mime_content_disposition_get_parameters (parsed) : NULL);
  g_clear_object (&parsed);
  return self;
}

void
cachet_content_type_free (CachetContentType *self)
{
  if (self == NULL)
    return;
  g_free (self->type);
  g_ptr_array_unref (self->parameters);
  g_free (self);
}

const char *
cachet_content_type_get_parameter (const CachetContentType *self, const char *name)
{
  for (guint i = 0; i + 1 < self->parameters->len; i += 2)
    if (g_ascii_strcasecmp (g_ptr_array_index (self->parameters, i), name) == 0)
      return g_ptr_array_index (self->parameters, i + 1);
  return NULL;
}

CachetSeal
cachet_content_type_get_seal (const CachetContentType *self)
{
  const char *kind;

  if (g_str_equal (self->type, "multipart/signed"))
    return CACHET_SEAL_SIGNED;
  if (g_str_equal (self->type, "multipart/encrypted"))
    return CACHET_SEAL_ENCRYPTED;
  if (!g_str_equal (self->type, "application/pkcs7-mime") &&
      !g_str_equal (self->type, "application/x-pkcs7-mime"))
    return CACHET_SEAL_NONE;
  kind = cachet_content_type_get_parameter (self, "smime-type");
  if (kind != NULL && g_ascii_strcasecmp (kind, "signed-data") == 0)
    return CACHET_SEAL_SIGNED;
  if (kind != NULL && (g_ascii_strcasecmp (kind, "certs-only") == 0 ||
                       g_ascii_strcasecmp (kind, "compressed-data") == 0))
    return CACHET_SEAL_NONE;
  return CACHET_SEAL_ENCRYPTED;
}
