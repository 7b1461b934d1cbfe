#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-account.h"

#include "cachet-account-internal.h"
#include "cachet-account-probe.h"
#include "cachet-secrets.h"

#include <glib/gi18n.h>

enum {
  PROP_0,
  PROP_LABEL,
  PROP_STATE,
  PROP_STATE_TEXT,
  PROP_ATTENTION,
  N_PROPS,
};

enum {
  WIRE_RECORD,
  FOLDERS_CHANGED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CachetAccount, cachet_account, G_TYPE_OBJECT)

static void
cachet_account_dispose (GObject *object)
{
  CachetAccount *self = CACHET_ACCOUNT (object);

  cachet_account_connection_clear (self);
  if (self->replay != NULL)
    cachet_replay_clear (self->replay);
  g_clear_pointer (&self->in_use, g_hash_table_unref);
  for (guint i = 0;
       self->folders != NULL && i < g_list_model_get_n_items (G_LIST_MODEL (self->folders)); i++)
    {
      g_autoptr (CachetFolder) folder = g_list_model_get_item (G_LIST_MODEL (self->folders), i);
      cachet_folder_detach (folder);
    }
  g_clear_object (&self->folders);
  if (self->wire_log != NULL)
    g_signal_handlers_disconnect_by_data (self->wire_log, self);
  g_clear_object (&self->wire_log);
  g_clear_weak_pointer (&self->engine);
  G_OBJECT_CLASS (cachet_account_parent_class)->dispose (object);
}

static void
cachet_account_finalize (GObject *object)
{
  CachetAccount *self = CACHET_ACCOUNT (object);

  g_clear_pointer (&self->replay, cachet_replay_free);
  g_clear_pointer (&self->wire_file, cachet_wire_file_free);
  g_clear_pointer (&self->settings, cachet_account_settings_free);
  g_clear_pointer (&self->certificate, cachet_server_certificate_free);
  g_clear_pointer (&self->password, cachet_secret_unref);
  g_free (self->state_text);
  g_free (self->attention_text);
  G_OBJECT_CLASS (cachet_account_parent_class)->finalize (object);
}

static void
cachet_account_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CachetAccount *self = CACHET_ACCOUNT (object);

  switch (id)
    {
    case PROP_LABEL:
      g_value_set_string (value, self->settings->label);
      break;
    case PROP_STATE:
      g_value_set_int (value, self->state);
      break;
    case PROP_STATE_TEXT:
      g_value_set_string (value, cachet_account_get_state_text (self));
      break;
    case PROP_ATTENTION:
      g_value_set_int (value, self->attention);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
cachet_account_class_init (CachetAccountClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = cachet_account_dispose;
  object_class->finalize = cachet_account_finalize;
  object_class->get_property = cachet_account_get_property;

  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, flags);
  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_STATE_TEXT] = g_param_spec_string ("state-text", NULL, NULL, NULL, flags);
  properties[PROP_ATTENTION] = g_param_spec_int ("attention", NULL, NULL, 0, G_MAXINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[WIRE_RECORD] =
    g_signal_new ("wire-record", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, CACHET_TYPE_WIRE_RECORD | G_SIGNAL_TYPE_STATIC_SCOPE);
  signals[FOLDERS_CHANGED] = g_signal_new ("folders-changed", G_TYPE_FROM_CLASS (klass),
                                           G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cachet_account_init (CachetAccount *self)
{
  self->folders = g_list_store_new (CACHET_TYPE_FOLDER);
  self->in_use = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->state_text = g_strdup ("");
}

static void
wire_record_cb (CachetWireLog *log, const CachetWireRecord *record, CachetAccount *self)
{
  if (self->wire_file != NULL)
    cachet_wire_file_add (self->wire_file, record);
  g_signal_emit (self, signals[WIRE_RECORD], 0, record);
}

CachetAccount *
cachet_account_new (CachetEngine *engine, const CachetAccountSettings *settings)
{
  CachetAccount *self = g_object_new (CACHET_TYPE_ACCOUNT, NULL);
  g_autofree char *directory = g_build_filename (cachet_engine_get_data_dir (engine), "wire", NULL);

  g_set_weak_pointer (&self->engine, engine);
  self->settings = cachet_account_settings_copy (settings);
  self->replay = cachet_replay_new (self);
  self->wire_log = cachet_wire_log_new ();
  if (!cachet_engine_is_read_only (engine))
    self->wire_file = cachet_wire_file_new (directory, settings->id);
  g_signal_connect (self->wire_log, "record", G_CALLBACK (wire_record_cb), self);
  cachet_account_connection_init (self);
  return self;
}

/* --- attention --- */

static void
set_state (CachetAccount *self, CachetAccountState state, const char *text)
{
  if (g_strcmp0 (self->state_text, text) != 0)
    {
      g_free (self->state_text);
      self->state_text = g_strdup (text);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE_TEXT]);
    }
  if (self->state != state)
    {
      self->state = state;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
    }
}

