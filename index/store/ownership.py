"""Which folder may hold an index: an empty one, or one of ours."""

import json
import os
import re
import sqlite3
from contextlib import closing, suppress
from enum import Enum, auto
from itertools import count
from pathlib import Path

from index.errors import SourceError, StorageError
from index.marks import INDEX, MARK, content, is_marked, mark, remove, segment

from .schema import own_tables

CATALOG = "catalog.sqlite"
# Left by a first build that was killed before it had marked its folder.
_LEFT = {"writer.lock", "writer.json"}
# All tables and views except SQLite's own, and tables that earlier formats had.
_TABLES = (
    r"SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\_%' ESCAPE '\'"
)
_TABLES_BEFORE = {"mean"}
_CATALOG_FILES = {CATALOG, f"{CATALOG}-wal", f"{CATALOG}-shm", f"{CATALOG}-journal"}


def claim(index: Path) -> None:
    """Make `index` a folder for an index, or make sure that it is one.

    Raises SourceError if it holds something else, StorageError if it cannot be written.
    """
    try:
        index.mkdir(parents=True, exist_ok=True)
        _refuse_others(index, marked=is_marked(index, INDEX))
        # Another build may mark the folder while we look, hence the second check.
        if not is_marked(index, INDEX) and _is_foreign(index) and not is_marked(index, INDEX):
            raise _foreign(index)
        if not is_marked(index, INDEX):
            mark(index, INDEX)
    except OSError as error:
        raise StorageError(
            f"cannot write to {index} ({error.strerror}): choose another place with --index"
        ) from error


def _is_foreign(index: Path) -> bool:
    """Return whether a folder without our mark holds anything that is not an index's."""
    kind = _kind(index / CATALOG)
    if kind in (_Kind.OURS, _Kind.UNREADABLE):
        # An index older than our marks may have anything beside it.
        return kind is _Kind.UNREADABLE
    others = {path.name for path in index.iterdir()} - _LEFT - _CATALOG_FILES
    return any(not _is_begun_mark(index / name) for name in others)


class _Kind(Enum):
    """What is in the catalog's place; BEGUN has no table yet."""

    NONE = auto()
    BEGUN = auto()
    OURS = auto()
    FOREIGN = auto()
    UNREADABLE = auto()


def _refuse_others(index: Path, *, marked: bool) -> None:
    """Refuse what has the name of one of our files but isn't ours, since we would overwrite it.

    Raises SourceError, OSError.
    """
    for name in sorted({*_LEFT, *_CATALOG_FILES}):
        path = index / name
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise SourceError(f"{path} is not article-qa's file: choose a new or empty folder with --index")
    lock, holder = index / "writer.lock", index / "writer.json"
    if (lock.exists() and lock.stat().st_size) or not _is_holder(holder, marked=marked):
        path = holder if lock.exists() and not lock.stat().st_size else lock
        raise SourceError(f"{path} is not article-qa's file: choose a new or empty folder with --index")
    if _kind(index / CATALOG) is _Kind.FOREIGN:
        remedy = "choose a new or empty folder with --index"
        raise SourceError(f"{index / CATALOG} has tables that are not article-qa's: {remedy}")


def _is_holder(path: Path, *, marked: bool) -> bool:
    """Return whether `path` is free or says who is building."""
    if not path.exists():
        return True
    content = path.read_bytes()
    # In a folder of ours a power cut may have left it empty.
    if marked and not content:
        return True
    with suppress(ValueError, AttributeError):
        return set(json.loads(content).keys()) == {"process", "since"}
    return False


def _is_begun_mark(path: Path) -> bool:
    """Return whether this is a mark that a killed build left half-written."""
    if not re.fullmatch(rf"{re.escape(MARK)}\.\d+-\d+", path.name) or path.is_symlink() or not path.is_file():
        return False
    return (json.dumps(content(INDEX)) + "\n").encode().startswith(path.read_bytes())


def _foreign(index: Path) -> SourceError:
    return SourceError(
        f"{index} is not empty and holds no index of article-qa: choose a new or empty folder with --index"
    )


def _kind(catalog: Path) -> _Kind:
    if not catalog.exists():
        return _Kind.NONE
    try:
        with closing(_opened(catalog)) as connection:
            names = {name for (name,) in connection.execute(_TABLES)}
            if not names:
                return _Kind.BEGUN
            keys = {key for (key,) in connection.execute("SELECT key FROM state")} if "state" in names else {}
    except sqlite3.Error:
        return _Kind.UNREADABLE
    is_ours = names <= {*own_tables(), *_TABLES_BEFORE} and {"format", "generation"} & {*keys}
    return _Kind.OURS if is_ours else _Kind.FOREIGN


def _opened(catalog: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{catalog.resolve().as_uri()}?mode=ro", uri=True)


def set_aside(catalog: Path) -> Path:
    """Rename a catalog that cannot be repaired or read, and return its new path.

    The caller holds the lock and has made sure that the folder is our index. Raises StorageError.
    """
    names = (f"{catalog.name}.damaged{number or ''}" for number in count())
    free = next(path for name in names if not os.path.lexists(path := catalog.with_name(name)))
    try:
        catalog.replace(free)
        # Its log may hold what the file lacks.
        for ending in ("-wal", "-shm"):
            with suppress(FileNotFoundError):
                catalog.with_name(catalog.name + ending).replace(free.with_name(free.name + ending))
    except OSError as error:
        raise StorageError(f"cannot rename {catalog} ({error.strerror}): move it away") from error
    return free


def withdraw(index: Path, chroma: str) -> None:
    """Remove what a failed first build made in `index`, and `index` itself if it is then empty."""
    if not is_marked(index, INDEX):
        return
    with suppress(OSError):
        for folder in (index / chroma).glob("*"):
            remove(folder, segment(folder.name))
        for name in (*_CATALOG_FILES, *_LEFT, MARK):
            (index / name).unlink(missing_ok=True)
        with suppress(FileNotFoundError):
            (index / chroma).rmdir()
        index.rmdir()


def size_of(index: Path) -> int:
    """Return the size of all files in `index`, except those that a writer is just removing."""
    total = 0
    for folder, _, names in os.walk(index):
        for name in names:
            with suppress(OSError):
                total += Path(folder, name).lstat().st_size
    return total
