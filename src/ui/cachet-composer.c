#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-composer.h"

#include "cachet-account-assistant.h"
#include "cachet-account.h"
#include "cachet-draft-card.h"
#include "cachet-info-bar.h"
#include "cachet-outbox.h"

#include <glib/gi18n.h>

/* Files over this are not read into a message: no submission server takes them. */
#define CACHET_COMPOSER_MAX_ATTACHMENT_SIZE (100u * 1024 * 1024)
/* A draft is saved this long after the first change that is not saved. */
#define CACHET_COMPOSER_SAVE_SECONDS 30

struct _CachetComposer
{
  HdyApplicationWindow parent_instance;

  CachetEngine *engine;
  CachetAccount *account;
  CachetDraft *draft;
  CachetMessageRow *answered;
  gboolean is_forward;
  CachetMessageRow *draft_row;
  CachetOutboxItem *outbox_item;
  GCancellable *cancellable;
  guint save_source;
  guint n_reading;
  gboolean changed;
  gboolean saved; /* a copy of the draft is stored somewhere */
  gboolean busy;
  gboolean closing;
  gboolean filling;

  HdyHeaderBar *header_bar;
  GtkWidget *spinner;
  GtkInfoBar *note_bar;
  GtkLabel *note_label;
  GtkGrid *fields;
  GtkComboBoxText *from_combo;
  GtkEntry *to_entry;
  GtkEntry *cc_entry;
  GtkEntry *bcc_entry;
  GtkEntry *subject_entry;
  GtkToggleButton *more_button;
  GtkTextView *text_view;
  GtkWidget *attachments_box;
  GtkLabel *attachments_label;
  GtkFlowBox *attachments;
  GtkLabel *status_label;
};

G_DEFINE_FINAL_TYPE (CachetComposer, cachet_composer, HDY_TYPE_APPLICATION_WINDOW)

static void save_draft (CachetComposer *self);

static void
set_action_enabled (CachetComposer *self, const char *name, gboolean enabled)
{
  GActionGroup *group = gtk_widget_get_action_group (GTK_WIDGET (self), "composer");
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (group), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

static void
show_bar (CachetComposer *self, GtkMessageType type, const char *text)
{
  gtk_label_set_text (self->note_label, text);
  gtk_info_bar_set_message_type (self->note_bar, type);
  gtk_widget_show (GTK_WIDGET (self->note_bar));
}

void
cachet_composer_show_note (CachetComposer *self, const char *text)
{
  g_return_if_fail (CACHET_IS_COMPOSER (self));

  show_bar (self, GTK_MESSAGE_INFO, text);
}

static void
set_busy (CachetComposer *self, gboolean busy)
{
  self->busy = busy;
  gtk_widget_set_visible (self->spinner, busy);
  g_object_set (self->spinner, "active", busy, NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->fields), !busy);
  gtk_text_view_set_editable (self->text_view, !busy);
  gtk_widget_set_sensitive (self->attachments_box, !busy);
  set_action_enabled (self, "send", !busy && self->account != NULL && self->n_reading == 0);
  set_action_enabled (self, "attach", !busy);
  set_action_enabled (self, "save", !busy && self->account != NULL);
  set_action_enabled (self, "discard", !busy);
}

static gboolean
save_timeout_cb (gpointer user_data)
{
  CachetComposer *self = user_data;

  self->save_source = 0;
  if (self->busy)
    return G_SOURCE_REMOVE;
  save_draft (self);
  return G_SOURCE_REMOVE;
}

static void
mark_changed (CachetComposer *self)
{
  if (self->filling)
    return;
  self->changed = TRUE;
  gtk_label_set_text (self->status_label, "");
  if (self->save_source == 0 && self->account != NULL)
    self->save_source = g_timeout_add_seconds (CACHET_COMPOSER_SAVE_SECONDS, save_timeout_cb, self);
}

static void
field_changed_cb (CachetComposer *self)
{
  mark_changed (self);
}

