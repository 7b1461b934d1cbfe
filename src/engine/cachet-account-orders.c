#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-account-internal.h"
#include "cachet-folder-roles.h"
#include "cachet-imap-data.h"
#include "cachet-imap-utf7.h"

#include <glib/gi18n.h>
#include <string.h>

/* Orders on folders: create, rename, delete, subscribe; they need the server. */

typedef enum {
  ORDER_CREATE,
  ORDER_RENAME,
  ORDER_DELETE,
  ORDER_SUBSCRIBE,
} OrderKind;

typedef struct
{
  OrderKind kind;
  CachetFolder *folder; /* (nullable): for CREATE */
  char *mailbox;        /* server's form: the new one, or the one to delete */
  gboolean subscribe;
  CachetLinkJob *job;
  CachetFolder *result;
} Order;

static void
order_free (Order *self)
{
  g_clear_object (&self->folder);
  g_clear_object (&self->result);
  g_free (self->mailbox);
  g_free (self);
}

/* --- on the link --- */

static void
order_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetLinkJob *job = user_data;
  GError *error = NULL;

  cachet_imap_session_order_finish (CACHET_IMAP_SESSION (source), result, &error);
  cachet_link_job_return (job, error);
}

/* A mailbox that was made but can't be subscribed is there all the same. */
static void
subscribed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetLinkJob *job = user_data;
  g_autoptr (GError) error = NULL;

  if (!cachet_imap_session_order_finish (CACHET_IMAP_SESSION (source), result, &error))
    g_debug ("subscription: %s", error->message);
  cachet_link_job_return (job, NULL);
}

static void
changed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetLinkJob *job = user_data;
  Order *self = job->data;
  GError *error = NULL;

  if (!cachet_imap_session_order_finish (CACHET_IMAP_SESSION (source), result, &error))
    cachet_link_job_return (job, error);
  else
    cachet_imap_session_subscribe_async (CACHET_IMAP_SESSION (source), self->mailbox,
                                         self->kind != ORDER_DELETE, NULL, subscribed_cb, job);
}

static void
give_order (CachetLinkJob *job)
{
  Order *self = job->data;

  switch (self->kind)
    {
    case ORDER_CREATE:
      cachet_imap_session_create_async (job->session, self->mailbox, NULL, changed_cb, job);
      break;
    case ORDER_RENAME:
      cachet_imap_session_rename_async (job->session, cachet_folder_get_mailbox (self->folder),
                                        self->mailbox, NULL, changed_cb, job);
      break;
    case ORDER_DELETE:
      cachet_imap_session_delete_async (job->session, self->mailbox, NULL, changed_cb, job);
      break;
    case ORDER_SUBSCRIBE:
    default:
      cachet_imap_session_subscribe_async (job->session, self->mailbox, self->subscribe, NULL,
                                           order_done_cb, job);
    }
}

static void
unselected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetLinkJob *job = user_data;
  g_autoptr (GError) error = NULL;

  if (!cachet_imap_session_order_finish (CACHET_IMAP_SESSION (source), result, &error))
    g_debug ("UNSELECT: %s", error->message);
  give_order (job);
}

/* Servers hang up on who has a mailbox selected that goes away. */
static void
order_job (CachetLinkJob *job)
{
  Order *self = job->data;

  if (self->folder != NULL && cachet_link_get_selected (job->link) == self->folder &&
      (self->kind == ORDER_DELETE || self->kind == ORDER_RENAME))
    {
      CachetFolder *home = cachet_link_get_home (job->link);
      g_autoptr (CachetFolder) kept = home != NULL ? g_object_ref (home) : NULL;

      cachet_link_forget_folder (job->link, self->folder);
      if (self->kind == ORDER_RENAME && kept != NULL)
        cachet_link_set_home (job->link, kept);
      cachet_imap_session_unselect_async (job->session, NULL, unselected_cb, job);
    }
  else
    give_order (job);
}

/* --- afterwards --- */

