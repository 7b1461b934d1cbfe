#define G_LOG_DOMAIN "cachet-wire"

#include "config.h"

#include "cachet-imap-request.h"

#include "cachet-imap-date.h"
#include "cachet-visible-text.h"

#include <string.h>

/* Literal strings up to this are shown in the log. */
#define MAX_LOGGED_LITERAL 200u
#define MASK "•••"

typedef enum {
  PART_TEXT,           /* goes out as it is: atoms, parentheses, quoted strings */
  PART_STRING_LITERAL, /* a string that must be a literal */
  PART_BYTES_LITERAL,  /* a literal in a segment of its own */
} PartKind;

typedef struct
{
  PartKind kind;
  gboolean space_before;
  gboolean secret;
  char *text;
  GBytes *bytes;
} Part;

struct _CachetImapRequest
{
  GArray *parts; /* Part */
  gboolean list_begins;
};

static void
clear_part (Part *part)
{
  if (part->secret && part->text != NULL)
    cachet_secret_wipe (part->text, strlen (part->text));
  g_free (part->text);
  g_clear_pointer (&part->bytes, g_bytes_unref);
}

/* Takes @text. */
static void
add_part (CachetImapRequest *self, PartKind kind, char *text, gboolean secret)
{
  Part part = {
    .kind = kind,
    .space_before = self->parts->len > 0 && !self->list_begins,
    .secret = secret,
    .text = text,
  };

  self->list_begins = FALSE;
  g_array_append_val (self->parts, part);
}

static gboolean
is_printable_ascii (const char *text)
{
  for (; *text != '\0'; text++)
    if (!g_ascii_isprint (*text))
      return FALSE;
  return TRUE;
}

static CachetImapRequest *
new_request (char *text, gboolean secret)
{
  CachetImapRequest *self = g_new0 (CachetImapRequest, 1);

  self->parts = g_array_new (FALSE, FALSE, sizeof (Part));
  g_array_set_clear_func (self->parts, (GDestroyNotify)clear_part);
  add_part (self, PART_TEXT, text, secret);
  return self;
}

CachetImapRequest *
cachet_imap_request_new (const char *command)
{
  g_return_val_if_fail (command != NULL && is_printable_ascii (command), NULL);

  return new_request (g_strdup (command), FALSE);
}

CachetImapRequest *
cachet_imap_request_new_line (const char *text, gboolean secret)
{
  g_return_val_if_fail (text != NULL && is_printable_ascii (text), NULL);

  return new_request (g_strdup (text), secret);
}

void
cachet_imap_request_free (CachetImapRequest *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->parts);
  g_free (self);
}

void
cachet_imap_segment_free (CachetImapSegment *self)
{
  if (self == NULL)
    return;
  g_bytes_unref (self->bytes);
  g_free (self);
}

/* ---- parts ---- */

void
cachet_imap_request_add_atom (CachetImapRequest *self, const char *text)
{
  g_return_if_fail (self != NULL && text != NULL && is_printable_ascii (text));

  add_part (self, PART_TEXT, g_strdup (text), FALSE);
}

void
cachet_imap_request_add_number (CachetImapRequest *self, guint64 number)
{
  g_return_if_fail (self != NULL);

  add_part (self, PART_TEXT, g_strdup_printf ("%" G_GUINT64_FORMAT, number), FALSE);
}

/* RFC 9051 §9 ATOM-CHAR. */
static gboolean
is_atom (const char *text)
{
  if (*text == '\0')
    return FALSE;
  for (; *text != '\0'; text++)
    if (!g_ascii_isgraph (*text) || strchr ("(){%*\"\\]", *text) != NULL)
      return FALSE;
  return TRUE;
}

/* Narrower than ASTRING-CHAR: no server takes one of these for something else. */
static gboolean
is_plain_astring (const char *text)
{
  if (*text == '\0' || g_ascii_strcasecmp (text, "NIL") == 0)
    return FALSE;
  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr ("-_./@+=&,:$#!", *p) == NULL)
      return FALSE;
  return TRUE;
}

static gboolean
can_be_quoted (const char *text)
{
  return is_printable_ascii (text) && strlen (text) <= CACHET_IMAP_MAX_QUOTED;
}

/* Allocated once, so that no copies of a password are left behind by growing. */
static char *
quote (const char *text)
{
  char *quoted = g_malloc (2 * strlen (text) + 3);
  char *p = quoted;

  *p++ = '"';
  for (; *text != '\0'; text++)
    {
      if (*text == '"' || *text == '\\')
        *p++ = '\\';
      *p++ = *text;
    }
  *p++ = '"';
  *p = '\0';
  return quoted;
}

static void
add_string (CachetImapRequest *self, const char *text, gboolean secret)
{
  if (can_be_quoted (text))
    add_part (self, PART_TEXT, quote (text), secret);
  else
    add_part (self, PART_STRING_LITERAL, g_strdup (text), secret);
}

