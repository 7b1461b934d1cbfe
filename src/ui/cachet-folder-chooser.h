#pragma once

#include <gtk/gtk.h>

#include "cachet-engine.h"
#include "cachet-folder.h"
#include "cachet-ui-types.h"

G_BEGIN_DECLS

/**
 * CachetFolderChooser:
 *
 * A dialog with every folder that messages can be put in; typing narrows the list, Enter takes the
 * first. Signal "chosen" (CachetFolder); the dialog destroys itself afterwards.
 */
#define CACHET_TYPE_FOLDER_CHOOSER (cachet_folder_chooser_get_type ())
G_DECLARE_FINAL_TYPE (CachetFolderChooser, cachet_folder_chooser, CACHET, FOLDER_CHOOSER, GtkDialog)

/* @current: (nullable): left out, for the messages are there already. */
CachetFolderChooser *cachet_folder_chooser_new (GtkWindow *parent,
                                                CachetEngine *engine,
                                                CachetFolder *current,
                                                const char *title,
                                                const char *verb);

G_END_DECLS
