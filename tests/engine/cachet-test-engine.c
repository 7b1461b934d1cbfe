#include "config.h"

#include "cachet-test-engine.h"

#include <glib/gstdio.h>

/* --- waiting --- */

static gboolean
wake_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

void
cachet_test_wait_for (CachetTestCondition condition, gpointer user_data, const char *what)
{
  gint64 end = g_get_monotonic_time () + CACHET_TEST_PATIENCE_SECONDS * G_USEC_PER_SEC;
  guint tick = g_timeout_add (5, wake_cb, NULL);

  while (!condition (user_data))
    {
      if (g_get_monotonic_time () > end)
        g_error ("waited in vain for: %s", what);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (tick);
}

static gboolean
time_is_over (gpointer user_data)
{
  return g_get_monotonic_time () >= *(gint64 *)user_data;
}

void
cachet_test_pause (guint milliseconds)
{
  gint64 end = g_get_monotonic_time () + milliseconds * 1000;

  cachet_test_wait_for (time_is_over, &end, "the time");
}

void
cachet_test_take_result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **)user_data = g_object_ref (result);
}

static gboolean
is_there (gpointer user_data)
{
  return *(gpointer *)user_data != NULL;
}

GAsyncResult *
cachet_test_wait_result (GAsyncResult **result)
{
  cachet_test_wait_for (is_there, result, "an answer");
  return g_steal_pointer (result);
}

typedef struct
{
  CachetMessageList *list;
  guint n;
} Length;

static gboolean
has_length (gpointer user_data)
{
  const Length *length = user_data;

  return !cachet_message_list_is_loading (length->list) &&
         cachet_message_list_get_n_messages (length->list) == length->n;
}

void
cachet_test_wait_length (CachetMessageList *list, guint n)
{
  Length length = { list, n };
  g_autofree char *what = g_strdup_printf ("a list of %u messages", n);

  cachet_test_wait_for (has_length, &length, what);
}

static gboolean
is_replayed (gpointer user_data)
{
  return cachet_engine_get_n_pending_operations (user_data) == 0;
}

void
cachet_test_wait_replayed (CachetTestEngine *self)
{
  cachet_test_wait_for (is_replayed, self->engine, "the replay");
}

/* --- the engine --- */

static const char *
get_env (const char *name)
{
  const char *value = g_getenv (name);

  if (value == NULL)
    g_error ("%s is not set: run this under the private mail server", name);
  return value;
}

char *
cachet_test_engine_other (CachetTestEngine *self, const char *verb, ...)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autofree char *script = g_test_build_filename (G_TEST_DIST, "other-client.py", NULL);
  g_autofree char *errors = NULL;
  g_autoptr (GError) error = NULL;
  char *output = NULL;
  const char *word;
  int status;
  va_list words;

  g_ptr_array_add (argv, script);
  g_ptr_array_add (argv, self->user);
  g_ptr_array_add (argv, (gpointer)verb);
  va_start (words, verb);
  while ((word = va_arg (words, const char *)) != NULL)
    g_ptr_array_add (argv, (gpointer)word);
  va_end (words);
  g_ptr_array_add (argv, NULL);
  g_spawn_sync (NULL, (char **)argv->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, &errors,
                &status, &error);
  g_assert_no_error (error);
  if (!g_spawn_check_wait_status (status, NULL))
    g_error ("the other client failed: %s", errors);
  return output;
}

static void
notice_cb (CachetEngine *engine, const CachetNotice *notice, CachetTestEngine *self)
{
  g_test_message ("notice: %s %s", notice->summary, notice->detail);
  g_ptr_array_add (self->notices, cachet_notice_copy (notice));
}

static void
arrived_cb (CachetEngine *engine,
            CachetFolder *folder,
            CachetMessageRow *row,
            CachetTestEngine *self)
{
  self->n_arrived++;
}

gboolean
cachet_test_engine_has_notice (CachetTestEngine *self, const char *words)
{
  for (guint i = 0; i < self->notices->len; i++)
    if (strstr (((CachetNotice *)g_ptr_array_index (self->notices, i))->summary, words) != NULL)
      return TRUE;
  return FALSE;
}

static gboolean
is_live (gpointer user_data)
{
  return cachet_account_get_state (user_data) == CACHET_ACCOUNT_STATE_LIVE;
}

static gboolean
has_settled (gpointer user_data)
{
  return cachet_account_get_state (user_data) == CACHET_ACCOUNT_STATE_LIVE ||
         cachet_account_get_state (user_data) == CACHET_ACCOUNT_STATE_NEEDS_YOU;
}

static void
give_password (CachetTestEngine *self)
{
  g_autofree char *text = g_strconcat (self->user, "-pw", NULL);
  g_autoptr (CachetSecret) password = cachet_secret_new (text, -1);

  cachet_account_give_password (self->account, password, FALSE);
}

void
cachet_test_engine_go_live (CachetTestEngine *self)
{
  give_password (self);
  cachet_test_wait_for (is_live, self->account, "the connection");
}

void
cachet_test_engine_start (CachetTestEngine *self, gboolean connect)
{
  g_autofree char *data = g_build_filename (self->directory, "data", NULL);
  g_autofree char *config = g_build_filename (self->directory, "config", NULL);
  GAsyncResult *result = NULL;
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GError) error = NULL;

  self->engine = cachet_engine_new (data, config, NULL);
  g_signal_connect (self->engine, "notice", G_CALLBACK (notice_cb), self);
  g_signal_connect (self->engine, "message-arrived", G_CALLBACK (arrived_cb), self);
  cachet_engine_start_async (self->engine, FALSE, NULL, cachet_test_take_result_cb, &result);
  done = cachet_test_wait_result (&result);
  cachet_engine_start_finish (self->engine, done, &error);
  g_assert_no_error (error);
  if (self->account_id != NULL)
    {
      self->account = cachet_engine_find_account (self->engine, self->account_id);
      g_assert_nonnull (self->account);
      if (connect)
        cachet_test_engine_go_live (self);
    }
}

