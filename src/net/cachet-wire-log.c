#define G_LOG_DOMAIN "cachet-net"

#include "config.h"

#include "cachet-wire-log.h"

#include <string.h>

struct _CachetWireLog
{
  GObject parent_instance;

  GQueue records; /* (element-type CachetWireRecord) oldest first */
  guint64 serial;
  guint connections;

  /* Where the last cachet_wire_log_get() was: a pane reads the records in order. */
  GList *cursor;
  guint cursor_index;
};

G_DEFINE_FINAL_TYPE (CachetWireLog, cachet_wire_log, G_TYPE_OBJECT)

enum { SIGNAL_RECORD, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
cachet_wire_log_finalize (GObject *object)
{
  CachetWireLog *self = CACHET_WIRE_LOG (object);

  g_queue_clear_full (&self->records, (GDestroyNotify)cachet_wire_record_free);

  G_OBJECT_CLASS (cachet_wire_log_parent_class)->finalize (object);
}

static void
cachet_wire_log_class_init (CachetWireLogClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cachet_wire_log_finalize;

  signals[SIGNAL_RECORD] =
    g_signal_new ("record", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, CACHET_TYPE_WIRE_RECORD | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
cachet_wire_log_init (CachetWireLog *self)
{
  g_queue_init (&self->records);
}

CachetWireLog *
cachet_wire_log_new (void)
{
  return g_object_new (CACHET_TYPE_WIRE_LOG, NULL);
}

guint
cachet_wire_log_next_connection (CachetWireLog *self)
{
  g_return_val_if_fail (CACHET_IS_WIRE_LOG (self), 0);

  return ++self->connections;
}

/* Cuts at a character boundary, so that the text stays valid UTF-8. */
static void
cut_text (CachetWireRecord *record)
{
  gsize length = record->text != NULL ? strlen (record->text) : 0;
  char *end;
  char *cut;

  if (length <= CACHET_WIRE_LOG_MAX_TEXT)
    return;

  end = record->text + CACHET_WIRE_LOG_MAX_TEXT - strlen ("…");
  while (end > record->text && ((guchar)*end & 0xc0) == 0x80)
    end--;
  *end = '\0';
  cut = g_strconcat (record->text, "…", NULL);
  g_free (record->text);
  record->text = cut;
}

void
cachet_wire_log_add (CachetWireLog *self, CachetWireRecord *record)
{
  g_return_if_fail (CACHET_IS_WIRE_LOG (self));
  g_return_if_fail (record != NULL);

  record->serial = ++self->serial;
  record->time = g_get_real_time ();
  cut_text (record);

  while (g_queue_get_length (&self->records) >= CACHET_WIRE_LOG_MAX_RECORDS)
    cachet_wire_record_free (g_queue_pop_head (&self->records));
  self->cursor = NULL;
  g_queue_push_tail (&self->records, record);

  g_signal_emit (self, signals[SIGNAL_RECORD], 0, record);
}

guint
cachet_wire_log_get_n_records (CachetWireLog *self)
{
  g_return_val_if_fail (CACHET_IS_WIRE_LOG (self), 0);

  return g_queue_get_length (&self->records);
}

const CachetWireRecord *
cachet_wire_log_get (CachetWireLog *self, guint index)
{
  g_return_val_if_fail (CACHET_IS_WIRE_LOG (self), NULL);

  if (index >= g_queue_get_length (&self->records))
    return NULL;

  if (self->cursor != NULL && index == self->cursor_index + 1)
    self->cursor = self->cursor->next;
  else if (self->cursor == NULL || index != self->cursor_index)
    self->cursor = g_queue_peek_nth_link (&self->records, index);
  self->cursor_index = index;

  return self->cursor->data;
}
