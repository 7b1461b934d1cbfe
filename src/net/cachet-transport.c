#define G_LOG_DOMAIN "cachet-net"

#include "config.h"

#include "cachet-transport.h"

#include "cachet-main-thread.h"
#include "cachet-tls-handshake.h"
#include "cachet-visible-text.h"

#include <glib/gi18n.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

typedef enum {
  STATE_NEW,
  STATE_CONNECTING,
  STATE_CLEAR,
  STATE_SECURING,
  STATE_ENCRYPTED,
  STATE_CLOSED
} State;

typedef struct
{
  GBytes *bytes;
  gsize offset;
  GTask *task; /* (nullable) */
} Write;

struct _CachetTransport
{
  GObject parent_instance;

  CachetEndpoint *endpoint;
  const char *protocol;
  CachetTrustDecider *decider;
  CachetWireLog *log;
  guint connection_number;

  State state;
  GError *error; /* why it is CLOSED */
  GCancellable *cancellable;
  GSocketConnection *plain;
  GIOStream *stream; /* @plain, or the TLS connection over it */
  CachetServerCertificate *certificate;
  char *tls_version;
  char *ciphersuite;

  GTask *open_task; /* connecting or securing */
  GCancellable *open_cancellable;
  gulong open_cancellable_id;
  guint open_timer;

  GTask *read_task;
  guint8 *read_buffer;
  guint read_timeout;
  guint read_timer;

  GQueue writes; /* (element-type Write) the head is under way when @writing */
  gsize n_queued;
  gboolean writing;
  guint write_timer;

  guint64 bytes_received;
  guint64 bytes_sent;
};

G_DEFINE_FINAL_TYPE (CachetTransport, cachet_transport, G_TYPE_OBJECT)

static void write_next (CachetTransport *self, guint chunks);

static void
write_free (Write *write)
{
  g_bytes_unref (write->bytes);
  g_clear_object (&write->task);
  g_free (write);
}

static void
cachet_transport_dispose (GObject *object)
{
  CachetTransport *self = CACHET_TRANSPORT (object);

  g_clear_handle_id (&self->open_timer, g_source_remove);
  g_clear_handle_id (&self->read_timer, g_source_remove);
  g_clear_handle_id (&self->write_timer, g_source_remove);
  g_queue_clear_full (&self->writes, (GDestroyNotify)write_free);
  g_clear_object (&self->stream);
  g_clear_object (&self->plain);
  g_clear_object (&self->decider);
  g_clear_object (&self->log);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->open_cancellable);

  G_OBJECT_CLASS (cachet_transport_parent_class)->dispose (object);
}

static void
cachet_transport_finalize (GObject *object)
{
  CachetTransport *self = CACHET_TRANSPORT (object);

  g_clear_error (&self->error);
  g_clear_pointer (&self->certificate, cachet_server_certificate_free);
  g_clear_pointer (&self->endpoint, cachet_endpoint_free);
  g_free (self->tls_version);
  g_free (self->ciphersuite);
  g_free (self->read_buffer);

  G_OBJECT_CLASS (cachet_transport_parent_class)->finalize (object);
}

static void
cachet_transport_class_init (CachetTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cachet_transport_dispose;
  G_OBJECT_CLASS (klass)->finalize = cachet_transport_finalize;
}

static void
cachet_transport_init (CachetTransport *self)
{
  self->cancellable = g_cancellable_new ();
  g_queue_init (&self->writes);
}

CachetTransport *
cachet_transport_new (const CachetEndpoint *endpoint,
                      const char *protocol,
                      CachetTrustDecider *decider,
                      CachetWireLog *log)
{
  CachetTransport *self;

  g_return_val_if_fail (endpoint != NULL && endpoint->host != NULL, NULL);
  g_return_val_if_fail (protocol != NULL, NULL);

  self = g_object_new (CACHET_TYPE_TRANSPORT, NULL);
  self->endpoint = cachet_endpoint_copy (endpoint);
  self->protocol = g_intern_string (protocol);
  g_set_object (&self->decider, decider);
  g_set_object (&self->log, log);
  if (log != NULL)
    self->connection_number = cachet_wire_log_next_connection (log);

  return self;
}

/* Records */

