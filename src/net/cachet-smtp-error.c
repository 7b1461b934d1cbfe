#define G_LOG_DOMAIN "cachet-net"

#include "config.h"

#include "cachet-smtp-session-private.h"

#include <glib/gi18n.h>
#include <string.h>

/* Enhanced codes tell more than basic ones: 452 and 552 stand for a full mailbox, a full disk, too
 * many recipients and a message that is too big (RFC 3463 §3.3, §3.4, RFC 1870 §6.1). */
static CachetNetError
get_error_code (const CachetSmtpReply *reply)
{
  gboolean permanent = cachet_smtp_reply_get_class (reply) == 5;

  if (reply->enhanced != NULL && strcmp (reply->enhanced + 1, ".2.2") == 0)
    return CACHET_NET_ERROR_OVERQUOTA;
  if (reply->enhanced != NULL && strcmp (reply->enhanced, "5.3.4") == 0)
    return CACHET_NET_ERROR_SMTP_TOO_BIG;
  if (reply->enhanced == NULL && reply->code == 552)
    return CACHET_NET_ERROR_SMTP_TOO_BIG;
  return permanent ? CACHET_NET_ERROR_SMTP_PERMANENT : CACHET_NET_ERROR_SMTP_TEMPORARY;
}

GError *
cachet_smtp_error_from_reply (const CachetSmtpReply *reply, const char *sentence)
{
  g_autofree char *said = NULL;

  if (cachet_smtp_reply_get_class (reply) < 4)
    return cachet_smtp_error_unexpected (reply);
  said = cachet_smtp_reply_to_display (reply);
  return g_error_new (CACHET_NET_ERROR, (int)get_error_code (reply),
                      /* Translators: a whole sentence, then the server's own words. */
                      _ ("%s The server said: “%s”"), sentence, said);
}

GError *
cachet_smtp_error_unexpected (const CachetSmtpReply *reply)
{
  g_autofree char *said = cachet_smtp_reply_to_display (reply);

  return g_error_new (CACHET_NET_ERROR, CACHET_NET_ERROR_PROTOCOL,
                      _ ("The mail server gave an answer that has no meaning here, so the "
                         "connection was ended. It said: “%s”"),
                         said);
}
