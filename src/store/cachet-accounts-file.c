#define G_LOG_DOMAIN "cachet-store"

#include "config.h"

#include "cachet-accounts-file.h"

#include "cachet-data-lock.h"
#include "cachet-durable-file.h"
#include "cachet-store-error.h"

#include <glib/gi18n.h>
#include <string.h>

/* Another Cachet holds the lock only while it writes a small file. */
#define LOCK_WAIT_MS 2000

struct _CachetAccountsFile
{
  GObject parent_instance;

  char *directory;
  char *accounts_path;
  char *exceptions_path;
  char *lock_path;
  GPtrArray *accounts;
  GPtrArray *exceptions;
};

G_DEFINE_FINAL_TYPE (CachetAccountsFile, cachet_accounts_file, G_TYPE_OBJECT)

static void
cachet_accounts_file_finalize (GObject *object)
{
  CachetAccountsFile *self = CACHET_ACCOUNTS_FILE (object);

  g_free (self->directory);
  g_free (self->accounts_path);
  g_free (self->exceptions_path);
  g_free (self->lock_path);
  g_ptr_array_unref (self->accounts);
  g_ptr_array_unref (self->exceptions);

  G_OBJECT_CLASS (cachet_accounts_file_parent_class)->finalize (object);
}

static void
cachet_accounts_file_class_init (CachetAccountsFileClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cachet_accounts_file_finalize;
}

static void
cachet_accounts_file_init (CachetAccountsFile *self)
{
  self->accounts = g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_account_settings_free);
  self->exceptions = g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_tls_exception_free);
}

CachetAccountsFile *
cachet_accounts_file_new (const char *config_dir)
{
  CachetAccountsFile *self;

  g_return_val_if_fail (config_dir != NULL, NULL);

  self = g_object_new (CACHET_TYPE_ACCOUNTS_FILE, NULL);
  self->directory = g_strdup (config_dir);
  self->accounts_path = g_build_filename (config_dir, "accounts.ini", NULL);
  self->exceptions_path = g_build_filename (config_dir, "exceptions.ini", NULL);
  self->lock_path = g_build_filename (config_dir, "accounts.lock", NULL);
  return self;
}

/* A file that is not there is empty; one that cannot be read or understood is an error. */
static GKeyFile *
read_key_file (const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) local_error = NULL;
  g_autofree char *data = NULL;
  gsize length;

  if (!g_file_get_contents (path, &data, &length, &local_error))
    {
      if (g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return g_steal_pointer (&file);
      g_set_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_IO,
                   _ ("The file “%s” could not be read: %s"), path, local_error->message);
      return NULL;
    }
  if (length > 0 &&
      !g_key_file_load_from_data (
        file, data, length, G_KEY_FILE_KEEP_COMMENTS | G_KEY_FILE_KEEP_TRANSLATIONS, &local_error))
    {
      g_set_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_DAMAGED,
                   _ ("The file “%s” is not in order: %s. Correct it, or move it away."), path,
                      local_error->message);
      return NULL;
    }
  return g_steal_pointer (&file);
}

static char *
get_text (GKeyFile *file, const char *group, const char *key)
{
  return g_key_file_get_string (file, group, key, NULL);
}

/* %NULL and @error when host, port or security cannot be used. */
static CachetEndpoint *
read_endpoint (GKeyFile *file, const char *group, const char *protocol, GError **error)
{
  g_autofree char *host_key = g_strconcat (protocol, "-host", NULL);
  g_autofree char *port_key = g_strconcat (protocol, "-port", NULL);
  g_autofree char *security_key = g_strconcat (protocol, "-security", NULL);
  g_autofree char *ca_key = g_strconcat (protocol, "-ca-file", NULL);
  g_autofree char *host = g_key_file_get_string (file, group, host_key, error);
  g_autofree char *security_text = NULL;
  CachetEndpoint *endpoint;
  CachetSecurity security;
  int port;

  if (host == NULL)
    return NULL;
  port = g_key_file_get_integer (file, group, port_key, error);
  if (port == 0)
    {
      if (error != NULL && *error == NULL)
        g_set_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_DAMAGED,
                     _ ("“%s” is 0"), port_key);
      return NULL;
    }
  security_text = g_key_file_get_string (file, group, security_key, error);
  if (security_text == NULL)
    return NULL;
  /* Never a default here: what is misspelt must not become a clear connection. */
  if (*host == '\0' || port < 0 || port > G_MAXUINT16 ||
      !cachet_security_from_string (security_text, &security))
    {
      g_set_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_DAMAGED,
                   _ ("“%s”, “%s” or “%s” cannot be used"), host_key, port_key, security_key);
      return NULL;
    }
  endpoint = cachet_endpoint_new (host, (guint16)port, security);
  endpoint->ca_file = get_text (file, group, ca_key);
  return endpoint;
}