static void
subject_changed_cb (CachetComposer *self)
{
  const char *subject = gtk_entry_get_text (self->subject_entry);
  const char *title = *subject != '\0' ? subject : _ ("New Message");

  hdy_header_bar_set_title (self->header_bar, title);
  gtk_window_set_title (GTK_WINDOW (self), title);
  mark_changed (self);
}

/* --- From --- */

static char *
format_from (CachetAccount *account)
{
  const CachetAccountSettings *settings = cachet_account_get_settings (account);
  g_autoptr (CachetAddress) address = cachet_address_new (settings->full_name, settings->address);

  return cachet_address_to_display (address);
}

static void
from_changed_cb (GtkComboBox *combo, CachetComposer *self)
{
  const char *id = gtk_combo_box_get_active_id (combo);
  CachetAccount *account = id != NULL ? cachet_engine_find_account (self->engine, id) : NULL;

  if (account == NULL)
    return;
  g_set_object (&self->account, account);
  mark_changed (self);
}

/* The account of the draft's From, else the first one. */
static CachetAccount *
guess_account (CachetComposer *self)
{
  GListModel *accounts = cachet_engine_get_accounts (self->engine);
  const CachetAddress *from = cachet_draft_get_from (self->draft);
  CachetAccount *first = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr (CachetAccount) account = g_list_model_get_item (accounts, i);
      const char *address = cachet_account_get_settings (account)->address;

      if (first == NULL)
        first = account;
      if (from != NULL && g_ascii_strcasecmp (from->addr, address) == 0)
        return account; /* the model keeps it */
    }
  return first;
}

static void
fill_from (CachetComposer *self)
{
  GListModel *accounts = cachet_engine_get_accounts (self->engine);

  gtk_combo_box_text_remove_all (self->from_combo);
  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr (CachetAccount) account = g_list_model_get_item (accounts, i);
      g_autofree char *text = format_from (account);
      gtk_combo_box_text_append (self->from_combo, cachet_account_get_id (account), text);
    }
  if (self->account == NULL)
    g_set_object (&self->account, guess_account (self));
  if (self->account != NULL)
    gtk_combo_box_set_active_id (GTK_COMBO_BOX (self->from_combo),
                                 cachet_account_get_id (self->account));
}

static void
accounts_changed_cb (CachetComposer *self)
{
  self->filling = TRUE;
  fill_from (self);
  self->filling = FALSE;
  if (self->account != NULL && !self->busy)
    {
      gtk_widget_hide (GTK_WIDGET (self->note_bar));
      set_busy (self, FALSE);
    }
}

/* --- attachments --- */

static void update_attachments (CachetComposer *self);

static void
attachment_removed_cb (CachetDraftCard *card, CachetComposer *self)
{
  GtkWidget *child = gtk_widget_get_parent (GTK_WIDGET (card));

  cachet_draft_remove_attachment (self->draft,
                                  gtk_flow_box_child_get_index (GTK_FLOW_BOX_CHILD (child)));
  mark_changed (self);
  update_attachments (self);
}

static void
update_attachments (CachetComposer *self)
{
  GPtrArray *attachments = cachet_draft_get_attachments (self->draft);
  g_autoptr (GList) old = gtk_container_get_children (GTK_CONTAINER (self->attachments));
  g_autofree char *size_text = NULL;
  g_autofree char *text = NULL;
  guint64 size = 0;

  for (GList *l = old; l != NULL; l = l->next)
    gtk_widget_destroy (l->data);
  for (guint i = 0; i < attachments->len; i++)
    {
      const CachetDraftAttachment *attachment = g_ptr_array_index (attachments, i);
      gsize length = g_bytes_get_size (attachment->bytes);
      GtkWidget *card = cachet_draft_card_new (attachment->name, attachment->content_type, length);

      g_signal_connect_object (card, "removed", G_CALLBACK (attachment_removed_cb), self, 0);
      gtk_container_add (GTK_CONTAINER (self->attachments), card);
      size += length;
    }
  size_text = g_format_size (size);
  text = g_strdup_printf (ngettext ("%u attachment, %s", "%u attachments, %s", attachments->len),
                          attachments->len, size_text);
  gtk_label_set_text (self->attachments_label, text);
  gtk_widget_set_visible (self->attachments_box, attachments->len > 0);
}

