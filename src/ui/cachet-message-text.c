#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-message-text.h"

#include <glib/gi18n.h>
#include <string.h>

#define LINK_PATTERN       \
  "\\b(?:https?://|ftp://" \
  "|mailto:)[^\\s<>\"'\\x{201c}\\x{201d}]*[^\\s<>\"'.,;:!?)\\]\\x{201c}\\x{201d}]"
#define TEXT_MARGIN 18
/* The quote's colour over the text's: by alpha, so that it is right on light and dark. */
#define QUOTE_ALPHA 0.6

struct _CachetMessageText
{
  GtkTextView parent_instance;

  GtkTextTag *link_tag;
  GtkTextTag *quote_tag;
};

enum {
  SIGNAL_LINK_ACTIVATED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CachetMessageText, cachet_message_text, GTK_TYPE_TEXT_VIEW)

static GRegex *
link_regex (void)
{
  static GRegex *regex;

  if (regex == NULL)
    regex = g_regex_new (LINK_PATTERN, G_REGEX_CASELESS | G_REGEX_OPTIMIZE, 0, NULL);
  return regex;
}

static GtkTextBuffer *
get_buffer (CachetMessageText *self)
{
  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (self));
}

/* (nullable) (transfer full): the address under @iter */
static char *
dup_link_at (CachetMessageText *self, const GtkTextIter *iter)
{
  GtkTextIter start = *iter;
  GtkTextIter end = *iter;

  if (!gtk_text_iter_has_tag (iter, self->link_tag))
    return NULL;
  if (!gtk_text_iter_starts_tag (&start, self->link_tag))
    gtk_text_iter_backward_to_tag_toggle (&start, self->link_tag);
  gtk_text_iter_forward_to_tag_toggle (&end, self->link_tag);
  return gtk_text_iter_get_slice (&start, &end);
}

static char *
dup_link_at_position (CachetMessageText *self, double x, double y)
{
  GtkTextIter iter;
  int buffer_x;
  int buffer_y;

  gtk_text_view_window_to_buffer_coords (GTK_TEXT_VIEW (self), GTK_TEXT_WINDOW_WIDGET, (int)x,
                                         (int)y, &buffer_x, &buffer_y);
  if (!gtk_text_view_get_iter_at_location (GTK_TEXT_VIEW (self), &iter, buffer_x, buffer_y))
    return NULL;
  return dup_link_at (self, &iter);
}

static gboolean
cachet_message_text_button_release (GtkWidget *widget, GdkEventButton *event)
{
  CachetMessageText *self = CACHET_MESSAGE_TEXT (widget);
  gboolean stop =
    GTK_WIDGET_CLASS (cachet_message_text_parent_class)->button_release_event (widget, event);
  g_autofree char *uri = NULL;

  if (event->button != GDK_BUTTON_PRIMARY ||
      gtk_text_buffer_get_has_selection (get_buffer (self)) ||
      event->window != gtk_text_view_get_window (GTK_TEXT_VIEW (self), GTK_TEXT_WINDOW_TEXT))
    return stop;
  uri = dup_link_at_position (self, event->x, event->y);
  if (uri != NULL)
    g_signal_emit (self, signals[SIGNAL_LINK_ACTIVATED], 0, uri);
  return stop;
}

static gboolean
cachet_message_text_motion (GtkWidget *widget, GdkEventMotion *event)
{
  CachetMessageText *self = CACHET_MESSAGE_TEXT (widget);
  GdkWindow *window = gtk_text_view_get_window (GTK_TEXT_VIEW (self), GTK_TEXT_WINDOW_TEXT);

  if (event->window == window)
    {
      g_autofree char *uri = dup_link_at_position (self, event->x, event->y);
      g_autoptr (GdkCursor) cursor = gdk_cursor_new_from_name (gtk_widget_get_display (widget),
                                                               uri != NULL ? "pointer" : "text");

      gdk_window_set_cursor (window, cursor);
    }
  return GTK_WIDGET_CLASS (cachet_message_text_parent_class)->motion_notify_event (widget, event);
}

static gboolean
query_tooltip_cb (
  CachetMessageText *self, int x, int y, gboolean keyboard_mode, GtkTooltip *tooltip)
{
  g_autofree char *uri = keyboard_mode ? NULL : dup_link_at_position (self, x, y);

  if (uri == NULL)
    return FALSE;
  gtk_tooltip_set_text (tooltip, uri);
  return TRUE;
}

static void
open_link_cb (GtkMenuItem *item, CachetMessageText *self)
{
  g_signal_emit (self, signals[SIGNAL_LINK_ACTIVATED], 0,
                 g_object_get_data (G_OBJECT (item), "uri"));
}

static void
copy_link_cb (GtkMenuItem *item, CachetMessageText *self)
{
  gtk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self), GDK_SELECTION_CLIPBOARD),
                          g_object_get_data (G_OBJECT (item), "uri"), -1);
}

