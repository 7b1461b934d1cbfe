#include "config.h"

#include "cachet-imap-parser.h"
#include "imap-dump.h"

#include <string.h>

typedef struct
{
  const char *bytes;
  const char *dump;
} Case;

/* Each form of RFC 3501 §9 "response", and those of its extensions that Cachet reads. */
static const Case forms[] = {
  /* greeting and resp-cond-state */
  { "* OK IMAP4rev1 server ready\r\n", "* OK IMAP4rev1 server ready\n" },
  { "* PREAUTH logged in as Smith\r\n", "* PREAUTH logged in as Smith\n" },
  { "* BYE Autologout; idle for too long\r\n", "* BYE Autologout; idle for too long\n" },
  { "* NO Disk is 98% full\r\n", "* NO Disk is 98% full\n" },
  { "* BAD Disk crash\r\n", "* BAD Disk crash\n" },
  { "A001 OK LOGIN completed\r\n", "A001 OK LOGIN completed\n" },
  { "A001 NO no\r\n", "A001 NO no\n" },
  { "A001 BAD bad\r\n", "A001 BAD bad\n" },
  { "A001 OK\r\n", "A001 OK\n" },
  { "A001 OK \r\n", "A001 OK\n" },
  { "* OK\r\n", "* OK\n" },
  { "* ok [unseen 12] lower case\r\n", "* OK [UNSEEN 12] lower case\n" },
  /* resp-text-code */
  { "* OK [ALERT] System shutdown in 10 minutes\r\n",
    "* OK [ALERT] System shutdown in 10 minutes\n" },
  { "* OK [UIDVALIDITY 3857529045] UIDs valid\r\n", "* OK [UIDVALIDITY 3857529045] UIDs valid\n" },
  { "* OK [PERMANENTFLAGS (\\Deleted \\Seen \\*)] Limited\r\n",
    "* OK [PERMANENTFLAGS (\\Deleted \\Seen \\*)] Limited\n" },
  { "* OK [PERMANENTFLAGS ()] none\r\n", "* OK [PERMANENTFLAGS ()] none\n" },
  { "* OK [PERMANENTFLAGS (a]b)] odd\r\n", "* OK [PERMANENTFLAGS (a]b)] odd\n" },
  { "A2 NO [BADCHARSET (UTF-8 \"ISO-8859-1\")] charset\r\n",
    "A2 NO [BADCHARSET (UTF-8 \"ISO-8859-1\")] charset\n" },
  { "A2 OK [READ-WRITE] SELECT completed\r\n", "A2 OK [READ-WRITE] SELECT completed\n" },
  { "A2 OK [READ-WRITE]\r\n", "A2 OK [READ-WRITE]\n" },
  { "A3 OK [COPYUID 38505 304,319:320 3956:3958] Done\r\n",
    "A3 OK [COPYUID 38505 304,319:320 3956:3958] Done\n" },
  { "A3 OK [CAPABILITY IMAP4rev1 IDLE] in\r\n", "A3 OK [CAPABILITY IMAP4rev1 IDLE] in\n" },
  { "A3 NO [x-own.code some [text] more\r\n", "A3 NO [X-OWN.CODE some [text] more\n" },
  { "A3 NO [not a code\r\n", "A3 NO [not a code\n" },
  { "A3 NO [LIMIT (not closed] text\r\n", "A3 NO [LIMIT (not closed] text\n" },
  { "* NO [\r\n", "* NO [\n" },
  { "* NO []\r\n", "* NO []\n" },
  /* continue-req */
  { "+ Ready for literal\r\n", "+ Ready for literal\n" },
  { "+ \r\n", "+ \n" },
  { "+\r\n", "+ \n" },
  { "+ PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2U+\r\n", "+ PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2U+\n" },
  /* mailbox-data, message-data, capability-data */
  { "* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN\r\n",
    "* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN\n" },
  { "* FLAGS (\\Answered \\Flagged $Junk)\r\n", "* FLAGS (\\Answered \\Flagged $Junk)\n" },
  { "* LIST (\\HasNoChildren) \"/\" INBOX\r\n", "* LIST (\\HasNoChildren) \"/\" INBOX\n" },
  { "* LIST () NIL \"a \\\"quoted\\\" \\\\ name\"\r\n",
    "* LIST () NIL \"a \"quoted\" \\ name\"\n" },
  { "* LSUB () \".\" {5}\r\na\r\nb)\r\n", "* LSUB () \".\" {5:a\\015\\012b)}\n" },
  { "* LIST () \"/\" {0}\r\n\r\n", "* LIST () \"/\" {0:}\n" },
  { "* XLIST (\\Inbox) \"/\" Posteingang\r\n", "* XLIST (\\Inbox) \"/\" Posteingang\n" },
  { "* LIST (\\Sent) \"/\" Sent (\"CHILDINFO\" (\"SUBSCRIBED\"))\r\n",
    "* LIST (\\Sent) \"/\" Sent (\"CHILDINFO\" (\"SUBSCRIBED\"))\n" },
  { "* SEARCH 2 84 882\r\n", "* SEARCH 2 84 882\n" },
  { "* SEARCH\r\n", "* SEARCH \n" },
  { "* ESEARCH (TAG \"A1\") UID COUNT 17 ALL 4:18,21\r\n",
    "* ESEARCH (TAG \"A1\") UID COUNT 17 ALL 4:18,21\n" },
  { "* STATUS blurdybloop (MESSAGES 231 UIDNEXT 44292)\r\n",
    "* STATUS blurdybloop (MESSAGES 231 UIDNEXT 44292)\n" },
  { "* 23 EXISTS\r\n", "* 23 EXISTS\n" },
  { "* 5 RECENT\r\n", "* 5 RECENT\n" },
  { "* 44 EXPUNGE\r\n", "* 44 EXPUNGE\n" },
  { "* VANISHED (EARLIER) 7:4294967295\r\n", "* VANISHED (EARLIER) 7:4294967295\n" },
  { "* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n", "* NAMESPACE ((\"\" \"/\")) NIL NIL\n" },
  { "* ID (\"name\" {4}\r\nImap \"vendor\" NIL)\r\n", "* ID (\"name\" {4:Imap} \"vendor\" NIL)\n" },
  { "* ENABLED QRESYNC\r\n", "* ENABLED QRESYNC\n" },
  { "* QUOTA \"\" (STORAGE 10 512)\r\n", "* QUOTA \"\" (STORAGE 10 512)\n" },
  /* msg-att */
  { "* 23 FETCH (FLAGS (\\Seen) RFC822.SIZE 44827)\r\n",
    "* 23 FETCH (FLAGS (\\Seen) RFC822.SIZE 44827)\n" },
  { "* 1 FETCH (INTERNALDATE \" 7-Jul-1996 02:44:25 -0700\" UID 5)\r\n",
    "* 1 FETCH (INTERNALDATE \" 7-Jul-1996 02:44:25 -0700\" UID 5)\n" },
  { "* 1 FETCH (BODY[HEADER.FIELDS (FROM \"X-]\" TO)]<0> {5}\r\nF: x\n UID 3)\r\n",
    "* 1 FETCH (BODY[HEADER.FIELDS (FROM \"X-]\" TO)]<0> {5:F: x\\012} UID 3)\n" },
  { "* 1 FETCH (BODY[HEADER.FIELDS ({4}\r\nFROM)] \"\")\r\n",
    "* 1 FETCH (BODY[HEADER.FIELDS ({4}\\015\\012FROM)] \"\")\n" },
  { "* 1 FETCH (BODY[] {4}\r\n)\r\n( BODY[TEXT] NIL)\r\n",
    "* 1 FETCH (BODY[] {4:)\\015\\012(} BODY[TEXT] NIL)\n" },
  { "* 1 FETCH (BINARY[1] ~{3}\r\na\0b)\r\n", "* 1 FETCH (BINARY[1] {3:a\\000b})\n" },
  { "* 1 FETCH (BODY[1]{3+}\r\nabc)\r\n", "* 1 FETCH (BODY[1] {3:abc})\n" },
  { "* 1 FETCH (BODY (\"TEXT\" \"PLAIN\" (\"CHARSET\" \"utf-8\") NIL NIL \"7BIT\" 1 1))\r\n",
    "* 1 FETCH (BODY (\"TEXT\" \"PLAIN\" (\"CHARSET\" \"utf-8\") NIL NIL \"7BIT\" 1 1))\n" },
  { "* 1 FETCH (ENVELOPE (NIL {2}\r\nhi ((NIL NIL \"a\" \"b\")) NIL NIL NIL NIL NIL NIL "
    "\"<m>\"))\r\n",
    "* 1 FETCH (ENVELOPE (NIL {2:hi} ((NIL NIL \"a\" \"b\")) NIL NIL NIL NIL NIL NIL \"<m>\"))\n" },
};