static void
take_text (char **target, char *text)
{
  if (text == NULL)
    return;
  g_free (*target);
  *target = text;
}

static CachetAccountSettings *
read_account (GKeyFile *file, const char *group, GError **error)
{
  g_autoptr (CachetAccountSettings) settings = cachet_account_settings_new ();
  g_autofree char *mode = NULL;

  settings->imap = read_endpoint (file, group, "imap", error);
  if (settings->imap == NULL)
    return NULL;
  settings->smtp = read_endpoint (file, group, "smtp", error);
  if (settings->smtp == NULL)
    return NULL;
  take_text (&settings->id, g_strdup (group));
  take_text (&settings->label, get_text (file, group, "label"));
  take_text (&settings->full_name, get_text (file, group, "full-name"));
  take_text (&settings->address, get_text (file, group, "address"));
  take_text (&settings->imap_user, get_text (file, group, "imap-user"));
  take_text (&settings->smtp_user, get_text (file, group, "smtp-user"));
  take_text (&settings->auth, get_text (file, group, "auth"));
  take_text (&settings->signature, get_text (file, group, "signature"));
  /* Absent or unreadable is "no": consent is only ever written out. */
  settings->allow_clear_password =
    g_key_file_get_boolean (file, group, "allow-clear-password", NULL);
  mode = get_text (file, group, "delete-mode");
  settings->delete_mode =
    g_strcmp0 (mode, "mark") == 0 ? CACHET_DELETE_MODE_MARK : CACHET_DELETE_MODE_TRASH;
  if (!cachet_account_settings_validate (settings, error))
    return NULL;
  return g_steal_pointer (&settings);
}

static void
add_warning (GPtrArray *warnings, const char *path, const char *group, const GError *error)
{
  if (warnings != NULL)
    g_ptr_array_add (warnings, g_strdup_printf (_ ("“%s” in the file “%s” was skipped: %s."), group,
                                                   path, error->message));
}

static void
read_accounts (CachetAccountsFile *self, GKeyFile *file, GPtrArray *warnings)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);

  g_ptr_array_set_size (self->accounts, 0);
  for (guint i = 0; groups[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;
      CachetAccountSettings *settings = read_account (file, groups[i], &error);

      if (settings != NULL)
        g_ptr_array_add (self->accounts, settings);
      else
        add_warning (warnings, self->accounts_path, groups[i], error);
    }
}

static CachetTlsException *
read_exception (GKeyFile *file, const char *group, GError **error)
{
  g_autofree char *host = g_key_file_get_string (file, group, "host", error);
  g_autofree char *sha256 = NULL;
  g_autoptr (GError) local_error = NULL;
  guint64 port;
  guint64 problems;

  if (host == NULL)
    return NULL;
  sha256 = g_key_file_get_string (file, group, "sha256", error);
  if (sha256 == NULL)
    return NULL;
  port = g_key_file_get_uint64 (file, group, "port", &local_error);
  problems =
    local_error == NULL ? g_key_file_get_uint64 (file, group, "problems", &local_error) : 0;
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  if (*host == '\0' || port == 0 || port > G_MAXUINT16 || problems > G_MAXINT ||
      strlen (sha256) != 64 || strspn (sha256, "0123456789abcdef") != 64)
    {
      g_set_error_literal (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_DAMAGED,
                           _ ("one of its values cannot be used"));
      return NULL;
    }
  return cachet_tls_exception_new (host, (guint16)port, sha256, (CachetTlsProblems)problems);
}

static void
read_exceptions (CachetAccountsFile *self, GKeyFile *file, GPtrArray *warnings)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);

  g_ptr_array_set_size (self->exceptions, 0);
  for (guint i = 0; groups[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;
      CachetTlsException *exception = read_exception (file, groups[i], &error);

      if (exception != NULL)
        g_ptr_array_add (self->exceptions, exception);
      else
        add_warning (warnings, self->exceptions_path, groups[i], error);
    }
}

