#define G_LOG_DOMAIN "cachet-net"

#include "config.h"

#include "cachet-smtp-session-private.h"

#include "cachet-main-thread.h"
#include "cachet-smtp-command.h"
#include "cachet-visible-text.h"

#include <glib/gi18n.h>
#include <string.h>

/*
 *  DISCONNECTED -> CONNECTING -> READY <-> BUSY
 *        |             |           |        |
 *        +-------------+-----------+--------+--> CLOSED
 */
typedef enum {
  STATE_DISCONNECTED,
  STATE_CONNECTING,
  STATE_READY,
  STATE_BUSY,
  STATE_CLOSED,
} State;

/* Lines of one reply that get into the log. */
#define MAX_LOGGED_LINES 50

typedef struct
{
  CachetSmtpReplyFunc func;
  guint timeout;
  gint64 sent; /* monotonic microseconds */
} Waiting;

struct _CachetSmtpSession
{
  GObject parent_instance;

  CachetEndpoint *endpoint;
  CachetTransport *transport;
  CachetSmtpTimeouts timeouts;
  CachetConnectionFacts *facts;

  State state;
  CachetSmtpReplyParser *parser;
  CachetSmtpExtensions *extensions;
  GQueue waiting;  /* (element-type Waiting) */
  GByteArray *out; /* lines not yet written */
  GPtrArray *secrets;
  gboolean wants_tls; /* STARTTLS was granted: TLS begins when its reply is taken */

  GTask *task; /* (nullable): the operation under way */
  CachetSmtpLossFunc on_loss;
  GSource *cancelled_source;
};

enum { SIGNAL_CLOSED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CachetSmtpSession, cachet_smtp_session, G_TYPE_OBJECT)

static void read_on (CachetSmtpSession *self);
static void send_ehlo (CachetSmtpSession *self);

static const char *
state_to_string (State state)
{
  static const char *const names[] = { "disconnected", "connecting", "ready", "busy", "closed" };

  return names[state];
}

static gboolean
is_legal (State from, State to)
{
  switch (to)
    {
    case STATE_CONNECTING:
      return from == STATE_DISCONNECTED;
    case STATE_READY:
      return from == STATE_CONNECTING || from == STATE_BUSY;
    case STATE_BUSY:
      return from == STATE_READY;
    case STATE_CLOSED:
      return from != STATE_CLOSED;
    case STATE_DISCONNECTED:
    default:
      return FALSE;
    }
}

static void
set_state (CachetSmtpSession *self, State state)
{
  g_assert (is_legal (self->state, state));
  g_debug ("smtp %s: %s -> %s", self->endpoint->host, state_to_string (self->state),
           state_to_string (state));
  self->state = state;
}

/* Operations */

static void
clear_operation (CachetSmtpSession *self)
{
  self->on_loss = NULL;
  if (self->cancelled_source != NULL)
    g_source_destroy (self->cancelled_source);
  g_clear_pointer (&self->cancelled_source, g_source_unref);
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  CachetSmtpSession *self = user_data;
  GError *error = NULL;

  g_cancellable_set_error_if_cancelled (cancellable, &error);
  cachet_smtp_session_break (self, error);
  return G_SOURCE_REMOVE;
}

static void
adopt_task (CachetSmtpSession *self, GTask *task, CachetSmtpLossFunc on_loss)
{
  GCancellable *cancellable = g_task_get_cancellable (task);

  self->task = task;
  self->on_loss = on_loss;
  /* After the dot a cancelled send is "unknown", not cancelled. */
  g_task_set_check_cancellable (task, FALSE);
  if (cancellable == NULL)
    return;
  self->cancelled_source = g_cancellable_source_new (cancellable);
  g_source_set_callback (self->cancelled_source, G_SOURCE_FUNC (cancelled_cb), self, NULL);
  g_source_set_static_name (self->cancelled_source, "cachet-smtp-cancelled");
  g_source_attach (self->cancelled_source, g_main_context_get_thread_default ());
}

