"""Brings an index of an earlier format up to date in one transaction, reading and encoding nothing."""

import sqlite3
import uuid
from contextlib import closing
from itertools import chain
from pathlib import Path

from .catalog import Catalog
from .connection import connect, mismatch, storage_errors, transaction
from .integrity import mend_structure
from .labels import label, word_count
from .schema import ARTICLE_LIST, FORMAT
from .seal import FACT, seal_of

_SET = "INSERT OR REPLACE INTO state VALUES (?, ?)"
# What each format lacks of the next.
_CHANGES = {
    4: (
        # How much of each file is kept becomes known when it is read again.
        "ALTER TABLE file ADD COLUMN kept TEXT NOT NULL DEFAULT '{}'",
        "ALTER TABLE article ADD COLUMN recognised INTEGER NOT NULL DEFAULT 0",
    ),
    5: (
        "ALTER TABLE article ADD COLUMN word_count INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE article ADD COLUMN label TEXT NOT NULL DEFAULT ''",
        "UPDATE article SET word_count = word_count(text), label = label(title, source, path)",
        ARTICLE_LIST,
    ),
}
# Indexes of tables matter to speed alone, so they are no part of the format.
_INDEXES = (
    "DROP INDEX IF EXISTS article_facts",
    "CREATE INDEX IF NOT EXISTS article_facets ON article"
    " (generation, published, language, source, path, story, pending, tags, file)",
)


def migrate(path: Path) -> None:
    """Bring the catalog at `path` to this version's format if necessary; its vectors stay.

    Raises IndexMismatchError if the format is newer, or older than the oldest that can be migrated. The
    caller holds the lock.
    """
    with storage_errors(path), closing(connect(path, writable=True)) as connection:
        found = Catalog(path, connection, None).format()
        if found == FORMAT:
            _index(connection)
            return
        if found not in _CHANGES:
            raise mismatch(path, found)
        mend_structure(path)
        connection.create_function("word_count", 1, word_count)
        connection.create_function("label", 3, label)
        with transaction(connection, "BEGIN IMMEDIATE", "COMMIT"):
            for change in chain.from_iterable(_CHANGES[number] for number in range(found, FORMAT)):
                connection.execute(change)
            facts = [("format", str(FORMAT)), ("identity", uuid.uuid4().hex)]
            connection.executemany(_SET, facts)
            connection.execute(_SET, (FACT, seal_of(connection)))
        _index(connection)


def _index(db: sqlite3.Connection) -> None:
    for statement in _INDEXES:
        db.execute(statement)
