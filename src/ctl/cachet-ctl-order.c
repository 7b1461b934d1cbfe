#define G_LOG_DOMAIN "cachet-ctl"

#include "config.h"

#include "cachet-ctl.h"

#include "cachet-ctl-rows.h"
#include "cachet-folder.h"
#include "cachet-message-flags.h"
#include "cachet-message-list.h"
#include "cachet-message-row.h"
#include "cachet-outbox.h"

#include <glib/gi18n.h>
#include <string.h>

/* Verbs that change something: flag, move, copy, delete, archive, expunge, send; and outbox, which
 * shows what still waits. */

#define WAIT_STEP_MS 50
#define WAIT_LIMIT_SECONDS 120

typedef enum {
  ORDER_FLAG,
  ORDER_MOVE,
  ORDER_COPY,
  ORDER_DELETE,
  ORDER_ARCHIVE,
  ORDER_EXPUNGE,
} OrderKind;

typedef struct
{
  CachetCtl *ctl;
  OrderKind kind;
  char *account;
  char *folder;
  CachetMessageFlags flag;
  gboolean set;
  gboolean offline;
  GArray *ids;
  guint next;
  GPtrArray *rows;
  CachetOutboxItem *item;
  CachetMessageList *list;
  gint64 deadline;
} Order;

static void
order_free (Order *self)
{
  g_free (self->account);
  g_free (self->folder);
  g_array_unref (self->ids);
  g_ptr_array_unref (self->rows);
  g_clear_object (&self->item);
  g_clear_object (&self->list);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Order, order_free)

static Order *
order_new (CachetCtl *ctl, OrderKind kind, char ***words)
{
  g_autoptr (Order) self = g_new0 (Order, 1);
  const GOptionEntry entries[] = {
    { "account", 0, 0, G_OPTION_ARG_STRING, &self->account,
      N_ ("Of this account"), N_ ("ACCOUNT") },
      { "offline", 0, 0, G_OPTION_ARG_NONE, &self->offline,
        N_ ("Only note it; the server hears of it later"), NULL },
        G_OPTION_ENTRY_NULL,
     };

  self->ctl = ctl;
  self->kind = kind;
  self->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
  if (!cachet_ctl_parse (ctl, words, entries))
    return NULL;
  return g_steal_pointer (&self);
}

/* Whether the connection of the account may still come. */
static gboolean
account_may_work (CachetAccount *account)
{
  CachetAccountState state = cachet_account_get_state (account);

  return state == CACHET_ACCOUNT_STATE_CONNECTING || state == CACHET_ACCOUNT_STATE_LIVE;
}

static gboolean
wait_replayed_cb (gpointer user_data)
{
  Order *self = user_data;
  CachetAccount *account = NULL;

  if (self->rows->len > 0)
    account =
      cachet_folder_get_account (cachet_message_row_get_folder (g_ptr_array_index (self->rows, 0)));
  if (cachet_engine_get_n_pending_operations (self->ctl->engine) > 0 && !self->offline &&
      (account == NULL || account_may_work (account)) && g_get_monotonic_time () < self->deadline)
    return G_SOURCE_CONTINUE;
  if (cachet_engine_get_n_pending_operations (self->ctl->engine) > 0)
    g_print (_ ("Noted; the server will hear of it at the next connection.\n"));
  cachet_ctl_end (self->ctl, CACHET_CTL_DONE);
  order_free (self);
  return G_SOURCE_REMOVE;
}

static void
wait_replayed (Order *self)
{
  self->deadline = g_get_monotonic_time () + WAIT_LIMIT_SECONDS * G_USEC_PER_SEC;
  g_timeout_add (WAIT_STEP_MS, wait_replayed_cb, self);
}

static CachetFolder *
find_destination (Order *self, CachetAccount *account)
{
  CachetFolder *folder = cachet_account_find_folder (account, self->folder);

  if (folder == NULL)
    {
      g_printerr (_ ("cachetctl: There is no folder “%s”.\n"), self->folder);
      cachet_ctl_end (self->ctl, CACHET_CTL_FAILED);
    }
  return folder;
}

