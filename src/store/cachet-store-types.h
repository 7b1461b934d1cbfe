#pragma once

#include <gio/gio.h>

#include "cachet-base-types.h"
#include "cachet-list-types.h"

G_BEGIN_DECLS

typedef struct _CachetDatabase CachetDatabase;
typedef struct _CachetMailStore CachetMailStore;
typedef struct _CachetBlobStore CachetBlobStore;
typedef struct _CachetJournal CachetJournal;
typedef struct _CachetAccountsFile CachetAccountsFile;

#define CACHET_STORE_ERROR (cachet_store_error_quark ())
GQuark cachet_store_error_quark (void);

typedef enum {
  CACHET_STORE_ERROR_DAMAGED, /* not a database, or it fails its own checks */
  CACHET_STORE_ERROR_FULL,    /* no space left */
  CACHET_STORE_ERROR_IO,      /* reading or writing failed */
  CACHET_STORE_ERROR_LOCKED,  /* another Cachet uses the same data */
  CACHET_STORE_ERROR_NOT_FOUND,
  CACHET_STORE_ERROR_NEWER, /* written by a newer Cachet */
  CACHET_STORE_ERROR_INTERNAL,
} CachetStoreError;

/**
 * CachetStoredMailbox:
 * One mailbox in the cache. @id is the cache's own key (0 before it is stored).
 */
typedef struct
{
  gint64 id;
  char *account_id;
  char *name;         /* server's form: the identity */
  char *display_name; /* whole path, UTF-8 */
  char delimiter;
  guint attributes; /* CachetImapMailboxAttributes */
  CachetFolderRole role;
  guint32 uidvalidity;
  guint32 uidnext;
  guint64 highestmodseq;
  guint32 n_messages; /* the server's count, last heard */
  guint32 n_unseen;
  gboolean synced; /* rows are in step with what SELECT said last */
} CachetStoredMailbox;

CachetStoredMailbox *cachet_stored_mailbox_copy (const CachetStoredMailbox *self);
void cachet_stored_mailbox_free (CachetStoredMailbox *self);

/**
 * CachetStoredRow:
 * What the message list shows of one message. Dates are Unix seconds; strings are decoded UTF-8,
 * never NULL except @preview and @keywords.
 */
typedef struct
{
  gint64 id; /* 0 before it is stored */
  gint64 mailbox_id;
  guint32 uid;
  CachetMessageFlags flags;
  char **keywords; /* (nullable) */
  gint64 date;     /* Date header, or INTERNALDATE where unreadable */
  gint64 internal_date;
  guint64 size;
  guint64 modseq;
  char *subject;
  char *from_name; /* may be "" */
  char *from_addr;
  char *to;         /* recipients for display */
  char *message_id; /* without <>, "" when absent */
  char *in_reply_to;
  char *references; /* message ids without <>, space separated */
  char *preview;
} CachetStoredRow;

CachetStoredRow *cachet_stored_row_copy (const CachetStoredRow *self);
void cachet_stored_row_free (CachetStoredRow *self);

typedef struct
{
  guint32 uid;
  CachetMessageFlags flags;
  guint64 modseq;
} CachetUidFlags;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetStoredMailbox, cachet_stored_mailbox_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetStoredRow, cachet_stored_row_free)

G_END_DECLS
