"""One digest of which rows a catalog has and what they belong to."""

import hashlib
import sqlite3

FACT = "seal"
_FACTS = ("generation", "encoder", "pipeline", "identity", "folder")
_CURRENT = "generation = (SELECT value FROM state WHERE key = 'generation')"
# An article counts with its file's path, not the file's key: while a changed file is read, its unchanged
# articles get a new key although readers still see the old state.
_ROWS = (
    "SELECT article.key, story, digest, file.path FROM article LEFT JOIN file ON file.key = article.file"
    f" WHERE article.{_CURRENT} AND NOT article.pending ORDER BY article.key",
    f"SELECT number, article, segment, checksum FROM passage WHERE {_CURRENT} ORDER BY number",
)


def seal_of(db: sqlite3.Connection) -> str:
    """Return the digest of what readers see: the index's facts, visible articles and passages.

    Articles that are only staged don't count. Raises sqlite3.Error.
    """
    stated = dict(db.execute("SELECT key, value FROM state").fetchall())
    seal = hashlib.blake2b(repr([stated.get(name) for name in _FACTS]).encode(), digest_size=16)
    for statement in _ROWS:
        for row in db.execute(statement):
            seal.update(repr(row).encode("utf-8", "surrogatepass"))
        seal.update(b"\n")
    return seal.hexdigest()


def is_sealed(db: sqlite3.Connection) -> bool:
    """Return whether readers see what the last build sealed. Raises sqlite3.Error."""
    row = db.execute("SELECT value FROM state WHERE key = ?", (FACT,)).fetchone()
    return row is not None and row[0] == seal_of(db)