void
cachet_test_engine_stop (CachetTestEngine *self)
{
  GAsyncResult *result = NULL;
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GError) error = NULL;

  cachet_engine_stop_async (self->engine, cachet_test_take_result_cb, &result);
  done = cachet_test_wait_result (&result);
  cachet_engine_stop_finish (self->engine, done, &error);
  g_assert_no_error (error);
  g_clear_object (&done);
  g_signal_handlers_disconnect_by_data (self->engine, self);
  g_clear_object (&self->engine);
  self->account = NULL;
}

CachetTestEngine *
cachet_test_engine_new (const char *user)
{
  CachetTestEngine *self = g_new0 (CachetTestEngine, 1);
  g_autoptr (GError) error = NULL;

  self->user = g_strdup (user);
  self->directory = g_dir_make_tmp ("cachet-test-XXXXXX", &error);
  g_assert_no_error (error);
  self->notices = g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_notice_free);
  g_free (cachet_test_engine_other (self, "reset", NULL));
  cachet_test_engine_start (self, FALSE);
  return self;
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      remove_tree (child);
    }
  g_remove (path);
}

void
cachet_test_engine_free (CachetTestEngine *self)
{
  if (self->engine != NULL)
    cachet_test_engine_stop (self);
  remove_tree (self->directory);
  g_ptr_array_unref (self->notices);
  g_free (self->user);
  g_free (self->directory);
  g_free (self->account_id);
  g_free (self);
}

static CachetEndpoint *
make_endpoint (const char *port_name, CachetSecurity security)
{
  CachetEndpoint *endpoint = cachet_endpoint_new (
    "localhost", (guint16)g_ascii_strtoull (get_env (port_name), NULL, 10), security);

  endpoint->ca_file = g_strdup (get_env ("MAIL_CA"));
  return endpoint;
}

void
cachet_test_engine_add_account (CachetTestEngine *self, const char *password)
{
  g_autoptr (CachetAccountSettings) settings = cachet_account_settings_new ();
  g_autofree char *right = g_strconcat (self->user, "-pw", NULL);
  g_autoptr (CachetSecret) secret = cachet_secret_new (password != NULL ? password : right, -1);
  GAsyncResult *result = NULL;
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GError) error = NULL;

  g_free (settings->label);
  settings->label = g_strdup (self->user);
  g_free (settings->address);
  settings->address = g_strconcat (self->user, "@example.test", NULL);
  settings->imap = make_endpoint ("MAIL_IMAPS_PORT", CACHET_SECURITY_TLS);
  settings->smtp = make_endpoint ("MAIL_SUBMISSION_PORT", CACHET_SECURITY_STARTTLS);
  g_free (settings->imap_user);
  settings->imap_user = g_strdup (self->user);
  g_free (settings->smtp_user);
  settings->smtp_user = g_strdup (self->user);
  self->account_id = g_strdup (settings->id);
  cachet_engine_put_account_async (self->engine, settings, secret, FALSE, NULL,
                                   cachet_test_take_result_cb, &result);
  done = cachet_test_wait_result (&result);
  self->account = cachet_engine_put_account_finish (self->engine, done, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (self->account);
  cachet_account_reconnect (self->account);
  cachet_test_wait_for (has_settled, self->account, "the connection");
}

void
cachet_test_engine_sync (CachetTestEngine *self)
{
  GAsyncResult *result = NULL;
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GError) error = NULL;

  cachet_account_sync_async (self->account, FALSE, NULL, cachet_test_take_result_cb, &result);
  done = cachet_test_wait_result (&result);
  cachet_account_sync_finish (self->account, done, &error);
  g_assert_no_error (error);
}

typedef struct
{
  CachetAccount *account;
  const char *path;
} Path;

static gboolean
has_folder (gpointer user_data)
{
  const Path *path = user_data;

  return cachet_account_find_folder (path->account, path->path) != NULL;
}

CachetFolder *
cachet_test_engine_folder (CachetTestEngine *self, const char *path)
{
  Path wanted = { self->account, path };

  cachet_test_wait_for (has_folder, &wanted, path);
  return cachet_account_find_folder (self->account, path);
}

typedef struct
{
  CachetMessageList *list;
  const char *subject;
  CachetMessageRow *row;
} Subject;

static gboolean
find_subject (gpointer user_data)
{
  Subject *wanted = user_data;
  guint n = cachet_message_list_get_n_messages (wanted->list);

  for (guint i = 0; i < n; i++)
    {
      CachetMessageRow *row = cachet_message_list_peek_row (wanted->list, i);

      if (g_strcmp0 (cachet_message_row_get_subject (row), wanted->subject) == 0)
        {
          wanted->row = row;
          return TRUE;
        }
    }
  return FALSE;
}

CachetMessageRow *
cachet_test_engine_row (CachetMessageList *list, const char *subject)
{
  Subject wanted = { list, subject, NULL };

  cachet_test_wait_for (find_subject, &wanted, subject);
  return g_object_ref (wanted.row);
}

GPtrArray *
cachet_test_engine_rows (CachetMessageList *list, const char *subject, ...)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_object_unref);
  va_list more;

  va_start (more, subject);
  for (; subject != NULL; subject = va_arg (more, const char *))
    g_ptr_array_add (rows, cachet_test_engine_row (list, subject));
  va_end (more);
  return rows;
}
