#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* SMTP command lines, without CRLF: the one place that makes them. Nothing that could end a line
 * gets into one. */

#define CACHET_SMTP_COMMAND_ERROR (cachet_smtp_command_error_quark ())
GQuark cachet_smtp_command_error_quark (void);

/**
 * CachetSmtpCommandError:
 * @CACHET_SMTP_COMMAND_ERROR_ADDRESS: an address that can't stand on an SMTP line
 * @CACHET_SMTP_COMMAND_ERROR_NEEDS_UTF8: an address that only SMTPUTF8 can carry
 */
typedef enum {
  CACHET_SMTP_COMMAND_ERROR_ADDRESS,
  CACHET_SMTP_COMMAND_ERROR_NEEDS_UTF8,
} CachetSmtpCommandError;

/* Bytes of a local part, '@' and a domain (RFC 5321 §4.5.3.1). */
#define CACHET_SMTP_MAX_ADDRESS (64 + 1 + 255)

/* The client's name in EHLO. An address literal that names neither the user's computer nor its
 * address, which every relay would otherwise write into the message's Received. */
#define CACHET_SMTP_CLIENT_NAME "[127.0.0.1]"

/* Whether @address can only be sent with SMTPUTF8 (RFC 6531): its local part is not ASCII. A domain
 * that is not has its ASCII form (RFC 5891). */
gboolean cachet_smtp_address_needs_utf8 (const char *address);

typedef enum {
  CACHET_SMTP_MAIL_8BITMIME = 1 << 0, /* BODY=8BITMIME (RFC 6152) */
  CACHET_SMTP_MAIL_SMTPUTF8 = 1 << 1, /* RFC 6531 */
  CACHET_SMTP_MAIL_RET_HDRS = 1 << 2, /* RET=HDRS (RFC 3461) */
} CachetSmtpMailFlags;

/* @from: addr-spec, "" for the null path. @size: SIZE parameter (RFC 1870), 0 to leave it out. */
char *cachet_smtp_command_mail (const char *from,
                                guint64 size,
                                CachetSmtpMailFlags flags,
                                GError **error);

typedef enum {
  CACHET_SMTP_RCPT_NOTIFY = 1 << 0, /* NOTIFY=SUCCESS,FAILURE,DELAY and ORCPT (RFC 3461) */
  CACHET_SMTP_RCPT_SMTPUTF8 = 1 << 1,
} CachetSmtpRcptFlags;

char *cachet_smtp_command_rcpt (const char *to, CachetSmtpRcptFlags flags, GError **error);

G_END_DECLS
