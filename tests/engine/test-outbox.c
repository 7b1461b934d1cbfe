#include "config.h"

#include "cachet-account-probe.h"
#include "cachet-account.h"
#include "cachet-activity.h"
#include "cachet-engine.h"
#include "cachet-journal.h"
#include "cachet-notice.h"
#include "cachet-outbox-item-private.h"
#include "cachet-outbox-private.h"
#include "cachet-test-server.h"
#include "cachet-test-wait.h"

#include <glib/gstdio.h>
#include <string.h>

/* The outbox of a whole engine, off line as far as IMAP goes, with a scripted SMTP server. */

#define QUIT_PATIENCE 2000
#define PATIENCE 8000 /* milliseconds for what happens at once */
#define HELLO "S: 220 mx\nC: EHLO *\nS: 250-mx\nS: 250 AUTH PLAIN\nC: AUTH PLAIN *\nS: 235 OK\n"
#define ENVELOPE                                                                     \
  "C: MAIL FROM:<ann@a.example>\nS: 250 OK\nC: RCPT TO:<bob@b.example>\nS: 250 OK\n" \
  "C: RCPT TO:<eve@b.example>\nS: 250 OK\nC: DATA\nS: 354 go\nD:\n"
#define BYE "C: QUIT\nS: 221 bye\n"
#define MESSAGE                                                    \
  "From: ann@a.example\r\nTo: bob@b.example\r\nSubject: plans\r\n" \
  "Message-ID: <one@a.example>\r\n\r\nHello\r\n"

typedef struct
{
  char *directory;
  CachetTestServer *server;
  CachetEngine *engine;
  CachetOutbox *outbox;
  CachetAccount *account;
  guint n_sent;
  guint n_notices;
} Fixture;

static void
sent_cb (CachetOutbox *outbox, CachetOutboxItem *item, gpointer user_data)
{
  ((Fixture *)user_data)->n_sent++;
}

static void
notice_cb (CachetEngine *engine, const CachetNotice *notice, gpointer user_data)
{
  ((Fixture *)user_data)->n_notices++;
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_assert_cmpint (g_remove (path), ==, 0);
}

static void
start_engine (Fixture *fixture)
{
  g_autofree char *data = g_build_filename (fixture->directory, "data", NULL);
  g_autofree char *config = g_build_filename (fixture->directory, "config", NULL);
  g_auto (CachetTestWait) wait = { NULL };
  g_autoptr (GError) error = NULL;

  fixture->engine = cachet_engine_new (data, config, NULL);
  g_signal_connect (fixture->engine, "notice", G_CALLBACK (notice_cb), fixture);
  cachet_engine_start_async (fixture->engine, FALSE, NULL, cachet_test_wait_cb, &wait);
  cachet_engine_start_finish (fixture->engine, cachet_test_wait (&wait), &error);
  g_assert_no_error (error);
  fixture->outbox = cachet_engine_get_outbox (fixture->engine);
  g_signal_connect (fixture->outbox, "sent", G_CALLBACK (sent_cb), fixture);
}

static void
stop_engine (Fixture *fixture)
{
  g_auto (CachetTestWait) wait = { NULL };

  cachet_engine_stop_async (fixture->engine, cachet_test_wait_cb, &wait);
  g_assert_true (cachet_engine_stop_finish (fixture->engine, cachet_test_wait (&wait), NULL));
  g_clear_object (&fixture->engine);
}

static CachetAccountSettings *
make_settings (Fixture *fixture)
{
  CachetAccountSettings *settings = cachet_account_settings_new ();

  g_free (settings->id);
  settings->id = g_strdup ("11111111-2222-4333-8444-555555555555");
  g_free (settings->label);
  settings->label = g_strdup ("Ann");
  g_free (settings->address);
  settings->address = g_strdup ("ann@a.example");
  settings->imap = cachet_endpoint_new ("127.0.0.1", 1, CACHET_SECURITY_NONE);
  settings->smtp = cachet_test_server_dup_endpoint (fixture->server, CACHET_SECURITY_NONE);
  g_free (settings->imap_user);
  settings->imap_user = g_strdup ("ann");
  g_free (settings->smtp_user);
  settings->smtp_user = g_strdup ("ann");
  g_free (settings->auth);
  settings->auth = g_strdup ("auto");
  settings->allow_clear_password = TRUE;
  return settings;
}

