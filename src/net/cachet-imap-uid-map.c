#define G_LOG_DOMAIN "cachet-net"

#include "config.h"

#include "cachet-imap-uid-map.h"

void
cachet_imap_uid_map_init (CachetImapUidMap *self)
{
  self->uids = g_array_new (FALSE, FALSE, sizeof (guint32));
}

void
cachet_imap_uid_map_clear (CachetImapUidMap *self)
{
  g_array_set_size (self->uids, 0);
}

void
cachet_imap_uid_map_destroy (CachetImapUidMap *self)
{
  g_clear_pointer (&self->uids, g_array_unref);
}

void
cachet_imap_uid_map_set (CachetImapUidMap *self, const guint32 *uids, guint n_uids)
{
  g_array_set_size (self->uids, 0);
  g_array_append_vals (self->uids, uids, n_uids);
}

guint32
cachet_imap_uid_map_get (const CachetImapUidMap *self, guint32 seq)
{
  if (seq == 0 || seq > self->uids->len)
    return 0;
  return g_array_index (self->uids, guint32, seq - 1);
}

void
cachet_imap_uid_map_learn (CachetImapUidMap *self, guint32 seq, guint32 uid)
{
  guint32 known = cachet_imap_uid_map_get (self, seq);
  guint length = self->uids->len;

  if (known == uid || seq == 0 || uid == 0)
    return;
  if (known == 0 && seq == length + 1 &&
      (length == 0 || g_array_index (self->uids, guint32, length - 1) < uid))
    g_array_append_val (self->uids, uid);
  else if (known != 0)
    cachet_imap_uid_map_clear (self);
}

guint32
cachet_imap_uid_map_expunge (CachetImapUidMap *self, guint32 seq)
{
  guint32 uid = cachet_imap_uid_map_get (self, seq);

  if (uid != 0)
    g_array_remove_index (self->uids, seq - 1);
  return uid;
}

guint
cachet_imap_uid_map_vanish (CachetImapUidMap *self, const CachetImapSet *uids)
{
  guint kept = 0;
  guint before = self->uids->len;
  guint i;

  for (i = 0; i < before; i++)
    {
      guint32 uid = g_array_index (self->uids, guint32, i);

      if (!cachet_imap_set_contains (uids, uid))
        g_array_index (self->uids, guint32, kept++) = uid;
    }
  g_array_set_size (self->uids, kept);

  return before - kept;
}

void
cachet_imap_uid_map_limit (CachetImapUidMap *self, guint32 n)
{
  /* Fewer messages without an EXPUNGE: nobody knows which are gone. */
  if (n < self->uids->len)
    cachet_imap_uid_map_clear (self);
}
