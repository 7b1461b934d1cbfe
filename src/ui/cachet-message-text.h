#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * CachetMessageText:
 *
 * A message's text, read-only: quoted lines paler, addresses of the web clickable and always shown
 * as they are. Signal "link-activated" (const char *uri).
 */
#define CACHET_TYPE_MESSAGE_TEXT (cachet_message_text_get_type ())
G_DECLARE_FINAL_TYPE (CachetMessageText, cachet_message_text, CACHET, MESSAGE_TEXT, GtkTextView)

/* Longer text is cut here; the source window shows all of it. */
#define CACHET_MESSAGE_TEXT_MAX_BYTES (2 * 1024 * 1024)
/* A longer line is broken for the view: laying out one endless line would hold up the window. */
#define CACHET_MESSAGE_TEXT_MAX_LINE 4000

CachetMessageText *cachet_message_text_new (void);
/* @text: UTF-8 with LF. FALSE when it was cut. */
gboolean cachet_message_text_set (CachetMessageText *self, const char *text);
/* (nullable) (transfer full): the selected text */
char *cachet_message_text_dup_selection (CachetMessageText *self);
/* Selects the next place (or, with @backwards, the one before) that has @words, from the selection
 * on and around the end. FALSE when there is none. */
gboolean cachet_message_text_find (CachetMessageText *self, const char *words, gboolean backwards);

G_END_DECLS