gboolean
cachet_smtp_session_begin (CachetSmtpSession *self, GTask *task, CachetSmtpLossFunc on_loss)
{
  if (self->state == STATE_READY)
    {
      set_state (self, STATE_BUSY);
      adopt_task (self, task, on_loss);
      return TRUE;
    }
  if (self->state == STATE_CLOSED || self->state == STATE_DISCONNECTED)
    g_task_return_new_error (task, CACHET_NET_ERROR, CACHET_NET_ERROR_CLOSED,
                             _ ("There is no connection to %s."), self->endpoint->host);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING,
                             _ ("The connection to %s is busy."), self->endpoint->host);
  g_object_unref (task);
  return FALSE;
}

GTask *
cachet_smtp_session_get_task (CachetSmtpSession *self)
{
  return self->task;
}

gpointer
cachet_smtp_session_get_operation (CachetSmtpSession *self)
{
  return self->task != NULL ? g_task_get_task_data (self->task) : NULL;
}

static void
end_operation (CachetSmtpSession *self, GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  g_assert (task != NULL);
  clear_operation (self);
  set_state (self, STATE_READY);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

void
cachet_smtp_session_succeed (CachetSmtpSession *self)
{
  end_operation (self, NULL);
}

void
cachet_smtp_session_fail (CachetSmtpSession *self, GError *error)
{
  g_assert (error != NULL);
  end_operation (self, error);
}

/* @error: (transfer full) (nullable): for the task; @signal_error: (nullable): for "closed" */
static void
close_session (CachetSmtpSession *self, GError *error, const GError *signal_error)
{
  g_autoptr (CachetSmtpSession) alive = g_object_ref (self);
  g_autoptr (GTask) task = g_steal_pointer (&self->task);
  g_autoptr (GError) reported = signal_error != NULL ? g_error_copy (signal_error) : NULL;

  clear_operation (self);
  set_state (self, STATE_CLOSED);
  g_queue_clear_full (&self->waiting, g_free);
  g_byte_array_set_size (self->out, 0);
  cachet_smtp_session_forget_secrets (self);
  if (reported != NULL)
    cachet_transport_fail (self->transport, reported);
  else
    cachet_transport_close (self->transport);
  if (task != NULL && error != NULL)
    g_task_return_error (task, error);
  else if (task != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_clear_error (&error);
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0, reported);
}

void
cachet_smtp_session_break_answered (CachetSmtpSession *self, GError *error)
{
  if (self->state == STATE_CLOSED)
    g_error_free (error);
  else
    close_session (self, error, error);
}

void
cachet_smtp_session_break (CachetSmtpSession *self, GError *error)
{
  if (self->state != STATE_CLOSED && self->on_loss != NULL)
    error = self->on_loss (self, error);
  if (self->state == STATE_CLOSED)
    g_clear_error (&error);
  else
    close_session (self, error, error);
}

void
cachet_smtp_session_disconnect (CachetSmtpSession *self)
{
  GError *error;

  g_return_if_fail (CACHET_IS_SMTP_SESSION (self));

  if (self->state == STATE_CLOSED)
    return;
  error =
    g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("The connection was ended here."));
  if (self->on_loss != NULL)
    error = self->on_loss (self, error);
  close_session (self, error, NULL);
}

/* Commands */

static void
update_wait (CachetSmtpSession *self)
{
  const Waiting *head = g_queue_peek_head (&self->waiting);

  cachet_transport_set_read_timeout (self->transport, head != NULL ? head->timeout : 0);
}

void
cachet_smtp_session_expect (CachetSmtpSession *self, guint timeout, CachetSmtpReplyFunc func)
{
  Waiting *waiting = g_new0 (Waiting, 1);

  waiting->func = func;
  waiting->timeout = timeout;
  waiting->sent = g_get_monotonic_time ();
  g_queue_push_tail (&self->waiting, waiting);
  update_wait (self);
}

