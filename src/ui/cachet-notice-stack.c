#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-notice-stack.h"

#include "cachet-info-bar.h"

#include <glib/gi18n.h>

#define KEY_DATA "cachet-notice-key"
#define TIMEOUT_DATA "cachet-notice-timeout"
#define TEXT_DATA "cachet-notice-text"
#define RESPONSE_BUTTON 1

struct _CachetNoticeStack
{
  GtkBox parent_instance;
};

G_DEFINE_FINAL_TYPE (CachetNoticeStack, cachet_notice_stack, GTK_TYPE_BOX)

static void
cachet_notice_stack_class_init (CachetNoticeStackClass *klass)
{
}

static void
cachet_notice_stack_init (CachetNoticeStack *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_widget_show (GTK_WIDGET (self));
}

CachetNoticeStack *
cachet_notice_stack_new (void)
{
  return g_object_new (CACHET_TYPE_NOTICE_STACK, NULL);
}

static void
remove_source_cb (gpointer data)
{
  g_source_remove (GPOINTER_TO_UINT (data));
}

static void
response_cb (GtkWidget *bar, int response)
{
  if (response != RESPONSE_BUTTON)
    gtk_widget_destroy (bar);
}

static const char *
icon_for (GtkMessageType type)
{
  switch (type)
    {
    case GTK_MESSAGE_ERROR:
      return "dialog-error-symbolic";
    case GTK_MESSAGE_WARNING:
      return "dialog-warning-symbolic";
    case GTK_MESSAGE_OTHER:
      return "edit-undo-symbolic";
    case GTK_MESSAGE_INFO:
    case GTK_MESSAGE_QUESTION:
    default:
      return "dialog-information-symbolic";
    }
}

static GtkWidget *
make_label (const char *text, gboolean is_summary)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_line_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (is_summary)
    gtk_style_context_add_class (gtk_widget_get_style_context (label), "notice-summary");
  gtk_widget_show (label);
  return label;
}

static GtkWidget *
make_bar (CachetNoticeStack *self, GtkMessageType type, const char *summary, const char *detail)
{
  GtkWidget *bar = gtk_info_bar_new ();
  GtkWidget *area = gtk_info_bar_get_content_area (GTK_INFO_BAR (bar));
  GtkWidget *icon = gtk_image_new_from_icon_name (icon_for (type), GTK_ICON_SIZE_MENU);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_info_bar_set_message_type (GTK_INFO_BAR (bar), type);
  gtk_info_bar_set_show_close_button (GTK_INFO_BAR (bar), TRUE);
  cachet_info_bar_name_close_button (GTK_INFO_BAR (bar));
  gtk_box_set_spacing (GTK_BOX (area), 12);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_container_add (GTK_CONTAINER (texts), make_label (summary, detail != NULL));
  if (detail != NULL && *detail != '\0')
    gtk_container_add (GTK_CONTAINER (texts), make_label (detail, FALSE));
  gtk_container_add (GTK_CONTAINER (area), icon);
  gtk_box_pack_start (GTK_BOX (area), texts, TRUE, TRUE, 0);
  gtk_widget_show (icon);
  gtk_widget_show (texts);
  atk_object_set_name (gtk_widget_get_accessible (bar), summary);
  g_object_set_data_full (G_OBJECT (bar), TEXT_DATA,
                          g_strdup_printf ("%s\n%s", summary, detail != NULL ? detail : ""),
                          g_free);
  g_signal_connect (bar, "response", G_CALLBACK (response_cb), NULL);
  gtk_container_add (GTK_CONTAINER (self), bar);
  gtk_widget_show (bar);
  return bar;
}

static GtkWidget *
find_bar (CachetNoticeStack *self, const char *data, const char *value)
{
  g_autoptr (GList) children = gtk_container_get_children (GTK_CONTAINER (self));
  GList *l;

  for (l = children; l != NULL; l = l->next)
    if (g_strcmp0 (g_object_get_data (l->data, data), value) == 0)
      return l->data;
  return NULL;
}