void
cachet_transport_record (CachetTransport *self,
                         CachetWireDirection direction,
                         const char *tag,
                         const char *text,
                         guint64 n_bytes,
                         double milliseconds)
{
  CachetWireRecord *record;

  g_return_if_fail (CACHET_IS_TRANSPORT (self));
  g_return_if_fail (text != NULL);

  if (self->log == NULL)
    return;

  record = g_new0 (CachetWireRecord, 1);
  record->protocol = self->protocol;
  record->connection = self->connection_number;
  record->direction = direction;
  record->encrypted = cachet_transport_is_encrypted (self);
  record->tag = g_strdup (tag);
  /* A line may be megabytes long; a picture of a control character is at most 8 bytes for one. */
  record->text =
    cachet_visible_text (text, (gssize)strnlen (text, CACHET_WIRE_LOG_MAX_TEXT + 1), FALSE);
  record->n_bytes = n_bytes;
  record->milliseconds = milliseconds;
  cachet_wire_log_add (self->log, record);
}

void
cachet_transport_record_event (CachetTransport *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  g_return_if_fail (CACHET_IS_TRANSPORT (self));

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  cachet_transport_record (self, CACHET_WIRE_EVENT, NULL, text, 0, -1);
}

/* The end */

/* Ends everything because of @error (taken). What is pending comes back from GIO as cancelled and
 * reports self->error. Nothing is closed under the feet of a pending call: the socket is shut down
 * and goes with the last reference. */
static void
end (CachetTransport *self, GError *error)
{
  if (self->state == STATE_CLOSED)
    {
      g_error_free (error);
      return;
    }

  if (self->state != STATE_NEW)
    cachet_transport_record_event (self, "Closed: %s", error->message);
  self->state = STATE_CLOSED;
  self->error = error;
  g_clear_handle_id (&self->open_timer, g_source_remove);
  g_clear_handle_id (&self->read_timer, g_source_remove);
  g_clear_handle_id (&self->write_timer, g_source_remove);
  if (self->plain != NULL)
    g_socket_shutdown (g_socket_connection_get_socket (self->plain), TRUE, TRUE, NULL);
  g_cancellable_cancel (self->cancellable);
  if (!self->writing)
    write_next (self, 0);
}

static void
return_failure (CachetTransport *self, GTask *task)
{
  g_assert (self->error != NULL);
  g_task_return_error (task, g_error_copy (self->error));
}

void
cachet_transport_close (CachetTransport *self)
{
  g_return_if_fail (CACHET_IS_TRANSPORT (self));

  end (self,
       g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("The connection was closed.")));
}

void
cachet_transport_fail (CachetTransport *self, const GError *error)
{
  g_return_if_fail (CACHET_IS_TRANSPORT (self));
  g_return_if_fail (error != NULL);

  end (self, g_error_copy (error));
}

/* Errors of GIO become whole sentences; codes of plain connection trouble stay. */
static GError *
describe_connect_error (CachetTransport *self, const GError *cause)
{
  g_autofree char *reason = NULL;

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (cause);

  reason = cachet_visible_text (cause->message, -1, FALSE);
  return g_error_new (
    cause->domain, cause->code,
    _ ("No connection to %s port %u could be made: %s. Check that you are online and "
                         "that the server's name and port are right."),
       self->endpoint->host, self->endpoint->port, reason);
}

static GError *
closed_error (CachetTransport *self, const char *reason)
{
  g_autofree char *visible = NULL;

  if (reason == NULL)
    return g_error_new (CACHET_NET_ERROR, CACHET_NET_ERROR_CLOSED,
                        _ ("%s ended the connection. Cachet will connect anew when it needs to."),
                           self->endpoint->host);

  visible = cachet_visible_text (reason, -1, FALSE);
  if (g_str_has_suffix (visible,
                        ".")) /* some libraries end theirs with one; the sentence has its own */
    visible[strlen (visible) - 1] = '\0';
  return g_error_new (
    CACHET_NET_ERROR, CACHET_NET_ERROR_CLOSED,
    _ ("The connection to %s was lost: %s. Cachet will connect anew when it needs to."),
       self->endpoint->host, visible);
}

static GError *
timeout_error (CachetTransport *self, guint seconds)
{
  return g_error_new (CACHET_NET_ERROR, CACHET_NET_ERROR_TIMEOUT,
                      g_dngettext (GETTEXT_PACKAGE,
                                   "%s did not answer for %u second, so the connection was ended. "
                                   "Check that you are online, and try again.",
                                   "%s did not answer for %u seconds, so the connection was ended. "
                                   "Check that you are online, and try again.",
                                   seconds),
                      self->endpoint->host, seconds);
}

