#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-secrets.h"

#include "cachet-main-thread.h"

#include <libsecret/secret.h>

struct _CachetSecrets
{
  GObject parent_instance;

  GHashTable *this_run; /* "ACCOUNT/PURPOSE" -> CachetSecret */
  /* The service did not answer in time: it is not asked again until something is to be stored, so
   * that not every connection waits for it. */
  gboolean is_silent;
};

G_DEFINE_FINAL_TYPE (CachetSecrets, cachet_secrets, G_TYPE_OBJECT)

#define ATTRIBUTE_ACCOUNT "account"
#define ATTRIBUTE_PURPOSE "purpose"

static const SecretSchema schema = {
  "org.cachetmail.Cachet.Password",
  SECRET_SCHEMA_NONE,
  {
    { ATTRIBUTE_ACCOUNT, SECRET_SCHEMA_ATTRIBUTE_STRING },
    { ATTRIBUTE_PURPOSE, SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  },
};

/* One call to the service: bounded in time, and by the caller's cancellable. */
typedef struct
{
  GCancellable *own;
  gulong cancelled_id;
  guint timer;
  gboolean timed_out;
  gboolean only_this_run;
} Call;

static char *
make_key (const char *account_id, const char *purpose)
{
  return g_strdup_printf ("%s/%s", account_id, purpose);
}

static void
call_free (gpointer data)
{
  Call *call = data;

  g_clear_handle_id (&call->timer, g_source_remove);
  g_object_unref (call->own);
  g_free (call);
}

static gboolean
call_timeout_cb (gpointer user_data)
{
  Call *call = user_data;

  call->timer = 0;
  call->timed_out = TRUE;
  g_cancellable_cancel (call->own);
  return G_SOURCE_REMOVE;
}

static void
call_cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  g_cancellable_cancel (G_CANCELLABLE (user_data));
}

static GTask *
begin_call (CachetSecrets *self,
            gpointer tag,
            const char *name,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Call *call = g_new0 (Call, 1);

  cachet_assert_main_thread ();
  call->own = g_cancellable_new ();
  call->timer = g_timeout_add_seconds (CACHET_SECRETS_TIMEOUT_SECONDS, call_timeout_cb, call);
  if (cancellable != NULL)
    call->cancelled_id = g_cancellable_connect (cancellable, G_CALLBACK (call_cancelled_cb),
                                                g_object_ref (call->own), g_object_unref);
  g_task_set_source_tag (task, tag);
  g_task_set_name (task, name);
  g_task_set_task_data (task, call, call_free);
  return task;
}

/* Whether the service fell silent, from a call that was made to it. */
static void
note_silence (GTask *task)
{
  CachetSecrets *self = g_task_get_source_object (task);
  const Call *call = g_task_get_task_data (task);

  self->is_silent = call->timed_out;
}

/* To be called when the service has answered or failed. %FALSE when the caller has cancelled: the
 * task is done then. */
static gboolean
end_call (GTask *task, GError *error)
{
  Call *call = g_task_get_task_data (task);

  g_clear_handle_id (&call->timer, g_source_remove);
  g_cancellable_disconnect (g_task_get_cancellable (task), call->cancelled_id);
  if (g_task_return_error_if_cancelled (task))
    return FALSE;
  if (error != NULL)
    g_info ("The secret service can't be used: %s",
            call->timed_out ? "it did not answer in time" : error->message);
  return TRUE;
}

/* Looking up */

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  char *text = secret_password_lookup_finish (result, &error);

  note_silence (task);
  if (end_call (task, error))
    g_task_return_pointer (task, text != NULL ? cachet_secret_new (text, -1) : NULL,
                           (GDestroyNotify)cachet_secret_unref);
  secret_password_free (text);
}

