#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-message-header.h"

#include "cachet-address.h"
#include "cachet-date-text.h"
#include "cachet-visible-text.h"

#include <glib/gi18n.h>
#include <handy.h>

/* Narrower than that, the date goes below the addresses. */
#define DATE_BESIDE_WIDTH 460

struct _CachetMessageHeader
{
  GtkBox parent_instance;

  GtkLabel *subject;
  HdyAvatar *avatar;
  GtkLabel *from;
  GtkLabel *date;
  GtkLabel *date_below; /* the same on a narrow pane, where the addresses need the room */
  guint fit_id;
  GtkLabel *to;
  GtkLabel *cc;
  GtkLabel *reply_to;
  GtkWidget *warning_bar;
  GtkLabel *warnings;
  GtkScrolledWindow *all_scroller;
  GtkTextView *all_view;

  CachetMimeMessage *message;
  gboolean shows_all;
};

G_DEFINE_FINAL_TYPE (CachetMessageHeader, cachet_message_header, GTK_TYPE_BOX)

static char *
join_addresses (GPtrArray *addresses)
{
  GString *text = g_string_new (NULL);
  guint n = MIN (addresses->len, CACHET_MESSAGE_HEADER_MAX_RECIPIENTS);
  guint i;

  for (i = 0; i < n; i++)
    {
      g_autofree char *one = cachet_address_to_display (g_ptr_array_index (addresses, i));

      if (i > 0)
        g_string_append (text, ", ");
      g_string_append (text, one);
    }
  if (addresses->len > n)
    g_string_append_printf (text,
                            /* Translators: put behind a list of addresses */
                            ngettext (" and %u more", " and %u more", addresses->len - n),
                            addresses->len - n);
  return g_string_free (text, FALSE);
}

/* "to …" in one label whose first word is paler; hidden without addresses. */
static void
set_recipients (GtkLabel *label, const char *word, GPtrArray *addresses)
{
  g_autofree char *joined = join_addresses (addresses);
  g_autofree char *markup =
    g_markup_printf_escaped ("<span alpha=\"65%%\">%s</span> %s", word, joined);

  gtk_label_set_markup (label, markup);
  gtk_widget_set_visible (GTK_WIDGET (label), addresses->len > 0);
}

static void
set_from (CachetMessageHeader *self)
{
  GPtrArray *from = cachet_mime_message_get_addresses (self->message, CACHET_MIME_FROM);
  GString *markup = g_string_new (NULL);
  guint i;

  for (i = 0; i < from->len && i < CACHET_MESSAGE_HEADER_MAX_RECIPIENTS; i++)
    {
      const CachetAddress *address = g_ptr_array_index (from, i);
      g_autofree char *name = address->name != NULL && *address->name != '\0'
                                ? cachet_visible_text (address->name, -1, FALSE)
                                : NULL;
      g_autofree char *addr = cachet_visible_text (address->addr, -1, FALSE);
      g_autofree char *one = name != NULL
                               ? g_markup_printf_escaped ("<b>%s</b> &lt;%s&gt;", name, addr)
                               : g_markup_printf_escaped ("<b>%s</b>", addr);

      if (i > 0)
        g_string_append (markup, ", ");
      g_string_append (markup, one);
    }
  if (from->len == 0)
    g_string_append (markup, _ ("No sender"));
  gtk_label_set_markup (self->from, markup->str);
  g_string_free (markup, TRUE);
  if (from->len > 0)
    {
      g_autofree char *short_text = cachet_address_to_short (g_ptr_array_index (from, 0));

      hdy_avatar_set_text (self->avatar, short_text);
    }
  else
    hdy_avatar_set_text (self->avatar, "");
}

/* Shown only when an answer would go to somebody else than the sender. */
static void
set_reply_to (CachetMessageHeader *self)
{
  GPtrArray *from = cachet_mime_message_get_addresses (self->message, CACHET_MIME_FROM);
  GPtrArray *reply_to = cachet_mime_message_get_addresses (self->message, CACHET_MIME_REPLY_TO);
  gboolean same = reply_to->len == 0 || (reply_to->len == 1 && from->len == 1 &&
                                         cachet_address_equal_addr (g_ptr_array_index (reply_to, 0),
                                                                    g_ptr_array_index (from, 0)));

  set_recipients (self->reply_to, C_ ("before addresses", "answers to"), reply_to);
  if (same)
    gtk_widget_hide (GTK_WIDGET (self->reply_to));
}

static void
set_date (CachetMessageHeader *self)
{
  gint64 date = cachet_mime_message_get_date (self->message, NULL);
  g_autofree char *text = cachet_date_text_for_header (date, g_get_real_time () / G_USEC_PER_SEC);
  g_autofree char *full = cachet_date_text_in_full (date);

  gtk_label_set_text (self->date, text);
  gtk_label_set_text (self->date_below, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->date), full);
}

static void
set_warnings (CachetMessageHeader *self)
{
  char **warnings = cachet_mime_message_get_warnings (self->message);
  g_autofree char *text = warnings != NULL ? g_strjoinv ("\n", warnings) : g_strdup ("");

  gtk_label_set_text (self->warnings, text);
  gtk_widget_set_visible (self->warning_bar, *text != '\0');
}

