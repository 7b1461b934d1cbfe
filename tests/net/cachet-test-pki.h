#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* An authority and a server certificate for 127.0.0.1 and localhost, made once for this process in
 * a folder of its own that is removed at the end. */
const char *cachet_test_pki_get_ca_file (void);
GTlsCertificate *cachet_test_pki_get_certificate (void);

G_END_DECLS
