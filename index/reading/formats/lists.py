"""Lists of articles: JSON, JSON lines, CSV. Each row is an article with an identity of its own."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from index.reading.document import Document, ReadError, Skipped

from .encoding import decoded
from .html import text_of_fragment
from .metadata import as_date, language_code, names, web_address

_MAX_BYTES = 100_000_000
_MAX_ROWS = 200_000
_MAX_FIELD = 10_000_000
# Each row has a value for every column, be it an empty one.
_MAX_COLUMNS = 1000
_MARKUP = re.compile(
    r"</?(?:p|br|div|span|a|b|i|em|strong|ul|li|h[1-6]|blockquote|table)\b[^<>]*>", re.IGNORECASE
)
# The largest text of a row is its body if it is at least this long; shorter ones are notes.
_LEAST_PROSE = 80
_FIELDS = {
    "body": "text body content article articlebody article_body fulltext full_text maintext main_text story"
    " content_text contenttext plaintext plain_text html content_html description summary abstract",
    "title": "title headline name heading subject",
    "published": "date published published_at publishedat publication_date publicationdate datepublished"
    " date_published pubdate pub_date publish_date created created_at createdat timestamp datetime",
    "source": "source outlet publisher site newspaper site_name sitename publication",
    "authors": "author authors byline creator writer",
    "url": "url link href permalink canonical web_url",
    "language": "language lang inlanguage",
    "tags": "tags keywords categories topics category",
    "id": "id guid uuid _id article_id",
}
_LISTS = ("articles", "items", "data", "results", "documents", "docs", "entries", "rows", "posts", "hits")


def read(path: str, data: bytes) -> Iterator[Document | Skipped]:
    """Yield the articles of a list; rows that are none are skipped with their place in the file."""
    suffix = PurePosixPath(path).suffix.lower()
    text = decoded(data)
    if suffix in (".csv", ".tsv"):
        rows = _csv_rows(text, "\t" if suffix == ".tsv" else None)
    elif suffix == ".json":
        whole = _json(text)
        if isinstance(whole, dict) and not _list_in(whole):
            # One article in a file of its own needs no name there.
            yield _document(whole)
            return
        rows = _json_rows(_list_in(whole) if isinstance(whole, dict) else whole)
    else:
        rows = _json_lines(text)
    yield from _named(rows)


def _named(rows: Iterator[tuple[str, object]]) -> Iterator[Document | Skipped]:
    """Make a document of each row, named by what stays when other rows come or go."""
    from dataclasses import replace

    taken: dict[str, int] = {}
    for number, (place, row) in enumerate(rows):
        if number >= _MAX_ROWS:
            raise ReadError(f"more than {_MAX_ROWS:,} articles: what comes after them is left out")
        if isinstance(row, ReadError):
            yield Skipped(place, str(row))
            continue
        try:
            document = _document(row)
        except ReadError as error:
            yield Skipped(place, str(error))
            continue
        name = _name(row, document)
        taken[name] = taken.get(name, 0) + 1
        if taken[name] > 1:
            name = f"{name}-{taken[name]}"
        yield replace(document, name=name)


def _name(row: object, document: Document) -> str:
    stated = _fields(row).get("id") if isinstance(row, dict) else None
    if isinstance(stated, (str, int)) and 0 < len(str(stated).strip()) <= 200:
        return str(stated).strip()
    if document.url:
        return document.url
    # The beginning only: an article that is corrected further down stays the same one.
    return hashlib.sha256(f"{document.title}\n{document.text[:500]}".encode()).hexdigest()[:12]


def _document(row: object) -> Document:
    if not isinstance(row, dict):
        raise ReadError("not an article: no fields")
    fields = _fields(row)
    body = fields.get("body")
    text = body if isinstance(body, str) and body.strip() else _longest(row)
    if not text:
        raise ReadError("no field that holds a text: " + ", ".join(str(key) for key in list(row)[:8]))
    if len(text) > _MAX_FIELD:
        raise ReadError(f"a text of more than {_MAX_FIELD // 1_000_000} million characters")
    if len(_MARKUP.findall(text, 0, 20_000)) >= 2:
        text = text_of_fragment(text)
    published = as_date(fields.get("published"))
    return Document(
        text=text,
        title=_one_line(fields.get("title")),
        published=published,
        published_from="field of the list" if published else None,
        source=_one_line(_named_thing(fields.get("source"))),
        authors=names(fields.get("authors")),
        tags=names(fields.get("tags")),
        language=language_code(fields.get("language")),
        url=web_address(fields.get("url")),
    )


def _fields(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a row's values by what they are, the first known name of each that holds something."""
    low = {str(key).strip().lower().replace("-", "_").replace(" ", "_"): value for key, value in row.items()}
    found = {}
    for field, known in _FIELDS.items():
        found[field] = next(
            (low[name] for name in known.split() if low.get(name) not in (None, "", [])), None
        )
    return found


def _longest(row: Mapping[Any, Any]) -> str:
    texts = [value for value in row.values() if isinstance(value, str) and " " in value.strip()]
    longest = max(texts, key=len, default="")
    return longest if len(longest) >= _LEAST_PROSE else ""


def _named_thing(value: object) -> object:
    return value.get("name") if isinstance(value, dict) else value


def _one_line(value: object) -> str | None:
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ReadError("JSON nested too deeply") from error
    except ValueError as error:
        raise ReadError(f"not JSON: {error}") from error


def _list_in(whole: dict[str, Any]) -> list[Any] | None:
    """Return the list of articles that an object holds."""
    named = [whole.get(name) for name in _LISTS]
    lists = [value for value in [*named, *whole.values()] if isinstance(value, list) and value]
    return next((value for value in lists if all(isinstance(item, dict) for item in value[:5])), None)


def _json_rows(whole: Any) -> Iterator[tuple[str, object]]:
    if not isinstance(whole, list):
        raise ReadError("no articles in it: neither a list nor an object")
    for number, row in enumerate(whole, 1):
        yield f"item {number}", row


def _json_lines(text: str) -> Iterator[tuple[str, object]]:
    for number, line in enumerate(io.StringIO(text), 1):
        if line.strip():
            try:
                yield f"line {number}", _json(line)
            except ReadError as error:
                yield f"line {number}", error


def _csv_rows(text: str, delimiter: str | None) -> Iterator[tuple[str, object]]:
    sample = text[:64_000]
    header = sample.partition("\n")[0]
    # The header says it best: sniffing looks at the articles, which hold commas of their own.
    delimiter = delimiter or max(",;\t|", key=header.count)
    if delimiter not in header:
        raise ReadError("no table of articles: its first line names no columns")
    if header.count(delimiter) >= _MAX_COLUMNS:
        raise ReadError(f"a table of more than {_MAX_COLUMNS:,} columns")
    before = csv.field_size_limit(_MAX_FIELD)
    try:
        reader = csv.DictReader(io.StringIO(text.replace("\0", "")), delimiter=delimiter, restkey="")
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield f"line {reader.line_num}", ReadError(f"not a row: {error}")
                continue
            yield f"line {reader.line_num}", {key: value for key, value in row.items() if key}
    finally:
        csv.field_size_limit(before)
