#include "config.h"

#include "cachet-imap-parser.h"
#include "imap-dump.h"

#include <string.h>

/* A file of tests/transcripts: what the server sends, and what is to be made of it. */
typedef struct
{
  GString *sent;
  GPtrArray *expected; /* char * */
} Transcript;

static void
add_sent (Transcript *transcript, const char *text)
{
  const char *tag;

  for (; (tag = strstr (text, "$1")) != NULL; text = tag + 2)
    {
      g_string_append_len (transcript->sent, text, tag - text);
      g_string_append (transcript->sent, "A1");
    }
  g_string_append (transcript->sent, text);
}

static const char *
argument (const char *line)
{
  return line[2] == ' ' ? line + 3 : line + 2;
}

static void
read_line (Transcript *transcript, const char *line)
{
  g_autofree char *bytes = NULL;

  if (g_str_has_prefix (line, "S:"))
    {
      add_sent (transcript, argument (line));
      g_string_append (transcript->sent, "\r\n");
    }
  else if (g_str_has_prefix (line, "S!"))
    {
      bytes = g_strcompress (argument (line));
      add_sent (transcript, bytes);
    }
  else if (g_str_has_prefix (line, "= "))
    g_ptr_array_add (transcript->expected, g_strdup (line + 2));
  else if (*line != '\0' && *line != '#')
    g_assert_true (strchr ("CBTWEXR", *line) != NULL && line[1] == ':');
}

static Transcript
read_transcript (const char *path)
{
  Transcript transcript = { g_string_new (NULL), g_ptr_array_new_with_free_func (g_free) };
  g_autofree char *content = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &content, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (content, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    read_line (&transcript, lines[i]);
  return transcript;
}

static void
play (const Transcript *transcript, gsize step)
{
  g_autoptr (CachetImapParser) parser = cachet_imap_parser_new ();
  guint n_extracted = 0;

  for (gsize at = 0; at < transcript->sent->len; at += step)
    {
      cachet_imap_parser_feed (parser, transcript->sent->str + at,
                               MIN (step, transcript->sent->len - at));
      for (;;)
        {
          g_autoptr (CachetImapResponse) response = NULL;
          g_autoptr (GError) error = NULL;
          g_autofree char *extracted = NULL;

          if (cachet_imap_parser_take (parser, &response, &error) != CACHET_IMAP_PARSER_READY)
            {
              g_assert_no_error (error);
              break;
            }
          extracted = imap_dump_extracted (response);
          if (*extracted == '\0')
            continue;
          if (n_extracted == transcript->expected->len)
            g_error ("not expected: %s", extracted);
          if (!g_str_equal (extracted, g_ptr_array_index (transcript->expected, n_extracted)))
            g_test_fail_printf ("%s\ninstead of\n%s", extracted,
                                (char *)g_ptr_array_index (transcript->expected, n_extracted));
          n_extracted++;
        }
    }
  g_assert_cmpuint (n_extracted, ==, transcript->expected->len);
  g_assert_true (cachet_imap_parser_is_between_responses (parser));
}

/* Cut at each place: no error, nothing made up; the test of what came before is play()'s. */
static void
cut (const Transcript *transcript)
{
  g_autofree char *whole =
    imap_dump_stream (transcript->sent->str, transcript->sent->len, transcript->sent->len);

  for (gsize length = 0; length < transcript->sent->len; length++)
    {
      g_autofree char *part = imap_dump_stream (transcript->sent->str, length, MAX (length, 1));

      g_assert_true (g_str_has_prefix (whole, part));
      g_assert_cmpuint (strlen (part), <, strlen (whole));
    }
}

static void
test_transcript (gconstpointer data)
{
  Transcript transcript = read_transcript (data);
  const gsize steps[] = { 1, 2, 7, 100, 1000000 };

  g_assert_cmpuint (transcript.expected->len, >, 5);
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    play (&transcript, steps[i]);
  cut (&transcript);
  g_string_free (transcript.sent, TRUE);
  g_ptr_array_unref (transcript.expected);
}

/* One test for each file of each folder. */
static guint
add_folder (const char *path, const char *dialect)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;
  guint n = 0;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *test = g_strdup_printf ("/imap-transcripts/%s/%s", dialect, name);

      g_test_add_data_func_full (test, g_build_filename (path, name, NULL), test_transcript,
                                 g_free);
      n++;
    }
  return n;
}

int
main (int argc, char **argv)
{
  static const char *const dialects[] = { "dovecot",  "cyrus", "courier",
                                          "exchange", "gmail", "domino" };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (dialects); i++)
    {
      g_autofree char *path =
        g_test_build_filename (G_TEST_DIST, "..", "transcripts", dialects[i], NULL);

      g_assert_cmpuint (add_folder (path, dialects[i]), >, 0);
    }
  return g_test_run ();
}
