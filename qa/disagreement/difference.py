"""Whether the words that answer in two sentences say different numbers, dates or names."""

import functools
from dataclasses import dataclass
from decimal import Decimal

import regex

from index.lexicon import any_of, compiled, words
from qa.answer import About
from qa.check.facts import comparable
from qa.evidence.answer_type import AnswerType, answer_type_of
from qa.names import WORD, is_among, names
from qa.names import words as all_words

from .limits import LIMITS, DisagreementLimits
from .said import Counted, Said

# "More than 200": so many characters may stand between the word and its number.
_NEAR = 12
# Smaller numbers are in any text.
_COMMON = 3


@dataclass(frozen=True, slots=True)
class Compared:
    """What two answers can be compared in, and whether they differ.

    The greater of two numbers is `ratio` times the other.
    """

    about: About
    differ: bool
    ratio: float = 1.0


def compared(question: str, one: Said, other: Said, limits: DisagreementLimits = LIMITS) -> Compared | None:
    """Compare two answers to `question`; None if they say nothing of one kind."""
    wanted = answer_type_of(question)
    if wanted in (None, AnswerType.TIME) and one.days and other.days and not _is_unclear(one, other):
        return Compared("date", not any(ours.may_be(theirs) for ours in one.days for theirs in other.days))
    if wanted in (None, AnswerType.NUMBER, AnswerType.MONEY):
        return _numbers(one, other, limits)
    if wanted is AnswerType.NAME:
        return _names(question, one, other)
    return None


def _is_unclear(one: Said, other: Said) -> bool:
    """Return whether a date in figures may be read in two ways."""
    return bool(one.stated.either_months or other.stated.either_months)


def _numbers(one: Said, other: Said, limits: DisagreementLimits) -> Compared | None:
    if not _pairs(one.numbers, other.numbers):
        return None
    # What both passages say, one of them says of something else.
    ours = [number for number in one.numbers if not _tells(other, number)]
    theirs = [number for number in other.numbers if not _tells(one, number)]
    pairs = _pairs(ours, theirs)
    # Amounts may stand in several currencies: one that agrees is enough.
    agree = any(_may_be_same(one, other, *pair, limits) for pair in pairs)
    ratio = min((_ratio(*pair) for pair in pairs), default=1.0)
    return Compared("number", bool(pairs) and not agree, ratio)


def _pairs(ours: list[Counted], theirs: list[Counted]) -> list[tuple[Counted, Counted]]:
    return [(one, other) for one in ours for other in theirs if _values(one, other) is not None]


def _values(one: Counted, other: Counted) -> tuple[frozenset[float], frozenset[float]] | None:
    return comparable(one.quantity, other.quantity)


def _ratio(one: Counted, other: Counted) -> float:
    """Return how many times the less the greater of two comparable numbers is, as they are most alike."""
    ours, theirs = _values(one, other) or ((), ())
    return min((max(a, b) / max(min(a, b), 1e-9) for a in ours for b in theirs), default=1.0)


def _may_be_same(one: Said, other: Said, ours: Counted, theirs: Counted, limits: DisagreementLimits) -> bool:
    values = _values(ours, theirs)
    if values is None:
        return False
    bounds = _bound(one, ours), _bound(other, theirs)
    return any(
        may_be_rounded(a, b, limits) or _is_within(bounds[0], b - a) or _is_within(bounds[1], a - b)
        for a in values[0]
        for b in values[1]
    )


def _tells(said: Said, number: Counted) -> bool:
    """Return whether the passage of a sentence has a number of the other one."""
    both = (comparable(number.quantity, told) for told in said.told.quantities)
    return any(value > _COMMON for values in both if values for value in values[0] & values[1])


def may_be_rounded(one: float, other: float, limits: DisagreementLimits = LIMITS) -> bool:
    """Return whether two numbers are the same, or one the other in fewer figures."""
    return abs(one - other) <= limits.rounded * max(_step(one), _step(other)) * (1 + 1e-9)


def _step(value: float) -> float:
    """Return what one is worth in a number's last figure that is not zero: 100 in 1200."""
    exponent = Decimal(f"{value:.6g}").normalize().as_tuple().exponent
    return float(10 ** int(exponent)) if value else 0.0


def _bound(said: Said, number: Counted) -> int:
    """Return 1 for "more than" a number, -1 for "less than", otherwise 0."""
    before = said.evidence.text[: number.start]
    if _more().search(before):
        return 1
    return -1 if _less().search(before) else 0


def _is_within(bound: int, beyond: float) -> bool:
    """Return whether a number that is `beyond` another one keeps to the bound of that."""
    return bound * beyond > 0


@functools.cache
def _more() -> "regex.Pattern[str]":
    return _right_before(words(lambda language: language.opposites.more))


@functools.cache
def _less() -> "regex.Pattern[str]":
    return _right_before(words(lambda language: language.opposites.less))


def _right_before(said: tuple[str, ...]) -> "regex.Pattern[str]":
    return compiled(rf"(?<!\p{{L}}){any_of(said)}(?!\p{{L}})[^\p{{N}}.;:]{{0,{_NEAR}}}$")


def _names(question: str, one: Said, other: Said) -> Compared | None:
    asked = all_words(question)
    ours, theirs = (
        [part for name in names(said.answer) for part in WORD.findall(name.text) if not is_among(part, asked)]
        for said in (one, other)
    )
    if not ours or not theirs:
        return None
    # Whoever is named on both sides may have the one role here and the other there.
    is_named = any(is_among(part, all_words(other.context)) for part in ours) or any(
        is_among(part, all_words(one.context)) for part in theirs
    )
    return Compared("name", not is_named)
