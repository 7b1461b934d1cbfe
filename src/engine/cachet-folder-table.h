#pragma once

#include "cachet-base-types.h"
#include "cachet-list-types.h"

G_BEGIN_DECLS

/**
 * CachetUidFact: what stands in memory of each message of a folder in use (8 bytes).
 */
typedef struct
{
  guint32 uid;
  guint32 flags; /* CachetMessageFlags, local facts too */
} CachetUidFact;

/* UIDs of a folder with their flags, ascending by UID. */
typedef struct _CachetFolderTable CachetFolderTable;

CachetFolderTable *cachet_folder_table_new (void);
void cachet_folder_table_free (CachetFolderTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetFolderTable, cachet_folder_table_free)
guint cachet_folder_table_get_length (const CachetFolderTable *self);
CachetUidFact *cachet_folder_table_get (const CachetFolderTable *self, guint index);
/* (nullable) */
CachetUidFact *cachet_folder_table_find (const CachetFolderTable *self, guint32 uid);
guint32 cachet_folder_table_get_max_uid (const CachetFolderTable *self);
/* @uid must be above all others. */
void cachet_folder_table_append (CachetFolderTable *self, guint32 uid, CachetMessageFlags flags);
/* Adds or replaces (GArray of CachetListEntry, any order). O(n + m log m). */
void cachet_folder_table_merge (CachetFolderTable *self, GArray *entries);
/* Removes those of @uids (GArray of guint32, any order) that are there. */
void cachet_folder_table_remove (CachetFolderTable *self, GArray *uids);
/* (element-type guint32) (transfer full) */
GArray *cachet_folder_table_dup_uids (const CachetFolderTable *self);

G_END_DECLS
