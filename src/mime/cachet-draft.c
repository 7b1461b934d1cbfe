#define G_LOG_DOMAIN "cachet-mime"

#include "config.h"

#include "cachet-draft.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cachet-draft-private.h"
#include "cachet-mime-file-name.h"
#include "cachet-mime-header.h"

/* Where From has no usable domain yet; RFC 2606 keeps it from ever being one. */
#define FALLBACK_DOMAIN "cachet.invalid"
#define N_FIELDS (CACHET_MIME_BCC + 1)

struct _CachetDraft
{
  GObject parent_instance;

  CachetAddress *from;             /* (nullable) */
  GPtrArray *recipients[N_FIELDS]; /* To, Cc and Bcc are used */
  char *subject;
  char *text;
  GPtrArray *attachments; /* (element-type CachetDraftAttachment) */
  char *message_id;       /* (nullable) until it is asked for */
  char *in_reply_to;      /* (nullable) */
  char *references;       /* (nullable) */
};

G_DEFINE_FINAL_TYPE (CachetDraft, cachet_draft, G_TYPE_OBJECT)

static void
attachment_free (gpointer data)
{
  CachetDraftAttachment *attachment = data;

  g_free (attachment->name);
  g_free (attachment->content_type);
  g_bytes_unref (attachment->bytes);
  g_clear_pointer (&attachment->raw, g_bytes_unref);
  g_free (attachment);
}

static void
cachet_draft_finalize (GObject *object)
{
  CachetDraft *self = CACHET_DRAFT (object);

  cachet_address_free (self->from);
  for (guint i = 0; i < N_FIELDS; i++)
    g_ptr_array_unref (self->recipients[i]);
  g_free (self->subject);
  g_free (self->text);
  g_ptr_array_unref (self->attachments);
  g_free (self->message_id);
  g_free (self->in_reply_to);
  g_free (self->references);

  G_OBJECT_CLASS (cachet_draft_parent_class)->finalize (object);
}

static void
cachet_draft_class_init (CachetDraftClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cachet_draft_finalize;
}

static void
cachet_draft_init (CachetDraft *self)
{
  for (guint i = 0; i < N_FIELDS; i++)
    self->recipients[i] = g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_address_free);
  self->attachments = g_ptr_array_new_with_free_func (attachment_free);
  self->subject = g_strdup ("");
  self->text = g_strdup ("");
}

CachetDraft *
cachet_draft_new (void)
{
  return g_object_new (CACHET_TYPE_DRAFT, NULL);
}

static void
add_attachment (
  CachetDraft *self, const char *name, const char *content_type, GBytes *bytes, GBytes *raw)
{
  CachetDraftAttachment *attachment = g_new0 (CachetDraftAttachment, 1);

  attachment->name = g_strdup (name);
  attachment->content_type = g_ascii_strdown (content_type, -1);
  attachment->bytes = g_bytes_ref (bytes);
  attachment->raw = raw != NULL ? g_bytes_ref (raw) : NULL;
  g_ptr_array_add (self->attachments, attachment);
}

CachetDraft *
cachet_draft_copy (CachetDraft *self)
{
  CachetDraft *copy;

  g_return_val_if_fail (CACHET_IS_DRAFT (self), NULL);

  copy = cachet_draft_new ();
  copy->from = self->from != NULL ? cachet_address_copy (self->from) : NULL;
  for (guint i = 0; i < N_FIELDS; i++)
    for (guint k = 0; k < self->recipients[i]->len; k++)
      g_ptr_array_add (copy->recipients[i],
                       cachet_address_copy (g_ptr_array_index (self->recipients[i], k)));
  cachet_draft_set_subject (copy, self->subject);
  cachet_draft_set_text (copy, self->text);
  for (guint i = 0; i < self->attachments->len; i++)
    {
      const CachetDraftAttachment *from = g_ptr_array_index (self->attachments, i);

      add_attachment (copy, from->name, from->content_type, from->bytes, from->raw);
    }
  cachet_draft_set_threading (copy, self->in_reply_to, self->references);
  copy->message_id = g_strdup (cachet_draft_get_message_id (self));
  return copy;
}

