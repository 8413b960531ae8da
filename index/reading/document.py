"""What a reader finds in a file, before cleaning."""

from dataclasses import dataclass
from datetime import date

from index.errors import ArticleQAError


class ReadError(ArticleQAError):
    """A file cannot be read as an article; it is skipped with this reason."""


class UnreadableError(ReadError):
    """The system can't read a file now, which says nothing about what is in it."""


class PassingError(ReadError):
    """A file was not read to its end, which may be the machine's fault; another try may succeed."""


def cut(line: str, most: int) -> str:
    """Return a line, with a sign of it where it had to be cut to `most` characters."""
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


# Why a file is skipped that could be read if a program was there; as soon as it is, it is tried again.
NO_OCR = (
    "only images of text: to have it recognised, install Tesseract (Debian's tesseract-ocr) and "
    "pip install 'article-qa[ocr]'"
)


@dataclass(frozen=True, slots=True)
class Document:
    """An article as the file has it: its text before cleaning, and the metadata that the file states.

    `name` tells the articles of one file apart (a row of a list, a member of an archive). It is empty if the
    file is one article, and stays the same when other articles of the file come or go. `published_from` says
    what the date was read from. `seen` is all text that a person would see in the file, if that is more than
    `text`; the rest was dropped as furniture. `recognised`: some of the text was recognised from images.
    """

    text: str
    title: str | None = None
    published: date | None = None
    published_from: str | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str | None = None
    url: str | None = None
    name: str = ""
    seen: str | None = None
    recognised: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """A part of a file that is not an article, with the reason: a broken row, a member of an archive."""

    name: str
    reason: str
