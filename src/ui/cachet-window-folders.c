#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-account-assistant.h"
#include "cachet-account-settings-dialog.h"
#include "cachet-name-dialog.h"
#include "cachet-visible-text.h"
#include "cachet-window-private.h"

#include <glib/gi18n.h>

CachetFolder *
cachet_window_get_folder (CachetWindow *self)
{
  return cachet_folder_tree_get_folder (self->folder_tree);
}

CachetAccount *
cachet_window_get_account (CachetWindow *self)
{
  CachetAccount *account = cachet_folder_tree_get_account (self->folder_tree);
  GListModel *accounts;

  if (account != NULL || self->engine == NULL)
    return account;
  accounts = cachet_engine_get_accounts (self->engine);
  if (g_list_model_get_n_items (accounts) == 0)
    return NULL;
  account = g_list_model_get_item (accounts, 0);
  /* The engine holds it. */
  g_object_unref (account);
  return account;
}

static void
folder_order_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  CachetFolder *folder = NULL;

  if (!cachet_account_folder_order_finish (CACHET_ACCOUNT (source), result, &folder, &error))
    cachet_window_tell (self, _ ("The folder could not be changed."), error);
}

static void
new_name_chosen_cb (CachetWindow *self, const char *name, CachetNameDialog *dialog)
{
  CachetAccount *account = g_object_get_data (G_OBJECT (dialog), "account");
  CachetFolder *parent = g_object_get_data (G_OBJECT (dialog), "folder");

  cachet_account_create_folder_async (account, parent, name, NULL, folder_order_cb,
                                      g_object_ref (self));
}

static void
rename_chosen_cb (CachetWindow *self, const char *name, CachetNameDialog *dialog)
{
  CachetAccount *account = g_object_get_data (G_OBJECT (dialog), "account");
  CachetFolder *folder = g_object_get_data (G_OBJECT (dialog), "folder");

  if (g_strcmp0 (name, cachet_folder_get_name (folder)) != 0)
    cachet_account_rename_folder_async (account, folder, name, NULL, folder_order_cb,
                                        g_object_ref (self));
}

/* @folder: (nullable) */
static void
ask_name (CachetWindow *self,
          CachetNameDialog *dialog,
          CachetAccount *account,
          CachetFolder *folder,
          GCallback chosen)
{
  g_object_set_data_full (G_OBJECT (dialog), "account", g_object_ref (account), g_object_unref);
  if (folder != NULL)
    g_object_set_data_full (G_OBJECT (dialog), "folder", g_object_ref (folder), g_object_unref);
  g_signal_connect_object (dialog, "chosen", chosen, self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* Under an ordinary folder, or at the account's top when a special one or the account is selected:
 * few servers take a folder below INBOX or Sent kindly. */
static void
folder_new_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CachetWindow *self = user_data;
  CachetAccount *account = cachet_window_get_account (self);
  CachetFolder *parent = cachet_window_get_folder (self);
  g_autofree char *where = NULL;

  if (account == NULL)
    return;
  if (parent != NULL && cachet_folder_get_role (parent) != CACHET_FOLDER_ROLE_NONE)
    parent = NULL;
  if (parent != NULL)
    {
      g_autofree char *path = cachet_visible_text (cachet_folder_get_path (parent), -1, FALSE);

      where = g_strdup_printf (_ ("It will be inside “%s”."), path);
    }
  else
    where =
      g_strdup_printf (_ ("It will be at the top of %s."), cachet_account_get_label (account));
  ask_name (self, cachet_name_dialog_new (GTK_WINDOW (self),
                                          _ ("New Folder"), where, NULL, _ ("Cr_eate")), account,
                                          parent, G_CALLBACK (new_name_chosen_cb));
}

static void
folder_rename_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CachetWindow *self = user_data;
  CachetFolder *folder = cachet_window_get_folder (self);

  if (folder == NULL)
    return;
  if (!cachet_folder_can_rename (folder))
    {
      cachet_window_tell (self, _ ("This folder has a special use and keeps its name."), NULL);
      return;
    }
  ask_name (self, cachet_name_dialog_new (
                    GTK_WINDOW (self),
                    _ ("Rename Folder"), NULL, cachet_folder_get_name (folder), _ ("_Rename")),
                    cachet_folder_get_account (folder), folder, G_CALLBACK (rename_chosen_cb));
}

