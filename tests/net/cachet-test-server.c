#include "config.h"

#include "cachet-test-server.h"

#include "cachet-test-pki.h"
#include "cachet-test-wait.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#define DEADLINE_MS 20000

struct _CachetTestServer
{
  GSocketListener *listener;
  GCancellable *cancellable;
  guint16 port;
  gsize piece;
  GQueue transcripts; /* (element-type utf8) */
  guint n_connections;
  guint n_playing;
  GByteArray *data;
  GByteArray *received;
  GString *failures;
  guint ref_count;
  GTlsCertificate *certificate;
};

/* One connection. */
typedef struct
{
  CachetTestServer *server;
  GSocketConnection *plain;
  GIOStream *stream;
  char **lines;
  guint at;
  GByteArray *in;
  guint8 buffer[4096];
  gboolean ended; /* the client sends no more */
  GByteArray *out;
  GHashTable *tags; /* (element-type utf8 utf8) "$a" to what the client said */
} Player;

static void play (Player *player);

static void
server_unref (CachetTestServer *self)
{
  if (--self->ref_count > 0)
    return;
  g_byte_array_unref (self->data);
  g_byte_array_unref (self->received);
  g_string_free (self->failures, TRUE);
  g_clear_object (&self->certificate);
  g_queue_clear_full (&self->transcripts, g_free);
  g_free (self);
}

static void
player_end (Player *player)
{
  player->server->n_playing--;
  g_io_stream_close (player->stream, NULL, NULL);
  g_io_stream_close (G_IO_STREAM (player->plain), NULL, NULL);
  g_object_unref (player->stream);
  g_object_unref (player->plain);
  g_strfreev (player->lines);
  g_byte_array_unref (player->in);
  g_byte_array_unref (player->out);
  g_hash_table_unref (player->tags);
  server_unref (player->server);
  g_free (player);
}

static void
player_fail (Player *player, const char *got)
{
  /* At once: the client may well fail the test before finish() is called. */
  g_test_message ("line %u: expected \"%s\", got %s", player->at + 1, player->lines[player->at],
                  got);
  if (!g_cancellable_is_cancelled (player->server->cancellable))
    g_string_append_printf (
      player->server->failures, "connection %u, line %u: expected \"%s\", got %s\n",
      player->server->n_connections, player->at + 1, player->lines[player->at], got);
  player_end (player);
}

/* Reading */

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Player *player = user_data;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

  if (n <= 0)
    player->ended = TRUE;
  else
    {
      g_byte_array_append (player->in, player->buffer, (guint)n);
      g_byte_array_append (player->server->received, player->buffer, (guint)n);
    }
  play (player);
}

/* Asks for more, or fails when there is none. */
static void
want_more (Player *player)
{
  if (player->ended)
    {
      player_fail (player, "the end of the connection");
      return;
    }
  g_input_stream_read_async (g_io_stream_get_input_stream (player->stream), player->buffer,
                             sizeof player->buffer, G_PRIORITY_DEFAULT, player->server->cancellable,
                             read_cb, player);
}

/* The next line without CRLF, %NULL when it is not whole yet. */
static char *
take_line (Player *player)
{
  const guint8 *lf = NULL;
  gsize length;
  char *line;

  if (player->in->len > 0)
    lf = memchr (player->in->data, '\n', player->in->len);
  if (lf == NULL)
    return NULL;
  length = (gsize)(lf - player->in->data);
  line = g_strndup ((const char *)player->in->data, length);
  g_byte_array_remove_range (player->in, 0, (guint)length + 1);
  g_strchomp (line);
  return line;
}

/* Binds the tag of @line to that of @pattern, and gives what follows in the pattern. */
static const char *
bind_tag (Player *player, const char *pattern, const char **line)
{
  gsize length = strcspn (pattern, " ");
  gsize line_length = strcspn (*line, " ");

  g_hash_table_replace (player->tags, g_strdup ("$1"), g_strndup (*line, line_length));
  if (*pattern != '$')
    return pattern;
  g_hash_table_replace (player->tags, g_strndup (pattern, length), g_strndup (*line, line_length));
  *line += line_length;
  return pattern + length;
}

static void
play_client_line (Player *player, const char *pattern)
{
  g_autofree char *line = take_line (player);
  const char *rest = line;

  if (line == NULL)
    {
      want_more (player);
      return;
    }
  pattern = bind_tag (player, pattern, &rest);
  if (!g_pattern_match_simple (pattern, rest))
    {
      g_autofree char *got = g_strdup_printf ("\"%s\"", line);

      player_fail (player, got);
      return;
    }
  player->at++;
  play (player);
}

