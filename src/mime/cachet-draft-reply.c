#define G_LOG_DOMAIN "cachet-mime"

#include "config.h"

#include "cachet-draft.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cachet-draft-private.h"
#include "cachet-mime-file-name.h"
#include "cachet-mime-header.h"
#include "cachet-mime-summary.h"

/* What mailers of several languages put before a subject. */
static const char *const reply_prefixes[] = { "re", "aw",  "sv",  "antw", "odp",  "rif",
                                              "vs", "ref", "res", "回复", "答复", NULL };
static const char *const forward_prefixes[] = { "fwd", "fw",  "wg",   "tr", "vb",
                                                "rv",  "enc", "转发", NULL };

/* Steps over one prefix of @list ("Re:", "RE[2] :"); NULL when there is none. */
static const char *
skip_prefix (const char *subject, const char *const *list)
{
  while (*subject == ' ')
    subject++;
  for (guint i = 0; list[i] != NULL; i++)
    {
      gsize length = strlen (list[i]);
      const char *p = subject + length;

      if (g_ascii_strncasecmp (subject, list[i], length) != 0)
        continue;
      if (*p == '[' || *p == '(')
        {
          gsize digits = strspn (p + 1, "0123456789");

          if (digits == 0 || (p[digits + 1] != ']' && p[digits + 1] != ')'))
            continue;
          p += digits + 2;
        }
      while (*p == ' ' || g_str_has_prefix (p, "\xc2\xa0"))
        p += *p == ' ' ? 1 : 2;
      if (g_str_has_prefix (p, "\xef\xbc\x9a")) /* full-width colon */
        p += 3;
      else if (*p == ':')
        p++;
      else
        continue;
      while (*p == ' ')
        p++;
      return p;
    }
  return NULL;
}

static void
set_subject (CachetDraft *draft, const char *subject, gboolean forward)
{
  g_autofree char *prefixed = NULL;
  const char *rest;

  while ((rest = skip_prefix (subject, forward ? forward_prefixes : reply_prefixes)) != NULL)
    subject = rest;
  prefixed = g_strconcat (forward ? "Fwd: " : "Re: ", subject, NULL);
  cachet_draft_set_subject (draft, prefixed);
}

static gboolean
contains (GPtrArray *list, const CachetAddress *address)
{
  for (guint i = 0; i < list->len; i++)
    if (cachet_address_equal_addr (g_ptr_array_index (list, i), address))
      return TRUE;
  return FALSE;
}

/* Adds those of @list that can be sent to and are in neither @own nor To. */
static void
add_recipients (CachetDraft *draft, CachetMimeAddressField field, GPtrArray *list, GPtrArray *own)
{
  GPtrArray *to = cachet_draft_get_recipients (draft, CACHET_MIME_TO);

  for (guint i = 0; i < list->len; i++)
    {
      const CachetAddress *address = g_ptr_array_index (list, i);

      if (!cachet_addr_spec_is_sendable (address->addr) ||
          (own != NULL && contains (own, address)) ||
          (field != CACHET_MIME_TO && contains (to, address)))
        continue;
      cachet_draft_add_recipient (draft, field, address);
    }
}

static void
set_recipients (CachetDraft *draft, CachetMimeMessage *message, gboolean all, GPtrArray *own)
{
  GPtrArray *from = cachet_mime_message_get_addresses (message, CACHET_MIME_FROM);
  GPtrArray *reply_to = cachet_mime_message_get_addresses (message, CACHET_MIME_REPLY_TO);
  GPtrArray *to = cachet_mime_message_get_addresses (message, CACHET_MIME_TO);
  GPtrArray *cc = cachet_mime_message_get_addresses (message, CACHET_MIME_CC);
  gboolean is_mine = from->len > 0 && contains (own, g_ptr_array_index (from, 0));

  if (is_mine)
    {
      /* An answer to what one wrote oneself goes on to those it was written to. */
      add_recipients (draft, CACHET_MIME_TO, to, NULL);
      if (all)
        add_recipients (draft, CACHET_MIME_CC, cc, own);
      return;
    }
  add_recipients (draft, CACHET_MIME_TO, reply_to, NULL);
  if (cachet_draft_get_recipients (draft, CACHET_MIME_TO)->len == 0)
    add_recipients (draft, CACHET_MIME_TO, from, NULL);
  if (!all)
    return;
  add_recipients (draft, CACHET_MIME_CC, to, own);
  add_recipients (draft, CACHET_MIME_CC, cc, own);
}

/* The own address the message was sent to, else the first. */
static void
set_from (CachetDraft *draft, CachetMimeMessage *message, GPtrArray *own)
{
  static const CachetMimeAddressField fields[] = { CACHET_MIME_TO, CACHET_MIME_CC, CACHET_MIME_BCC,
                                                   CACHET_MIME_FROM };

  if (own->len == 0)
    return;
  for (guint f = 0; f < G_N_ELEMENTS (fields); f++)
    {
      GPtrArray *list = cachet_mime_message_get_addresses (message, fields[f]);

      for (guint i = 0; i < own->len; i++)
        if (contains (list, g_ptr_array_index (own, i)))
          {
            cachet_draft_set_from (draft, g_ptr_array_index (own, i));
            return;
          }
    }
  cachet_draft_set_from (draft, g_ptr_array_index (own, 0));
}

