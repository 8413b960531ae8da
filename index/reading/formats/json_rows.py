"""The rows of a list of articles in JSON, whatever they are wrapped in."""

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import Any

from index.reading.document import ReadError

from .fields import WORDS, field_named, fields_of
from .loose_json import loose_json

# A row with its place in the file, or why there is none; an article alone in its file has no place there.
Row = tuple[str, object]
_LISTS = ("articles", "items", "data", "results", "documents", "docs", "entries", "rows", "posts", "hits")
_MAX_SEEN = 10_000
_MAX_DEPTH = 6
_LOOKED_AT = 5
# Lines that are looked at to tell whether each is a value; what stands around one.
_MAX_FIRST = 20
_AROUND = "\x1e \t\r"
_MAX_KEYS = 1000
_MAX_LENIENT = 5_000_000
_GAP = re.compile(r"[\s,\x1e]*")
# What an assignment takes before its value.
_MAX_BEFORE = 200
_LEAST_PROSE = 80
_OF_ARTICLES = {"published", "authors"}
_OF_ITEMS = {"published", "authors", "url"}


def json_rows(text: str) -> Iterator[Row]:
    """Yield the rows of a file that is one value, or else values one after another.

    Raises ReadError if it is no JSON.
    """
    try:
        whole = _json(text)
    except ReadError as error:
        values = _values(text)
        first = next(values, None)
        if first is not None:
            yield from _each(chain([first], values))
            return
        whole = _lenient(text, error)
    yield from _rows(whole)


def json_lines(text: str) -> Iterator[Row]:
    """Yield the rows of a file that has one in each line, or else has been made readable, or is a list."""
    lines = (line for line in text.split("\n", _MAX_FIRST)[:_MAX_FIRST] if line.strip())
    if not any(map(_is_value, islice(lines, _LOOKED_AT))):
        try:
            yield from json_rows(text)
            return
        except ReadError:
            # Each line says by itself what is wrong with it.
            pass
    yield from _each(_lines(text))


def _is_value(line: str) -> bool:
    try:
        return isinstance(_json(line.strip(_AROUND)), (Mapping, list))
    except ReadError:
        return False


def _each(values: Iterator[Row]) -> Iterator[Row]:
    """Yield rows of values that are articles, or hold some."""
    for place, value in values:
        if isinstance(value, list) and not any(isinstance(item, (Mapping, list)) for item in value):
            yield place, value
        elif isinstance(value, (Mapping, list)):
            yield from ((f"{place}, {where}" if where else place, row) for where, row in _rows(value))
        else:
            yield place, value


def _lines(text: str) -> Iterator[Row]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip(_AROUND):
            try:
                yield f"line {number}", _json(line.strip(_AROUND))
            except ReadError as error:
                yield f"line {number}", error


def _values(text: str) -> Iterator[Row]:
    """Yield values that stand one after another, up to what is none."""
    read = json.JSONDecoder(strict=False).raw_decode
    place, number = 0, 1
    while (match := _GAP.match(text, place)) and match.end() < len(text):
        try:
            value, place = read(text, match.end())
        except (ValueError, RecursionError) as error:
            # Where the first is none, the file is something else.
            if number > 1:
                yield f"item {number}", ReadError(f"not JSON: {error}")
            return
        if not isinstance(value, (Mapping, list)):
            return
        yield f"item {number}", value
        number += 1