static void
play_data (Player *player)
{
  for (;;)
    {
      g_autofree char *line = take_line (player);

      if (line == NULL)
        {
          want_more (player);
          return;
        }
      g_byte_array_append (player->server->data, (const guint8 *)line, (guint)strlen (line));
      g_byte_array_append (player->server->data, (const guint8 *)"\r\n", 2);
      if (strcmp (line, ".") == 0)
        break;
    }
  player->at++;
  play (player);
}

static void
play_bytes (Player *player, guint n)
{
  if (player->in->len < n)
    {
      want_more (player);
      return;
    }
  g_byte_array_append (player->server->data, player->in->data, n);
  if (n > 0)
    g_byte_array_remove_range (player->in, 0, n);
  player->at++;
  play (player);
}

static void
play_end (Player *player)
{
  if (player->in->len > 0)
    {
      g_autofree char *got = g_strndup ((const char *)player->in->data, player->in->len);

      player_fail (player, got);
    }
  else if (!player->ended)
    want_more (player);
  else
    {
      player->at++;
      play (player);
    }
}

/* Writing */

static void write_on (Player *player);

static void
write_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Player *player = user_data;
  gssize n = g_output_stream_write_finish (G_OUTPUT_STREAM (source), result, NULL);

  if (n <= 0)
    {
      /* The client left: what it was to hear is no failure, what it was to say is. */
      player->ended = TRUE;
      g_byte_array_set_size (player->out, 0);
    }
  else
    g_byte_array_remove_range (player->out, 0, (guint)n);
  write_on (player);
}

static void
write_on (Player *player)
{
  gsize n = player->out->len;

  if (n == 0)
    {
      player->at++;
      play (player);
      return;
    }
  if (player->server->piece > 0)
    n = MIN (n, player->server->piece);
  g_output_stream_write_async (g_io_stream_get_output_stream (player->stream), player->out->data, n,
                               G_PRIORITY_DEFAULT_IDLE, player->server->cancellable, write_cb,
                               player);
}

static char *
put_tags (Player *player, const char *text)
{
  GString *result = g_string_new (text);
  GHashTableIter iter;
  gpointer name;
  gpointer tag;

  g_hash_table_iter_init (&iter, player->tags);
  while (g_hash_table_iter_next (&iter, &name, &tag))
    g_string_replace (result, name, tag, 0);
  return g_string_free (result, FALSE);
}

static void
play_server_line (Player *player, const char *text)
{
  g_autofree char *line = put_tags (player, text);

  g_byte_array_append (player->out, (const guint8 *)line, (guint)strlen (line));
  g_byte_array_append (player->out, (const guint8 *)"\r\n", 2);
  write_on (player);
}

/* g_strcompress() ends at a NUL; \0 is needed too. */
static void
play_server_bytes (Player *player, const char *text)
{
  g_autofree char *line = put_tags (player, text);
  g_auto (GStrv) parts = g_strsplit (line, "\\0", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      g_autofree char *part = g_strcompress (parts[i]);

      if (i > 0)
        g_byte_array_append (player->out, (const guint8 *)"", 1);
      g_byte_array_append (player->out, (const guint8 *)part, (guint)strlen (part));
    }
  write_on (player);
}

/* Others */

static void
tls_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Player *player = user_data;

  /* A client that refuses the certificate ends the handshake: the next line tells if that is due.
   */
  if (!g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, NULL))
    player->ended = TRUE;
  player->at++;
  play (player);
}

static void
play_tls (Player *player)
{
  GError *error = NULL;
  GIOStream *stream;

  if (player->in->len > 0)
    {
      player_fail (player, "bytes before TLS");
      return;
    }
  stream = g_tls_server_connection_new (G_IO_STREAM (player->plain),
                                        player->server->certificate != NULL
                                          ? player->server->certificate
                                          : cachet_test_pki_get_certificate (),
                                        &error);
  g_assert_no_error (error);
  g_object_unref (player->stream);
  player->stream = stream;
  g_tls_connection_set_require_close_notify (G_TLS_CONNECTION (stream), FALSE);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (stream), G_PRIORITY_DEFAULT,
                                    player->server->cancellable, tls_cb, player);
}

static gboolean
waited_cb (gpointer user_data)
{
  Player *player = user_data;

  player->at++;
  play (player);
  return G_SOURCE_REMOVE;
}

static void
play_reset (Player *player)
{
  struct linger linger = { .l_onoff = 1, .l_linger = 0 };
  int fd = g_socket_get_fd (g_socket_connection_get_socket (player->plain));

  g_assert_cmpint (setsockopt (fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger), ==, 0);
  player_end (player);
}

