#define G_LOG_DOMAIN "cachet-net"

#include "config.h"

#include "cachet-imap-session-private.h"

#include <glib/gi18n.h>

/* UID FETCH of one body or one part of it, into a stream as it comes. */

typedef struct
{
  guint32 uid;
  char *section;
  GOutputStream *sink;
  CachetImapProgressFunc progress;
  gpointer progress_data;

  gboolean streaming;    /* a literal is on its way into the sink */
  guint32 streaming_uid; /* as far as it was said before the literal */
  guint64 total;
  guint64 written;
  gboolean whole; /* the body has come to its end */
  gboolean seen;  /* a response about this message came */
} Body;

static void
body_free (Body *body)
{
  g_object_unref (body->sink);
  g_free (body->section);
  g_free (body);
}

/* @last: the body ends with these bytes. The last thing that is done here is to tell the caller,
 * who may end the session and the command with it. */
static void
write_bytes (CachetImapCommand *command, const char *bytes, gsize length, gboolean last)
{
  Body *self = command->data;
  GError *error = NULL;

  self->whole |= last;
  if (command->error != NULL)
    return;
  /* A local file: its pages are in memory. */
  if (!g_output_stream_write_all (self->sink, bytes, length, NULL, NULL, &error))
    {
      cachet_imap_command_set_error (
        command, g_error_new (
                   error->domain, error->code,
                   _ ("The message could not be stored: %s. Make room on the disk and try again."),
                      error->message));
      g_error_free (error);
      return;
    }
  self->written += length;
  if (self->progress != NULL)
    self->progress (self->written, self->total, self->progress_data);
}

static gboolean
body_choose_literal (CachetImapCommand *command, const CachetImapResponse *so_far, guint64 size)
{
  Body *self = command->data;
  g_autofree char *section = NULL;
  guint32 seq = 0;
  guint32 uid = 0;

  if (self->whole || self->streaming ||
      !cachet_imap_extract_fetch_so_far (so_far, &seq, &uid, &section) || section == NULL ||
      g_ascii_strcasecmp (section, self->section) != 0)
    return FALSE;
  if (uid == 0)
    uid = cachet_imap_uid_map_get (&command->session->uid_map, seq);
  if (uid != 0 && uid != self->uid)
    return FALSE;

  self->streaming = TRUE;
  self->streaming_uid = uid;
  self->total = size;
  return TRUE;
}

static void
body_chunk (CachetImapCommand *command, const char *bytes, gsize length, guint64 remaining)
{
  write_bytes (command, bytes, length, remaining == 0);
}

/* The end of a response whose literal went into the sink: now its UID is known for sure. */
static gboolean
finish_stream (CachetImapCommand *command, const CachetImapFetch *fetch)
{
  Body *self = command->data;

  self->streaming = FALSE;
  self->seen = TRUE;
  if (fetch->uid == self->uid || (fetch->uid == 0 && self->streaming_uid == self->uid))
    return TRUE;

  cachet_imap_command_set_error (
    command, cachet_imap_error_protocol (command->session,
                                         _ ("it sent another message than the one asked for.")));
  return FALSE;
}

static gboolean
body_untagged (CachetImapCommand *command, const CachetImapResponse *response)
{
  Body *self = command->data;
  g_autoptr (CachetImapFetch) fetch = NULL;
  guint32 uid;

  if (cachet_imap_response_get_keyword (response) != CACHET_IMAP_KEYWORD_FETCH)
    return FALSE;
  fetch = cachet_imap_extract_fetch (response);
  if (fetch == NULL)
    return FALSE;
  if (self->streaming)
    return finish_stream (command, fetch);

  uid =
    fetch->uid != 0 ? fetch->uid : cachet_imap_uid_map_get (&command->session->uid_map, fetch->seq);
  if (uid != self->uid)
    return FALSE;
  if (fetch->body_is_nil)
    {
      self->seen = TRUE;
      return TRUE;
    }
  if (fetch->body == NULL || fetch->section == NULL ||
      g_ascii_strcasecmp (fetch->section, self->section) != 0)
    return FALSE;

  self->seen = TRUE;
  if (!self->whole)
    {
      gsize size;
      const char *bytes = g_bytes_get_data (fetch->body, &size);

      self->total = size;
      write_bytes (command, bytes, size, TRUE);
    }
  return TRUE;
}

static const CachetImapCommandKind body_kind = {
  .name = "FETCH BODY",
  .failure = N_ ("The message could not be fetched."),
                 .traits = CACHET_IMAP_COMMAND_IN_MAILBOX | CACHET_IMAP_COMMAND_URGENT,
                 .untagged = body_untagged,
                 .choose_literal = body_choose_literal,
                 .chunk = body_chunk,
  };

static void
body_done (CachetImapCommand *command, const GError *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Body *self = command->data;

  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else if (self->whole && self->seen && self->written == self->total)
    g_task_return_int (task, (gssize)self->written);
  else if (self->seen)
    g_task_return_new_error (
      task, CACHET_NET_ERROR, CACHET_NET_ERROR_NOT_FOUND,
      _ ("%s has the message in its list but gave nothing of its text. Try again "
                                "later, or ask whoever runs the server."),
         command->session->endpoint->host);
  else
    g_task_return_new_error (
      task, CACHET_NET_ERROR, CACHET_NET_ERROR_NOT_FOUND,
      _ ("The message is not on %s any more: it was deleted or moved elsewhere. "
                                "Look at the folder again."),
         command->session->endpoint->host);
}

void
cachet_imap_session_fetch_body_async (CachetImapSession *self,
                                      guint32 uid,
                                      const char *section,
                                      GOutputStream *sink,
                                      CachetImapProgressFunc progress,
                                      gpointer progress_data,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  GTask *task;
  Body *body;
  CachetImapCommand *command;
  CachetImapRequest *request;
  g_autofree char *item = NULL;

  g_return_if_fail (CACHET_IS_IMAP_SESSION (self));
  g_return_if_fail (uid != 0);
  g_return_if_fail (G_IS_OUTPUT_STREAM (sink));

  task =
    cachet_imap_session_new_task (self, cancellable, callback, user_data,
                                  cachet_imap_session_fetch_body_async, "cachet-imap-fetch-body");
  body = g_new0 (Body, 1);
  body->uid = uid;
  body->section = g_strdup (section != NULL ? section : "");
  body->sink = g_object_ref (sink);
  body->progress = progress;
  body->progress_data = progress_data;
  command = cachet_imap_command_new (self, &body_kind, body, (GDestroyNotify)body_free);
  request = cachet_imap_command_add (command, cachet_imap_request_new ("UID FETCH"));
  cachet_imap_request_add_number (request, uid);
  item = g_strdup_printf ("BODY.PEEK[%s]", body->section);
  cachet_imap_request_begin_list (request);
  cachet_imap_request_add_atom (request, "UID");
  cachet_imap_request_add_atom (request, item);
  cachet_imap_request_end_list (request);
  cachet_imap_session_submit (self, command, cancellable, body_done, task);
}

gssize
cachet_imap_session_fetch_body_finish (CachetImapSession *self,
                                       GAsyncResult *result,
                                       GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), -1);

  return g_task_propagate_int (G_TASK (result), error);
}