static void
give_account (Fixture *fixture)
{
  g_autoptr (CachetAccountSettings) settings = make_settings (fixture);
  g_autoptr (CachetSecret) password = cachet_secret_new ("correct horse", -1);
  g_auto (CachetTestWait) wait = { NULL };
  g_autoptr (GError) error = NULL;

  cachet_engine_put_account_async (fixture->engine, settings, password, FALSE, NULL,
                                   cachet_test_wait_cb, &wait);
  fixture->account =
    cachet_engine_put_account_finish (fixture->engine, cachet_test_wait (&wait), NULL, &error);
  g_assert_no_error (error);
}

static Fixture *
fixture_new (const char *transcript)
{
  Fixture *fixture = g_new0 (Fixture, 1);

  fixture->directory = g_dir_make_tmp ("cachet-outbox-XXXXXX", NULL);
  fixture->server = cachet_test_server_new (transcript);
  start_engine (fixture);
  give_account (fixture);
  return fixture;
}

/* A connection that has done its work says QUIT by itself; stopping the engine before would cut it.
 */
static void
wait_quit (Fixture *fixture)
{
  for (int i = 0; i < QUIT_PATIENCE && cachet_test_server_is_playing (fixture->server); i++)
    cachet_test_wait_ms (1);
}

static void
fixture_free (Fixture *fixture)
{
  if (fixture->engine != NULL)
    {
      wait_quit (fixture);
      stop_engine (fixture);
    }
  cachet_test_server_finish (fixture->server);
  cachet_test_server_free (fixture->server);
  remove_tree (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static CachetOutboxItem *
queue (Fixture *fixture)
{
  static const char *const to[] = { "bob@b.example", "eve@b.example", NULL };
  g_autoptr (GBytes) message = g_bytes_new_static (MESSAGE, strlen (MESSAGE));
  g_auto (CachetTestWait) wait = { NULL };
  g_autoptr (GError) error = NULL;
  CachetOutboxItem *item;

  cachet_outbox_queue_async (fixture->outbox, fixture->account, message, "ann@a.example", to,
                             "one@a.example", "plans", NULL, cachet_test_wait_cb, &wait);
  item = cachet_outbox_queue_finish (fixture->outbox, cachet_test_wait (&wait), &error);
  g_assert_no_error (error);
  return item;
}

static void
wait_state (CachetOutboxItem *item, CachetOutboxState state)
{
  /* what comes of it is written once it is not busy any more */
  gboolean at_rest = state != CACHET_OUTBOX_SENDING && state != CACHET_OUTBOX_DATA_SENT;

  for (int i = 0; i < PATIENCE && (cachet_outbox_item_get_state (item) != state ||
                                   (at_rest && cachet_outbox_item_is_busy (item)));
       i++)
    cachet_test_wait_ms (1);
  g_assert_cmpint (cachet_outbox_item_get_state (item), ==, state);
  g_assert_true (!at_rest || !cachet_outbox_item_is_busy (item));
  /* nor does it change after that */
  cachet_test_wait_ms (30);
  g_assert_cmpint (cachet_outbox_item_get_state (item), ==, state);
}

/* The state is set first; what is told of it follows when it is durable, which on a busy machine
 * takes its time. */
static void
wait_count (const guint *count, guint wanted)
{
  for (int i = 0; i < PATIENCE && *count < wanted; i++)
    cachet_test_wait_ms (1);
  g_assert_cmpuint (*count, >=, wanted);
}

/* The server has come as far as the message, where its script lets it end. */
static void
wait_mail_command (Fixture *fixture)
{
  for (int i = 0; i < PATIENCE; i++)
    {
      const GByteArray *said = cachet_test_server_get_received (fixture->server);

      if (said->len > 0 && g_strstr_len ((char *)said->data, said->len, "MAIL ") != NULL)
        break;
      cachet_test_wait_ms (1);
    }
}

static CachetOutboxItem *
get_only_item (Fixture *fixture)
{
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->outbox)), ==, 1);
  return g_list_model_get_item (G_LIST_MODEL (fixture->outbox), 0);
}

