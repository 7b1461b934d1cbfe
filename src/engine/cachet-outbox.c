#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-outbox-private.h"

#include "cachet-account-private.h"
#include "cachet-main-thread.h"
#include "cachet-outbox-item-private.h"
#include "cachet-outbox-policy.h"
#include "cachet-outbox-sender.h"

#include <glib/gi18n.h>
#include <string.h>

/* How long stop_async() waits for a message that is past its end. */
#define STOP_PATIENCE_SECONDS 2

struct _CachetOutbox
{
  GObject parent_instance;

  CachetEngine *engine; /* not referenced: it owns this */
  GPtrArray *items;     /* (element-type CachetOutboxItem), oldest first */
  GHashTable *senders;  /* account id -> CachetOutboxSender */
  gboolean started;
  guint timer;
  guint n_copying;
  GCancellable *copy_cancellable;
  GTask *stop_task; /* (nullable) */
  guint stop_timer;
};

enum { SIGNAL_SENT, N_SIGNALS };
static guint signals[N_SIGNALS];

static void cachet_outbox_iface_init (GListModelInterface *iface);
static void pump (CachetOutbox *self);

G_DEFINE_FINAL_TYPE_WITH_CODE (CachetOutbox,
                               cachet_outbox,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, cachet_outbox_iface_init))

static gint64
get_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static CachetAccount *
find_account (CachetOutbox *self, CachetOutboxItem *item)
{
  return cachet_engine_find_account (self->engine, cachet_outbox_item_get_account_id (item));
}

/* List */

static GType
cachet_outbox_get_item_type (GListModel *model)
{
  return CACHET_TYPE_OUTBOX_ITEM;
}

static guint
cachet_outbox_get_n_items (GListModel *model)
{
  return CACHET_OUTBOX (model)->items->len;
}

static gpointer
cachet_outbox_get_item (GListModel *model, guint position)
{
  CachetOutbox *self = CACHET_OUTBOX (model);

  return position < self->items->len ? g_object_ref (g_ptr_array_index (self->items, position))
                                     : NULL;
}

static void
cachet_outbox_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = cachet_outbox_get_item_type;
  iface->get_n_items = cachet_outbox_get_n_items;
  iface->get_item = cachet_outbox_get_item;
}

static void
add_item (CachetOutbox *self, CachetOutboxItem *item)
{
  g_ptr_array_add (self->items, g_object_ref (item));
  g_list_model_items_changed (G_LIST_MODEL (self), self->items->len - 1, 0, 1);
}

/* For loops in which items may go. */
static GPtrArray *
dup_items (CachetOutbox *self)
{
  GPtrArray *items = g_ptr_array_new_full (self->items->len, g_object_unref);

  for (guint i = 0; i < self->items->len; i++)
    g_ptr_array_add (items, g_object_ref (g_ptr_array_index (self->items, i)));
  return items;
}

/* Journal */

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetOutbox) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!cachet_journal_write_finish (CACHET_JOURNAL (source), result, &error))
    cachet_engine_take_notice (
      self->engine, cachet_notice_new_from_error (
                      NULL, _ ("A change of the outbox could not be written to disk."), error));
  pump (self);
}

static void
save (CachetOutbox *self, CachetOutboxItem *item)
{
  cachet_journal_update_outbox_async (cachet_engine_get_journal (self->engine),
                                      cachet_outbox_item_get_entry (item), NULL, written_cb,
                                      g_object_ref (self));
}

