#pragma once

#include "cachet-wire-record.h"

G_BEGIN_DECLS

/* An account's wire records on disk, so that another process can show them: JSON lines in
 * @directory/<account>.log; the file before it is <account>.log.1. What enters is masked already.
 */
#define CACHET_WIRE_FILE_MAX_BYTES (1024 * 1024)
/* Records that one write takes; of more it only says how many they were. */
#define CACHET_WIRE_FILE_MAX_WAITING 400

typedef struct _CachetWireFile CachetWireFile;

CachetWireFile *cachet_wire_file_new (const char *directory, const char *account_id);
void cachet_wire_file_free (CachetWireFile *self);
/* Gathers; appended at most twice a second. */
void cachet_wire_file_add (CachetWireFile *self, const CachetWireRecord *record);
void cachet_wire_file_flush (CachetWireFile *self);
/* (nullable) @error: the record of one line. */
CachetWireRecord *cachet_wire_file_parse_line (const char *line, GError **error);
/* (transfer full): path of an account's file. */
char *cachet_wire_file_dup_path (const char *directory, const char *account_id);

G_END_DECLS
