#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-account-probe.h"

#include "cachet-engine-private.h"
#include "cachet-imap-session.h"
#include "cachet-main-thread.h"
#include "cachet-probe-step-private.h"
#include "cachet-smtp-session.h"

#include <glib/gi18n.h>

/* The user waits at the screen: no server gets the minutes that the RFC gives it. */
#define PROBE_TIMEOUT 30

/*
 * For each server: look-up -> connection -> greeting, encryption -> log-in. The second server is
 * tried also when the first failed.
 */
struct _CachetAccountProbe
{
  GObject parent_instance;

  CachetEngine *engine;
  CachetAccountSettings *settings;
  CachetSecret *password; /* (nullable) */

  GPtrArray *steps;
  GTask *task;
  GCancellable *cancellable;
  gboolean is_smtp; /* which server it is at */
  CachetImapSession *imap;
  CachetSmtpSession *smtp;
  CachetServerCertificate *certificate;
  GError *error; /* of the first step that failed */
};

static void cachet_account_probe_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CachetAccountProbe,
                               cachet_account_probe,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      cachet_account_probe_iface_init))

static void begin_server (CachetAccountProbe *self);

/* Steps */

static GType
cachet_account_probe_get_item_type (GListModel *model)
{
  return CACHET_TYPE_PROBE_STEP;
}

static guint
cachet_account_probe_get_n_items (GListModel *model)
{
  return CACHET_ACCOUNT_PROBE (model)->steps->len;
}

static gpointer
cachet_account_probe_get_item (GListModel *model, guint position)
{
  CachetAccountProbe *self = CACHET_ACCOUNT_PROBE (model);

  return position < self->steps->len ? g_object_ref (g_ptr_array_index (self->steps, position))
                                     : NULL;
}

static void
cachet_account_probe_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = cachet_account_probe_get_item_type;
  iface->get_n_items = cachet_account_probe_get_n_items;
  iface->get_item = cachet_account_probe_get_item;
}

static const CachetEndpoint *
get_endpoint (CachetAccountProbe *self)
{
  return self->is_smtp ? self->settings->smtp : self->settings->imap;
}

static const char *
get_user (CachetAccountProbe *self)
{
  const char *user = self->is_smtp ? self->settings->smtp_user : self->settings->imap_user;

  return user != NULL ? user : "";
}

static void
begin_step (CachetAccountProbe *self, const char *what)
{
  /* Translators: the server, then what is tried with it. */
  g_autofree char *title =
    g_strdup_printf (self->is_smtp ? _ ("Outgoing mail: %s") : _ ("Incoming mail: %s"), what);

  g_ptr_array_add (self->steps, cachet_probe_step_new (title));
  g_list_model_items_changed (G_LIST_MODEL (self), self->steps->len - 1, 0, 1);
}

static void
end_step (CachetAccountProbe *self, CachetProbeResult result, const char *text)
{
  cachet_probe_step_end (g_ptr_array_index (self->steps, self->steps->len - 1), result, text);
}

static void
drop_sessions (CachetAccountProbe *self)
{
  if (self->imap != NULL)
    cachet_imap_session_disconnect (self->imap);
  g_clear_object (&self->imap);
  if (self->smtp != NULL && cachet_smtp_session_is_ready (self->smtp))
    cachet_smtp_session_quit_async (self->smtp, NULL, NULL, NULL);
  else if (self->smtp != NULL)
    cachet_smtp_session_disconnect (self->smtp);
  g_clear_object (&self->smtp);
}

