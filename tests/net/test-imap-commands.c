#include "config.h"

#include "cachet-test-imap.h"

#include <string.h>

/* Commands, each against a script, in one piece and byte by byte: answers, refusals, fallbacks. */

#define PREAUTH(caps) "S: * PREAUTH [CAPABILITY IMAP4rev1 " caps "] hi\n"
#define SELECT                                \
  "C: $s SELECT INBOX\n"                      \
  "S: * FLAGS (\\Seen \\Deleted)\n"           \
  "S: * 3 EXISTS\n"                           \
  "S: * OK [UIDVALIDITY 7] .\n"               \
  "S: * OK [UIDNEXT 40] .\n"                  \
  "S: * OK [PERMANENTFLAGS (\\Seen \\*)] .\n" \
  "S: $s OK [READ-WRITE] done\n"
#define END "E:\n"

typedef struct
{
  CachetTestServer *server;
  CachetWireLog *log;
  CachetImapSession *session;
  GString *events; /* of signals, as text */
  guint n_closed;
} Fixture;

static void
exists_cb (CachetImapSession *session, guint n, Fixture *fixture)
{
  g_string_append_printf (fixture->events, "exists %u\n", n);
}

static void
expunged_cb (CachetImapSession *session, guint seq, guint uid, Fixture *fixture)
{
  g_string_append_printf (fixture->events, "expunged %u %u\n", seq, uid);
}

static void
vanished_cb (CachetImapSession *session, CachetImapSet *uids, Fixture *fixture)
{
  g_autofree char *text = cachet_imap_set_to_string (uids);

  g_string_append_printf (fixture->events, "vanished %s\n", text);
}

static void
fetched_cb (CachetImapSession *session, CachetImapFetch *fetch, Fixture *fixture)
{
  g_string_append_printf (fixture->events, "fetched %u %u %x\n", fetch->seq, fetch->uid,
                          fetch->flags);
}

static void
closed_cb (CachetImapSession *session, const GError *error, Fixture *fixture)
{
  fixture->n_closed++;
}

static Fixture *
fixture_new (gsize piece, const char *transcript)
{
  Fixture *fixture = g_new0 (Fixture, 1);

  fixture->server = cachet_test_server_new (transcript);
  cachet_test_server_set_piece (fixture->server, piece);
  fixture->log = cachet_wire_log_new ();
  fixture->session =
    cachet_test_imap_session_new (fixture->server, CACHET_SECURITY_NONE, NULL, fixture->log);
  fixture->events = g_string_new (NULL);
  g_signal_connect (fixture->session, "exists", G_CALLBACK (exists_cb), fixture);
  g_signal_connect (fixture->session, "expunged", G_CALLBACK (expunged_cb), fixture);
  g_signal_connect (fixture->session, "vanished", G_CALLBACK (vanished_cb), fixture);
  g_signal_connect (fixture->session, "fetched", G_CALLBACK (fetched_cb), fixture);
  g_signal_connect (fixture->session, "closed", G_CALLBACK (closed_cb), fixture);
  cachet_test_imap_connect (fixture->session, NULL);
  return fixture;
}

static Fixture *
fixture_new_selected (gsize piece, const char *transcript)
{
  Fixture *fixture = fixture_new (piece, transcript);
  g_autoptr (CachetImapSelected) selected =
    cachet_test_imap_select (fixture->session, "INBOX", NULL);

  g_assert_cmpstr (cachet_imap_session_get_selected (fixture->session), ==, "INBOX");
  return fixture;
}

