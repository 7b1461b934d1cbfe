#pragma once

#include <handy.h>

#include "cachet-engine.h"
#include "cachet-ui-types.h"

G_BEGIN_DECLS

/**
 * CachetAccountAssistant:
 *
 * Name, address, servers, ports and modes by hand with sensible guesses; "Try" reports each probe.
 * Adds the account by cachet_engine_put_account_async() and then closes and destroys itself.
 */
#define CACHET_TYPE_ACCOUNT_ASSISTANT (cachet_account_assistant_get_type ())
G_DECLARE_FINAL_TYPE (
  CachetAccountAssistant, cachet_account_assistant, CACHET, ACCOUNT_ASSISTANT, HdyWindow)

/* Transient for @parent. The caller presents it. */
CachetAccountAssistant *cachet_account_assistant_new (GtkWindow *parent, CachetEngine *engine);

G_END_DECLS
