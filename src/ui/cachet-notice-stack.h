#pragma once

#include <gtk/gtk.h>

#include "cachet-notice.h"
#include "cachet-ui-types.h"

G_BEGIN_DECLS

/**
 * CachetNoticeStack:
 *
 * Info bars: news that can be closed, and standing bars with one button, told apart by a key.
 */
#define CACHET_TYPE_NOTICE_STACK (cachet_notice_stack_get_type ())
G_DECLARE_FINAL_TYPE (CachetNoticeStack, cachet_notice_stack, CACHET, NOTICE_STACK, GtkBox)

/* More news than that push out the oldest that is no error, then the oldest. */
#define CACHET_NOTICE_STACK_MAX_NEWS 3

CachetNoticeStack *cachet_notice_stack_new (void);
void cachet_notice_stack_add (CachetNoticeStack *self, const CachetNotice *notice);
/* Shows (or replaces) the bar called @key. @detail: (nullable). @button: (nullable): label, with
 * mnemonic, of the one button, which activates @action (a detailed action name). @seconds: 0 for a
 * bar that stands, else after which it goes by itself. */
void cachet_notice_stack_set (CachetNoticeStack *self,
                              const char *key,
                              GtkMessageType type,
                              const char *summary,
                              const char *detail,
                              const char *button,
                              const char *action,
                              guint seconds);
void cachet_notice_stack_remove (CachetNoticeStack *self, const char *key);

G_END_DECLS
