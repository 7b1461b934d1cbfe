#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-list-tree-model.h"

struct _CachetListTreeModel
{
  GObject parent_instance;

  CachetMessageList *list;
  /* What the view has been told; differs from the list's length only while signals go out. */
  guint n_rows;
  int stamp;
};

enum {
  SIGNAL_BEGIN_RESET,
  SIGNAL_END_RESET,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void cachet_list_tree_model_tree_model_init (GtkTreeModelIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CachetListTreeModel,
                               cachet_list_tree_model,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_TREE_MODEL,
                                                      cachet_list_tree_model_tree_model_init))

static void
set_iter (CachetListTreeModel *self, GtkTreeIter *iter, guint position)
{
  iter->stamp = self->stamp;
  iter->user_data = GUINT_TO_POINTER (position);
  iter->user_data2 = NULL;
  iter->user_data3 = NULL;
}

static GtkTreeModelFlags
cachet_list_tree_model_get_flags (GtkTreeModel *model)
{
  return GTK_TREE_MODEL_LIST_ONLY;
}

static int
cachet_list_tree_model_get_n_columns (GtkTreeModel *model)
{
  return 1;
}

static GType
cachet_list_tree_model_get_column_type (GtkTreeModel *model, int column)
{
  return CACHET_TYPE_MESSAGE_ROW;
}

static gboolean
cachet_list_tree_model_get_iter (GtkTreeModel *model, GtkTreeIter *iter, GtkTreePath *path)
{
  CachetListTreeModel *self = CACHET_LIST_TREE_MODEL (model);
  int position = gtk_tree_path_get_indices (path)[0];

  if (gtk_tree_path_get_depth (path) != 1 || position < 0 || (guint)position >= self->n_rows)
    return FALSE;
  set_iter (self, iter, position);
  return TRUE;
}

static GtkTreePath *
cachet_list_tree_model_get_path (GtkTreeModel *model, GtkTreeIter *iter)
{
  return gtk_tree_path_new_from_indices (GPOINTER_TO_INT (iter->user_data), -1);
}

static void
cachet_list_tree_model_get_value (GtkTreeModel *model, GtkTreeIter *iter, int column, GValue *value)
{
  CachetListTreeModel *self = CACHET_LIST_TREE_MODEL (model);

  g_value_init (value, CACHET_TYPE_MESSAGE_ROW);
  g_value_set_object (value, cachet_list_tree_model_get_row (self, iter));
}

static gboolean
cachet_list_tree_model_iter_next (GtkTreeModel *model, GtkTreeIter *iter)
{
  CachetListTreeModel *self = CACHET_LIST_TREE_MODEL (model);
  guint position = GPOINTER_TO_UINT (iter->user_data) + 1;

  if (position >= self->n_rows)
    {
      iter->stamp = 0;
      return FALSE;
    }
  set_iter (self, iter, position);
  return TRUE;
}

static gboolean
cachet_list_tree_model_iter_previous (GtkTreeModel *model, GtkTreeIter *iter)
{
  CachetListTreeModel *self = CACHET_LIST_TREE_MODEL (model);
  guint position = GPOINTER_TO_UINT (iter->user_data);

  if (position == 0)
    {
      iter->stamp = 0;
      return FALSE;
    }
  set_iter (self, iter, position - 1);
  return TRUE;
}

static gboolean
cachet_list_tree_model_iter_nth_child (GtkTreeModel *model,
                                       GtkTreeIter *iter,
                                       GtkTreeIter *parent,
                                       int n)
{
  CachetListTreeModel *self = CACHET_LIST_TREE_MODEL (model);

  if (parent != NULL || n < 0 || (guint)n >= self->n_rows)
    return FALSE;
  set_iter (self, iter, n);
  return TRUE;
}

static gboolean
cachet_list_tree_model_iter_children (GtkTreeModel *model, GtkTreeIter *iter, GtkTreeIter *parent)
{
  return cachet_list_tree_model_iter_nth_child (model, iter, parent, 0);
}

static gboolean
cachet_list_tree_model_iter_has_child (GtkTreeModel *model, GtkTreeIter *iter)
{
  return FALSE;
}

static int
cachet_list_tree_model_iter_n_children (GtkTreeModel *model, GtkTreeIter *iter)
{
  return iter == NULL ? (int)CACHET_LIST_TREE_MODEL (model)->n_rows : 0;
}

static gboolean
cachet_list_tree_model_iter_parent (GtkTreeModel *model, GtkTreeIter *iter, GtkTreeIter *child)
{
  return FALSE;
}

static void
cachet_list_tree_model_tree_model_init (GtkTreeModelIface *iface)
{
  iface->get_flags = cachet_list_tree_model_get_flags;
  iface->get_n_columns = cachet_list_tree_model_get_n_columns;
  iface->get_column_type = cachet_list_tree_model_get_column_type;
  iface->get_iter = cachet_list_tree_model_get_iter;
  iface->get_path = cachet_list_tree_model_get_path;
  iface->get_value = cachet_list_tree_model_get_value;
  iface->iter_next = cachet_list_tree_model_iter_next;
  iface->iter_previous = cachet_list_tree_model_iter_previous;
  iface->iter_children = cachet_list_tree_model_iter_children;
  iface->iter_has_child = cachet_list_tree_model_iter_has_child;
  iface->iter_n_children = cachet_list_tree_model_iter_n_children;
  iface->iter_nth_child = cachet_list_tree_model_iter_nth_child;
  iface->iter_parent = cachet_list_tree_model_iter_parent;
}

