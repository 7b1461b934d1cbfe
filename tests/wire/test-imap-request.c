#include "config.h"

#include "cachet-imap-parser.h"
#include "cachet-imap-request.h"

#include <string.h>

/* Segments joined, each "+" that is waited for shown as "|". */
static char *
write_out (CachetImapRequest *request, CachetImapLiteralMode mode)
{
  g_autoptr (GPtrArray) segments = cachet_imap_request_serialize (request, "A1", mode);
  GString *text = g_string_new (NULL);
  guint64 size = 0;

  for (guint i = 0; i < segments->len; i++)
    {
      const CachetImapSegment *segment = g_ptr_array_index (segments, i);
      gsize length;
      const char *bytes = g_bytes_get_data (segment->bytes, &length);

      g_assert_cmpuint (length, >, 0);
      size += length;
      g_string_append_len (text, bytes, (gssize)length);
      if (segment->awaits_continuation)
        {
          g_assert_true (g_str_has_suffix (text->str, "}\r\n"));
          g_assert_cmpuint (i + 1, <, segments->len);
          g_string_append_c (text, '|');
        }
    }
  g_assert_cmpuint (cachet_imap_request_get_size (request, "A1", mode), ==, size);
  return g_string_free (text, FALSE);
}

static void
check (CachetImapRequest *request, const char *sync, const char *plus, const char *log)
{
  g_autofree char *with_sync = write_out (request, CACHET_IMAP_LITERALS_SYNC);
  g_autofree char *with_plus = write_out (request, CACHET_IMAP_LITERALS_PLUS);
  g_autofree char *with_minus = write_out (request, CACHET_IMAP_LITERALS_MINUS);
  g_autofree char *logged = cachet_imap_request_to_log_text (request, "A1");

  g_assert_cmpstr (with_sync, ==, sync);
  g_assert_cmpstr (with_plus, ==, plus != NULL ? plus : sync);
  g_assert_cmpstr (with_minus, ==, plus != NULL ? plus : sync); /* all small here */
  g_assert_cmpstr (logged, ==, log);
}

static void
test_plain (void)
{
  g_autoptr (CachetImapRequest) noop = cachet_imap_request_new ("NOOP");
  g_autoptr (CachetImapRequest) fetch = cachet_imap_request_new ("UID FETCH");
  g_autoptr (CachetImapSet) set = cachet_imap_set_parse ("1:3,7", -1);

  check (noop, "A1 NOOP\r\n", NULL, "A1 NOOP");
  cachet_imap_request_add_set (fetch, set);
  cachet_imap_request_begin_list (fetch);
  cachet_imap_request_add_atom (fetch, "UID");
  cachet_imap_request_add_atom (fetch, "BODY.PEEK[HEADER.FIELDS (FROM TO)]");
  cachet_imap_request_end_list (fetch);
  cachet_imap_request_begin_list (fetch);
  cachet_imap_request_add_atom (fetch, "CHANGEDSINCE");
  cachet_imap_request_add_number (fetch, G_MAXINT64);
  cachet_imap_request_end_list (fetch);
  check (fetch,
         "A1 UID FETCH 1:3,7 (UID BODY.PEEK[HEADER.FIELDS (FROM TO)]) (CHANGEDSINCE "
         "9223372036854775807)\r\n",
         NULL,
         "A1 UID FETCH 1:3,7 (UID BODY.PEEK[HEADER.FIELDS (FROM TO)]) (CHANGEDSINCE "
         "9223372036854775807)");
}

