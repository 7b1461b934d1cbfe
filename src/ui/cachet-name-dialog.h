#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * CachetNameDialog:
 *
 * Asks for one name, such as a new folder's. Signal "chosen" (const char *): a name that is not
 * empty; the dialog destroys itself afterwards.
 */
#define CACHET_TYPE_NAME_DIALOG (cachet_name_dialog_get_type ())
G_DECLARE_FINAL_TYPE (CachetNameDialog, cachet_name_dialog, CACHET, NAME_DIALOG, GtkDialog)

/* @where: (nullable): a sentence above the entry. @name: (nullable): what is there first. @verb:
 * the button, with mnemonic. */
CachetNameDialog *cachet_name_dialog_new (
  GtkWindow *parent, const char *title, const char *where, const char *name, const char *verb);

G_END_DECLS
