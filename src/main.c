#define G_LOG_DOMAIN "cachet"

#include "config.h"

#include "cachet-application.h"

#include <glib/gi18n.h>
#include <locale.h>

int
main (int argc, char **argv)
{
  g_autoptr (CachetApplication) application = NULL;
  /* set by ./run and the tests, which start the program from the build folder */
  const char *locale_dir = g_getenv ("CACHET_LOCALEDIR");

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locale_dir != NULL ? locale_dir : CACHET_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_application_name ("Cachet");
  application = cachet_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
