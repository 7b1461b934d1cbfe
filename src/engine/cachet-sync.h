#pragma once

#include "cachet-folder-private.h"
#include "cachet-imap-session.h"
#include "cachet-link.h"

G_BEGIN_DECLS

/* Newest first: so many rows at once, then twice as many each time up to the last number, so many
 * commands in flight. */
#define CACHET_SYNC_FIRST_CHUNK 50
#define CACHET_SYNC_SECOND_CHUNK 200
#define CACHET_SYNC_MAX_CHUNK 2000
#define CACHET_SYNC_MAX_IN_FLIGHT 2
/* Rows decoded and stored together; and how many such batches may be under way before the next
 * chunk is asked for. */
#define CACHET_SYNC_BATCH 500
#define CACHET_SYNC_MAX_BATCHES 8
/* A mailbox with more messages is taken as broken. */
#define CACHET_SYNC_MAX_MESSAGES 5000000

/**
 * CachetSync: brings one selected mailbox in step: walk (a).
 *
 * After a fresh SELECT: what changed and what went (told by QRESYNC; else CHANGEDSINCE and SEARCH;
 * else all flags), then the missing rows, newest first. In a mailbox that is selected already: only
 * what came. Runs as a job of a link, and lets more urgent ones go first between two chunks.
 */
typedef struct _CachetSync CachetSync;

CachetSync *cachet_sync_new (void);
void cachet_sync_free (CachetSync *self);
/* A CachetLinkJobFunc; the job's data is a CachetSync, its folder is selected. */
void cachet_sync_run_job (CachetLinkJob *job);
/* Whether it was interrupted in the middle and can go on. */
gboolean cachet_sync_is_started (CachetSync *self);

/* What SELECT told goes into the folder; TRUE when it told all changes since the stored state. */
gboolean cachet_sync_absorb_select (CachetFolder *folder,
                                    CachetImapSession *session,
                                    CachetImapSelected *selected);
/* VANISHED. */
void cachet_sync_vanished (CachetFolder *folder, const CachetImapSet *uids);

G_END_DECLS
