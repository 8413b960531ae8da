"""Removing for good what was deleted: from the tables, the full text, free pages and the write-ahead log."""

import sqlite3

_WANTED = "erase"


def want(db: sqlite3.Connection) -> None:
    """Note, in the transaction that deletes, that traces remain; a kill cannot lose the note."""
    db.execute("INSERT OR REPLACE INTO state VALUES (?, 'wanted')", [_WANTED])


def is_wanted(db: sqlite3.Connection) -> bool:
    """Return whether traces of something deleted may remain in the file."""
    return db.execute("SELECT 1 FROM state WHERE key = ?", [_WANTED]).fetchone() is not None


def erase(db: sqlite3.Connection) -> None:
    """Remove all traces of what was deleted, and the note. Raises sqlite3.Error, and then the note stays."""
    # Full text keeps deleted words, marked as deleted, until its parts are merged.
    db.execute("INSERT INTO words (words) VALUES ('optimize')")
    db.execute("VACUUM")
    # The log still holds the pages as they were. Somebody who reads just now may keep it from being cut.
    (busy, *_) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if not busy:
        db.execute("DELETE FROM state WHERE key = ?", [_WANTED])
