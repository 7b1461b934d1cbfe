#define G_LOG_DOMAIN "cachet-ctl"

#include "config.h"

#include "cachet-ctl.h"

#include "cachet-account-probe.h"
#include "cachet-secrets.h"

#include <glib/gi18n.h>
#include <stdio.h>

/* Verbs about accounts: account add, list, test, remove; log. */

#define DEFAULT_IMAP_PORT_TLS 993
#define DEFAULT_IMAP_PORT 143
#define DEFAULT_SMTP_PORT_TLS 465
#define DEFAULT_SMTP_PORT 587

typedef struct
{
  char *name;
  char *address;
  char *label;
  char *imap;
  char *imap_security;
  char *smtp;
  char *smtp_security;
  char *user;
  char *auth;
  char *ca_file;
  gboolean allow_clear;
} AddOptions;

static void
add_options_clear (AddOptions *options)
{
  g_free (options->name);
  g_free (options->address);
  g_free (options->label);
  g_free (options->imap);
  g_free (options->imap_security);
  g_free (options->smtp);
  g_free (options->smtp_security);
  g_free (options->user);
  g_free (options->auth);
  g_free (options->ca_file);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AddOptions, add_options_clear)

static CachetEndpoint *
parse_endpoint (const char *text,
                const char *security_text,
                const char *ca_file,
                guint16 clear_port,
                guint16 tls_port,
                GError **error)
{
  CachetSecurity security = CACHET_SECURITY_TLS;
  CachetEndpoint *endpoint;

  if (security_text != NULL && !cachet_security_from_string (security_text, &security))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _ ("“%s” is no kind of security; it is none, starttls or tls."), security_text);
      return NULL;
    }
  endpoint = cachet_endpoint_parse (text, security == CACHET_SECURITY_TLS ? tls_port : clear_port,
                                    security, error);
  if (endpoint != NULL && ca_file != NULL)
    endpoint->ca_file = g_canonicalize_filename (ca_file, NULL);
  return endpoint;
}

static CachetAccountSettings *
settings_from_options (const AddOptions *options, GError **error)
{
  g_autoptr (CachetAccountSettings) settings = cachet_account_settings_new ();
  const char *user = options->user != NULL ? options->user : options->address;

  if (options->address == NULL || options->imap == NULL || options->smtp == NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _ ("--address, --imap and --smtp are needed."));
      return NULL;
    }
  g_free (settings->label);
  settings->label = g_strdup (options->label != NULL ? options->label : options->address);
  g_free (settings->full_name);
  settings->full_name = g_strdup (options->name);
  g_free (settings->address);
  settings->address = g_strdup (options->address);
  g_free (settings->imap_user);
  settings->imap_user = g_strdup (user);
  g_free (settings->smtp_user);
  settings->smtp_user = g_strdup (user);
  g_free (settings->auth);
  settings->auth = g_strdup (options->auth != NULL ? options->auth : "auto");
  settings->allow_clear_password = options->allow_clear;
  settings->imap = parse_endpoint (options->imap, options->imap_security, options->ca_file,
                                   DEFAULT_IMAP_PORT, DEFAULT_IMAP_PORT_TLS, error);
  if (settings->imap == NULL)
    return NULL;
  settings->smtp = parse_endpoint (options->smtp, options->smtp_security, options->ca_file,
                                   DEFAULT_SMTP_PORT, DEFAULT_SMTP_PORT_TLS, error);
  if (settings->smtp == NULL || !cachet_account_settings_validate (settings, error))
    return NULL;
  return g_steal_pointer (&settings);
}

static void
put_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetCtl *ctl = user_data;
  g_autoptr (GError) error = NULL;
  gboolean only_this_run = FALSE;
  CachetAccount *account =
    cachet_engine_put_account_finish (CACHET_ENGINE (source), result, &only_this_run, &error);

  if (account == NULL)
    {
      cachet_ctl_fail (ctl, error);
      return;
    }
  if (only_this_run)
    g_printerr (_ ("cachetctl: There is no password store, so the password is not kept; it will be asked for.\n"));
  g_print ("%s\n", cachet_account_get_id (account));
  cachet_ctl_end (ctl, CACHET_CTL_DONE);
}