void
cachet_smtp_session_set_wait (CachetSmtpSession *self, guint timeout)
{
  Waiting *head = g_queue_peek_head (&self->waiting);

  if (head == NULL)
    return;
  head->timeout = timeout;
  update_wait (self);
}

void
cachet_smtp_session_queue (CachetSmtpSession *self,
                           const char *line,
                           guint timeout,
                           CachetSmtpReplyFunc func)
{
  gsize length = strlen (line);

  g_assert (strpbrk (line, "\r\n") == NULL);
  g_byte_array_append (self->out, (const guint8 *)line, (guint)length);
  g_byte_array_append (self->out, (const guint8 *)"\r\n", 2);
  cachet_transport_record (self->transport, CACHET_WIRE_SENT, NULL, line, length + 2, -1);
  cachet_smtp_session_expect (self, timeout, func);
}

void
cachet_smtp_session_flush (CachetSmtpSession *self)
{
  g_autoptr (GBytes) bytes = g_bytes_new (self->out->data, self->out->len);

  g_byte_array_set_size (self->out, 0);
  cachet_transport_write_async (self->transport, bytes, NULL, NULL);
}

typedef struct
{
  gsize length;
  char text[];
} SecretLine;

static void
secret_line_free (gpointer data)
{
  SecretLine *line = data;

  cachet_secret_wipe (line->text, line->length);
  g_free (line);
}

void
cachet_smtp_session_queue_secret (CachetSmtpSession *self,
                                  const char *shown,
                                  CachetSecret *secret,
                                  guint timeout,
                                  CachetSmtpReplyFunc func)
{
  gsize n_shown = strlen (shown);
  gsize n_secret = cachet_secret_get_length (secret);
  gsize length = n_shown + n_secret + 2;
  SecretLine *line = g_malloc (sizeof (SecretLine) + length);
  g_autofree char *masked = g_strconcat (shown, "•••", NULL);
  g_autoptr (GBytes) bytes = NULL;

  line->length = length;
  memcpy (line->text, shown, n_shown);
  memcpy (line->text + n_shown, cachet_secret_get_text (secret), n_secret);
  memcpy (line->text + n_shown + n_secret, "\r\n", 2);
  bytes = g_bytes_new_with_free_func (line->text, length, secret_line_free, line);
  cachet_transport_record (self->transport, CACHET_WIRE_SENT, NULL, masked, length, -1);
  cachet_smtp_session_mask (self, secret);
  cachet_smtp_session_expect (self, timeout, func);
  cachet_transport_write_async (self->transport, bytes, NULL, NULL);
}

void
cachet_smtp_session_mask (CachetSmtpSession *self, CachetSecret *secret)
{
  if (cachet_secret_get_length (secret) > 1)
    g_ptr_array_add (self->secrets, cachet_secret_ref (secret));
}

void
cachet_smtp_session_forget_secrets (CachetSmtpSession *self)
{
  g_ptr_array_set_size (self->secrets, 0);
}

/* Replies */

/* A server that repeats what it was told must not bring it into the log or an error sentence. */
static void
mask_reply (CachetSmtpSession *self, CachetSmtpReply *reply)
{
  for (guint i = 0; reply->lines[i] != NULL; i++)
    for (guint s = 0; s < self->secrets->len; s++)
      {
        const char *secret = cachet_secret_get_text (g_ptr_array_index (self->secrets, s));
        g_auto (GStrv) parts = NULL;

        if (strstr (reply->lines[i], secret) == NULL)
          continue;
        parts = g_strsplit (reply->lines[i], secret, -1);
        g_free (reply->lines[i]);
        reply->lines[i] = g_strjoinv ("•••", parts);
      }
}

