"""Rows of the catalog to values, and digests that show whether a row is undamaged.

Disks sometimes change a bit silently. So each row of an article or passage has a digest of everything in it,
which is checked before any of it is quoted.
"""

import hashlib
import json
import zlib
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

import numpy as np

from index.article import Article, Passage, Place, Span
from index.model.arrays import Vectors
from index.reading.kept import Kept

from .filters import as_date

# Columns of `as_article`, in its order.
ABOUT = (
    "article.id, article.path, article.title, article.url, article.source, article.published,"
    " article.language, article.published_from, article.authors, article.tags,"
    " article.recognised, article.story"
)
# The place of the path, counted from the end of ABOUT.
PATH_FROM_END = 11
# Columns of `as_stored` before those of ABOUT.
PASSAGE = (
    'start, "end", passage.sentences, passage.digest, vector, checksum,'
    ' substr(text, start + 1, "end" - start)'
)
_PASSAGE_COLUMNS = 7
# Stands in for a file's hash, and equals none.
DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Stored:
    """A passage in the catalog, with its article's metadata but not the article's text."""

    number: int
    passage: Passage
    article: Article


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file as last read. `skipped` says why parts of it are not articles; "" stands for all of it.

    `kept` counts the text that is kept of it, `little` has the articles that keep little of theirs, by path.
    `hash` also tells whether it has to be tried again: `index/building/retries.py`.
    """

    key: int
    path: str
    hash: str
    skipped: dict[str, str]
    pending: bool
    kept: Kept = field(default_factory=Kept)
    little: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """What it takes to find an article's story, without its text."""

    key: int
    file: int
    path: str
    published: int | None
    pending: bool
    story: int | None
    has_passages: bool
    length: int


def as_file(key: int, path: str, found: str, skipped: str, kept: str, pending: int) -> FileRow:
    """Return a row of `file` as a value."""
    try:
        told = json.loads(kept)
        counted = Kept(*map(int, told.get("kept", ())))
        reasons, little = _texts(json.loads(skipped)), _texts(told.get("little", {}))
    except (ValueError, TypeError, AttributeError):
        return FileRow(key, path, DAMAGED, {}, bool(pending))
    return FileRow(key, path, found, reasons, bool(pending), counted, little)


def _texts(found: dict[Any, Any]) -> dict[str, str]:
    return {str(name): str(reason) for name, reason in found.items()}


def packed(spans: Iterable[Span], start: int) -> bytes:
    """Return a passage's sentences in the catalog's form: offsets from the passage's `start`."""
    return array("H", (offset - start for span in spans for offset in (span.start, span.end))).tobytes()


def unpacked(blob: bytes, start: int) -> tuple[Span, ...]:
    """Return the sentences of a passage that begins at `start`."""
    offsets = [start + offset for offset in array("H", blob)]
    return tuple(Span(a, b) for a, b in zip(offsets[::2], offsets[1::2], strict=True))


def packed_gaps(spans: Iterable[Span]) -> bytes:
    """Return an article's sentences in the catalog's form: the distances between their ends."""
    ends = [offset for span in spans for offset in (span.start, span.end)]
    return zlib.compress(array("I", (b - a for a, b in zip([0, *ends], ends, strict=False))).tobytes())


def unpacked_gaps(blob: bytes) -> tuple[Span, ...]:
    """Return the sentences of an article.

    Raises zlib.error if the bytes are damaged: zlib keeps a checksum.
    """
    ends = list(accumulate(array("I", zlib.decompress(blob))))
    return tuple(Span(a, b) for a, b in zip(ends[::2], ends[1::2], strict=True))


def is_packed(blob: bytes) -> bool:
    """Return whether the sentences of an article are undamaged."""
    try:
        unpacked_gaps(blob)
    except (zlib.error, ValueError, TypeError):
        return False
    return True


def as_matrix(blobs: Sequence[bytes]) -> Vectors:
    """Return stored float16 vectors as the rows of a float32 matrix."""
    width = len(blobs[0]) // 2 if blobs else 0
    return np.frombuffer(b"".join(blobs), "<f2").reshape(len(blobs), width).astype(np.float32)


def as_article(about: Sequence[Any], text: str, places: dict[int, list[Place]]) -> Article:
    """Return the article of the columns ABOUT."""
    identity, path, title, url, source, published, language, *more = about
    published_from, authors, tags, recognised, story = more
    return Article(
        id=identity,
        path=path,
        text=text,
        title=title,
        url=url,
        source=source,
        published=as_date(published),
        language=language,
        published_from=published_from,
        authors=tuple(json.loads(authors)),
        tags=tuple(json.loads(tags)),
        recognised=bool(recognised),
        also=tuple(place for place in places.get(story, ()) if place.path != path),
    )


def as_stored(number: int, row: Sequence[Any], places: dict[int, list[Place]]) -> Stored | None:
    """Return the passage of the columns PASSAGE and ABOUT, or None if it is damaged."""
    *columns, checksum, text = row[:_PASSAGE_COLUMNS]
    about = row[_PASSAGE_COLUMNS:]
    try:
        start, end, sentences, *_ = columns
        article = as_article(about, "", places)
        passage = Passage(article.id, article.title, text, Span(start, end), unpacked(sentences, start))
        is_whole = passage_checksum(passage, *columns) == checksum
    except (ValueError, TypeError, AttributeError):
        return None
    return Stored(number, passage, article) if is_whole else None


def as_written(
    about: Sequence[Any], text: str, digest: bytes, places: dict[int, list[Place]]
) -> Article | None:
    """Return the article of the columns ABOUT, or None if it is damaged."""
    try:
        article = as_article(about, text, places)
        return article if article_digest(article) == digest else None
    except (ValueError, TypeError, AttributeError):
        return None


def text_digest(text: str, size: int = 16) -> bytes:
    """Return a digest of a text, `size` bytes long."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).digest()


def passage_digest(passage_text: str) -> bytes:
    """Return the digest of an encoded text, by which its vector is found again."""
    return text_digest(passage_text, 8)


def article_digest(article: Article) -> bytes:
    """Return the digest of an article: its text and everything its file states."""
    published = article.published.isoformat() if article.published else None
    stated = [
        *(article.id, article.path, article.text, article.title, article.url, article.source, published),
        *(article.published_from, article.language, article.authors, article.tags),
    ]
    if article.recognised:
        stated.append("recognised")
    return text_digest(json.dumps(stated, ensure_ascii=False))


def passage_checksum(
    passage: Passage, start: int, end: int, sentences: bytes, digest: bytes, vector: bytes
) -> bytes:
    """Return the digest of a passage's row: offsets, sentences, vector and text."""
    row = hashlib.blake2b(f"{start} {end} {len(sentences)} {len(vector)} ".encode(), digest_size=8)
    for part in (sentences, digest, vector, text_digest(passage.embedded_text)):
        row.update(part)
    return row.digest()
