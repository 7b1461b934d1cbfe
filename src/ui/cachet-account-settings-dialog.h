#pragma once

#include <handy.h>

#include "cachet-account.h"
#include "cachet-engine.h"
#include "cachet-ui-types.h"

G_BEGIN_DECLS

/**
 * CachetAccountSettingsDialog:
 *
 * Everything of an account that can be changed, and "Remove account…" (which asks, and names unsent
 * messages).
 */
#define CACHET_TYPE_ACCOUNT_SETTINGS_DIALOG (cachet_account_settings_dialog_get_type ())
G_DECLARE_FINAL_TYPE (CachetAccountSettingsDialog,
                      cachet_account_settings_dialog,
                      CACHET,
                      ACCOUNT_SETTINGS_DIALOG,
                      HdyWindow)

/* Transient for @parent; closes and destroys itself. The caller presents it. */
CachetAccountSettingsDialog *cachet_account_settings_dialog_new (GtkWindow *parent,
                                                                 CachetEngine *engine,
                                                                 CachetAccount *account);

G_END_DECLS
