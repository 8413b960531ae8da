"""A written answer, streamed: a language model writes, and each sentence is checked.

The quotes are there before the first word comes, and they stay whatever happens to the model. A sentence that
its sources don't support is removed; if none is left, the quotes are the answer.
"""

import contextlib
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace

from index import Encoder
from index.errors import ArticleQAError
from qa.answer import Answer, Citation, Sentence, Writing, citation
from qa.check.coverage import Located
from qa.llm.delta import Delta
from qa.llm.model import Model
from qa.llm.queue import Ticket
from qa.llm.stream import BEAT, generated, loaded
from qa.sentences import Evidence

from .checker import Checker
from .draft import Draft, Written
from .prompt import messages, sources

# Never show more sentences than this: a model that has lost its way repeats itself endlessly.
MAX_SENTENCES = 6


class Writer:
    """Writes answers with one model; safe for several threads."""

    def __init__(self, model: Model, encoder: Encoder, seconds: float) -> None:
        self.model = model
        self._encoder, self._seconds = encoder, seconds

    def warm(self) -> None:
        """Load what the first answer would wait for. Raises ModelError if the model cannot be had."""
        said = "Nothing was said in 2024."
        Checker(self._encoder, said, [(said, said)], sureness=self.model.limits.sureness)(Written(said, (1,)))
        loaded(self.model)

    def write(self, quotes: Answer, evidence: Sequence[Evidence], before: str = "") -> Generator[Answer]:
        """Yield `quotes` as it grows into a written answer; the last one is complete.

        `evidence` is what was read for the question, best first. `before` is the question that it follows up.
        """
        shown = self.shown(quotes, evidence)
        yield replace(quotes, writing=Writing())
        page = _Page(quotes, shown)
        try:
            with self.model.queue.joined() as ticket:
                while not ticket.wait(BEAT):
                    yield replace(quotes, writing=Writing(ahead=ticket.ahead))
                yield from self._written(page, quotes.question, before, ticket)
        except ArticleQAError as error:
            yield page.answer(notice=_capital(str(error)))

    def shown(self, quotes: Answer, evidence: Sequence[Evidence], count: int | None = None) -> list[Evidence]:
        """Return what the model is shown: as much as its budget allows, or the first `count`."""
        by_place = {(item.article.id, item.span.start): item for item in reversed(evidence)}
        quoted = [by_place[cited.article_id, cited.start] for cited in quotes.citations]
        return sources(evidence, quoted, self.model.limits.budget if count is None else 10**6)[:count]

    def words(self, question: str, shown: Sequence[Evidence], before: str = "") -> Generator[Delta]:
        """Yield what the model writes, unchecked."""
        return generated(self.model, messages(question, shown, before), self._seconds)

    def _written(self, page: "_Page", question: str, before: str, ticket: Ticket) -> Iterator[Answer]:
        pairs = [(item.article.title, item.text) for item in page.shown]
        # The evidence is read before the model begins: together they would slow each other down.
        located = located_in(page.shown)
        check = Checker(self._encoder, question, pairs, located, self.model.limits.sureness)
        draft = Draft()
        with contextlib.closing(self.words(question, page.shown, before)) as words:
            for word in words:
                ticket.keep()
                page.take(draft.add(word), check)
                yield page.answer(draft=draft.under_way)
                if page.is_full:
                    break
        page.take(draft.end(), check)
        yield page.answer(notice=page.left_out())


def located_in(shown: Sequence[Evidence]) -> list[Located]:
    """Return the words that answer in what the model is shown, as the reader marked them."""
    return [Located(item.words_text, item.share) for item in shown if item.words]


class _Page:
    """The written answer so far: the sentences that are kept, and the citations that support them."""

    def __init__(self, quotes: Answer, shown: Sequence[Evidence]) -> None:
        self._quotes, self.shown = quotes, shown
        self._citations: list[Citation] = list(quotes.citations)
        places = {(cited.article_id, cited.end): cited.number for cited in quotes.citations}
        # A quote keeps its number, even if the model knows it by another.
        quoted = {n: places.get((item.article.id, item.span.end)) for n, item in enumerate(shown, 1)}
        self._numbers = {number: place for number, place in quoted.items() if place}
        self._sentences: list[Sentence] = []
        self._seen = 0
        self._dropped = 0

    def take(self, sentences: Sequence[Written], check: Checker) -> None:
        """Check sentences, and keep those that are supported."""
        for sentence in sentences:
            if self.is_full:
                return
            self._seen += 1
            if any(sentence.text == other.text for other in self._sentences):
                continue
            numbers = check(sentence)
            if numbers:
                cited = tuple(sorted(self._cited(number) for number in numbers))
                self._sentences.append(Sentence(sentence.text, cited, supported=True))
            else:
                self._dropped += 1

    @property
    def is_full(self) -> bool:
        """Return whether no further sentence is taken."""
        return self._seen >= MAX_SENTENCES

    def _cited(self, number: int) -> int:
        """Return the number of the citation of a piece of evidence, made when a sentence first cites it.

        Its quote then reaches as far back as the model was shown, since the sentence may rest on that.
        """
        item = self.shown[number - 1]
        if number not in self._numbers:
            self._numbers[number] = len(self._citations) + 1
            self._citations.append(citation(self._numbers[number], item))
        place = self._numbers[number]
        if self._citations[place - 1].start != item.span.start:
            self._citations[place - 1] = citation(place, item)
        return place

    def answer(self, draft: str | None = None, notice: str | None = None) -> Answer:
        """Return the answer: still growing if there is a draft, else complete."""
        writing = None if draft is None else Writing(draft=draft)
        notice = notice or self._quotes.notice
        if not self._sentences and not draft:
            return replace(self._quotes, writing=writing, notice=notice)
        said = (f"{s.text} {''.join(f'[{n}]' for n in s.citations)}" for s in self._sentences)
        return replace(
            self._quotes,
            mode="written",
            text=" ".join(said),
            sentences=tuple(self._sentences),
            citations=tuple(self._citations),
            writing=writing,
            notice=notice,
        )

    def left_out(self) -> str | None:
        """Say how much was removed, if anything was."""
        if not self._dropped:
            return None if self._sentences else "The language model wrote nothing."
        if not self._sentences:
            return "The language model's answer was removed: its sources don't support it."
        if self._dropped == 1:
            return "1 sentence was removed: its sources don't support it."
        return f"{self._dropped} sentences were removed: their sources don't support them."


def _capital(message: str) -> str:
    return f"{message[:1].upper()}{message[1:]}."
