#define G_LOG_DOMAIN "cachet-ctl"

#include "config.h"

#include "cachet-ctl.h"

#include "cachet-address.h"
#include "cachet-ctl-rows.h"
#include "cachet-folder.h"
#include "cachet-message-list.h"
#include "cachet-message-row.h"

#include <glib/gi18n.h>

/* Verbs that read: sync, folders, list, search, show. */

#define DEFAULT_LIMIT 50

typedef struct
{
  CachetCtl *ctl;
  char *account;
  char *folder;
  char *words;
  gint64 id;
  int limit;
  gboolean bodies;
  gint64 started;
  CachetMessageList *list;
  CachetMessageRow *row;
  gulong handler;
} Read;

static void
read_free (Read *self)
{
  g_free (self->account);
  g_free (self->folder);
  g_free (self->words);
  g_clear_object (&self->list);
  g_clear_object (&self->row);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Read, read_free)

/* --- sync --- */

static guint
count_rows (CachetAccount *account)
{
  GListModel *folders = cachet_account_get_folders (account);
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (folders); i++)
    {
      g_autoptr (CachetFolder) folder = g_list_model_get_item (folders, i);
      n += cachet_folder_get_total (folder);
    }
  return n;
}

static void
print_sync (Read *self, CachetAccount *account)
{
  double seconds = (g_get_monotonic_time () - self->started) / (double)G_USEC_PER_SEC;
  g_autoptr (JsonBuilder) builder = NULL;

  if (!self->ctl->json)
    {
      g_autofree char *in =
        g_format_size_full (cachet_account_get_bytes_received (account), G_FORMAT_SIZE_LONG_FORMAT);
      g_autofree char *out =
        g_format_size_full (cachet_account_get_bytes_sent (account), G_FORMAT_SIZE_LONG_FORMAT);

      g_print (_ ("%s: %u messages, %s in, %s out, %u commands, %.2f seconds\n"),
                  cachet_account_get_label (account), count_rows (account), in, out,
                  cachet_account_get_n_commands (account), seconds);
      return;
    }
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "account");
  json_builder_add_string_value (builder, cachet_account_get_id (account));
  json_builder_set_member_name (builder, "rows");
  json_builder_add_int_value (builder, count_rows (account));
  json_builder_set_member_name (builder, "bytes_in");
  json_builder_add_int_value (builder, cachet_account_get_bytes_received (account));
  json_builder_set_member_name (builder, "bytes_out");
  json_builder_add_int_value (builder, cachet_account_get_bytes_sent (account));
  json_builder_set_member_name (builder, "commands");
  json_builder_add_int_value (builder, cachet_account_get_n_commands (account));
  json_builder_set_member_name (builder, "seconds");
  json_builder_add_double_value (builder, seconds);
  json_builder_end_object (builder);
  cachet_ctl_print_json (builder);
}

static void
folder_synced_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Read) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!cachet_folder_sync_finish (CACHET_FOLDER (source), result, &error))
    {
      cachet_ctl_fail (self->ctl, error);
      return;
    }
  print_sync (self, cachet_folder_get_account (CACHET_FOLDER (source)));
  cachet_ctl_end (self->ctl, CACHET_CTL_DONE);
}

static void
synced_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Read) self = user_data;
  CachetAccount *account = CACHET_ACCOUNT (source);
  g_autoptr (GError) error = NULL;
  CachetFolder *folder;

  if (!cachet_account_sync_finish (account, result, &error))
    {
      cachet_ctl_fail (self->ctl, error);
      return;
    }
  if (self->folder == NULL)
    {
      print_sync (self, account);
      cachet_ctl_end (self->ctl, CACHET_CTL_DONE);
      return;
    }
  folder = cachet_account_find_folder (account, self->folder);
  if (folder == NULL)
    {
      g_printerr (_ ("cachetctl: There is no folder “%s”.\n"), self->folder);
      cachet_ctl_end (self->ctl, CACHET_CTL_FAILED);
      return;
    }
  cachet_folder_sync_async (folder, NULL, folder_synced_cb, g_steal_pointer (&self));
}

static void
connect_account (CachetCtl *ctl, CachetAccount *account)
{
  if (ctl->password != NULL)
    cachet_account_give_password (account, ctl->password, FALSE);
  else
    cachet_account_reconnect (account);
}

