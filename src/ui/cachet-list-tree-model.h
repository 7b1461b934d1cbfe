#pragma once

#include <gtk/gtk.h>

#include "cachet-message-list.h"
#include "cachet-message-row.h"
#include "cachet-ui-types.h"

G_BEGIN_DECLS

/**
 * CachetListTreeModel:
 *
 * The one GtkTreeModel for messages: a thin, flat view on a CachetMessageList. An iter holds a row
 * number and is not persistent. Columns are read by cell data functions through
 * cachet_list_tree_model_get_entry() and _get_row(); the model itself offers the row object in
 * column 0.
 *
 * Signals "begin-reset" and "end-reset" stand around a change of more than
 * CACHET_LIST_TREE_MODEL_MAX_STEPS rows, for which no row signals are emitted: a view takes the
 * model off in between.
 */
#define CACHET_TYPE_LIST_TREE_MODEL (cachet_list_tree_model_get_type ())
G_DECLARE_FINAL_TYPE (CachetListTreeModel, cachet_list_tree_model, CACHET, LIST_TREE_MODEL, GObject)

#define CACHET_LIST_TREE_MODEL_MAX_STEPS 2000

CachetListTreeModel *cachet_list_tree_model_new (CachetMessageList *list);
CachetMessageList *cachet_list_tree_model_get_list (CachetListTreeModel *self);
guint cachet_list_tree_model_get_position (CachetListTreeModel *self, GtkTreeIter *iter);
/* (nullable): NULL while the model catches up with a list that has shrunk */
const CachetListEntry *
cachet_list_tree_model_get_entry (CachetListTreeModel *self, GtkTreeIter *iter);
/* (nullable) (transfer none) */
CachetMessageRow *cachet_list_tree_model_get_row (CachetListTreeModel *self, GtkTreeIter *iter);

G_END_DECLS
