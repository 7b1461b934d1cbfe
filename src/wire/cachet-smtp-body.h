#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CACHET_SMTP_MAX_TEXT_LINE 998 /* bytes without CRLF (RFC 5321 §4.5.3.1.6) */

/**
 * CachetSmtpBodyFacts:
 * @size: bytes with every line end as CRLF, without the dots that stuffing adds (RFC 1870 §4)
 * @has_8bit: some byte is over 127
 * @has_8bit_header: one of those is before the first empty line
 * @has_nul: some byte is 0
 * @longest_line: bytes without the line end
 */
typedef struct
{
  guint64 size;
  gboolean has_8bit;
  gboolean has_8bit_header;
  gboolean has_nul;
  gsize longest_line;
} CachetSmtpBodyFacts;

void cachet_smtp_body_measure (GBytes *message, CachetSmtpBodyFacts *facts);

/**
 * CachetSmtpBody:
 *
 * A message in the form of DATA (RFC 5321 §4.5.2), in chunks: every line end, also a lone CR or LF,
 * becomes CRLF, a dot at the start of a line is doubled, and the last line is ended. The final dot
 * is not part of it.
 */
typedef struct _CachetSmtpBody CachetSmtpBody;

CachetSmtpBody *cachet_smtp_body_new (GBytes *message);
void cachet_smtp_body_free (CachetSmtpBody *self);
/* The next bytes, at most @max + 4; %NULL when all were given. @max ≥ 1 */
GBytes *cachet_smtp_body_next (CachetSmtpBody *self, gsize max);
/* How far into the message that is. */
gsize cachet_smtp_body_get_position (const CachetSmtpBody *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetSmtpBody, cachet_smtp_body_free)

G_END_DECLS
