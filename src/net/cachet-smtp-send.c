#define G_LOG_DOMAIN "cachet-net"

#include "config.h"

#include "cachet-smtp-body.h"
#include "cachet-smtp-command.h"
#include "cachet-smtp-session-private.h"
#include "cachet-visible-text.h"

#include <glib/gi18n.h>

/*
 * One mail transaction:
 *
 *   MAIL, RCPT… -> all taken? -> DATA -> 354 -> message -> before_dot -> "." -> 250
 *                      |           |               |                      |
 *                     RSET <-------+          (connection ends)    lost: unknown
 */

/* Bytes of one write: small, so that a slow server shows progress and is not taken for a dead one.
 */
#define CHUNK (16 * 1024)
/* Recipients named in an error sentence. */
#define MAX_NAMED_RECIPIENTS 3

typedef struct
{
  char *mail;
  GPtrArray *rcpts; /* (element-type utf8): lines */
  char **recipients;
  gboolean pipelining;
  CachetSmtpBody *body;
  guint64 total;
  CachetSmtpBeforeDotFunc before_dot;
  gpointer before_dot_data;
  CachetSmtpProgressFunc progress;
  gpointer progress_data;

  guint n_answered; /* of the recipients */
  GError *error;    /* (nullable): to report after RSET */
  GPtrArray *rejections;
  guint64 n_written;
  gboolean dot_sent;
  char *reply;
} Send;

/* What the before-dot hook holds. */
typedef struct
{
  CachetSmtpSession *session;
  GTask *task; /* keeps the operation, and tells whether it is still under way */
} Resume;

void
cachet_smtp_rejection_free (CachetSmtpRejection *self)
{
  if (self == NULL)
    return;
  g_free (self->address);
  g_free (self->text);
  g_free (self);
}

static void
send_free (gpointer data)
{
  Send *op = data;

  g_free (op->mail);
  g_ptr_array_unref (op->rcpts);
  g_strfreev (op->recipients);
  g_clear_pointer (&op->body, cachet_smtp_body_free);
  g_clear_error (&op->error);
  g_ptr_array_unref (op->rejections);
  g_free (op->reply);
  g_free (op);
}

/* Before the dot the server has nothing; after it nobody knows. */
static GError *
send_loss (CachetSmtpSession *self, GError *error)
{
  Send *op = cachet_smtp_session_get_operation (self);
  GError *unknown;

  if (!op->dot_sent)
    return error;
  unknown = g_error_new (CACHET_NET_ERROR, CACHET_NET_ERROR_SMTP_UNKNOWN,
                         _ ("The connection to %s was lost after the whole message had been sent, "
                            "but before the server said that it took it. It may or may not arrive: "
                            "ask a recipient before sending it again. (%s)"),
                            cachet_smtp_session_get_host (self), error->message);
  g_error_free (error);
  return unknown;
}

static guint
command_timeout (CachetSmtpSession *self)
{
  return cachet_smtp_session_get_timeouts (self)->command;
}

/* Message */

static void
final_cb (CachetSmtpSession *self, const CachetSmtpReply *reply)
{
  Send *op = cachet_smtp_session_get_operation (self);
  int reply_class = cachet_smtp_reply_get_class (reply);
  const char *sentence = _ ("The mail server did not take the message.");

  if (!op->dot_sent)
    {
      /* Too early: what is refused in the middle of a message can't be taken back by RSET. */
      cachet_smtp_session_break (self, cachet_smtp_error_from_reply (reply, sentence));
      return;
    }
  if (reply_class == 3)
    {
      cachet_smtp_session_break (self, cachet_smtp_error_unexpected (reply));
      return;
    }
  if (reply_class != 2)
    {
      cachet_smtp_session_fail (self, cachet_smtp_error_from_reply (reply, sentence));
      return;
    }
  op->reply = cachet_smtp_reply_to_display (reply);
  cachet_smtp_session_succeed (self);
}

static void
write_dot (CachetSmtpSession *self)
{
  Send *op = cachet_smtp_session_get_operation (self);
  CachetTransport *transport = cachet_smtp_session_get_transport (self);
  g_autoptr (GBytes) dot = g_bytes_new_static (".\r\n", 3);

  op->dot_sent = TRUE;
  cachet_transport_record (transport, CACHET_WIRE_SENT, NULL, ".", 3, -1);
  cachet_transport_write_async (transport, dot, NULL, NULL);
  cachet_smtp_session_set_wait (self, cachet_smtp_session_get_timeouts (self)->dot);
}

static void
resume_cb (gpointer done_data, gboolean go_on)
{
  Resume *resume = done_data;
  g_autoptr (CachetSmtpSession) self = resume->session;
  g_autoptr (GTask) task = resume->task;

  g_free (resume);
  if (cachet_smtp_session_get_operation (self) != g_task_get_task_data (task))
    return;
  if (go_on)
    write_dot (self);
  else
    cachet_smtp_session_break (self,
                               g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                                    _ ("Sending was given up before the end.")));
}

