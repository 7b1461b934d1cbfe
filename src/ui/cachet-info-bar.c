#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-info-bar.h"

#include <glib/gi18n.h>

static void
name_close_cb (GtkWidget *widget, gpointer user_data)
{
  if (GTK_IS_BUTTON (widget) &&
      gtk_style_context_has_class (gtk_widget_get_style_context (widget), "close"))
    atk_object_set_name (gtk_widget_get_accessible (widget), _ ("Close"));
  else if (GTK_IS_CONTAINER (widget))
    gtk_container_forall (GTK_CONTAINER (widget), name_close_cb, NULL);
}

void
cachet_info_bar_name_close_button (GtkInfoBar *bar)
{
  g_return_if_fail (GTK_IS_INFO_BAR (bar));
  name_close_cb (GTK_WIDGET (bar), NULL);
}
