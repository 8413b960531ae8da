"""The lines of a page as a person sees them: paragraphs, items of lists, rows of tables, in their order."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from index.text.wrapping import unwrapped

# Not `head`: where a page has no `body` tag, libxml2 puts all of it there.
_HIDDEN_TAGS = {
    "script", "style", "noscript", "template", "title", "svg", "math", "iframe", "object", "select",
    "textarea", "button",
}  # fmt: skip
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
BLOCKS = HEADINGS | {
    "address", "article", "aside", "blockquote", "caption", "center", "dd", "details", "dialog", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "legend", "li", "main", "nav",
    "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
_LISTS = frozenset({"ul", "ol", "dl"})
_TABLE_PARTS = frozenset({"table", "tr", "td", "th"})
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_ZONE_TAGS = {"nav": "menu", "aside": "aside", "footer": "foot", "form": "form", "dialog": "consent"}
# Parts of the names that pages give to their zones.
_ZONE_NAMES = {
    "consent": r"cookie|consent|gdpr|onetrust|didomi|usercentrics|cmp-|privacy-(?:banner|notice)",
    "offer": r"paywall|pay-wall|subscri|abo-?(?:box|hinweis|angebot)|regwall|piano-|offer|newsletter|upsell",
    "comments": r"\bcomments?\b|comments?-|disqus|kommentare",
    "aside": r"related|recommend|sidebar|teaser|promo|\bshare|social|read-?more|most-?read|breadcrumb",
}
_ZONES = re.compile("|".join(f"(?P<{zone}>{names})" for zone, names in _ZONE_NAMES.items()), re.IGNORECASE)
_TIME = re.compile(r"\b(?:time|timestamp|datetime|date|uhrzeit|zeit|heure|hora)\b", re.IGNORECASE)
# A cell or an item with more characters is a part of a layout, not of a table of figures or a list.
_MAX_CELL = 300


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page; lines of one list, table or verse have the same `paragraph`.

    `kind` is "heading", "time", "item", "row" or "text", `zone` what part of the page it is in ("" for none
    known), `linked` the share of it that is links. `bare` are its characters without blanks and without
    `<time>`, which trafilatura leaves out.
    """

    text: str
    kind: str
    paragraph: int
    zone: str
    linked: float
    bare: str


def text_of(lines: Iterable[Line]) -> str:
    """Return the lines as text: an empty line between paragraphs."""
    paragraphs = groupby(lines, lambda line: line.paragraph)
    return "\n\n".join("\n".join(line.text for line in of) for _, of in paragraphs)


def lines_of(tree: Any, hidden: list[Any] | None = None) -> list[Line]:
    """Return the lines of a parsed page; elements that a reader does not see are put into `hidden`."""
    return list(_Walk(tree, [] if hidden is None else hidden).lines())


