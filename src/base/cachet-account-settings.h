#pragma once

#include "cachet-endpoint.h"

G_BEGIN_DECLS

/**
 * CachetDeleteMode:
 * @CACHET_DELETE_MODE_TRASH: "delete" moves to the mailbox for deleted mail
 * @CACHET_DELETE_MODE_MARK: "delete" sets \Deleted, and Expunge removes
 */
typedef enum {
  CACHET_DELETE_MODE_TRASH,
  CACHET_DELETE_MODE_MARK,
} CachetDeleteMode;

/**
 * CachetAccountSettings:
 * @id: stable identifier (UUID), made by cachet_account_settings_new()
 * @label: what the account is called in the window
 * @full_name: (nullable): name in From
 * @address: addr-spec of From
 * @imap, @smtp: servers
 * @imap_user, @smtp_user: log-in names; an empty @smtp_user sends without AUTH
 * @auth: "auto", "plain", "login" or "cram-md5"
 * @allow_clear_password: the user agreed that the password crosses this account's connections in
 * clear
 * @signature: (nullable): text put under new messages
 * @delete_mode: what "delete" does
 *
 * Everything about an account that the user chose; no password is ever in it.
 */
struct _CachetAccountSettings
{
  char *id;
  char *label;
  char *full_name;
  char *address;
  CachetEndpoint *imap;
  CachetEndpoint *smtp;
  char *imap_user;
  char *smtp_user;
  char *auth;
  gboolean allow_clear_password;
  char *signature;
  CachetDeleteMode delete_mode;
};

#define CACHET_TYPE_ACCOUNT_SETTINGS (cachet_account_settings_get_type ())
GType cachet_account_settings_get_type (void) G_GNUC_CONST;

/* New settings with a fresh id and empty strings; servers are NULL until set. */
CachetAccountSettings *cachet_account_settings_new (void);
CachetAccountSettings *cachet_account_settings_copy (const CachetAccountSettings *self);
void cachet_account_settings_free (CachetAccountSettings *self);
/* Checks that the settings can be used: address, hosts, ports, user names. @error says which field
 * and why. */
gboolean cachet_account_settings_validate (const CachetAccountSettings *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetAccountSettings, cachet_account_settings_free)

G_END_DECLS
