#pragma once

#include <gtk/gtk.h>

#include "cachet-account-settings.h"
#include "cachet-secret.h"

G_BEGIN_DECLS

/* Everything about an account that a person chooses, as a form: for the first account and for later
 * changes. Signal "changed": anything was edited. */
#define CACHET_TYPE_ACCOUNT_FORM (cachet_account_form_get_type ())
G_DECLARE_FINAL_TYPE (CachetAccountForm, cachet_account_form, CACHET, ACCOUNT_FORM, GtkBox)

/* Shows @settings (copied); guesses are no longer made. The password stays empty, which then means
 * "unchanged". */
void
cachet_account_form_set_settings (CachetAccountForm *self, const CachetAccountSettings *settings);
/* What is entered, checked; with the id of the settings shown, or a new one that stays the same. */
CachetAccountSettings *cachet_account_form_dup_settings (CachetAccountForm *self, GError **error);
/* (nullable): %NULL when nothing is entered */
CachetSecret *cachet_account_form_dup_password (CachetAccountForm *self);
gboolean cachet_account_form_get_remember (CachetAccountForm *self);

G_END_DECLS
