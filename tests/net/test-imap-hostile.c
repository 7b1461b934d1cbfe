#include "config.h"

#include "cachet-test-imap.h"

#include <string.h>

/* What servers do at moments in which they should not: ends, noise, wrong answers, silence, IDLE.
 */

#define PREAUTH(caps) "S: * PREAUTH [CAPABILITY IMAP4rev1 IDLE " caps "] hi\n"
#define SELECT "C: $s SELECT INBOX\nS: * 3 EXISTS\nS: $s OK [READ-WRITE] done\n"
#define END "E:\n"

typedef struct
{
  CachetTestServer *server;
  CachetWireLog *log;
  CachetImapSession *session;
  gboolean exists;
  gboolean closed;
  GError *closed_error;
  char *alert;
} Fixture;

static void
exists_cb (CachetImapSession *session, guint n, Fixture *fixture)
{
  fixture->exists = TRUE;
}

static void
alert_cb (CachetImapSession *session, const char *text, Fixture *fixture)
{
  g_free (fixture->alert);
  fixture->alert = g_strdup (text);
}

static void
closed_cb (CachetImapSession *session, const GError *error, Fixture *fixture)
{
  g_assert_false (fixture->closed);
  fixture->closed = TRUE;
  fixture->closed_error = error != NULL ? g_error_copy (error) : NULL;
}

static Fixture *
fixture_new (gsize piece, const char *transcript)
{
  Fixture *fixture = g_new0 (Fixture, 1);
  g_autofree char *whole = g_strconcat (PREAUTH ("") SELECT, transcript, NULL);

  fixture->server = cachet_test_server_new (whole);
  cachet_test_server_set_piece (fixture->server, piece);
  fixture->log = cachet_wire_log_new ();
  fixture->session =
    cachet_test_imap_session_new (fixture->server, CACHET_SECURITY_NONE, NULL, fixture->log);
  g_signal_connect (fixture->session, "exists", G_CALLBACK (exists_cb), fixture);
  g_signal_connect (fixture->session, "alert", G_CALLBACK (alert_cb), fixture);
  g_signal_connect (fixture->session, "closed", G_CALLBACK (closed_cb), fixture);
  cachet_test_imap_connect (fixture->session, NULL);
  cachet_imap_selected_free (cachet_test_imap_select (fixture->session, "INBOX", NULL));
  return fixture;
}

