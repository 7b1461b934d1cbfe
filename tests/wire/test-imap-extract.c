#include "config.h"

#include "cachet-imap-capabilities.h"
#include "cachet-imap-date.h"
#include "cachet-imap-extract.h"
#include "cachet-imap-parser.h"
#include "imap-dump.h"

#include <string.h>

typedef struct
{
  const char *bytes; /* without the last CRLF */
  const char *dump;
} Case;

static CachetImapResponse *
parse (const char *bytes)
{
  g_autoptr (CachetImapParser) parser = cachet_imap_parser_new ();
  CachetImapResponse *response = NULL;

  cachet_imap_parser_feed (parser, bytes, strlen (bytes));
  cachet_imap_parser_feed (parser, "\r\n", 2);
  g_assert_cmpint (cachet_imap_parser_take (parser, &response, NULL), ==, CACHET_IMAP_PARSER_READY);
  return response;
}

static void
check (const Case *cases, gsize n_cases)
{
  for (gsize i = 0; i < n_cases; i++)
    {
      g_autoptr (CachetImapResponse) response = parse (cases[i].bytes);
      g_autofree char *dump = imap_dump_extracted (response);

      if (g_strcmp0 (dump, cases[i].dump) != 0)
        g_test_message ("%s", cases[i].bytes);
      g_assert_cmpstr (dump, ==, cases[i].dump);
    }
}

static void
test_mailboxes (void)
{
  static const Case cases[] = {
    { "* LIST (\\HasNoChildren) \"/\" INBOX",
      "mailbox=INBOX display=INBOX delimiter=/ attributes=8 role=1" },
    { "* LIST () \".\" inbox", "mailbox=inbox display=inbox delimiter=. attributes=0 role=1" },
    { "* LIST (\\Noselect \\HasChildren) NIL \"\"",
      "mailbox= display= delimiter=NIL attributes=5 role=0" },
    { "* list (\\sent \\subscribed) \"/\" \"Sent Items\"",
      "mailbox=Sent Items display=Sent Items delimiter=/ attributes=20 role=3" },
    { "* LIST (\\NonExistent \\Trash) \"/\" t",
      "mailbox=t display=t delimiter=/ attributes=11 role=6" },
    { "* LIST () \"/\" Entw&APw-rfe",
      "mailbox=Entw&APw-rfe display=Entwürfe delimiter=/ attributes=0 role=0" },
    { "* LIST () \"/\" \"bad&utf7\"",
      "mailbox=bad&utf7 display=bad&utf7 delimiter=/ attributes=0 role=0" },
    { "* LIST () \"/\" \"caf\xc3\xa9\"",
      "mailbox=caf\\303\\251 display=café delimiter=/ attributes=0 role=0" },
    { "* LIST () \"/\" &IC4-x",
      "mailbox=&IC4-x display=<U+202E>x delimiter=/ attributes=0 role=0" },
    { "* LIST () \"/\" {5}\r\na\"b\\c",
      "mailbox=a\"b\\c display=a\"b\\c delimiter=/ attributes=0 role=0" },
    { "* LIST () \"/\" NIL", "mailbox=NIL display=NIL delimiter=/ attributes=0 role=0" },
    { "* LIST () \"\\\\\" \"a\\\\b\"",
      "mailbox=a\\b display=a\\b delimiter=\\ attributes=0 role=0" },
    { "* LIST () \"\\\" \"a\\b\"", "mailbox=a\\b display=a\\b delimiter=\\ attributes=0 role=0" },
    { "* LIST (\\Sent) \"/\" Sent Items (\"CHILDINFO\" (\"SUBSCRIBED\"))",
      "mailbox=Sent Items display=Sent Items delimiter=/ attributes=0 role=3" },
    { "* LIST NIL \"/\" a", "mailbox=a display=a delimiter=/ attributes=0 role=0" },
    { "* LIST \"/\" a", "mailbox=a display=a delimiter=/ attributes=0 role=0" },
    { "* LIST () / a", "mailbox=a display=a delimiter=/ attributes=0 role=0" },
    { "* LIST () \"//\" a", "mailbox=a display=a delimiter=NIL attributes=0 role=0" },
    { "* LIST () \"/\" 2026", "mailbox=2026 display=2026 delimiter=/ attributes=0 role=0" },
    { "* LIST () \"/\" \"a\tb*%\"",
      "mailbox=a\\011b*% display=a␉b*% delimiter=/ attributes=0 role=0" },
    { "* LSUB () \".\" INBOX.a",
      "mailbox=INBOX.a display=INBOX.a delimiter=. attributes=20 role=0" },
    { "* XLIST (\\HasNoChildren \\Inbox) \"/\" Posteingang",
      "mailbox=Posteingang display=Posteingang delimiter=/ attributes=8 role=1" },
    { "* XLIST (\\Spam) \"/\" s", "mailbox=s display=s delimiter=/ attributes=0 role=5" },
    { "* XLIST (\\AllMail) \"/\" s", "mailbox=s display=s delimiter=/ attributes=0 role=7" },
    { "* XLIST (\\Starred \\Important) \"/\" s",
      "mailbox=s display=s delimiter=/ attributes=0 role=8" },
    { "* LIST", "" },
    { "* LIST ()", "" },
    { "* LIST () \"/\"", "" },
    { "* LIST () \"/\" (a)", "" },
  };

  check (cases, G_N_ELEMENTS (cases));
}

