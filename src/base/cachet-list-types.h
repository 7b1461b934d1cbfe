#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CachetListEntry: what of each row stands in memory for the whole list (24 bytes).
 */
typedef struct
{
  gint64 id;
  gint64 date : 40; /* Unix seconds */
  guint64 flags : 24;
  guint32 uid;
  guint32 size;
} CachetListEntry;

typedef enum {
  CACHET_SORT_DATE,
  CACHET_SORT_SUBJECT, /* without Re:/Fwd: prefixes */
  CACHET_SORT_FROM,
  CACHET_SORT_SIZE,
  CACHET_SORT_UNREAD,
  CACHET_SORT_FLAGGED,
  CACHET_SORT_ATTACHMENT,
} CachetSortKey;

/*
 *  READY -> SENDING -> DATA_SENT -> SENT (append to the sent mailbox is pending) -> row deleted
 *    ^         |           |
 *    |         v           v
 *    +----- FAILED      UNKNOWN (never re-sent by itself)
 */
typedef enum {
  CACHET_OUTBOX_READY,
  CACHET_OUTBOX_SENDING,
  CACHET_OUTBOX_DATA_SENT,
  CACHET_OUTBOX_SENT,
  CACHET_OUTBOX_FAILED,
  CACHET_OUTBOX_UNKNOWN,
} CachetOutboxState;

G_END_DECLS
