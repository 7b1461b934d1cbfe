#define G_LOG_DOMAIN "cachet-mime"

#include "config.h"

#include "cachet-mime-message.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cachet-mime-display.h"
#include "cachet-mime-header.h"
#include "cachet-mime-part-private.h"
#include "cachet-mime-warnings.h"
#include "cachet-visible-text.h"

#define N_ADDRESS_FIELDS (CACHET_MIME_BCC + 1)
#define MAX_PREVIEW_SOURCE 4000

typedef struct
{
  char *name;
  char *decoded;
} Header;

struct _CachetMimeMessage
{
  GObject parent_instance;

  GBytes *bytes;
  CachetMimePart *root;
  GPtrArray *headers; /* (element-type Header) */
  GPtrArray *addresses[N_ADDRESS_FIELDS];
  char *subject;
  char *message_id; /* (nullable) */
  GPtrArray *references;
  gint64 date;
  int offset_minutes;
  CachetMimeDisplay display;
  char **warnings;
};

G_DEFINE_FINAL_TYPE (CachetMimeMessage, cachet_mime_message, G_TYPE_OBJECT)

static const char *const address_fields[N_ADDRESS_FIELDS] = { "From", "Sender", "Reply-To",
                                                              "To",   "Cc",     "Bcc" };

static void
header_free (gpointer data)
{
  Header *header = data;

  g_free (header->name);
  g_free (header->decoded);
  g_free (header);
}

static void
cachet_mime_message_finalize (GObject *object)
{
  CachetMimeMessage *self = CACHET_MIME_MESSAGE (object);

  g_clear_pointer (&self->root, cachet_mime_part_free);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_ptr_array_unref (self->headers);
  for (guint i = 0; i < N_ADDRESS_FIELDS; i++)
    g_ptr_array_unref (self->addresses[i]);
  g_free (self->subject);
  g_free (self->message_id);
  g_ptr_array_unref (self->references);
  g_clear_pointer (&self->display.attachments, g_ptr_array_unref);
  g_free (self->display.text);
  g_free (self->display.html);
  g_strfreev (self->warnings);

  G_OBJECT_CLASS (cachet_mime_message_parent_class)->finalize (object);
}

static void
cachet_mime_message_class_init (CachetMimeMessageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cachet_mime_message_finalize;
}

static void
cachet_mime_message_init (CachetMimeMessage *self)
{
  self->headers = g_ptr_array_new_with_free_func (header_free);
  self->references = g_ptr_array_new_with_free_func (g_free);
  self->date = G_MININT64;
}

static void
read_addresses (CachetMimeMessage *self,
                guint which,
                const CachetHeaderField *field,
                CachetMimeFindings *findings)
{
  g_autofree char *text = cachet_header_field_dup_unfolded (field, CACHET_MIME_MAX_ADDRESS_FIELD);
  gboolean cut = FALSE;
  GPtrArray *list = cachet_header_parse_addresses (text, &cut);

  findings->addresses_cut |= cut || field->value_length > CACHET_MIME_MAX_ADDRESS_FIELD;
  if (self->addresses[which] == NULL)
    self->addresses[which] = list;
  else if (self->addresses[which]->len + list->len <= CACHET_MIME_MAX_ADDRESSES)
    g_ptr_array_extend_and_steal (self->addresses[which], list);
  else
    {
      findings->addresses_cut = TRUE;
      g_ptr_array_unref (list);
    }
}

static void
read_other_field (CachetMimeMessage *self, const CachetHeaderField *field)
{
  g_autofree char *text = cachet_header_field_dup_unfolded (field, CACHET_MIME_MAX_FIELD);

  if (cachet_header_field_is (field, "Date"))
    {
      if (self->date == G_MININT64)
        self->date = cachet_header_parse_date (text, &self->offset_minutes);
    }
  else
    {
      g_autoptr (GPtrArray) ids = cachet_header_parse_message_ids (text);

      if (cachet_header_field_is (field, "References"))
        {
          if (self->references->len == 0)
            g_ptr_array_extend_and_steal (self->references, g_steal_pointer (&ids));
        }
      else if (self->message_id == NULL && ids->len > 0)
        self->message_id = g_strdup (g_ptr_array_index (ids, 0));
    }
}