static void
prepend_link_item (CachetMessageText *self,
                   GtkMenuShell *menu,
                   const char *label,
                   const char *uri,
                   GCallback callback)
{
  GtkWidget *item = gtk_menu_item_new_with_mnemonic (label);

  g_object_set_data_full (G_OBJECT (item), "uri", g_strdup (uri), g_free);
  g_signal_connect_object (item, "activate", callback, self, 0);
  gtk_widget_show (item);
  gtk_menu_shell_prepend (menu, item);
}

static void
cachet_message_text_populate_popup (GtkTextView *view, GtkWidget *popup)
{
  CachetMessageText *self = CACHET_MESSAGE_TEXT (view);
  g_autoptr (GdkEvent) event = gtk_get_current_event ();
  g_autofree char *uri = NULL;
  double x;
  double y;

  if (GTK_TEXT_VIEW_CLASS (cachet_message_text_parent_class)->populate_popup != NULL)
    GTK_TEXT_VIEW_CLASS (cachet_message_text_parent_class)->populate_popup (view, popup);
  if (!GTK_IS_MENU_SHELL (popup) || event == NULL || !gdk_event_get_coords (event, &x, &y))
    return;
  uri = dup_link_at_position (self, x, y);
  if (uri == NULL)
    return;
  {
    GtkWidget *separator = gtk_separator_menu_item_new ();

    gtk_widget_show (separator);
    gtk_menu_shell_prepend (GTK_MENU_SHELL (popup), separator);
  }
  prepend_link_item (self, GTK_MENU_SHELL (popup),
                     _ ("_Copy Link Address"), uri, G_CALLBACK (copy_link_cb));
  prepend_link_item (self, GTK_MENU_SHELL (popup),
                     _ ("_Open Link"), uri, G_CALLBACK (open_link_cb));
}

static void
update_colours (CachetMessageText *self)
{
  GtkStyleContext *context = gtk_widget_get_style_context (GTK_WIDGET (self));
  GdkRGBA text;
  GdkRGBA link;

  gtk_style_context_get_color (context, GTK_STATE_FLAG_NORMAL, &text);
  text.alpha *= QUOTE_ALPHA;
  g_object_set (self->quote_tag, "foreground-rgba", &text, NULL);
  gtk_style_context_get_color (context, GTK_STATE_FLAG_LINK, &link);
  g_object_set (self->link_tag, "foreground-rgba", &link, NULL);
}

static void
cachet_message_text_style_updated (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (cachet_message_text_parent_class)->style_updated (widget);
  update_colours (CACHET_MESSAGE_TEXT (widget));
}

static void
cachet_message_text_class_init (CachetMessageTextClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->button_release_event = cachet_message_text_button_release;
  widget_class->motion_notify_event = cachet_message_text_motion;
  widget_class->style_updated = cachet_message_text_style_updated;
  GTK_TEXT_VIEW_CLASS (klass)->populate_popup = cachet_message_text_populate_popup;
  signals[SIGNAL_LINK_ACTIVATED] =
    g_signal_new ("link-activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
cachet_message_text_init (CachetMessageText *self)
{
  GtkTextView *view = GTK_TEXT_VIEW (self);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);

  self->quote_tag = gtk_text_buffer_create_tag (buffer, "quote", NULL);
  self->link_tag =
    gtk_text_buffer_create_tag (buffer, "link", "underline", PANGO_UNDERLINE_SINGLE, NULL);
  gtk_text_view_set_editable (view, FALSE);
  gtk_text_view_set_cursor_visible (view, FALSE);
  gtk_text_view_set_wrap_mode (view, GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_left_margin (view, TEXT_MARGIN);
  gtk_text_view_set_right_margin (view, TEXT_MARGIN);
  gtk_text_view_set_top_margin (view, TEXT_MARGIN / 2);
  gtk_text_view_set_bottom_margin (view, TEXT_MARGIN);
  gtk_text_view_set_pixels_below_lines (view, 2);
  gtk_text_view_set_accepts_tab (view, FALSE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect (self, "query-tooltip", G_CALLBACK (query_tooltip_cb), NULL);
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self)), _ ("Message text"));
  update_colours (self);
}

CachetMessageText *
cachet_message_text_new (void)
{
  return g_object_new (CACHET_TYPE_MESSAGE_TEXT, "visible", TRUE, NULL);
}

static void
insert_line (CachetMessageText *self, GtkTextIter *iter, const char *line, gsize length)
{
  GtkTextTag *tag = line[0] == '>' ? self->quote_tag : NULL;
  g_autoptr (GMatchInfo) match = NULL;
  gsize done = 0;

  if (memchr (line, ':', length) != NULL)
    g_regex_match_full (link_regex (), line, length, 0, 0, &match, NULL);
  while (match != NULL && g_match_info_matches (match))
    {
      int start;
      int end;

      g_match_info_fetch_pos (match, 0, &start, &end);
      gtk_text_buffer_insert_with_tags (get_buffer (self), iter, line + done, (int)(start - done),
                                        tag, NULL);
      gtk_text_buffer_insert_with_tags (get_buffer (self), iter, line + start, end - start,
                                        self->link_tag, NULL);
      done = end;
      g_match_info_next (match, NULL);
    }
  gtk_text_buffer_insert_with_tags (get_buffer (self), iter, line + done, (int)(length - done), tag,
                                    NULL);
}

