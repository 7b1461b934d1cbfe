#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-message-list-columns.h"

#include "cachet-date-text.h"
#include "cachet-list-tree-model.h"
#include "cachet-ui-settings.h"
#include "cachet-visible-text.h"

#include <glib/gi18n.h>

#define KEY_DATA "cachet-sort-key"
#define NAME_DATA "cachet-column-name"
#define KEPT_WIDTH_DATA "cachet-kept-width"
#define SHOWS_TO_DATA "cachet-shows-to"
#define SETTING_WIDTHS "list-columns"
#define MIN_COLUMN_WIDTH 28
#define MAX_COLUMN_WIDTH 2000
#define BYTES_OF_MEGABYTE 1000000
/* From which width of the list on a column is shown. */
#define SIZE_FROM_WIDTH 480
#define STAR_FROM_WIDTH 400
#define ATTACHMENT_FROM_WIDTH 340
#define DATE_FROM_WIDTH 330
/* The sender's width in a list narrower than STAR_FROM_WIDTH. */
#define NARROW_SENDER_WIDTH 100
#define DIM_ALPHA (G_MAXUINT16 * 62 / 100)

typedef struct
{
  const char *name; /* in the settings */
  const char *title;
  const char *icon; /* (nullable): shown instead of the title */
  CachetSortKey key;
  int width;
  gboolean expands;
  double xalign;
  GtkTreeCellDataFunc data_func;
} ColumnKind;

/* The row's numbers, or FALSE while the model catches up. */
static gboolean
read_entry (GtkTreeModel *model,
            GtkTreeIter *iter,
            const CachetListEntry **entry,
            CachetMessageRow **row)
{
  CachetListTreeModel *list_model = CACHET_LIST_TREE_MODEL (model);

  *entry = cachet_list_tree_model_get_entry (list_model, iter);
  if (row != NULL)
    *row = *entry != NULL ? cachet_list_tree_model_get_row (list_model, iter) : NULL;
  return *entry != NULL && (row == NULL || *row != NULL);
}

static void
set_text (GtkCellRenderer *cell, const char *text, PangoAttrList *attributes, guint64 flags)
{
  g_autofree char *visible =
    cachet_text_has_odd_characters (text) ? cachet_visible_text (text, -1, FALSE) : NULL;

  g_object_set (cell, "text", visible != NULL ? visible : text, "attributes", attributes, "weight",
                flags & CACHET_MESSAGE_FLAG_SEEN ? PANGO_WEIGHT_NORMAL : PANGO_WEIGHT_BOLD,
                "strikethrough", (flags & CACHET_MESSAGE_FLAG_DELETED) != 0, NULL);
}

static void
state_data_cb (GtkTreeViewColumn *column,
               GtkCellRenderer *cell,
               GtkTreeModel *model,
               GtkTreeIter *iter,
               gpointer user_data)
{
  const CachetListEntry *entry;
  const char *icon = NULL;

  if (read_entry (model, iter, &entry, NULL))
    {
      if (!(entry->flags & CACHET_MESSAGE_FLAG_SEEN))
        icon = "cachet-unread-symbolic";
      else if (entry->flags & CACHET_MESSAGE_FLAG_ANSWERED)
        icon = "mail-replied-symbolic";
      else if (entry->flags & CACHET_MESSAGE_FLAG_FORWARDED)
        icon = "mail-forward-symbolic";
    }
  g_object_set (cell, "icon-name", icon, NULL);
}

static void
star_data_cb (GtkTreeViewColumn *column,
              GtkCellRenderer *cell,
              GtkTreeModel *model,
              GtkTreeIter *iter,
              gpointer user_data)
{
  const CachetListEntry *entry;
  gboolean starred =
    read_entry (model, iter, &entry, NULL) && (entry->flags & CACHET_MESSAGE_FLAG_FLAGGED) != 0;

  g_object_set (cell, "icon-name", starred ? "starred-symbolic" : NULL, NULL);
}

static void
attachment_data_cb (GtkTreeViewColumn *column,
                    GtkCellRenderer *cell,
                    GtkTreeModel *model,
                    GtkTreeIter *iter,
                    gpointer user_data)
{
  const CachetListEntry *entry;
  gboolean has = read_entry (model, iter, &entry, NULL) &&
                 (entry->flags & CACHET_MESSAGE_FLAG_HAS_ATTACHMENT) != 0;

  g_object_set (cell, "icon-name", has ? "mail-attachment-symbolic" : NULL, NULL);
}

