"""The pipeline: question to Answer. Read `Engine.stream` top to bottom."""

import time
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from index import Encoder, Filters, Hit, Limits, Settings, open_index
from index.errors import ArticleQAError, QuestionError
from index.model.glance import Found
from index.model.reader.rows import Row
from index.model.shared import shared_cross_encoder, shared_encoder, shared_reader
from index.settings import load

from .answer import LEVELS, Answer, Beyond, Findings, Timings
from .beyond import BeyondQuotes, named
from .conversation import FOLLOW_UPS, Asked, interpretations, is_incomplete, refers_back
from .disagreement.pairs import with_disagreements
from .evidence.candidates import Models
from .evidence.gather import confidence, gather
from .evidence.respelling import respelled
from .evidence.weights import LIMITS
from .llm.model import model_for, passed_in
from .quote import quoted, refused, with_further
from .write.writer import Writer

if TYPE_CHECKING:
    from llama_index.core.llms import LLM
    from llama_index.core.query_engine import BaseQueryEngine
    from llama_index.core.retrievers import BaseRetriever

MAX_QUESTION = 2000


class Engine:
    """Answers questions from one index; keeps it open and its models loaded. Safe for several threads.

    `llm` is a setting (none, local, ollama/NAME, openai/NAME) or a LlamaIndex LLM. If the
    language model is unavailable it still answers with quotes; `notice` says why after `warm` or a question.
    Raises ArticleQAError if the index or the encoder is not available.
    """

    def __init__(
        self,
        index: Path | str | None = None,
        llm: "str | LLM | None" = None,
        *,
        settings: Settings | None = None,
        encoder: Encoder | None = None,
    ) -> None:
        given = {"index": index, "llm": llm if isinstance(llm, str) else None}
        self.settings = settings.replaced(**given) if settings else load(given=given)
        model = passed_in(llm) if llm is not None and not isinstance(llm, str) else model_for(self.settings)
        self.index = open_index(settings=self.settings)
        try:
            self._encoder = encoder or shared_encoder(self.settings)
            reader = self._encoder if self._encoder.is_taught else shared_reader(self.settings)
            cross_encoder = shared_cross_encoder(self.settings.cross_encoder)
        except BaseException:
            self.index.close()
            raise
        self._reader: Encoder = reader
        self._models = Models(self._encoder, reader, cross_encoder)
        self._beyond = BeyondQuotes(self._encoder)
        self.writer = Writer(model, reader, self.settings.llm_seconds) if model else None

    @property
    def notice(self) -> str | None:
        """Return why the language model was not available when it was last needed, None if it was."""
        return self.writer.model.trouble if self.writer else None

    @property
    def written_by(self) -> str | None:
        """Return the name of the language model that writes, None for quotes only."""
        return self.writer.model.name if self.writer and not self.notice else None

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the index."""
        self.index.close()

    def warm(self) -> None:
        """Load and compute now what the first question would otherwise wait for."""
        self._encoder.point(["?"])
        nothing = [Row("", None, "", "?")]
        self._models.reader.glance("?", nothing, [Found(0.0, 0.0)])
        self._models.reader.judge("?", nothing, [(0.0, 0.0, 0.0)])
        self._beyond.kind("?")
        if self.writer:
            try:
                self.writer.warm()
            except ArticleQAError as error:
                self.writer.model.trouble = str(error)

    def query(
        self, question: str, history: Sequence[tuple[str, str]] = (), **limits: Unpack[Limits]
    ) -> Answer:
        """Return the answer; `history` holds earlier (question, answer text) pairs, oldest first.

        `limits` are keyword arguments: see `index.Limits`.
        Raises QuestionError if the question is empty or too long or a date is not one.
        """
        *_, answer = self.stream(question, history, **limits)
        return answer

    def stream(
        self, question: str, history: Sequence[tuple[str, str]] = (), **limits: Unpack[Limits]
    ) -> Generator[Answer]:
        """Yield the answer as it grows, quotes first; the last one is what `query` returns.

        Close the iterator to stop the language model. An answer that is neither read to the end nor closed
        makes other questions wait, for half a minute at most.
        """
        findings = self.read(question, history, Filters.of(**limits))
        quotes = self.answer(findings)
        if self.writer is None or not quotes.found:
            yield quotes
            return
        begun = time.perf_counter()
        before = _plain(history[-1][0]) if quotes.searched else ""
        with closing(self.writer.write(quotes, findings.evidence, before)) as answers:
            for answer in answers:
                yield answer.timed(quotes.timings.written(_ms(time.perf_counter() - begun)))

    def read(
        self, question: str, history: Sequence[tuple[str, str]] = (), filters: Filters | None = None
    ) -> Findings:
        """Search for a question and read what is found: passages and their sentences, best first.

        Raises QuestionError if the question is empty or too long.
        """
        asked = checked_question(question)
        alone, *others = interpretations(asked, [(_plain(before), text) for before, text in history])
        if others and refers_back(asked):
            return self._read(others[0], filters or Filters())
        findings = self._read(alone, filters or Filters())
        incomplete = is_incomplete(asked)
        if not others or (findings.confidence >= LEVELS.sure and not incomplete):
            return findings
        fuller = self._read(others[0], filters or Filters())
        both = findings.timings.plus(fuller.timings)
        if fuller.confidence > findings.confidence + (-FOLLOW_UPS.loss if incomplete else FOLLOW_UPS.gain):
            findings = fuller
        return replace(findings, timings=both)

    def answer(self, findings: Findings) -> Answer:
        """Answer with quotes from what was read, or say that the answer is not in the articles."""
        begun = time.perf_counter()
        make = quoted if findings.confidence >= LEVELS.found else refused
        answer = make(findings.question, findings.evidence, round(findings.confidence, 4))
        answer = with_disagreements(answer, findings.searched, findings.evidence, self._reader)
        answer = with_further(answer, findings.evidence)
        if answer.level != "found" and (kind := self._beyond.kind(findings.question)):
            if findings.searched != findings.question:
                # "Summarise it": what the last question lent has found something, which is no answer.
                answer = refused(findings.question, findings.evidence, answer.confidence)
            counts = self.index.counts()
            about = named(findings.question) if kind == "count" else ""
            answer = replace(answer, beyond=Beyond(kind, counts.articles, counts.stories, about))
        if findings.searched != findings.question:
            answer = replace(answer, searched=findings.searched)
        if withheld := self.index.withheld():
            answer = replace(answer, notice=_damage(withheld))
        timings = findings.timings
        spent = _ms(time.perf_counter() - begun)
        return answer.timed(replace(timings, total_ms=round(timings.total_ms + spent, 1)))

    def retrieve(self, question: str, *, filters: Filters | None = None, count: int = 10) -> list[Hit]:
        """Return the best passages for a question; those with its best sentences come first."""
        asked = Asked(checked_question(question))
        return list(self._read(asked, filters or Filters(), max(count, LIMITS.passages)).passages[:count])

    def as_retriever(self, count: int = 10) -> "BaseRetriever":
        """Return this engine's search as a LlamaIndex retriever."""
        from .llamaindex import ArticleRetriever

        return ArticleRetriever(self, count)

    def as_query_engine(self) -> "BaseQueryEngine":
        """Return this engine as a LlamaIndex query engine."""
        from .llamaindex import ArticleQueryEngine

        return ArticleQueryEngine(self)

    def _read(self, asked: Asked, filters: Filters, count: int = LIMITS.passages) -> Findings:
        begun = time.perf_counter()
        vector = self._encoder.point([asked.text])[0]
        hits = self.index.search(asked.text, vector, filters=filters, count=count)
        known = respelled(asked, hits)
        if known != asked:
            vector = self._encoder.point([known.text])[0]
            hits = self.index.search(known.text, vector, filters=filters, count=count)
        found = time.perf_counter()
        evidence = gather(known, hits, self._models, date.today())
        sure = confidence(known.own, evidence)
        ended = time.perf_counter()
        timings = Timings(_ms(found - begun), _ms(ended - found), 0.0, _ms(ended - begun))
        return Findings(asked.own, asked.text, tuple(hits), tuple(evidence), sure, timings)


def query(
    question: str,
    index: Path | str | None = None,
    llm: str | None = None,
    **limits: Unpack[Limits],
) -> Answer:
    """Answer one question from the index in the folder `index` (default: `.article-qa`).

    Opens the index each time; for many questions keep an `Engine`.
    """
    with Engine(index, llm) as engine:
        return engine.query(question, **limits)


def checked_question(question: str) -> str:
    """Return the question in one line, without lone surrogates, which are not text.

    Raises QuestionError if it is empty or longer than MAX_QUESTION characters.
    """
    asked = " ".join(_plain(question).split())
    if not any(character.isalnum() for character in asked):
        raise QuestionError("the question is empty: say in a few words what you want to know")
    if len(asked) > MAX_QUESTION:
        raise QuestionError(
            f"the question has {len(asked):,} characters: shorten it to {MAX_QUESTION:,} or fewer"
        )
    return asked


def _plain(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _damage(paths: Sequence[str]) -> str:
    what = f"{paths[0]} is" if len(paths) == 1 else f"{len(paths)} articles are"
    again = "it" if len(paths) == 1 else "them"
    return f"{what} damaged in the index and not quoted: run article-qa index FOLDER to read {again} again"


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