void
cachet_account_update_state (CachetAccount *self)
{
  const char *host = self->settings->imap != NULL ? self->settings->imap->host : "";
  g_autofree char *text = NULL;

  if (self->attention != CACHET_ATTENTION_NONE)
    set_state (self, CACHET_ACCOUNT_STATE_NEEDS_YOU, self->attention_text);
  else if (cachet_link_get_state (self->watch.link) == CACHET_LINK_READY)
    {
      text = g_strdup_printf (_ ("Connected to %s."), host);
      set_state (self, CACHET_ACCOUNT_STATE_LIVE, text);
    }
  else if (cachet_link_get_state (self->watch.link) == CACHET_LINK_CONNECTING)
    {
      text = g_strdup_printf (_ ("Connecting to %s…"), host);
      set_state (self, CACHET_ACCOUNT_STATE_CONNECTING, text);
    }
  else if (self->wanted && self->watch.trouble != NULL)
    {
      text = g_strdup_printf (_ ("No connection to %s: %s It is tried again by itself."), host,
                                 self->watch.trouble);
      set_state (self, CACHET_ACCOUNT_STATE_OFFLINE, text);
    }
  else
    set_state (self, CACHET_ACCOUNT_STATE_OFFLINE, _ ("Not connected."));
}

void
cachet_account_set_attention (CachetAccount *self,
                              CachetAttention attention,
                              const CachetServerCertificate *certificate,
                              const char *text)
{
  gboolean changed = self->attention != attention;

  g_clear_pointer (&self->certificate, cachet_server_certificate_free);
  if (certificate != NULL)
    self->certificate = cachet_server_certificate_copy (certificate);
  g_free (self->attention_text);
  self->attention_text = g_strdup (text);
  self->attention = attention;
  cachet_account_update_state (self);
  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ATTENTION]);
  if (attention != CACHET_ATTENTION_NONE && (changed || certificate != NULL) &&
      self->engine != NULL)
    cachet_engine_emit_attention (self->engine, self);
}

static CachetAttention
attention_of_error (const GError *error)
{
  if (g_error_matches (error, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_NO_PASSWORD) ||
      g_error_matches (error, CACHET_NET_ERROR, CACHET_NET_ERROR_AUTH))
    return CACHET_ATTENTION_PASSWORD;
  if (g_error_matches (error, CACHET_NET_ERROR, CACHET_NET_ERROR_CERTIFICATE))
    return CACHET_ATTENTION_CERTIFICATE;
  if (g_error_matches (error, CACHET_NET_ERROR, CACHET_NET_ERROR_CLEAR_PASSWORD))
    return CACHET_ATTENTION_CLEAR_PASSWORD;
  if (g_error_matches (error, CACHET_NET_ERROR, CACHET_NET_ERROR_NO_MECHANISM) ||
      g_error_matches (error, CACHET_NET_ERROR, CACHET_NET_ERROR_NO_STARTTLS))
    return CACHET_ATTENTION_SETTINGS;
  return CACHET_ATTENTION_NONE;
}

gboolean
cachet_account_attention_from_error (CachetAccount *self,
                                     const GError *error,
                                     const CachetServerCertificate *certificate)
{
  CachetAttention attention = attention_of_error (error);

  if (attention == CACHET_ATTENTION_NONE)
    return FALSE;
  if (g_error_matches (error, CACHET_NET_ERROR, CACHET_NET_ERROR_AUTH))
    cachet_account_forget_password (self);
  cachet_account_set_attention (self, attention, certificate, error->message);
  return TRUE;
}

/* --- password --- */

void
cachet_account_forget_password (CachetAccount *self)
{
  g_clear_pointer (&self->password, cachet_secret_unref);
}

void
cachet_account_set_password (CachetAccount *self, CachetSecret *password)
{
  cachet_account_forget_password (self);
  self->password = cachet_secret_ref (password);
}