static void
record_reply (CachetSmtpSession *self, const CachetSmtpReply *reply, gint64 sent)
{
  for (guint i = 0; reply->lines[i] != NULL; i++)
    {
      gboolean is_last = reply->lines[i + 1] == NULL;
      g_autofree char *line = NULL;

      if (i >= MAX_LOGGED_LINES && !is_last)
        continue;
      line = g_strdup_printf ("%d%c%s", reply->code, is_last ? ' ' : '-',
                              reply->code == 334 ? "•••" : reply->lines[i]);
      cachet_transport_record (
        self->transport, CACHET_WIRE_RECEIVED, NULL, line,
        strlen (reply->lines[i]) + strlen ("250 \r\n"),
        is_last && sent > 0 ? (double)(g_get_monotonic_time () - sent) / 1000.0 : -1);
    }
}

static void
take_reply (CachetSmtpSession *self, CachetSmtpReply *reply)
{
  g_autofree Waiting *waiting = g_queue_pop_head (&self->waiting);

  if (reply->code != 334)
    mask_reply (self, reply);
  record_reply (self, reply, waiting != NULL ? waiting->sent : 0);
  update_wait (self);
  if (reply->code == 421)
    cachet_smtp_session_break_answered (
      self, cachet_smtp_error_from_reply (
              reply, _ ("The mail server ended the connection and asks to try again later.")));
  else if (waiting == NULL)
    cachet_smtp_session_break (self, cachet_smtp_error_unexpected (reply));
  else
    waiting->func (self, reply);
}

/* Takes the replies in @bytes. Replies to commands that were sent only while these were taken can't
 * be among them: a server that answers before it is asked ends the connection. Returns what is left
 * when TLS is due. */
static gsize
take_bytes (CachetSmtpSession *self, GBytes *bytes)
{
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  guint n_asked = MAX (g_queue_get_length (&self->waiting), 1);

  while (length > 0 && self->state != STATE_CLOSED && !self->wants_tls)
    {
      g_autoptr (CachetSmtpReply) reply = NULL;
      g_autoptr (GError) error = NULL;
      gssize n = cachet_smtp_reply_parser_feed (self->parser, data, length, &reply, &error);

      if (n < 0)
        {
          cachet_smtp_session_break (
            self,
            g_error_new_literal (CACHET_NET_ERROR, CACHET_NET_ERROR_PROTOCOL, error->message));
          return 0;
        }
      data += n;
      length -= (gsize)n;
      if (reply == NULL)
        break;
      if (n_asked == 0 && reply->code != 421)
        {
          cachet_smtp_session_break (self, cachet_smtp_error_unexpected (reply));
          return 0;
        }
      if (n_asked > 0)
        n_asked--;
      take_reply (self, reply);
    }
  return length;
}

static GWeakRef *
weak_ref_new (CachetSmtpSession *self)
{
  GWeakRef *ref = g_new0 (GWeakRef, 1);

  g_weak_ref_init (ref, self);
  return ref;
}

static CachetSmtpSession *
weak_ref_take (gpointer user_data)
{
  GWeakRef *ref = user_data;
  CachetSmtpSession *self = g_weak_ref_get (ref);

  g_weak_ref_clear (ref);
  g_free (ref);
  return self;
}

static void
tls_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetSmtpSession) self = weak_ref_take (user_data);
  GError *error = NULL;
  gboolean secured = cachet_transport_start_tls_finish (CACHET_TRANSPORT (source), result, &error);

  if (!secured && self != NULL)
    {
      cachet_smtp_session_break (self, error);
      return;
    }
  g_clear_error (&error);
  if (self == NULL || self->state == STATE_CLOSED)
    return;
  self->wants_tls = FALSE;
  send_ehlo (self);
  read_on (self);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetSmtpSession) self = weak_ref_take (user_data);
  GError *error = NULL;
  g_autoptr (GBytes) bytes =
    cachet_transport_read_finish (CACHET_TRANSPORT (source), result, &error);
  gsize n_left;

  if (bytes == NULL && self != NULL)
    {
      cachet_smtp_session_break (self, error);
      return;
    }
  g_clear_error (&error);
  if (self == NULL || self->state == STATE_CLOSED)
    return;
  n_left = take_bytes (self, bytes);
  if (self->state == STATE_CLOSED)
    return;
  if (self->wants_tls)
    cachet_transport_start_tls_async (self->transport, n_left, NULL, tls_cb, weak_ref_new (self));
  else
    read_on (self);
}

