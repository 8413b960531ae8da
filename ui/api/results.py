"""What programs get: answers, passages, articles, the state of the index, each with a schema."""

from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Annotated, Any, get_args

from pydantic import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from index import Article, Filters, Hit
from qa import Answer, Engine
from qa.answer import AlsoIn, Level, described, iso

from .requests import Part, Search


class _Levelled:
    """Adds to the schema of an answer what `Answer.to_dict` adds to its fields."""

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return the schema."""
        named = handler(core)
        schema = handler.resolve_ref_schema(named)
        about = "How far to trust the answer."
        schema["properties"]["level"] = {"enum": list(get_args(Level)), "description": about}
        # It may be asked for several times.
        schema["required"] = list(dict.fromkeys([*schema["required"], "level"]))
        return named


GivenAnswer = Annotated[Answer, _Levelled()]


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage that was found: `text` are the characters `start` to `end` of the article's text.

    `score` ranks it; it is no probability.
    """

    text: str
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


@dataclass(frozen=True, slots=True)
class Found:
    """The best passages for a question, those with its best sentences first."""

    passages: tuple[FoundPassage, ...]


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An article, or a part of it: `text` are the characters `start` to `end` of the `length` that it has.

    The offsets of citations and passages count characters of the whole text. `recognised`: some of the text
    was recognised from images, and may differ from what they show. `also_in` are other places of the same
    story.
    """

    article_id: str
    path: str
    title: str
    url: str | None
    source: str | None
    published: str | None
    language: str | None
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    recognised: bool
    also_in: tuple[AlsoIn, ...]
    start: int
    end: int
    length: int
    text: str


@dataclass(frozen=True, slots=True)
class State:
    """What the index holds, and what answers.

    `languages` are numbers of articles. `health` is "ok", or says what is wrong and what to do. `written_by`
    names the language model, null for quotes only; `notice` says why it is missing.
    """

    version: str
    articles: int
    stories: int
    passages: int
    languages: dict[str, int]
    first_published: str | None
    last_published: str | None
    built: str | None
    health: str
    written_by: str | None
    notice: str | None


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
