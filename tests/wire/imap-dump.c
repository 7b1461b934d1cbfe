#include "config.h"

#include "imap-dump.h"

#include "cachet-imap-capabilities.h"
#include "cachet-imap-extract.h"

static void
append_escaped (GString *text, const char *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (g_ascii_isprint (bytes[i]))
      g_string_append_c (text, bytes[i]);
    else
      g_string_append_printf (text, "\\%03o", (guchar)bytes[i]);
}

static void
append_value (GString *text, const CachetImapValue *value)
{
  gsize length;
  const char *bytes = cachet_imap_value_get_bytes (value, &length);
  const CachetImapValue *child;

  switch (cachet_imap_value_get_kind (value))
    {
    case CACHET_IMAP_VALUE_ATOM:
      append_escaped (text, bytes, length);
      break;
    case CACHET_IMAP_VALUE_QUOTED:
      g_string_append_c (text, '"');
      append_escaped (text, bytes, length);
      g_string_append_c (text, '"');
      break;
    case CACHET_IMAP_VALUE_LITERAL:
      g_string_append_printf (text, "{%u:", (guint)length);
      append_escaped (text, bytes, length);
      g_string_append_c (text, '}');
      break;
    case CACHET_IMAP_VALUE_STREAMED:
      g_string_append_printf (text, "<%" G_GUINT64_FORMAT ">",
                              cachet_imap_value_get_length (value));
      break;
    case CACHET_IMAP_VALUE_NIL:
      g_string_append (text, "NIL");
      break;
    case CACHET_IMAP_VALUE_LIST:
      g_string_append_c (text, '(');
      child = cachet_imap_value_get_first_child (value);
      for (guint n = 0; n < cachet_imap_value_get_n_children (value); n++)
        {
          g_assert_nonnull (child);
          if (n > 0)
            g_string_append_c (text, ' ');
          append_value (text, child);
          child = cachet_imap_value_get_next (child);
        }
      g_assert_null (child);
      g_string_append_c (text, ')');
      break;
    case CACHET_IMAP_VALUE_NONE:
    default:
      g_assert_not_reached ();
    }
}

static void
append_values (GString *text, const CachetImapValue *value)
{
  for (; value != NULL; value = cachet_imap_value_get_next (value))
    {
      g_string_append_c (text, ' ');
      append_value (text, value);
    }
}

static void
append_status (GString *text, const CachetImapResponse *response)
{
  static const char *const names[] = { "NONE", "OK", "NO", "BAD", "BYE", "PREAUTH" };
  const char *human = cachet_imap_response_get_text (response);

  g_string_append_printf (text, " %s", names[cachet_imap_response_get_condition (response)]);
  if (cachet_imap_response_get_code (response) != CACHET_IMAP_CODE_NONE)
    {
      g_string_append_printf (text, " [%s", cachet_imap_response_get_code_name (response));
      append_values (text, cachet_imap_response_get_code_argument (response));
      g_string_append_c (text, ']');
    }
  if (*human != '\0')
    {
      g_string_append_c (text, ' ');
      append_escaped (text, human, strlen (human));
    }
}

static void
append_data (GString *text, const CachetImapResponse *response)
{
  CachetImapKeyword keyword = cachet_imap_response_get_keyword (response);
  guint32 number;
  gsize length;
  const char *data = cachet_imap_response_get_data (response, &length);

  if (cachet_imap_response_get_number (response, &number))
    g_string_append_printf (text, " %u", number);
  g_string_append_printf (text, " %s", cachet_imap_response_get_keyword_name (response));
  if (keyword == CACHET_IMAP_KEYWORD_SEARCH || keyword == CACHET_IMAP_KEYWORD_SORT)
    {
      g_string_append_c (text, ' ');
      append_escaped (text, data, length);
    }
  append_values (text, cachet_imap_response_get_first_value (response));
}

char *
imap_dump_response (const CachetImapResponse *response)
{
  GString *text = g_string_new (NULL);
  CachetImapFlaws flaws = cachet_imap_response_get_flaws (response);

  if (flaws & CACHET_IMAP_FLAW_SYNTAX)
    g_string_append (text, "!syntax ");
  if (flaws & CACHET_IMAP_FLAW_TRUNCATED)
    g_string_append (text, "!truncated ");
  switch (cachet_imap_response_get_kind (response))
    {
    case CACHET_IMAP_RESPONSE_CONTINUATION:
      g_string_append (text, "+ ");
      g_string_append (text, cachet_imap_response_get_text (response));
      break;
    case CACHET_IMAP_RESPONSE_TAGGED:
      g_string_append (text, cachet_imap_response_get_tag (response));
      append_status (text, response);
      break;
    case CACHET_IMAP_RESPONSE_UNTAGGED:
    default:
      g_string_append_c (text, '*');
      if (cachet_imap_response_get_condition (response) != CACHET_IMAP_CONDITION_NONE)
        append_status (text, response);
      else
        append_data (text, response);
      break;
    }
  return g_string_free (text, FALSE);
}