static void
lookup_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GCancellable *cancellable = g_task_get_cancellable (task);
  CachetAccount *self = g_task_get_source_object (task);
  CachetSecrets *secrets = CACHET_SECRETS (source);
  GError *error = NULL;
  CachetSecret *password = cachet_secrets_lookup_finish (secrets, result, &error);

  if (password != NULL)
    g_task_return_pointer (task, password, (GDestroyNotify)cachet_secret_unref);
  else if (error != NULL)
    g_task_return_error (task, error);
  else if (g_strcmp0 (g_task_get_task_data (task), "smtp") == 0)
    {
      g_task_set_task_data (task, g_strdup ("imap"), g_free);
      cachet_secrets_lookup_async (secrets, self->settings->id, "imap", cancellable, lookup_cb,
                                   g_steal_pointer (&task));
    }
  else
    g_task_return_new_error (task, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_NO_PASSWORD,
                             _ ("The password of “%s” is needed."), self->settings->label);
}

void
cachet_account_lookup_password_async (CachetAccount *self,
                                      const char *purpose,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, cachet_account_lookup_password_async);
  if (self->password != NULL)
    {
      g_task_return_pointer (task, cachet_secret_ref (self->password),
                             (GDestroyNotify)cachet_secret_unref);
      return;
    }
  if (self->engine == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED, "the engine is gone");
      return;
    }
  g_task_set_task_data (task, g_strdup (purpose), g_free);
  cachet_secrets_lookup_async (cachet_engine_get_secrets (self->engine), self->settings->id,
                               purpose, cancellable, lookup_cb, g_steal_pointer (&task));
}

CachetSecret *
cachet_account_lookup_password_finish (CachetAccount *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetAccount) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean only_this_run = FALSE;

  if (!cachet_secrets_store_finish (CACHET_SECRETS (source), result, &only_this_run, &error))
    g_warning ("The password was not stored: %s", error->message);
  else if (only_this_run && self->engine != NULL)
    cachet_engine_take_notice (
      self->engine,
      cachet_notice_new (self->settings->id, FALSE,
                         _ ("The password is kept until Cachet ends."),
                            _ ("There is no secret service in this session that could keep it; it "
                            "will be asked for again at the next start.")));
}

void
cachet_account_give_password (CachetAccount *self, CachetSecret *password, gboolean remember)
{
  g_return_if_fail (CACHET_IS_ACCOUNT (self));
  g_return_if_fail (password != NULL);

  cachet_account_set_password (self, password);
  if (remember && self->engine != NULL)
    {
      g_autofree char *label = g_strdup_printf (_ ("Cachet: %s"), self->settings->label);
      cachet_secrets_store_async (cachet_engine_get_secrets (self->engine), self->settings->id,
                                  "imap", label, password, TRUE, NULL, stored_cb,
                                  g_object_ref (self));
    }
  cachet_account_reconnect (self);
}

gboolean
cachet_account_accept_certificate (CachetAccount *self,
                                   const CachetServerCertificate *certificate,
                                   GError **error)
{
  g_return_val_if_fail (CACHET_IS_ACCOUNT (self), FALSE);
  g_return_val_if_fail (certificate != NULL, FALSE);
  g_return_val_if_fail (self->engine != NULL, FALSE);

  if (!cachet_engine_add_exception (self->engine, certificate, error))
    return FALSE;
  cachet_account_reconnect (self);
  return TRUE;
}

gboolean
cachet_account_allow_clear_password (CachetAccount *self, GError **error)
{
  g_autoptr (CachetAccountSettings) settings = NULL;

  g_return_val_if_fail (CACHET_IS_ACCOUNT (self), FALSE);
  g_return_val_if_fail (self->engine != NULL, FALSE);

  settings = cachet_account_settings_copy (self->settings);
  settings->allow_clear_password = TRUE;
  if (!cachet_accounts_file_put (cachet_engine_get_accounts_file (self->engine), settings, error))
    return FALSE;
  cachet_account_set_settings (self, settings);
  cachet_account_reconnect (self);
  return TRUE;
}

void
cachet_account_set_settings (CachetAccount *self, const CachetAccountSettings *settings)
{
  CachetAccountSettings *copy = cachet_account_settings_copy (settings);

  g_clear_pointer (&self->settings, cachet_account_settings_free);
  self->settings = copy;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LABEL]);
  cachet_account_update_state (self);
}

