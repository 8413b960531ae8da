"""Writing to the full-text index and to the table of spellings; each function is part of a transaction."""

import sqlite3
from collections.abc import Iterable

from index.article import Passage
from index.text.spelling import spellings
from index.text.words import index_words


def add(db: sqlite3.Connection, number: int, passage: Passage) -> None:
    """Add a passage's words."""
    db.execute(
        "INSERT INTO words (rowid, title, body) VALUES (?, ?, ?)",
        (number, index_words(passage.title), index_words(passage.text)),
    )
    # Spellings of removed passages stay: a word that is in no passage finds nothing.
    found = spellings([passage.title, passage.text])
    db.executemany("INSERT OR IGNORE INTO spelling VALUES (?, ?)", sorted(found))


def forget(db: sqlite3.Connection, passages: Iterable[tuple[int, str, str]]) -> None:
    """Remove passages, each given as its number, title and text."""
    # A contentless full-text table forgets a row only when it is given the row's words again.
    db.executemany(
        "INSERT INTO words (words, rowid, title, body) VALUES ('delete', ?, ?, ?)",
        ((number, index_words(title), index_words(text)) for number, title, text in passages),
    )


def clear(db: sqlite3.Connection) -> None:
    """Remove all passages, whatever words they were added with."""
    db.execute("INSERT INTO words (words) VALUES ('delete-all')")
