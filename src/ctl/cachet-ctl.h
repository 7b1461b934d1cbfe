#pragma once

#include <json-glib/json-glib.h>

#include "cachet-account.h"
#include "cachet-engine.h"

G_BEGIN_DECLS

/* Exit codes of cachetctl. */
enum {
  CACHET_CTL_DONE = 0,
  CACHET_CTL_FAILED = 1,
  CACHET_CTL_USAGE = 2,
};

/* Passwords and message files read from standard input are at most this long. */
#define CACHET_CTL_MAX_PASSWORD 4096

/**
 * CachetCtl:
 * @data_dir, @config_dir: (nullable): from the command line
 * @json: print JSON instead of lines
 * @engine: (nullable): started when the verb asks for it
 * @password: (nullable): from --password-stdin, for this run
 *
 * One run of cachetctl: what the verbs share.
 */
typedef struct
{
  char *data_dir;
  char *config_dir;
  gboolean json;
  gboolean password_stdin;
  CachetSecret *password;
  CachetEngine *engine;
  GMainLoop *loop;
  int exit_code;
} CachetCtl;

/**
 * CachetCtlVerbFunc:
 * @argv: the verb's own words, NULL-terminated, the verb first
 *
 * Starts a verb. It ends the run, now or from a callback, by cachet_ctl_end().
 */
typedef void (*CachetCtlVerbFunc) (CachetCtl *ctl, char **argv);

typedef struct
{
  const char *name;
  const char *usage;
  const char *summary;
  CachetCtlVerbFunc run;
} CachetCtlVerb;

/* Verb tables, each ending with a NULL name. */
extern const CachetCtlVerb cachet_ctl_account_verbs[];
extern const CachetCtlVerb cachet_ctl_mail_verbs[];
extern const CachetCtlVerb cachet_ctl_order_verbs[];
extern const CachetCtlVerb cachet_ctl_file_verbs[];
extern const CachetCtlVerb cachet_ctl_log_verbs[];

/* Called once the engine runs. */
typedef void (*CachetCtlReadyFunc) (CachetCtl *ctl, gpointer user_data);

/* Starts the engine, with or without connections; trouble ends the run. */
void cachet_ctl_with_engine (CachetCtl *ctl,
                             gboolean connect,
                             CachetCtlReadyFunc ready,
                             gpointer user_data);
/* Ends the run; the engine is stopped first. */
void cachet_ctl_end (CachetCtl *ctl, int exit_code);
/* Prints @error's message to standard error and ends the run with FAILED. */
void cachet_ctl_fail (CachetCtl *ctl, const GError *error);
/* Prints how the verb is used to standard error and ends the run with USAGE. */
void cachet_ctl_usage (CachetCtl *ctl, const char *verb, const char *problem);
/* Parses a verb's options; FALSE when that ended the run. What is left of @argv are its words. */
gboolean cachet_ctl_parse (CachetCtl *ctl, char ***argv, const GOptionEntry *entries);
/* Prints the builder's root as one JSON text and a newline. */
void cachet_ctl_print_json (JsonBuilder *builder);
/* The account called @name (label, address or id), or the only one when @name is NULL. NULL when
 * that ended the run. */
CachetAccount *cachet_ctl_find_account (CachetCtl *ctl, const char *name);
/* (nullable): the password of --password-stdin, read once. */
CachetSecret *cachet_ctl_read_password (CachetCtl *ctl, GError **error);

G_END_DECLS