static void
apply (Order *self)
{
  CachetEngine *engine = self->ctl->engine;
  CachetAccount *account =
    cachet_folder_get_account (cachet_message_row_get_folder (g_ptr_array_index (self->rows, 0)));
  CachetFolder *folder = NULL;

  if (self->kind == ORDER_MOVE || self->kind == ORDER_COPY)
    {
      folder = find_destination (self, account);
      if (folder == NULL)
        {
          order_free (self);
          return;
        }
    }
  switch (self->kind)
    {
    case ORDER_FLAG:
      cachet_engine_set_flags (engine, self->rows, self->flag, self->set);
      break;
    case ORDER_MOVE:
      cachet_engine_move (engine, self->rows, folder);
      break;
    case ORDER_COPY:
      cachet_engine_copy (engine, self->rows, folder);
      break;
    case ORDER_DELETE:
      cachet_engine_delete (engine, self->rows);
      break;
    case ORDER_ARCHIVE:
    case ORDER_EXPUNGE:
    default:
      cachet_engine_archive (engine, self->rows);
      break;
    }
  wait_replayed (self);
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Order) self = user_data;
  gint64 id = g_array_index (self->ids, gint64, self->next);
  g_autoptr (GError) error = NULL;
  CachetMessageRow *row = cachet_engine_find_row_finish (CACHET_ENGINE (source), result, &error);

  if (row == NULL)
    {
      if (error == NULL)
        cachet_ctl_set_no_message (&error, id);
      cachet_ctl_fail (self->ctl, error);
      return;
    }
  g_ptr_array_add (self->rows, row);
  if (++self->next < self->ids->len)
    {
      gint64 next_id = g_array_index (self->ids, gint64, self->next);
      CachetEngine *engine = self->ctl->engine;
      cachet_engine_find_row_async (engine, next_id, NULL, found_cb, g_steal_pointer (&self));
    }
  else
    apply (g_steal_pointer (&self));
}

static void
order_ready_cb (CachetCtl *ctl, gpointer user_data)
{
  Order *self = user_data;

  cachet_engine_find_row_async (ctl->engine, g_array_index (self->ids, gint64, 0), NULL, found_cb,
                                self);
}

static gboolean
take_ids (Order *self, char **words)
{
  for (; *words != NULL; words++)
    {
      gint64 id;
      if (!g_ascii_string_to_signed (*words, 10, 1, G_MAXINT64, &id, NULL))
        return FALSE;
      g_array_append_val (self->ids, id);
    }
  return self->ids->len > 0;
}

static void
run_order (CachetCtl *ctl, char **argv, OrderKind kind, guint n_before)
{
  g_auto (GStrv) words = g_strdupv (argv);
  g_autoptr (Order) self = order_new (ctl, kind, &words);
  g_autofree char *flag_name = NULL;
  gboolean connect;

  if (self == NULL)
    return;
  if (g_strv_length (words) < n_before + 2 || !take_ids (self, words + 1 + n_before))
    {
      cachet_ctl_usage (ctl, argv[0], _ ("Give the numbers that “cachetctl list” shows."));
      return;
    }
  if (kind == ORDER_FLAG)
    {
      flag_name = g_strconcat ("\\", words[1], NULL);
      self->flag = cachet_message_flag_from_imap (flag_name);
      self->set = g_str_equal (words[2], "on");
      if (self->flag == CACHET_MESSAGE_FLAG_NONE || (!self->set && !g_str_equal (words[2], "off")))
        {
          cachet_ctl_usage (
            ctl, argv[0],
            _ ("The flag is seen, flagged, answered, deleted or draft; then on or off."));
          return;
        }
    }
  else if (n_before == 1)
    self->folder = g_strdup (words[1]);
  connect = !self->offline;
  cachet_ctl_with_engine (ctl, connect, order_ready_cb, g_steal_pointer (&self));
}

static void
run_flag (CachetCtl *ctl, char **argv)
{
  run_order (ctl, argv, ORDER_FLAG, 2);
}

static void
run_move (CachetCtl *ctl, char **argv)
{
  run_order (ctl, argv, ORDER_MOVE, 1);
}

static void
run_copy (CachetCtl *ctl, char **argv)
{
  run_order (ctl, argv, ORDER_COPY, 1);
}

static void
run_delete (CachetCtl *ctl, char **argv)
{
  run_order (ctl, argv, ORDER_DELETE, 0);
}

