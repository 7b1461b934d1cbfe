#define G_LOG_DOMAIN "cachet-ctl"

#include "config.h"

#include "cachet-ctl.h"

#include "cachet-address.h"
#include "cachet-ctl-rows.h"
#include "cachet-mime-message.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* Verbs that read files and touch no account: inspect. */

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_range (JsonBuilder *builder, const char *name, gsize first, gsize end)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  json_builder_add_int_value (builder, first);
  json_builder_add_int_value (builder, end);
  json_builder_end_array (builder);
}

static void
add_part (JsonBuilder *builder, const CachetMimePart *part)
{
  CachetMimeMessage *embedded = cachet_mime_part_get_message (part);

  json_builder_begin_object (builder);
  add_string (builder, "path", cachet_mime_part_get_path (part));
  add_string (builder, "type", cachet_mime_part_get_content_type (part));
  add_string (builder, "encoding", cachet_mime_part_get_encoding (part));
  if (cachet_mime_part_is_attachment (part))
    add_string (builder, "name", cachet_mime_part_get_file_name (part));
  json_builder_set_member_name (builder, "size");
  json_builder_add_int_value (builder, cachet_mime_part_get_size (part));
  add_range (builder, "header", cachet_mime_part_get_header_offset (part),
             cachet_mime_part_get_body_offset (part));
  add_range (builder, "body", cachet_mime_part_get_body_offset (part),
             cachet_mime_part_get_end_offset (part));
  if (cachet_mime_part_get_n_children (part) > 0)
    {
      json_builder_set_member_name (builder, "children");
      json_builder_begin_array (builder);
      for (guint i = 0; i < cachet_mime_part_get_n_children (part); i++)
        add_part (builder, cachet_mime_part_get_child (part, i));
      json_builder_end_array (builder);
    }
  if (embedded != NULL)
    {
      json_builder_set_member_name (builder, "message");
      add_part (builder, cachet_mime_message_get_root (embedded));
    }
  json_builder_end_object (builder);
}

void
cachet_ctl_print_message_json (CachetMimeMessage *message)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  GPtrArray *from = cachet_mime_message_get_addresses (message, CACHET_MIME_FROM);
  GPtrArray *attachments = cachet_mime_message_get_attachments (message);
  char **warnings = cachet_mime_message_get_warnings (message);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "from");
  json_builder_begin_array (builder);
  for (guint i = 0; i < from->len; i++)
    json_builder_add_string_value (builder, ((CachetAddress *)g_ptr_array_index (from, i))->addr);
  json_builder_end_array (builder);
  add_string (builder, "subject", cachet_mime_message_get_subject (message));
  json_builder_set_member_name (builder, "structure");
  add_part (builder, cachet_mime_message_get_root (message));
  add_string (builder, "text", cachet_mime_message_get_text (message));
  json_builder_set_member_name (builder, "attachments");
  json_builder_begin_array (builder);
  for (guint i = 0; i < attachments->len; i++)
    {
      const CachetMimePart *part = g_ptr_array_index (attachments, i);
      json_builder_begin_object (builder);
      add_string (builder, "name", cachet_mime_part_get_file_name (part));
      add_string (builder, "type", cachet_mime_part_get_content_type (part));
      json_builder_set_member_name (builder, "size");
      json_builder_add_int_value (builder, cachet_mime_part_get_size (part));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "warnings");
  json_builder_begin_array (builder);
  for (guint i = 0; warnings != NULL && warnings[i] != NULL; i++)
    json_builder_add_string_value (builder, warnings[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  cachet_ctl_print_json (builder);
}

static void
print_tree (const CachetMimePart *part, guint depth)
{
  CachetMimeMessage *embedded = cachet_mime_part_get_message (part);
  g_autofree char *size = g_format_size (cachet_mime_part_get_size (part));
  const char *path = cachet_mime_part_get_path (part);

  g_print ("%*s%s%s%s", (int)depth * 2, "", path, *path != '\0' ? " " : "",
           cachet_mime_part_get_content_type (part));
  if (cachet_mime_part_is_attachment (part))
    g_print (" “%s”", cachet_mime_part_get_file_name (part));
  g_print (", %s, %s, %" G_GSIZE_FORMAT "–%" G_GSIZE_FORMAT "\n",
           cachet_mime_part_get_encoding (part), size, cachet_mime_part_get_header_offset (part),
           cachet_mime_part_get_end_offset (part));
  for (guint i = 0; i < cachet_mime_part_get_n_children (part); i++)
    print_tree (cachet_mime_part_get_child (part, i), depth + 1);
  if (embedded != NULL)
    print_tree (cachet_mime_message_get_root (embedded), depth + 1);
}

static void
print_message_text (CachetMimeMessage *message)
{
  GPtrArray *from = cachet_mime_message_get_addresses (message, CACHET_MIME_FROM);
  char **warnings = cachet_mime_message_get_warnings (message);

  for (guint i = 0; i < from->len; i++)
    {
      g_autofree char *address = cachet_address_to_display (g_ptr_array_index (from, i));
      g_print (_ ("From: %s\n"), address);
    }
  g_print (_ ("Subject: %s\n"), cachet_mime_message_get_subject (message));
  for (guint i = 0; warnings != NULL && warnings[i] != NULL; i++)
    g_print (_ ("Warning: %s\n"), warnings[i]);
  print_tree (cachet_mime_message_get_root (message), 0);
  g_print ("\n%s\n", cachet_mime_message_get_text (message));
}

static gboolean
write_all (const guint8 *data, gsize size, GError **error)
{
  while (size > 0)
    {
      gssize n = write (STDOUT_FILENO, data, size);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                       _ ("The output could not be written: %s"), g_strerror (errno));
          return FALSE;
        }
      data += n;
      size -= n;
    }
  return TRUE;
}

