#pragma once

#include "cachet-store-types.h"

G_BEGIN_DECLS

/**
 * CachetJournal:
 *
 * journal.db and the outbox folder: pending operations and messages to be sent. Not to be fetched
 * again, so it never shares a file with the cache; synchronous=FULL. Own writer thread.
 */
#define CACHET_TYPE_JOURNAL (cachet_journal_get_type ())
G_DECLARE_FINAL_TYPE (CachetJournal, cachet_journal, CACHET, JOURNAL, GObject)

/**
 * CachetJournalOperation:
 * @id: increasing; order of replay
 * @kind: "store", "move", "copy", "expunge", "append", "create", "delete", "rename", "subscribe"
 * @mailbox: server's name of the mailbox it acts on
 * @uidvalidity: of @mailbox when it was made, 0 if it does not matter
 * @arguments: a GVariant of type a{sv} that the engine defines for each kind
 * @n_attempts, @last_error: (nullable)
 */
typedef struct
{
  gint64 id;
  char *account_id;
  char *kind;
  char *mailbox;
  guint32 uidvalidity;
  GVariant *arguments;
  guint n_attempts;
  char *last_error;
  gint64 created;
} CachetJournalOperation;
CachetJournalOperation *cachet_journal_operation_copy (const CachetJournalOperation *self);
void cachet_journal_operation_free (CachetJournalOperation *self);

/**
 * CachetOutboxEntry:
 * @message: the bytes, from the outbox file; NULL in lists (use
 * cachet_journal_read_outbox_message())
 */
typedef struct
{
  gint64 id;
  char *account_id;
  CachetOutboxState state;
  char *envelope_from;
  char **recipients;
  char *message_id;
  char *subject;
  gint64 created;
  gint64 not_before; /* Unix seconds: not to be sent earlier; 0 */
  guint n_attempts;
  char *last_error;
  guint flags; /* CachetSmtpSendFlags */
} CachetOutboxEntry;
CachetOutboxEntry *cachet_outbox_entry_copy (const CachetOutboxEntry *self);
void cachet_outbox_entry_free (CachetOutboxEntry *self);

/* Opens or makes @directory/journal.db, @directory/outbox/ and @directory/drafts/. A damaged
 * journal is set aside, its readable rows and every outbox file with a right checksum are
 * recovered: a message whose state is lost becomes UNKNOWN. @notice (nullable) (transfer full) says
 * what happened, in whole sentences. */
void cachet_journal_open_async (const char *directory,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
CachetJournal *cachet_journal_open_finish (GAsyncResult *result, char **notice, GError **error);
void cachet_journal_close (CachetJournal *self);
/* Any number of processes may add to a journal; only the one that gets this lock may replay
 * operations and send messages. Held until unlock, close, or the end of the process, however that
 * comes. Does not wait: CACHET_STORE_ERROR_LOCKED when another process has it. Main thread. */
gboolean cachet_journal_try_lock (CachetJournal *self, GError **error);
void cachet_journal_unlock (CachetJournal *self);

/* Durable when it finishes; gives the id, -1 on error. */
void cachet_journal_add_operation_async (CachetJournal *self,
                                         const CachetJournalOperation *operation,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
gint64 cachet_journal_add_finish (CachetJournal *self, GAsyncResult *result, GError **error);
void cachet_journal_remove_operation_async (CachetJournal *self,
                                            gint64 id,
                                            GCancellable *cancellable,
                                            GAsyncReadyCallback callback,
                                            gpointer user_data);
void cachet_journal_update_operation_async (CachetJournal *self,
                                            const CachetJournalOperation *operation,
                                            GCancellable *cancellable,
                                            GAsyncReadyCallback callback,
                                            gpointer user_data);
gboolean cachet_journal_write_finish (CachetJournal *self, GAsyncResult *result, GError **error);
/* (element-type CachetJournalOperation) in order; NULL account: all */
void cachet_journal_list_operations_async (CachetJournal *self,
                                           const char *account_id,
                                           GCancellable *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data);
GPtrArray *
cachet_journal_list_operations_finish (CachetJournal *self, GAsyncResult *result, GError **error);

/* Message file (temp + fsync + rename, with checksum) and row, both durable. Gives the id. Finish:
 * add_finish. */
void cachet_journal_add_outbox_async (CachetJournal *self,
                                      const CachetOutboxEntry *entry,
                                      GBytes *message,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
/* Writes state, not_before, n_attempts, last_error. Durable when it finishes. Finish: write_finish.
 */
void cachet_journal_update_outbox_async (CachetJournal *self,
                                         const CachetOutboxEntry *entry,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
/* Row and file. Finish: write_finish. */
void cachet_journal_remove_outbox_async (CachetJournal *self,
                                         gint64 id,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
void cachet_journal_list_outbox_async (CachetJournal *self,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
GPtrArray *
cachet_journal_list_outbox_finish (CachetJournal *self, GAsyncResult *result, GError **error);
/* Checks the checksum. */
void cachet_journal_read_outbox_message_async (CachetJournal *self,
                                               gint64 id,
                                               GCancellable *cancellable,
                                               GAsyncReadyCallback callback,
                                               gpointer user_data);
GBytes *
cachet_journal_read_message_finish (CachetJournal *self, GAsyncResult *result, GError **error);

/* Unsaved drafts: one file each by @name (a UUID), same guarantees as outbox files. */
void cachet_journal_write_draft_async (CachetJournal *self,
                                       const char *name,
                                       GBytes *bytes,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
void cachet_journal_remove_draft_async (CachetJournal *self,
                                        const char *name,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
/* (element-type utf8) names; Finish: list_drafts_finish */
void cachet_journal_list_drafts_async (CachetJournal *self,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
char **
cachet_journal_list_drafts_finish (CachetJournal *self, GAsyncResult *result, GError **error);
void cachet_journal_read_draft_async (CachetJournal *self,
                                      const char *name,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
/* Finish: read_message_finish */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetJournalOperation, cachet_journal_operation_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetOutboxEntry, cachet_outbox_entry_free)

G_END_DECLS
