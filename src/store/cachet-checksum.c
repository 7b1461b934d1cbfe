#define G_LOG_DOMAIN "cachet-store"

#include "config.h"

#include "cachet-checksum.h"

#include <string.h>

#define MULTIPLIER G_GUINT64_CONSTANT (0xff51afd7ed558ccd)

static inline guint64
mix (guint64 sum, guint64 word)
{
  sum = (sum ^ word) * MULTIPLIER;
  return sum ^ (sum >> 32);
}

guint64
cachet_checksum_add (guint64 sum, gconstpointer bytes, gsize length)
{
  const guint8 *p = bytes;
  gsize left = length;
  guint64 word;

  for (; left >= sizeof word; left -= sizeof word, p += sizeof word)
    {
      memcpy (&word, p, sizeof word);
      sum = mix (sum, GUINT64_FROM_LE (word));
    }
  if (left > 0)
    {
      word = 0;
      memcpy (&word, p, left);
      sum = mix (sum, GUINT64_FROM_LE (word));
    }
  return mix (sum, length);
}

guint64
cachet_checksum_add_text (guint64 sum, const char *text)
{
  return text != NULL ? cachet_checksum_add (sum, text, strlen (text)) : mix (sum, G_MAXUINT64);
}

guint64
cachet_checksum_add_number (guint64 sum, gint64 number)
{
  return mix (sum, (guint64)number);
}