static void
sync_ready_cb (CachetCtl *ctl, gpointer user_data)
{
  gboolean bodies;
  g_autoptr (Read) self = user_data;
  CachetAccount *account = cachet_ctl_find_account (ctl, self->account);

  if (account == NULL)
    return;
  connect_account (ctl, account);
  self->started = g_get_monotonic_time ();
  bodies = self->bodies;
  cachet_account_sync_async (account, bodies, NULL, synced_cb, g_steal_pointer (&self));
}

/* --- folders --- */

static void
add_folder (JsonBuilder *builder, CachetFolder *folder)
{
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "account");
  json_builder_add_string_value (builder,
                                 cachet_account_get_id (cachet_folder_get_account (folder)));
  json_builder_set_member_name (builder, "path");
  json_builder_add_string_value (builder, cachet_folder_get_path (folder));
  json_builder_set_member_name (builder, "mailbox");
  json_builder_add_string_value (builder, cachet_folder_get_mailbox (folder));
  json_builder_set_member_name (builder, "total");
  json_builder_add_int_value (builder, cachet_folder_get_total (folder));
  json_builder_set_member_name (builder, "unread");
  json_builder_add_int_value (builder, cachet_folder_get_unread (folder));
  json_builder_end_object (builder);
}

static void
folders_ready_cb (CachetCtl *ctl, gpointer user_data)
{
  g_autoptr (Read) self = user_data;
  CachetAccount *account = cachet_ctl_find_account (ctl, self->account);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  GListModel *folders;

  if (account == NULL)
    return;
  folders = cachet_account_get_folders (account);
  json_builder_begin_array (builder);
  for (guint i = 0; i < g_list_model_get_n_items (folders); i++)
    {
      g_autoptr (CachetFolder) folder = g_list_model_get_item (folders, i);
      add_folder (builder, folder);
      if (!ctl->json)
        g_print ("%6u %6u  %s\n", cachet_folder_get_total (folder),
                 cachet_folder_get_unread (folder), cachet_folder_get_path (folder));
    }
  json_builder_end_array (builder);
  if (ctl->json)
    cachet_ctl_print_json (builder);
  cachet_ctl_end (ctl, CACHET_CTL_DONE);
}

/* --- list and search --- */

static void
list_page_cb (Read *self)
{
  guint n = MIN (cachet_message_list_get_n_messages (self->list), (guint)self->limit);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);

  if (cachet_message_list_is_loading (self->list))
    return;
  for (guint i = 0; i < n; i++)
    {
      CachetMessageRow *row = cachet_message_list_peek_row (self->list, i);
      if (!cachet_message_row_is_loaded (row))
        return; /* comes back with the next page */
      g_ptr_array_add (rows, g_object_ref (row));
    }
  g_signal_handlers_disconnect_by_data (self->list, self);
  cachet_ctl_print_rows (self->ctl, rows);
  cachet_ctl_end (self->ctl, CACHET_CTL_DONE);
  read_free (self);
}

static void
list_ready_cb (CachetCtl *ctl, gpointer user_data)
{
  g_autoptr (Read) self = user_data;
  CachetAccount *account = cachet_ctl_find_account (ctl, self->account);
  CachetFolder *folder;
  Read *kept;

  if (account == NULL)
    return;
  folder = cachet_account_find_folder (account, self->folder);
  if (folder == NULL)
    {
      g_printerr (_ ("cachetctl: There is no folder “%s”.\n"), self->folder);
      cachet_ctl_end (ctl, CACHET_CTL_FAILED);
      return;
    }
  self->list = cachet_folder_open_list (folder);
  kept = g_steal_pointer (&self);
  g_signal_connect_swapped (kept->list, "notify::loading", G_CALLBACK (list_page_cb), kept);
  g_signal_connect_swapped (kept->list, "items-changed", G_CALLBACK (list_page_cb), kept);
  g_signal_connect_swapped (kept->list, "row-changed", G_CALLBACK (list_page_cb), kept);
  list_page_cb (kept);
}