static void
end_probe (CachetAccountProbe *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  g_clear_object (&self->cancellable);
  if (self->error != NULL)
    g_task_return_error (task, g_steal_pointer (&self->error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
end_server (CachetAccountProbe *self)
{
  drop_sessions (self);
  if (self->is_smtp || g_cancellable_is_cancelled (self->cancellable))
    {
      end_probe (self);
      return;
    }
  self->is_smtp = TRUE;
  begin_server (self);
}

/* The running step failed: this server is done. Takes @error. */
static void
fail_step (CachetAccountProbe *self, GError *error)
{
  end_step (self, CACHET_PROBE_FAILED, error->message);
  if (self->error == NULL)
    self->error = error;
  else
    g_error_free (error);
  end_server (self);
}

/* Log-in */

static CachetConnectionFacts *
dup_facts (CachetAccountProbe *self)
{
  return self->is_smtp ? cachet_smtp_session_dup_facts (self->smtp)
                       : cachet_imap_session_dup_facts (self->imap);
}

static void
logged_in_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetAccountProbe) self = user_data;
  g_autoptr (CachetConnectionFacts) facts = NULL;
  g_autofree char *text = NULL;
  GError *error = NULL;
  gboolean done =
    self->is_smtp
      ? cachet_smtp_session_authenticate_finish (CACHET_SMTP_SESSION (source), result, &error)
      : cachet_imap_session_authenticate_finish (CACHET_IMAP_SESSION (source), result, &error);

  if (!done)
    {
      fail_step (self, error);
      return;
    }
  facts = dup_facts (self);
  text = facts->mechanism != NULL ? g_strdup_printf (_ ("Logged in with %s."), facts->mechanism)
                                  : g_strdup (_ ("Logged in."));
  end_step (self, CACHET_PROBE_OK, text);
  end_server (self);
}

static void
log_in (CachetAccountProbe *self)
{
  begin_step (self, _ ("log-in"));
  if (get_user (self)[0] == '\0')
    {
      end_step (self, CACHET_PROBE_SKIPPED,
                _ ("There is no user name, so mail is sent without logging in."));
      end_server (self);
      return;
    }
  if (self->password == NULL)
    {
      fail_step (self, g_error_new_literal (CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_NO_PASSWORD,
                                            _ ("There is no password. Enter it and try again.")));
      return;
    }
  if (self->is_smtp)
    cachet_smtp_session_authenticate_async (
      self->smtp, get_user (self), self->password, self->settings->auth,
      self->settings->allow_clear_password, self->cancellable, logged_in_cb, g_object_ref (self));
  else
    cachet_imap_session_authenticate_async (
      self->imap, get_user (self), self->password, self->settings->auth,
      self->settings->allow_clear_password, self->cancellable, logged_in_cb, g_object_ref (self));
}

/* Connection, greeting, encryption */

static void
show_facts (CachetAccountProbe *self)
{
  g_autoptr (CachetConnectionFacts) facts = dup_facts (self);

  begin_step (self, _ ("greeting"));
  end_step (self, CACHET_PROBE_OK, facts->greeting != NULL ? facts->greeting : "");
  begin_step (self, _ ("encryption"));
  if (facts->encrypted)
    {
      g_autofree char *text = g_strdup_printf (
        "%s, %s", facts->tls_version, facts->ciphersuite != NULL ? facts->ciphersuite : "?");

      end_step (self, CACHET_PROBE_OK, text);
    }
  else
    end_step (self, CACHET_PROBE_SKIPPED,
              _ ("None: everything crosses the network in clear, as it is set."));
}

/* Whether the connection itself stood when @error came. */
static gboolean
is_encryption_error (const GError *error)
{
  return error->domain == CACHET_NET_ERROR &&
         (error->code == CACHET_NET_ERROR_CERTIFICATE || error->code == CACHET_NET_ERROR_TLS ||
          error->code == CACHET_NET_ERROR_NO_STARTTLS ||
          error->code == CACHET_NET_ERROR_INJECTION || error->code == CACHET_NET_ERROR_PREAUTH);
}

static gboolean
is_greeting_error (const GError *error)
{
  return error->domain == CACHET_NET_ERROR && !is_encryption_error (error);
}

/* Takes @error. */
static void
fail_connection (CachetAccountProbe *self, GError *error)
{
  if (g_error_matches (error, CACHET_NET_ERROR, CACHET_NET_ERROR_CERTIFICATE) &&
      self->certificate == NULL)
    self->certificate = self->is_smtp ? cachet_smtp_session_dup_certificate (self->smtp)
                                      : cachet_imap_session_dup_certificate (self->imap);
  if (is_encryption_error (error) || is_greeting_error (error))
    {
      end_step (self, CACHET_PROBE_OK, _ ("The server answers."));
      begin_step (self, is_encryption_error (error) ? _ ("encryption") : _ ("greeting"));
    }
  fail_step (self, error);
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetAccountProbe) self = user_data;
  GError *error = NULL;
  gboolean connected =
    self->is_smtp
      ? cachet_smtp_session_connect_finish (CACHET_SMTP_SESSION (source), result, &error)
      : cachet_imap_session_connect_finish (CACHET_IMAP_SESSION (source), result, &error);

  if (!connected)
    {
      fail_connection (self, error);
      return;
    }
  end_step (self, CACHET_PROBE_OK, _ ("The server answers."));
  show_facts (self);
  log_in (self);
}