static void
remove_item (CachetOutbox *self, CachetOutboxItem *item)
{
  guint position;

  cachet_journal_remove_outbox_async (cachet_engine_get_journal (self->engine),
                                      cachet_outbox_item_get_id (item), NULL, written_cb,
                                      g_object_ref (self));
  if (!g_ptr_array_find (self->items, item, &position))
    return;
  g_ptr_array_remove_index (self->items, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
}

/* Stopping */

static gboolean
is_idle (CachetOutbox *self)
{
  GHashTableIter iter;
  gpointer sender;

  g_hash_table_iter_init (&iter, self->senders);
  while (g_hash_table_iter_next (&iter, NULL, &sender))
    if (cachet_outbox_sender_is_busy (sender))
      return FALSE;
  return self->n_copying == 0;
}

static void
check_stopped (CachetOutbox *self)
{
  g_autoptr (GTask) task = NULL;

  if (self->stop_task == NULL || !is_idle (self))
    return;
  task = g_steal_pointer (&self->stop_task);
  g_clear_handle_id (&self->stop_timer, g_source_remove);
  g_hash_table_remove_all (self->senders);
  g_task_return_boolean (task, TRUE);
}

static void
stop_senders (CachetOutbox *self, gboolean force)
{
  GHashTableIter iter;
  gpointer sender;

  g_hash_table_iter_init (&iter, self->senders);
  while (g_hash_table_iter_next (&iter, NULL, &sender))
    cachet_outbox_sender_stop (sender, force);
}

static gboolean
stop_timer_cb (gpointer user_data)
{
  CachetOutbox *self = user_data;

  self->stop_timer = 0;
  stop_senders (self, TRUE);
  return G_SOURCE_REMOVE;
}

void
cachet_outbox_stop_async (CachetOutbox *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (CACHET_IS_OUTBOX (self));
  g_return_if_fail (self->stop_task == NULL);

  self->started = FALSE;
  g_clear_handle_id (&self->timer, g_source_remove);
  self->stop_task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->stop_task, cachet_outbox_stop_async);
  g_task_set_name (self->stop_task, "cachet-outbox-stop");
  g_cancellable_cancel (self->copy_cancellable);
  stop_senders (self, FALSE);
  self->stop_timer = g_timeout_add_seconds (STOP_PATIENCE_SECONDS, stop_timer_cb, self);
  check_stopped (self);
}

gboolean
cachet_outbox_stop_finish (CachetOutbox *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* The copy in the sent mailbox */

typedef struct
{
  CachetOutbox *outbox;
  CachetOutboxItem *item;
  GBytes *message;
} Copy;

static void
copy_free (Copy *copy)
{
  g_object_unref (copy->outbox);
  g_object_unref (copy->item);
  g_clear_pointer (&copy->message, g_bytes_unref);
  g_free (copy);
}

/* Takes @copy. */
static void
copy_end (Copy *copy, const GError *error)
{
  CachetOutbox *self = copy->outbox;
  CachetOutboxEntry *entry = cachet_outbox_item_get_entry (copy->item);

  self->n_copying--;
  cachet_outbox_item_set_busy (copy->item, FALSE);
  if (error == NULL)
    remove_item (self, copy->item);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_autofree char *text = g_strdup_printf (
        _ ("The message was sent, but its copy could not be put into the mailbox for sent mail "
           "yet: %s"),
           error->message);

      entry->not_before = get_now () + CACHET_OUTBOX_FIRST_PAUSE;
      cachet_outbox_item_set_state (copy->item, CACHET_OUTBOX_SENT, text);
      save (self, copy->item);
    }
  pump (self);
  check_stopped (self);
  copy_free (copy);
}

static void
appended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!cachet_account_append_finish (CACHET_ACCOUNT (source), result, &error) &&
      !g_error_matches (error, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_OFFLINE))
    cachet_outbox_item_set_maybe_copied (((Copy *)user_data)->item);
  copy_end (user_data, error);
}

static void
append_copy (Copy *copy)
{
  CachetOutbox *self = copy->outbox;
  CachetAccount *account = find_account (self, copy->item);

  if (account == NULL || self->stop_task != NULL)
    {
      g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "");

      copy_end (copy, error);
      return;
    }
  cachet_account_append_async (
    account, CACHET_FOLDER_ROLE_SENT, copy->message,
    cachet_outbox_item_get_entry (copy->item)->message_id, CACHET_MESSAGE_FLAG_SEEN,
    cachet_outbox_item_get_maybe_copied (copy->item), self->copy_cancellable, appended_cb, copy);
}

static void
copy_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Copy *copy = user_data;
  g_autoptr (GError) error = NULL;

  copy->message = cachet_journal_read_message_finish (CACHET_JOURNAL (source), result, &error);
  if (copy->message == NULL)
    copy_end (copy, error);
  else
    append_copy (copy);
}

/* @message: (nullable): read from the journal then */
static void
begin_copy (CachetOutbox *self, CachetOutboxItem *item, GBytes *message)
{
  Copy *copy = g_new0 (Copy, 1);

  copy->outbox = g_object_ref (self);
  copy->item = g_object_ref (item);
  self->n_copying++;
  cachet_outbox_item_set_busy (item, TRUE);
  if (message != NULL)
    {
      copy->message = g_bytes_ref (message);
      append_copy (copy);
    }
  else
    cachet_journal_read_outbox_message_async (cachet_engine_get_journal (self->engine),
                                              cachet_outbox_item_get_id (item),
                                              self->copy_cancellable, copy_read_cb, copy);
}

/* Sending */

