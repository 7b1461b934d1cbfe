#pragma once

#include <handy.h>

#include "cachet-server-certificate.h"
#include "cachet-ui-types.h"

G_BEGIN_DECLS

/**
 * CachetCertificateDialog:
 *
 * Shows a refused server certificate: each problem in a sentence, names, dates, SHA-256
 * fingerprint. Refusing is the default. Signal "accepted" (const CachetServerCertificate *): the
 * user keeps an exception; the caller stores it. Closes and destroys itself after either answer.
 */
#define CACHET_TYPE_CERTIFICATE_DIALOG (cachet_certificate_dialog_get_type ())
G_DECLARE_FINAL_TYPE (
  CachetCertificateDialog, cachet_certificate_dialog, CACHET, CERTIFICATE_DIALOG, GtkDialog)

/* Modal over @parent. The caller presents it. @certificate is copied. */
CachetCertificateDialog *
cachet_certificate_dialog_new (GtkWindow *parent, const CachetServerCertificate *certificate);

G_END_DECLS