static void
fixture_free (Fixture *fixture)
{
  cachet_imap_session_disconnect (fixture->session);
  cachet_test_server_finish (fixture->server);
  g_assert_cmpuint (fixture->n_closed, ==, 1);
  g_object_add_weak_pointer (G_OBJECT (fixture->session), (gpointer *)&fixture->session);
  g_object_unref (fixture->session);
  cachet_test_wait_ms (1);
  g_assert_null (fixture->session);
  cachet_test_server_free (fixture->server);
  g_object_unref (fixture->log);
  g_string_free (fixture->events, TRUE);
  g_free (fixture);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static const gsize pieces[] = { 0, 1 };
#define FOR_EACH_PIECE(i) for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)

static void
wait_order (Fixture *fixture, CachetTestWait *wait, int code)
{
  g_autoptr (GError) error = NULL;

  cachet_imap_session_order_finish (fixture->session, cachet_test_wait (wait), &error);
  if (code < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, CACHET_NET_ERROR, code);
  cachet_test_wait_clear (wait);
}

/* Mailboxes */

static CachetImapMailbox *
find (GPtrArray *mailboxes, const char *name)
{
  for (guint i = 0; i < mailboxes->len; i++)
    {
      CachetImapMailbox *mailbox = g_ptr_array_index (mailboxes, i);

      if (g_str_equal (mailbox->name, name))
        return mailbox;
    }
  return NULL;
}

static void
test_list_extended (void)
{
  FOR_EACH_PIECE (i)
  {
    g_autoptr (Fixture) fixture = fixture_new (
      pieces[i],
      PREAUTH (
        "LIST-EXTENDED LIST-STATUS SPECIAL-USE CONDSTORE") "C: $l LIST \"\" \"?\" RETURN "
                                                           "(SUBSCRIBED CHILDREN SPECIAL-USE "
                                                           "STATUS (MESSAGES UIDNEXT UIDVALIDITY "
                                                           "UNSEEN "
                                                           "HIGHESTMODSEQ))\n"
                                                           "S: * STATUS inbox (MESSAGES 1)\n"
                                                           "S: * LIST (\\Subscribed "
                                                           "\\HasNoChildren) \"/\" INBOX\n"
                                                           "S: * STATUS INBOX (MESSAGES 5 UIDNEXT "
                                                           "9 UIDVALIDITY 3 UNSEEN 1 HIGHESTMODSEQ "
                                                           "77)\n"
                                                           "S: * LIST (\\Sent) \"/\" \"Sent "
                                                           "\\\"Mail\\\"\"\n"
                                                           "S! * LIST () NIL "
                                                           "{4}\\r\\na\\\\*b\\r\\n\n"
                                                           "S: * LIST () \"/\" \"tab\tbed\"\n"
                                                           "S: * LIST (\\Noselect \\NonExistent) "
                                                           "\".\" gone\n"
                                                           "S: * LIST () \"/\" INBOX\n"
                                                           "S: $l OK\n" END);
    g_autoptr (GPtrArray) mailboxes = cachet_test_imap_list (fixture->session, NULL);
    CachetImapMailbox *inbox = find (mailboxes, "INBOX");

    g_assert_cmpuint (mailboxes->len, ==, 5);
    g_assert_cmpuint (inbox->status.messages, ==, 5);
    g_assert_cmpuint (inbox->status.highestmodseq, ==, 77);
    g_assert_true (inbox->attributes & CACHET_IMAP_MAILBOX_SUBSCRIBED);
    g_assert_cmpint (find (mailboxes, "Sent \"Mail\"")->role, ==, CACHET_FOLDER_ROLE_SENT);
    g_assert_cmpint (find (mailboxes, "a\\*b")->delimiter, ==, 0);
    g_assert_true (find (mailboxes, "gone")->attributes & CACHET_IMAP_MAILBOX_NONEXISTENT);
    g_assert_nonnull (find (mailboxes, "tab\tbed"));
  }
}

static void
test_list_plain (void)
{
  g_autoptr (Fixture) fixture =
    fixture_new (0, PREAUTH ("") "C: $l LIST \"\" \"?\"\nC: $u LSUB \"\" \"?\"\n"
                                 "S: * LIST () \".\" INBOX\nS: * LIST () \".\" Work\nS: $l OK\n"
                                 "S: * LSUB () \".\" Work\nS: * LSUB () \".\" Deleted.long.ago\n"
                                 "S: $u OK\n" END);
  g_autoptr (GPtrArray) mailboxes = cachet_test_imap_list (fixture->session, NULL);

  g_assert_cmpuint (mailboxes->len, ==, 2);
  g_assert_false (find (mailboxes, "INBOX")->attributes & CACHET_IMAP_MAILBOX_SUBSCRIBED);
  g_assert_true (find (mailboxes, "Work")->attributes & CACHET_IMAP_MAILBOX_SUBSCRIBED);
}

static void
test_list_xlist (void)
{
  g_autoptr (Fixture) fixture = fixture_new (
    0, PREAUTH ("XLIST") "C: $l XLIST \"\" \"?\"\nC: $u LSUB \"\" \"?\"\n"
                         "S: * XLIST (\\Inbox) \"/\" INBOX\n"
                         "S: * XLIST (\\Trash) \"/\" Corbeille\nS: $l OK\nS: $u NO\n" END);
  g_autoptr (GPtrArray) mailboxes = cachet_test_imap_list (fixture->session, NULL);

  /* That LSUB is refused is no harm. */
  g_assert_cmpuint (mailboxes->len, ==, 2);
  g_assert_cmpint (find (mailboxes, "Corbeille")->role, ==, CACHET_FOLDER_ROLE_TRASH);
}

static void
test_status (void)
{
  g_autoptr (Fixture) fixture = fixture_new (
    0, PREAUTH ("") "C: $a STATUS INBOX (MESSAGES UIDNEXT UIDVALIDITY UNSEEN)\n"
                    "C: $b STATUS \"a b\" *\n"
                    "S: * STATUS \"a b\" (MESSAGES 2)\nS: * STATUS inbox (MESSAGES 1)\n"
                    "S: $b OK\nS: $a OK\n"
                    "C: $c STATUS INBOX *\nS: $c OK\n" END);
  g_auto (CachetTestWait) first = { NULL };
  g_auto (CachetTestWait) second = { NULL };
  g_auto (CachetTestWait) third = { NULL };
  CachetImapStatus status = { 0 };
  g_autoptr (GError) error = NULL;

  cachet_imap_session_status_async (fixture->session, "INBOX", NULL, cachet_test_wait_cb, &first);
  cachet_imap_session_status_async (fixture->session, "a b", NULL, cachet_test_wait_cb, &second);
  g_assert_true (
    cachet_imap_session_status_finish (fixture->session, cachet_test_wait (&first), &status, NULL));
  g_assert_cmpuint (status.messages, ==, 1);
  g_assert_true (cachet_imap_session_status_finish (fixture->session, cachet_test_wait (&second),
                                                    &status, NULL));
  g_assert_cmpuint (status.messages, ==, 2);
  cachet_imap_session_status_async (fixture->session, "INBOX", NULL, cachet_test_wait_cb, &third);
  g_assert_false (cachet_imap_session_status_finish (fixture->session, cachet_test_wait (&third),
                                                     &status, &error));
  g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_PROTOCOL);
}

static void
test_orders (void)
{
  g_autoptr (Fixture) fixture =
    fixture_new (0, PREAUTH ("") "C: $a CREATE \"a b\"\nS: $a NO [ALREADYEXISTS] there\n"
                                 "C: $b RENAME x \"y \\\"z\"\nS: $b NO [NONEXISTENT] gone\n"
                                 "C: $c DELETE x\nS: $c BAD\n"
                                 "C: $d SUBSCRIBE x\nS: $d OK\n"
                                 "C: $e UNSUBSCRIBE x\nS: $e NO [OVERQUOTA] full\n"
                                 "C: $f NOOP\nS: $f NO\n" END);
  CachetImapSession *session = fixture->session;
  g_auto (CachetTestWait) wait = { NULL };

  cachet_imap_session_create_async (session, "a b", NULL, cachet_test_wait_cb, &wait);
  wait_order (fixture, &wait, CACHET_NET_ERROR_EXISTS);
  cachet_imap_session_rename_async (session, "x", "y \"z", NULL, cachet_test_wait_cb, &wait);
  wait_order (fixture, &wait, CACHET_NET_ERROR_NOT_FOUND);
  cachet_imap_session_delete_async (session, "x", NULL, cachet_test_wait_cb, &wait);
  wait_order (fixture, &wait, CACHET_NET_ERROR_BAD);
  cachet_imap_session_subscribe_async (session, "x", TRUE, NULL, cachet_test_wait_cb, &wait);
  wait_order (fixture, &wait, -1);
  cachet_imap_session_subscribe_async (session, "x", FALSE, NULL, cachet_test_wait_cb, &wait);
  wait_order (fixture, &wait, CACHET_NET_ERROR_OVERQUOTA);
  cachet_imap_session_noop_async (session, NULL, cachet_test_wait_cb, &wait);
  wait_order (fixture, &wait, CACHET_NET_ERROR_NO);
}