static void
tell_trouble (CachetOutbox *self, CachetOutboxItem *item)
{
  CachetOutboxState state = cachet_outbox_item_get_state (item);
  const char *subject = cachet_outbox_item_get_subject (item);
  g_autofree char *summary = NULL;

  if (subject == NULL || subject[0] == '\0')
    subject = _ ("(no subject)");
  if (state == CACHET_OUTBOX_FAILED)
    summary = g_strdup_printf (_ ("“%s” was not sent."), subject);
  else if (state == CACHET_OUTBOX_UNKNOWN)
    summary = g_strdup_printf (_ ("It is not known whether “%s” was sent."), subject);
  else
    return;
  cachet_engine_take_notice (self->engine,
                             cachet_notice_new (cachet_outbox_item_get_account_id (item), TRUE,
                                                summary, cachet_outbox_item_get_error_text (item)));
}

typedef struct
{
  CachetOutbox *outbox;
  CachetOutboxItem *item;
} Delivery;

static void
delivered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Delivery *delivery = user_data;
  g_autoptr (CachetOutbox) self = delivery->outbox;
  g_autoptr (CachetOutboxItem) item = delivery->item;
  g_autoptr (GBytes) message =
    cachet_outbox_sender_deliver_finish (CACHET_OUTBOX_SENDER (source), result);

  if (message != NULL)
    {
      g_signal_emit (self, signals[SIGNAL_SENT], 0, item);
      if (self->stop_task == NULL)
        begin_copy (self, item, message);
    }
  else
    tell_trouble (self, item);
  pump (self);
  check_stopped (self);
}

static CachetOutboxSender *
get_sender (CachetOutbox *self, CachetAccount *account)
{
  const char *id = cachet_account_get_id (account);
  CachetOutboxSender *sender = g_hash_table_lookup (self->senders, id);

  if (sender == NULL)
    {
      sender = cachet_outbox_sender_new (self->engine, account);
      g_hash_table_insert (self->senders, g_strdup (id), sender);
    }
  return sender;
}

/* Begins what is due with @item; returns when it is due, or G_MAXINT64. */
static gint64
begin_due (CachetOutbox *self, CachetOutboxItem *item, gint64 now)
{
  const CachetOutboxEntry *entry = cachet_outbox_item_get_entry (item);
  CachetAccount *account;
  CachetOutboxSender *sender;
  Delivery *delivery;

  if (cachet_outbox_item_is_busy (item) ||
      (entry->state != CACHET_OUTBOX_READY && entry->state != CACHET_OUTBOX_SENT))
    return G_MAXINT64;
  account = find_account (self, item);
  if (account == NULL || cachet_account_was_sent_offline (account))
    return G_MAXINT64;
  if (entry->not_before > now)
    return entry->not_before;
  if (entry->state == CACHET_OUTBOX_SENT)
    {
      /* Without a connection it waits for cachet_outbox_account_live(). */
      if (cachet_account_is_live (account))
        begin_copy (self, item, NULL);
      return G_MAXINT64;
    }
  sender = get_sender (self, account);
  if (cachet_outbox_sender_is_busy (sender))
    return G_MAXINT64;
  delivery = g_new0 (Delivery, 1);
  delivery->outbox = g_object_ref (self);
  delivery->item = g_object_ref (item);
  cachet_outbox_sender_deliver_async (sender, item, delivered_cb, delivery);
  return G_MAXINT64;
}

static gboolean
timer_cb (gpointer user_data)
{
  CachetOutbox *self = user_data;

  self->timer = 0;
  pump (self);
  return G_SOURCE_REMOVE;
}

/* Begins everything that is due, and sets the timer for what is due next. */
static void
pump (CachetOutbox *self)
{
  gint64 now = get_now ();
  gint64 next = G_MAXINT64;
  g_autoptr (GPtrArray) items = NULL;
  GHashTableIter iter;
  gpointer sender;

  if (!self->started || self->stop_task != NULL)
    return;
  items = dup_items (self);
  for (guint i = 0; i < items->len; i++)
    next = MIN (next, begin_due (self, g_ptr_array_index (items, i), now));
  g_hash_table_iter_init (&iter, self->senders);
  while (g_hash_table_iter_next (&iter, NULL, &sender))
    cachet_outbox_sender_rest (sender);
  g_clear_handle_id (&self->timer, g_source_remove);
  if (next != G_MAXINT64)
    self->timer = g_timeout_add_seconds ((guint)MIN (next - now + 1, CACHET_OUTBOX_LONGEST_PAUSE),
                                         timer_cb, self);
}