static void
run_archive (CachetCtl *ctl, char **argv)
{
  run_order (ctl, argv, ORDER_ARCHIVE, 0);
}

/* Once the list stands, the engine knows what is marked. */
static void
expunge_listed_cb (Order *self)
{
  CachetFolder *folder = cachet_message_list_get_folder (self->list);
  guint n;

  if (cachet_message_list_is_loading (self->list))
    return;
  g_signal_handlers_disconnect_by_data (self->list, self);
  n = cachet_engine_expunge (self->ctl->engine, folder);
  g_print (ngettext ("%u message removed\n", "%u messages removed\n", n), n);
  wait_replayed (self);
}

static void
expunge_ready_cb (CachetCtl *ctl, gpointer user_data)
{
  g_autoptr (Order) self = user_data;
  CachetAccount *account = cachet_ctl_find_account (ctl, self->account);
  CachetFolder *folder = account != NULL ? find_destination (self, account) : NULL;
  Order *kept;

  if (folder == NULL)
    return;
  self->list = cachet_folder_open_list (folder);
  kept = g_steal_pointer (&self);
  g_signal_connect_swapped (kept->list, "notify::loading", G_CALLBACK (expunge_listed_cb), kept);
  expunge_listed_cb (kept);
}

static void
run_expunge (CachetCtl *ctl, char **argv)
{
  g_auto (GStrv) words = g_strdupv (argv);
  Order *self = order_new (ctl, ORDER_EXPUNGE, &words);
  gboolean connect;

  if (self == NULL)
    return;
  self->folder = g_strdup (words[1] != NULL ? words[1] : "INBOX");
  connect = !self->offline;
  cachet_ctl_with_engine (ctl, connect, expunge_ready_cb, self);
}

/* --- send and outbox --- */

static const char *
state_word (CachetOutboxState state)
{
  switch (state)
    {
    case CACHET_OUTBOX_READY:
      return "ready";
    case CACHET_OUTBOX_SENDING:
      return "sending";
    case CACHET_OUTBOX_DATA_SENT:
      return "data-sent";
    case CACHET_OUTBOX_SENT:
      return "sent";
    case CACHET_OUTBOX_FAILED:
      return "failed";
    case CACHET_OUTBOX_UNKNOWN:
    default:
      return "unknown";
    }
}

static gboolean
outbox_has (CachetOutbox *outbox, CachetOutboxItem *item)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (outbox)); i++)
    {
      g_autoptr (CachetOutboxItem) other = g_list_model_get_item (G_LIST_MODEL (outbox), i);
      if (other == item)
        return TRUE;
    }
  return FALSE;
}

static gboolean
wait_sent_cb (gpointer user_data)
{
  Order *self = user_data;
  CachetCtl *ctl = self->ctl;
  CachetOutboxState state = cachet_outbox_item_get_state (self->item);
  const char *error_text = cachet_outbox_item_get_error_text (self->item);

  if (!outbox_has (cachet_engine_get_outbox (ctl->engine), self->item))
    {
      g_print (_ ("Sent.\n"));
      cachet_ctl_end (ctl, CACHET_CTL_DONE);
    }
  else if (state == CACHET_OUTBOX_FAILED || state == CACHET_OUTBOX_UNKNOWN ||
           (state == CACHET_OUTBOX_READY && error_text != NULL) ||
           g_get_monotonic_time () > self->deadline)
    {
      g_printerr ("cachetctl: %s\n",
                  error_text != NULL ? error_text : _ ("The message still waits in the outbox."));
      cachet_ctl_end (ctl, CACHET_CTL_FAILED);
    }
  else
    return G_SOURCE_CONTINUE;
  order_free (self);
  return G_SOURCE_REMOVE;
}

static void
queued_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Order) self = user_data;
  g_autoptr (GError) error = NULL;

  self->item = cachet_engine_send_finish (CACHET_ENGINE (source), result, &error);
  if (self->item == NULL)
    {
      cachet_ctl_fail (self->ctl, error);
      return;
    }
  g_object_ref (self->item);
  self->deadline = g_get_monotonic_time () + WAIT_LIMIT_SECONDS * G_USEC_PER_SEC;
  g_timeout_add (WAIT_STEP_MS, wait_sent_cb, g_steal_pointer (&self));
}

