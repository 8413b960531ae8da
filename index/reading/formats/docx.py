"""Word documents, as they read with all tracked changes accepted."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from index.reading.document import Document, ReadError, Skipped

from .container import Container
from .metadata import as_date, language_code, names

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Deleted by a tracked change, moved elsewhere, or said in the margin.
_LEFT_OUT = {f"{_W}del", f"{_W}moveFrom", f"{_W}instrText"}
_NOTES = ("footnotes", "endnotes")


def read(path: str, data: bytes) -> Iterator[Document | Skipped]:
    """Yield the article of a document, its notes at the end."""
    import docx

    parts = Container(data, "a Word document")
    # Unpacked once within bounds, before the library unpacks it without.
    for name in parts.names():
        parts.bytes_of(name)
    try:
        document = docx.Document(BytesIO(data))
    except (KeyError, ValueError, AttributeError, zipfile.BadZipFile) as error:
        raise ReadError(f"not a Word document, or damaged: {error}") from error
    about = document.core_properties
    published = as_date(about.created)
    paragraphs = [*_blocks(document.element.body), *_notes(parts)]
    yield Document(
        text="\n\n".join(paragraphs),
        title=about.title or None,
        published=published,
        published_from="document properties" if published else None,
        authors=names(about.author),
        tags=names(about.keywords),
        language=language_code(about.language),
    )


def _blocks(body: Any) -> Iterator[str]:
    """Yield paragraphs; lists and tables come with a line for each item and row."""
    items: list[str] = []
    for element in body.iterchildren():
        is_item = element.tag == f"{_W}p" and element.find(f"{_W}pPr/{_W}numPr") is not None
        if items and not is_item:
            yield "\n".join(items)
            items = []
        if is_item:
            items.append(_words(element))
        elif element.tag == f"{_W}tbl":
            yield "\n".join(_rows(element))
        elif element.tag == f"{_W}p":
            yield _words(element)
        elif element.tag == f"{_W}sdt":
            yield from _blocks(element.find(f"{_W}sdtContent"))
    if items:
        yield "\n".join(items)


def _rows(table: Any) -> Iterator[str]:
    for row in table.iterchildren(f"{_W}tr"):
        yield " | ".join(filter(None, (_words(cell) for cell in row.iterchildren(f"{_W}tc"))))


def _words(element: Any) -> str:
    parts: list[str] = []
    waiting = [element]
    while waiting:
        part = waiting.pop()
        if part.tag == f"{_W}t":
            parts.append(part.text or "")
        elif part.tag in (f"{_W}tab", f"{_W}br", f"{_W}cr"):
            parts.append("\n" if part.tag != f"{_W}tab" and part.get(f"{_W}type") is None else " ")
        elif part.tag not in _LEFT_OUT:
            if part.tag == f"{_W}p" and parts:
                parts.append(" ")
            waiting.extend(reversed(list(part)))
    return "".join(parts).strip()


def _notes(parts: Container) -> Iterator[str]:
    for kind in _NOTES:
        root = parts.xml(f"word/{kind}.xml")
        for note in root if root is not None else ():
            # Separators are notes too, of a type.
            if note.get(f"{_W}type") is None and (text := _words(note)):
                yield text