static void
test_status (void)
{
  static const Case cases[] = {
    { "* STATUS INBOX (MESSAGES 3 RECENT 1 UNSEEN 2 UIDNEXT 4 UIDVALIDITY 5 HIGHESTMODSEQ 6 SIZE "
      "7)",
      "status=INBOX messages=3 recent=1 unseen=2 uidnext=4 uidvalidity=5 modseq=6 size=7" },
    { "* status {1}\r\na (messages 0)", "status=a messages=0" },
    { "* STATUS a b (MESSAGES 1)", "status=a b messages=1" },
    { "* STATUS NIL (MESSAGES 1)", "status=NIL messages=1" },
    { "* STATUS a ()", "status=a" },
    { "* STATUS a (UIDNEXT 4294967295 UIDVALIDITY 4294967296)", "status=a uidnext=4294967295" },
    { "* STATUS a (HIGHESTMODSEQ 9223372036854775807)", "status=a modseq=9223372036854775807" },
    { "* STATUS a (HIGHESTMODSEQ 9223372036854775808 MESSAGES 1)", "status=a messages=1" },
    { "* STATUS a (HIGHESTMODSEQ -1 MESSAGES 1)", "status=a messages=1" },
    { "* STATUS a (MAILBOXID (F1) MESSAGES 1)", "status=a messages=1" },
    { "* STATUS a (MESSAGES)", "status=a" },
    { "* STATUS a (MESSAGES NIL UNSEEN 1)", "status=a unseen=1" },
    { "* STATUS a", "" },
    { "* STATUS (MESSAGES 1)", "" },
  };

  check (cases, G_N_ELEMENTS (cases));
}

