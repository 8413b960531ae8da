"""The file that holds conversations: where it is, whether it is ours and sound, and SQLite's errors."""

import os
import sqlite3
import stat
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from index.errors import ConversationsError, StorageError
from index.store.connection import is_corrupt, is_interrupt, transaction
from ui.translation import _

from .schema import APPLICATION, FORMAT, MOST_BYTES, PAGE_BYTES, SCHEMA

# Another page or program writes for moments only; a clean-up after deleting takes the longest.
_BUSY_SECONDS = 20.0
# Looking for damage may hold up the first page for this long.
_CHECK_SECONDS = 1.0


def place(index: Path) -> Path:
    """Return where the conversations about an index are: beside its folder, which a rebuild may replace.

    The name is hidden, so that the file is no news to `index --watch` if it is among the articles.
    """
    folder = index.resolve()
    return folder.with_name(f".{folder.name.removeprefix('.')}-conversations.sqlite")


def connected(path: Path) -> sqlite3.Connection:
    """Open the file at `path`, and make it if there is none or an empty one.

    Raises ConversationsError if it is damaged, another version's or not ours, which leaves it untouched, and
    StorageError if it cannot be written.
    """
    with storage_errors(path):
        _claim(path)
        if path.stat().st_size:
            _check(path)
        connection = sqlite3.connect(
            path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            _prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection


def _claim(path: Path) -> None:
    """Make an empty file that only its owner can read. Raises ConversationsError, StorageError."""
    try:
        with suppress(FileExistsError):
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        if not stat.S_ISREG(path.lstat().st_mode):
            raise _foreign(path)
    except OSError as error:
        raise _unwritable(path, error.strerror) from error


def _check(path: Path) -> None:
    """Raise ConversationsError unless the file is ours and sound, without changing a byte of it."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=_BUSY_SECONDS)) as db:
        application, form = (
            db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
        )
        if not form and not application and not db.execute("SELECT * FROM sqlite_master").fetchone():
            # It was begun, and then the power went.
            return
        if application != APPLICATION:
            raise _foreign(path)
        if form != FORMAT:
            raise ConversationsError(
                _(
                    "{file} has format {found}, this version reads {known}: update article-qa, or move the "
                    "file away"
                ).format(file=path, found=form, known=FORMAT)
            )
        deadline = time.monotonic() + _CHECK_SECONDS
        db.set_progress_handler(lambda: time.monotonic() > deadline, 10_000)
        try:
            (found,) = db.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.OperationalError as error:
            if not is_interrupt(error):
                raise
            return
        if found != "ok":
            raise _damaged(path, found)


def _prepare(db: sqlite3.Connection) -> None:
    for pragma in (
        f"page_size = {PAGE_BYTES}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        f"max_page_count = {MOST_BYTES // PAGE_BYTES}",
    ):
        db.execute(f"PRAGMA {pragma}")
    with transaction(db, "BEGIN IMMEDIATE", "COMMIT"):
        # Another page may have been first.
        if db.execute("PRAGMA user_version").fetchone() == (FORMAT,):
            return
        for statement in SCHEMA.split(";\n"):
            db.execute(statement)
        db.execute(f"PRAGMA application_id = {APPLICATION}")
        db.execute(f"PRAGMA user_version = {FORMAT}")


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into the project's own, which name the remedy."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if is_corrupt(error):
            raise _damaged(path, str(error)) from error
        raise _unwritable(path, str(error)) from error


def _unwritable(path: Path, reason: str | None) -> StorageError:
    return StorageError(
        _(
            "conversations cannot be stored in {file} ({reason}): free some space there and make it "
            "writable, or use --no-history"
        ).format(file=path, reason=reason)
    )


def _damaged(path: Path, what: str) -> ConversationsError:
    return ConversationsError(
        _("{file} is damaged ({reason}): put back a copy of it, or move it away to begin a new one").format(
            file=path, reason=" ".join(what.split())
        )
    )


def _foreign(path: Path) -> ConversationsError:
    return ConversationsError(
        _("{file} is not article-qa's file of conversations: move it away").format(file=path)
    )
