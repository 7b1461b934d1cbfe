#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-ui-settings.h"

#define G_SETTINGS_ENABLE_BACKEND
#include <gio/gsettingsbackend.h>

/* Settings in a file of its own: the demo leaves no trace in those of the person. */
#define SETTINGS_FILE_ENV "CACHET_SETTINGS_FILE"

/* g_settings_new() ends the program when the schema is missing, which a mail client should survive:
 * it is what happens when it is started from a build folder. */
GSettings *
cachet_ui_settings_get (void)
{
  static GSettings *settings;
  static gboolean looked;
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;
  g_autoptr (GSettingsBackend) backend = NULL;
  const char *file = g_getenv (SETTINGS_FILE_ENV);

  if (looked)
    return settings;
  looked = TRUE;
  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, CACHET_APPLICATION_ID, TRUE);
  if (schema == NULL)
    {
      g_warning ("The settings schema %s is not installed: sizes are not kept",
                 CACHET_APPLICATION_ID);
      return NULL;
    }
  if (file != NULL)
    backend = g_keyfile_settings_backend_new (file, "/", NULL);
  settings = g_settings_new_full (schema, backend, NULL);
  return settings;
}
