"""The tables of the file. `docs/conversations.md` describes them: if you change one, raise FORMAT."""

FORMAT = 1
# "aqCv": tells our file from any other SQLite file.
APPLICATION = 0x61714376
# Questions and answers fill up to here; then nothing more is stored, and the page says so.
MOST_BYTES = 2_000_000_000
PAGE_BYTES = 4096

# A row of `words` has the key of its turn, or that of its conversation, negative, for the title.
SCHEMA = """
CREATE TABLE conversation (
    key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, reader TEXT NOT NULL, title TEXT NOT NULL,
    named INTEGER NOT NULL DEFAULT 0, created TEXT NOT NULL, changed TEXT NOT NULL,
    filters TEXT NOT NULL DEFAULT '');
CREATE INDEX conversation_by_change ON conversation (reader, changed, key);
CREATE TABLE turn (
    key INTEGER PRIMARY KEY AUTOINCREMENT, conversation INTEGER NOT NULL REFERENCES conversation (key),
    question TEXT NOT NULL, asked TEXT NOT NULL, filters TEXT NOT NULL DEFAULT '', answer TEXT);
CREATE INDEX turn_by_conversation ON turn (conversation);
CREATE TABLE rating (
    turn INTEGER PRIMARY KEY REFERENCES turn (key), good INTEGER NOT NULL, reason TEXT NOT NULL,
    right_answer TEXT, rated TEXT NOT NULL);
CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5 (
    said, tokenize="unicode61 remove_diacritics 2 categories 'L* N* M* Co'");
"""