/* Whether a line needs tags: only then is it inserted on its own, for plain text goes in whole. */
static gboolean
is_special_line (const char *line, gsize length)
{
  return (length > 0 && line[0] == '>') || length > CACHET_MESSAGE_TEXT_MAX_LINE ||
         g_strstr_len (line, length, "://") != NULL ||
         g_strstr_len (line, length, "mailto:") != NULL;
}

static void
insert_special_line (CachetMessageText *self, GtkTextIter *iter, const char *line, gsize length)
{
  while (length > CACHET_MESSAGE_TEXT_MAX_LINE)
    {
      const char *cut = g_utf8_find_prev_char (line, line + CACHET_MESSAGE_TEXT_MAX_LINE);
      gsize n = cut != NULL && cut > line ? (gsize)(cut - line) : CACHET_MESSAGE_TEXT_MAX_LINE;

      insert_line (self, iter, line, n);
      gtk_text_buffer_insert (get_buffer (self), iter, "\n", 1);
      line += n;
      length -= n;
    }
  insert_line (self, iter, line, length);
}

gboolean
cachet_message_text_set (CachetMessageText *self, const char *text)
{
  GtkTextBuffer *buffer;
  GtkTextIter iter;
  gsize length = strlen (text);
  gboolean whole = length <= CACHET_MESSAGE_TEXT_MAX_BYTES;
  const char *end;
  const char *plain = text;
  const char *line;
  const char *next;

  g_return_val_if_fail (CACHET_IS_MESSAGE_TEXT (self), FALSE);
  buffer = get_buffer (self);
  gtk_text_buffer_set_text (buffer, "", 0);
  gtk_text_buffer_get_start_iter (buffer, &iter);
  end = whole ? text + length : g_utf8_find_prev_char (text, text + CACHET_MESSAGE_TEXT_MAX_BYTES);
  for (line = text; line < end; line = next)
    {
      const char *newline = memchr (line, '\n', end - line);
      const char *line_end = newline != NULL ? newline : end;

      next = newline != NULL ? newline + 1 : end;
      if (!is_special_line (line, line_end - line))
        continue;
      gtk_text_buffer_insert (buffer, &iter, plain, (int)(line - plain));
      insert_special_line (self, &iter, line, line_end - line);
      plain = line_end;
    }
  gtk_text_buffer_insert (buffer, &iter, plain, (int)(end - plain));
  gtk_text_buffer_get_start_iter (buffer, &iter);
  gtk_text_buffer_place_cursor (buffer, &iter);
  return whole;
}

char *
cachet_message_text_dup_selection (CachetMessageText *self)
{
  GtkTextIter start;
  GtkTextIter end;

  g_return_val_if_fail (CACHET_IS_MESSAGE_TEXT (self), NULL);
  if (!gtk_text_buffer_get_selection_bounds (get_buffer (self), &start, &end))
    return NULL;
  return gtk_text_iter_get_slice (&start, &end);
}

gboolean
cachet_message_text_find (CachetMessageText *self, const char *words, gboolean backwards)
{
  const GtkTextSearchFlags flags = GTK_TEXT_SEARCH_CASE_INSENSITIVE;
  GtkTextBuffer *buffer;
  GtkTextIter from;
  GtkTextIter to;
  GtkTextIter start;
  GtkTextIter end;
  gboolean found;

  g_return_val_if_fail (CACHET_IS_MESSAGE_TEXT (self), FALSE);
  buffer = get_buffer (self);
  gtk_text_buffer_get_selection_bounds (buffer, &from, &to);
  if (backwards)
    found = gtk_text_iter_backward_search (&from, words, flags, &start, &end, NULL);
  else
    found = gtk_text_iter_forward_search (&to, words, flags, &start, &end, NULL);
  if (!found && backwards)
    {
      gtk_text_buffer_get_end_iter (buffer, &from);
      found = gtk_text_iter_backward_search (&from, words, flags, &start, &end, NULL);
    }
  else if (!found)
    {
      gtk_text_buffer_get_start_iter (buffer, &from);
      found = gtk_text_iter_forward_search (&from, words, flags, &start, &end, NULL);
    }
  if (!found)
    return FALSE;
  gtk_text_buffer_select_range (buffer, &start, &end);
  gtk_text_view_scroll_to_iter (GTK_TEXT_VIEW (self), &start, 0.1, FALSE, 0, 0);
  return TRUE;
}
