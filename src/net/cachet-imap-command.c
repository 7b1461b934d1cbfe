#define G_LOG_DOMAIN "cachet-net"

#include "config.h"

#include "cachet-imap-command.h"

static void
command_request_free (CachetImapCommandRequest *self)
{
  g_clear_pointer (&self->segments, g_ptr_array_unref);
  cachet_imap_request_free (self->request);
  g_free (self->tag);
  g_free (self);
}

CachetImapCommand *
cachet_imap_command_new (CachetImapSession *session,
                         const CachetImapCommandKind *kind,
                         gpointer data,
                         GDestroyNotify free_data)
{
  CachetImapCommand *self = g_new0 (CachetImapCommand, 1);

  self->session = session;
  self->kind = kind;
  self->requests = g_ptr_array_new_with_free_func ((GDestroyNotify)command_request_free);
  self->data = data;
  self->free_data = free_data;

  return self;
}

void
cachet_imap_command_free (CachetImapCommand *self)
{
  if (self == NULL)
    return;

  if (self->cancel_source != NULL)
    g_source_destroy (self->cancel_source);
  g_clear_pointer (&self->cancel_source, g_source_unref);
  g_clear_object (&self->cancellable);
  if (self->free_data != NULL)
    self->free_data (self->data);
  g_clear_error (&self->error);
  g_ptr_array_unref (self->requests);
  g_free (self);
}

CachetImapRequest *
cachet_imap_command_add (CachetImapCommand *self, CachetImapRequest *request)
{
  CachetImapCommandRequest *entry = g_new0 (CachetImapCommandRequest, 1);

  entry->request = request;
  g_ptr_array_add (self->requests, entry);

  return request;
}

void
cachet_imap_command_make_optional (CachetImapCommand *self)
{
  CachetImapCommandRequest *entry = g_ptr_array_index (self->requests, self->requests->len - 1);

  entry->is_optional = TRUE;
}

void
cachet_imap_command_set_error (CachetImapCommand *self, GError *error)
{
  if (self->error == NULL)
    self->error = error;
  else
    g_error_free (error);
}

CachetImapCommandRequest *
cachet_imap_command_find (CachetImapCommand *self, const char *tag)
{
  guint i;

  for (i = 0; i < self->requests->len; i++)
    {
      CachetImapCommandRequest *request = g_ptr_array_index (self->requests, i);

      if (request->sent_at != 0 && !request->answered && g_str_equal (request->tag, tag))
        return request;
    }

  return NULL;
}
