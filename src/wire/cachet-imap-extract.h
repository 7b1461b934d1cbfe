#pragma once

#include "cachet-imap-data.h"
#include "cachet-imap-response.h"

G_BEGIN_DECLS

/* From a response's tree to a value. All take what servers really send: missing, extra and odd
 * parts are passed over; a function fails only when the thing itself is not there. */

/* Keywords kept for one message. */
#define CACHET_IMAP_MAX_KEYWORDS 200u
/* Fields kept of one ID; RFC 2971 §3.3 allows 30. */
#define CACHET_IMAP_MAX_ID_FIELDS 100u

/* LIST, LSUB, XLIST; %NULL for others and without a name (an empty one is a name: LIST "" ""). LSUB
 * and \Subscribed set SUBSCRIBED. A role comes from SPECIAL-USE, XLIST or the name INBOX. With
 * LIST-STATUS @status is empty: match the STATUS responses by name. */
CachetImapMailbox *cachet_imap_extract_mailbox (const CachetImapResponse *response);
/* STATUS. @mailbox: (out) (nullable) (transfer full): the name as sent */
gboolean cachet_imap_extract_status (const CachetImapResponse *response,
                                     char **mailbox,
                                     CachetImapStatus *status);
/* `* n FETCH (…)`; %NULL for others, for n = 0 and without a list. */
CachetImapFetch *cachet_imap_extract_fetch (const CachetImapResponse *response);
/* For a CachetImapLiteralFunc: sequence number, UID (0 when not said yet) and the section whose
 * literal comes ("" for BODY[] and RFC822, "HEADER", "1.2"…; with NULL for anything else).
 * %FALSE when @so_far is no FETCH. @section: (out) (transfer full) (nullable) */
gboolean cachet_imap_extract_fetch_so_far (const CachetImapResponse *so_far,
                                           guint32 *seq,
                                           guint32 *uid,
                                           char **section);

/**
 * CachetImapSearchResult:
 * @tag: (nullable): the command that it answers (ESEARCH with a correlator)
 * @is_uid: ESEARCH said UID; always %FALSE for SEARCH
 * @set: numbers found: SEARCH, or ALL of ESEARCH; empty when none
 * @min, @max: 0 when not given
 * @has_count, @count: COUNT of ESEARCH
 * @modseq: 0 when not given
 */
typedef struct
{
  char *tag;
  gboolean is_uid;
  CachetImapSet *set;
  guint32 min;
  guint32 max;
  gboolean has_count;
  guint32 count;
  guint64 modseq;
} CachetImapSearchResult;

void cachet_imap_search_result_free (CachetImapSearchResult *self);
/* SEARCH (a server may send several for one command), ESEARCH (RFC 4731); %NULL for others. */
CachetImapSearchResult *cachet_imap_extract_search (const CachetImapResponse *response);

typedef enum {
  CACHET_IMAP_NAMESPACE_PERSONAL,
  CACHET_IMAP_NAMESPACE_OTHER_USERS,
  CACHET_IMAP_NAMESPACE_SHARED,
} CachetImapNamespaceKind;

typedef struct
{
  CachetImapNamespaceKind kind;
  char *prefix;
  char delimiter; /* 0 for NIL */
} CachetImapNamespace;

void cachet_imap_namespace_free (CachetImapNamespace *self);
/* (element-type CachetImapNamespace): NAMESPACE (RFC 2342); %NULL for others. */
GPtrArray *cachet_imap_extract_namespaces (const CachetImapResponse *response);
/* (element-type utf8 utf8): ID (RFC 2971), keys in lower case, values raw bytes; empty for NIL,
 * %NULL for others. */
GHashTable *cachet_imap_extract_id (const CachetImapResponse *response);
/* VANISHED (RFC 7162 §3.2.10); %NULL for others and when the set can't be read. */
CachetImapSet *cachet_imap_extract_vanished (const CachetImapResponse *response, gboolean *earlier);

/* The flags of `* FLAGS (…)` or of [PERMANENTFLAGS (…)]. @keywords: (out) (nullable) (transfer
 * full);
 * @allows_new: (out) (nullable): \* was among them. */
gboolean cachet_imap_extract_flags (const CachetImapResponse *response,
                                    CachetMessageFlags *flags,
                                    char ***keywords,
                                    gboolean *allows_new);
/* The number of [UIDVALIDITY n], [UIDNEXT n], [HIGHESTMODSEQ n], [UNSEEN n]; %FALSE without a
 * readable one. */
gboolean cachet_imap_extract_code_number (const CachetImapResponse *response, guint64 *number);
/* [APPENDUID v u] or [COPYUID v from to]; %NULL without one that can be read, and when the members
 * of the two sets do not correspond in ascending order. */
CachetImapUidPlus *cachet_imap_extract_uid_plus (const CachetImapResponse *response);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetImapSearchResult, cachet_imap_search_result_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetImapNamespace, cachet_imap_namespace_free)

G_END_DECLS
