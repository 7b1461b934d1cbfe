#include "config.h"

#include "cachet-imap-extract.h"
#include "cachet-imap-parser.h"
#include "fuzz-driver.h"
#include "imap-dump.h"

#include <string.h>

const char *const fuzz_dictionary[] = {
  "* ",
  "+ ",
  "\r\n",
  "(",
  ")",
  "\"",
  "\\",
  "{3}\r\n",
  "{0}\r\n",
  "~{2}\r\n",
  "{70000}\r\n",
  "{65536+}\r\n",
  "{-1}\r\n",
  "{4294967295}\r\n",
  "{99999999999999999999}\r\n",
  "NIL",
  " FETCH (",
  "BODY[]",
  "BODY[HEADER.FIELDS (A)]",
  "BINARY[1.2]<0>",
  "BODYSTRUCTURE ",
  "UID ",
  "FLAGS (",
  "OK [",
  "] ",
  "COPYUID 1 1:2 3:4",
  "VANISHED (EARLIER) 7:4294967295",
  "LIST () \"/\" ",
  "4294967295",
  "18446744073709551616",
  "SEARCH ",
  "ESEARCH (TAG \"A\") UID ALL ",
  "STATUS a (MESSAGES 1)",
  NULL,
};

/* Everything that one way of feeding gives. */
typedef struct
{
  CachetImapParser *parser;
  GString *text;
  CachetImapLiteralChoice choice;
} Reading;

static CachetImapLiteralChoice
choose_cb (const CachetImapResponse *so_far, guint64 size, gpointer user_data)
{
  Reading *reading = user_data;
  g_autofree char *dump = imap_dump_response (so_far);
  g_autofree char *section = NULL;
  guint32 seq = 0;
  guint32 uid = 0;

  cachet_imap_extract_fetch_so_far (so_far, &seq, &uid, &section);
  g_string_append_printf (reading->text, "so far %u %u %s: %s\n", seq, uid,
                          section != NULL ? section : "-", dump);
  return reading->choice;
}

static void
chunk_cb (const char *bytes, gsize length, guint64 remaining, gpointer user_data)
{
  Reading *reading = user_data;

  g_assert (length > 0);
  g_string_append_len (reading->text, bytes, (gssize)length);
}

static gboolean
take_all (Reading *reading)
{
  for (;;)
    {
      g_autoptr (CachetImapResponse) response = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *dump = NULL;
      g_autofree char *extracted = NULL;
      g_autofree char *log = NULL;

      switch (cachet_imap_parser_take (reading->parser, &response, &error))
        {
        case CACHET_IMAP_PARSER_NEED_MORE:
          return TRUE;
        case CACHET_IMAP_PARSER_ERROR:
          g_string_append (reading->text, error->message);
          return FALSE;
        case CACHET_IMAP_PARSER_READY:
        default:
          break;
        }
      dump = imap_dump_response (response);
      extracted = imap_dump_extracted (response);
      log = cachet_imap_response_to_log_text (response, 100);
      g_assert (g_utf8_validate (log, -1, NULL));
      g_assert (strpbrk (log, "\r\n\x1b") == NULL);
      g_string_append_printf (reading->text, "%s\n%s\n%s\n", dump, extracted, log);
    }
}

/* In portions of @step bytes; 0: of lengths that the data themselves make up. */
static GString *
read_in_portions (const char *bytes, gsize length, gsize step, CachetImapLiteralChoice choice)
{
  Reading reading = { cachet_imap_parser_new (), g_string_new (NULL), choice };
  gsize n;

  if (choice != CACHET_IMAP_LITERAL_KEEP)
    cachet_imap_parser_set_literal_funcs (reading.parser, choose_cb, chunk_cb, &reading);
  for (gsize at = 0; at < length; at += n)
    {
      n = step != 0 ? step : 1u + (guchar)bytes[at] % 37u;
      n = MIN (n, length - at);
      cachet_imap_parser_feed (reading.parser, bytes + at, n);
      if (!take_all (&reading))
        break;
    }
  g_string_append_printf (reading.text, "rest %d",
                          cachet_imap_parser_is_between_responses (reading.parser));
  cachet_imap_parser_free (reading.parser);
  return reading.text;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const char *bytes = (const char *)data;
  const CachetImapLiteralChoice choices[] = { CACHET_IMAP_LITERAL_KEEP, CACHET_IMAP_LITERAL_STREAM,
                                              CACHET_IMAP_LITERAL_DISCARD };

  for (gsize i = 0; i < G_N_ELEMENTS (choices); i++)
    {
      g_autoptr (GString) whole = read_in_portions (bytes, size, size, choices[i]);
      g_autoptr (GString) bytewise = read_in_portions (bytes, size, 1, choices[i]);
      g_autoptr (GString) odd = read_in_portions (bytes, size, 0, choices[i]);

      g_assert (g_string_equal (bytewise, whole));
      g_assert (g_string_equal (odd, whole));
    }
  return 0;
}
