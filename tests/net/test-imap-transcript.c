#include "config.h"

#include "cachet-test-imap.h"
#include "cachet-test-server.h"

#include <string.h>

/* A whole conversation of tests/transcripts, played to the session: whole, in odd pieces and byte
 * by byte, with the same result. */

static char *
load (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "transcripts", name, NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  GString *played = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      /* What the extractors are to make of it is for the parser's test. */
      if (*lines[i] != '=' && *lines[i] != '\0')
        g_string_append_printf (played, "%s\n", lines[i]);
    }
  return g_string_free (played, FALSE);
}

static void
vanished_cb (CachetImapSession *session, CachetImapSet *uids, gboolean *seen)
{
  *seen = cachet_imap_set_contains (uids, 3) && cachet_imap_set_get_size (uids) == 1;
}

static void
play_dovecot (gsize piece)
{
  g_autofree char *transcript = load ("dovecot/session.txt");
  g_autoptr (CachetTestServer) server = cachet_test_server_new (transcript);
  g_autoptr (CachetWireLog) log = cachet_wire_log_new ();
  g_autoptr (CachetImapSession) session = NULL;
  g_autoptr (GPtrArray) mailboxes = NULL;
  g_autoptr (CachetImapSelected) selected = NULL;
  g_auto (CachetTestWait) wait = { NULL };
  gboolean vanished = FALSE;

  cachet_test_server_set_piece (server, piece);
  session = cachet_test_imap_session_new (server, CACHET_SECURITY_STARTTLS, NULL, log);
  g_signal_connect (session, "vanished", G_CALLBACK (vanished_cb), &vanished);
  cachet_test_imap_connect (session, NULL);
  cachet_test_imap_authenticate (session, "ann", "s3cret-pass", "auto", FALSE, NULL);
  mailboxes = cachet_test_imap_list (session, NULL);
  g_assert_cmpuint (mailboxes->len, ==, 3);
  g_assert_cmpuint (((CachetImapMailbox *)g_ptr_array_index (mailboxes, 0))->status.uidnext, ==, 4);
  g_assert_cmpint (((CachetImapMailbox *)g_ptr_array_index (mailboxes, 1))->role, ==,
                   CACHET_FOLDER_ROLE_SENT);
  cachet_imap_session_select_async (session, "INBOX", FALSE, 1764000000, 7, NULL,
                                    cachet_test_wait_cb, &wait);
  selected = cachet_imap_session_select_finish (session, cachet_test_wait (&wait), NULL);
  g_assert_cmpuint (selected->status.messages, ==, 3);
  g_assert_cmpuint (selected->status.highestmodseq, ==, 9);
  g_assert_cmpuint (selected->changes->len, ==, 1);
  g_assert_true (cachet_imap_set_contains (selected->vanished, 2));
  g_assert_true (cachet_imap_session_start_idle (session));
  cachet_test_wait_for (&vanished);
  cachet_test_imap_logout (session, NULL);
  cachet_test_server_finish (server);
  cachet_test_assert_not_in_log (log, "s3cret-pass");
}

static void
test_dovecot (void)
{
  play_dovecot (0);
  play_dovecot (1);
  play_dovecot (13);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-transcript/dovecot", test_dovecot);

  return g_test_run ();
}