/* Sent, and then waiting for IMAP; also for the next run. */
static void
test_sent (void)
{
  g_autoptr (Fixture) fixture = fixture_new (HELLO ENVELOPE "S: 250 OK\n" BYE);
  g_autoptr (CachetOutboxItem) item = queue (fixture);
  g_autoptr (CachetOutboxItem) later = NULL;
  const GByteArray *data;

  g_assert_cmpuint (
    cachet_outbox_count_account (fixture->outbox, cachet_account_get_id (fixture->account)), ==, 1);
  wait_state (item, CACHET_OUTBOX_SENT);
  wait_count (&fixture->n_sent, 1);
  g_assert_cmpuint (fixture->n_sent, ==, 1);
  g_assert_cmpuint (cachet_outbox_get_n_waiting (fixture->outbox), ==, 0);
  data = cachet_test_server_get_data (fixture->server);
  g_assert_cmpmem (data->data, data->len, MESSAGE ".\r\n", strlen (MESSAGE) + 3);
  wait_quit (fixture);
  stop_engine (fixture);
  start_engine (fixture);
  later = get_only_item (fixture);
  g_assert_cmpint (cachet_outbox_item_get_state (later), ==, CACHET_OUTBOX_SENT);
  g_assert_cmpstr (cachet_outbox_item_get_subject (later), ==, "plans");
  g_assert_cmpstr (cachet_outbox_item_get_recipients (later)[1], ==, "eve@b.example");
  g_assert_cmpuint (cachet_test_server_get_n_connections (fixture->server), ==, 1);
}

/* An account that was told to go off line sends nothing, until it may connect again. */
static void
test_offline (void)
{
  g_autoptr (Fixture) fixture = fixture_new (HELLO ENVELOPE "S: 250 OK\n" BYE);
  g_autoptr (CachetOutboxItem) item = NULL;

  cachet_account_go_offline (fixture->account);
  item = queue (fixture);
  wait_state (item, CACHET_OUTBOX_READY);
  g_assert_cmpuint (cachet_test_server_get_n_connections (fixture->server), ==, 0);
  cachet_account_reconnect (fixture->account);
  cachet_outbox_account_live (fixture->outbox, fixture->account);
  wait_state (item, CACHET_OUTBOX_SENT);
}

/* Two at once: one after the other, over one connection. */
static void
test_two (void)
{
  g_autoptr (Fixture) fixture =
    fixture_new (HELLO ENVELOPE "S: 250 OK\n" ENVELOPE "S: 250 OK\n" BYE);
  static const char *const to[] = { "bob@b.example", "eve@b.example", NULL };
  g_autoptr (GBytes) message = g_bytes_new_static (MESSAGE, strlen (MESSAGE));
  g_auto (CachetTestWait) first = { NULL };
  g_auto (CachetTestWait) second = { NULL };
  g_autoptr (CachetOutboxItem) one = NULL;
  g_autoptr (CachetOutboxItem) two = NULL;

  cachet_outbox_queue_async (fixture->outbox, fixture->account, message, "ann@a.example", to,
                             "one@a.example", "plans", NULL, cachet_test_wait_cb, &first);
  cachet_outbox_queue_async (fixture->outbox, fixture->account, message, "ann@a.example", to,
                             "two@a.example", "plans", NULL, cachet_test_wait_cb, &second);
  one = cachet_outbox_queue_finish (fixture->outbox, cachet_test_wait (&first), NULL);
  two = cachet_outbox_queue_finish (fixture->outbox, cachet_test_wait (&second), NULL);
  wait_state (one, CACHET_OUTBOX_SENT);
  wait_state (two, CACHET_OUTBOX_SENT);
  g_assert_cmpuint (cachet_test_server_get_n_connections (fixture->server), ==, 1);
}

