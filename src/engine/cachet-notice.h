#pragma once

#include "cachet-engine-types.h"

G_BEGIN_DECLS

/**
 * CachetNotice:
 * @summary: one sentence: what happened
 * @detail: (nullable): why, and what to do next
 * @is_error: shown as an error rather than as news
 * @account_id: (nullable)
 *
 * Something the user should hear of, from anywhere in the engine. Immutable, boxed.
 */
struct _CachetNotice
{
  char *summary;
  char *detail;
  gboolean is_error;
  char *account_id;
};

#define CACHET_TYPE_NOTICE (cachet_notice_get_type ())
GType cachet_notice_get_type (void) G_GNUC_CONST;
CachetNotice *cachet_notice_new (const char *account_id,
                                 gboolean is_error,
                                 const char *summary,
                                 const char *detail);
/* @error's message becomes the detail. */
CachetNotice *
cachet_notice_new_from_error (const char *account_id, const char *summary, const GError *error);
CachetNotice *cachet_notice_copy (const CachetNotice *self);
void cachet_notice_free (CachetNotice *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetNotice, cachet_notice_free)

G_END_DECLS