static void
refreshed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetAccount *self = CACHET_ACCOUNT (source);
  Order *order = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) changed = cachet_account_refresh_folders_finish (self, result, &error);
  CachetFolder *folder;

  if (changed == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; i < changed->len; i++)
    cachet_account_queue_sync (self, g_ptr_array_index (changed, i), CACHET_WORKER_PRIORITY_BULK);
  folder = cachet_account_find_mailbox (self, order->mailbox);
  if (folder != NULL)
    order->result = g_object_ref (folder);
  if (folder == NULL && order->kind != ORDER_DELETE)
    g_task_return_new_error (task, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_NOT_FOUND,
                             _ ("The server agreed, but does not list the folder."));
  else
    g_task_return_boolean (task, TRUE);
}

static void
renamed_in_cache_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetAccount *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  if (!cachet_mail_store_write_finish (CACHET_MAIL_STORE (source), result, &error))
    g_debug ("The cache did not take the new name: %s", error->message);
  cachet_account_refresh_folders_async (self, NULL, refreshed_cb, g_steal_pointer (&task));
}

/* The folder and those below it keep their rows under the new name. */
static void
rename_in_memory (CachetAccount *self, const char *old_name, const char *new_name, char delimiter)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->folders));
  gsize length = strlen (old_name);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (CachetFolder) folder = g_list_model_get_item (G_LIST_MODEL (self->folders), i);
      const char *mailbox = cachet_folder_get_mailbox (folder);
      g_autoptr (CachetStoredMailbox) stored = NULL;

      if (strncmp (mailbox, old_name, length) != 0 ||
          (mailbox[length] != '\0' && (delimiter == '\0' || mailbox[length] != delimiter)))
        continue;
      stored = cachet_stored_mailbox_copy (cachet_folder_get_stored (folder));
      g_free (stored->name);
      stored->name = g_strconcat (new_name, mailbox + length, NULL);
      g_free (stored->display_name);
      stored->display_name = cachet_imap_utf7_decode (stored->name);
      if (stored->display_name == NULL)
        stored->display_name = g_strdup (stored->name);
      cachet_folder_take_stored (folder, stored, FALSE);
    }
}

static void
ran_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetAccount *self = g_task_get_source_object (task);
  Order *order = g_task_get_task_data (task);
  GError *error = NULL;

  if (!cachet_link_run_finish (CACHET_LINK (source), result, &error))
    {
      /* it is there already: as good as made */
      if (order->kind != ORDER_CREATE ||
          !g_error_matches (error, CACHET_NET_ERROR, CACHET_NET_ERROR_EXISTS))
        {
          g_task_return_error (task, error);
          return;
        }
      g_clear_error (&error);
    }
  if (order->kind == ORDER_RENAME && self->engine != NULL)
    {
      g_autofree char *old_name = g_strdup (cachet_folder_get_mailbox (order->folder));
      char delimiter = cachet_folder_get_stored (order->folder)->delimiter;

      rename_in_memory (self, old_name, order->mailbox, delimiter);
      cachet_mail_store_rename_mailbox_async (cachet_engine_get_mail_store (self->engine),
                                              self->settings->id, old_name, order->mailbox, NULL,
                                              renamed_in_cache_cb, g_steal_pointer (&task));
      return;
    }
  cachet_account_refresh_folders_async (self, NULL, refreshed_cb, g_steal_pointer (&task));
}

static void
start_order (CachetAccount *self, GTask *task)
{
  Order *order = g_task_get_task_data (task);
  CachetLink *link = cachet_account_route (self, order->folder);

  if (cachet_link_get_selected (self->watch.link) == order->folder && order->folder != NULL)
    link = self->watch.link;
  if (cachet_link_get_selected (self->work.link) == order->folder && order->folder != NULL)
    link = self->work.link;
  cachet_link_run_async (link, CACHET_WORKER_PRIORITY_USER, "folder order", NULL, order_job, order,
                         NULL, g_task_get_cancellable (task), ran_cb, task);
}

/* --- names --- */