/* The answer to the dot is lost: unknown, told, not sent again by itself, nor by a new start. */
static void
test_unknown (void)
{
  g_autoptr (Fixture) fixture = fixture_new (HELLO ENVELOPE "X:\n");
  g_autoptr (CachetOutboxItem) item = queue (fixture);
  g_autoptr (CachetOutboxItem) later = NULL;

  wait_state (item, CACHET_OUTBOX_UNKNOWN);
  g_assert_nonnull (cachet_outbox_item_get_error_text (item));
  wait_count (&fixture->n_notices, 1);
  g_assert_cmpuint (fixture->n_sent, ==, 0);
  cachet_outbox_account_live (fixture->outbox, fixture->account);
  stop_engine (fixture);
  start_engine (fixture);
  give_account (fixture);
  later = get_only_item (fixture);
  cachet_outbox_account_live (fixture->outbox, fixture->account);
  wait_state (later, CACHET_OUTBOX_UNKNOWN);
  g_assert_cmpuint (cachet_test_server_get_n_connections (fixture->server), ==, 1);
  /* Only the user's word sends it again: the same Message-ID. */
  cachet_test_server_add (fixture->server, HELLO ENVELOPE "S: 250 OK\n" BYE);
  cachet_outbox_retry (fixture->outbox, later);
  wait_state (later, CACHET_OUTBOX_SENT);
}

static void
test_mark_sent (void)
{
  g_autoptr (Fixture) fixture = fixture_new (HELLO ENVELOPE "R:\n");
  g_autoptr (CachetOutboxItem) item = queue (fixture);

  wait_state (item, CACHET_OUTBOX_UNKNOWN);
  cachet_outbox_mark_sent (fixture->outbox, item);
  wait_state (item, CACHET_OUTBOX_SENT);
  wait_count (&fixture->n_sent, 1);
  g_assert_cmpuint (fixture->n_sent, ==, 1);
  g_assert_cmpuint (cachet_test_server_get_n_connections (fixture->server), ==, 1);
}

/* Temporary trouble: a pause, and the next try when the account is there again. */
static void
test_temporary (void)
{
  g_autoptr (Fixture) fixture =
    fixture_new (HELLO "C: MAIL *\nS: 451 4.3.0 later\nC: RSET\nS: 250 OK\n" BYE);
  g_autoptr (CachetOutboxItem) item = queue (fixture);

  while (cachet_test_server_get_n_connections (fixture->server) == 0)
    cachet_test_wait_ms (1);
  wait_state (item, CACHET_OUTBOX_READY);
  g_assert_nonnull (strstr (cachet_outbox_item_get_error_text (item), "4.3.0 later"));
  g_assert_cmpuint (fixture->n_notices, ==, 0);
  g_assert_cmpuint (cachet_outbox_get_n_waiting (fixture->outbox), ==, 1);
  cachet_test_server_add (fixture->server, HELLO ENVELOPE "S: 250 OK\n" BYE);
  cachet_outbox_account_live (fixture->outbox, fixture->account);
  wait_state (item, CACHET_OUTBOX_SENT);
  /* Now it is the copy that waits. */
  g_assert_null (strstr (cachet_outbox_item_get_error_text (item), "4.3.0"));
}

