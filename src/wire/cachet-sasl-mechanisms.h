#pragma once

#include "cachet-sasl.h"

G_BEGIN_DECLS

/* The mechanisms behind cachet_sasl_new(); name and password were checked there. */

/* RFC 4616 */
#define CACHET_TYPE_SASL_PLAIN (cachet_sasl_plain_get_type ())
G_DECLARE_FINAL_TYPE (CachetSaslPlain, cachet_sasl_plain, CACHET, SASL_PLAIN, GObject)
CachetSasl *cachet_sasl_plain_new (const char *user, CachetSecret *password);

/* draft-murchison-sasl-login: two prompts, whatever they say */
#define CACHET_TYPE_SASL_LOGIN (cachet_sasl_login_get_type ())
G_DECLARE_FINAL_TYPE (CachetSaslLogin, cachet_sasl_login, CACHET, SASL_LOGIN, GObject)
CachetSasl *cachet_sasl_login_new (const char *user, CachetSecret *password);

/* RFC 2195 */
#define CACHET_TYPE_SASL_CRAM_MD5 (cachet_sasl_cram_md5_get_type ())
G_DECLARE_FINAL_TYPE (CachetSaslCramMd5, cachet_sasl_cram_md5, CACHET, SASL_CRAM_MD5, GObject)
CachetSasl *cachet_sasl_cram_md5_new (const char *user, CachetSecret *password);

G_END_DECLS
