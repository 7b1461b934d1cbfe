#pragma once

#include "cachet-imap-set.h"

G_BEGIN_DECLS

/* Private to net. The UIDs of the selected mailbox by message sequence number, as far as known. A
 * map that can't be right any more forgets everything: no number is better than a wrong one. */
typedef struct
{
  GArray *uids; /* (element-type guint32) index = sequence number - 1 */
} CachetImapUidMap;

void cachet_imap_uid_map_init (CachetImapUidMap *self);
void cachet_imap_uid_map_clear (CachetImapUidMap *self);
void cachet_imap_uid_map_destroy (CachetImapUidMap *self);
void cachet_imap_uid_map_set (CachetImapUidMap *self, const guint32 *uids, guint n_uids);
/* 0 when not known */
guint32 cachet_imap_uid_map_get (const CachetImapUidMap *self, guint32 seq);
/* `* seq FETCH (UID uid …)`: extends the map by one, or finds it wrong. */
void cachet_imap_uid_map_learn (CachetImapUidMap *self, guint32 seq, guint32 uid);
/* `* seq EXPUNGE`: gives the UID, 0 when not known. */
guint32 cachet_imap_uid_map_expunge (CachetImapUidMap *self, guint32 seq);
/* VANISHED: gives the number of messages that were in the map. */
guint cachet_imap_uid_map_vanish (CachetImapUidMap *self, const CachetImapSet *uids);
/* EXISTS says there are @n messages. */
void cachet_imap_uid_map_limit (CachetImapUidMap *self, guint32 n);

G_END_DECLS
