#define G_LOG_DOMAIN "cachet-wire"

#include "config.h"

#include "cachet-imap-extract.h"

#include "cachet-imap-utf7.h"
#include "cachet-visible-text.h"

#include <string.h>

typedef struct
{
  const char *name;
  guint value;
} Name;

static const Name attributes[] = {
  { "\\Noselect", CACHET_IMAP_MAILBOX_NOSELECT },
  { "\\Noinferiors", CACHET_IMAP_MAILBOX_NOINFERIORS },
  { "\\HasChildren", CACHET_IMAP_MAILBOX_HAS_CHILDREN },
  { "\\HasNoChildren", CACHET_IMAP_MAILBOX_HAS_NO_CHILDREN },
  { "\\NonExistent", CACHET_IMAP_MAILBOX_NONEXISTENT | CACHET_IMAP_MAILBOX_NOSELECT },
  { "\\Subscribed", CACHET_IMAP_MAILBOX_SUBSCRIBED },
  { "\\Marked", CACHET_IMAP_MAILBOX_MARKED },
  { "\\Unmarked", CACHET_IMAP_MAILBOX_UNMARKED },
  { "\\Remote", CACHET_IMAP_MAILBOX_REMOTE },
};

/* RFC 6154, then XLIST's. */
static const Name roles[] = {
  { "\\All", CACHET_FOLDER_ROLE_ALL },         { "\\Archive", CACHET_FOLDER_ROLE_ARCHIVE },
  { "\\Drafts", CACHET_FOLDER_ROLE_DRAFTS },   { "\\Flagged", CACHET_FOLDER_ROLE_FLAGGED },
  { "\\Junk", CACHET_FOLDER_ROLE_JUNK },       { "\\Sent", CACHET_FOLDER_ROLE_SENT },
  { "\\Trash", CACHET_FOLDER_ROLE_TRASH },     { "\\Inbox", CACHET_FOLDER_ROLE_INBOX },
  { "\\AllMail", CACHET_FOLDER_ROLE_ALL },     { "\\Spam", CACHET_FOLDER_ROLE_JUNK },
  { "\\Starred", CACHET_FOLDER_ROLE_FLAGGED },
};

static guint
find_name (const Name *names, gsize n_names, const CachetImapValue *value)
{
  for (gsize i = 0; i < n_names; i++)
    if (cachet_imap_value_is (value, names[i].name))
      return names[i].value;
  return 0;
}

/* A mailbox name at *@value, which moves behind it; %NULL when there is none. A name of several
 * words without quotes is put together again; NIL is a name, too. */
static char *
take_name (const CachetImapValue **value)
{
  const CachetImapValue *first = *value;
  const CachetImapValue *last = first;
  const char *bytes;
  gsize length;

  if (!cachet_imap_value_is_string (first) && !cachet_imap_value_is_nil (first))
    return NULL;
  *value = cachet_imap_value_get_next (first);
  if (cachet_imap_value_get_kind (first) == CACHET_IMAP_VALUE_ATOM)
    while (cachet_imap_value_get_kind (*value) == CACHET_IMAP_VALUE_ATOM)
      {
        last = *value;
        *value = cachet_imap_value_get_next (last);
      }
  if (first == last && cachet_imap_value_is_string (first))
    return cachet_imap_value_dup_string (first);
  bytes = cachet_imap_value_get_bytes (first, &length);
  if (first != last)
    length = (gsize)(cachet_imap_value_get_bytes (last, NULL) - bytes) +
             (gsize)cachet_imap_value_get_length (last);
  return g_strndup (bytes, length);
}

static char *
make_display_name (const char *name)
{
  g_autofree char *decoded = cachet_imap_utf7_decode (name);

  return cachet_visible_text (decoded != NULL ? decoded : name, -1, FALSE);
}

static void
read_attributes (CachetImapMailbox *self, const CachetImapValue *list)
{
  const CachetImapValue *value = cachet_imap_value_get_first_child (list);

  for (; value != NULL; value = cachet_imap_value_get_next (value))
    {
      guint role = find_name (roles, G_N_ELEMENTS (roles), value);

      self->attributes |= find_name (attributes, G_N_ELEMENTS (attributes), value);
      if (role != 0)
        self->role = (CachetFolderRole)role;
    }
}

CachetImapMailbox *
cachet_imap_extract_mailbox (const CachetImapResponse *response)
{
  g_autoptr (CachetImapMailbox) self = NULL;
  const CachetImapValue *value;
  const char *delimiter;
  CachetImapKeyword keyword;
  gsize length;

  g_return_val_if_fail (response != NULL, NULL);

  keyword = cachet_imap_response_get_keyword (response);
  if (keyword != CACHET_IMAP_KEYWORD_LIST && keyword != CACHET_IMAP_KEYWORD_LSUB &&
      keyword != CACHET_IMAP_KEYWORD_XLIST)
    return NULL;
  self = g_new0 (CachetImapMailbox, 1);
  value = cachet_imap_response_get_first_value (response);
  if (cachet_imap_value_is_list (value))
    {
      read_attributes (self, value);
      value = cachet_imap_value_get_next (value);
    }
  else if (cachet_imap_value_is_nil (value) &&
           cachet_imap_value_get_next (cachet_imap_value_get_next (value)) != NULL)
    value = cachet_imap_value_get_next (value); /* NIL for no attributes */
  delimiter = cachet_imap_value_get_bytes (value, &length);
  if (cachet_imap_value_is_string (value) && length == 1)
    self->delimiter = *delimiter;
  value = cachet_imap_value_get_next (value);
  self->name = take_name (&value);
  if (self->name == NULL)
    return NULL;
  self->display_name = make_display_name (self->name);
  if (keyword == CACHET_IMAP_KEYWORD_LSUB)
    self->attributes |= CACHET_IMAP_MAILBOX_SUBSCRIBED;
  if (g_ascii_strcasecmp (self->name, "INBOX") == 0)
    self->role = CACHET_FOLDER_ROLE_INBOX;
  return g_steal_pointer (&self);
}

