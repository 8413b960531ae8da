"""One digest over what belongs together in a catalog: which rows there are, and of what they are."""

import hashlib
import sqlite3

FACT = "seal"
_FACTS = ("generation", "encoder", "pipeline", "identity", "folder")
_CURRENT = "generation = (SELECT value FROM state WHERE key = 'generation')"
# Of an article its file's path, not that file's key: an unchanged article of a changed file gets a new one
# while readers still see the state before.
_ROWS = (
    "SELECT article.key, story, digest, file.path FROM article LEFT JOIN file ON file.key = article.file"
    f" WHERE article.{_CURRENT} AND NOT article.pending ORDER BY article.key",
    f"SELECT number, article, segment, checksum FROM passage WHERE {_CURRENT} ORDER BY number",
)


def seal_of(db: sqlite3.Connection) -> str:
    """Return the digest of all that readers see: the index's facts, shown articles and passages.

    What a build has staged and not committed yet is not part of it. Raises sqlite3.Error.
    """
    stated = dict(db.execute("SELECT key, value FROM state").fetchall())
    seal = hashlib.blake2b(repr([stated.get(name) for name in _FACTS]).encode(), digest_size=16)
    for statement in _ROWS:
        for row in db.execute(statement):
            seal.update(repr(row).encode("utf-8", "surrogatepass"))
        seal.update(b"\n")
    return seal.hexdigest()


def is_sealed(db: sqlite3.Connection) -> bool:
    """Return whether what readers see is what the last build has sealed. Raises sqlite3.Error."""
    row = db.execute("SELECT value FROM state WHERE key = ?", (FACT,)).fetchone()
    return row is not None and row[0] == seal_of(db)