static void
fill_all_headers (CachetMessageHeader *self)
{
  GString *text = g_string_new (NULL);
  guint n = cachet_mime_message_get_n_headers (self->message);
  guint i;

  for (i = 0; i < n && i < CACHET_MESSAGE_HEADER_MAX_FIELDS; i++)
    {
      const char *name;
      const char *decoded;

      cachet_mime_message_get_header (self->message, i, &name, &decoded);
      g_string_append_printf (text, "%s%s: %s", i > 0 ? "\n" : "", name, decoded);
    }
  if (n > i)
    g_string_append_printf (text, ngettext ("\n(%u more field)", "\n(%u more fields)", n - i),
                            n - i);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->all_view), text->str, text->len);
  g_string_free (text, TRUE);
}

static void
show_all (CachetMessageHeader *self)
{
  if (self->shows_all && self->message != NULL)
    fill_all_headers (self);
  gtk_widget_set_visible (GTK_WIDGET (self->all_scroller), self->shows_all);
}

static gboolean
fit_cb (gpointer user_data)
{
  CachetMessageHeader *self = user_data;
  gboolean narrow = gtk_widget_get_allocated_width (GTK_WIDGET (self)) < DATE_BESIDE_WIDTH;

  self->fit_id = 0;
  gtk_widget_set_visible (GTK_WIDGET (self->date), !narrow);
  gtk_widget_set_visible (GTK_WIDGET (self->date_below), narrow);
  return G_SOURCE_REMOVE;
}

static void
cachet_message_header_size_allocate (GtkWidget *widget, GtkAllocation *allocation)
{
  CachetMessageHeader *self = CACHET_MESSAGE_HEADER (widget);
  gboolean narrow = allocation->width < DATE_BESIDE_WIDTH;

  GTK_WIDGET_CLASS (cachet_message_header_parent_class)->size_allocate (widget, allocation);
  if (narrow != gtk_widget_get_visible (GTK_WIDGET (self->date_below)) && self->fit_id == 0)
    self->fit_id = g_idle_add_full (GDK_PRIORITY_REDRAW - 1, fit_cb, self, NULL);
}

static void
cachet_message_header_dispose (GObject *object)
{
  g_clear_handle_id (&CACHET_MESSAGE_HEADER (object)->fit_id, g_source_remove);
  g_clear_object (&CACHET_MESSAGE_HEADER (object)->message);
  G_OBJECT_CLASS (cachet_message_header_parent_class)->dispose (object);
}

static void
cachet_message_header_class_init (CachetMessageHeaderClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cachet_message_header_dispose;
  widget_class->size_allocate = cachet_message_header_size_allocate;
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/cachetmail/Cachet/ui/cachet-message-header.ui");
  gtk_widget_class_bind_template_child (widget_class, CachetMessageHeader, subject);
  gtk_widget_class_bind_template_child (widget_class, CachetMessageHeader, avatar);
  gtk_widget_class_bind_template_child (widget_class, CachetMessageHeader, from);
  gtk_widget_class_bind_template_child (widget_class, CachetMessageHeader, date);
  gtk_widget_class_bind_template_child (widget_class, CachetMessageHeader, date_below);
  gtk_widget_class_bind_template_child (widget_class, CachetMessageHeader, to);
  gtk_widget_class_bind_template_child (widget_class, CachetMessageHeader, cc);
  gtk_widget_class_bind_template_child (widget_class, CachetMessageHeader, reply_to);
  gtk_widget_class_bind_template_child (widget_class, CachetMessageHeader, warning_bar);
  gtk_widget_class_bind_template_child (widget_class, CachetMessageHeader, warnings);
  gtk_widget_class_bind_template_child (widget_class, CachetMessageHeader, all_scroller);
  gtk_widget_class_bind_template_child (widget_class, CachetMessageHeader, all_view);
}

static void
cachet_message_header_init (CachetMessageHeader *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
cachet_message_header_set_message (CachetMessageHeader *self, CachetMimeMessage *message)
{
  const char *subject;

  g_return_if_fail (CACHET_IS_MESSAGE_HEADER (self) && CACHET_IS_MIME_MESSAGE (message));
  g_set_object (&self->message, message);
  subject = cachet_mime_message_get_subject (message);
  gtk_label_set_text (self->subject, *subject != '\0' ? subject : _ ("(no subject)"));
  set_from (self);
  set_date (self);
  set_recipients (self->to, C_ ("before addresses", "to"),
                                cachet_mime_message_get_addresses (message, CACHET_MIME_TO));
  set_recipients (self->cc, C_ ("before addresses", "copy to"),
                                cachet_mime_message_get_addresses (message, CACHET_MIME_CC));
  set_reply_to (self);
  set_warnings (self);
  show_all (self);
}

void
cachet_message_header_set_shows_all (CachetMessageHeader *self, gboolean shows_all)
{
  g_return_if_fail (CACHET_IS_MESSAGE_HEADER (self));
  self->shows_all = shows_all;
  show_all (self);
}

gboolean
cachet_message_header_get_shows_all (CachetMessageHeader *self)
{
  g_return_val_if_fail (CACHET_IS_MESSAGE_HEADER (self), FALSE);
  return self->shows_all;
}
