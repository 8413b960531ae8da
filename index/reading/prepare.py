"""A document to an article: clean it, name its language, find its sentences."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from index.article import Article, Span
from index.text.clean import CLEANER, cleaned, normalized
from index.text.duplicates import SIGNATURE, signature
from index.text.language import DETECTOR, detect
from index.text.passages import SPLITTER
from index.text.sentences import sentence_spans
from index.text.spelling import SPELLER
from index.text.words import words_fingerprint

from .document import Document, ReadError, Skipped, cut
from .dropped import Difference, difference
from .kept import Kept, kept
from .registry import READER, is_archive

_MAX_TITLE = 300


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article with its sentences and signature.

    `kept` says how much it keeps of the text of its file, `difference` what it leaves out or
    has otherwise, if that was asked for.
    """

    article: Article
    sentences: tuple[Span, ...]
    signature: bytes
    kept: Kept = field(default_factory=Kept)
    difference: Difference = field(default_factory=Difference)


def pipeline() -> str:
    """Return what an index is made with besides its encoder. If it changes, every article is read again."""
    return " ".join((READER, CLEANER, DETECTOR, SPLITTER, SIGNATURE, SPELLER, words_fingerprint()))


def prepare(
    path: str, documents: Iterator[Document | Skipped], *, tell_difference: bool = False
) -> Iterator[Prepared | Skipped]:
    """Make articles of the documents in the file at `path`, relative to the indexed folder.

    Raises ReadError if `documents` does.
    """
    for found in documents:
        if isinstance(found, Skipped):
            yield Skipped(_valid(found.name), _valid(found.reason))
            continue
        document = replace(found, name=_valid(found.name), url=_valid(found.url or "") or None)
        try:
            article = _article(path, document)
        except ReadError as error:
            if not document.name:
                raise
            yield Skipped(document.name, str(error))
            continue
        yield Prepared(
            article,
            tuple(sentence_spans(article.text, article.language)),
            signature(article.text),
            kept(article.text, document.seen or document.text),
            difference(document, article.text) if tell_difference else Difference(),
        )


def _article(path: str, document: Document) -> Article:
    text = cleaned(document.text).text
    if not text:
        raise ReadError("no text in it")
    place = place_of(path, document.name)
    title = document.title or PurePosixPath(document.name or path).stem
    return Article(
        id=article_id(place),
        path=place,
        text=text,
        title=cut(_line(title), _MAX_TITLE) or place,
        url=document.url,
        source=cut(_line(document.source), _MAX_TITLE) or None,
        published=document.published,
        language=detect(text, document.language),
        published_from=document.published_from,
        authors=tuple(filter(None, map(_line, document.authors))),
        tags=tuple(filter(None, map(_line, document.tags))),
        recognised=document.recognised,
    )


def place_of(path: str, name: str) -> str:
    """Return where an article is: its file and, if the file holds several, its name there."""
    if not name:
        return path
    return f"{path}/{name}" if is_archive(path) else f"{path}#{name}"


def article_id(place: str) -> str:
    """Return an article's identity, which stays the same when the file's content changes."""
    return hashlib.sha256(place.encode()).hexdigest()[:16]


def _valid(text: str) -> str:
    """Return a text that can be written as UTF-8: JSON may hold halves of characters."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _line(text: str | None) -> str:
    return " ".join(normalized(text).split()) if text else ""
