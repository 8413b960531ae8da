"""The tables of the catalog. If you change them, raise FORMAT and extend `index/store/migration.py`."""

import functools
import sqlite3
from contextlib import closing

FORMAT = 6
# The oldest format from which an index can be migrated.
FORMAT_BEFORE = 4
# Texts and vectors fill large pages better: they take an eighth less disk than SQLite's 4,096 bytes do.
PAGE_BYTES = 16_384

# The fact that says which files of the folder have no row of their own, and why.
LEFT_OUT = "left_out"
# Everything that a list of articles is searched and sorted by, so that no text is read for it.
ARTICLE_LIST = (
    "CREATE INDEX article_list ON article"
    " (generation, pending, label, published, language, source, word_count, story, path)"
)
SCHEMA = f"""
CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE file (
    key INTEGER PRIMARY KEY AUTOINCREMENT, generation INTEGER NOT NULL, path TEXT NOT NULL,
    hash TEXT NOT NULL, skipped TEXT NOT NULL, kept TEXT NOT NULL DEFAULT '{{}}',
    pending INTEGER NOT NULL,
    UNIQUE (generation, path, pending));
CREATE TABLE article (
    key INTEGER PRIMARY KEY AUTOINCREMENT, generation INTEGER NOT NULL, pending INTEGER NOT NULL,
    file INTEGER NOT NULL, story INTEGER, id TEXT NOT NULL, path TEXT NOT NULL, digest BLOB NOT NULL,
    title TEXT NOT NULL, text TEXT NOT NULL, sentences BLOB NOT NULL, url TEXT, source TEXT,
    published INTEGER, published_from TEXT, language TEXT, authors TEXT NOT NULL, tags TEXT NOT NULL,
    recognised INTEGER NOT NULL DEFAULT 0, word_count INTEGER NOT NULL DEFAULT 0,
    label TEXT NOT NULL DEFAULT '',
    UNIQUE (generation, path, pending));
CREATE INDEX article_by_id ON article (id);
CREATE INDEX article_by_file ON article (file);
CREATE INDEX article_by_story ON article (story);
{ARTICLE_LIST};
CREATE INDEX article_facets ON article (
    generation, published, language, source, path, story, pending, tags, file);
CREATE TABLE band (
    generation INTEGER NOT NULL, band BLOB NOT NULL, article INTEGER NOT NULL,
    PRIMARY KEY (generation, band, article)) WITHOUT ROWID;
CREATE TABLE alike (
    article INTEGER NOT NULL, other INTEGER NOT NULL, PRIMARY KEY (article, other)) WITHOUT ROWID;
CREATE INDEX alike_by_other ON alike (other);
CREATE TABLE segment (
    id INTEGER PRIMARY KEY AUTOINCREMENT, generation INTEGER NOT NULL, folder TEXT NOT NULL,
    digest TEXT NOT NULL, size INTEGER NOT NULL);
CREATE TABLE passage (
    number INTEGER PRIMARY KEY AUTOINCREMENT, generation INTEGER NOT NULL,
    article INTEGER NOT NULL REFERENCES article (key), segment INTEGER,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, sentences BLOB NOT NULL, digest BLOB NOT NULL,
    vector BLOB NOT NULL, checksum BLOB NOT NULL);
CREATE INDEX passage_by_article ON passage (article);
CREATE INDEX passage_by_segment ON passage (segment);
CREATE INDEX passage_by_digest ON passage (digest);
CREATE TABLE spelling (key TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (key, word)) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5 (
    title, body, content='', tokenize="unicode61 remove_diacritics 2 categories 'L* N* M* Co'");
"""


def tables(db: sqlite3.Connection) -> dict[str, set[str]]:
    """Return the names of a catalog's tables, without SQLite's own, with the names of their columns.

    Raises sqlite3.Error.
    """
    found: dict[str, set[str]] = {}
    rows = db.execute(
        "SELECT tables.name, columns.name FROM sqlite_master AS tables, pragma_table_info(tables.name)"
        " AS columns WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    for table, column in rows:
        found.setdefault(table, set()).add(column)
    return found


@functools.cache
def own_tables() -> dict[str, set[str]]:
    """Return the tables that every catalog of this format has."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(SCHEMA)
        return tables(db)
