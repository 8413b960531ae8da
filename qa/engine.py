"""The pipeline: question to Answer. Read `Engine.stream` top to bottom."""

import functools
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from index import Encoder, Filters, Hit, Settings, load_encoder, open_index
from index.encoder import Vectors
from index.errors import QuestionError, SettingsError
from index.settings import load

from .answer import Answer, Evidence, Timings
from .background import Background
from .evidence import FOUND, confidence, gather
from .quote import quoted, refused

if TYPE_CHECKING:
    from llama_index.core.query_engine import BaseQueryEngine
    from llama_index.core.retrievers import BaseRetriever

MAX_QUESTION = 2000
# A question of a conversation is read with the one before it if that makes the answer this much surer.
_FOLLOW_UP_GAIN = 0.05


class Engine:
    """Answers questions from one index, which it keeps open, its models loaded; safe for several threads.

    Raises ArticleQAError if the index or the encoder cannot be had.
    """

    def __init__(
        self,
        index: Path | str | None = None,
        llm: str | None = None,
        *,
        settings: Settings | None = None,
        encoder: Encoder | None = None,
    ) -> None:
        self.settings = (settings or load()).replaced(index=index, llm=llm)
        if self.settings.llm != "none":
            raise SettingsError(
                f"unknown language model {self.settings.llm!r}: this version takes llm = none"
            )
        self.index = open_index(settings=self.settings)
        try:
            self._encoder = encoder or shared_encoder(self.settings)
        except BaseException:
            self.index.close()
            raise
        self._background = Background(self._encoder)

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the index."""
        self.index.close()

    def query(
        self,
        question: str,
        history: Sequence[tuple[str, str]] = (),
        *,
        since: date | str | None = None,
        until: date | str | None = None,
        source: str | None = None,
        language: str | None = None,
    ) -> Answer:
        """Return the answer; `history` holds earlier (question, answer text) pairs, oldest first.

        `since` and `until` limit to articles published on these days or between, as dates or yyyy-mm-dd.
        Raises QuestionError if the question is empty or too long or a date is none.
        """
        *_, answer = self.stream(
            question, history, since=since, until=until, source=source, language=language
        )
        return answer

    def stream(
        self,
        question: str,
        history: Sequence[tuple[str, str]] = (),
        *,
        since: date | str | None = None,
        until: date | str | None = None,
        source: str | None = None,
        language: str | None = None,
    ) -> Iterator[Answer]:
        """Yield growing answers, quotes first; the last one is what `query` returns."""
        asked = checked_question(question)
        filters = Filters(_day(since, "since"), _day(until, "until"), source, language)
        begun = time.perf_counter()
        searched = [self._search(text, filters) for text in _readings(asked, history)]
        found = time.perf_counter()
        readings = [gather(*found_for, self._encoder, self._background) for found_for in searched]
        evidence = _surest(readings)
        sure = confidence(evidence)
        answer = (quoted if sure >= FOUND else refused)(asked, evidence, round(sure, 4))
        ended = time.perf_counter()
        yield answer.timed(_timings(begun, found, ended))

    def retrieve(self, question: str, *, filters: Filters | None = None, count: int = 10) -> list[Hit]:
        """Return the best passages for a question."""
        return self._search(checked_question(question), filters or Filters(), count)[2]

    def as_retriever(self, count: int = 10) -> "BaseRetriever":
        """Return this engine's search as a LlamaIndex retriever."""
        from .llamaindex import ArticleRetriever

        return ArticleRetriever(self, count)

    def as_query_engine(self) -> "BaseQueryEngine":
        """Return this engine as a LlamaIndex query engine."""
        from .llamaindex import ArticleQueryEngine

        return ArticleQueryEngine(self)

    def _search(self, question: str, filters: Filters, count: int = 10) -> tuple[str, Vectors, list[Hit]]:
        vector = self._encoder.encode([question], question=True)[0]
        return question, vector, self.index.search(question, vector, filters=filters, count=count)


def query(
    question: str,
    index: Path | str | None = None,
    llm: str | None = None,
    *,
    since: date | str | None = None,
    until: date | str | None = None,
    source: str | None = None,
    language: str | None = None,
) -> Answer:
    """Answer one question from the index in the folder `index` (default: `.article-qa`).

    Opens the index anew each time; for many questions keep an `Engine`.
    """
    with Engine(index, llm) as engine:
        return engine.query(question, since=since, until=until, source=source, language=language)


@functools.lru_cache(maxsize=1)
def shared_encoder(settings: Settings) -> Encoder:
    """Return the encoder of `settings`, loaded once a process: it takes seconds and half a gigabyte."""
    return load_encoder(settings)


def checked_question(question: str) -> str:
    """Return the question in one line.

    Raises QuestionError if it is empty or longer than MAX_QUESTION characters.
    """
    asked = " ".join(question.split())
    if not any(character.isalnum() for character in asked):
        raise QuestionError("the question is empty: ask in a few words what you want to know")
    if len(asked) > MAX_QUESTION:
        raise QuestionError(f"the question has {len(asked):,} characters: ask in {MAX_QUESTION:,} or fewer")
    return asked


def _day(value: date | str | None, name: str) -> date | None:
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise QuestionError(f"{name} = {value!r} is no date: write it as 2024-05-31") from error


def _readings(question: str, history: Sequence[tuple[str, str]]) -> list[str]:
    """Return what the question may mean: itself, and, in a conversation, itself after the one before."""
    return [question, f"{history[-1][0]} {question}"[-MAX_QUESTION:]] if history else [question]


def _surest(readings: list[list[Evidence]]) -> list[Evidence]:
    alone, *others = readings
    for other in others:
        if confidence(other) > confidence(alone) + _FOLLOW_UP_GAIN:
            return other
    return alone


def _timings(begun: float, found: float, ended: float) -> Timings:
    def ms(seconds: float) -> float:
        return round(seconds * 1000, 1)

    return Timings(search_ms=ms(found - begun), evidence_ms=ms(ended - found), total_ms=ms(ended - begun))
