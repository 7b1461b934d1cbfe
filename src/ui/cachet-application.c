#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-application.h"

#include "cachet-answer.h"
#include "cachet-attachment-files.h"
#include "cachet-composer.h"
#include "cachet-engine.h"
#include "cachet-message-window.h"
#include "cachet-ui-worker.h"
#include "cachet-window.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <handy.h>
#include <string.h>

#define SWITCH_ENV "CACHET_DEMO_SWITCH"

struct _CachetApplication
{
  GtkApplication parent_instance;

  char *data_dir;   /* (nullable): as given */
  char *config_dir; /* (nullable): as given */
  CachetEngine *engine;
  gboolean starting; /* the engine has been told to start */
  gboolean started;
  GError *start_error; /* (nullable) */
  gboolean stopping;
  GtkFileChooserNative *chooser;
  guint signal_ids[2];
};

G_DEFINE_FINAL_TYPE (CachetApplication, cachet_application, GTK_TYPE_APPLICATION)

static CachetWindow *
find_window (CachetApplication *self)
{
  GList *l;

  for (l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    if (CACHET_IS_WINDOW (l->data))
      return l->data;
  return NULL;
}

static void
open_recovered_drafts (CachetApplication *self)
{
  g_autoptr (GPtrArray) drafts = cachet_engine_take_recovered_drafts (self->engine);
  guint i;

  for (i = 0; drafts != NULL && i < drafts->len; i++)
    {
      CachetComposer *composer = cachet_composer_new (GTK_APPLICATION (self), self->engine, NULL,
                                                      g_ptr_array_index (drafts, i));

      cachet_composer_show_note (
        composer,
        _ ("Cachet ended while this message was being written; this is what was kept of it."));
      gtk_window_present (GTK_WINDOW (composer));
    }
}

static void
started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CachetApplication) self = user_data;
  CachetWindow *window;

  g_clear_error (&self->start_error);
  self->started = cachet_engine_start_finish (CACHET_ENGINE (source), result, &self->start_error);
  window = find_window (self);
  if (window != NULL)
    cachet_window_engine_started (window, self->start_error);
  else if (!self->started)
    g_warning ("The engine did not start: %s", self->start_error->message);
  if (self->started && !self->stopping)
    open_recovered_drafts (self);
}

static void
start_engine (CachetApplication *self)
{
  if (self->starting)
    return;
  self->starting = TRUE;
  cachet_engine_start_async (self->engine, TRUE, NULL, started_cb, g_object_ref (self));
}

static void
cachet_application_activate (GApplication *application)
{
  CachetApplication *self = CACHET_APPLICATION (application);
  CachetWindow *window = find_window (self);

  if (window == NULL)
    {
      window = cachet_window_new (GTK_APPLICATION (self), self->engine);
      if (self->started || self->start_error != NULL)
        cachet_window_engine_started (window, self->start_error);
    }
  gtk_window_present (GTK_WINDOW (window));
  start_engine (self);
}

/* The main window says what is wrong with what was to be opened. */
static void
tell (CachetApplication *self, const char *summary, const GError *error)
{
  cachet_application_activate (G_APPLICATION (self));
  cachet_window_tell (find_window (self), summary, error);
}

static void
open_mailto (CachetApplication *self, const char *uri)
{
  g_autoptr (GError) error = NULL;

  start_engine (self);
  if (!cachet_answer_open_mailto (GTK_APPLICATION (self), self->engine, NULL, uri, &error))
    tell (self, _ ("The link can't be used."), error);
}

static gboolean
is_keychain (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *lower = name != NULL ? g_ascii_strdown (name, -1) : NULL;

  return lower != NULL && (g_str_has_suffix (lower, ".p12") || g_str_has_suffix (lower, ".pfx"));
}

static void
open_file (CachetApplication *self, GFile *file)
{
  g_autofree char *uri = g_file_get_uri (file);

  if (g_ascii_strncasecmp (uri, "mailto:", strlen ("mailto:")) == 0)
    open_mailto (self, uri);
  else if (is_keychain (file))
    tell (self, _ ("This version of Cachet can't import certificates from a file yet."), NULL);
  else
    gtk_window_present (
      GTK_WINDOW (cachet_message_window_new_for_file (GTK_APPLICATION (self), self->engine, file)));
}

static void
cachet_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  int i;

  for (i = 0; i < n_files; i++)
    open_file (CACHET_APPLICATION (application), files[i]);
}

static void
compose_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CachetApplication *self = user_data;

  start_engine (self);
  gtk_window_present (
    GTK_WINDOW (cachet_composer_new (GTK_APPLICATION (self), self->engine, NULL, NULL)));
}

