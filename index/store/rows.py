"""Rows of the catalog to values, and the digests that tell whether a row is what was written.

A disk can change a bit without a word. So every row of an article and of a passage is kept with a digest of
all that it states, which is compared before anything of it is quoted.
"""

import hashlib
import json
import zlib
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np

from index.article import Article, Passage, Place, Span
from index.model.arrays import Vectors

from .filters import as_date

# Columns of `as_article`, in its order.
ABOUT = (
    "article.id, article.path, article.title, article.url, article.source, article.published,"
    " article.language, article.published_from, article.authors, article.tags, article.story"
)
# Where the path is, from the end of ABOUT.
PATH_FROM_END = 10
# Columns of `_stored` before those of ABOUT.
PASSAGE = (
    'start, "end", passage.sentences, passage.digest, vector, checksum,'
    ' substr(text, start + 1, "end" - start)'
)
_PASSAGE_COLUMNS = 7
# In place of a file's hash: unlike any.
DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Stored:
    """A passage as the catalog holds it, with its article's metadata but without the article's text."""

    number: int
    passage: Passage
    article: Article


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file as it was last read; `skipped` tells why it, or parts of it by name, are no articles."""

    key: int
    path: str
    hash: str
    skipped: dict[str, str]
    pending: bool


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """What is needed of an article to tell its story: no text."""

    key: int
    file: int
    path: str
    published: int | None
    pending: bool
    story: int | None
    has_passages: bool
    length: int


def as_file(key: int, path: str, found: str, skipped: str, pending: int) -> FileRow:
    """Return the file of the columns of a row of `file`."""
    try:
        reasons = {str(name): str(reason) for name, reason in json.loads(skipped).items()}
    except (ValueError, TypeError, AttributeError):
        found, reasons = DAMAGED, {}
    return FileRow(key, path, found, reasons, bool(pending))


def packed(spans: Iterable[Span], start: int) -> bytes:
    """Return a passage's sentences as the catalog keeps them: offsets from the passage's `start`."""
    return array("H", (offset - start for span in spans for offset in (span.start, span.end))).tobytes()


def unpacked(blob: bytes, start: int) -> tuple[Span, ...]:
    """Return the sentences of a passage that begins at `start`."""
    offsets = [start + offset for offset in array("H", blob)]
    return tuple(Span(a, b) for a, b in zip(offsets[::2], offsets[1::2], strict=True))


def packed_gaps(spans: Iterable[Span]) -> bytes:
    """Return the sentences of a whole article as the catalog keeps them: what lies between their ends."""
    ends = [offset for span in spans for offset in (span.start, span.end)]
    return zlib.compress(array("I", (b - a for a, b in zip([0, *ends], ends, strict=False))).tobytes())


def unpacked_gaps(blob: bytes) -> tuple[Span, ...]:
    """Return the sentences of an article.

    Raises zlib.error if the bytes are not those that were written: zlib keeps a checksum.
    """
    ends = list(accumulate(array("I", zlib.decompress(blob))))
    return tuple(Span(a, b) for a, b in zip(ends[::2], ends[1::2], strict=True))


def is_packed(blob: bytes) -> bool:
    """Return whether the sentences of an article are as they were written."""
    try:
        unpacked_gaps(blob)
    except (zlib.error, ValueError, TypeError):
        return False
    return True


def as_matrix(blobs: Sequence[bytes]) -> Vectors:
    """Return stored vectors, float16, as the rows of a float32 matrix."""
    width = len(blobs[0]) // 2 if blobs else 0
    return np.frombuffer(b"".join(blobs), "<f2").reshape(len(blobs), width).astype(np.float32)


def as_article(about: Sequence[Any], text: str, places: dict[int, list[Place]]) -> Article:
    """Return the article of the columns ABOUT."""
    identity, path, title, url, source, published, language, published_from, authors, tags, story = about
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
        also=tuple(place for place in places.get(story, ()) if place.path != path),
    )


def as_stored(number: int, row: Sequence[Any], places: dict[int, list[Place]]) -> Stored | None:
    """Return a passage of the columns PASSAGE and ABOUT, or None if it is not what was written."""
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
    """Return the article of the columns ABOUT, or None if it is not what was written."""
    try:
        article = as_article(about, text, places)
        return article if article_digest(article) == digest else None
    except (ValueError, TypeError, AttributeError):
        return None


def text_digest(text: str, size: int = 16) -> bytes:
    """Return what a text is known by, in `size` bytes."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).digest()


def passage_digest(passage_text: str) -> bytes:
    """Return what an encoded text is known by; a vector is found again by it."""
    return text_digest(passage_text, 8)


def article_digest(article: Article) -> bytes:
    """Return what an unchanged article is known by: its text and all that its file states."""
    published = article.published.isoformat() if article.published else None
    stated = [
        *(article.id, article.path, article.text, article.title, article.url, article.source, published),
        *(article.published_from, article.language, article.authors, article.tags),
    ]
    return text_digest(json.dumps(stated, ensure_ascii=False))


def passage_checksum(
    passage: Passage, start: int, end: int, sentences: bytes, digest: bytes, vector: bytes
) -> bytes:
    """Return what an unchanged row of a passage is known by: offsets, sentences, vector and its text."""
    row = hashlib.blake2b(f"{start} {end} {len(sentences)} {len(vector)} ".encode(), digest_size=8)
    for part in (sentences, digest, vector, text_digest(passage.embedded_text)):
        row.update(part)
    return row.digest()