static void
read_on (CachetSmtpSession *self)
{
  cachet_transport_read_async (self->transport, G_PRIORITY_DEFAULT, read_cb, weak_ref_new (self));
}

/* Connecting: greeting, EHLO [, STARTTLS, TLS, EHLO] [, HELO] */

static gboolean
needs_starttls (CachetSmtpSession *self)
{
  return self->endpoint->security == CACHET_SECURITY_STARTTLS &&
         !cachet_transport_is_encrypted (self->transport);
}

static void
starttls_cb (CachetSmtpSession *self, const CachetSmtpReply *reply)
{
  g_autofree char *said = NULL;

  if (reply->code == 220)
    {
      /* Nothing that was said in clear counts from here. */
      g_clear_pointer (&self->extensions, cachet_smtp_extensions_free);
      g_clear_pointer (&self->parser, cachet_smtp_reply_parser_free);
      self->parser = cachet_smtp_reply_parser_new ();
      self->wants_tls = TRUE;
      return;
    }
  said = cachet_smtp_reply_to_display (reply);
  cachet_smtp_session_break (
    self,
    g_error_new (CACHET_NET_ERROR, CACHET_NET_ERROR_NO_STARTTLS,
                 _ ("%s refused to begin TLS, which this account demands, so the connection was "
                    "ended. The server said: “%s”"),
                    self->endpoint->host, said));
}

static void
break_without_starttls (CachetSmtpSession *self)
{
  cachet_smtp_session_break (
    self,
    g_error_new (CACHET_NET_ERROR, CACHET_NET_ERROR_NO_STARTTLS,
                 _ ("%s does not offer STARTTLS, which this account demands, so the connection was "
                    "ended before anything was sent. Port 465 with TLS may work."),
                    self->endpoint->host));
}

static void
helo_cb (CachetSmtpSession *self, const CachetSmtpReply *reply)
{
  if (cachet_smtp_reply_get_class (reply) != 2)
    {
      cachet_smtp_session_break (self, cachet_smtp_error_from_reply (
                                         reply, _ ("The mail server refused Cachet's greeting.")));
      return;
    }
  self->extensions = cachet_smtp_extensions_new (NULL);
  cachet_smtp_session_succeed (self);
}

static void
ehlo_cb (CachetSmtpSession *self, const CachetSmtpReply *reply)
{
  int reply_class = cachet_smtp_reply_get_class (reply);

  if (reply_class == 2)
    {
      g_clear_pointer (&self->extensions, cachet_smtp_extensions_free);
      self->extensions = cachet_smtp_extensions_new (reply);
      if (!needs_starttls (self))
        cachet_smtp_session_succeed (self);
      else if (!cachet_smtp_extensions_has (self->extensions, "STARTTLS"))
        break_without_starttls (self);
      else
        {
          cachet_smtp_session_queue (self, "STARTTLS", self->timeouts.command, starttls_cb);
          cachet_smtp_session_flush (self);
        }
    }
  else if (reply_class == 5 && needs_starttls (self))
    break_without_starttls (self);
  else if (reply_class == 5)
    {
      cachet_smtp_session_queue (self, "HELO " CACHET_SMTP_CLIENT_NAME, self->timeouts.command,
                                 helo_cb);
      cachet_smtp_session_flush (self);
    }
  else
    cachet_smtp_session_break (
      self, cachet_smtp_error_from_reply (reply, _ ("The mail server refused Cachet's greeting.")));
}