/* What servers send besides. */
static const Case oddities[] = {
  { "*  OK   spaces\r\n", "* OK spaces\n" },
  { "*  3   EXISTS \r\n", "* 3 EXISTS\n" },
  { "* 3 exists\r\n", "* 3 EXISTS\n" },
  { "*OK glued\r\n", "* OK glued\n" },
  { "* 1 fetch ( FLAGS  ( \\Seen )  UID 4 )\r\n", "* 1 FETCH (FLAGS (\\Seen) UID 4)\n" },
  { "* 1 FETCH(FLAGS(\\Seen)UID 4)\r\n", "* 1 FETCH (FLAGS (\\Seen) UID 4)\n" },
  { "* OK bare line feed\n* 2 EXISTS\n", "* OK bare line feed\n* 2 EXISTS\n" },
  { "\r\n\n* 2 EXISTS\r\n\r\n* 3 EXISTS\r\n", "* 2 EXISTS\n* 3 EXISTS\n" },
  { "* OK text ends like a literal {5}\r\n* 2 EXISTS\r\n",
    "* OK text ends like a literal {5}\n* 2 EXISTS\n" },
  { "A1 NO text {5}\r\n* 2 EXISTS\r\n", "A1 NO text {5}\n* 2 EXISTS\n" },
  { "+ text {5}\r\n* 2 EXISTS\r\n", "+ text {5}\n* 2 EXISTS\n" },
  { "* LIST () \"/\" \"q {5}\"\r\n* 2 EXISTS\r\n", "* LIST () \"/\" \"q {5}\"\n* 2 EXISTS\n" },
  { "* LIST () \"/\" \"open {5}\r\n* 2 EXISTS\r\n",
    "!syntax * LIST () \"/\" \"open {5}\"\n* 2 EXISTS\n" },
  { "* LIST () \"/\" foo{5}\r\n* 2 EXISTS\r\n", "* LIST () \"/\" foo{5}\n* 2 EXISTS\n" },
  { "* LIST () \"/\" {word}\r\n* 2 EXISTS\r\n", "* LIST () \"/\" {word}\n* 2 EXISTS\n" },
  { "* LIST () \"/\" {}\r\n* 2 EXISTS\r\n", "* LIST () \"/\" {}\n* 2 EXISTS\n" },
  { "* LIST () \"\\\" \"a\\b\"\r\n", "* LIST () \"\\\" \"a\\b\"\n" },
  { "* LIST () \"\\\\\" a\\b\r\n", "* LIST () \"\\\" a\\b\n" },
  { "* LIST () \"/\" [Gmail]/Sent\r\n", "* LIST () \"/\" [Gmail]/Sent\n" },
  { "* LIST () \"/\" BODY[x\r\n", "* LIST () \"/\" BODY[x\n" },
  { "* LIST () \"/\" \"caf\xe9 \xc3\xa9\"\r\n", "* LIST () \"/\" \"caf\\351 \\303\\251\"\n" },
  { "* 1 FETCH (FLAGS (it\"s $a) UID 5)\r\n", "* 1 FETCH (FLAGS (it\"s $a) UID 5)\n" },
  { "* 1 FETCH (UID 5\r\n* 2 EXISTS\r\n", "!syntax * 1 FETCH (UID 5)\n* 2 EXISTS\n" },
  { "* 1 FETCH (UID 5)))\r\n", "!syntax * 1 FETCH (UID 5)\n" },
  { "* 4294967295 EXISTS\r\n", "* 4294967295 EXISTS\n" },
  { "* 4294967296 EXISTS\r\n", "!syntax * EXISTS\n" },
  { "* 99999999999999999999999999 EXISTS\r\n", "!syntax * EXISTS\n" },
  { "* -1 EXISTS\r\n", "* -1 EXISTS\n" },
  { "* X-FUTURE (a (b)) c\r\n", "* X-FUTURE (a (b)) c\n" },
  { "*\r\n", "!syntax * \n" },
  { "* 7\r\n", "!syntax * 7 \n" },
  { "* {3}\r\nabc\r\n", "!syntax *  {3:abc}\n" },
  { "HTTP/1.1 400 Bad Request\r\n", "!syntax HTTP/1.1 NONE 400 Bad Request\n" },
  { "220 smtp.example ESMTP\r\n", "!syntax 220 NONE smtp.example ESMTP\n" },
  { "A1\r\n", "!syntax A1 NONE\n" },
  { "* OK a\0b\r\n", "* OK a?b\n" },
  { "* LIST () \"/\" {-1}\r\n", "SYNTAX\n" },
  { "* LIST () \"/\" {-00000000000000000000000000000000}\r\n", "SYNTAX\n" },
  { "* LIST () \"/\" {4294967296}\r\n", "LIMIT\n" },
  { "* LIST () \"/\" {18446744073709551616}\r\n", "LIMIT\n" },
  { "* LIST () \"/\" {99999999999999999999999999}\r\n", "LIMIT\n" },
  { "* LIST () \"/\" {00000000000000000000000003}\r\nabc\r\n", "* LIST () \"/\" {3:abc}\n" },
};

