#pragma once

#include "cachet-engine-private.h"
#include "cachet-operation.h"

G_BEGIN_DECLS

/* The last action, as long as it can be taken back: one or more operations. */
typedef struct _CachetUndo CachetUndo;

CachetUndo *cachet_undo_new (void);
void cachet_undo_free (CachetUndo *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CachetUndo, cachet_undo_free)
/* A new action begins: the one before can't be taken back any more. */
void cachet_undo_begin (CachetUndo *self);
void cachet_undo_add (CachetUndo *self, CachetAccount *account, CachetOperation *operation);
/* (nullable) */
const char *cachet_undo_get_text (CachetUndo *self);
gboolean cachet_undo_run (CachetUndo *self, CachetEngine *engine);
void cachet_undo_resolved (CachetUndo *self, CachetOperation *operation);
void cachet_undo_forget (CachetUndo *self, CachetOperation *operation);

G_END_DECLS