static void
connect_server (CachetAccountProbe *self)
{
  static const CachetSmtpTimeouts timeouts = { PROBE_TIMEOUT, PROBE_TIMEOUT, PROBE_TIMEOUT,
                                               PROBE_TIMEOUT, PROBE_TIMEOUT, PROBE_TIMEOUT };
  const CachetEndpoint *endpoint = get_endpoint (self);
  CachetTrustDecider *decider = cachet_engine_get_trust_decider (self->engine);
  g_autofree char *what = g_strdup_printf (_ ("connection to port %u"), endpoint->port);

  begin_step (self, what);
  if (self->is_smtp)
    {
      self->smtp = cachet_smtp_session_new (endpoint, decider, NULL);
      cachet_smtp_session_set_timeouts (self->smtp, &timeouts);
      cachet_smtp_session_connect_async (self->smtp, self->cancellable, connected_cb,
                                         g_object_ref (self));
      return;
    }
  self->imap = cachet_imap_session_new (endpoint, decider, NULL);
  cachet_imap_session_connect_async (self->imap, self->cancellable, connected_cb,
                                     g_object_ref (self));
}

/* Look-up */

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetAccountProbe) self = user_data;
  g_autoptr (GString) text = g_string_new (NULL);
  GError *error = NULL;
  GList *addresses = g_resolver_lookup_by_name_finish (G_RESOLVER (source), result, &error);

  if (addresses == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          g_autofree char *message = g_strdup_printf (
            _ ("There is no server of the name “%s”, or its address can't be looked up now. Check "
               "the name, and that this computer is connected. (%s)"),
               get_endpoint (self)->host, error->message);

          g_free (error->message);
          error->message = g_steal_pointer (&message);
        }
      fail_step (self, error);
      return;
    }
  for (GList *l = addresses; l != NULL; l = l->next)
    {
      g_autofree char *address = g_inet_address_to_string (l->data);

      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", address);
    }
  g_resolver_free_addresses (addresses);
  end_step (self, CACHET_PROBE_OK, text->str);
  connect_server (self);
}

static void
begin_server (CachetAccountProbe *self)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  const CachetEndpoint *endpoint = get_endpoint (self);
  g_autofree char *what = NULL;

  what = g_strdup_printf (_ ("look-up of %s"), endpoint->host);
  begin_step (self, what);
  g_resolver_lookup_by_name_async (resolver, endpoint->host, self->cancellable, looked_up_cb,
                                   g_object_ref (self));
}

void
cachet_account_probe_run_async (CachetAccountProbe *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  GError *error = NULL;
  guint n_old;

  cachet_assert_main_thread ();
  g_return_if_fail (CACHET_IS_ACCOUNT_PROBE (self));
  g_return_if_fail (self->task == NULL);

  self->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, cachet_account_probe_run_async);
  g_task_set_name (self->task, "cachet-account-probe");
  g_task_set_check_cancellable (self->task, FALSE);
  g_set_object (&self->cancellable, cancellable);
  self->is_smtp = FALSE;
  g_clear_pointer (&self->certificate, cachet_server_certificate_free);
  n_old = self->steps->len;
  g_ptr_array_set_size (self->steps, 0);
  if (n_old > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n_old, 0);
  if (!cachet_account_settings_validate (self->settings, &error))
    {
      begin_step (self, _ ("settings"));
      end_step (self, CACHET_PROBE_FAILED, error->message);
      self->error = error;
      end_probe (self);
      return;
    }
  begin_server (self);
}

gboolean
cachet_account_probe_run_finish (CachetAccountProbe *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

const CachetServerCertificate *
cachet_account_probe_get_certificate (CachetAccountProbe *self)
{
  g_return_val_if_fail (CACHET_IS_ACCOUNT_PROBE (self), NULL);
  return self->certificate;
}

/* Object */

static void
cachet_account_probe_finalize (GObject *object)
{
  CachetAccountProbe *self = CACHET_ACCOUNT_PROBE (object);

  g_clear_object (&self->engine);
  g_clear_pointer (&self->settings, cachet_account_settings_free);
  g_clear_pointer (&self->password, cachet_secret_unref);
  g_clear_pointer (&self->certificate, cachet_server_certificate_free);
  g_clear_error (&self->error);
  g_ptr_array_unref (self->steps);
  G_OBJECT_CLASS (cachet_account_probe_parent_class)->finalize (object);
}

static void
cachet_account_probe_class_init (CachetAccountProbeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cachet_account_probe_finalize;
}

static void
cachet_account_probe_init (CachetAccountProbe *self)
{
  self->steps = g_ptr_array_new_with_free_func (g_object_unref);
}

CachetAccountProbe *
cachet_account_probe_new (CachetEngine *engine,
                          const CachetAccountSettings *settings,
                          CachetSecret *password)
{
  CachetAccountProbe *self;

  g_return_val_if_fail (settings != NULL, NULL);

  self = g_object_new (CACHET_TYPE_ACCOUNT_PROBE, NULL);
  self->engine = g_object_ref (engine);
  self->settings = cachet_account_settings_copy (settings);
  self->password = password != NULL ? cachet_secret_ref (password) : NULL;
  return self;
}
