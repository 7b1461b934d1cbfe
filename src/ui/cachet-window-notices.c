#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-account-settings-dialog.h"
#include "cachet-certificate-dialog.h"
#include "cachet-password-dialog.h"
#include "cachet-window-private.h"

#include <glib/gi18n.h>

#define UNDO_SECONDS 10
#define UNDO_KEY "undo"
#define TROUBLE_KEY "cachet-told-trouble"

static char *
attention_key (CachetAccount *account)
{
  return g_strdup_printf ("attention:%s", cachet_account_get_id (account));
}

static const char *
attention_button (CachetAttention attention)
{
  switch (attention)
    {
    case CACHET_ATTENTION_PASSWORD:
      return _ ("Enter _Password…");
    case CACHET_ATTENTION_CERTIFICATE:
      return _ ("Show _Certificate…");
    case CACHET_ATTENTION_CLEAR_PASSWORD:
      return _ ("_Decide…");
    case CACHET_ATTENTION_SETTINGS:
      return _ ("Account _Settings…");
    case CACHET_ATTENTION_NONE:
    default:
      return NULL;
    }
}

static char *
attention_summary (CachetAccount *account)
{
  const char *label = cachet_account_get_label (account);

  switch (cachet_account_get_attention (account))
    {
    case CACHET_ATTENTION_PASSWORD:
      return g_strdup_printf (_ ("%s needs its password."), label);
    case CACHET_ATTENTION_CERTIFICATE:
      return g_strdup_printf (_ ("%s: the server's certificate was refused."), label);
    case CACHET_ATTENTION_CLEAR_PASSWORD:
      return g_strdup_printf (_ ("%s: the password would cross the network in clear."), label);
    case CACHET_ATTENTION_SETTINGS:
    case CACHET_ATTENTION_NONE:
    default:
      return g_strdup_printf (_ ("%s can't connect with these settings."), label);
    }
}

/* Told once for each reason; the attempts that follow fail alike and say nothing new. */
static void
update_trouble (CachetWindow *self, CachetAccount *account)
{
  const char *trouble = cachet_account_get_trouble (account);
  const char *told = g_object_get_data (G_OBJECT (account), TROUBLE_KEY);
  g_autofree char *key = g_strdup_printf ("trouble:%s", cachet_account_get_id (account));
  g_autofree char *summary = NULL;
  g_autofree char *detail = NULL;

  if (cachet_account_get_attention (account) != CACHET_ATTENTION_NONE)
    trouble = NULL; /* the other bar says it */
  if (g_strcmp0 (trouble, told) == 0)
    return;
  g_object_set_data_full (G_OBJECT (account), TROUBLE_KEY, g_strdup (trouble), g_free);
  if (trouble == NULL)
    {
      cachet_notice_stack_remove (self->notices, key);
      return;
    }
  summary = g_strdup_printf (_ ("%s is not connected."), cachet_account_get_label (account));
  detail = g_strdup_printf (_ ("%s It is tried again by itself; mail that is on this computer "
                               "stays readable."),
                               trouble);
  cachet_notice_stack_set (self->notices, key, GTK_MESSAGE_WARNING, summary, detail, NULL, NULL, 0);
}

static void
update_attention (CachetWindow *self, CachetAccount *account)
{
  CachetAttention attention = cachet_account_get_attention (account);
  g_autofree char *key = attention_key (account);
  g_autofree char *summary = NULL;
  g_autofree char *action = NULL;

  if (attention == CACHET_ATTENTION_NONE)
    {
      cachet_notice_stack_remove (self->notices, key);
      return;
    }
  summary = attention_summary (account);
  action = g_strdup_printf ("win.attend::%s", cachet_account_get_id (account));
  cachet_notice_stack_set (self->notices, key, GTK_MESSAGE_WARNING, summary,
                           cachet_account_get_state_text (account), attention_button (attention),
                           action, 0);
}

static void
attention_notify_cb (CachetWindow *self, GParamSpec *pspec, CachetAccount *account)
{
  update_attention (self, account);
  update_trouble (self, account);
}

static void
state_notify_cb (CachetWindow *self, GParamSpec *pspec, CachetAccount *account)
{
  update_trouble (self, account);
}