static void
fixture_free (Fixture *fixture)
{
  cachet_imap_session_disconnect (fixture->session);
  cachet_test_server_finish (fixture->server);
  g_assert_true (fixture->closed);
  g_object_add_weak_pointer (G_OBJECT (fixture->session), (gpointer *)&fixture->session);
  g_object_unref (fixture->session);
  cachet_test_wait_ms (1);
  g_assert_null (fixture->session);
  cachet_test_server_free (fixture->server);
  g_object_unref (fixture->log);
  g_clear_error (&fixture->closed_error);
  g_free (fixture->alert);
  g_free (fixture);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

/* One of each kind of command, by number. */
typedef enum {
  KIND_LIST,
  KIND_SELECT,
  KIND_FETCH,
  KIND_BODY,
  KIND_STORE,
  KIND_COPY,
  KIND_EXPUNGE,
  KIND_APPEND,
  KIND_SEARCH,
  KIND_NOOP,
  N_KINDS
} Kind;

static void
run_command (CachetImapSession *session, Kind kind, GError **error)
{
  switch (kind)
    {
    case KIND_LIST:
      g_clear_pointer (&(GPtrArray *){ cachet_test_imap_list (session, error) }, g_ptr_array_unref);
      break;
    case KIND_SELECT:
      cachet_imap_selected_free (cachet_test_imap_select (session, "Other", error));
      break;
    case KIND_FETCH:
      g_ptr_array_unref (cachet_test_imap_fetch (session, "1:9", CACHET_IMAP_FETCH_ROW, 0, error));
      break;
    case KIND_BODY:
      g_clear_pointer (&(GBytes *){ cachet_test_imap_fetch_body (session, 5, "", error) },
                       g_bytes_unref);
      break;
    case KIND_STORE:
      cachet_test_imap_store (session, "1", TRUE, CACHET_MESSAGE_FLAG_SEEN, error);
      break;
    case KIND_COPY:
      g_clear_pointer (
        &(CachetImapUidPlus *){ cachet_test_imap_copy (session, "1", "x", FALSE, error) },
        cachet_imap_uid_plus_free);
      break;
    case KIND_EXPUNGE:
      cachet_test_imap_expunge (session, NULL, error);
      break;
    case KIND_APPEND:
      cachet_test_imap_append (session, "x", "y", error);
      break;
    case KIND_SEARCH:
      g_free (cachet_test_imap_search (session, NULL, NULL, "t", 0, error));
      break;
    case KIND_NOOP:
    case N_KINDS:
    default:
      cachet_test_imap_noop (session, error);
      break;
    }
}

/* In any command: BYE, the bare end, a reset, a line that is nothing. */
static void
test_end_in_command (void)
{
  static const struct
  {
    const char *dialog;
    int code;
  } ends[] = {
    { "C: *\nS: * BYE shutting down\n" END, CACHET_NET_ERROR_CLOSED },
    { "C: *\nX:\n", CACHET_NET_ERROR_CLOSED },
    { "C: *\nR:\n", CACHET_NET_ERROR_CLOSED },
    { "C: *\nS! * 5 FET\nX:\n", CACHET_NET_ERROR_CLOSED },
    { "C: *\nS! * 5 FETCH (BODY[] {100}\\r\\nabc\nX:\n", CACHET_NET_ERROR_CLOSED },
    { "C: *\nS: $1 HELLO\n" END, CACHET_NET_ERROR_PROTOCOL },
  };

  for (guint kind = 0; kind < N_KINDS; kind++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
        {
          /* LIST is two requests here. */
          g_autofree char *dialog =
            g_strconcat (kind == KIND_LIST ? "C: *\n" : "", ends[i].dialog, NULL);
          g_autoptr (Fixture) fixture = fixture_new (0, dialog);
          g_autoptr (GError) error = NULL;
          g_autoptr (GError) later = NULL;

          run_command (fixture->session, kind, &error);
          g_assert_error (error, CACHET_NET_ERROR, ends[i].code);
          g_assert_true (fixture->closed);
          g_assert_error (fixture->closed_error, CACHET_NET_ERROR, ends[i].code);
          g_assert_cmpint (cachet_imap_session_get_state (fixture->session), ==,
                           CACHET_IMAP_STATE_DISCONNECTED);
          run_command (fixture->session, kind, &later);
          g_assert_error (later, CACHET_NET_ERROR, CACHET_NET_ERROR_CLOSED);
        }
    }
}

/* NO and BAD to anything are errors of the command, with the server's words, and of nothing else.
 */
static void
test_refusal_of_command (void)
{
  for (guint kind = 0; kind < N_KINDS; kind++)
    {
      g_autoptr (Fixture) fixture = fixture_new (
        0, kind == KIND_LIST ? "C: *\nC: *\nS: C2 NO \"quoted\" \x1b[1m words\nS: $1 NO\n"
                               "C: *\nC: *\nS: C4 BAD\nS: $1 BAD\nC: $n NOOP\nS: $n OK\n" END
                             : "C: *\nS: $1 NO \"quoted\" \x1b[1m words\n"
                               "C: *\nS: $1 BAD\nC: $n NOOP\nS: $n OK\n" END);
      g_autoptr (GError) no = NULL;
      g_autoptr (GError) bad = NULL;

      /* A SELECT that failed leaves no mailbox for the second round. */
      run_command (fixture->session, kind, &no);
      g_assert_error (no, CACHET_NET_ERROR, CACHET_NET_ERROR_NO);
      g_assert_nonnull (strstr (no->message, "words"));
      g_assert_null (strchr (no->message, '\x1b'));
      run_command (fixture->session, kind, &bad);
      g_assert_error (bad, CACHET_NET_ERROR, CACHET_NET_ERROR_BAD);
      cachet_test_imap_noop (fixture->session, NULL);
    }
}

/* Noise in any command is heard, sorted or passed over, and the command still ends. */
#define NOISE                                                                                    \
  "S: * 5 EXISTS\nS: * 0 RECENT\nS: * FLAGS ()\nS: * OK\nS: * NO warning\nS: * BAD what\n"       \
  "S: * OK [ALERT] fire\nS: * OK [UNKNOWN-CODE (x (y))] z\nS: * XYZZY 1 2 (3\nS: * 1 XYZZY\n"    \
  "S: * 2 FETCH (FLAGS (\\Seen))\nS: * 2 FETCH\nS: * 99 FETCH (UID 4294967295 FLAGS (odd $x))\n" \
  "S: * 0 FETCH (UID 1)\nS: * VANISHED\nS: * VANISHED 7:4294967295\nS: * EXISTS\n"               \
  "S: * 1 EXPUNGE\nS: * CAPABILITY IMAP4rev1 IDLE\nS: * 99999999999999999999 EXISTS\n"           \
  "S: + unasked\nS: + \nS: nosuchtag OK done\nS: C99 NO never sent\nS: C0 BAD\n"                 \
  "S: * STATUS x (MESSAGES 4294967295)\nS: * ESEARCH\nS: * SEARCH 1 x 2\nS: * LIST\n"            \
  "S: * 4 EXISTS\nS: * 2 EXISTS\n"

static void
test_noise (void)
{
  for (guint kind = 0; kind < N_KINDS; kind++)
    {
      for (gsize piece = 0; piece < 2; piece++)
        {
          g_autoptr (Fixture) fixture = NULL;
          g_autoptr (GError) error = NULL;

          if (kind == KIND_APPEND)
            continue; /* an unasked "+" can't be told there from the one it waits for */
          fixture =
            fixture_new (piece, kind == KIND_LIST ? "C: *\nC: *\n" NOISE "S: C2 OK\nS: C3 OK\n" END
                                                  : "C: *\n" NOISE "S: $1 OK\n" END);
          run_command (fixture->session, kind, &error);
          if (kind == KIND_BODY)
            g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_NOT_FOUND);
          else
            g_assert_no_error (error);
          g_assert_cmpstr (fixture->alert, ==, "fire");
          g_assert_false (fixture->closed);
        }
    }
}