static void
append_set (GString *text, const char *name, const CachetImapSet *set)
{
  g_autofree char *string = NULL;

  if (set == NULL)
    return;
  string = cachet_imap_set_to_string (set);
  g_string_append_printf (text, "%s=%s ", name, string);
}

static void
append_status_fields (GString *text, const CachetImapStatus *status)
{
  if (status->fields & CACHET_IMAP_STATUS_MESSAGES)
    g_string_append_printf (text, "messages=%u ", status->messages);
  if (status->fields & CACHET_IMAP_STATUS_RECENT)
    g_string_append_printf (text, "recent=%u ", status->recent);
  if (status->fields & CACHET_IMAP_STATUS_UNSEEN)
    g_string_append_printf (text, "unseen=%u ", status->unseen);
  if (status->fields & CACHET_IMAP_STATUS_UIDNEXT)
    g_string_append_printf (text, "uidnext=%u ", status->uidnext);
  if (status->fields & CACHET_IMAP_STATUS_UIDVALIDITY)
    g_string_append_printf (text, "uidvalidity=%u ", status->uidvalidity);
  if (status->fields & CACHET_IMAP_STATUS_HIGHESTMODSEQ)
    g_string_append_printf (text, "modseq=%" G_GUINT64_FORMAT " ", status->highestmodseq);
  if (status->fields & CACHET_IMAP_STATUS_SIZE)
    g_string_append_printf (text, "size=%" G_GUINT64_FORMAT " ", status->size);
}

static void
append_mailbox (GString *text, const CachetImapResponse *response)
{
  g_autoptr (CachetImapMailbox) mailbox = cachet_imap_extract_mailbox (response);
  g_autoptr (CachetImapMailbox) copy = NULL;

  if (mailbox == NULL)
    return;
  copy = cachet_imap_mailbox_copy (mailbox);
  g_string_append (text, "mailbox=");
  append_escaped (text, copy->name, strlen (copy->name));
  g_assert_true (g_utf8_validate (copy->display_name, -1, NULL));
  g_string_append_printf (text, " display=%s delimiter=", copy->display_name);
  if (copy->delimiter != '\0')
    append_escaped (text, &copy->delimiter, 1);
  else
    g_string_append (text, "NIL");
  g_string_append_printf (text, " attributes=%x role=%d ", copy->attributes, copy->role);
}

static void
append_bytes (GString *text, const char *name, GBytes *bytes)
{
  gsize length;
  const char *data;

  if (bytes == NULL)
    return;
  data = g_bytes_get_data (bytes, &length);
  g_string_append_printf (text, "%s=", name);
  append_escaped (text, data, length);
  g_string_append_c (text, ' ');
}

static void
append_fetch (GString *text, const CachetImapResponse *response)
{
  g_autoptr (CachetImapFetch) fetch = cachet_imap_extract_fetch (response);
  g_autoptr (CachetImapFetch) copy = NULL;

  if (fetch == NULL)
    return;
  copy = cachet_imap_fetch_copy (fetch);
  g_string_append_printf (text, "seq=%u uid=%u ", copy->seq, copy->uid);
  if (copy->has_flags)
    g_string_append_printf (text, "flags=%x ", copy->flags);
  if (copy->keywords != NULL)
    {
      g_autofree char *keywords = g_strjoinv (",", copy->keywords);

      g_string_append_printf (text, "keywords=%s ", keywords);
    }
  if (copy->internal_date != G_MININT64)
    g_string_append_printf (text, "date=%" G_GINT64_FORMAT " ", copy->internal_date);
  if (copy->size >= 0)
    g_string_append_printf (text, "size=%" G_GINT64_FORMAT " ", copy->size);
  if (copy->modseq != 0)
    g_string_append_printf (text, "modseq=%" G_GUINT64_FORMAT " ", copy->modseq);
  append_bytes (text, "header", copy->header);
  if (copy->section != NULL)
    {
      g_string_append (text, "section=[");
      append_escaped (text, copy->section, strlen (copy->section));
      g_string_append_printf (text, "] body-size=%" G_GINT64_FORMAT " ", copy->body_size);
    }
  append_bytes (text, "body", copy->body);
  if (copy->body_is_nil)
    g_string_append (text, "body-nil ");
  if (copy->has_bodystructure)
    g_string_append_printf (text, "type=%s attachment=%d ",
                            copy->content_type != NULL ? copy->content_type : "NULL",
                            copy->has_attachment);
}

static void
append_search (GString *text, const CachetImapResponse *response)
{
  g_autoptr (CachetImapSearchResult) result = cachet_imap_extract_search (response);

  if (result == NULL)
    return;
  if (result->tag != NULL)
    g_string_append_printf (text, "tag=%s ", result->tag);
  if (result->is_uid)
    g_string_append (text, "uid ");
  append_set (text, "found", result->set);
  if (result->min != 0)
    g_string_append_printf (text, "min=%u ", result->min);
  if (result->max != 0)
    g_string_append_printf (text, "max=%u ", result->max);
  if (result->has_count)
    g_string_append_printf (text, "count=%u ", result->count);
  if (result->modseq != 0)
    g_string_append_printf (text, "modseq=%" G_GUINT64_FORMAT " ", result->modseq);
}

