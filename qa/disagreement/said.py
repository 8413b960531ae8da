"""A sentence of an article with the words of it that answer, and what they state."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from qa.answer import Citation, citation
from qa.check.facts import Facts, Quantity, counted, facts
from qa.names import WORD
from qa.sentences import Evidence

# Signs that belong to a number beside it.
_SIGNS = "$€£¥₽₺%"
_YEARS = range(1000, 2200)
_LONGEST_MONTH = 31


@dataclass(frozen=True, slots=True)
class Day:
    """A day, month or year as it is stated; what is not known of it is None."""

    year: int | None
    month: int | None = None
    day: int | None = None

    def may_be(self, other: "Day") -> bool:
        """Return whether nothing that is known of both differs."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(ours is None or theirs is None or ours == theirs for ours, theirs in pairs)


@dataclass(frozen=True, slots=True)
class Counted:
    """A number with where it stands in its sentence."""

    quantity: Quantity
    start: int
    end: int


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

    @property
    def published(self) -> date | None:
        """Return the day of the article."""
        return self.evidence.article.published

    @cached_property
    def answer(self) -> str:
        """Return the words that answer."""
        return self.evidence.text[self.start : self.end]

    @cached_property
    def rest(self) -> str:
        """Return the sentence without them."""
        return f"{self.evidence.text[: self.start]} … {self.evidence.text[self.end :]}"

    @cached_property
    def context(self) -> str:
        """Return the title and the passage that the sentence is in."""
        return self.evidence.passage.embedded_text

    @cached_property
    def stated(self) -> Facts:
        """Return what the words that answer state."""
        return facts(self.answer)

    @cached_property
    def around(self) -> Facts:
        """Return what the rest of the sentence states."""
        return facts(self.rest)

    @cached_property
    def told(self) -> Facts:
        """Return what the passage states."""
        return facts(self.context)

    @cached_property
    def numbers(self) -> list[Counted]:
        """Return the numbers among the words that answer; years are none."""
        text = self.evidence.text
        return [
            Counted(quantity, start, end)
            for quantity, start, end in counted(text)
            if start < self.end and end > self.start and not (is_year(quantity) and not self._counts(end))
        ]

    @cached_property
    def days(self) -> list[Day]:
        """Return the days that the words that answer may mean."""
        return list(days(self.stated, self.published))

    def _counts(self, end: int) -> bool:
        """Return whether the answer goes on after a number, as in "1250 homes"."""
        following = WORD.search(self.evidence.text, end)
        return following is not None and following.end() <= self.end and following.group()[0].islower()


def said(evidence: Evidence) -> Said | None:
    """Return a sentence with the words that answer, None if it has none."""
    if evidence.words is None:
        return None
    text, first = evidence.text, evidence.span.start
    start, end = evidence.words.start - first, evidence.words.end - first
    while start < end and not _belongs(text[start]):
        start += 1
    while start < end and not _belongs(text[end - 1]):
        end -= 1
    return Said(evidence, start, end) if start < end else None


def days(stated: Facts, published: date | None) -> Iterator[Day]:
    """Yield the days, months or years that a text may mean that was published on this day."""
    known = years(stated)
    for month in stated.months:
        numbers: list[int | None] = [
            int(n) for at, n in stated.near_months if at == month and n <= _LONGEST_MONTH
        ]
        for day in numbers or [None]:
            for year in known or [_nearest_year(month, day, published)]:
                yield Day(year, month, day)
    if stated.months:
        return
    if stated.weekdays:
        yield from weekdays(stated, published)
    else:
        yield from map(Day, known)


def weekdays(stated: Facts, published: date | None) -> Iterator[Day]:
    """Yield the days within a week of the publication that a text may mean by a weekday."""
    if published is None:
        return
    for passed in range(-6, 8):
        day = published - timedelta(passed)
        if day.weekday() in stated.weekdays:
            yield Day(day.year, day.month, day.day)


def years(stated: Facts) -> set[int]:
    """Return the years that a text names."""
    return {int(value) for q in stated.quantities if is_year(q) for value in q.values}


def is_year(quantity: Quantity) -> bool:
    """Return whether a number may be a year."""
    return quantity.unit is None and len(quantity.shown) == 4 and all(v in _YEARS for v in quantity.values)


def _nearest_year(month: int, day: int | None, published: date | None) -> int | None:
    """Return the year in which this day is nearest to the day of publication."""
    if published is None:
        return None
    day, near = min(day or 15, 28), published.toordinal()
    nearby = (published.year - 1, published.year, published.year + 1)
    return min(nearby, key=lambda year: abs(date(year, month, day).toordinal() - near))


def _belongs(character: str) -> bool:
    return character.isalnum() or character in _SIGNS