static void
end_message (CachetSmtpSession *self)
{
  Send *op = cachet_smtp_session_get_operation (self);
  CachetTransport *transport = cachet_smtp_session_get_transport (self);
  g_autofree char *text = g_strdup_printf ("{%" G_GUINT64_FORMAT " bytes}", op->n_written);
  Resume *resume;

  cachet_transport_record (transport, CACHET_WIRE_SENT, NULL, text, op->n_written, -1);
  if (op->before_dot == NULL)
    {
      write_dot (self);
      return;
    }
  /* The disk may be slow; that is no silence of the server's. */
  cachet_smtp_session_set_wait (self, 0);
  resume = g_new0 (Resume, 1);
  resume->session = g_object_ref (self);
  resume->task = g_object_ref (cachet_smtp_session_get_task (self));
  op->before_dot (resume_cb, resume, op->before_dot_data);
}

static void write_chunk (CachetSmtpSession *self);

static void
chunk_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetSmtpSession *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!cachet_transport_write_finish (CACHET_TRANSPORT (source), result, &error))
    {
      cachet_smtp_session_break (self, error);
      return;
    }
  if (cachet_smtp_session_get_operation (self) == g_task_get_task_data (task))
    write_chunk (self);
}

static void
write_chunk (CachetSmtpSession *self)
{
  Send *op = cachet_smtp_session_get_operation (self);
  g_autoptr (GBytes) chunk = NULL;

  if (op->progress != NULL)
    op->progress (cachet_smtp_body_get_position (op->body), op->total, op->progress_data);
  chunk = cachet_smtp_body_next (op->body, CHUNK);
  if (chunk == NULL)
    {
      end_message (self);
      return;
    }
  op->n_written += g_bytes_get_size (chunk);
  cachet_transport_write_async (cachet_smtp_session_get_transport (self), chunk, chunk_cb,
                                g_object_ref (cachet_smtp_session_get_task (self)));
}

/* Envelope */

static void
reset_cb (CachetSmtpSession *self, const CachetSmtpReply *reply)
{
  Send *op = cachet_smtp_session_get_operation (self);
  GError *error = g_steal_pointer (&op->error);

  if (cachet_smtp_reply_get_class (reply) == 2)
    cachet_smtp_session_fail (self, error);
  else
    cachet_smtp_session_break (self, error);
}

/* Gives the transaction up, with op->error as the reason. */
static void
reset (CachetSmtpSession *self)
{
  cachet_smtp_session_queue (self, "RSET", command_timeout (self), reset_cb);
  cachet_smtp_session_flush (self);
}

static void
data_cb (CachetSmtpSession *self, const CachetSmtpReply *reply)
{
  Send *op = cachet_smtp_session_get_operation (self);

  if (reply->code == 354)
    {
      cachet_smtp_session_expect (self, cachet_smtp_session_get_timeouts (self)->block, final_cb);
      write_chunk (self);
      return;
    }
  if (cachet_smtp_reply_get_class (reply) < 4)
    {
      cachet_smtp_session_break (self, cachet_smtp_error_unexpected (reply));
      return;
    }
  op->error = cachet_smtp_error_from_reply (reply, _ ("The mail server did not take the message."));
  reset (self);
}

static GError *
recipients_error (Send *op)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < op->rejections->len && i < MAX_NAMED_RECIPIENTS; i++)
    {
      const CachetSmtpRejection *rejection = g_ptr_array_index (op->rejections, i);
      g_autofree char *address = cachet_visible_text (rejection->address, -1, FALSE);

      g_string_append_printf (list, "%s%s (%s)", i > 0 ? ", " : "", address, rejection->text);
    }
  if (op->rejections->len > MAX_NAMED_RECIPIENTS)
    g_string_append (list, ", …");
  return g_error_new (
    CACHET_NET_ERROR, CACHET_NET_ERROR_SMTP_RECIPIENTS,
    g_dngettext (GETTEXT_PACKAGE,
                 "The mail server refused %u recipient, so the message was sent to nobody: %s",
                 "The mail server refused %u recipients, so the message was sent to nobody: %s",
                 op->rejections->len),
    op->rejections->len, list->str);
}

static void
end_envelope (CachetSmtpSession *self)
{
  Send *op = cachet_smtp_session_get_operation (self);

  if (op->error == NULL && op->rejections->len > 0)
    op->error = recipients_error (op);
  if (op->error != NULL)
    {
      reset (self);
      return;
    }
  cachet_smtp_session_queue (self, "DATA", cachet_smtp_session_get_timeouts (self)->data, data_cb);
  cachet_smtp_session_flush (self);
}