static void
accounts_changed_cb (CachetWindow *self)
{
  GListModel *accounts = cachet_engine_get_accounts (self->engine);
  guint n = g_list_model_get_n_items (accounts);
  guint i;

  for (i = 0; i < self->attended->len; i++)
    {
      CachetAccount *account = g_ptr_array_index (self->attended, i);
      g_autofree char *key = attention_key (account);

      g_signal_handlers_disconnect_by_func (account, attention_notify_cb, self);
      g_signal_handlers_disconnect_by_func (account, state_notify_cb, self);
      if (cachet_engine_find_account (self->engine, cachet_account_get_id (account)) != account)
        {
          g_autofree char *trouble_key =
            g_strdup_printf ("trouble:%s", cachet_account_get_id (account));

          cachet_notice_stack_remove (self->notices, key);
          cachet_notice_stack_remove (self->notices, trouble_key);
        }
    }
  g_ptr_array_set_size (self->attended, 0);
  for (i = 0; i < n; i++)
    {
      CachetAccount *account = g_list_model_get_item (accounts, i);

      g_ptr_array_add (self->attended, account);
      g_signal_connect_object (account, "notify::attention", G_CALLBACK (attention_notify_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (account, "notify::state", G_CALLBACK (state_notify_cb), self,
                               G_CONNECT_SWAPPED);
      update_attention (self, account);
      update_trouble (self, account);
    }
}

static void
certificate_accepted_cb (CachetWindow *self,
                         const CachetServerCertificate *certificate,
                         CachetCertificateDialog *dialog)
{
  CachetAccount *account = g_object_get_data (G_OBJECT (dialog), "account");
  g_autoptr (GError) error = NULL;

  if (!cachet_account_accept_certificate (account, certificate, &error))
    cachet_window_tell (self, _ ("The exception could not be kept."), error);
}

static void
show_certificate (CachetWindow *self, CachetAccount *account)
{
  const CachetServerCertificate *certificate = cachet_account_get_certificate (account);
  CachetCertificateDialog *dialog;

  if (certificate == NULL)
    return;
  dialog = cachet_certificate_dialog_new (GTK_WINDOW (self), certificate);
  g_object_set_data_full (G_OBJECT (dialog), "account", g_object_ref (account), g_object_unref);
  g_signal_connect_object (dialog, "accepted", G_CALLBACK (certificate_accepted_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
attend_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CachetWindow *self = user_data;
  CachetAccount *account =
    cachet_engine_find_account (self->engine, g_variant_get_string (parameter, NULL));

  if (account == NULL)
    return;
  switch (cachet_account_get_attention (account))
    {
    case CACHET_ATTENTION_PASSWORD:
    case CACHET_ATTENTION_CLEAR_PASSWORD:
      gtk_window_present (GTK_WINDOW (cachet_password_dialog_new (GTK_WINDOW (self), account)));
      break;
    case CACHET_ATTENTION_CERTIFICATE:
      show_certificate (self, account);
      break;
    case CACHET_ATTENTION_SETTINGS:
      gtk_window_present (
        GTK_WINDOW (cachet_account_settings_dialog_new (GTK_WINDOW (self), self->engine, account)));
      break;
    case CACHET_ATTENTION_NONE:
    default:
      break;
    }
}

static void
notice_cb (CachetWindow *self, const CachetNotice *notice)
{
  cachet_notice_stack_add (self->notices, notice);
}

static void
undo_text_cb (CachetWindow *self)
{
  const char *text = cachet_engine_get_undo_text (self->engine);

  cachet_window_update_actions (self);
  if (text == NULL)
    {
      cachet_notice_stack_remove (self->notices, UNDO_KEY);
      return;
    }
  cachet_notice_stack_set (self->notices, UNDO_KEY, GTK_MESSAGE_OTHER, text, NULL,
                           _ ("_Undo"), "win.undo", UNDO_SECONDS);
}

static const GActionEntry entries[] = {
  { "attend", attend_cb, "s" },
};

void
cachet_window_notices_install (CachetWindow *self)
{
  GListModel *accounts = cachet_engine_get_accounts (self->engine);

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  g_signal_connect_swapped (self->engine, "notice", G_CALLBACK (notice_cb), self);
  g_signal_connect_swapped (self->engine, "notify::undo-text", G_CALLBACK (undo_text_cb), self);
  g_signal_connect_swapped (accounts, "items-changed", G_CALLBACK (accounts_changed_cb), self);
  accounts_changed_cb (self);
}
