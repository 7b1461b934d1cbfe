#pragma once

#include "cachet-imap-value.h"

G_BEGIN_DECLS

/* A node. The nodes of a response stand in one array in depth-first order, in the same block as the
 * bytes they point to; @offset counts from the node itself, so that no node needs a pointer. */
struct _CachetImapValue
{
  guint32 offset;
  guint32 length;  /* bytes; for a list its number of children */
  guint32 n_nodes; /* this one and all below it */
  guint8 kind;
  guint8 is_last;  /* of its siblings */
  guint8 in_arena; /* while it is built: @offset counts in the arena, not in the bytes */
};

G_END_DECLS