static void
add_ready_cb (CachetCtl *ctl, gpointer user_data)
{
  g_autoptr (CachetAccountSettings) settings = user_data;

  cachet_engine_put_account_async (ctl->engine, settings, ctl->password, TRUE, NULL, put_cb, ctl);
}

static void
account_add (CachetCtl *ctl, char **argv)
{
  g_auto (AddOptions) options = { 0 };
  const GOptionEntry entries[] = {
    { "name", 0, 0, G_OPTION_ARG_STRING, &options.name, N_ ("Your name"), N_ ("NAME") },
      { "address", 0, 0, G_OPTION_ARG_STRING, &options.address,
        N_ ("Mail address"), N_ ("ADDRESS") },
        { "label", 0, 0, G_OPTION_ARG_STRING, &options.label,
          N_ ("What the account is called"), N_ ("LABEL") },
          { "imap", 0, 0, G_OPTION_ARG_STRING, &options.imap,
            N_ ("Server for reading"), "HOST[:PORT]" },
            { "imap-security", 0, 0, G_OPTION_ARG_STRING, &options.imap_security,
              "none|starttls|tls", N_ ("KIND") },
              { "smtp", 0, 0, G_OPTION_ARG_STRING, &options.smtp,
                N_ ("Server for sending"), "HOST[:PORT]" },
                { "smtp-security", 0, 0, G_OPTION_ARG_STRING, &options.smtp_security,
                  "none|starttls|tls", N_ ("KIND") },
                  { "user", 0, 0, G_OPTION_ARG_STRING, &options.user,
                    N_ ("Log-in name (the address without)"), N_ ("USER") },
                    { "auth", 0, 0, G_OPTION_ARG_STRING, &options.auth, "auto|plain|login|cram-md5",
                      N_ ("KIND") },
                      { "ca-file", 0, 0, G_OPTION_ARG_FILENAME, &options.ca_file,
                        N_ ("Authorities to trust for these servers"), "PEM" },
                        { "allow-clear-password", 0, 0, G_OPTION_ARG_NONE, &options.allow_clear,
                          N_ ("Let the password cross the network in clear"), NULL },
                          G_OPTION_ENTRY_NULL,
                      };
  g_auto (GStrv) words = g_strdupv (argv);
  g_autoptr (GError) error = NULL;
  CachetAccountSettings *settings;

  if (!cachet_ctl_parse (ctl, &words, entries))
    return;
  settings = settings_from_options (&options, &error);
  if (settings == NULL)
    cachet_ctl_usage (ctl, "account", error->message);
  else
    cachet_ctl_with_engine (ctl, FALSE, add_ready_cb, settings);
}

static void
add_endpoint (JsonBuilder *builder, const char *name, const CachetEndpoint *endpoint)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "host");
  json_builder_add_string_value (builder, endpoint->host);
  json_builder_set_member_name (builder, "port");
  json_builder_add_int_value (builder, endpoint->port);
  json_builder_set_member_name (builder, "security");
  json_builder_add_string_value (builder, cachet_security_to_string (endpoint->security));
  json_builder_end_object (builder);
}

