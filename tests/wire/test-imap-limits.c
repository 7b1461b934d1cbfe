#include "config.h"

#include "cachet-imap-extract.h"
#include "cachet-imap-parser.h"
#include "imap-dump.h"

#include <string.h>

/* How the literal functions answer, and what they were told. */
typedef struct
{
  CachetImapLiteralChoice choice;
  GString *heads; /* dump of each response so far, with a size */
  GString *chunks;
  guint64 remaining;
  guint n_last;
} Streamed;

static CachetImapLiteralChoice
choose_cb (const CachetImapResponse *so_far, guint64 size, gpointer user_data)
{
  Streamed *streamed = user_data;
  g_autofree char *section = NULL;
  guint32 seq = 0;
  guint32 uid = 0;

  if (!cachet_imap_extract_fetch_so_far (so_far, &seq, &uid, &section))
    g_string_append (streamed->heads, "other ");
  g_string_append_printf (streamed->heads, "%u/%u[%s]%" G_GUINT64_FORMAT "\n", seq, uid,
                          section != NULL ? section : "-", size);
  streamed->remaining = size;
  return streamed->choice;
}

static void
chunk_cb (const char *bytes, gsize length, guint64 remaining, gpointer user_data)
{
  Streamed *streamed = user_data;

  g_assert_cmpuint (length, >, 0);
  g_assert_cmpuint (remaining, ==, streamed->remaining - length);
  streamed->remaining = remaining;
  streamed->n_last += remaining == 0;
  g_string_append_len (streamed->chunks, bytes, (gssize)length);
}

static char *
make_bytes (gsize length)
{
  char *bytes = g_malloc (length + 1);

  for (gsize i = 0; i < length; i++)
    bytes[i] = "abc)\r\n{3}\"("[i % 11];
  bytes[length] = '\0';
  return bytes;
}

static void
check_streaming (CachetImapLiteralChoice choice, gsize size, gsize step, const char *dump)
{
  g_autoptr (CachetImapParser) parser = cachet_imap_parser_new ();
  g_autofree char *body = make_bytes (size);
  g_autofree char *head =
    g_strdup_printf ("* 3 FETCH (UID 9 BODY[1.2] {%" G_GSIZE_FORMAT "}\r\n", size);
  g_autofree char *wire = g_strconcat (head, body, " FLAGS ())\r\n* 4 EXISTS\r\n", NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  Streamed streamed = { choice, g_string_new (NULL), g_string_new (NULL), 0, 0 };
  gsize length = strlen (wire);

  cachet_imap_parser_set_literal_funcs (parser, choose_cb, chunk_cb, &streamed);
  for (gsize at = 0; at < length; at += step)
    {
      cachet_imap_parser_feed (parser, wire + at, MIN (step, length - at));
      g_assert_true (imap_dump_take_all (parser, text));
    }
  if (choice == CACHET_IMAP_LITERAL_STREAM && size > CACHET_IMAP_STREAM_THRESHOLD)
    {
      g_assert_cmpuint (streamed.chunks->len, ==, size);
      g_assert_cmpmem (streamed.chunks->str, size, body, size);
      g_assert_cmpuint (streamed.n_last, ==, 1);
    }
  else
    g_assert_cmpuint (streamed.chunks->len, ==, 0);
  if (size > CACHET_IMAP_STREAM_THRESHOLD)
    {
      g_autofree char *told = g_strdup_printf ("3/9[1.2]%" G_GSIZE_FORMAT "\n", size);

      g_assert_cmpstr (streamed.heads->str, ==, told);
    }
  else
    g_assert_cmpuint (streamed.heads->len, ==, 0);
  if (dump != NULL)
    g_assert_cmpstr (text->str, ==, dump);
  else
    g_assert_true (g_str_has_suffix (text->str, " FLAGS ())\n* 4 EXISTS\n"));
  g_string_free (streamed.heads, TRUE);
  g_string_free (streamed.chunks, TRUE);
}

static void
test_streaming (void)
{
  const gsize steps[] = { 1, 1000, 65536, 10000000 };
  const gsize big = CACHET_IMAP_STREAM_THRESHOLD + 1;
  static const char dump[] = "* 3 FETCH (UID 9 BODY[1.2] <65537> FLAGS ())\n* 4 EXISTS\n";

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      check_streaming (CACHET_IMAP_LITERAL_STREAM, big, steps[i], dump);
      check_streaming (CACHET_IMAP_LITERAL_DISCARD, big, steps[i], dump);
      check_streaming (CACHET_IMAP_LITERAL_KEEP, big, steps[i], NULL);
      check_streaming (CACHET_IMAP_LITERAL_STREAM, big - 1, steps[i], NULL);
    }
  check_streaming (CACHET_IMAP_LITERAL_STREAM, 25u * 1024 * 1024, 65536, NULL);
}

