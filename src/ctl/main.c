#define G_LOG_DOMAIN "cachet-ctl"

#include "config.h"

#include "cachet-ctl.h"

#include "cachet-notice.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <string.h>
#include <unistd.h>

static const CachetCtlVerb *const verb_tables[] = {
  cachet_ctl_account_verbs, cachet_ctl_mail_verbs, cachet_ctl_order_verbs,
  cachet_ctl_file_verbs,    cachet_ctl_log_verbs,
};

static const CachetCtlVerb *
find_verb (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (verb_tables); i++)
    for (const CachetCtlVerb *verb = verb_tables[i]; verb->name != NULL; verb++)
      if (g_str_equal (verb->name, name))
        return verb;
  return NULL;
}

static char *
describe_verbs (void)
{
  GString *text = g_string_new (_ ("Verbs:\n"));

  for (guint i = 0; i < G_N_ELEMENTS (verb_tables); i++)
    for (const CachetCtlVerb *verb = verb_tables[i]; verb->name != NULL; verb++)
      g_string_append_printf (text, "  %s %s\n      %s\n", verb->name, verb->usage,
                              _ (verb->summary));
  return g_string_free (text, FALSE);
}

static void
stopped_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CachetCtl *ctl = user_data;
  g_autoptr (GError) error = NULL;

  if (!cachet_engine_stop_finish (CACHET_ENGINE (source), result, &error))
    g_printerr ("%s\n", error->message);
  g_main_loop_quit (ctl->loop);
}

void
cachet_ctl_end (CachetCtl *ctl, int exit_code)
{
  ctl->exit_code = exit_code;
  if (ctl->engine != NULL)
    cachet_engine_stop_async (ctl->engine, stopped_cb, ctl);
  else
    g_main_loop_quit (ctl->loop);
}

void
cachet_ctl_fail (CachetCtl *ctl, const GError *error)
{
  g_printerr ("cachetctl: %s\n", error->message);
  cachet_ctl_end (ctl, CACHET_CTL_FAILED);
}

void
cachet_ctl_usage (CachetCtl *ctl, const char *verb_name, const char *problem)
{
  const CachetCtlVerb *verb = find_verb (verb_name);

  if (problem != NULL)
    g_printerr ("cachetctl %s: %s\n", verb_name, problem);
  if (verb != NULL)
    g_printerr (_ ("Usage: cachetctl %s %s\n"), verb->name, verb->usage);
  cachet_ctl_end (ctl, CACHET_CTL_USAGE);
}

gboolean
cachet_ctl_parse (CachetCtl *ctl, char ***argv, const GOptionEntry *entries)
{
  const GOptionEntry common[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &ctl->json, N_ ("Print JSON"), NULL },
      { "password-stdin", 0, 0, G_OPTION_ARG_NONE, &ctl->password_stdin,
        N_ ("Read the password from standard input"), NULL },
        G_OPTION_ENTRY_NULL,
    };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *verb = g_strdup ((*argv)[0]);

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_add_main_entries (context, common, GETTEXT_PACKAGE);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (g_option_context_parse_strv (context, argv, &error))
    return TRUE;
  cachet_ctl_usage (ctl, verb, error->message);
  return FALSE;
}

void
cachet_ctl_print_json (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = json_to_string (root, TRUE);

  g_print ("%s\n", text);
}

CachetSecret *
cachet_ctl_read_password (CachetCtl *ctl, GError **error)
{
  char buffer[CACHET_CTL_MAX_PASSWORD + 1];
  gsize length = 0;

  if (!ctl->password_stdin || ctl->password != NULL)
    return ctl->password;
  while (length < sizeof buffer)
    {
      gssize n = read (STDIN_FILENO, buffer + length, sizeof buffer - length);
      if (n <= 0)
        break;
      length += n;
      if (memchr (buffer, '\n', length) != NULL)
        break;
    }
  char *end = memchr (buffer, '\n', length);
  if (end != NULL)
    length = end - buffer;
  if (length > CACHET_CTL_MAX_PASSWORD)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 _ ("The password on standard input is longer than %d bytes."),
                    CACHET_CTL_MAX_PASSWORD);
  else
    ctl->password = cachet_secret_new (buffer, length);
  cachet_secret_wipe (buffer, sizeof buffer);
  return ctl->password;
}

static gboolean
account_is_called (CachetAccount *account, const char *name)
{
  return g_str_equal (cachet_account_get_id (account), name) ||
         g_str_equal (cachet_account_get_label (account), name) ||
         g_ascii_strcasecmp (cachet_account_get_settings (account)->address, name) == 0;
}

CachetAccount *
cachet_ctl_find_account (CachetCtl *ctl, const char *name)
{
  GListModel *accounts = cachet_engine_get_accounts (ctl->engine);
  guint n = g_list_model_get_n_items (accounts);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (CachetAccount) account = g_list_model_get_item (accounts, i);
      if (name == NULL ? n == 1 : account_is_called (account, name))
        return account; /* the model keeps it */
    }
  if (name != NULL)
    g_printerr (_ ("cachetctl: There is no account called “%s”; “cachetctl account list” shows them.\n"), name);
  else if (n == 0)
    g_printerr (_ ("cachetctl: There is no account yet; add one with “cachetctl account add”.\n"));
  else
    g_printerr (_ ("cachetctl: There are %u accounts; say which one with --account.\n"), n);
  cachet_ctl_end (ctl, CACHET_CTL_FAILED);
  return NULL;
}