static void
play (Player *player)
{
  const char *line = player->lines[player->at];
  const char *rest;

  if (line == NULL)
    {
      player_end (player);
      return;
    }
  if (line[0] == '\0' || line[0] == '#')
    {
      player->at++;
      play (player);
      return;
    }
  g_assert_true (line[1] == ':' || line[1] == '!');
  rest = line + 2 + (line[2] == ' ' ? 1 : 0);
  switch (line[0])
    {
    case 'S':
      if (line[1] == '!')
        play_server_bytes (player, rest);
      else
        play_server_line (player, rest);
      break;
    case 'C':
      play_client_line (player, rest);
      break;
    case 'D':
      play_data (player);
      break;
    case 'B':
      play_bytes (player, (guint)g_ascii_strtoull (rest, NULL, 10));
      break;
    case 'T':
      play_tls (player);
      break;
    case 'W':
      g_timeout_add ((guint)g_ascii_strtoull (rest, NULL, 10), waited_cb, player);
      break;
    case 'E':
      play_end (player);
      break;
    case 'X':
      player_end (player);
      break;
    case 'R':
      play_reset (player);
      break;
    default:
      g_assert_not_reached ();
    }
}

/* Server */

static void accept_next (CachetTestServer *self);

static void
accept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetTestServer *self = user_data;
  g_autoptr (GSocketConnection) connection =
    g_socket_listener_accept_finish (G_SOCKET_LISTENER (source), result, NULL, NULL);
  g_autofree char *transcript = NULL;
  Player *player;

  if (connection == NULL)
    {
      server_unref (self);
      return;
    }
  self->n_connections++;
  transcript = g_queue_pop_head (&self->transcripts);
  if (transcript == NULL)
    g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  else
    {
      player = g_new0 (Player, 1);
      player->server = self;
      self->ref_count++;
      self->n_playing++;
      player->plain = g_object_ref (connection);
      player->stream = G_IO_STREAM (g_object_ref (connection));
      player->lines = g_strsplit (transcript, "\n", -1);
      player->in = g_byte_array_new ();
      player->out = g_byte_array_new ();
      player->tags = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      g_socket_set_option (g_socket_connection_get_socket (connection), IPPROTO_TCP, TCP_NODELAY, 1,
                           NULL);
      play (player);
    }
  accept_next (self);
  server_unref (self);
}

static void
accept_next (CachetTestServer *self)
{
  self->ref_count++;
  g_socket_listener_accept_async (self->listener, self->cancellable, accept_cb, self);
}

CachetTestServer *
cachet_test_server_new (const char *transcript)
{
  CachetTestServer *self = g_new0 (CachetTestServer, 1);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any_port = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  GError *error = NULL;

  self->ref_count = 1;
  self->listener = g_socket_listener_new ();
  self->cancellable = g_cancellable_new ();
  self->data = g_byte_array_new ();
  self->received = g_byte_array_new ();
  self->failures = g_string_new (NULL);
  g_queue_init (&self->transcripts);
  g_socket_listener_add_address (self->listener, any_port, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &bound, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  if (transcript != NULL)
    cachet_test_server_add (self, transcript);
  accept_next (self);
  return self;
}

void
cachet_test_server_free (CachetTestServer *self)
{
  if (self == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_socket_listener_close (self->listener);
  /* What is under way ends in the next turns, and holds the rest of the server until then. */
  cachet_test_wait_ms (1);
  g_clear_object (&self->listener);
  g_clear_object (&self->cancellable);
  server_unref (self);
}

void
cachet_test_server_add (CachetTestServer *self, const char *transcript)
{
  g_queue_push_tail (&self->transcripts, g_strdup (transcript));
}

void
cachet_test_server_set_piece (CachetTestServer *self, gsize n)
{
  self->piece = n;
}

void
cachet_test_server_set_certificate (CachetTestServer *self, GTlsCertificate *certificate)
{
  g_set_object (&self->certificate, certificate);
}

guint16
cachet_test_server_get_port (CachetTestServer *self)
{
  return self->port;
}

CachetEndpoint *
cachet_test_server_dup_endpoint (CachetTestServer *self, CachetSecurity security)
{
  CachetEndpoint *endpoint = cachet_endpoint_new ("127.0.0.1", self->port, security);

  endpoint->ca_file = g_strdup (cachet_test_pki_get_ca_file ());
  return endpoint;
}

guint
cachet_test_server_get_n_connections (CachetTestServer *self)
{
  return self->n_connections;
}

const GByteArray *
cachet_test_server_get_data (CachetTestServer *self)
{
  return self->data;
}

const GByteArray *
cachet_test_server_get_received (CachetTestServer *self)
{
  return self->received;
}

gboolean
cachet_test_server_is_playing (CachetTestServer *self)
{
  return self->n_playing > 0;
}

void
cachet_test_server_finish (CachetTestServer *self)
{
  gint64 deadline = g_get_monotonic_time () + DEADLINE_MS * 1000;

  while (self->n_playing > 0 || g_queue_get_length (&self->transcripts) > 0)
    {
      if (g_get_monotonic_time () > deadline)
        g_error ("a transcript was not played to its end");
      cachet_test_wait_ms (1);
    }
  if (self->failures->len > 0)
    g_error ("%s", self->failures->str);
}
