#pragma once

#include "cachet-store-types.h"

G_BEGIN_DECLS

/* The role a mailbox most likely has by the last part of its name, in the languages that servers
 * and clients use; NONE when the name tells nothing. @name: UTF-8. */
CachetFolderRole cachet_folder_role_from_name (const char *name);
/* Gives each role that no mailbox has from the server to the first one whose name tells it; a role
 * that several have stays with the first. (element-type CachetStoredMailbox) */
void cachet_folder_roles_complete (GPtrArray *mailboxes);
/* Translated, for people: "Inbox"; NULL for NONE. */
const char *cachet_folder_role_get_title (CachetFolderRole role);
/* The name under which a missing mailbox of that role is made, or NULL. */
const char *cachet_folder_role_get_default_name (CachetFolderRole role);
/* Order in the tree: Inbox first; NONE is last. */
guint cachet_folder_role_get_rank (CachetFolderRole role);
/* Last component of a mailbox's display name. */
const char *cachet_folder_last_component (const char *display_name, char delimiter);

G_END_DECLS