typedef struct
{
  CachetCtl *ctl;
  CachetCtlReadyFunc ready;
  gpointer user_data;
  gboolean connect;
} Start;

static void
notice_cb (CachetEngine *engine, CachetNotice *notice, gpointer user_data)
{
  g_printerr ("cachetctl: %s%s%s\n", notice->summary, notice->detail != NULL ? " " : "",
              notice->detail != NULL ? notice->detail : "");
}

static void
give_password_to_all (CachetCtl *ctl)
{
  GListModel *accounts = cachet_engine_get_accounts (ctl->engine);

  if (ctl->password == NULL)
    return;
  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr (CachetAccount) account = g_list_model_get_item (accounts, i);
      cachet_account_give_password (account, ctl->password, FALSE);
    }
}

static void
started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Start *start = user_data;
  CachetCtl *ctl = start->ctl;
  g_autoptr (GError) error = NULL;

  if (!cachet_engine_start_finish (CACHET_ENGINE (source), result, &error))
    {
      g_clear_object (&ctl->engine);
      cachet_ctl_fail (ctl, error);
      return;
    }
  /* connections that begin by themselves use it; the other verbs hand it over when they connect */
  if (start->connect)
    give_password_to_all (ctl);
  start->ready (ctl, start->user_data);
}

void
cachet_ctl_with_engine (CachetCtl *ctl,
                        gboolean connect,
                        CachetCtlReadyFunc ready,
                        gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  Start *start;

  cachet_ctl_read_password (ctl, &error);
  if (error != NULL)
    {
      cachet_ctl_fail (ctl, error);
      return;
    }
  start = g_new0 (Start, 1);
  start->ctl = ctl;
  start->ready = ready;
  start->user_data = user_data;
  start->connect = connect;
  ctl->engine = cachet_engine_new (ctl->data_dir, ctl->config_dir, NULL);
  g_signal_connect (ctl->engine, "notice", G_CALLBACK (notice_cb), ctl);
  cachet_engine_start_async (ctl->engine, connect, NULL, started_cb, start);
}

static int
run (CachetCtl *ctl, char **words)
{
  const CachetCtlVerb *verb = words[0] != NULL ? find_verb (words[0]) : NULL;

  if (verb == NULL)
    {
      if (words[0] != NULL)
        g_printerr (_ ("cachetctl: There is no verb “%s”; “cachetctl --help” lists them.\n"),
                       words[0]);
      else
        g_printerr (_ ("cachetctl: Say what to do; “cachetctl --help” lists the verbs.\n"));
      return CACHET_CTL_USAGE;
    }
  ctl->exit_code = -1;
  verb->run (ctl, words);
  /* a verb that had nothing to wait for has ended already */
  if (ctl->exit_code == -1 || ctl->engine != NULL)
    g_main_loop_run (ctl->loop);
  return ctl->exit_code;
}

int
main (int argc, char **argv)
{
  CachetCtl ctl = { 0 };
  g_auto (GStrv) words = NULL;
  gboolean version = FALSE;
  const GOptionEntry entries[] = {
    { "data-dir", 0, 0, G_OPTION_ARG_FILENAME, &ctl.data_dir,
      N_ ("Folder of mail and keys"), N_ ("DIR") },
      { "config-dir", 0, 0, G_OPTION_ARG_FILENAME, &ctl.config_dir,
        N_ ("Folder of accounts"), N_ ("DIR") },
        { "json", 0, 0, G_OPTION_ARG_NONE, &ctl.json, N_ ("Print JSON"), NULL },
          { "version", 0, 0, G_OPTION_ARG_NONE, &version, N_ ("Print the version"), NULL },
            G_OPTION_ENTRY_NULL,
        };
  g_autoptr (GOptionContext) context = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *verbs = NULL;
  /* set by the demo and the tests, which start the program from the build folder */
  const char *locale_dir = g_getenv ("CACHET_LOCALEDIR");
  int exit_code;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locale_dir != NULL ? locale_dir : CACHET_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  context = g_option_context_new (_ ("VERB …: Cachet from a shell"));
  verbs = describe_verbs ();
  g_option_context_set_description (context, verbs);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_set_strict_posix (context, TRUE); /* what comes after the verb is the verb's */
  words = g_strdupv (argv);
  if (!g_option_context_parse_strv (context, &words, &error))
    {
      g_printerr ("cachetctl: %s\n", error->message);
      return CACHET_CTL_USAGE;
    }
  if (version)
    {
      g_print ("cachetctl %s\n", CACHET_VERSION);
      return CACHET_CTL_DONE;
    }
  ctl.loop = g_main_loop_new (NULL, FALSE);
  exit_code = run (&ctl, words + 1);
  g_clear_object (&ctl.engine);
  g_clear_pointer (&ctl.password, cachet_secret_unref);
  g_main_loop_unref (ctl.loop);
  g_free (ctl.data_dir);
  g_free (ctl.config_dir);
  return exit_code;
}
