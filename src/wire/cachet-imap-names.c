#define G_LOG_DOMAIN "cachet-wire"

#include "config.h"

#include "cachet-imap-response-private.h"

typedef struct
{
  const char *name;
  guint8 length;
  guint8 value;
} Name;

#define NAME(text, value)          \
  {                                \
    text, sizeof (text) - 1, value \
  }
#define KEYWORD(word) NAME (#word, CACHET_IMAP_KEYWORD_##word)
#define CODE(word) NAME (#word, CACHET_IMAP_CODE_##word)

static const Name conditions[] = {
  NAME ("OK", CACHET_IMAP_CONDITION_OK),           NAME ("NO", CACHET_IMAP_CONDITION_NO),
  NAME ("BAD", CACHET_IMAP_CONDITION_BAD),         NAME ("BYE", CACHET_IMAP_CONDITION_BYE),
  NAME ("PREAUTH", CACHET_IMAP_CONDITION_PREAUTH),
};

/* those that come in masses first */
static const Name keywords[] = {
  KEYWORD (FETCH),     KEYWORD (EXISTS),   KEYWORD (EXPUNGE), KEYWORD (LIST),  KEYWORD (STATUS),
  KEYWORD (LSUB),      KEYWORD (VANISHED), KEYWORD (RECENT),  KEYWORD (FLAGS), KEYWORD (CAPABILITY),
  KEYWORD (ENABLED),   KEYWORD (ESEARCH),  KEYWORD (ID),      KEYWORD (QUOTA), KEYWORD (QUOTAROOT),
  KEYWORD (NAMESPACE), KEYWORD (SEARCH),   KEYWORD (SORT),    KEYWORD (XLIST),
};

static const Name codes[] = {
  CODE (ALERT),
  CODE (ALREADYEXISTS),
  CODE (APPENDUID),
  CODE (AUTHENTICATIONFAILED),
  CODE (AUTHORIZATIONFAILED),
  CODE (BADCHARSET),
  CODE (CANNOT),
  CODE (CAPABILITY),
  CODE (CLIENTBUG),
  CODE (CLOSED),
  CODE (CONTACTADMIN),
  CODE (COPYUID),
  CODE (CORRUPTION),
  CODE (EXPIRED),
  CODE (EXPUNGEISSUED),
  CODE (HASCHILDREN),
  CODE (HIGHESTMODSEQ),
  CODE (INUSE),
  CODE (LIMIT),
  CODE (MODIFIED),
  CODE (NOMODSEQ),
  CODE (NONEXISTENT),
  CODE (NOPERM),
  CODE (OVERQUOTA),
  CODE (PARSE),
  CODE (PERMANENTFLAGS),
  CODE (PRIVACYREQUIRED),
  NAME ("READ-ONLY", CACHET_IMAP_CODE_READ_ONLY),
  NAME ("READ-WRITE", CACHET_IMAP_CODE_READ_WRITE),
  CODE (REFERRAL),
  CODE (SERVERBUG),
  CODE (TOOBIG),
  CODE (TRYCREATE),
  CODE (UIDNEXT),
  CODE (UIDNOTSTICKY),
  CODE (UIDVALIDITY),
  CODE (UNAVAILABLE),
  NAME ("UNKNOWN-CTE", CACHET_IMAP_CODE_UNKNOWN_CTE),
  CODE (UNSEEN),
};

static guint
find_name (const Name *names, gsize n_names, const char *name, gsize length, guint otherwise)
{
  for (gsize i = 0; i < n_names; i++)
    if (names[i].length == length && g_ascii_strncasecmp (names[i].name, name, length) == 0)
      return names[i].value;
  return otherwise;
}

CachetImapCondition
cachet_imap_condition_from_name (const char *name, gsize length)
{
  return (CachetImapCondition)find_name (conditions, G_N_ELEMENTS (conditions), name, length,
                                         CACHET_IMAP_CONDITION_NONE);
}

CachetImapKeyword
cachet_imap_keyword_from_name (const char *name, gsize length)
{
  return (CachetImapKeyword)find_name (keywords, G_N_ELEMENTS (keywords), name, length,
                                       CACHET_IMAP_KEYWORD_OTHER);
}

CachetImapCode
cachet_imap_code_from_name (const char *name, gsize length)
{
  return (CachetImapCode)find_name (codes, G_N_ELEMENTS (codes), name, length,
                                    CACHET_IMAP_CODE_OTHER);
}