static void
test_refused (void)
{
  g_autoptr (Fixture) fixture =
    fixture_new (HELLO "C: MAIL *\nS: 250 OK\nC: RCPT *\nS: 250 OK\nC: RCPT *\nS: 550 5.1.1 "
                       "nobody\nC: RSET\nS: 250 OK\n" BYE);
  g_autoptr (CachetOutboxItem) item = queue (fixture);

  wait_state (item, CACHET_OUTBOX_FAILED);
  g_assert_nonnull (strstr (cachet_outbox_item_get_error_text (item), "eve@b.example"));
  wait_count (&fixture->n_notices, 1);
  g_assert_cmpuint (fixture->n_notices, ==, 1);
  g_assert_true (cachet_outbox_discard (fixture->outbox, item));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->outbox)), ==, 0);
  cachet_test_wait_ms (50);
  wait_quit (fixture);
  stop_engine (fixture);
  start_engine (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->outbox)), ==, 0);
}

/* A wrong password is the account's question, not the message's failure. */
static void
test_wrong_password (void)
{
  g_autoptr (Fixture) fixture = fixture_new ("S: 220 mx\nC: EHLO *\nS: 250-mx\nS: 250 AUTH "
                                             "PLAIN\nC: AUTH PLAIN *\nS: 535 5.7.8 wrong\nE:\n");
  g_autoptr (CachetOutboxItem) item = queue (fixture);

  while (cachet_account_get_attention (fixture->account) == CACHET_ATTENTION_NONE)
    cachet_test_wait_ms (1);
  g_assert_cmpint (cachet_account_get_attention (fixture->account), ==, CACHET_ATTENTION_PASSWORD);
  wait_state (item, CACHET_OUTBOX_READY);
}

/* The user stops it: it stays, and says so. */
static void
test_cancelled (void)
{
  g_autoptr (Fixture) fixture = fixture_new (HELLO "C: MAIL *\nE:\n");
  g_autoptr (CachetOutboxItem) item = queue (fixture);
  g_autoptr (CachetActivity) activity = NULL;

  wait_state (item, CACHET_OUTBOX_SENDING);
  wait_mail_command (fixture);
  activity = g_list_model_get_item (cachet_engine_get_activities (fixture->engine), 0);
  g_assert_nonnull (strstr (cachet_activity_get_title (activity), "plans"));
  cachet_activity_cancel (activity);
  wait_state (item, CACHET_OUTBOX_FAILED);
  g_assert_nonnull (cachet_outbox_item_get_error_text (item));
  g_assert_cmpuint (g_list_model_get_n_items (cachet_engine_get_activities (fixture->engine)), ==,
                    0);
}

static void
lose_row_cb (CachetOutboxItem *item, GParamSpec *pspec, gpointer user_data)
{
  Fixture *fixture = user_data;

  if (cachet_outbox_item_get_fraction (item) == 1.0)
    cachet_journal_remove_outbox_async (cachet_engine_get_journal (fixture->engine),
                                        cachet_outbox_item_get_id (item), NULL, NULL, NULL);
}

/* "Data-sent" can't be written: the message is not ended, so it can't arrive. */
static void
test_not_durable (void)
{
  g_autoptr (Fixture) fixture = fixture_new (
    HELLO "C: MAIL *\nS: 250 OK\nC: RCPT *\nS: 250 OK\nC: RCPT *\nS: 250 OK\nC: DATA\nS: 354 go\n"
          "C: From: *\nC: To: *\nC: Subject: *\nC: Message-ID: *\nC: \nC: Hello\nE:\n");
  g_autoptr (CachetOutboxItem) item = queue (fixture);

  g_signal_connect (item, "notify::fraction", G_CALLBACK (lose_row_cb), fixture);
  wait_state (item, CACHET_OUTBOX_FAILED);
  g_assert_cmpuint (fixture->n_sent, ==, 0);
  wait_count (&fixture->n_notices, 1);
  g_signal_handlers_disconnect_by_data (item, fixture);
}

