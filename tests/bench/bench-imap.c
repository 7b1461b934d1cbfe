/* bench-imap [MESSAGES]: from the bytes of FETCH responses with header fields to CachetImapFetch,
 * in portions as a socket gives them, beside a bare search for line ends over the same bytes.
 * Prints figures, asserts nothing about time. */
#include "config.h"

#include "cachet-imap-extract.h"
#include "cachet-imap-parser.h"

#include <stdlib.h>
#include <string.h>

#define PORTION 65536u

static const char header[] =
  "From: Somebody Important <somebody@example.org>\r\n"
  "To: a@example.net, c@example.net\r\n"
  "Subject: =?utf-8?q?Quarterly_report_about_everything?=\r\n"
  "Date: Mon, 1 Feb 2026 10:00:00 +0100\r\n"
  "Message-ID: <0123456789abcdef0123456789abcdef@mail.example.org>\r\n"
  "References: <a123456789@example.net> <b123456789@example.net> <c123456789@example.net>\r\n"
  "Content-Type: multipart/signed; boundary=\"b\"; protocol=\"application/pkcs7-signature\"\r\n"
  "\r\n";

static GString *
make_stream (guint n_messages)
{
  GString *stream = g_string_new (NULL);

  for (guint i = 1; i <= n_messages; i++)
    g_string_append_printf (stream,
                            "* %u FETCH (UID %u FLAGS (\\Seen \\Answered) INTERNALDATE "
                            "\"01-Feb-2026 10:00:00 +0100\" RFC822.SIZE 12345 "
                            "BODY[HEADER.FIELDS (FROM TO CC SUBJECT DATE MESSAGE-ID REFERENCES "
                            "CONTENT-TYPE)] {%u}\r\n%s)\r\n",
                            i, i, (guint)strlen (header), header);
  return stream;
}

static double
floor_seconds (const GString *stream)
{
  g_autoptr (GTimer) timer = g_timer_new ();
  const char *end = stream->str + stream->len;
  volatile guint n_lines = 0;

  for (const char *p = stream->str; p < end; n_lines++)
    p = (const char *)memchr (p, '\n', (gsize)(end - p)) + 1;
  return g_timer_elapsed (timer, NULL);
}

static guint
read_all (const GString *stream)
{
  g_autoptr (CachetImapParser) parser = cachet_imap_parser_new ();
  guint n = 0;

  for (gsize at = 0; at < stream->len; at += PORTION)
    {
      CachetImapResponse *response;

      cachet_imap_parser_feed (parser, stream->str + at, MIN (PORTION, stream->len - at));
      while (cachet_imap_parser_take (parser, &response, NULL) == CACHET_IMAP_PARSER_READY)
        {
          g_autoptr (CachetImapFetch) fetch = cachet_imap_extract_fetch (response);

          n += fetch != NULL && fetch->header != NULL;
          cachet_imap_response_unref (response);
        }
    }
  return n;
}

int
main (int argc, char **argv)
{
  guint n_messages = argc > 1 ? (guint)atoi (argv[1]) : 200000;
  g_autoptr (GString) stream = make_stream (n_messages);
  double least = floor_seconds (stream);
  g_autoptr (GTimer) timer = g_timer_new ();
  double seconds;

  if (read_all (stream) != n_messages)
    g_error ("not every message came out");
  seconds = g_timer_elapsed (timer, NULL);
  g_print ("%u messages, %.1f MB: %.3f s, %.0f messages/s; line ends alone %.3f s\n", n_messages,
           (double)stream->len / 1e6, seconds, n_messages / seconds, least);
  return 0;
}