static gboolean
is_good_name (const char *name, char delimiter, GError **error)
{
  if (name == NULL || *name == '\0' || strlen (name) > 200 || !g_utf8_validate (name, -1, NULL))
    {
      g_set_error_literal (error, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_NOT_ALLOWED,
                           _ ("A folder's name has 1 to 200 bytes."));
      return FALSE;
    }
  if (delimiter != '\0' && strchr (name, delimiter) != NULL)
    {
      g_set_error (
        error, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_NOT_ALLOWED,
        _ ("A folder's name can not have “%c” in it: the server separates folders by it."),
           delimiter);
      return FALSE;
    }
  for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)) || *p == '*' || *p == '%')
      {
        g_set_error_literal (
          error, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_NOT_ALLOWED,
          _ ("A folder's name can not have control characters, “*” or “%” in it."));
        return FALSE;
      }
  return TRUE;
}

static char
get_delimiter (CachetAccount *self, CachetFolder *near)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->folders));

  if (near != NULL)
    return cachet_folder_get_stored (near)->delimiter;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (CachetFolder) folder = g_list_model_get_item (G_LIST_MODEL (self->folders), i);

      if (cachet_folder_get_stored (folder)->delimiter != '\0')
        return cachet_folder_get_stored (folder)->delimiter;
    }
  return '/';
}

/* Some servers put every mailbox below INBOX: then new ones go there too. */
static gboolean
is_all_below_inbox (CachetAccount *self, char delimiter)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->folders));
  const char prefix[] = { 'I', 'N', 'B', 'O', 'X', delimiter, '\0' };

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (CachetFolder) folder = g_list_model_get_item (G_LIST_MODEL (self->folders), i);
      const char *mailbox = cachet_folder_get_mailbox (folder);

      if (strcmp (mailbox, "INBOX") != 0 &&
          g_ascii_strncasecmp (mailbox, prefix, strlen (prefix)) != 0)
        return FALSE;
    }
  return n > 1;
}

static char *
make_mailbox_name (CachetAccount *self, CachetFolder *parent, const char *name, GError **error)
{
  char delimiter = get_delimiter (self, parent);
  const char separator[] = { delimiter, '\0' };
  g_autofree char *encoded = NULL;

  if (!is_good_name (name, delimiter, error))
    return NULL;
  encoded = cachet_imap_utf7_encode (name);
  if (parent != NULL)
    return g_strconcat (cachet_folder_get_mailbox (parent), separator, encoded, NULL);
  if (is_all_below_inbox (self, delimiter))
    return g_strconcat ("INBOX", separator, encoded, NULL);
  return g_steal_pointer (&encoded);
}

/* --- public --- */

static GTask *
new_order (CachetAccount *self,
           OrderKind kind,
           CachetFolder *folder,
           GCancellable *cancellable,
           GAsyncReadyCallback callback,
           gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Order *order = g_new0 (Order, 1);

  g_task_set_source_tag (task, new_order);
  order->kind = kind;
  g_set_object (&order->folder, folder);
  g_task_set_task_data (task, order, (GDestroyNotify)order_free);
  return task;
}

void
cachet_account_create_folder_async (CachetAccount *self,
                                    CachetFolder *parent,
                                    const char *name,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;
  Order *order;

  g_return_if_fail (CACHET_IS_ACCOUNT (self));

  task = new_order (self, ORDER_CREATE, NULL, cancellable, callback, user_data);
  order = g_task_get_task_data (task);
  order->mailbox = make_mailbox_name (self, parent, name, &error);
  if (order->mailbox == NULL)
    g_task_return_error (task, error);
  else if (cachet_account_find_mailbox (self, order->mailbox) != NULL)
    g_task_return_new_error (task, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_NOT_ALLOWED,
                             _ ("There is a folder “%s” already."), name);
  else
    start_order (self, g_steal_pointer (&task));
}

