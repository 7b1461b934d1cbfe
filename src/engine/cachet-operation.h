#pragma once

#include "cachet-engine-types.h"
#include "cachet-journal.h"

G_BEGIN_DECLS

/* UIDs that one operation names at most; more are several operations. */
#define CACHET_OPERATION_MAX_UIDS 20000

typedef enum {
  CACHET_OPERATION_STORE,
  CACHET_OPERATION_MOVE,
  CACHET_OPERATION_COPY,
  CACHET_OPERATION_EXPUNGE,
  CACHET_OPERATION_APPEND_DRAFT,
} CachetOperationKind;

/**
 * CachetOperation:
 * @id: the journal's key; 0 until it is durable
 * @mailbox: (nullable) for APPEND_DRAFT: where the messages are
 * @uidvalidity: of @mailbox when it was made
 * @uids: (element-type guint32), ascending
 * @add, @remove: for STORE
 * @destination: (nullable): mailbox, for MOVE and COPY
 * @destination_role: used when @destination is NULL: the mailbox is to be made first
 * @message_id: for APPEND_DRAFT, without <>: names the local draft file's message
 * @draft: for APPEND_DRAFT: name of the local draft
 * @placeholders: first of the UIDs under which the rows are shown in the destination already, or 0;
 * the n-th message has @placeholders + n
 * @in_flight: the server is being asked just now
 * @cancelled: undone before it was durable: removed as soon as it is
 * @copies: (nullable): UIDs in the destination in the order of @uids, once the server told
 *
 * One order on messages of one mailbox: durable, repeatable, in order. Reference counted.
 */
struct _CachetOperation
{
  grefcount references;
  gint64 id;
  CachetOperationKind kind;
  char *account_id;
  char *mailbox;
  guint32 uidvalidity;
  GArray *uids;
  CachetMessageFlags add;
  CachetMessageFlags remove;
  char *destination;
  CachetFolderRole destination_role;
  char *message_id;
  char *draft;
  guint32 placeholders;
  guint n_attempts;
  gboolean in_flight;
  gboolean cancelled;
  gboolean done;
  guint32 copies_uidvalidity;
  GArray *copies;
};

CachetOperation *cachet_operation_new (CachetOperationKind kind,
                                       const char *account_id,
                                       const char *mailbox,
                                       guint32 uidvalidity);
CachetOperation *cachet_operation_ref (CachetOperation *self);
void cachet_operation_unref (CachetOperation *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetOperation, cachet_operation_unref)

/* Keeps @uids ascending and without doubles. */
void cachet_operation_add_uid (CachetOperation *self, guint32 uid);
gboolean cachet_operation_has_uid (const CachetOperation *self, guint32 uid);
/* Whether it takes the messages out of its mailbox. */
gboolean cachet_operation_removes (const CachetOperation *self);
/* A sentence's subject for people: "Moving 3 messages". (transfer full) */
char *cachet_operation_describe (const CachetOperation *self);

/* (transfer full) */
CachetJournalOperation *cachet_operation_to_journal (const CachetOperation *self);
/* NULL and @error for a row that this version does not understand. */
CachetOperation *cachet_operation_from_journal (const CachetJournalOperation *row, GError **error);

G_END_DECLS