static void
file_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetComposer) self = user_data;
  GFile *file = G_FILE (source);
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *display_name = g_filename_display_name (name);
  g_autofree char *guessed = NULL;
  g_autofree char *mime_type = NULL;
  g_autofree char *contents = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize length = 0;

  self->n_reading--;
  if (!g_file_load_contents_finish (file, result, &contents, &length, NULL, &error))
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          g_autofree char *text =
            g_strdup_printf (_ ("“%s” could not be attached: %s"), display_name, error->message);
          show_bar (self, GTK_MESSAGE_ERROR, text);
        }
    }
  else if (!gtk_widget_in_destruction (GTK_WIDGET (self)))
    {
      guessed = g_content_type_guess (name, (const guchar *)contents, length, NULL);
      mime_type = g_content_type_get_mime_type (guessed);
      bytes = g_bytes_new_take (g_steal_pointer (&contents), length);
      cachet_draft_add_attachment (self->draft, display_name,
                                   mime_type != NULL ? mime_type : "application/octet-stream",
                                   bytes);
      mark_changed (self);
      update_attachments (self);
    }
  if (!gtk_widget_in_destruction (GTK_WIDGET (self)))
    set_busy (self, self->busy);
}

static void
file_info_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetComposer) self = user_data;
  GFile *file = G_FILE (source);
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *display_name = g_filename_display_name (name);
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInfo) info = g_file_query_info_finish (file, result, &error);
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (info == NULL)
    text = g_strdup_printf (_ ("“%s” could not be attached: %s"), display_name, error->message);
  else if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    text = g_strdup_printf (
      _ ("“%s” is not a file. To attach a folder, pack it into an archive first."), display_name);
  else if (g_file_info_get_size (info) > CACHET_COMPOSER_MAX_ATTACHMENT_SIZE)
    {
      g_autofree char *limit = g_format_size (CACHET_COMPOSER_MAX_ATTACHMENT_SIZE);
      text = g_strdup_printf (
        _ ("“%s” is larger than %s, which no mail server takes. Share it another way."),
           display_name, limit);
    }
  if (text != NULL)
    {
      show_bar (self, GTK_MESSAGE_ERROR, text);
      return;
    }
  self->n_reading++;
  set_busy (self, self->busy);
  g_file_load_contents_async (file, self->cancellable, file_read_cb, g_object_ref (self));
}

static void
attach_file (CachetComposer *self, GFile *file)
{
  g_file_query_info_async (file, G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE,
                           G_FILE_QUERY_INFO_NONE, G_PRIORITY_DEFAULT, self->cancellable,
                           file_info_cb, g_object_ref (self));
}

static void
chooser_response_cb (GtkNativeDialog *chooser, int response, CachetComposer *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GSList) files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (chooser));

      for (GSList *l = files; l != NULL; l = l->next)
        {
          attach_file (self, l->data);
          g_object_unref (l->data);
        }
    }
  gtk_native_dialog_destroy (chooser);
  g_object_unref (chooser);
}

