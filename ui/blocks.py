"""What an article's text is made of, as far as the text itself shows it: headings, lists, tables, lines.

Articles are stored as text alone. Readers of files keep the lines of lists and tables and leave headings as
paragraphs; plain text has the marks that its author typed. Nothing is taken away here: all parts together are
the text, character by character.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal

import regex

from index.text.wrapping import is_sentence

Kind = Literal["paragraph", "heading", "list", "numbers", "table", "lines"]

_SEPARATOR = regex.compile(r"\n\n|\n")
_BULLET = regex.compile(r"(?P<bullet>[-*+•·◦▪‣●○■□✓])\s(?=\S)|(?P<number>\(?\d{1,3}[.)]|\(?[a-z]\))\s(?=\S)")
_HASHES = regex.compile(r"(#{1,6})\s(?=\S)")
_UNDERLINE = regex.compile(r"(={3,}|-{3,})")
# What ends a sentence or a part of one, inside quotation marks or out of them; a question may be a heading.
_ENDED = regex.compile(r"""[.!…:;,،。！：；，।۔]["'”’»)\]」』]*$""")
_CLOSED = regex.compile(r"""[.!?…:。！？।؟۔"'”’»)\]」』]$""")
_OPENING = regex.compile(r"""[\p{Lu}\p{Lo}\p{Lt}\p{N}¿¡]""")
_NAMED = regex.compile(r"\s\p{Lu}")
_LONGEST, _MOST_WORDS, _LONGEST_MARKED = 100, 14, 150
_PROSE, _LONGEST_ITEM = 100, 300
_INNER = regex.compile(r"[.!?…]\s+\p{Lu}")
# Cells of a row that a reader of files has written, or an author with a stroke at either end.
_STROKE = regex.compile(r" \| |^\| ?| ?\|$")
_RULE = regex.compile(r"\|?(?: ?:?-{2,}+:? ?+\|?)++")


@dataclass(frozen=True, slots=True)
class Part:
    """From `start` up to `end` of a text. A sign is there for the eye only: a stroke between cells, say."""

    start: int
    end: int
    is_sign: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line, in cells if it is a table's, and where the next begins; white space stands between."""

    cells: tuple[tuple[Part, ...], ...]
    next: int

    @property
    def end(self) -> int:
        """Return where its last part ends."""
        return self.cells[-1][-1].end


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a text that is set as one.

    `level` is that of a heading, and 1 for a table whose first row has the names of the others' cells. `own`
    says that a list shows its own marks.
    """

    kind: Kind
    lines: tuple[Line, ...]
    level: int = 0
    own: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of a text, and the number of its paragraph."""

    text: str
    start: int
    next: int
    paragraph: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def mark(self) -> str:
        found = _BULLET.match(self.text)
        return found["bullet"] or "1" if found else ""


def blocks_of(text: str) -> list[Block]:
    """Return the blocks of a canonical text, in order; their lines cover it without a gap."""
    rows = list(_rows(text))
    own = [row.mark for row in rows]
    # The items of a list may be paragraphs; a single one is none.
    around = zip(["", *own[:-1]], own, [*own[1:], ""], strict=True)
    marks = [mark if mark in (before, after) else "" for before, mark, after in around]
    runs = groupby(zip(rows, marks, strict=True), key=lambda pair: pair[1] or pair[0].paragraph)
    parts = [
        (part, isinstance(mark, str))
        for mark, run in runs
        for part in _paragraphs([row for row, _ in run], is_list=isinstance(mark, str))
    ]
    return list(_blocks([part for part, _ in parts], [is_list for _, is_list in parts]))


def _paragraphs(rows: list[_Row], *, is_list: bool) -> list[list[_Row]]:
    """Return rows of one paragraph, each alone if a line that may be a heading is above a sentence."""
    if is_list or not any(
        _may_be_title(above.text) and is_sentence(row.text) for above, row in pairwise(rows)
    ):
        return [rows]
    return [[row] for row in rows]


def _rows(text: str) -> Iterator[_Row]:
    start = paragraph = 0
    for found in _SEPARATOR.finditer(text):
        yield _Row(text[start : found.start()], start, found.end(), paragraph)
        start = found.end()
        paragraph += len(found.group()) - 1
    yield _Row(text[start:], start, len(text), paragraph)


def _blocks(parts: Sequence[list[_Row]], marked: Sequence[bool]) -> Iterator[Block]:
    titles = _titles(parts, marked)
    before: Block | None = None
    for number, (rows, is_marked) in enumerate(zip(parts, marked, strict=True)):
        announced, used = _introduces(before, parts, number), 0
        for before, count in _headings(rows) if not is_marked and number not in titles else ():
            yield before
            used += count
        if rows[used:]:
            before = _set(rows[used:], is_marked, number in titles, announced and not used)
            yield before


def _introduces(before: Block | None, parts: Sequence[list[_Row]], number: int) -> bool:
    """Return whether what stands before announces a list."""
    return (
        before is not None and before.kind == "paragraph" and parts[number - 1][-1].text.endswith((":", "："))
    )


def _headings(rows: Sequence[_Row]) -> Iterator[tuple[Block, int]]:
    """Yield the marked headings with which rows begin, and how many rows each has."""
    place = 0
    while place < len(rows) and (found := _heading(rows[place : place + 2])):
        yield found
        place += found[1]


