"""A document of a file to an article: clean it, and name its language."""

import hashlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from .article import Article
from .clean import CLEANER, cleaned, normalized
from .document import Document, ReadError, Skipped
from .duplicates import SIGNATURE
from .language import DETECTOR, detect
from .passages import SPLITTER
from .read import READER, is_archive
from .spelling import SPELLER

# What an index was made with besides its encoder: when it changes, every article is prepared anew.
PIPELINE = f"{READER} {CLEANER} {DETECTOR} {SPLITTER} {SIGNATURE} {SPELLER}"
_MAX_TITLE = 300


def prepare(path: str, documents: Iterator[Document | Skipped]) -> Iterator[Article | Skipped]:
    """Make articles of what was read from the file at `path`, relative to the indexed folder.

    Raises ReadError if `documents` does.
    """
    for document in documents:
        if isinstance(document, Skipped):
            yield document
            continue
        try:
            yield article_of(path, document)
        except ReadError as error:
            if not document.name:
                raise
            yield Skipped(document.name, str(error))


def article_of(path: str, document: Document) -> Article:
    """Make an article of one document.

    Raises ReadError if nothing is left of its text.
    """
    text = cleaned(document.text).text
    if not text:
        raise ReadError("no text in it")
    place = place_of(path, document.name)
    title = document.title or PurePosixPath(document.name or path).stem
    return Article(
        id=article_id(place),
        path=place,
        text=text,
        title=_line(title)[:_MAX_TITLE] or place,
        url=document.url,
        source=_line(document.source) or None,
        published=document.published,
        language=detect(text, document.language),
        published_from=document.published_from,
        authors=tuple(filter(None, map(_line, document.authors))),
        tags=tuple(filter(None, map(_line, document.tags))),
    )


def place_of(path: str, name: str) -> str:
    """Return where an article stands: its file, and in a file of many its name there."""
    if not name:
        return path
    return f"{path}/{name}" if is_archive(path) else f"{path}#{name}"


def article_id(place: str) -> str:
    """Return an article's identity: it stays when the file's content changes."""
    return hashlib.sha256(place.encode()).hexdigest()[:16]


def _line(text: str | None) -> str:
    return " ".join(normalized(text).split()) if text else ""
