#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-status-bar.h"

#include "cachet-activity-row.h"
#include "cachet-activity.h"
#include "cachet-outbox-row.h"

#include <glib/gi18n.h>

struct _CachetStatusBar
{
  GtkBin parent_instance;

  GtkRevealer *revealer;
  GtkMenuButton *button;
  GtkSpinner *spinner;
  GtkLabel *running;
  GtkLabel *waiting;
  GtkPopover *popover;
  GtkListBox *activities;
  GtkListBox *items;
  GtkWidget *activities_title;
  GtkWidget *items_title;
  GtkWidget *nothing;

  CachetEngine *engine;
  CachetActivity *shown; /* (nullable): whose title the line shows */
  guint update_id;
};

enum {
  SIGNAL_EDIT_ITEM,
  N_SIGNALS,
};

/* Work that ends sooner than that is never shown: the line would only flicker. */
#define SHOW_DELAY_MS 300

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CachetStatusBar, cachet_status_bar, GTK_TYPE_BIN)

static void
show_line (CachetStatusBar *self)
{
  GListModel *activities = cachet_engine_get_activities (self->engine);
  CachetOutbox *outbox = cachet_engine_get_outbox (self->engine);
  guint n_activities = g_list_model_get_n_items (activities);
  guint n_waiting = outbox != NULL ? g_list_model_get_n_items (G_LIST_MODEL (outbox)) : 0;
  guint n_pending = cachet_engine_get_n_pending_operations (self->engine);
  g_autofree char *text = NULL;
  g_autofree char *waiting = NULL;

  if (self->shown != NULL)
    {
      const char *detail = cachet_activity_get_detail (self->shown);

      text = detail != NULL && *detail != '\0'
               ? g_strdup_printf ("%s — %s", cachet_activity_get_title (self->shown), detail)
               : g_strdup (cachet_activity_get_title (self->shown));
    }
  else if (n_pending > 0)
    text = g_strdup_printf (
      ngettext ("%u change waits for the server", "%u changes wait for the server", n_pending),
      n_pending);
  if (n_waiting > 0)
    waiting =
      g_strdup_printf (ngettext ("%u waiting to send", "%u waiting to send", n_waiting), n_waiting);
  gtk_label_set_text (self->running, text != NULL ? text : "");
  gtk_label_set_text (self->waiting, waiting != NULL ? waiting : "");
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), n_activities > 0);
  g_object_set (self->spinner, "active", n_activities > 0, NULL);
  gtk_widget_set_visible (self->activities_title, n_activities > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->activities), n_activities > 0);
  gtk_widget_set_visible (self->items_title, n_waiting > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->items), n_waiting > 0);
  gtk_widget_set_visible (self->nothing, n_activities == 0 && n_waiting == 0);
  gtk_revealer_set_reveal_child (self->revealer, text != NULL || waiting != NULL);
}

static void
shown_notify_cb (CachetStatusBar *self)
{
  show_line (self);
}

static gboolean
update_cb (gpointer user_data)
{
  CachetStatusBar *self = user_data;
  GListModel *activities = cachet_engine_get_activities (self->engine);
  guint n = g_list_model_get_n_items (activities);
  g_autoptr (CachetActivity) last = n > 0 ? g_list_model_get_item (activities, n - 1) : NULL;

  self->update_id = 0;
  if (last != self->shown)
    {
      if (self->shown != NULL)
        g_signal_handlers_disconnect_by_data (self->shown, self);
      g_set_object (&self->shown, last);
      if (last != NULL)
        g_signal_connect_swapped (last, "notify", G_CALLBACK (shown_notify_cb), self);
    }
  show_line (self);
  return G_SOURCE_REMOVE;
}

static void
queue_update (CachetStatusBar *self)
{
  if (self->update_id != 0)
    return;
  self->update_id = g_timeout_add (SHOW_DELAY_MS, update_cb, self);
  g_source_set_name_by_id (self->update_id, "[cachet] status line");
}

static void
popover_visible_cb (CachetStatusBar *self)
{
  if (self->engine != NULL)
    show_line (self);
}

static GtkWidget *
make_activity_row_cb (gpointer item, gpointer user_data)
{
  return cachet_activity_row_new (item);
}

static void
item_retry_cb (CachetStatusBar *self, CachetOutboxRow *row)
{
  cachet_outbox_retry (cachet_engine_get_outbox (self->engine), cachet_outbox_row_get_item (row));
}

static void
item_edit_cb (CachetStatusBar *self, CachetOutboxRow *row)
{
  gtk_popover_popdown (self->popover);
  g_signal_emit (self, signals[SIGNAL_EDIT_ITEM], 0, cachet_outbox_row_get_item (row));
}

static void
item_arrived_cb (CachetStatusBar *self, CachetOutboxRow *row)
{
  cachet_outbox_mark_sent (cachet_engine_get_outbox (self->engine),
                           cachet_outbox_row_get_item (row));
}

