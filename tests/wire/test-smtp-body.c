#include "config.h"

#include "cachet-smtp-body.h"

#include <string.h>

static GByteArray *
encode (GBytes *message, gsize step)
{
  g_autoptr (CachetSmtpBody) body = cachet_smtp_body_new (message);
  GByteArray *all = g_byte_array_new ();
  gsize last = 0;

  for (;;)
    {
      g_autoptr (GBytes) chunk = cachet_smtp_body_next (body, step);

      if (chunk == NULL)
        break;
      g_assert_cmpuint (g_bytes_get_size (chunk), >, 0);
      g_assert_cmpuint (g_bytes_get_size (chunk), <=, step + 4);
      g_assert_cmpuint (cachet_smtp_body_get_position (body), >, last);
      last = cachet_smtp_body_get_position (body);
      g_byte_array_append (all, g_bytes_get_data (chunk, NULL), (guint)g_bytes_get_size (chunk));
    }
  g_assert_cmpuint (last, ==, g_bytes_get_size (message));
  return all;
}

static const struct
{
  const char *message;
  const char *sent;
  guint64 size;
  gsize longest;
} bodies[] = {
  { "", "", 0, 0 },
  { "a", "a\r\n", 3, 1 },
  { "a\r\n", "a\r\n", 3, 1 },
  { "a\n", "a\r\n", 3, 1 },
  { "a\r", "a\r\n", 3, 1 },
  { "a\nb", "a\r\nb\r\n", 6, 1 },
  { "a\rb\r\n", "a\r\nb\r\n", 6, 1 },
  { "a\r\r\nb\n", "a\r\n\r\nb\r\n", 8, 1 },
  { "a\n\rb\n", "a\r\n\r\nb\r\n", 8, 1 },
  { "\n\n", "\r\n\r\n", 4, 0 },
  { "\r\r", "\r\n\r\n", 4, 0 },
  { ".", "..\r\n", 3, 1 },
  { ".\r\n", "..\r\n", 3, 1 },
  { "..\r\n", "...\r\n", 4, 2 },
  { "a\r\n.\r\nb\r\n", "a\r\n..\r\nb\r\n", 9, 1 },
  { "a\n.\nb\n", "a\r\n..\r\nb\r\n", 9, 1 },
  { "a\r.\rb\r", "a\r\n..\r\nb\r\n", 9, 1 },
  { "a.\r\n.b\r\nc.d\r\n", "a.\r\n..b\r\nc.d\r\n", 13, 3 },
  { "\r\n.\r\nMAIL FROM:<x@y>\r\n", "\r\n..\r\nMAIL FROM:<x@y>\r\n", 22, 15 },
  { "Subject: x\n\nlong line here\n.\n", "Subject: x\r\n\r\nlong line here\r\n..\r\n", 33, 14 },
};

static void
test_bodies (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    for (gsize step = 1; step < 40; step++)
      {
        gsize length = strlen (bodies[i].message);
        g_autoptr (GBytes) message = g_bytes_new_static (bodies[i].message, length);
        g_autoptr (GByteArray) sent = encode (message, step);
        CachetSmtpBodyFacts facts;

        g_assert_cmpmem (sent->data, sent->len, bodies[i].sent, strlen (bodies[i].sent));
        cachet_smtp_body_measure (message, &facts);
        g_assert_cmpuint (facts.size, ==, bodies[i].size);
        g_assert_cmpuint (facts.longest_line, ==, bodies[i].longest);
        g_assert_false (facts.has_8bit || facts.has_8bit_header || facts.has_nul);
      }
}

static void
test_measure (void)
{
  static const struct
  {
    const char *message;
    gsize length;
    gboolean has_8bit;
    gboolean has_8bit_header;
    gboolean has_nul;
  } messages[] = {
    { "Subject: x\r\n\r\ncaf\xc3\xa9\r\n", 21, TRUE, FALSE, FALSE },
    { "Subject: \xc3\xa9\r\n\r\ncafe\r\n", 21, TRUE, TRUE, FALSE },
    { "Subject: x\n\ncaf\xc3\xa9\n", 18, TRUE, FALSE, FALSE },
    { "Subject: \xc3\xa9", 11, TRUE, TRUE, FALSE },
    { "Subject: x\n\na\0b\n", 16, FALSE, FALSE, TRUE },
    { "\n\xc3\xa9", 3, TRUE, FALSE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (messages); i++)
    {
      g_autoptr (GBytes) message = g_bytes_new_static (messages[i].message, messages[i].length);
      CachetSmtpBodyFacts facts;

      cachet_smtp_body_measure (message, &facts);
      g_assert_cmpint (facts.has_8bit, ==, messages[i].has_8bit);
      g_assert_cmpint (facts.has_8bit_header, ==, messages[i].has_8bit_header);
      g_assert_cmpint (facts.has_nul, ==, messages[i].has_nul);
    }
}

/* No message, whatever bytes it is made of, can end itself: every dot at the start of a line is
 * doubled, and what comes out, unstuffed, is the message with its line ends as CRLF. */
static void
test_random (void)
{
  static const char alphabet[] = "\r\n..ab";

  for (int round = 0; round < 3000; round++)
    {
      char text[32];
      gsize length = (gsize)g_test_rand_int_range (0, sizeof text);
      g_autoptr (GBytes) message = NULL;
      g_autoptr (GByteArray) sent = NULL;
      g_autoptr (GByteArray) other = NULL;
      CachetSmtpBodyFacts facts;
      guint n_stuffed = 0;

      for (gsize i = 0; i < length; i++)
        text[i] = alphabet[g_test_rand_int_range (0, (gint32)strlen (alphabet))];
      message = g_bytes_new (text, length);
      sent = encode (message, (gsize)g_test_rand_int_range (1, 40));
      other = encode (message, 4096);
      g_assert_cmpmem (sent->data, sent->len, other->data, other->len);
      for (guint i = 0; i < sent->len; i++)
        {
          gboolean at_start = i == 0 || sent->data[i - 1] == '\n';

          if (sent->data[i] == '\n')
            g_assert_true (i > 0 && sent->data[i - 1] == '\r');
          if (sent->data[i] == '\r')
            g_assert_true (i + 1 < sent->len && sent->data[i + 1] == '\n');
          if (at_start && sent->data[i] == '.')
            {
              g_assert_true (i + 1 < sent->len && sent->data[i + 1] == '.');
              n_stuffed++;
            }
        }
      cachet_smtp_body_measure (message, &facts);
      g_assert_cmpuint (facts.size + n_stuffed, ==, sent->len);
    }
}

/* Time must grow with the length only, also for line ends alone. */
static void
test_large (void)
{
  static const char fills[] = { '\r', '\n', '.', 'x' };

  for (gsize i = 0; i < sizeof fills; i++)
    {
      gsize length = 4 * 1024 * 1024;
      g_autoptr (GBytes) message = g_bytes_new_take (g_strnfill (length, fills[i]), length);
      g_autoptr (GByteArray) sent = NULL;
      CachetSmtpBodyFacts facts;
      double seconds;

      g_test_timer_start ();
      cachet_smtp_body_measure (message, &facts);
      sent = encode (message, 16384);
      seconds = g_test_timer_elapsed ();
      g_assert_cmpfloat (seconds, <, 10.0);
      g_assert_cmpuint (sent->len, ==, facts.size + (fills[i] == '.' ? 1 : 0));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/smtp-body/bodies", test_bodies);
  g_test_add_func ("/smtp-body/measure", test_measure);
  g_test_add_func ("/smtp-body/random", test_random);
  g_test_add_func ("/smtp-body/large", test_large);
  return g_test_run ();
}
