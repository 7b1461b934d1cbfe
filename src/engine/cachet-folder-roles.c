#define G_LOG_DOMAIN "cachet-engine"

#include "config.h"

#include "cachet-folder-roles.h"

#include "cachet-imap-data.h"

#include <glib/gi18n.h>
#include <string.h>

static const struct
{
  CachetFolderRole role;
  const char *const *names; /* compared without case */
} known_names[] = {
  { CACHET_FOLDER_ROLE_SENT,
    (const char *const[]){ "Sent", "Sent Items", "Sent Mail", "Sent Messages", "Envoyés",
                           "Éléments envoyés", "Messages envoyés", "Gesendet", "Gesendete Objekte",
                           "Gesendete Elemente", "Enviados", "Elementos enviados", "Inviati",
                           "Posta inviata", "Verzonden", "Skickat", "Wysłane", "Отправленные",
                           NULL } },
  { CACHET_FOLDER_ROLE_TRASH,
    (const char *const[]){ "Trash", "Deleted", "Deleted Items", "Deleted Messages", "Bin",
                           "Corbeille", "Éléments supprimés", "Papierkorb", "Gelöscht",
                           "Gelöschte Objekte", "Gelöschte Elemente", "Papelera", "Cestino",
                           "Lixeira", "Prullenbak", "Papperskorg", "Kosz", "Корзина", NULL } },
  { CACHET_FOLDER_ROLE_DRAFTS,
    (const char *const[]){ "Drafts", "Draft", "Brouillons", "Entwürfe", "Borradores", "Bozze",
                           "Rascunhos", "Concepten", "Utkast", "Szkice", "Черновики", NULL } },
  { CACHET_FOLDER_ROLE_JUNK,
    (const char *const[]){ "Junk", "Spam", "Junk E-mail", "Junk Email", "Bulk Mail", "Indésirables",
                           "Courrier indésirable", "Pourriel", "Spamverdacht", "Correo no deseado",
                           "Posta indesiderata", "Ongewenste e-mail", "Skräppost", "Спам", NULL } },
  { CACHET_FOLDER_ROLE_ARCHIVE,
    (const char *const[]){ "Archives", "Archive", "Archiv", "Archivo", "Archivio", "Archief",
                           "Arkiv", "Archiwum", "Архив", NULL } },
};

const char *
cachet_folder_last_component (const char *display_name, char delimiter)
{
  const char *last = delimiter != '\0' ? strrchr (display_name, delimiter) : NULL;

  /* a name that ends with the delimiter has no empty last part */
  return last != NULL && last[1] != '\0' ? last + 1 : display_name;
}

CachetFolderRole
cachet_folder_role_from_name (const char *name)
{
  g_autofree char *folded = NULL;

  g_return_val_if_fail (name != NULL, CACHET_FOLDER_ROLE_NONE);

  folded = g_utf8_casefold (name, -1);
  for (guint i = 0; i < G_N_ELEMENTS (known_names); i++)
    for (guint j = 0; known_names[i].names[j] != NULL; j++)
      {
        g_autofree char *known = g_utf8_casefold (known_names[i].names[j], -1);

        if (g_utf8_collate (known, folded) == 0 || strcmp (known, folded) == 0)
          return known_names[i].role;
      }
  return CACHET_FOLDER_ROLE_NONE;
}

static gboolean
is_real (const CachetStoredMailbox *mailbox)
{
  return (mailbox->attributes & (CACHET_IMAP_MAILBOX_NOSELECT | CACHET_IMAP_MAILBOX_NONEXISTENT)) ==
         0;
}

/* "Sent", or "INBOX.Sent" as some servers put everything below the inbox; not "Lists/Sent". */
static gboolean
is_top (const CachetStoredMailbox *mailbox)
{
  const char *last = cachet_folder_last_component (mailbox->display_name, mailbox->delimiter);
  gsize length = last - mailbox->display_name;

  return length == 0 ||
         (length == strlen ("INBOX") + 1 &&
          g_ascii_strncasecmp (mailbox->display_name, "INBOX", strlen ("INBOX")) == 0);
}

