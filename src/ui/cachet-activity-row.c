#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-activity-row.h"

#include <glib/gi18n.h>

typedef struct
{
  GtkWidget *title;
  GtkWidget *detail;
  GtkWidget *progress;
  GtkWidget *cancel;
} RowParts;

static void
update_cb (CachetActivity *activity, GParamSpec *pspec, GtkWidget *row)
{
  RowParts *parts = g_object_get_data (G_OBJECT (row), "parts");
  const char *detail = cachet_activity_get_detail (activity);
  double fraction = cachet_activity_get_fraction (activity);

  gtk_label_set_text (GTK_LABEL (parts->title), cachet_activity_get_title (activity));
  gtk_label_set_text (GTK_LABEL (parts->detail), detail != NULL ? detail : "");
  gtk_widget_set_visible (parts->detail, detail != NULL && *detail != '\0');
  gtk_widget_set_visible (parts->progress, fraction >= 0);
  if (fraction >= 0)
    gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (parts->progress), MIN (fraction, 1.0));
  gtk_widget_set_visible (parts->cancel, cachet_activity_get_cancellable (activity) != NULL);
}

static void
cancel_cb (CachetActivity *activity)
{
  cachet_activity_cancel (activity);
}

static GtkWidget *
make_label (gboolean dim)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 44);
  if (dim)
    gtk_style_context_add_class (gtk_widget_get_style_context (label), "dim-label");
  gtk_widget_show (label);
  return label;
}

GtkWidget *
cachet_activity_row_new (CachetActivity *activity)
{
  RowParts *parts = g_new0 (RowParts, 1);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  g_autofree char *cancel_name = NULL;

  parts->title = make_label (FALSE);
  parts->detail = make_label (TRUE);
  parts->progress = gtk_progress_bar_new ();
  parts->cancel = gtk_button_new_from_icon_name ("process-stop-symbolic", GTK_ICON_SIZE_MENU);
  gtk_widget_set_tooltip_text (parts->cancel, _ ("Cancel"));
  /* Translators: accessible name of a button; %s is the work that it stops */
  cancel_name = g_strdup_printf (_ ("Cancel: %s"), cachet_activity_get_title (activity));
  atk_object_set_name (gtk_widget_get_accessible (parts->cancel), cancel_name);
  atk_object_set_name (gtk_widget_get_accessible (parts->progress), _ ("Progress"));
  gtk_widget_set_valign (parts->cancel, GTK_ALIGN_CENTER);
  gtk_button_set_relief (GTK_BUTTON (parts->cancel), GTK_RELIEF_NONE);
  gtk_container_add (GTK_CONTAINER (texts), parts->title);
  gtk_container_add (GTK_CONTAINER (texts), parts->detail);
  gtk_container_add (GTK_CONTAINER (texts), parts->progress);
  gtk_box_pack_start (GTK_BOX (box), texts, TRUE, TRUE, 0);
  gtk_container_add (GTK_CONTAINER (box), parts->cancel);
  g_object_set (box, "margin", 6, NULL);
  gtk_container_add (GTK_CONTAINER (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_show_all (row);
  g_object_set_data_full (G_OBJECT (row), "parts", parts, g_free);
  g_signal_connect_object (parts->cancel, "clicked", G_CALLBACK (cancel_cb), activity,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (activity, "notify", G_CALLBACK (update_cb), row, 0);
  update_cb (activity, NULL, row);
  return row;
}
