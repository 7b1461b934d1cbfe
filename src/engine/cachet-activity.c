#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-activity-private.h"

struct _CachetActivity
{
  GObject parent_instance;

  GListStore *list; /* (nullable) after the end */
  char *account_id;
  char *title;
  char *detail;
  double fraction;
  GCancellable *cancellable;
};

enum {
  PROP_0,
  PROP_TITLE,
  PROP_DETAIL,
  PROP_FRACTION,
  PROP_CANCELLABLE,
  PROP_ACCOUNT_ID,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (CachetActivity, cachet_activity, G_TYPE_OBJECT)

static void
cachet_activity_finalize (GObject *object)
{
  CachetActivity *self = CACHET_ACTIVITY (object);

  g_clear_object (&self->list);
  g_clear_object (&self->cancellable);
  g_free (self->account_id);
  g_free (self->title);
  g_free (self->detail);
  G_OBJECT_CLASS (cachet_activity_parent_class)->finalize (object);
}

static void
cachet_activity_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CachetActivity *self = CACHET_ACTIVITY (object);

  switch (id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_DETAIL:
      g_value_set_string (value, self->detail);
      break;
    case PROP_FRACTION:
      g_value_set_double (value, self->fraction);
      break;
    case PROP_CANCELLABLE:
      g_value_set_object (value, self->cancellable);
      break;
    case PROP_ACCOUNT_ID:
      g_value_set_string (value, self->account_id);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
cachet_activity_class_init (CachetActivityClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->finalize = cachet_activity_finalize;
  object_class->get_property = cachet_activity_get_property;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, NULL, flags);
  properties[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, -1, 1, -1, flags);
  properties[PROP_CANCELLABLE] =
    g_param_spec_object ("cancellable", NULL, NULL, G_TYPE_CANCELLABLE, flags);
  properties[PROP_ACCOUNT_ID] = g_param_spec_string ("account-id", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
cachet_activity_init (CachetActivity *self)
{
  self->fraction = -1;
}

CachetActivity *
cachet_activity_new (GListStore *list,
                     const char *account_id,
                     const char *title,
                     GCancellable *cancellable)
{
  CachetActivity *self = g_object_new (CACHET_TYPE_ACTIVITY, NULL);

  self->list = g_object_ref (list);
  self->account_id = g_strdup (account_id);
  self->title = g_strdup (title);
  g_set_object (&self->cancellable, cancellable);
  g_list_store_append (list, self);
  return self;
}

const char *
cachet_activity_get_title (CachetActivity *self)
{
  g_return_val_if_fail (CACHET_IS_ACTIVITY (self), NULL);
  return self->title;
}

const char *
cachet_activity_get_detail (CachetActivity *self)
{
  g_return_val_if_fail (CACHET_IS_ACTIVITY (self), NULL);
  return self->detail;
}

double
cachet_activity_get_fraction (CachetActivity *self)
{
  g_return_val_if_fail (CACHET_IS_ACTIVITY (self), -1);
  return self->fraction;
}

GCancellable *
cachet_activity_get_cancellable (CachetActivity *self)
{
  g_return_val_if_fail (CACHET_IS_ACTIVITY (self), NULL);
  return self->cancellable;
}

void
cachet_activity_set_detail (CachetActivity *self, const char *detail)
{
  g_return_if_fail (CACHET_IS_ACTIVITY (self));

  if (g_strcmp0 (self->detail, detail) == 0)
    return;
  g_free (self->detail);
  self->detail = g_strdup (detail);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DETAIL]);
}

void
cachet_activity_set_fraction (CachetActivity *self, double fraction)
{
  g_return_if_fail (CACHET_IS_ACTIVITY (self));

  fraction = fraction < 0 ? -1 : MIN (fraction, 1);
  /* below a two-hundredth no progress bar moves */
  if (fraction >= 0 && self->fraction >= 0 && ABS (fraction - self->fraction) < 0.005)
    return;
  self->fraction = fraction;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FRACTION]);
}

void
cachet_activity_cancel (CachetActivity *self)
{
  g_return_if_fail (CACHET_IS_ACTIVITY (self));

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

void
cachet_activity_end (CachetActivity *self)
{
  g_autoptr (GListStore) list = NULL;
  guint position;

  g_return_if_fail (CACHET_IS_ACTIVITY (self));

  list = g_steal_pointer (&self->list);
  if (list != NULL && g_list_store_find (list, self, &position))
    g_list_store_remove (list, position);
}