/* A question with a destructive answer; @accepted is called with the window and the dialog. */
static void
ask (CachetWindow *self,
     CachetFolder *folder,
     const char *question,
     const char *detail,
     const char *verb,
     GCallback accepted)
{
  GtkWidget *dialog =
    gtk_message_dialog_new (GTK_WINDOW (self), GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT,
                            GTK_MESSAGE_QUESTION, GTK_BUTTONS_NONE, "%s", question);

  gtk_message_dialog_format_secondary_text (GTK_MESSAGE_DIALOG (dialog), "%s", detail);
  gtk_window_set_title (GTK_WINDOW (dialog), question);
  gtk_dialog_add_buttons (GTK_DIALOG (dialog), _ ("_Cancel"), GTK_RESPONSE_CANCEL, verb,
                                                  GTK_RESPONSE_ACCEPT, NULL);
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_CANCEL);
  gtk_style_context_add_class (gtk_widget_get_style_context (gtk_dialog_get_widget_for_response (
                                 GTK_DIALOG (dialog), GTK_RESPONSE_ACCEPT)),
                               GTK_STYLE_CLASS_DESTRUCTIVE_ACTION);
  g_object_set_data_full (G_OBJECT (dialog), "folder", g_object_ref (folder), g_object_unref);
  g_signal_connect_object (dialog, "response", accepted, self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
delete_response_cb (GtkDialog *dialog, int response, CachetWindow *self)
{
  CachetFolder *folder = g_object_get_data (G_OBJECT (dialog), "folder");

  if (response == GTK_RESPONSE_ACCEPT)
    cachet_account_delete_folder_async (cachet_folder_get_account (folder), folder, NULL,
                                        folder_order_cb, g_object_ref (self));
  gtk_widget_destroy (GTK_WIDGET (dialog));
}

static void
folder_delete_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CachetWindow *self = user_data;
  CachetFolder *folder = cachet_window_get_folder (self);
  g_autofree char *path = NULL;
  g_autofree char *question = NULL;
  g_autofree char *detail = NULL;
  guint total;

  if (folder == NULL)
    return;
  if (!cachet_folder_can_delete (folder))
    {
      cachet_window_tell (self, _ ("This folder has a special use and can't be deleted."), NULL);
      return;
    }
  total = cachet_folder_get_total (folder);
  path = cachet_visible_text (cachet_folder_get_path (folder), -1, FALSE);
  question = g_strdup_printf (_ ("Delete the folder “%s”?"), path);
  detail =
    total > 0
      ? g_strdup_printf (
          ngettext ("The %u message in it goes from the server too. This can't be undone.",
                    "The %u messages in it go from the server too. This can't be undone.", total),
          total)
      : g_strdup (_ ("It is empty. This can't be undone."));
  ask (self, folder, question, detail, _ ("_Delete"), G_CALLBACK (delete_response_cb));
}

static void
mark_all_read_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CachetWindow *self = user_data;
  CachetMessageList *list = cachet_message_list_view_get_list (self->list_view);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = list != NULL ? cachet_message_list_get_n_messages (list) : 0;
  guint i;

  for (i = 0; i < n; i++)
    if (!(cachet_message_list_get_entry (list, i)->flags & CACHET_MESSAGE_FLAG_SEEN))
      g_ptr_array_add (rows, g_object_ref (cachet_message_list_peek_row (list, i)));
  if (rows->len > 0)
    cachet_engine_set_flags (self->engine, rows, CACHET_MESSAGE_FLAG_SEEN, TRUE);
}

