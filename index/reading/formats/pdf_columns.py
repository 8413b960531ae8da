"""The columns of a PDF's page in the order in which they are read: pdfminer.six takes a short one first."""

from collections.abc import Sequence
from itertools import combinations

from .pdf_lines import is_right_to_left
from .pdf_page import Box

_LEAST_LINES = 3
# In points: boxes of a column begin at one place.
_NEAR = 4
# Of a column's boxes, the narrowest is at least so wide for the widest.
_ALIKE = 0.8
# In ems: a heading may stand between two boxes of a column.
_MOST_BETWEEN = 6
_MOST_BOXES = 200


def by_columns(boxes: Sequence[Box]) -> list[Box]:
    """Return the boxes of a page, no column of running text before one that is read ahead of it."""
    ordered = list(boxes)
    if len(ordered) > _MOST_BOXES:
        return ordered
    columns = sorted(_columns(ordered), key=lambda column: column[0].bounds[0])
    if is_right_to_left(" ".join(line for column in columns for box in column for line in box.lines)):
        columns.reverse()
    for one, other in combinations(columns, 2):
        if _stand_side_by_side(one, other):
            first = next(number for number, box in enumerate(ordered) if _is_in(box, other))
            late = [box for box in ordered[first:] if _is_in(box, one)]
            rest = [box for box in ordered[first:] if not _is_in(box, one)]
            ordered = [*ordered[:first], *late, *rest]
    return ordered


def _columns(boxes: Sequence[Box]) -> list[list[Box]]:
    """Return running text by column, from the top."""
    columns: list[list[Box]] = []
    prose = [box for box in boxes if len(box.lines) >= _LEAST_LINES and not box.is_table]
    for box in sorted(prose, key=lambda box: -box.bounds[3]):
        column = next((column for column in columns if _goes_below(box, column[-1])), None)
        if column is None:
            columns.append([box])
        else:
            column.append(box)
    return columns


def _goes_below(box: Box, last: Box) -> bool:
    widths = sorted((_width(box), _width(last)))
    return (
        abs(box.bounds[0] - last.bounds[0]) < _NEAR
        and widths[0] >= _ALIKE * widths[1]
        and last.bounds[1] - box.bounds[3] < _MOST_BETWEEN * last.size
    )


def _stand_side_by_side(one: Sequence[Box], other: Sequence[Box]) -> bool:
    """Return whether two columns stand side by side, set alike."""
    x0, y0, x1, y1 = _bounds(one)
    other_x0, other_y0, other_x1, other_y1 = _bounds(other)
    widths = sorted((x1 - x0, other_x1 - other_x0))
    return (
        (x1 <= other_x0 or other_x1 <= x0)
        and min(y1, other_y1) > max(y0, other_y0)
        and widths[0] >= _ALIKE * widths[1]
        and abs(one[0].size - other[0].size) <= 0.05 * one[0].size
    )


def _is_in(box: Box, column: Sequence[Box]) -> bool:
    """Return whether a box is in a column: its text, or a heading there."""
    x0, y0, x1, y1 = _bounds(column)
    left, bottom, right, _ = box.bounds
    return (
        left > x0 - _NEAR and right < x1 + _NEAR and y0 - _NEAR < bottom < y1 + _MOST_BETWEEN * column[0].size
    )


def _bounds(column: Sequence[Box]) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = zip(*(box.bounds for box in column), strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def _width(box: Box) -> float:
    return box.bounds[2] - box.bounds[0]
