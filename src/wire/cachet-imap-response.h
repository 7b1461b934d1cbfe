#pragma once

#include <glib-object.h>

#include "cachet-imap-value.h"

G_BEGIN_DECLS

typedef enum {
  CACHET_IMAP_RESPONSE_UNTAGGED,
  CACHET_IMAP_RESPONSE_TAGGED,
  CACHET_IMAP_RESPONSE_CONTINUATION,
} CachetImapResponseKind;

/**
 * CachetImapCondition:
 * @CACHET_IMAP_CONDITION_NONE: not a status response; for a tagged response: the line was not one
 * that IMAP knows ("HTTP/1.1 400 …")
 */
typedef enum {
  CACHET_IMAP_CONDITION_NONE,
  CACHET_IMAP_CONDITION_OK,
  CACHET_IMAP_CONDITION_NO,
  CACHET_IMAP_CONDITION_BAD,
  CACHET_IMAP_CONDITION_BYE,
  CACHET_IMAP_CONDITION_PREAUTH,
} CachetImapCondition;

/**
 * CachetImapKeyword: what an untagged response is about (for a switch).
 * @CACHET_IMAP_KEYWORD_NONE: a status response (see the condition), tagged, or a continuation
 * @CACHET_IMAP_KEYWORD_OTHER: one that Cachet does not know; get_keyword_name() has it
 */
typedef enum {
  CACHET_IMAP_KEYWORD_NONE,
  CACHET_IMAP_KEYWORD_OTHER,
  CACHET_IMAP_KEYWORD_CAPABILITY,
  CACHET_IMAP_KEYWORD_ENABLED,
  CACHET_IMAP_KEYWORD_ESEARCH,
  CACHET_IMAP_KEYWORD_EXISTS,
  CACHET_IMAP_KEYWORD_EXPUNGE,
  CACHET_IMAP_KEYWORD_FETCH,
  CACHET_IMAP_KEYWORD_FLAGS,
  CACHET_IMAP_KEYWORD_ID,
  CACHET_IMAP_KEYWORD_LIST,
  CACHET_IMAP_KEYWORD_LSUB,
  CACHET_IMAP_KEYWORD_NAMESPACE,
  CACHET_IMAP_KEYWORD_QUOTA,
  CACHET_IMAP_KEYWORD_QUOTAROOT,
  CACHET_IMAP_KEYWORD_RECENT,
  CACHET_IMAP_KEYWORD_SEARCH,
  CACHET_IMAP_KEYWORD_SORT,
  CACHET_IMAP_KEYWORD_STATUS,
  CACHET_IMAP_KEYWORD_VANISHED,
  CACHET_IMAP_KEYWORD_XLIST,
} CachetImapKeyword;

/**
 * CachetImapCode: response codes (RFC 9051 §7.1, RFC 4315, RFC 5530, RFC 7162 and others).
 */
typedef enum {
  CACHET_IMAP_CODE_NONE,
  CACHET_IMAP_CODE_OTHER,
  CACHET_IMAP_CODE_ALERT,
  CACHET_IMAP_CODE_ALREADYEXISTS,
  CACHET_IMAP_CODE_APPENDUID,
  CACHET_IMAP_CODE_AUTHENTICATIONFAILED,
  CACHET_IMAP_CODE_AUTHORIZATIONFAILED,
  CACHET_IMAP_CODE_BADCHARSET,
  CACHET_IMAP_CODE_CANNOT,
  CACHET_IMAP_CODE_CAPABILITY,
  CACHET_IMAP_CODE_CLIENTBUG,
  CACHET_IMAP_CODE_CLOSED,
  CACHET_IMAP_CODE_CONTACTADMIN,
  CACHET_IMAP_CODE_COPYUID,
  CACHET_IMAP_CODE_CORRUPTION,
  CACHET_IMAP_CODE_EXPIRED,
  CACHET_IMAP_CODE_EXPUNGEISSUED,
  CACHET_IMAP_CODE_HASCHILDREN,
  CACHET_IMAP_CODE_HIGHESTMODSEQ,
  CACHET_IMAP_CODE_INUSE,
  CACHET_IMAP_CODE_LIMIT,
  CACHET_IMAP_CODE_MODIFIED,
  CACHET_IMAP_CODE_NOMODSEQ,
  CACHET_IMAP_CODE_NONEXISTENT,
  CACHET_IMAP_CODE_NOPERM,
  CACHET_IMAP_CODE_OVERQUOTA,
  CACHET_IMAP_CODE_PARSE,
  CACHET_IMAP_CODE_PERMANENTFLAGS,
  CACHET_IMAP_CODE_PRIVACYREQUIRED,
  CACHET_IMAP_CODE_READ_ONLY,
  CACHET_IMAP_CODE_READ_WRITE,
  CACHET_IMAP_CODE_REFERRAL,
  CACHET_IMAP_CODE_SERVERBUG,
  CACHET_IMAP_CODE_TOOBIG,
  CACHET_IMAP_CODE_TRYCREATE,
  CACHET_IMAP_CODE_UIDNEXT,
  CACHET_IMAP_CODE_UIDNOTSTICKY,
  CACHET_IMAP_CODE_UIDVALIDITY,
  CACHET_IMAP_CODE_UNAVAILABLE,
  CACHET_IMAP_CODE_UNKNOWN_CTE,
  CACHET_IMAP_CODE_UNSEEN,
} CachetImapCode;

