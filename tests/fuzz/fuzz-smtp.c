#include "config.h"

#include "cachet-sasl.h"
#include "cachet-smtp-body.h"
#include "cachet-smtp-extensions.h"
#include "fuzz-driver.h"

#include <glib.h>
#include <string.h>

const char *const fuzz_dictionary[] = { "250-",      "250 ",  "220 ",       "334 ",  "\r\n",
                                        "5.1.1 ",    "AUTH ", "AUTH=PLAIN", "SIZE ", "550 5.7.1 ",
                                        "\r\n.\r\n", "421 ",  NULL };

/* Every reply in the input, one line of text each. */
static char *
dump (const uint8_t *data, size_t size, size_t step)
{
  g_autoptr (CachetSmtpReplyParser) parser = cachet_smtp_reply_parser_new ();
  GString *text = g_string_new (NULL);
  size_t at = 0;

  while (at < size)
    {
      g_autoptr (CachetSmtpReply) reply = NULL;
      g_autoptr (CachetSmtpExtensions) extensions = NULL;
      g_autofree char *display = NULL;
      gssize n =
        cachet_smtp_reply_parser_feed (parser, data + at, MIN (step, size - at), &reply, NULL);

      if (n < 0)
        {
          g_string_append (text, "broken\n");
          break;
        }
      at += (size_t)n;
      if (reply == NULL)
        continue;
      g_assert (reply->code >= 200 && reply->code <= 599);
      g_assert (reply->lines[0] != NULL);
      g_assert (g_strv_length (reply->lines) <= CACHET_SMTP_REPLY_MAX_LINES);
      extensions = cachet_smtp_extensions_new (reply);
      display = cachet_smtp_reply_to_display (reply);
      g_assert (g_utf8_validate (display, -1, NULL));
      g_string_append_printf (text, "%s %u %" G_GUINT64_FORMAT "\n", display,
                              g_strv_length (reply->lines),
                              cachet_smtp_extensions_get_max_size (extensions));
    }
  return g_string_free (text, FALSE);
}

/* No message ends itself. */
static void
check_body (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) message = g_bytes_new (data, size);
  g_autoptr (CachetSmtpBody) body = cachet_smtp_body_new (message);
  uint8_t last[3] = { '\r', '\n', 0 };
  size_t step = size % 61 + 1;
  uint64_t n_sent = 0;
  CachetSmtpBodyFacts facts;

  for (;;)
    {
      g_autoptr (GBytes) chunk = cachet_smtp_body_next (body, step);
      const uint8_t *bytes;
      gsize length;

      if (chunk == NULL)
        break;
      bytes = g_bytes_get_data (chunk, &length);
      n_sent += length;
      for (gsize i = 0; i < length; i++)
        {
          g_assert (!(last[0] == '\n' && last[1] == '.' && bytes[i] == '\r'));
          g_assert (bytes[i] != '\n' || last[1] == '\r');
          g_assert (last[1] != '\r' || bytes[i] == '\n');
          last[0] = last[1];
          last[1] = bytes[i];
        }
    }
  cachet_smtp_body_measure (message, &facts);
  g_assert (facts.size <= n_sent);
}

static void
check_challenge (const uint8_t *data, size_t size)
{
  g_autoptr (CachetSecret) password = cachet_secret_new ("secret", -1);
  g_autoptr (CachetSasl) sasl = cachet_sasl_new ("CRAM-MD5", "user", password, NULL);
  g_autofree char *line = g_strndup ((const char *)data, size);
  g_autoptr (CachetSecret) answer = cachet_sasl_step_line (sasl, line, -1, NULL);

  if (answer != NULL)
    g_assert (cachet_sasl_finish (sasl, NULL));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *whole = dump (data, size, MAX (size, 1));
  g_autofree char *bytes = dump (data, size, 1);
  g_autofree char *pieces = dump (data, size, 7);

  g_assert_cmpstr (whole, ==, bytes);
  g_assert_cmpstr (whole, ==, pieces);
  check_body (data, size);
  check_challenge (data, size);
  return 0;
}
