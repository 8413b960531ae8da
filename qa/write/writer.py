"""Evidence to a written answer, streamed: a language model writes, and each sentence is checked.

The quotes stand before the first word comes, and whatever happens to the model. What the evidence does not
bear out is left out; if nothing is left, the quotes are the answer.
"""

import contextlib
import math
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from itertools import combinations

import regex

from index import Encoder
from index.errors import ArticleQAError
from index.text.language import detect, may_be
from index.text.words import all_words, is_unspaced
from qa.answer import Answer, Citation, Evidence, Sentence, Writing, citation
from qa.check.coverage import share_held
from qa.check.names import is_among, words
from qa.check.support import Sentence as Read
from qa.check.support import objection, read_all, read_sentence, together
from qa.evidence.alignment import matches, weighed
from qa.evidence.answer_type import AnswerType, answer_type_of, suits
from qa.llm.delta import Delta
from qa.llm.model import Model
from qa.llm.stream import BEAT, generated, loaded

from .draft import Draft, Written
from .prompt import messages, sources

# Of what a model writes, more is never shown: one that has lost its way repeats itself without end.
MAX_SENTENCES = 6
# How well the words of the question are matched in a sentence that answers it: one that is matched worse
# answers another question. Fitted on bench/data/bbc_questions.jsonl.
SPEAKS_TO = 0.6
# Of a sentence that holds all of the answer, as far as an encoder locates one, its model may be so much less
# sure than of one that holds none of it; at so much of it there is no difference. Fitted on the same.
HELD_WEIGHT, HELD_USUAL = 0.2, 0.3
_COUNTED = {AnswerType.MONEY, AnswerType.NUMBER, AnswerType.TIME}
# Shorter words without a capital say nothing new, nor do common ones, by the weight of their tokens: articles
# and auxiliaries.
_LONGER, _COMMON = regex.compile(r"(?<!\w)\w{4,}"), 10.5


class Checker:
    """Holds sentences against the question and the evidence that a model was shown, which is read once.

    `shown` are titles of articles and texts; `sureness` is how sure of a sentence its model has to be.
    """

    def __init__(
        self,
        encoder: Encoder,
        question: str,
        shown: Sequence[tuple[str, str]],
        sureness: float = -math.inf,
    ) -> None:
        self._encoder, self._question, self._sureness = encoder, question, sureness
        self._shown = [text for _, text in shown]
        self._texts = read_all(encoder, shown)
        self._located = encoder.locate(question, self._shown) if sureness > -math.inf else None
        self._asked = encoder.read([question], question=True)[0]
        numbers = range(1, len(shown) + 1)
        # A sentence may take its parts from two places of one article.
        self._pairs = [(n, m) for n, m in combinations(numbers, 2) if shown[n - 1][0] == shown[m - 1][0]]

    def __call__(self, sentence: Written) -> tuple[int, ...]:
        """Return the numbers of what bears a sentence out, as few as do; none if it does not hold.

        What it cites itself comes before what it does not, one before two of one article.
        """
        if not self._is_likely(sentence):
            return ()
        read = read_sentence(self._encoder, sentence.text, self._texts)
        if not self._answers(read):
            return ()
        cited = [number for number in sentence.cited if 0 < number <= len(self._texts)]
        if good := [number for number in cited if self._holds(read, (number,))]:
            return tuple(good)
        singles = [(number,) for number in range(1, len(self._texts) + 1) if number not in cited]
        several = [tuple(cited)] if len(cited) > 1 else []
        return next((tried for tried in [*singles, *several, *self._pairs] if self._holds(read, tried)), ())

    def held(self, sentence: Written) -> float | None:
        """Return how much of the located answer a sentence holds, None where none was looked for."""
        if self._located is None:
            return None
        return share_held(self._question, sentence.text, self._shown, self._located)

    def _is_likely(self, sentence: Written) -> bool:
        """Return whether its model was as sure of a sentence as it has to be."""
        if sentence.sureness is None:
            return True
        held = self.held(sentence)
        more = 0.0 if held is None else HELD_WEIGHT * (held - HELD_USUAL)
        return sentence.sureness >= self._sureness - more

    def _holds(self, read: Read, numbers: tuple[int, ...]) -> bool:
        texts = [self._texts[number - 1] for number in numbers]
        return objection(read, texts[0] if len(texts) == 1 else together(texts)) is None

    def _answers(self, read: Read) -> bool:
        """Return whether a sentence speaks to the question, in its language, and says what it does not."""
        text, kind = read.text.text, answer_type_of(self._question)
        if not _in_one_language(text, self._question):
            return False
        speaks = float(weighed(self._asked, matches(self._asked, [read.text.tokens]))[0])
        if speaks < SPEAKS_TO or (kind in _COUNTED and suits(kind, self._question, text) < 0):
            return False
        return self._says_more(read)

    def _says_more(self, read: Read) -> bool:
        known, text, tokens = words(self._question), read.text.text, read.text.tokens
        telling = [
            word for word in all_words(text) if word[0].isupper() or word[0].isnumeric() or is_unspaced(word)
        ]
        telling += [
            word.group()
            for word in _LONGER.finditer(text)
            if not is_unspaced(word.group()) and tokens.heaviest(*word.span()) > _COMMON
        ]
        return any(not is_among(word, known) for word in telling)