/* Names in every odd form come out as one argument (and LITERAL+ needs no turn). */
static void
test_odd_names (void)
{
  g_autoptr (Fixture) fixture =
    fixture_new (0, PREAUTH ("LITERAL+") "C: $a CREATE \"a\\\\b\"\nS: $a OK\n"
                                         "C: $b CREATE {11+}\nC: x\nC: y LOGOUT\nS: $b OK\n"
                                         "C: $c CREATE \"\"\nS: $c OK\n"
                                         "C: $d CREATE {3+}\nC: *\nS: $d OK\n" END);
  static const char *const names[] = { "a\\b", "x\r\ny LOGOUT", "", "\xc3\xa9!" };
  g_auto (CachetTestWait) wait = { NULL };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      cachet_imap_session_create_async (fixture->session, names[i], NULL, cachet_test_wait_cb,
                                        &wait);
      wait_order (fixture, &wait, -1);
    }
}

/* Opening a mailbox */

static void
test_select (void)
{
  FOR_EACH_PIECE (i)
  {
    g_autoptr (Fixture) fixture = fixture_new (
      pieces[i], PREAUTH ("") SELECT "C: $n SELECT gone\nS: $n NO [NONEXISTENT] no\n"
                                     "C: $e EXAMINE INBOX\nS: * 0 EXISTS\nS: $e OK\n" END);
    g_autoptr (CachetImapSelected) first = NULL;
    g_autoptr (CachetImapSelected) third = NULL;
    g_auto (CachetTestWait) wait = { NULL };
    g_autoptr (GError) error = NULL;

    first = cachet_test_imap_select (fixture->session, "INBOX", NULL);
    g_assert_cmpuint (first->status.messages, ==, 3);
    g_assert_cmpuint (first->status.uidvalidity, ==, 7);
    g_assert_cmpuint (first->status.uidnext, ==, 40);
    g_assert_false (first->status.fields & CACHET_IMAP_STATUS_HIGHESTMODSEQ);
    g_assert_false (first->read_only);
    g_assert_cmpint (first->permanent_flags, ==, CACHET_MESSAGE_FLAG_SEEN);
    g_assert_true (first->allows_keywords);
    g_assert_cmpint (cachet_imap_session_get_state (fixture->session), ==,
                     CACHET_IMAP_STATE_SELECTED);
    g_assert_cmpstr (fixture->events->str, ==, "");

    /* A failed SELECT leaves no mailbox open. */
    g_assert_null (cachet_test_imap_select (fixture->session, "gone", &error));
    g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_NOT_FOUND);
    g_assert_null (cachet_imap_session_get_selected (fixture->session));
    g_clear_error (&error);
    g_assert_false (cachet_test_imap_expunge (fixture->session, NULL, &error));
    g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_NOT_FOUND);

    cachet_imap_session_select_async (fixture->session, "INBOX", TRUE, 0, 0, NULL,
                                      cachet_test_wait_cb, &wait);
    third = cachet_imap_session_select_finish (fixture->session, cachet_test_wait (&wait), NULL);
    g_assert_true (third->read_only);
    g_assert_false (third->status.fields & CACHET_IMAP_STATUS_UIDVALIDITY);
  }
}

static void
test_select_qresync (void)
{
  g_autoptr (Fixture) fixture = fixture_new (
    0, PREAUTH ("ENABLE QRESYNC") "C: $e ENABLE QRESYNC\nS: * ENABLED QRESYNC\nS: $e OK\n"
                                  "C: $a SELECT INBOX\nS: * 9 EXISTS\nS: $a OK\n"
                                  "C: $b SELECT Work (QRESYNC (67 90060115194045000))\n"
                                  "S: * 1 FETCH (UID 1 FLAGS ())\nS: * VANISHED 5\n"
                                  "S: * OK [CLOSED] .\n"
                                  "S: * 314 EXISTS\nS: * OK [UIDVALIDITY 67] .\n"
                                  "S: * OK [HIGHESTMODSEQ 9223372036854775807] .\n"
                                  "S: * VANISHED (EARLIER) 7:4294967295\n"
                                  "S: * 49 FETCH (UID 117 FLAGS (\\Seen) MODSEQ (9))\n"
                                  "S: $b OK [READ-ONLY] done\n" END);
  g_autoptr (CachetImapSelected) first = NULL;
  g_autoptr (CachetImapSelected) second = NULL;
  g_auto (CachetTestWait) wait = { NULL };
  CachetImapFetch *change;

  cachet_test_imap_authenticate (fixture->session, "x", "y", "auto", FALSE, NULL);
  first = cachet_test_imap_select (fixture->session, "INBOX", NULL);
  cachet_imap_session_select_async (fixture->session, "Work", FALSE, 67,
                                    G_GUINT64_CONSTANT (90060115194045000), NULL,
                                    cachet_test_wait_cb, &wait);
  second = cachet_imap_session_select_finish (fixture->session, cachet_test_wait (&wait), NULL);
  g_assert_nonnull (second);
  g_assert_cmpuint (second->status.messages, ==, 314);
  g_assert_cmpuint (second->status.highestmodseq, ==, G_MAXINT64);
  g_assert_true (second->read_only);
  /* What came before [CLOSED] was about the other mailbox. */
  g_assert_false (cachet_imap_set_contains (second->vanished, 5));
  g_assert_true (cachet_imap_set_contains (second->vanished, G_MAXUINT32));
  g_assert_cmpuint (second->changes->len, ==, 1);
  change = g_ptr_array_index (second->changes, 0);
  g_assert_cmpuint (change->uid, ==, 117);
  g_assert_cmpstr (fixture->events->str, ==, "");
}

