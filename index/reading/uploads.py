"""Files that readers add to a folder of articles: under a safe name, within bounds, over no other file."""

import os
import re
import secrets
import shutil
import time
import unicodedata
from contextlib import suppress
from itertools import count
from pathlib import Path, PurePosixPath

from index import marks
from index.errors import SourceError, StorageError

from .content import HEAD_BYTES, kind_by_content, may_be_read
from .document import PassingError, ReadError, Skipped, UnreadableError
from .files import MAX_FILE_BYTES
from .registry import suffix_of
from .sandbox import Reading

# Uploads go into this folder inside the folder of articles.
FOLDER = "uploads"
# It takes no more files than this, nor more bytes.
MAX_FILES, MAX_BYTES = 10_000, 20_000_000_000
# Leave this much of the disk to everything else.
_SPARE_BYTES = 1_000_000_000
# How a folder is marked that holds a file which is still arriving, and after how long that was given up.
_ARRIVING, _PREFIX, _GIVEN_UP = "upload", ".arriving-", 3600
# A file is looked into for as long before it is taken in; the build has more patience.
_PATIENCE = 20.0
# A file with so many articles is looked into no further. Most have one, and their reader goes on to the next.
_ENOUGH = 20
# File systems take names of 255 bytes; a number may follow.
_NAME_BYTES = 200
# Windows takes these for devices, whatever their ending.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)


def safe_name(given: str) -> str:
    """Return the name under which a file is stored: one part of a path, visible, of usual characters.

    Raises SourceError if nothing is left of it.
    """
    whole = unicodedata.normalize("NFC", given.encode("utf-8", "replace").decode())
    last = re.split(r"[/\\]", whole)[-1]
    plain = "".join(c if c.isprintable() and c not in '<>:"|?*' else "_" for c in last)
    name = " ".join(plain.split()).strip(" .")
    if not name.strip("_"):
        raise SourceError("the file has no name: rename it and add it again")
    stem, ending = _parted(name)
    while len(f"{stem}{ending}".encode()) > _NAME_BYTES and stem:
        stem = stem[:-1]
    name = f"{stem.rstrip(' .')}{ending}"
    return f"_{name}" if _DEVICES.match(name) else name


def _parted(name: str) -> tuple[str, str]:
    """Return a name without its ending, and its ending: `.tar.gz` is one."""
    known = suffix_of(name)
    length = len(known) if known and name.lower().endswith(known) else len(PurePosixPath(name).suffix)
    return name[: len(name) - length], name[len(name) - length :][:40]


class Upload:
    """One file on its way into `folder`; use it in a `with` statement, which leaves nothing behind.

    Raises SourceError if it is not taken, StorageError if it cannot be stored. `size` is what it will have.
    """

    def __init__(self, folder: Path, given: str, size: int) -> None:
        self._name = safe_name(given)
        self._place, self._size, self._got = folder / FOLDER, size, 0
        if not suffix_of(self._name) and not may_be_read(self._name):
            raise SourceError(
                f"{PurePosixPath(self._name).suffix.lower()}: not a kind of file that is read: "
                "add .txt, .html, .pdf, .docx or .eml files, or others that article-qa reads"
            )
        if size > MAX_FILE_BYTES:
            raise SourceError(f"larger than {MAX_FILE_BYTES // 1_000_000} MB: add a part of it")
        try:
            self._place.mkdir(exist_ok=True)
            is_index = marks.is_marked(self._place, marks.INDEX)
            if self._place.is_symlink() or not self._place.is_dir() or is_index:
                raise SourceError(f"{self._place} is not a folder for articles: move it away")
            self._refuse_too_much()
            self._arriving = self._place / f"{_PREFIX}{secrets.token_hex(8)}"
            self._arriving.mkdir(0o700)
            marks.mark(self._arriving, _ARRIVING)
            self._file = (self._arriving / self._name).open("xb")
        except OSError as error:
            raise _unstored(self._place, error) from error

    def __enter__(self) -> "Upload":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Forget what has arrived, unless it is in its place."""
        self._file.close()
        marks.remove(self._arriving, _ARRIVING)

    def write(self, data: bytes) -> None:
        """Store more of the file."""
        self._got += len(data)
        if self._got > self._size:
            raise SourceError("it is longer than it was said to be: add it again")
        try:
            self._file.write(data)
        except OSError as error:
            raise _unstored(self._place, error) from error

    def finish(self) -> str:
        """Put the whole file in its place if it can be read; return its path in the folder of articles."""
        if self._got != self._size:
            raise SourceError("it did not arrive whole: add it again")
        try:
            self._file.close()
            self._refuse_unreadable()
            name = self._free_name()
            (self._arriving / self._name).replace(self._place / name)
        except OSError as error:
            raise _unstored(self._place, error) from error
        return f"{FOLDER}/{name}"

    def _refuse_unreadable(self) -> None:
        file = self._arriving / self._name
        if not suffix_of(self._name):
            with file.open("rb") as opened:
                if not kind_by_content(self._name, opened.read(HEAD_BYTES)):
                    raise SourceError("not a kind of file that is read: give its name the ending of its kind")
        reason, articles = "no article in it", 0
        try:
            with Reading(_PATIENCE) as reading:
                for found in reading.articles(self._arriving, self._name):
                    if isinstance(found, Skipped):
                        reason = found.reason
                    else:
                        articles += 1
                    if articles >= _ENOUGH:
                        break
        except (PassingError, UnreadableError):
            # The build has more time for it.
            return
        except ReadError as error:
            reason = str(error)
        if not articles:
            raise SourceError(reason)

    def _free_name(self) -> str:
        """Take a name that no file has."""
        stem, ending = _parted(self._name)
        for number in count():
            name = f"{stem} ({number}){ending}" if number else self._name
            with suppress(FileExistsError):
                # An empty file of ours holds the name until the whole one replaces it.
                (self._place / name).open("xb").close()
                return name
        raise AssertionError

    def _refuse_too_much(self) -> None:
        files = size = 0
        with os.scandir(self._place) as entries:
            for entry in entries:
                about = entry.stat(follow_symlinks=False)
                if entry.name.startswith(_PREFIX) and time.time() - about.st_mtime > _GIVEN_UP:
                    marks.remove(Path(entry.path), _ARRIVING)
                files += 1
                size += about.st_size
        if files >= MAX_FILES or size + self._size > MAX_BYTES:
            raise SourceError(
                f"{self._place} is full: move files from it into other folders of your articles"
            )
        if shutil.disk_usage(self._place).free < self._size + _SPARE_BYTES:
            raise StorageError(f"the disk of {self._place} is nearly full: free some space there")


def _unstored(place: Path, error: OSError) -> StorageError:
    return StorageError(f"cannot write to {place} ({error.strerror}): make it writable")