static void
test_fetch (void)
{
  static const Case cases[] = {
    { "* 12 FETCH (UID 5 FLAGS (\\Seen \\Recent $Forwarded) RFC822.SIZE 44 MODSEQ (7))",
      "seq=12 uid=5 flags=21 size=44 modseq=7" },
    { "* 12 FETCH (FLAGS ())", "seq=12 uid=0 flags=0" },
    { "* 12 FETCH (FLAGS NIL UID 1)", "seq=12 uid=1 flags=0" },
    { "* 12 FETCH (FLAGS (\\SEEN $label1 NonJunk caf\xe9))",
      "seq=12 uid=0 flags=1 keywords=$label1,NonJunk,caf\xef\xbf\xbd" },
    { "* 12 fetch (uid 5 flags (\\flagged))", "seq=12 uid=5 flags=4" },
    { "* 1 FETCH (INTERNALDATE \"17-Jul-1996 02:44:25 -0700\")", "seq=1 uid=0 date=837596665" },
    { "* 1 FETCH (INTERNALDATE \"nonsense\" UID 4)", "seq=1 uid=4" },
    { "* 1 FETCH (BODY[HEADER.FIELDS (SUBJECT)] {14}\r\nSubject: a\r\n\r\n UID 4)",
      "seq=1 uid=4 header=Subject: a\\015\\012\\015\\012" },
    { "* 1 FETCH (RFC822.HEADER {3}\r\na:b UID 4)", "seq=1 uid=4 header=a:b" },
    { "* 1 FETCH (BODY[] {2}\r\nhi UID 4)", "seq=1 uid=4 section=[] body-size=2 body=hi" },
    { "* 1 FETCH (BODY[]<0> \"hi\")", "seq=1 uid=0 section=[] body-size=2 body=hi" },
    { "* 1 FETCH (BODY[] NIL)", "seq=1 uid=0 section=[] body-size=-1 body-nil" },
    { "* 1 FETCH (BODY[] \"\")", "seq=1 uid=0 section=[] body-size=0 body=" },
    { "* 1 FETCH (BODY[1.2.MIME] \"x\")", "seq=1 uid=0 section=[1.2.MIME] body-size=1 body=x" },
    { "* 1 FETCH (RFC822 \"x\")", "seq=1 uid=0 section=[] body-size=1 body=x" },
    { "* 1 FETCH (RFC822.TEXT \"x\")", "seq=1 uid=0 section=[TEXT] body-size=1 body=x" },
    { "* 1 FETCH (BINARY[1] ~{1}\r\nx)", "seq=1 uid=0 section=[1] body-size=1 body=x" },
    { "* 1 FETCH (X-GM-LABELS (a b) X-GM-MSGID 7 UID 3)", "seq=1 uid=3" },
    { "* 1 FETCH ((stray) UID 3 (more) FLAGS ())", "seq=1 uid=3 flags=0" },
    { "* 1 FETCH (ENVELOPE ((\"extra\")) (((NIL) UID 3)", "seq=1 uid=0" },
    { "* 1 FETCH (ENVELOPE (NIL NIL ((NIL NIL \"a\" NIL)))) UID 3)", "seq=1 uid=0" },
    { "* 1 FETCH (UID 4294967295 RFC822.SIZE 18446744073709551615)", "seq=1 uid=4294967295" },
    { "* 1 FETCH (UID 4294967296 RFC822.SIZE 9223372036854775807)",
      "seq=1 uid=0 size=9223372036854775807" },
    { "* 1 FETCH (RFC822.SIZE -5 MODSEQ (-5) UID 2)", "seq=1 uid=2" },
    { "* 1 FETCH (MODSEQ (9223372036854775808) UID 2)", "seq=1 uid=2" },
    { "* 1 FETCH (MODSEQ 12 UID 2)", "seq=1 uid=2 modseq=12" },
    { "* 1 FETCH (UID)", "seq=1 uid=0" },
    { "* 1 FETCH ()", "" },
    { "* 1 FETCH", "" },
    { "* 0 FETCH (UID 5)", "" },
    { "* FETCH (UID 5)", "" },
  };

  check (cases, G_N_ELEMENTS (cases));
}

#define PLAIN "(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"utf-8\") NIL NIL \"7BIT\" 10 1 NIL NIL NIL NIL)"
#define PDF                                                                                  \
  "(\"APPLICATION\" \"PDF\" (\"NAME\" \"a.pdf\") NIL NIL \"BASE64\" 99 NIL (\"ATTACHMENT\" " \
  "(\"FILENAME\" \"a.pdf\")) NIL NIL)"

