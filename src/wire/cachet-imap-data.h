#pragma once

#include "cachet-base-types.h"
#include "cachet-imap-set.h"

G_BEGIN_DECLS

/* Values that IMAP responses carry, decoded: plain structs with _copy/_free, no I/O. */

/**
 * CachetImapMailboxAttributes: RFC 9051 §7.3.1, RFC 6154 (also XLIST's names).
 */
typedef enum {
  CACHET_IMAP_MAILBOX_NOSELECT = 1 << 0,
  CACHET_IMAP_MAILBOX_NOINFERIORS = 1 << 1,
  CACHET_IMAP_MAILBOX_HAS_CHILDREN = 1 << 2,
  CACHET_IMAP_MAILBOX_HAS_NO_CHILDREN = 1 << 3,
  CACHET_IMAP_MAILBOX_NONEXISTENT = 1 << 4,
  CACHET_IMAP_MAILBOX_SUBSCRIBED = 1 << 5,
  CACHET_IMAP_MAILBOX_MARKED = 1 << 6,
  CACHET_IMAP_MAILBOX_UNMARKED = 1 << 7,
  CACHET_IMAP_MAILBOX_REMOTE = 1 << 8,
} CachetImapMailboxAttributes;

/**
 * CachetImapStatus: a STATUS response or the status part of SELECT. @fields says which members were
 * given.
 */
typedef enum {
  CACHET_IMAP_STATUS_MESSAGES = 1 << 0,
  CACHET_IMAP_STATUS_RECENT = 1 << 1,
  CACHET_IMAP_STATUS_UNSEEN = 1 << 2,
  CACHET_IMAP_STATUS_UIDNEXT = 1 << 3,
  CACHET_IMAP_STATUS_UIDVALIDITY = 1 << 4,
  CACHET_IMAP_STATUS_HIGHESTMODSEQ = 1 << 5,
  CACHET_IMAP_STATUS_SIZE = 1 << 6,
} CachetImapStatusFields;

typedef struct
{
  CachetImapStatusFields fields;
  guint32 messages;
  guint32 recent;
  guint32 unseen;
  guint32 uidnext;
  guint32 uidvalidity;
  guint64 highestmodseq;
  guint64 size;
} CachetImapStatus;

/**
 * CachetImapMailbox:
 * @name: the mailbox name as sent by the server, modified UTF-7 (or UTF-8 under UTF8=ACCEPT): the
 * identity
 * @display_name: the same as valid UTF-8 for people
 * @delimiter: hierarchy delimiter, 0 for NIL
 * @attributes: what LIST said
 * @role: from SPECIAL-USE, XLIST or the name INBOX; NONE otherwise
 * @status: from LIST-STATUS, @fields 0 without
 */
typedef struct
{
  char *name;
  char *display_name;
  char delimiter;
  CachetImapMailboxAttributes attributes;
  CachetFolderRole role;
  CachetImapStatus status;
} CachetImapMailbox;

CachetImapMailbox *cachet_imap_mailbox_copy (const CachetImapMailbox *self);
void cachet_imap_mailbox_free (CachetImapMailbox *self);

/**
 * CachetImapFetch:
 * @seq: message sequence number
 * @uid: 0 when the response had none
 * @has_flags: whether @flags and @keywords were given
 * @keywords: (nullable): keywords Cachet has no flag for
 * @internal_date: Unix seconds, or %G_MININT64 when absent or unreadable
 * @size: RFC822.SIZE, or -1
 * @modseq: 0 when absent
 * @header: (nullable): the bytes of BODY[HEADER…] (CRLF lines as sent)
 * @section: (nullable): what @body is: "" for BODY[] and RFC822, else the section, such as "1.2"
 * @body: (nullable): the bytes of BODY[] or of the one section asked for, unless they went to a
 * sink
 * @body_size: bytes of the body that came, also when they went to a sink; -1 when absent
 * @body_is_nil: the server answered NIL
 * @content_type: (nullable): top-level media type from BODYSTRUCTURE, lower case "type/subtype"
 * @has_attachment: BODYSTRUCTURE was given and shows an attachment
 *
 * One untagged FETCH (RFC 9051 §7.5.2).
 */
typedef struct
{
  guint32 seq;
  guint32 uid;
  gboolean has_flags;
  CachetMessageFlags flags;
  char **keywords;
  gint64 internal_date;
  gint64 size;
  guint64 modseq;
  GBytes *header;
  char *section;
  GBytes *body;
  gint64 body_size;
  gboolean body_is_nil;
  char *content_type;
  gboolean has_bodystructure;
  gboolean has_attachment;
} CachetImapFetch;

CachetImapFetch *cachet_imap_fetch_copy (const CachetImapFetch *self);
void cachet_imap_fetch_free (CachetImapFetch *self);

/**
 * CachetImapUidPlus: [APPENDUID] or [COPYUID] (RFC 4315).
 */
typedef struct
{
  guint32 uidvalidity;
  CachetImapSet *source; /* NULL for APPENDUID */
  CachetImapSet *destination;
} CachetImapUidPlus;

void cachet_imap_uid_plus_free (CachetImapUidPlus *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetImapMailbox, cachet_imap_mailbox_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetImapFetch, cachet_imap_fetch_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetImapUidPlus, cachet_imap_uid_plus_free)

G_END_DECLS
