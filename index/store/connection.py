"""An opened SQLite file, and SQLite's errors as the project's own."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from index.errors import (
    IndexBusyError,
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
    IndexUnreadableError,
    StorageError,
)

from .schema import FORMAT, FORMAT_BEFORE


class FileId(NamedTuple):
    """Which file is at a path, and how it was when last written."""

    device: int
    inode: int
    written: int
    size: int

    def is_same_file(self, other: "FileId | None") -> bool:
        """Return whether `other` is this file, whether or not it has been written to since."""
        return other is not None and self[:2] == other[:2]


def file_id(path: Path) -> FileId | None:
    """Return the identity of the file at `path`, or None if there is none.

    No other file gets an open file's inode. A file that is overwritten in place keeps its own.
    """
    try:
        found = path.stat()
    except OSError:
        return None
    return FileId(found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size)


def opened(path: Path, *, writable: bool) -> tuple[sqlite3.Connection, FileId]:
    """Open the file at `path` and return its identity, even if another file is just replacing it."""
    while (before := file_id(path)) and path.is_file():
        connection = connect(path, writable=writable)
        if before.is_same_file(file_id(path)):
            return connection, before
        connection.close()
    raise IndexMissingError(f"there is no index in {path.parent}: make one with article-qa index FOLDER")


# A writer of another program holds its lock for moments; the longest are merges of a large full text.
BUSY_SECONDS = 60.0


def connect(path: Path, *, writable: bool) -> sqlite3.Connection:
    """Open the SQLite file at `path`; transactions are begun and ended by hand."""
    with storage_errors(path):
        connection = _connection(path)
        try:
            if not writable:
                connection.execute("PRAGMA query_only = 1")
            connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
            return connection
        except sqlite3.DatabaseError as error:
            connection.close()
            if writable or not _named(error, "SQLITE_CANTOPEN", "SQLITE_READONLY"):
                raise
            return _immutable(path)


def _connection(path: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, uri=isinstance(path, str)
    )
    connection.text_factory = _text
    return connection


def _immutable(path: Path) -> sqlite3.Connection:
    """Open a file whose folder may not be written: SQLite then reads it without its lock files.

    Raises StorageError if there is a write-ahead log, which it would not read.
    """
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:
        raise StorageError(
            f"{log} holds changes that can't be read while {path.parent} can't be written: make it writable"
        )
    return _connection(f"{path.resolve().as_uri()}?immutable=1")


@contextmanager
def transaction(db: sqlite3.Connection, begin: str, end: str) -> Iterator[None]:
    """Run what is inside between `begin` and `end`; roll back if it raises, and raise its own error."""
    db.execute(begin)
    try:
        yield
        db.execute(end)
    except BaseException:
        # SQLite ends some transactions by itself, on a full disk for one, and a damaged file may keep it
        # from rolling back. Neither may hide what happened first.
        with suppress(sqlite3.Error):
            if db.in_transaction:
                db.execute("ROLLBACK")
        raise


def _text(stored: bytes) -> str:
    """Decode a text. Damage in it shows when it is compared with its digest."""
    return stored.decode("utf-8", "replace")


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into the project's own, which name the remedy."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if _named(error, "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN"):
            raise StorageError(
                f"cannot write to {path.parent} ({error}): free some space there or choose another --index"
            ) from error
        if _named(error, "SQLITE_BUSY"):
            raise IndexBusyError(f"{path} is locked by another program: try again when it is done") from error
        if is_corrupt(error):
            raise unreadable(path, str(error)) from error
        raise StorageError(f"SQLite reports an error in {path} ({error}): run article-qa check") from error


def is_corrupt(error: sqlite3.Error) -> bool:
    """Return whether SQLite says that a file is damaged or not a database."""
    return _named(error, "SQLITE_CORRUPT", "SQLITE_NOTADB")


def is_interrupt(error: sqlite3.Error) -> bool:
    """Return whether a statement was stopped by our own progress handler."""
    return _named(error, "SQLITE_INTERRUPT")


def _named(error: sqlite3.Error, *names: str) -> bool:
    """Return whether an error's code is one of `names` or an extension of one."""
    # Errors that Python's module raises by itself have no name.
    return (getattr(error, "sqlite_errorname", None) or "").startswith(names)


def mismatch(catalog: Path, found: int) -> IndexMismatchError:
    """Return the error for a catalog of another format."""
    remedy = "bring it up to date with article-qa index FOLDER"
    if not FORMAT_BEFORE <= found < FORMAT:
        remedy = "rebuild it with article-qa index FOLDER --rebuild, which reuses its vectors"
    if found > FORMAT:
        remedy = f"it was made by a newer version, so update article-qa, or {remedy}"
    return IndexMismatchError(
        f"the index in {catalog.parent} has format {found}, this version reads {FORMAT}: {remedy}"
    )


def unreadable(path: Path, what: str) -> IndexUnreadableError:
    """Return the error for a catalog that only a rebuild can repair."""
    return IndexUnreadableError(
        f"{path} is damaged ({what}): rebuild the index with article-qa index FOLDER --rebuild"
    )


def damaged(catalog: Path, what: str) -> IndexDamagedError:
    """Return the error for damage that the next build repairs."""
    return IndexDamagedError(
        f"{catalog} is damaged ({what}): run article-qa index FOLDER, which reads again what is needed"
    )