/* A line of 2 MB, and one that never ends. */
static void
test_long_lines (void)
{
  g_autofree char *filler = g_strnfill (2 * 1024 * 1024, 'x');
  g_autofree char *taken = g_strdup_printf ("C: *\nS: * OK %s\nS: $1 OK\n" END, filler);
  g_autoptr (Fixture) fixture = fixture_new (0, taken);
  g_autofree char *endless =
    g_strdup_printf ("C: *\nS! %s%s%s%s%s%s%s%s%s\n" END, filler, filler, filler, filler, filler,
                     filler, filler, filler, filler);
  g_autoptr (Fixture) second = fixture_new (0, endless);
  g_autoptr (GError) error = NULL;

  cachet_test_imap_noop (fixture->session, NULL);
  for (guint i = 0; i < cachet_wire_log_get_n_records (fixture->log); i++)
    g_assert_cmpuint (strlen (cachet_wire_log_get (fixture->log, i)->text), <=,
                      CACHET_WIRE_LOG_MAX_TEXT);
  g_assert_false (cachet_test_imap_noop (second->session, &error));
  g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_LIMIT);
}

static guint n_turns;

static gboolean
count_turn_cb (gpointer user_data)
{
  n_turns++;
  return G_SOURCE_CONTINUE;
}

/* A flood does not keep the main loop from what is more urgent, such as painting. */
static void
test_flood (void)
{
  g_autoptr (GString) transcript = g_string_new ("C: *\nS! ");
  g_autoptr (Fixture) fixture = NULL;
  guint source;

  for (guint i = 0; i < 100000; i++)
    g_string_append (transcript, "* 5 EXISTS\\r\\n");
  g_string_append (transcript, "\nS: $1 OK\n" END);
  fixture = fixture_new (0, transcript->str);
  /* Like GDK_PRIORITY_REDRAW. */
  source = g_timeout_add_full (G_PRIORITY_HIGH_IDLE + 20, 1, count_turn_cb, NULL, NULL);
  cachet_test_imap_noop (fixture->session, NULL);
  g_source_remove (source);
  /* 1.2 MB is at least 18 chunks. */
  g_assert_cmpuint (n_turns, >=, 10);
}