/* "Bob Durand  bob@example.org": the address is never hidden by a name; it is only paler. */
static char *
sender_text (CachetMessageRow *row, PangoAttrList **attributes)
{
  const char *name = cachet_message_row_get_from_name (row);
  const char *addr = cachet_message_row_get_from_addr (row);
  PangoAttribute *attribute;

  if (*name == '\0' || g_ascii_strcasecmp (name, addr) == 0)
    return g_strdup (addr);
  attribute = pango_attr_foreground_alpha_new (DIM_ALPHA);
  attribute->start_index = strlen (name);
  *attributes = pango_attr_list_new ();
  pango_attr_list_insert (*attributes, attribute);
  return g_strdup_printf ("%s  %s", name, addr);
}

static void
from_data_cb (GtkTreeViewColumn *column,
              GtkCellRenderer *cell,
              GtkTreeModel *model,
              GtkTreeIter *iter,
              gpointer user_data)
{
  gboolean shows_to = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (column), SHOWS_TO_DATA));
  const CachetListEntry *entry;
  CachetMessageRow *row;
  g_autoptr (PangoAttrList) attributes = NULL;
  g_autofree char *text = NULL;

  if (!read_entry (model, iter, &entry, &row))
    {
      set_text (cell, "", NULL, CACHET_MESSAGE_FLAG_SEEN);
      return;
    }
  text = shows_to ? g_strdup (cachet_message_row_get_to (row)) : sender_text (row, &attributes);
  set_text (cell, text, attributes, entry->flags);
}

static void
subject_data_cb (GtkTreeViewColumn *column,
                 GtkCellRenderer *cell,
                 GtkTreeModel *model,
                 GtkTreeIter *iter,
                 gpointer user_data)
{
  const CachetListEntry *entry;
  CachetMessageRow *row;
  const char *subject;

  if (!read_entry (model, iter, &entry, &row))
    {
      set_text (cell, "", NULL, CACHET_MESSAGE_FLAG_SEEN);
      return;
    }
  subject = cachet_message_row_get_subject (row);
  if (*subject == '\0' && cachet_message_row_is_loaded (row))
    subject = _ ("(no subject)");
  set_text (cell, subject, NULL, entry->flags);
}

static void
date_data_cb (GtkTreeViewColumn *column,
              GtkCellRenderer *cell,
              GtkTreeModel *model,
              GtkTreeIter *iter,
              gpointer user_data)
{
  const CachetListEntry *entry;
  g_autofree char *text = NULL;

  if (!read_entry (model, iter, &entry, NULL))
    {
      set_text (cell, "", NULL, CACHET_MESSAGE_FLAG_SEEN);
      return;
    }
  text = cachet_date_text_for_list (entry->date, g_get_real_time () / G_USEC_PER_SEC);
  set_text (cell, text, NULL, entry->flags);
}

static void
size_data_cb (GtkTreeViewColumn *column,
              GtkCellRenderer *cell,
              GtkTreeModel *model,
              GtkTreeIter *iter,
              gpointer user_data)
{
  const CachetListEntry *entry;
  g_autofree char *text = NULL;

  if (!read_entry (model, iter, &entry, NULL))
    {
      set_text (cell, "", NULL, CACHET_MESSAGE_FLAG_SEEN);
      return;
    }
  /* "812 bytes" is too wide for the column, and in other languages wider. */
  if (entry->size < BYTES_OF_MEGABYTE)
    /* Translators: a size in thousands of bytes, in the message list */
    text = g_strdup_printf (_ ("%.1f kB"), MAX (entry->size, 100) / 1000.0);
  else
    text = g_format_size (entry->size);
  set_text (cell, text, NULL, entry->flags);
}