/**
 * CachetImapFlaws:
 * @CACHET_IMAP_FLAW_SYNTAX: parentheses or quotes did not match, or something had no place; what
 * could be read was kept
 * @CACHET_IMAP_FLAW_TRUNCATED: nested deeper or with more values than the limits; the rest was
 * dropped
 */
typedef enum {
  CACHET_IMAP_FLAW_NONE = 0,
  CACHET_IMAP_FLAW_SYNTAX = 1 << 0,
  CACHET_IMAP_FLAW_TRUNCATED = 1 << 1,
} CachetImapFlaws;

/**
 * CachetImapResponse:
 *
 * One whole response of an IMAP server (RFC 9051 §7), immutable and reference counted (atomically:
 * it may be freed on another thread); strings and values that it gives are its own. Made by
 * CachetImapParser only. Boxed.
 */
typedef struct _CachetImapResponse CachetImapResponse;

#define CACHET_TYPE_IMAP_RESPONSE (cachet_imap_response_get_type ())
GType cachet_imap_response_get_type (void) G_GNUC_CONST;

CachetImapResponse *cachet_imap_response_ref (const CachetImapResponse *self);
void cachet_imap_response_unref (CachetImapResponse *self);

CachetImapResponseKind cachet_imap_response_get_kind (const CachetImapResponse *self);
/* (nullable): for tagged responses */
const char *cachet_imap_response_get_tag (const CachetImapResponse *self);
CachetImapCondition cachet_imap_response_get_condition (const CachetImapResponse *self);
CachetImapKeyword cachet_imap_response_get_keyword (const CachetImapResponse *self);
/* Upper case, "" when there is none. */
const char *cachet_imap_response_get_keyword_name (const CachetImapResponse *self);
/* %TRUE and @number for `* 23 EXISTS` and the like; the number may be any 32-bit value. */
gboolean cachet_imap_response_get_number (const CachetImapResponse *self, guint32 *number);

/* The code in brackets of a status response. */
CachetImapCode cachet_imap_response_get_code (const CachetImapResponse *self);
/* Upper case, "" without a code. */
const char *cachet_imap_response_get_code_name (const CachetImapResponse *self);
/* (nullable): first argument of the code; walk on with cachet_imap_value_get_next(). */
const CachetImapValue *cachet_imap_response_get_code_argument (const CachetImapResponse *self);
/* Human text of a status response or of a continuation (there it may be base64 for SASL), "" when
 * there is none. NUL-terminated bytes from the server: show with cachet_visible_text(). */
const char *cachet_imap_response_get_text (const CachetImapResponse *self);

/* (nullable): first value after the keyword of an untagged data response; walk on with
 * cachet_imap_value_get_next(). SEARCH and SORT have no values: see cachet_imap_extract_search().
 */
const CachetImapValue *cachet_imap_response_get_first_value (const CachetImapResponse *self);
const CachetImapValue *cachet_imap_response_get_value (const CachetImapResponse *self, guint index);
/* All of a data response after its keyword, as it came, without the last CRLF. */
const char *cachet_imap_response_get_data (const CachetImapResponse *self, gsize *length);

CachetImapFlaws cachet_imap_response_get_flaws (const CachetImapResponse *self);
/* Bytes that the response took on the wire, CRLFs and streamed literals included. */
guint64 cachet_imap_response_get_n_bytes (const CachetImapResponse *self);
/* (transfer full): one line for the wire log, valid UTF-8, odd characters made visible, literals as
 * "{n bytes}", cut after about @max_bytes with "…". Continuations are shown as they are: mask them
 * before if they belong to SASL. */
char *cachet_imap_response_to_log_text (const CachetImapResponse *self, gsize max_bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetImapResponse, cachet_imap_response_unref)

G_END_DECLS
