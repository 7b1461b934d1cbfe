#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-operation.h"

#include "cachet-imap-set.h"

#include <glib/gi18n.h>

/* The journal's names, by CachetOperationKind. */
static const char *const kind_names[] = { "store", "move", "copy", "expunge", "append" };

CachetOperation *
cachet_operation_new (CachetOperationKind kind,
                      const char *account_id,
                      const char *mailbox,
                      guint32 uidvalidity)
{
  CachetOperation *self = g_new0 (CachetOperation, 1);

  g_ref_count_init (&self->references);
  self->kind = kind;
  self->account_id = g_strdup (account_id);
  self->mailbox = g_strdup (mailbox);
  self->uidvalidity = uidvalidity;
  self->uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  return self;
}

CachetOperation *
cachet_operation_ref (CachetOperation *self)
{
  g_ref_count_inc (&self->references);
  return self;
}

void
cachet_operation_unref (CachetOperation *self)
{
  if (!g_ref_count_dec (&self->references))
    return;
  g_free (self->account_id);
  g_free (self->mailbox);
  g_free (self->destination);
  g_free (self->message_id);
  g_free (self->draft);
  g_clear_pointer (&self->uids, g_array_unref);
  g_clear_pointer (&self->copies, g_array_unref);
  g_free (self);
}

/* Index of @uid, or where it would be. */
static guint
find_place (const CachetOperation *self, guint32 uid)
{
  guint low = 0, high = self->uids->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->uids, guint32, middle) < uid)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

gboolean
cachet_operation_has_uid (const CachetOperation *self, guint32 uid)
{
  guint place = find_place (self, uid);

  return place < self->uids->len && g_array_index (self->uids, guint32, place) == uid;
}

void
cachet_operation_add_uid (CachetOperation *self, guint32 uid)
{
  guint place = find_place (self, uid);

  if (place < self->uids->len && g_array_index (self->uids, guint32, place) == uid)
    return;
  g_array_insert_val (self->uids, place, uid);
}

gboolean
cachet_operation_removes (const CachetOperation *self)
{
  return self->kind == CACHET_OPERATION_MOVE || self->kind == CACHET_OPERATION_EXPUNGE;
}

char *
cachet_operation_describe (const CachetOperation *self)
{
  guint n = self->uids->len;

  switch (self->kind)
    {
    case CACHET_OPERATION_MOVE:
      return g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE, "Move of %u message", "Move of %u messages", n), n);
    case CACHET_OPERATION_COPY:
      return g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE, "Copy of %u message", "Copy of %u messages", n), n);
    case CACHET_OPERATION_EXPUNGE:
      return g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE, "Removal of %u message", "Removal of %u messages", n), n);
    case CACHET_OPERATION_APPEND_DRAFT:
      return g_strdup (_ ("Draft"));
    case CACHET_OPERATION_STORE:
    default:
      if (self->add & CACHET_MESSAGE_FLAG_DELETED)
        return g_strdup_printf (
          g_dngettext (GETTEXT_PACKAGE, "Deletion of %u message", "Deletion of %u messages", n), n);
      return g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE, "Marking of %u message", "Marking of %u messages", n), n);
    }
}

/* --- the journal's form --- */

static char *
uids_to_text (GArray *uids)
{
  g_autoptr (CachetImapSet) set = cachet_imap_set_new ();

  for (guint i = 0; i < uids->len; i++)
    cachet_imap_set_add (set, g_array_index (uids, guint32, i));
  return cachet_imap_set_to_string (set);
}

CachetJournalOperation *
cachet_operation_to_journal (const CachetOperation *self)
{
  CachetJournalOperation *row = g_new0 (CachetJournalOperation, 1);
  g_auto (GVariantDict) arguments = G_VARIANT_DICT_INIT (NULL);

  row->id = self->id;
  row->account_id = g_strdup (self->account_id);
  row->kind = g_strdup (kind_names[self->kind]);
  row->mailbox = g_strdup (self->mailbox != NULL ? self->mailbox : "");
  row->uidvalidity = self->uidvalidity;
  row->n_attempts = self->n_attempts;
  row->created = g_get_real_time () / G_USEC_PER_SEC;
  if (self->uids->len > 0)
    {
      g_autofree char *uids = uids_to_text (self->uids);
      g_variant_dict_insert (&arguments, "uids", "s", uids);
    }
  g_variant_dict_insert (&arguments, "add", "u", (guint32)self->add);
  g_variant_dict_insert (&arguments, "remove", "u", (guint32)self->remove);
  g_variant_dict_insert (&arguments, "role", "u", (guint32)self->destination_role);
  g_variant_dict_insert (&arguments, "placeholders", "u", self->placeholders);
  if (self->destination != NULL)
    g_variant_dict_insert (&arguments, "to", "s", self->destination);
  if (self->message_id != NULL)
    g_variant_dict_insert (&arguments, "message-id", "s", self->message_id);
  if (self->draft != NULL)
    g_variant_dict_insert (&arguments, "draft", "s", self->draft);
  row->arguments = g_variant_ref_sink (g_variant_dict_end (&arguments));
  return row;
}

static gboolean
take_uids (CachetOperation *self, const char *text)
{
  g_autoptr (CachetImapSet) set = cachet_imap_set_parse (text, -1);

  if (set == NULL || cachet_imap_set_get_size (set) > CACHET_OPERATION_MAX_UIDS)
    return FALSE;
  for (guint i = 0; i < cachet_imap_set_get_n_ranges (set); i++)
    {
      CachetImapRange range = cachet_imap_set_get_range (set, i);

      for (guint64 uid = range.first; uid <= range.last; uid++)
        {
          guint32 member = uid;
          g_array_append_val (self->uids, member);
        }
    }
  return TRUE;
}

CachetOperation *
cachet_operation_from_journal (const CachetJournalOperation *row, GError **error)
{
  g_autoptr (CachetOperation) self = NULL;
  guint32 add = 0, remove = 0, role = 0;
  const char *uids = NULL;
  guint kind = 0;

  while (kind < G_N_ELEMENTS (kind_names) && g_strcmp0 (kind_names[kind], row->kind) != 0)
    kind++;
  if (kind == G_N_ELEMENTS (kind_names) || row->arguments == NULL)
    {
      g_set_error (error, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_NOT_FOUND,
                   _ ("The kind “%s” of a waiting change is not known."), row->kind);
      return NULL;
    }
  self = cachet_operation_new (kind, row->account_id, row->mailbox, row->uidvalidity);
  self->id = row->id;
  self->n_attempts = row->n_attempts;
  g_variant_lookup (row->arguments, "uids", "&s", &uids);
  g_variant_lookup (row->arguments, "add", "u", &add);
  g_variant_lookup (row->arguments, "remove", "u", &remove);
  g_variant_lookup (row->arguments, "role", "u", &role);
  g_variant_lookup (row->arguments, "placeholders", "u", &self->placeholders);
  g_variant_lookup (row->arguments, "to", "s", &self->destination);
  g_variant_lookup (row->arguments, "message-id", "s", &self->message_id);
  g_variant_lookup (row->arguments, "draft", "s", &self->draft);
  self->add = add;
  self->remove = remove;
  self->destination_role = role;
  if (uids != NULL && !take_uids (self, uids))
    {
      g_set_error (error, CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_NOT_FOUND,
                   _ ("The messages of a waiting change can not be read."));
      return NULL;
    }
  return g_steal_pointer (&self);
}
