"""What a text states that can be compared exactly: numbers with their units, dates, and times of day.

"12. Mai" and "May 12" are the same, and so are "35m euros" and "35 Millionen Euro".
"""

import functools
import math
from collections.abc import Iterable
from dataclasses import dataclass

import regex

from index.lexicon import any_of, compiled, words
from index.text.calendars import DAYS, MONTHS, SPANS, names_of, whole_names

from .numerals import Number, numbers

_YEARS = range(1000, 2200)
# 12.05.2023, 05/12/2023, 2023-05-12.
_NUMERIC_DATE = regex.compile(
    r"(?<!\d)(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2}))(?!\d)"
)
# How many characters may stand between a month and its day or year: "12. und 13. Mai", "May 12, 2023".
_NEAR = 14
# A shorter name in small letters is taken for a month only beside a number: "may", "mars".
_LEAST_MONTH = 5
# Signs and symbols of units, the same in all languages. Their names are in the lexicon, by the same keys.
_SYMBOLS = {
    "euro": "€|eur", "dollar": r"\$|usd", "pound": "£|gbp", "ruble": "₽", "lira": "₺|tl", "yen": "¥",
    "franc": "chf", "krona": "sek|nok|dkk", "percent": "%", "kilometre": "km", "metre": "m", "mile": "",
    "kilogram": "kg", "tonne": "t", "hectare": "ha", "degree": "°c?",
}  # fmt: skip
# Two hours are 120 minutes.
_SPANS = {
    "second": ("s", 1.0), "minute": ("s", 60.0), "hour": ("s", 3600.0), "day": ("s", 86400.0),
    "week": ("s", 604800.0), "month": ("months", 1.0), "year": ("months", 12.0),
}  # fmt: skip
# Signs and codes of currencies that stand before their number.
_BEFORE = {
    "$": "dollar", "us$": "dollar", "usd": "dollar", "€": "euro", "eur": "euro", "£": "pound", "gbp": "pound",
    "¥": "yen", "₽": "ruble", "₺": "lira", "tl": "lira", "chf": "franc",
}  # fmt: skip
_AFTER = regex.compile(r"[\s -]*(\p{Sc}|%|°\p{L}?|[\p{L}\p{M}.-]+)(?:[\s ]+([\p{L}\p{M}]+))?")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, if that is a currency, a percentage, a measure or a span of time."""

    values: frozenset[float]
    unit: str | None
    shown: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a text states: its numbers, months with the numbers near them, weekdays, minutes of the day.

    `either_months` come from dates such as 05/12/2021, where either number may be the month.
    """

    quantities: tuple[Quantity, ...]
    months: frozenset[int]
    near_months: frozenset[tuple[int, float]]
    either_months: frozenset[int]
    weekdays: frozenset[int]
    minutes: tuple[frozenset[int], ...]


def facts(text: str) -> Facts:
    """Return what `text` states."""
    dates = list(_NUMERIC_DATE.finditer(text))
    clocks = [match for match in _clock().finditer(text) if not _within(match.start(), dates)]
    taken = [*dates, *clocks]
    counted = [number for number in numbers(text) if not _within(number.start, taken)]
    months, near = _months_of(text, counted)
    quantities = [
        Quantity(number.values, _unit(text, number), text[number.start : number.end]) for number in counted
    ]
    either = set()
    for match in dates:
        year, orders = _date(match)
        quantities.append(Quantity(frozenset({year}), None, match.group()))
        days = frozenset(float(day) for day, _ in orders)
        quantities.append(Quantity(days, None, match.group()))
        if len(orders) > 1:
            either |= {month for _, month in orders}
        for day, month in orders:
            months.add(month)
            near |= {(month, float(day)), (month, year)}
    weekdays = {number for number, names in enumerate(_weekdays()) if names.search(text)}
    return Facts(
        tuple(quantities),
        frozenset(months),
        frozenset(near),
        frozenset(either),
        frozenset(weekdays),
        tuple(map(_minutes, clocks)),
    )


def counted(text: str) -> list[tuple[Quantity, int, int]]:
    """Return the numbers of `text` and where they stand, but those of dates in figures and times of day."""
    taken = [*_NUMERIC_DATE.finditer(text), *_clock().finditer(text)]
    return [
        (
            Quantity(number.values, _unit(text, number), text[number.start : number.end]),
            number.start,
            number.end,
        )
        for number in numbers(text)
        if not _within(number.start, taken)
    ]


def comparable(one: Quantity, other: Quantity) -> tuple[frozenset[float], frozenset[float]] | None:
    """Return the values of two numbers of one unit, as multiples of the same; None if their units differ."""
    ours, theirs = (_SPANS.get(q.unit or "", (q.unit, 1.0)) for q in (one, other))
    if ours[0] != theirs[0]:
        return None
    return frozenset(a * ours[1] for a in one.values), frozenset(b * theirs[1] for b in other.values)


def is_span(quantity: Quantity) -> bool:
    """Return whether a number counts days, months or another span of time."""
    return quantity.unit in _SPANS


def missing(stated: Facts, held: Facts) -> list[str]:
    """List what of `stated` is not in `held`, in words for people; an empty list if nothing is missing."""
    lacking = [
        q.shown
        for q in stated.quantities
        # "One" is also an article, and is often left unsaid.
        if q.values != {1.0} and not any(_agree(q, other) for other in held.quantities)
    ]
    lacking += [f"month {month}" for month in sorted(stated.months - stated.either_months - held.months)]
    days = {month for month, _ in held.near_months}
    lacking += [
        f"month {month} with {number:g}"
        for month, number in sorted(stated.near_months - held.near_months)
        if month in days and month in held.months and _is_pair(month, number, held)
    ]
    lacking += [f"weekday {day}" for day in sorted(stated.weekdays - held.weekdays)]
    lacking += ["time" for time in stated.minutes if not any(time & other for other in held.minutes)]
    return lacking