void
cachet_imap_request_add_astring (CachetImapRequest *self, const char *text)
{
  g_return_if_fail (self != NULL && text != NULL);

  if (is_plain_astring (text) && strlen (text) <= CACHET_IMAP_MAX_QUOTED)
    add_part (self, PART_TEXT, g_strdup (text), FALSE);
  else
    add_string (self, text, FALSE);
}

void
cachet_imap_request_add_string (CachetImapRequest *self, const char *text)
{
  g_return_if_fail (self != NULL && text != NULL);

  add_string (self, text, FALSE);
}

void
cachet_imap_request_add_mailbox (CachetImapRequest *self, const char *name)
{
  g_return_if_fail (self != NULL && name != NULL);

  if (g_ascii_strcasecmp (name, "INBOX") == 0)
    name = "INBOX";
  cachet_imap_request_add_astring (self, name);
}

void
cachet_imap_request_add_list_pattern (CachetImapRequest *self, const char *pattern)
{
  g_return_if_fail (self != NULL && pattern != NULL);

  add_string (self, pattern, FALSE);
}

void
cachet_imap_request_add_secret (CachetImapRequest *self, const CachetSecret *secret)
{
  g_return_if_fail (self != NULL && secret != NULL);

  add_string (self, cachet_secret_get_text (secret), TRUE);
}

void
cachet_imap_request_add_secret_atom (CachetImapRequest *self, const char *text)
{
  g_return_if_fail (self != NULL && text != NULL && is_printable_ascii (text));

  add_part (self, PART_TEXT, g_strdup (*text != '\0' ? text : "="), TRUE);
}

void
cachet_imap_request_add_literal (CachetImapRequest *self, GBytes *bytes)
{
  g_return_if_fail (self != NULL && bytes != NULL);

  add_part (self, PART_BYTES_LITERAL, NULL, FALSE);
  g_array_index (self->parts, Part, self->parts->len - 1).bytes = g_bytes_ref (bytes);
}

void
cachet_imap_request_add_set (CachetImapRequest *self, const CachetImapSet *set)
{
  g_return_if_fail (self != NULL && set != NULL && !cachet_imap_set_is_empty (set));

  add_part (self, PART_TEXT, cachet_imap_set_to_string (set), FALSE);
}

void
cachet_imap_request_add_flags (CachetImapRequest *self,
                               CachetMessageFlags flags,
                               const char *const *keywords)
{
  g_return_if_fail (self != NULL);

  cachet_imap_request_begin_list (self);
  for (guint flag = 1; flag <= CACHET_MESSAGE_FLAG_SERVER_MASK; flag <<= 1)
    {
      const char *name =
        (flags & flag) != 0 ? cachet_message_flag_to_imap ((CachetMessageFlags)flag) : NULL;

      if (name != NULL)
        cachet_imap_request_add_atom (self, name);
    }
  for (gsize i = 0; keywords != NULL && keywords[i] != NULL; i++)
    if (is_atom (keywords[i]))
      cachet_imap_request_add_atom (self, keywords[i]);
  cachet_imap_request_end_list (self);
}

void
cachet_imap_request_add_date_time (CachetImapRequest *self, gint64 time)
{
  g_autofree char *text = cachet_imap_date_time_format (time);

  g_return_if_fail (self != NULL);

  add_string (self, text, FALSE);
}

void
cachet_imap_request_add_date (CachetImapRequest *self, gint64 time)
{
  g_return_if_fail (self != NULL);

  add_part (self, PART_TEXT, cachet_imap_date_format (time), FALSE);
}

void
cachet_imap_request_begin_list (CachetImapRequest *self)
{
  g_return_if_fail (self != NULL);

  add_part (self, PART_TEXT, g_strdup ("("), FALSE);
  self->list_begins = TRUE;
}

void
cachet_imap_request_end_list (CachetImapRequest *self)
{
  g_return_if_fail (self != NULL);

  self->list_begins = TRUE; /* no space before the ')' */
  add_part (self, PART_TEXT, g_strdup (")"), FALSE);
}

/* ---- output ---- */

typedef struct
{
  GPtrArray *segments;
  GString *text;
  gboolean secret;
} Writer;

typedef struct
{
  char *text;
  gsize length;
} SecretText;

static void
free_secret_text (SecretText *secret)
{
  cachet_secret_wipe (secret->text, secret->length);
  g_free (secret->text);
  g_free (secret);
}

static void
add_segment (Writer *writer, GBytes *bytes, gboolean secret, gboolean awaits)
{
  CachetImapSegment *segment = g_new0 (CachetImapSegment, 1);

  segment->bytes = bytes;
  segment->is_secret = secret;
  segment->awaits_continuation = awaits;
  g_ptr_array_add (writer->segments, segment);
}

