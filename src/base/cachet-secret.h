#pragma once

#include "cachet-base-types.h"

G_BEGIN_DECLS

/* A password or token: reference counted, kept out of swap where the system allows, wiped when the
 * last reference goes. Immutable, so it may cross threads. */
#define CACHET_TYPE_SECRET (cachet_secret_get_type ())
GType cachet_secret_get_type (void) G_GNUC_CONST;

CachetSecret *cachet_secret_new (const char *text, gssize length);
CachetSecret *cachet_secret_ref (CachetSecret *self);
void cachet_secret_unref (CachetSecret *self);
/* NUL-terminated, owned by @self. */
const char *cachet_secret_get_text (const CachetSecret *self);
gsize cachet_secret_get_length (const CachetSecret *self);
/* Overwrites @length bytes in a way that the compiler does not remove. */
void cachet_secret_wipe (void *memory, gsize length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetSecret, cachet_secret_unref)

G_END_DECLS