static void
attach_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CachetComposer *self = user_data;
  GtkFileChooserNative *chooser =
    gtk_file_chooser_native_new (_ ("Attach Files"), GTK_WINDOW (self),
                                    GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Attach"), _ ("_Cancel"));

  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (chooser), TRUE);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (chooser_response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
drag_data_received_cb (GtkWidget *widget,
                       GdkDragContext *context,
                       int x,
                       int y,
                       GtkSelectionData *data,
                       guint info,
                       guint time,
                       gpointer user_data)
{
  CachetComposer *self = user_data;
  g_auto (GStrv) uris = gtk_selection_data_get_uris (data);

  if (uris == NULL) /* text: the text view's own matter */
    return;
  g_signal_stop_emission_by_name (widget, "drag-data-received");
  for (guint i = 0; uris[i] != NULL; i++)
    {
      g_autoptr (GFile) file = g_file_new_for_uri (uris[i]);
      attach_file (self, file);
    }
  gtk_drag_finish (context, TRUE, FALSE, time);
}

/* --- draft and widgets --- */

static char *
dup_text (CachetComposer *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

/* Takes the widgets' content into the draft; FALSE when an address can't be read: that field's
 * entry has the focus then, and the rest is taken all the same. */
static gboolean
collect (CachetComposer *self, GError **error)
{
  const struct
  {
    CachetMimeAddressField field;
    GtkEntry *entry;
  } fields[] = {
    { CACHET_MIME_TO, self->to_entry },
    { CACHET_MIME_CC, self->cc_entry },
    { CACHET_MIME_BCC, self->bcc_entry },
  };
  g_autofree char *text = dup_text (self);
  gboolean ok = TRUE;

  if (self->account != NULL)
    {
      const CachetAccountSettings *settings = cachet_account_get_settings (self->account);
      g_autoptr (CachetAddress) from = cachet_address_new (settings->full_name, settings->address);
      cachet_draft_set_from (self->draft, from);
    }
  cachet_draft_set_subject (self->draft, gtk_entry_get_text (self->subject_entry));
  cachet_draft_set_text (self->draft, text);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      if (cachet_draft_set_recipients_text (
            self->draft, fields[i].field, gtk_entry_get_text (fields[i].entry), ok ? error : NULL))
        continue;
      if (ok)
        gtk_widget_grab_focus (GTK_WIDGET (fields[i].entry));
      ok = FALSE;
    }
  return ok;
}

static void
fill_entry (GtkEntry *entry, CachetDraft *draft, CachetMimeAddressField field)
{
  g_autofree char *text = cachet_draft_dup_recipients_text (draft, field);

  gtk_entry_set_text (entry, text);
}

static void
fill (CachetComposer *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  const char *text = cachet_draft_get_text (self->draft);
  GtkTextIter start;

  self->filling = TRUE;
  fill_from (self);
  fill_entry (self->to_entry, self->draft, CACHET_MIME_TO);
  fill_entry (self->cc_entry, self->draft, CACHET_MIME_CC);
  fill_entry (self->bcc_entry, self->draft, CACHET_MIME_BCC);
  gtk_toggle_button_set_active (self->more_button, *gtk_entry_get_text (self->cc_entry) != '\0' ||
                                                     *gtk_entry_get_text (self->bcc_entry) != '\0');
  gtk_entry_set_text (self->subject_entry, cachet_draft_get_subject (self->draft));
  if ((text == NULL || *text == '\0') && self->account != NULL)
    {
      const char *signature = cachet_account_get_settings (self->account)->signature;
      g_autofree char *below =
        signature != NULL && *signature != '\0' ? g_strdup_printf ("\n\n-- \n%s", signature) : NULL;
      gtk_text_buffer_set_text (buffer, below != NULL ? below : "", -1);
    }
  else
    gtk_text_buffer_set_text (buffer, text != NULL ? text : "", -1);
  gtk_text_buffer_get_start_iter (buffer, &start);
  gtk_text_buffer_place_cursor (buffer, &start);
  update_attachments (self);
  self->filling = FALSE;
  if (*gtk_entry_get_text (self->to_entry) == '\0')
    gtk_widget_grab_focus (GTK_WIDGET (self->to_entry));
  else if (*gtk_entry_get_text (self->subject_entry) == '\0')
    gtk_widget_grab_focus (GTK_WIDGET (self->subject_entry));
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->text_view));
}

/* --- saving and closing --- */

static void
leave (CachetComposer *self)
{
  self->closing = TRUE;
  g_cancellable_cancel (self->cancellable);
  gtk_widget_destroy (GTK_WIDGET (self));
}

static void
close_anyway_cb (GtkDialog *dialog, int response, CachetComposer *self)
{
  gtk_widget_destroy (GTK_WIDGET (dialog));
  if (response == GTK_RESPONSE_REJECT)
    leave (self);
}

