"""Lists of articles: JSON, JSON lines, CSV. Each row is an article with an identity of its own."""

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any

from index.reading.document import Document, ReadError, Skipped
from index.reading.registry import suffix_of

from .encoding import decoded
from .fields import Fields, field_named, fields_of, text_in
from .html import text_of_fragment
from .json_rows import Row, json_lines, json_rows
from .metadata import as_date, language_code, names, own_title, people, web_address

_MAX_ROWS = 200_000
_MAX_FIELD = 10_000_000
# Each row has a value for every column, be it an empty one.
MAX_COLUMNS = 1000
_MARKUP = re.compile(
    r"</(?:p|div|span|a|b|i|em|strong|ul|ol|li|h[1-6]|blockquote|table|figure|section|article)\s*>|<br\s*/?>|<p>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{2,6}|#[xX][0-9a-fA-F]{2,5}|[A-Za-z]{2,24});")
# Spreadsheets say so how their columns are parted, in a line before them.
_SEPARATOR = re.compile(r'\A\s*"?sep=(.)"?\s*?(?:\r\n?|\n)', re.IGNORECASE)
_DELIMITERS = ",;\t|"
_LEAST_PROSE = 80
# Values of a date that are tried: one that means nothing in any language takes milliseconds.
_MAX_DATES = 5


def read(path: str, data: bytes) -> Iterator[Document | Skipped]:
    """Yield the articles of a list; rows that are none are skipped with their place in the file."""
    suffix = suffix_of(path)
    text = decoded(data)
    if suffix in (".csv", ".tsv"):
        rows = _csv_rows(text, "\t" if suffix == ".tsv" else None)
    else:
        rows = json_rows(text) if suffix == ".json" else json_lines(text)
    yield from articles_of(rows)


def articles_of(rows: Iterator[Row]) -> Iterator[Document | Skipped]:
    """Make a document of each row, named by what stays when other rows come or go."""
    taken: dict[str, int] = {}
    for number, (place, row) in enumerate(rows):
        if number >= _MAX_ROWS:
            raise ReadError(f"more than {_MAX_ROWS:,} articles: what comes after them is left out")
        try:
            fields = _fields(row)
            document = _document(fields)
        except ReadError as error:
            if not place:
                raise
            yield Skipped(place, str(error))
            continue
        if not place:
            # One article in a file of its own needs no name there.
            yield document
            continue
        name = _name(fields, document)
        taken[name] = taken.get(name, 0) + 1
        if taken[name] > 1:
            name = f"{name}-{taken[name]}"
        yield replace(document, name=name)


def _name(fields: Fields, document: Document) -> str:
    identities = fields.values.get("id", ())[:3]
    for stated in (value.get("$oid") if isinstance(value, Mapping) else value for value in identities):
        if isinstance(stated, (str, int)) and 0 < len(str(stated).strip()) <= 200:
            return str(stated).strip()
    if document.url:
        return document.url
    # The beginning only: an article that is corrected further down stays the same one.
    begins = f"{document.title}\n{document.text[:500]}"
    return hashlib.sha256(begins.encode("utf-8", "replace")).hexdigest()[:12]


def _fields(row: object) -> Fields:
    if isinstance(row, ReadError):
        raise row
    if not isinstance(row, Mapping):
        raise ReadError("not an article: no fields")
    fields = fields_of(row)
    if not fields.text:
        raise ReadError("no field that holds a text: " + ", ".join(str(key)[:80] for key in list(row)[:8]))
    if len(fields.text) > _MAX_FIELD:
        raise ReadError(f"a text of more than {_MAX_FIELD // 1_000_000} million characters")
    return fields


def _document(fields: Fields) -> Document:
    published = _day(fields, "published")
    updated = None if published else _day(fields, "updated")
    sources = [source for value in fields.values.get("source", ()) for source in names([value])]
    addresses = [web_address(value) for value in (*fields.values.get("url", ()), *sources)]
    return Document(
        text=_words(fields.text),
        title=next(filter(None, map(_title, fields.values.get("title", ()))), None),
        published=published or updated,
        published_from="field of the list" if published or updated else None,
        source=next((source for source in sources if not web_address(source)), None),
        authors=next(filter(None, map(people, fields.values.get("authors", ()))), ()),
        tags=next(filter(None, map(names, fields.values.get("tags", ()))), ()),
        language=next(filter(None, map(language_code, fields.values.get("language", ()))), None),
        url=next(filter(None, addresses), None),
    )


def _day(fields: Fields, field: str) -> date | None:
    return next(filter(None, map(as_date, fields.values.get(field, ())[:_MAX_DATES])), None)


def _words(text: str) -> str:
    if _MARKUP.search(text, 0, 20_000):
        return text_of_fragment(text)
    return unescape(text) if _ENTITY.search(text, 0, 20_000) else text


def _title(value: object) -> str | None:
    words = text_in(value)
    return own_title(text_of_fragment(words) if _MARKUP.search(words, 0, 2000) else words)


def _csv_rows(text: str, delimiter: str | None) -> Iterator[Row]:
    text = text.replace("\0", "")
    if stated := _SEPARATOR.match(text):
        delimiter, text = stated[1], text[stated.end() :]
    text = text.lstrip("\r\n")
    header = re.split(r"[\r\n]", text[:64_000], maxsplit=1)[0]
    # The header says it best: sniffing looks at the articles, which hold commas of their own.
    if delimiter is None or delimiter not in header:
        delimiter = max(_DELIMITERS, key=lambda mark: (len(_known(header, mark)), header.count(mark)))
    if header.count(delimiter) >= MAX_COLUMNS:
        raise ReadError(f"a table of more than {MAX_COLUMNS:,} columns")
    before = csv.field_size_limit(_MAX_FIELD)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        yield from _records(reader)
    finally:
        csv.field_size_limit(before)


def _known(header: str, delimiter: str) -> list[str]:
    cells = (cell.strip(" \"'")[:100] for cell in header[:20_000].split(delimiter))
    return [cell for cell in cells if field_named(cell)[0]]


def _records(reader: Any) -> Iterator[Row]:
    columns: list[str] = []
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield f"line {reader.line_num}", ReadError(f"not a row: {error}")
            continue
        if not columns and cells:
            columns = column_names(cells)
            if columns is cells:
                continue
        if cells:
            yield (
                f"line {reader.line_num}",
                {name: cell for name, cell in zip(columns, cells, strict=False) if name},
            )


def column_names(first: list[str]) -> list[str]:
    """Return the names of a table's columns, which are its first row unless that is an article itself."""
    if len(first) > MAX_COLUMNS:
        raise ReadError(f"a table of more than {MAX_COLUMNS:,} columns")
    if any(field_named(cell.strip()[:100])[0] for cell in first):
        return first
    if any(len(cell) >= _LEAST_PROSE and " " in cell for cell in first):
        return [f"column {number}" for number in range(1, len(first) + 1)]
    if len(first) == 1:
        raise ReadError("no table of articles: its first line names no columns")
    return first
