#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-outbox-sender.h"

#include "cachet-outbox-policy.h"
#include "cachet-smtp-session.h"

#include <glib/gi18n.h>

/*
 *  READY --(journal)--> SENDING -> read -> [connect -> password -> log in] -> send
 *                                                                              |
 *     SENT, READY later, FAILED, UNKNOWN <--(journal)-- reply <- DATA_SENT <--(journal, before dot)
 */

struct _CachetOutboxSender
{
  GObject parent_instance;

  CachetEngine *engine; /* not referenced: it owns the outbox, which owns this */
  CachetAccount *account;
  CachetSmtpSession *session; /* (nullable) */

  /* The message under way. */
  GTask *task; /* (nullable) */
  CachetOutboxItem *item;
  GBytes *message;
  GCancellable *cancellable;
  CachetActivity *activity;
  gboolean stopping;
  gboolean reused;      /* the connection is an older one, which may have died meanwhile */
  GError *save_error;   /* (nullable): DATA_SENT could not be written, so nothing was sent */
  gboolean must_answer; /* the user was asked something: no sense in trying before */
};

G_DEFINE_FINAL_TYPE (CachetOutboxSender, cachet_outbox_sender, G_TYPE_OBJECT)

static void connect_session (CachetOutboxSender *self);

static void
drop_session (CachetOutboxSender *self)
{
  if (self->session != NULL)
    cachet_smtp_session_disconnect (self->session);
  g_clear_object (&self->session);
}

static void
cachet_outbox_sender_dispose (GObject *object)
{
  CachetOutboxSender *self = CACHET_OUTBOX_SENDER (object);

  drop_session (self);
  g_clear_object (&self->account);
  g_clear_error (&self->save_error);
  G_OBJECT_CLASS (cachet_outbox_sender_parent_class)->dispose (object);
}

static void
cachet_outbox_sender_class_init (CachetOutboxSenderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cachet_outbox_sender_dispose;
}

static void
cachet_outbox_sender_init (CachetOutboxSender *self)
{
}

CachetOutboxSender *
cachet_outbox_sender_new (CachetEngine *engine, CachetAccount *account)
{
  CachetOutboxSender *self = g_object_new (CACHET_TYPE_OUTBOX_SENDER, NULL);

  self->engine = engine;
  self->account = g_object_ref (account);
  return self;
}

gboolean
cachet_outbox_sender_is_busy (CachetOutboxSender *self)
{
  g_return_val_if_fail (CACHET_IS_OUTBOX_SENDER (self), FALSE);
  return self->task != NULL;
}

static void
save (CachetOutboxSender *self, GAsyncReadyCallback callback)
{
  cachet_journal_update_outbox_async (cachet_engine_get_journal (self->engine),
                                      cachet_outbox_item_get_entry (self->item), NULL, callback,
                                      self);
}

/* The end of it, whatever it is */

static void
ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetOutboxSender *self = user_data;
  g_autoptr (GTask) task = g_steal_pointer (&self->task);
  g_autoptr (CachetOutboxItem) item = g_steal_pointer (&self->item);
  g_autoptr (GBytes) message = g_steal_pointer (&self->message);
  g_autoptr (GError) error = NULL;

  if (!cachet_journal_write_finish (CACHET_JOURNAL (source), result, &error))
    cachet_engine_take_notice (
      self->engine,
      cachet_notice_new_from_error (cachet_account_get_id (self->account),
                                    _ ("What became of a message in the outbox could not be "
                                       "written to disk."),
                                       error));
  cachet_activity_end (self->activity);
  g_clear_object (&self->activity);
  g_clear_object (&self->cancellable);
  cachet_outbox_item_set_fraction (item, -1.0);
  cachet_outbox_item_set_busy (item, FALSE);
  if (cachet_outbox_item_get_state (item) == CACHET_OUTBOX_SENT)
    g_task_return_pointer (task, g_steal_pointer (&message), (GDestroyNotify)g_bytes_unref);
  else
    g_task_return_pointer (task, NULL, NULL);
}

static void
put_off (CachetOutboxSender *self, const char *error_text)
{
  CachetOutboxEntry *entry = cachet_outbox_item_get_entry (self->item);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  if (entry->n_attempts >= CACHET_OUTBOX_MAX_ATTEMPTS)
    {
      cachet_outbox_item_set_state (self->item, CACHET_OUTBOX_FAILED, error_text);
      return;
    }
  entry->not_before = now + (self->must_answer ? CACHET_OUTBOX_LONGEST_PAUSE
                                               : cachet_outbox_get_pause (entry->n_attempts));
  cachet_outbox_item_set_state (self->item, CACHET_OUTBOX_READY, error_text);
}

