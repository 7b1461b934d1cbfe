#define G_LOG_DOMAIN "cachet-wire"

#include "config.h"

#include "cachet-imap-parser.h"

#include "cachet-imap-reader.h"

#include <glib/gi18n.h>
#include <string.h>

/* A buffer larger than this is given back when it is empty. */
#define MAX_KEPT_BUFFER (1024u * 1024)

/*
 *            a line ends with {n}
 *   LINE ----------------------------> KEEP | STREAM | DISCARD
 *    ^  \                                       |
 *    |   +--> a line ends otherwise: READY      | n bytes later
 *    +------------------------------------------+
 */
typedef enum {
  PARSER_LINE,
  PARSER_KEEP,
  PARSER_STREAM,
  PARSER_DISCARD,
} ParserState;

/* Offsets count from the begin of the buffer. Bytes before @scan have been looked at and are never
 * looked at again before the response is whole. */
struct _CachetImapParser
{
  char *buffer;
  gsize capacity;
  gsize length;
  gsize start;   /* of the response that is coming in */
  gsize segment; /* of its text behind the last literal */
  gsize scan;
  ParserState state;
  guint64 remaining;    /* of the literal */
  guint64 n_wire_bytes; /* of the response, removed literals only */
  gsize n_text_bytes;   /* of the response, up to @segment */
  GArray *literals;     /* CachetImapLiteralSpan, counting from @start */
  CachetImapReader *reader;
  GError *error;

  CachetImapLiteralFunc choose;
  CachetImapChunkFunc chunk;
  gpointer user_data;
};

CachetImapParser *
cachet_imap_parser_new (void)
{
  CachetImapParser *self = g_new0 (CachetImapParser, 1);

  self->literals = g_array_new (FALSE, FALSE, sizeof (CachetImapLiteralSpan));
  self->reader = cachet_imap_reader_new ();
  return self;
}

void
cachet_imap_parser_free (CachetImapParser *self)
{
  if (self == NULL)
    return;
  g_free (self->buffer);
  g_array_unref (self->literals);
  cachet_imap_reader_free (self->reader);
  g_clear_error (&self->error);
  g_free (self);
}

void
cachet_imap_parser_set_literal_funcs (CachetImapParser *self,
                                      CachetImapLiteralFunc choose,
                                      CachetImapChunkFunc chunk,
                                      gpointer user_data)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (choose == NULL || chunk != NULL);

  self->choose = choose;
  self->chunk = chunk;
  self->user_data = user_data;
}

/* Moves what is not taken yet to the front, but only when at least as much has been taken: each
 * byte is moved once on average, whatever the portions. */
static void
compact (CachetImapParser *self)
{
  gsize start = self->start;

  if (start == 0 || start < self->length - start)
    return;
  memmove (self->buffer, self->buffer + start, self->length - start);
  self->length -= start;
  self->scan -= start;
  self->segment -= start;
  self->start = 0;
  if (self->length == 0 && self->capacity > MAX_KEPT_BUFFER)
    {
      g_clear_pointer (&self->buffer, g_free);
      self->capacity = 0;
    }
}

void
cachet_imap_parser_feed (CachetImapParser *self, const char *bytes, gsize length)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (bytes != NULL || length == 0);

  if (self->error != NULL || length == 0)
    return;
  compact (self);
  if (length > self->capacity - self->length)
    {
      self->capacity = MAX (self->capacity * 2, self->length + length);
      self->buffer = g_realloc (self->buffer, self->capacity);
    }
  memcpy (self->buffer + self->length, bytes, length);
  self->length += length;
}

gsize
cachet_imap_parser_get_n_buffered (CachetImapParser *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->length - self->start;
}

gboolean
cachet_imap_parser_is_between_responses (CachetImapParser *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->length == self->start && self->state == PARSER_LINE && self->n_text_bytes == 0;
}

static void
fail_with_limit (CachetImapParser *self, const char *message)
{
  g_assert (self->error == NULL);
  self->error = g_error_new_literal (CACHET_WIRE_ERROR, CACHET_WIRE_ERROR_LIMIT, message);
}

/* ---- does a line end with a literal's head? ---- */

/* Lines whose end is text for people: "{5}" in it is no literal. */
static gboolean
is_text_line (const char *p, const char *end)
{
  const char *word;

  while (p < end && (*p == ' ' || *p == '\t'))
    p++;
  if (p == end || *p != '*')
    return TRUE;
  p++;
  while (p < end && (*p == ' ' || *p == '\t'))
    p++;
  word = p;
  while (p < end && *p != ' ' && *p != '\t')
    p++;
  return cachet_imap_condition_from_name (word, (gsize)(p - word)) != CACHET_IMAP_CONDITION_NONE;
}

