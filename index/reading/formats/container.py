"""Files in files: zip members and their XML, read within bounds."""

import zipfile
import zlib
from io import BytesIO
from typing import Any

from index.reading.document import ReadError

MAX_MEMBER_BYTES = 100_000_000
MAX_MEMBERS = 20_000
_MAX_XML_BYTES = 50_000_000


class Container:
    """A zip file in memory, such as office programs and e-books are.

    Raises ReadError if it is none or cannot be read without a password.
    """

    def __init__(self, data: bytes, kind: str) -> None:
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise ReadError(f"not {kind}, or damaged: {error}") from error
        if len(self._zip.infolist()) > MAX_MEMBERS:
            raise ReadError(f"more than {MAX_MEMBERS:,} parts")

    def names(self) -> list[str]:
        """Return the members' names."""
        return self._zip.namelist()

    def bytes_of(self, name: str, limit: int = MAX_MEMBER_BYTES) -> bytes:
        """Return a member, unpacked; empty if there is none of that name."""
        try:
            return unpacked(self._zip, self._zip.getinfo(name), limit)
        except KeyError:
            return b""

    def xml(self, name: str) -> Any:
        """Return the root of an XML member, or None if there is none of that name."""
        data = self.bytes_of(name, _MAX_XML_BYTES)
        return xml_root(data, name) if data else None


def unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int) -> bytes:
    """Return a zip member's bytes.

    Raises ReadError if it is encrypted, damaged or larger than `limit`, whatever its header says.
    """
    if member.flag_bits & 1:
        raise ReadError("encrypted")
    try:
        with archive.open(member) as file:
            data = file.read(limit + 1)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as error:
        raise ReadError(f"damaged: {error}") from error
    if len(data) > limit:
        raise ReadError(f"larger than {limit // 1_000_000} MB unpacked")
    return data


def xml_root(data: bytes, name: str) -> Any:
    """Parse XML that fetches nothing and expands no entities of its own.

    Raises ReadError if it is damaged.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ReadError(f"damaged: {name}: {error}") from error
