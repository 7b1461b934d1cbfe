#define G_LOG_DOMAIN "cachet-mime"

#include "config.h"

#include "cachet-mime-file-name.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cachet-mime-message.h"
#include "cachet-visible-text.h"

#define MAX_EXTENSION 20

static const struct
{
  const char *type;
  const char *extension;
} extensions[] = {
  { "text/plain", "txt" },
  { "text/html", "html" },
  { "text/calendar", "ics" },
  { "text/csv", "csv" },
  { "text/vcard", "vcf" },
  { "text/x-vcard", "vcf" },
  { "text/x-patch", "patch" },
  { "text/x-diff", "diff" },
  { "text/xml", "xml" },
  { "text/rfc822-headers", "txt" },
  { "image/gif", "gif" },
  { "image/jpeg", "jpg" },
  { "image/png", "png" },
  { "image/svg+xml", "svg" },
  { "image/tiff", "tiff" },
  { "image/webp", "webp" },
  { "audio/mpeg", "mp3" },
  { "audio/ogg", "ogg" },
  { "video/mp4", "mp4" },
  { "application/pdf", "pdf" },
  { "application/zip", "zip" },
  { "application/gzip", "gz" },
  { "application/json", "json" },
  { "application/xml", "xml" },
  { "application/msword", "doc" },
  { "application/rtf", "rtf" },
  { "application/ics", "ics" },
  { "application/pkcs7-mime", "p7m" },
  { "application/x-pkcs7-mime", "p7m" },
  { "application/pkcs7-signature", "p7s" },
  { "application/x-pkcs7-signature", "p7s" },
  { "application/pgp-signature", "asc" },
  { "application/pgp-encrypted", "asc" },
  { "message/rfc822", "eml" },
  { "message/global", "eml" },
  { "message/delivery-status", "txt" },
  { "message/disposition-notification", "txt" },
};

static const char *const program_extensions[] = {
  "apk", "app", "appimage", "bat", "cmd", "com", "cpl", "desktop", "dll", "exe", "hta",
  "jar", "js",  "jse",      "lnk", "msi", "pif", "ps1", "py",      "reg", "rpm", "run",
  "scr", "sh",  "url",      "vb",  "vbe", "vbs", "wsf", "deb",     "iso", "img", NULL,
};

static char *
make_up (const char *type, const char *number)
{
  const char *extension = "bin";

  for (guint i = 0; i < G_N_ELEMENTS (extensions); i++)
    if (g_str_equal (type, extensions[i].type))
      extension = extensions[i].extension;
  return g_strdup_printf ("%s-%s.%s", _ ("part"), *number != '\0' ? number : "1", extension);
}

/* The last part of a path of either system. */
static const char *
base_of (const char *name)
{
  const char *base = name;

  for (const char *p = name; *p != '\0'; p++)
    if (*p == '/' || *p == '\\')
      base = p + 1;
  return base;
}

/* Odd characters and line breaks become "_"; spaces of every width, one space. */
static char *
replace_odd (const char *base)
{
  GString *out = g_string_new (NULL);
  gboolean space = FALSE;

  for (const char *p = base; *p != '\0'; p = g_utf8_next_char (p))
    {
      char one[7] = { 0 };
      gunichar c = g_utf8_get_char (p);

      if (c == ' ' || (c > 0x7f && g_unichar_isspace (c)))
        {
          space = TRUE;
          continue;
        }
      if (space && out->len > 0)
        g_string_append_c (out, ' ');
      space = FALSE;
      g_unichar_to_utf8 (c, one);
      /* Joiners have no business in a file name either, so each character is asked alone. */
      g_string_append (out, cachet_text_has_odd_characters (one) ? "_" : one);
    }
  return g_string_free (out, FALSE);
}

/* Cuts the stem so that all fits. */
static char *
shorten (const char *name)
{
  const char *dot = strrchr (name, '.');
  gsize extension = dot != NULL && strlen (dot) <= MAX_EXTENSION ? strlen (dot) : 0;
  gsize stem = strlen (name) - extension;

  if (stem + extension <= CACHET_MIME_MAX_FILE_NAME)
    return g_strdup (name);
  stem = CACHET_MIME_MAX_FILE_NAME - extension;
  while (stem > 0 && ((guchar)name[stem] & 0xc0) == 0x80)
    stem--;
  return g_strdup_printf ("%.*s%s", (int)stem, name, extension > 0 ? dot : "");
}

char *
cachet_file_name_make_safe (const char *declared,
                            const char *type,
                            const char *number,
                            gboolean *changed)
{
  g_autofree char *valid = NULL;
  g_autofree char *cleaned = NULL;
  gsize length;

  g_return_val_if_fail (type != NULL && number != NULL, NULL);

  if (changed != NULL)
    *changed = FALSE;
  if (declared == NULL)
    return make_up (type, number);
  valid = g_utf8_make_valid (declared, -1);
  cleaned = replace_odd (base_of (valid));
  if (changed != NULL)
    *changed = !g_str_equal (cleaned, valid);
  length = strlen (cleaned);
  while (length > 0 && strchr (". ", cleaned[length - 1]) != NULL)
    cleaned[--length] = '\0';
  if (*cleaned == '.')
    *cleaned = '_';
  if (length == 0)
    return make_up (type, number);
  return shorten (cleaned);
}

gboolean
cachet_file_name_is_program (const char *name)
{
  const char *dot = strrchr (name, '.');
  g_autofree char *extension = NULL;

  if (dot == NULL)
    return FALSE;
  extension = g_ascii_strdown (dot + 1, -1);
  return g_strv_contains (program_extensions, extension);
}