static void
test_bodystructure (void)
{
  static const struct
  {
    const char *structure;
    const char *type;
    gboolean attachment;
  } cases[] = {
    { PLAIN, "text/plain", FALSE },
    { "(" PLAIN
      "(\"TEXT\" \"HTML\" NIL NIL NIL \"8BIT\" 1 1) \"ALTERNATIVE\" (\"BOUNDARY\" \"b\") NIL NIL)",
      "multipart/alternative", FALSE },
    { "(" PLAIN PDF " \"MIXED\" (\"BOUNDARY\" \"b\") NIL NIL)", "multipart/mixed", TRUE },
    { PDF, "application/pdf", TRUE },
    /* signed and sealed mail: the signature is no attachment */
    { "(" PLAIN
      "(\"APPLICATION\" \"PKCS7-SIGNATURE\" (\"NAME\" \"smime.p7s\") NIL NIL \"BASE64\" 9 NIL "
      "(\"ATTACHMENT\" (\"FILENAME\" \"smime.p7s\"))) \"SIGNED\")",
      "multipart/signed", FALSE },
    { "((" PLAIN PDF
      " \"MIXED\")(\"APPLICATION\" \"X-PKCS7-SIGNATURE\" NIL NIL NIL \"BASE64\" 9) \"SIGNED\")",
      "multipart/signed", TRUE },
    { "(\"APPLICATION\" \"PKCS7-MIME\" (\"SMIME-TYPE\" \"enveloped-data\" \"NAME\" \"smime.p7m\") "
      "NIL NIL "
      "\"BASE64\" 9 NIL (\"ATTACHMENT\" (\"FILENAME\" \"smime.p7m\")))",
      "application/pkcs7-mime", FALSE },
    { "((\"APPLICATION\" \"PGP-ENCRYPTED\" NIL NIL NIL \"7BIT\" 9)(\"APPLICATION\" "
      "\"OCTET-STREAM\" (\"NAME\" \"x.asc\") "
      "NIL NIL \"7BIT\" 9) \"ENCRYPTED\")",
      "multipart/encrypted", FALSE },
    /* pictures within a page, and beside a text */
    { "((\"TEXT\" \"HTML\" NIL NIL NIL \"8BIT\" 1 1)(\"IMAGE\" \"PNG\" (\"NAME\" \"l.png\") "
      "\"<c@x>\" NIL \"BASE64\" 9 NIL "
      "(\"INLINE\" (\"FILENAME\" \"l.png\"))) \"RELATED\")",
      "multipart/related", FALSE },
    { "(" PLAIN "(\"IMAGE\" \"JPEG\" (\"NAME\" \"p.jpg\") NIL NIL \"BASE64\" 9 NIL (\"INLINE\" "
      "(\"FILENAME\" \"p.jpg\"))) "
      "\"MIXED\")",
      "multipart/mixed", TRUE },
    { "(" PLAIN "(\"IMAGE\" \"JPEG\" NIL NIL NIL \"BASE64\" 9 NIL (\"INLINE\" NIL)) \"MIXED\")",
      "multipart/mixed", FALSE },
    { "(" PLAIN "(\"TEXT\" \"PLAIN\" (\"NAME*0*\" \"utf-8''n\") NIL NIL \"7BIT\" 9 1) \"MIXED\")",
      "multipart/mixed", TRUE },
    { "(" PLAIN
      "(\"TEXT\" \"CALENDAR\" (\"NAME\" \"i.ics\") NIL NIL \"7BIT\" 9 1) \"ALTERNATIVE\")",
      "multipart/alternative", FALSE },
    { "(" PLAIN "(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 9 (NIL NIL NIL NIL NIL NIL NIL NIL "
      "NIL NIL) " PLAIN " 3) \"MIXED\")",
      "multipart/mixed", TRUE },
    { "(" PLAIN "(\"MESSAGE\" \"DELIVERY-STATUS\" NIL NIL NIL \"7BIT\" 9) \"REPORT\")",
      "multipart/report", FALSE },
    /* shapes that are broken in ways servers are known for */
    { "(" PLAIN PDF ")", "multipart/mixed", TRUE },
    { "(" PLAIN PDF " NIL)", "multipart/mixed", TRUE },
    { "(\"MIXED\" (\"BOUNDARY\" \"b\") NIL NIL)", "multipart/mixed", FALSE },
    { "((" PLAIN "))", "text/plain", FALSE },
    { "(\"TEXT\")", "text/plain", FALSE },
    { "(\"TEXT\" NIL NIL NIL NIL NIL NIL NIL)", "text/plain", FALSE },
    { "(NIL NIL NIL NIL NIL \"7BIT\" 9)", NULL, FALSE },
    { "()", NULL, FALSE },
    { "(" PLAIN
      "(\"MESSAGE\" \"RFC822\" (\"NAME\" \"x.eml\") NIL NIL \"7BIT\" 9 NIL NIL NIL NIL) \"MIXED\")",
      "multipart/mixed", TRUE },
    { "(" PLAIN "(\"APPLICATION\" \"PDF\" NIL NIL NIL \"BASE64\" 9 (\"attachment\" NIL)) \"MIXED\"",
      "multipart/mixed", TRUE },
    { "(\"Te/xt\" \"pl ain\xff\" NIL)", "te?xt/pl?ain?", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *bytes = g_strdup_printf ("* 1 FETCH (BODYSTRUCTURE %s)", cases[i].structure);
      g_autoptr (CachetImapResponse) response = parse (bytes);
      g_autoptr (CachetImapFetch) fetch = cachet_imap_extract_fetch (response);

      g_assert_true (fetch->has_bodystructure);
      if (g_strcmp0 (fetch->content_type, cases[i].type) != 0 ||
          fetch->has_attachment != cases[i].attachment)
        g_test_message ("%s", cases[i].structure);
      g_assert_cmpstr (fetch->content_type, ==, cases[i].type);
      g_assert_cmpint (fetch->has_attachment, ==, cases[i].attachment);
    }
}

/* Deeper than the parser keeps, and very wide: no stack is used up, no time is lost. */
static void
test_bodystructure_deep_and_wide (void)
{
  g_autoptr (GString) deep = g_string_new ("* 1 FETCH (BODYSTRUCTURE ");
  g_autoptr (GString) wide = g_string_new ("* 1 FETCH (BODYSTRUCTURE (");

  for (guint i = 0; i < 20000; i++)
    g_string_append_c (deep, '(');
  g_string_append (deep, PLAIN);
  for (guint i = 0; i < 20000; i++)
    g_string_append (deep, "\"MIXED\")");
  g_string_append (deep, " UID 8)");
  for (guint i = 0; i < 10000; i++)
    g_string_append (wide, PLAIN);
  g_string_append (wide, PDF " \"MIXED\") UID 8)");
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (CachetImapResponse) response = parse (i == 0 ? deep->str : wide->str);
      g_autoptr (CachetImapFetch) fetch = cachet_imap_extract_fetch (response);

      g_assert_cmpuint (fetch->uid, ==, 8);
      g_assert_true (fetch->has_bodystructure);
      g_assert_cmpint (fetch->has_attachment, ==, i == 1);
    }
}

