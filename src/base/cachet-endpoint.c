#define G_LOG_DOMAIN "cachet-base"

#include "config.h"

#include "cachet-endpoint.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <string.h>

G_DEFINE_BOXED_TYPE (CachetEndpoint, cachet_endpoint, cachet_endpoint_copy, cachet_endpoint_free)

static const char *const security_names[] = { "none", "starttls", "tls" };

CachetEndpoint *
cachet_endpoint_new (const char *host, guint16 port, CachetSecurity security)
{
  CachetEndpoint *self;

  g_return_val_if_fail (host != NULL, NULL);

  self = g_new0 (CachetEndpoint, 1);
  self->host = g_strdup (host);
  self->port = port;
  self->security = security;
  return self;
}

CachetEndpoint *
cachet_endpoint_copy (const CachetEndpoint *self)
{
  CachetEndpoint *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = cachet_endpoint_new (self->host, self->port, self->security);
  copy->ca_file = g_strdup (self->ca_file);
  return copy;
}

void
cachet_endpoint_free (CachetEndpoint *self)
{
  if (self == NULL)
    return;
  g_free (self->host);
  g_free (self->ca_file);
  g_free (self);
}

gboolean
cachet_endpoint_equal (const CachetEndpoint *a, const CachetEndpoint *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  return g_ascii_strcasecmp (a->host, b->host) == 0 && a->port == b->port &&
         a->security == b->security && g_strcmp0 (a->ca_file, b->ca_file) == 0;
}

char *
cachet_endpoint_to_string (const CachetEndpoint *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (strchr (self->host, ':') != NULL)
    return g_strdup_printf ("[%s]:%u", self->host, self->port);
  return g_strdup_printf ("%s:%u", self->host, self->port);
}

static gboolean
host_is_plausible (const char *host)
{
  if (*host == '\0' || !g_utf8_validate (host, -1, NULL))
    return FALSE;
  if (strchr (host, ':') != NULL)
    return g_hostname_is_ip_address (host);
  for (const char *p = host; *p != '\0'; p++)
    if ((guchar)*p <= ' ' || *p == 0x7f || strchr ("@/\\[]<>\"'", *p) != NULL)
      return FALSE;
  return TRUE;
}

/* Cuts @text into @host and (nullable) @port. */
static gboolean
split_host_port (const char *text, char **host, char **port)
{
  const char *colon;

  if (*text == '[')
    {
      const char *end = strchr (text, ']');

      if (end == NULL || (end[1] != '\0' && end[1] != ':'))
        return FALSE;
      *host = g_strndup (text + 1, (gsize)(end - text - 1));
      *port = end[1] == ':' ? g_strdup (end + 2) : NULL;
      return strchr (*host, ':') != NULL;
    }
  colon = strchr (text, ':');
  if (colon == NULL || strchr (colon + 1, ':') != NULL)
    {
      *host = g_strdup (text);
      *port = NULL;
      return TRUE;
    }
  *host = g_strndup (text, (gsize)(colon - text));
  *port = g_strdup (colon + 1);
  return TRUE;
}

CachetEndpoint *
cachet_endpoint_parse (const char *text,
                       guint16 default_port,
                       CachetSecurity security,
                       GError **error)
{
  g_autofree char *stripped = NULL;
  g_autofree char *host = NULL;
  g_autofree char *port_text = NULL;
  guint64 port = default_port;

  g_return_val_if_fail (text != NULL, NULL);

  stripped = g_strstrip (g_strdup (text));
  if (!split_host_port (stripped, &host, &port_text) || !host_is_plausible (host))
    {
      g_set_error (error, CACHET_BASE_ERROR, CACHET_BASE_ERROR_INVALID,
                   _ ("“%s” is not the name or address of a server. Write it as "
                      "mail.example.org or mail.example.org:993."),
                      stripped);
      return NULL;
    }
  if (port_text != NULL && !g_ascii_string_to_unsigned (port_text, 10, 1, 65535, &port, NULL))
    {
      g_set_error (error, CACHET_BASE_ERROR, CACHET_BASE_ERROR_INVALID,
                   _ ("“%s” is not a port: it must be a number from 1 to 65535."), port_text);
      return NULL;
    }
  return cachet_endpoint_new (host, (guint16)port, security);
}

const char *
cachet_security_to_string (CachetSecurity security)
{
  g_return_val_if_fail ((guint)security < G_N_ELEMENTS (security_names), NULL);

  return security_names[security];
}

gboolean
cachet_security_from_string (const char *text, CachetSecurity *security)
{
  g_return_val_if_fail (text != NULL && security != NULL, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (security_names); i++)
    if (g_ascii_strcasecmp (text, security_names[i]) == 0)
      {
        *security = (CachetSecurity)i;
        return TRUE;
      }
  return FALSE;
}
