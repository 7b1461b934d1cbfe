#define G_LOG_DOMAIN "cachet-store"

#include "config.h"

#include "cachet-store-error.h"

static CachetStoreError
classify (const GError *source)
{
  if (g_error_matches (source, G_IO_ERROR, G_IO_ERROR_NO_SPACE) ||
      g_error_matches (source, G_FILE_ERROR, G_FILE_ERROR_NOSPC))
    return CACHET_STORE_ERROR_FULL;
  if (g_error_matches (source, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ||
      g_error_matches (source, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return CACHET_STORE_ERROR_NOT_FOUND;
  return CACHET_STORE_ERROR_IO;
}

void
cachet_store_error_propagate (GError **error, GError *source)
{
  if (source->domain != CACHET_STORE_ERROR &&
      !g_error_matches (source, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      source->code = (gint)classify (source);
      source->domain = CACHET_STORE_ERROR;
    }
  g_propagate_error (error, source);
}