static void
rcpt_cb (CachetSmtpSession *self, const CachetSmtpReply *reply)
{
  Send *op = cachet_smtp_session_get_operation (self);
  int reply_class = cachet_smtp_reply_get_class (reply);

  if (reply_class == 3)
    {
      cachet_smtp_session_break (self, cachet_smtp_error_unexpected (reply));
      return;
    }
  if (reply_class != 2 && op->error == NULL)
    {
      CachetSmtpRejection *rejection = g_new0 (CachetSmtpRejection, 1);

      rejection->address = g_strdup (op->recipients[op->n_answered]);
      rejection->code = reply->code;
      rejection->text = cachet_smtp_reply_to_display (reply);
      g_ptr_array_add (op->rejections, rejection);
    }
  op->n_answered++;
  if (op->n_answered == op->rcpts->len)
    end_envelope (self);
  else if (!op->pipelining)
    {
      cachet_smtp_session_queue (self, g_ptr_array_index (op->rcpts, op->n_answered),
                                 command_timeout (self), rcpt_cb);
      cachet_smtp_session_flush (self);
    }
}

static void
mail_cb (CachetSmtpSession *self, const CachetSmtpReply *reply)
{
  Send *op = cachet_smtp_session_get_operation (self);

  if (cachet_smtp_reply_get_class (reply) == 3)
    {
      cachet_smtp_session_break (self, cachet_smtp_error_unexpected (reply));
      return;
    }
  if (cachet_smtp_reply_get_class (reply) != 2)
    op->error =
      cachet_smtp_error_from_reply (reply, _ ("The mail server refused the sender's address."));
  if (op->pipelining)
    return; /* the answers for the recipients follow in any case */
  if (op->error != NULL)
    {
      reset (self);
      return;
    }
  cachet_smtp_session_queue (self, g_ptr_array_index (op->rcpts, 0), command_timeout (self),
                             rcpt_cb);
  cachet_smtp_session_flush (self);
}

/* Checks before anything is sent */

static gboolean
any_needs_utf8 (const char *from, const char *const *recipients)
{
  if (cachet_smtp_address_needs_utf8 (from))
    return TRUE;
  for (guint i = 0; recipients[i] != NULL; i++)
    if (cachet_smtp_address_needs_utf8 (recipients[i]))
      return TRUE;
  return FALSE;
}

static gboolean
refuse (GError **error, CachetNetError code, const char *message)
{
  g_set_error_literal (error, CACHET_NET_ERROR, (int)code, message);
  return FALSE;
}

static gboolean
check_size (CachetSmtpSession *self, guint64 size, GError **error)
{
  guint64 max = cachet_smtp_session_get_max_size (self);
  g_autofree char *size_text = NULL;
  g_autofree char *max_text = NULL;

  if (max == 0 || size <= max)
    return TRUE;
  size_text = g_format_size (size);
  max_text = g_format_size (max);
  g_set_error (
    error, CACHET_NET_ERROR, CACHET_NET_ERROR_SMTP_TOO_BIG,
    _ ("The message is %s large, and %s takes no more than %s. Leave out attachments, or "
                  "send them in several messages."),
       size_text, cachet_smtp_session_get_host (self), max_text);
  return FALSE;
}

static gboolean
check_message (CachetSmtpSession *self, const CachetSmtpBodyFacts *facts, GError **error)
{
  if (facts->has_nul)
    return refuse (error, CACHET_NET_ERROR_SMTP_PERMANENT,
                   _ ("The message has NUL bytes in it, which mail can't carry. It was not sent."));
  if (facts->longest_line > CACHET_SMTP_MAX_TEXT_LINE)
    return refuse (error, CACHET_NET_ERROR_SMTP_PERMANENT,
                   _ ("The message has a line of more than 998 bytes, which mail can't carry. It "
                      "was not sent."));
  if (facts->has_8bit_header && !cachet_smtp_session_has_extension (self, "SMTPUTF8"))
    return refuse (error, CACHET_NET_ERROR_SMTP_UTF8,
                   _ ("The message has a header that is not in ASCII, which this mail server does "
                      "not take (it does not offer SMTPUTF8). It was not sent."));
  if (facts->has_8bit && !cachet_smtp_session_has_extension (self, "8BITMIME"))
    return refuse (error, CACHET_NET_ERROR_SMTP_PERMANENT,
                   _ ("The message has 8-bit text in it, which this mail server does not take (it "
                      "does not offer 8BITMIME). It was not sent."));
  return check_size (self, facts->size, error);
}

/* A command error as one of this layer's. */
static gboolean
refuse_address (GError **error, GError *reason)
{
  CachetNetError code = CACHET_NET_ERROR_SMTP_PERMANENT;

  if (g_error_matches (reason, CACHET_SMTP_COMMAND_ERROR, CACHET_SMTP_COMMAND_ERROR_NEEDS_UTF8))
    code = CACHET_NET_ERROR_SMTP_UTF8;
  refuse (error, code, reason->message);
  g_error_free (reason);
  return FALSE;
}