/* Whether @to is within a quoted string. As in the reader, a quote opens only where a value begins.
 */
static gboolean
is_within_quotes (const char *from, const char *to)
{
  gboolean quoted = FALSE;
  gboolean value_begins = TRUE;

  for (const char *p = from; p < to; p++)
    {
      if (quoted && *p == '\\')
        p++;
      else if (quoted && *p == '"')
        {
          quoted = FALSE;
          value_begins = TRUE;
        }
      else if (!quoted && *p == '"' && value_begins)
        quoted = TRUE;
      else if (!quoted)
        value_begins = strchr (" \t()", *p) != NULL;
    }
  return quoted;
}

typedef enum {
  HEAD_NONE,
  HEAD_LITERAL,
  HEAD_NEGATIVE,
  HEAD_HUGE,
} HeadResult;

/* Looks at the line from @from to @to (without line end) for `{n}`, `{n+}`, `{n-}` at its end.
 * Anything that only resembles it (`{word}`, `{}`) is plain text. */
static HeadResult
find_literal_head (const char *from, const char *to, const char **head, guint64 *size)
{
  const char *digits_end;
  const char *p;
  guint64 value = 0;
  gboolean negative = FALSE;

  if (to - from < 3 || to[-1] != '}')
    return HEAD_NONE;
  digits_end = to - 1;
  if (digits_end[-1] == '+' || digits_end[-1] == '-')
    digits_end--;
  p = digits_end;
  while (p > from && g_ascii_isdigit (p[-1]))
    p--;
  if (p == digits_end || p == from)
    return HEAD_NONE;
  if (p[-1] == '-')
    {
      negative = TRUE;
      p--;
    }
  if (p == from || p[-1] != '{')
    return HEAD_NONE;
  *head = p - 1;
  if (*head > from && strchr (" \t()[]>~", (*head)[-1]) == NULL)
    return HEAD_NONE; /* within an atom */
  if (is_within_quotes (from, *head))
    return HEAD_NONE;
  if (negative)
    return HEAD_NEGATIVE;
  for (; p < digits_end; p++)
    {
      value = value * 10 + (guint)(*p - '0');
      if (value > CACHET_IMAP_MAX_LITERAL)
        return HEAD_HUGE;
    }
  *size = value;
  return HEAD_LITERAL;
}

/* ---- literals ---- */

static CachetImapLiteralChoice
choose_literal (CachetImapParser *self, const char *head, guint64 size)
{
  gsize prefix = (gsize)(head - (self->buffer + self->start));
  g_autoptr (CachetImapResponse) so_far = NULL;

  if (self->choose == NULL || size <= CACHET_IMAP_STREAM_THRESHOLD ||
      prefix > CACHET_IMAP_MAX_STREAM_PREFIX)
    return CACHET_IMAP_LITERAL_KEEP;
  if (prefix > 0 && head[-1] == '~')
    prefix--; /* belongs to the literal (RFC 3516) */
  so_far = cachet_imap_reader_read (self->reader, self->buffer + self->start, prefix,
                                    (const CachetImapLiteralSpan *)(gpointer)self->literals->data,
                                    self->literals->len, prefix);
  return self->choose (so_far, size, self->user_data);
}

static void
begin_literal (CachetImapParser *self, const char *head, gsize line_end, guint64 size)
{
  CachetImapLiteralChoice choice;
  CachetImapLiteralSpan span;

  if (self->literals->len >= CACHET_IMAP_MAX_LITERALS)
    {
      fail_with_limit (self,
                       _ ("The mail server sent a reply with more parts than Cachet takes. The "
                          "connection was closed; try again later."));
      return;
    }
  choice = choose_literal (self, head, size);
  if (choice == CACHET_IMAP_LITERAL_KEEP &&
      size + (line_end - self->start) > CACHET_IMAP_MAX_RESPONSE)
    {
      fail_with_limit (self,
                       _ ("The mail server sent a reply larger than Cachet takes (64 MiB). The "
                          "connection was closed; try again later."));
      return;
    }
  span = (CachetImapLiteralSpan){
    .header = (guint32)(head - (self->buffer + self->start)),
    .data = (guint32)(line_end - self->start),
    .size = (guint32)size,
    .in_memory = choice == CACHET_IMAP_LITERAL_KEEP,
  };
  g_array_append_val (self->literals, span);
  self->remaining = size;
  self->state = choice == CACHET_IMAP_LITERAL_KEEP     ? PARSER_KEEP
                : choice == CACHET_IMAP_LITERAL_STREAM ? PARSER_STREAM
                                                       : PARSER_DISCARD;
}

