#define G_LOG_DOMAIN "cachet-store"

#include "config.h"

#include "cachet-connection.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <string.h>

/* A cancelled query is noticed after about this many virtual machine steps (well below 1 ms). */
#define PROGRESS_STEPS 4000

struct _CachetConnection
{
  sqlite3 *handle;
  char *path;
  GHashTable *statements; /* SQL literal (by address) -> sqlite3_stmt */
  GCancellable *cancellable;
  gboolean met_damage;
};

static gboolean
says_full (int system_errno)
{
  return system_errno == ENOSPC || system_errno == EDQUOT || system_errno == EFBIG;
}

/* SQLite itself takes only ENOSPC for a full disk; a quota or a limit on files is told as an I/O
 * error, and what the system said is kept with the file that it said it of. */
static gboolean
has_no_space (sqlite3 *handle)
{
  static const int pointers[] = { SQLITE_FCNTL_FILE_POINTER, SQLITE_FCNTL_JOURNAL_POINTER };

  if (handle == NULL)
    return FALSE;
  if (says_full (sqlite3_system_errno (handle)))
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (pointers); i++)
    {
      sqlite3_file *file = NULL;
      int last_errno = 0;

      if (sqlite3_file_control (handle, "main", pointers[i], &file) == SQLITE_OK && file != NULL &&
          file->pMethods != NULL &&
          file->pMethods->xFileControl (file, SQLITE_FCNTL_LAST_ERRNO, &last_errno) == SQLITE_OK &&
          says_full (last_errno))
        return TRUE;
    }
  return FALSE;
}

static CachetStoreError
classify_error (int code, sqlite3 *handle)
{
  switch (code & 0xff)
    {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
      return CACHET_STORE_ERROR_DAMAGED;
    case SQLITE_FULL:
      return CACHET_STORE_ERROR_FULL;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return CACHET_STORE_ERROR_LOCKED;
    case SQLITE_IOERR:
      return has_no_space (handle) ? CACHET_STORE_ERROR_FULL : CACHET_STORE_ERROR_IO;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_NOLFS:
    case SQLITE_AUTH:
      return CACHET_STORE_ERROR_IO;
    default:
      return CACHET_STORE_ERROR_INTERNAL;
    }
}

static void
set_error_from_handle (sqlite3 *handle, const char *path, int code, GError **error)
{
  CachetStoreError kind = classify_error (code, handle);
  /* A failure that was found here and not by SQLite has no message of its own. */
  const char *detail = handle != NULL && (sqlite3_errcode (handle) & 0xff) != SQLITE_OK
                         ? sqlite3_errmsg (handle)
                         : sqlite3_errstr (code);

  if ((code & 0xff) == SQLITE_INTERRUPT)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("The work was cancelled."));
      return;
    }

  switch (kind)
    {
    case CACHET_STORE_ERROR_DAMAGED:
      g_set_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_DAMAGED,
                   _ ("The file “%s” is damaged (%s)."), path, detail);
      break;
    case CACHET_STORE_ERROR_FULL:
      g_set_error (
        error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_FULL,
        _ ("There is no space left on the disk for “%s” (%s). Free some space and try again."),
           path, detail);
      break;
    case CACHET_STORE_ERROR_LOCKED:
      g_set_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_LOCKED,
                   _ ("The file “%s” is in use by another Cachet (%s). Try again when it has "
                      "finished."),
                      path, detail);
      break;
    case CACHET_STORE_ERROR_IO:
      g_set_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_IO,
                   _ ("The file “%s” cannot be read or written (%s). Check the disk and its "
                      "permissions."),
                      path, detail);
      break;
    case CACHET_STORE_ERROR_NEWER:
    case CACHET_STORE_ERROR_NOT_FOUND:
    case CACHET_STORE_ERROR_INTERNAL:
    default:
      g_set_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_INTERNAL,
                   _ ("The database “%s” did not do what was asked (%s)."), path, detail);
      break;
    }
}

void
cachet_connection_set_error (CachetConnection *self, int code, GError **error)
{
  if (classify_error (code, NULL) == CACHET_STORE_ERROR_DAMAGED)
    self->met_damage = TRUE;
  set_error_from_handle (self->handle, self->path, code, error);
}

