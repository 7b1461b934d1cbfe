#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-outbox-row.h"

#include "cachet-visible-text.h"

#include <glib/gi18n.h>

struct _CachetOutboxRow
{
  GtkListBoxRow parent_instance;

  GtkLabel *subject;
  GtkLabel *recipients;
  GtkLabel *state;
  GtkProgressBar *progress;
  GtkButton *retry_button;
  GtkWidget *arrived_button;
  GtkWidget *edit_button;
  GtkWidget *discard_button;

  CachetOutboxItem *item;
};

enum {
  SIGNAL_RETRY,
  SIGNAL_EDIT,
  SIGNAL_DISCARD,
  SIGNAL_ARRIVED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CachetOutboxRow, cachet_outbox_row, GTK_TYPE_LIST_BOX_ROW)

static const char *
state_sentence (CachetOutboxState state)
{
  switch (state)
    {
    case CACHET_OUTBOX_SENDING:
    case CACHET_OUTBOX_DATA_SENT:
      return _ ("Being sent…");
    case CACHET_OUTBOX_SENT:
      return _ ("Sent; its copy still has to be put into the Sent folder.");
    case CACHET_OUTBOX_FAILED:
      return _ ("It was not sent.");
    case CACHET_OUTBOX_UNKNOWN:
      return _ ("The connection broke before the server's answer: it may have been sent. Ask the "
                "recipient, or look into your Sent folder, before you send it again.");
    case CACHET_OUTBOX_READY:
    default:
      return _ ("Waiting to be sent.");
    }
}

static void
update (CachetOutboxRow *self)
{
  CachetOutboxState state = cachet_outbox_item_get_state (self->item);
  const char *error = cachet_outbox_item_get_error_text (self->item);
  double fraction = cachet_outbox_item_get_fraction (self->item);
  gboolean idle = state == CACHET_OUTBOX_READY || state == CACHET_OUTBOX_FAILED;
  gboolean unknown = state == CACHET_OUTBOX_UNKNOWN;
  g_autofree char *text = error != NULL && *error != '\0'
                            ? g_strdup_printf ("%s %s", state_sentence (state), error)
                            : g_strdup (state_sentence (state));

  gtk_label_set_text (self->state, text);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), fraction >= 0);
  if (fraction >= 0)
    gtk_progress_bar_set_fraction (self->progress, MIN (fraction, 1.0));
  gtk_button_set_label (self->retry_button, unknown ? _ ("Send _Again") : _ ("_Send Now"));
  gtk_widget_set_visible (GTK_WIDGET (self->retry_button), idle || unknown);
  gtk_widget_set_visible (self->arrived_button, unknown);
  gtk_widget_set_visible (self->edit_button, idle);
  gtk_widget_set_visible (self->discard_button, idle || unknown);
}

static void
retry_cb (CachetOutboxRow *self)
{
  g_signal_emit (self, signals[SIGNAL_RETRY], 0);
}

static void
edit_cb (CachetOutboxRow *self)
{
  g_signal_emit (self, signals[SIGNAL_EDIT], 0);
}

static void
discard_cb (CachetOutboxRow *self)
{
  g_signal_emit (self, signals[SIGNAL_DISCARD], 0);
}

static void
arrived_cb (CachetOutboxRow *self)
{
  g_signal_emit (self, signals[SIGNAL_ARRIVED], 0);
}

static void
cachet_outbox_row_dispose (GObject *object)
{
  g_clear_object (&CACHET_OUTBOX_ROW (object)->item);
  G_OBJECT_CLASS (cachet_outbox_row_parent_class)->dispose (object);
}

static guint
add_signal (GType type, const char *name)
{
  return g_signal_new (name, type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cachet_outbox_row_class_init (CachetOutboxRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cachet_outbox_row_dispose;
  signals[SIGNAL_RETRY] = add_signal (type, "retry");
  signals[SIGNAL_EDIT] = add_signal (type, "edit");
  signals[SIGNAL_DISCARD] = add_signal (type, "discard");
  signals[SIGNAL_ARRIVED] = add_signal (type, "arrived");
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cachetmail/Cachet/ui/cachet-outbox-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CachetOutboxRow, subject);
  gtk_widget_class_bind_template_child (widget_class, CachetOutboxRow, recipients);
  gtk_widget_class_bind_template_child (widget_class, CachetOutboxRow, state);
  gtk_widget_class_bind_template_child (widget_class, CachetOutboxRow, progress);
  gtk_widget_class_bind_template_child (widget_class, CachetOutboxRow, retry_button);
  gtk_widget_class_bind_template_child (widget_class, CachetOutboxRow, arrived_button);
  gtk_widget_class_bind_template_child (widget_class, CachetOutboxRow, edit_button);
  gtk_widget_class_bind_template_child (widget_class, CachetOutboxRow, discard_button);
  gtk_widget_class_bind_template_callback (widget_class, retry_cb);
  gtk_widget_class_bind_template_callback (widget_class, edit_cb);
  gtk_widget_class_bind_template_callback (widget_class, discard_cb);
  gtk_widget_class_bind_template_callback (widget_class, arrived_cb);
}

static void
cachet_outbox_row_init (CachetOutboxRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
cachet_outbox_row_new (CachetOutboxItem *item)
{
  CachetOutboxRow *self = g_object_new (CACHET_TYPE_OUTBOX_ROW, NULL);
  const char *subject = cachet_outbox_item_get_subject (item);
  g_autofree char *visible = cachet_visible_text (subject, -1, FALSE);
  g_autofree char *recipients =
    g_strjoinv (", ", (char **)cachet_outbox_item_get_recipients (item));

  self->item = g_object_ref (item);
  gtk_label_set_text (self->subject, *visible != '\0' ? visible : _ ("(no subject)"));
  gtk_label_set_text (self->recipients, recipients);
  g_signal_connect_object (item, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}

CachetOutboxItem *
cachet_outbox_row_get_item (CachetOutboxRow *self)
{
  g_return_val_if_fail (CACHET_IS_OUTBOX_ROW (self), NULL);
  return self->item;
}
