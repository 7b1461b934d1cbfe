#pragma once

#include "cachet-account-settings.h"
#include "cachet-engine-types.h"
#include "cachet-secret.h"
#include "cachet-server-certificate.h"
#include "cachet-wire-record.h"

G_BEGIN_DECLS

/* An account. Properties (notify): "label", "state", "state-text" (a sentence for hover and screen
 * reader), "attention". Signals: "wire-record" (CachetWireRecord), "folders-changed". */
#define CACHET_TYPE_ACCOUNT (cachet_account_get_type ())
G_DECLARE_FINAL_TYPE (CachetAccount, cachet_account, CACHET, ACCOUNT, GObject)

/* Why there is no connection although there should be one; %NULL when there is none to tell of. It
 * stays while another attempt is made. Changes with "state". */
const char *cachet_account_get_trouble (CachetAccount *self);

const char *cachet_account_get_id (CachetAccount *self);
const char *cachet_account_get_label (CachetAccount *self);
const CachetAccountSettings *cachet_account_get_settings (CachetAccount *self);
CachetAccountState cachet_account_get_state (CachetAccount *self);
const char *cachet_account_get_state_text (CachetAccount *self);
CachetAttention cachet_account_get_attention (CachetAccount *self);
/* (nullable): the refused certificate while attention is CERTIFICATE (of the IMAP or the SMTP
 * server) */
const CachetServerCertificate *cachet_account_get_certificate (CachetAccount *self);
/* GListModel of CachetFolder, special folders first, then by path (collated). */
GListModel *cachet_account_get_folders (CachetAccount *self);
/* (nullable) (transfer none) */
CachetFolder *cachet_account_get_folder_by_role (CachetAccount *self, CachetFolderRole role);
CachetFolder *cachet_account_find_folder (CachetAccount *self, const char *path);

/* Answers to attention: each makes the account try again at once. */
void cachet_account_give_password (CachetAccount *self, CachetSecret *password, gboolean remember);
/* Keeps an exception for host, port, leaf and these problems. FALSE and @error if it can't be
 * written. */
gboolean cachet_account_accept_certificate (CachetAccount *self,
                                            const CachetServerCertificate *certificate,
                                            GError **error);
gboolean cachet_account_allow_clear_password (CachetAccount *self, GError **error);
/* Connect now, whatever the back-off says; and the other way: go off line until told. */
void cachet_account_reconnect (CachetAccount *self);
void cachet_account_go_offline (CachetAccount *self);

/* Folder orders; done at once when connected, else OFFLINE. @parent: (nullable): top level. @name:
 * UTF-8, for people. Finish: folder_order_finish gives the folder for create and rename. */
void cachet_account_create_folder_async (CachetAccount *self,
                                         CachetFolder *parent,
                                         const char *name,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
void cachet_account_rename_folder_async (CachetAccount *self,
                                         CachetFolder *folder,
                                         const char *new_name,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
void cachet_account_delete_folder_async (CachetAccount *self,
                                         CachetFolder *folder,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
void cachet_account_subscribe_folder_async (CachetAccount *self,
                                            CachetFolder *folder,
                                            gboolean subscribe,
                                            GCancellable *cancellable,
                                            GAsyncReadyCallback callback,
                                            gpointer user_data);
gboolean cachet_account_folder_order_finish (CachetAccount *self,
                                             GAsyncResult *result,
                                             CachetFolder **folder,
                                             GError **error);
/* Brings everything in step (folder list, all folders; with bodies when @bodies) and then finishes:
 * cachetctl sync. */
void cachet_account_sync_async (CachetAccount *self,
                                gboolean bodies,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean cachet_account_sync_finish (CachetAccount *self, GAsyncResult *result, GError **error);
guint64 cachet_account_get_bytes_received (CachetAccount *self);
guint64 cachet_account_get_bytes_sent (CachetAccount *self);
guint cachet_account_get_n_commands (CachetAccount *self);
/* (element-type CachetWireRecord) (transfer container): oldest first */
GPtrArray *cachet_account_dup_wire_records (CachetAccount *self);

G_END_DECLS
