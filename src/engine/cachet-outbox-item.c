#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-outbox-item-private.h"

struct _CachetOutboxItem
{
  GObject parent_instance;

  CachetOutboxEntry *entry;
  double fraction;
  gboolean busy;
  gboolean maybe_copied;
};

enum { PROP_0, PROP_STATE, PROP_ERROR_TEXT, PROP_FRACTION, N_PROPS };
static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (CachetOutboxItem, cachet_outbox_item, G_TYPE_OBJECT)

static void
cachet_outbox_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CachetOutboxItem *self = CACHET_OUTBOX_ITEM (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_int (value, (int)self->entry->state);
      break;
    case PROP_ERROR_TEXT:
      g_value_set_string (value, self->entry->last_error);
      break;
    case PROP_FRACTION:
      g_value_set_double (value, self->fraction);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
cachet_outbox_item_finalize (GObject *object)
{
  cachet_outbox_entry_free (CACHET_OUTBOX_ITEM (object)->entry);
  G_OBJECT_CLASS (cachet_outbox_item_parent_class)->finalize (object);
}

static void
cachet_outbox_item_class_init (CachetOutboxItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = cachet_outbox_item_get_property;
  object_class->finalize = cachet_outbox_item_finalize;
  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, CACHET_OUTBOX_READY,
                                             CACHET_OUTBOX_UNKNOWN, CACHET_OUTBOX_READY, flags);
  properties[PROP_ERROR_TEXT] = g_param_spec_string ("error-text", NULL, NULL, NULL, flags);
  properties[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, -1.0, 1.0, -1.0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
cachet_outbox_item_init (CachetOutboxItem *self)
{
  self->fraction = -1.0;
}

CachetOutboxItem *
cachet_outbox_item_new (CachetOutboxEntry *entry)
{
  CachetOutboxItem *self = g_object_new (CACHET_TYPE_OUTBOX_ITEM, NULL);

  self->entry = entry;
  return self;
}

CachetOutboxEntry *
cachet_outbox_item_get_entry (CachetOutboxItem *self)
{
  g_return_val_if_fail (CACHET_IS_OUTBOX_ITEM (self), NULL);
  return self->entry;
}

gint64
cachet_outbox_item_get_id (CachetOutboxItem *self)
{
  g_return_val_if_fail (CACHET_IS_OUTBOX_ITEM (self), 0);
  return self->entry->id;
}

const char *
cachet_outbox_item_get_account_id (CachetOutboxItem *self)
{
  g_return_val_if_fail (CACHET_IS_OUTBOX_ITEM (self), NULL);
  return self->entry->account_id;
}

CachetOutboxState
cachet_outbox_item_get_state (CachetOutboxItem *self)
{
  g_return_val_if_fail (CACHET_IS_OUTBOX_ITEM (self), CACHET_OUTBOX_UNKNOWN);
  return self->entry->state;
}

const char *
cachet_outbox_item_get_subject (CachetOutboxItem *self)
{
  g_return_val_if_fail (CACHET_IS_OUTBOX_ITEM (self), NULL);
  return self->entry->subject;
}

const char *const *
cachet_outbox_item_get_recipients (CachetOutboxItem *self)
{
  g_return_val_if_fail (CACHET_IS_OUTBOX_ITEM (self), NULL);
  return (const char *const *)self->entry->recipients;
}

const char *
cachet_outbox_item_get_error_text (CachetOutboxItem *self)
{
  g_return_val_if_fail (CACHET_IS_OUTBOX_ITEM (self), NULL);
  return self->entry->last_error;
}

double
cachet_outbox_item_get_fraction (CachetOutboxItem *self)
{
  g_return_val_if_fail (CACHET_IS_OUTBOX_ITEM (self), -1.0);
  return self->fraction;
}

void
cachet_outbox_item_set_state (CachetOutboxItem *self,
                              CachetOutboxState state,
                              const char *error_text)
{
  g_object_freeze_notify (G_OBJECT (self));
  if (self->entry->state != state)
    {
      self->entry->state = state;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
    }
  if (g_strcmp0 (self->entry->last_error, error_text) != 0)
    {
      g_free (self->entry->last_error);
      self->entry->last_error = g_strdup (error_text);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR_TEXT]);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

void
cachet_outbox_item_set_fraction (CachetOutboxItem *self, double fraction)
{
  if (self->fraction == fraction)
    return;
  self->fraction = fraction;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FRACTION]);
}

gboolean
cachet_outbox_item_is_busy (CachetOutboxItem *self)
{
  return self->busy;
}

void
cachet_outbox_item_set_busy (CachetOutboxItem *self, gboolean busy)
{
  self->busy = busy;
}

gboolean
cachet_outbox_item_get_maybe_copied (CachetOutboxItem *self)
{
  return self->maybe_copied;
}

void
cachet_outbox_item_set_maybe_copied (CachetOutboxItem *self)
{
  self->maybe_copied = TRUE;
}
