"""Which files of a folder are articles."""

import hashlib
import os
import stat
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from index.article import is_utf8
from index.errors import SourceError

from .content import HEAD_BYTES, kind_by_content, may_be_read
from .registry import READERS, suffix_of

# Larger files are skipped: they are dumps or recordings, and reading them would take too much memory.
MAX_FILE_BYTES = 100_000_000
# What browsers and Windows, in several languages, append to a page's name to name the folder of its parts.
_SAVED_WITH = (
    "_files", ".files", "-Dateien", "_Dateien", "_fichiers", "_bestanden", "_file", "_archivos", "-filer",
    "_filer", "_tiedostot", "_pliki", "_soubory", "_elemei", "_ficheiros", "_arquivos", "_dosyalar",
    "_datoteke", "_fails",
    "_failid", "_fitxers", "_bylos", "_fajlovi", "_fitxategiak",
)  # fmt: skip
_PAGES = (".html", ".htm", ".xhtml", ".shtml", ".HTML", ".HTM")
NAME_REASON = "its name is not valid UTF-8"


@dataclass(frozen=True, slots=True)
class Files:
    """The files below `root` that can be read, as sorted relative POSIX paths, and why others are not.

    `unread` are files, and folders with all in them, that are there but can't be read now, with the reason.
    """

    root: Path
    paths: tuple[str, ...]
    skipped: dict[str, str]
    unread: dict[str, str] = field(default_factory=dict)

    def is_unread(self, path: str) -> bool:
        """Return whether the file at `path`, or a folder that it is in, can't be read now."""
        return bool(self.unread) and any(
            str(place) in self.unread for place in (path, *PurePosixPath(path).parents)
        )


def find_files(folder: Path, index: Path) -> Files:
    """List the articles in `folder`, without hidden files and the index itself.

    Raises SourceError if there is no such folder or nothing in it can be read.
    """
    if not folder.exists():
        raise SourceError(f"there is no folder {folder}: give the folder that holds your articles")
    if not folder.is_dir():
        raise SourceError(f"{folder} is not a folder: give the folder that holds your articles")
    root = folder.resolve()
    if not is_utf8(str(root)):
        raise SourceError(f"the name of {folder} is not valid UTF-8: rename the folder")
    paths: list[str] = []
    skipped: dict[str, str] = {}
    unread: dict[str, str] = {}
    for path, entry in _walk(root, index.resolve(), skipped, unread):
        reason = _reason_to_skip(path, entry, unread)
        if reason:
            skipped[path] = reason
        elif path not in unread:
            paths.append(path)
    if not paths and not unread:
        seen = f", and {len(skipped)} files there are of other kinds" if skipped else ""
        raise SourceError(f"no articles in {folder}: article-qa reads {' '.join(READERS)} files{seen}")
    if "." in unread:
        raise SourceError(f"cannot read {folder} ({unread['.']}): make it readable")
    return Files(root, tuple(sorted(paths)), skipped, unread)


def _walk(
    root: Path, index: Path, skipped: dict[str, str], unread: dict[str, str]
) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield every visible file below `root`; folders that are links are not entered."""
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        try:
            entries = list(os.scandir(folder))
        except FileNotFoundError:
            continue
        except OSError as error:
            unread[folder.relative_to(root).as_posix()] = _reason(error)
            continue
        names = {entry.name for entry in entries}
        for entry in entries:
            if entry.name.startswith("."):
                continue
            try:
                is_folder = entry.is_dir(follow_symlinks=False)
            except OSError as error:
                unread[PurePosixPath(os.path.relpath(entry.path, root)).as_posix()] = _reason(error)
                continue
            if is_folder:
                if page := page_of_folder(entry.name, names):
                    path = Path(entry.path).relative_to(root).as_posix()
                    skipped[path] = f"what belongs to the saved page {page}"
                elif Path(entry.path) != index:
                    waiting.append(Path(entry.path))
            else:
                yield PurePosixPath(os.path.relpath(entry.path, root)).as_posix(), entry


def may_belong_to_page(folder: str) -> bool:
    """Return whether a folder is named like those that are saved with pages."""
    return folder.endswith(_SAVED_WITH)


def page_of_folder(name: str, beside: Container[str]) -> str | None:
    """Return the page among the files `beside` a folder that was saved with it, or None.

    Such a folder holds its frames, pictures and advertisements.
    """
    for ending in _SAVED_WITH:
        if name.endswith(ending) and len(name) > len(ending):
            stem = name.removesuffix(ending)
            return next((stem + page for page in _PAGES if stem + page in beside), None)
    return None


def _reason(error: OSError) -> str:
    return error.strerror or "unreadable"


def _reason_to_skip(path: str, entry: os.DirEntry[str], unread: dict[str, str]) -> str | None:
    """Return why a file is not an article, None if it may be one; one that can't be looked at is `unread`."""
    if not is_utf8(path):
        return NAME_REASON
    try:
        mode = entry.stat(follow_symlinks=False).st_mode
    except FileNotFoundError as error:
        return _reason(error)
    except OSError as error:
        unread[path] = _reason(error)
        return None
    if stat.S_ISLNK(mode):
        return "a symbolic link"
    if not stat.S_ISREG(mode):
        return "not a regular file"
    try:
        known = suffix_of(path) or _kind_inside(path, entry)
    except OSError as error:
        unread[path] = _reason(error)
        return None
    if not known:
        return f"{PurePosixPath(path).suffix.lower() or 'no ending'}: not a kind of file that is read"
    return None


def _kind_inside(path: str, entry: os.DirEntry[str]) -> str | None:
    if not may_be_read(path):
        return None
    with Path(entry.path).open("rb") as file:
        return kind_by_content(path, file.read(HEAD_BYTES))


def file_hash(file: Path) -> str:
    """Return what an unchanged file is known by. Raises OSError if it cannot be read."""
    with file.open("rb") as opened:
        # A file too large to be read need not be hashed either: its size tells enough.
        if (size := os.fstat(opened.fileno()).st_size) > MAX_FILE_BYTES:
            return f"{size} bytes"
        return hashlib.file_digest(opened, "sha256").hexdigest()
