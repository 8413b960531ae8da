"""The words of Word's markup as a person reads them: once, without what is hidden, deleted or struck out."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from .raised import MarkedText

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# Deleted by a tracked change, moved elsewhere, said in the margin or above the words.
_LEFT_OUT = {
    f"{W}{name}"
    for name in (
        "del",
        "moveFrom",
        "instrText",
        "delText",
        "rPr",
        "pPr",
        "rt",
        "annotationRef",
        "sdtPr",
        "tblPr",
    )
} | {f"{_M}{name}" for name in ("ctrlPr", "rPr")}
_HEIGHTS = {"superscript": "super", "subscript": "sub"}
_MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class _Look:
    """How a run is shown; `height` is "super", "sub" or empty."""

    is_hidden: bool = False
    is_struck: bool = False
    height: str = ""
    is_item: bool = False


class Styles:
    """The looks of a document's styles; `root` is that of `styles.xml`, or None."""

    def __init__(self, root: Any) -> None:
        found = root.iterchildren(f"{W}style") if root is not None else ()
        self._styles = {style.get(f"{W}styleId"): style for style in found}
        self._looks: dict[str, _Look] = {}

    def look(self, name: str | None, depth: int = 0) -> _Look:
        """Return how a style looks, with what it takes from those that it is based on."""
        style = self._styles.get(name)
        if name is None or style is None or depth > _MAX_DEPTH:
            return _Look()
        if name not in self._looks:
            based = style.find(f"{W}basedOn")
            look = _shown(style.find(f"{W}rPr"), self.look(_value(based), depth + 1))
            if style.find(f"{W}pPr/{W}numPr") is not None:
                # Headings are numbered too.
                look = replace(look, is_item=style.find(f"{W}pPr/{W}outlineLvl") is None)
            self._looks[name] = look
        return self._looks[name]


def _value(element: Any) -> str | None:
    return element.get(f"{W}val") if element is not None else None


def _is_on(element: Any) -> bool:
    return element is not None and _value(element) not in ("0", "false", "off")


def _shown(properties: Any, base: _Look) -> _Look:
    if properties is None:
        return base
    for child in properties:
        if child.tag == f"{W}vanish":
            base = replace(base, is_hidden=_is_on(child))
        elif child.tag in (f"{W}strike", f"{W}dstrike"):
            base = replace(base, is_struck=_is_on(child))
        elif child.tag == f"{W}vertAlign":
            base = replace(base, height=_HEIGHTS.get(_value(child) or "", ""))
    return base


def is_item(paragraph: Any, styles: Styles) -> bool:
    """Return whether a paragraph is an item of a list."""
    number = paragraph.find(f"{W}pPr/{W}numPr")
    if number is not None:
        return _value(number.find(f"{W}numId")) != "0"
    return styles.look(_value(paragraph.find(f"{W}pPr/{W}pStyle"))).is_item


def paragraph_text(paragraph: Any, styles: Styles, boxes: list[Any]) -> str:
    """Return the words of a paragraph; the text boxes that hang on it are put into `boxes`."""
    text = MarkedText()
    base = styles.look(_value(paragraph.find(f"{W}pPr/{W}pStyle")))
    waiting: list[tuple[Any, _Look]] = [(paragraph, base)]
    while waiting:
        part, look = waiting.pop()
        tag = part.tag
        if tag == f"{W}r":
            properties = part.find(f"{W}rPr")
            if properties is not None:
                styled = styles.look(_value(properties.find(f"{W}rStyle")))
                look = _shown(properties, _over(look, styled))
            if look.is_hidden or look.is_struck:
                continue
        elif tag == f"{W}txbxContent":
            boxes.append(part)
            continue
        elif tag in (f"{_M}sup", f"{_M}sub"):
            look = replace(look, height="super" if tag == f"{_M}sup" else "sub")
        if tag in _LEFT_OUT or not isinstance(tag, str):
            continue
        if said := _said(part, tag):
            text.add(said, look.height)
        else:
            waiting.extend((child, look) for child in _children(part, tag))
    return text.done()


def _over(below: _Look, above: _Look) -> _Look:
    return _Look(
        below.is_hidden or above.is_hidden, below.is_struck or above.is_struck, above.height or below.height
    )


def _said(part: Any, tag: str) -> str:
    """Return what an element says itself, without what is in it."""
    if tag in (f"{W}t", f"{_M}t"):
        return part.text or ""
    if tag == f"{W}noBreakHyphen":
        return "-"
    if tag in (f"{W}br", f"{W}cr"):
        return "\n" if part.get(f"{W}type") in (None, "textWrapping") else " "
    return " " if tag in (f"{W}tab", f"{W}ptab") else ""


def _children(part: Any, tag: str) -> Iterator[Any]:
    """Yield the children to go on with, last one first: of two forms of the same thing the first only."""
    if tag == f"{_MC}AlternateContent":
        choice = part.find(f"{_MC}Choice")
        yield from [choice if choice is not None else part.find(f"{_MC}Fallback")] if len(part) else []
    else:
        yield from reversed(list(part))


def block_texts(body: Any, styles: Styles) -> Iterator[str]:
    """Yield paragraphs; lists and tables come with a line for each item and row."""
    items: list[str] = []
    for element in _block_elements(body):
        boxes: list[Any] = []
        listed = element.tag == f"{W}p" and is_item(element, styles)
        if items and not listed:
            yield "\n".join(filter(None, items))
            items = []
        if element.tag == f"{W}tbl":
            yield "\n".join(_rows(element, styles))
        elif listed:
            items.append(paragraph_text(element, styles, boxes))
        else:
            yield paragraph_text(element, styles, boxes)
        for box in boxes:
            yield from block_texts(box, styles)
    if items:
        yield "\n".join(filter(None, items))


def _block_elements(body: Any) -> Iterator[Any]:
    """Yield the paragraphs and tables in an element, whatever they are wrapped in."""
    waiting = list(reversed(body))
    while waiting:
        element = waiting.pop()
        if element.tag in (f"{W}p", f"{W}tbl"):
            yield element
        elif element.tag not in _LEFT_OUT and isinstance(element.tag, str):
            waiting.extend(_children(element, element.tag))


def _rows(table: Any, styles: Styles) -> Iterator[str]:
    for row in _within(table, f"{W}tr", f"{W}tbl"):
        if row.find(f"{W}trPr/{W}del") is None:
            cells = (
                " ".join(filter(None, block_texts(cell, styles))) for cell in _within(row, f"{W}tc", f"{W}tr")
            )
            yield " | ".join(filter(None, (" ".join(cell.split()) for cell in cells)))


def _within(parent: Any, tag: str, end: str) -> Iterator[Any]:
    """Yield the elements of a kind in `parent`, whatever they are wrapped in, but in no other one's `end`."""
    waiting = list(reversed(parent))
    while waiting:
        element = waiting.pop()
        if element.tag == tag:
            yield element
        elif isinstance(element.tag, str) and element.tag != end and element.tag not in _LEFT_OUT:
            waiting.extend(reversed(list(element)))
