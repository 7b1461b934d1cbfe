#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Internal to store/. A fast 64-bit sum against accidents (flipped bits, cut files), not against
 * people. Stable over machines and versions: it is on the disk. */
#define CACHET_CHECKSUM_SEED G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)

/* Folds @length bytes and their number into @sum. */
guint64 cachet_checksum_add (guint64 sum, gconstpointer bytes, gsize length);
/* Folds in the text, or its absence. */
guint64 cachet_checksum_add_text (guint64 sum, const char *text);
guint64 cachet_checksum_add_number (guint64 sum, gint64 number);

G_END_DECLS
