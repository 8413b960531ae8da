"""Where two articles answer the same question with different numbers, dates or names.

Both are shown, and neither is taken for the right one. Most differences are no disagreement: another year,
another thing counted, a rounded number. So whatever is not surely about the same is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import combinations

import numpy as np

from index import Encoder, Span
from index.model.answer_spans import Located
from index.model.token_vectors import Tokens

from .answer import About, Answer, Citation, Disagreement, Evidence, citation
from .check.facts import Facts, Quantity, comparable, counted, facts, is_span
from .check.names import WORD, are_same, is_among, names, words
from .evidence.alignment import matches
from .evidence.answer_type import AnswerType, answer_type_of

# Signs that belong to a number beside it.
_SIGNS = "$€£¥₽₺%"
_YEARS = range(1000, 2200)


@dataclass(frozen=True, slots=True)
class DisagreementLimits:
    """When two answers are taken for a disagreement.

    Set by hand in November 2026 on questions of bench/data/bbc_questions.jsonl and bbc_disagreements.jsonl,
    whose answers were read one by one: `python -m bench.disagreements` prints them.
    """

    read: int = 8
    """So many of the best sentences are looked at."""

    worse: float = 5.0
    """How much worse than the best sentence one may be, as a difference of scores, which are logarithms."""

    nowhere: float = 0.2
    """How likely a sentence may be to have no answer."""

    sure: float = 0.7
    """How likely the likeliest token has to be in the answer."""

    peak: float = 0.5
    """Tokens less likely than this share of the likeliest are not part of the answer."""

    alike: float = 0.75
    """How much of the rest of each sentence the other article's passage says as well, 0 to 1."""

    apart: int = 45
    """Articles about the same are at most so many days apart, where both state one."""

    rounded: float = 0.5
    """Numbers may be the same if they differ by at most this share of the last figure of the rounder one."""


LIMITS = DisagreementLimits()


@dataclass(frozen=True)
class Said:
    """A sentence of an article with the words of it that answer, `start` to `end` of the sentence."""

    evidence: Evidence
    start: int
    end: int

    @property
    def cited(self) -> Citation:
        """Return the sentence as a citation, with the words that answer."""
        first = self.evidence.span.start
        return replace(citation(0, self.evidence), words_start=first + self.start, words_end=first + self.end)

    @cached_property
    def answer(self) -> str:
        """Return the words that answer."""
        return self.evidence.text[self.start : self.end]

    @cached_property
    def rest(self) -> str:
        """Return the sentence without them."""
        return f"{self.evidence.text[: self.start]} … {self.evidence.text[self.end :]}"

    @cached_property
    def stated(self) -> Facts:
        """Return what the words that answer state."""
        return facts(self.answer)

    @cached_property
    def around(self) -> Facts:
        """Return what the rest of the sentence states."""
        return facts(self.rest)

    @cached_property
    def numbers(self) -> list[tuple[Quantity, str]]:
        """Return the numbers among the words that answer, each with the word after it; years are none."""
        text = self.evidence.text
        return [
            (quantity, following[0] if (following := WORD.findall(text, end)) else "")
            for quantity, start, end in counted(text)
            if start < self.end and end > self.start and not _is_year(quantity)
        ]

    @cached_property
    def context(self) -> str:
        """Return the title and the passage that the sentence is in."""
        return self.evidence.passage.embedded_text


def with_disagreements(
    answer: Answer,
    question: str,
    evidence: Sequence[Evidence],
    encoder: Encoder,
    limits: DisagreementLimits = LIMITS,
) -> Answer:
    """Return `answer` with what its evidence disagrees on; `evidence` is sorted, best first.

    `question` is what was searched for.
    """
    if not answer.found:
        return answer
    numbers = {(cited.article_id, cited.start): cited.number for cited in answer.citations}
    found = disagreements(question, evidence, encoder, limits)
    return replace(answer, disagreements=tuple(_numbered(one, numbers) for one in found))