void
cachet_folder_roles_complete (GPtrArray *mailboxes)
{
  gboolean taken[CACHET_FOLDER_ROLE_FLAGGED + 1] = { FALSE };

  for (guint i = 0; i < mailboxes->len; i++)
    {
      CachetStoredMailbox *mailbox = g_ptr_array_index (mailboxes, i);

      if (g_ascii_strcasecmp (mailbox->name, "INBOX") == 0)
        mailbox->role = CACHET_FOLDER_ROLE_INBOX;
      if (mailbox->role != CACHET_FOLDER_ROLE_NONE && (taken[mailbox->role] || !is_real (mailbox)))
        mailbox->role = CACHET_FOLDER_ROLE_NONE;
      taken[mailbox->role] = TRUE;
    }
  for (guint i = 0; i < mailboxes->len; i++)
    {
      CachetStoredMailbox *mailbox = g_ptr_array_index (mailboxes, i);
      CachetFolderRole role;

      if (mailbox->role != CACHET_FOLDER_ROLE_NONE || !is_real (mailbox) || !is_top (mailbox))
        continue;
      role = cachet_folder_role_from_name (
        cachet_folder_last_component (mailbox->display_name, mailbox->delimiter));
      if (role == CACHET_FOLDER_ROLE_NONE || taken[role])
        continue;
      mailbox->role = role;
      taken[role] = TRUE;
    }
}

const char *
cachet_folder_role_get_title (CachetFolderRole role)
{
  switch (role)
    {
    case CACHET_FOLDER_ROLE_INBOX:
      return _ ("Inbox");
    case CACHET_FOLDER_ROLE_DRAFTS:
      return _ ("Drafts");
    case CACHET_FOLDER_ROLE_SENT:
      return _ ("Sent");
    case CACHET_FOLDER_ROLE_ARCHIVE:
      return C_ ("folder", "Archive");
    case CACHET_FOLDER_ROLE_JUNK:
      return _ ("Junk");
    case CACHET_FOLDER_ROLE_TRASH:
      return _ ("Trash");
    case CACHET_FOLDER_ROLE_ALL:
      return _ ("All mail");
    case CACHET_FOLDER_ROLE_FLAGGED:
      return _ ("Starred");
    case CACHET_FOLDER_ROLE_NONE:
    default:
      return NULL;
    }
}

const char *
cachet_folder_role_get_default_name (CachetFolderRole role)
{
  switch (role)
    {
    case CACHET_FOLDER_ROLE_DRAFTS:
      return "Drafts";
    case CACHET_FOLDER_ROLE_SENT:
      return "Sent";
    case CACHET_FOLDER_ROLE_ARCHIVE:
      return "Archives";
    case CACHET_FOLDER_ROLE_JUNK:
      return "Junk";
    case CACHET_FOLDER_ROLE_TRASH:
      return "Trash";
    case CACHET_FOLDER_ROLE_NONE:
    case CACHET_FOLDER_ROLE_INBOX:
    case CACHET_FOLDER_ROLE_ALL:
    case CACHET_FOLDER_ROLE_FLAGGED:
    default:
      return NULL;
    }
}

guint
cachet_folder_role_get_rank (CachetFolderRole role)
{
  static const CachetFolderRole ranks[] = {
    CACHET_FOLDER_ROLE_INBOX,   CACHET_FOLDER_ROLE_DRAFTS,  CACHET_FOLDER_ROLE_SENT,
    CACHET_FOLDER_ROLE_ARCHIVE, CACHET_FOLDER_ROLE_JUNK,    CACHET_FOLDER_ROLE_TRASH,
    CACHET_FOLDER_ROLE_ALL,     CACHET_FOLDER_ROLE_FLAGGED,
  };

  for (guint i = 0; i < G_N_ELEMENTS (ranks); i++)
    if (ranks[i] == role)
      return i;
  return G_N_ELEMENTS (ranks);
}
