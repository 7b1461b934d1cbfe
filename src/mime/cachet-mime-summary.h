#pragma once

#include "cachet-mime-types.h"

G_BEGIN_DECLS

/**
 * CachetMimeSummary:
 * What a list row needs of a header block, decoded (RFC 5322, RFC 2047): valid UTF-8, never NULL,
 * one line each.
 * @date: Unix seconds, G_MININT64 when absent or unreadable
 */
typedef struct
{
  char *subject;
  char *from_name;
  char *from_addr;
  char *to;
  char *message_id;  /* without <> */
  char *in_reply_to; /* without <> */
  char *references;  /* without <>, space separated, at most CACHET_MIME_MAX_REFERENCES newest */
  char *list_id;
  gint64 date;
  CachetMessageFlags
    traits; /* SIGNED, ENCRYPTED, HAS_ATTACHMENT as far as the top Content-Type tells */
} CachetMimeSummary;

#define CACHET_MIME_MAX_REFERENCES 50

/* The header fields a row needs, as asked for with BODY.PEEK[HEADER.FIELDS (…)]. */
#define CACHET_MIME_ROW_FIELDS \
  "From To Cc Subject Date Message-ID References In-Reply-To Content-Type"

/* Never fails: unreadable fields become empty. Any thread. @header ends with or without the empty
 * line. */
CachetMimeSummary *cachet_mime_summary_new (GBytes *header);
void cachet_mime_summary_free (CachetMimeSummary *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetMimeSummary, cachet_mime_summary_free)

G_END_DECLS
