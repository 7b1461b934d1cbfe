#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-wire-file.h"

#include "cachet-durable-file.h"
#include "cachet-net-types.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <unistd.h>

/* Records are gathered so long. */
#define FLUSH_MILLISECONDS 500

struct _CachetWireFile
{
  char *directory;
  char *path;
  GQueue waiting;    /* CachetWireRecord */
  guint64 n_skipped; /* while the first sync of a large folder floods the log */
  guint flush_source;
};

static const char *const direction_names[] = { "sent", "received", "event" };

char *
cachet_wire_file_dup_path (const char *directory, const char *account_id)
{
  g_autofree char *safe = g_uri_escape_string (account_id, NULL, FALSE);
  g_autofree char *name = g_strconcat (safe, ".log", NULL);

  return g_build_filename (directory, name, NULL);
}

CachetWireFile *
cachet_wire_file_new (const char *directory, const char *account_id)
{
  CachetWireFile *self = g_new0 (CachetWireFile, 1);

  self->directory = g_strdup (directory);
  self->path = cachet_wire_file_dup_path (directory, account_id);
  g_queue_init (&self->waiting);
  return self;
}

void
cachet_wire_file_free (CachetWireFile *self)
{
  cachet_wire_file_flush (self);
  g_free (self->directory);
  g_free (self->path);
  g_free (self);
}

static void
rotate (CachetWireFile *self, gsize n_more)
{
  g_autofree char *older = g_strconcat (self->path, ".1", NULL);
  GStatBuf about;

  if (g_stat (self->path, &about) == 0 &&
      about.st_size + (goffset)n_more > CACHET_WIRE_FILE_MAX_BYTES)
    g_rename (self->path, older);
}

static char *
record_to_line (const CachetWireRecord *record)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "serial");
  json_builder_add_int_value (builder, record->serial);
  json_builder_set_member_name (builder, "time");
  json_builder_add_int_value (builder, record->time);
  json_builder_set_member_name (builder, "protocol");
  json_builder_add_string_value (builder, record->protocol);
  json_builder_set_member_name (builder, "connection");
  json_builder_add_int_value (builder, record->connection);
  json_builder_set_member_name (builder, "direction");
  json_builder_add_string_value (builder, direction_names[record->direction]);
  json_builder_set_member_name (builder, "encrypted");
  json_builder_add_boolean_value (builder, record->encrypted);
  if (record->tag != NULL)
    {
      json_builder_set_member_name (builder, "tag");
      json_builder_add_string_value (builder, record->tag);
    }
  json_builder_set_member_name (builder, "text");
  json_builder_add_string_value (builder, record->text != NULL ? record->text : "");
  json_builder_set_member_name (builder, "bytes");
  json_builder_add_int_value (builder, record->n_bytes);
  json_builder_set_member_name (builder, "milliseconds");
  json_builder_add_double_value (builder, record->milliseconds);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

/* A log that can't be written is no reason to trouble anybody: the records are dropped. */
static void
append_text (CachetWireFile *self, const GString *text)
{
  g_autoptr (GError) error = NULL;
  gsize written = 0;
  int fd;

  rotate (self, text->len);
  if (!cachet_private_directory_make (self->directory, &error))
    {
      g_debug ("The wire log is not kept: %s", error->message);
      return;
    }
  fd = g_open (self->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  while (fd >= 0 && written < text->len)
    {
      gssize n = write (fd, text->str + written, text->len - written);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      written += n;
    }
  if (fd >= 0)
    g_close (fd, NULL);
}

void
cachet_wire_file_flush (CachetWireFile *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  CachetWireRecord *record;

  g_clear_handle_id (&self->flush_source, g_source_remove);
  if (g_queue_is_empty (&self->waiting))
    return;
  if (self->n_skipped > 0)
    {
      guint skipped = (guint)MIN (self->n_skipped, G_MAXUINT);

      record = cachet_wire_record_copy (g_queue_peek_tail (&self->waiting));
      record->direction = CACHET_WIRE_EVENT;
      g_clear_pointer (&record->tag, g_free);
      g_free (record->text);
      record->text = g_strdup_printf (ngettext ("%u more line", "%u more lines", skipped), skipped);
      g_queue_push_tail (&self->waiting, record);
      self->n_skipped = 0;
    }
  while ((record = g_queue_pop_head (&self->waiting)) != NULL)
    {
      g_autofree char *line = record_to_line (record);

      g_string_append (text, line);
      g_string_append_c (text, '\n');
      cachet_wire_record_free (record);
    }
  append_text (self, text);
}

static gboolean
flush_cb (gpointer user_data)
{
  CachetWireFile *self = user_data;

  self->flush_source = 0;
  cachet_wire_file_flush (self);
  return G_SOURCE_REMOVE;
}

void
cachet_wire_file_add (CachetWireFile *self, const CachetWireRecord *record)
{
  if (self->waiting.length >= CACHET_WIRE_FILE_MAX_WAITING)
    {
      self->n_skipped++;
      return;
    }
  g_queue_push_tail (&self->waiting, cachet_wire_record_copy (record));
  if (self->flush_source == 0)
    {
      self->flush_source =
        g_timeout_add_full (G_PRIORITY_LOW, FLUSH_MILLISECONDS, flush_cb, self, NULL);
      g_source_set_name_by_id (self->flush_source, "[cachet] wire log");
    }
}

CachetWireRecord *
cachet_wire_file_parse_line (const char *line, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  const char *direction;
  CachetWireRecord *record;
  JsonObject *object;
  guint number = 0;

  if (!json_parser_load_from_data (parser, line, -1, error))
    return NULL;
  if (json_parser_get_root (parser) == NULL ||
      !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    {
      g_set_error_literal (error, CACHET_NET_ERROR, CACHET_NET_ERROR_PROTOCOL,
                           _ ("A line of the wire log is damaged."));
      return NULL;
    }
  object = json_node_get_object (json_parser_get_root (parser));
  direction = json_object_get_string_member_with_default (object, "direction", "event");
  while (number < CACHET_WIRE_EVENT && strcmp (direction_names[number], direction) != 0)
    number++;
  record = g_new0 (CachetWireRecord, 1);
  record->serial = json_object_get_int_member_with_default (object, "serial", 0);
  record->time = json_object_get_int_member_with_default (object, "time", 0);
  record->protocol =
    g_intern_string (json_object_get_string_member_with_default (object, "protocol", "imap"));
  record->connection = json_object_get_int_member_with_default (object, "connection", 0);
  record->direction = number;
  record->encrypted = json_object_get_boolean_member_with_default (object, "encrypted", FALSE);
  record->tag = g_strdup (json_object_get_string_member_with_default (object, "tag", NULL));
  record->text = g_strdup (json_object_get_string_member_with_default (object, "text", ""));
  record->n_bytes = json_object_get_int_member_with_default (object, "bytes", 0);
  record->milliseconds = json_object_get_double_member_with_default (object, "milliseconds", -1);
  return record;
}
