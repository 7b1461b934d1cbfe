#pragma once

#include "cachet-account-settings.h"
#include "cachet-engine-types.h"
#include "cachet-secret.h"
#include "cachet-server-certificate.h"

G_BEGIN_DECLS

typedef enum {
  CACHET_PROBE_RUNNING,
  CACHET_PROBE_OK,
  CACHET_PROBE_FAILED,
  CACHET_PROBE_SKIPPED,
} CachetProbeResult;

/**
 * CachetProbeStep:
 * @title: such as "Incoming mail: mail.example.org, port 993, TLS"
 * @text: what came out: greeting, "TLS 1.3, TLS_AES_256_GCM_SHA384", "logged in with PLAIN", or the
 * error sentence
 */
#define CACHET_TYPE_PROBE_STEP (cachet_probe_step_get_type ())
G_DECLARE_FINAL_TYPE (CachetProbeStep, cachet_probe_step, CACHET, PROBE_STEP, GObject)
const char *cachet_probe_step_get_title (CachetProbeStep *self);
const char *cachet_probe_step_get_text (CachetProbeStep *self);
CachetProbeResult
cachet_probe_step_get_result (CachetProbeStep *self); /* property "result" (notify) */

/* The assistant's "Try": a GListModel of CachetProbeStep that grows while it runs. Nothing is
 * stored. */
#define CACHET_TYPE_ACCOUNT_PROBE (cachet_account_probe_get_type ())
G_DECLARE_FINAL_TYPE (CachetAccountProbe, cachet_account_probe, CACHET, ACCOUNT_PROBE, GObject)

CachetAccountProbe *cachet_account_probe_new (CachetEngine *engine,
                                              const CachetAccountSettings *settings,
                                              CachetSecret *password);
void cachet_account_probe_run_async (CachetAccountProbe *self,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
/* TRUE when every step went well; the error is the first failing step's. */
gboolean
cachet_account_probe_run_finish (CachetAccountProbe *self, GAsyncResult *result, GError **error);
/* (nullable): a certificate that was refused on the way (show it; accept with
 * cachet_engine_add_exception()) */
const CachetServerCertificate *cachet_account_probe_get_certificate (CachetAccountProbe *self);
/* Keeps an exception before an account exists. */
gboolean cachet_engine_add_exception (CachetEngine *engine,
                                      const CachetServerCertificate *certificate,
                                      GError **error);

G_END_DECLS