const CachetAddress *
cachet_draft_get_from (CachetDraft *self)
{
  g_return_val_if_fail (CACHET_IS_DRAFT (self), NULL);

  return self->from;
}

void
cachet_draft_set_from (CachetDraft *self, const CachetAddress *from)
{
  CachetAddress *copy;

  g_return_if_fail (CACHET_IS_DRAFT (self));

  copy = from != NULL ? cachet_address_copy (from) : NULL;
  cachet_address_free (self->from);
  self->from = copy;
}

static gboolean
is_recipient_field (CachetMimeAddressField field)
{
  return field == CACHET_MIME_TO || field == CACHET_MIME_CC || field == CACHET_MIME_BCC;
}

GPtrArray *
cachet_draft_get_recipients (CachetDraft *self, CachetMimeAddressField field)
{
  g_return_val_if_fail (CACHET_IS_DRAFT (self), NULL);
  g_return_val_if_fail (is_recipient_field (field), NULL);

  return self->recipients[field];
}

void
cachet_draft_add_recipient (CachetDraft *self,
                            CachetMimeAddressField field,
                            const CachetAddress *address)
{
  g_return_if_fail (CACHET_IS_DRAFT (self) && is_recipient_field (field));

  for (guint i = 0; i < self->recipients[field]->len; i++)
    if (cachet_address_equal_addr (g_ptr_array_index (self->recipients[field], i), address))
      return;
  g_ptr_array_add (self->recipients[field], cachet_address_copy (address));
}

gboolean
cachet_draft_set_recipients_text (CachetDraft *self,
                                  CachetMimeAddressField field,
                                  const char *text,
                                  GError **error)
{
  g_autoptr (GPtrArray) list = NULL;
  g_autofree char *valid = NULL;

  g_return_val_if_fail (CACHET_IS_DRAFT (self) && is_recipient_field (field), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  valid = g_utf8_make_valid (text, -1);
  list = cachet_header_parse_addresses (g_strdelimit (valid, "\r\n", ','), NULL);
  for (guint i = 0; i < list->len; i++)
    {
      const CachetAddress *address = g_ptr_array_index (list, i);
      g_autofree char *shown = NULL;

      if (cachet_addr_spec_is_sendable (address->addr))
        continue;
      shown = *address->addr != '\0' ? cachet_address_to_display (address)
                                     : cachet_address_to_short (address);
      g_set_error (error, CACHET_MIME_ERROR, CACHET_MIME_ERROR_ADDRESS,
                   _ ("“%s” is not a mail address. Write it as name@example.org, or as "
                      "Name <name@example.org>."),
                      shown);
      return FALSE;
    }
  g_ptr_array_unref (self->recipients[field]);
  self->recipients[field] = g_steal_pointer (&list);
  return TRUE;
}

char *
cachet_draft_dup_recipients_text (CachetDraft *self, CachetMimeAddressField field)
{
  g_autoptr (GString) text = NULL;

  g_return_val_if_fail (CACHET_IS_DRAFT (self) && is_recipient_field (field), NULL);

  text = g_string_new (NULL);
  for (guint i = 0; i < self->recipients[field]->len; i++)
    {
      g_autofree char *shown =
        cachet_address_to_display (g_ptr_array_index (self->recipients[field], i));

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", shown);
    }
  return g_strdup (text->str);
}

const char *
cachet_draft_get_subject (CachetDraft *self)
{
  g_return_val_if_fail (CACHET_IS_DRAFT (self), NULL);

  return self->subject;
}

void
cachet_draft_set_subject (CachetDraft *self, const char *subject)
{
  char *copy;

  g_return_if_fail (CACHET_IS_DRAFT (self));
  g_return_if_fail (subject != NULL);

  copy = g_utf8_make_valid (subject, -1);
  for (char *p = copy; *p != '\0'; p++)
    if ((guchar)*p < ' ' || *p == 0x7f)
      *p = ' '; /* a subject is one line: a break here would make a field of the rest */
  g_free (self->subject);
  self->subject = copy;
}

const char *
cachet_draft_get_text (CachetDraft *self)
{
  g_return_val_if_fail (CACHET_IS_DRAFT (self), NULL);

  return self->text;
}

void
cachet_draft_set_text (CachetDraft *self, const char *text)
{
  char *copy;

  g_return_if_fail (CACHET_IS_DRAFT (self));
  g_return_if_fail (text != NULL);

  copy = g_utf8_make_valid (text, -1);
  g_free (self->text);
  self->text = copy;
}

GPtrArray *
cachet_draft_get_attachments (CachetDraft *self)
{
  g_return_val_if_fail (CACHET_IS_DRAFT (self), NULL);

  return self->attachments;
}

void
cachet_draft_add_attachment (CachetDraft *self,
                             const char *name,
                             const char *content_type,
                             GBytes *bytes)
{
  g_autofree char *safe = NULL;
  g_autofree char *number = NULL;

  g_return_if_fail (CACHET_IS_DRAFT (self));
  g_return_if_fail (content_type != NULL && bytes != NULL);

  number = g_strdup_printf ("%u", self->attachments->len + 1);
  safe = cachet_file_name_make_safe (name, content_type, number, NULL);
  add_attachment (self, safe, content_type, bytes, NULL);
}

gboolean
cachet_draft_add_part (CachetDraft *self,
                       CachetMimeMessage *message,
                       const CachetMimePart *part,
                       GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) raw = NULL;
  gsize start;

  g_return_val_if_fail (CACHET_IS_DRAFT (self) && CACHET_IS_MIME_MESSAGE (message), FALSE);

  bytes = cachet_mime_message_decode_part (message, part, error);
  if (bytes == NULL)
    return FALSE;
  start = cachet_mime_part_get_header_offset (part);
  raw = g_bytes_new_from_bytes (cachet_mime_message_get_bytes (message), start,
                                cachet_mime_part_get_end_offset (part) - start);
  add_attachment (self, cachet_mime_part_get_file_name (part),
                  cachet_mime_part_get_content_type (part), bytes, raw);
  return TRUE;
}

