#define G_LOG_DOMAIN "cachet-test"

#include "config.h"

#include "journal-test.h"

#include <string.h>

gint64
journal_test_add_operation (CachetJournal *journal, const char *kind, guint32 uid, GError **error)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GVariant) arguments = NULL;
  CachetJournalOperation operation = { 0 };

  g_variant_dict_insert (&dict, "uid", "u", uid);
  g_variant_dict_insert (&dict, "to", "s", "Archive/2026");
  arguments = g_variant_ref_sink (g_variant_dict_end (&dict));
  operation.account_id = (char *)"a";
  operation.kind = (char *)kind;
  operation.mailbox = (char *)"INBOX";
  operation.uidvalidity = 77;
  operation.arguments = arguments;
  cachet_journal_add_operation_async (journal, &operation, NULL, store_test_answer_cb, &answer);
  return cachet_journal_add_finish (journal, store_test_wait (&answer), error);
}

GPtrArray *
journal_test_list_operations (CachetJournal *journal, GError **error)
{
  g_autoptr (GAsyncResult) answer = NULL;

  cachet_journal_list_operations_async (journal, NULL, NULL, store_test_answer_cb, &answer);
  return cachet_journal_list_operations_finish (journal, store_test_wait (&answer), error);
}

guint32
journal_test_get_uid (const CachetJournalOperation *operation)
{
  guint32 uid = 0;

  g_assert_true (g_variant_is_of_type (operation->arguments, G_VARIANT_TYPE_VARDICT));
  g_assert_true (g_variant_lookup (operation->arguments, "uid", "u", &uid));
  return uid;
}

CachetOutboxEntry *
journal_test_make_entry (const char *subject)
{
  CachetOutboxEntry *entry = g_new0 (CachetOutboxEntry, 1);

  entry->account_id = g_strdup ("a");
  entry->state = CACHET_OUTBOX_READY;
  entry->envelope_from = g_strdup ("me@example.org");
  entry->recipients = g_strsplit ("one@example.org\nzwei@exämple.org", "\n", -1);
  entry->message_id = g_strdup ("1@example.org");
  entry->subject = g_strdup (subject);
  entry->not_before = 5;
  entry->flags = 3;
  return entry;
}

gint64
journal_test_add_outbox (CachetJournal *journal,
                         const char *subject,
                         const char *message,
                         GError **error)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (CachetOutboxEntry) entry = journal_test_make_entry (subject);
  g_autoptr (GBytes) bytes = g_bytes_new (message, strlen (message));

  cachet_journal_add_outbox_async (journal, entry, bytes, NULL, store_test_answer_cb, &answer);
  return cachet_journal_add_finish (journal, store_test_wait (&answer), error);
}

GPtrArray *
journal_test_list_outbox (CachetJournal *journal, GError **error)
{
  g_autoptr (GAsyncResult) answer = NULL;

  cachet_journal_list_outbox_async (journal, NULL, store_test_answer_cb, &answer);
  return cachet_journal_list_outbox_finish (journal, store_test_wait (&answer), error);
}

GBytes *
journal_test_read_outbox (CachetJournal *journal, gint64 id, GError **error)
{
  g_autoptr (GAsyncResult) answer = NULL;

  cachet_journal_read_outbox_message_async (journal, id, NULL, store_test_answer_cb, &answer);
  return cachet_journal_read_message_finish (journal, store_test_wait (&answer), error);
}

gboolean
journal_test_remove_outbox (CachetJournal *journal, gint64 id, GError **error)
{
  g_autoptr (GAsyncResult) answer = NULL;

  cachet_journal_remove_outbox_async (journal, id, NULL, store_test_answer_cb, &answer);
  return cachet_journal_write_finish (journal, store_test_wait (&answer), error);
}

gboolean
journal_test_write_draft (CachetJournal *journal,
                          const char *name,
                          const char *text,
                          GError **error)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  cachet_journal_write_draft_async (journal, name, bytes, NULL, store_test_answer_cb, &answer);
  return cachet_journal_write_finish (journal, store_test_wait (&answer), error);
}

GBytes *
journal_test_read_draft (CachetJournal *journal, const char *name, GError **error)
{
  g_autoptr (GAsyncResult) answer = NULL;

  cachet_journal_read_draft_async (journal, name, NULL, store_test_answer_cb, &answer);
  return cachet_journal_read_message_finish (journal, store_test_wait (&answer), error);
}
