#define G_LOG_DOMAIN "cachet-mime"

#include "config.h"

#include "cachet-mime-message.h"

#include <string.h>

#include "cachet-mime-file-name.h"
#include "cachet-mime-header.h"
#include "cachet-mime-part-private.h"
#include "cachet-mime-transfer.h"

/*
 * The tree is cut out of the raw bytes here, and not taken from GMime's parser, so that every part
 * has its exact byte range: what is shown and what a signature is checked over is the same.
 */

static void parse_into (CachetMimePart *self,
                        GBytes *bytes,
                        const char *default_type,
                        CachetMimeBudget *budget);

static CachetMimePart *
part_new (CachetMimeMessage *owner, const CachetMimePart *parent, gsize start, gsize end)
{
  CachetMimePart *self = g_new0 (CachetMimePart, 1);

  self->owner = owner;
  self->parent = parent;
  self->header_offset = start;
  self->end_offset = end;
  self->children = g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_mime_part_free);
  return self;
}

void
cachet_mime_part_free (CachetMimePart *self)
{
  if (self == NULL)
    return;
  g_free (self->path);
  g_clear_pointer (&self->content_type, cachet_content_type_free);
  g_clear_pointer (&self->disposition, cachet_content_type_free);
  g_free (self->encoding);
  g_free (self->content_id);
  g_free (self->file_name);
  g_ptr_array_unref (self->children);
  g_clear_object (&self->message);
  g_free (self);
}

/* The fields of a part that say how to read it; of several with one name the first counts. */
static void
read_header (CachetMimePart *self, const char *bytes, gsize length, const char *default_type)
{
  g_autofree char *type = cachet_header_block_dup_field (bytes, length, "Content-Type");
  g_autofree char *disposition =
    cachet_header_block_dup_field (bytes, length, "Content-Disposition");
  g_autofree char *encoding =
    cachet_header_block_dup_field (bytes, length, "Content-Transfer-Encoding");
  g_autofree char *id = cachet_header_block_dup_field (bytes, length, "Content-ID");

  self->content_type = cachet_content_type_parse (type != NULL ? type : default_type);
  if (disposition != NULL && *disposition != '\0')
    self->disposition = cachet_content_disposition_parse (disposition);
  self->encoding = encoding != NULL ? g_ascii_strdown (encoding, -1) : g_strdup ("7bit");
  /* "base64; foo" and "base64 (comment)" occur. */
  self->encoding[strcspn (self->encoding, "; \t(")] = '\0';
  if (id != NULL)
    {
      g_autoptr (GPtrArray) ids = cachet_header_parse_message_ids (id);

      self->content_id = g_strdup (ids->len > 0 ? g_ptr_array_index (ids, 0) : id);
    }
}

static void
set_file_name (CachetMimePart *self)
{
  const char *name = NULL;
  g_autofree char *decoded = NULL;

  if (self->disposition != NULL)
    name = cachet_content_type_get_parameter (self->disposition, "filename");
  if (name == NULL || *name == '\0')
    name = cachet_content_type_get_parameter (self->content_type, "name");
  self->has_declared_name = name != NULL && *name != '\0';
  if (self->has_declared_name)
    decoded = cachet_header_decode_words (name);
  else if (self->message != NULL && *cachet_mime_message_get_subject (self->message) != '\0')
    {
      g_autofree char *subject =
        g_strdelimit (g_strdup (cachet_mime_message_get_subject (self->message)), "/\\", '_');

      decoded = g_strconcat (subject, ".eml", NULL);
    }
  self->file_name = cachet_file_name_make_safe (decoded, self->content_type->type, self->path,
                                                &self->name_has_tricks);
  if (!self->has_declared_name)
    self->name_has_tricks = FALSE;
}

/* Whether the line from @p is this boundary's delimiter; @last: whether it is the closing one. */
static gboolean
is_delimiter (
  const char *p, const char *line_end, const char *boundary, gsize boundary_length, gboolean *last)
{
  gsize length = (gsize)(line_end - p);

  if (length < boundary_length + 2 || p[0] != '-' || p[1] != '-' ||
      memcmp (p + 2, boundary, boundary_length) != 0)
    return FALSE;
  p += 2 + boundary_length;
  *last = line_end - p >= 2 && p[0] == '-' && p[1] == '-';
  if (*last)
    p += 2;
  while (p < line_end && (*p == ' ' || *p == '\t' || *p == '\r'))
    p++;
  return p == line_end;
}

static void
add_child (CachetMimePart *self, GBytes *bytes, gsize start, gsize end, CachetMimeBudget *budget)
{
  CachetMimePart *child;
  const char *default_type =
    cachet_mime_part_is_type (self, "multipart/digest") ? "message/rfc822" : "text/plain";

  if (budget->n_parts >= CACHET_MIME_MAX_PARTS)
    {
      budget->too_many = TRUE;
      return;
    }
  budget->n_parts++;
  child = part_new (self->owner, self, start, MAX (start, end));
  child->path = *self->path != '\0' ? g_strdup_printf ("%s.%u", self->path, self->children->len + 1)
                                    : g_strdup_printf ("%u", self->children->len + 1);
  g_ptr_array_add (self->children, child);
  parse_into (child, bytes, default_type, budget);
}