def disagreements(
    question: str, evidence: Sequence[Evidence], encoder: Encoder, limits: DisagreementLimits = LIMITS
) -> list[Disagreement]:
    """Return what the best of `evidence` disagree on: at most one thing, since one thing was asked."""
    pairs = [
        (about, one, other)
        for one, other in combinations(answers(question, evidence, encoder, limits), 2)
        if (about := difference(question, one, other, limits))
        and is_about_the_same(question, one, other, limits)
    ]
    for about, one, other in pairs:
        if likeness(one, other, encoder) >= limits.alike:
            return [Disagreement(about, (one.cited, other.cited))]
    return []


def answers(
    question: str, evidence: Sequence[Evidence], encoder: Encoder, limits: DisagreementLimits = LIMITS
) -> list[Said]:
    """Return the sentences that surely answer, with the words that do: one for each article, best first."""
    likely = [e for e in evidence[: limits.read] if e.score >= evidence[0].score - limits.worse]
    if len({item.article.id for item in likely}) < 2:
        return []
    found: dict[str, Said] = {}
    for item, at in zip(likely, _words(question, likely, encoder, limits), strict=True):
        if at and item.article.id not in found:
            found[item.article.id] = Said(item, at.start, at.end)
    return list(found.values())


def difference(question: str, one: Said, other: Said, limits: DisagreementLimits = LIMITS) -> About | None:
    """Return what two answers differ in, None if they may be the same or cannot be compared."""
    wanted = answer_type_of(question)
    if wanted in (None, AnswerType.TIME) and _dates_differ(one, other):
        return "date"
    if wanted in (None, AnswerType.NUMBER, AnswerType.MONEY) and _numbers_differ(one, other, limits):
        return "number"
    if wanted is AnswerType.NAME and _names_differ(question, one, other):
        return "name"
    return None


def is_about_the_same(question: str, one: Said, other: Said, limits: DisagreementLimits = LIMITS) -> bool:
    """Return whether nothing says that two sentences are about different times, spans or subjects."""
    days = [said.evidence.article.published for said in (one, other)]
    if days[0] and days[1] and abs((days[0] - days[1]).days) > limits.apart:
        return False
    ours, theirs = one.around, other.around
    if not _times_agree(one, other) or (
        ours.weekdays and theirs.weekdays and ours.weekdays != theirs.weekdays
    ):
        return False
    spans = [{q.values for q in said.quantities if is_span(q)} for said in (ours, theirs)]
    # "The second week", "in fourth place".
    ranks = [{q.values for q in said.quantities if _is_in_words(q)} for said in (ours, theirs)]
    if spans[0] != spans[1] or (all(ranks) and not ranks[0] & ranks[1]):
        return False
    subjects = [name.text for name in names(question) if name.start]
    contexts = [words(said.context) for said in (one, other)]
    return all(is_among(part, context) for name in subjects for part in name.split() for context in contexts)


def likeness(one: Said, other: Said, encoder: Encoder) -> float:
    """Return how much of the rest of each sentence the other article says, the lesser of both."""
    rests = encoder.read([one.rest, other.rest])
    contexts = encoder.read([one.evidence.text, other.evidence.text])
    return min(_recall(rests[0], contexts[1]), _recall(rests[1], contexts[0]))


def _recall(rest: Tokens, context: Tokens) -> float:
    return float(matches(rest, [context])[0] @ rest.weights / max(float(rest.weights.sum()), 1e-9))


def _words(
    question: str, likely: Sequence[Evidence], encoder: Encoder, limits: DisagreementLimits
) -> list[Span | None]:
    """Return the words of each sentence that answer: those that are known, or that the encoder locates."""
    if any(item.words for item in likely):
        return [_within(item) for item in likely]
    located = encoder.locate(question, [item.text for item in likely])
    if located is None:
        return [None] * len(likely)
    return [_likeliest(item.text, place, limits) for item, place in zip(likely, located, strict=True)]


def _within(item: Evidence) -> Span | None:
    """Return the words that answer, counted from the beginning of the sentence."""
    if item.words is None:
        return None
    return Span(item.words.start - item.span.start, item.words.end - item.span.start)


