#define G_LOG_DOMAIN "cachet-mime"

#include "config.h"

#include "cachet-mime-summary.h"

#include <string.h>

#include "cachet-address.h"
#include "cachet-mime-content-type.h"
#include "cachet-mime-header.h"
#include "cachet-visible-text.h"

#define MAX_SUBJECT_BYTES 2000
#define MAX_RECIPIENTS 20
#define MAX_MESSAGE_ID_BYTES 1000

/* Cuts at a character, in place. */
static char *
cut (char *text, gsize max)
{
  if (strlen (text) > max)
    {
      char *end = text + max;

      while (end > text && ((guchar)*end & 0xc0) == 0x80)
        end--;
      *end = '\0';
    }
  return text;
}

static void
read_from (CachetMimeSummary *self, const char *text)
{
  g_autoptr (GPtrArray) list = cachet_header_parse_addresses (text, NULL);
  const CachetAddress *first = list->len > 0 ? g_ptr_array_index (list, 0) : NULL;

  if (first == NULL || self->from_addr != NULL)
    return;
  self->from_addr = cut (cachet_visible_text (first->addr, -1, FALSE), MAX_SUBJECT_BYTES);
  self->from_name = cut (cachet_visible_text (first->name != NULL ? first->name : "", -1, FALSE),
                         MAX_SUBJECT_BYTES);
}

static void
read_recipients (GString *to, const char *text)
{
  g_autoptr (GPtrArray) list = cachet_header_parse_addresses (text, NULL);

  for (guint i = 0; i < list->len && i < MAX_RECIPIENTS && to->len < MAX_SUBJECT_BYTES; i++)
    {
      g_autofree char *shown = cachet_address_to_short (g_ptr_array_index (list, i));

      if (*shown == '\0')
        continue;
      if (to->len > 0)
        g_string_append (to, ", ");
      g_string_append (to, cut (shown, MAX_SUBJECT_BYTES));
    }
}

static char *
dup_message_id (const char *text)
{
  g_autoptr (GPtrArray) ids = cachet_header_parse_message_ids (text);

  return ids->len > 0 ? cut (g_strdup (g_ptr_array_index (ids, 0)), MAX_MESSAGE_ID_BYTES)
                      : g_strdup ("");
}

static char *
dup_references (const char *text)
{
  g_autoptr (GPtrArray) ids = cachet_header_parse_message_ids (text);
  g_autoptr (GString) joined = g_string_new (NULL);
  guint first = ids->len > CACHET_MIME_MAX_REFERENCES ? ids->len - CACHET_MIME_MAX_REFERENCES : 0;

  for (guint i = first; i < ids->len; i++)
    {
      const char *id = g_ptr_array_index (ids, i);

      if (strlen (id) > MAX_MESSAGE_ID_BYTES)
        continue;
      if (joined->len > 0)
        g_string_append_c (joined, ' ');
      g_string_append (joined, id);
    }
  return g_strdup (joined->str);
}

static CachetMessageFlags
read_traits (const char *text)
{
  g_autoptr (CachetContentType) type = cachet_content_type_parse (text);

  switch (cachet_content_type_get_seal (type))
    {
    case CACHET_SEAL_SIGNED:
      return CACHET_MESSAGE_FLAG_SIGNED;
    case CACHET_SEAL_ENCRYPTED:
      return CACHET_MESSAGE_FLAG_ENCRYPTED;
    case CACHET_SEAL_NONE:
      break;
    }
  if (g_str_equal (type->type, "multipart/mixed") ||
      !(g_str_has_prefix (type->type, "text/") || g_str_has_prefix (type->type, "multipart/")))
    return CACHET_MESSAGE_FLAG_HAS_ATTACHMENT;
  return CACHET_MESSAGE_FLAG_NONE;
}

static void
set_once (char **member, char *text)
{
  if (*member == NULL)
    *member = text;
  else
    g_free (text);
}

static void
read_field (CachetMimeSummary *self, const CachetHeaderField *field, GString *to, GString *cc)
{
  g_autofree char *text = NULL;

  if (cachet_header_field_is (field, "Subject"))
    {
      set_once (&self->subject, cut (cachet_header_field_dup_visible (field), MAX_SUBJECT_BYTES));
      return;
    }
  if (cachet_header_field_is (field, "List-Id"))
    {
      set_once (&self->list_id, cut (cachet_header_field_dup_visible (field), MAX_SUBJECT_BYTES));
      return;
    }
  text = cachet_header_field_dup_unfolded (field, CACHET_MIME_MAX_FIELD);
  if (cachet_header_field_is (field, "From"))
    read_from (self, text);
  else if (cachet_header_field_is (field, "To"))
    read_recipients (to, text);
  else if (cachet_header_field_is (field, "Cc"))
    read_recipients (cc, text);
  else if (cachet_header_field_is (field, "Date") && self->date == G_MININT64)
    self->date = cachet_header_parse_date (text, NULL);
  else if (cachet_header_field_is (field, "Message-ID"))
    set_once (&self->message_id, dup_message_id (text));
  else if (cachet_header_field_is (field, "In-Reply-To"))
    set_once (&self->in_reply_to, dup_message_id (text));
  else if (cachet_header_field_is (field, "References"))
    set_once (&self->references, dup_references (text));
  else if (cachet_header_field_is (field, "Content-Type") &&
           self->traits == CACHET_MESSAGE_FLAG_NONE)
    self->traits = read_traits (text);
}

CachetMimeSummary *
cachet_mime_summary_new (GBytes *header)
{
  CachetMimeSummary *self = g_new0 (CachetMimeSummary, 1);
  g_autoptr (GString) to = g_string_new (NULL);
  g_autoptr (GString) cc = g_string_new (NULL);
  CachetHeaderWalk walk;
  CachetHeaderField field;
  gsize length;
  const char *bytes;

  g_return_val_if_fail (header != NULL, self);

  cachet_mime_init ();
  self->date = G_MININT64;
  bytes = g_bytes_get_data (header, &length);
  cachet_header_walk_init (&walk, bytes, length);
  while (cachet_header_walk_next (&walk, &field))
    read_field (self, &field, to, cc);
  self->to = cut (g_strdup (to->len > 0 ? to->str : cc->str), MAX_SUBJECT_BYTES);
  set_once (&self->subject, g_strdup (""));
  set_once (&self->from_name, g_strdup (""));
  set_once (&self->from_addr, g_strdup (""));
  set_once (&self->message_id, g_strdup (""));
  set_once (&self->in_reply_to, g_strdup (""));
  set_once (&self->references, g_strdup (""));
  set_once (&self->list_id, g_strdup (""));
  return self;
}

void
cachet_mime_summary_free (CachetMimeSummary *self)
{
  if (self == NULL)
    return;
  g_free (self->subject);
  g_free (self->from_name);
  g_free (self->from_addr);
  g_free (self->to);
  g_free (self->message_id);
  g_free (self->in_reply_to);
  g_free (self->references);
  g_free (self->list_id);
  g_free (self);
}
