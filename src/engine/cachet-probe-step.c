#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-probe-step-private.h"

struct _CachetProbeStep
{
  GObject parent_instance;

  char *title;
  char *text;
  CachetProbeResult result;
};

enum { PROP_0, PROP_TITLE, PROP_TEXT, PROP_RESULT, N_PROPS };
static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (CachetProbeStep, cachet_probe_step, G_TYPE_OBJECT)

static void
cachet_probe_step_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CachetProbeStep *self = CACHET_PROBE_STEP (object);

  switch (id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;
    case PROP_RESULT:
      g_value_set_int (value, (int)self->result);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
cachet_probe_step_finalize (GObject *object)
{
  CachetProbeStep *self = CACHET_PROBE_STEP (object);

  g_free (self->title);
  g_free (self->text);
  G_OBJECT_CLASS (cachet_probe_step_parent_class)->finalize (object);
}

static void
cachet_probe_step_class_init (CachetProbeStepClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = cachet_probe_step_get_property;
  object_class->finalize = cachet_probe_step_finalize;
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, flags);
  properties[PROP_RESULT] = g_param_spec_int ("result", NULL, NULL, CACHET_PROBE_RUNNING,
                                              CACHET_PROBE_SKIPPED, CACHET_PROBE_RUNNING, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
cachet_probe_step_init (CachetProbeStep *self)
{
  self->result = CACHET_PROBE_RUNNING;
}

CachetProbeStep *
cachet_probe_step_new (const char *title)
{
  CachetProbeStep *self = g_object_new (CACHET_TYPE_PROBE_STEP, NULL);

  self->title = g_strdup (title);
  return self;
}

void
cachet_probe_step_end (CachetProbeStep *self, CachetProbeResult result, const char *text)
{
  g_free (self->text);
  self->text = g_strdup (text);
  self->result = result;
  g_object_freeze_notify (G_OBJECT (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RESULT]);
  g_object_thaw_notify (G_OBJECT (self));
}

const char *
cachet_probe_step_get_title (CachetProbeStep *self)
{
  g_return_val_if_fail (CACHET_IS_PROBE_STEP (self), NULL);
  return self->title;
}

const char *
cachet_probe_step_get_text (CachetProbeStep *self)
{
  g_return_val_if_fail (CACHET_IS_PROBE_STEP (self), NULL);
  return self->text;
}

CachetProbeResult
cachet_probe_step_get_result (CachetProbeStep *self)
{
  g_return_val_if_fail (CACHET_IS_PROBE_STEP (self), CACHET_PROBE_FAILED);
  return self->result;
}
