#define G_LOG_DOMAIN "cachet-net"

#include "config.h"

#include "cachet-tls-anchors.h"

#include <glib/gi18n.h>

struct _CachetTlsAnchors
{
  GTlsDatabase parent_instance;

  GTlsDatabase *system;
  GTlsDatabase *file;
};

G_DEFINE_FINAL_TYPE (CachetTlsAnchors, cachet_tls_anchors, G_TYPE_TLS_DATABASE)

/* Called on the thread of a handshake: both databases may be used from any thread. */
static GTlsCertificateFlags
cachet_tls_anchors_verify_chain (GTlsDatabase *database,
                                 GTlsCertificate *chain,
                                 const char *purpose,
                                 GSocketConnectable *identity,
                                 GTlsInteraction *interaction,
                                 GTlsDatabaseVerifyFlags flags,
                                 GCancellable *cancellable,
                                 GError **error)
{
  CachetTlsAnchors *self = CACHET_TLS_ANCHORS (database);
  GTlsCertificateFlags found;

  found = g_tls_database_verify_chain (self->system, chain, purpose, identity, interaction, flags,
                                       cancellable, error);
  if ((found & G_TLS_CERTIFICATE_UNKNOWN_CA) == 0 || (error != NULL && *error != NULL))
    return found;

  return g_tls_database_verify_chain (self->file, chain, purpose, identity, interaction, flags,
                                      cancellable, error);
}

static void
cachet_tls_anchors_dispose (GObject *object)
{
  CachetTlsAnchors *self = CACHET_TLS_ANCHORS (object);

  g_clear_object (&self->system);
  g_clear_object (&self->file);

  G_OBJECT_CLASS (cachet_tls_anchors_parent_class)->dispose (object);
}

static void
cachet_tls_anchors_class_init (CachetTlsAnchorsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cachet_tls_anchors_dispose;
  G_TLS_DATABASE_CLASS (klass)->verify_chain = cachet_tls_anchors_verify_chain;
}

static void
cachet_tls_anchors_init (CachetTlsAnchors *self)
{
}

GTlsDatabase *
cachet_tls_anchors_new (const char *ca_file, GError **error)
{
  g_autoptr (GTlsDatabase) file = NULL;
  g_autoptr (GError) local_error = NULL;
  CachetTlsAnchors *self;

  if (ca_file == NULL || *ca_file == '\0')
    return g_tls_backend_get_default_database (g_tls_backend_get_default ());

  if (g_path_is_absolute (ca_file))
    file = g_tls_file_database_new (ca_file, &local_error);
  else
    g_set_error_literal (&local_error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME,
                         _ ("the path is not absolute"));
  if (file == NULL)
    {
      g_set_error (error, CACHET_NET_ERROR, CACHET_NET_ERROR_TLS,
                   _ ("The authorities in “%s” can't be used: %s. Choose another file with "
                      "certificates in PEM form in the account's settings."),
                      ca_file, local_error->message);
      return NULL;
    }

  self = g_object_new (CACHET_TYPE_TLS_ANCHORS, NULL);
  self->system = g_tls_backend_get_default_database (g_tls_backend_get_default ());
  self->file = g_steal_pointer (&file);

  return G_TLS_DATABASE (self);
}
