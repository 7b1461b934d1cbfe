#pragma once

#include "cachet-net-types.h"

G_BEGIN_DECLS

/**
 * CachetTlsAnchors:
 *
 * A GTlsDatabase that asks the system's authorities and, where they do not know the issuer, those
 * of one PEM file besides.
 */
#define CACHET_TYPE_TLS_ANCHORS (cachet_tls_anchors_get_type ())
G_DECLARE_FINAL_TYPE (CachetTlsAnchors, cachet_tls_anchors, CACHET, TLS_ANCHORS, GTlsDatabase)

/* (transfer full): the system's database itself when @ca_file is NULL. @ca_file: absolute (GIO
 * takes a relative path for an empty file). Fails with CACHET_NET_ERROR_TLS. */
GTlsDatabase *cachet_tls_anchors_new (const char *ca_file, GError **error);

G_END_DECLS