/* Cases hold NULs: their length is that up to the NUL which ends them, all the way. */
static gsize
case_length (const Case *c)
{
  const char *end = c->bytes + strlen (c->bytes);

  while (end[-1] != '\n')
    end += 1 + strlen (end + 1);
  return (gsize)(end - c->bytes);
}

static void
check_whole_and_bytewise (const Case *c)
{
  gsize length = case_length (c);

  for (gsize step = 1; step <= length; step++)
    {
      g_autofree char *dump = imap_dump_stream (c->bytes, length, step);

      g_assert_cmpstr (dump, ==, c->dump);
    }
}

/* Cut at each place: nothing but whole responses come out, and the rest brings the same as ever. */
static void
check_cut (const Case *c)
{
  gsize length = case_length (c);

  for (gsize cut = 0; cut <= length; cut++)
    {
      g_autoptr (CachetImapParser) parser = cachet_imap_parser_new ();
      g_autoptr (GString) text = g_string_new (NULL);
      gboolean going;

      cachet_imap_parser_feed (parser, c->bytes, cut);
      going = imap_dump_take_all (parser, text);
      g_assert_true (g_str_has_prefix (c->dump, text->str));
      if (cut < length)
        g_assert_cmpuint (text->len, <, strlen (c->dump));
      if (going)
        {
          g_assert_true (cachet_imap_parser_is_between_responses (parser) ==
                         (cachet_imap_parser_get_n_buffered (parser) == 0));
          cachet_imap_parser_feed (parser, c->bytes + cut, length - cut);
          going = imap_dump_take_all (parser, text);
        }
      g_assert_cmpstr (text->str, ==, c->dump);
      if (!going)
        continue;
      g_assert_true (cachet_imap_parser_is_between_responses (parser));
      g_assert_cmpuint (cachet_imap_parser_get_n_buffered (parser), ==, 0);
    }
}

