#define G_LOG_DOMAIN "cachet-net"

#include "config.h"

#include "cachet-imap-session-private.h"
#include "cachet-visible-text.h"

#include <glib/gi18n.h>

#define MAX_SERVER_TEXT 500 /* bytes of a server's words in one message */

static int
code_of (const CachetImapResponse *response)
{
  switch ((int)cachet_imap_response_get_code (response))
    {
    case CACHET_IMAP_CODE_OVERQUOTA:
      return CACHET_NET_ERROR_OVERQUOTA;
    case CACHET_IMAP_CODE_NONEXISTENT:
    case CACHET_IMAP_CODE_TRYCREATE:
      return CACHET_NET_ERROR_NOT_FOUND;
    case CACHET_IMAP_CODE_ALREADYEXISTS:
      return CACHET_NET_ERROR_EXISTS;
    case CACHET_IMAP_CODE_LIMIT:
    case CACHET_IMAP_CODE_TOOBIG:
      return CACHET_NET_ERROR_LIMIT;
    default:
      return cachet_imap_response_get_condition (response) == CACHET_IMAP_CONDITION_NO
               ? CACHET_NET_ERROR_NO
               : CACHET_NET_ERROR_BAD;
    }
}

/* What to do next, for the reasons that have an answer. */
static const char *
advice_for (int code)
{
  switch (code)
    {
    case CACHET_NET_ERROR_OVERQUOTA:
      return _ ("The mailbox is full: delete messages or ask for more room.");
    case CACHET_NET_ERROR_NOT_FOUND:
      return _ ("What it was about is not there any more: fetch the folder list again.");
    case CACHET_NET_ERROR_EXISTS:
      return _ ("Choose another name.");
    case CACHET_NET_ERROR_LIMIT:
      return _ ("It is larger than the server takes.");
    case CACHET_NET_ERROR_BAD:
      return _ ("The server did not understand Cachet; the connection log shows what was said.");
    default:
      return _ ("Try again later, or ask whoever runs the server.");
    }
}

static char *
dup_server_text (const CachetImapResponse *response)
{
  const char *text = cachet_imap_response_get_text (response);

  return cachet_visible_text (text, (gssize)strnlen (text, MAX_SERVER_TEXT), FALSE);
}

GError *
cachet_imap_error_from_response (CachetImapSession *self,
                                 const char *failure,
                                 const CachetImapResponse *response)
{
  g_autofree char *text = dup_server_text (response);
  int code = code_of (response);
  const char *what = failure != NULL ? _ (failure) : _ ("The server did not do what was asked.");

  if (*text == '\0')
    return g_error_new (CACHET_NET_ERROR, code,
                        _ ("%s %s gave no reason. %s"), what, self->endpoint->host,
                           advice_for (code));

  return g_error_new (CACHET_NET_ERROR, code,
                      _ ("%s %s said: “%s”. %s"), what, self->endpoint->host, text,
                         advice_for (code));
}

GError *
cachet_imap_error_bye (CachetImapSession *self, const CachetImapResponse *response)
{
  g_autofree char *text = dup_server_text (response);

  return g_error_new (CACHET_NET_ERROR, CACHET_NET_ERROR_CLOSED,
                      _ ("%s ended the connection and said: “%s”. Cachet will connect anew when it "
                         "needs to."),
                         self->endpoint->host, text);
}

GError *
cachet_imap_error_protocol (CachetImapSession *self, const char *what)
{
  return g_error_new (CACHET_NET_ERROR, CACHET_NET_ERROR_PROTOCOL,
                      _ ("%s broke the rules of IMAP, so the connection was ended: %s Check the "
                         "server's name and port; the connection log shows what was said."),
                         self->endpoint->host, what);
}

/* The parser's messages are whole sentences already. */
GError *
cachet_imap_error_from_wire (const GError *error)
{
  return g_error_new_literal (CACHET_NET_ERROR,
                              g_error_matches (error, CACHET_WIRE_ERROR, CACHET_WIRE_ERROR_LIMIT)
                                ? CACHET_NET_ERROR_LIMIT
                                : CACHET_NET_ERROR_PROTOCOL,
                              error->message);
}

GError *
cachet_imap_error_not_ready (CachetImapSession *self)
{
  return g_error_new (
    CACHET_NET_ERROR, CACHET_NET_ERROR_CLOSED,
    _ ("There is no connection to %s. Cachet will connect anew when it needs to."),
       self->endpoint->host);
}

GError *
cachet_imap_error_no_mailbox (CachetImapSession *self)
{
  return g_error_new (CACHET_NET_ERROR, CACHET_NET_ERROR_NOT_FOUND,
                      _ ("No folder is open on %s, so nothing could be done in it. Open the folder "
                         "again."),
                         self->endpoint->host);
}

GError *
cachet_imap_error_cancelled (void)
{
  return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("This was cancelled."));
}
