#pragma once

#include <gtk/gtk.h>

#include "cachet-account.h"
#include "cachet-engine.h"
#include "cachet-folder.h"
#include "cachet-ui-types.h"

G_BEGIN_DECLS

/**
 * CachetFolderTree:
 *
 * All accounts with their folders, unread counts and states. Signal "selection-changed": another
 * folder or account, or none; "row-activated": Enter or
 * a double click on a row; "rebuilt": accounts or folders came or went.
 */
#define CACHET_TYPE_FOLDER_TREE (cachet_folder_tree_get_type ())
G_DECLARE_FINAL_TYPE (CachetFolderTree, cachet_folder_tree, CACHET, FOLDER_TREE, GtkBin)

CachetFolderTree *cachet_folder_tree_new (void);
void cachet_folder_tree_set_engine (CachetFolderTree *self, CachetEngine *engine);
/* (nullable): NULL too when an account's own row is selected */
CachetFolder *cachet_folder_tree_get_folder (CachetFolderTree *self);
/* (nullable): of the selected row, else NULL */
CachetAccount *cachet_folder_tree_get_account (CachetFolderTree *self);
/* FALSE when the folder is not in the tree (yet). */
gboolean cachet_folder_tree_select (CachetFolderTree *self, CachetFolder *folder);
void cachet_folder_tree_focus (CachetFolderTree *self);
void cachet_folder_tree_set_menus (CachetFolderTree *self,
                                   GMenuModel *folder_menu,
                                   GMenuModel *account_menu);

/* Symbolic icon name for a role. */
const char *cachet_folder_role_get_icon_name (CachetFolderRole role);
/* "live", "connecting", … translated. */
const char *cachet_account_state_get_word (CachetAccountState state);

G_END_DECLS