/* 32-bit members of CachetImapStatus. */
static const struct
{
  const char *name;
  CachetImapStatusFields field;
  gsize offset;
} status_items[] = {
  { "MESSAGES", CACHET_IMAP_STATUS_MESSAGES, G_STRUCT_OFFSET (CachetImapStatus, messages) },
  { "RECENT", CACHET_IMAP_STATUS_RECENT, G_STRUCT_OFFSET (CachetImapStatus, recent) },
  { "UNSEEN", CACHET_IMAP_STATUS_UNSEEN, G_STRUCT_OFFSET (CachetImapStatus, unseen) },
  { "UIDNEXT", CACHET_IMAP_STATUS_UIDNEXT, G_STRUCT_OFFSET (CachetImapStatus, uidnext) },
  { "UIDVALIDITY", CACHET_IMAP_STATUS_UIDVALIDITY,
    G_STRUCT_OFFSET (CachetImapStatus, uidvalidity) },
};

static void
read_status_item (CachetImapStatus *status,
                  const CachetImapValue *name,
                  const CachetImapValue *value)
{
  guint64 number;

  if (!cachet_imap_value_get_number (value, &number))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (status_items); i++)
    if (cachet_imap_value_is (name, status_items[i].name) && number <= G_MAXUINT32)
      {
        G_STRUCT_MEMBER (guint32, status, status_items[i].offset) = (guint32)number;
        status->fields |= status_items[i].field;
      }
  if (number > G_MAXINT64)
    return;
  if (cachet_imap_value_is (name, "HIGHESTMODSEQ"))
    {
      status->highestmodseq = number;
      status->fields |= CACHET_IMAP_STATUS_HIGHESTMODSEQ;
    }
  else if (cachet_imap_value_is (name, "SIZE"))
    {
      status->size = number;
      status->fields |= CACHET_IMAP_STATUS_SIZE;
    }
}

gboolean
cachet_imap_extract_status (const CachetImapResponse *response,
                            char **mailbox,
                            CachetImapStatus *status)
{
  const CachetImapValue *value;
  g_autofree char *name = NULL;

  g_return_val_if_fail (response != NULL && status != NULL, FALSE);

  if (cachet_imap_response_get_keyword (response) != CACHET_IMAP_KEYWORD_STATUS)
    return FALSE;
  value = cachet_imap_response_get_first_value (response);
  name = take_name (&value);
  if (name == NULL || !cachet_imap_value_is_list (value))
    return FALSE;
  *status = (CachetImapStatus){ 0 };
  value = cachet_imap_value_get_first_child (value);
  while (value != NULL)
    {
      const CachetImapValue *number = cachet_imap_value_get_next (value);

      read_status_item (status, value, number);
      value = cachet_imap_value_get_next (number);
    }
  if (mailbox != NULL)
    *mailbox = g_steal_pointer (&name);
  return TRUE;
}

void
cachet_imap_namespace_free (CachetImapNamespace *self)
{
  if (self == NULL)
    return;
  g_free (self->prefix);
  g_free (self);
}

static void
read_namespaces (GPtrArray *namespaces, CachetImapNamespaceKind kind, const CachetImapValue *list)
{
  const CachetImapValue *entry = cachet_imap_value_get_first_child (list);

  for (; entry != NULL; entry = cachet_imap_value_get_next (entry))
    {
      const CachetImapValue *prefix = cachet_imap_value_get_first_child (entry);
      const CachetImapValue *delimiter = cachet_imap_value_get_next (prefix);
      CachetImapNamespace *self;
      gsize length;
      const char *bytes = cachet_imap_value_get_bytes (delimiter, &length);

      if (!cachet_imap_value_is_string (prefix) && !cachet_imap_value_is_nil (prefix))
        continue;
      self = g_new0 (CachetImapNamespace, 1);
      self->kind = kind;
      self->prefix = cachet_imap_value_is_string (prefix) ? cachet_imap_value_dup_string (prefix)
                                                          : g_strdup ("");
      self->delimiter = cachet_imap_value_is_string (delimiter) && length == 1 ? *bytes : '\0';
      g_ptr_array_add (namespaces, self);
    }
}

GPtrArray *
cachet_imap_extract_namespaces (const CachetImapResponse *response)
{
  GPtrArray *namespaces;

  g_return_val_if_fail (response != NULL, NULL);

  if (cachet_imap_response_get_keyword (response) != CACHET_IMAP_KEYWORD_NAMESPACE)
    return NULL;
  namespaces = g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_imap_namespace_free);
  for (guint i = 0; i < 3; i++)
    read_namespaces (namespaces, (CachetImapNamespaceKind)i,
                     cachet_imap_response_get_value (response, i));
  return namespaces;
}