class _Walk:
    """One way through a page, with what is open at each place."""

    def __init__(self, tree: Any, hidden: list[Any]) -> None:
        self._tree, self._hidden = tree, hidden
        self._parts: list[str] = []
        self._untimed: list[str] = []
        self._cells: list[str] = []
        self._pieces: list[str] = []
        self._linked = self._timed = self._paragraph = 0
        self._lists: list[int] = []
        self._tables: list[bool] = []
        self._depth = {"a": 0, "time": 0, "tag": 0, "pre": 0, "heading": 0}
        self._zones: list[str] = [""]
        self._data_tables = _data_tables(tree)

    def lines(self) -> Iterator[Line]:
        """Yield the lines. Not recursive: a page may be as deep as it likes."""
        waiting: list[tuple[Any, str, bool]] = [(self._tree, "", False)]
        while waiting:
            element, zone, is_end = waiting.pop()
            tag = element.tag
            if is_end:
                yield from self._closed(element, tag, bool(zone))
                self._said(element.tail)
                continue
            if not isinstance(tag, str) or tag in _HIDDEN_TAGS or _is_hidden(element):
                if isinstance(tag, str):
                    self._hidden.append(element)
                    if tag in BLOCKS:
                        yield from self._flush()
                self._said(element.tail)
                continue
            zone = _zone_of(element, tag)
            yield from self._opened(element, tag, zone)
            waiting.append((element, zone, True))
            self._said(element.text)
            if len(element):
                waiting.extend((child, "", False) for child in reversed(element))
        yield from self._flush()

    def _said(self, text: str | None) -> None:
        if text:
            self._parts.append(text)
            if not self._depth["tag"]:
                self._untimed.append(text)
            if self._depth["a"]:
                self._linked += len(text)
            if self._depth["time"]:
                self._timed += len(text)

    def _opened(self, element: Any, tag: str, zone: str) -> Iterator[Line]:
        if tag == "br":
            if not self._in_table and not self._lists and not "".join(self._parts).strip():
                self._paragraph += 1
            yield from self._flush(ends=False)
            if self._depth["pre"]:
                self._parts.append("\n")
        elif tag in BLOCKS:
            yield from self._flush()
            if tag in _LISTS:
                self._lists.append(self._paragraph)
            elif tag == "table":
                self._tables.append(element in self._data_tables)
        self._count(tag, 1)
        if _is_time(element, tag):
            self._depth["time"] += 1
        if zone:
            self._zones.append(zone)

    def _closed(self, element: Any, tag: str, has_zone: bool) -> Iterator[Line]:
        if tag in BLOCKS:
            yield from self._flush()
            if tag in _TABLE_PARTS:
                yield from self._table_closed(tag)
            elif tag in _LISTS and self._lists:
                self._lists.pop()
                self._paragraph += not self._lists and not self._in_table
        self._count(tag, -1)
        if _is_time(element, tag):
            self._depth["time"] -= 1
            # Often only a style sheet keeps it apart from what follows.
            self._parts.append(" ")
        if has_zone:
            self._zones.pop()

    def _count(self, tag: str, step: int) -> None:
        counted = "heading" if tag in HEADINGS else tag
        if counted in ("a", "pre", "heading"):
            self._depth[counted] += step
        elif counted == "time":
            self._depth["tag"] += step

    def _table_closed(self, tag: str) -> Iterator[Line]:
        if tag == "table" and self._tables:
            yield from self._row()
            self._tables.pop()
            self._paragraph += 1
        elif tag == "tr" and self._in_table:
            yield from self._row()
        elif self._in_table:
            self._cells.append(" ".join(self._pieces))
            self._pieces.clear()

    @property
    def _in_table(self) -> bool:
        return bool(self._tables) and self._tables[-1]

    def _row(self) -> Iterator[Line]:
        if self._pieces:
            # Text in a table outside of its cells.
            self._cells.append(" ".join(self._pieces))
            self._pieces.clear()
        cells = [cell for cell in self._cells if cell]
        self._cells.clear()
        if cells:
            text = " | ".join(cells)
            yield Line(text, "row", self._paragraph, self._zones[-1], 0.0, "".join("".join(cells).split()))

    def _flush(self, *, ends: bool = True) -> Iterator[Line]:
        """Yield what was said since the last line; a break of a line does not end the paragraph."""
        raw = "".join(self._parts)
        self._parts.clear()
        untimed = "".join(self._untimed).split()
        self._untimed.clear()
        words = raw.split()
        linked, timed = self._linked, self._timed
        self._linked = self._timed = 0
        if words:
            text = " ".join(words)
            if self._in_table:
                self._pieces.append(text)
            elif self._depth["pre"] and "\n" in raw:
                yield from self._preformatted(raw)
            else:
                yield self._line(text, "".join(untimed or words), linked / len(raw), timed > len(raw) / 2)
        if ends and not self._lists and not self._in_table:
            self._paragraph += 1

    def _line(self, text: str, bare: str, linked: float, is_time: bool) -> Line:
        kind = "heading" if self._depth["heading"] else "text"
        if is_time and len(text) <= 60:
            kind = "time"
        elif self._lists and kind == "text":
            kind = "item"
        if self._lists and (kind != "item" or len(text) > _MAX_CELL):
            # A list that pages are laid out by.
            self._paragraph += 2
            return Line(text, kind, self._paragraph - 1, self._zones[-1], linked, bare)
        return Line(text, kind, self._paragraph, self._zones[-1], linked, bare)

    def _preformatted(self, raw: str) -> Iterator[Line]:
        for paragraph in unwrapped(raw).split("\n\n"):
            for line in paragraph.split("\n"):
                if text := " ".join(line.split()):
                    bare = "".join(text.split())
                    yield Line(text, "text", self._paragraph, self._zones[-1], 0.0, bare)
            self._paragraph += 1


def _data_tables(tree: Any) -> set[Any]:
    """Return the tables of figures; others are for the layout: they hold tables, or long texts."""
    tables = list(tree.iter("table"))
    outer: set[Any] = set()
    for table in tables:
        for parent in table.iterancestors("table"):
            if parent in outer:
                break
            outer.add(parent)
    return {table for table in tables if table not in outer and _is_data(table)}


def _is_data(table: Any) -> bool:
    return table.get("role") not in ("presentation", "none") and all(
        sum(map(len, cell.itertext())) <= 4 * _MAX_CELL
        and len(" ".join("".join(cell.itertext()).split())) <= _MAX_CELL
        for cell in table.iter("td", "th")
    )


def _zone_of(element: Any, tag: str) -> str:
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    if len(named) > 1 and tag not in ("html", "body") and (found := _ZONES.search(named[:500])):
        return found.lastgroup or ""
    return _ZONE_TAGS.get(tag, "")


def _is_time(element: Any, tag: str) -> bool:
    return tag == "time" or (
        tag in ("span", "div", "p") and bool(_TIME.search((element.get("class") or "")[:100]))
    )


def _is_hidden(element: Any) -> bool:
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or bool(_HIDDEN_STYLE.search(element.get("style") or ""))
    )
