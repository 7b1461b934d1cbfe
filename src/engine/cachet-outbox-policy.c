#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-outbox-policy.h"

#include "cachet-engine-types.h"

/* Refused recipients are worth another try only when every one was refused for now. */
static CachetOutboxVerdict
judge_rejections (GPtrArray *rejections)
{
  if (rejections == NULL || rejections->len == 0)
    return CACHET_OUTBOX_VERDICT_FAIL;
  for (guint i = 0; i < rejections->len; i++)
    {
      const CachetSmtpRejection *rejection = g_ptr_array_index (rejections, i);

      if (rejection->code / 100 != 4)
        return CACHET_OUTBOX_VERDICT_FAIL;
    }
  return CACHET_OUTBOX_VERDICT_RETRY;
}

static CachetOutboxVerdict
judge_net_error (const GError *error, GPtrArray *rejections)
{
  switch (error->code)
    {
    case CACHET_NET_ERROR_SMTP_UNKNOWN:
      return CACHET_OUTBOX_VERDICT_UNKNOWN;
    case CACHET_NET_ERROR_SMTP_RECIPIENTS:
      return judge_rejections (rejections);
    case CACHET_NET_ERROR_SMTP_PERMANENT:
    case CACHET_NET_ERROR_SMTP_TOO_BIG:
    case CACHET_NET_ERROR_SMTP_UTF8:
    case CACHET_NET_ERROR_LIMIT:
      return CACHET_OUTBOX_VERDICT_FAIL;
    default:
      /* The connection, the log-in or the server's mood: the message itself is well. */
      return CACHET_OUTBOX_VERDICT_RETRY;
    }
}

CachetOutboxVerdict
cachet_outbox_judge (const GError *error, GPtrArray *rejections)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return CACHET_OUTBOX_VERDICT_STOPPED;
  if (error->domain == CACHET_NET_ERROR)
    return judge_net_error (error, rejections);
  if (error->domain == G_IO_ERROR || error->domain == G_RESOLVER_ERROR ||
      error->domain == G_TLS_ERROR || error->domain == CACHET_ENGINE_ERROR)
    return CACHET_OUTBOX_VERDICT_RETRY;
  return CACHET_OUTBOX_VERDICT_FAIL;
}

guint
cachet_outbox_get_pause (guint n_attempts)
{
  guint pause = CACHET_OUTBOX_FIRST_PAUSE;

  for (guint i = 1; i < n_attempts && pause < CACHET_OUTBOX_LONGEST_PAUSE; i++)
    pause *= 2;
  return MIN (pause, CACHET_OUTBOX_LONGEST_PAUSE);
}
