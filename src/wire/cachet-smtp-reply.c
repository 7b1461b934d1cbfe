#define G_LOG_DOMAIN "cachet-wire"

#include "config.h"

#include "cachet-smtp-reply.h"

#include "cachet-visible-text.h"

#include <glib/gi18n.h>
#include <string.h>

G_DEFINE_QUARK (cachet - smtp - reply - error - quark, cachet_smtp_reply_error)
G_DEFINE_BOXED_TYPE (CachetSmtpReply,
                     cachet_smtp_reply,
                     cachet_smtp_reply_copy,
                     cachet_smtp_reply_free)

#define N_CODE_DIGITS 3

typedef enum {
  PARSER_CODE,      /* in the three digits */
  PARSER_SEPARATOR, /* the byte after them */
  PARSER_TEXT,
  PARSER_LF, /* a line without text: "250" CR, LF is due */
  PARSER_BROKEN,
} ParserState;

struct _CachetSmtpReplyParser
{
  ParserState state;
  guint n_digits;
  int line_code;
  gboolean line_is_last;
  int code; /* of the first line, 0 before it */
  gsize n_bytes;
  GString *text;
  GPtrArray *lines;
  gboolean truncated;
  GError *broken;
};

CachetSmtpReply *
cachet_smtp_reply_copy (const CachetSmtpReply *self)
{
  CachetSmtpReply *copy = g_new0 (CachetSmtpReply, 1);

  copy->code = self->code;
  copy->enhanced = g_strdup (self->enhanced);
  copy->lines = g_strdupv (self->lines);
  copy->truncated = self->truncated;
  return copy;
}

void
cachet_smtp_reply_free (CachetSmtpReply *self)
{
  if (self == NULL)
    return;
  g_free (self->enhanced);
  g_strfreev (self->lines);
  g_free (self);
}

int
cachet_smtp_reply_get_class (const CachetSmtpReply *self)
{
  return self->code / 100;
}

/* Length of "5.1.1" at the start of @text when it is an enhanced status of class @klass (RFC 3463
 * §2), else 0. */
static gsize
measure_enhanced (const char *text, int klass)
{
  const char *at = text;

  if (at[0] != '0' + klass || at[1] != '.')
    return 0;
  at += 2;
  for (int part = 0; part < 2; part++)
    {
      int n = 0;

      while (n < 3 && g_ascii_isdigit (*at))
        {
          at++;
          n++;
        }
      if (n == 0)
        return 0;
      if (part == 0 && *at++ != '.')
        return 0;
    }
  return *at == '\0' || *at == ' ' ? (gsize)(at - text) : 0;
}

char *
cachet_smtp_reply_to_display (const CachetSmtpReply *self)
{
  g_autoptr (GString) joined = g_string_new (NULL);
  g_autofree char *visible = NULL;

  g_string_append_printf (joined, "%d", self->code);
  if (self->enhanced != NULL)
    g_string_append_printf (joined, " %s", self->enhanced);
  for (guint i = 0; self->lines[i] != NULL && joined->len < CACHET_SMTP_REPLY_MAX_DISPLAY * 4; i++)
    {
      const char *text = self->lines[i];

      text += measure_enhanced (text, cachet_smtp_reply_get_class (self));
      while (*text == ' ')
        text++;
      if (*text != '\0')
        g_string_append_printf (joined, " %s", text);
    }
  visible = cachet_visible_text (joined->str, (gssize)joined->len, FALSE);
  if (g_utf8_strlen (visible, -1) > CACHET_SMTP_REPLY_MAX_DISPLAY)
    {
      g_autofree char *cut = g_utf8_substring (visible, 0, CACHET_SMTP_REPLY_MAX_DISPLAY - 1);

      return g_strconcat (cut, "…", NULL);
    }
  return g_steal_pointer (&visible);
}

static void
parser_reset (CachetSmtpReplyParser *self)
{
  self->state = PARSER_CODE;
  self->n_digits = 0;
  self->line_code = 0;
  self->line_is_last = FALSE;
  self->code = 0;
  self->n_bytes = 0;
  self->truncated = FALSE;
  g_string_truncate (self->text, 0);
  g_ptr_array_set_size (self->lines, 0);
}

CachetSmtpReplyParser *
cachet_smtp_reply_parser_new (void)
{
  CachetSmtpReplyParser *self = g_new0 (CachetSmtpReplyParser, 1);

  self->text = g_string_new (NULL);
  self->lines = g_ptr_array_new_with_free_func (g_free);
  parser_reset (self);
  return self;
}

void
cachet_smtp_reply_parser_free (CachetSmtpReplyParser *self)
{
  if (self == NULL)
    return;
  g_string_free (self->text, TRUE);
  g_ptr_array_unref (self->lines);
  g_clear_error (&self->broken);
  g_free (self);
}

gboolean
cachet_smtp_reply_parser_is_empty (const CachetSmtpReplyParser *self)
{
  return self->state != PARSER_BROKEN && self->n_bytes == 0;
}

static gboolean
parser_break (CachetSmtpReplyParser *self, CachetSmtpReplyError code, const char *message)
{
  self->state = PARSER_BROKEN;
  self->broken = g_error_new_literal (CACHET_SMTP_REPLY_ERROR, code, message);
  return FALSE;
}

