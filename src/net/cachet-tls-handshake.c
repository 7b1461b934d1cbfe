#define G_LOG_DOMAIN "cachet-net"

#include "config.h"

#include "cachet-tls-handshake.h"

#include "cachet-tls-anchors.h"
#include "cachet-tls-peer.h"
#include "cachet-visible-text.h"

#include <glib/gi18n.h>

typedef struct
{
  CachetEndpoint *endpoint;
  CachetTrustDecider *decider;
  GTlsConnection *connection;
  CachetServerCertificate *certificate; /* as inspected last */
} Handshake;

static void
handshake_free (Handshake *self)
{
  if (self->connection != NULL)
    g_signal_handlers_disconnect_by_data (self->connection, self);
  g_clear_object (&self->connection);
  g_clear_object (&self->decider);
  g_clear_pointer (&self->certificate, cachet_server_certificate_free);
  g_clear_pointer (&self->endpoint, cachet_endpoint_free);
  g_free (self);
}

static CachetTlsProblems
problems_from_gio (GTlsCertificateFlags flags)
{
  static const struct
  {
    GTlsCertificateFlags flag;
    CachetTlsProblems problem;
  } map[] = {
    { G_TLS_CERTIFICATE_UNKNOWN_CA, CACHET_TLS_PROBLEM_UNKNOWN_CA },
    { G_TLS_CERTIFICATE_BAD_IDENTITY, CACHET_TLS_PROBLEM_BAD_IDENTITY },
    { G_TLS_CERTIFICATE_NOT_ACTIVATED, CACHET_TLS_PROBLEM_NOT_ACTIVATED },
    { G_TLS_CERTIFICATE_EXPIRED, CACHET_TLS_PROBLEM_EXPIRED },
    { G_TLS_CERTIFICATE_REVOKED, CACHET_TLS_PROBLEM_REVOKED },
    { G_TLS_CERTIFICATE_INSECURE, CACHET_TLS_PROBLEM_INSECURE },
  };
  CachetTlsProblems problems = CACHET_TLS_PROBLEM_NONE;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (map); i++)
    {
      if (flags & map[i].flag)
        {
          problems |= map[i].problem;
          flags &= ~map[i].flag;
        }
    }
  /* Whatever a later GIO may add counts as a problem, never as none. */
  if (flags != 0)
    problems |= CACHET_TLS_PROBLEM_GENERIC;

  return problems;
}

/* Looks at the certificate, keeps what was found, and tells whether the connection may be used. */
static gboolean
judge (Handshake *self, GTlsCertificate *peer, CachetTlsProblems problems)
{
  g_autoptr (GByteArray) der = NULL;
  g_autoptr (GBytes) bytes = NULL;
  const CachetTlsException *exception = NULL;
  CachetServerCertificate *certificate;

  g_object_get (peer, "certificate", &der, NULL);
  bytes = der != NULL ? g_byte_array_free_to_bytes (g_steal_pointer (&der)) : g_bytes_new (NULL, 0);
  certificate = cachet_tls_peer_inspect (bytes, self->endpoint->host, self->endpoint->port);
  certificate->problems |= problems;
  g_clear_pointer (&self->certificate, cachet_server_certificate_free);
  self->certificate = certificate;

  if (certificate->problems == CACHET_TLS_PROBLEM_NONE)
    return TRUE;

  if (self->decider != NULL)
    exception =
      cachet_trust_decider_lookup (self->decider, self->endpoint->host, self->endpoint->port);
  if (exception == NULL)
    return FALSE;
  if (g_ascii_strcasecmp (exception->sha256, certificate->sha256) != 0)
    certificate->previous_sha256 = g_strdup (exception->sha256);

  return cachet_tls_exception_covers (exception, self->endpoint->host, self->endpoint->port,
                                      certificate->sha256, certificate->problems);
}

static CachetTlsProblems
problems_of_protocol (GTlsConnection *connection)
{
  switch (g_tls_connection_get_protocol_version (connection))
    {
    case G_TLS_PROTOCOL_VERSION_TLS_1_2:
    case G_TLS_PROTOCOL_VERSION_TLS_1_3:
      return CACHET_TLS_PROBLEM_NONE;
    case G_TLS_PROTOCOL_VERSION_UNKNOWN:
    case G_TLS_PROTOCOL_VERSION_SSL_3_0:
    case G_TLS_PROTOCOL_VERSION_TLS_1_0:
    case G_TLS_PROTOCOL_VERSION_TLS_1_1:
    case G_TLS_PROTOCOL_VERSION_DTLS_1_0:
    case G_TLS_PROTOCOL_VERSION_DTLS_1_2:
    default:
      return CACHET_TLS_PROBLEM_OLD_PROTOCOL;
    }
}

