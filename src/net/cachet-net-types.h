#pragma once

#include <gio/gio.h>

#include "cachet-base-types.h"

G_BEGIN_DECLS

typedef struct _CachetTransport CachetTransport;
typedef struct _CachetWireLog CachetWireLog;
typedef struct _CachetTrustDecider CachetTrustDecider;
typedef struct _CachetImapSession CachetImapSession;
typedef struct _CachetSmtpSession CachetSmtpSession;

#define CACHET_NET_ERROR (cachet_net_error_quark ())
GQuark cachet_net_error_quark (void);

/**
 * CachetNetError:
 *
 * Codes are for the program; each error's message is a whole sentence for people. Plain connection
 * trouble (refused, unreachable, name not found, timed out) keeps its G_IO_ERROR /
 * G_RESOLVER_ERROR.
 */
typedef enum {
  CACHET_NET_ERROR_CERTIFICATE,  /* refused by the checks; see cachet_*_session_dup_certificate() */
  CACHET_NET_ERROR_TLS,          /* the handshake failed for another reason */
  CACHET_NET_ERROR_NO_STARTTLS,  /* STARTTLS demanded and not offered, or refused */
  CACHET_NET_ERROR_INJECTION,    /* clear-text bytes were waiting where TLS should begin */
  CACHET_NET_ERROR_PREAUTH,      /* PREAUTH before TLS */
  CACHET_NET_ERROR_PROTOCOL,     /* the server broke the protocol */
  CACHET_NET_ERROR_CLOSED,       /* the connection ended (BYE, EOF, reset) */
  CACHET_NET_ERROR_TIMEOUT,      /* no answer for too long */
  CACHET_NET_ERROR_NO_MECHANISM, /* nothing both sides can do, or only in clear without consent */
  CACHET_NET_ERROR_CLEAR_PASSWORD,  /* would have crossed in clear, and the user did not agree */
  CACHET_NET_ERROR_AUTH,            /* name or password refused */
  CACHET_NET_ERROR_AUTH_TEMPORARY,  /* the server can't check just now (454, UNAVAILABLE) */
  CACHET_NET_ERROR_NO,              /* tagged NO */
  CACHET_NET_ERROR_BAD,             /* tagged BAD */
  CACHET_NET_ERROR_OVERQUOTA,       /* NO with OVERQUOTA, or SMTP 452/552 5.2.2 */
  CACHET_NET_ERROR_NOT_FOUND,       /* NONEXISTENT / TRYCREATE / no such message */
  CACHET_NET_ERROR_EXISTS,          /* ALREADYEXISTS */
  CACHET_NET_ERROR_LIMIT,           /* something larger than Cachet takes */
  CACHET_NET_ERROR_SMTP_TEMPORARY,  /* 4xx */
  CACHET_NET_ERROR_SMTP_PERMANENT,  /* 5xx */
  CACHET_NET_ERROR_SMTP_TOO_BIG,    /* over the server's SIZE */
  CACHET_NET_ERROR_SMTP_UTF8,       /* needs SMTPUTF8, not offered */
  CACHET_NET_ERROR_SMTP_RECIPIENTS, /* some recipients were refused; nothing was sent */
  CACHET_NET_ERROR_SMTP_UNKNOWN, /* link lost after the final dot: it may or may not have been taken
                                  */
} CachetNetError;

G_END_DECLS