/* A streamed body leaves its size in the FETCH, and does not stand in memory. */
static void
test_streamed_fetch (void)
{
  static const char head[] = "* 3 FETCH (BODY[] {4294967295}\r\n";
  g_autoptr (CachetImapParser) parser = cachet_imap_parser_new ();
  g_autoptr (CachetImapResponse) response = NULL;
  g_autoptr (CachetImapFetch) fetch = NULL;
  g_autoptr (GString) unused = g_string_new (NULL);
  Streamed streamed = { CACHET_IMAP_LITERAL_DISCARD, g_string_new (NULL), NULL, 0, 0 };
  g_autofree char *piece = g_malloc0 (16 * 1024 * 1024);

  cachet_imap_parser_set_literal_funcs (parser, choose_cb, chunk_cb, &streamed);
  cachet_imap_parser_feed (parser, head, strlen (head));
  for (guint64 left = CACHET_IMAP_MAX_LITERAL; left > 0;)
    {
      gsize length = (gsize)MIN (left, 16 * 1024 * 1024);

      cachet_imap_parser_feed (parser, piece, length);
      g_assert_true (imap_dump_take_all (parser, unused));
      g_assert_cmpuint (cachet_imap_parser_get_n_buffered (parser), <, 100);
      left -= length;
    }
  cachet_imap_parser_feed (parser, " UID 7)\r\n", 9);
  g_assert_cmpint (cachet_imap_parser_take (parser, &response, NULL), ==, CACHET_IMAP_PARSER_READY);
  fetch = cachet_imap_extract_fetch (response);
  g_assert_cmpint (fetch->body_size, ==, 4294967295);
  g_assert_null (fetch->body);
  g_assert_cmpuint (fetch->uid, ==, 7);
  g_assert_cmpuint (cachet_imap_response_get_n_bytes (response), ==,
                    CACHET_IMAP_MAX_LITERAL + strlen (head) + 9);
  g_string_free (streamed.heads, TRUE);
}

/* Literals that are no body are told apart; behind a long prefix nobody is asked. */
static void
test_streaming_elsewhere (void)
{
  static const struct
  {
    const char *head;
    const char *told;
  } cases[] = {
    { "* LIST () \"/\" {70000}\r\n", "other 0/0[-]70000\n" },
    { "* 5 FETCH (ENVELOPE (NIL {70000}\r\n", "5/0[-]70000\n" },
    { "* 5 FETCH (BODY[HEADER.FIELDS (SUBJECT)] {70000}\r\n",
      "5/0[HEADER.FIELDS (SUBJECT)]70000\n" },
    { "* 5 FETCH (BODY[HEADER] {3}\r\na\r\n UID 2 BODY[] {70000}\r\n", "5/2[]70000\n" },
    { "* 5 FETCH (RFC822 {70000}\r\n", "5/0[]70000\n" },
    { "* 5 FETCH (BINARY[2]<0> ~{70000}\r\n", "5/0[2]70000\n" },
    { "* 0 FETCH (BODY[] {70000}\r\n", "other 0/0[-]70000\n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CachetImapParser) parser = cachet_imap_parser_new ();
      g_autoptr (GString) text = g_string_new (NULL);
      Streamed streamed = { CACHET_IMAP_LITERAL_DISCARD, g_string_new (NULL), NULL, 0, 0 };

      cachet_imap_parser_set_literal_funcs (parser, choose_cb, chunk_cb, &streamed);
      cachet_imap_parser_feed (parser, cases[i].head, strlen (cases[i].head));
      g_assert_true (imap_dump_take_all (parser, text));
      g_assert_cmpstr (streamed.heads->str, ==, cases[i].told);
      g_string_free (streamed.heads, TRUE);
    }
}

static void
test_max_stream_prefix (void)
{
  for (guint extra = 0; extra < 2; extra++)
    {
      g_autoptr (CachetImapParser) parser = cachet_imap_parser_new ();
      g_autoptr (GString) head = g_string_new ("* 1 FETCH (X ");
      g_autoptr (GString) text = g_string_new (NULL);
      Streamed streamed = { CACHET_IMAP_LITERAL_DISCARD, g_string_new (NULL), NULL, 0, 0 };

      while (head->len < CACHET_IMAP_MAX_STREAM_PREFIX - 7 + extra)
        g_string_append_c (head, 'x');
      g_string_append (head, " BODY[] {70000}\r\n");
      g_string_erase (head, 14, 1);
      cachet_imap_parser_set_literal_funcs (parser, choose_cb, chunk_cb, &streamed);
      cachet_imap_parser_feed (parser, head->str, head->len);
      g_assert_true (imap_dump_take_all (parser, text));
      g_assert_cmpuint (streamed.heads->len > 0, ==, extra == 0);
      g_string_free (streamed.heads, TRUE);
    }
}

/* Feeds @bytes and returns how it ends: "" or an error; what comes out is not looked at. */
static char *
end_of (const char *bytes, gsize length)
{
  g_autofree char *dump = imap_dump_stream (bytes, length, 1024 * 1024);

  if (g_str_has_suffix (dump, "LIMIT\n"))
    return g_strdup ("LIMIT");
  return g_strdup (g_str_has_suffix (dump, "SYNTAX\n") ? "SYNTAX" : "");
}

static void
test_max_line (void)
{
  const gsize lengths[] = { CACHET_IMAP_MAX_LINE, CACHET_IMAP_MAX_LINE + 1 };

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autofree char *line = g_malloc (lengths[i]);
      g_autofree char *end = NULL;

      memset (line, 'x', lengths[i]);
      memcpy (line, "* OK ", 5);
      memcpy (line + lengths[i] - 2, "\r\n", 2);
      end = end_of (line, lengths[i]);
      g_assert_cmpstr (end, ==, i == 0 ? "" : "LIMIT");
      /* it is refused before its end comes, too */
      memset (line + lengths[i] - 2, 'x', 2);
      g_free (end);
      end = end_of (line, lengths[i]);
      g_assert_cmpstr (end, ==, i == 0 ? "" : "LIMIT");
    }
}

