#pragma once

#include "cachet-imap-parser.h"
#include "cachet-imap-request.h"
#include "cachet-imap-response.h"
#include "cachet-net-types.h"

G_BEGIN_DECLS

/* Private to net. */

typedef struct _CachetImapCommand CachetImapCommand;

/**
 * CachetImapCommandTraits:
 * @CACHET_IMAP_COMMAND_ALONE: nothing else may be under way with it: what comes before must have
 * ended, what comes behind waits
 * @CACHET_IMAP_COMMAND_ONE_OF_KIND: its untagged answers carry nothing that tells two such commands
 * apart (RFC 9051 §5.5)
 * @CACHET_IMAP_COMMAND_BEFORE_TLS: allowed in clear on a connection that is to become TLS
 * @CACHET_IMAP_COMMAND_BEFORE_LOGIN: allowed before log-in
 * @CACHET_IMAP_COMMAND_IN_MAILBOX: needs a selected mailbox
 * @CACHET_IMAP_COMMAND_CHANGES_MAILBOX: nothing may overtake it in the queue
 * @CACHET_IMAP_COMMAND_SLOW: a server may rightly think about it for minutes
 * @CACHET_IMAP_COMMAND_LENIENT: NO and BAD are no errors for it
 * @CACHET_IMAP_COMMAND_URGENT: goes before what is queued
 */
typedef enum {
  CACHET_IMAP_COMMAND_ALONE = 1 << 0,
  CACHET_IMAP_COMMAND_ONE_OF_KIND = 1 << 1,
  CACHET_IMAP_COMMAND_BEFORE_TLS = 1 << 2,
  CACHET_IMAP_COMMAND_BEFORE_LOGIN = 1 << 3,
  CACHET_IMAP_COMMAND_IN_MAILBOX = 1 << 4,
  CACHET_IMAP_COMMAND_CHANGES_MAILBOX = 1 << 5,
  CACHET_IMAP_COMMAND_SLOW = 1 << 6,
  CACHET_IMAP_COMMAND_LENIENT = 1 << 7,
  CACHET_IMAP_COMMAND_URGENT = 1 << 8,
} CachetImapCommandTraits;

/**
 * CachetImapCommandKind:
 * @name: for the log
 * @failure: (nullable): untranslated sentence that says what did not happen
 * @begin: (nullable): called right before the first byte is written
 * @untagged: (nullable): %TRUE when the response belongs to the command
 * @continuation: (nullable): a "+" that no literal waits for; %FALSE when it is none of the
 * command's business
 * @choose_literal, @chunk: (nullable): see CachetImapParser; %TRUE takes the literal
 * @tagged: (nullable): the answer to one of its requests, before it is judged
 *
 * What a kind of command does while it is under way.
 */
typedef struct
{
  const char *name;
  const char *failure;
  CachetImapCommandTraits traits;
  void (*begin) (CachetImapCommand *self);
  gboolean (*untagged) (CachetImapCommand *self, const CachetImapResponse *response);
  gboolean (*continuation) (CachetImapCommand *self, const CachetImapResponse *response);
  gboolean (*choose_literal) (CachetImapCommand *self,
                              const CachetImapResponse *so_far,
                              guint64 size);
  void (*chunk) (CachetImapCommand *self, const char *bytes, gsize length, guint64 remaining);
  void (*tagged) (CachetImapCommand *self, const CachetImapResponse *response);
} CachetImapCommandKind;

/* Called once. @error: (nullable): lent. The command is freed afterwards. */
typedef void (*CachetImapCommandDone) (CachetImapCommand *self,
                                       const GError *error,
                                       gpointer user_data);

typedef struct
{
  CachetImapRequest *request;
  char *tag;
  GPtrArray *segments; /* (element-type CachetImapSegment) made when it is written */
  guint n_written;     /* segments */
  gint64 sent_at;      /* monotonic µs, 0 before */
  gboolean answered;
  gboolean is_optional; /* NO and BAD to it are no error of the command */
} CachetImapCommandRequest;

/**
 * CachetImapCommand:
 *
 * One order to the server: one or more requests, written one after the other without waiting, which
 * together have one end.
 */
struct _CachetImapCommand
{
  const CachetImapCommandKind *kind;
  CachetImapSession *session; /* lent */
  GPtrArray *requests;        /* (element-type CachetImapCommandRequest) */
  guint n_answered;
  GError *error;     /* the first NO or BAD, or what the kind found wrong */
  gboolean orphaned; /* cancelled while under way: its answers are read over */

  gpointer data;
  GDestroyNotify free_data;
  GCancellable *cancellable;
  GSource *cancel_source;
  CachetImapCommandDone done;
  gpointer done_data;

  void (*progress) (guint64 done, guint64 total, gpointer user_data); /* of writing */
  gpointer progress_data;
};

CachetImapCommand *cachet_imap_command_new (CachetImapSession *session,
                                            const CachetImapCommandKind *kind,
                                            gpointer data,
                                            GDestroyNotify free_data);
void cachet_imap_command_free (CachetImapCommand *self);
/* Takes @request and returns it. */
CachetImapRequest *cachet_imap_command_add (CachetImapCommand *self, CachetImapRequest *request);
/* The request added last is a help, not a need. */
void cachet_imap_command_make_optional (CachetImapCommand *self);
/* Keeps the first error only. @error: (transfer full) */
void cachet_imap_command_set_error (CachetImapCommand *self, GError *error);
/* (nullable): the request with @tag that is written and not answered */
CachetImapCommandRequest *cachet_imap_command_find (CachetImapCommand *self, const char *tag);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetImapCommand, cachet_imap_command_free)

G_END_DECLS
