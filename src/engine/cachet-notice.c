#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-notice.h"

G_DEFINE_BOXED_TYPE (CachetNotice, cachet_notice, cachet_notice_copy, cachet_notice_free)

CachetNotice *
cachet_notice_new (const char *account_id,
                   gboolean is_error,
                   const char *summary,
                   const char *detail)
{
  CachetNotice *self = g_new0 (CachetNotice, 1);

  g_return_val_if_fail (summary != NULL, NULL);

  self->account_id = g_strdup (account_id);
  self->is_error = is_error;
  self->summary = g_strdup (summary);
  self->detail = g_strdup (detail);
  return self;
}

CachetNotice *
cachet_notice_new_from_error (const char *account_id, const char *summary, const GError *error)
{
  return cachet_notice_new (account_id, TRUE, summary, error != NULL ? error->message : NULL);
}

CachetNotice *
cachet_notice_copy (const CachetNotice *self)
{
  return cachet_notice_new (self->account_id, self->is_error, self->summary, self->detail);
}

void
cachet_notice_free (CachetNotice *self)
{
  if (self == NULL)
    return;
  g_free (self->summary);
  g_free (self->detail);
  g_free (self->account_id);
  g_free (self);
}
