#pragma once

#include "cachet-mime-part-private.h"

G_BEGIN_DECLS

/* What else the reading of a message brought to light. */
typedef struct
{
  guint n_from_fields;
  guint n_content_type_fields;
  gboolean headers_cut;
  gboolean addresses_cut;
  gboolean text_cut;
  gboolean odd_subject;
} CachetMimeFindings;

/* Whether @text has characters that are usually invisible, or a picture of one: a NUL is "␀" from
 * the moment it is decoded. */
gboolean cachet_mime_text_has_tricks (const char *text);

/* NULL-terminated translated sentences. */
char **cachet_mime_warnings_collect (CachetMimeMessage *message,
                                     const CachetMimeFindings *findings,
                                     const CachetMimeBudget *budget);

G_END_DECLS
