"""What an answer is made of. A refusal is an Answer that is not `found`."""

from dataclasses import asdict, astuple, dataclass, field, replace
from datetime import date
from typing import Any, ClassVar, Literal, TypedDict

from pydantic import ConfigDict

from index import Article, Hit
from index.article import Place

from .fields import (
    DESCRIBED,
    ArticleId,
    Count,
    End,
    Language,
    Milliseconds,
    Path,
    Published,
    Recognised,
    Score,
    Share,
    Source,
    Start,
    Title,
    Url,
)
from .sentences import Evidence

Mode = Literal["quotes", "written"]
Level = Literal["found", "unsure", "not found"]
# What a question may ask for that no quote can give: how many articles there are, what they say in sum, which
# they are, or something to be done.
BeyondKind = Literal["count", "summary", "catalogue", "task"]
About = Literal["number", "date", "name"]


@dataclass(frozen=True, slots=True)
class Levels:
    """What a confidence amounts to.

    Chosen in November 2026 on XQuAD, on bench/data/bbc_questions.jsonl and on the held-out clusters;
    `python -m bench.calibrate` prints what each confidence amounts to.
    """

    found: float = 0.2
    """Below this the question is not answered. 87 to 99 % of the answerable questions are above it."""

    sure: float = 0.9
    """From here on nearly all questions have an answer: 4 % of our questions without one, and of the near
    misses, are above it. Below it the reader is asked to check the source."""


LEVELS = Levels()


@dataclass(frozen=True, slots=True)
class Timings:
    """Where the time went."""

    search_ms: Milliseconds = 0.0
    """Milliseconds to find passages."""

    evidence_ms: Milliseconds = 0.0
    """Milliseconds to read them with the question."""

    write_ms: Milliseconds = 0.0
    """Milliseconds in which a language model wrote; 0 for quotes only."""

    total_ms: Milliseconds = 0.0
    """Milliseconds in all."""

    def plus(self, other: "Timings") -> "Timings":
        """Return the sums of both."""
        pairs = zip(astuple(self), astuple(other), strict=True)
        return Timings(*(round(one + another, 1) for one, another in pairs))

    def written(self, milliseconds: float) -> "Timings":
        """Return the same with the time that writing took."""
        return Timings(self.search_ms, self.evidence_ms, milliseconds, round(self.total_ms + milliseconds, 1))


@dataclass(frozen=True, slots=True)
class Findings:
    """A question with the passages found for it and their sentences, each best first.

    `searched` is the question as it was searched for, with what the conversation lent it.
    """

    question: str
    searched: str
    hits: tuple[Hit, ...]
    evidence: tuple[Evidence, ...]
    confidence: float
    timings: Timings

    @property
    def passages(self) -> tuple[Hit, ...]:
        """Return the hits; those with the best sentences come first."""
        places = [(item.article.id, item.span.start) for item in self.evidence]
        best = {
            hit: next((i for i, (article, at) in enumerate(places) if _holds(hit, article, at)), len(places))
            for hit in self.hits
        }
        return tuple(sorted(self.hits, key=lambda hit: best[hit]))


def _holds(hit: Hit, article: str, at: int) -> bool:
    return hit.article.id == article and hit.passage.span.start <= at < hit.passage.span.end


@dataclass(frozen=True, slots=True)
class AlsoIn:
    """Another place where the cited story is told: another file, another outlet."""

    path: Path
    title: Title
    url: Url
    source: Source
    published: Published

    @property
    def name(self) -> str:
        """Return the name by which a reader knows it."""
        return self.source or self.path

    @classmethod
    def of(cls, place: Place) -> "AlsoIn":
        """Return a place of a story as citations name it."""
        return cls(place.path, place.title, place.url, place.source, iso(place.published))


class Described(TypedDict):
    """What is told of an article with every passage of it."""

    article_id: str
    path: str
    title: str
    url: str | None
    source: str | None
    published: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage of an article that an answer rests on: `article.text[start:end] == quote`, always.

    All its offsets count characters of that text.
    """

    number: Count
    """The number by which sentences cite it, from 1; 0 if none does."""

    quote: str
    """Words of the article, verbatim."""

    article_id: ArticleId
    path: Path
    title: Title
    url: Url
    source: Source
    published: Published
    language: Language
    start: Start
    end: End
    score: Score
    recognised: Recognised = False
    also_in: tuple[AlsoIn, ...] = ()
    """Other places where the same story is told."""

    words_start: int | None = None
    """The first character of the words in the quote that answer, where they are known."""

    words_end: int | None = None
    """The character after the last of these words."""

    before: str | None = None
    """The sentence before a quote that does not stand alone."""

    before_start: int | None = None
    """The first character of this sentence."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What two articles say differently: none is taken for the right one."""

    about: About
    """What it is that differs."""

    sides: tuple[Citation, ...]
    """What says one thing and what says another; each names the words of its quote that say it."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer."""

    text: str
    """The sentence: a quote, or what a language model has written."""

    citations: tuple[int, ...]
    """The numbers of the citations that support it."""

    supported: bool
    """Whether they do, as far as the check can tell."""


