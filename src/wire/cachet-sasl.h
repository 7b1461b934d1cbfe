#pragma once

#include "cachet-secret.h"

G_BEGIN_DECLS

#define CACHET_SASL_ERROR (cachet_sasl_error_quark ())
GQuark cachet_sasl_error_quark (void);

/**
 * CachetSaslError:
 * @CACHET_SASL_ERROR_CHALLENGE: the server's challenge is malformed or too long
 * @CACHET_SASL_ERROR_UNEXPECTED: a challenge came after the mechanism had said all it has to say,
 * or success came before
 * @CACHET_SASL_ERROR_CREDENTIALS: this name or password can't be sent with this mechanism
 * @CACHET_SASL_ERROR_SERVER: the server could not prove that it knows the password
 */
typedef enum {
  CACHET_SASL_ERROR_CHALLENGE,
  CACHET_SASL_ERROR_UNEXPECTED,
  CACHET_SASL_ERROR_CREDENTIALS,
  CACHET_SASL_ERROR_SERVER,
} CachetSaslError;

/* Bytes of one decoded challenge; RFC 4422 sets no limit. */
#define CACHET_SASL_MAX_CHALLENGE 16384

/**
 * CachetSasl:
 *
 * One exchange of one SASL mechanism (RFC 4422), for IMAP AUTHENTICATE and SMTP AUTH alike. Used
 * once: start(), then step() for each challenge, then finish() when the server said yes. Responses
 * are secrets, wiped when released.
 */
#define CACHET_TYPE_SASL (cachet_sasl_get_type ())
G_DECLARE_INTERFACE (CachetSasl, cachet_sasl, CACHET, SASL, GObject)

struct _CachetSaslInterface
{
  GTypeInterface parent;
  const char *(*get_mechanism) (CachetSasl *self);
  gboolean (*exposes_password) (CachetSasl *self);
  CachetSecret *(*start) (CachetSasl *self, GError **error);
  CachetSecret *(*step) (CachetSasl *self, const guint8 *challenge, gsize length, GError **error);
  gboolean (*finish) (CachetSasl *self, GError **error);
};

/* @mechanism: a name that cachet_sasl_choose() gave: "PLAIN", "LOGIN" or "CRAM-MD5", without case.
 * %NULL and CACHET_SASL_ERROR_CREDENTIALS for a name or password with a NUL, an empty name, or a
 * mechanism unknown here. */
CachetSasl *
cachet_sasl_new (const char *mechanism, const char *user, CachetSecret *password, GError **error);
/* In capitals, as it goes on the wire. */
const char *cachet_sasl_get_mechanism (CachetSasl *self);
/* Whether someone who reads the line reads the password. */
gboolean cachet_sasl_exposes_password (CachetSasl *self);

/* Raw exchange. start: (nullable) the initial response; %NULL without @error when the mechanism
 * waits for the server to speak first. step: the answer to a challenge, never %NULL but on error.
 */
CachetSecret *cachet_sasl_start (CachetSasl *self, GError **error);
CachetSecret *
cachet_sasl_step (CachetSasl *self, const guint8 *challenge, gsize length, GError **error);
/* To be called when the server reports success: %FALSE when it may not be believed. */
gboolean cachet_sasl_finish (CachetSasl *self, GError **error);

/* The same as lines of base64 (RFC 4648, no line breaks). start_line: "=" stands for an empty
 * initial response (RFC 4959, RFC 4954). step_line: @challenge is the base64 text of a continuation
 * without CRLF ("" allowed); a challenge that isn't base64 is an error: cancel with "*" then. */
CachetSecret *cachet_sasl_start_line (CachetSasl *self, GError **error);
CachetSecret *
cachet_sasl_step_line (CachetSasl *self, const char *challenge, gssize length, GError **error);

/**
 * CachetSaslRefusal: why cachet_sasl_choose() gave no mechanism.
 * @CACHET_SASL_REFUSAL_NOT_OFFERED: nothing the server offers is known here, or the mechanism asked
 * for is not offered
 * @CACHET_SASL_REFUSAL_CLEAR: a password would have crossed in clear, and the user did not agree
 * @CACHET_SASL_REFUSAL_UNKNOWN: @preference is no mechanism that Cachet knows
 */
typedef enum {
  CACHET_SASL_REFUSAL_NONE,
  CACHET_SASL_REFUSAL_NOT_OFFERED,
  CACHET_SASL_REFUSAL_CLEAR,
  CACHET_SASL_REFUSAL_UNKNOWN,
} CachetSaslRefusal;

/* The best mechanism. @offered: names without case, %NULL-terminated. @preference: "auto" or %NULL,
 * or "plain", "login", "cram-md5". On an encrypted connection PLAIN, LOGIN, CRAM-MD5 in that order;
 * in clear CRAM-MD5 first, and the other two only with @allow_clear. %NULL and @refusal (out)
 * (optional) when there is none. */
const char *cachet_sasl_choose (const char *const *offered,
                                const char *preference,
                                gboolean encrypted,
                                gboolean allow_clear,
                                CachetSaslRefusal *refusal);

G_END_DECLS
