#pragma once

#include "cachet-data-lock.h"
#include "cachet-database.h"
#include "cachet-journal.h"

G_BEGIN_DECLS

/* Internal to the files of CachetJournal. */

struct _CachetJournal
{
  GObject parent_instance;

  CachetDatabase *database;
  char *directory;
  char *outbox_directory;
  char *drafts_directory;
  CachetDataLock *replay_lock;
};

/* The suffixes of files in the two folders. */
#define CACHET_JOURNAL_OUTBOX_SUFFIX ".eml"
#define CACHET_JOURNAL_DRAFT_SUFFIX ".draft"
/* The kinds of checked files. */
#define CACHET_JOURNAL_OUTBOX_KIND "outbox"
#define CACHET_JOURNAL_DRAFT_KIND "draft"

/* cachet-journal-operations.c */

#define CACHET_JOURNAL_OPERATION_COLUMNS \
  "id, account, kind, mailbox, uidvalidity, arguments, n_attempts, last_error, created, checksum"
/* %NULL when the row is not as it was written. */
CachetJournalOperation *cachet_journal_operation_read (sqlite3_stmt *statement);
/* Inserts, with a new id if it has none (0). The id, -1 on error. */
gint64 cachet_journal_operation_insert (CachetConnection *connection,
                                        CachetJournalOperation *operation,
                                        GError **error);

/* cachet-journal-outbox.c */

#define CACHET_JOURNAL_OUTBOX_COLUMNS                                                        \
  "id, account, state, envelope_from, recipients, message_id, subject, created, not_before," \
  " n_attempts, last_error, flags, file, checksum"
/* %NULL when the row is not as it was written. @file (optional) (transfer full). */
CachetOutboxEntry *cachet_outbox_entry_read (sqlite3_stmt *statement, char **file);
gint64 cachet_outbox_entry_insert (CachetConnection *connection,
                                   CachetOutboxEntry *entry,
                                   const char *file,
                                   GError **error);
/* What the outbox file tells of a message whose row is lost; state UNKNOWN. */
CachetOutboxEntry *cachet_outbox_entry_from_facts (GVariant *facts);

/* cachet-journal-recovery.c */

/* Whether SQLite and every row's checksum find nothing wrong. */
gboolean cachet_journal_check (CachetConnection *connection);
/* Takes over what can be read of @set_aside (nullable), and outbox files without a row. Writer
 * thread. @notice (transfer full): what was done, for people; %NULL when there was nothing. */
gboolean
cachet_journal_recover (CachetJournal *self, const char *set_aside, char **notice, GError **error);

G_END_DECLS