/* The draft could not be stored: only the user may throw it away. */
static void
ask_close_anyway (CachetComposer *self, const char *reason)
{
  GtkWidget *dialog = gtk_message_dialog_new (
    GTK_WINDOW (self), GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT, GTK_MESSAGE_WARNING,
    GTK_BUTTONS_NONE, "%s", _ ("This draft could not be saved."));

  gtk_message_dialog_format_secondary_text (
    GTK_MESSAGE_DIALOG (dialog), _ ("%s If you close the window now, what you wrote is lost."),
                                    reason);
  gtk_dialog_add_buttons (GTK_DIALOG (dialog), _ ("_Close Without Saving"), GTK_RESPONSE_REJECT,
                                                  _ ("_Keep Writing"), GTK_RESPONSE_CANCEL, NULL);
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_CANCEL);
  g_signal_connect_object (dialog, "response", G_CALLBACK (close_anyway_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetComposer) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean ok = cachet_engine_save_draft_finish (CACHET_ENGINE (source), result, &error);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%X");
  g_autofree char *text = NULL;

  if (gtk_widget_in_destruction (GTK_WIDGET (self)))
    return;
  set_busy (self, FALSE);
  if (ok)
    {
      self->saved = TRUE;
      if (self->closing)
        {
          leave (self);
          return;
        }
      text = g_strdup_printf (_ ("Draft saved at %s"), time);
      gtk_label_set_text (self->status_label, text);
      return;
    }
  self->changed = TRUE;
  if (self->closing)
    {
      self->closing = FALSE;
      ask_close_anyway (self, error->message);
      return;
    }
  text = g_strdup_printf (_ ("The draft could not be saved: %s"), error->message);
  show_bar (self, GTK_MESSAGE_ERROR, text);
}

static void
save_draft (CachetComposer *self)
{
  g_autoptr (GError) error = NULL;

  g_clear_handle_id (&self->save_source, g_source_remove);
  if (self->account == NULL)
    {
      if (self->closing)
        {
          self->closing = FALSE;
          ask_close_anyway (self, _ ("There is no account whose Drafts it could go to."));
        }
      return;
    }
  if (!collect (self, &error) && self->closing)
    {
      self->closing = FALSE;
      ask_close_anyway (self, error->message);
      return;
    }
  self->changed = FALSE;
  if (self->closing)
    set_busy (self, TRUE);
  cachet_engine_save_draft_async (self->engine, self->account, self->draft, NULL, saved_cb,
                                  g_object_ref (self));
}

static void
save_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  save_draft (user_data);
}

static gboolean
delete_event_cb (CachetComposer *self)
{
  if (self->busy)
    return TRUE;
  if (!self->changed)
    {
      leave (self);
      return TRUE;
    }
  self->closing = TRUE;
  save_draft (self);
  return TRUE;
}

static void
close_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  delete_event_cb (user_data);
}

static void
discard_response_cb (GtkDialog *dialog, int response, CachetComposer *self)
{
  gtk_widget_destroy (GTK_WIDGET (dialog));
  if (response != GTK_RESPONSE_ACCEPT)
    return;
  if (self->saved && self->account != NULL)
    cachet_engine_discard_draft (self->engine, self->account, self->draft);
  leave (self);
}

static void
discard_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CachetComposer *self = user_data;
  GtkWidget *dialog;

  if (!self->changed && !self->saved)
    {
      leave (self);
      return;
    }
  dialog = gtk_message_dialog_new (
    GTK_WINDOW (self), GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT, GTK_MESSAGE_QUESTION,
    GTK_BUTTONS_NONE, "%s", _ ("Discard this draft?"));
  gtk_message_dialog_format_secondary_text (GTK_MESSAGE_DIALOG (dialog), "%s",
                                            _ ("What you wrote can't be brought back."));
  gtk_dialog_add_buttons (GTK_DIALOG (dialog), _ ("_Cancel"), GTK_RESPONSE_CANCEL,
                                                  _ ("_Discard"), GTK_RESPONSE_ACCEPT, NULL);
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_CANCEL);
  gtk_style_context_add_class (gtk_widget_get_style_context (gtk_dialog_get_widget_for_response (
                                 GTK_DIALOG (dialog), GTK_RESPONSE_ACCEPT)),
                               GTK_STYLE_CLASS_DESTRUCTIVE_ACTION);
  g_signal_connect_object (dialog, "response", G_CALLBACK (discard_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- sending --- */

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetComposer) self = user_data;
  g_autoptr (GError) error = NULL;
  CachetOutboxItem *item = cachet_engine_send_finish (CACHET_ENGINE (source), result, &error);

  if (gtk_widget_in_destruction (GTK_WIDGET (self)))
    return;
  set_busy (self, FALSE);
  if (item == NULL)
    {
      g_autofree char *text = g_strdup_printf (
        _ ("%s The message was not sent; it stays in this window, from where you can send it "
           "again."),
           error->message);

      show_bar (self, GTK_MESSAGE_ERROR, text);
      return;
    }
  /* durable in the outbox: the copies this window kept are of no more use */
  if (self->saved)
    cachet_engine_discard_draft (self->engine, self->account, self->draft);
  if (self->outbox_item != NULL)
    cachet_outbox_discard (cachet_engine_get_outbox (self->engine), self->outbox_item);
  leave (self);
}