static void
test_leave (void)
{
  g_autoptr (Fixture) fixture =
    fixture_new (0, PREAUTH ("UNSELECT") SELECT "C: $u UNSELECT\nS: $u OK\n" SELECT
                                                "C: $c CLOSE\nS: $c OK\n" END);
  g_autoptr (Fixture) plain =
    fixture_new (0, PREAUTH ("") SELECT "C: $u EXAMINE no-such-mailbox-*\nS: $u NO\n" END);
  g_auto (CachetTestWait) wait = { NULL };

  cachet_imap_selected_free (cachet_test_imap_select (fixture->session, "INBOX", NULL));
  cachet_imap_session_unselect_async (fixture->session, NULL, cachet_test_wait_cb, &wait);
  wait_order (fixture, &wait, -1);
  g_assert_null (cachet_imap_session_get_selected (fixture->session));
  cachet_imap_selected_free (cachet_test_imap_select (fixture->session, "INBOX", NULL));
  cachet_imap_session_close_mailbox_async (fixture->session, NULL, cachet_test_wait_cb, &wait);
  wait_order (fixture, &wait, -1);
  g_assert_cmpint (cachet_imap_session_get_state (fixture->session), ==,
                   CACHET_IMAP_STATE_AUTHENTICATED);

  cachet_imap_selected_free (cachet_test_imap_select (plain->session, "INBOX", NULL));
  cachet_imap_session_unselect_async (plain->session, NULL, cachet_test_wait_cb, &wait);
  wait_order (plain, &wait, -1);
  g_assert_null (cachet_imap_session_get_selected (plain->session));
}

/* Fetching */

#define ROW_ITEMS                                                                         \
  "(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (From To Cc Subject Date " \
  "Message-ID References In-Reply-To Content-Type)])"

static void
test_fetch_rows (void)
{
  FOR_EACH_PIECE (i)
  {
    g_autoptr (Fixture) fixture = fixture_new_selected (
      pieces[i], PREAUTH ("") SELECT
      "C: $f UID FETCH 1:9 " ROW_ITEMS "\n"
      "S! * 1 FETCH (UID 4 FLAGS (\\\\Seen) INTERNALDATE \"01-Jan-2026 10:00:00 +0000\" "
      "RFC822.SIZE 44 BODY[HEADER.FIELDS (FROM)] {15}\\r\\nSubject: one\\r\\n\\0)\\r\\n\n"
      /* A flag change, an arrival and a removal in the middle; then a row without UID. */
      "S: * 2 FETCH (UID 5 FLAGS (\\Flagged))\n"
      "S: * 4 EXISTS\nS: * 3 EXPUNGE\nS: * WHATEVER 7\n"
      "S: * 2 FETCH (UID 6 RFC822.SIZE 10 FLAGS () BODY[HEADER.FIELDS (FROM)] \"X: y\")\n"
      "S: * 2 FETCH (UID 70 RFC822.SIZE 10 FLAGS () BODY[HEADER.FIELDS (FROM)] NIL)\n"
      "S: $f OK done\n" END);
    g_autoptr (GPtrArray) rows =
      cachet_test_imap_fetch (fixture->session, "1:9", CACHET_IMAP_FETCH_ROW, 0, NULL);
    CachetImapFetch *row;

    g_assert_cmpuint (rows->len, ==, 2);
    row = g_ptr_array_index (rows, 0);
    g_assert_cmpuint (row->uid, ==, 4);
    g_assert_cmpint (row->size, ==, 44);
    g_assert_cmpuint (g_bytes_get_size (row->header), ==, 15);
    g_assert_cmpint (row->internal_date, ==, 1767261600);
    g_assert_cmpstr (fixture->events->str, ==,
                     "fetched 2 5 4\nexists 4\nexpunged 3 0\nfetched 2 70 0\n");
  }
}

static void
test_fetch_changes (void)
{
  g_autoptr (Fixture) fixture = fixture_new (
    0, PREAUTH (
         "ENABLE QRESYNC CONDSTORE") "C: $e ENABLE QRESYNC\nS: * ENABLED QRESYNC\nS: $e OK\n" SELECT
                                     "C: $f UID FETCH 1:4294967295 (UID FLAGS MODSEQ) "
                                     "(CHANGEDSINCE 12 VANISHED)\n"
                                     "S: * VANISHED (EARLIER) 1:3\nS: * 1 FETCH (UID 4 FLAGS "
                                     "(\\Seen) MODSEQ (13))\n"
                                     "S: * 1 FETCH (UID 4 FLAGS (\\Seen) MODSEQ (-5))\n"
                                     "S: $f OK\n" END);
  g_autoptr (GPtrArray) rows = NULL;

  cachet_test_imap_authenticate (fixture->session, "x", "y", "auto", FALSE, NULL);
  cachet_imap_selected_free (cachet_test_imap_select (fixture->session, "INBOX", NULL));
  rows = cachet_test_imap_fetch (fixture->session, "1:*", CACHET_IMAP_FETCH_FLAGS, 12, NULL);
  g_assert_cmpuint (rows->len, ==, 2);
  g_assert_cmpuint (((CachetImapFetch *)g_ptr_array_index (rows, 0))->modseq, ==, 13);
  g_assert_cmpstr (fixture->events->str, ==, "vanished 1:3\n");
}

