#pragma once

#include "cachet-account-settings.h"
#include "cachet-server-certificate.h"
#include "cachet-store-types.h"

G_BEGIN_DECLS

/* @config_dir/accounts.ini and @config_dir/exceptions.ini: small, read once at start, written
 * durably. A file that cannot be read is an error, never taken as empty; a broken group is skipped,
 * kept in the file, and named in
 * @warnings. No password is ever in them. Blocking, small: allowed on the main thread at start,
 * worker later. */
#define CACHET_TYPE_ACCOUNTS_FILE (cachet_accounts_file_get_type ())
G_DECLARE_FINAL_TYPE (CachetAccountsFile, cachet_accounts_file, CACHET, ACCOUNTS_FILE, GObject)

CachetAccountsFile *cachet_accounts_file_new (const char *config_dir);
gboolean cachet_accounts_file_load (CachetAccountsFile *self, char ***warnings, GError **error);
/* (element-type CachetAccountSettings), in the user's order, owned by the file */
GPtrArray *cachet_accounts_file_get_accounts (CachetAccountsFile *self);
/* Adds or replaces by id, and writes. */
gboolean cachet_accounts_file_put (CachetAccountsFile *self,
                                   const CachetAccountSettings *settings,
                                   GError **error);
gboolean cachet_accounts_file_remove (CachetAccountsFile *self, const char *id, GError **error);
/* (element-type CachetTlsException) */
GPtrArray *cachet_accounts_file_get_exceptions (CachetAccountsFile *self);
/* One per host and port: replaces an older one. */
gboolean cachet_accounts_file_put_exception (CachetAccountsFile *self,
                                             const CachetTlsException *exception,
                                             GError **error);
gboolean cachet_accounts_file_remove_exception (CachetAccountsFile *self,
                                                const char *host,
                                                guint16 port,
                                                GError **error);

G_END_DECLS
