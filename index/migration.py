"""An index of the format before, brought up to date in one transaction: nothing is read or encoded again."""

import sqlite3
import uuid
from array import array
from contextlib import closing
from pathlib import Path

from .article import Passage, Span
from .catalog import Catalog, connect, mismatch, storage_errors
from .duplicates import bands
from .errors import IndexDamagedError, IndexMissingError, StorageError
from .integrity import examine
from .rows import ABOUT, article_digest, as_article, packed, packed_gaps, passage_checksum, passage_digest
from .schema import FORMAT, FORMAT_BEFORE
from .sentences import sentence_spans


def migrate(path: Path) -> None:
    """Bring the catalog at `path` to this version's format, if it is not; its vectors stay.

    Raises IndexMismatchError for a format older than the one before, or newer. The caller holds the lock.
    """
    with storage_errors(path), closing(connect(path, writable=True)) as connection:
        found = Catalog(path, connection, None).format()
        if found == FORMAT:
            return
        if found != FORMAT_BEFORE:
            raise mismatch(path, found)
        connection.execute("BEGIN IMMEDIATE")
        try:
            _bands(connection)
            _articles(connection)
            _passages(connection)
            facts = [("format", str(FORMAT)), ("identity", uuid.uuid4().hex)]
            connection.executemany("INSERT OR REPLACE INTO state VALUES (?, ?)", facts)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def set_aside_if_unreadable(path: Path) -> None:
    """Rename a catalog that is no whole SQLite file, or of a format too old to migrate, for one made anew.

    The caller holds the lock and has made sure that the folder is an index of ours. Raises StorageError.
    """
    if not path.exists() or _is_readable(path):
        return
    try:
        path.replace(path.with_name(f"{path.name}.damaged"))
        for ending in ("-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(f"cannot rename {path} ({error.strerror}): move it away") from error


def _is_readable(path: Path) -> bool:
    try:
        with closing(connect(path, writable=False)) as connection:
            found = Catalog(path, connection, None).format()
    except IndexDamagedError:
        return False
    except IndexMissingError:
        return True
    return FORMAT_BEFORE <= found <= FORMAT and not examine(path).structure


def _bands(db: sqlite3.Connection) -> None:
    """Make bands of eight bytes of the signatures, which are not needed after that."""
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