static void
test_search (void)
{
  static const Case cases[] = {
    { "* SEARCH 2 84 882", "found=2,84,882" },
    { "* SEARCH", "found=" },
    { "* SEARCH 5 4 3 3 1", "found=1,3:5" },
    { "* SEARCH 1 2 (MODSEQ 917162500)", "found=1:2 modseq=917162500" },
    { "* SEARCH 1 0 4294967296 99999999999999999999999 -2 x3", "found=1:3" },
    { "* SEARCH 4294967295 (MODSEQ 9223372036854775808)", "found=4294967295" },
    { "* ESEARCH (TAG \"A282\") MIN 2 COUNT 3", "tag=A282 found= min=2 count=3" },
    { "* ESEARCH (TAG \"A1\") UID ALL 2,10:11 MAX 11", "tag=A1 uid found=2,10:11 max=11" },
    { "* ESEARCH UID ALL 1:4294967295", "uid found=1:4294967295" },
    { "* ESEARCH (TAG A3) UID COUNT 0", "tag=A3 uid found= count=0" },
    { "* ESEARCH", "found=" },
    { "* ESEARCH (TAG \"A1\") UID ALL junk MODSEQ 7", "tag=A1 uid found= modseq=7" },
    { "* SORT 2 1", "" },
  };

  check (cases, G_N_ELEMENTS (cases));
}