/* Rows leave from the last to the first and come from the first to the last, so that each signal is
 * true of what the view knows at that moment. */
static void
list_items_changed_cb (CachetListTreeModel *self, guint position, guint removed, guint added)
{
  guint i;

  if (removed + added > CACHET_LIST_TREE_MODEL_MAX_STEPS)
    {
      g_signal_emit (self, signals[SIGNAL_BEGIN_RESET], 0);
      self->n_rows = self->n_rows - removed + added;
      self->stamp++;
      g_signal_emit (self, signals[SIGNAL_END_RESET], 0);
      return;
    }
  for (i = removed; i > 0; i--)
    {
      g_autoptr (GtkTreePath) path = gtk_tree_path_new_from_indices (position + i - 1, -1);

      self->n_rows--;
      gtk_tree_model_row_deleted (GTK_TREE_MODEL (self), path);
    }
  for (i = 0; i < added; i++)
    {
      g_autoptr (GtkTreePath) path = gtk_tree_path_new_from_indices (position + i, -1);
      GtkTreeIter iter;

      self->n_rows++;
      set_iter (self, &iter, position + i);
      gtk_tree_model_row_inserted (GTK_TREE_MODEL (self), path, &iter);
    }
}

static void
list_row_changed_cb (CachetListTreeModel *self, guint position)
{
  g_autoptr (GtkTreePath) path = NULL;
  GtkTreeIter iter;

  if (position >= self->n_rows)
    return;
  path = gtk_tree_path_new_from_indices (position, -1);
  set_iter (self, &iter, position);
  gtk_tree_model_row_changed (GTK_TREE_MODEL (self), path, &iter);
}

static void
list_reordered_cb (CachetListTreeModel *self, gpointer new_order, guint n)
{
  g_autoptr (GtkTreePath) root = gtk_tree_path_new ();

  if (n != self->n_rows || n == 0)
    return;
  /* guint32 and int have the same size; positions stay far below G_MAXINT. */
  gtk_tree_model_rows_reordered (GTK_TREE_MODEL (self), root, NULL, (int *)new_order);
}

static void
cachet_list_tree_model_dispose (GObject *object)
{
  CachetListTreeModel *self = CACHET_LIST_TREE_MODEL (object);

  if (self->list != NULL)
    g_signal_handlers_disconnect_by_data (self->list, self);
  g_clear_object (&self->list);
  G_OBJECT_CLASS (cachet_list_tree_model_parent_class)->dispose (object);
}

static void
cachet_list_tree_model_class_init (CachetListTreeModelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cachet_list_tree_model_dispose;
  signals[SIGNAL_BEGIN_RESET] =
    g_signal_new ("begin-reset", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  signals[SIGNAL_END_RESET] = g_signal_new ("end-reset", G_TYPE_FROM_CLASS (klass),
                                            G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cachet_list_tree_model_init (CachetListTreeModel *self)
{
  self->stamp = g_random_int_range (1, G_MAXINT / 2);
}

CachetListTreeModel *
cachet_list_tree_model_new (CachetMessageList *list)
{
  CachetListTreeModel *self;

  g_return_val_if_fail (CACHET_IS_MESSAGE_LIST (list), NULL);
  self = g_object_new (CACHET_TYPE_LIST_TREE_MODEL, NULL);
  self->list = g_object_ref (list);
  self->n_rows = cachet_message_list_get_n_messages (list);
  g_signal_connect_swapped (list, "items-changed", G_CALLBACK (list_items_changed_cb), self);
  g_signal_connect_swapped (list, "row-changed", G_CALLBACK (list_row_changed_cb), self);
  g_signal_connect_swapped (list, "reordered", G_CALLBACK (list_reordered_cb), self);
  return self;
}

CachetMessageList *
cachet_list_tree_model_get_list (CachetListTreeModel *self)
{
  g_return_val_if_fail (CACHET_IS_LIST_TREE_MODEL (self), NULL);
  return self->list;
}

guint
cachet_list_tree_model_get_position (CachetListTreeModel *self, GtkTreeIter *iter)
{
  g_return_val_if_fail (CACHET_IS_LIST_TREE_MODEL (self), 0);
  g_return_val_if_fail (iter != NULL && iter->stamp == self->stamp, 0);
  return GPOINTER_TO_UINT (iter->user_data);
}

const CachetListEntry *
cachet_list_tree_model_get_entry (CachetListTreeModel *self, GtkTreeIter *iter)
{
  guint position = cachet_list_tree_model_get_position (self, iter);

  if (position >= cachet_message_list_get_n_messages (self->list))
    return NULL;
  return cachet_message_list_get_entry (self->list, position);
}

CachetMessageRow *
cachet_list_tree_model_get_row (CachetListTreeModel *self, GtkTreeIter *iter)
{
  guint position = cachet_list_tree_model_get_position (self, iter);

  if (position >= cachet_message_list_get_n_messages (self->list))
    return NULL;
  return cachet_message_list_peek_row (self->list, position);
}