def _json(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except RecursionError as error:
        raise ReadError("JSON nested too deeply") from error
    except ValueError as error:
        raise ReadError(f"not JSON: {error}") from error


def _lenient(text: str, error: ReadError) -> Any:
    if len(text) > _MAX_LENIENT or not re.search(r"[\[{]", text[:_MAX_BEFORE]):
        raise error
    try:
        return loose_json(text)
    except ValueError:
        raise error from None


def is_article(whole: Mapping[Any, Any]) -> bool:
    """Return whether an object is an article rather than something around a list of them."""
    fields = [(field_named(str(key)[:100])[0], value) for key, value in islice(whole.items(), _MAX_KEYS)]
    bodies = [value for field, value in fields if field == "body" and value]
    if any(isinstance(value, str) and value.strip() for value in bodies):
        return True
    # What has articles in its `content` is a list; what has paragraphs there is a text.
    stated = {field for field, value in fields if value}
    return bool(
        stated & {"title", "published", "url"}
        and bodies
        and not any(_holds_articles(value, is_dated=bool(stated & _OF_ARTICLES)) for value in bodies)
        and fields_of(whole).text
    )


def _holds_articles(value: object, *, is_dated: bool) -> bool:
    """Return whether a list holds articles rather than paragraphs, which may be objects with a text too.

    Each article states something about itself. Titles alone are headings where `is_dated`, where what is
    around the list has its own day or authors.
    """
    if not isinstance(value, list) or not _is_list(value):
        return False
    telling = _OF_ITEMS if is_dated else _OF_ITEMS | {"title"}
    return all(
        is_article(item) and not telling.isdisjoint(fields_of(item).values) for item in value[:_LOOKED_AT]
    )


def _rows(whole: object) -> Iterator[Row]:
    if isinstance(whole, list):
        yield from _listed(whole)
    elif isinstance(whole, Mapping):
        inside = _by_columns(whole) or (None if is_article(whole) else _list_in(whole))
        yield from inside if inside is not None else [("", whole)]
    else:
        raise ReadError("no articles in it: neither a list nor an object")


def _listed(values: list[Any]) -> Iterator[Row]:
    if values and all(isinstance(value, list) for value in values[:_LOOKED_AT]):
        header = values[0]
        if header and all(isinstance(name, str) and field_named(name[:100])[0] for name in header[:2]):
            values = [dict(zip(header, row, strict=False)) for row in values[1:] if isinstance(row, list)]
        else:
            values = [value for part in values if isinstance(part, list) for value in part]
    for number, row in enumerate(values, 1):
        yield f"item {number}", row


def _list_in(whole: Mapping[Any, Any]) -> Iterator[Row] | None:
    """Return the rows of the list that an object holds some levels down: the first that has texts in it."""
    waiting: deque[tuple[int, Mapping[Any, Any]]] = deque([(0, whole)])
    without_texts: list[Any] | None = None
    seen = 0
    while waiting:
        depth, value = waiting.popleft()
        if rows := _keyed(value) or _by_columns(value):
            return iter(rows)
        named = [value.get(name) for name in _LISTS]
        for inner in [*named, *islice(value.values(), _MAX_KEYS)]:
            seen += 1
            if seen > _MAX_SEEN:
                break
            if _is_list(inner):
                if any(fields_of(item).text for item in inner[:_LOOKED_AT]):
                    return _listed(inner)
                without_texts = without_texts or inner
            elif isinstance(inner, Mapping) and depth < _MAX_DEPTH:
                waiting.append((depth + 1, inner))
    return _listed(without_texts) if without_texts else None


def _keyed(value: Mapping[Any, Any]) -> list[Row]:
    """Return the rows of an object that has articles, or nothing but their texts, by their names."""
    some = list(islice(value.items(), _LOOKED_AT))
    if some and all(isinstance(row, Mapping) and is_article(row) for _, row in some):
        return [
            (f"key {key}", {"id": key, **row} if isinstance(row, Mapping) else row)
            for key, row in value.items()
        ]
    texts = [row for _, row in some if isinstance(row, str) and len(row) >= _LEAST_PROSE and " " in row]
    if len(texts) == len(some) > 1 and not any(field_named(str(key)[:100])[0] for key, _ in some):
        return [(f"key {key}", {"id": key, "title": key, "text": row}) for key, row in value.items()]
    return []


def _by_columns(value: Mapping[Any, Any]) -> list[Row]:
    """Return the rows of a table that is stored column by column, as pandas does, or beside its header."""
    header, data = value.get("columns"), value.get("data")
    if isinstance(header, list) and isinstance(data, list) and all(isinstance(row, list) for row in data):
        rows = (dict(zip(map(str, header), row, strict=False)) for row in data)
        return [(f"item {number}", row) for number, row in enumerate(rows, 1)]
    named = {field_named(str(key)[:100])[0] for key in islice(value, _MAX_KEYS)}
    if "body" not in named or not named & {"title", "published", "url"}:
        return []
    columns = list(value.values())
    if all(isinstance(column, Mapping) and column.keys() == columns[0].keys() for column in columns):
        if not columns[0].keys().isdisjoint(WORDS):
            return []
        return [(f"item {key}", {name: value[name][key] for name in value}) for key in columns[0]]
    if all(isinstance(column, list) and len(column) == len(columns[0]) > 1 for column in columns):
        return [(f"item {n + 1}", {name: value[name][n] for name in value}) for n in range(len(columns[0]))]
    return []


def _is_list(value: object) -> bool:
    some = value[:_LOOKED_AT] if isinstance(value, list) else []
    return bool(some) and all(isinstance(item, Mapping) for item in some)
