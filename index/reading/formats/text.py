"""Plain text, with or without front matter."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from index.reading.document import Document, ReadError, Skipped, cut
from index.text.wrapping import unwrapped

from .encoding import decoded
from .fields import fields_of
from .front_matter import split_front_matter
from .metadata import as_date, date_in_name, language_code, names, own_title, people, web_address

# Larger text files are lists or logs rather than articles.
MAX_BYTES = 20_000_000
_MAX_TITLE = 200
_MAX_DATES = 5


def read(path: str, data: bytes) -> Iterator[Document | Skipped]:
    """Yield the article of a text file; its first line is the title if it looks like one."""
    front, body = split_front_matter(plain_text(data))
    yield replace(with_front_matter(path, unwrapped(body), front), seen=body)


def plain_text(data: bytes) -> str:
    """Return the characters of a text that stands by itself.

    Raises ReadError if the bytes are no text, or too many.
    """
    if len(data) > MAX_BYTES:
        raise ReadError(f"more than {MAX_BYTES // 1_000_000} MB of text")
    return decoded(data)


def with_front_matter(path: str, text: str, front: dict[str, Any]) -> Document:
    """Return the document of a text and of what its front matter states."""
    stated = fields_of({key: _joined(value) for key, value in front.items()}).values
    published, in_name = _day(stated, "published"), date_in_name(path)
    sources = [source for value in stated.get("source", ()) for source in names([value])]
    addresses = map(web_address, (*stated.get("url", ()), *sources))
    day = published or in_name or _day(stated, "updated")
    own = next(filter(None, map(_title, stated.get("title", ()))), None)
    return Document(
        text=text,
        title=cut(own or _first_line_title(text) or "", _MAX_TITLE) or None,
        published=day,
        published_from=None if not day else "file name" if day == in_name != published else "front matter",
        source=next((source for source in sources if not web_address(source)), None),
        authors=next(filter(None, map(people, stated.get("authors", ()))), ()),
        tags=next(filter(None, map(_tags, stated.get("tags", ()))), ()),
        language=next(filter(None, map(language_code, stated.get("language", ()))), None),
        url=next(filter(None, addresses), None),
    )


def _joined(value: object) -> object:
    """Return `[[Name]]` as it was meant, which YAML takes for a list in a list."""
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
        return value[0]
    return value


def _title(value: object) -> str | None:
    words = str(value) if isinstance(value, (str, int, float)) else ""
    return own_title(next(iter(names([words])), None) if words.startswith("[[") else words)


def _tags(value: object) -> tuple[str, ...]:
    stated = (
        [str(tag) if isinstance(tag, int) else tag for tag in value] if isinstance(value, list) else value
    )
    return tuple(tag.lstrip("#") for tag in names(stated))


def _day(stated: Mapping[str, Sequence[Any]], field: str) -> date | None:
    return next(filter(None, map(as_date, stated.get(field, ())[:_MAX_DATES])), None)


def _first_line_title(body: str) -> str | None:
    """Return the first line if it looks like a headline: short, and more text below."""
    first, _, rest = body.strip().partition("\n")
    line = " ".join(first.split())
    return line if rest.strip() and 0 < len(line) <= _MAX_TITLE else None