static void
read_field (CachetMimeMessage *self, const CachetHeaderField *field, CachetMimeFindings *findings)
{
  for (guint i = 0; i < N_ADDRESS_FIELDS; i++)
    if (cachet_header_field_is (field, address_fields[i]))
      {
        findings->n_from_fields += i == CACHET_MIME_FROM;
        read_addresses (self, i, field, findings);
        return;
      }
  if (cachet_header_field_is (field, "Content-Type"))
    findings->n_content_type_fields++;
  else if (cachet_header_field_is (field, "Date") || cachet_header_field_is (field, "References") ||
           cachet_header_field_is (field, "Message-ID"))
    read_other_field (self, field);
  else if (cachet_header_field_is (field, "Subject") && self->subject == NULL)
    {
      g_autofree char *unfolded = cachet_header_field_dup_unfolded (field, CACHET_MIME_MAX_FIELD);
      g_autofree char *decoded = cachet_header_decode_words (g_strdelimit (unfolded, "\t", ' '));

      findings->odd_subject = cachet_mime_text_has_tricks (decoded);
      self->subject = cachet_header_field_dup_visible (field);
    }
}

static void
read_header (CachetMimeMessage *self, CachetMimeFindings *findings)
{
  gsize length;
  const char *bytes = g_bytes_get_data (self->bytes, &length);
  CachetHeaderWalk walk;
  CachetHeaderField field;

  cachet_header_walk_init (&walk, bytes, self->root->body_offset);
  while (cachet_header_walk_next (&walk, &field))
    {
      Header *header;

      read_field (self, &field, findings);
      if (self->headers->len >= CACHET_MIME_MAX_HEADERS)
        {
          findings->headers_cut = TRUE;
          continue;
        }
      header = g_new0 (Header, 1);
      header->name = g_strndup (field.name, field.name_length);
      header->decoded = cachet_header_field_dup_visible (&field);
      g_ptr_array_add (self->headers, header);
    }
  for (guint i = 0; i < N_ADDRESS_FIELDS; i++)
    if (self->addresses[i] == NULL)
      self->addresses[i] = cachet_header_parse_addresses ("", NULL);
  if (self->subject == NULL)
    self->subject = g_strdup ("");
}

CachetMimeMessage *
cachet_mime_message_new_embedded (GBytes *bytes, CachetMimeBudget *budget)
{
  CachetMimeMessage *self = g_object_new (CACHET_TYPE_MIME_MESSAGE, NULL);
  CachetMimeFindings findings = { 0 };

  self->bytes = g_bytes_ref (bytes);
  self->root = cachet_mime_part_parse (self, bytes, 0, g_bytes_get_size (bytes), budget);
  read_header (self, &findings);
  cachet_mime_display_read (&self->display, self->root, bytes);
  findings.text_cut = self->display.cut;
  self->warnings = cachet_mime_warnings_collect (self, &findings, budget);
  return self;
}

CachetMimeMessage *
cachet_mime_message_new (GBytes *bytes, GError **error)
{
  CachetMimeBudget budget = { 0 };

  g_return_val_if_fail (bytes != NULL, NULL);

  cachet_mime_init ();
  if (g_bytes_get_size (bytes) == 0)
    {
      g_set_error (error, CACHET_MIME_ERROR, CACHET_MIME_ERROR_EMPTY,
                   _ ("The message is empty: the server or the file holds no bytes of it."));
      return NULL;
    }
  return cachet_mime_message_new_embedded (bytes, &budget);
}