static void
test_alert (void)
{
  g_autoptr (Fixture) fixture =
    fixture_new (0, "S! * NO [ALERT] a\\x01b \\342\\200\\256gpj\\r\\n\nC: *\nS: $1 OK\n" END);

  cachet_test_imap_noop (fixture->session, NULL);
  g_assert_nonnull (fixture->alert);
  g_assert_null (strchr (fixture->alert, '\x01'));
  g_assert_null (strstr (fixture->alert, "\xe2\x80\xae"));
}

/* No referral is followed. */
static void
test_referral (void)
{
  g_autoptr (Fixture) fixture = fixture_new (
    0, "C: *\nS: $1 NO [REFERRAL imap://evil.example/x] go there\nC: *\nS: $1 OK\n" END);
  g_autoptr (GError) error = NULL;

  g_assert_null (cachet_test_imap_select (fixture->session, "x", &error));
  g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_NO);
  cachet_test_imap_noop (fixture->session, NULL);
  g_assert_cmpuint (cachet_test_server_get_n_connections (fixture->server), ==, 1);
}

/* IDLE */

static void
wait_for_state (CachetImapSession *session, CachetImapState state)
{
  gint64 end = g_get_monotonic_time () + CACHET_TEST_PATIENCE * G_TIME_SPAN_SECOND;

  while (cachet_imap_session_get_state (session) != state && g_get_monotonic_time () < end)
    cachet_test_wait_ms (1);
  g_assert_cmpint (cachet_imap_session_get_state (session), ==, state);
}

static void
test_idle (void)
{
  for (gsize piece = 0; piece < 2; piece++)
    {
      g_autoptr (Fixture) fixture =
        fixture_new (piece, "C: $i IDLE\nS: + idling\nS: * 4 EXISTS\nC: DONE\nS: $i OK\n"
                            "C: $n NOOP\nS: $n OK\n"
                            "C: $i IDLE\nS: + \nC: DONE\nS: * 5 EXISTS\nS: $i OK\n"
                            "C: $n NOOP\nS: $n OK\n" END);

      g_assert_true (cachet_imap_session_start_idle (fixture->session));
      cachet_test_wait_for (&fixture->exists);
      g_assert_cmpint (cachet_imap_session_get_state (fixture->session), ==,
                       CACHET_IMAP_STATE_IDLE);
      cachet_test_imap_noop (fixture->session, NULL);
      g_assert_cmpint (cachet_imap_session_get_state (fixture->session), ==,
                       CACHET_IMAP_STATE_SELECTED);
      /* Started twice is started once. */
      g_assert_true (cachet_imap_session_start_idle (fixture->session));
      g_assert_true (cachet_imap_session_start_idle (fixture->session));
      wait_for_state (fixture->session, CACHET_IMAP_STATE_IDLE);
      cachet_test_imap_noop (fixture->session, NULL);
    }
}