void
cachet_outbox_start (CachetOutbox *self)
{
  g_return_if_fail (CACHET_IS_OUTBOX (self));

  if (cachet_engine_is_read_only (self->engine))
    return;
  self->started = TRUE;
  pump (self);
}

void
cachet_outbox_account_live (CachetOutbox *self, CachetAccount *account)
{
  g_return_if_fail (CACHET_IS_OUTBOX (self));

  for (guint i = 0; i < self->items->len; i++)
    {
      CachetOutboxItem *item = g_ptr_array_index (self->items, i);

      if (strcmp (cachet_outbox_item_get_account_id (item), cachet_account_get_id (account)) == 0)
        cachet_outbox_item_get_entry (item)->not_before = 0;
    }
  pump (self);
}

/* Queueing */

static void
queued_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetOutbox *self = g_task_get_source_object (task);
  CachetOutboxEntry *entry = g_task_get_task_data (task);
  GError *error = NULL;
  gint64 id = cachet_journal_add_finish (CACHET_JOURNAL (source), result, &error);
  CachetOutboxItem *item;

  if (id < 0)
    {
      g_task_return_error (task, error);
      return;
    }
  entry->id = id;
  item = cachet_outbox_item_new (cachet_outbox_entry_copy (entry));
  add_item (self, item);
  g_task_return_pointer (task, item, g_object_unref);
  pump (self);
}

void
cachet_outbox_queue_async (CachetOutbox *self,
                           CachetAccount *account,
                           GBytes *message,
                           const char *envelope_from,
                           const char *const *recipients,
                           const char *message_id,
                           const char *subject,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task;
  CachetOutboxEntry *entry;

  g_return_if_fail (CACHET_IS_OUTBOX (self));

  entry = g_new0 (CachetOutboxEntry, 1);
  entry->account_id = g_strdup (cachet_account_get_id (account));
  entry->state = CACHET_OUTBOX_READY;
  entry->envelope_from = g_strdup (envelope_from);
  entry->recipients = g_strdupv ((char **)recipients);
  entry->message_id = g_strdup (message_id);
  entry->subject = g_strdup (subject != NULL ? subject : "");
  entry->created = get_now ();
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cachet_outbox_queue_async);
  g_task_set_name (task, "cachet-outbox-queue");
  /* Once it is on disk it is in the outbox, whoever has lost interest. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, entry, (GDestroyNotify)cachet_outbox_entry_free);
  cachet_journal_add_outbox_async (cachet_engine_get_journal (self->engine), entry, message,
                                   cancellable, queued_cb, task);
}

CachetOutboxItem *
cachet_outbox_queue_finish (CachetOutbox *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Loading */

/* What a crash left behind: before DATA_SENT was on disk the final dot had not been sent. */
static void
settle_after_crash (CachetOutbox *self, CachetOutboxItem *item)
{
  CachetOutboxState state = cachet_outbox_item_get_state (item);

  cachet_outbox_item_set_maybe_copied (item);
  /* With another process at work these are no crash's traces, but its present states. */
  if (cachet_engine_is_read_only (self->engine) ||
      (state != CACHET_OUTBOX_SENDING && state != CACHET_OUTBOX_DATA_SENT))
    return;
  if (state == CACHET_OUTBOX_SENDING)
    cachet_outbox_item_set_state (item, CACHET_OUTBOX_READY, NULL);
  else
    {
      cachet_outbox_item_set_state (
        item, CACHET_OUTBOX_UNKNOWN,
        _ ("Cachet ended while the mail server was taking this message. It may or may not arrive: "
           "ask a recipient before sending it again."));
      tell_trouble (self, item);
    }
  save (self, item);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetOutbox *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) entries =
    cachet_journal_list_outbox_finish (CACHET_JOURNAL (source), result, &error);

  if (entries == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; i < entries->len; i++)
    {
      g_autoptr (CachetOutboxItem) item =
        cachet_outbox_item_new (cachet_outbox_entry_copy (g_ptr_array_index (entries, i)));

      settle_after_crash (self, item);
      add_item (self, item);
    }
  g_task_return_boolean (task, TRUE);
}

