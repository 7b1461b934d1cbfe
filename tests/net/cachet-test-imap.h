#pragma once

#include "cachet-imap-session.h"

#include "cachet-test-server.h"
#include "cachet-test-wait.h"

G_BEGIN_DECLS

/* A session with 127.0.0.1 at @server, which trusts the test's own authority. */
CachetImapSession *cachet_test_imap_session_new (CachetTestServer *server,
                                                 CachetSecurity security,
                                                 CachetTrustDecider *decider,
                                                 CachetWireLog *log);
/* The same server as "localhost". */
CachetEndpoint *cachet_test_endpoint_new (CachetTestServer *server, CachetSecurity security);

/* For tests only: calls of CachetImapSession that are waited for. Without @error they must succeed.
 */
gboolean cachet_test_imap_connect (CachetImapSession *session, GError **error);
gboolean cachet_test_imap_authenticate (CachetImapSession *session,
                                        const char *user,
                                        const char *password,
                                        const char *auth,
                                        gboolean allow_clear,
                                        GError **error);
GPtrArray *cachet_test_imap_list (CachetImapSession *session, GError **error);
CachetImapSelected *
cachet_test_imap_select (CachetImapSession *session, const char *mailbox, GError **error);
/* (element-type CachetImapFetch) @uids: as "1:3" */
GPtrArray *cachet_test_imap_fetch (CachetImapSession *session,
                                   const char *uids,
                                   CachetImapFetchItems items,
                                   guint64 changed_since,
                                   GError **error);
/* The text, NULL on error. */
GBytes *cachet_test_imap_fetch_body (CachetImapSession *session,
                                     guint32 uid,
                                     const char *section,
                                     GError **error);
gboolean cachet_test_imap_store (CachetImapSession *session,
                                 const char *uids,
                                 gboolean add,
                                 CachetMessageFlags flags,
                                 GError **error);
CachetImapUidPlus *cachet_test_imap_copy (
  CachetImapSession *session, const char *uids, const char *mailbox, gboolean move, GError **error);
gboolean cachet_test_imap_expunge (CachetImapSession *session, const char *uids, GError **error);
gint64 cachet_test_imap_append (CachetImapSession *session,
                                const char *mailbox,
                                const char *message,
                                GError **error);
/* As "1:3" */
char *cachet_test_imap_search (CachetImapSession *session,
                               const char *header,
                               const char *value,
                               const char *text,
                               guint32 since_uid,
                               GError **error);
gboolean cachet_test_imap_noop (CachetImapSession *session, GError **error);
gboolean cachet_test_imap_logout (CachetImapSession *session, GError **error);

/* No record of @log may hold @secret, as it is or in base64. */
void cachet_test_assert_not_in_log (CachetWireLog *log, const char *secret);
/* Some record does. */
void cachet_test_assert_in_log (CachetWireLog *log, const char *text);
void cachet_test_print_log (CachetWireLog *log);

G_END_DECLS
