"""E-books: one article each, its chapters in reading order.

Read by lxml: of the libraries for them the well-kept one is under a licence that would bind all of this.
"""

import posixpath
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import unquote

from index.reading.document import Document, ReadError, Skipped

from .container import MAX_MEMBERS, Container
from .encoding import decoded_page
from .html import text_of_fragment
from .metadata import as_date, language_code, names, people

_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_ENC = "{http://www.w3.org/2001/04/xmlenc#}"
_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_MAX_CHARACTERS = 20_000_000
_MAX_DATES = 20


def read(path: str, data: bytes) -> Iterator[Document | Skipped]:
    """Yield the text of a book, and each chapter that cannot be read."""
    parts = Container(data, "an e-book")
    container = parts.xml("META-INF/container.xml")
    root = container.find(".//{*}rootfile") if container is not None else None
    package_path = root.get("full-path") if root is not None else None
    package = parts.xml(package_path) if package_path else None
    if package is None or package_path is None:
        raise ReadError("not an e-book")
    spine = list(islice(_spine(package, posixpath.dirname(package_path)), MAX_MEMBERS))
    if _encrypted(parts).intersection(spine):
        raise ReadError("encrypted: an e-book under copy protection; save one without it")
    chapters: list[str] = []
    length = 0
    for name in spine:
        try:
            chapters.append(text_of_fragment(decoded_page(parts.bytes_of(name))))
            length += len(chapters[-1])
        except ReadError as error:
            yield Skipped(name, str(error))
        if length > _MAX_CHARACTERS:
            yield Skipped(
                name, f"what comes after {_MAX_CHARACTERS // 1_000_000} million characters is left out"
            )
            break

    def stated(key: str) -> list[str]:
        return [" ".join(found.text.split()) for found in package.iter(f"{_DC}{key}") if found.text]

    published = next(filter(None, map(as_date, stated("date")[:_MAX_DATES])), None)
    yield Document(
        text="\n\n".join(filter(None, chapters)),
        title=next(iter(stated("title")), None),
        published=published,
        published_from="document properties" if published else None,
        source=next(iter(stated("publisher")), None),
        authors=people(stated("creator")),
        tags=names(stated("subject")),
        language=language_code(next(iter(stated("language")), None)),
    )


def _encrypted(parts: Container) -> set[str]:
    """Return the members that are encrypted; fonts that are only disguised are none."""
    root = parts.xml("META-INF/encryption.xml")
    found: set[str] = set()
    for data in root.iter(f"{_ENC}EncryptedData") if root is not None else ():
        method, reference = data.find(f"{_ENC}EncryptionMethod"), data.find(f".//{_ENC}CipherReference")
        is_font = method is not None and (method.get("Algorithm") or "") in _FONTS
        if reference is not None and not is_font:
            found.add(posixpath.normpath(unquote(reference.get("URI") or "").lstrip("/")))
    return found


def _spine(package: Any, folder: str) -> Iterator[str]:
    pages = {item.get("id"): item for item in package.iter(f"{_OPF}item")}
    for reference in package.iter(f"{_OPF}itemref"):
        item = pages.get(reference.get("idref"))
        if item is not None and "html" in (item.get("media-type") or "") and item.get("href"):
            yield posixpath.normpath(posixpath.join(folder, unquote(item.get("href"))))