static void
test_other_data (void)
{
  static const Case cases[] = {
    { "* NAMESPACE ((\"\" \"/\")) ((\"~\" \"/\")) ((\"#shared/\" \"/\")(\"#public.\" \".\"))",
      "namespace=0,,/ namespace=1,~,/ namespace=2,#shared/,/ namespace=2,#public.,." },
    { "* NAMESPACE ((\"INBOX.\" \".\" \"X-PARAM\" (\"a\"))) NIL NIL", "namespace=0,INBOX.,." },
    { "* NAMESPACE NIL NIL", "" },
    { "* NAMESPACE ((NIL NIL))", "namespace=0,,-" },
    { "* ID NIL", "id=0" },
    { "* ID (\"Name\" \"Dovecot\" \"version\" {3}\r\n2.3 \"os\" NIL)",
      "id=2 name=Dovecot version=2.3" },
    { "* ID (\"odd\")", "id=0" },
    { "* VANISHED (EARLIER) 7:4294967295", "earlier=7:4294967295" },
    { "* VANISHED 405,407,410:425", "vanished=405,407,410:425" },
    { "* VANISHED (EARLIER) nonsense", "" },
    { "* VANISHED", "" },
    { "* FLAGS (\\Seen $Label1)", "flags=1 keywords=$Label1 new=0" },
    { "* FLAGS NIL", "flags=0 keywords= new=0" },
    { "* FLAGS", "" },
    { "* CAPABILITY IMAP4rev1 idle IDLE Auth=Plain", "capabilities=IMAP4REV1 IDLE AUTH=PLAIN" },
    { "* ENABLED CONDSTORE", "capabilities=CONDSTORE" },
  };

  check (cases, G_N_ELEMENTS (cases));
}

static void
test_codes (void)
{
  static const Case cases[] = {
    { "* OK [UIDVALIDITY 3857529045] x", "number=3857529045" },
    { "* OK [UIDNEXT 4294967295]", "number=4294967295" },
    { "* OK [HIGHESTMODSEQ 9223372036854775807] x", "number=9223372036854775807" },
    { "* OK [HIGHESTMODSEQ 18446744073709551616] x", "" },
    { "* OK [UIDNEXT -1] x", "" },
    { "* OK [UIDNEXT] x", "" },
    { "* OK [PERMANENTFLAGS (\\Answered \\Deleted abc \\*)] x", "flags=a keywords=abc new=1" },
    { "* OK [PERMANENTFLAGS ()] x", "flags=0 keywords= new=0" },
    { "* OK [PERMANENTFLAGS] x", "" },
    { "A OK [APPENDUID 38505 3955] x", "number=38505 uidvalidity=38505 destination=3955" },
    { "A OK [APPENDUID 38505 3955:3957] x",
      "number=38505 uidvalidity=38505 destination=3955:3957" },
    { "A OK [COPYUID 38505 304,319:320 3956:3958] x",
      "number=38505 uidvalidity=38505 source=304,319:320 destination=3956:3958" },
    /* who became which can't be known */
    { "A OK [COPYUID 38505 304,300 1:2] x", "number=38505" },
    { "A OK [COPYUID 38505 1:3 1:2] x", "number=38505" },
    { "A OK [COPYUID 38505 1:* 1:*] x", "number=38505" },
    { "A OK [COPYUID 38505 1:3] x", "number=38505" },
    { "A OK [COPYUID 0 1 1] x", "number=0" },
    { "A OK [COPYUID] x", "" },
    { "A OK [APPENDUID 1 0] x", "number=1" },
    { "A OK [APPENDUID x 1] x", "" },
    { "A OK [CAPABILITY IMAP4rev1 MOVE] x", "capabilities=IMAP4REV1 MOVE" },
  };

  check (cases, G_N_ELEMENTS (cases));
}