/* The "+" comes late: a command waits for it, for DONE before it may be lost. */
static void
test_idle_late (void)
{
  g_autoptr (Fixture) fixture = fixture_new (
    0, "C: $i IDLE\nW: 50\nS: + idling\nC: DONE\nS: $i OK\nC: $n NOOP\nS: $n OK\n" END);

  g_assert_true (cachet_imap_session_start_idle (fixture->session));
  cachet_test_wait_ms (10);
  g_assert_cmpint (cachet_imap_session_get_state (fixture->session), ==,
                   CACHET_IMAP_STATE_SELECTED);
  cachet_test_imap_noop (fixture->session, NULL);
}

/* A second "+" is nothing; DONE is said once. */
static void
test_idle_twice (void)
{
  g_autoptr (Fixture) fixture = fixture_new (
    0, "C: $i IDLE\nS: + idling\nS: + still\nS: * OK still here\nC: DONE\nS: + what\nS: $i OK\n"
       "C: $n NOOP\nS: $n OK\n" END);

  g_assert_true (cachet_imap_session_start_idle (fixture->session));
  wait_for_state (fixture->session, CACHET_IMAP_STATE_IDLE);
  cachet_test_imap_noop (fixture->session, NULL);
}

static void
test_idle_refused (void)
{
  g_autoptr (Fixture) fixture =
    fixture_new (0, "C: $i IDLE\nS: $i NO not now\nC: $n NOOP\nS: $n OK\n" END);

  g_assert_true (cachet_imap_session_start_idle (fixture->session));
  cachet_test_imap_noop (fixture->session, NULL);
  g_assert_false (cachet_imap_session_start_idle (fixture->session));
}

/* Ended by the server, without being asked. */
static void
test_idle_ended (void)
{
  g_autoptr (Fixture) fixture =
    fixture_new (0, "C: $i IDLE\nS: + idling\nW: 30\nS: $i OK enough\nC: $n NOOP\nS: $n OK\n" END);

  g_assert_true (cachet_imap_session_start_idle (fixture->session));
  wait_for_state (fixture->session, CACHET_IMAP_STATE_IDLE);
  wait_for_state (fixture->session, CACHET_IMAP_STATE_SELECTED);
  cachet_test_imap_noop (fixture->session, NULL);
}

static void
test_idle_bye (void)
{
  static const char *const ends[] = { "S: * BYE timeout\n" END, "X:\n", "R:\n" };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *dialog = g_strconcat ("C: $i IDLE\nS: + idling\nW: 10\n", ends[i], NULL);
      g_autoptr (Fixture) fixture = fixture_new (0, dialog);

      g_assert_true (cachet_imap_session_start_idle (fixture->session));
      cachet_test_wait_for (&fixture->closed);
      g_assert_error (fixture->closed_error, CACHET_NET_ERROR, CACHET_NET_ERROR_CLOSED);
    }
}

/* IDLE again before the server's half hour is over. */
static void
test_idle_renewed (void)
{
  /* renewed after 3 s; looked at half-way to the next time, which a busy machine must not reach */
  static const CachetImapTimeouts timeouts = { 5, 5, 1, 3 };
  g_autoptr (CachetTestServer) server = cachet_test_server_new (
    PREAUTH ("") SELECT "C: $i IDLE\nS: + \nC: DONE\nS: $i OK\n"
                        "C: $j IDLE\nS: + \nC: DONE\nS: $j OK\nC: $n NOOP\nS: $n OK\n" END);
  g_autoptr (CachetImapSession) session =
    cachet_test_imap_session_new (server, CACHET_SECURITY_NONE, NULL, NULL);

  cachet_imap_session_set_timeouts (session, &timeouts);
  cachet_test_imap_connect (session, NULL);
  cachet_imap_selected_free (cachet_test_imap_select (session, "INBOX", NULL));
  cachet_imap_session_start_idle (session);
  cachet_test_wait_ms (4500);
  wait_for_state (session, CACHET_IMAP_STATE_IDLE);
  cachet_test_imap_noop (session, NULL);
  cachet_imap_session_disconnect (session);
  cachet_test_server_finish (server);
}

