"""OpenDocument texts, read by lxml: the libraries for them have had no release in years."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from index.reading.document import Document, ReadError, Skipped

from .container import Container
from .metadata import as_date, language_code, names
from .raised import MarkedText

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_LEFT_OUT = {
    f"{_TEXT}tracked-changes",
    f"{_OFFICE}annotation",
    f"{_TEXT}note-citation",
    f"{_TEXT}table-of-content",
    f"{_TEXT}ruby-text",
    f"{_TEXT}hidden-text",
    f"{_TEXT}hidden-paragraph",
}
_APART = {f"{_TEXT}note", f"{_DRAW}text-box"}
_MAX_BLANKS = 100


def read(path: str, data: bytes) -> Iterator[Document | Skipped]:
    """Yield the article of a document, its notes at the end."""
    parts = Container(data, "an OpenDocument text")
    content = parts.xml("content.xml")
    body = content.find(f".//{_OFFICE}text") if content is not None else None
    if body is None:
        raise ReadError("not an OpenDocument text")
    reader = _Reader([root for root in (parts.xml("styles.xml"), content) if root is not None])
    paragraphs = [*reader.blocks(body), *reader.notes]
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


@dataclass(frozen=True, slots=True)
class _Look:
    """How a span is shown; `height` is "super", "sub" or empty."""

    is_unseen: bool = False
    height: str = ""


class _Reader:
    """The words of a document, as a person reads them; notes are collected apart."""

    def __init__(self, roots: list[Any]) -> None:
        self.notes: list[str] = []
        self._looks = {
            style.get(f"{_STYLE}name"): _look(style.find(f"{_STYLE}text-properties"))
            for root in roots
            for style in root.iter(f"{_STYLE}style")
        }

    def blocks(self, body: Any) -> Iterator[str]:
        """Yield paragraphs; lists and tables come with a line for each item and row."""
        for element in body:
            if element.get(f"{_TEXT}display") == "none":
                continue
            if element.tag in (f"{_TEXT}p", f"{_TEXT}h"):
                yield from self._paragraph(element)
            elif element.tag == f"{_TEXT}list":
                yield "\n".join(filter(None, self._items(element)))
            elif element.tag == f"{_TABLE}table":
                yield "\n".join(self._rows(element))
            elif element.tag not in _LEFT_OUT and isinstance(element.tag, str):
                yield from self.blocks(element)

    def _items(self, body: Any) -> Iterator[str]:
        for item in body.iter(f"{_TEXT}p", f"{_TEXT}h"):
            # What stands in a note or a text box comes with its paragraph.
            if not any(parent.tag in _APART for parent in islice(item.iterancestors(), 12)):
                yield from self._paragraph(item)

    def _paragraph(self, element: Any) -> Iterator[str]:
        boxes: list[Any] = []
        text = MarkedText()
        self._words(element, text, _Look(), boxes)
        yield text.done()
        for box in boxes:
            yield from self.blocks(box)

    def _rows(self, table: Any) -> Iterator[str]:
        for row in table.iter(f"{_TABLE}table-row"):
            cells = (" ".join(self._items(cell)) for cell in row.iter(f"{_TABLE}table-cell"))
            yield " | ".join(filter(None, (" ".join(cell.split()) for cell in cells)))

    def _words(self, element: Any, text: MarkedText, look: _Look, boxes: list[Any]) -> None:
        styled = self._looks.get(element.get(f"{_TEXT}style-name"), _Look())
        if element.tag != f"{_TEXT}p":
            look = _Look(look.is_unseen or styled.is_unseen, styled.height or look.height)
        self._say(text, element.text, look)
        for child in element:
            if child.tag == f"{_TEXT}note":
                self.notes.append(" ".join(self._items_of_note(child)))
            elif child.tag == f"{_DRAW}text-box":
                boxes.append(child)
            elif child.tag == f"{_TEXT}s":
                count = child.get(f"{_TEXT}c") or "1"
                self._say(text, " " * min(int(count), _MAX_BLANKS) if count.isdecimal() else " ", look)
            elif child.tag == f"{_TEXT}tab":
                self._say(text, " ", look)
            elif child.tag == f"{_TEXT}line-break":
                self._say(text, "\n", look)
            elif isinstance(child.tag, str) and child.tag not in _LEFT_OUT:
                self._words(child, text, look, boxes)
            self._say(text, child.tail, look)

    def _say(self, text: MarkedText, said: str | None, look: _Look) -> None:
        if said and not look.is_unseen:
            text.add(said, look.height)

    def _items_of_note(self, note: Any) -> Iterator[str]:
        for paragraph in note.iter(f"{_TEXT}p"):
            yield from self._paragraph(paragraph)


def _look(properties: Any) -> _Look:
    if properties is None:
        return _Look()
    line = properties.get(f"{_STYLE}text-line-through-style") or properties.get(
        f"{_STYLE}text-line-through-type"
    )
    place = (properties.get(f"{_STYLE}text-position") or "").split(" ")[0]
    if re.fullmatch(r"-?\d+(?:\.\d+)?%", place):
        place = "super" if float(place[:-1]) > 0 else "sub" if float(place[:-1]) < 0 else ""
    is_hidden = properties.get(f"{_TEXT}display") == "none"
    return _Look(is_hidden or line not in (None, "none"), place if place in ("super", "sub") else "")
