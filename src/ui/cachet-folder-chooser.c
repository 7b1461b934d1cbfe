#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-folder-chooser.h"

#include "cachet-account.h"
#include "cachet-folder-tree.h"
#include "cachet-visible-text.h"

#include <glib/gi18n.h>
#include <string.h>

#define FOLDER_DATA "cachet-folder"
#define TEXT_DATA "cachet-folded-text"

struct _CachetFolderChooser
{
  GtkDialog parent_instance;

  GtkEntry *entry;
  GtkListBox *list;
};

enum {
  SIGNAL_CHOSEN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CachetFolderChooser, cachet_folder_chooser, GTK_TYPE_DIALOG)

static char *
fold (const char *text)
{
  g_autofree char *normal = g_utf8_normalize (text, -1, G_NORMALIZE_ALL);

  return g_utf8_casefold (normal != NULL ? normal : text, -1);
}

static gboolean
filter_cb (GtkListBoxRow *row, gpointer user_data)
{
  CachetFolderChooser *self = user_data;
  g_autofree char *words = fold (gtk_entry_get_text (self->entry));

  return strstr (g_object_get_data (G_OBJECT (row), TEXT_DATA), words) != NULL;
}

static GtkListBoxRow *
first_visible_row (CachetFolderChooser *self)
{
  g_autoptr (GList) rows = gtk_container_get_children (GTK_CONTAINER (self->list));
  GList *l;

  for (l = rows; l != NULL; l = l->next)
    if (gtk_widget_get_child_visible (l->data))
      return l->data;
  return NULL;
}

static void
entry_changed_cb (CachetFolderChooser *self)
{
  GtkListBoxRow *row;

  gtk_list_box_invalidate_filter (self->list);
  row = first_visible_row (self);
  gtk_list_box_select_row (self->list, row);
  gtk_dialog_set_response_sensitive (GTK_DIALOG (self), GTK_RESPONSE_ACCEPT, row != NULL);
}

static void
row_selected_cb (CachetFolderChooser *self, GtkListBoxRow *row)
{
  gtk_dialog_set_response_sensitive (GTK_DIALOG (self), GTK_RESPONSE_ACCEPT, row != NULL);
}

static void
row_activated_cb (CachetFolderChooser *self)
{
  gtk_dialog_response (GTK_DIALOG (self), GTK_RESPONSE_ACCEPT);
}

static void
stop_search_cb (CachetFolderChooser *self)
{
  /* Not at once: the key is still being handled. */
  gtk_window_close (GTK_WINDOW (self));
}

static gboolean
entry_key_press_cb (CachetFolderChooser *self, GdkEventKey *event)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

  if (event->keyval != GDK_KEY_Down)
    return GDK_EVENT_PROPAGATE;
  gtk_widget_grab_focus (row != NULL ? GTK_WIDGET (row) : GTK_WIDGET (self->list));
  return GDK_EVENT_STOP;
}

static void
cachet_folder_chooser_response (GtkDialog *dialog, int response)
{
  CachetFolderChooser *self = CACHET_FOLDER_CHOOSER (dialog);
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

  if (response == GTK_RESPONSE_ACCEPT && row != NULL)
    g_signal_emit (self, signals[SIGNAL_CHOSEN], 0,
                   g_object_get_data (G_OBJECT (row), FOLDER_DATA));
  gtk_widget_destroy (GTK_WIDGET (self));
}

static void
cachet_folder_chooser_class_init (CachetFolderChooserClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  GTK_DIALOG_CLASS (klass)->response = cachet_folder_chooser_response;
  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, CACHET_TYPE_FOLDER);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/cachetmail/Cachet/ui/cachet-folder-chooser.ui");
  gtk_widget_class_bind_template_child (widget_class, CachetFolderChooser, entry);
  gtk_widget_class_bind_template_child (widget_class, CachetFolderChooser, list);
  gtk_widget_class_bind_template_callback (widget_class, entry_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_key_press_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
}

static void
cachet_folder_chooser_init (CachetFolderChooser *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_filter_func (self->list, filter_cb, self, NULL);
}

static void
add_folder (CachetFolderChooser *self, CachetFolder *folder, gboolean with_account)
{
  CachetAccount *account = cachet_folder_get_account (folder);
  gboolean special = cachet_folder_get_role (folder) != CACHET_FOLDER_ROLE_NONE;
  g_autofree char *name = cachet_visible_text (
    special ? cachet_folder_get_name (folder) : cachet_folder_get_path (folder), -1, FALSE);
  g_autofree char *text = with_account
                            ? g_strdup_printf ("%s — %s", name, cachet_account_get_label (account))
                            : g_strdup (name);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_container_add (
    GTK_CONTAINER (box),
    gtk_image_new_from_icon_name (
      cachet_folder_role_get_icon_name (cachet_folder_get_role (folder)), GTK_ICON_SIZE_MENU));
  gtk_container_add (GTK_CONTAINER (box), label);
  g_object_set (box, "margin", 6, NULL);
  gtk_container_add (GTK_CONTAINER (row), box);
  atk_object_set_name (gtk_widget_get_accessible (row), text);
  g_object_set_data_full (G_OBJECT (row), FOLDER_DATA, g_object_ref (folder), g_object_unref);
  g_object_set_data_full (G_OBJECT (row), TEXT_DATA, fold (text), g_free);
  gtk_widget_show_all (row);
  gtk_container_add (GTK_CONTAINER (self->list), row);
}

CachetFolderChooser *
cachet_folder_chooser_new (GtkWindow *parent,
                           CachetEngine *engine,
                           CachetFolder *current,
                           const char *title,
                           const char *verb)
{
  CachetFolderChooser *self =
    g_object_new (CACHET_TYPE_FOLDER_CHOOSER, "use-header-bar", TRUE, "title", title, "modal", TRUE,
                  "destroy-with-parent", TRUE, "transient-for", parent, NULL);
  GListModel *accounts = cachet_engine_get_accounts (engine);
  guint n_accounts = g_list_model_get_n_items (accounts);
  GtkWidget *button;
  guint i;
  guint j;

  gtk_dialog_add_button (GTK_DIALOG (self), _ ("_Cancel"), GTK_RESPONSE_CANCEL);
  button = gtk_dialog_add_button (GTK_DIALOG (self), verb, GTK_RESPONSE_ACCEPT);
  gtk_style_context_add_class (gtk_widget_get_style_context (button),
                               GTK_STYLE_CLASS_SUGGESTED_ACTION);
  gtk_dialog_set_default_response (GTK_DIALOG (self), GTK_RESPONSE_ACCEPT);
  for (i = 0; i < n_accounts; i++)
    {
      g_autoptr (CachetAccount) account = g_list_model_get_item (accounts, i);
      GListModel *folders = cachet_account_get_folders (account);
      guint n = g_list_model_get_n_items (folders);

      for (j = 0; j < n; j++)
        {
          g_autoptr (CachetFolder) folder = g_list_model_get_item (folders, j);

          if (folder != current && cachet_folder_is_selectable (folder))
            add_folder (self, folder, n_accounts > 1);
        }
    }
  entry_changed_cb (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  return self;
}
