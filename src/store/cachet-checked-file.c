#define G_LOG_DOMAIN "cachet-store"

#include "config.h"

#include "cachet-checked-file.h"

#include "cachet-durable-file.h"
#include "cachet-store-error.h"

#include <glib/gi18n.h>
#include <string.h>

/* The first line is never longer. */
#define MAX_LINE 160

gboolean
cachet_checked_file_write (
  const char *path, const char *kind, GVariant *facts, GBytes *bytes, GError **error)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (facts);
  g_autofree char *text = g_variant_print (owned, TRUE);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *line = NULL;
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GBytes) content = NULL;
  g_autoptr (GError) local_error = NULL;
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  g_checksum_update (sum, (const guint8 *)text, (gssize)strlen (text));
  g_checksum_update (sum, data, (gssize)length);
  line = g_strdup_printf ("CACHET %s 1 %s %" G_GSIZE_FORMAT "\n", kind, g_checksum_get_string (sum),
                          strlen (text));
  g_byte_array_append (out, (const guint8 *)line, (guint)strlen (line));
  g_byte_array_append (out, (const guint8 *)text, (guint)strlen (text));
  g_byte_array_append (out, data, (guint)length);
  content = g_byte_array_free_to_bytes (g_steal_pointer (&out));
  if (cachet_durable_file_write (path, content, 0600, &local_error))
    return TRUE;
  cachet_store_error_propagate (error, g_steal_pointer (&local_error));
  return FALSE;
}

static GBytes *
set_damaged (const char *path, GError **error)
{
  g_set_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_DAMAGED,
               _ ("The file “%s” is damaged: its content does not match its checksum."), path);
  return NULL;
}

/* The offset behind the first line, or 0 when it is not one of ours. */
static gsize
parse_line (const char *data, gsize length, const char *kind, char sha256[65], gsize *facts_length)
{
  const char *end = memchr (data, '\n', MIN (length, MAX_LINE));
  g_autofree char *line = NULL;
  g_auto (GStrv) fields = NULL;
  guint64 number;

  if (end == NULL)
    return 0;
  line = g_strndup (data, (gsize)(end - data));
  fields = g_strsplit (line, " ", 0);
  if (g_strv_length (fields) != 5 || strcmp (fields[0], "CACHET") != 0 ||
      strcmp (fields[1], kind) != 0 || strcmp (fields[2], "1") != 0 || strlen (fields[3]) != 64 ||
      !g_ascii_string_to_unsigned (fields[4], 10, 0, CACHET_CHECKED_FILE_MAX_FACTS, &number, NULL))
    return 0;
  g_strlcpy (sha256, fields[3], 65);
  *facts_length = (gsize)number;
  return (gsize)(end - data) + 1;
}

GBytes *
cachet_checked_file_read (const char *path, const char *kind, GVariant **facts, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GBytes) content = NULL;
  g_autofree char *sum = NULL;
  char *data;
  char sha256[65];
  gsize length;
  gsize facts_length;
  gsize offset;

  if (!g_file_get_contents (path, &data, &length, &local_error))
    {
      cachet_store_error_propagate (error, g_steal_pointer (&local_error));
      return NULL;
    }
  content = g_bytes_new_take (data, length);
  offset = parse_line (data, length, kind, sha256, &facts_length);
  if (offset == 0 || facts_length > length - offset)
    return set_damaged (path, error);
  sum =
    g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guint8 *)data + offset, length - offset);
  if (strcmp (sum, sha256) != 0)
    return set_damaged (path, error);
  if (facts != NULL)
    {
      *facts = g_variant_parse (G_VARIANT_TYPE_VARDICT, data + offset, data + offset + facts_length,
                                NULL, NULL);
      if (*facts == NULL)
        return set_damaged (path, error);
    }
  offset += facts_length;
  return g_bytes_new_from_bytes (content, offset, length - offset);
}