gboolean
cachet_connection_has_met_damage (CachetConnection *self)
{
  return self->met_damage;
}

static int
progress_cb (void *user_data)
{
  CachetConnection *self = user_data;

  return self->cancellable != NULL && g_cancellable_is_cancelled (self->cancellable);
}

static void
finalize_statement_cb (gpointer data)
{
  sqlite3_finalize (data);
}

static gboolean
apply_settings (CachetConnection *self, CachetConnectionMode mode, GError **error)
{
  sqlite3_extended_result_codes (self->handle, 1);
  sqlite3_busy_timeout (self->handle, CACHET_CONNECTION_BUSY_MS);
  sqlite3_progress_handler (self->handle, PROGRESS_STEPS, progress_cb, self);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);

  if (!cachet_connection_exec (self,
                               "PRAGMA trusted_schema = OFF;"
                               "PRAGMA cell_size_check = ON;"
                               "PRAGMA temp_store = MEMORY;",
                               error))
    return FALSE;

  switch (mode)
    {
    case CACHET_CONNECTION_READER:
      return cachet_connection_exec (self, "PRAGMA cache_size = -4000;", error);
    case CACHET_CONNECTION_DURABLE:
      /* Each transaction goes into the file itself at once: SQLite passes over a damaged log in
       * silence, but the file is checked when it is opened. */
      return cachet_connection_exec (self,
                                     "PRAGMA journal_mode = WAL;"
                                     "PRAGMA synchronous = FULL;"
                                     "PRAGMA wal_autocheckpoint = 1;"
                                     "PRAGMA cache_size = -1000;",
                                     error);
    case CACHET_CONNECTION_CACHE:
    default:
      return cachet_connection_exec (self,
                                     "PRAGMA journal_mode = WAL;"
                                     "PRAGMA synchronous = NORMAL;"
                                     "PRAGMA secure_delete = FAST;"
                                     "PRAGMA wal_autocheckpoint = 4000;"
                                     "PRAGMA journal_size_limit = 16777216;"
                                     "PRAGMA cache_size = -8000;",
                                     error);
    }
}

/* SQLite counts its memory under one lock for all threads, for figures that nobody asks for. Too
 * late, and no harm, when another library has begun to use SQLite in this process. */
static void
configure_library (void)
{
  static gsize configured;

  if (g_once_init_enter (&configured))
    {
      sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
      g_once_init_leave (&configured, 1);
    }
}