gboolean
cachet_accounts_file_load (CachetAccountsFile *self, char ***warnings, GError **error)
{
  g_autoptr (GKeyFile) accounts = NULL;
  g_autoptr (GKeyFile) exceptions = NULL;
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_free);

  g_return_val_if_fail (CACHET_IS_ACCOUNTS_FILE (self), FALSE);

  if (warnings != NULL)
    *warnings = NULL;
  accounts = read_key_file (self->accounts_path, error);
  if (accounts == NULL)
    return FALSE;
  exceptions = read_key_file (self->exceptions_path, error);
  if (exceptions == NULL)
    return FALSE;
  read_accounts (self, accounts, list);
  read_exceptions (self, exceptions, list);
  if (warnings != NULL && list->len > 0)
    {
      g_ptr_array_add (list, NULL);
      *warnings = (char **)g_ptr_array_free (g_steal_pointer (&list), FALSE);
    }
  return TRUE;
}

GPtrArray *
cachet_accounts_file_get_accounts (CachetAccountsFile *self)
{
  g_return_val_if_fail (CACHET_IS_ACCOUNTS_FILE (self), NULL);

  return self->accounts;
}

GPtrArray *
cachet_accounts_file_get_exceptions (CachetAccountsFile *self)
{
  g_return_val_if_fail (CACHET_IS_ACCOUNTS_FILE (self), NULL);

  return self->exceptions;
}