static void
send_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CachetComposer *self = user_data;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) envelope = NULL;

  if (collect (self, &error))
    envelope = cachet_draft_dup_envelope (self->draft, &error);
  if (envelope == NULL)
    {
      show_bar (self, GTK_MESSAGE_ERROR, error->message);
      return;
    }
  g_clear_handle_id (&self->save_source, g_source_remove);
  gtk_widget_hide (GTK_WIDGET (self->note_bar));
  set_busy (self, TRUE);
  cachet_engine_send_async (self->engine, self->account, self->draft, self->answered,
                            self->is_forward, self->draft_row, NULL, sent_cb, g_object_ref (self));
}

static const GActionEntry composer_actions[] = {
  { .name = "send", .activate = send_cb },   { .name = "attach", .activate = attach_cb },
  { .name = "save", .activate = save_cb },   { .name = "discard", .activate = discard_cb },
  { .name = "close", .activate = close_cb },
};

/* --- the object --- */

void
cachet_composer_set_answered (CachetComposer *self, CachetMessageRow *row, gboolean is_forward)
{
  g_return_if_fail (CACHET_IS_COMPOSER (self));

  g_set_object (&self->answered, row);
  self->is_forward = is_forward;
}

void
cachet_composer_set_draft_row (CachetComposer *self, CachetMessageRow *row)
{
  g_return_if_fail (CACHET_IS_COMPOSER (self));

  g_set_object (&self->draft_row, row);
  self->saved = row != NULL;
}

void
cachet_composer_set_outbox_item (CachetComposer *self, CachetOutboxItem *item)
{
  g_return_if_fail (CACHET_IS_COMPOSER (self));

  g_set_object (&self->outbox_item, item);
}

static void
note_response_cb (GtkInfoBar *bar, int response, CachetComposer *self)
{
  if (response == GTK_RESPONSE_APPLY)
    gtk_window_present (
      GTK_WINDOW (cachet_account_assistant_new (GTK_WINDOW (self), self->engine)));
  else
    gtk_widget_hide (GTK_WIDGET (bar));
}

static void
cachet_composer_dispose (GObject *object)
{
  CachetComposer *self = CACHET_COMPOSER (object);

  g_clear_handle_id (&self->save_source, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->engine);
  g_clear_object (&self->account);
  g_clear_object (&self->draft);
  g_clear_object (&self->answered);
  g_clear_object (&self->draft_row);
  g_clear_object (&self->outbox_item);
  G_OBJECT_CLASS (cachet_composer_parent_class)->dispose (object);
}