/* Takes @error. @rejections: (nullable) */
static void
end_with_error (CachetOutboxSender *self, GError *error, GPtrArray *rejections)
{
  switch (cachet_outbox_judge (error, rejections))
    {
    case CACHET_OUTBOX_VERDICT_RETRY:
      put_off (self, error->message);
      break;
    case CACHET_OUTBOX_VERDICT_UNKNOWN:
      cachet_outbox_item_set_state (self->item, CACHET_OUTBOX_UNKNOWN, error->message);
      break;
    case CACHET_OUTBOX_VERDICT_STOPPED:
      if (self->stopping)
        cachet_outbox_item_set_state (self->item, CACHET_OUTBOX_READY, NULL);
      else
        cachet_outbox_item_set_state (
          self->item, CACHET_OUTBOX_FAILED,
          _ ("Sending was stopped before the end, and nothing was sent. Send it again, or edit "
             "it."));
      break;
    case CACHET_OUTBOX_VERDICT_FAIL:
    default:
      cachet_outbox_item_set_state (self->item, CACHET_OUTBOX_FAILED, error->message);
    }
  g_error_free (error);
  save (self, ended_cb);
}

/* Connection or log-in: what the user must answer is asked at the account. Takes @error. */
static void
end_without_session (CachetOutboxSender *self, GError *error)
{
  g_autoptr (CachetServerCertificate) certificate = NULL;

  if (g_error_matches (error, CACHET_NET_ERROR, CACHET_NET_ERROR_CERTIFICATE))
    certificate = cachet_smtp_session_dup_certificate (self->session);
  if (g_error_matches (error, CACHET_NET_ERROR, CACHET_NET_ERROR_AUTH))
    cachet_account_forget_password (self->account);
  self->must_answer = cachet_account_attention_from_error (self->account, error, certificate);
  drop_session (self);
  end_with_error (self, error, NULL);
}

/* Sending */

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetOutboxSender *self = user_data;
  g_autoptr (GPtrArray) rejections = NULL;
  GError *error = NULL;

  if (!cachet_smtp_session_send_finish (CACHET_SMTP_SESSION (source), result, NULL, &rejections,
                                        &error))
    {
      if (!cachet_smtp_session_is_ready (self->session))
        drop_session (self);
      if (self->save_error != NULL)
        {
          g_error_free (error);
          error = g_steal_pointer (&self->save_error);
        }
      else if (self->reused && g_error_matches (error, CACHET_NET_ERROR, CACHET_NET_ERROR_CLOSED))
        {
          g_error_free (error);
          connect_session (self);
          return;
        }
      end_with_error (self, error, rejections);
      return;
    }
  cachet_outbox_item_set_state (self->item, CACHET_OUTBOX_SENT, NULL);
  cachet_outbox_item_get_entry (self->item)->not_before = 0;
  save (self, ended_cb);
}

typedef struct
{
  CachetOutboxSender *sender;
  CachetSmtpResumeFunc resume;
  gpointer resume_data;
} BeforeDot;

static void
data_sent_saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree BeforeDot *before = user_data;
  g_autoptr (CachetOutboxSender) self = before->sender;
  GError *error = NULL;
  gboolean saved = cachet_journal_write_finish (CACHET_JOURNAL (source), result, &error);

  if (!saved)
    {
      g_clear_error (&self->save_error);
      self->save_error = error;
    }
  before->resume (before->resume_data, saved);
}

static void
before_dot_cb (CachetSmtpResumeFunc resume, gpointer resume_data, gpointer user_data)
{
  CachetOutboxSender *self = user_data;
  BeforeDot *before = g_new0 (BeforeDot, 1);

  before->sender = g_object_ref (self);
  before->resume = resume;
  before->resume_data = resume_data;
  cachet_outbox_item_set_state (self->item, CACHET_OUTBOX_DATA_SENT, NULL);
  cachet_journal_update_outbox_async (cachet_engine_get_journal (self->engine),
                                      cachet_outbox_item_get_entry (self->item), NULL,
                                      data_sent_saved_cb, before);
}

static void
progress_cb (guint64 done, guint64 total, gpointer user_data)
{
  CachetOutboxSender *self = user_data;
  double fraction = total > 0 ? (double)done / (double)total : 1.0;

  cachet_outbox_item_set_fraction (self->item, fraction);
  cachet_activity_set_fraction (self->activity, fraction);
}

static void
send_message (CachetOutboxSender *self)
{
  const CachetOutboxEntry *entry = cachet_outbox_item_get_entry (self->item);

  cachet_smtp_session_send_async (self->session, entry->envelope_from,
                                  (const char *const *)entry->recipients, self->message,
                                  (CachetSmtpSendFlags)entry->flags, before_dot_cb, self,
                                  progress_cb, self, self->cancellable, sent_cb, self);
}

/* Connecting */

static void
authenticated_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetOutboxSender *self = user_data;
  GError *error = NULL;

  if (cachet_smtp_session_authenticate_finish (CACHET_SMTP_SESSION (source), result, &error))
    send_message (self);
  else
    end_without_session (self, error);
}