/* Opening: TCP and TLS */

static void
open_cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static gboolean
open_timeout_cb (gpointer user_data)
{
  CachetTransport *self = user_data;

  self->open_timer = 0;
  end (self, timeout_error (self, CACHET_TRANSPORT_CONNECT_TIMEOUT));
  return G_SOURCE_REMOVE;
}

static void
arm_open_timer (CachetTransport *self)
{
  g_clear_handle_id (&self->open_timer, g_source_remove);
  self->open_timer =
    g_timeout_add_seconds (CACHET_TRANSPORT_CONNECT_TIMEOUT, open_timeout_cb, self);
}

static void
begin_open (CachetTransport *self, State state, GTask *task, GCancellable *cancellable)
{
  self->state = state;
  self->open_task = g_object_ref (task);
  arm_open_timer (self);
  if (cancellable != NULL)
    {
      self->open_cancellable = g_object_ref (cancellable);
      self->open_cancellable_id = g_cancellable_connect (
        cancellable, G_CALLBACK (open_cancelled_cb), self->cancellable, NULL);
    }
}

/* @error: (nullable) (transfer full) */
static void
end_open (CachetTransport *self, GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->open_task);

  g_clear_handle_id (&self->open_timer, g_source_remove);
  if (self->open_cancellable != NULL)
    g_cancellable_disconnect (self->open_cancellable, self->open_cancellable_id);
  g_clear_object (&self->open_cancellable);
  self->open_cancellable_id = 0;

  if (error != NULL)
    end (self, error);
  if (self->state == STATE_CLOSED)
    return_failure (self, task);
  else
    g_task_return_boolean (task, TRUE);
}

static const char *
name_tls_version (GTlsProtocolVersion version)
{
  switch (version)
    {
    case G_TLS_PROTOCOL_VERSION_SSL_3_0:
      return "SSL 3.0";
    case G_TLS_PROTOCOL_VERSION_TLS_1_0:
      return "TLS 1.0";
    case G_TLS_PROTOCOL_VERSION_TLS_1_1:
      return "TLS 1.1";
    case G_TLS_PROTOCOL_VERSION_TLS_1_2:
      return "TLS 1.2";
    case G_TLS_PROTOCOL_VERSION_TLS_1_3:
      return "TLS 1.3";
    case G_TLS_PROTOCOL_VERSION_UNKNOWN:
    case G_TLS_PROTOCOL_VERSION_DTLS_1_0:
    case G_TLS_PROTOCOL_VERSION_DTLS_1_2:
    default:
      return "TLS ?";
    }
}

static void
secured_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetTransport) self = user_data;
  g_autoptr (GTlsConnection) connection = NULL;
  GError *error = NULL;

  g_clear_pointer (&self->certificate, cachet_server_certificate_free);
  connection = cachet_tls_handshake_finish (result, &self->certificate, &error);
  if (connection == NULL || self->state == STATE_CLOSED)
    {
      if (self->certificate != NULL && self->certificate->problems != CACHET_TLS_PROBLEM_NONE)
        cachet_transport_record_event (self, "Certificate refused, SHA-256 %s",
                                       self->certificate->sha256);
      end_open (self, error);
      return;
    }

  g_set_object (&self->stream, G_IO_STREAM (connection));
  self->state = STATE_ENCRYPTED;
  self->tls_version =
    g_strdup (name_tls_version (g_tls_connection_get_protocol_version (connection)));
  self->ciphersuite = g_tls_connection_get_ciphersuite_name (connection);
  cachet_transport_record_event (
    self, "%s, %s, certificate SHA-256 %s%s", self->tls_version,
    self->ciphersuite != NULL ? self->ciphersuite : "?", self->certificate->sha256,
    self->certificate->problems != CACHET_TLS_PROBLEM_NONE ? " (taken by an exception)" : "");
  end_open (self, NULL);
}

static void
secure (CachetTransport *self)
{
  self->state = STATE_SECURING;
  cachet_transport_record_event (self, "TLS begins");
  arm_open_timer (self);
  cachet_tls_handshake_async (G_IO_STREAM (self->plain), self->endpoint, self->decider,
                              self->cancellable, secured_cb, g_object_ref (self));
}