static void
test_keyword_limit (void)
{
  g_autoptr (GString) bytes = g_string_new ("* 1 FETCH (FLAGS (");
  g_autoptr (CachetImapResponse) response = NULL;
  g_autoptr (CachetImapFetch) fetch = NULL;

  for (guint i = 0; i < CACHET_IMAP_MAX_KEYWORDS + 10; i++)
    g_string_append_printf (bytes, "k%u ", i);
  g_string_append (bytes, "\\Seen) UID 4)");
  response = parse (bytes->str);
  fetch = cachet_imap_extract_fetch (response);
  g_assert_cmpuint (g_strv_length (fetch->keywords), ==, CACHET_IMAP_MAX_KEYWORDS);
  g_assert_cmpint (fetch->flags, ==, CACHET_MESSAGE_FLAG_SEEN);
  g_assert_cmpuint (fetch->uid, ==, 4);
}

static void
test_id_limit (void)
{
  g_autoptr (GString) bytes = g_string_new ("* ID (");
  g_autoptr (CachetImapResponse) response = NULL;
  g_autoptr (GHashTable) fields = NULL;

  for (guint i = 0; i < CACHET_IMAP_MAX_ID_FIELDS + 10; i++)
    g_string_append_printf (bytes, "\"k%u\" \"v\" ", i);
  g_string_append (bytes, ")");
  response = parse (bytes->str);
  fields = cachet_imap_extract_id (response);
  g_assert_cmpuint (g_hash_table_size (fields), ==, CACHET_IMAP_MAX_ID_FIELDS);
}

static void
test_capabilities (void)
{
  g_autoptr (GString) many = g_string_new ("A");
  g_autoptr (CachetImapCapabilities) self =
    cachet_imap_capabilities_new_from_string ("IMAP4rev1  idle AUTH=CRAM-MD5");
  g_autoptr (CachetImapCapabilities) copy = cachet_imap_capabilities_copy (self);
  g_autoptr (CachetImapCapabilities) cut = NULL;
  g_autoptr (CachetImapResponse) other = parse ("* 3 EXISTS");

  g_assert_true (cachet_imap_capabilities_has (copy, "IDLE"));
  g_assert_true (cachet_imap_capabilities_has (copy, "imap4REV1"));
  g_assert_false (cachet_imap_capabilities_has (copy, "IDL"));
  g_assert_false (cachet_imap_capabilities_has (copy, ""));
  g_assert_true (cachet_imap_capabilities_has_auth (copy, "cram-md5"));
  g_assert_false (cachet_imap_capabilities_has_auth (copy, "CRAM"));
  g_assert_false (cachet_imap_capabilities_has (NULL, "IDLE"));
  g_assert_null (cachet_imap_capabilities_new_from_response (other));
  for (guint i = 1; i < CACHET_IMAP_MAX_CAPABILITIES; i++)
    g_string_append_printf (many, " A%u", i);
  g_string_append (many, " LAST");
  cut = cachet_imap_capabilities_new_from_string (many->str);
  g_assert_true (cachet_imap_capabilities_has (cut, "A499"));
  g_assert_false (cachet_imap_capabilities_has (cut, "LAST"));
}

