"""The values that travel from a file to the index: Span, Article, Passage."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of characters, `start` up to but without `end`, of one text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def of(self, text: str) -> str:
        """Return the characters of `text` in this range.

        Raises ValueError if the range reaches beyond the text: a slice would cut it silently.
        """
        if self.end > len(text):
            raise ValueError(f"span {self.start}..{self.end} ends outside a text of {len(text)} characters")
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Place:
    """Another place of the same story: another file, another outlet."""

    path: str
    title: str
    url: str | None = None
    source: str | None = None
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One article, cleaned. All offsets count characters of `text`.

    `published_from` says what the date was read from. `recognised`: some of the text was recognised from
    images, and may differ from what is printed there. `also` are the other places of its story.
    """

    id: str
    path: str
    text: str
    title: str
    url: str | None = None
    source: str | None = None
    published: date | None = None
    language: str | None = None
    published_from: str | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    recognised: bool = False
    also: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one article; `sentences` are offsets in the article's text."""

    article_id: str
    title: str
    text: str
    span: Span
    sentences: tuple[Span, ...]

    def __post_init__(self) -> None:
        if len(self.text) != self.span.end - self.span.start:
            raise ValueError("a passage's text is as long as its span")
        if not self.sentences:
            raise ValueError("a passage holds at least one sentence")
        if self.sentences[0].start < self.span.start or self.sentences[-1].end > self.span.end:
            raise ValueError("a passage's sentences lie inside its span")

    @property
    def embedded_text(self) -> str:
        """Return what the encoder sees: the title, for context, and the text."""
        return f"{self.title}\n{self.text}" if self.title else self.text


def is_utf8(text: str) -> bool:
    """Return whether a text can be encoded: Python turns invalid bytes in file names into half characters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