static void
expunge_response_cb (GtkDialog *dialog, int response, CachetWindow *self)
{
  CachetFolder *folder = g_object_get_data (G_OBJECT (dialog), "folder");

  gtk_widget_hide (GTK_WIDGET (dialog));
  if (response == GTK_RESPONSE_ACCEPT)
    {
      guint n = cachet_engine_expunge (self->engine, folder);
      g_autofree char *text = g_strdup_printf (
        ngettext ("%u message was removed for good.", "%u messages were removed for good.", n), n);

      cachet_window_tell (self, text, NULL);
    }
  gtk_widget_destroy (GTK_WIDGET (dialog));
}

static void
expunge_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CachetWindow *self = user_data;
  CachetFolder *folder = cachet_window_get_folder (self);
  g_autofree char *question = NULL;
  guint n;

  if (folder == NULL)
    return;
  n = cachet_folder_get_n_deleted (folder);
  if (n == 0)
    {
      cachet_window_tell (self, _ ("No message in this folder is marked as deleted."), NULL);
      return;
    }
  question = g_strdup_printf (
    ngettext ("Remove %u deleted message for good?", "Remove %u deleted messages for good?", n), n);
  ask (self, folder, question,
       _ ("They are struck through in the list. On the server they are removed too; this can't be "
          "undone."),
          _ ("_Expunge"), G_CALLBACK (expunge_response_cb));
}

static void
synced_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  /* An account that needs the user says so in its own bar. */
  if (!cachet_account_sync_finish (CACHET_ACCOUNT (source), result, &error) &&
      cachet_account_get_state (CACHET_ACCOUNT (source)) != CACHET_ACCOUNT_STATE_NEEDS_YOU &&
      !g_error_matches (error, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_OFFLINE))
    cachet_window_tell (self, _ ("New mail could not be fetched."), error);
}

static void
sync_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CachetWindow *self = user_data;
  GListModel *accounts = cachet_engine_get_accounts (self->engine);
  guint n = g_list_model_get_n_items (accounts);
  guint i;

  for (i = 0; i < n; i++)
    {
      g_autoptr (CachetAccount) account = g_list_model_get_item (accounts, i);

      if (cachet_account_get_state (account) == CACHET_ACCOUNT_STATE_LIVE)
        cachet_account_sync_async (account, FALSE, NULL, synced_cb, g_object_ref (self));
      else
        cachet_account_reconnect (account);
    }
}

static void
offline_cb (GSimpleAction *action, GVariant *value, gpointer user_data)
{
  CachetWindow *self = user_data;
  GListModel *accounts = cachet_engine_get_accounts (self->engine);
  guint n = g_list_model_get_n_items (accounts);
  guint i;

  g_simple_action_set_state (action, value);
  for (i = 0; i < n; i++)
    {
      g_autoptr (CachetAccount) account = g_list_model_get_item (accounts, i);

      if (g_variant_get_boolean (value))
        cachet_account_go_offline (account);
      else
        cachet_account_reconnect (account);
    }
}

static void
account_connect_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CachetAccount *account = cachet_window_get_account (user_data);

  if (account != NULL)
    cachet_account_reconnect (account);
}

static void
account_offline_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CachetAccount *account = cachet_window_get_account (user_data);

  if (account != NULL)
    cachet_account_go_offline (account);
}

static void
account_add_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CachetWindow *self = user_data;

  gtk_window_present (GTK_WINDOW (cachet_account_assistant_new (GTK_WINDOW (self), self->engine)));
}

static void
account_settings_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CachetWindow *self = user_data;
  CachetAccount *account = cachet_window_get_account (self);

  if (account != NULL)
    gtk_window_present (
      GTK_WINDOW (cachet_account_settings_dialog_new (GTK_WINDOW (self), self->engine, account)));
}

static const GActionEntry entries[] = {
  { "folder-new", folder_new_cb },
  { "folder-rename", folder_rename_cb },
  { "folder-delete", folder_delete_cb },
  { "mark-all-read", mark_all_read_cb },
  { "expunge", expunge_cb },
  { "sync", sync_cb },
  { "offline", NULL, NULL, "false", offline_cb },
  { "account-connect", account_connect_cb },
  { "account-offline", account_offline_cb },
  { "account-add", account_add_cb },
  { "account-settings", account_settings_cb },
};

void
cachet_window_folders_install (CachetWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}