static void
list_ready_cb (CachetCtl *ctl, gpointer user_data)
{
  GListModel *accounts = cachet_engine_get_accounts (ctl->engine);
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr (CachetAccount) account = g_list_model_get_item (accounts, i);
      const CachetAccountSettings *settings = cachet_account_get_settings (account);
      g_autofree char *imap = cachet_endpoint_to_string (settings->imap);
      g_autofree char *smtp = cachet_endpoint_to_string (settings->smtp);

      if (!ctl->json)
        {
          g_print ("%s\t%s\t%s (%s)\t%s (%s)\t%s\n", settings->id, settings->address, imap,
                   cachet_security_to_string (settings->imap->security), smtp,
                   cachet_security_to_string (settings->smtp->security), settings->imap_user);
          continue;
        }
      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "id");
      json_builder_add_string_value (builder, settings->id);
      json_builder_set_member_name (builder, "label");
      json_builder_add_string_value (builder, settings->label);
      json_builder_set_member_name (builder, "address");
      json_builder_add_string_value (builder, settings->address);
      json_builder_set_member_name (builder, "user");
      json_builder_add_string_value (builder, settings->imap_user);
      add_endpoint (builder, "imap", settings->imap);
      add_endpoint (builder, "smtp", settings->smtp);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  if (ctl->json)
    cachet_ctl_print_json (builder);
  cachet_ctl_end (ctl, CACHET_CTL_DONE);
}

static void
account_list (CachetCtl *ctl, char **argv)
{
  g_auto (GStrv) words = g_strdupv (argv);

  if (cachet_ctl_parse (ctl, &words, NULL))
    cachet_ctl_with_engine (ctl, FALSE, list_ready_cb, NULL);
}

static const char *
result_word (CachetProbeResult result)
{
  switch (result)
    {
    case CACHET_PROBE_OK:
      return "ok";
    case CACHET_PROBE_FAILED:
      return "failed";
    case CACHET_PROBE_SKIPPED:
      return "skipped";
    case CACHET_PROBE_RUNNING:
    default:
      return "running";
    }
}

static void
print_probe (CachetCtl *ctl, GListModel *steps)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr (CachetProbeStep) step = g_list_model_get_item (steps, i);
      const char *word = result_word (cachet_probe_step_get_result (step));

      if (!ctl->json)
        g_print ("%-8s %s: %s\n", word, cachet_probe_step_get_title (step),
                 cachet_probe_step_get_text (step));
      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "step");
      json_builder_add_string_value (builder, cachet_probe_step_get_title (step));
      json_builder_set_member_name (builder, "result");
      json_builder_add_string_value (builder, word);
      json_builder_set_member_name (builder, "text");
      json_builder_add_string_value (builder, cachet_probe_step_get_text (step));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  if (ctl->json)
    cachet_ctl_print_json (builder);
}

static void
probed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetCtl *ctl = user_data;
  g_autoptr (CachetAccountProbe) probe = CACHET_ACCOUNT_PROBE (source);
  g_autoptr (GError) error = NULL;
  gboolean ok = cachet_account_probe_run_finish (probe, result, &error);
  const CachetServerCertificate *certificate = cachet_account_probe_get_certificate (probe);

  print_probe (ctl, G_LIST_MODEL (probe));
  if (certificate != NULL)
    {
      g_autofree char *fingerprint = cachet_server_certificate_dup_fingerprint (certificate);
      g_printerr (_ ("The certificate of %s was refused; its SHA-256 fingerprint is %s.\n"),
                     certificate->host, fingerprint);
    }
  if (ok)
    cachet_ctl_end (ctl, CACHET_CTL_DONE);
  else
    cachet_ctl_fail (ctl, error);
}

static void
run_probe (CachetCtl *ctl, CachetAccount *account, CachetSecret *password)
{
  CachetAccountProbe *probe =
    cachet_account_probe_new (ctl->engine, cachet_account_get_settings (account), password);

  cachet_account_probe_run_async (probe, NULL, probed_cb, ctl);
}

typedef struct
{
  CachetCtl *ctl;
  CachetAccount *account;
} Test;

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Test *test = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CachetSecret) password =
    cachet_secrets_lookup_finish (CACHET_SECRETS (source), result, &error);

  if (password != NULL)
    run_probe (test->ctl, test->account, password);
  else if (error != NULL)
    cachet_ctl_fail (test->ctl, error);
  else
    {
      g_printerr (
        _ ("cachetctl: No password is stored for this account; give it with --password-stdin.\n"));
      cachet_ctl_end (test->ctl, CACHET_CTL_FAILED);
    }
}

