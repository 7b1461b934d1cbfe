#pragma once

#include "cachet-smtp-session.h"

G_BEGIN_DECLS

/* What becomes of a message whose sending failed: plain functions, no state. */

/* Pauses before trying again: doubled from the first to the longest. */
#define CACHET_OUTBOX_FIRST_PAUSE 60
#define CACHET_OUTBOX_LONGEST_PAUSE 3600
/* Attempts, two days' worth of them, after which a message that met only temporary trouble counts
 * as failed. */
#define CACHET_OUTBOX_MAX_ATTEMPTS 50

/**
 * CachetOutboxVerdict:
 * @CACHET_OUTBOX_VERDICT_RETRY: temporary: try again after a pause
 * @CACHET_OUTBOX_VERDICT_FAIL: will not get better by itself
 * @CACHET_OUTBOX_VERDICT_UNKNOWN: it may have been taken
 * @CACHET_OUTBOX_VERDICT_STOPPED: cancelled here
 */
typedef enum {
  CACHET_OUTBOX_VERDICT_RETRY,
  CACHET_OUTBOX_VERDICT_FAIL,
  CACHET_OUTBOX_VERDICT_UNKNOWN,
  CACHET_OUTBOX_VERDICT_STOPPED,
} CachetOutboxVerdict;

/* @rejections: (nullable) (element-type CachetSmtpRejection) */
CachetOutboxVerdict cachet_outbox_judge (const GError *error, GPtrArray *rejections);
/* @n_attempts: made so far, from 1 */
guint cachet_outbox_get_pause (guint n_attempts);

G_END_DECLS