/* Runs within the handshake, when GIO found fault: the protocol version is not known yet, so an
 * exception for an old one is looked for as well. handshake_cb() has the last word. */
static gboolean
accept_certificate_cb (GTlsConnection *connection,
                       GTlsCertificate *peer,
                       GTlsCertificateFlags flags,
                       gpointer user_data)
{
  Handshake *self = user_data;
  CachetTlsProblems problems = problems_from_gio (flags);

  if (judge (self, peer, problems | CACHET_TLS_PROBLEM_OLD_PROTOCOL))
    return TRUE;
  return judge (self, peer, problems);
}

static GError *
certificate_error (Handshake *self)
{
  g_auto (GStrv) sentences = cachet_server_certificate_describe_problems (self->certificate);
  g_autofree char *text = g_strjoinv (" ", sentences);

  return g_error_new (
    CACHET_NET_ERROR, CACHET_NET_ERROR_CERTIFICATE,
    _ ("The certificate of %s is refused. %s Look at the certificate, and make an "
                         "exception only if you know that it is the right one."),
       self->endpoint->host, text);
}

static GError *
handshake_error (Handshake *self, const GError *cause)
{
  g_autofree char *reason = NULL;

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (cause);
  if (self->certificate != NULL && self->certificate->problems != CACHET_TLS_PROBLEM_NONE)
    return certificate_error (self);

  reason = cachet_visible_text (cause->message, -1, FALSE);
  return g_error_new (
    CACHET_NET_ERROR, CACHET_NET_ERROR_TLS,
    _ ("No encrypted connection to %s port %u could be made: %s. Check the port and "
                         "the kind of security in the account's settings."),
       self->endpoint->host, self->endpoint->port, reason);
}

static void
handshake_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Handshake *self = g_task_get_task_data (task);
  GTlsConnection *connection = G_TLS_CONNECTION (source);
  GTlsCertificate *peer;
  CachetTlsProblems problems;

  if (!g_tls_connection_handshake_finish (connection, result, &error))
    {
      g_task_return_error (task, handshake_error (self, error));
      return;
    }

  peer = g_tls_connection_get_peer_certificate (connection);
  if (peer == NULL)
    {
      g_task_return_new_error (
        task, CACHET_NET_ERROR, CACHET_NET_ERROR_TLS,
        _ ("%s showed no certificate, so nobody can tell who it is. Nothing was "
                                  "sent to it."),
           self->endpoint->host);
      return;
    }

  problems = problems_from_gio (g_tls_connection_get_peer_certificate_errors (connection)) |
             problems_of_protocol (connection);
  if (!judge (self, peer, problems))
    g_task_return_error (task, certificate_error (self));
  else
    g_task_return_pointer (task, g_object_ref (connection), g_object_unref);
}

void
cachet_tls_handshake_async (GIOStream *plain,
                            const CachetEndpoint *endpoint,
                            CachetTrustDecider *decider,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GSocketConnectable) identity = NULL;
  g_autoptr (GTlsDatabase) anchors = NULL;
  g_autoptr (GIOStream) stream = NULL;
  GError *error = NULL;
  Handshake *self;

  g_return_if_fail (G_IS_IO_STREAM (plain));
  g_return_if_fail (endpoint != NULL && endpoint->host != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, cachet_tls_handshake_async);
  g_task_set_name (task, "cachet-tls-handshake");
  self = g_new0 (Handshake, 1);
  self->endpoint = cachet_endpoint_copy (endpoint);
  g_set_object (&self->decider, decider);
  g_task_set_task_data (task, self, (GDestroyNotify)handshake_free);

  anchors = cachet_tls_anchors_new (endpoint->ca_file, &error);
  if (anchors == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  identity = g_network_address_new (endpoint->host, endpoint->port);
  stream = g_tls_client_connection_new (plain, identity, &error);
  if (stream == NULL)
    {
      g_task_return_error (task, handshake_error (self, error));
      g_error_free (error);
      return;
    }

  self->connection = g_object_ref (G_TLS_CONNECTION (stream));
  g_tls_connection_set_database (self->connection, anchors);
  g_signal_connect (self->connection, "accept-certificate", G_CALLBACK (accept_certificate_cb),
                    self);
  g_tls_connection_handshake_async (self->connection, G_PRIORITY_DEFAULT, cancellable, handshake_cb,
                                    g_steal_pointer (&task));
}

GTlsConnection *
cachet_tls_handshake_finish (GAsyncResult *result,
                             CachetServerCertificate **certificate,
                             GError **error)
{
  Handshake *self;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, cachet_tls_handshake_async), NULL);

  self = g_task_get_task_data (G_TASK (result));
  if (certificate != NULL)
    *certificate = g_steal_pointer (&self->certificate);

  return g_task_propagate_pointer (G_TASK (result), error);
}