static void
test_forms (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      check_whole_and_bytewise (&forms[i]);
      check_cut (&forms[i]);
    }
}

static void
test_oddities (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (oddities); i++)
    {
      check_whole_and_bytewise (&oddities[i]);
      check_cut (&oddities[i]);
    }
}

static void
test_all_in_one_stream (void)
{
  g_autoptr (GString) bytes = g_string_new (NULL);
  g_autoptr (GString) expected = g_string_new (NULL);
  const gsize steps[] = { 1, 2, 3, 7, 64, 1000, 100000 };

  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_string_append_len (bytes, forms[i].bytes, (gssize)case_length (&forms[i]));
      g_string_append (expected, forms[i].dump);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autofree char *dump = imap_dump_stream (bytes->str, bytes->len, steps[i]);

      g_assert_cmpstr (dump, ==, expected->str);
    }
}

/* The numbers of bytes of all responses add up to those fed. */
static void
test_byte_counts (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autoptr (CachetImapParser) parser = cachet_imap_parser_new ();
      g_autoptr (CachetImapResponse) response = NULL;

      cachet_imap_parser_feed (parser, forms[i].bytes, case_length (&forms[i]));
      g_assert_cmpint (cachet_imap_parser_take (parser, &response, NULL), ==,
                       CACHET_IMAP_PARSER_READY);
      g_assert_cmpuint (cachet_imap_response_get_n_bytes (response), ==, case_length (&forms[i]));
    }
}