void
cachet_account_cache_failed (CachetAccount *self, const GError *error)
{
  if (self->cache_failed || self->engine == NULL)
    return;
  self->cache_failed = TRUE;
  cachet_engine_take_notice (
    self->engine,
    cachet_notice_new_from_error (
      self->settings->id,
      _ ("What the server says can not be kept on this computer: nothing is lost on the server, "
         "but the lists may lag behind."),
         error));
}

/* --- facts --- */

const char *
cachet_account_get_id (CachetAccount *self)
{
  g_return_val_if_fail (CACHET_IS_ACCOUNT (self), NULL);
  return self->settings->id;
}

const char *
cachet_account_get_label (CachetAccount *self)
{
  g_return_val_if_fail (CACHET_IS_ACCOUNT (self), NULL);
  return self->settings->label;
}

const CachetAccountSettings *
cachet_account_get_settings (CachetAccount *self)
{
  g_return_val_if_fail (CACHET_IS_ACCOUNT (self), NULL);
  return self->settings;
}

CachetAccountState
cachet_account_get_state (CachetAccount *self)
{
  g_return_val_if_fail (CACHET_IS_ACCOUNT (self), CACHET_ACCOUNT_STATE_OFFLINE);
  return self->state;
}

const char *
cachet_account_get_state_text (CachetAccount *self)
{
  g_return_val_if_fail (CACHET_IS_ACCOUNT (self), NULL);
  return self->state_text;
}

const char *
cachet_account_get_trouble (CachetAccount *self)
{
  g_return_val_if_fail (CACHET_IS_ACCOUNT (self), NULL);
  return self->wanted ? self->watch.trouble : NULL;
}

CachetAttention
cachet_account_get_attention (CachetAccount *self)
{
  g_return_val_if_fail (CACHET_IS_ACCOUNT (self), CACHET_ATTENTION_NONE);
  return self->attention;
}

const CachetServerCertificate *
cachet_account_get_certificate (CachetAccount *self)
{
  g_return_val_if_fail (CACHET_IS_ACCOUNT (self), NULL);
  return self->certificate;
}

GListModel *
cachet_account_get_folders (CachetAccount *self)
{
  g_return_val_if_fail (CACHET_IS_ACCOUNT (self), NULL);
  return G_LIST_MODEL (self->folders);
}

CachetEngine *
cachet_account_get_engine (CachetAccount *self)
{
  return self->engine;
}

CachetReplay *
cachet_account_get_replay (CachetAccount *self)
{
  return self->replay;
}

CachetWireLog *
cachet_account_get_wire_log (CachetAccount *self)
{
  return self->wire_log;
}

gboolean
cachet_account_is_live (CachetAccount *self)
{
  return cachet_link_get_state (self->watch.link) == CACHET_LINK_READY;
}

guint64
cachet_account_get_bytes_received (CachetAccount *self)
{
  g_return_val_if_fail (CACHET_IS_ACCOUNT (self), 0);
  return cachet_link_get_bytes_received (self->watch.link) +
         cachet_link_get_bytes_received (self->work.link);
}

guint64
cachet_account_get_bytes_sent (CachetAccount *self)
{
  g_return_val_if_fail (CACHET_IS_ACCOUNT (self), 0);
  return cachet_link_get_bytes_sent (self->watch.link) +
         cachet_link_get_bytes_sent (self->work.link);
}

guint
cachet_account_get_n_commands (CachetAccount *self)
{
  g_return_val_if_fail (CACHET_IS_ACCOUNT (self), 0);
  return cachet_link_get_n_commands (self->watch.link) +
         cachet_link_get_n_commands (self->work.link);
}

GPtrArray *
cachet_account_dup_wire_records (CachetAccount *self)
{
  GPtrArray *records;
  guint n;

  g_return_val_if_fail (CACHET_IS_ACCOUNT (self), NULL);

  n = cachet_wire_log_get_n_records (self->wire_log);
  records = g_ptr_array_new_full (n, (GDestroyNotify)cachet_wire_record_free);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (records, cachet_wire_record_copy (cachet_wire_log_get (self->wire_log, i)));
  return records;
}

void
cachet_account_emit_folders_changed (CachetAccount *self)
{
  g_signal_emit (self, signals[FOLDERS_CHANGED], 0);
}
