#include "config.h"

#include "cachet-operation.h"
#include "cachet-wire-file.h"

#include <glib/gstdio.h>

/* Operations through the journal's form; wire records through the file's. */

static void
test_journal_form (void)
{
  g_autoptr (CachetOperation) operation =
    cachet_operation_new (CACHET_OPERATION_MOVE, "account", "INBOX", 77);
  g_autoptr (CachetJournalOperation) row = NULL;
  g_autoptr (CachetOperation) back = NULL;
  g_autoptr (GError) error = NULL;
  const guint32 uids[] = { 9, 4294967295u, 3, 9, 4 };

  for (guint i = 0; i < G_N_ELEMENTS (uids); i++)
    cachet_operation_add_uid (operation, uids[i]);
  operation->destination = g_strdup ("Arch&AOk-");
  operation->placeholders = 0xf0000010u;
  row = cachet_operation_to_journal (operation);
  back = cachet_operation_from_journal (row, &error);
  g_assert_no_error (error);
  g_assert_cmpint (back->kind, ==, CACHET_OPERATION_MOVE);
  g_assert_cmpuint (back->uidvalidity, ==, 77);
  g_assert_cmpstr (back->destination, ==, "Arch&AOk-");
  g_assert_cmpuint (back->placeholders, ==, 0xf0000010u);
  g_assert_cmpuint (back->uids->len, ==, 4);
  g_assert_true (cachet_operation_has_uid (back, 9));
  g_assert_false (cachet_operation_has_uid (back, 5));
}

static void
test_unknown_rows (void)
{
  static const char *const bad_uids[] = { "1:4294967295", "x", "0", "" };

  for (guint i = 0; i < G_N_ELEMENTS (bad_uids); i++)
    {
      g_autoptr (CachetOperation) operation =
        cachet_operation_new (CACHET_OPERATION_STORE, "account", "INBOX", 1);
      g_autoptr (CachetJournalOperation) row = cachet_operation_to_journal (operation);
      g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (row->arguments);
      g_autoptr (GError) error = NULL;

      g_variant_dict_insert (&dict, "uids", "s", bad_uids[i]);
      g_clear_pointer (&row->arguments, g_variant_unref);
      row->arguments = g_variant_ref_sink (g_variant_dict_end (&dict));
      g_assert_null (cachet_operation_from_journal (row, &error));
      g_assert_error (error, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_NOT_FOUND);
    }
}

static void
test_unknown_kind (void)
{
  g_autoptr (CachetOperation) operation =
    cachet_operation_new (CACHET_OPERATION_STORE, "account", "INBOX", 1);
  g_autoptr (CachetJournalOperation) row = cachet_operation_to_journal (operation);
  g_autoptr (GError) error = NULL;

  g_free (row->kind);
  row->kind = g_strdup ("teleport");
  g_assert_null (cachet_operation_from_journal (row, &error));
  g_assert_error (error, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_NOT_FOUND);
}

static CachetWireRecord *
make_record (guint64 serial)
{
  CachetWireRecord *record = g_new0 (CachetWireRecord, 1);

  record->serial = serial;
  record->time = 1700000000000000;
  record->protocol = g_intern_static_string ("imap");
  record->connection = 2;
  record->direction = CACHET_WIRE_RECEIVED;
  record->encrypted = TRUE;
  record->tag = g_strdup ("a1");
  record->text = g_strdup ("OK \"é\" done");
  record->n_bytes = 15;
  record->milliseconds = 1.5;
  return record;
}

static void
test_wire_file (void)
{
  g_autofree char *directory = g_dir_make_tmp ("cachet-wire-XXXXXX", NULL);
  CachetWireFile *file = cachet_wire_file_new (directory, "id/../x");
  g_autofree char *path = cachet_wire_file_dup_path (directory, "id/../x");
  g_autofree char *older = g_strconcat (path, ".1", NULL);
  g_autofree char *content = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CachetWireRecord) first = NULL;
  GStatBuf about;

  for (guint64 i = 0; i < CACHET_WIRE_FILE_MAX_WAITING + 5; i++)
    {
      g_autoptr (CachetWireRecord) record = make_record (i);
      cachet_wire_file_add (file, record);
    }
  cachet_wire_file_flush (file);
  g_assert_true (g_file_get_contents (path, &content, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_stat (path, &about), ==, 0);
  g_assert_cmpint (about.st_mode & 0777, ==, 0600);
  lines = g_strsplit (content, "\n", -1);
  /* all that fit, one that says how many did not, and the end of the last line */
  g_assert_cmpuint (g_strv_length (lines), ==, CACHET_WIRE_FILE_MAX_WAITING + 2);
  first = cachet_wire_file_parse_line (lines[0], &error);
  g_assert_no_error (error);
  g_assert_cmpstr (first->text, ==, "OK \"é\" done");
  g_assert_cmpint (first->direction, ==, CACHET_WIRE_RECEIVED);
  g_assert_cmpfloat (first->milliseconds, ==, 1.5);
  g_assert_null (cachet_wire_file_parse_line ("[1]", &error));
  g_assert_nonnull (error);
  for (guint round = 0; round < 20; round++)
    {
      for (guint64 i = 0; i < CACHET_WIRE_FILE_MAX_WAITING; i++)
        {
          g_autoptr (CachetWireRecord) record = make_record (i);
          cachet_wire_file_add (file, record);
        }
      cachet_wire_file_flush (file);
      g_assert_cmpint (g_stat (path, &about), ==, 0);
      g_assert_cmpint (about.st_size, <=, CACHET_WIRE_FILE_MAX_BYTES);
    }
  g_assert_cmpint (g_stat (older, &about), ==, 0);
  cachet_wire_file_free (file);
  g_unlink (path);
  g_unlink (older);
  g_rmdir (directory);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/operation/journal-form", test_journal_form);
  g_test_add_func ("/engine/operation/unknown-rows", test_unknown_rows);
  g_test_add_func ("/engine/operation/unknown-kind", test_unknown_kind);
  g_test_add_func ("/engine/wire-file", test_wire_file);
  return g_test_run ();
}