/* A set longer than a line goes out in pieces, all at once, and ends as one. */
static void
test_fetch_long_set (void)
{
  g_autoptr (Fixture) fixture = fixture_new_selected (
    0, PREAUTH ("") SELECT
    "C: $a UID FETCH 1,3,*\nC: $b UID FETCH *\n"
    "S: * 1 FETCH (UID 1 FLAGS ())\nS: $a OK\n"
    "S: * 2 FETCH (UID 1999 FLAGS ())\nS: $b NO [EXPUNGEISSUED] some gone\n" END);
  g_autoptr (GString) uids = g_string_new ("1");
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 3; i < 2000; i += 2)
    g_string_append_printf (uids, ",%u", i);
  rows = cachet_test_imap_fetch (fixture->session, uids->str, CACHET_IMAP_FETCH_FLAGS, 0, &error);
  g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_NO);
  g_assert_cmpuint (rows->len, ==, 2);
}

static void
check_body (const char *answer, const char *expected, int code)
{
  FOR_EACH_PIECE (i)
  {
    g_autofree char *transcript =
      g_strconcat (PREAUTH ("") SELECT, "C: $f UID FETCH 5 (UID BODY.PEEK[])\n", answer, END, NULL);
    g_autoptr (Fixture) fixture = fixture_new_selected (pieces[i], transcript);
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) body = cachet_test_imap_fetch_body (fixture->session, 5, "", &error);

    if (expected != NULL)
      {
        g_assert_no_error (error);
        g_assert_cmpmem (g_bytes_get_data (body, NULL), g_bytes_get_size (body), expected,
                         strlen (expected));
      }
    else
      g_assert_error (error, CACHET_NET_ERROR, code);
  }
}

static void
test_body (void)
{
  check_body ("S! * 2 FETCH (UID 5 BODY[] {5}\\r\\nhello)\\r\\n$f OK\\r\\n\n", "hello", 0);
  check_body ("S! * 2 FETCH (BODY[] {5}\\r\\nhello UID 5)\\r\\n$f OK\\r\\n\n", "hello", 0);
  check_body ("S: * 2 FETCH (UID 5 BODY[] \"hello\")\nS: $f OK\n", "hello", 0);
  check_body ("S: * 2 FETCH (UID 5 BODY[] \"\")\nS: $f OK\n", "", 0);
  /* Twice: the first counts. */
  check_body (
    "S: * 2 FETCH (UID 5 BODY[] \"one\")\nS: * 2 FETCH (UID 5 BODY[] \"two\")\nS: $f OK\n", "one",
    0);
  /* Others' things in between. */
  check_body ("S: * 1 FETCH (UID 4 BODY[] \"other\")\nS: * 9 EXISTS\nS: * 1 EXPUNGE\n"
              "S: * 1 FETCH (FLAGS (\\Seen) UID 5 BODY[] \"mine\")\nS: $f OK\n",
              "mine", 0);
  check_body ("S: * 2 FETCH (UID 5 BODY[] NIL)\nS: $f OK\n", NULL, CACHET_NET_ERROR_NOT_FOUND);
  check_body ("S: * 2 FETCH (UID 5 FLAGS ())\nS: $f OK\n", NULL, CACHET_NET_ERROR_NOT_FOUND);
  check_body ("S: $f OK\n", NULL, CACHET_NET_ERROR_NOT_FOUND);
  check_body ("S: $f NO [UNKNOWN-CTE] can't\n", NULL, CACHET_NET_ERROR_NO);
  check_body ("S! * 2 FETCH (UID 5 BODY[] {10}\\r\\nhello\nX:\n", NULL, CACHET_NET_ERROR_CLOSED);
  check_body ("S: * 2 FETCH (UID 5 BODY[] {-1}\nE:\n", NULL, CACHET_NET_ERROR_PROTOCOL);
  check_body ("S: * 2 FETCH (UID 5 BODY[] {99999999999999999999999999}\nE:\n", NULL,
              CACHET_NET_ERROR_LIMIT);
}

/* Over the threshold: streamed into the sink, never whole in memory. */
static void
check_large_body (const char *before, const char *after, guint32 size, int code)
{
  g_autofree char *text = g_strnfill (size, 'x');
  g_autofree char *transcript = g_strdup_printf (
    PREAUTH ("") SELECT "C: $f UID FETCH 5 (UID BODY.PEEK[])\n"
                        "S! * 2 FETCH (%sBODY[] {%u}\\r\\n%s%s)\\r\\n$f OK\\r\\n\n" END,
    before, size, text, after);
  g_autoptr (Fixture) fixture = fixture_new_selected (0, transcript);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = cachet_test_imap_fetch_body (fixture->session, 5, "", &error);

  if (code < 0)
    g_assert_cmpmem (g_bytes_get_data (body, NULL), g_bytes_get_size (body), text, size);
  else
    g_assert_error (error, CACHET_NET_ERROR, code);
}

static void
test_large_body (void)
{
  check_large_body ("UID 5 ", "", 300000, -1);
  check_large_body ("", " UID 5", 300000, -1);
  /* Another message's: known before, or only behind the bytes. */
  check_large_body ("UID 6 ", "", 300000, CACHET_NET_ERROR_NOT_FOUND);
  check_large_body ("", " UID 6", 300000, CACHET_NET_ERROR_PROTOCOL);
}

/* A body goes before what is queued, and cancelling it hurts nothing else. */
static void
test_body_cancelled (void)
{
  g_autofree char *text = g_strnfill (200000, 'x');
  g_autofree char *transcript = g_strdup_printf (
    PREAUTH ("") SELECT "C: $f UID FETCH 5 (UID BODY.PEEK[])\nC: $n NOOP\n"
                        "S! * 2 FETCH (UID 5 BODY[] {200000}\\r\\n%s)\\r\\n$f OK\\r\\n\n"
                        "S: $n OK\n" END,
    text);
  g_autoptr (Fixture) fixture = fixture_new_selected (0, transcript);
  g_autoptr (GOutputStream) sink = g_memory_output_stream_new_resizable ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (CachetTestWait) wait = { NULL };
  g_autoptr (GError) error = NULL;

  cachet_imap_session_fetch_body_async (fixture->session, 5, "", sink, NULL, NULL, cancellable,
                                        cachet_test_wait_cb, &wait);
  g_cancellable_cancel (cancellable);
  g_assert_cmpint (
    cachet_imap_session_fetch_body_finish (fixture->session, cachet_test_wait (&wait), &error), ==,
    -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  cachet_test_imap_noop (fixture->session, NULL);
  g_assert_cmpuint (g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (sink)), ==, 0);
}