static void
send_ready_cb (CachetCtl *ctl, gpointer user_data)
{
  g_autoptr (Order) self = user_data;
  CachetAccount *account = cachet_ctl_find_account (ctl, self->account);
  g_autoptr (GError) error = NULL;
  g_autoptr (GMappedFile) file = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (account == NULL)
    return;
  file = g_mapped_file_new (self->folder, FALSE, &error);
  if (file == NULL)
    {
      cachet_ctl_fail (ctl, error);
      return;
    }
  bytes = g_mapped_file_get_bytes (file);
  if (ctl->password != NULL)
    cachet_account_give_password (account, ctl->password, FALSE);
  cachet_engine_send_bytes_async (ctl->engine, account, bytes, NULL, queued_cb,
                                  g_steal_pointer (&self));
}

static void
run_send (CachetCtl *ctl, char **argv)
{
  g_auto (GStrv) words = g_strdupv (argv);
  g_autoptr (Order) self = order_new (ctl, ORDER_COPY, &words);

  if (self == NULL)
    return;
  if (g_strv_length (words) != 2)
    {
      cachet_ctl_usage (ctl, "send", _ ("Name one message file."));
      return;
    }
  self->folder = g_strdup (words[1]);
  cachet_ctl_with_engine (ctl, TRUE, send_ready_cb, g_steal_pointer (&self));
}

static void
outbox_ready_cb (CachetCtl *ctl, gpointer user_data)
{
  GListModel *outbox = G_LIST_MODEL (cachet_engine_get_outbox (ctl->engine));
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < g_list_model_get_n_items (outbox); i++)
    {
      g_autoptr (CachetOutboxItem) item = g_list_model_get_item (outbox, i);
      g_autofree char *recipients =
        g_strjoinv (", ", (char **)cachet_outbox_item_get_recipients (item));
      const char *error_text = cachet_outbox_item_get_error_text (item);
      const char *word = state_word (cachet_outbox_item_get_state (item));

      if (!ctl->json)
        g_print ("%6" G_GINT64_FORMAT " %-9s %s  %s%s%s\n", cachet_outbox_item_get_id (item), word,
                 recipients, cachet_outbox_item_get_subject (item),
                 error_text != NULL ? "\n       " : "", error_text != NULL ? error_text : "");
      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "id");
      json_builder_add_int_value (builder, cachet_outbox_item_get_id (item));
      json_builder_set_member_name (builder, "state");
      json_builder_add_string_value (builder, word);
      json_builder_set_member_name (builder, "recipients");
      json_builder_add_string_value (builder, recipients);
      json_builder_set_member_name (builder, "subject");
      json_builder_add_string_value (builder, cachet_outbox_item_get_subject (item));
      json_builder_set_member_name (builder, "error");
      json_builder_add_string_value (builder, error_text != NULL ? error_text : "");
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  if (ctl->json)
    cachet_ctl_print_json (builder);
  cachet_ctl_end (ctl, CACHET_CTL_DONE);
}

static void
run_outbox (CachetCtl *ctl, char **argv)
{
  g_auto (GStrv) words = g_strdupv (argv);

  if (cachet_ctl_parse (ctl, &words, NULL))
    cachet_ctl_with_engine (ctl, FALSE, outbox_ready_cb, NULL);
}

const CachetCtlVerb cachet_ctl_order_verbs[] = {
  { "flag", "seen|flagged|answered|deleted|draft on|off ID… [--offline]",
    N_ ("Set or clear a flag"), run_flag },
    { "move", "FOLDER ID… [--offline]", N_ ("Move messages"), run_move },
      { "copy", "FOLDER ID… [--offline]", N_ ("Copy messages"), run_copy },
        { "delete", "ID… [--offline]",
          N_ ("Delete messages the way the account does"), run_delete },
          { "archive", "ID… [--offline]", N_ ("Move messages to the archive"), run_archive },
            { "expunge", "[FOLDER] [--account A] [--offline]",
              N_ ("Remove what is marked as deleted"), run_expunge },
              { "send", "FILE.eml [--account A]",
                N_ ("Send a message file to the recipients in its header"), run_send },
                { "outbox", "[--json]", N_ ("Print what waits to be sent"), run_outbox },
                  { NULL, NULL, NULL, NULL },
              };