/* Silence while an answer is due: at the greeting, in a command, inside a literal, after DONE. */
static void
check_silence (const char *dialog, gboolean connects)
{
  static const CachetImapTimeouts timeouts = { 1, 1, 1, 60 };
  g_autofree char *transcript = g_strconcat (dialog, END, NULL);
  g_autoptr (CachetTestServer) server = cachet_test_server_new (transcript);
  g_autoptr (CachetImapSession) session =
    cachet_test_imap_session_new (server, CACHET_SECURITY_NONE, NULL, NULL);
  g_autoptr (GError) error = NULL;

  cachet_imap_session_set_timeouts (session, &timeouts);
  g_assert_cmpint (cachet_test_imap_connect (session, &error), ==, connects);
  if (connects)
    {
      cachet_imap_selected_free (cachet_test_imap_select (session, "INBOX", NULL));
      if (strstr (dialog, "IDLE\n") != NULL)
        {
          cachet_imap_session_start_idle (session);
          wait_for_state (session, CACHET_IMAP_STATE_IDLE);
          /* Silence in IDLE is no fault. */
          cachet_test_wait_ms (1200);
          cachet_test_imap_noop (session, &error);
        }
      else
        g_clear_pointer (&(GBytes *){ cachet_test_imap_fetch_body (session, 5, "", &error) },
                         g_bytes_unref);
    }
  g_assert_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_TIMEOUT);
  cachet_test_server_finish (server);
}

static void
test_silence (void)
{
  check_silence ("", FALSE);
  check_silence ("S! * OK [CAPA\n", FALSE);
  check_silence (PREAUTH ("") SELECT "C: *\n", TRUE);
  check_silence (PREAUTH ("") SELECT "C: *\nS! * 2 FETCH (UID 5 BODY[] {100000}\\r\\nabc\n", TRUE);
  check_silence (PREAUTH ("") SELECT "C: *\nS: * 2 FETCH (UID 5 BODY[] \"x\")\n", TRUE);
  check_silence (PREAUTH ("") SELECT "C: $i IDLE\nS: + \nC: DONE\n", TRUE);
}

