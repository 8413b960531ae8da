"""The file that an article was read from, if it still is what was read."""

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path, PurePosixPath

from index.errors import OriginalChangedError, OriginalGoneError
from index.reading.files import MAX_FILE_BYTES
from index.reading.registry import is_archive

from .catalog import Catalog

_CHUNK = 1 << 20
# A file that is opened may not be a link, nor make us wait, as a pipe would.
_CAREFULLY = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


@dataclass(frozen=True, slots=True)
class Original:
    """An open file, which is what the index read; `name` is that of the file alone."""

    name: str
    size: int
    file: BufferedReader

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes, and close the file."""
        with closing(self.file):
            while chunk := self.file.read(_CHUNK):
                yield chunk


def original(catalog: Catalog, article_id: str) -> Original | None:
    """Open the file of an article, None if there is no such article.

    Raises OriginalGoneError if the file is not there any more, or lies in an archive, which may hold other
    things; OriginalChangedError if it is not what was read.
    """
    rows = catalog.select(
        "SELECT file.path, file.hash FROM article JOIN file ON file.key = article.file"
        " WHERE article.id = ? AND NOT article.pending"
        " AND article.generation = (SELECT value FROM state WHERE key = 'generation')",
        article_id,
    )
    for path, read in rows:
        if is_archive(path):
            raise OriginalGoneError(f"this article lies inside {path}: open that archive in its folder")
        opened = _opened(Path(catalog.fact("folder")), path)
        try:
            size = os.fstat(opened.fileno()).st_size
            # What follows the hash says how reading went.
            if size > MAX_FILE_BYTES or _hash(opened) != str(read).partition(" ")[0]:
                raise OriginalChangedError(
                    f"{path} has changed since it was read: run article-qa index FOLDER, and open it again"
                )
        except BaseException:
            opened.close()
            raise
        return Original(PurePosixPath(path).name, size, opened)
    return None


def _opened(folder: Path, path: str) -> BufferedReader:
    """Open the regular file at `path` below `folder`. Raises OriginalGoneError."""
    place = folder / path
    try:
        # Nor may a folder on the way have become a link that leads elsewhere.
        if place.resolve(strict=True) != folder.resolve(strict=True) / path:
            raise OriginalGoneError(f"{path} is no longer in the folder of articles")
        opened = os.fdopen(os.open(place, _CAREFULLY), "rb")
    except (OSError, RuntimeError, ValueError) as error:
        raise OriginalGoneError(
            f"{path} is no longer in the folder of articles, or cannot be read"
        ) from error
    if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
        opened.close()
        raise OriginalGoneError(f"{path} is no longer a file")
    return opened


def _hash(opened: BufferedReader) -> str:
    found = hashlib.file_digest(opened, "sha256").hexdigest()
    opened.seek(0)
    return found