/* RFC 5322 §3.6.4; a chain that is too long loses its middle, so that the thread keeps its root. */
static void
set_threading (CachetDraft *draft, CachetMimeMessage *message)
{
  const char *message_id = cachet_mime_message_get_message_id (message);
  GPtrArray *references = cachet_mime_message_get_references (message);
  const char *parent_field = cachet_mime_message_get_field (message, "In-Reply-To");
  g_autoptr (GPtrArray) parents =
    cachet_header_parse_message_ids (parent_field != NULL ? parent_field : "");
  g_autoptr (GString) chain = NULL;
  guint first;

  if (message_id == NULL)
    return;
  if (references->len == 0 && parents->len == 1)
    references = parents;
  chain = g_string_new (NULL);
  first = references->len >= CACHET_MIME_MAX_REFERENCES
            ? references->len - CACHET_MIME_MAX_REFERENCES + 2
            : 0;
  if (first > 0)
    g_string_append_printf (chain, "%s ", (const char *)g_ptr_array_index (references, 0));
  for (guint i = first; i < references->len; i++)
    if (!g_str_equal (g_ptr_array_index (references, i), message_id))
      g_string_append_printf (chain, "%s ", (const char *)g_ptr_array_index (references, i));
  g_string_append (chain, message_id);
  cachet_draft_set_threading (draft, message_id, chain->str);
}

/* The date as its sender's clock showed it. */
static char *
dup_date (CachetMimeMessage *message)
{
  int offset_minutes;
  gint64 date = cachet_mime_message_get_date (message, &offset_minutes);
  g_autoptr (GTimeZone) zone = g_time_zone_new_offset (offset_minutes * 60);
  g_autoptr (GDateTime) utc = date != G_MININT64 ? g_date_time_new_from_unix_utc (date) : NULL;
  g_autoptr (GDateTime) local =
    utc != NULL && zone != NULL ? g_date_time_to_timezone (utc, zone) : NULL;

  /* Translators: a date and time in the line above a quotation (strftime) */
  return local != NULL ? g_date_time_format (local, _ ("%a, %d %b %Y, %H:%M")) : NULL;
}

static char *
dup_sender (CachetMimeMessage *message)
{
  GPtrArray *from = cachet_mime_message_get_addresses (message, CACHET_MIME_FROM);

  if (from->len == 0)
    return g_strdup (_ ("an unknown sender"));
  return cachet_address_to_short (g_ptr_array_index (from, 0));
}

/* The text of a reply: who wrote when, and the quotation without the signature. */
static void
set_quotation (CachetDraft *draft, CachetMimeMessage *message)
{
  const char *p = cachet_mime_message_get_text (message);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *date = dup_date (message);
  g_autofree char *sender = dup_sender (message);

  if (date != NULL)
    g_string_append_printf (text, _ ("On %s, %s wrote:"), date, sender);
  else
    g_string_append_printf (text, _ ("%s wrote:"), sender);
  g_string_append_c (text, '\n');
  while (*p != '\0')
    {
      gsize length = strcspn (p, "\n");

      if (length == 3 && memcmp (p, "-- ", 3) == 0)
        break;
      g_string_append (text, length == 0 || *p == '>' ? ">" : "> ");
      g_string_append_len (text, p, (gssize)length);
      g_string_append_c (text, '\n');
      p += length + (p[length] == '\n' ? 1 : 0);
    }
  g_string_append_c (text, '\n');
  cachet_draft_set_text (draft, text->str);
}

static void
append_field (GString *text, const char *label, const char *value)
{
  if (value != NULL && *value != '\0')
    g_string_append_printf (text, "%s %s\n", label, value);
}

static void
append_addresses (GString *text,
                  const char *label,
                  CachetMimeMessage *message,
                  CachetMimeAddressField field)
{
  GPtrArray *list = cachet_mime_message_get_addresses (message, field);
  g_autoptr (GString) joined = g_string_new (NULL);

  for (guint i = 0; i < list->len; i++)
    {
      g_autofree char *shown = cachet_address_to_display (g_ptr_array_index (list, i));

      g_string_append_printf (joined, "%s%s", i > 0 ? ", " : "", shown);
    }
  append_field (text, label, joined->str);
}

static void
set_forwarded_text (CachetDraft *draft, CachetMimeMessage *message)
{
  g_autoptr (GString) text = g_string_new ("\n");
  g_autofree char *date = dup_date (message);

  g_string_append_printf (text, "-------- %s --------\n", _ ("Forwarded message"));
  append_addresses (text, _ ("From:"), message, CACHET_MIME_FROM);
  append_field (text, _ ("Date:"), date);
  append_field (text, _ ("Subject:"), cachet_mime_message_get_subject (message));
  append_addresses (text, _ ("To:"), message, CACHET_MIME_TO);
  append_addresses (text, _ ("Cc:"), message, CACHET_MIME_CC);
  g_string_append_c (text, '\n');
  g_string_append (text, cachet_mime_message_get_text (message));
  cachet_draft_set_text (draft, text->str);
}