/* Changing */

static void
test_store (void)
{
  g_autoptr (Fixture) fixture = fixture_new_selected (
    0, PREAUTH ("") SELECT
    "C: $a UID STORE 1:3,9 +FLAGS.SILENT (\\Seen $Forwarded)\n"
    "S: * 1 FETCH (FLAGS (\\Seen))\nS: $a OK\n"
    "C: $b UID STORE 1 -FLAGS.SILENT (\\Flagged)\nS: $b NO [EXPUNGEISSUED] gone\n" END);
  static const guint32 uids[] = { 1, 2, 3 };
  g_autoptr (GError) error = NULL;

  cachet_imap_session_set_uid_map (fixture->session, uids, G_N_ELEMENTS (uids));
  cachet_test_imap_store (fixture->session, "1:3,9", TRUE,
                          CACHET_MESSAGE_FLAG_SEEN | CACHET_MESSAGE_FLAG_FORWARDED, NULL);
  g_assert_cmpstr (fixture->events->str, ==, "fetched 1 1 1\n");
  g_assert_false (
    cachet_test_imap_store (fixture->session, "1", FALSE, CACHET_MESSAGE_FLAG_FLAGGED, &error));
  g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_NO);
}

static void
check_transfer (
  const char *capabilities, gboolean move, const char *dialog, const char *destination, int code)
{
  g_autofree char *transcript =
    g_strdup_printf (PREAUTH ("%s") SELECT "%s" END, capabilities, dialog);
  g_autoptr (Fixture) fixture = fixture_new_selected (0, transcript);
  g_autoptr (GError) error = NULL;
  g_autoptr (CachetImapUidPlus) uid_plus =
    cachet_test_imap_copy (fixture->session, "4:5", "Old mail", move, &error);

  if (code >= 0)
    {
      g_assert_error (error, CACHET_NET_ERROR, code);
      return;
    }
  g_assert_no_error (error);
  if (destination == NULL)
    g_assert_null (uid_plus);
  else
    {
      g_autofree char *text = cachet_imap_set_to_string (uid_plus->destination);

      g_assert_cmpstr (text, ==, destination);
      g_assert_cmpuint (uid_plus->uidvalidity, ==, 38);
    }
}

#define COPY "C: $c UID COPY 4:5 \"Old mail\"\n"
#define MARK "C: $m UID STORE 4:5 +FLAGS.SILENT (\\Deleted)\nS: $m OK\n"

static void
test_copy_and_move (void)
{
  check_transfer ("UIDPLUS", FALSE, COPY "S: $c OK [COPYUID 38 4:5 77:78] done\n", "77:78", -1);
  check_transfer ("", FALSE, COPY "S: $c OK done\n", NULL, -1);
  check_transfer ("", FALSE, COPY "S: $c NO [TRYCREATE] no\n", NULL, CACHET_NET_ERROR_NOT_FOUND);
  check_transfer ("UIDPLUS MOVE", TRUE,
                  "C: $v UID MOVE 4:5 \"Old mail\"\nS: * OK [COPYUID 38 4:5 77:78] moved\n"
                  "S: * 2 EXPUNGE\nS: * 1 EXPUNGE\nS: $v OK done\n",
                  "77:78", -1);
  check_transfer ("UIDPLUS", TRUE,
                  COPY "S: $c OK [COPYUID 38 4:5 77:78] done\n" MARK
                       "C: $e UID EXPUNGE 4:5\nS: * 1 EXPUNGE\nS: $e OK\n",
                  "77:78", -1);
  /* Without UIDPLUS nobody expunges: others' marked messages would go too. */
  check_transfer ("", TRUE, COPY "S: $c OK\n" MARK, NULL, -1);
  /* A copy that failed is not followed by a removal. */
  check_transfer ("", TRUE, COPY "S: $c NO [OVERQUOTA] full\n", NULL, CACHET_NET_ERROR_OVERQUOTA);
}

static void
test_expunge (void)
{
  g_autoptr (Fixture) plain =
    fixture_new_selected (0, PREAUTH ("") SELECT "C: $e EXPUNGE\nS: * 1 EXPUNGE\nS: * 1 EXPUNGE\n"
                                                 "S: * 0 EXPUNGE\nS: * 9 EXPUNGE\nS: $e OK\n" END);
  g_autoptr (Fixture) uidplus = fixture_new_selected (
    0, PREAUTH ("UIDPLUS") SELECT "C: $e UID EXPUNGE 5:6\nS: * VANISHED 5:6\nS: $e OK\n" END);
  static const guint32 uids[] = { 4, 5, 6 };
  g_autoptr (GError) error = NULL;

  cachet_imap_session_set_uid_map (plain->session, uids, G_N_ELEMENTS (uids));
  g_assert_false (cachet_test_imap_expunge (plain->session, "4", &error));
  g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_NO_MECHANISM);
  cachet_test_imap_expunge (plain->session, NULL, NULL);
  g_assert_cmpstr (plain->events->str, ==, "expunged 1 4\nexpunged 1 5\nexpunged 9 0\n");
  cachet_test_imap_expunge (uidplus->session, "5:6", NULL);
  g_assert_cmpstr (uidplus->events->str, ==, "vanished 5:6\n");
}

