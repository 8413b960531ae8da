"""A page of a PDF as boxes of lines: pdfminer.six finds them, we mend rows and tables that it takes apart."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import regex

from .pdf_lines import UNKNOWN, text_of

# Share of a page's height, at its top and foot, where heads and page numbers stand.
_MARGIN = 0.12
# Fragments whose heights overlap by this share stand in one row.
_SAME_ROW = 0.5
# In ems: a wider gap is that between two cells of a table.
_CELL_GAP = 1.0
# In ems: two pieces of one word or line.
_TOUCHING = 0.3
_LONGEST_MARK, _MOST_NEAR = 6, 50
_MOST_WORDS = 5
_LONGEST_ADDRESS = 40
_HYPHENS = ("-", "\u2010", "\u00ad")
# In points: columns of a table begin or end at one place.
_NEAR = 4
_CELLS_BETWEEN = " | "
_DIGIT = regex.compile(r"\d")
_ITEM = regex.compile(r"[•·◦▪‣●○■□✓*–—-]\s|\(?\d{1,3}[.)]\s|\(?\p{Ll}[.)]\s")


@dataclass(slots=True)
class Box:
    """A block of lines as it stands on a page; `in_margin` at its top or foot.

    `breaks` are the numbers of lines behind which the author's own line ends, `is_full` says that the last
    line reaches as far as the others do.
    """

    page: int
    lines: list[str]
    bounds: tuple[float, float, float, float]
    size: float
    in_margin: bool
    breaks: set[int] = field(default_factory=set)
    is_full: bool = False
    is_table: bool = False


@dataclass(slots=True, eq=False)
class _Piece:
    """A line as pdfminer found it, in a box with others."""

    box: int
    x0: float
    y0: float
    x1: float
    y1: float
    chars: list[Any]
    alone: bool

    @property
    def height(self) -> float:
        return max(self.y1 - self.y0, 0.1)


def reader() -> tuple[Any, Any]:
    """Return what lays out pages and the interpreter that feeds it, from pdfminer."""
    from pdfminer.converter import PDFPageAggregator
    from pdfminer.layout import LAParams
    from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager

    class Device(PDFPageAggregator):  # type: ignore[misc]
        """Takes text only; what is drawn by a form belongs to the page that calls it.

        `covered` is the share of the page that images cover.
        """

        covered = 0.0

        def begin_page(self, page: Any, ctm: Any) -> None:
            super().begin_page(page, ctm)
            self.covered = 0.0

        def begin_figure(self, name: Any, bbox: Any, matrix: Any) -> None:
            # Images are drawn into a square of 1 by 1.
            if tuple(bbox) == (0, 0, 1, 1):
                a, b, c, d, *_ = self.ctm
                page = self.cur_item
                self.covered += abs(a * d - b * c) / max(1.0, page.width * page.height)

        def end_figure(self, _: Any) -> None:
            pass

        def render_image(self, name: Any, stream: Any) -> None:
            pass

        def paint_path(self, *given: Any, **named: Any) -> None:
            pass

        def handle_undefined_char(self, font: Any, cid: int) -> str:
            return UNKNOWN

    resources = PDFResourceManager()
    device = Device(resources, laparams=LAParams())
    return device, PDFPageInterpreter(resources, device)


def boxes_of(layout: Any, number: int) -> list[Box]:
    """Return the boxes of a page in reading order."""
    from pdfminer.layout import LTTextBox

    containers = [item for item in layout if isinstance(item, LTTextBox)]
    pieces = [
        _Piece(index, line.x0, line.y0, line.x1, line.y1, list(line), len(container) == 1)
        for index, container in enumerate(containers)
        for line in container
    ]
    rows = _rows(pieces)
    _mend(rows)
    tables = _tables(rows, pieces)
    return [box for box in _boxes(layout, number, pieces, tables) if box.lines]


def _rows(pieces: list[_Piece]) -> list[list[_Piece]]:
    """Return the pieces that stand at one height, from the top, each row from left to right."""
    marks = _Marks(pieces)
    rows: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda piece: -(piece.y0 + piece.y1)):
        if piece in marks:
            continue
        if rows and _beside(rows[-1][-1], piece):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    for row in rows:
        row += [mark for piece in row for mark in marks.of(piece)]
        row.sort(key=lambda piece: piece.x0)
    return rows


def _beside(one: _Piece, other: _Piece) -> bool:
    overlap = min(one.y1, other.y1) - max(one.y0, other.y0)
    return overlap >= _SAME_ROW * min(one.height, other.height)


class _Marks:
    """Small pieces, raised or lowered, by the piece that they stand right behind."""

    def __init__(self, pieces: list[_Piece]) -> None:
        self._of: dict[int, list[_Piece]] = {}
        self._ids: set[int] = set()
        heights = sorted(piece.height for piece in pieces)
        usual = heights[len(heights) // 2] if heights else 0
        ends: dict[int, list[_Piece]] = {}
        for piece in pieces:
            ends.setdefault(round(piece.x1), []).append(piece)
        for piece in pieces:
            if piece.height < 0.85 * usual and len(piece.chars) <= _LONGEST_MARK:
                near = (other for x in (-1, 0, 1) for other in ends.get(round(piece.x0) + x, ())[:_MOST_NEAR])
                if base := next((other for other in near if _is_mark(piece, other)), None):
                    self._of.setdefault(id(base), []).append(piece)
                    self._ids.add(id(piece))

    def __contains__(self, piece: _Piece) -> bool:
        return id(piece) in self._ids

    def of(self, piece: _Piece) -> list[_Piece]:
        """Return the marks right behind a piece."""
        return self._of.get(id(piece), [])


def _is_mark(piece: _Piece, base: _Piece) -> bool:
    overlap = min(piece.y1, base.y1) - max(piece.y0, base.y0)
    return piece.height < 0.85 * base.height and overlap > 0.2 * piece.height


def _mend(rows: list[list[_Piece]]) -> None:
    """Put pieces of one line into one box again."""
    moved: dict[int, int] = {}

    def place(box: int) -> int:
        while box in moved:
            moved[box] = moved.get(moved[box], moved[box])
            box = moved[box]
        return box

    for row in rows:
        for left, right in pairwise(row):
            one, other = place(left.box), place(right.box)
            gap, size = right.x0 - left.x1, min(left.height, right.height)
            if one != other and (
                gap < _TOUCHING * size or (gap < _CELL_GAP * size and (left.alone or right.alone))
            ):
                # What stands alone comes to the others.
                source, target = (one, other) if left.alone else (other, one)
                moved[source] = target
    for row in rows:
        for piece in row:
            piece.box = place(piece.box)


def _tables(rows: list[list[_Piece]], pieces: list[_Piece]) -> list[list[list[_Piece]]]:
    """Return the rows that belong to tables, by table: short pieces side by side, in columns."""
    texts: dict[int, list[int]] = {}
    for piece in pieces:
        words = sum(item.get_text().isspace() for item in piece.chars[:-1]) + 1
        texts.setdefault(piece.box, []).append(words)
    short = {box for box, words in texts.items() if sum(words) <= _MOST_WORDS * len(words)}
    tables: list[list[list[_Piece]]] = []
    before: list[_Piece] = []
    for row in rows:
        is_row = len({piece.box for piece in row}) > 1 and all(piece.box in short for piece in row)
        # A row that pdfminer left whole belongs to those around it.
        whole = len(row) == 1 and row[0].box in short and len(_cells(row)) > 1
        if not is_row and not whole:
            before = []
            continue
        if before and before[0].y0 - row[0].y1 < 2.5 * row[0].height and _in_columns(before, row):
            tables[-1].append(row)
        else:
            tables.append([row])
        before = row
    return [table for table in tables if _is_table(table)]


def _in_columns(above: list[_Piece], row: list[_Piece]) -> bool:
    edges = [_edges(cell) for cell in _cells(above)]
    return any(
        abs(start - x0) < _NEAR or abs(end - x1) < _NEAR
        for start, end in map(_edges, _cells(row))
        for x0, x1 in edges
    )


def _edges(cell: list[Any]) -> tuple[float, float]:
    drawn = [item for item in cell if hasattr(item, "size")]
    return drawn[0].x0, drawn[-1].x1


def _is_table(table: list[list[_Piece]]) -> bool:
    if len(table) < 2 or not any(len({piece.box for piece in row}) > 1 for row in table):
        return False
    cells = [text_of(cell) for row in table for cell in _cells(row)]
    alone = all(piece.alone for row in table for piece in row)
    return alone or sum(bool(_DIGIT.search(cell)) for cell in cells) >= len(cells) / 4


def _cells(row: list[_Piece]) -> list[list[Any]]:
    """Return the characters of a row by cell: between two cells is a wide gap."""
    cells: list[list[Any]] = [[]]
    for piece in row:
        for char in piece.chars:
            if not hasattr(char, "size"):
                if cells[-1]:
                    cells[-1].append(char)
                continue
            last = next((item for item in reversed(cells[-1]) if hasattr(item, "size")), None)
            if last is not None and char.x0 - last.x1 > _CELL_GAP * char.size:
                cells.append([])
            cells[-1].append(char)
    return [cell for cell in cells if any(map(_has_size, cell))]


def _has_size(item: Any) -> bool:
    return hasattr(item, "size") and not item.get_text().isspace()


def _boxes(layout: Any, number: int, pieces: list[_Piece], tables: list[list[list[_Piece]]]) -> Iterator[Box]:
    height = max(layout.height, 1)
    in_table = {id(piece): index for index, table in enumerate(tables) for row in table for piece in row}
    by_box: dict[int, list[_Piece]] = {}
    for piece in pieces:
        by_box.setdefault(piece.box, []).append(piece)
    done: set[int] = set()
    for index in sorted(by_box):
        rest = [piece for piece in by_box[index] if id(piece) not in in_table]
        for table in dict.fromkeys(in_table[id(piece)] for piece in by_box[index] if id(piece) in in_table):
            if table not in done:
                done.add(table)
                rows = tables[table]
                lines = [_CELLS_BETWEEN.join(filter(None, map(text_of, _cells(row)))) for row in rows]
                yield _box(
                    number, [piece for row in rows for piece in row], lines, layout, height, is_table=True
                )
        if rest:
            rows = _rows(rest)
            lines = [text_of([item for piece in row for item in _apart(piece, row)]) for row in rows]
            box = _box(number, rest, lines, layout, height, is_table=False)
            _find_breaks(box, rows, layout.width)
            yield _without_empty(box)


def _apart(piece: _Piece, row: list[_Piece]) -> list[Any]:
    """Return the characters of a piece; where another follows, a blank unless both touch."""
    items = [item for item in piece.chars if item.get_text() != "\n"]
    following = row[row.index(piece) + 1 :]
    if following and following[0].x0 - piece.x1 > 0.1 * piece.height:
        items.append(_Blank())
    return items


class _Blank:
    """A blank that is not drawn."""

    def get_text(self) -> str:
        """Return it."""
        return " "


def _box(
    number: int, pieces: list[_Piece], lines: list[str], layout: Any, height: float, *, is_table: bool
) -> Box:
    y0, y1 = min(piece.y0 for piece in pieces), max(piece.y1 for piece in pieces)
    bounds = (min(piece.x0 for piece in pieces), y0, max(piece.x1 for piece in pieces), y1)
    middle = ((y0 + y1) / 2 - layout.y0) / height
    size = sorted(piece.height for piece in pieces)[len(pieces) // 2]
    in_margin = not _MARGIN < middle < 1 - _MARGIN
    return Box(
        number,
        lines,
        bounds,
        size,
        in_margin,
        set(range(len(lines) - 1)) if is_table else set(),
        is_table=is_table,
    )


def _find_breaks(box: Box, rows: list[list[_Piece]], page_width: float) -> None:
    """Find the lines that end before they are full: their author ended them."""
    left, _, right, _ = box.bounds
    width = max(right - left, 1)
    box.is_full = rows[-1][-1].x1 > right - 0.12 * width
    within = any(line[:1].islower() for line in box.lines[1:]) or any(
        line[-1:] in _HYPHENS for line in box.lines
    )
    if not within and width < 0.35 * page_width and max(map(len, box.lines)) < _LONGEST_ADDRESS:
        # An address, a list of names: short lines that each begin anew.
        box.breaks.update(range(len(box.lines) - 1))
        return
    for number, (row, following) in enumerate(zip(rows, box.lines[1:], strict=False)):
        if following and (_ITEM.match(following) or _ends_early(box, row, box.lines[number], following)):
            box.breaks.add(number)
    if box.breaks and not within and len(box.lines) > 2:
        # Verse: no line begins within a sentence, and some are shorter than they had to be.
        box.breaks.update(range(len(box.lines) - 1))


def _ends_early(box: Box, row: list[_Piece], line: str, following: str) -> bool:
    left, _, right, _ = box.bounds
    end = row[-1].x1
    letter = (end - row[0].x0) / max(len(line), 1)
    would_end = end + 1.3 * letter * len(following.split(" ", 1)[0]) + row[-1].height
    return would_end < right and end - left < 0.85 * (right - left) and not following[:1].islower()


def _without_empty(box: Box) -> Box:
    if all(box.lines):
        return box
    numbers = [number for number, line in enumerate(box.lines) if line]
    box.breaks = {new for new, old in enumerate(numbers) if old in box.breaks}
    box.lines = [box.lines[number] for number in numbers]
    return box