static void
cachet_composer_class_init (CachetComposerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cachet_composer_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cachetmail/Cachet/ui/cachet-composer.ui");
  gtk_widget_class_bind_template_child (widget_class, CachetComposer, header_bar);
  gtk_widget_class_bind_template_child (widget_class, CachetComposer, spinner);
  gtk_widget_class_bind_template_child (widget_class, CachetComposer, note_bar);
  gtk_widget_class_bind_template_child (widget_class, CachetComposer, note_label);
  gtk_widget_class_bind_template_child (widget_class, CachetComposer, fields);
  gtk_widget_class_bind_template_child (widget_class, CachetComposer, from_combo);
  gtk_widget_class_bind_template_child (widget_class, CachetComposer, to_entry);
  gtk_widget_class_bind_template_child (widget_class, CachetComposer, cc_entry);
  gtk_widget_class_bind_template_child (widget_class, CachetComposer, bcc_entry);
  gtk_widget_class_bind_template_child (widget_class, CachetComposer, subject_entry);
  gtk_widget_class_bind_template_child (widget_class, CachetComposer, more_button);
  gtk_widget_class_bind_template_child (widget_class, CachetComposer, text_view);
  gtk_widget_class_bind_template_child (widget_class, CachetComposer, attachments_box);
  gtk_widget_class_bind_template_child (widget_class, CachetComposer, attachments_label);
  gtk_widget_class_bind_template_child (widget_class, CachetComposer, attachments);
  gtk_widget_class_bind_template_child (widget_class, CachetComposer, status_label);
  gtk_widget_class_bind_template_callback (widget_class, field_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, subject_changed_cb);
}

static void
cachet_composer_init (CachetComposer *self)
{
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (actions), composer_actions,
                                   G_N_ELEMENTS (composer_actions), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "composer", G_ACTION_GROUP (actions));
  gtk_widget_init_template (GTK_WIDGET (self));
  cachet_info_bar_name_close_button (self->note_bar);
  self->cancellable = g_cancellable_new ();
  g_signal_connect (self, "delete-event", G_CALLBACK (delete_event_cb), NULL);
  g_signal_connect_object (self->note_bar, "response", G_CALLBACK (note_response_cb), self, 0);
  g_signal_connect_object (self->from_combo, "changed", G_CALLBACK (from_changed_cb), self, 0);
  g_signal_connect_object (gtk_text_view_get_buffer (self->text_view), "changed",
                           G_CALLBACK (field_changed_cb), self, G_CONNECT_SWAPPED);
  /* the text view has a drag destination of its own, which takes text; files are attached there too
   */
  gtk_drag_dest_add_uri_targets (GTK_WIDGET (self->text_view));
  g_signal_connect (self->text_view, "drag-data-received", G_CALLBACK (drag_data_received_cb),
                    self);
  gtk_drag_dest_set (GTK_WIDGET (self), GTK_DEST_DEFAULT_ALL, NULL, 0, GDK_ACTION_COPY);
  gtk_drag_dest_add_uri_targets (GTK_WIDGET (self));
  g_signal_connect (self, "drag-data-received", G_CALLBACK (drag_data_received_cb), self);
}

static void
set_accels (GtkApplication *application)
{
  static const struct
  {
    const char *action;
    const char *accels[3];
  } accels[] = {
    { "composer.send", { "<Primary>Return", "<Primary>KP_Enter", NULL } },
    { "composer.attach", { "<Primary><Shift>a", NULL } },
    { "composer.save", { "<Primary>s", NULL } },
    { "composer.close", { "<Primary>w", NULL } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (application, accels[i].action, accels[i].accels);
}

CachetComposer *
cachet_composer_new (GtkApplication *application,
                     CachetEngine *engine,
                     CachetAccount *account,
                     CachetDraft *draft)
{
  CachetComposer *self;

  g_return_val_if_fail (CACHET_IS_ENGINE (engine), NULL);

  set_accels (application);
  self = g_object_new (CACHET_TYPE_COMPOSER, "application", application, NULL);
  self->engine = g_object_ref (engine);
  g_set_object (&self->account, account);
  self->draft = draft != NULL ? g_object_ref (draft) : cachet_draft_new ();
  g_signal_connect_object (cachet_engine_get_accounts (engine), "items-changed",
                           G_CALLBACK (accounts_changed_cb), self, G_CONNECT_SWAPPED);
  fill (self);
  set_busy (self, FALSE);
  if (self->account == NULL)
    {
      show_bar (self, GTK_MESSAGE_WARNING,
                _ ("There is no account yet to send from. Add one; what you write stays here."));
      gtk_info_bar_add_button (self->note_bar, _ ("_Add an Account"), GTK_RESPONSE_APPLY);
    }
  return self;
}
