#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CACHET_MIME_MAX_PARAMETERS 100

/* What the type says of S/MIME or PGP, without looking inside. */
typedef enum {
  CACHET_SEAL_NONE,
  CACHET_SEAL_SIGNED,
  CACHET_SEAL_ENCRYPTED,
} CachetSeal;

/* A Content-Type or Content-Disposition field: @type is lower case ("text/plain", "attachment"),
 * parameters are decoded (RFC 2231, and RFC 2047 where mail has it) NUL-free UTF-8. Only read:
 * foreign parameters are never written (GMime 3.2.13 may not come back from that). */
typedef struct
{
  char *type;
  GPtrArray *parameters; /* name, value, name, value … */
} CachetContentType;

/* Never fails: what can't be read is text/plain where it looks like text, else
 * application/octet-stream. @text: (nullable) */
CachetContentType *cachet_content_type_parse (const char *text);
/* Never fails: what can't be read is an attachment. */
CachetContentType *cachet_content_disposition_parse (const char *text);
void cachet_content_type_free (CachetContentType *self);
/* (nullable) */
const char *cachet_content_type_get_parameter (const CachetContentType *self, const char *name);
CachetSeal cachet_content_type_get_seal (const CachetContentType *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetContentType, cachet_content_type_free)

G_END_DECLS