/* Everything that the text does not hold: attachments, and images that only the HTML showed. */
static gboolean
add_parts (CachetDraft *draft,
           CachetMimeMessage *message,
           const CachetMimePart *part,
           GError **error)
{
  guint n = cachet_mime_part_get_n_children (part);

  for (guint i = 0; i < n; i++)
    if (!add_parts (draft, message, cachet_mime_part_get_child (part, i), error))
      return FALSE;
  if (n > 0 || !(cachet_mime_part_is_attachment (part) ||
                 (cachet_mime_part_is_inline (part) &&
                  g_str_has_prefix (cachet_mime_part_get_content_type (part), "image/"))))
    return TRUE;
  return cachet_draft_add_part (draft, message, part, error);
}

static void
attach_message (CachetDraft *draft, CachetMimeMessage *message)
{
  const char *subject = cachet_mime_message_get_subject (message);
  g_autofree char *stem =
    g_strdelimit (g_strdup (*subject != '\0' ? subject : _ ("message")), "/\\", '_');
  g_autofree char *name = g_strconcat (stem, ".eml", NULL);

  cachet_draft_add_attachment (draft, name, "message/rfc822",
                               cachet_mime_message_get_bytes (message));
}

CachetDraft *
cachet_draft_new_reply (CachetMimeMessage *message,
                        CachetReplyMode mode,
                        GPtrArray *own,
                        GError **error)
{
  g_autoptr (CachetDraft) draft = NULL;

  g_return_val_if_fail (CACHET_IS_MIME_MESSAGE (message), NULL);
  g_return_val_if_fail (own != NULL, NULL);

  draft = cachet_draft_new ();
  set_from (draft, message, own);
  switch (mode)
    {
    case CACHET_REPLY_SENDER:
    case CACHET_REPLY_ALL:
      set_recipients (draft, message, mode == CACHET_REPLY_ALL, own);
      set_subject (draft, cachet_mime_message_get_subject (message), FALSE);
      set_threading (draft, message);
      set_quotation (draft, message);
      break;
    case CACHET_FORWARD_INLINE:
      set_subject (draft, cachet_mime_message_get_subject (message), TRUE);
      set_forwarded_text (draft, message);
      if (!add_parts (draft, message, cachet_mime_message_get_root (message), error))
        return NULL;
      break;
    case CACHET_FORWARD_ATTACHMENT:
      set_subject (draft, cachet_mime_message_get_subject (message), TRUE);
      attach_message (draft, message);
      break;
    }
  return g_steal_pointer (&draft);
}

static char *
join_ids (GPtrArray *ids)
{
  g_autoptr (GString) joined = g_string_new (NULL);

  for (guint i = 0; i < ids->len; i++)
    g_string_append_printf (joined, "%s%s", i > 0 ? " " : "",
                            (const char *)g_ptr_array_index (ids, i));
  return g_strdup (joined->str);
}

CachetDraft *
cachet_draft_new_from_message (CachetMimeMessage *message, GError **error)
{
  g_autoptr (CachetDraft) draft = NULL;
  GPtrArray *from;
  const char *parent_field;

  g_return_val_if_fail (CACHET_IS_MIME_MESSAGE (message), NULL);

  draft = cachet_draft_new ();
  from = cachet_mime_message_get_addresses (message, CACHET_MIME_FROM);
  if (from->len > 0)
    cachet_draft_set_from (draft, g_ptr_array_index (from, 0));
  for (guint field = CACHET_MIME_TO; field <= CACHET_MIME_BCC; field++)
    {
      GPtrArray *list = cachet_mime_message_get_addresses (message, (CachetMimeAddressField)field);

      for (guint i = 0; i < list->len; i++)
        cachet_draft_add_recipient (draft, (CachetMimeAddressField)field,
                                    g_ptr_array_index (list, i));
    }
  cachet_draft_set_subject (draft, cachet_mime_message_get_subject (message));
  cachet_draft_set_text (draft, cachet_mime_message_get_text (message));
  cachet_draft_set_message_id (draft, cachet_mime_message_get_message_id (message));
  parent_field = cachet_mime_message_get_field (message, "In-Reply-To");
  if (parent_field != NULL)
    {
      g_autoptr (GPtrArray) parents = cachet_header_parse_message_ids (parent_field);
      g_autofree char *references = join_ids (cachet_mime_message_get_references (message));

      if (parents->len > 0)
        cachet_draft_set_threading (draft, g_ptr_array_index (parents, 0),
                                    *references != '\0' ? references : NULL);
    }
  if (!add_parts (draft, message, cachet_mime_message_get_root (message), error))
    return NULL;
  return g_steal_pointer (&draft);
}