/* The text between literals counts together: no way around the limit with literals of nothing. */
static void
test_max_line_with_literals (void)
{
  g_autoptr (GString) bytes = g_string_new ("* ID (");
  g_autofree char *filler = g_strnfill (1024 * 1024, 'x');
  g_autofree char *end = NULL;

  for (guint i = 0; i < 17; i++)
    g_string_append_printf (bytes, "%s {0}\r\n", filler);
  end = end_of (bytes->str, bytes->len);
  g_assert_cmpstr (end, ==, "LIMIT");
}

static void
test_max_response (void)
{
  g_autofree char *fits = g_strdup_printf ("* ID {%u}\r\n", CACHET_IMAP_MAX_RESPONSE - 17);
  g_autofree char *over = g_strdup_printf ("* ID {%u}\r\n", CACHET_IMAP_MAX_RESPONSE - 16);
  g_autofree char *end = end_of (fits, strlen (fits));

  g_assert_cmpstr (end, ==, "");
  g_free (end);
  end = end_of (over, strlen (over));
  g_assert_cmpstr (end, ==, "LIMIT");
}

static void
test_max_literals (void)
{
  g_autoptr (GString) bytes = g_string_new ("* ID (");
  g_autofree char *end = NULL;

  for (guint i = 0; i < CACHET_IMAP_MAX_LITERALS; i++)
    g_string_append (bytes, " {1}\r\nx");
  end = end_of (bytes->str, bytes->len);
  g_assert_cmpstr (end, ==, "");
  g_string_append (bytes, " {1}\r\nx");
  g_free (end);
  end = end_of (bytes->str, bytes->len);
  g_assert_cmpstr (end, ==, "LIMIT");
}

static CachetImapResponse *
parse_one (const char *bytes, gsize length)
{
  g_autoptr (CachetImapParser) parser = cachet_imap_parser_new ();
  CachetImapResponse *response = NULL;

  cachet_imap_parser_feed (parser, bytes, length);
  g_assert_cmpint (cachet_imap_parser_take (parser, &response, NULL), ==, CACHET_IMAP_PARSER_READY);
  return response;
}

/* n lists within each other, then something behind them. */
static CachetImapResponse *
parse_nested (guint depth)
{
  g_autoptr (GString) bytes = g_string_new ("* X ");

  for (guint i = 0; i < depth; i++)
    g_string_append_c (bytes, '(');
  g_string_append (bytes, "deep \")\"");
  for (guint i = 0; i < depth; i++)
    g_string_append_c (bytes, ')');
  g_string_append (bytes, " behind\r\n");
  return parse_one (bytes->str, bytes->len);
}

