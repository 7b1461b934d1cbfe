#include "config.h"

#include "cachet-durable-file.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

static int
fail_step_cb (const char *step, const char *path, gpointer user_data)
{
  return g_str_equal (step, user_data) ? ENOSPC : 0;
}

static char *
make_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("cachet-durable-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

static void
assert_content (const char *path, const char *expected)
{
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &content, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (content, ==, expected);
}

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
test_write (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "file", NULL);
  g_autoptr (GBytes) old = g_bytes_new_static ("old", 3);
  g_autoptr (GBytes) new = g_bytes_new_static ("new!", 4);
  g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);
  g_autoptr (GError) error = NULL;
  struct stat info;

  g_assert_true (cachet_durable_file_write (path, old, 0600, &error));
  assert_content (path, "old");
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_true (cachet_durable_file_write (path, new, 0640, &error));
  assert_content (path, "new!");
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0640);
  g_assert_true (cachet_durable_file_write (path, empty, 0600, &error));
  assert_content (path, "");
  g_assert_cmpuint (count_files (folder), ==, 1);

  g_assert_true (cachet_durable_file_remove (path, &error));
  g_assert_true (cachet_durable_file_remove (path, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_files (folder), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_faults (void)
{
  static const char *const before[] = { "open", "write", "fsync", "rename" };
  g_autofree char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "file", NULL);
  g_autoptr (GBytes) old = g_bytes_new_static ("old", 3);
  g_autoptr (GBytes) new = g_bytes_new_static ("new", 3);

  g_assert_true (cachet_durable_file_write (path, old, 0600, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (before); i++)
    {
      g_autoptr (GError) error = NULL;

      cachet_durable_file_set_fault_func (fail_step_cb, (gpointer)before[i]);
      g_assert_false (cachet_durable_file_write (path, new, 0600, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
      assert_content (path, "old");
      g_assert_cmpuint (count_files (folder), ==, 1);
    }
  {
    g_autoptr (GError) error = NULL;

    cachet_durable_file_set_fault_func (fail_step_cb, (gpointer) "unlink");
    g_assert_false (cachet_durable_file_remove (path, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
    assert_content (path, "old");
  }
  {
    g_autoptr (GError) error = NULL;

    cachet_durable_file_set_fault_func (fail_step_cb, (gpointer) "fsync-dir");
    g_assert_false (cachet_durable_file_write (path, new, 0600, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
    assert_content (path, "new");
    g_assert_cmpuint (count_files (folder), ==, 1);
  }
  cachet_durable_file_set_fault_func (NULL, NULL);
  g_assert_cmpint (cachet_durable_file_fault ("open", path), ==, 0);
  g_assert_true (cachet_durable_file_remove (path, NULL));
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_missing_folder (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "none", "file", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);
  g_autoptr (GError) error = NULL;

  g_assert_false (cachet_durable_file_write (path, bytes, 0600, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "file"));
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_directory (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *inner = g_build_filename (folder, "a", "b", NULL);
  g_autofree char *outer = g_build_filename (folder, "a", NULL);
  g_autofree char *file = g_build_filename (inner, "file", NULL);
  g_autofree char *below_file = g_build_filename (file, "c", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);
  g_autoptr (GError) error = NULL;
  struct stat info;

  g_assert_true (cachet_private_directory_make (inner, &error));
  g_assert_true (cachet_private_directory_make (inner, &error));
  g_assert_cmpint (g_stat (outer, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
  g_assert_true (cachet_durable_file_write (file, bytes, 0600, &error));
  g_assert_false (cachet_private_directory_make (below_file, &error));
  g_assert_nonnull (error);
  g_unlink (file);
  g_rmdir (inner);
  g_rmdir (outer);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/durable-file/write", test_write);
  g_test_add_func ("/base/durable-file/faults", test_faults);
  g_test_add_func ("/base/durable-file/missing-folder", test_missing_folder);
  g_test_add_func ("/base/durable-file/directory", test_directory);
  return g_test_run ();
}