static void
check_append (const char *capabilities, const char *dialog, gint64 uid, int code)
{
  g_autofree char *transcript = g_strdup_printf (PREAUTH ("%s") "%s" END, capabilities, dialog);
  g_autoptr (Fixture) fixture = fixture_new (0, transcript);
  g_autoptr (GError) error = NULL;
  gint64 got = cachet_test_imap_append (fixture->session, "Sent", "Hello\r\n", &error);

  if (code >= 0)
    g_assert_error (error, CACHET_NET_ERROR, code);
  else
    g_assert_no_error (error);
  g_assert_cmpint (got, ==, uid);
}

static void
test_append (void)
{
  check_append ("", "C: $a APPEND Sent (\\Seen) {7}\nS: + go\nC: Hello\nC: \nS: $a OK\n", 0, -1);
  check_append ("LITERAL+",
                "C: $a APPEND Sent (\\Seen) {7+}\nC: Hello\nC: \nS: $a OK [APPENDUID 3 99] x\n", 99,
                -1);
  check_append ("LITERAL-",
                "C: $a APPEND Sent (\\Seen) {7+}\nC: Hello\nC: \nS: $a OK [APPENDUID 3 x] x\n", 0,
                -1);
  /* Refused before the literal: it is not sent, and the next command is understood. */
  check_append ("", "C: $a APPEND Sent (\\Seen) {7}\nS: $a NO [TRYCREATE] no\n", -1,
                CACHET_NET_ERROR_NOT_FOUND);
  check_append ("", "C: $a APPEND Sent (\\Seen) {7}\nS: $a NO [TOOBIG] no\n", -1,
                CACHET_NET_ERROR_LIMIT);
  check_append ("",
                "C: $a APPEND Sent (\\Seen) {7}\nS: + go\nC: Hello\nC: \nS: $a NO [OVERQUOTA] no\n",
                -1, CACHET_NET_ERROR_OVERQUOTA);
  /* The answer is lost: an error of the connection, so that the caller looks before it repeats. */
  check_append ("LITERAL+", "C: $a APPEND Sent (\\Seen) {7+}\nC: Hello\nC: \nX:\n", -1,
                CACHET_NET_ERROR_CLOSED);
  /* Done before it had the message. */
  check_append ("", "C: $a APPEND Sent (\\Seen) {7}\nS: $a OK done\n", -1,
                CACHET_NET_ERROR_PROTOCOL);
}

static void
progress_cb (guint64 done, guint64 total, gpointer user_data)
{
  guint64 *last = user_data;

  g_assert_cmpuint (done, >, *last);
  g_assert_cmpuint (done, <=, total);
  *last = done;
}

static void
test_append_large (void)
{
  g_autoptr (Fixture) fixture =
    fixture_new (0, PREAUTH ("") "C: $a APPEND Sent {1000000}\nS: + go\nB: 1000002\nS: $a OK\n"
                                 "C: $n NOOP\nS: $n OK\n" END);
  g_autofree char *text = g_strnfill (1000000, 'y');
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_auto (CachetTestWait) wait = { NULL };
  guint64 last = 0;

  cachet_imap_session_append_async (fixture->session, "Sent", bytes, 0, G_MININT64, progress_cb,
                                    &last, NULL, cachet_test_wait_cb, &wait);
  g_assert_cmpint (
    cachet_imap_session_append_finish (fixture->session, cachet_test_wait (&wait), NULL, NULL), ==,
    0);
  g_assert_cmpuint (last, ==, 1000000);
  cachet_test_imap_noop (fixture->session, NULL);
}

static void
check_search (const char *capabilities, const char *dialog, guint32 since, const char *expected)
{
  g_autofree char *transcript =
    g_strdup_printf (PREAUTH ("%s") SELECT "%s" END, capabilities, dialog);
  g_autoptr (Fixture) fixture = fixture_new_selected (0, transcript);
  g_autofree char *found = cachet_test_imap_search (
    fixture->session, since == 0 ? "Message-ID" : NULL, since == 0 ? "<a\"b@c>" : NULL,
    since == 0 ? NULL : "caf\xc3\xa9", since, NULL);

  g_assert_cmpstr (found, ==, expected);
}

static void
test_search (void)
{
  check_search (
    "",
    "C: $a UID SEARCH HEADER Message-ID \"<a\\\"b@c>\"\nS: * SEARCH 5 3\nS: * SEARCH 9\nS: $a OK\n",
    0, "3,5,9");
  check_search ("", "C: $a UID SEARCH HEADER *\nS: * SEARCH\nS: $a OK\n", 0, "");
  check_search ("", "C: $a UID SEARCH HEADER *\nS: $a OK\n", 0, "");
  check_search ("ESEARCH",
                "C: $a UID SEARCH RETURN (ALL) HEADER *\n"
                "S: * ESEARCH (TAG \"other\") UID ALL 77\n"
                "S: * ESEARCH (TAG \"$a\") UID ALL 2,10:11\nS: $a OK\n",
                0, "2,10:11");
  /* "n:*" finds the last message whatever its UID. */
  check_search (
    "LITERAL+",
    "C: $a UID SEARCH CHARSET UTF-8 UID 30:? TEXT {5+}\nC: caf*\nS: * SEARCH 12 31 30\nS: $a OK\n",
    30, "30:31");
}

/* Order */

