"""What article-qa made, and so may delete: folders that carry its mark. Nothing else is ever removed.

An index may lie in a folder that holds other things, and a cache beside other models.
"""

import json
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from .errors import SourceError, StorageError

MARK = "made-by-article-qa.json"
INDEX = "index"
CATALOG = "catalog.sqlite"
# What a first build leaves that was killed before it had marked its folder.
_LEFT = {"writer.lock", "writer.json"}
_CATALOG_FILES = {CATALOG, f"{CATALOG}-wal", f"{CATALOG}-shm", f"{CATALOG}-journal"}


def mark(folder: Path, what: str) -> None:
    """Say in `folder` that it is article-qa's, and what it is.

    Raises OSError.
    """
    stated = {"made by": "article-qa", "what": what}
    (folder / MARK).write_text(json.dumps(stated) + "\n", "utf-8")


def is_marked(folder: Path, what: str) -> bool:
    """Return whether `folder` is a folder, not a link to one, and was marked as `what`."""
    if folder.is_symlink():
        return False
    with suppress(OSError, ValueError):
        stated = json.loads((folder / MARK).read_text("utf-8"))
        return bool(stated == {"made by": "article-qa", "what": what})
    return False


def remove(folder: Path, what: str) -> None:
    """Delete `folder` with all in it if it is marked as `what`; else leave it alone."""
    if is_marked(folder, what):
        shutil.rmtree(folder, ignore_errors=True)


def claim(index: Path) -> None:
    """Make `index` a folder for an index, or find that it is one.

    Raises SourceError if it holds something else, StorageError if it cannot be written.
    """
    try:
        index.mkdir(parents=True, exist_ok=True)
        if is_marked(index, INDEX):
            return
        others = {path.name for path in index.iterdir()} - _LEFT
        if _has_tables(index / CATALOG, others):
            if not _is_catalog(index / CATALOG):
                raise _foreign(index)
        elif others:
            raise _foreign(index)
        mark(index, INDEX)
    except OSError as error:
        raise StorageError(
            f"cannot write to {index} ({error.strerror}): choose another place with --index"
        ) from error


def _foreign(index: Path) -> SourceError:
    return SourceError(
        f"{index} is not empty and holds no index of article-qa: choose a new or empty folder with --index"
    )


def _has_tables(catalog: Path, names: set[str]) -> bool:
    """Return whether there is a catalog of whatever kind; take one that was just begun out of `names`."""
    if CATALOG not in names:
        return False
    with suppress(sqlite3.Error), closing(_opened(catalog)) as connection:
        if connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone() == (0,):
            names -= _CATALOG_FILES
            return False
    return True


def _is_catalog(catalog: Path) -> bool:
    with suppress(sqlite3.Error), closing(_opened(catalog)) as connection:
        keys = {key for (key,) in connection.execute("SELECT key FROM state")}
        return {"format", "generation", "pipeline", "build"} <= keys
    return False


def _opened(catalog: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{catalog.resolve().as_uri()}?mode=ro", uri=True)


def withdraw(index: Path, chroma: str) -> None:
    """Remove what a first build made in `index` before it failed, and `index` if nothing else is there."""
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


def segment(name: str) -> str:
    """Return what the folder of a segment is marked as: a copy under another name is somebody else's."""
    return f"segment {name}"
