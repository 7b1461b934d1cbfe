#pragma once

#include <handy.h>

#include "cachet-account.h"
#include "cachet-ui-types.h"

G_BEGIN_DECLS

/**
 * CachetPasswordDialog:
 *
 * Asks for an account's password (with "Remember") and hands it to cachet_account_give_password().
 * Also asks for the consent of CACHET_ATTENTION_CLEAR_PASSWORD, when that is the account's
 * attention.
 */
#define CACHET_TYPE_PASSWORD_DIALOG (cachet_password_dialog_get_type ())
G_DECLARE_FINAL_TYPE (
  CachetPasswordDialog, cachet_password_dialog, CACHET, PASSWORD_DIALOG, GtkDialog)

/* Modal over @parent; closes and destroys itself. The caller presents it. */
CachetPasswordDialog *cachet_password_dialog_new (GtkWindow *parent, CachetAccount *account);

G_END_DECLS