static void
discard_response_cb (GtkDialog *dialog, int response, CachetStatusBar *self)
{
  CachetOutboxItem *item = g_object_get_data (G_OBJECT (dialog), "item");

  if (response == GTK_RESPONSE_ACCEPT)
    cachet_outbox_discard (cachet_engine_get_outbox (self->engine), item);
  gtk_widget_destroy (GTK_WIDGET (dialog));
}

/* It cannot be undone, so it is asked. */
static void
item_discard_cb (CachetStatusBar *self, CachetOutboxRow *row)
{
  GtkWidget *window = gtk_widget_get_toplevel (GTK_WIDGET (self));
  GtkWidget *dialog;

  gtk_popover_popdown (self->popover);
  dialog = gtk_message_dialog_new (
    GTK_WINDOW (window), GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT, GTK_MESSAGE_QUESTION,
    GTK_BUTTONS_NONE, _ ("Discard this unsent message?"));
  gtk_message_dialog_format_secondary_text (GTK_MESSAGE_DIALOG (dialog),
                                            _ ("It will not be sent, and its text is lost."));
  gtk_dialog_add_buttons (GTK_DIALOG (dialog), _ ("_Keep"), GTK_RESPONSE_CANCEL,
                                                  _ ("_Discard"), GTK_RESPONSE_ACCEPT, NULL);
  gtk_style_context_add_class (gtk_widget_get_style_context (gtk_dialog_get_widget_for_response (
                                 GTK_DIALOG (dialog), GTK_RESPONSE_ACCEPT)),
                               GTK_STYLE_CLASS_DESTRUCTIVE_ACTION);
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_CANCEL);
  g_object_set_data_full (G_OBJECT (dialog), "item",
                          g_object_ref (cachet_outbox_row_get_item (row)), g_object_unref);
  g_signal_connect_object (dialog, "response", G_CALLBACK (discard_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static GtkWidget *
make_item_row_cb (gpointer item, gpointer user_data)
{
  CachetStatusBar *self = user_data;
  GtkWidget *row = cachet_outbox_row_new (item);

  g_signal_connect_object (row, "retry", G_CALLBACK (item_retry_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "edit", G_CALLBACK (item_edit_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "discard", G_CALLBACK (item_discard_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "arrived", G_CALLBACK (item_arrived_cb), self, G_CONNECT_SWAPPED);
  return row;
}

static void
cachet_status_bar_dispose (GObject *object)
{
  CachetStatusBar *self = CACHET_STATUS_BAR (object);

  g_clear_handle_id (&self->update_id, g_source_remove);
  if (self->shown != NULL)
    g_signal_handlers_disconnect_by_data (self->shown, self);
  g_clear_object (&self->shown);
  if (self->engine != NULL)
    {
      g_signal_handlers_disconnect_by_data (cachet_engine_get_activities (self->engine), self);
      g_signal_handlers_disconnect_by_data (cachet_engine_get_outbox (self->engine), self);
    }
  g_clear_object (&self->engine);
  G_OBJECT_CLASS (cachet_status_bar_parent_class)->dispose (object);
}

static void
cachet_status_bar_class_init (CachetStatusBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cachet_status_bar_dispose;
  signals[SIGNAL_EDIT_ITEM] =
    g_signal_new ("edit-item", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, CACHET_TYPE_OUTBOX_ITEM);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cachetmail/Cachet/ui/cachet-status-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, CachetStatusBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, CachetStatusBar, button);
  gtk_widget_class_bind_template_child (widget_class, CachetStatusBar, spinner);
  gtk_widget_class_bind_template_child (widget_class, CachetStatusBar, running);
  gtk_widget_class_bind_template_child (widget_class, CachetStatusBar, waiting);
  gtk_widget_class_bind_template_child (widget_class, CachetStatusBar, popover);
  gtk_widget_class_bind_template_child (widget_class, CachetStatusBar, activities);
  gtk_widget_class_bind_template_child (widget_class, CachetStatusBar, items);
  gtk_widget_class_bind_template_child (widget_class, CachetStatusBar, activities_title);
  gtk_widget_class_bind_template_child (widget_class, CachetStatusBar, items_title);
  gtk_widget_class_bind_template_child (widget_class, CachetStatusBar, nothing);
  gtk_widget_class_bind_template_callback (widget_class, popover_visible_cb);
}

static void
cachet_status_bar_init (CachetStatusBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
cachet_status_bar_set_engine (CachetStatusBar *self, CachetEngine *engine)
{
  GListModel *activities;
  GListModel *outbox;

  g_return_if_fail (CACHET_IS_STATUS_BAR (self) && self->engine == NULL);
  self->engine = g_object_ref (engine);
  activities = cachet_engine_get_activities (engine);
  outbox = G_LIST_MODEL (cachet_engine_get_outbox (engine));
  gtk_list_box_bind_model (self->activities, activities, make_activity_row_cb, NULL, NULL);
  gtk_list_box_bind_model (self->items, outbox, make_item_row_cb, self, NULL);
  g_signal_connect_swapped (activities, "items-changed", G_CALLBACK (queue_update), self);
  g_signal_connect_swapped (outbox, "items-changed", G_CALLBACK (queue_update), self);
  queue_update (self);
}
