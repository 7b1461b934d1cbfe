#define G_LOG_DOMAIN "cachet-wire"

#include "config.h"

#include "cachet-smtp-body.h"

#include <string.h>

struct _CachetSmtpBody
{
  GBytes *message;
  gsize position;
  gboolean at_line_start;
};

static gboolean
has_8bit (const guint8 *data, gsize length)
{
  guint8 all = 0;

  for (gsize i = 0; i < length; i++)
    all |= data[i];
  return (all & 0x80) != 0;
}

/* The first CR or LF. One pass, as a hostile message may be CRs alone. */
static const guint8 *
find_line_end (const guint8 *at, const guint8 *end)
{
  while (at < end && *at != '\r' && *at != '\n')
    at++;
  return at;
}

/* Behind the line end at @at: CRLF, or a lone CR or LF. */
static const guint8 *
skip_line_end (const guint8 *at, const guint8 *end)
{
  if (at < end && *at == '\r')
    return at + 1 < end && at[1] == '\n' ? at + 2 : at + 1;
  return at < end ? at + 1 : end;
}

void
cachet_smtp_body_measure (GBytes *message, CachetSmtpBodyFacts *facts)
{
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (message, &length);
  const guint8 *at = data;
  const guint8 *end;
  gboolean in_header = TRUE;

  memset (facts, 0, sizeof *facts);
  if (length == 0)
    return;
  end = data + length;
  facts->has_8bit = has_8bit (data, length);
  facts->has_nul = memchr (data, '\0', length) != NULL;
  while (at < end)
    {
      const guint8 *line_end = find_line_end (at, end);
      gsize n = (gsize)(line_end - at);

      if (in_header && n == 0)
        in_header = FALSE;
      if (in_header && has_8bit (at, n))
        facts->has_8bit_header = TRUE;
      facts->longest_line = MAX (facts->longest_line, n);
      facts->size += n + 2;
      at = skip_line_end (line_end, end);
    }
}

CachetSmtpBody *
cachet_smtp_body_new (GBytes *message)
{
  CachetSmtpBody *self = g_new0 (CachetSmtpBody, 1);

  self->message = g_bytes_ref (message);
  self->at_line_start = TRUE;
  return self;
}

void
cachet_smtp_body_free (CachetSmtpBody *self)
{
  if (self == NULL)
    return;
  g_bytes_unref (self->message);
  g_free (self);
}

gsize
cachet_smtp_body_get_position (const CachetSmtpBody *self)
{
  return self->position;
}

GBytes *
cachet_smtp_body_next (CachetSmtpBody *self, gsize max)
{
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (self->message, &length);
  const guint8 *end = data + length;
  const guint8 *at = data + self->position;
  g_autoptr (GByteArray) out = NULL;

  g_return_val_if_fail (max > 0, NULL);

  if (self->position == length)
    return NULL;
  out = g_byte_array_new ();
  while (out->len < max && at < end)
    {
      const guint8 *line_end = find_line_end (at, at + MIN (max - out->len, (gsize)(end - at)));

      if (line_end > at)
        {
          if (self->at_line_start && *at == '.')
            g_byte_array_append (out, (const guint8 *)".", 1);
          g_byte_array_append (out, at, (guint)(line_end - at));
          self->at_line_start = FALSE;
          at = line_end;
        }
      else
        {
          g_byte_array_append (out, (const guint8 *)"\r\n", 2);
          self->at_line_start = TRUE;
          at = skip_line_end (at, end);
        }
    }
  if (at == end && !self->at_line_start)
    {
      g_byte_array_append (out, (const guint8 *)"\r\n", 2);
      self->at_line_start = TRUE;
    }
  self->position = (gsize)(at - data);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}