static const ColumnKind kinds[] = {
  { "state",
    N_ ("Unread"), "cachet-unread-symbolic", CACHET_SORT_UNREAD, 30, FALSE, 0.5, state_data_cb },
    { "star", N_ ("Star"), "starred-symbolic", CACHET_SORT_FLAGGED, 30, FALSE, 0.5, star_data_cb },
      { "attachment",
        N_ ("Attachment"),
            "mail-attachment-symbolic",
            CACHET_SORT_ATTACHMENT,
            30,
            FALSE,
            0.5,
            attachment_data_cb },
        { "from", N_ ("From"), NULL, CACHET_SORT_FROM, 130, FALSE, 0.0, from_data_cb },
          { "subject", N_ ("Subject"), NULL, CACHET_SORT_SUBJECT, 90, TRUE, 0.0, subject_data_cb },
            { "date", N_ ("Date"), NULL, CACHET_SORT_DATE, 86, FALSE, 0.0, date_data_cb },
              { "size", N_ ("Size"), NULL, CACHET_SORT_SIZE, 72, FALSE, 1.0, size_data_cb },
            };

static int
kept_width (const ColumnKind *kind)
{
  GSettings *settings = cachet_ui_settings_get ();
  g_autoptr (GVariant) widths = NULL;
  int width = kind->width;

  if (settings == NULL)
    return width;
  widths = g_settings_get_value (settings, SETTING_WIDTHS);
  g_variant_lookup (widths, kind->name, "i", &width);
  return CLAMP (width, MIN_COLUMN_WIDTH, MAX_COLUMN_WIDTH);
}

static void
add_column (GtkTreeView *view, const ColumnKind *kind)
{
  GtkTreeViewColumn *column = gtk_tree_view_column_new ();
  GtkCellRenderer *cell =
    kind->icon != NULL ? gtk_cell_renderer_pixbuf_new () : gtk_cell_renderer_text_new ();

  if (kind->icon == NULL)
    g_object_set (cell, "ellipsize", PANGO_ELLIPSIZE_END, "single-paragraph-mode", TRUE, "xalign",
                  kind->xalign, "ypad", 5, NULL);
  gtk_tree_view_column_set_title (column, _ (kind->title));
  if (kind->icon != NULL)
    {
      GtkWidget *image = gtk_image_new_from_icon_name (kind->icon, GTK_ICON_SIZE_MENU);

      gtk_widget_set_tooltip_text (image, _ (kind->title));
      atk_object_set_name (gtk_widget_get_accessible (image), _ (kind->title));
      gtk_widget_show (image);
      gtk_tree_view_column_set_widget (column, image);
    }
  gtk_tree_view_column_pack_start (column, cell, TRUE);
  gtk_tree_view_column_set_cell_data_func (column, cell, kind->data_func, NULL, NULL);
  gtk_tree_view_column_set_sizing (column, GTK_TREE_VIEW_COLUMN_FIXED);
  gtk_tree_view_column_set_min_width (column, MIN_COLUMN_WIDTH);
  gtk_tree_view_column_set_fixed_width (column, kept_width (kind));
  gtk_tree_view_column_set_resizable (column, kind->icon == NULL);
  gtk_tree_view_column_set_expand (column, kind->expands);
  gtk_tree_view_column_set_clickable (column, TRUE);
  gtk_tree_view_column_set_alignment (column, kind->icon != NULL ? 0.5 : kind->xalign);
  g_object_set_data (G_OBJECT (column), KEY_DATA, GINT_TO_POINTER (kind->key + 1));
  g_object_set_data (G_OBJECT (column), NAME_DATA, (gpointer)kind->name);
  gtk_tree_view_append_column (view, column);
  atk_object_set_name (gtk_widget_get_accessible (gtk_tree_view_column_get_button (column)),
                       _ (kind->title));
}

void
cachet_message_list_columns_add (GtkTreeView *view)
{
  guint i;

  g_return_if_fail (GTK_IS_TREE_VIEW (view));
  for (i = 0; i < G_N_ELEMENTS (kinds); i++)
    add_column (view, &kinds[i]);
}

gboolean
cachet_message_list_columns_get_key (GtkTreeViewColumn *column, CachetSortKey *key)
{
  int data = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (column), KEY_DATA));

  if (data == 0)
    return FALSE;
  *key = data - 1;
  return TRUE;
}

