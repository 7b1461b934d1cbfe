#define G_LOG_DOMAIN "cachet-mime"

#include "config.h"

#include "cachet-mime-warnings.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cachet-address.h"
#include "cachet-mime-file-name.h"
#include "cachet-visible-text.h"

/* File names of which the warnings speak; more would bury the rest. */
#define MAX_NAMED_FILES 5

gboolean
cachet_mime_text_has_tricks (const char *text)
{
  return strstr (text, "\xe2\x90\x80") != NULL || cachet_text_has_odd_characters (text);
}

/* Whether @name has something that reads as an address and is not @addr. */
static gboolean
poses_as_other_address (const char *name, const char *addr)
{
  g_autofree char *folded_name = g_utf8_casefold (name, -1);
  g_autofree char *folded_addr = g_utf8_casefold (addr, -1);
  const char *found = strstr (folded_name, folded_addr);
  const char *at = strchr (folded_name, '@');

  /* U+FF20 and U+FE6B look like "@". */
  if (at == NULL && strstr (folded_name, "\xef\xbc\xa0") == NULL &&
      strstr (folded_name, "\xef\xb9\xab") == NULL)
    return FALSE;
  /* A name that is the address itself is what many mailers write. */
  return *folded_addr == '\0' || found == NULL ||
         strchr (found + strlen (folded_addr), '@') != NULL || (at != NULL && at < found);
}

static void
warn_of_sender (GStrvBuilder *out, CachetMimeMessage *message, const CachetMimeFindings *findings)
{
  GPtrArray *from = cachet_mime_message_get_addresses (message, CACHET_MIME_FROM);
  gboolean odd = FALSE;
  gboolean poses = FALSE;
  gboolean incomplete = FALSE;

  if (from->len == 0)
    {
      g_strv_builder_add (out, _ ("The message does not say who it is from."));
      return;
    }
  if (findings->n_from_fields > 1)
    g_strv_builder_add (out, _ ("The message has more than one From field, so other programs may "
                                "show another sender."));
  if (from->len > 1)
    g_strv_builder_add (out, _ ("The message names more than one sender; any of them may be "
                                "false."));
  for (guint i = 0; i < from->len; i++)
    {
      const CachetAddress *address = g_ptr_array_index (from, i);

      odd |= cachet_mime_text_has_tricks (address->addr) ||
             (address->name != NULL && cachet_mime_text_has_tricks (address->name));
      poses |= address->name != NULL && poses_as_other_address (address->name, address->addr);
      incomplete |= strchr (address->addr, '@') == NULL;
    }
  if (odd)
    g_strv_builder_add (out, _ ("The sender’s name or address has characters that are usually "
                                "invisible; they are shown here as signs."));
  if (poses)
    g_strv_builder_add (out, _ ("The sender’s name looks like a mail address, but the message "
                                "comes from another one."));
  if (incomplete)
    g_strv_builder_add (out, _ ("The sender’s address is not complete."));
}

static void
warn_of_files (GStrvBuilder *out, CachetMimeMessage *message)
{
  GPtrArray *attachments = cachet_mime_message_get_attachments (message);
  guint n_named = 0;

  for (guint i = 0; i < attachments->len && n_named < MAX_NAMED_FILES; i++)
    {
      const CachetMimePart *part = g_ptr_array_index (attachments, i);
      g_autofree char *sentence = NULL;

      if (part->name_has_tricks)
        sentence = g_strdup_printf (_ ("The name of the attachment “%s” was made safe: it had a "
                                       "path or misleading characters."),
                                       part->file_name);
      else if (cachet_file_name_is_program (part->file_name))
        sentence = g_strdup_printf (_ ("The attachment “%s” is a program: opening it may let "
                                       "others take over your computer."),
                                       part->file_name);
      if (sentence == NULL)
        continue;
      g_strv_builder_add (out, sentence);
      n_named++;
    }
}

static void
warn_of_shape (GStrvBuilder *out,
               const CachetMimeFindings *findings,
               const CachetMimeBudget *budget)
{
  if (findings->odd_subject)
    g_strv_builder_add (out, _ ("The subject has characters that are usually invisible; they are "
                                "shown here as signs."));
  if (findings->n_content_type_fields > 1)
    g_strv_builder_add (out, _ ("The message says more than once what it consists of; the first "
                                "one counts here, other programs may show something else."));
  if (budget->no_boundary)
    g_strv_builder_add (out, _ ("A part of the message could not be taken apart and is shown as "
                                "it is."));
  if (budget->too_deep)
    g_strv_builder_add (out, _ ("The message is nested so deeply that its innermost parts are not "
                                "shown."));
  if (budget->too_many)
    g_strv_builder_add (out, _ ("The message has so many parts that only the first ones are "
                                "shown."));
  if (findings->text_cut)
    g_strv_builder_add (out, _ ("The text is so long that only its beginning is shown; the whole "
                                "is in the message source."));
  if (findings->headers_cut)
    g_strv_builder_add (out, _ ("The message has so many header lines that only the first ones "
                                "are shown."));
  if (findings->addresses_cut)
    g_strv_builder_add (out, _ ("The message has so many recipients that only the first ones are "
                                "shown."));
}

char **
cachet_mime_warnings_collect (CachetMimeMessage *message,
                              const CachetMimeFindings *findings,
                              const CachetMimeBudget *budget)
{
  g_autoptr (GStrvBuilder) out = g_strv_builder_new ();

  warn_of_sender (out, message, findings);
  warn_of_shape (out, findings, budget);
  warn_of_files (out, message);
  return g_strv_builder_end (out);
}
