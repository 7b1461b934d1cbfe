#pragma once

#include "cachet-engine-types.h"
#include "cachet-secret.h"

G_BEGIN_DECLS

/* Passwords by account and purpose ("imap", "smtp"), in the secret service by libsecret's async
 * calls only; where there is none (or it refuses), kept for this run. Never touches a keyring
 * before it is asked. */
#define CACHET_TYPE_SECRETS (cachet_secrets_get_type ())
G_DECLARE_FINAL_TYPE (CachetSecrets, cachet_secrets, CACHET, SECRETS, GObject)

#define CACHET_SECRETS_TIMEOUT_SECONDS 15

CachetSecrets *cachet_secrets_new (void);
/* Finish gives NULL without error when none is stored. */
void cachet_secrets_lookup_async (CachetSecrets *self,
                                  const char *account_id,
                                  const char *purpose,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
CachetSecret *
cachet_secrets_lookup_finish (CachetSecrets *self, GAsyncResult *result, GError **error);
/* Finish tells by @only_this_run that it could not be kept longer (no error). */
void cachet_secrets_store_async (CachetSecrets *self,
                                 const char *account_id,
                                 const char *purpose,
                                 const char *label,
                                 CachetSecret *secret,
                                 gboolean remember,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean cachet_secrets_store_finish (CachetSecrets *self,
                                      GAsyncResult *result,
                                      gboolean *only_this_run,
                                      GError **error);
void cachet_secrets_clear_async (CachetSecrets *self,
                                 const char *account_id,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean cachet_secrets_clear_finish (CachetSecrets *self, GAsyncResult *result, GError **error);

G_END_DECLS