static void
send_ehlo (CachetSmtpSession *self)
{
  cachet_smtp_session_queue (self, "EHLO " CACHET_SMTP_CLIENT_NAME, self->timeouts.command,
                             ehlo_cb);
  cachet_smtp_session_flush (self);
}

static void
greeting_cb (CachetSmtpSession *self, const CachetSmtpReply *reply)
{
  if (reply->code != 220)
    {
      cachet_smtp_session_break (
        self, cachet_smtp_error_from_reply (reply, _ ("The mail server refused the connection.")));
      return;
    }
  g_free (self->facts->greeting);
  self->facts->greeting = cachet_visible_text (reply->lines[0], -1, FALSE);
  send_ehlo (self);
}

static void
connect_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetSmtpSession) self = weak_ref_take (user_data);
  GError *error = NULL;
  gboolean connected = cachet_transport_connect_finish (CACHET_TRANSPORT (source), result, &error);

  if (!connected && self != NULL)
    {
      cachet_smtp_session_break (self, error);
      return;
    }
  g_clear_error (&error);
  if (self == NULL || self->state == STATE_CLOSED)
    return;
  cachet_smtp_session_expect (self, self->timeouts.greeting, greeting_cb);
  read_on (self);
}

void
cachet_smtp_session_connect_async (CachetSmtpSession *self,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  GTask *task;

  cachet_assert_main_thread ();
  g_return_if_fail (CACHET_IS_SMTP_SESSION (self));
  g_return_if_fail (self->state == STATE_DISCONNECTED);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cachet_smtp_session_connect_async);
  g_task_set_name (task, "cachet-smtp-connect");
  set_state (self, STATE_CONNECTING);
  adopt_task (self, task, NULL);
  cachet_transport_connect_async (self->transport, NULL, connect_cb, weak_ref_new (self));
}