static void
push_out_oldest (CachetNoticeStack *self)
{
  g_autoptr (GList) children = gtk_container_get_children (GTK_CONTAINER (self));
  GtkWidget *oldest = NULL;
  GtkWidget *oldest_news = NULL;
  guint n = 0;
  GList *l;

  for (l = children; l != NULL; l = l->next)
    {
      if (g_object_get_data (l->data, KEY_DATA) != NULL)
        continue;
      n++;
      if (oldest == NULL)
        oldest = l->data;
      if (oldest_news == NULL && gtk_info_bar_get_message_type (l->data) != GTK_MESSAGE_ERROR)
        oldest_news = l->data;
    }
  if (n > CACHET_NOTICE_STACK_MAX_NEWS)
    gtk_widget_destroy (oldest_news != NULL ? oldest_news : oldest);
}

void
cachet_notice_stack_add (CachetNoticeStack *self, const CachetNotice *notice)
{
  g_autofree char *text = NULL;
  GtkWidget *same;

  g_return_if_fail (CACHET_IS_NOTICE_STACK (self) && notice != NULL);
  text = g_strdup_printf ("%s\n%s", notice->summary, notice->detail != NULL ? notice->detail : "");
  same = find_bar (self, TEXT_DATA, text);
  if (same != NULL)
    return;
  make_bar (self, notice->is_error ? GTK_MESSAGE_ERROR : GTK_MESSAGE_INFO, notice->summary,
            notice->detail);
  push_out_oldest (self);
}

/* The target goes first: an action with a parameter complains of a name without one. */
static void
set_action (GtkActionable *widget, const char *detailed)
{
  g_autofree char *name = NULL;
  g_autoptr (GVariant) target = NULL;

  if (!g_action_parse_detailed_name (detailed, &name, &target, NULL))
    g_return_if_reached ();
  gtk_actionable_set_action_target_value (widget, target);
  gtk_actionable_set_action_name (widget, name);
}

static gboolean
timeout_cb (gpointer user_data)
{
  GtkWidget *bar = user_data;

  g_object_steal_data (G_OBJECT (bar), TIMEOUT_DATA);
  gtk_widget_destroy (bar);
  return G_SOURCE_REMOVE;
}

void
cachet_notice_stack_set (CachetNoticeStack *self,
                         const char *key,
                         GtkMessageType type,
                         const char *summary,
                         const char *detail,
                         const char *button,
                         const char *action,
                         guint seconds)
{
  GtkWidget *bar;

  g_return_if_fail (CACHET_IS_NOTICE_STACK (self) && key != NULL);
  cachet_notice_stack_remove (self, key);
  bar = make_bar (self, type, summary, detail);
  g_object_set_data_full (G_OBJECT (bar), KEY_DATA, g_strdup (key), g_free);
  if (button != NULL)
    {
      GtkWidget *widget = gtk_info_bar_add_button (GTK_INFO_BAR (bar), button, RESPONSE_BUTTON);

      gtk_widget_set_valign (widget, GTK_ALIGN_CENTER);
      gtk_button_set_use_underline (GTK_BUTTON (widget), TRUE);
      set_action (GTK_ACTIONABLE (widget), action);
    }
  if (seconds > 0)
    {
      guint id = g_timeout_add_seconds (seconds, timeout_cb, bar);

      g_source_set_name_by_id (id, "[cachet] notice goes");
      g_object_set_data_full (G_OBJECT (bar), TIMEOUT_DATA, GUINT_TO_POINTER (id),
                              remove_source_cb);
    }
}

void
cachet_notice_stack_remove (CachetNoticeStack *self, const char *key)
{
  GtkWidget *bar;

  g_return_if_fail (CACHET_IS_NOTICE_STACK (self) && key != NULL);
  bar = find_bar (self, KEY_DATA, key);
  if (bar != NULL)
    gtk_widget_destroy (bar);
}