void
cachet_message_list_columns_show_sort (GtkTreeView *view, CachetSortKey key, gboolean descending)
{
  g_autoptr (GList) columns = gtk_tree_view_get_columns (view);
  GList *l;

  for (l = columns; l != NULL; l = l->next)
    {
      CachetSortKey column_key;
      gboolean sorted =
        cachet_message_list_columns_get_key (l->data, &column_key) && column_key == key;

      gtk_tree_view_column_set_sort_indicator (l->data, sorted);
      if (sorted)
        gtk_tree_view_column_set_sort_order (l->data,
                                             descending ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
    }
}

void
cachet_message_list_columns_set_shows_to (GtkTreeView *view, gboolean shows_to)
{
  g_autoptr (GList) columns = gtk_tree_view_get_columns (view);
  GList *l;

  for (l = columns; l != NULL; l = l->next)
    {
      const char *title = shows_to ? _ ("To") : _ ("From");
      CachetSortKey key;

      if (!cachet_message_list_columns_get_key (l->data, &key) || key != CACHET_SORT_FROM)
        continue;
      g_object_set_data (G_OBJECT (l->data), SHOWS_TO_DATA, GINT_TO_POINTER (shows_to));
      gtk_tree_view_column_set_title (l->data, title);
      atk_object_set_name (gtk_widget_get_accessible (gtk_tree_view_column_get_button (l->data)),
                           title);
    }
}

static int
shown_from_width (CachetSortKey key)
{
  switch (key)
    {
    case CACHET_SORT_SIZE:
      return SIZE_FROM_WIDTH;
    case CACHET_SORT_FLAGGED:
      return STAR_FROM_WIDTH;
    case CACHET_SORT_ATTACHMENT:
      return ATTACHMENT_FROM_WIDTH;
    case CACHET_SORT_DATE:
      return DATE_FROM_WIDTH;
    case CACHET_SORT_FROM:
    case CACHET_SORT_SUBJECT:
    case CACHET_SORT_UNREAD:
    default:
      return 0;
    }
}

/* The width that the user gave the sender's column comes back with a wider list. */
static void
fit_sender (GtkTreeViewColumn *column, gboolean narrow)
{
  int kept = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (column), KEPT_WIDTH_DATA));

  if (narrow && kept == 0)
    {
      g_object_set_data (G_OBJECT (column), KEPT_WIDTH_DATA,
                         GINT_TO_POINTER (gtk_tree_view_column_get_fixed_width (column)));
      gtk_tree_view_column_set_fixed_width (column, NARROW_SENDER_WIDTH);
    }
  else if (!narrow && kept > 0)
    {
      g_object_set_data (G_OBJECT (column), KEPT_WIDTH_DATA, NULL);
      gtk_tree_view_column_set_fixed_width (column, kept);
    }
}

void
cachet_message_list_columns_fit (GtkTreeView *view, int width)
{
  g_autoptr (GList) columns = gtk_tree_view_get_columns (view);
  GList *l;

  for (l = columns; l != NULL; l = l->next)
    {
      CachetSortKey key;
      gboolean shown;

      if (!cachet_message_list_columns_get_key (l->data, &key))
        continue;
      shown = width >= shown_from_width (key);
      if (gtk_tree_view_column_get_visible (l->data) != shown)
        gtk_tree_view_column_set_visible (l->data, shown);
      if (key == CACHET_SORT_FROM)
        fit_sender (l->data, width < STAR_FROM_WIDTH);
    }
}

void
cachet_message_list_columns_keep_widths (GtkTreeView *view)
{
  GSettings *settings = cachet_ui_settings_get ();
  g_autoptr (GList) columns = gtk_tree_view_get_columns (view);
  GVariantBuilder builder;
  GList *l;

  if (settings == NULL)
    return;
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{si}"));
  for (l = columns; l != NULL; l = l->next)
    {
      const char *name = g_object_get_data (G_OBJECT (l->data), NAME_DATA);
      int kept = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (l->data), KEPT_WIDTH_DATA));
      int width = kept > 0 ? kept : gtk_tree_view_column_get_fixed_width (l->data);

      if (name != NULL && width >= MIN_COLUMN_WIDTH && gtk_tree_view_column_get_resizable (l->data))
        g_variant_builder_add (&builder, "{si}", name, width);
    }
  g_settings_set_value (settings, SETTING_WIDTHS, g_variant_builder_end (&builder));
}
