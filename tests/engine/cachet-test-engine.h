#pragma once

#include "cachet-account.h"
#include "cachet-engine.h"
#include "cachet-folder.h"
#include "cachet-message-list.h"
#include "cachet-message-row.h"
#include "cachet-notice.h"

G_BEGIN_DECLS

/* An engine in folders of its own, on the private mail server (whose variables are in the
 * environment), and another client beside it. */
typedef struct
{
  char *user;
  char *directory;
  char *account_id;
  CachetEngine *engine;   /* (nullable) while stopped */
  CachetAccount *account; /* owned by the engine */
  GPtrArray *notices;     /* CachetNotice */
  guint n_arrived;
} CachetTestEngine;

#define CACHET_TEST_PATIENCE_SECONDS 20

/* Starts without an account, without connections. The user's mail on the server is reset first. */
CachetTestEngine *cachet_test_engine_new (const char *user);
void cachet_test_engine_free (CachetTestEngine *self);
/* Adds the account (IMAP under TLS, submission under STARTTLS) with @password (nullable: the right
 * one), and waits until it is LIVE, or (with another password) needs an answer. */
void cachet_test_engine_add_account (CachetTestEngine *self, const char *password);
void cachet_test_engine_stop (CachetTestEngine *self);
/* Starts again on the same folders, with or without connections (the password is given again). */
void cachet_test_engine_start (CachetTestEngine *self, gboolean connect);
void cachet_test_engine_go_live (CachetTestEngine *self);
/* Runs the other client and gives its output; it must succeed. (transfer full) */
char *
cachet_test_engine_other (CachetTestEngine *self, const char *verb, ...) G_GNUC_NULL_TERMINATED;
/* Folder of that path; waits for it. */
CachetFolder *cachet_test_engine_folder (CachetTestEngine *self, const char *path);
/* The row with that subject, loaded; waits for it. (transfer full) */
CachetMessageRow *cachet_test_engine_row (CachetMessageList *list, const char *subject);
/* (element-type CachetMessageRow): the rows with these subjects */
GPtrArray *
cachet_test_engine_rows (CachetMessageList *list, const char *subject, ...) G_GNUC_NULL_TERMINATED;
/* FALSE when no such notice came. */
gboolean cachet_test_engine_has_notice (CachetTestEngine *self, const char *words);
void cachet_test_engine_sync (CachetTestEngine *self);

typedef gboolean (*CachetTestCondition) (gpointer user_data);
/* Runs the main loop until @condition holds; a failed test after CACHET_TEST_PATIENCE_SECONDS. */
void cachet_test_wait_for (CachetTestCondition condition, gpointer user_data, const char *what);
/* Waits until the list has @n messages. */
void cachet_test_wait_length (CachetMessageList *list, guint n);
/* Waits until no operation waits for the server. */
void cachet_test_wait_replayed (CachetTestEngine *self);
/* Runs the main loop so long. */
void cachet_test_pause (guint milliseconds);

/* A GAsyncReadyCallback: @user_data is a GAsyncResult ** that takes a reference. */
void cachet_test_take_result_cb (GObject *source, GAsyncResult *result, gpointer user_data);
/* Waits for it. (transfer full) */
GAsyncResult *cachet_test_wait_result (GAsyncResult **result);

G_END_DECLS