static void
test_ready_cb (CachetCtl *ctl, gpointer user_data)
{
  g_autofree char *name = user_data;
  CachetAccount *account = cachet_ctl_find_account (ctl, name);
  Test *test;

  if (account == NULL)
    return;
  if (ctl->password != NULL)
    {
      run_probe (ctl, account, ctl->password);
      return;
    }
  test = g_new0 (Test, 1);
  test->ctl = ctl;
  test->account = account;
  cachet_secrets_lookup_async (cachet_engine_get_secrets (ctl->engine),
                               cachet_account_get_id (account), "imap", NULL, looked_up_cb, test);
}

static void
removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetCtl *ctl = user_data;
  g_autoptr (GError) error = NULL;

  if (cachet_engine_remove_account_finish (CACHET_ENGINE (source), result, &error))
    cachet_ctl_end (ctl, CACHET_CTL_DONE);
  else
    cachet_ctl_fail (ctl, error);
}

typedef struct
{
  char *name;
  gboolean discard_unsent;
} Remove;

static void
remove_ready_cb (CachetCtl *ctl, gpointer user_data)
{
  g_autofree Remove *order = user_data;
  g_autofree char *name = order->name;
  CachetAccount *account = cachet_ctl_find_account (ctl, name);

  if (account != NULL)
    cachet_engine_remove_account_async (ctl->engine, account, order->discard_unsent, NULL,
                                        removed_cb, ctl);
}

static void
account_one (CachetCtl *ctl, char **argv, gboolean is_test)
{
  gboolean discard_unsent = FALSE;
  const GOptionEntry entries[] = {
    { "discard-unsent", 0, 0, G_OPTION_ARG_NONE, &discard_unsent,
      N_ ("Also when messages wait to be sent"), NULL },
      G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) words = g_strdupv (argv);
  Remove *order;

  if (!cachet_ctl_parse (ctl, &words, is_test ? NULL : entries))
    return;
  if (g_strv_length (words) > 2 || (!is_test && words[1] == NULL))
    {
      cachet_ctl_usage (ctl, "account", _ ("Name one account."));
      return;
    }
  if (is_test)
    {
      cachet_ctl_with_engine (ctl, FALSE, test_ready_cb, g_strdup (words[1]));
      return;
    }
  order = g_new0 (Remove, 1);
  order->name = g_strdup (words[1]);
  order->discard_unsent = discard_unsent;
  cachet_ctl_with_engine (ctl, FALSE, remove_ready_cb, order);
}

static void
run_account (CachetCtl *ctl, char **argv)
{
  const char *order = argv[1];

  if (g_strcmp0 (order, "add") == 0)
    account_add (ctl, argv + 1);
  else if (g_strcmp0 (order, "list") == 0)
    account_list (ctl, argv + 1);
  else if (g_strcmp0 (order, "test") == 0)
    account_one (ctl, argv + 1, TRUE);
  else if (g_strcmp0 (order, "remove") == 0)
    account_one (ctl, argv + 1, FALSE);
  else
    cachet_ctl_usage (ctl, "account", _ ("Say add, list, test or remove."));
}

const CachetCtlVerb cachet_ctl_account_verbs[] = {
  { "account",
    "add --name N --address A --imap HOST:PORT --imap-security none|starttls|tls --smtp HOST:PORT "
    "--smtp-security none|starttls|tls --user U [--auth auto|plain|login|cram-md5] [--ca-file PEM] "
    "[--allow-clear-password] --password-stdin | list [--json] | test [ACCOUNT] | remove ACCOUNT "
    "[--discard-unsent]",
    N_ ("Add, list, try or remove accounts"), run_account },
    { NULL, NULL, NULL, NULL },
};