GBytes *
cachet_mime_message_get_bytes (CachetMimeMessage *self)
{
  g_return_val_if_fail (CACHET_IS_MIME_MESSAGE (self), NULL);

  return self->bytes;
}

const CachetMimePart *
cachet_mime_message_get_root (CachetMimeMessage *self)
{
  g_return_val_if_fail (CACHET_IS_MIME_MESSAGE (self), NULL);

  return self->root;
}

/* Steps to the child that the number at @path names, and over it and its dot; NULL: there is none.
 */
static const CachetMimePart *
step_down (const CachetMimePart *part, const char **path)
{
  char *end = NULL;
  guint64 number;

  if (!g_ascii_isdigit (**path))
    return NULL;
  number = g_ascii_strtoull (*path, &end, 10);
  if (*end == '.')
    end++;
  *path = end;
  if (number == 0 || number > part->children->len)
    return NULL;
  return g_ptr_array_index (part->children, number - 1);
}

const CachetMimePart *
cachet_mime_message_find_part (CachetMimeMessage *self, const char *path)
{
  const CachetMimePart *part;

  g_return_val_if_fail (CACHET_IS_MIME_MESSAGE (self), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  part = self->root;
  if (self->root->children->len == 0 && (g_str_equal (path, "1") || g_str_has_prefix (path, "1.")))
    path += path[1] == '.' ? 2 : 1;
  while (part != NULL && *path != '\0')
    {
      if (part->message != NULL)
        return cachet_mime_message_find_part (part->message, path);
      part = step_down (part, &path);
    }
  return part;
}

static const CachetMimePart *
find_content_id (const CachetMimePart *part, const char *content_id)
{
  const CachetMimePart *found = NULL;

  if (g_strcmp0 (part->content_id, content_id) == 0)
    return part;
  for (guint i = 0; i < part->children->len && found == NULL; i++)
    found = find_content_id (g_ptr_array_index (part->children, i), content_id);
  return found;
}

const CachetMimePart *
cachet_mime_message_find_content_id (CachetMimeMessage *self, const char *content_id)
{
  g_return_val_if_fail (CACHET_IS_MIME_MESSAGE (self), NULL);
  g_return_val_if_fail (content_id != NULL, NULL);

  return find_content_id (self->root, content_id);
}

guint
cachet_mime_message_get_n_headers (CachetMimeMessage *self)
{
  g_return_val_if_fail (CACHET_IS_MIME_MESSAGE (self), 0);

  return self->headers->len;
}

void
cachet_mime_message_get_header (CachetMimeMessage *self,
                                guint index,
                                const char **name,
                                const char **decoded)
{
  const Header *header;

  g_return_if_fail (CACHET_IS_MIME_MESSAGE (self));
  g_return_if_fail (index < self->headers->len);

  header = g_ptr_array_index (self->headers, index);
  if (name != NULL)
    *name = header->name;
  if (decoded != NULL)
    *decoded = header->decoded;
}

const char *
cachet_mime_message_get_field (CachetMimeMessage *self, const char *name)
{
  g_return_val_if_fail (CACHET_IS_MIME_MESSAGE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  for (guint i = 0; i < self->headers->len; i++)
    {
      const Header *header = g_ptr_array_index (self->headers, i);

      if (g_ascii_strcasecmp (header->name, name) == 0)
        return header->decoded;
    }
  return NULL;
}

const char *
cachet_mime_message_get_subject (CachetMimeMessage *self)
{
  g_return_val_if_fail (CACHET_IS_MIME_MESSAGE (self), NULL);

  return self->subject;
}

const char *
cachet_mime_message_get_message_id (CachetMimeMessage *self)
{
  g_return_val_if_fail (CACHET_IS_MIME_MESSAGE (self), NULL);

  return self->message_id;
}

GPtrArray *
cachet_mime_message_get_references (CachetMimeMessage *self)
{
  g_return_val_if_fail (CACHET_IS_MIME_MESSAGE (self), NULL);

  return self->references;
}

gint64
cachet_mime_message_get_date (CachetMimeMessage *self, int *offset_minutes)
{
  g_return_val_if_fail (CACHET_IS_MIME_MESSAGE (self), G_MININT64);

  if (offset_minutes != NULL)
    *offset_minutes = self->offset_minutes;
  return self->date;
}

GPtrArray *
cachet_mime_message_get_addresses (CachetMimeMessage *self, CachetMimeAddressField field)
{
  g_return_val_if_fail (CACHET_IS_MIME_MESSAGE (self), NULL);
  g_return_val_if_fail ((guint)field < N_ADDRESS_FIELDS, NULL);

  return self->addresses[field];
}

char **
cachet_mime_message_get_warnings (CachetMimeMessage *self)
{
  g_return_val_if_fail (CACHET_IS_MIME_MESSAGE (self), NULL);

  return self->warnings;
}

const char *
cachet_mime_message_get_text (CachetMimeMessage *self)
{
  g_return_val_if_fail (CACHET_IS_MIME_MESSAGE (self), NULL);

  return self->display.text;
}

gboolean
cachet_mime_message_text_is_from_html (CachetMimeMessage *self)
{
  g_return_val_if_fail (CACHET_IS_MIME_MESSAGE (self), FALSE);

  return self->display.text_is_from_html;
}

const char *
cachet_mime_message_get_html (CachetMimeMessage *self)
{
  g_return_val_if_fail (CACHET_IS_MIME_MESSAGE (self), NULL);

  return self->display.html;
}

GPtrArray *
cachet_mime_message_get_attachments (CachetMimeMessage *self)
{
  g_return_val_if_fail (CACHET_IS_MIME_MESSAGE (self), NULL);

  return self->display.attachments;
}

GBytes *
cachet_mime_message_decode_part (CachetMimeMessage *self,
                                 const CachetMimePart *part,
                                 GError **error)
{
  g_return_val_if_fail (CACHET_IS_MIME_MESSAGE (self), NULL);

  if (part == NULL)
    {
      g_set_error (error, CACHET_MIME_ERROR, CACHET_MIME_ERROR_NO_PART,
                   _ ("The message has no such part."));
      return NULL;
    }
  return cachet_mime_part_decode (part, part->owner->bytes);
}

char *
cachet_mime_message_dup_preview (CachetMimeMessage *self, guint max_chars)
{
  g_autoptr (GString) preview = NULL;
  g_autofree char *visible = NULL;
  const char *p;

  g_return_val_if_fail (CACHET_IS_MIME_MESSAGE (self), NULL);

  preview = g_string_new (NULL);
  for (p = self->display.text; *p != '\0' && preview->len < MAX_PREVIEW_SOURCE;)
    {
      gsize length = strcspn (p, "\n");
      gboolean ends_text = length == 3 && memcmp (p, "-- ", 3) == 0;

      if (ends_text)
        break;
      if (*p != '>')
        {
          g_auto (GStrv) words = NULL;
          gsize n = MIN (length, MAX_PREVIEW_SOURCE);
          g_autofree char *line = NULL;

          while (n > 0 && ((guchar)p[n] & 0xc0) == 0x80)
            n--;
          line = g_strndup (p, n);
          words = g_strsplit_set (line, " \t", -1);
          for (guint i = 0; words[i] != NULL; i++)
            if (*words[i] != '\0')
              g_string_append_printf (preview, "%s%s", preview->len > 0 ? " " : "", words[i]);
        }
      p += length + (p[length] == '\n' ? 1 : 0);
    }
  visible = cachet_visible_text (preview->str, -1, FALSE);
  if (g_utf8_strlen (visible, -1) > (glong)max_chars)
    return g_utf8_substring (visible, 0, (glong)max_chars);
  return g_steal_pointer (&visible);
}
