#define G_LOG_DOMAIN "cachet-ctl"

#include "config.h"

#include "cachet-ctl-rows.h"

#include "cachet-folder.h"
#include "cachet-message-flags.h"
#include "cachet-message-row.h"

#include <glib/gi18n.h>

static void
add_flags (JsonBuilder *builder, CachetMessageFlags flags)
{
  json_builder_set_member_name (builder, "flags");
  json_builder_begin_array (builder);
  for (guint bit = 0; (1u << bit) <= CACHET_MESSAGE_FLAG_SERVER_MASK; bit++)
    {
      const char *name =
        (flags & (1u << bit)) != 0 ? cachet_message_flag_to_imap (1u << bit) : NULL;
      if (name != NULL)
        json_builder_add_string_value (builder, name);
    }
  json_builder_end_array (builder);
}

static char *
format_date (gint64 seconds)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_local (seconds);

  return date != NULL ? g_date_time_format_iso8601 (date) : g_strdup ("");
}

static void
add_row (JsonBuilder *builder, CachetMessageRow *row)
{
  g_autofree char *date = format_date (cachet_message_row_get_date (row));

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "id");
  json_builder_add_int_value (builder, cachet_message_row_get_id (row));
  json_builder_set_member_name (builder, "uid");
  json_builder_add_int_value (builder, cachet_message_row_get_uid (row));
  json_builder_set_member_name (builder, "folder");
  json_builder_add_string_value (builder,
                                 cachet_folder_get_path (cachet_message_row_get_folder (row)));
  add_flags (builder, cachet_message_row_get_flags (row));
  json_builder_set_member_name (builder, "date");
  json_builder_add_string_value (builder, date);
  json_builder_set_member_name (builder, "from_name");
  json_builder_add_string_value (builder, cachet_message_row_get_from_name (row));
  json_builder_set_member_name (builder, "from");
  json_builder_add_string_value (builder, cachet_message_row_get_from_addr (row));
  json_builder_set_member_name (builder, "to");
  json_builder_add_string_value (builder, cachet_message_row_get_to (row));
  json_builder_set_member_name (builder, "subject");
  json_builder_add_string_value (builder, cachet_message_row_get_subject (row));
  json_builder_set_member_name (builder, "size");
  json_builder_add_int_value (builder, cachet_message_row_get_size (row));
  json_builder_set_member_name (builder, "message_id");
  json_builder_add_string_value (builder, cachet_message_row_get_message_id (row));
  json_builder_end_object (builder);
}

static void
print_row (CachetMessageRow *row)
{
  CachetMessageFlags flags = cachet_message_row_get_flags (row);
  g_autofree char *date = format_date (cachet_message_row_get_date (row));

  g_print ("%8" G_GINT64_FORMAT " %c%c%c %s  %s  %s\n", cachet_message_row_get_id (row),
           (flags & CACHET_MESSAGE_FLAG_SEEN) != 0 ? ' ' : 'N',
           (flags & CACHET_MESSAGE_FLAG_FLAGGED) != 0 ? '*' : ' ',
           (flags & CACHET_MESSAGE_FLAG_DELETED) != 0 ? 'D' : ' ', date,
           cachet_message_row_get_from_addr (row), cachet_message_row_get_subject (row));
}

void
cachet_ctl_print_rows (CachetCtl *ctl, GPtrArray *rows)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < rows->len; i++)
    {
      if (ctl->json)
        add_row (builder, g_ptr_array_index (rows, i));
      else
        print_row (g_ptr_array_index (rows, i));
    }
  json_builder_end_array (builder);
  if (ctl->json)
    cachet_ctl_print_json (builder);
}

void
cachet_ctl_set_no_message (GError **error, gint64 id)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, id);

  g_set_error (error, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_NOT_FOUND,
               _ ("There is no message %s; “cachetctl list” shows their numbers."), number);
}