static void
test_error_stays (void)
{
  static const char bytes[] = "* LIST () \"/\" {-1}\r\n";
  g_autoptr (CachetImapParser) parser = cachet_imap_parser_new ();

  cachet_imap_parser_feed (parser, bytes, strlen (bytes));
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL;
      CachetImapResponse *response;

      g_assert_cmpint (cachet_imap_parser_take (parser, &response, &error), ==,
                       CACHET_IMAP_PARSER_ERROR);
      g_assert_error (error, CACHET_WIRE_ERROR, CACHET_WIRE_ERROR_SYNTAX);
      g_assert_null (response);
      cachet_imap_parser_feed (parser, "* OK fine\r\n", 11);
    }
}

/* What lies behind a response stays countable: TLS must not begin with it. */
static void
test_buffered_behind_response (void)
{
  static const char bytes[] = "A1 OK begin TLS\r\n* OK injected\r\n";
  g_autoptr (CachetImapParser) parser = cachet_imap_parser_new ();
  g_autoptr (CachetImapResponse) response = NULL;

  cachet_imap_parser_feed (parser, bytes, strlen (bytes));
  g_assert_cmpint (cachet_imap_parser_take (parser, &response, NULL), ==, CACHET_IMAP_PARSER_READY);
  g_assert_cmpuint (cachet_imap_parser_get_n_buffered (parser), ==, 15);
  g_assert_false (cachet_imap_parser_is_between_responses (parser));
}