void
cachet_secrets_lookup_async (CachetSecrets *self,
                             const char *account_id,
                             const char *purpose,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autofree char *key = NULL;
  CachetSecret *known;
  GTask *task;
  Call *call;

  g_return_if_fail (CACHET_IS_SECRETS (self));
  g_return_if_fail (account_id != NULL && purpose != NULL);

  task = begin_call (self, cachet_secrets_lookup_async, "cachet-secrets-lookup", cancellable,
                     callback, user_data);
  call = g_task_get_task_data (task);
  key = make_key (account_id, purpose);
  known = g_hash_table_lookup (self->this_run, key);
  if (known != NULL || self->is_silent)
    {
      if (end_call (task, NULL))
        g_task_return_pointer (task, known != NULL ? cachet_secret_ref (known) : NULL,
                               (GDestroyNotify)cachet_secret_unref);
      g_object_unref (task);
      return;
    }
  secret_password_lookup (&schema, call->own, looked_up_cb, task, ATTRIBUTE_ACCOUNT, account_id,
                          ATTRIBUTE_PURPOSE, purpose, NULL);
}

CachetSecret *
cachet_secrets_lookup_finish (CachetSecrets *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Storing */

static void
stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Call *call = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  call->only_this_run = !secret_password_store_finish (result, &error);
  note_silence (task);
  if (end_call (task, error))
    g_task_return_boolean (task, TRUE);
}

void
cachet_secrets_store_async (CachetSecrets *self,
                            const char *account_id,
                            const char *purpose,
                            const char *label,
                            CachetSecret *secret,
                            gboolean remember,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task;
  Call *call;

  g_return_if_fail (CACHET_IS_SECRETS (self));
  g_return_if_fail (account_id != NULL && purpose != NULL && label != NULL && secret != NULL);

  task = begin_call (self, cachet_secrets_store_async, "cachet-secrets-store", cancellable,
                     callback, user_data);
  call = g_task_get_task_data (task);
  g_hash_table_replace (self->this_run, make_key (account_id, purpose), cachet_secret_ref (secret));
  if (!remember)
    {
      if (end_call (task, NULL))
        g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }
  secret_password_store (&schema, SECRET_COLLECTION_DEFAULT, label, cachet_secret_get_text (secret),
                         call->own, stored_cb, task, ATTRIBUTE_ACCOUNT, account_id,
                         ATTRIBUTE_PURPOSE, purpose, NULL);
}

gboolean
cachet_secrets_store_finish (CachetSecrets *self,
                             GAsyncResult *result,
                             gboolean *only_this_run,
                             GError **error)
{
  const Call *call;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  call = g_task_get_task_data (G_TASK (result));
  if (only_this_run != NULL)
    *only_this_run = call->only_this_run;
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Clearing */

static gboolean
belongs_to (gpointer key, gpointer value, gpointer user_data)
{
  return g_str_has_prefix (key, user_data);
}

static void
cleared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  secret_password_clear_finish (result, &error);
  note_silence (task);
  if (!end_call (task, error))
    g_clear_error (&error);
  else if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

void
cachet_secrets_clear_async (CachetSecrets *self,
                            const char *account_id,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autofree char *prefix = NULL;
  GTask *task;
  Call *call;

  g_return_if_fail (CACHET_IS_SECRETS (self));
  g_return_if_fail (account_id != NULL);

  prefix = make_key (account_id, "");
  g_hash_table_foreach_remove (self->this_run, belongs_to, prefix);
  task = begin_call (self, cachet_secrets_clear_async, "cachet-secrets-clear", cancellable,
                     callback, user_data);
  call = g_task_get_task_data (task);
  secret_password_clear (&schema, call->own, cleared_cb, task, ATTRIBUTE_ACCOUNT, account_id, NULL);
}

gboolean
cachet_secrets_clear_finish (CachetSecrets *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Object */

static void
cachet_secrets_finalize (GObject *object)
{
  g_hash_table_unref (CACHET_SECRETS (object)->this_run);
  G_OBJECT_CLASS (cachet_secrets_parent_class)->finalize (object);
}

static void
cachet_secrets_class_init (CachetSecretsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cachet_secrets_finalize;
}

static void
cachet_secrets_init (CachetSecrets *self)
{
  self->this_run =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)cachet_secret_unref);
}

CachetSecrets *
cachet_secrets_new (void)
{
  return g_object_new (CACHET_TYPE_SECRETS, NULL);
}