def _is_pair(month: int, number: float, held: Facts) -> bool:
    """Return whether `held` has another number of this sort, day or year, beside this month."""
    same_sort = [other for at, other in held.near_months if at == month and (other > 31) == (number > 31)]
    return bool(same_sort)


def _agree(one: Quantity, other: Quantity) -> bool:
    ours, theirs = (_SPANS.get(q.unit or "", (q.unit, 1.0)) for q in (one, other))
    if one.unit and other.unit and ours[0] != theirs[0]:
        return False
    # A number without a unit may have any.
    by = (ours[1], theirs[1]) if one.unit and other.unit else (1.0, 1.0)
    return any(math.isclose(a * by[0], b * by[1], rel_tol=1e-6) for a in one.values for b in other.values)


def _within(place: int, matches: Iterable["regex.Match[str]"]) -> bool:
    return any(match.start() <= place < match.end() for match in matches)


def _months_of(text: str, counted: list[Number]) -> tuple[set[int], set[tuple[int, float]]]:
    months, near = set(), set()
    for number, names in enumerate(_months(), 1):
        for match in names.finditer(text):
            # "may" and "march" are also verbs, and "mars" is a planet. Beside a number they are months.
            beside = [n for n in counted if n.digits and -1 <= _gap(n, match.start(), match.end()) <= _NEAR]
            said = match.group()
            if not beside and not said[0].isupper() and (len(said) < _LEAST_MONTH or said == "march"):
                continue
            months.add(number)
            near |= {(number, value) for n in beside for value in n.values if value <= 31 or value in _YEARS}
    return months, near


def _gap(number: Number, start: int, end: int) -> int:
    return max(start - number.end, number.start - end)


def _date(match: "regex.Match[str]") -> tuple[float, list[tuple[int, int]]]:
    year, month, day, one, other, last = (int(part) if part else None for part in match.groups())
    if year is not None and month is not None and day is not None:
        return float(year), [(day, month)]
    if one is None or other is None or last is None:
        raise ValueError("one half of the pattern has matched")
    # With stops the day comes first; with strokes that depends on the country.
    both = [(one, other)] if "." in match.group() else sorted({(one, other), (other, one)})
    orders = [(d, m) for d, m in both if 1 <= m <= 12 and 1 <= d <= 31]
    return float(last + 2000 if last < 100 else last), orders


def _minutes(match: "regex.Match[str]") -> frozenset[int]:
    hours, minutes = (
        int(match["hour"] or match["colon_hour"]),
        int(match["minute"] or match["colon_minute"] or 0),
    )
    if match["evening"]:
        return frozenset({hours % 12 * 60 + 720 + minutes})
    if match["morning"]:
        return frozenset({hours % 12 * 60 + minutes})
    # "at 3:30" may be in the afternoon.
    return frozenset(
        {hours * 60 + minutes, (hours + 12) % 24 * 60 + minutes} if hours <= 12 else {hours * 60 + minutes}
    )


def _unit(text: str, number: Number) -> str | None:
    if before := _before().search(text[max(0, number.start - 8) : number.start]):
        return _BEFORE.get(before["sign"].casefold(), "percent")
    after = _AFTER.match(text, number.end)
    if not after:
        return None
    following = [word.rstrip(".-") for word in after.groups() if word]
    together = [" ".join(following)] if len(following) > 1 else []
    for word in [*together, *following]:
        for unit, names in _unit_names():
            if names.fullmatch(word):
                return unit
    return None


@functools.cache
def _clock() -> "regex.Pattern[str]":
    """Return a pattern of times of day: 3:30, 15.30 Uhr, 3 p.m."""
    evening = any_of(words(lambda language: language.clock.evening))
    morning = any_of(words(lambda language: language.clock.morning))
    mark = any_of(words(lambda language: language.clock.mark))
    return compiled(
        rf"(?<![\d.,])(?<hour>\d{{1,2}})(?:[:.h](?<minute>\d{{2}}))?\s*"
        rf"(?:(?<evening>{evening})|(?<morning>{morning})|{mark}|h\b)"
        r"|(?<![\d.,:])(?<colon_hour>\d{1,2}):(?<colon_minute>\d{2})(?![\d:])"
    )


@functools.cache
def _before() -> "regex.Pattern[str]":
    """Return a pattern of a unit before its number."""
    percent = any_of(words(lambda language: language.units.percent_before))
    return compiled(rf"(?<sign>[$€£¥₽₺])\s?$|(?:^|\s)(?<sign>us\$|usd|eur|gbp|chf|tl|{percent})\s?$")


@functools.cache
def _unit_names() -> list[tuple[str, "regex.Pattern[str]"]]:
    """Return the units, each with a pattern of what a word has to be to name it."""
    units = [
        (unit, compiled(any_of(filter(None, [symbols, *_named(unit)])))) for unit, symbols in _SYMBOLS.items()
    ]
    return units + [(span, compiled(any_of(map(regex.escape, names_of(span))))) for span in SPANS]


def _named(unit: str) -> tuple[str, ...]:
    return words(lambda language: getattr(language.units, unit))


@functools.cache
def _months() -> list["regex.Pattern[str]"]:
    return [whole_names(month) for month in MONTHS]


@functools.cache
def _weekdays() -> list["regex.Pattern[str]"]:
    return [whole_names(day) for day in DAYS]
