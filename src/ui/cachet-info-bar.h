#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* GTK's own close button of an info bar has no accessible name: gives it one. */
void cachet_info_bar_name_close_button (GtkInfoBar *bar);

G_END_DECLS