static void
test_log_text (void)
{
  static const Case cases[] = {
    { "* 1 FETCH (BODY[] {5}\r\nhello UID 3)\r\n", "* 1 FETCH (BODY[] {5 bytes} UID 3)" },
    { "A1 OK [UIDNEXT 3] done\r\n", "A1 OK [UIDNEXT 3] done" },
    { "* OK a\tb\x1b[31m\r\n", "* OK a␉b␛[31m" },
    { "* OK caf\xc3\xa9\r\n", "* OK café" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CachetImapParser) parser = cachet_imap_parser_new ();
      g_autoptr (CachetImapResponse) response = NULL;
      g_autofree char *whole = NULL;

      cachet_imap_parser_feed (parser, cases[i].bytes, strlen (cases[i].bytes));
      cachet_imap_parser_take (parser, &response, NULL);
      whole = cachet_imap_response_to_log_text (response, 2000);
      g_assert_cmpstr (whole, ==, cases[i].dump);
      for (gsize max = 0; max < strlen (whole); max++)
        {
          g_autofree char *cut = cachet_imap_response_to_log_text (response, max);

          g_assert_true (g_utf8_validate (cut, -1, NULL));
          g_assert_cmpuint (strlen (cut), <=, strlen (whole) + 8);
        }
    }
}

static void
test_names (void)
{
  static const char bytes[] = "a1 no [overquota] full\r\n";
  g_autoptr (CachetImapParser) parser = cachet_imap_parser_new ();
  g_autoptr (CachetImapResponse) response = NULL;
  g_autoptr (CachetImapResponse) second = NULL;

  cachet_imap_parser_feed (parser, bytes, strlen (bytes));
  cachet_imap_parser_take (parser, &response, NULL);
  g_assert_cmpint (cachet_imap_response_get_code (response), ==, CACHET_IMAP_CODE_OVERQUOTA);
  g_assert_cmpint (cachet_imap_response_get_condition (response), ==, CACHET_IMAP_CONDITION_NO);
  g_assert_cmpint (cachet_imap_response_get_keyword (response), ==, CACHET_IMAP_KEYWORD_NONE);
  g_assert_cmpstr (cachet_imap_response_get_tag (response), ==, "a1");
  g_assert_cmpstr (cachet_imap_response_get_text (response), ==, "full");
  cachet_imap_parser_feed (parser, "* 3 X-NEW\r\n", 11);
  cachet_imap_parser_take (parser, &second, NULL);
  g_assert_null (cachet_imap_response_get_tag (second));
  g_assert_cmpint (cachet_imap_response_get_keyword (second), ==, CACHET_IMAP_KEYWORD_OTHER);
  g_assert_cmpint (cachet_imap_response_get_code (second), ==, CACHET_IMAP_CODE_NONE);
  g_assert_null (cachet_imap_response_get_value (second, 0));
}

/* Reading a value that is not there is no error anywhere. */
static void
test_absent_values (void)
{
  guint64 number = 7;
  gsize length = 7;

  g_assert_cmpint (cachet_imap_value_get_kind (NULL), ==, CACHET_IMAP_VALUE_NONE);
  g_assert_null (cachet_imap_value_get_bytes (NULL, &length));
  g_assert_cmpuint (length, ==, 0);
  g_assert_null (cachet_imap_value_dup_string (NULL));
  g_assert_false (cachet_imap_value_is (NULL, ""));
  g_assert_false (cachet_imap_value_has_prefix (NULL, ""));
  g_assert_false (cachet_imap_value_get_number (NULL, &number));
  g_assert_cmpuint (number, ==, 7);
  g_assert_null (cachet_imap_value_get_child (NULL, 3));
  g_assert_null (cachet_imap_value_get_next (NULL));
  g_assert_cmpuint (cachet_imap_value_get_n_children (NULL), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-parser/forms", test_forms);
  g_test_add_func ("/imap-parser/oddities", test_oddities);
  g_test_add_func ("/imap-parser/all-in-one-stream", test_all_in_one_stream);
  g_test_add_func ("/imap-parser/byte-counts", test_byte_counts);
  g_test_add_func ("/imap-parser/error-stays", test_error_stays);
  g_test_add_func ("/imap-parser/buffered-behind-response", test_buffered_behind_response);
  g_test_add_func ("/imap-parser/log-text", test_log_text);
  g_test_add_func ("/imap-parser/names", test_names);
  g_test_add_func ("/imap-parser/absent-values", test_absent_values);
  return g_test_run ();
}