void
cachet_draft_remove_attachment (CachetDraft *self, guint index)
{
  g_return_if_fail (CACHET_IS_DRAFT (self));
  g_return_if_fail (index < self->attachments->len);

  g_ptr_array_remove_index (self->attachments, index);
}

const char *
cachet_draft_get_message_id (CachetDraft *self)
{
  g_return_val_if_fail (CACHET_IS_DRAFT (self), NULL);

  if (self->message_id == NULL)
    {
      g_autofree char *uuid = g_uuid_string_random ();
      g_autofree char *domain = NULL;
      const char *at = self->from != NULL ? strrchr (self->from->addr, '@') : NULL;

      if (at != NULL && cachet_addr_spec_is_sendable (self->from->addr))
        domain = g_hostname_to_ascii (at + 1);
      self->message_id = g_strdup_printf ("%s@%s", uuid, domain != NULL ? domain : FALLBACK_DOMAIN);
    }
  return self->message_id;
}

void
cachet_draft_set_message_id (CachetDraft *self, const char *message_id)
{
  g_free (self->message_id);
  self->message_id = g_strdup (message_id);
}

void
cachet_draft_set_threading (CachetDraft *self, const char *in_reply_to, const char *references)
{
  char *new_in_reply_to;
  char *new_references;

  g_return_if_fail (CACHET_IS_DRAFT (self));

  new_in_reply_to = g_strdup (in_reply_to);
  new_references = g_strdup (references);
  g_free (self->in_reply_to);
  g_free (self->references);
  self->in_reply_to = new_in_reply_to;
  self->references = new_references;
}

const char *
cachet_draft_get_in_reply_to (CachetDraft *self)
{
  g_return_val_if_fail (CACHET_IS_DRAFT (self), NULL);

  return self->in_reply_to;
}

const char *
cachet_draft_get_references (CachetDraft *self)
{
  g_return_val_if_fail (CACHET_IS_DRAFT (self), NULL);

  return self->references;
}
