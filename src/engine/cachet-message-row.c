#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-message-row-private.h"

#include "cachet-folder.h"

struct _CachetMessageRow
{
  GObject parent_instance;

  CachetFolder *folder;
  CachetListEntry entry;
  CachetStoredRow *stored; /* (nullable) until loaded */
  gboolean expired;
};

enum {
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CachetMessageRow, cachet_message_row, G_TYPE_OBJECT)

static void
cachet_message_row_finalize (GObject *object)
{
  CachetMessageRow *self = CACHET_MESSAGE_ROW (object);

  g_clear_object (&self->folder);
  g_clear_pointer (&self->stored, cachet_stored_row_free);
  G_OBJECT_CLASS (cachet_message_row_parent_class)->finalize (object);
}

static void
cachet_message_row_class_init (CachetMessageRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cachet_message_row_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
cachet_message_row_init (CachetMessageRow *self)
{
}

CachetMessageRow *
cachet_message_row_new (CachetFolder *folder, const CachetListEntry *entry)
{
  CachetMessageRow *self = g_object_new (CACHET_TYPE_MESSAGE_ROW, NULL);

  self->folder = g_object_ref (folder);
  self->entry = *entry;
  return self;
}

void
cachet_message_row_take_stored (CachetMessageRow *self, CachetStoredRow *stored)
{
  g_clear_pointer (&self->stored, cachet_stored_row_free);
  self->stored = stored;
  self->expired = FALSE;
  g_signal_emit (self, signals[CHANGED], 0);
}

void
cachet_message_row_set_flags (CachetMessageRow *self, CachetMessageFlags flags)
{
  if (self->entry.flags == (guint64)flags)
    return;
  self->entry.flags = flags;
  g_signal_emit (self, signals[CHANGED], 0);
}

void
cachet_message_row_set_entry (CachetMessageRow *self, const CachetListEntry *entry)
{
  gboolean same = self->entry.flags == entry->flags && self->entry.uid == entry->uid &&
                  self->entry.size == entry->size && self->entry.date == entry->date;

  self->entry = *entry;
  if (!same)
    g_signal_emit (self, signals[CHANGED], 0);
}

void
cachet_message_row_expire (CachetMessageRow *self)
{
  self->expired = TRUE;
}

gboolean
cachet_message_row_wants_strings (CachetMessageRow *self)
{
  return self->stored == NULL || self->expired;
}

gint64
cachet_message_row_get_id (CachetMessageRow *self)
{
  g_return_val_if_fail (CACHET_IS_MESSAGE_ROW (self), 0);
  return self->entry.id;
}

guint32
cachet_message_row_get_uid (CachetMessageRow *self)
{
  g_return_val_if_fail (CACHET_IS_MESSAGE_ROW (self), 0);
  return self->entry.uid;
}

CachetFolder *
cachet_message_row_get_folder (CachetMessageRow *self)
{
  g_return_val_if_fail (CACHET_IS_MESSAGE_ROW (self), NULL);
  return self->folder;
}

gboolean
cachet_message_row_is_loaded (CachetMessageRow *self)
{
  g_return_val_if_fail (CACHET_IS_MESSAGE_ROW (self), FALSE);
  return self->stored != NULL;
}

CachetMessageFlags
cachet_message_row_get_flags (CachetMessageRow *self)
{
  g_return_val_if_fail (CACHET_IS_MESSAGE_ROW (self), CACHET_MESSAGE_FLAG_NONE);
  return self->entry.flags;
}

gint64
cachet_message_row_get_date (CachetMessageRow *self)
{
  g_return_val_if_fail (CACHET_IS_MESSAGE_ROW (self), 0);
  return self->entry.date;
}

guint64
cachet_message_row_get_size (CachetMessageRow *self)
{
  g_return_val_if_fail (CACHET_IS_MESSAGE_ROW (self), 0);
  return self->stored != NULL ? self->stored->size : self->entry.size;
}

static const char *
string_or_empty (const char *text)
{
  return text != NULL ? text : "";
}

const char *
cachet_message_row_get_subject (CachetMessageRow *self)
{
  g_return_val_if_fail (CACHET_IS_MESSAGE_ROW (self), "");
  return self->stored != NULL ? string_or_empty (self->stored->subject) : "";
}

const char *
cachet_message_row_get_from_name (CachetMessageRow *self)
{
  g_return_val_if_fail (CACHET_IS_MESSAGE_ROW (self), "");
  return self->stored != NULL ? string_or_empty (self->stored->from_name) : "";
}

const char *
cachet_message_row_get_from_addr (CachetMessageRow *self)
{
  g_return_val_if_fail (CACHET_IS_MESSAGE_ROW (self), "");
  return self->stored != NULL ? string_or_empty (self->stored->from_addr) : "";
}

const char *
cachet_message_row_get_to (CachetMessageRow *self)
{
  g_return_val_if_fail (CACHET_IS_MESSAGE_ROW (self), "");
  return self->stored != NULL ? string_or_empty (self->stored->to) : "";
}

const char *
cachet_message_row_get_message_id (CachetMessageRow *self)
{
  g_return_val_if_fail (CACHET_IS_MESSAGE_ROW (self), "");
  return self->stored != NULL ? string_or_empty (self->stored->message_id) : "";
}

const char *
cachet_message_row_get_preview (CachetMessageRow *self)
{
  g_return_val_if_fail (CACHET_IS_MESSAGE_ROW (self), "");
  return self->stored != NULL ? string_or_empty (self->stored->preview) : "";
}
