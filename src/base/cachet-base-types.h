#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct _CachetAddress CachetAddress;
typedef struct _CachetEndpoint CachetEndpoint;
typedef struct _CachetAccountSettings CachetAccountSettings;
typedef struct _CachetSecret CachetSecret;
typedef struct _CachetServerCertificate CachetServerCertificate;
typedef struct _CachetTlsException CachetTlsException;
typedef struct _CachetWireRecord CachetWireRecord;

#define CACHET_BASE_ERROR (cachet_base_error_quark ())
GQuark cachet_base_error_quark (void);

typedef enum {
  CACHET_BASE_ERROR_INVALID, /* a value that a person must correct; the message names it */
} CachetBaseError;

/**
 * CachetSecurity:
 * @CACHET_SECURITY_NONE: clear text for the whole session
 * @CACHET_SECURITY_STARTTLS: clear greeting, then STARTTLS or nothing (RFC 2595, RFC 3207)
 * @CACHET_SECURITY_TLS: TLS from the first byte (RFC 8314)
 *
 * How a connection is protected. A hard state: it is never weakened by what a server says.
 */
typedef enum {
  CACHET_SECURITY_NONE,
  CACHET_SECURITY_STARTTLS,
  CACHET_SECURITY_TLS,
} CachetSecurity;

/**
 * CachetMessageFlags:
 *
 * System flags and keywords of RFC 9051 §2.3.2 that Cachet knows, in the low half; in the high half
 * facts that the cache keeps about a message and no server stores.
 */
typedef enum {
  CACHET_MESSAGE_FLAG_NONE = 0,
  CACHET_MESSAGE_FLAG_SEEN = 1 << 0,
  CACHET_MESSAGE_FLAG_ANSWERED = 1 << 1,
  CACHET_MESSAGE_FLAG_FLAGGED = 1 << 2,
  CACHET_MESSAGE_FLAG_DELETED = 1 << 3,
  CACHET_MESSAGE_FLAG_DRAFT = 1 << 4,
  CACHET_MESSAGE_FLAG_FORWARDED = 1 << 5,
  CACHET_MESSAGE_FLAG_JUNK = 1 << 6,
  CACHET_MESSAGE_FLAG_NOT_JUNK = 1 << 7,
  CACHET_MESSAGE_FLAG_MDN_SENT = 1 << 8,
  CACHET_MESSAGE_FLAG_SERVER_MASK = 0xffff,
  CACHET_MESSAGE_FLAG_HAS_ATTACHMENT = 1 << 16,
  CACHET_MESSAGE_FLAG_SIGNED = 1 << 17,
  CACHET_MESSAGE_FLAG_ENCRYPTED = 1 << 18,
  CACHET_MESSAGE_FLAG_HAS_BODY = 1 << 19,
} CachetMessageFlags;

/**
 * CachetFolderRole:
 *
 * What a mailbox is for: RFC 6154 special uses, and INBOX.
 */
typedef enum {
  CACHET_FOLDER_ROLE_NONE,
  CACHET_FOLDER_ROLE_INBOX,
  CACHET_FOLDER_ROLE_DRAFTS,
  CACHET_FOLDER_ROLE_SENT,
  CACHET_FOLDER_ROLE_ARCHIVE,
  CACHET_FOLDER_ROLE_JUNK,
  CACHET_FOLDER_ROLE_TRASH,
  CACHET_FOLDER_ROLE_ALL,
  CACHET_FOLDER_ROLE_FLAGGED,
} CachetFolderRole;

G_END_DECLS