/* ---- states ---- */

/* Each step returns %FALSE when it needs more bytes. */
static gboolean
step_keep (CachetImapParser *self)
{
  if (self->length - self->scan < self->remaining)
    return FALSE;
  self->scan += (gsize)self->remaining;
  self->segment = self->scan;
  self->state = PARSER_LINE;
  return TRUE;
}

static gboolean
step_stream (CachetImapParser *self)
{
  gsize available = (gsize)MIN (self->length - self->scan, self->remaining);

  if (available == 0)
    return FALSE;
  self->remaining -= available;
  if (self->state == PARSER_STREAM)
    self->chunk (self->buffer + self->scan, available, self->remaining, self->user_data);
  memmove (self->buffer + self->scan, self->buffer + self->scan + available,
           self->length - self->scan - available);
  self->length -= available;
  self->n_wire_bytes += available;
  if (self->remaining == 0)
    {
      self->segment = self->scan;
      self->state = PARSER_LINE;
    }
  return TRUE;
}

static void
begin_response (CachetImapParser *self)
{
  self->start = self->scan;
  self->segment = self->scan;
  self->n_wire_bytes = 0;
  self->n_text_bytes = 0;
  g_array_set_size (self->literals, 0);
}

static CachetImapResponse *
end_response (CachetImapParser *self, gsize text_end)
{
  CachetImapResponse *response;

  response =
    cachet_imap_reader_read (self->reader, self->buffer + self->start, text_end - self->start,
                             (const CachetImapLiteralSpan *)(gpointer)self->literals->data,
                             self->literals->len, self->n_wire_bytes + (self->scan - self->start));
  begin_response (self);
  return response;
}

/* @response: set when the line ended one. */
static gboolean
step_line (CachetImapParser *self, CachetImapResponse **response)
{
  const char *from = self->buffer + self->segment;
  const char *newline = NULL;
  const char *to;
  const char *head;
  guint64 size;

  if (self->scan < self->length)
    newline = memchr (self->buffer + self->scan, '\n', self->length - self->scan);
  self->scan = newline != NULL ? (gsize)(newline + 1 - self->buffer) : self->length;
  if (self->n_text_bytes + (self->scan - self->segment) > CACHET_IMAP_MAX_LINE)
    {
      fail_with_limit (self,
                       _ ("The mail server sent a line longer than Cachet takes (16 MiB). The "
                          "connection was closed; try again later."));
      return TRUE;
    }
  if (newline == NULL)
    return FALSE;

  to = newline > from && newline[-1] == '\r' ? newline - 1 : newline;
  if (to == from && self->literals->len == 0)
    {
      begin_response (self); /* an empty line: some servers send one too many */
      return TRUE;
    }
  if (self->literals->len == 0 && is_text_line (from, to))
    {
      *response = end_response (self, (gsize)(to - self->buffer));
      return TRUE;
    }
  switch (find_literal_head (from, to, &head, &size))
    {
    case HEAD_LITERAL:
      self->n_text_bytes += self->scan - self->segment;
      begin_literal (self, head, self->scan, size);
      break;
    case HEAD_NEGATIVE:
      g_set_error_literal (&self->error, CACHET_WIRE_ERROR, CACHET_WIRE_ERROR_SYNTAX,
                           _ ("The mail server announced a part with a negative size. The "
                              "connection was closed, because nothing behind it can be trusted."));
      break;
    case HEAD_HUGE:
      fail_with_limit (self,
                       _ ("The mail server announced a part larger than Cachet takes (4 GiB). The "
                          "connection was closed."));
      break;
    case HEAD_NONE:
    default:
      *response = end_response (self, (gsize)(to - self->buffer));
      break;
    }
  return TRUE;
}

CachetImapParserResult
cachet_imap_parser_take (CachetImapParser *self, CachetImapResponse **response, GError **error)
{
  gboolean moved = TRUE;

  g_return_val_if_fail (self != NULL && response != NULL, CACHET_IMAP_PARSER_ERROR);

  *response = NULL;
  while (moved && self->error == NULL && *response == NULL)
    switch (self->state)
      {
      case PARSER_LINE:
        moved = step_line (self, response);
        break;
      case PARSER_KEEP:
        moved = step_keep (self);
        break;
      case PARSER_STREAM:
      case PARSER_DISCARD:
      default:
        moved = step_stream (self);
        break;
      }
  if (*response != NULL)
    return CACHET_IMAP_PARSER_READY;
  if (self->error == NULL)
    return CACHET_IMAP_PARSER_NEED_MORE;
  if (error != NULL)
    *error = g_error_copy (self->error);
  return CACHET_IMAP_PARSER_ERROR;
}
