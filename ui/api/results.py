"""What programs get: answers, passages, articles, the state of the index, each with a schema."""

from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Annotated, Any, ClassVar, get_args

from pydantic import ConfigDict, Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from index import Article, Filters, Hit
from qa import Answer, Engine
from qa.answer import AlsoIn, Level, described, iso
from qa.fields import (
    DESCRIBED,
    ArticleId,
    Count,
    End,
    Language,
    Path,
    Published,
    Recognised,
    Score,
    Source,
    Start,
    Title,
    Url,
)

from .requests import Part, Search

_Day = Annotated[str | None, Field(examples=["2024-05-27"])]


class _Levelled:
    """Adds to the schema of an answer what `Answer.to_dict` adds to its fields."""

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return the schema."""
        named = handler(core)
        schema = handler.resolve_ref_schema(named)
        about = "How far to trust the answer. The citations of one that is `not found` do not answer."
        schema["properties"]["level"] = {"enum": list(get_args(Level)), "description": about}
        # It may be asked for several times.
        schema["required"] = list(dict.fromkeys([*schema["required"], "level"]))
        return named


GivenAnswer = Annotated[Answer, _Levelled()]


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage that was found."""

    text: str
    """Whole sentences of the article, verbatim: its characters `start` to `end`."""

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


@dataclass(frozen=True, slots=True)
class Found:
    """What a search has found."""

    __pydantic_config__: ClassVar[ConfigDict] = DESCRIBED

    passages: tuple[FoundPassage, ...]
    """The best passages, those with the best sentences for the question first; at most `count`."""


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An article, or a part of it."""

    __pydantic_config__: ClassVar[ConfigDict] = DESCRIBED

    article_id: ArticleId
    path: Path
    title: Title
    url: Url
    source: Source
    published: Published
    language: Language
    authors: tuple[str, ...]
    """Who wrote it, as far as the file says."""

    tags: tuple[str, ...]
    """Its subjects, as far as the file says."""

    recognised: Recognised
    also_in: tuple[AlsoIn, ...]
    """Other places where the same story is told."""

    start: Start
    end: End
    length: Count
    """How many characters the whole text has. There is more to read if `end` is below it."""

    text: str
    """The characters `start` to `end` of the text."""


@dataclass(frozen=True, slots=True)
class State:
    """What the index holds, and what answers."""

    __pydantic_config__: ClassVar[ConfigDict] = DESCRIBED

    version: str
    """The version of article-qa."""

    articles: Count
    """How many articles the index holds."""

    stories: Count
    """How many different stories these tell."""

    passages: Count
    """How many passages can be found."""

    languages: Annotated[dict[str, Count], Field(examples=[{"de": 812, "en": 1414}])]
    """How many articles there are in each language, by its ISO 639-1 code."""

    first_published: _Day
    """The day of the oldest article, yyyy-mm-dd, if one has a date."""

    last_published: _Day
    """The day of the newest article, yyyy-mm-dd, if one has a date."""

    built: Annotated[str | None, Field(examples=["2026-11-04T09:30:00+00:00"])]
    """When a build last changed the index: a time in UTC, ISO 8601."""

    health: Annotated[str, Field(examples=["ok"])]
    """`ok`, or what is wrong with the index and what to do."""

    written_by: str | None
    """The language model that writes answers; null for quotes only."""

    notice: str | None
    """Why the language model was missing when it was last needed."""


Result = Found | ReadArticle | State


def plain(result: Result) -> dict[str, Any]:
    """Return a result as plain values for JSON."""
    return asdict(result)


def found(engine: Engine, search: Search) -> Found:
    """Search for passages. Raises ArticleQAError."""
    filters = Filters.of(**search.limits())
    return Found(tuple(map(_passage, engine.retrieve(search.question, filters=filters, count=search.count))))


def _passage(hit: Hit) -> FoundPassage:
    article, span = hit.article, hit.passage.span
    return FoundPassage(
        text=hit.passage.text,
        start=span.start,
        end=span.end,
        score=round(hit.score, 4),
        **described(article),
    )


def read_article(engine: Engine, article_id: str, part: Part) -> ReadArticle | None:
    """Return an article, or None if the index has no such article. Raises ArticleQAError."""
    article = engine.index.article(article_id)
    return _part(article, part) if article else None


def _part(article: Article, part: Part) -> ReadArticle:
    start = min(part.start, len(article.text))
    text = article.text[start : start + part.length]
    return ReadArticle(
        authors=article.authors,
        tags=article.tags,
        recognised=article.recognised,
        also_in=tuple(map(AlsoIn.of, article.also)),
        start=start,
        end=start + len(text),
        length=len(article.text),
        text=text,
        **described(article),
    )


def state(engine: Engine) -> State:
    """Return what the index holds. Raises ArticleQAError."""
    status = engine.index.status()
    counts = status.counts
    return State(
        version=version("article-qa"),
        articles=counts.articles,
        stories=counts.stories,
        passages=counts.passages,
        languages=counts.languages,
        first_published=iso(counts.first_published),
        last_published=iso(counts.last_published),
        built=status.built,
        health=status.health,
        written_by=engine.written_by,
        notice=engine.notice,
    )
