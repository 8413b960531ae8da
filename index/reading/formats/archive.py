"""Archives: each file in them is read like one in a folder."""

import os
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from itertools import islice
from pathlib import PurePosixPath

from index.reading.content import may_be_read
from index.reading.document import Document, ReadError, Skipped
from index.reading.files import may_belong_to_page, page_of_folder
from index.reading.registry import is_archive, suffix_of
from index.reading.registry import read as read_file

from .container import MAX_MEMBER_BYTES, MAX_MEMBERS, unpacked
from .encoding import decoded_names

# All that is unpacked of one archive; one at a time is in memory.
_MAX_TOTAL_BYTES = 2_000_000_000
_UTF8_FLAG = 0x800


def read(path: str, data: bytes) -> Iterator[Document | Skipped]:
    """Yield the articles of an archive's files, named by their place in it."""
    left = _MAX_TOTAL_BYTES
    members = _Names(path, data)
    for number, (name, contents) in enumerate(_zipped(data) if suffix_of(path) == ".zip" else _tarred(data)):
        if number >= MAX_MEMBERS:
            raise ReadError(f"more than {MAX_MEMBERS:,} files: what comes after them is left out")
        parts = PurePosixPath(name).parts
        if any((part.startswith(".") and part != "..") or part == "__MACOSX" for part in parts):
            continue
        if _belongs_to_page(parts, members):
            continue
        try:
            _check_name(name)
            member = contents()
            left -= len(member)
            if left < 0:
                raise ReadError(f"more than {_MAX_TOTAL_BYTES // 10**9} GB unpacked: left out from here")
            yield from _documents(name, member)
        except ReadError as error:
            yield Skipped(name, str(error))
        if left < 0:
            return


class _Names:
    """The names in an archive, by folder; looked up only if some folder may have been saved with a page."""

    def __init__(self, path: str, data: bytes) -> None:
        self._path, self._data = path, data
        self._by_folder: dict[str, set[str]] | None = None

    def beside(self, folder: PurePosixPath) -> set[str]:
        """Return the names of the files in `folder`."""
        if self._by_folder is None:
            self._by_folder = {}
            found = _zipped(self._data) if suffix_of(self._path) == ".zip" else _tarred(self._data)
            for name, _ in islice(found, MAX_MEMBERS):
                place = PurePosixPath(name)
                self._by_folder.setdefault(str(place.parent), set()).add(place.name)
        return self._by_folder.get(str(folder), set())


def _belongs_to_page(parts: tuple[str, ...], names: _Names) -> bool:
    """Return whether a member lies in a folder that was saved with a page."""
    return any(
        may_belong_to_page(part) and page_of_folder(part, names.beside(PurePosixPath(*parts[:depth])))
        for depth, part in enumerate(parts[:-1])
    )


def _check_name(name: str) -> None:
    if name.startswith("/") or ".." in PurePosixPath(name).parts:
        raise ReadError("its name leads out of the archive")
    if not suffix_of(name) and not may_be_read(name):
        raise ReadError("not a kind of file that is read")
    if is_archive(name):
        raise ReadError("an archive in an archive")


def _documents(name: str, data: bytes) -> Iterator[Document | Skipped]:
    for found in read_file(name, data):
        yield replace(found, name=f"{name}#{found.name}" if found.name else name)


def _zipped(data: bytes) -> Iterator[tuple[str, Callable[[], bytes]]]:
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise ReadError(f"not a zip archive, or damaged: {error}") from error
    members = [member for member in archive.infolist() if not member.is_dir()]
    for member, name in zip(members, _zipped_names(members), strict=True):
        yield name, lambda member=member: unpacked(archive, member, MAX_MEMBER_BYTES)  # type: ignore[misc]


def _zipped_names(members: Sequence[zipfile.ZipInfo]) -> list[str]:
    """Return the members' names: in old archives they are in an encoding that all have in common."""
    # The library has decoded them as the standard's only other choice, which few programs keep to.
    unmarked = [member for member in members if not member.flag_bits & _UTF8_FLAG]
    together = decoded_names(b"\n".join(member.filename.encode("cp437") for member in unmarked)).split("\n")
    named = dict(zip(map(id, unmarked), together, strict=False)) if len(together) == len(unmarked) else {}
    return [named.get(id(member), member.filename) for member in members]


def _tarred(data: bytes) -> Iterator[tuple[str, Callable[[], bytes]]]:
    try:
        # As a stream: nothing that was unpacked stays in memory.
        with tarfile.open(fileobj=BytesIO(data), mode="r|gz") as archive:
            for member in archive:
                if not member.isdir():
                    name = decoded_names(os.fsencode(member.name))
                    yield name, lambda member=member: _tar_member(archive, member)  # type: ignore[misc]
    except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError) as error:
        raise ReadError(f"not a tar.gz archive, or damaged: {error}") from error


def _tar_member(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    if not member.isfile():
        raise ReadError("a link or a device")
    if member.size > MAX_MEMBER_BYTES:
        raise ReadError(f"larger than {MAX_MEMBER_BYTES // 1_000_000} MB unpacked")
    file = archive.extractfile(member)
    return file.read() if file else b""