static gboolean
prepare (CachetSmtpSession *self,
         Send *op,
         const char *from,
         GBytes *message,
         CachetSmtpSendFlags flags,
         GError **error)
{
  const char *const *recipients = (const char *const *)op->recipients;
  gboolean dsn =
    (flags & CACHET_SMTP_SEND_DSN_SUCCESS) && cachet_smtp_session_has_extension (self, "DSN");
  CachetSmtpMailFlags mail_flags = dsn ? CACHET_SMTP_MAIL_RET_HDRS : 0;
  CachetSmtpRcptFlags rcpt_flags = dsn ? CACHET_SMTP_RCPT_NOTIFY : 0;
  CachetSmtpBodyFacts facts;
  GError *reason = NULL;
  gboolean size = cachet_smtp_session_has_extension (self, "SIZE");

  if (recipients[0] == NULL)
    return refuse (error, CACHET_NET_ERROR_SMTP_PERMANENT,
                   _ ("The message has no recipient. It was not sent."));
  cachet_smtp_body_measure (message, &facts);
  if (!check_message (self, &facts, error))
    return FALSE;
  if (facts.has_8bit)
    mail_flags |= CACHET_SMTP_MAIL_8BITMIME;
  if ((facts.has_8bit_header || any_needs_utf8 (from, recipients)) &&
      cachet_smtp_session_has_extension (self, "SMTPUTF8"))
    {
      mail_flags |= CACHET_SMTP_MAIL_SMTPUTF8;
      rcpt_flags |= CACHET_SMTP_RCPT_SMTPUTF8;
    }
  op->mail = cachet_smtp_command_mail (from, size ? facts.size : 0, mail_flags, &reason);
  if (op->mail == NULL)
    return refuse_address (error, reason);
  for (guint i = 0; recipients[i] != NULL; i++)
    {
      char *line = cachet_smtp_command_rcpt (recipients[i], rcpt_flags, &reason);

      if (line == NULL)
        return refuse_address (error, reason);
      g_ptr_array_add (op->rcpts, line);
    }
  op->body = cachet_smtp_body_new (message);
  op->total = g_bytes_get_size (message);
  op->pipelining = cachet_smtp_session_has_extension (self, "PIPELINING");
  return TRUE;
}

static void
begin_transaction (CachetSmtpSession *self)
{
  Send *op = cachet_smtp_session_get_operation (self);

  cachet_smtp_session_queue (self, op->mail, command_timeout (self), mail_cb);
  for (guint i = 0; op->pipelining && i < op->rcpts->len; i++)
    cachet_smtp_session_queue (self, g_ptr_array_index (op->rcpts, i), command_timeout (self),
                               rcpt_cb);
  cachet_smtp_session_flush (self);
}

void
cachet_smtp_session_send_async (CachetSmtpSession *self,
                                const char *envelope_from,
                                const char *const *recipients,
                                GBytes *message,
                                CachetSmtpSendFlags flags,
                                CachetSmtpBeforeDotFunc before_dot,
                                gpointer before_dot_data,
                                CachetSmtpProgressFunc progress,
                                gpointer progress_data,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  Send *op;
  GTask *task;
  GError *error = NULL;

  g_return_if_fail (CACHET_IS_SMTP_SESSION (self));
  g_return_if_fail (envelope_from != NULL && recipients != NULL && message != NULL);

  op = g_new0 (Send, 1);
  op->rcpts = g_ptr_array_new_with_free_func (g_free);
  op->recipients = g_strdupv ((char **)recipients);
  op->rejections = g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_smtp_rejection_free);
  op->before_dot = before_dot;
  op->before_dot_data = before_dot_data;
  op->progress = progress;
  op->progress_data = progress_data;
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cachet_smtp_session_send_async);
  g_task_set_name (task, "cachet-smtp-send");
  g_task_set_task_data (task, op, send_free);
  if (!cachet_smtp_session_begin (self, task, send_loss))
    return;
  if (prepare (self, op, envelope_from, message, flags, &error))
    begin_transaction (self);
  else
    cachet_smtp_session_fail (self, error);
}

gboolean
cachet_smtp_session_send_finish (CachetSmtpSession *self,
                                 GAsyncResult *result,
                                 char **reply,
                                 GPtrArray **rejections,
                                 GError **error)
{
  Send *op;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  op = g_task_get_task_data (G_TASK (result));
  if (reply != NULL)
    *reply = g_steal_pointer (&op->reply);
  if (rejections != NULL)
    *rejections = g_ptr_array_ref (op->rejections);
  return g_task_propagate_boolean (G_TASK (result), error);
}
