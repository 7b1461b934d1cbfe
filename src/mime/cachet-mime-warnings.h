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

/* NULL-terminated translated sentences. */
char **cachet_mime_warnings_collect (CachetMimeMessage *message,
                                     const CachetMimeFindings *findings,
                                     const CachetMimeBudget *budget);

G_END_DECLS
