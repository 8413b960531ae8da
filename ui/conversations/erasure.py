"""Removing for good what was deleted: from the tables, the full text, free pages and the write-ahead log."""

import sqlite3

_WANTED = "erase"
_PATIENCE_MS = 500


def want(db: sqlite3.Connection) -> None:
    """Note, in the transaction that deletes, that traces remain; a kill cannot lose the note."""
    db.execute("INSERT OR REPLACE INTO state VALUES (?, 'wanted')", [_WANTED])


def is_wanted(db: sqlite3.Connection) -> bool:
    """Return whether traces of something deleted may remain in the file."""
    return db.execute("SELECT 1 FROM state WHERE key = ?", [_WANTED]).fetchone() is not None


def erase(db: sqlite3.Connection) -> bool:
    """Remove all traces of what was deleted, and the note; return whether that was possible.

    The note stays if somebody who reads just now keeps the log, and at a sqlite3.Error, which is raised.
    """
    # Full text keeps deleted words, marked as deleted, until its parts are merged.
    db.execute("INSERT INTO words (words) VALUES ('optimize')")
    db.execute("VACUUM")
    return cut(db)


def cut(db: sqlite3.Connection) -> bool:
    """Cut the log, which holds the pages as they were, and the note; return whether that was possible."""
    (waiting,) = db.execute("PRAGMA busy_timeout").fetchone()
    # A reader may take any time, and nobody waits for this.
    db.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
    try:
        (busy, *_) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        db.execute(f"PRAGMA busy_timeout = {waiting}")
    if not busy:
        db.execute("DELETE FROM state WHERE key = ?", [_WANTED])
    return not busy
