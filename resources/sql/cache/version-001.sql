-- cache.db: rebuildable. Never edit a numbered file that was released: add the next one.

CREATE TABLE mailbox (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  account       TEXT    NOT NULL,
  name          TEXT    NOT NULL,
  display_name  TEXT    NOT NULL,
  delimiter     INTEGER NOT NULL,
  attributes    INTEGER NOT NULL,
  role          INTEGER NOT NULL,
  uidvalidity   INTEGER NOT NULL DEFAULT 0,
  uidnext       INTEGER NOT NULL DEFAULT 0,
  highestmodseq INTEGER NOT NULL DEFAULT 0,
  n_messages    INTEGER NOT NULL DEFAULT 0,
  n_unseen      INTEGER NOT NULL DEFAULT 0,
  synced        INTEGER NOT NULL DEFAULT 0,
  UNIQUE (account, name)
);

-- AUTOINCREMENT: an id is never used twice, so that a list that still holds the id of a deleted
-- message cannot get another message for it, and the index below knows old rows from new ones.
-- in_reply_to is NULL where it is the last word of refs (it nearly always is).
CREATE TABLE message (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  mailbox       INTEGER NOT NULL,
  uid           INTEGER NOT NULL,
  flags         INTEGER NOT NULL,
  date          INTEGER NOT NULL,
  internal_date INTEGER NOT NULL,
  size          INTEGER NOT NULL,
  modseq        INTEGER NOT NULL,
  from_name     TEXT    NOT NULL,
  from_addr     TEXT    NOT NULL,
  subject       TEXT    NOT NULL,
  recipients    TEXT    NOT NULL,
  message_id    TEXT    NOT NULL,
  in_reply_to   TEXT,
  refs          TEXT    NOT NULL,
  keywords      TEXT,
  preview       TEXT
);
CREATE UNIQUE INDEX message_uid ON message (mailbox, uid);
-- Everything a list of a whole mailbox needs: 100 000 rows without touching the table.
CREATE INDEX message_list ON message (mailbox, date, uid, flags, size);

-- Mailboxes that are gone and whose rows are still to be removed, a slice at a time.
CREATE TABLE purge (
  mailbox INTEGER PRIMARY KEY
);

-- "indexed": the last message id whose header is in the full-text index.
CREATE TABLE state (
  name  TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO state (name, value) VALUES ('indexed', 0);

-- What goes into the index beyond the header: the index keeps no text of its own, and to take a
-- message out of it needs the very words that went in. text is deflated when is_deflated. While
-- is_pending the index has the header alone.
CREATE TABLE indexed_text (
  id          INTEGER PRIMARY KEY,
  is_pending  INTEGER NOT NULL,
  is_deflated INTEGER NOT NULL,
  text        BLOB    NOT NULL,
  attachments TEXT    NOT NULL
);
CREATE INDEX indexed_text_pending ON indexed_text (id) WHERE is_pending;

-- key: one word made from the Message-ID, to find it by. As an index of its own it would dirty a page
-- for nearly every row of a first sync; here it is merged in like any other word.
CREATE VIRTUAL TABLE message_words USING fts5 (
  subject, people, body, attachments, key,
  content = '',
  columnsize = 0,
  tokenize = 'unicode61 remove_diacritics 2'
);
