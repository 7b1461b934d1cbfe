#pragma once

#include <gtk/gtk.h>

#include "cachet-draft.h"
#include "cachet-engine.h"
#include "cachet-message-row.h"
#include "cachet-mime-message.h"

G_BEGIN_DECLS

/* Opens a composer that answers or forwards @message. @row: (nullable): where it is stored, for
 * \Answered and for the account. */
gboolean cachet_answer_open (GtkApplication *application,
                             CachetEngine *engine,
                             CachetMimeMessage *message,
                             CachetMessageRow *row,
                             CachetReplyMode mode,
                             GError **error);
/* Opens a composer that goes on with the stored draft @row, whose content is @message. */
gboolean cachet_answer_open_draft (GtkApplication *application,
                                   CachetEngine *engine,
                                   CachetMimeMessage *message,
                                   CachetMessageRow *row,
                                   GError **error);
/* Opens a composer for a mailto: URI; fields that are not obeyed are named in it. @account:
 * (nullable) */
gboolean cachet_answer_open_mailto (GtkApplication *application,
                                    CachetEngine *engine,
                                    CachetAccount *account,
                                    const char *uri,
                                    GError **error);

G_END_DECLS