static void
test_strings (void)
{
  static const struct
  {
    const char *text;
    const char *sync;
    const char *plus;
    const char *log;
  } cases[] = {
    { "Sent", "Sent", NULL, "Sent" },
    { "INBOX/a-b_c.d", "INBOX/a-b_c.d", NULL, "INBOX/a-b_c.d" },
    { "Entw&APw-rfe", "Entw&APw-rfe", NULL, "Entw&APw-rfe" },
    { "inbox", "INBOX", NULL, "INBOX" },
    { "", "\"\"", NULL, "\"\"" },
    { "nil", "\"nil\"", NULL, "\"nil\"" },
    { "two words", "\"two words\"", NULL, "\"two words\"" },
    { "a\"b\\c", "\"a\\\"b\\\\c\"", NULL, "\"a\\\"b\\\\c\"" },
    { "a)b", "\"a)b\"", NULL, "\"a)b\"" },
    { "a*%", "\"a*%\"", NULL, "\"a*%\"" },
    { "{5}", "\"{5}\"", NULL, "\"{5}\"" },
    { "a]", "\"a]\"", NULL, "\"a]\"" },
    { "x\r\nA2 DELETE INBOX", "{18}\r\n|x\r\nA2 DELETE INBOX", "{18+}\r\nx\r\nA2 DELETE INBOX",
      "\"x␍␊A2 DELETE INBOX\"" },
    { "caf\xc3\xa9", "{5}\r\n|caf\xc3\xa9", "{5+}\r\ncaf\xc3\xa9", "\"café\"" },
    { "tab\there", "{8}\r\n|tab\there", "{8+}\r\ntab\there", "\"tab␉here\"" },
    { "del\x7f", "{4}\r\n|del\x7f", "{4+}\r\ndel\x7f", "\"del␡\"" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CachetImapRequest) request = cachet_imap_request_new ("SELECT");
      g_autofree char *sync = g_strconcat ("A1 SELECT ", cases[i].sync, "\r\n", NULL);
      g_autofree char *plus =
        cases[i].plus != NULL ? g_strconcat ("A1 SELECT ", cases[i].plus, "\r\n", NULL) : NULL;
      g_autofree char *log = g_strconcat ("A1 SELECT ", cases[i].log, NULL);

      cachet_imap_request_add_mailbox (request, cases[i].text);
      check (request, sync, plus, log);
    }
}

static void
test_never_an_atom (void)
{
  g_autoptr (CachetImapRequest) list = cachet_imap_request_new ("LIST");

  cachet_imap_request_add_string (list, "");
  cachet_imap_request_add_list_pattern (list, "*");
  cachet_imap_request_add_string (list, "word");
  check (list, "A1 LIST \"\" \"*\" \"word\"\r\n", NULL, "A1 LIST \"\" \"*\" \"word\"");
}

static void
test_max_quoted (void)
{
  for (gsize length = CACHET_IMAP_MAX_QUOTED; length <= CACHET_IMAP_MAX_QUOTED + 1; length++)
    {
      g_autoptr (CachetImapRequest) request = cachet_imap_request_new ("X");
      g_autofree char *text = g_strnfill (length, 'a');
      g_autofree char *out = NULL;

      cachet_imap_request_add_string (request, text);
      out = write_out (request, CACHET_IMAP_LITERALS_SYNC);
      g_assert_true ((strchr (out, '|') == NULL) == (length == CACHET_IMAP_MAX_QUOTED));
    }
}

/* A password goes out in each of its forms, and is in no log. */
static void
test_secrets (void)
{
  static const struct
  {
    const char *password;
    const char *sync;
    const char *plus;
  } cases[] = {
    { "hunter2", "\"hunter2\"", NULL },
    { "p\"w\\ d", "\"p\\\"w\\\\ d\"", NULL },
    { "", "\"\"", NULL },
    { "g\xc3\xa9heim", "{7}\r\n|g\xc3\xa9heim", "{7+}\r\ng\xc3\xa9heim" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CachetImapRequest) request = cachet_imap_request_new ("LOGIN");
      g_autoptr (CachetSecret) secret = cachet_secret_new (cases[i].password, -1);
      g_autoptr (GPtrArray) segments = NULL;
      const CachetImapSegment *last;
      g_autofree char *sync = g_strconcat ("A1 LOGIN fred ", cases[i].sync, "\r\n", NULL);
      g_autofree char *plus =
        cases[i].plus != NULL ? g_strconcat ("A1 LOGIN fred ", cases[i].plus, "\r\n", NULL) : NULL;

      cachet_imap_request_add_astring (request, "fred");
      cachet_imap_request_add_secret (request, secret);
      check (request, sync, plus, "A1 LOGIN fred •••");
      segments = cachet_imap_request_serialize (request, "A1", CACHET_IMAP_LITERALS_SYNC);
      last = g_ptr_array_index (segments, segments->len - 1);
      g_assert_true (last->is_secret);
      if (segments->len > 1)
        g_assert_false (((CachetImapSegment *)g_ptr_array_index (segments, 0))->is_secret);
    }
}