@dataclass(frozen=True, slots=True)
class Writing:
    """What a language model is doing for an answer that still grows."""

    ahead: Count = 0
    """How many questions get their answers first."""

    draft: str = ""
    """The unfinished sentence. It is not checked yet: never show it as a fact."""


@dataclass(frozen=True, slots=True)
class Beyond:
    """What a question asks for that no quote can give, and how much the index holds."""

    kind: BeyondKind
    """A number of articles, what they say in sum, which there are, or something to be done."""

    articles: Count
    """How many articles the index holds."""

    stories: Count
    """How many different stories these tell."""

    named: str = ""
    """What a question names that asks how many articles there are about it, or nothing."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question, or a refusal if it is not `found`."""

    __pydantic_config__: ClassVar[ConfigDict] = DESCRIBED

    question: str
    """The question, as it was asked."""

    text: str
    """The whole answer as one text, with the numbers of citations in brackets; or that there is none."""

    found: bool
    """Whether the articles answer the question."""

    confidence: Share
    """How likely it is that the first quote answers. `level` says what it amounts to."""

    mode: Mode = "quotes"
    """Whether the answer is quotes only, or has sentences that a language model has written."""

    sentences: tuple[Sentence, ...] = ()
    """The answer, sentence by sentence; none if it is not found."""

    citations: tuple[Citation, ...] = ()
    """What it rests on: quotes first, then what written sentences cite; of a refusal, what is closest."""

    disagreements: tuple[Disagreement, ...] = ()
    """What its evidence says differently."""

    timings: Timings = field(default_factory=Timings)
    """How long that took."""

    searched: str | None = None
    """What was searched for instead of the question alone, since that continues a conversation."""

    notice: str | None = None
    """What is missing from the answer, and why."""

    writing: Writing | None = None
    """What the language model is doing, as long as the answer grows."""

    further: tuple[Citation, ...] = ()
    """For an unsure answer, the nearest passages of other articles."""

    beyond: Beyond | None = None
    """What the question seems to ask for that no quote can give."""

    @property
    def level(self) -> Level:
        """Return how far to trust the answer: found, unsure, or not in these articles."""
        if not self.found:
            return "not found"
        return "found" if self.confidence >= LEVELS.sure else "unsure"

    def timed(self, timings: Timings) -> "Answer":
        """Return the same answer with its timings."""
        return replace(self, timings=timings)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON; optional ones that are None are left out."""
        plain = asdict(self)
        for key in ("searched", "notice", "writing", "beyond"):
            if plain[key] is None:
                del plain[key]
        plain["level"] = self.level
        for key in ("sentences", "citations", "disagreements", "further"):
            plain[key] = list(plain[key])
        for sentence in plain["sentences"]:
            sentence["citations"] = list(sentence["citations"])
        for one in plain["disagreements"]:
            one["sides"] = list(one["sides"])
            for side in one["sides"]:
                _leave_out(side)
        for cited in (*plain["citations"], *plain["further"]):
            _leave_out(cited)
        for key in ("disagreements", "further"):
            if not plain[key]:
                del plain[key]
        return plain


def _leave_out(cited: dict[str, Any]) -> None:
    """Leave out what is not known of a citation."""
    if not cited["recognised"]:
        del cited["recognised"]
    for key in ("words_start", "words_end", "before", "before_start"):
        if cited[key] is None:
            del cited[key]
    also_in = list(cited.pop("also_in"))
    if also_in:
        cited["also_in"] = also_in


def citation(number: int, evidence: Evidence) -> Citation:
    """Return `evidence` as the citation with this number."""
    article = evidence.article
    return Citation(
        number=number,
        quote=evidence.text,
        start=evidence.span.start,
        end=evidence.span.end,
        score=round(evidence.score, 4),
        recognised=article.recognised,
        also_in=tuple(map(AlsoIn.of, article.also)),
        words_start=evidence.marked.start if evidence.marked else None,
        words_end=evidence.marked.end if evidence.marked else None,
        before=evidence.before.text if evidence.before else None,
        before_start=evidence.before.start if evidence.before else None,
        **described(article),
    )


def described(article: Article) -> Described:
    """Return what readers and programs are told of an article."""
    return {
        "article_id": article.id,
        "path": article.path,
        "title": article.title,
        "url": article.url,
        "source": article.source,
        "published": iso(article.published),
        "language": article.language,
    }


def iso(day: date | None) -> str | None:
    """Return a day as yyyy-mm-dd."""
    return day.isoformat() if day else None
