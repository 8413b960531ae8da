"""One file's bytes to an article and its passages: read, clean, split."""

import hashlib
from dataclasses import dataclass
from pathlib import PurePosixPath

from .article import Article, Passage
from .clean import CLEANER, canonical
from .passages import SPLITTER, split
from .read import READER, ReadError, read

# What an index was made with besides its encoder: when it changes, every article is prepared anew.
PIPELINE = f"{READER} {CLEANER} {SPLITTER}"


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article ready for the encoder, with the hash of the bytes it came from."""

    article: Article
    file_hash: str
    passages: tuple[Passage, ...]


def prepare(path: str, data: bytes) -> Prepared:
    """Make an article of the bytes of the file at `path`, relative to the indexed folder.

    Raises ReadError if there is no article in them.
    """
    document = read(path, data)
    text = canonical(document.text)
    if not text:
        raise ReadError("no text in it")
    title = " ".join(canonical(document.title or PurePosixPath(path).stem).split())
    article = Article(
        id=article_id(path),
        path=path,
        text=text,
        title=title,
        url=document.url,
        source=document.source,
        published=document.published,
        language=document.language,
    )
    return Prepared(article, file_hash(data), tuple(split(article)))


def article_id(path: str) -> str:
    """Return an article's identity: it stays when the file's content changes."""
    return hashlib.sha256(path.encode()).hexdigest()[:16]


def file_hash(data: bytes) -> str:
    """Return what an unchanged file is known by."""
    return hashlib.sha256(data).hexdigest()