static void
prepare_socket (CachetTransport *self)
{
  GSocket *socket = g_socket_connection_get_socket (self->plain);

  g_socket_set_keepalive (socket, TRUE);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_KEEPIDLE, CACHET_TRANSPORT_KEEPALIVE_IDLE, NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_KEEPINTVL, CACHET_TRANSPORT_KEEPALIVE_INTERVAL,
                       NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_KEEPCNT, CACHET_TRANSPORT_KEEPALIVE_COUNT, NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
  if (G_IS_TCP_CONNECTION (self->plain))
    g_tcp_connection_set_graceful_disconnect (G_TCP_CONNECTION (self->plain), FALSE);
}

static void
record_connected (CachetTransport *self)
{
  g_autoptr (GSocketAddress) address = g_socket_connection_get_remote_address (self->plain, NULL);
  g_autofree char *server = cachet_endpoint_to_string (self->endpoint);
  g_autofree char *where = address != NULL
                             ? g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (address))
                             : g_strdup ("?");

  cachet_transport_record_event (self, "Connected to %s (%s)", server, where);
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetTransport) self = user_data;
  g_autoptr (GError) error = NULL;
  GSocketConnection *plain;

  plain = g_socket_client_connect_to_host_finish (G_SOCKET_CLIENT (source), result, &error);
  if (plain == NULL || self->state == STATE_CLOSED)
    {
      g_clear_object (&plain);
      end_open (self, error != NULL ? describe_connect_error (self, error) : NULL);
      return;
    }

  self->plain = plain;
  self->stream = G_IO_STREAM (g_object_ref (plain));
  prepare_socket (self);
  record_connected (self);
  if (self->endpoint->security == CACHET_SECURITY_TLS)
    secure (self);
  else
    {
      self->state = STATE_CLEAR;
      end_open (self, NULL);
    }
}

void
cachet_transport_connect_async (CachetTransport *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GSocketClient) client = NULL;

  g_return_if_fail (CACHET_IS_TRANSPORT (self));
  g_return_if_fail (self->state == STATE_NEW || self->state == STATE_CLOSED);

  cachet_assert_main_thread ();
  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, cachet_transport_connect_async);
  g_task_set_name (task, "cachet-transport-connect");
  if (self->state == STATE_CLOSED)
    {
      return_failure (self, task);
      return;
    }

  begin_open (self, STATE_CONNECTING, task, cancellable);
  client = g_socket_client_new ();
  g_socket_client_connect_to_host_async (client, self->endpoint->host, self->endpoint->port,
                                         self->cancellable, connected_cb, g_object_ref (self));
}

gboolean
cachet_transport_connect_finish (CachetTransport *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static GError *
injection_error (CachetTransport *self)
{
  return g_error_new (
    CACHET_NET_ERROR, CACHET_NET_ERROR_INJECTION,
    _ ("Unprotected data came from %s in the very moment in which encryption was to begin. Somebody "
       "may be tampering with the connection, so it was ended before anything was sent."),
      self->endpoint->host);
}

void
cachet_transport_start_tls_async (CachetTransport *self,
                                  gsize n_unparsed,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (CACHET_IS_TRANSPORT (self));
  g_return_if_fail (self->state == STATE_CLEAR || self->state == STATE_CLOSED);
  g_return_if_fail (self->read_task == NULL);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, cachet_transport_start_tls_async);
  g_task_set_name (task, "cachet-transport-start-tls");
  /* A TLS server speaks only when spoken to: whatever is there now was sent in clear. And an answer
   * that is there before the question has left was not made by the one who was to be asked. */
  if (self->state == STATE_CLEAR &&
      (n_unparsed > 0 || !g_queue_is_empty (&self->writes) ||
       g_socket_get_available_bytes (g_socket_connection_get_socket (self->plain)) > 0))
    end (self, injection_error (self));
  if (self->state == STATE_CLOSED)
    {
      return_failure (self, task);
      return;
    }

  begin_open (self, STATE_SECURING, task, cancellable);
  secure (self);
}