static void
searched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Read) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) found =
    cachet_engine_search_finish (CACHET_ENGINE (source), result, &error);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);

  if (found == NULL)
    {
      cachet_ctl_fail (self->ctl, error);
      return;
    }
  for (guint i = 0; i < g_list_model_get_n_items (found); i++)
    g_ptr_array_add (rows, g_list_model_get_item (found, i));
  cachet_ctl_print_rows (self->ctl, rows);
  cachet_ctl_end (self->ctl, CACHET_CTL_DONE);
}

static void
search_ready_cb (CachetCtl *ctl, gpointer user_data)
{
  guint limit;
  g_autoptr (Read) self = user_data;
  CachetAccount *account = NULL;
  const char *words = self->words;

  if (self->account != NULL)
    {
      account = cachet_ctl_find_account (ctl, self->account);
      if (account == NULL)
        return;
    }
  limit = self->limit;
  cachet_engine_search_async (ctl->engine, account, words, limit, NULL, searched_cb,
                              g_steal_pointer (&self));
}

/* --- show --- */

static void load_row (Read *self);

static void
print_message (CachetMimeMessage *message)
{
  static const struct
  {
    CachetMimeAddressField field;
    const char *label;
  } fields[] = {
    { CACHET_MIME_FROM, N_ ("From") },
      { CACHET_MIME_TO, N_ ("To") },
        { CACHET_MIME_CC, N_ ("Cc") },
      };
  char **warnings = cachet_mime_message_get_warnings (message);
  const char *date = cachet_mime_message_get_field (message, "Date");

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      GPtrArray *addresses = cachet_mime_message_get_addresses (message, fields[i].field);
      for (guint j = 0; j < addresses->len; j++)
        {
          g_autofree char *text = cachet_address_to_display (g_ptr_array_index (addresses, j));
          g_print ("%s: %s\n", _ (fields[i].label), text);
        }
    }
  if (date != NULL)
    g_print (_ ("Date: %s\n"), date);
  g_print (_ ("Subject: %s\n"), cachet_mime_message_get_subject (message));
  for (guint i = 0; warnings != NULL && warnings[i] != NULL; i++)
    g_print (_ ("Warning: %s\n"), warnings[i]);
  g_print ("\n%s\n", cachet_mime_message_get_text (message));
}

static void
state_changed_cb (CachetAccount *account, GParamSpec *pspec, gpointer user_data)
{
  Read *self = user_data;
  CachetAccountState state = cachet_account_get_state (account);

  if (state == CACHET_ACCOUNT_STATE_CONNECTING)
    return;
  g_clear_signal_handler (&self->handler, account);
  if (state == CACHET_ACCOUNT_STATE_LIVE)
    {
      load_row (self);
      return;
    }
  g_printerr ("cachetctl: %s\n", cachet_account_get_state_text (account));
  cachet_ctl_end (self->ctl, CACHET_CTL_FAILED);
  read_free (self);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Read) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CachetMimeMessage) message =
    cachet_engine_load_message_finish (CACHET_ENGINE (source), result, &error);
  CachetAccount *account;

  if (message != NULL)
    {
      if (self->ctl->json)
        cachet_ctl_print_message_json (message);
      else
        print_message (message);
      cachet_ctl_end (self->ctl, CACHET_CTL_DONE);
      return;
    }
  account = cachet_folder_get_account (cachet_message_row_get_folder (self->row));
  if (!g_error_matches (error, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_OFFLINE) ||
      self->started != 0)
    {
      cachet_ctl_fail (self->ctl, error);
      return;
    }
  /* not in the cache: connect once and ask again */
  self->started = g_get_monotonic_time ();
  self->handler = g_signal_connect (account, "notify::state", G_CALLBACK (state_changed_cb), self);
  connect_account (self->ctl, account);
  self = NULL;
}

static void
load_row (Read *self)
{
  cachet_engine_load_message_async (self->ctl->engine, self->row, NULL, loaded_cb, self);
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Read) self = user_data;
  g_autoptr (GError) error = NULL;

  self->row = cachet_engine_find_row_finish (CACHET_ENGINE (source), result, &error);
  if (self->row == NULL)
    {
      if (error == NULL)
        cachet_ctl_set_no_message (&error, self->id);
      cachet_ctl_fail (self->ctl, error);
      return;
    }
  load_row (g_steal_pointer (&self));
}