def _heading(rows: Sequence[_Row]) -> tuple[Block, int] | None:
    first = rows[0].text
    if not _may_be_marked(first):
        return None
    if hashes := _HASHES.match(first):
        sign = Part(rows[0].start, rows[0].start + hashes.end(), is_sign=True)
        words = Part(sign.end, rows[0].end)
        return Block("heading", (Line(((sign, words),), rows[0].next),), level=len(hashes[1])), 1
    if len(rows) > 1 and _UNDERLINE.fullmatch(rows[1].text):
        under = Line(((Part(rows[1].start, rows[1].end, is_sign=True),),), rows[1].next)
        level = 1 if rows[1].text[0] == "=" else 2
        return Block("heading", (*_plain(rows[:1]), under), level=level), 2
    return None


def _set(rows: list[_Row], is_marked: bool, is_title: bool, is_announced: bool) -> Block:
    if is_marked:
        return Block("numbers" if rows[0].mark == "1" else "list", _plain(rows), own=True)
    if is_title:
        return Block("heading", _plain(rows), level=2)
    if table := _table(rows):
        return table
    if len(rows) == 1:
        return Block("paragraph", _plain(rows))
    return Block("list" if is_announced or _are_items(rows) else "lines", _plain(rows))


def _plain(rows: Sequence[_Row]) -> tuple[Line, ...]:
    return tuple(Line(((Part(row.start, row.end),),), row.next) for row in rows)


def _are_items(rows: Sequence[_Row]) -> bool:
    """Return whether lines without marks are a list: phrases in small letters, or single sentences.

    Verse has commas at the ends of its lines, and paragraphs have several sentences.
    """
    texts = [row.text for row in rows]
    if any(text.endswith((",", "،")) or len(text) > _LONGEST_ITEM or _INNER.search(text) for text in texts):
        return False
    return all(text[:1].islower() for text in texts) or all(_CLOSED.search(text) for text in texts)


def _table(rows: Sequence[_Row]) -> Block | None:
    """Return the table that rows are, if each has as many cells; the first may lack that above the names."""
    lines = [_line(row) for row in rows]
    counts = [len(line.cells) for line in lines if len(line.cells) > 1]
    ruled = [number for number, row in enumerate(rows) if _RULE.fullmatch(row.text) and "|" in row.text]
    if len(rows) < 2 or len(counts) + len(ruled) < len(rows) or len(counts) < 2 or min(counts) < 2:
        return None
    if len(set(counts[1:])) > 1 or counts[0] not in (counts[1], counts[1] - 1) or ruled not in ([], [1]):
        return None
    return Block("table", tuple(lines), level=1 if ruled or not any(map(str.isdigit, rows[0].text)) else 0)


def _line(row: _Row) -> Line:
    """Return a row in its cells, each with the stroke that ends it; a line that only rules is one sign."""
    if _RULE.fullmatch(row.text):
        return Line(((Part(row.start, row.end, is_sign=True),),), row.next)
    cells: list[tuple[Part, ...]] = []
    cell: list[Part] = []
    at = row.start
    for found in _STROKE.finditer(row.text):
        start, end = row.start + found.start(), row.start + found.end()
        if start > at:
            cell.append(Part(at, start))
        cell.append(Part(start, end, is_sign=True))
        at = end
        if found.start() > 0:
            cells.append(tuple(cell))
            cell = []
    if at < row.end:
        cell.append(Part(at, row.end))
    if cell or not cells:
        cells.append(tuple(cell))
    return Line(tuple(cells), row.next)


def _may_be_marked(text: str) -> bool:
    return len(text) <= _LONGEST_MARKED and not _ENDED.search(text) and any(map(str.isalpha, text))


def _may_be_title(text: str) -> bool:
    return (
        len(text) <= _LONGEST
        and len(text.split()) <= _MOST_WORDS
        and any(map(str.isalpha, text))
        and bool(_OPENING.match(text))
        and not _ENDED.search(text)
        and "|" not in text
    )


def _titles(parts: Sequence[list[_Row]], marked: Sequence[bool]) -> set[int]:
    """Return which paragraphs are headings: a short line, or two, above what they are the headings of.

    More of them in a row are something else, such as the matches of a day. What begins a text is mostly whose
    it is and where it comes from.
    """
    short = [
        len(rows) == 1 and not is_list and _may_be_title(rows[0].text)
        for rows, is_list in zip(parts, marked, strict=True)
    ]
    found: set[int] = set()
    for is_short, group in groupby(range(len(parts)), key=short.__getitem__):
        run = list(group)
        begin, after = run[0], run[-1] + 1
        if not is_short or len(run) > 2 or after == len(parts) or not _is_headed(parts[after], marked[after]):
            continue
        if begin == 0:
            run = [number for number in run[-1:] if _begins(parts[number][0].text)]
        elif not (
            marked[begin - 1] or len(parts[begin - 1]) > 1 or _CLOSED.search(parts[begin - 1][-1].text)
        ):
            continue
        found.update(run)
    return found


def _begins(text: str) -> bool:
    return not _NAMED.search(text) and not any(map(str.isdigit, text))


def _is_headed(rows: Sequence[_Row], is_list: bool) -> bool:
    text = rows[0].text
    return is_list or len(rows) > 1 or (not text[:1].islower() and (is_sentence(text) or len(text) > _PROSE))