static gboolean
print_part (CachetMimeMessage *message, const char *path, gboolean raw, GError **error)
{
  const CachetMimePart *part = cachet_mime_message_find_part (message, path);
  g_autoptr (GBytes) bytes = NULL;

  if (part == NULL)
    {
      g_set_error (error, CACHET_MIME_ERROR, CACHET_MIME_ERROR_NO_PART,
                   _ ("The message has no part “%s”."), path);
      return FALSE;
    }
  if (raw)
    bytes = g_bytes_new_from_bytes (
      cachet_mime_message_get_bytes (message), cachet_mime_part_get_body_offset (part),
      cachet_mime_part_get_end_offset (part) - cachet_mime_part_get_body_offset (part));
  else
    bytes = cachet_mime_message_decode_part (message, part, error);
  if (bytes == NULL)
    return FALSE;
  return write_all (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), error);
}

static void
run_inspect (CachetCtl *ctl, char **argv)
{
  g_autofree char *path = NULL;
  gboolean raw = FALSE;
  const GOptionEntry entries[] = {
    { "part", 0, 0, G_OPTION_ARG_STRING, &path, N_ ("Write this part"), N_ ("PATH") },
      { "raw", 0, 0, G_OPTION_ARG_NONE, &raw,
        N_ ("As it stands in the message, not decoded"), NULL },
        G_OPTION_ENTRY_NULL,
     };
  g_auto (GStrv) words = g_strdupv (argv);
  g_autoptr (GError) error = NULL;
  g_autoptr (GMappedFile) file = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (CachetMimeMessage) message = NULL;

  if (!cachet_ctl_parse (ctl, &words, entries))
    return;
  if (g_strv_length (words) != 2)
    {
      cachet_ctl_usage (ctl, "inspect", _ ("Name one message file."));
      return;
    }
  file = g_mapped_file_new (words[1], FALSE, &error);
  if (file != NULL)
    {
      bytes = g_mapped_file_get_bytes (file);
      message = cachet_mime_message_new (bytes, &error);
    }
  if (message == NULL || (path != NULL && !print_part (message, path, raw, &error)))
    {
      cachet_ctl_fail (ctl, error);
      return;
    }
  if (path == NULL && ctl->json)
    cachet_ctl_print_message_json (message);
  else if (path == NULL)
    print_message_text (message);
  cachet_ctl_end (ctl, CACHET_CTL_DONE);
}

const CachetCtlVerb cachet_ctl_file_verbs[] = {
  { "inspect", "FILE.eml [--json] [--part PATH [--raw]]",
    N_ ("Show what a message file is made of; touches no account"), run_inspect },
    { NULL, NULL, NULL, NULL },
};
