#pragma once

#include "cachet-smtp-reply.h"

G_BEGIN_DECLS

/**
 * CachetSmtpExtensions:
 *
 * What a server offered in its answer to EHLO (RFC 5321 §4.1.1.1). Never kept across STARTTLS.
 */
typedef struct _CachetSmtpExtensions CachetSmtpExtensions;

/* @ehlo: (nullable): %NULL for a server that only knows HELO, and so offers nothing */
CachetSmtpExtensions *cachet_smtp_extensions_new (const CachetSmtpReply *ehlo);
void cachet_smtp_extensions_free (CachetSmtpExtensions *self);
/* @keyword: without case, such as "PIPELINING" */
gboolean cachet_smtp_extensions_has (const CachetSmtpExtensions *self, const char *keyword);
/* SIZE (RFC 1870); 0 when there is no limit or none is told. */
guint64 cachet_smtp_extensions_get_max_size (const CachetSmtpExtensions *self);
/* SASL mechanisms from "AUTH …" (RFC 4954) and the old "AUTH=…", in capitals, without doubles;
 * %NULL-terminated, owned by @self. */
const char *const *cachet_smtp_extensions_get_mechanisms (const CachetSmtpExtensions *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetSmtpExtensions, cachet_smtp_extensions_free)

G_END_DECLS
