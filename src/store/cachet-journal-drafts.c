#define G_LOG_DOMAIN "cachet-store"

#include "config.h"

#include "cachet-checked-file.h"
#include "cachet-durable-file.h"
#include "cachet-journal-private.h"
#include "cachet-store-error.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <string.h>

#define MAX_NAME 64

typedef struct
{
  CachetJournal *journal;
  char *name;
  GBytes *bytes;
} DraftJob;

static void
draft_job_free (gpointer data)
{
  DraftJob *job = data;

  g_object_unref (job->journal);
  g_free (job->name);
  g_clear_pointer (&job->bytes, g_bytes_unref);
  g_free (job);
}

static DraftJob *
draft_job_new (CachetJournal *self, const char *name)
{
  DraftJob *job = g_new0 (DraftJob, 1);

  job->journal = g_object_ref (self);
  job->name = g_strdup (name);
  return job;
}

/* A name becomes a file name: letters, digits, '-' and '_' alone. */
static char *
get_path (DraftJob *job, GError **error)
{
  g_autofree char *file = NULL;

  if (*job->name == '\0' || strlen (job->name) > MAX_NAME ||
      strspn (job->name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_") != strlen (job->name))
    {
      g_set_error (error, CACHET_STORE_ERROR, CACHET_STORE_ERROR_INTERNAL,
                   _ ("“%s” cannot be the name of a draft."), job->name);
      return NULL;
    }
  file = g_strconcat (job->name, CACHET_JOURNAL_DRAFT_SUFFIX, NULL);
  return g_build_filename (job->journal->drafts_directory, file, NULL);
}

/* The journal's write lock keeps other processes from taking a file being made for a left one. */
static gpointer
write_run_cb (CachetConnection *connection,
              gpointer data,
              GCancellable *cancellable,
              GError **error)
{
  DraftJob *job = data;
  g_autofree char *path = get_path (job, error);

  if (path != NULL)
    cachet_checked_file_write (path, CACHET_JOURNAL_DRAFT_KIND,
                               g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0), job->bytes,
                               error);
  return NULL;
}

void
cachet_journal_write_draft_async (CachetJournal *self,
                                  const char *name,
                                  GBytes *bytes,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  DraftJob *job;

  g_return_if_fail (CACHET_IS_JOURNAL (self));
  g_return_if_fail (name != NULL && bytes != NULL);

  job = draft_job_new (self, name);
  job->bytes = g_bytes_ref (bytes);
  cachet_database_write_async (self->database, self, "write a draft",
                               CACHET_WORKER_PRIORITY_DEFAULT, write_run_cb, job, draft_job_free,
                               NULL, cancellable, callback, user_data);
}

static gpointer
remove_run_cb (CachetConnection *connection,
               gpointer data,
               GCancellable *cancellable,
               GError **error)
{
  DraftJob *job = data;
  g_autofree char *path = get_path (job, error);
  g_autoptr (GError) local_error = NULL;

  if (path != NULL && !cachet_durable_file_remove (path, &local_error))
    cachet_store_error_propagate (error, g_steal_pointer (&local_error));
  return NULL;
}

void
cachet_journal_remove_draft_async (CachetJournal *self,
                                   const char *name,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_return_if_fail (CACHET_IS_JOURNAL (self));
  g_return_if_fail (name != NULL);

  cachet_database_write_async (
    self->database, self, "remove a draft", CACHET_WORKER_PRIORITY_DEFAULT, remove_run_cb,
    draft_job_new (self, name), draft_job_free, NULL, cancellable, callback, user_data);
}

static int
compare_names_cb (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *)a, *(char *const *)b);
}

static gpointer
list_run_cb (CachetConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  const char *folder = data;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &local_error);
  const char *name;

  if (dir == NULL)
    {
      cachet_store_error_propagate (error, g_steal_pointer (&local_error));
      return NULL;
    }
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, CACHET_JOURNAL_DRAFT_SUFFIX))
      g_ptr_array_add (names,
                       g_strndup (name, strlen (name) - strlen (CACHET_JOURNAL_DRAFT_SUFFIX)));
  g_ptr_array_sort (names, compare_names_cb);
  g_ptr_array_add (names, NULL);
  return g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

void
cachet_journal_list_drafts_async (CachetJournal *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_return_if_fail (CACHET_IS_JOURNAL (self));

  cachet_database_read_async (self->database, self, "list drafts", list_run_cb,
                              g_strdup (self->drafts_directory), g_free, (GDestroyNotify)g_strfreev,
                              cancellable, callback, user_data);
}

char **
cachet_journal_list_drafts_finish (CachetJournal *self, GAsyncResult *result, GError **error)
{
  return cachet_database_finish (self, result, error);
}

static gpointer
read_run_cb (CachetConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  DraftJob *job = data;
  g_autofree char *path = get_path (job, error);

  if (path == NULL)
    return NULL;
  return cachet_checked_file_read (path, CACHET_JOURNAL_DRAFT_KIND, NULL, error);
}

void
cachet_journal_read_draft_async (CachetJournal *self,
                                 const char *name,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_return_if_fail (CACHET_IS_JOURNAL (self));
  g_return_if_fail (name != NULL);

  cachet_database_read_async (self->database, self, "read a draft", read_run_cb,
                              draft_job_new (self, name), draft_job_free,
                              (GDestroyNotify)g_bytes_unref, cancellable, callback, user_data);
}
