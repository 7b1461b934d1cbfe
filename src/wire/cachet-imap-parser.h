#pragma once

#include "cachet-imap-response.h"
#include "cachet-wire-error.h"

G_BEGIN_DECLS

/* Bytes of a response outside its literals. A SEARCH of a million messages takes 8 MB. */
#define CACHET_IMAP_MAX_LINE (16u * 1024 * 1024)
/* Literals over this size are offered to the literal functions first. */
#define CACHET_IMAP_STREAM_THRESHOLD (64u * 1024)
/* A response in memory, kept literals included. */
#define CACHET_IMAP_MAX_RESPONSE (64u * 1024 * 1024)
/* A literal, streamed or not: 2^32-1, what RFC 3501 can say. */
#define CACHET_IMAP_MAX_LITERAL G_GUINT64_CONSTANT (0xffffffff)
/* Literals in one response. */
#define CACHET_IMAP_MAX_LITERALS 100000u
/* Parentheses inside parentheses; what is deeper is dropped (FLAW_TRUNCATED). */
#define CACHET_IMAP_MAX_DEPTH 100u
/* Values in one response; further ones are dropped (FLAW_TRUNCATED). */
#define CACHET_IMAP_MAX_VALUES 1000000u
/* What stands before a large literal and is parsed to tell the literal functions what it belongs
 * to; behind more than that a literal is kept, if it fits. */
#define CACHET_IMAP_MAX_STREAM_PREFIX (1024u * 1024)

/**
 * CachetImapLiteralChoice:
 * @CACHET_IMAP_LITERAL_KEEP: in memory, if it fits (else the connection ends)
 * @CACHET_IMAP_LITERAL_STREAM: to the chunk function, as it comes
 * @CACHET_IMAP_LITERAL_DISCARD: read over it
 */
typedef enum {
  CACHET_IMAP_LITERAL_KEEP,
  CACHET_IMAP_LITERAL_STREAM,
  CACHET_IMAP_LITERAL_DISCARD,
} CachetImapLiteralChoice;

/* Called from cachet_imap_parser_take() at the head of each literal over the threshold. @so_far is
 * the response up to the literal, its lists closed (lent): keyword FETCH, the number, items up to
 * and with the section name; cachet_imap_extract_fetch_so_far() reads it. UID may be missing: some
 * servers send it after the body. */
typedef CachetImapLiteralChoice (*CachetImapLiteralFunc) (const CachetImapResponse *so_far,
                                                          guint64 size,
                                                          gpointer user_data);
/* Called from cachet_imap_parser_take() with the next bytes of a streamed literal, in order;
 * @remaining bytes follow (0: this was the last call for it). The bytes are lent. */
typedef void (*CachetImapChunkFunc) (const char *bytes,
                                     gsize length,
                                     guint64 remaining,
                                     gpointer user_data);

/**
 * CachetImapParserResult:
 * @CACHET_IMAP_PARSER_READY: a response was taken: ask again
 * @CACHET_IMAP_PARSER_NEED_MORE: nothing whole is there: feed
 * @CACHET_IMAP_PARSER_ERROR: the connection can't go on (CACHET_WIRE_ERROR); every later call gives
 * the same error
 */
typedef enum {
  CACHET_IMAP_PARSER_READY,
  CACHET_IMAP_PARSER_NEED_MORE,
  CACHET_IMAP_PARSER_ERROR,
} CachetImapParserResult;

/**
 * CachetImapParser:
 *
 * Cuts a byte stream from an IMAP server into responses (RFC 9051 §9). Bytes may come in any
 * portions; no byte is looked at again because more came. Neither malformed values nor unknown
 * responses are errors: see CachetImapFlaws.
 */
typedef struct _CachetImapParser CachetImapParser;

CachetImapParser *cachet_imap_parser_new (void);
void cachet_imap_parser_free (CachetImapParser *self);
/* Without them every literal is kept, up to CACHET_IMAP_MAX_RESPONSE. */
void cachet_imap_parser_set_literal_funcs (CachetImapParser *self,
                                           CachetImapLiteralFunc choose,
                                           CachetImapChunkFunc chunk,
                                           gpointer user_data);
/* Copies @length bytes in. */
void cachet_imap_parser_feed (CachetImapParser *self, const char *bytes, gsize length);
/* @response: (out) (transfer full): set for READY; @error: set for ERROR. */
CachetImapParserResult
cachet_imap_parser_take (CachetImapParser *self, CachetImapResponse **response, GError **error);
/* Bytes that were fed and belong to no response taken so far. Must be 0 when TLS begins. */
gsize cachet_imap_parser_get_n_buffered (CachetImapParser *self);
/* Whether the stream stands between two responses: at its end anything else is a truncation. */
gboolean cachet_imap_parser_is_between_responses (CachetImapParser *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetImapParser, cachet_imap_parser_free)

G_END_DECLS
