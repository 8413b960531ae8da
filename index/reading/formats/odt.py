"""OpenDocument texts, read by lxml: the libraries for them have had no release in years."""

from collections.abc import Iterator
from typing import Any

from index.reading.document import Document, ReadError, Skipped

from .container import Container
from .metadata import as_date, language_code, names

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_LEFT_OUT = {
    f"{_TEXT}tracked-changes",
    f"{_OFFICE}annotation",
    f"{_TEXT}note-citation",
    f"{_TEXT}table-of-content",
}
_MAX_BLANKS = 100


def read(path: str, data: bytes) -> Iterator[Document | Skipped]:
    """Yield the article of a document, its notes at the end."""
    parts = Container(data, "an OpenDocument text")
    content = parts.xml("content.xml")
    body = content.find(f".//{_OFFICE}text") if content is not None else None
    if body is None:
        raise ReadError("not an OpenDocument text")
    notes: list[str] = []
    paragraphs = [*_blocks(body, notes), *notes]
    meta = parts.xml("meta.xml")

    def stated(name: str) -> str | None:
        found = meta.findtext(f".//{name}") if meta is not None else None
        return " ".join(found.split()) or None if found else None

    published = as_date(stated(f"{_META}creation-date"))
    yield Document(
        text="\n\n".join(filter(None, paragraphs)),
        title=stated(f"{_DC}title"),
        published=published,
        published_from="document properties" if published else None,
        authors=names(stated(f"{_META}initial-creator") or stated(f"{_DC}creator")),
        tags=names([found.text for found in meta.iter(f"{_META}keyword")]) if meta is not None else (),
        language=language_code(stated(f"{_DC}language")),
    )


def _blocks(body: Any, notes: list[str]) -> Iterator[str]:
    for element in body:
        if element.tag in (f"{_TEXT}p", f"{_TEXT}h"):
            yield _words(element, notes)
        elif element.tag == f"{_TEXT}list":
            items = element.iter(f"{_TEXT}p", f"{_TEXT}h")
            yield "\n".join(filter(None, (_words(item, notes) for item in items)))
        elif element.tag == f"{_TABLE}table":
            yield "\n".join(_rows(element, notes))
        elif element.tag not in _LEFT_OUT and isinstance(element.tag, str):
            yield from _blocks(element, notes)


def _rows(table: Any, notes: list[str]) -> Iterator[str]:
    for row in table.iter(f"{_TABLE}table-row"):
        cells = (
            " ".join(_words(paragraph, notes) for paragraph in cell.iter(f"{_TEXT}p"))
            for cell in row.iter(f"{_TABLE}table-cell")
        )
        yield " | ".join(filter(None, cells))


def _words(element: Any, notes: list[str]) -> str:
    parts = [element.text or ""]
    for child in element:
        if child.tag == f"{_TEXT}note":
            notes.extend(_words(p, []) for p in child.iter(f"{_TEXT}p"))
        elif child.tag == f"{_TEXT}s":
            count = child.get(f"{_TEXT}c") or "1"
            parts.append(" " * min(int(count), _MAX_BLANKS) if count.isdecimal() else " ")
        elif child.tag == f"{_TEXT}tab":
            parts.append(" ")
        elif child.tag == f"{_TEXT}line-break":
            parts.append("\n")
        elif isinstance(child.tag, str) and child.tag not in _LEFT_OUT:
            parts.append(_words(child, notes))
        parts.append(child.tail or "")
    return "".join(parts).strip()
