#define G_LOG_DOMAIN "cachet-ui"

#include "config.h"

#include "cachet-answer.h"

#include "cachet-composer.h"
#include "cachet-folder.h"

#include <glib/gi18n.h>

static CachetAccount *
account_of (CachetMessageRow *row)
{
  CachetFolder *folder = row != NULL ? cachet_message_row_get_folder (row) : NULL;

  return folder != NULL ? cachet_folder_get_account (folder) : NULL;
}

gboolean
cachet_answer_open (GtkApplication *application,
                    CachetEngine *engine,
                    CachetMimeMessage *message,
                    CachetMessageRow *row,
                    CachetReplyMode mode,
                    GError **error)
{
  g_autoptr (GPtrArray) own = cachet_engine_dup_own_addresses (engine);
  g_autoptr (CachetDraft) draft = cachet_draft_new_reply (message, mode, own, error);
  CachetComposer *composer;

  if (draft == NULL)
    return FALSE;
  composer = cachet_composer_new (application, engine, account_of (row), draft);
  if (row != NULL)
    cachet_composer_set_answered (
      composer, row, mode == CACHET_FORWARD_INLINE || mode == CACHET_FORWARD_ATTACHMENT);
  gtk_window_present (GTK_WINDOW (composer));
  return TRUE;
}

gboolean
cachet_answer_open_draft (GtkApplication *application,
                          CachetEngine *engine,
                          CachetMimeMessage *message,
                          CachetMessageRow *row,
                          GError **error)
{
  g_autoptr (CachetDraft) draft = cachet_draft_new_from_message (message, error);
  CachetComposer *composer;

  if (draft == NULL)
    return FALSE;
  composer = cachet_composer_new (application, engine, account_of (row), draft);
  cachet_composer_set_draft_row (composer, row);
  gtk_window_present (GTK_WINDOW (composer));
  return TRUE;
}

gboolean
cachet_answer_open_mailto (GtkApplication *application,
                           CachetEngine *engine,
                           CachetAccount *account,
                           const char *uri,
                           GError **error)
{
  g_auto (GStrv) ignored = NULL;
  g_autoptr (CachetDraft) draft = cachet_draft_new_from_mailto (uri, &ignored, error);
  CachetComposer *composer;

  if (draft == NULL)
    return FALSE;
  composer = cachet_composer_new (application, engine, account, draft);
  if (ignored != NULL && ignored[0] != NULL)
    {
      g_autofree char *names = g_strjoinv (", ", ignored);
      g_autofree char *note = g_strdup_printf (
        /* Translators: %s are names of header fields */
        _ ("The link also asked for this, which Cachet never takes from a link: %s."), names);

      cachet_composer_show_note (composer, note);
    }
  gtk_window_present (GTK_WINDOW (composer));
  return TRUE;
}
