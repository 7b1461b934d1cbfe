#pragma once

#include "cachet-imap-set.h"
#include "cachet-message-flags.h"
#include "cachet-secret.h"

G_BEGIN_DECLS

/* Strings longer than this are sent as literals, not quoted. */
#define CACHET_IMAP_MAX_QUOTED 1000u
/* LITERAL- allows non-synchronizing literals up to this (RFC 7888 §5). */
#define CACHET_IMAP_MAX_LITERAL_MINUS 4096u

/**
 * CachetImapLiteralMode:
 * @CACHET_IMAP_LITERALS_SYNC: each literal waits for "+"
 * @CACHET_IMAP_LITERALS_PLUS: LITERAL+: none waits (RFC 7888)
 * @CACHET_IMAP_LITERALS_MINUS: LITERAL- (or IMAP4rev2): none up to 4096 bytes waits
 */
typedef enum {
  CACHET_IMAP_LITERALS_SYNC,
  CACHET_IMAP_LITERALS_PLUS,
  CACHET_IMAP_LITERALS_MINUS,
} CachetImapLiteralMode;

/**
 * CachetImapSegment:
 * @bytes: what to write
 * @awaits_continuation: write the next segment only after a "+" from the server
 * @is_secret: has a password: wipe what copies were made of it
 */
typedef struct
{
  GBytes *bytes;
  gboolean awaits_continuation;
  gboolean is_secret;
} CachetImapSegment;

void cachet_imap_segment_free (CachetImapSegment *self);

/**
 * CachetImapRequest:
 *
 * A command being built from parts, without its tag; the only place where IMAP command text is
 * made. Each add function puts a space before its part where one belongs; strings take the form
 * that suits (atom, quoted, literal), so that no text from outside can end its argument. The same
 * request may be serialized more than once.
 */
typedef struct _CachetImapRequest CachetImapRequest;

/* @command: "UID FETCH", "NOOP"… */
CachetImapRequest *cachet_imap_request_new (const char *command);
/* A line without a tag, after a "+" or to end IDLE: "DONE", "*", a SASL response (base64 already).
 * A
 * @secret one is shown masked. Serialize with tag %NULL. */
CachetImapRequest *cachet_imap_request_new_line (const char *text, gboolean secret);
void cachet_imap_request_free (CachetImapRequest *self);

/* Text of the program's own, as it is: "RETURN", "BODY.PEEK[HEADER.FIELDS (FROM TO)]",
 * "+FLAGS.SILENT". Must be printable ASCII; never text from outside. */
void cachet_imap_request_add_atom (CachetImapRequest *self, const char *text);
void cachet_imap_request_add_number (CachetImapRequest *self, guint64 number);
/* Atom, quoted or literal. */
void cachet_imap_request_add_astring (CachetImapRequest *self, const char *text);
/* Quoted or literal, never an atom. */
void cachet_imap_request_add_string (CachetImapRequest *self, const char *text);
/* @name: in the server's form. INBOX in any case becomes INBOX. */
void cachet_imap_request_add_mailbox (CachetImapRequest *self, const char *name);
/* Quoted or literal; wildcards are meant (LIST). */
void cachet_imap_request_add_list_pattern (CachetImapRequest *self, const char *pattern);
/* A string that the log shows as "•••". */
void cachet_imap_request_add_secret (CachetImapRequest *self, const CachetSecret *secret);
/* A base64 initial response of AUTHENTICATE (RFC 4959), "=" when empty; the log shows "•••". */
void cachet_imap_request_add_secret_atom (CachetImapRequest *self, const char *text);
/* Always a literal; its bytes are not copied. */
void cachet_imap_request_add_literal (CachetImapRequest *self, GBytes *bytes);
/* @set: not empty */
void cachet_imap_request_add_set (CachetImapRequest *self, const CachetImapSet *set);
/* A parenthesized flag list, maybe empty. @keywords: (nullable): those that are no atoms are left
 * out. */
void cachet_imap_request_add_flags (CachetImapRequest *self,
                                    CachetMessageFlags flags,
                                    const char *const *keywords);
/* A quoted date-time (RFC 9051 §9 date-time), in UTC. @time: Unix seconds */
void cachet_imap_request_add_date_time (CachetImapRequest *self, gint64 time);
/* A date for SEARCH, such as 1-Feb-2026, in UTC. */
void cachet_imap_request_add_date (CachetImapRequest *self, gint64 time);
void cachet_imap_request_begin_list (CachetImapRequest *self);
void cachet_imap_request_end_list (CachetImapRequest *self);

/* (element-type CachetImapSegment) (transfer full): the bytes to write. The last segment ends with
 * CRLF; literals added as GBytes are segments of their own.
 * @tag: %NULL for a line made by new_line() */
GPtrArray *cachet_imap_request_serialize (const CachetImapRequest *self,
                                          const char *tag,
                                          CachetImapLiteralMode mode);
/* (transfer full): one line for the wire log: secrets as "•••", literals as "{n bytes}", odd
 * characters visible. Strings look as they are sent, literal strings up to 200 bytes as quoted. */
char *cachet_imap_request_to_log_text (const CachetImapRequest *self, const char *tag);
/* Bytes on the wire, with literals. */
guint64 cachet_imap_request_get_size (const CachetImapRequest *self,
                                      const char *tag,
                                      CachetImapLiteralMode mode);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetImapRequest, cachet_imap_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetImapSegment, cachet_imap_segment_free)

G_END_DECLS