static void
test_sasl_lines (void)
{
  g_autoptr (CachetImapRequest) authenticate = cachet_imap_request_new ("AUTHENTICATE");
  g_autoptr (CachetImapRequest) empty = cachet_imap_request_new ("AUTHENTICATE");
  g_autoptr (CachetImapRequest) line = cachet_imap_request_new_line ("AGZyZWQAaHVudGVyMg==", TRUE);
  g_autoptr (CachetImapRequest) done = cachet_imap_request_new_line ("DONE", FALSE);
  g_autoptr (GPtrArray) segments = NULL;
  g_autofree char *masked = cachet_imap_request_to_log_text (line, NULL);
  g_autofree char *shown = cachet_imap_request_to_log_text (done, NULL);
  const CachetImapSegment *segment;

  cachet_imap_request_add_atom (authenticate, "PLAIN");
  cachet_imap_request_add_secret_atom (authenticate, "AGZyZWQAaHVudGVyMg==");
  check (authenticate, "A1 AUTHENTICATE PLAIN AGZyZWQAaHVudGVyMg==\r\n", NULL,
         "A1 AUTHENTICATE PLAIN •••");
  cachet_imap_request_add_atom (empty, "EXTERNAL");
  cachet_imap_request_add_secret_atom (empty, "");
  check (empty, "A1 AUTHENTICATE EXTERNAL =\r\n", NULL, "A1 AUTHENTICATE EXTERNAL •••");
  g_assert_cmpstr (masked, ==, "•••");
  g_assert_cmpstr (shown, ==, "DONE");
  segments = cachet_imap_request_serialize (line, NULL, CACHET_IMAP_LITERALS_SYNC);
  g_assert_cmpuint (segments->len, ==, 1);
  segment = g_ptr_array_index (segments, 0);
  g_assert_true (segment->is_secret);
  g_assert_cmpmem (g_bytes_get_data (segment->bytes, NULL), g_bytes_get_size (segment->bytes),
                   "AGZyZWQAaHVudGVyMg==\r\n", 22);
}

static CachetImapRequest *
make_append (gsize size)
{
  CachetImapRequest *request = cachet_imap_request_new ("APPEND");
  g_autoptr (GBytes) message = g_bytes_new_take (g_strnfill (size, 'm'), size);
  const char *const keywords[] = { "$Label", "not an atom", "a]b", "", NULL };

  cachet_imap_request_add_mailbox (request, "Sent");
  cachet_imap_request_add_flags (request,
                                 CACHET_MESSAGE_FLAG_SEEN | CACHET_MESSAGE_FLAG_FORWARDED |
                                   CACHET_MESSAGE_FLAG_HAS_BODY,
                                 keywords);
  cachet_imap_request_add_date_time (request, 837596665);
  cachet_imap_request_add_literal (request, message);
  return request;
}

#define APPEND "A1 APPEND Sent (\\Seen $Forwarded $Label) \"17-Jul-1996 09:44:25 +0000\" "

static void
test_append (void)
{
  g_autoptr (CachetImapRequest) request = make_append (3);
  g_autoptr (CachetImapRequest) empty = make_append (0);

  check (request, APPEND "{3}\r\n|mmm\r\n", APPEND "{3+}\r\nmmm\r\n", APPEND "{3 bytes}");
  check (empty, APPEND "{0}\r\n|\r\n", APPEND "{0+}\r\n\r\n", APPEND "{0 bytes}");
}

/* A large message is written from where it stands. */
static void
test_literal_is_not_copied (void)
{
  g_autoptr (CachetImapRequest) request = cachet_imap_request_new ("APPEND");
  g_autoptr (GBytes) message = g_bytes_new_static ("message", 7);
  g_autoptr (GPtrArray) segments = NULL;
  const CachetImapSegment *segment;

  cachet_imap_request_add_literal (request, message);
  segments = cachet_imap_request_serialize (request, "A1", CACHET_IMAP_LITERALS_PLUS);
  g_assert_cmpuint (segments->len, ==, 3);
  segment = g_ptr_array_index (segments, 1);
  g_assert_true (segment->bytes == message);
}

static void
test_literal_minus (void)
{
  for (gsize size = CACHET_IMAP_MAX_LITERAL_MINUS; size <= CACHET_IMAP_MAX_LITERAL_MINUS + 1;
       size++)
    {
      g_autoptr (CachetImapRequest) request = make_append (size);
      g_autofree char *minus = write_out (request, CACHET_IMAP_LITERALS_MINUS);
      g_autofree char *plus = write_out (request, CACHET_IMAP_LITERALS_PLUS);

      g_assert_true ((strstr (minus, "+}") != NULL) == (size == CACHET_IMAP_MAX_LITERAL_MINUS));
      g_assert_true ((strchr (minus, '|') != NULL) == (size != CACHET_IMAP_MAX_LITERAL_MINUS));
      g_assert_nonnull (strstr (plus, "+}"));
    }
}