static gboolean
parser_break_syntax (CachetSmtpReplyParser *self)
{
  return parser_break (self, CACHET_SMTP_REPLY_ERROR_SYNTAX,
                       _ ("The server's answer is not SMTP: a line does not begin with a reply "
                          "code between 200 and 599."));
}

static CachetSmtpReply *
parser_take_reply (CachetSmtpReplyParser *self)
{
  CachetSmtpReply *reply = g_new0 (CachetSmtpReply, 1);

  reply->code = self->code;
  reply->truncated = self->truncated;
  for (guint i = 0; i < self->lines->len && reply->enhanced == NULL; i++)
    {
      const char *line = g_ptr_array_index (self->lines, i);
      gsize length = measure_enhanced (line, self->code / 100);

      if (length > 0)
        reply->enhanced = g_strndup (line, length);
    }
  g_ptr_array_add (self->lines, NULL);
  reply->lines = g_new0 (char *, self->lines->len);
  for (guint i = 0; i < self->lines->len; i++)
    reply->lines[i] = g_steal_pointer (&self->lines->pdata[i]);
  parser_reset (self);
  return reply;
}

/* At LF. Gives the reply when this was its last line. */
static CachetSmtpReply *
parser_end_line (CachetSmtpReplyParser *self)
{
  if (self->text->len > 0 && self->text->str[self->text->len - 1] == '\r')
    g_string_truncate (self->text, self->text->len - 1);
  if (self->text->len > CACHET_SMTP_REPLY_MAX_LINE_TEXT)
    {
      g_string_truncate (self->text, CACHET_SMTP_REPLY_MAX_LINE_TEXT);
      self->truncated = TRUE;
    }
  if (self->lines->len < CACHET_SMTP_REPLY_MAX_LINES)
    g_ptr_array_add (self->lines, g_strndup (self->text->str, self->text->len));
  else
    self->truncated = TRUE;
  g_string_truncate (self->text, 0);
  self->n_digits = 0;
  self->line_code = 0;
  self->state = PARSER_CODE;
  return self->line_is_last ? parser_take_reply (self) : NULL;
}

static gboolean
parser_take_digit (CachetSmtpReplyParser *self, guint8 byte)
{
  if (!g_ascii_isdigit (byte) || (self->n_digits == 0 && (byte < '2' || byte > '5')))
    return parser_break_syntax (self);
  self->line_code = self->line_code * 10 + (byte - '0');
  if (++self->n_digits < N_CODE_DIGITS)
    return TRUE;
  if (self->code != 0 && self->code != self->line_code)
    return parser_break (self, CACHET_SMTP_REPLY_ERROR_SYNTAX,
                         _ ("The server's answer is not SMTP: the lines of one reply have "
                            "different codes."));
  self->code = self->line_code;
  self->state = PARSER_SEPARATOR;
  return TRUE;
}

/* Text beyond what is kept is dropped as it comes, so that memory stays bounded: one byte more than
 * the limit stays, to see a CR there. */
static void
parser_take_text (CachetSmtpReplyParser *self, guint8 byte)
{
  if (byte == '\0')
    g_string_append (self->text, "\357\277\275"); /* U+FFFD: no line ends before its end */
  else if (self->text->len <= CACHET_SMTP_REPLY_MAX_LINE_TEXT)
    g_string_append_c (self->text, (char)byte);
  else
    self->truncated = TRUE;
}

static gboolean
parser_take_byte (CachetSmtpReplyParser *self, guint8 byte, CachetSmtpReply **reply)
{
  if (++self->n_bytes > CACHET_SMTP_REPLY_MAX_BYTES)
    return parser_break (self, CACHET_SMTP_REPLY_ERROR_LIMIT,
                         _ ("The server's answer is too long."));
  switch (self->state)
    {
    case PARSER_CODE:
      return parser_take_digit (self, byte);
    case PARSER_SEPARATOR:
      self->line_is_last = byte != '-';
      if (byte == '-' || byte == ' ')
        self->state = PARSER_TEXT;
      else if (byte == '\r')
        self->state = PARSER_LF;
      else if (byte == '\n')
        *reply = parser_end_line (self);
      else
        return parser_break_syntax (self);
      return TRUE;
    case PARSER_LF:
      if (byte != '\n')
        return parser_break_syntax (self);
      *reply = parser_end_line (self);
      return TRUE;
    case PARSER_TEXT:
      if (byte == '\n')
        *reply = parser_end_line (self);
      else
        parser_take_text (self, byte);
      return TRUE;
    case PARSER_BROKEN:
    default:
      g_assert_not_reached ();
    }
}

gssize
cachet_smtp_reply_parser_feed (CachetSmtpReplyParser *self,
                               const guint8 *data,
                               gsize length,
                               CachetSmtpReply **reply,
                               GError **error)
{
  g_return_val_if_fail (self != NULL, -1);
  g_return_val_if_fail (data != NULL || length == 0, -1);
  g_return_val_if_fail (reply != NULL, -1);

  *reply = NULL;
  for (gsize i = 0; i < length && self->state != PARSER_BROKEN; i++)
    if (parser_take_byte (self, data[i], reply) && *reply != NULL)
      return (gssize)i + 1;
  if (self->state == PARSER_BROKEN)
    {
      g_propagate_error (error, g_error_copy (self->broken));
      return -1;
    }
  return (gssize)length;
}