static void
append_namespaces (GString *text, const CachetImapResponse *response)
{
  g_autoptr (GPtrArray) namespaces = cachet_imap_extract_namespaces (response);

  for (guint i = 0; namespaces != NULL && i < namespaces->len; i++)
    {
      const CachetImapNamespace *entry = g_ptr_array_index (namespaces, i);

      g_string_append_printf (text, "namespace=%d,%s,", entry->kind, entry->prefix);
      g_string_append_c (text, entry->delimiter != '\0' ? entry->delimiter : '-');
      g_string_append_c (text, ' ');
    }
}

static int
compare_keys_cb (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

static void
append_id (GString *text, const CachetImapResponse *response)
{
  g_autoptr (GHashTable) fields = cachet_imap_extract_id (response);
  GList *keys;

  if (fields == NULL)
    return;
  g_string_append_printf (text, "id=%u ", g_hash_table_size (fields));
  keys = g_list_sort (g_hash_table_get_keys (fields), compare_keys_cb);
  for (GList *key = keys; key != NULL; key = key->next)
    g_string_append_printf (text, "%s=%s ", (const char *)key->data,
                            (const char *)g_hash_table_lookup (fields, key->data));
  g_list_free (keys);
}

static void
append_flags (GString *text, const CachetImapResponse *response)
{
  CachetMessageFlags flags;
  g_auto (GStrv) keywords = NULL;
  g_autofree char *joined = NULL;
  gboolean allows_new;

  if (!cachet_imap_extract_flags (response, &flags, &keywords, &allows_new))
    return;
  joined = keywords != NULL ? g_strjoinv (",", keywords) : g_strdup ("");
  g_string_append_printf (text, "flags=%x keywords=%s new=%d ", flags, joined, allows_new);
}

static void
append_codes (GString *text, const CachetImapResponse *response)
{
  g_autoptr (CachetImapUidPlus) uid_plus = cachet_imap_extract_uid_plus (response);
  g_autoptr (CachetImapCapabilities) capabilities =
    cachet_imap_capabilities_new_from_response (response);
  guint64 number;

  if (cachet_imap_extract_code_number (response, &number))
    g_string_append_printf (text, "number=%" G_GUINT64_FORMAT " ", number);
  if (uid_plus != NULL)
    {
      g_string_append_printf (text, "uidvalidity=%u ", uid_plus->uidvalidity);
      append_set (text, "source", uid_plus->source);
      append_set (text, "destination", uid_plus->destination);
    }
  if (capabilities != NULL)
    {
      g_autofree char *names = cachet_imap_capabilities_to_string (capabilities);

      g_string_append_printf (text, "capabilities=%s ", names);
    }
}

char *
imap_dump_extracted (const CachetImapResponse *response)
{
  GString *text = g_string_new (NULL);
  CachetImapStatus status;
  g_autofree char *mailbox = NULL;
  g_autoptr (CachetImapSet) vanished = NULL;
  gboolean earlier;

  append_mailbox (text, response);
  append_fetch (text, response);
  append_search (text, response);
  append_namespaces (text, response);
  append_id (text, response);
  append_flags (text, response);
  append_codes (text, response);
  if (cachet_imap_extract_status (response, &mailbox, &status))
    {
      g_string_append_printf (text, "status=%s ", mailbox);
      append_status_fields (text, &status);
    }
  vanished = cachet_imap_extract_vanished (response, &earlier);
  append_set (text, vanished != NULL && earlier ? "earlier" : "vanished", vanished);
  if (text->len > 0 && text->str[text->len - 1] == ' ')
    g_string_truncate (text, text->len - 1);
  return g_string_free (text, FALSE);
}

gboolean
imap_dump_take_all (CachetImapParser *parser, GString *text)
{
  for (;;)
    {
      g_autoptr (CachetImapResponse) response = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *dump = NULL;

      switch (cachet_imap_parser_take (parser, &response, &error))
        {
        case CACHET_IMAP_PARSER_READY:
          g_assert_no_error (error);
          dump = imap_dump_response (response);
          g_string_append_printf (text, "%s\n", dump);
          break;
        case CACHET_IMAP_PARSER_NEED_MORE:
          g_assert_no_error (error);
          g_assert_null (response);
          return TRUE;
        case CACHET_IMAP_PARSER_ERROR:
        default:
          g_assert_nonnull (error);
          g_assert_null (response);
          g_assert_true (error->domain == CACHET_WIRE_ERROR);
          g_string_append (text, error->code == CACHET_WIRE_ERROR_LIMIT ? "LIMIT\n" : "SYNTAX\n");
          return FALSE;
        }
    }
}

char *
imap_dump_stream (const char *bytes, gsize length, gsize step)
{
  g_autoptr (CachetImapParser) parser = cachet_imap_parser_new ();
  GString *text = g_string_new (NULL);

  for (gsize at = 0; at < length; at += step)
    {
      cachet_imap_parser_feed (parser, bytes + at, MIN (step, length - at));
      if (!imap_dump_take_all (parser, text))
        break;
    }
  return g_string_free (text, FALSE);
}