static gboolean
write_key_file (const char *path, GKeyFile *file, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  gsize length;
  char *data = g_key_file_to_data (file, &length, NULL);

  bytes = g_bytes_new_take (data, length);
  if (cachet_durable_file_write (path, bytes, 0600, &local_error))
    return TRUE;
  cachet_store_error_propagate (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* The file as it now is on the disk, which another Cachet may have written since; locked, so that
 * none does until the new one is in its place. */
static GKeyFile *
begin_change (CachetAccountsFile *self, const char *path, CachetDataLock **lock, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (!cachet_private_directory_make (self->directory, &local_error))
    {
      cachet_store_error_propagate (error, g_steal_pointer (&local_error));
      return NULL;
    }
  *lock = cachet_data_lock_new_exclusive (self->lock_path, LOCK_WAIT_MS, error);
  return *lock != NULL ? read_key_file (path, error) : NULL;
}

static void
set_or_remove (GKeyFile *file, const char *group, const char *key, const char *text)
{
  if (text != NULL)
    g_key_file_set_string (file, group, key, text);
  else
    g_key_file_remove_key (file, group, key, NULL);
}

static void
write_endpoint (GKeyFile *file,
                const char *group,
                const char *protocol,
                const CachetEndpoint *endpoint)
{
  g_autofree char *host_key = g_strconcat (protocol, "-host", NULL);
  g_autofree char *port_key = g_strconcat (protocol, "-port", NULL);
  g_autofree char *security_key = g_strconcat (protocol, "-security", NULL);
  g_autofree char *ca_key = g_strconcat (protocol, "-ca-file", NULL);

  g_key_file_set_string (file, group, host_key, endpoint->host);
  g_key_file_set_integer (file, group, port_key, endpoint->port);
  g_key_file_set_string (file, group, security_key, cachet_security_to_string (endpoint->security));
  set_or_remove (file, group, ca_key, endpoint->ca_file);
}

/* A group's name must be one: ids are UUIDs, but the file may have been written by hand. */
static gboolean
check_id (const char *id, GError **error)
{
  if (*id != '\0' && strpbrk (id, "[]\r\n") == NULL && g_utf8_validate (id, -1, NULL))
    return TRUE;
  g_set_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_INTERNAL,
               _ ("“%s” cannot be the identifier of an account."), id);
  return FALSE;
}

gboolean
cachet_accounts_file_put (CachetAccountsFile *self,
                          const CachetAccountSettings *settings,
                          GError **error)
{
  g_autoptr (CachetDataLock) lock = NULL;
  g_autoptr (GKeyFile) file = NULL;
  const char *group;

  g_return_val_if_fail (CACHET_IS_ACCOUNTS_FILE (self), FALSE);
  g_return_val_if_fail (settings != NULL && settings->id != NULL, FALSE);

  group = settings->id;
  if (!check_id (group, error) || !cachet_account_settings_validate (settings, error))
    return FALSE;
  file = begin_change (self, self->accounts_path, &lock, error);
  if (file == NULL)
    return FALSE;
  set_or_remove (file, group, "label", settings->label);
  set_or_remove (file, group, "full-name", settings->full_name);
  set_or_remove (file, group, "address", settings->address);
  write_endpoint (file, group, "imap", settings->imap);
  set_or_remove (file, group, "imap-user", settings->imap_user);
  write_endpoint (file, group, "smtp", settings->smtp);
  set_or_remove (file, group, "smtp-user", settings->smtp_user);
  set_or_remove (file, group, "auth", settings->auth);
  g_key_file_set_boolean (file, group, "allow-clear-password", settings->allow_clear_password);
  set_or_remove (file, group, "signature", settings->signature);
  g_key_file_set_string (file, group, "delete-mode",
                         settings->delete_mode == CACHET_DELETE_MODE_MARK ? "mark" : "trash");
  if (!write_key_file (self->accounts_path, file, error))
    return FALSE;
  read_accounts (self, file, NULL);
  return TRUE;
}

gboolean
cachet_accounts_file_remove (CachetAccountsFile *self, const char *id, GError **error)
{
  g_autoptr (CachetDataLock) lock = NULL;
  g_autoptr (GKeyFile) file = NULL;

  g_return_val_if_fail (CACHET_IS_ACCOUNTS_FILE (self), FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  file = begin_change (self, self->accounts_path, &lock, error);
  if (file == NULL)
    return FALSE;
  if (!g_key_file_remove_group (file, id, NULL))
    {
      g_set_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_NOT_FOUND,
                   _ ("There is no account “%s”."), id);
      return FALSE;
    }
  if (!write_key_file (self->accounts_path, file, error))
    return FALSE;
  read_accounts (self, file, NULL);
  return TRUE;
}

static char *
make_exception_group (const char *host, guint16 port)
{
  g_autofree char *lower = g_ascii_strdown (host, -1);

  return g_strdup_printf ("%s port %u", g_strdelimit (lower, "[]\r\n", '_'), port);
}

gboolean
cachet_accounts_file_put_exception (CachetAccountsFile *self,
                                    const CachetTlsException *exception,
                                    GError **error)
{
  g_autoptr (CachetDataLock) lock = NULL;
  g_autoptr (GKeyFile) file = NULL;
  g_autofree char *group = NULL;

  g_return_val_if_fail (CACHET_IS_ACCOUNTS_FILE (self), FALSE);
  g_return_val_if_fail (exception != NULL, FALSE);

  file = begin_change (self, self->exceptions_path, &lock, error);
  if (file == NULL)
    return FALSE;
  group = make_exception_group (exception->host, exception->port);
  g_key_file_set_string (file, group, "host", exception->host);
  g_key_file_set_uint64 (file, group, "port", exception->port);
  g_key_file_set_string (file, group, "sha256", exception->sha256);
  g_key_file_set_uint64 (file, group, "problems", exception->problems);
  if (!write_key_file (self->exceptions_path, file, error))
    return FALSE;
  read_exceptions (self, file, NULL);
  return TRUE;
}

gboolean
cachet_accounts_file_remove_exception (CachetAccountsFile *self,
                                       const char *host,
                                       guint16 port,
                                       GError **error)
{
  g_autoptr (CachetDataLock) lock = NULL;
  g_autoptr (GKeyFile) file = NULL;
  g_autofree char *group = NULL;

  g_return_val_if_fail (CACHET_IS_ACCOUNTS_FILE (self), FALSE);
  g_return_val_if_fail (host != NULL, FALSE);

  file = begin_change (self, self->exceptions_path, &lock, error);
  if (file == NULL)
    return FALSE;
  group = make_exception_group (host, port);
  if (!g_key_file_remove_group (file, group, NULL))
    {
      g_set_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_NOT_FOUND,
                   _ ("There is no exception for “%s”, port %u."), host, port);
      return FALSE;
    }
  if (!write_key_file (self->exceptions_path, file, error))
    return FALSE;
  read_exceptions (self, file, NULL);
  return TRUE;
}
