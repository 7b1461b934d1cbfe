#pragma once

#include "cachet-account.h"
#include "cachet-engine-private.h"
#include "cachet-folder.h"
#include "cachet-wire-log.h"

G_BEGIN_DECLS

typedef struct _CachetReplay CachetReplay;

CachetAccount *cachet_account_new (CachetEngine *engine, const CachetAccountSettings *settings);
/* (nullable) after the engine is gone */
CachetEngine *cachet_account_get_engine (CachetAccount *self);
/* Pending operations (cachet-replay.h). */
CachetReplay *cachet_account_get_replay (CachetAccount *self);
CachetWireLog *cachet_account_get_wire_log (CachetAccount *self);
/* Other settings: connections are made anew. */
void cachet_account_set_settings (CachetAccount *self, const CachetAccountSettings *settings);

/* The password for @purpose ("imap" or "smtp"): what was given for this run, else the secret
 * service; "smtp" falls back on "imap". Finish gives NULL and NO_PASSWORD when there is none. */
void cachet_account_lookup_password_async (CachetAccount *self,
                                           const char *purpose,
                                           GCancellable *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data);
CachetSecret *
cachet_account_lookup_password_finish (CachetAccount *self, GAsyncResult *result, GError **error);
/* The password of this run. */
void cachet_account_set_password (CachetAccount *self, CachetSecret *password);
/* Forgets the password of this run (it was refused). */
void cachet_account_forget_password (CachetAccount *self);
/* Tells the user that the account needs an answer: @text a sentence; @certificate: (nullable), for
 * CERTIFICATE, of the server that was refused (IMAP or SMTP). NONE clears it. For SMTP too. */
void cachet_account_set_attention (CachetAccount *self,
                                   CachetAttention attention,
                                   const CachetServerCertificate *certificate,
                                   const char *text);
/* Turns an error of net into an attention where it is one that the user must answer; FALSE when it
 * is not. */
gboolean cachet_account_attention_from_error (CachetAccount *self,
                                              const GError *error,
                                              const CachetServerCertificate *certificate);
gboolean cachet_account_is_live (CachetAccount *self);

/* The cache could not be written: says so, once until it works again. */
void cachet_account_cache_failed (CachetAccount *self, const GError *error);
/* A list of @folder lives, or the last one went: the connection for other work idles there. */
void cachet_account_folder_in_use (CachetAccount *self, CachetFolder *folder, gboolean in_use);
/* Brings @folder in step now. Finish: sync_folder_finish. */
void cachet_account_sync_folder_async (CachetAccount *self,
                                       CachetFolder *folder,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
gboolean
cachet_account_sync_folder_finish (CachetAccount *self, GAsyncResult *result, GError **error);

/* Appends @message to the mailbox of @role, which is made when there is none, and brings that
 * mailbox in step. When @maybe_there and the mailbox has a message with @message_id (without <>)
 * already, nothing is appended. Error OFFLINE without a connection: try again when the account is
 * LIVE. */
void cachet_account_append_async (CachetAccount *self,
                                  CachetFolderRole role,
                                  GBytes *message,
                                  const char *message_id,
                                  CachetMessageFlags flags,
                                  gboolean maybe_there,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean cachet_account_append_finish (CachetAccount *self, GAsyncResult *result, GError **error);

/* The user said “go off line”: nothing is sent either until the account connects again. */
gboolean cachet_account_was_sent_offline (CachetAccount *self);

G_END_DECLS
