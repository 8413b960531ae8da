"""What an answer is made of. A refusal is a value too: an Answer that is not `found`."""

from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Literal

from index import Article, Passage, Span

Mode = Literal["quotes", "written"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence that may answer the question; `span` counts characters of the article's text."""

    passage: Passage
    article: Article
    span: Span
    score: float

    @property
    def text(self) -> str:
        """Return the sentence, verbatim."""
        start = self.passage.span.start
        return self.passage.text[self.span.start - start : self.span.end - start]


@dataclass(frozen=True, slots=True)
class AlsoIn:
    """Another place of the story that is cited: another file, another outlet."""

    path: str
    title: str
    url: str | None
    source: str | None
    published: str | None

    @property
    def name(self) -> str:
        """Return what a reader knows it by."""
        return self.source or self.path


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage of an article that an answer rests on: `article.text[start:end] == quote`, always."""

    number: int
    quote: str
    article_id: str
    path: str
    title: str
    url: str | None
    source: str | None
    published: str | None
    language: str | None
    start: int
    end: int
    score: float
    also_in: tuple[AlsoIn, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer with the numbers of the citations that it rests on."""

    text: str
    citations: tuple[int, ...]
    supported: bool


@dataclass(frozen=True, slots=True)
class Timings:
    """Where the time went, in milliseconds."""

    search_ms: float = 0.0
    evidence_ms: float = 0.0
    write_ms: float = 0.0
    total_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question.

    When it is not `found`, `sentences` is empty and `citations` are the nearest places there are.
    """

    question: str
    text: str
    found: bool
    confidence: float
    mode: Mode = "quotes"
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    timings: Timings = field(default_factory=Timings)

    def timed(self, timings: Timings) -> "Answer":
        """Return the same answer with its timings."""
        return replace(self, timings=timings)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON; a citation has `also_in` only if there is such a place."""
        plain = asdict(self)
        for key in ("sentences", "citations"):
            plain[key] = list(plain[key])
        for sentence in plain["sentences"]:
            sentence["citations"] = list(sentence["citations"])
        for cited in plain["citations"]:
            also_in = list(cited.pop("also_in"))
            if also_in:
                cited["also_in"] = also_in
        return plain


def citation(number: int, evidence: Evidence) -> Citation:
    """Return `evidence` as the citation with this number."""
    article = evidence.article
    return Citation(
        number=number,
        quote=evidence.text,
        article_id=article.id,
        path=article.path,
        title=article.title,
        url=article.url,
        source=article.source,
        published=_iso(article.published),
        language=article.language,
        start=evidence.span.start,
        end=evidence.span.end,
        score=round(evidence.score, 4),
        also_in=tuple(
            AlsoIn(place.path, place.title, place.url, place.source, _iso(place.published))
            for place in article.also
        ),
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
