"""Spreadsheets: each sheet is a list, read like a CSV file's."""

import zipfile
from collections.abc import Iterator
from datetime import date, time
from io import BytesIO
from itertools import chain, islice
from typing import Any

from index.reading.document import Document, ReadError, Skipped

from .container import MAX_MEMBER_BYTES, Container
from .fields import field_named
from .json_rows import Row
from .lists import MAX_COLUMNS, articles_of, column_names

_MAX_TOTAL_BYTES = 500_000_000
# As many as a sheet can have; a file may claim more.
_MAX_LINES = 1_048_576
# The names of the columns stand in one of the first lines, below what is about the whole table.
_ABOVE = 10


def read(path: str, data: bytes) -> Iterator[Document | Skipped]:
    """Yield the articles of a workbook's sheets."""
    from openpyxl import load_workbook

    _check(data)
    # Values as last calculated, not formulas; sheets are read as a stream.
    book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        yield from articles_of(row for sheet in sheets for row in _rows(sheet, len(sheets) > 1))
    finally:
        book.close()


def _check(data: bytes) -> None:
    """Raise ReadError for what is no workbook, or would grow out of bounds."""
    Container(data, "a spreadsheet")
    with zipfile.ZipFile(BytesIO(data)) as archive:
        # The library reads no more of a member than is stated here.
        sizes = [member.file_size for member in archive.infolist()]
    if sum(sizes) > _MAX_TOTAL_BYTES or max(sizes, default=0) > MAX_MEMBER_BYTES:
        raise ReadError(f"larger than {MAX_MEMBER_BYTES // 1_000_000} MB unpacked")


def _rows(sheet: Any, is_one_of_many: bool) -> Iterator[Row]:
    # The stated size may be wrong in either direction.
    sheet.reset_dimensions()
    lines = sheet.iter_rows(max_row=_MAX_LINES, max_col=MAX_COLUMNS + 1, values_only=True)
    filled = ((number, [_text(cell) for cell in line]) for number, line in enumerate(lines, 1) if any(line))
    first = list(islice(filled, _ABOVE))
    head = next((n for n, (_, cells) in enumerate(first) if _names_columns(cells)), 0)
    if not first:
        return
    columns = column_names(_without_end(first[head][1]))
    has_names = columns == _without_end(first[head][1])
    for number, cells in chain(first[head + has_names :], filled):
        place = f"{sheet.title}, row {number}" if is_one_of_many else f"row {number}"
        yield place, {name: cell for name, cell in zip(columns, cells, strict=False) if name}


def _names_columns(cells: list[str]) -> bool:
    return any(field_named(cell.strip()[:100])[0] for cell in cells)


def _without_end(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def _text(cell: object) -> str:
    """Return a value as people write it in a list of articles."""
    if cell is None:
        return ""
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
