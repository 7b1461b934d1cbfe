#define G_LOG_DOMAIN "cachet-base"

#include "config.h"

#include "cachet-message-flags.h"

static const struct
{
  CachetMessageFlags flag;
  const char *name;
} flag_names[] = {
  { CACHET_MESSAGE_FLAG_SEEN, "\\Seen" },       { CACHET_MESSAGE_FLAG_ANSWERED, "\\Answered" },
  { CACHET_MESSAGE_FLAG_FLAGGED, "\\Flagged" }, { CACHET_MESSAGE_FLAG_DELETED, "\\Deleted" },
  { CACHET_MESSAGE_FLAG_DRAFT, "\\Draft" },     { CACHET_MESSAGE_FLAG_FORWARDED, "$Forwarded" },
  { CACHET_MESSAGE_FLAG_JUNK, "$Junk" },        { CACHET_MESSAGE_FLAG_NOT_JUNK, "$NotJunk" },
  { CACHET_MESSAGE_FLAG_MDN_SENT, "$MDNSent" },
};

const char *
cachet_message_flag_to_imap (CachetMessageFlags flag)
{
  for (guint i = 0; i < G_N_ELEMENTS (flag_names); i++)
    if (flag_names[i].flag == flag)
      return flag_names[i].name;
  return NULL;
}

CachetMessageFlags
cachet_message_flag_from_imap (const char *name)
{
  g_return_val_if_fail (name != NULL, CACHET_MESSAGE_FLAG_NONE);

  for (guint i = 0; i < G_N_ELEMENTS (flag_names); i++)
    if (g_ascii_strcasecmp (flag_names[i].name, name) == 0)
      return flag_names[i].flag;
  return CACHET_MESSAGE_FLAG_NONE;
}
