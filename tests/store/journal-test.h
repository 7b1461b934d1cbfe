#pragma once

#include "store-test.h"

G_BEGIN_DECLS

/* The journal's calls, waited for. @error as in the calls they make. */
gint64
journal_test_add_operation (CachetJournal *journal, const char *kind, guint32 uid, GError **error);
GPtrArray *journal_test_list_operations (CachetJournal *journal, GError **error);
/* The UID that an operation of journal_test_add_operation() was made with. */
guint32 journal_test_get_uid (const CachetJournalOperation *operation);
CachetOutboxEntry *journal_test_make_entry (const char *subject);
gint64 journal_test_add_outbox (CachetJournal *journal,
                                const char *subject,
                                const char *message,
                                GError **error);
GPtrArray *journal_test_list_outbox (CachetJournal *journal, GError **error);
GBytes *journal_test_read_outbox (CachetJournal *journal, gint64 id, GError **error);
gboolean journal_test_remove_outbox (CachetJournal *journal, gint64 id, GError **error);
gboolean journal_test_write_draft (CachetJournal *journal,
                                   const char *name,
                                   const char *text,
                                   GError **error);
GBytes *journal_test_read_draft (CachetJournal *journal, const char *name, GError **error);

G_END_DECLS