static void
parse_multipart (CachetMimePart *self, GBytes *bytes, CachetMimeBudget *budget)
{
  const char *data = g_bytes_get_data (bytes, NULL);
  const char *end = data + self->end_offset;
  const char *boundary = cachet_content_type_get_parameter (self->content_type, "boundary");
  const char *child = NULL; /* start of the part that is being read */
  gsize length = boundary != NULL ? strlen (boundary) : 0;
  gboolean last = FALSE;

  if (length == 0)
    return;
  for (const char *p = data + self->body_offset; p < end && !last && !budget->too_many;)
    {
      const char *newline = memchr (p, '\n', (gsize)(end - p));
      const char *line_end = newline != NULL ? newline : end;
      const char *next = newline != NULL ? newline + 1 : end;

      if (*p == '-' && is_delimiter (p, line_end, boundary, length, &last))
        {
          if (child != NULL)
            {
              /* The line break before the delimiter belongs to it (RFC 2046 §5.1.1). */
              const char *child_end = p > child ? p - 1 : p;

              if (child_end > child && child_end[-1] == '\r')
                child_end--;
              add_child (self, bytes, (gsize)(child - data), (gsize)(child_end - data), budget);
            }
          child = next;
        }
      p = next;
    }
  /* Cut off before the closing delimiter. */
  if (child != NULL && !last && child < end)
    add_child (self, bytes, (gsize)(child - data), (gsize)(end - data), budget);
}

static void
parse_embedded (CachetMimePart *self, GBytes *bytes, CachetMimeBudget *budget)
{
  g_autoptr (GBytes) content = cachet_mime_part_decode (self, bytes);

  if (g_bytes_get_size (content) > 0)
    self->message = cachet_mime_message_new_embedded (content, budget);
}

static void
parse_into (CachetMimePart *self, GBytes *bytes, const char *default_type, CachetMimeBudget *budget)
{
  const char *data = g_bytes_get_data (bytes, NULL);
  const char *start = data + self->header_offset;
  gsize length = self->end_offset - self->header_offset;
  gsize header_length = cachet_header_block_length (start, length);

  self->body_offset = self->header_offset + header_length;
  read_header (self, start, header_length, default_type);
  if (budget->depth < CACHET_MIME_MAX_DEPTH)
    {
      budget->depth++;
      if (cachet_mime_part_is_multipart (self))
        {
          parse_multipart (self, bytes, budget);
          if (self->children->len == 0)
            budget->no_boundary = TRUE;
        }
      else if (cachet_mime_part_is_type (self, "message/rfc822") ||
               cachet_mime_part_is_type (self, "message/global"))
        parse_embedded (self, bytes, budget);
      budget->depth--;
    }
  else if (cachet_mime_part_is_multipart (self) ||
           g_str_has_prefix (self->content_type->type, "message/"))
    budget->too_deep = TRUE;
  set_file_name (self);
  self->size = cachet_transfer_estimate (self->encoding, data + self->body_offset,
                                         self->end_offset - self->body_offset);
}

CachetMimePart *
cachet_mime_part_parse (
  CachetMimeMessage *owner, GBytes *bytes, gsize start, gsize end, CachetMimeBudget *budget)
{
  CachetMimePart *self = part_new (owner, NULL, start, end);

  self->path = g_strdup ("");
  budget->n_parts++;
  parse_into (self, bytes, "text/plain", budget);
  return self;
}

GBytes *
cachet_mime_part_decode (const CachetMimePart *self, GBytes *bytes)
{
  g_autoptr (GBytes) raw =
    g_bytes_new_from_bytes (bytes, self->body_offset, self->end_offset - self->body_offset);

  /* RFC 2045 §6.4: a multipart has no encoding, whatever it says. */
  if (self->children->len > 0)
    return g_steal_pointer (&raw);
  return cachet_transfer_decode (self->encoding, raw);
}

gboolean
cachet_mime_part_is_type (const CachetMimePart *self, const char *type)
{
  return g_str_equal (self->content_type->type, type);
}

gboolean
cachet_mime_part_is_multipart (const CachetMimePart *self)
{
  return g_str_has_prefix (self->content_type->type, "multipart/");
}

const char *
cachet_mime_part_get_path (const CachetMimePart *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->path;
}

const char *
cachet_mime_part_get_content_type (const CachetMimePart *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->content_type->type;
}

char *
cachet_mime_part_dup_parameter (const CachetMimePart *self, const char *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  return g_strdup (cachet_content_type_get_parameter (self->content_type, name));
}

const char *
cachet_mime_part_get_encoding (const CachetMimePart *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->encoding;
}

const char *
cachet_mime_part_get_content_id (const CachetMimePart *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->content_id;
}

gboolean
cachet_mime_part_is_attachment (const CachetMimePart *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->attachment;
}

gboolean
cachet_mime_part_is_inline (const CachetMimePart *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->inline_shown;
}

const char *
cachet_mime_part_get_file_name (const CachetMimePart *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->file_name;
}

gsize
cachet_mime_part_get_header_offset (const CachetMimePart *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->header_offset;
}

gsize
cachet_mime_part_get_body_offset (const CachetMimePart *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->body_offset;
}

gsize
cachet_mime_part_get_end_offset (const CachetMimePart *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->end_offset;
}

gsize
cachet_mime_part_get_size (const CachetMimePart *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->size;
}

guint
cachet_mime_part_get_n_children (const CachetMimePart *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->children->len;
}

const CachetMimePart *
cachet_mime_part_get_child (const CachetMimePart *self, guint index)
{
  g_return_val_if_fail (self != NULL && index < self->children->len, NULL);

  return g_ptr_array_index (self->children, index);
}

CachetMimeMessage *
cachet_mime_part_get_message (const CachetMimePart *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->message;
}
