#define G_LOG_DOMAIN "cachet-net"

#include "config.h"

#include "cachet-imap-session-private.h"

/* What no command claims: the state of the selected mailbox, and signals. */

#define EMIT(self, signal, ...) \
  g_signal_emit ((self), cachet_imap_session_signals[CACHET_IMAP_SIGNAL_##signal], 0, __VA_ARGS__)

void
cachet_imap_session_leave_mailbox (CachetImapSession *self)
{
  g_clear_pointer (&self->selected, g_free);
  cachet_imap_uid_map_clear (&self->uid_map);
  self->n_exists = 0;
  if (self->state == CACHET_IMAP_STATE_SELECTED)
    cachet_imap_session_set_state (self, CACHET_IMAP_STATE_AUTHENTICATED);
}

static void
take_exists (CachetImapSession *self, guint32 n)
{
  self->n_exists = n;
  cachet_imap_uid_map_limit (&self->uid_map, n);
  EMIT (self, EXISTS, (guint)n);
}

static void
take_expunge (CachetImapSession *self, guint32 seq)
{
  guint32 uid;

  if (seq == 0)
    return;
  uid = cachet_imap_uid_map_expunge (&self->uid_map, seq);
  if (self->n_exists > 0)
    self->n_exists--;
  EMIT (self, EXPUNGED, (guint)seq, (guint)uid);
}

static void
take_vanished (CachetImapSession *self, const CachetImapResponse *response)
{
  gboolean earlier = FALSE;
  g_autoptr (CachetImapSet) uids = cachet_imap_extract_vanished (response, &earlier);
  guint n;

  if (uids == NULL)
    return;

  n = cachet_imap_uid_map_vanish (&self->uid_map, uids);
  if (!earlier)
    self->n_exists -= MIN (self->n_exists, n);
  EMIT (self, VANISHED, uids);
}

static void
take_fetch (CachetImapSession *self, const CachetImapResponse *response)
{
  g_autoptr (CachetImapFetch) fetch = cachet_imap_extract_fetch (response);

  if (fetch == NULL)
    return;

  if (fetch->uid != 0)
    cachet_imap_uid_map_learn (&self->uid_map, fetch->seq, fetch->uid);
  else
    fetch->uid = cachet_imap_uid_map_get (&self->uid_map, fetch->seq);
  EMIT (self, FETCHED, fetch);
}

void
cachet_imap_session_take_unsolicited (CachetImapSession *self, const CachetImapResponse *response)
{
  guint32 number = 0;

  if (self->selected == NULL)
    return;

  switch ((int)cachet_imap_response_get_keyword (response))
    {
    case CACHET_IMAP_KEYWORD_EXISTS:
      if (cachet_imap_response_get_number (response, &number))
        take_exists (self, number);
      break;
    case CACHET_IMAP_KEYWORD_EXPUNGE:
      if (cachet_imap_response_get_number (response, &number))
        take_expunge (self, number);
      break;
    case CACHET_IMAP_KEYWORD_VANISHED:
      take_vanished (self, response);
      break;
    case CACHET_IMAP_KEYWORD_FETCH:
      take_fetch (self, response);
      break;
    default:
      break;
    }
}