gboolean
cachet_smtp_session_connect_finish (CachetSmtpSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Leaving */

static GError *
quit_loss (CachetSmtpSession *self, GError *error)
{
  g_error_free (error);
  return NULL;
}

static void
quit_cb (CachetSmtpSession *self, const CachetSmtpReply *reply)
{
  cachet_smtp_session_disconnect (self);
}

void
cachet_smtp_session_quit_async (CachetSmtpSession *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  GTask *task;

  g_return_if_fail (CACHET_IS_SMTP_SESSION (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cachet_smtp_session_quit_async);
  g_task_set_name (task, "cachet-smtp-quit");
  if (self->state != STATE_READY)
    {
      cachet_smtp_session_disconnect (self);
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }
  cachet_smtp_session_begin (self, task, quit_loss);
  cachet_smtp_session_queue (self, "QUIT", self->timeouts.quit, quit_cb);
  cachet_smtp_session_flush (self);
}

gboolean
cachet_smtp_session_quit_finish (CachetSmtpSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Facts */

CachetConnectionFacts *
cachet_smtp_session_dup_facts (CachetSmtpSession *self)
{
  g_return_val_if_fail (CACHET_IS_SMTP_SESSION (self), NULL);
  cachet_transport_get_facts (self->transport, self->facts);
  return cachet_connection_facts_copy (self->facts);
}

CachetServerCertificate *
cachet_smtp_session_dup_certificate (CachetSmtpSession *self)
{
  g_return_val_if_fail (CACHET_IS_SMTP_SESSION (self), NULL);
  return cachet_transport_dup_certificate (self->transport);
}

gboolean
cachet_smtp_session_has_extension (CachetSmtpSession *self, const char *keyword)
{
  g_return_val_if_fail (CACHET_IS_SMTP_SESSION (self), FALSE);
  return self->extensions != NULL && cachet_smtp_extensions_has (self->extensions, keyword);
}

guint64
cachet_smtp_session_get_max_size (CachetSmtpSession *self)
{
  g_return_val_if_fail (CACHET_IS_SMTP_SESSION (self), 0);
  return self->extensions != NULL ? cachet_smtp_extensions_get_max_size (self->extensions) : 0;
}

gboolean
cachet_smtp_session_is_ready (CachetSmtpSession *self)
{
  g_return_val_if_fail (CACHET_IS_SMTP_SESSION (self), FALSE);
  return self->state == STATE_READY;
}

void
cachet_smtp_session_set_timeouts (CachetSmtpSession *self, const CachetSmtpTimeouts *timeouts)
{
  g_return_if_fail (CACHET_IS_SMTP_SESSION (self));
  g_return_if_fail (self->state == STATE_DISCONNECTED);
  self->timeouts = *timeouts;
}

const CachetSmtpTimeouts *
cachet_smtp_session_get_timeouts (CachetSmtpSession *self)
{
  return &self->timeouts;
}

const CachetSmtpExtensions *
cachet_smtp_session_get_extensions (CachetSmtpSession *self)
{
  return self->extensions;
}

CachetTransport *
cachet_smtp_session_get_transport (CachetSmtpSession *self)
{
  return self->transport;
}

const char *
cachet_smtp_session_get_host (CachetSmtpSession *self)
{
  return self->endpoint->host;
}

void
cachet_smtp_session_set_mechanism (CachetSmtpSession *self, const char *mechanism)
{
  g_free (self->facts->mechanism);
  self->facts->mechanism = g_strdup (mechanism);
}

/* Object */

static void
cachet_smtp_session_dispose (GObject *object)
{
  CachetSmtpSession *self = CACHET_SMTP_SESSION (object);

  /* An operation holds a reference, so there is none. */
  if (self->transport != NULL)
    cachet_transport_close (self->transport);
  g_clear_object (&self->transport);
  G_OBJECT_CLASS (cachet_smtp_session_parent_class)->dispose (object);
}

static void
cachet_smtp_session_finalize (GObject *object)
{
  CachetSmtpSession *self = CACHET_SMTP_SESSION (object);

  g_queue_clear_full (&self->waiting, g_free);
  g_byte_array_unref (self->out);
  g_ptr_array_unref (self->secrets);
  cachet_smtp_reply_parser_free (self->parser);
  cachet_smtp_extensions_free (self->extensions);
  cachet_connection_facts_free (self->facts);
  cachet_endpoint_free (self->endpoint);
  G_OBJECT_CLASS (cachet_smtp_session_parent_class)->finalize (object);
}

static void
cachet_smtp_session_class_init (CachetSmtpSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = cachet_smtp_session_dispose;
  object_class->finalize = cachet_smtp_session_finalize;
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", CACHET_TYPE_SMTP_SESSION, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
cachet_smtp_session_init (CachetSmtpSession *self)
{
  self->timeouts = (CachetSmtpTimeouts){
    .greeting = CACHET_SMTP_TIMEOUT_GREETING,
    .command = CACHET_SMTP_TIMEOUT_COMMAND,
    .data = CACHET_SMTP_TIMEOUT_DATA,
    .block = CACHET_SMTP_TIMEOUT_BLOCK,
    .dot = CACHET_SMTP_TIMEOUT_DOT,
    .quit = CACHET_SMTP_TIMEOUT_QUIT,
  };
  self->facts = g_new0 (CachetConnectionFacts, 1);
  self->parser = cachet_smtp_reply_parser_new ();
  self->out = g_byte_array_new ();
  self->secrets = g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_secret_unref);
  g_queue_init (&self->waiting);
}

CachetSmtpSession *
cachet_smtp_session_new (const CachetEndpoint *endpoint,
                         CachetTrustDecider *decider,
                         CachetWireLog *log)
{
  CachetSmtpSession *self;

  g_return_val_if_fail (endpoint != NULL, NULL);

  self = g_object_new (CACHET_TYPE_SMTP_SESSION, NULL);
  self->endpoint = cachet_endpoint_copy (endpoint);
  self->transport = cachet_transport_new (endpoint, "smtp", decider, log);
  return self;
}