void
cachet_account_rename_folder_async (CachetAccount *self,
                                    CachetFolder *folder,
                                    const char *new_name,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;
  const char *last;
  Order *order;
  char delimiter;

  g_return_if_fail (CACHET_IS_ACCOUNT (self));
  g_return_if_fail (CACHET_IS_FOLDER (folder));

  task = new_order (self, ORDER_RENAME, folder, cancellable, callback, user_data);
  order = g_task_get_task_data (task);
  delimiter = cachet_folder_get_stored (folder)->delimiter;
  if (!cachet_folder_can_rename (folder))
    {
      g_task_return_new_error (task, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_NOT_ALLOWED,
                               _ ("The inbox can not be renamed."));
      return;
    }
  if (!is_good_name (new_name, delimiter, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  last = cachet_folder_last_component (cachet_folder_get_mailbox (folder), delimiter);
  {
    g_autofree char *above =
      g_strndup (cachet_folder_get_mailbox (folder), last - cachet_folder_get_mailbox (folder));
    g_autofree char *encoded = cachet_imap_utf7_encode (new_name);

    order->mailbox = g_strconcat (above, encoded, NULL);
  }
  if (cachet_account_find_mailbox (self, order->mailbox) != NULL)
    g_task_return_new_error (task, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_NOT_ALLOWED,
                             _ ("There is a folder “%s” already."), new_name);
  else
    start_order (self, g_steal_pointer (&task));
}

void
cachet_account_delete_folder_async (CachetAccount *self,
                                    CachetFolder *folder,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Order *order;

  g_return_if_fail (CACHET_IS_ACCOUNT (self));
  g_return_if_fail (CACHET_IS_FOLDER (folder));

  task = new_order (self, ORDER_DELETE, folder, cancellable, callback, user_data);
  order = g_task_get_task_data (task);
  order->mailbox = g_strdup (cachet_folder_get_mailbox (folder));
  if (!cachet_folder_can_delete (folder))
    g_task_return_new_error (task, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_NOT_ALLOWED,
                             _ ("The folder “%s” is needed for mail itself and stays."),
                                cachet_folder_get_name (folder));
  else
    start_order (self, g_steal_pointer (&task));
}

void
cachet_account_subscribe_folder_async (CachetAccount *self,
                                       CachetFolder *folder,
                                       gboolean subscribe,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  GTask *task;
  Order *order;

  g_return_if_fail (CACHET_IS_ACCOUNT (self));
  g_return_if_fail (CACHET_IS_FOLDER (folder));

  task = new_order (self, ORDER_SUBSCRIBE, folder, cancellable, callback, user_data);
  order = g_task_get_task_data (task);
  order->mailbox = g_strdup (cachet_folder_get_mailbox (folder));
  order->subscribe = subscribe;
  start_order (self, task);
}

gboolean
cachet_account_folder_order_finish (CachetAccount *self,
                                    GAsyncResult *result,
                                    CachetFolder **folder,
                                    GError **error)
{
  Order *order;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  order = g_task_get_task_data (G_TASK (result));
  if (folder != NULL)
    *folder = order->result;
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- the folder of a role --- */

static void
role_made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CachetAccount *self = CACHET_ACCOUNT (source);
  CachetFolder *folder = NULL;
  GError *error = NULL;

  if (!cachet_account_folder_order_finish (self, result, &folder, &error))
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_object_ref (folder), g_object_unref);
}

void
cachet_account_ensure_role_async (CachetAccount *self,
                                  CachetFolderRole role,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  CachetFolder *folder = cachet_account_get_folder_by_role (self, role);
  const char *name = cachet_folder_role_get_default_name (role);

  g_task_set_source_tag (task, cachet_account_ensure_role_async);
  if (folder == NULL && name != NULL)
    folder = cachet_account_find_folder (self, name);
  if (folder != NULL)
    g_task_return_pointer (task, g_object_ref (folder), g_object_unref);
  else if (name == NULL)
    g_task_return_new_error (task, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_NOT_FOUND,
                             _ ("There is no folder for this."));
  else
    cachet_account_create_folder_async (self, NULL, name, cancellable, role_made_cb,
                                        g_steal_pointer (&task));
}

CachetFolder *
cachet_account_ensure_role_finish (CachetAccount *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
