#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define CACHET_SMTP_REPLY_ERROR (cachet_smtp_reply_error_quark ())
GQuark cachet_smtp_reply_error_quark (void);

/**
 * CachetSmtpReplyError:
 * @CACHET_SMTP_REPLY_ERROR_SYNTAX: not a reply of RFC 5321 §4.2
 * @CACHET_SMTP_REPLY_ERROR_LIMIT: larger than CACHET_SMTP_REPLY_MAX_BYTES
 */
typedef enum {
  CACHET_SMTP_REPLY_ERROR_SYNTAX,
  CACHET_SMTP_REPLY_ERROR_LIMIT,
} CachetSmtpReplyError;

/* A reply over this many bytes ends the connection. */
#define CACHET_SMTP_REPLY_MAX_BYTES (4 * 1024 * 1024)
/* What is kept of a reply below that: the rest is read over, and @truncated says so. */
#define CACHET_SMTP_REPLY_MAX_LINES 1000
#define CACHET_SMTP_REPLY_MAX_LINE_TEXT 4096

/**
 * CachetSmtpReply:
 * @code: 200 to 599
 * @enhanced: (nullable): enhanced status code (RFC 2034, RFC 3463) such as "5.1.1", of the first
 * line that has one of the code's class
 * @lines: the text of each line without code, separator and CRLF, bytes as sent, without NUL;
 * %NULL-terminated, at least one
 * @truncated: lines or ends of lines were dropped
 */
typedef struct
{
  int code;
  char *enhanced;
  char **lines;
  gboolean truncated;
} CachetSmtpReply;

#define CACHET_TYPE_SMTP_REPLY (cachet_smtp_reply_get_type ())
GType cachet_smtp_reply_get_type (void) G_GNUC_CONST;

CachetSmtpReply *cachet_smtp_reply_copy (const CachetSmtpReply *self);
void cachet_smtp_reply_free (CachetSmtpReply *self);
/* First digit: 2 done, 3 go on, 4 not now, 5 no. */
int cachet_smtp_reply_get_class (const CachetSmtpReply *self);
/* "550 5.1.1 No such user" in one line for people: the enhanced status once, odd characters made
 * visible, at most CACHET_SMTP_REPLY_MAX_DISPLAY characters. */
char *cachet_smtp_reply_to_display (const CachetSmtpReply *self);
#define CACHET_SMTP_REPLY_MAX_DISPLAY 500

/**
 * CachetSmtpReplyParser:
 *
 * Bytes to replies, in pieces of any size. Line ends are CRLF; a bare LF is taken as one too.
 */
typedef struct _CachetSmtpReplyParser CachetSmtpReplyParser;

CachetSmtpReplyParser *cachet_smtp_reply_parser_new (void);
void cachet_smtp_reply_parser_free (CachetSmtpReplyParser *self);
/* Takes bytes up to and including the end of one reply, never beyond. Returns how many it took: all
 * of them when @reply is left %NULL; -1 and @error when this is no SMTP, and for all later calls.
 */
gssize cachet_smtp_reply_parser_feed (CachetSmtpReplyParser *self,
                                      const guint8 *data,
                                      gsize length,
                                      CachetSmtpReply **reply,
                                      GError **error);
/* Whether no part of a reply has been taken. */
gboolean cachet_smtp_reply_parser_is_empty (const CachetSmtpReplyParser *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetSmtpReply, cachet_smtp_reply_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetSmtpReplyParser, cachet_smtp_reply_parser_free)

G_END_DECLS