/* Before the dot a stop only puts it off. */
static void
test_stop_before_dot (void)
{
  g_autoptr (Fixture) fixture = fixture_new (HELLO "C: MAIL *\nE:\n");
  g_autoptr (CachetOutboxItem) item = queue (fixture);
  g_autoptr (CachetOutboxItem) later = NULL;

  wait_state (item, CACHET_OUTBOX_SENDING);
  wait_mail_command (fixture);
  g_assert_false (cachet_outbox_discard (fixture->outbox, item));
  stop_engine (fixture);
  g_assert_cmpint (cachet_outbox_item_get_state (item), ==, CACHET_OUTBOX_READY);
  start_engine (fixture);
  later = get_only_item (fixture);
  /* it is tried anew, in vain */
  wait_state (later, CACHET_OUTBOX_READY);
}

static void
test_stop_after_dot (void)
{
  g_autoptr (Fixture) fixture = fixture_new (HELLO ENVELOPE "E:\n");
  g_autoptr (CachetOutboxItem) item = queue (fixture);
  g_autoptr (CachetOutboxItem) later = NULL;
  gint64 before;

  wait_state (item, CACHET_OUTBOX_DATA_SENT);
  before = g_get_monotonic_time ();
  stop_engine (fixture);
  g_assert_cmpint (g_get_monotonic_time () - before, <, 6 * G_USEC_PER_SEC);
  start_engine (fixture);
  later = get_only_item (fixture);
  g_assert_cmpint (cachet_outbox_item_get_state (later), ==, CACHET_OUTBOX_UNKNOWN);
}

/* What a crash leaves in the journal. */
static void
write_entry (Fixture *fixture, CachetOutboxState state)
{
  g_autofree char *data = g_build_filename (fixture->directory, "data", NULL);
  g_autoptr (GBytes) message = g_bytes_new_static (MESSAGE, strlen (MESSAGE));
  g_autoptr (CachetOutboxEntry) entry = g_new0 (CachetOutboxEntry, 1);
  g_auto (CachetTestWait) opened = { NULL };
  g_auto (CachetTestWait) added = { NULL };
  g_autoptr (CachetJournal) journal = NULL;
  g_autoptr (GError) error = NULL;

  entry->account_id = g_strdup ("none");
  entry->state = state;
  entry->envelope_from = g_strdup ("ann@a.example");
  entry->recipients = g_strsplit ("bob@b.example eve@b.example", " ", -1);
  entry->message_id = g_strdup ("one@a.example");
  entry->subject = g_strdup ("plans");
  cachet_journal_open_async (data, NULL, cachet_test_wait_cb, &opened);
  journal = cachet_journal_open_finish (cachet_test_wait (&opened), NULL, &error);
  g_assert_no_error (error);
  cachet_journal_add_outbox_async (journal, entry, message, NULL, cachet_test_wait_cb, &added);
  g_assert_cmpint (cachet_journal_add_finish (journal, cachet_test_wait (&added), &error), >, 0);
  g_assert_no_error (error);
  cachet_journal_close (journal);
}

static void
test_crash (void)
{
  static const struct
  {
    CachetOutboxState before;
    CachetOutboxState after;
  } rows[] = {
    { CACHET_OUTBOX_READY, CACHET_OUTBOX_READY },
    { CACHET_OUTBOX_SENDING, CACHET_OUTBOX_READY },
    { CACHET_OUTBOX_DATA_SENT, CACHET_OUTBOX_UNKNOWN },
    { CACHET_OUTBOX_SENT, CACHET_OUTBOX_SENT },
    { CACHET_OUTBOX_FAILED, CACHET_OUTBOX_FAILED },
    { CACHET_OUTBOX_UNKNOWN, CACHET_OUTBOX_UNKNOWN },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Fixture) fixture = fixture_new (NULL);
      g_autoptr (CachetOutboxItem) item = NULL;

      stop_engine (fixture);
      write_entry (fixture, rows[i].before);
      start_engine (fixture);
      item = get_only_item (fixture);
      g_assert_cmpint (cachet_outbox_item_get_state (item), ==, rows[i].after);
    }
}