static void
test_dates (void)
{
  static const struct
  {
    const char *text;
    gint64 time; /* G_MININT64: refused */
  } cases[] = {
    { "01-Jan-1970 00:00:00 +0000", 0 },
    { " 1-jan-1970 00:00:00 +0000", 0 },
    { "1-Jan-1970 1:00:00 +0100", 0 },
    { "31-Dec-1969 23:59:59 +0000", -1 },
    { "29-Feb-2000 12:00:00 +0000", 951825600 },
    { "01-Mar-2000 12:00:00 +0000", 951912000 },
    { "17-Jul-1996 02:44:25 -0700", 837596665 },
    { "17-Jul-1996 02:44:25", 837571465 },
    { "31-Dec-9999 23:59:59 +0000", 253402300799 },
    { "30-Jun-2015 23:59:60 +0000", 1435708800 },
    { "29-Feb-1900 00:00:00 +0000", G_MININT64 },
    { "32-Jan-2000 00:00:00 +0000", G_MININT64 },
    { "00-Jan-2000 00:00:00 +0000", G_MININT64 },
    { "01-Foo-2000 00:00:00 +0000", G_MININT64 },
    { "01-Jan-0000 00:00:00 +0000", G_MININT64 },
    { "01-Jan-2000 24:00:00 +0000", G_MININT64 },
    { "01-Jan-2000 00:60:00 +0000", G_MININT64 },
    { "01-Jan-2000 00:00:00 UTC", G_MININT64 },
    { "01-Jan-2000", G_MININT64 },
    { "Mon, 1 Jan 2000 00:00:00", G_MININT64 },
    { "", G_MININT64 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 time = G_MININT64;
      gboolean read = cachet_imap_date_time_parse (cases[i].text, strlen (cases[i].text), &time);

      g_assert_true (read == (cases[i].time != G_MININT64));
      g_assert_cmpint (time, ==, cases[i].time);
    }
  for (guint round = 0; round < 2000; round++)
    {
      gint64 time = (gint64)g_test_rand_double_range (-62135596800.0, 253402300799.0);
      gint64 back = 0;
      g_autofree char *text = cachet_imap_date_time_format (time);

      g_assert_true (cachet_imap_date_time_parse (text, strlen (text), &back));
      g_assert_cmpint (back, ==, time);
    }
}

/* Slices of a response outlive it. */
static void
test_slices (void)
{
  CachetImapResponse *response = parse ("* 1 FETCH (UID 3 BODY[HEADER] \"a: b\")");
  g_autoptr (CachetImapFetch) fetch = cachet_imap_extract_fetch (response);

  cachet_imap_response_unref (response);
  g_assert_cmpmem (g_bytes_get_data (fetch->header, NULL), g_bytes_get_size (fetch->header), "a: b",
                   4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-extract/mailboxes", test_mailboxes);
  g_test_add_func ("/imap-extract/status", test_status);
  g_test_add_func ("/imap-extract/fetch", test_fetch);
  g_test_add_func ("/imap-extract/bodystructure", test_bodystructure);
  g_test_add_func ("/imap-extract/bodystructure-deep-and-wide", test_bodystructure_deep_and_wide);
  g_test_add_func ("/imap-extract/search", test_search);
  g_test_add_func ("/imap-extract/other-data", test_other_data);
  g_test_add_func ("/imap-extract/codes", test_codes);
  g_test_add_func ("/imap-extract/keyword-limit", test_keyword_limit);
  g_test_add_func ("/imap-extract/id-limit", test_id_limit);
  g_test_add_func ("/imap-extract/capabilities", test_capabilities);
  g_test_add_func ("/imap-extract/dates", test_dates);
  g_test_add_func ("/imap-extract/slices", test_slices);
  return g_test_run ();
}