class Writer:
    """Writes answers with one model; safe for several threads."""

    def __init__(self, model: Model, encoder: Encoder, seconds: float) -> None:
        self.model = model
        self._encoder, self._seconds = encoder, seconds

    def warm(self) -> None:
        """Load now what the first answer would wait for. Raises ModelError if the model cannot be had."""
        said = "Nothing was said in 2024."
        Checker(self._encoder, said, [(said, said)], self.model.sureness)(Written(said, (1,)))
        loaded(self.model)

    def write(self, quotes: Answer, evidence: Sequence[Evidence], before: str = "") -> Iterator[Answer]:
        """Yield `quotes` as it grows into a written answer; the last one is complete.

        `evidence` is what was read for the question, best first; `before` the question that it goes on
        from.
        """
        shown = self.shown(quotes, evidence)
        yield replace(quotes, writing=Writing())
        page = _Page(quotes, shown)
        try:
            with self.model.line.joined() as ticket:
                while not ticket.wait(BEAT):
                    yield replace(quotes, writing=Writing(ahead=ticket.ahead))
                yield from self._written(page, quotes.question, before)
        except ArticleQAError as error:
            yield page.answer(notice=_capital(str(error)))

    def shown(self, quotes: Answer, evidence: Sequence[Evidence], count: int | None = None) -> list[Evidence]:
        """Return what the model is shown: as much as its budget allows, or the first `count`."""
        by_place = {(item.article.id, item.span.start): item for item in reversed(evidence)}
        quoted = [by_place[cited.article_id, cited.start] for cited in quotes.citations]
        return sources(evidence, quoted, self.model.budget if count is None else 10**6)[:count]

    def words(self, question: str, shown: Sequence[Evidence], before: str = "") -> Generator[Delta]:
        """Yield what the model writes, unchecked."""
        return generated(self.model, messages(question, shown, before), self._seconds)

    def _written(self, page: "_Page", question: str, before: str) -> Iterator[Answer]:
        pairs = [(item.article.title, item.text) for item in page.shown]
        # Before the model begins: the two would take each other's time.
        check = Checker(self._encoder, question, pairs, self.model.sureness)
        draft = Draft()
        with contextlib.closing(self.words(question, page.shown, before)) as words:
            for word in words:
                page.take(draft.add(word), check)
                yield page.answer(draft=draft.under_way)
                if page.is_full:
                    break
        page.take(draft.end(), check)
        yield page.answer(notice=page.left_out())


class _Page:
    """The written answer so far: sentences that hold, and the citations that they rest on."""

    def __init__(self, quotes: Answer, shown: Sequence[Evidence]) -> None:
        self._quotes, self.shown = quotes, shown
        self._citations: list[Citation] = list(quotes.citations)
        places = {(cited.article_id, cited.end): cited.number for cited in quotes.citations}
        # What is quoted keeps its number, even where the model knows it by another.
        quoted = {n: places.get((item.article.id, item.span.end)) for n, item in enumerate(shown, 1)}
        self._numbers = {number: place for number, place in quoted.items() if place}
        self._sentences: list[Sentence] = []
        self._seen = 0
        self._dropped = 0

    def take(self, sentences: Sequence[Written], check: Checker) -> None:
        """Check sentences and take those that hold."""
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
        """Return whether nothing more is taken."""
        return self._seen >= MAX_SENTENCES

    def _cited(self, number: int) -> int:
        """Return the citation of a piece of evidence, which gets one with the first sentence that cites it.

        Its quote then reaches as far back as what was shown, since the sentence may rest on that.
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
        """Return the answer: with a draft still growing, without one complete."""
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
        """Say how much was left out, if anything was."""
        if not self._dropped:
            return None if self._sentences else "The language model wrote nothing."
        if not self._sentences:
            return "What the language model wrote was left out: its sources do not bear it out."
        count = "One sentence" if self._dropped == 1 else f"{self._dropped} sentences"
        return f"{count} of the language model left out, which the sources do not bear out."


def _in_one_language(*texts: str) -> bool:
    """Return whether no text is surely in a language that another cannot be in."""
    told = {code for text in texts if (code := detect(text, None))}
    return all(may_be(text, code) for text in texts for code in told)


def _capital(message: str) -> str:
    return f"{message[:1].upper()}{message[1:]}."


__all__ = ["Checker", "Writer"]