static void
chooser_response_cb (CachetApplication *self, int response)
{
  GSList *files = response == GTK_RESPONSE_ACCEPT
                    ? gtk_file_chooser_get_files (GTK_FILE_CHOOSER (self->chooser))
                    : NULL;
  GSList *l;

  for (l = files; l != NULL; l = l->next)
    open_file (self, l->data);
  g_slist_free_full (files, g_object_unref);
  gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
}

static void
open_file_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CachetApplication *self = user_data;
  g_autoptr (GtkFileFilter) messages = g_object_ref_sink (gtk_file_filter_new ());
  g_autoptr (GtkFileFilter) all = g_object_ref_sink (gtk_file_filter_new ());

  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (
    _ ("Open a Message File"), gtk_application_get_active_window (GTK_APPLICATION (self)),
       GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"), _ ("_Cancel"));
  gtk_file_filter_set_name (messages, _ ("Messages"));
  gtk_file_filter_add_mime_type (messages, "message/rfc822");
  gtk_file_filter_add_pattern (messages, "*.eml");
  gtk_file_filter_set_name (all, _ ("All files"));
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), messages);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), all);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chooser_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
about_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  static const char *const authors[] = { "The Cachet authors", NULL };

  gtk_show_about_dialog (gtk_application_get_active_window (user_data), "program-name", "Cachet",
                         "version", CACHET_VERSION, "comments",
                         _ ("Mail for people who sign and seal their letters."), "logo-icon-name",
                            CACHET_APPLICATION_ID, "authors", authors, "license-type",
                            GTK_LICENSE_GPL_3_0, "translator-credits",
                            /* Translators: your names, one a line */
                            _ ("translator-credits"), NULL);
}

/* Each window may object: a composer keeps its draft first. A modal dialog goes before the window
 * that it blocks, else that would not hear of it. */
static void
quit_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GList *toplevels = gtk_window_list_toplevels ();
  g_autoptr (GList) windows = g_list_copy (gtk_application_get_windows (user_data));
  GList *l;

  for (l = toplevels; l != NULL; l = l->next)
    if (gtk_window_get_modal (l->data) && gtk_widget_get_mapped (l->data))
      gtk_window_close (l->data);
  g_list_free (toplevels);
  for (l = windows; l != NULL; l = l->next)
    if (!gtk_window_get_modal (l->data))
      gtk_window_close (l->data);
}

static void
switch_person_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!g_spawn_command_line_async (g_getenv (SWITCH_ENV), &error))
    tell (user_data, _ ("The other window could not be opened."), error);
}

static const GActionEntry entries[] = {
  { "compose", compose_cb },
  { "open-file", open_file_cb },
  { "about", about_cb },
  { "quit", quit_cb },
};

static const GActionEntry switch_entries[] = {
  { "switch-person", switch_person_cb },
};

typedef struct
{
  const char *action;
  const char *accels[3];
} Accel;

static const Accel accels[] = {
  { "app.compose", { "<Primary>n" } },
  { "app.open-file", { "<Primary>o" } },
  { "app.quit", { "<Primary>q" } },
  { "win.close", { "<Primary>w" } },
  { "win.reply", { "<Primary>r" } },
  { "win.reply-all", { "<Primary><Shift>r" } },
  { "win.forward", { "<Primary>l" } },
  { "win.view-source", { "<Primary>u" } },
  { "win.undo", { "<Primary>z" } },
  { "win.find", { "<Primary>f" } },
  { "win.search", { "<Primary>k" } },
  { "win.sync", { "F5" } },
  { "win.toggle-folders", { "F9" } },
  { "win.toggle-read", { "<Primary>m" } },
  { "win.toggle-star", { "<Primary>d" } },
  { "win.archive", { "<Primary>e" } },
  { "win.move", { "<Primary><Shift>m" } },
  { "win.copy", { "<Primary><Shift>c" } },
  { "win.next-message", { "<Primary>Down" } },
  { "win.previous-message", { "<Primary>Up" } },
  { "win.back", { "<Alt>Left" } },
  { "win.show-help-overlay", { "<Primary>question", "<Primary>F1" } },
};

static void
set_accels (CachetApplication *self)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), accels[i].action,
                                           accels[i].accels);
}