/* Back into the composer, with the recipients that the bytes don't name. */
static void
test_edit (void)
{
  g_autoptr (Fixture) fixture =
    fixture_new (HELLO "C: MAIL *\nS: 550 5.7.1 no\nC: RSET\nS: 250 OK\n" BYE);
  g_autoptr (CachetOutboxItem) item = queue (fixture);
  g_auto (CachetTestWait) wait = { NULL };
  g_autoptr (CachetDraft) draft = NULL;
  g_autofree char *to = NULL;
  g_autofree char *bcc = NULL;
  g_autoptr (GError) error = NULL;

  wait_state (item, CACHET_OUTBOX_FAILED);
  cachet_outbox_edit_async (fixture->outbox, item, NULL, cachet_test_wait_cb, &wait);
  draft = cachet_outbox_edit_finish (fixture->outbox, cachet_test_wait (&wait), &error);
  g_assert_no_error (error);
  to = cachet_draft_dup_recipients_text (draft, CACHET_MIME_TO);
  bcc = cachet_draft_dup_recipients_text (draft, CACHET_MIME_BCC);
  g_assert_cmpstr (to, ==, "bob@b.example");
  g_assert_cmpstr (bcc, ==, "eve@b.example");
  g_assert_cmpstr (cachet_draft_get_subject (draft), ==, "plans");
  g_assert_cmpstr (cachet_draft_get_message_id (draft), ==, "one@a.example");
  g_assert_cmpint (cachet_outbox_item_get_state (item), ==, CACHET_OUTBOX_FAILED);
}

/* The probe: every step told, also when the first server is not there. */
static void
test_probe (void)
{
  g_autoptr (Fixture) fixture = fixture_new (HELLO BYE);
  g_autoptr (CachetAccountSettings) settings = make_settings (fixture);
  g_autoptr (CachetSecret) password = cachet_secret_new ("correct horse", -1);
  g_autoptr (CachetAccountProbe) probe =
    cachet_account_probe_new (fixture->engine, settings, password);
  g_auto (CachetTestWait) wait = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) steps = g_string_new (NULL);

  cachet_account_probe_run_async (probe, NULL, cachet_test_wait_cb, &wait);
  g_assert_false (cachet_account_probe_run_finish (probe, cachet_test_wait (&wait), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (probe)); i++)
    {
      g_autoptr (CachetProbeStep) step = g_list_model_get_item (G_LIST_MODEL (probe), i);

      g_string_append_printf (steps, "%s%d", i > 0 ? " " : "",
                              (int)cachet_probe_step_get_result (step));
      g_assert_nonnull (cachet_probe_step_get_text (step));
    }
  /* IMAP: look-up, connection; SMTP: look-up, connection, greeting, no encryption, log-in */
  g_assert_cmpstr (steps->str, ==, "1 2 1 1 1 3 1");
  g_assert_null (cachet_account_probe_get_certificate (probe));
}

int
main (int argc, char *argv[])
{
  g_setenv ("SECRET_BACKEND", "file", TRUE);
  g_setenv ("SECRET_FILE_TEST_PATH", "/nonexistent/keyring", TRUE);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", "test", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outbox/sent", test_sent);
  g_test_add_func ("/outbox/offline", test_offline);
  g_test_add_func ("/outbox/two", test_two);
  g_test_add_func ("/outbox/unknown", test_unknown);
  g_test_add_func ("/outbox/mark-sent", test_mark_sent);
  g_test_add_func ("/outbox/temporary", test_temporary);
  g_test_add_func ("/outbox/refused", test_refused);
  g_test_add_func ("/outbox/wrong-password", test_wrong_password);
  g_test_add_func ("/outbox/cancelled", test_cancelled);
  g_test_add_func ("/outbox/not-durable", test_not_durable);
  g_test_add_func ("/outbox/stop-before-dot", test_stop_before_dot);
  g_test_add_func ("/outbox/stop-after-dot", test_stop_after_dot);
  g_test_add_func ("/outbox/crash", test_crash);
  g_test_add_func ("/outbox/edit", test_edit);
  g_test_add_func ("/outbox/probe", test_probe);
  return g_test_run ();
}
