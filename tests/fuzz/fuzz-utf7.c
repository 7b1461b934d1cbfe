#include "config.h"

#include "cachet-imap-utf7.h"
#include "fuzz-driver.h"

#include <glib.h>
#include <string.h>

const char *const fuzz_dictionary[] = { "&", "-", "&-", "&AOk-", "&2D3eAA-", "&2D0-", NULL };

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autofree char *decoded = cachet_imap_utf7_decode (text);

  if (decoded != NULL)
    {
      g_autofree char *encoded = cachet_imap_utf7_encode (decoded);
      g_autofree char *again = cachet_imap_utf7_decode (encoded);

      g_assert (g_utf8_validate (decoded, -1, NULL));
      g_assert_cmpstr (again, ==, decoded);
    }
  if (g_utf8_validate (text, -1, NULL))
    {
      g_autofree char *encoded = cachet_imap_utf7_encode (text);
      g_autofree char *back = cachet_imap_utf7_decode (encoded);

      g_assert_cmpstr (back, ==, text);
    }
  return 0;
}