def _likeliest(text: str, place: Located, limits: DisagreementLimits) -> Span | None:
    """Return the likeliest tokens side by side as whole words, None if the answer may be elsewhere."""
    if place.nowhere > limits.nowhere or place.likelihood.max(initial=0.0) < limits.sure:
        return None
    likely = place.likelihood >= limits.peak * place.likelihood.max()
    first = last = int(np.argmax(place.likelihood))
    while first and likely[first - 1]:
        first -= 1
    while last + 1 < len(likely) and likely[last + 1]:
        last += 1
    return _whole(text, int(place.spans[first][0]), int(place.spans[last][1]))


def _whole(text: str, start: int, end: int) -> Span | None:
    """Return a range of `text` without blanks at its ends, and with all of its first and last words."""
    belongs = [c.isalnum() or c in _SIGNS for c in text]
    while start < end and not belongs[start]:
        start += 1
    while start < end and not belongs[end - 1]:
        end -= 1
    while 0 < start < end and (belongs[start - 1] or (text[start - 1] in ".," and text[start].isdigit())):
        start -= 1
    while start < end < len(text) and belongs[end]:
        end += 1
    return Span(start, end) if start < end else None


def _numbers_differ(one: Said, other: Said, limits: DisagreementLimits) -> bool:
    alone = len(one.numbers) == len(other.numbers) == 1
    pairs = [
        values
        for ours, thing in one.numbers
        for theirs, other_thing in other.numbers
        if (values := comparable(ours, theirs)) and (ours.unit or (alone and are_same(thing, other_thing)))
    ]
    # Amounts may stand in several currencies: one that agrees is enough.
    return bool(pairs) and not any(
        _may_be_rounded(a, b, limits) for ours, theirs in pairs for a in ours for b in theirs
    )


def _may_be_rounded(one: float, other: float, limits: DisagreementLimits) -> bool:
    """Return whether two numbers are the same, or one the other in fewer figures."""
    return abs(one - other) <= limits.rounded * max(_step(one), _step(other)) * (1 + 1e-9)


def _step(value: float) -> float:
    """Return what one is worth in a number's last figure that is not zero: 100 in 1200."""
    exponent = Decimal(f"{value:.6g}").normalize().as_tuple().exponent
    return float(10 ** int(exponent)) if value else 0.0


def _dates_differ(one: Said, other: Said) -> bool:
    ours, theirs = one.stated, other.stated
    if ours.either_months or theirs.either_months:
        return False
    if ours.months and theirs.months:
        if not ours.months & theirs.months:
            return True
        days = [{pair for pair in facts.near_months if pair[1] <= 31} for facts in (ours, theirs)]
        if days[0] and days[1]:
            return not days[0] & days[1]
    years = [_years(facts) for facts in (ours, theirs)]
    if years[0] and years[1]:
        return not years[0] & years[1]
    return False


def _times_agree(one: Said, other: Said) -> bool:
    """Return whether two sentences name the same years and months, or those of the other's publication."""
    for said, against in ((one, other), (other, one)):
        day = against.evidence.article.published
        years = _years(against.around) | ({day.year} if day else set())
        months = set(against.around.months) | ({day.month} if day else set())
        if not (_years(said.around) <= years and said.around.months <= months):
            return False
    return True


def _years(stated: Facts) -> set[int]:
    return {int(value) for q in stated.quantities if _is_year(q) for value in q.values}


def _is_year(quantity: Quantity) -> bool:
    return quantity.unit is None and len(quantity.shown) == 4 and all(v in _YEARS for v in quantity.values)


def _is_in_words(quantity: Quantity) -> bool:
    return quantity.unit is None and not any(c.isdigit() for c in quantity.shown)


def _names_differ(question: str, one: Said, other: Said) -> bool:
    asked = words(question)
    ours, theirs = (
        [part for name in names(said.answer) for part in name.text.split() if not is_among(part, asked)]
        for said in (one, other)
    )
    if not ours or not theirs:
        return False
    # Whoever is named on both sides may have the one role here and the other there.
    return not any(is_among(part, words(other.context)) for part in ours) and not any(
        is_among(part, words(one.context)) for part in theirs
    )


def _numbered(found: Disagreement, numbers: dict[tuple[str, int], int]) -> Disagreement:
    sides = (replace(side, number=numbers.get((side.article_id, side.start), 0)) for side in found.sides)
    return replace(found, sides=tuple(sides))
