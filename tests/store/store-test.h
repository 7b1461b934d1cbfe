#pragma once

#include <gio/gio.h>

#include "cachet-journal.h"
#include "cachet-mail-store.h"
#include "cachet-worker.h"

G_BEGIN_DECLS

/* What the tests of store/ share: waiting for an answer, folders that go again, made-up rows. */

/* The answer to one asynchronous call: pass store_test_answer_cb and the address of a NULL pointer,
 * then wait. */
void store_test_answer_cb (GObject *source, GAsyncResult *result, gpointer user_data);
/* Runs the main context until *@answer is there; a minute without one is a failed test.
 * (transfer none), freed by the next wait on the same pointer or g_object_unref(). */
GAsyncResult *store_test_wait (GAsyncResult **answer);

/* For main(), before the first test. */
void store_test_init (int *argc, char ***argv);
/* From here on a warning of store/ is no failure; says how many there were since the last call.
 * Needed where a file is damaged on purpose. */
guint store_test_allow_warnings (gboolean allow);

/* An empty folder below the temporary one; (transfer full) */
char *store_test_make_folder (void);
void store_test_remove_folder (const char *path);
/* Names in @path (sorted), for "nothing was left"; %NULL when it is not there. */
char **store_test_list_folder (const char *path);

CachetMailStore *store_test_open_mail (const char *folder);
/* Closes it and checks that nobody else has it. */
void store_test_close_mail (CachetMailStore *store);
CachetJournal *store_test_open_journal (const char *folder, char **notice);

/* One mailbox of account "a", stored; its id. */
gint64 store_test_add_mailbox (CachetMailStore *store, const char *name);
/* A row with made-up but plausible texts that depend on @uid alone. */
CachetStoredRow *store_test_make_row (guint32 uid);
/* Inserts and checks that it went well; (transfer full) the entries */
GArray *store_test_insert (CachetMailStore *store, gint64 mailbox, GPtrArray *rows);
GPtrArray *store_test_new_rows (void);
GArray *store_test_list (CachetMailStore *store,
                         gint64 mailbox,
                         CachetSortKey key,
                         gboolean descending,
                         const char *filter);
GPtrArray *store_test_load (CachetMailStore *store, gint64 id);

/* The UIDs of @entries as "3 1 2". */
char *store_test_uids (GArray *entries);

G_END_DECLS
