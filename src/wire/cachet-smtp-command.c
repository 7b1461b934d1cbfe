#define G_LOG_DOMAIN "cachet-wire"

#include "config.h"

#include "cachet-smtp-command.h"

#include "cachet-address.h"
#include "cachet-visible-text.h"

#include <glib/gi18n.h>
#include <string.h>

G_DEFINE_QUARK (cachet - smtp - command - error - quark, cachet_smtp_command_error)

gboolean
cachet_smtp_address_needs_utf8 (const char *address)
{
  const char *at = strrchr (address, '@');
  const char *end = at != NULL ? at : address + strlen (address);

  for (const char *c = address; c < end; c++)
    if ((guchar)*c >= 0x80)
      return TRUE;
  return FALSE;
}

static gboolean
refuse (const char *address, CachetSmtpCommandError code, const char *reason, GError **error)
{
  g_autofree char *visible = cachet_visible_text (address, -1, FALSE);

  g_set_error (error, CACHET_SMTP_COMMAND_ERROR, (int)code,
               _ ("No mail can be sent to or from the address “%s”: %s"), visible, reason);
  return FALSE;
}

/* The address as it goes between the angle brackets. Besides what no address may hold, control
 * characters are refused: none stands in a line of Cachet's. */
static char *
encode_address (const char *address, gboolean utf8, GError **error)
{
  const char *at = strrchr (address, '@');
  g_autofree char *domain = NULL;

  if (!cachet_addr_spec_is_sendable (address) || at == NULL || at == address || at[1] == '\0')
    {
      refuse (address, CACHET_SMTP_COMMAND_ERROR_ADDRESS,
              _ ("it is not of the form name@domain, or has characters in it that no address may "
                 "have."),
                 error);
      return NULL;
    }
  for (const char *c = address; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      {
        refuse (address, CACHET_SMTP_COMMAND_ERROR_ADDRESS,
                _ ("it has a control character in it."), error);
        return NULL;
      }
  if (strlen (address) > CACHET_SMTP_MAX_ADDRESS || !g_utf8_validate (address, -1, NULL))
    {
      refuse (address, CACHET_SMTP_COMMAND_ERROR_ADDRESS,
              _ ("it is too long, or not valid text."), error);
      return NULL;
    }
  if (utf8 || g_str_is_ascii (address))
    return g_strdup (address);
  if (cachet_smtp_address_needs_utf8 (address))
    {
      refuse (address, CACHET_SMTP_COMMAND_ERROR_NEEDS_UTF8,
              _ ("the mail server takes only addresses in ASCII letters (it does not offer "
                 "SMTPUTF8)."),
                 error);
      return NULL;
    }
  domain = g_hostname_to_ascii (at + 1);
  if (domain == NULL || domain[0] == '\0')
    {
      refuse (address, CACHET_SMTP_COMMAND_ERROR_ADDRESS,
              _ ("its domain is no valid international domain name."), error);
      return NULL;
    }
  return g_strdup_printf ("%.*s@%s", (int)(at - address), address, domain);
}

char *
cachet_smtp_command_mail (const char *from, guint64 size, CachetSmtpMailFlags flags, GError **error)
{
  g_autofree char *path = NULL;
  GString *line;

  g_return_val_if_fail (from != NULL, NULL);

  if (from[0] == '\0')
    path = g_strdup ("");
  else
    path = encode_address (from, (flags & CACHET_SMTP_MAIL_SMTPUTF8) != 0, error);
  if (path == NULL)
    return NULL;
  line = g_string_new (NULL);
  g_string_append_printf (line, "MAIL FROM:<%s>", path);
  if (size > 0)
    g_string_append_printf (line, " SIZE=%" G_GUINT64_FORMAT, size);
  if (flags & CACHET_SMTP_MAIL_8BITMIME)
    g_string_append (line, " BODY=8BITMIME");
  if (flags & CACHET_SMTP_MAIL_SMTPUTF8)
    g_string_append (line, " SMTPUTF8");
  if (flags & CACHET_SMTP_MAIL_RET_HDRS)
    g_string_append (line, " RET=HDRS");
  return g_string_free (line, FALSE);
}

/* RFC 3461 §4: xtext */
static void
append_xtext (GString *line, const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    if (*c > ' ' && *c < 127 && *c != '+' && *c != '=')
      g_string_append_c (line, *c);
    else
      g_string_append_printf (line, "+%02X", (guchar)*c);
}

char *
cachet_smtp_command_rcpt (const char *to, CachetSmtpRcptFlags flags, GError **error)
{
  g_autofree char *path = NULL;
  GString *line;

  g_return_val_if_fail (to != NULL, NULL);

  path = encode_address (to, (flags & CACHET_SMTP_RCPT_SMTPUTF8) != 0, error);
  if (path == NULL)
    return NULL;
  line = g_string_new (NULL);
  g_string_append_printf (line, "RCPT TO:<%s>", path);
  if (flags & CACHET_SMTP_RCPT_NOTIFY)
    {
      g_string_append (line, " NOTIFY=SUCCESS,FAILURE,DELAY");
      /* RFC 6533 has another form for addresses that are not ASCII: they go without. */
      if (g_str_is_ascii (path))
        {
          g_string_append (line, " ORCPT=rfc822;");
          append_xtext (line, path);
        }
    }
  return g_string_free (line, FALSE);
}