gboolean
cachet_transport_start_tls_finish (CachetTransport *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Reading */

static gboolean
read_timeout_cb (gpointer user_data)
{
  CachetTransport *self = user_data;

  self->read_timer = 0;
  end (self, timeout_error (self, self->read_timeout));
  return G_SOURCE_REMOVE;
}

static void
arm_read_timer (CachetTransport *self)
{
  g_clear_handle_id (&self->read_timer, g_source_remove);
  if (self->read_task != NULL && self->read_timeout > 0 && self->state != STATE_CLOSED)
    self->read_timer = g_timeout_add_seconds (self->read_timeout, read_timeout_cb, self);
}

void
cachet_transport_set_read_timeout (CachetTransport *self, guint seconds)
{
  g_return_if_fail (CACHET_IS_TRANSPORT (self));

  self->read_timeout = seconds;
  arm_read_timer (self);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetTransport) self = user_data;
  g_autoptr (GTask) task = g_steal_pointer (&self->read_task);
  g_autoptr (GError) error = NULL;
  gssize n;

  g_clear_handle_id (&self->read_timer, g_source_remove);
  n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);
  if (n <= 0)
    end (self, closed_error (self, error != NULL ? error->message : NULL));
  if (self->state == STATE_CLOSED)
    {
      return_failure (self, task);
      return;
    }

  self->bytes_received += (guint64)n;
  g_task_return_pointer (task, g_bytes_new (self->read_buffer, (gsize)n),
                         (GDestroyNotify)g_bytes_unref);
}

void
cachet_transport_read_async (CachetTransport *self,
                             int priority,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (CACHET_IS_TRANSPORT (self));
  g_return_if_fail (self->read_task == NULL);
  g_return_if_fail (self->state == STATE_CLEAR || self->state == STATE_ENCRYPTED ||
                    self->state == STATE_CLOSED);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, cachet_transport_read_async);
  g_task_set_name (task, "cachet-transport-read");
  if (self->state == STATE_CLOSED)
    {
      return_failure (self, task);
      return;
    }

  if (self->read_buffer == NULL)
    self->read_buffer = g_malloc (CACHET_TRANSPORT_CHUNK);
  self->read_task = g_steal_pointer (&task);
  arm_read_timer (self);
  g_input_stream_read_async (g_io_stream_get_input_stream (self->stream), self->read_buffer,
                             CACHET_TRANSPORT_CHUNK, priority, self->cancellable, read_cb,
                             g_object_ref (self));
}

GBytes *
cachet_transport_read_finish (CachetTransport *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Writing */

static gboolean
write_timeout_cb (gpointer user_data)
{
  CachetTransport *self = user_data;

  self->write_timer = 0;
  end (self, timeout_error (self, CACHET_TRANSPORT_WRITE_TIMEOUT));
  return G_SOURCE_REMOVE;
}

static void
count_written (CachetTransport *self, Write *head, gsize n)
{
  head->offset += n;
  self->bytes_sent += n;
  self->n_queued -= n;
  arm_read_timer (self);
}

static void
write_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetTransport) self = user_data;
  g_autoptr (GError) error = NULL;
  Write *head = g_queue_peek_head (&self->writes);
  gssize n;

  self->writing = FALSE;
  g_clear_handle_id (&self->write_timer, g_source_remove);
  n = g_output_stream_write_finish (G_OUTPUT_STREAM (source), result, &error);
  if (n < 0)
    end (self, closed_error (self, error->message));
  else if (self->state != STATE_CLOSED)
    count_written (self, head, (gsize)n);
  write_next (self, 0);
}

/* Hands to the system at once what it takes at once: so that a line is known to have left before
 * its answer can come (see cachet_transport_start_tls_async()). FALSE when it takes nothing now. */
static gboolean
write_now (CachetTransport *self, Write *head, const guint8 *data, gsize length)
{
  GOutputStream *out = g_io_stream_get_output_stream (self->stream);
  g_autoptr (GError) error = NULL;
  gssize n;

  if (!G_IS_POLLABLE_OUTPUT_STREAM (out) ||
      !g_pollable_output_stream_can_poll (G_POLLABLE_OUTPUT_STREAM (out)))
    return FALSE;

  n = g_pollable_output_stream_write_nonblocking (G_POLLABLE_OUTPUT_STREAM (out), data, length,
                                                  NULL, &error);
  if (n >= 0)
    count_written (self, head, (gsize)n);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return FALSE;
  else
    end (self, closed_error (self, error->message));

  return TRUE;
}

static void
write_later (CachetTransport *self, const guint8 *data, gsize length)
{
  self->writing = TRUE;
  self->write_timer =
    g_timeout_add_seconds (CACHET_TRANSPORT_WRITE_TIMEOUT, write_timeout_cb, self);
  g_output_stream_write_async (g_io_stream_get_output_stream (self->stream), data, length,
                               G_PRIORITY_DEFAULT, self->cancellable, write_cb,
                               g_object_ref (self));
}

/* Completes what is written (or, at the end, what never will be), and writes on: @chunks at once,
 * the rest in later turns. */