static void
test_logout_early (void)
{
  g_autoptr (CachetTestServer) server = cachet_test_server_new ("W: 20\nE:\n");
  g_autoptr (CachetImapSession) session =
    cachet_test_imap_session_new (server, CACHET_SECURITY_NONE, NULL, NULL);
  g_auto (CachetTestWait) wait = { NULL };
  g_autoptr (GError) error = NULL;

  cachet_imap_session_connect_async (session, NULL, cachet_test_wait_cb, &wait);
  cachet_test_imap_logout (session, NULL);
  g_assert_false (cachet_imap_session_connect_finish (session, cachet_test_wait (&wait), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_no_idle (void)
{
  g_autoptr (CachetTestServer) server =
    cachet_test_server_new ("S: * PREAUTH [CAPABILITY IMAP4rev1] hi\n" SELECT END);
  g_autoptr (CachetImapSession) session =
    cachet_test_imap_session_new (server, CACHET_SECURITY_NONE, NULL, NULL);

  cachet_test_imap_connect (session, NULL);
  cachet_imap_selected_free (cachet_test_imap_select (session, "INBOX", NULL));
  g_assert_false (cachet_imap_session_start_idle (session));
  cachet_imap_session_disconnect (session);
  cachet_test_server_finish (server);
}

/* Ends that come from within */

static void
disconnect_cb (CachetImapSession *session, guint n, gpointer user_data)
{
  cachet_imap_session_disconnect (session);
}

static void
test_disconnect_in_signal (void)
{
  g_autoptr (Fixture) fixture =
    fixture_new (0, "C: *\nS! * 7 EXISTS\\r\\n* 8 EXISTS\\r\\n$1 OK\\r\\n\n" END);
  g_autoptr (GError) error = NULL;

  g_signal_connect (fixture->session, "exists", G_CALLBACK (disconnect_cb), NULL);
  g_assert_false (cachet_test_imap_noop (fixture->session, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static gboolean at_the_end;

static void
disconnect_progress_cb (guint64 done, guint64 total, gpointer user_data)
{
  if (!at_the_end || done == total)
    cachet_imap_session_disconnect (user_data);
}

/* From within the parser, that is. */
static void
check_disconnect_in_progress (guint size)
{
  g_autofree char *text = g_strnfill (size, 'x');
  g_autofree char *dialog = g_strdup_printf (
    "C: *\nS! * 2 FETCH (UID 5 BODY[] {%u}\\r\\n%s)\\r\\n$1 OK\\r\\n\n" END, size, text);
  g_autoptr (Fixture) fixture = fixture_new (0, dialog);
  g_autoptr (GOutputStream) sink = g_memory_output_stream_new_resizable ();
  g_auto (CachetTestWait) wait = { NULL };
  g_autoptr (GError) error = NULL;

  cachet_imap_session_fetch_body_async (fixture->session, 5, "", sink, disconnect_progress_cb,
                                        fixture->session, NULL, cachet_test_wait_cb, &wait);
  g_assert_cmpint (
    cachet_imap_session_fetch_body_finish (fixture->session, cachet_test_wait (&wait), &error), ==,
    -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_disconnect_in_progress (void)
{
  static const guint sizes[] = { 200000, 10 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      at_the_end = FALSE;
      check_disconnect_in_progress (sizes[i]);
      at_the_end = TRUE;
      check_disconnect_in_progress (sizes[i]);
    }
}

/* Nobody holds the session any more: the connection goes with it. */
static void
test_dropped (void)
{
  g_autoptr (CachetTestServer) server =
    cachet_test_server_new (PREAUTH ("") SELECT "C: $i IDLE\nS: + \n" END);
  CachetImapSession *session =
    cachet_test_imap_session_new (server, CACHET_SECURITY_NONE, NULL, NULL);

  cachet_test_imap_connect (session, NULL);
  cachet_imap_selected_free (cachet_test_imap_select (session, "INBOX", NULL));
  cachet_imap_session_start_idle (session);
  wait_for_state (session, CACHET_IMAP_STATE_IDLE);
  g_object_add_weak_pointer (G_OBJECT (session), (gpointer *)&session);
  g_object_unref (session);
  g_assert_null (session);
  cachet_test_server_finish (server);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-hostile/end-in-command", test_end_in_command);
  g_test_add_func ("/imap-hostile/refusal-of-command", test_refusal_of_command);
  g_test_add_func ("/imap-hostile/noise", test_noise);
  g_test_add_func ("/imap-hostile/long-lines", test_long_lines);
  g_test_add_func ("/imap-hostile/flood", test_flood);
  g_test_add_func ("/imap-hostile/alert", test_alert);
  g_test_add_func ("/imap-hostile/referral", test_referral);
  g_test_add_func ("/imap-hostile/idle", test_idle);
  g_test_add_func ("/imap-hostile/idle-late", test_idle_late);
  g_test_add_func ("/imap-hostile/idle-twice", test_idle_twice);
  g_test_add_func ("/imap-hostile/idle-refused", test_idle_refused);
  g_test_add_func ("/imap-hostile/idle-ended", test_idle_ended);
  g_test_add_func ("/imap-hostile/idle-bye", test_idle_bye);
  g_test_add_func ("/imap-hostile/idle-renewed", test_idle_renewed);
  g_test_add_func ("/imap-hostile/silence", test_silence);
  g_test_add_func ("/imap-hostile/logout-early", test_logout_early);
  g_test_add_func ("/imap-hostile/no-idle", test_no_idle);
  g_test_add_func ("/imap-hostile/disconnect-in-signal", test_disconnect_in_signal);
  g_test_add_func ("/imap-hostile/disconnect-in-progress", test_disconnect_in_progress);
  g_test_add_func ("/imap-hostile/dropped", test_dropped);

  return g_test_run ();
}
