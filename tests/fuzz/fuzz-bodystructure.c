#include "config.h"

#include "cachet-imap-extract.h"
#include "cachet-imap-parser.h"
#include "fuzz-driver.h"

#include <string.h>

const char *const fuzz_dictionary[] = {
  "(",
  ")",
  "()",
  "((",
  "))",
  "NIL ",
  "\"TEXT\" \"PLAIN\" ",
  "\"MIXED\"",
  "(\"NAME\" \"a\")",
  "(\"ATTACHMENT\" (\"FILENAME\" \"a\"))",
  "(\"INLINE\" NIL)",
  "\"MESSAGE\" \"RFC822\" ",
  "\"RELATED\"",
  "\"SIGNED\"",
  "(((((((((((((((((((((((((((((((((((((((((((((((((((",
  NULL,
};

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (CachetImapParser) parser = cachet_imap_parser_new ();
  g_autoptr (CachetImapResponse) response = NULL;
  g_autoptr (CachetImapFetch) fetch = NULL;
  g_autofree char *line = g_strndup ((const char *)data, size);

  /* all on one line, and not a literal at its end */
  g_strdelimit (line, "\r\n{", ' ');
  cachet_imap_parser_feed (parser, "* 1 FETCH (BODYSTRUCTURE ", 25);
  cachet_imap_parser_feed (parser, line, strlen (line));
  cachet_imap_parser_feed (parser, "\r\n", 2);
  g_assert (cachet_imap_parser_take (parser, &response, NULL) == CACHET_IMAP_PARSER_READY);
  fetch = cachet_imap_extract_fetch (response);
  g_assert (fetch != NULL && fetch->seq == 1);
  g_assert (fetch->content_type == NULL || g_utf8_validate (fetch->content_type, -1, NULL));
  return 0;
}
