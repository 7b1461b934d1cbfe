#pragma once

#include <sqlite3.h>

#include "cachet-store-types.h"

G_BEGIN_DECLS

/* Internal to store/. One SQLite connection with its statement cache. Used by one thread at a time.
 */
typedef struct _CachetConnection CachetConnection;

/**
 * CachetConnectionMode:
 * @CACHET_CONNECTION_CACHE: read and write, synchronous=NORMAL
 * @CACHET_CONNECTION_DURABLE: read and write, synchronous=FULL
 * @CACHET_CONNECTION_READER: read only
 */
typedef enum {
  CACHET_CONNECTION_CACHE,
  CACHET_CONNECTION_DURABLE,
  CACHET_CONNECTION_READER,
} CachetConnectionMode;

typedef enum {
  CACHET_STEP_ERROR,
  CACHET_STEP_ROW,
  CACHET_STEP_DONE,
} CachetStep;

/* How long a statement waits for another process before it fails with
 * CACHET_STORE_ERROR_LOCKED. */
#define CACHET_CONNECTION_BUSY_MS 10000

CachetConnection *
cachet_connection_open (const char *path, CachetConnectionMode mode, GError **error);
void cachet_connection_close (CachetConnection *self);
/* Owned by @self. */
sqlite3 *cachet_connection_get_handle (CachetConnection *self);
/* Runs one or more statements without results. */
gboolean cachet_connection_exec (CachetConnection *self, const char *sql, GError **error);
/* A statement ready to be bound; prepared once per @sql, which must be a literal. Owned by @self.
 */
sqlite3_stmt *cachet_connection_prepare (CachetConnection *self, const char *sql, GError **error);
CachetStep cachet_connection_step (CachetConnection *self, sqlite3_stmt *statement, GError **error);
/* Steps a statement without results to its end and resets it. */
gboolean cachet_connection_run (CachetConnection *self, sqlite3_stmt *statement, GError **error);
/* First column of the first row, or @fallback when there is none. */
gboolean cachet_connection_get_int64 (
  CachetConnection *self, const char *sql, gint64 fallback, gint64 *value, GError **error);
gboolean cachet_connection_begin (CachetConnection *self, GError **error);
/* Commits; rolls back when that fails. */
gboolean cachet_connection_commit (CachetConnection *self, GError **error);
void cachet_connection_roll_back (CachetConnection *self);
/* While set, long statements end with G_IO_ERROR_CANCELLED once it is cancelled. %NULL: none. */
void cachet_connection_set_cancellable (CachetConnection *self, GCancellable *cancellable);
/* Sets @error from the connection's last failure (@code as SQLite returned it). */
void cachet_connection_set_error (CachetConnection *self, int code, GError **error);
/* Whether any statement so far met a damaged page or row. */
gboolean cachet_connection_has_met_damage (CachetConnection *self);

/* Binds @text; what is not UTF-8 in it is made so, %NULL binds "". The text must live until the
 * statement has run. */
void cachet_statement_bind_text (sqlite3_stmt *statement, int index, const char *text);
/* The same with NULL for %NULL. */
void cachet_statement_bind_text_or_null (sqlite3_stmt *statement, int index, const char *text);
/* A copy of the column, valid UTF-8 whatever lies on the disk; "" for NULL. */
char *cachet_statement_dup_text (sqlite3_stmt *statement, int column);
/* The same with %NULL for NULL. */
char *cachet_statement_dup_text_or_null (sqlite3_stmt *statement, int column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetConnection, cachet_connection_close)

G_END_DECLS
