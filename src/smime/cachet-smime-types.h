#pragma once

#include <gio/gio.h>

#include "cachet-base-types.h"

G_BEGIN_DECLS

typedef struct _CachetCertificate CachetCertificate;
typedef struct _CachetPrivateKey CachetPrivateKey;
typedef struct _CachetPkcs12 CachetPkcs12;

#define CACHET_SMIME_ERROR (cachet_smime_error_quark ())
GQuark cachet_smime_error_quark (void);

/**
 * CachetSmimeError:
 *
 * Codes are for the program; each message is a whole sentence for people.
 */
typedef enum {
  CACHET_SMIME_ERROR_WRONG_PASSWORD,
  CACHET_SMIME_ERROR_DAMAGED,         /* not what it should be, or cut off */
  CACHET_SMIME_ERROR_NO_KEY,          /* a .p12 without a private key */
  CACHET_SMIME_ERROR_KEY_UNSUPPORTED, /* a key type or a protection that can't be used */
  CACHET_SMIME_ERROR_UNSUPPORTED,     /* an algorithm or a form */
  CACHET_SMIME_ERROR_MISSING_KEY,     /* sealed for other certificates than mine */
  CACHET_SMIME_ERROR_LIMIT,           /* larger than Cachet takes */
  CACHET_SMIME_ERROR_LOCKED,          /* the key's password is needed */
  CACHET_SMIME_ERROR_CRYPTO,          /* a library call failed */
} CachetSmimeError;

G_END_DECLS
