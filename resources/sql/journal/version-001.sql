-- journal.db: cannot be fetched again. Never edit a numbered file that was released: add the next
-- one. Each row carries a checksum of its values: a row that changed on the disk is not acted upon.

CREATE TABLE operation (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  account     TEXT    NOT NULL,
  kind        TEXT    NOT NULL,
  mailbox     TEXT    NOT NULL,
  uidvalidity INTEGER NOT NULL,
  arguments   BLOB    NOT NULL,
  n_attempts  INTEGER NOT NULL,
  last_error  TEXT,
  created     INTEGER NOT NULL,
  checksum    INTEGER NOT NULL
);

CREATE TABLE outbox (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  account       TEXT    NOT NULL,
  state         INTEGER NOT NULL,
  envelope_from TEXT    NOT NULL,
  recipients    TEXT    NOT NULL,
  message_id    TEXT    NOT NULL,
  subject       TEXT    NOT NULL,
  created       INTEGER NOT NULL,
  not_before    INTEGER NOT NULL,
  n_attempts    INTEGER NOT NULL,
  last_error    TEXT,
  flags         INTEGER NOT NULL,
  file          TEXT    NOT NULL UNIQUE,
  checksum      INTEGER NOT NULL
);

-- Files whose row is gone and that may still lie in the outbox folder after a crash: without this,
-- a file without a row is a message that must not be lost.
CREATE TABLE outbox_gone (
  file TEXT PRIMARY KEY
) WITHOUT ROWID;
