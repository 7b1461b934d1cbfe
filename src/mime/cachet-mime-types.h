#pragma once

#include <gio/gio.h>

#include "cachet-base-types.h"

G_BEGIN_DECLS

typedef struct _CachetMimeMessage CachetMimeMessage;
typedef struct _CachetMimePart CachetMimePart;
typedef struct _CachetDraft CachetDraft;

#define CACHET_MIME_ERROR (cachet_mime_error_quark ())
GQuark cachet_mime_error_quark (void);

/* Readies the libraries below. Every entry into this layer calls it by itself; whoever else uses
 * GMime must call it first. Any thread, any number of times. */
void cachet_mime_init (void);

typedef enum {
  CACHET_MIME_ERROR_EMPTY,   /* no message in these bytes */
  CACHET_MIME_ERROR_NO_PART, /* no part with this path */
  CACHET_MIME_ERROR_DECODE,
  CACHET_MIME_ERROR_ADDRESS,    /* an address that can't be used; the message names it */
  CACHET_MIME_ERROR_ATTACHMENT, /* a file that can't be read */
  CACHET_MIME_ERROR_LIMIT,
  CACHET_MIME_ERROR_TIMEOUT,
} CachetMimeError;

G_END_DECLS