static void
write_next (CachetTransport *self, guint chunks)
{
  g_autoptr (CachetTransport) alive = g_object_ref (self);
  Write *head;

  while (!self->writing && (head = g_queue_peek_head (&self->writes)) != NULL)
    {
      gsize size;
      const guint8 *data = g_bytes_get_data (head->bytes, &size);
      gsize length = MIN (size - head->offset, CACHET_TRANSPORT_CHUNK);

      if (self->state == STATE_CLOSED || head->offset == size)
        {
          g_queue_pop_head (&self->writes);
          if (head->task != NULL && self->state == STATE_CLOSED)
            return_failure (self, head->task);
          else if (head->task != NULL)
            g_task_return_boolean (head->task, TRUE);
          write_free (head);
        }
      else if (chunks > 0 && write_now (self, head, data + head->offset, length))
        chunks--;
      else
        write_later (self, data + head->offset, length);
    }
}

void
cachet_transport_write_async (CachetTransport *self,
                              GBytes *bytes,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Write *write;

  g_return_if_fail (CACHET_IS_TRANSPORT (self));
  g_return_if_fail (bytes != NULL);
  g_return_if_fail (self->state == STATE_CLEAR || self->state == STATE_ENCRYPTED ||
                    self->state == STATE_CLOSED);

  if (callback != NULL)
    {
      task = g_task_new (self, NULL, callback, user_data);
      g_task_set_source_tag (task, cachet_transport_write_async);
      g_task_set_name (task, "cachet-transport-write");
    }
  if (self->state != STATE_CLOSED &&
      g_bytes_get_size (bytes) > CACHET_TRANSPORT_MAX_QUEUED - self->n_queued)
    end (self, g_error_new (CACHET_NET_ERROR, CACHET_NET_ERROR_LIMIT,
                            _ ("More data than Cachet takes at once waits to be sent to %s, so the "
                         "connection was ended."),
                               self->endpoint->host));
  if (self->state == STATE_CLOSED)
    {
      if (task != NULL)
        return_failure (self, task);
      return;
    }

  write = g_new0 (Write, 1);
  write->bytes = g_bytes_ref (bytes);
  write->task = g_steal_pointer (&task);
  g_queue_push_tail (&self->writes, write);
  self->n_queued += g_bytes_get_size (bytes);
  write_next (self, 1);
}

gboolean
cachet_transport_write_finish (CachetTransport *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Facts */

gboolean
cachet_transport_is_connected (CachetTransport *self)
{
  g_return_val_if_fail (CACHET_IS_TRANSPORT (self), FALSE);

  return self->state == STATE_CLEAR || self->state == STATE_ENCRYPTED;
}

gboolean
cachet_transport_is_encrypted (CachetTransport *self)
{
  g_return_val_if_fail (CACHET_IS_TRANSPORT (self), FALSE);

  return self->tls_version != NULL;
}

gsize
cachet_transport_get_n_queued (CachetTransport *self)
{
  g_return_val_if_fail (CACHET_IS_TRANSPORT (self), 0);

  return self->n_queued;
}

guint64
cachet_transport_get_bytes_received (CachetTransport *self)
{
  g_return_val_if_fail (CACHET_IS_TRANSPORT (self), 0);

  return self->bytes_received;
}

guint64
cachet_transport_get_bytes_sent (CachetTransport *self)
{
  g_return_val_if_fail (CACHET_IS_TRANSPORT (self), 0);

  return self->bytes_sent;
}

const CachetEndpoint *
cachet_transport_get_endpoint (CachetTransport *self)
{
  g_return_val_if_fail (CACHET_IS_TRANSPORT (self), NULL);

  return self->endpoint;
}

void
cachet_transport_get_facts (CachetTransport *self, CachetConnectionFacts *facts)
{
  g_return_if_fail (CACHET_IS_TRANSPORT (self));
  g_return_if_fail (facts != NULL);

  facts->encrypted = cachet_transport_is_encrypted (self);
  g_free (facts->tls_version);
  facts->tls_version = g_strdup (self->tls_version);
  g_free (facts->ciphersuite);
  facts->ciphersuite = g_strdup (self->ciphersuite);
}

CachetServerCertificate *
cachet_transport_dup_certificate (CachetTransport *self)
{
  g_return_val_if_fail (CACHET_IS_TRANSPORT (self), NULL);

  return self->certificate != NULL ? cachet_server_certificate_copy (self->certificate) : NULL;
}
