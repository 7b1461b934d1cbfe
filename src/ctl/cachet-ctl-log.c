#define G_LOG_DOMAIN "cachet-ctl"

#include "config.h"

#include "cachet-ctl.h"

#include "cachet-wire-file.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

/* log: what crossed the wire, read from the masked files that the engine keeps. Needs no engine of
 * its own, so it also follows a window that runs. */

#define DEFAULT_LINES 200
#define FOLLOW_MILLISECONDS 200

typedef struct
{
  char *path;
  guint64 offset;
  guint64 inode;
} LogFile;

typedef struct
{
  CachetCtl *ctl;
  char *directory;
  char *account;
  int n_lines;
  gboolean follow;
  GPtrArray *files;
} Log;

static void
log_file_free (gpointer data)
{
  LogFile *file = data;

  g_free (file->path);
  g_free (file);
}

static void
log_free (Log *self)
{
  g_free (self->directory);
  g_free (self->account);
  g_ptr_array_unref (self->files);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Log, log_free)

static void
print_record (CachetCtl *ctl, const CachetWireRecord *record)
{
  static const char *const arrows[] = { "→", "←", "·" };
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_local (record->time / G_USEC_PER_SEC);
  g_autofree char *time = date != NULL ? g_date_time_format (date, "%H:%M:%S") : g_strdup ("");
  g_autofree char *took =
    record->milliseconds >= 0 ? g_strdup_printf ("  (%.1f ms)", record->milliseconds) : NULL;

  g_print ("%s.%03d %s%u %s %s %s%s\n", time, (int)(record->time / 1000 % 1000), record->protocol,
           record->connection,
           record->encrypted
           ? _ ("TLS  ")
           : _ ("clear"), arrows[record->direction], record->text, took != NULL ? took : "");
}

static gint
compare_records (gconstpointer a, gconstpointer b)
{
  const CachetWireRecord *x = *(const CachetWireRecord *const *)a;
  const CachetWireRecord *y = *(const CachetWireRecord *const *)b;

  if (x->time != y->time)
    return x->time < y->time ? -1 : 1;
  return x->serial < y->serial ? -1 : x->serial > y->serial;
}

/* Whole lines from @file's offset on; a line that is still being written waits. */
static void
take_lines (LogFile *file, GPtrArray *lines)
{
  g_autofree char *text = NULL;
  gsize size;
  GStatBuf about;
  char *end;

  if (g_stat (file->path, &about) != 0)
    return;
  if (about.st_ino != file->inode || (guint64)about.st_size < file->offset)
    file->offset = 0; /* another file has taken its place */
  file->inode = about.st_ino;
  if ((guint64)about.st_size == file->offset ||
      !g_file_get_contents (file->path, &text, &size, NULL) || size < file->offset)
    return;
  for (char *at = text + file->offset; (end = memchr (at, '\n', text + size - at)) != NULL;
       at = end + 1)
    {
      g_ptr_array_add (lines, g_strndup (at, end - at));
      file->offset = end + 1 - text;
    }
}

static void
find_files (Log *self)
{
  g_autoptr (GDir) directory = g_dir_open (self->directory, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      LogFile *file;

      if (!g_str_has_suffix (name, ".log") ||
          (self->account != NULL && !g_str_has_prefix (name, self->account)))
        continue;
      file = g_new0 (LogFile, 1);
      file->path = g_build_filename (self->directory, name, NULL);
      g_ptr_array_add (self->files, file);
    }
}

static GPtrArray *
take_records (Log *self, GPtrArray *lines)
{
  GPtrArray *records = g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_wire_record_free);

  for (guint i = 0; i < self->files->len; i++)
    take_lines (g_ptr_array_index (self->files, i), lines);
  for (guint i = 0; i < lines->len; i++)
    {
      CachetWireRecord *record = cachet_wire_file_parse_line (g_ptr_array_index (lines, i), NULL);
      if (record != NULL)
        g_ptr_array_add (records, record);
    }
  g_ptr_array_sort (records, compare_records);
  return records;
}

static void
print_new (Log *self, guint limit)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) records = take_records (self, lines);
  guint first;

  if (self->ctl->json)
    {
      first = lines->len > limit ? lines->len - limit : 0;
      for (guint i = first; i < lines->len; i++)
        g_print ("%s\n", (const char *)g_ptr_array_index (lines, i));
      return;
    }
  first = records->len > limit ? records->len - limit : 0;
  for (guint i = first; i < records->len; i++)
    print_record (self->ctl, g_ptr_array_index (records, i));
}

static gboolean
follow_cb (gpointer user_data)
{
  print_new (user_data, G_MAXUINT);
  return G_SOURCE_CONTINUE;
}

static void
run_log (CachetCtl *ctl, char **argv)
{
  g_autoptr (Log) self = g_new0 (Log, 1);
  const GOptionEntry entries[] = {
    { "account", 0, 0, G_OPTION_ARG_STRING, &self->account,
      N_ ("Only the account with this id"), N_ ("ACCOUNT") },
      { "follow", 'f', 0, G_OPTION_ARG_NONE, &self->follow, N_ ("Go on as more is said"), NULL },
        { "lines", 'n', 0, G_OPTION_ARG_INT, &self->n_lines,
          N_ ("At most so many of what was said before"), "N" },
          G_OPTION_ENTRY_NULL,
      };
  g_auto (GStrv) words = g_strdupv (argv);
  g_autofree char *data_dir = NULL;

  self->ctl = ctl;
  self->files = g_ptr_array_new_with_free_func (log_file_free);
  self->n_lines = DEFAULT_LINES;
  if (!cachet_ctl_parse (ctl, &words, entries))
    return;
  data_dir = ctl->data_dir != NULL ? g_strdup (ctl->data_dir)
                                   : g_build_filename (g_get_user_data_dir (), "cachet", NULL);
  self->directory = g_build_filename (data_dir, "wire", NULL);
  find_files (self);
  if (self->files->len == 0)
    {
      g_printerr (_ ("cachetctl: Nothing has been said on the wire yet (no log in %s).\n"),
                     self->directory);
      cachet_ctl_end (ctl, CACHET_CTL_FAILED);
      return;
    }
  print_new (self, MAX (self->n_lines, 0));
  if (!self->follow)
    {
      cachet_ctl_end (ctl, CACHET_CTL_DONE);
      return;
    }
  g_timeout_add_full (G_PRIORITY_DEFAULT, FOLLOW_MILLISECONDS, follow_cb, g_steal_pointer (&self),
                      (GDestroyNotify)log_free);
}

const CachetCtlVerb cachet_ctl_log_verbs[] = {
  { "log", "[--account ID] [--follow] [--lines N] [--json]",
    N_ ("Print what was said on the wire, secrets masked"), run_log },
    { NULL, NULL, NULL, NULL },
};