static void
password_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetOutboxSender *self = user_data;
  const CachetAccountSettings *settings = cachet_account_get_settings (self->account);
  g_autoptr (CachetSecret) password = NULL;
  GError *error = NULL;

  password = cachet_account_lookup_password_finish (CACHET_ACCOUNT (source), result, &error);
  if (password == NULL)
    {
      if (g_error_matches (error, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_NO_PASSWORD))
        {
          cachet_account_set_attention (self->account, CACHET_ATTENTION_PASSWORD, NULL,
                                        error->message);
          self->must_answer = TRUE;
        }
      drop_session (self);
      end_with_error (self, error, NULL);
      return;
    }
  cachet_smtp_session_authenticate_async (self->session, settings->smtp_user, password,
                                          settings->auth, settings->allow_clear_password,
                                          self->cancellable, authenticated_cb, self);
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetOutboxSender *self = user_data;
  const CachetAccountSettings *settings = cachet_account_get_settings (self->account);
  GError *error = NULL;

  if (!cachet_smtp_session_connect_finish (CACHET_SMTP_SESSION (source), result, &error))
    end_without_session (self, error);
  else if (settings->smtp_user == NULL || settings->smtp_user[0] == '\0')
    send_message (self);
  else
    cachet_account_lookup_password_async (self->account, "smtp", self->cancellable, password_cb,
                                          self);
}

static void
connect_session (CachetOutboxSender *self)
{
  const CachetAccountSettings *settings = cachet_account_get_settings (self->account);

  drop_session (self);
  self->reused = FALSE;
  self->session =
    cachet_smtp_session_new (settings->smtp, cachet_engine_get_trust_decider (self->engine),
                             cachet_account_get_wire_log (self->account));
  cachet_smtp_session_connect_async (self->session, self->cancellable, connected_cb, self);
}

static void
message_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetOutboxSender *self = user_data;
  GError *error = NULL;

  self->message = cachet_journal_read_message_finish (CACHET_JOURNAL (source), result, &error);
  if (self->message == NULL)
    end_with_error (self, error, NULL);
  else if (self->session != NULL && cachet_smtp_session_is_ready (self->session))
    {
      self->reused = TRUE;
      send_message (self);
    }
  else
    connect_session (self);
}

static void
begun_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetOutboxSender *self = user_data;
  GError *error = NULL;

  if (!cachet_journal_write_finish (CACHET_JOURNAL (source), result, &error))
    {
      end_with_error (self, error, NULL);
      return;
    }
  cachet_journal_read_outbox_message_async (cachet_engine_get_journal (self->engine),
                                            cachet_outbox_item_get_id (self->item),
                                            self->cancellable, message_read_cb, self);
}

void
cachet_outbox_sender_deliver_async (CachetOutboxSender *self,
                                    CachetOutboxItem *item,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  CachetOutboxEntry *entry = cachet_outbox_item_get_entry (item);
  g_autofree char *title = NULL;

  g_return_if_fail (CACHET_IS_OUTBOX_SENDER (self));
  g_return_if_fail (self->task == NULL);
  g_return_if_fail (entry->state == CACHET_OUTBOX_READY && !cachet_outbox_item_is_busy (item));

  /* The task holds the sender as long as a callback is due. */
  self->task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->task, cachet_outbox_sender_deliver_async);
  g_task_set_name (self->task, "cachet-outbox-deliver");
  self->item = g_object_ref (item);
  self->cancellable = g_cancellable_new ();
  self->stopping = FALSE;
  self->must_answer = FALSE;
  g_clear_error (&self->save_error);
  title = entry->subject != NULL && entry->subject[0] != '\0'
    ? g_strdup_printf (_ ("Sending “%s”"), entry->subject)
    : g_strdup (_ ("Sending a message"));
  self->activity =
    cachet_engine_begin_activity (self->engine, entry->account_id, title, self->cancellable);
  cachet_outbox_item_set_busy (item, TRUE);
  entry->n_attempts++;
  cachet_outbox_item_set_state (item, CACHET_OUTBOX_SENDING, NULL);
  save (self, begun_cb);
}

GBytes *
cachet_outbox_sender_deliver_finish (CachetOutboxSender *self, GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

void
cachet_outbox_sender_rest (CachetOutboxSender *self)
{
  g_return_if_fail (CACHET_IS_OUTBOX_SENDER (self));

  if (self->task != NULL || self->session == NULL)
    return;
  /* It lives until the answer came. */
  cachet_smtp_session_quit_async (self->session, NULL, NULL, NULL);
  g_clear_object (&self->session);
}

void
cachet_outbox_sender_stop (CachetOutboxSender *self, gboolean force)
{
  g_return_if_fail (CACHET_IS_OUTBOX_SENDER (self));

  if (self->task == NULL)
    {
      drop_session (self);
      return;
    }
  self->stopping = TRUE;
  if (force || cachet_outbox_item_get_state (self->item) != CACHET_OUTBOX_DATA_SENT)
    g_cancellable_cancel (self->cancellable);
}