/* Makes a segment of the text so far. One with a secret wipes itself. */
static void
flush_text (Writer *writer, gsize size_hint, gboolean awaits)
{
  gsize length = writer->text->len;
  char *text = g_string_free (writer->text, FALSE);
  GBytes *bytes;

  if (writer->secret)
    {
      SecretText *secret = g_new (SecretText, 1);

      *secret = (SecretText){ text, length };
      bytes = g_bytes_new_with_free_func (text, length, (GDestroyNotify)free_secret_text, secret);
    }
  else
    bytes = g_bytes_new_take (text, length);
  add_segment (writer, bytes, writer->secret, awaits);
  writer->text = g_string_sized_new (size_hint);
  writer->secret = FALSE;
}

static gsize
literal_length (const Part *part)
{
  return part->kind == PART_BYTES_LITERAL ? g_bytes_get_size (part->bytes) : strlen (part->text);
}

static gboolean
literal_waits (gsize length, CachetImapLiteralMode mode)
{
  if (mode == CACHET_IMAP_LITERALS_PLUS)
    return FALSE;
  return mode != CACHET_IMAP_LITERALS_MINUS || length > CACHET_IMAP_MAX_LITERAL_MINUS;
}

static void
write_literal (Writer *writer, const Part *part, gsize size_hint, CachetImapLiteralMode mode)
{
  gsize length = literal_length (part);
  gboolean waits = literal_waits (length, mode);

  g_string_append_printf (writer->text, "{%" G_GSIZE_FORMAT "%s}\r\n", length, waits ? "" : "+");
  if (part->kind == PART_BYTES_LITERAL)
    {
      flush_text (writer, size_hint, waits);
      if (length > 0)
        add_segment (writer, g_bytes_ref (part->bytes), FALSE, FALSE);
      return;
    }
  if (waits)
    flush_text (writer, size_hint, TRUE);
  writer->secret |= part->secret;
  g_string_append_len (writer->text, part->text, (gssize)length);
}

/* An upper bound of the text in all segments, so that a GString with a password never moves. */
static gsize
estimate_text (const CachetImapRequest *self, const char *tag)
{
  gsize size = (tag != NULL ? strlen (tag) : 0) + 16;

  for (guint i = 0; i < self->parts->len; i++)
    {
      const Part *part = &g_array_index (self->parts, Part, i);

      size += 32 + (part->text != NULL ? strlen (part->text) : 0);
    }
  return size;
}

GPtrArray *
cachet_imap_request_serialize (const CachetImapRequest *self,
                               const char *tag,
                               CachetImapLiteralMode mode)
{
  gsize size_hint;
  Writer writer = { 0 };

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (tag == NULL || is_atom (tag), NULL);

  size_hint = estimate_text (self, tag);
  writer.segments = g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_imap_segment_free);
  writer.text = g_string_sized_new (size_hint);
  if (tag != NULL)
    {
      g_string_append (writer.text, tag);
      g_string_append_c (writer.text, ' ');
    }
  for (guint i = 0; i < self->parts->len; i++)
    {
      const Part *part = &g_array_index (self->parts, Part, i);

      if (part->space_before)
        g_string_append_c (writer.text, ' ');
      if (part->kind != PART_TEXT)
        {
          write_literal (&writer, part, size_hint, mode);
          continue;
        }
      writer.secret |= part->secret;
      g_string_append (writer.text, part->text);
    }
  g_string_append (writer.text, "\r\n");
  flush_text (&writer, 0, FALSE);
  g_string_free (writer.text, TRUE);
  return writer.segments;
}

static void
log_part (GString *line, const Part *part)
{
  g_autofree char *visible = NULL;

  if (part->secret)
    {
      g_string_append (line, MASK);
      return;
    }
  if (part->kind == PART_TEXT)
    {
      g_string_append (line, part->text);
      return;
    }
  if (part->kind == PART_BYTES_LITERAL || literal_length (part) > MAX_LOGGED_LITERAL)
    {
      g_string_append_printf (line, "{%" G_GSIZE_FORMAT " bytes}", literal_length (part));
      return;
    }
  visible = cachet_visible_text (part->text, -1, FALSE);
  g_string_append_printf (line, "\"%s\"", visible);
}

char *
cachet_imap_request_to_log_text (const CachetImapRequest *self, const char *tag)
{
  g_autoptr (GString) line = g_string_new (tag);

  g_return_val_if_fail (self != NULL, NULL);

  if (tag != NULL)
    g_string_append_c (line, ' ');
  for (guint i = 0; i < self->parts->len; i++)
    {
      const Part *part = &g_array_index (self->parts, Part, i);

      if (part->space_before)
        g_string_append_c (line, ' ');
      log_part (line, part);
    }
  return g_string_free (g_steal_pointer (&line), FALSE);
}

guint64
cachet_imap_request_get_size (const CachetImapRequest *self,
                              const char *tag,
                              CachetImapLiteralMode mode)
{
  g_autoptr (GPtrArray) segments = cachet_imap_request_serialize (self, tag, mode);
  guint64 size = 0;

  for (guint i = 0; segments != NULL && i < segments->len; i++)
    {
      const CachetImapSegment *segment = g_ptr_array_index (segments, i);

      size += g_bytes_get_size (segment->bytes);
    }
  return size;
}