/* Commands that may are written at once; SELECT waits, and what is behind it too. */
static void
test_pipelining (void)
{
  g_autoptr (Fixture) fixture = fixture_new_selected (
    0, PREAUTH ("") SELECT "C: $a NOOP\nC: $b UID STORE 1 +FLAGS.SILENT (\\Seen)\nC: $d CREATE x\n"
                           "W: 20\n"
                           "S: $d OK\nS: $b NO\nS: $a OK\n"
                           "C: $s SELECT Work\nW: 20\nS: $s OK\n"
                           "C: $x UID FETCH 7 (UID BODY.PEEK[])\nC: $y NOOP\n"
                           "S: * 1 FETCH (UID 7 BODY[] \"ok\")\nS: $x OK\nS: $y OK\n" END);
  g_auto (CachetTestWait) noop = { NULL };
  g_auto (CachetTestWait) store = { NULL };
  g_auto (CachetTestWait) create = { NULL };
  g_auto (CachetTestWait) select = { NULL };
  g_auto (CachetTestWait) last = { NULL };
  g_autoptr (CachetImapSet) one = cachet_imap_set_parse ("1", -1);
  g_autoptr (GBytes) body = NULL;
  CachetImapSession *session = fixture->session;

  cachet_imap_session_noop_async (session, NULL, cachet_test_wait_cb, &noop);
  cachet_imap_session_store_async (session, one, TRUE, CACHET_MESSAGE_FLAG_SEEN, NULL, NULL,
                                   cachet_test_wait_cb, &store);
  cachet_imap_session_create_async (session, "x", NULL, cachet_test_wait_cb, &create);
  cachet_imap_session_select_async (session, "Work", FALSE, 0, 0, NULL, cachet_test_wait_cb,
                                    &select);
  cachet_imap_session_noop_async (session, NULL, cachet_test_wait_cb, &last);
  /* Urgent: before the NOOP that was queued first, but not before SELECT. */
  body = cachet_test_imap_fetch_body (session, 7, "", NULL);
  wait_order (fixture, &noop, -1);
  wait_order (fixture, &store, CACHET_NET_ERROR_NO);
  wait_order (fixture, &create, -1);
  cachet_imap_selected_free (
    cachet_imap_session_select_finish (session, cachet_test_wait (&select), NULL));
  wait_order (fixture, &last, -1);
  g_assert_cmpuint (cachet_imap_session_get_n_commands (session), ==, 7);
}

static void
test_cancel_queued (void)
{
  g_autoptr (Fixture) fixture = fixture_new (
    0, PREAUTH ("") "C: $s SELECT INBOX\nW: 30\nS: $s OK\nC: $n CREATE b\nS: $n OK\n" END);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (CachetTestWait) select = { NULL };
  g_auto (CachetTestWait) first = { NULL };
  g_auto (CachetTestWait) second = { NULL };
  g_auto (CachetTestWait) third = { NULL };
  g_autoptr (GError) error = NULL;
  CachetImapSession *session = fixture->session;

  cachet_imap_session_select_async (session, "INBOX", FALSE, 0, 0, NULL, cachet_test_wait_cb,
                                    &select);
  cachet_imap_session_create_async (session, "a", cancellable, cachet_test_wait_cb, &first);
  cachet_imap_session_create_async (session, "b", NULL, cachet_test_wait_cb, &second);
  g_cancellable_cancel (cancellable);
  g_assert_false (cachet_imap_session_order_finish (session, cachet_test_wait (&first), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  wait_order (fixture, &second, -1);
  cachet_imap_selected_free (
    cachet_imap_session_select_finish (session, cachet_test_wait (&select), NULL));
  /* Cancelled before it began. */
  cachet_imap_session_create_async (session, "c", cancellable, cachet_test_wait_cb, &third);
  g_assert_false (cachet_imap_session_order_finish (session, cachet_test_wait (&third), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_logout (void)
{
  static const char *const dialogs[] = {
    "C: $l LOGOUT\nS: * BYE bye\nS: $l OK\n" END,
    "C: $l LOGOUT\nS: * BYE bye\nX:\n",
    "C: $l LOGOUT\nX:\n",
    "C: $l LOGOUT\nS: $l BAD\n" END,
  };

  for (guint i = 0; i < G_N_ELEMENTS (dialogs); i++)
    {
      g_autofree char *transcript = g_strconcat (PREAUTH (""), dialogs[i], NULL);
      g_autoptr (Fixture) fixture = fixture_new (0, transcript);
      g_autoptr (GError) error = NULL;

      cachet_test_imap_logout (fixture->session, NULL);
      g_assert_cmpint (cachet_imap_session_get_state (fixture->session), ==,
                       CACHET_IMAP_STATE_DISCONNECTED);
      g_assert_cmpuint (fixture->n_closed, ==, 1);
      /* Too late for anything. */
      g_assert_false (cachet_test_imap_noop (fixture->session, &error));
      g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_CLOSED);
      cachet_test_imap_logout (fixture->session, NULL);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-commands/list-extended", test_list_extended);
  g_test_add_func ("/imap-commands/list-plain", test_list_plain);
  g_test_add_func ("/imap-commands/list-xlist", test_list_xlist);
  g_test_add_func ("/imap-commands/status", test_status);
  g_test_add_func ("/imap-commands/orders", test_orders);
  g_test_add_func ("/imap-commands/odd-names", test_odd_names);
  g_test_add_func ("/imap-commands/select", test_select);
  g_test_add_func ("/imap-commands/select-qresync", test_select_qresync);
  g_test_add_func ("/imap-commands/leave", test_leave);
  g_test_add_func ("/imap-commands/fetch-rows", test_fetch_rows);
  g_test_add_func ("/imap-commands/fetch-changes", test_fetch_changes);
  g_test_add_func ("/imap-commands/fetch-long-set", test_fetch_long_set);
  g_test_add_func ("/imap-commands/body", test_body);
  g_test_add_func ("/imap-commands/large-body", test_large_body);
  g_test_add_func ("/imap-commands/body-cancelled", test_body_cancelled);
  g_test_add_func ("/imap-commands/store", test_store);
  g_test_add_func ("/imap-commands/copy-and-move", test_copy_and_move);
  g_test_add_func ("/imap-commands/expunge", test_expunge);
  g_test_add_func ("/imap-commands/append", test_append);
  g_test_add_func ("/imap-commands/append-large", test_append_large);
  g_test_add_func ("/imap-commands/search", test_search);
  g_test_add_func ("/imap-commands/pipelining", test_pipelining);
  g_test_add_func ("/imap-commands/cancel-queued", test_cancel_queued);
  g_test_add_func ("/imap-commands/logout", test_logout);

  return g_test_run ();
}