void
cachet_outbox_load_async (CachetOutbox *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *task;

  g_return_if_fail (CACHET_IS_OUTBOX (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cachet_outbox_load_async);
  g_task_set_name (task, "cachet-outbox-load");
  cachet_journal_list_outbox_async (cachet_engine_get_journal (self->engine), cancellable,
                                    loaded_cb, task);
}

gboolean
cachet_outbox_load_finish (CachetOutbox *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Orders */

void
cachet_outbox_retry (CachetOutbox *self, CachetOutboxItem *item)
{
  CachetOutboxEntry *entry;

  g_return_if_fail (CACHET_IS_OUTBOX (self));
  g_return_if_fail (CACHET_IS_OUTBOX_ITEM (item));

  if (cachet_outbox_item_is_busy (item))
    return;
  entry = cachet_outbox_item_get_entry (item);
  entry->not_before = 0;
  if (entry->state != CACHET_OUTBOX_SENT)
    {
      entry->n_attempts = 0;
      cachet_outbox_item_set_state (item, CACHET_OUTBOX_READY, NULL);
    }
  save (self, item);
}

gboolean
cachet_outbox_discard (CachetOutbox *self, CachetOutboxItem *item)
{
  g_return_val_if_fail (CACHET_IS_OUTBOX (self), FALSE);
  g_return_val_if_fail (CACHET_IS_OUTBOX_ITEM (item), FALSE);

  if (cachet_outbox_item_is_busy (item))
    return FALSE;
  remove_item (self, item);
  return TRUE;
}

void
cachet_outbox_mark_sent (CachetOutbox *self, CachetOutboxItem *item)
{
  g_return_if_fail (CACHET_IS_OUTBOX (self));
  g_return_if_fail (CACHET_IS_OUTBOX_ITEM (item));

  if (cachet_outbox_item_get_state (item) != CACHET_OUTBOX_UNKNOWN ||
      cachet_outbox_item_is_busy (item))
    return;
  cachet_outbox_item_get_entry (item)->not_before = 0;
  /* Some servers keep the copy themselves. */
  cachet_outbox_item_set_maybe_copied (item);
  cachet_outbox_item_set_state (item, CACHET_OUTBOX_SENT, NULL);
  save (self, item);
  g_signal_emit (self, signals[SIGNAL_SENT], 0, item);
}

void
cachet_outbox_hold (CachetOutbox *self, CachetOutboxItem *item, const char *reason)
{
  cachet_outbox_item_set_state (item, CACHET_OUTBOX_FAILED, reason);
  save (self, item);
}

CachetEngine *
cachet_outbox_get_engine (CachetOutbox *self)
{
  return self->engine;
}

/* Counting */

static gboolean
is_waiting (CachetOutboxItem *item)
{
  return cachet_outbox_item_get_state (item) != CACHET_OUTBOX_SENT;
}

guint
cachet_outbox_get_n_waiting (CachetOutbox *self)
{
  guint n = 0;

  g_return_val_if_fail (CACHET_IS_OUTBOX (self), 0);

  for (guint i = 0; i < self->items->len; i++)
    if (is_waiting (g_ptr_array_index (self->items, i)))
      n++;
  return n;
}

guint
cachet_outbox_count_account (CachetOutbox *self, const char *account_id)
{
  guint n = 0;

  g_return_val_if_fail (CACHET_IS_OUTBOX (self), 0);

  for (guint i = 0; i < self->items->len; i++)
    if (strcmp (cachet_outbox_item_get_account_id (g_ptr_array_index (self->items, i)),
                account_id) == 0)
      n++;
  return n;
}

void
cachet_outbox_discard_account (CachetOutbox *self, const char *account_id)
{
  g_autoptr (GPtrArray) items = NULL;

  g_return_if_fail (CACHET_IS_OUTBOX (self));

  items = dup_items (self);
  for (guint i = 0; i < items->len; i++)
    if (strcmp (cachet_outbox_item_get_account_id (g_ptr_array_index (items, i)), account_id) == 0)
      cachet_outbox_discard (self, g_ptr_array_index (items, i));
}

/* Object */

static void
cachet_outbox_dispose (GObject *object)
{
  CachetOutbox *self = CACHET_OUTBOX (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_handle_id (&self->stop_timer, g_source_remove);
  g_clear_object (&self->copy_cancellable);
  g_clear_pointer (&self->senders, g_hash_table_unref);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  G_OBJECT_CLASS (cachet_outbox_parent_class)->dispose (object);
}

static void
cachet_outbox_class_init (CachetOutboxClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cachet_outbox_dispose;
  signals[SIGNAL_SENT] = g_signal_new ("sent", CACHET_TYPE_OUTBOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 1, CACHET_TYPE_OUTBOX_ITEM);
}

static void
cachet_outbox_init (CachetOutbox *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->senders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->copy_cancellable = g_cancellable_new ();
}

CachetOutbox *
cachet_outbox_new (CachetEngine *engine)
{
  CachetOutbox *self = g_object_new (CACHET_TYPE_OUTBOX, NULL);

  self->engine = engine;
  return self;
}
