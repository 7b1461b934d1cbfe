#pragma once

#include <gio/gio.h>

#include "cachet-base-types.h"
#include "cachet-mime-types.h"

G_BEGIN_DECLS

typedef struct _CachetEngine CachetEngine;
typedef struct _CachetAccount CachetAccount;
typedef struct _CachetFolder CachetFolder;
typedef struct _CachetMessageList CachetMessageList;
typedef struct _CachetMessageRow CachetMessageRow;
typedef struct _CachetActivity CachetActivity;
typedef struct _CachetNotice CachetNotice;
typedef struct _CachetOperation CachetOperation;
typedef struct _CachetOutbox CachetOutbox;
typedef struct _CachetOutboxItem CachetOutboxItem;
typedef struct _CachetSecrets CachetSecrets;
typedef struct _CachetAccountProbe CachetAccountProbe;

#define CACHET_ENGINE_ERROR (cachet_engine_error_quark ())
GQuark cachet_engine_error_quark (void);

typedef enum {
  CACHET_ENGINE_ERROR_OFFLINE,     /* needs the server, and there is no connection */
  CACHET_ENGINE_ERROR_NO_PASSWORD, /* none stored, none given */
  CACHET_ENGINE_ERROR_NOT_FOUND,
  CACHET_ENGINE_ERROR_NOT_ALLOWED, /* such as renaming INBOX */
  CACHET_ENGINE_ERROR_IN_USE,      /* another Cachet uses this data folder */
} CachetEngineError;

/**
 * CachetAccountState:
 * What the account's dot shows.
 */
typedef enum {
  CACHET_ACCOUNT_STATE_OFFLINE,
  CACHET_ACCOUNT_STATE_CONNECTING,
  CACHET_ACCOUNT_STATE_LIVE,
  CACHET_ACCOUNT_STATE_NEEDS_YOU, /* password, certificate or consent: see "attention" */
} CachetAccountState;

typedef enum {
  CACHET_ATTENTION_NONE,
  CACHET_ATTENTION_PASSWORD,       /* none stored, or refused */
  CACHET_ATTENTION_CERTIFICATE,    /* see cachet_account_get_certificate() */
  CACHET_ATTENTION_CLEAR_PASSWORD, /* it would cross in clear; consent is asked */
  CACHET_ATTENTION_SETTINGS,       /* unknown host, no STARTTLS …: the settings must change */
} CachetAttention;

G_END_DECLS
