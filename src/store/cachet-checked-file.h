#pragma once

#include "cachet-store-types.h"

G_BEGIN_DECLS

/* Internal to store/. A file that cannot be fetched again: a line with what it is and its SHA-256,
 * some facts, then the bytes. Written durably, mode 0600. Blocking.
 *
 *   CACHET KIND 1 SHA256 LENGTH-OF-FACTS LF FACTS BYTES          the sum is over FACTS BYTES
 */

/* Longer facts are not believed. */
#define CACHET_CHECKED_FILE_MAX_FACTS (4 * 1024 * 1024)

/* @facts: of type a{sv}, floating references are taken. */
gboolean cachet_checked_file_write (
  const char *path, const char *kind, GVariant *facts, GBytes *bytes, GError **error);
/* The bytes, and if wanted the facts. CACHET_STORE_ERROR_DAMAGED when anything in it changed. */
GBytes *
cachet_checked_file_read (const char *path, const char *kind, GVariant **facts, GError **error);

G_END_DECLS
