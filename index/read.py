"""One file to raw text and metadata. A format is one reader in the registry at the end of this file."""

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any

from .errors import ArticleQAError

# Part of the index's fingerprint: raise it when a reader finds other text or metadata than before.
READER = "read-1"

# Larger text files are lists or logs rather than articles.
MAX_BYTES = 20_000_000
_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\n(.{0,8000}?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_MAX_TITLE = 200


class ReadError(ArticleQAError):
    """A file cannot be read as an article; it is skipped with this reason."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader found in a file: text before cleaning, and what metadata the file states."""

    text: str
    title: str | None = None
    published: date | None = None
    source: str | None = None
    language: str | None = None
    url: str | None = None


def read(path: str, data: bytes) -> Document:
    """Read the bytes of the file at `path`, whose ending names the format.

    Raises ReadError with the reason if there is no text in it.
    """
    if len(data) > MAX_BYTES:
        raise ReadError(f"larger than {MAX_BYTES // 1_000_000} MB")
    document = READERS[PurePosixPath(path).suffix.lower()](data)
    if not document.text.strip():
        raise ReadError("empty" if not data.strip() else "no text in it")
    return document


def decoded(data: bytes) -> str:
    """Decode text by its byte order mark, as UTF-8, or else by what its bytes suggest.

    Raises ReadError if the bytes are no text.
    """
    if data.startswith(codecs.BOM_UTF8):
        return data.decode("utf-8-sig", "replace")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    if b"\0" in data[:8192]:
        raise ReadError("not text: it holds zero bytes")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _guessed(data)


def _guessed(data: bytes) -> str:
    from charset_normalizer import from_bytes

    # Mostly UTF-8 with a stray byte or two: keep the rest as it is.
    text = data.decode("utf-8", "replace")
    if any(b >= 0xC2 for b in data) and text.count("\ufffd") <= len(data) // 2000:
        return text
    matches = list(from_bytes(data))
    if not matches:
        raise ReadError("not text: no encoding fits its bytes")
    # Its own first choice is by order where several fit alike; Western European text is by far the commonest.
    return str(max(matches, key=lambda m: m.coherence - m.chaos + 0.05 * (m.encoding == "cp1252")))


def _text(data: bytes) -> Document:
    front, body = _split_front_matter(decoded(data))
    return _with_metadata(body, front, _first_line_title(body))


def _markdown(data: bytes) -> Document:
    front, body = _split_front_matter(decoded(data))
    text = markdown_text(body)
    return _with_metadata(text, front, _first_line_title(text))


def _first_line_title(body: str) -> str | None:
    """Return the first line if it looks like a headline: short, and more text below."""
    first, _, rest = body.strip().partition("\n")
    line = " ".join(first.split())
    return line if rest.strip() and 0 < len(line) <= _MAX_TITLE else None


def _split_front_matter(text: str) -> tuple[dict[str, Any], str]:
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
        re.match(r"([A-Za-z][\w-]*):\s+(.*\S)\s*\Z", line) for line in block.splitlines() if line.strip()
    ]
    return {m[1]: m[2].strip("\"'") for m in pairs if m} if all(pairs) else None


def _with_metadata(text: str, front: dict[str, Any], title: str | None) -> Document:
    def stated(*names: str) -> str | None:
        for name in names:
            value = front.get(name)
            if isinstance(value, (str, int, float)) and str(value).strip():
                return " ".join(str(value).split())[:2000]
        return None

    language = stated("language", "lang")
    return Document(
        text=text,
        title=(stated("title", "headline") or title or "")[:_MAX_TITLE] or None,
        published=_as_date(front.get("date", front.get("published"))),
        source=stated("outlet", "source", "publisher"),
        language=re.split(r"[-_]", language.lower())[0] if language else None,
        url=_web_address(stated("url", "link")),
    )


def _as_date(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return datetime.fromisoformat(str(value).strip()).date()
    except ValueError:
        return None


def _web_address(value: str | None) -> str | None:
    """Keep addresses of web pages only: a `javascript:` one would be a trap on the page."""
    return value if value and re.match(r"https?://[^\s/]", value, re.IGNORECASE) else None


def markdown_text(source: str) -> str:
    """Return the words of Markdown without its marks: a line a heading or item, links by their text."""
    from markdown_it import MarkdownIt

    # HTML inside is left as text: it is not this reader's to interpret.
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parts: list[str] = []
    in_items = 0
    for token in parser.parse(source):
        if token.type in ("list_item_open", "tr_open"):
            in_items += 1
        elif token.type in ("list_item_close", "tr_close"):
            in_items -= 1
        elif token.type in ("bullet_list_close", "ordered_list_close", "table_close"):
            parts.append("\n")
        elif token.type == "inline":
            parts.append(_inline_text(token) + ("\n" if in_items else "\n\n"))
        elif token.type in ("fence", "code_block"):
            parts.append(token.content + "\n")
    return "".join(parts)


def _inline_text(token: Any) -> str:
    words = []
    for child in token.children or ():
        if child.type in ("softbreak", "hardbreak"):
            words.append(" " if child.type == "softbreak" else "\n")
        elif child.type == "image":
            words.append(_inline_text(child))
        else:
            words.append(child.content)
    return "".join(words)


READERS: dict[str, Callable[[bytes], Document]] = {
    ".txt": _text,
    ".text": _text,
    ".md": _markdown,
    ".markdown": _markdown,
}