static void
test_flags_and_dates (void)
{
  g_autoptr (CachetImapRequest) store = cachet_imap_request_new ("UID STORE");
  g_autoptr (CachetImapRequest) search = cachet_imap_request_new ("UID SEARCH");

  cachet_imap_request_add_number (store, 7);
  cachet_imap_request_add_atom (store, "+FLAGS.SILENT");
  cachet_imap_request_add_flags (store, CACHET_MESSAGE_FLAG_NONE, NULL);
  check (store, "A1 UID STORE 7 +FLAGS.SILENT ()\r\n", NULL, "A1 UID STORE 7 +FLAGS.SILENT ()");
  cachet_imap_request_add_atom (search, "SINCE");
  cachet_imap_request_add_date (search, 951825600);
  check (search, "A1 UID SEARCH SINCE 29-Feb-2000\r\n", NULL, "A1 UID SEARCH SINCE 29-Feb-2000");
}

static void
test_nested_lists (void)
{
  g_autoptr (CachetImapRequest) request = cachet_imap_request_new ("SELECT");

  cachet_imap_request_add_mailbox (request, "a");
  cachet_imap_request_begin_list (request);
  cachet_imap_request_add_atom (request, "QRESYNC");
  cachet_imap_request_begin_list (request);
  cachet_imap_request_add_number (request, 1);
  cachet_imap_request_begin_list (request);
  cachet_imap_request_end_list (request);
  cachet_imap_request_end_list (request);
  cachet_imap_request_end_list (request);
  check (request, "A1 SELECT a (QRESYNC (1 ()))\r\n", NULL, "A1 SELECT a (QRESYNC (1 ()))");
}

static void
test_long_literal_in_log (void)
{
  g_autoptr (CachetImapRequest) request = cachet_imap_request_new ("X");
  g_autofree char *text = g_strnfill (201, '\x01');
  g_autofree char *log = NULL;

  cachet_imap_request_add_string (request, text);
  log = cachet_imap_request_to_log_text (request, "A1");
  g_assert_cmpstr (log, ==, "A1 X {201 bytes}");
}

/* Whatever a string holds, a reader of the command finds that string, and nothing behind it. */
static void
test_strings_survive (void)
{
  for (guint round = 0; round < 5000; round++)
    {
      g_autoptr (CachetImapRequest) request = cachet_imap_request_new_line ("* X", FALSE);
      g_autoptr (CachetImapParser) parser = cachet_imap_parser_new ();
      g_autoptr (CachetImapResponse) response = NULL;
      g_autoptr (GPtrArray) segments = NULL;
      static const char letters[] = "\"\\ (){}[]*%\r\n3+~aNIL\t\x01\xc3\xa9\xff";
      g_autofree char *text = g_malloc0 (12);
      g_autofree char *back = NULL;

      for (int i = 0, n = g_test_rand_int_range (0, 11); i < n; i++)
        text[i] = letters[g_test_rand_int_range (0, sizeof letters - 1)];
      cachet_imap_request_add_astring (request, text);
      cachet_imap_request_add_atom (request, "end");
      segments = cachet_imap_request_serialize (request, NULL, CACHET_IMAP_LITERALS_SYNC);
      for (guint i = 0; i < segments->len; i++)
        {
          const CachetImapSegment *segment = g_ptr_array_index (segments, i);
          gsize length;
          const char *bytes = g_bytes_get_data (segment->bytes, &length);

          cachet_imap_parser_feed (parser, bytes, length);
        }
      g_assert_cmpint (cachet_imap_parser_take (parser, &response, NULL), ==,
                       CACHET_IMAP_PARSER_READY);
      g_assert_true (cachet_imap_parser_is_between_responses (parser));
      back = cachet_imap_value_dup_string (cachet_imap_response_get_value (response, 0));
      g_assert_cmpstr (back, ==, text);
      g_assert_true (cachet_imap_value_is (cachet_imap_response_get_value (response, 1), "end"));
      g_assert_null (cachet_imap_response_get_value (response, 2));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-request/plain", test_plain);
  g_test_add_func ("/imap-request/strings", test_strings);
  g_test_add_func ("/imap-request/strings-survive", test_strings_survive);
  g_test_add_func ("/imap-request/never-an-atom", test_never_an_atom);
  g_test_add_func ("/imap-request/max-quoted", test_max_quoted);
  g_test_add_func ("/imap-request/secrets", test_secrets);
  g_test_add_func ("/imap-request/sasl-lines", test_sasl_lines);
  g_test_add_func ("/imap-request/append", test_append);
  g_test_add_func ("/imap-request/literal-is-not-copied", test_literal_is_not_copied);
  g_test_add_func ("/imap-request/literal-minus", test_literal_minus);
  g_test_add_func ("/imap-request/flags-and-dates", test_flags_and_dates);
  g_test_add_func ("/imap-request/nested-lists", test_nested_lists);
  g_test_add_func ("/imap-request/long-literal-in-log", test_long_literal_in_log);
  return g_test_run ();
}