static void
test_max_depth (void)
{
  const guint depths[] = { CACHET_IMAP_MAX_DEPTH, CACHET_IMAP_MAX_DEPTH + 1, 200000 };

  for (gsize i = 0; i < G_N_ELEMENTS (depths); i++)
    {
      g_autoptr (CachetImapResponse) response = parse_nested (depths[i]);
      const CachetImapValue *value = cachet_imap_response_get_first_value (response);
      guint found = 0;

      g_assert_cmpint (cachet_imap_response_get_flaws (response), ==,
                       i == 0 ? CACHET_IMAP_FLAW_NONE : CACHET_IMAP_FLAW_TRUNCATED);
      g_assert_true (cachet_imap_value_is (cachet_imap_value_get_next (value), "behind"));
      for (; cachet_imap_value_is_list (value); value = cachet_imap_value_get_first_child (value))
        found++;
      g_assert_cmpuint (found, ==, CACHET_IMAP_MAX_DEPTH);
      g_assert_true (cachet_imap_value_is (value, "deep") == (i == 0));
    }
}

static void
test_max_values (void)
{
  const guint counts[] = { CACHET_IMAP_MAX_VALUES, CACHET_IMAP_MAX_VALUES + 5 };

  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_autoptr (GString) bytes = g_string_new ("* X");
      g_autoptr (CachetImapResponse) response = NULL;
      guint found = 0;

      for (guint n = 0; n < counts[i]; n++)
        g_string_append (bytes, " 7");
      g_string_append (bytes, "\r\n");
      response = parse_one (bytes->str, bytes->len);
      for (const CachetImapValue *value = cachet_imap_response_get_first_value (response);
           value != NULL; value = cachet_imap_value_get_next (value))
        found++;
      g_assert_cmpuint (found, ==, CACHET_IMAP_MAX_VALUES);
      g_assert_cmpint (cachet_imap_response_get_flaws (response), ==,
                       i == 0 ? CACHET_IMAP_FLAW_NONE : CACHET_IMAP_FLAW_TRUNCATED);
    }
}

/* Anything that looked at bytes twice would take hours here. */
static void
test_no_rescan (void)
{
  g_autoptr (CachetImapParser) parser = cachet_imap_parser_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *line = make_bytes (3 * 1024 * 1024);
  gsize length = strlen (line);

  g_test_timer_start ();
  for (gsize i = 0; i < length; i++)
    {
      char c = strchr ("\r\n", line[i]) == NULL ? line[i] : ' ';

      if (i == 0)
        cachet_imap_parser_feed (parser, "* X ", 4);
      cachet_imap_parser_feed (parser, &c, 1);
      g_assert_true (imap_dump_take_all (parser, text));
      g_assert_cmpuint (text->len, ==, 0);
    }
  cachet_imap_parser_feed (parser, "\r\n", 2);
  g_assert_true (imap_dump_take_all (parser, text));
  g_assert_cmpuint (text->len, >, 0);
  g_assert_cmpfloat (g_test_timer_elapsed (), <, 60);
}

/* Nor does taking from a full buffer move the rest each time. */
static void
test_many_small (void)
{
  g_autoptr (CachetImapParser) parser = cachet_imap_parser_new ();
  g_autoptr (GString) bytes = g_string_new (NULL);
  guint n = 0;

  g_test_timer_start ();
  for (guint i = 0; i < 400000; i++)
    g_string_append (bytes, "* 1 EXISTS\r\n");
  cachet_imap_parser_feed (parser, bytes->str, bytes->len);
  for (;;)
    {
      g_autoptr (CachetImapResponse) response = NULL;

      if (cachet_imap_parser_take (parser, &response, NULL) != CACHET_IMAP_PARSER_READY)
        break;
      cachet_imap_parser_feed (parser, "\n", 1);
      n++;
    }
  g_assert_cmpuint (n, ==, 400000);
  g_assert_cmpfloat (g_test_timer_elapsed (), <, 60);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-limits/streaming", test_streaming);
  g_test_add_func ("/imap-limits/streamed-fetch", test_streamed_fetch);
  g_test_add_func ("/imap-limits/streaming-elsewhere", test_streaming_elsewhere);
  g_test_add_func ("/imap-limits/max-stream-prefix", test_max_stream_prefix);
  g_test_add_func ("/imap-limits/max-line", test_max_line);
  g_test_add_func ("/imap-limits/max-line-with-literals", test_max_line_with_literals);
  g_test_add_func ("/imap-limits/max-response", test_max_response);
  g_test_add_func ("/imap-limits/max-literals", test_max_literals);
  g_test_add_func ("/imap-limits/max-depth", test_max_depth);
  g_test_add_func ("/imap-limits/max-values", test_max_values);
  g_test_add_func ("/imap-limits/no-rescan", test_no_rescan);
  g_test_add_func ("/imap-limits/many-small", test_many_small);
  return g_test_run ();
}
