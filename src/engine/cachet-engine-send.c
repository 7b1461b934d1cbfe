#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-account-internal.h"
#include "cachet-address.h"
#include "cachet-engine-internal.h"
#include "cachet-outbox-private.h"

#include <glib/gi18n.h>
#include <string.h>

/* Walk (c) up to the outbox: envelope, bytes, durable; and what follows once it is sent. */

typedef struct
{
  CachetAccount *account;
  CachetDraft *draft; /* (nullable) for ready bytes: a copy, the worker's */
  GBytes *message;
  char *from;
  char **recipients;
  char *message_id;
  char *subject;
  CachetMessageRow *answered;
  gboolean is_forward;
} Send;

static void
send_free (Send *self)
{
  g_clear_object (&self->account);
  g_clear_object (&self->draft);
  g_clear_pointer (&self->message, g_bytes_unref);
  g_clear_object (&self->answered);
  g_strfreev (self->recipients);
  g_free (self->from);
  g_free (self->message_id);
  g_free (self->subject);
  g_free (self);
}

/* --- after it is sent --- */

typedef struct
{
  gint64 item;
  CachetMessageRow *answered;
  gboolean is_forward;
} AfterSend;

static void
after_send_free (gpointer data)
{
  AfterSend *self = data;

  g_object_unref (self->answered);
  g_free (self);
}

static void
sent_cb (CachetOutbox *outbox, CachetOutboxItem *item, CachetEngine *self)
{
  for (guint i = 0; i < self->after_send->len; i++)
    {
      AfterSend *after = g_ptr_array_index (self->after_send, i);
      g_autoptr (GPtrArray) rows = NULL;

      if (after->item != cachet_outbox_item_get_id (item))
        continue;
      rows = g_ptr_array_new ();
      g_ptr_array_add (rows, after->answered);
      cachet_engine_mark_sent (self, rows, after->is_forward);
      g_ptr_array_remove_index (self->after_send, i);
      return;
    }
}

void
cachet_engine_watch_outbox (CachetEngine *self)
{
  self->after_send = g_ptr_array_new_with_free_func (after_send_free);
  g_signal_connect_object (self->outbox, "sent", G_CALLBACK (sent_cb), self, 0);
}

/* --- into the outbox --- */

static void
queued_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetEngine *self = g_task_get_source_object (task);
  Send *send = g_task_get_task_data (task);
  GError *error = NULL;
  CachetOutboxItem *item = cachet_outbox_queue_finish (CACHET_OUTBOX (source), result, &error);

  if (item == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (send->answered != NULL)
    {
      AfterSend *after = g_new0 (AfterSend, 1);

      after->item = cachet_outbox_item_get_id (item);
      after->answered = g_object_ref (send->answered);
      after->is_forward = send->is_forward;
      g_ptr_array_add (self->after_send, after);
    }
  /* it is as safe in the outbox as it was among the drafts */
  if (send->draft != NULL)
    cachet_engine_forget_draft (self, send->account, send->message_id);
  g_task_return_pointer (task, item, g_object_unref);
}

static void
queue (GTask *task)
{
  CachetEngine *self = g_task_get_source_object (task);
  Send *send = g_task_get_task_data (task);

  cachet_outbox_queue_async (self->outbox, send->account, send->message, send->from,
                             (const char *const *)send->recipients, send->message_id, send->subject,
                             g_task_get_cancellable (task), queued_cb, task);
}

static gboolean
may_send (CachetEngine *self, GTask *task)
{
  if (self->running && !self->read_only)
    return TRUE;
  g_task_return_new_error (task, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_IN_USE,
                           _ ("Nothing can be sent from here: another Cachet uses the same data."));
  return FALSE;
}

/* --- a draft --- */

static gpointer
build_job (gpointer data, GCancellable *cancellable, GError **error)
{
  return cachet_draft_build (data, CACHET_DRAFT_BUILD_SEND, error);
}

static void
built_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Send *send = g_task_get_task_data (task);
  GError *error = NULL;

  send->message = cachet_worker_run_finish (CACHET_WORKER (source), result, &error);
  if (send->message == NULL)
    g_task_return_error (task, error);
  else
    queue (g_steal_pointer (&task));
}

void
cachet_engine_send_async (CachetEngine *self,
                          CachetAccount *account,
                          CachetDraft *draft,
                          CachetMessageRow *answered,
                          gboolean is_forward,
                          CachetMessageRow *draft_row,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  const CachetAccountSettings *settings;
  GError *error = NULL;
  Send *send;

  g_return_if_fail (CACHET_IS_ENGINE (self));
  g_return_if_fail (CACHET_IS_ACCOUNT (account));
  g_return_if_fail (CACHET_IS_DRAFT (draft));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cachet_engine_send_async);
  if (!may_send (self, task))
    return;
  settings = cachet_account_get_settings (account);
  send = g_new0 (Send, 1);
  g_task_set_task_data (task, send, (GDestroyNotify)send_free);
  send->account = g_object_ref (account);
  if (cachet_draft_get_from (draft) == NULL)
    {
      g_autoptr (CachetAddress) from = cachet_address_new (settings->full_name, settings->address);
      cachet_draft_set_from (draft, from);
    }
  send->recipients = cachet_draft_dup_envelope (draft, &error);
  if (send->recipients == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  send->draft = cachet_draft_copy (draft);
  send->from = g_strdup (cachet_draft_get_from (draft)->addr);
  send->message_id = g_strdup (cachet_draft_get_message_id (draft));
  send->subject = g_strdup (cachet_draft_get_subject (draft));
  g_set_object (&send->answered, answered);
  send->is_forward = is_forward;
  cachet_worker_run_async (self->worker, CACHET_WORKER_PRIORITY_USER, "build message", build_job,
                           g_object_ref (send->draft), g_object_unref,
                           (GDestroyNotify)g_bytes_unref, cancellable, built_cb,
                           g_steal_pointer (&task));
}