static void
show_ready_cb (CachetCtl *ctl, gpointer user_data)
{
  Read *self = user_data;

  cachet_engine_find_row_async (ctl->engine, self->id, NULL, found_cb, self);
}

/* --- verbs --- */

static Read *
read_new (CachetCtl *ctl, char ***words)
{
  g_autoptr (Read) self = g_new0 (Read, 1);
  const GOptionEntry entries[] = {
    { "account", 0, 0, G_OPTION_ARG_STRING, &self->account,
      N_ ("Only this account"), N_ ("ACCOUNT") },
      { "folder", 0, 0, G_OPTION_ARG_STRING, &self->folder,
        N_ ("Only this folder"), N_ ("FOLDER") },
        { "limit", 0, 0, G_OPTION_ARG_INT, &self->limit, N_ ("At most so many"), "N" },
          { "bodies", 0, 0, G_OPTION_ARG_NONE, &self->bodies,
            N_ ("Fetch whole messages too"), NULL },
            G_OPTION_ENTRY_NULL,
        };

  self->ctl = ctl;
  self->limit = DEFAULT_LIMIT;
  if (!cachet_ctl_parse (ctl, words, entries))
    return NULL;
  if (self->limit < 0)
    {
      cachet_ctl_usage (ctl, (*words)[0], _ ("The limit is a number from 0 on."));
      return NULL;
    }
  return g_steal_pointer (&self);
}

static void
run_sync (CachetCtl *ctl, char **argv)
{
  g_auto (GStrv) words = g_strdupv (argv);
  Read *self = read_new (ctl, &words);

  if (self != NULL)
    cachet_ctl_with_engine (ctl, FALSE, sync_ready_cb, self);
}

static void
run_folders (CachetCtl *ctl, char **argv)
{
  g_auto (GStrv) words = g_strdupv (argv);
  Read *self = read_new (ctl, &words);

  if (self != NULL)
    cachet_ctl_with_engine (ctl, FALSE, folders_ready_cb, self);
}

static void
run_list (CachetCtl *ctl, char **argv)
{
  g_auto (GStrv) words = g_strdupv (argv);
  Read *self = read_new (ctl, &words);

  if (self == NULL)
    return;
  g_free (self->folder);
  self->folder = g_strdup (words[1] != NULL ? words[1] : "INBOX");
  cachet_ctl_with_engine (ctl, FALSE, list_ready_cb, self);
}

static void
run_search (CachetCtl *ctl, char **argv)
{
  g_auto (GStrv) words = g_strdupv (argv);
  Read *self = read_new (ctl, &words);

  if (self == NULL)
    return;
  if (words[1] == NULL)
    {
      read_free (self);
      cachet_ctl_usage (ctl, "search", _ ("Say what to look for."));
      return;
    }
  self->words = g_strjoinv (" ", words + 1);
  cachet_ctl_with_engine (ctl, FALSE, search_ready_cb, self);
}

static void
run_show (CachetCtl *ctl, char **argv)
{
  g_auto (GStrv) words = g_strdupv (argv);
  Read *self = read_new (ctl, &words);

  if (self == NULL)
    return;
  if (words[1] == NULL || !g_ascii_string_to_signed (words[1], 10, 1, G_MAXINT64, &self->id, NULL))
    {
      read_free (self);
      cachet_ctl_usage (ctl, "show", _ ("Give the number that “cachetctl list” shows."));
      return;
    }
  cachet_ctl_with_engine (ctl, FALSE, show_ready_cb, self);
}

const CachetCtlVerb cachet_ctl_mail_verbs[] = {
  { "sync", "[--account A] [--folder F] [--bodies] [--json]",
    N_ ("Come in step with the server, then end"), run_sync },
    { "folders", "[--account A] [--json]", N_ ("Print folders with their counts"), run_folders },
      { "list", "[FOLDER] [--account A] [--limit N] [--json]",
        N_ ("Print the newest messages of a folder"), run_list },
        { "search", "WORDS… [--account A] [--limit N] [--json]",
          N_ ("Print messages that have all the words"), run_search },
          { "show", "ID [--json]", N_ ("Print a message"), run_show }, { NULL, NULL, NULL, NULL },
        };
