"""Plain text, with or without front matter."""

import re
from collections.abc import Iterator
from typing import Any

from index.reading.document import Document, ReadError, Skipped

from .encoding import decoded
from .metadata import as_date, date_in_name, language_code, names, web_address

# Larger text files are lists or logs rather than articles.
MAX_BYTES = 20_000_000
_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\n(.{0,8000}?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_MAX_TITLE = 200


def read(path: str, data: bytes) -> Iterator[Document | Skipped]:
    """Yield the article of a text file; its first line is the title if it looks like one."""
    front, body = split_front_matter(plain_text(data))
    yield with_front_matter(path, body, front)


def plain_text(data: bytes) -> str:
    """Return the characters of a text that stands by itself.

    Raises ReadError if the bytes are no text, or too many.
    """
    if len(data) > MAX_BYTES:
        raise ReadError(f"more than {MAX_BYTES // 1_000_000} MB of text")
    return decoded(data)


def split_front_matter(text: str) -> tuple[dict[str, Any], str]:
    """Return the metadata of a leading YAML block and the text behind it."""
    import yaml

    text = text.replace("\r\n", "\n")
    match = _FRONT_MATTER.match(text)
    if not match:
        return {}, text
    try:
        front = yaml.safe_load(match.group(1))
    except (yaml.YAMLError, ValueError, RecursionError):
        # People write `title: War: a report`, which is not YAML, and mean what it looks like.
        front = _plain_pairs(match.group(1))
    if not isinstance(front, dict):
        # Two rules around ordinary text look the same: it is text then, and nothing is lost.
        return {}, text
    return {str(key).lower(): value for key, value in front.items()}, text[match.end() :]


def _plain_pairs(block: str) -> dict[str, str] | None:
    pairs = [
        re.match(r"([A-Za-z][\w-]*):\s+(.+)\Z", line) for line in map(str.rstrip, block.splitlines()) if line
    ]
    return {m[1]: m[2].strip("\"'") for m in pairs if m} if all(pairs) else None


def with_front_matter(path: str, text: str, front: dict[str, Any]) -> Document:
    """Return the document of a text and of what its front matter states."""

    def stated(*keys: str) -> str | None:
        for key in keys:
            value = front.get(key)
            if isinstance(value, (str, int, float)) and str(value).strip():
                return " ".join(str(value).split())[:2000]
        return None

    published = as_date(front.get("date", front.get("published")))
    in_name = None if published else date_in_name(path)
    return Document(
        text=text,
        title=(stated("title", "headline") or _first_line_title(text) or "")[:_MAX_TITLE] or None,
        published=published or in_name,
        published_from="front matter" if published else "file name" if in_name else None,
        source=stated("outlet", "source", "publisher"),
        authors=names(front.get("authors", front.get("author"))),
        tags=names(front.get("tags", front.get("keywords"))),
        language=language_code(stated("language", "lang")),
        url=web_address(stated("url", "link")),
    )


def _first_line_title(body: str) -> str | None:
    """Return the first line if it looks like a headline: short, and more text below."""
    first, _, rest = body.strip().partition("\n")
    line = " ".join(first.split())
    return line if rest.strip() and 0 < len(line) <= _MAX_TITLE else None
