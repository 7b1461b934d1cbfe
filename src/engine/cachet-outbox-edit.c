#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-draft.h"
#include "cachet-outbox-private.h"
#include "cachet-outbox-item-private.h"

#include <glib/gi18n.h>

/* Taking a message back for editing. */

typedef struct
{
  GBytes *message;
  char **recipients;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_clear_pointer (&job->message, g_bytes_unref);
  g_strfreev (job->recipients);
  g_free (job);
}

static gboolean
draft_has_recipient (CachetDraft *draft, const char *address)
{
  static const CachetMimeAddressField fields[] = { CACHET_MIME_TO, CACHET_MIME_CC };

  for (gsize f = 0; f < G_N_ELEMENTS (fields); f++)
    {
      GPtrArray *recipients = cachet_draft_get_recipients (draft, fields[f]);

      for (guint i = 0; i < recipients->len; i++)
        {
          const CachetAddress *recipient = g_ptr_array_index (recipients, i);

          if (g_ascii_strcasecmp (recipient->addr, address) == 0)
            return TRUE;
        }
    }
  return FALSE;
}

/* Bcc is not in the bytes that were to be sent: whom the envelope has beyond To and Cc were it. */
static gboolean
restore_bcc (CachetDraft *draft, char **recipients, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; recipients[i] != NULL; i++)
    if (!draft_has_recipient (draft, recipients[i]))
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", recipients[i]);
  return text->len == 0 ||
         cachet_draft_set_recipients_text (draft, CACHET_MIME_BCC, text->str, error);
}

/* Worker */
static gpointer
make_draft (gpointer data, GCancellable *cancellable, GError **error)
{
  Job *job = data;
  g_autoptr (CachetMimeMessage) message = cachet_mime_message_new (job->message, error);
  g_autoptr (CachetDraft) draft = NULL;

  if (message == NULL)
    return NULL;
  draft = cachet_draft_new_from_message (message, error);
  if (draft == NULL || !restore_bcc (draft, job->recipients, error))
    return NULL;
  return g_steal_pointer (&draft);
}

static void
made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetOutbox *self = g_task_get_source_object (task);
  CachetOutboxItem *item = g_task_get_task_data (task);
  GError *error = NULL;
  CachetDraft *draft = cachet_worker_run_finish (CACHET_WORKER (source), result, &error);

  cachet_outbox_item_set_busy (item, FALSE);
  if (draft == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  cachet_outbox_hold (self, item,
                      _ ("This message was opened for editing. It is not sent from here by itself; "
                         "send it from its window, or send it again as it was."));
  g_task_return_pointer (task, draft, g_object_unref);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  CachetOutboxItem *item = g_task_get_task_data (task);
  CachetOutbox *self = g_task_get_source_object (task);
  GError *error = NULL;
  GBytes *message = cachet_journal_read_message_finish (CACHET_JOURNAL (source), result, &error);
  Job *job;

  if (message == NULL)
    {
      cachet_outbox_item_set_busy (item, FALSE);
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  job = g_new0 (Job, 1);
  job->message = message;
  job->recipients = g_strdupv (cachet_outbox_item_get_entry (item)->recipients);
  cachet_worker_run_async (cachet_engine_get_worker (cachet_outbox_get_engine (self)),
                           CACHET_WORKER_PRIORITY_USER, "edit-outbox", make_draft, job, job_free,
                           g_object_unref, NULL, made_cb, task);
}

void
cachet_outbox_edit_async (CachetOutbox *self,
                          CachetOutboxItem *item,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *task;
  CachetOutboxState state;

  g_return_if_fail (CACHET_IS_OUTBOX (self));
  g_return_if_fail (CACHET_IS_OUTBOX_ITEM (item));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cachet_outbox_edit_async);
  g_task_set_name (task, "cachet-outbox-edit");
  g_task_set_task_data (task, g_object_ref (item), g_object_unref);
  state = cachet_outbox_item_get_state (item);
  if (cachet_outbox_item_is_busy (item) ||
      (state != CACHET_OUTBOX_READY && state != CACHET_OUTBOX_FAILED))
    {
      g_task_return_new_error (
        task, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_NOT_ALLOWED,
        _ ("This message is being sent, or may have been sent already, so it "
                                  "can't be edited."));
      g_object_unref (task);
      return;
    }
  /* Not to be sent under the editor's hands. */
  cachet_outbox_item_set_busy (item, TRUE);
  cachet_journal_read_outbox_message_async (
    cachet_engine_get_journal (cachet_outbox_get_engine (self)), cachet_outbox_item_get_id (item),
    cancellable, read_cb, task);
}

CachetDraft *
cachet_outbox_edit_finish (CachetOutbox *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