CachetOutboxItem *
cachet_engine_send_finish (CachetEngine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- ready bytes --- */

static void
add_recipients (GPtrArray *recipients, GPtrArray *addresses)
{
  for (guint i = 0; i < addresses->len; i++)
    {
      const CachetAddress *address = g_ptr_array_index (addresses, i);
      gboolean is_known = FALSE;

      for (guint j = 0; j < recipients->len; j++)
        is_known =
          is_known || g_ascii_strcasecmp (g_ptr_array_index (recipients, j), address->addr) == 0;
      if (!is_known)
        g_ptr_array_add (recipients, g_strdup (address->addr));
    }
}

/* A copy without the Bcc fields, and with a Message-ID when there was none. */
static GBytes *
make_sendable (GBytes *message, const char *new_message_id)
{
  gsize length;
  const char *data = g_bytes_get_data (message, &length);
  const char *end = data + length;
  GByteArray *out = g_byte_array_sized_new (length + 128);
  gboolean in_header = TRUE, skipping = FALSE;

  if (new_message_id != NULL)
    {
      g_autofree char *field = g_strdup_printf ("Message-ID: <%s>\r\n", new_message_id);
      g_byte_array_append (out, (const guint8 *)field, strlen (field));
    }
  while (data < end)
    {
      const char *newline = memchr (data, '\n', end - data);
      const char *next = newline != NULL ? newline + 1 : end;

      if (!in_header)
        next = end;
      else if (*data == '\n' || (*data == '\r' && data + 1 < end && data[1] == '\n'))
        in_header = skipping = FALSE;
      else if (*data != ' ' && *data != '\t')
        skipping = end - data > 4 && g_ascii_strncasecmp (data, "Bcc:", 4) == 0;
      if (!skipping || !in_header)
        g_byte_array_append (out, (const guint8 *)data, next - data);
      data = next;
    }
  return g_byte_array_free_to_bytes (out);
}

static gboolean
take_envelope (Send *send, CachetMimeMessage *message, GError **error)
{
  g_autoptr (GPtrArray) recipients = g_ptr_array_new_with_free_func (g_free);
  GPtrArray *from = cachet_mime_message_get_addresses (message, CACHET_MIME_FROM);

  add_recipients (recipients, cachet_mime_message_get_addresses (message, CACHET_MIME_TO));
  add_recipients (recipients, cachet_mime_message_get_addresses (message, CACHET_MIME_CC));
  add_recipients (recipients, cachet_mime_message_get_addresses (message, CACHET_MIME_BCC));
  if (recipients->len == 0)
    {
      g_set_error_literal (error, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_NOT_ALLOWED,
                           _ ("The message has no recipient."));
      return FALSE;
    }
  for (guint i = 0; i < recipients->len; i++)
    if (!cachet_addr_spec_is_sendable (g_ptr_array_index (recipients, i)))
      {
        g_set_error (error, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_NOT_ALLOWED,
                     _ ("“%s” is no address that mail can be sent to."),
                        (const char *)g_ptr_array_index (recipients, i));
        return FALSE;
      }
  g_ptr_array_add (recipients, NULL);
  send->recipients = (char **)g_ptr_array_free (g_steal_pointer (&recipients), FALSE);
  if (from->len > 0 &&
      cachet_addr_spec_is_sendable (((CachetAddress *)g_ptr_array_index (from, 0))->addr))
    send->from = g_strdup (((CachetAddress *)g_ptr_array_index (from, 0))->addr);
  else
    send->from = g_strdup (cachet_account_get_settings (send->account)->address);
  send->subject = g_strdup (cachet_mime_message_get_subject (message));
  send->message_id = g_strdup (cachet_mime_message_get_message_id (message));
  return TRUE;
}

static void
bytes_parsed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Send *send = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (CachetMimeMessage) message =
    cachet_worker_run_finish (CACHET_WORKER (source), result, &error);
  g_autofree char *made = NULL;

  if (message == NULL || !take_envelope (send, message, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (send->message_id == NULL || *send->message_id == '\0')
    {
      g_autofree char *unique = g_uuid_string_random ();
      const char *at = strrchr (send->from, '@');

      made = g_strconcat (unique, at != NULL ? at : "@localhost", NULL);
      g_free (send->message_id);
      send->message_id = g_strdup (made);
    }
  send->message = make_sendable (cachet_mime_message_get_bytes (message), made);
  queue (g_steal_pointer (&task));
}

static gpointer
parse_job (gpointer data, GCancellable *cancellable, GError **error)
{
  return cachet_mime_message_new (data, error);
}

void
cachet_engine_send_bytes_async (CachetEngine *self,
                                CachetAccount *account,
                                GBytes *message,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Send *send;

  g_return_if_fail (CACHET_IS_ENGINE (self));
  g_return_if_fail (CACHET_IS_ACCOUNT (account));
  g_return_if_fail (message != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cachet_engine_send_async);
  if (!may_send (self, task))
    return;
  send = g_new0 (Send, 1);
  g_task_set_task_data (task, send, (GDestroyNotify)send_free);
  send->account = g_object_ref (account);
  cachet_worker_run_async (self->worker, CACHET_WORKER_PRIORITY_USER, "parse message", parse_job,
                           g_bytes_ref (message), (GDestroyNotify)g_bytes_unref, g_object_unref,
                           cancellable, bytes_parsed_cb, g_steal_pointer (&task));
}
