#define G_LOG_DOMAIN "cachet-mime"

#include "config.h"

#include "cachet-mime-types.h"

#include <gmime/gmime.h>
#include <libxml/parser.h>

G_DEFINE_QUARK (cachet - mime - error - quark, cachet_mime_error)

void
cachet_mime_init (void)
{
  static gsize done;

  if (g_once_init_enter (&done))
    {
      g_mime_init ();
      xmlInitParser ();
      g_once_init_leave (&done, 1);
    }
}