CachetConnection *
cachet_connection_open (const char *path, CachetConnectionMode mode, GError **error)
{
  g_autoptr (CachetConnection) self = g_new0 (CachetConnection, 1);
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
  int code;

  flags |= mode == CACHET_CONNECTION_READER ? SQLITE_OPEN_READONLY
                                            : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  configure_library ();
  self->path = g_strdup (path);
  self->statements = g_hash_table_new_full (NULL, NULL, NULL, finalize_statement_cb);
  code = sqlite3_open_v2 (path, &self->handle, flags, NULL);
  if (code != SQLITE_OK)
    {
      set_error_from_handle (self->handle, path, code, error);
      return NULL;
    }
  if (!apply_settings (self, mode, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
cachet_connection_close (CachetConnection *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->statements, g_hash_table_unref);
  sqlite3_close_v2 (self->handle);
  g_clear_object (&self->cancellable);
  g_free (self->path);
  g_free (self);
}

sqlite3 *
cachet_connection_get_handle (CachetConnection *self)
{
  return self->handle;
}

gboolean
cachet_connection_exec (CachetConnection *self, const char *sql, GError **error)
{
  int code = sqlite3_exec (self->handle, sql, NULL, NULL, NULL);

  if (code == SQLITE_OK)
    return TRUE;
  cachet_connection_set_error (self, code, error);
  return FALSE;
}

sqlite3_stmt *
cachet_connection_prepare (CachetConnection *self, const char *sql, GError **error)
{
  sqlite3_stmt *statement = g_hash_table_lookup (self->statements, sql);
  int code;

  if (statement != NULL)
    {
      sqlite3_reset (statement);
      return statement;
    }

  code = sqlite3_prepare_v3 (self->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
  if (code != SQLITE_OK)
    {
      /* Every statement is a literal that fits the schema: if it does not, the schema was changed
       * by something else than a migration. */
      cachet_connection_set_error (self, (code & 0xff) == SQLITE_ERROR ? SQLITE_CORRUPT : code,
                                   error);
      return NULL;
    }
  g_hash_table_insert (self->statements, (gpointer)sql, statement);
  return statement;
}

CachetStep
cachet_connection_step (CachetConnection *self, sqlite3_stmt *statement, GError **error)
{
  int code = sqlite3_step (statement);

  if (code == SQLITE_ROW)
    return CACHET_STEP_ROW;
  if (code == SQLITE_DONE)
    {
      sqlite3_reset (statement);
      return CACHET_STEP_DONE;
    }
  cachet_connection_set_error (self, code, error);
  sqlite3_reset (statement);
  return CACHET_STEP_ERROR;
}

gboolean
cachet_connection_run (CachetConnection *self, sqlite3_stmt *statement, GError **error)
{
  CachetStep step;

  do
    step = cachet_connection_step (self, statement, error);
  while (step == CACHET_STEP_ROW);
  return step == CACHET_STEP_DONE;
}

gboolean
cachet_connection_get_int64 (
  CachetConnection *self, const char *sql, gint64 fallback, gint64 *value, GError **error)
{
  sqlite3_stmt *statement = cachet_connection_prepare (self, sql, error);
  CachetStep step;

  *value = fallback;
  if (statement == NULL)
    return FALSE;
  step = cachet_connection_step (self, statement, error);
  if (step == CACHET_STEP_ERROR)
    return FALSE;
  if (step == CACHET_STEP_ROW)
    {
      *value = sqlite3_column_int64 (statement, 0);
      sqlite3_reset (statement);
    }
  return TRUE;
}

gboolean
cachet_connection_begin (CachetConnection *self, GError **error)
{
  return cachet_connection_exec (self, "BEGIN IMMEDIATE", error);
}

gboolean
cachet_connection_commit (CachetConnection *self, GError **error)
{
  if (cachet_connection_exec (self, "COMMIT", error))
    return TRUE;
  cachet_connection_roll_back (self);
  return FALSE;
}

void
cachet_connection_roll_back (CachetConnection *self)
{
  /* SQLite has rolled back by itself after some errors; then there is nothing left to do. */
  if (!sqlite3_get_autocommit (self->handle))
    sqlite3_exec (self->handle, "ROLLBACK", NULL, NULL, NULL);
}

void
cachet_connection_set_cancellable (CachetConnection *self, GCancellable *cancellable)
{
  g_set_object (&self->cancellable, cancellable);
}

void
cachet_statement_bind_text_or_null (sqlite3_stmt *statement, int index, const char *text)
{
  size_t length;

  if (text == NULL)
    {
      sqlite3_bind_null (statement, index);
      return;
    }
  length = strlen (text);
  if (g_utf8_validate (text, (gssize)length, NULL))
    sqlite3_bind_text64 (statement, index, text, length, SQLITE_STATIC, SQLITE_UTF8);
  else
    {
      char *valid = g_utf8_make_valid (text, (gssize)length);

      sqlite3_bind_text64 (statement, index, valid, strlen (valid), g_free, SQLITE_UTF8);
    }
}

void
cachet_statement_bind_text (sqlite3_stmt *statement, int index, const char *text)
{
  cachet_statement_bind_text_or_null (statement, index, text != NULL ? text : "");
}

char *
cachet_statement_dup_text_or_null (sqlite3_stmt *statement, int column)
{
  const char *text = (const char *)sqlite3_column_text (statement, column);
  int length = sqlite3_column_bytes (statement, column);

  if (text == NULL)
    return NULL;
  /* A NUL inside (only a damaged file has one) ends the text here. */
  if (g_utf8_validate (text, length, NULL))
    return g_strndup (text, (gsize)length);
  return g_utf8_make_valid (text, (gssize)strnlen (text, (size_t)length));
}

char *
cachet_statement_dup_text (sqlite3_stmt *statement, int column)
{
  char *text = cachet_statement_dup_text_or_null (statement, column);

  return text != NULL ? text : g_strdup ("");
}