static void
load_css (void)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, "/org/cachetmail/Cachet/css/cachet.css");
  gtk_style_context_add_provider_for_screen (gdk_screen_get_default (),
                                             GTK_STYLE_PROVIDER (provider),
                                             GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

static gboolean
quit_signal_cb (gpointer user_data)
{
  quit_cb (NULL, NULL, user_data);
  return G_SOURCE_CONTINUE;
}

static void
cachet_application_startup (GApplication *application)
{
  CachetApplication *self = CACHET_APPLICATION (application);

  G_APPLICATION_CLASS (cachet_application_parent_class)->startup (application);
  hdy_init ();
  /* As the desktop says, light when it says nothing. */
  hdy_style_manager_set_color_scheme (hdy_style_manager_get_default (),
                                      HDY_COLOR_SCHEME_PREFER_LIGHT);
  gtk_window_set_default_icon_name (CACHET_APPLICATION_ID);
  load_css ();
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  if (g_getenv (SWITCH_ENV) != NULL && *g_getenv (SWITCH_ENV) != '\0')
    g_action_map_add_action_entries (G_ACTION_MAP (self), switch_entries,
                                     G_N_ELEMENTS (switch_entries), self);
  set_accels (self);
  self->engine = cachet_engine_new (self->data_dir, self->config_dir, NULL);
  self->signal_ids[0] = g_unix_signal_add (SIGTERM, quit_signal_cb, self);
  self->signal_ids[1] = g_unix_signal_add (SIGINT, quit_signal_cb, self);
}

static void
stopped_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GApplication) application = user_data;
  g_autoptr (GError) error = NULL;

  if (!cachet_engine_stop_finish (CACHET_ENGINE (source), result, &error))
    g_warning ("The engine did not stop cleanly: %s", error->message);
  g_application_release (application);
}

/* With the last window the program ends, but not before what is being written is on the disk. */
static void
cachet_application_window_removed (GtkApplication *application, GtkWindow *window)
{
  CachetApplication *self = CACHET_APPLICATION (application);

  if (gtk_application_get_windows (application)->next == NULL && self->starting && !self->stopping)
    {
      self->stopping = TRUE;
      g_application_hold (G_APPLICATION (self));
      cachet_engine_stop_async (self->engine, stopped_cb, g_object_ref (self));
    }
  GTK_APPLICATION_CLASS (cachet_application_parent_class)->window_removed (application, window);
}

static void
cachet_application_shutdown (GApplication *application)
{
  CachetApplication *self = CACHET_APPLICATION (application);
  guint i;

  for (i = 0; i < G_N_ELEMENTS (self->signal_ids); i++)
    g_clear_handle_id (&self->signal_ids[i], g_source_remove);
  cachet_attachment_clean_up ();
  cachet_ui_worker_shut_down ();
  g_clear_object (&self->engine);
  G_APPLICATION_CLASS (cachet_application_parent_class)->shutdown (application);
}

static char *
absolute_path (const char *path)
{
  g_autofree char *current = g_get_current_dir ();

  return g_canonicalize_filename (path, current);
}

static int
cachet_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  CachetApplication *self = CACHET_APPLICATION (application);
  const char *path = NULL;

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("Cachet %s\n", CACHET_VERSION);
      return 0;
    }
  if (g_variant_dict_lookup (options, "data-dir", "^&ay", &path))
    self->data_dir = absolute_path (path);
  if (g_variant_dict_lookup (options, "config-dir", "^&ay", &path))
    self->config_dir = absolute_path (path);
  /* Other data are another Cachet: it must not be handed over to one that runs already. */
  if (self->data_dir != NULL || self->config_dir != NULL)
    g_application_set_flags (application,
                             g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);
  return -1;
}

static void
cachet_application_finalize (GObject *object)
{
  CachetApplication *self = CACHET_APPLICATION (object);

  g_clear_error (&self->start_error);
  g_clear_object (&self->chooser);
  g_free (self->data_dir);
  g_free (self->config_dir);
  G_OBJECT_CLASS (cachet_application_parent_class)->finalize (object);
}

static void
cachet_application_class_init (CachetApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = cachet_application_finalize;
  application_class->startup = cachet_application_startup;
  application_class->activate = cachet_application_activate;
  application_class->open = cachet_application_open;
  application_class->shutdown = cachet_application_shutdown;
  application_class->handle_local_options = cachet_application_handle_local_options;
  GTK_APPLICATION_CLASS (klass)->window_removed = cachet_application_window_removed;
}

static const GOptionEntry options[] = {
  { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version and exit"), NULL },
    { "data-dir", 0, 0, G_OPTION_ARG_FILENAME, NULL,
      N_ ("Keep drafts, outbox and the copy of the mail in this folder"), N_ ("FOLDER") },
      { "config-dir", 0, 0, G_OPTION_ARG_FILENAME, NULL,
        N_ ("Keep the accounts in this folder"), N_ ("FOLDER") }, { NULL },
      };

static void
cachet_application_init (CachetApplication *self)
{
  g_application_add_main_option_entries (G_APPLICATION (self), options);
  /* Translators: what stands behind the options on the command line */
  g_application_set_option_context_parameter_string (G_APPLICATION (self),
                                                     _ ("[FILE.eml | mailto:ADDRESS …]"));
}

CachetApplication *
cachet_application_new (void)
{
  return g_object_new (CACHET_TYPE_APPLICATION, "application-id", CACHET_APPLICATION_ID, "flags",
                       G_APPLICATION_HANDLES_OPEN, "resource-base-path", "/org/cachetmail/Cachet",
                       NULL);
}
