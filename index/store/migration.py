"""Brings an index of the previous format up to date in one transaction, reading and encoding nothing."""

import sqlite3
import uuid
from array import array
from contextlib import closing
from pathlib import Path

from index.article import Passage, Span
from index.text.duplicates import bands
from index.text.sentences import sentence_spans

from .catalog import Catalog
from .connection import connect, mismatch, storage_errors, transaction
from .integrity import mend_structure
from .rows import ABOUT, article_digest, as_article, packed, packed_gaps, passage_checksum, passage_digest
from .schema import FORMAT, FORMAT_BEFORE
from .seal import FACT, seal_of

_SET = "INSERT OR REPLACE INTO state VALUES (?, ?)"


def migrate(path: Path) -> None:
    """Bring the catalog at `path` to this version's format if necessary; its vectors stay.

    Raises IndexMismatchError if the format is newer, or older than the previous one. The caller holds the
    lock.
    """
    with storage_errors(path), closing(connect(path, writable=True)) as connection:
        found = Catalog(path, connection, None).format()
        if found == FORMAT:
            return
        if found != FORMAT_BEFORE:
            raise mismatch(path, found)
        mend_structure(path)
        with transaction(connection, "BEGIN IMMEDIATE", "COMMIT"):
            _bands(connection)
            _articles(connection)
            _passages(connection)
            facts = [("format", str(FORMAT)), ("identity", uuid.uuid4().hex)]
            connection.executemany(_SET, facts)
            connection.execute(_SET, (FACT, seal_of(connection)))


def _bands(db: sqlite3.Connection) -> None:
    """Make short bands from the signatures, which are no longer needed after that."""
    db.execute("DROP INDEX band_by_article")
    db.execute("DELETE FROM band")
    rows = db.execute("SELECT generation, key, signature FROM article").fetchall()
    new = [(generation, band, key) for generation, key, made in rows for band in bands(made)]
    db.executemany("INSERT OR IGNORE INTO band VALUES (?, ?, ?)", new)
    db.execute("ALTER TABLE article DROP COLUMN signature")


def _articles(db: sqlite3.Connection) -> None:
    db.execute("ALTER TABLE article ADD COLUMN sentences BLOB NOT NULL DEFAULT x''")
    for (key,) in db.execute("SELECT key FROM article").fetchall():
        text, *about = db.execute(f"SELECT text, {ABOUT} FROM article WHERE key = ?", (key,)).fetchone()
        article = as_article(about, text, {})
        sentences = packed_gaps(sentence_spans(article.text, article.language))
        update = "UPDATE article SET digest = ?, sentences = ? WHERE key = ?"
        db.execute(update, (article_digest(article), sentences, key))


def _passages(db: sqlite3.Connection) -> None:
    db.execute("ALTER TABLE passage ADD COLUMN checksum BLOB NOT NULL DEFAULT x''")
    columns = (
        'article.id, title, substr(text, start + 1, "end" - start), start, "end", passage.sentences, vector'
    )
    select = f"SELECT {columns} FROM passage JOIN article ON article.key = passage.article WHERE number = ?"
    for (number,) in db.execute("SELECT number FROM passage").fetchall():
        article, title, text, start, end, sentences, vector = db.execute(select, (number,)).fetchone()
        offsets = array("I", sentences)
        spans = tuple(Span(a, b) for a, b in zip(offsets[::2], offsets[1::2], strict=True))
        passage = Passage(article, title, text, Span(start, end), spans)
        stored = packed(spans, start), passage_digest(passage.embedded_text)
        checksum = passage_checksum(passage, start, end, *stored, vector)
        update = "UPDATE passage SET sentences = ?, digest = ?, checksum = ? WHERE number = ?"
        db.execute(update, (*stored, checksum, number))
