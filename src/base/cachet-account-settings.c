#define G_LOG_DOMAIN "cachet-base"

#include "config.h"

#include "cachet-account-settings.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cachet-address.h"

G_DEFINE_BOXED_TYPE (CachetAccountSettings,
                     cachet_account_settings,
                     cachet_account_settings_copy,
                     cachet_account_settings_free)

static const char *const auth_names[] = { "auto", "plain", "login", "cram-md5", NULL };

CachetAccountSettings *
cachet_account_settings_new (void)
{
  CachetAccountSettings *self = g_new0 (CachetAccountSettings, 1);

  self->id = g_uuid_string_random ();
  self->label = g_strdup ("");
  self->address = g_strdup ("");
  self->imap_user = g_strdup ("");
  self->smtp_user = g_strdup ("");
  self->auth = g_strdup ("auto");
  return self;
}

CachetAccountSettings *
cachet_account_settings_copy (const CachetAccountSettings *self)
{
  CachetAccountSettings *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new0 (CachetAccountSettings, 1);
  copy->id = g_strdup (self->id);
  copy->label = g_strdup (self->label);
  copy->full_name = g_strdup (self->full_name);
  copy->address = g_strdup (self->address);
  copy->imap = self->imap != NULL ? cachet_endpoint_copy (self->imap) : NULL;
  copy->smtp = self->smtp != NULL ? cachet_endpoint_copy (self->smtp) : NULL;
  copy->imap_user = g_strdup (self->imap_user);
  copy->smtp_user = g_strdup (self->smtp_user);
  copy->auth = g_strdup (self->auth);
  copy->allow_clear_password = self->allow_clear_password;
  copy->signature = g_strdup (self->signature);
  copy->delete_mode = self->delete_mode;
  return copy;
}

void
cachet_account_settings_free (CachetAccountSettings *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->label);
  g_free (self->full_name);
  g_free (self->address);
  cachet_endpoint_free (self->imap);
  cachet_endpoint_free (self->smtp);
  g_free (self->imap_user);
  g_free (self->smtp_user);
  g_free (self->auth);
  g_free (self->signature);
  g_free (self);
}

static gboolean
fail (GError **error, const char *message)
{
  g_set_error_literal (error, CACHET_BASE_ERROR, CACHET_BASE_ERROR_INVALID, message);
  return FALSE;
}

/* Log-in names and the sender's name are put on single protocol or header lines. */
static gboolean
is_single_line (const char *text)
{
  if (text == NULL)
    return TRUE;
  if (!g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (const char *p = text; *p != '\0'; p++)
    if ((guchar)*p < ' ' || *p == 0x7f)
      return FALSE;
  return TRUE;
}

static gboolean
is_usable (const CachetEndpoint *endpoint)
{
  g_autofree char *text = NULL;
  g_autoptr (CachetEndpoint) parsed = NULL;

  if (endpoint == NULL || endpoint->port == 0)
    return FALSE;
  text = cachet_endpoint_to_string (endpoint);
  parsed = cachet_endpoint_parse (text, 0, endpoint->security, NULL);
  return parsed != NULL && (endpoint->ca_file == NULL || g_path_is_absolute (endpoint->ca_file));
}

gboolean
cachet_account_settings_validate (const CachetAccountSettings *self, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->id == NULL || *self->id == '\0')
    return fail (error, _ ("The account has no identifier. Add it anew."));
  if (!cachet_addr_spec_is_sendable (self->address))
    return fail (error, _ ("The mail address of the account is not complete. Write it as "
                           "name@example.org."));
  if (!is_single_line (self->full_name) || !is_single_line (self->label))
    return fail (error, _ ("The name of the account has control characters. Write it anew, on one "
                           "line."));
  if (!is_usable (self->imap))
    return fail (error, _ ("The server for incoming mail (IMAP) needs a name, a port from 1 to "
                           "65535, and, if a file of authorities is given, its absolute path."));
  if (!is_usable (self->smtp))
    return fail (error, _ ("The server for outgoing mail (SMTP) needs a name, a port from 1 to "
                           "65535, and, if a file of authorities is given, its absolute path."));
  if (self->imap_user == NULL || *self->imap_user == '\0' || !is_single_line (self->imap_user))
    return fail (error, _ ("The user name for incoming mail is missing or has control "
                           "characters."));
  if (!is_single_line (self->smtp_user))
    return fail (error, _ ("The user name for outgoing mail has control characters."));
  if (self->auth == NULL || !g_strv_contains (auth_names, self->auth))
    return fail (error, _ ("The way to log in is not known: it must be auto, plain, login or "
                           "cram-md5."));
  return TRUE;
}
