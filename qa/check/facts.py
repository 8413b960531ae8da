"""What a sentence states that can be checked letter by letter: numbers with their units, dates, times.

In any of a dozen languages, so that "12. Mai" and "May 12", "35m euros" and "35 Millionen Euro" are the same.
"""

import functools
import math
from collections.abc import Iterable
from dataclasses import dataclass

import regex

from index.text.calendars import DAYS, MONTHS, names_of, whole_words

from .numerals import Number, numbers, readings

_YEARS = range(1000, 2200)
# 12.05.2023, 05/12/2023, 2023-05-12.
_NUMERIC_DATE = regex.compile(
    r"(?<!\d)(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2}))(?!\d)"
)
_CLOCK = regex.compile(
    r"(?<![\d.,])(\d{1,2})(?:[:.h](\d{2}))?\s*(a\.?\s?m\b\.?|p\.?\s?m\b\.?|uhr abends|uhr\b|h du soir|час\p{L}* вечера"
    r"|час\p{L}*\b|h\b|o['’]clock|de la (?:noche|tarde)|du soir|вечера)"
    r"|(?<![\d.,:])(\d{1,2}):(\d{2})(?![\d:])",
    regex.IGNORECASE,
)
_EVENING = regex.compile("abends|soir|вечера|noche|tarde")
# How far from a month its day and year may stand, in characters: "12. und 13. Mai", "May 12, 2023".
_NEAR = 14
_LEAST_MONTH = 5
_UNITS = {
    "€": r"€|euros?|eur|евро|avro", "$": r"\$|us-?dollars?|dollars?|usd|dólares|доллар\p{L}*|dolar\p{L}*|dollari",
    "£": r"£|pounds?|pfund|gbp|livres|libras|фунт\p{L}*|sterlin\p{L}*|sterline", "₽": r"₽|rubles?|roubles?|rubel|rublos|рубл\p{L}*|ruble",
    "₺": r"₺|liras?|лир\p{L}*|tl", "¥": r"¥|yen|иен\p{L}*|yuan|юан\p{L}*", "chf": r"chf|franken|francs?|франк\p{L}*|frank|francos",
    "kr": r"kron\p{L}+|sek|nok|dkk|крон\p{L}*",
    "%": r"%|per ?cent|percent|prozent\p{L}*|pour cent|pour-cent|por ciento|процент\p{L}*|per cento|procent\p{L}*|pct|vol\.?-?%",
    "km": r"km|kilomet\p{L}*|kilómetros?|kilomètres?|километр\p{L}*", "m": r"met(?:re|er)s?|mètres?|metros?|метр\p{L}*|m",
    "mile": r"miles?|meilen?|milles|millas|миль|миля|mil", "kg": r"kg|kilogram\p{L}*|kilos?|килограмм\p{L}*",
    "t": r"tonn?e?s?|tonnen|toneladas|тонн\p{L}*|ton", "ha": r"ha|hect\p{L}*|hektar\p{L}*|гектар\p{L}*",
    "°": r"°c?|degrees?|grad|degrés|grados|градус\p{L}*|derece",
}  # fmt: skip
# Portuguese counts its weekdays, "segunda" is mostly a second thing; Swedish shortens its Friday to Fred.
_NO_DAYS = {"segunda", "terça", "terca", "quarta", "quinta", "sexta", "fred"}
# Two hours are 120 minutes.
_SPANS = {
    "second": ("s", 1.0), "minute": ("s", 60.0), "hour": ("s", 3600.0), "day": ("s", 86400.0),
    "week": ("s", 604800.0), "month": ("months", 1.0), "year": ("months", 12.0),
}  # fmt: skip
_TIME_UNITS = ("year", "month", "week", "day", "hour", "minute", "second")
# A currency that stands before its number.
_SIGN_BEFORE = regex.compile(r"([$€£¥₽₺])\s?$|(?:^|\s)(yüzde|us\$|usd|eur|gbp|chf|tl)\s?$", regex.IGNORECASE)
_SIGNS = {"yüzde": "%", "us$": "$", "usd": "$", "eur": "€", "gbp": "£", "chf": "chf", "tl": "₺"}
_AFTER = regex.compile(r"[\s -]*(\p{Sc}|%|°\p{L}?|[\p{L}\p{M}.-]+)(?:[\s ]+([\p{L}\p{M}]+))?")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts, where that is a currency, a share, a measure or a time."""

    values: frozenset[float]
    unit: str | None
    shown: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a text states: its numbers, months with the numbers near them, weekdays, minutes of the day.

    `either_months` are those of dates like 05/12/2021, of which one is the day.
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
    clocks = [match for match in _CLOCK.finditer(text) if not _within(match.start(), dates)]
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


def missing(stated: Facts, held: Facts) -> list[str]:
    """Return what of `stated` is not in `held`, for people to read; nothing if all is."""
    lacking = [
        q.shown
        for q in stated.quantities
        # One is an article, or is said without a number.
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
    """Return whether `held` has another number of the same sort, day or year, at this month."""
    same_sort = [other for at, other in held.near_months if at == month and (other > 31) == (number > 31)]
    return bool(same_sort)


def _agree(one: Quantity, other: Quantity) -> bool:
    ours, theirs = (_SPANS.get(q.unit or "", (q.unit, 1.0)) for q in (one, other))
    if one.unit and other.unit and ours[0] != theirs[0]:
        return False
    # Without a unit on one side nothing is known of the other's.
    by = (ours[1], theirs[1]) if one.unit and other.unit else (1.0, 1.0)
    return any(math.isclose(a * by[0], b * by[1], rel_tol=1e-6) for a in one.values for b in other.values)


def _within(place: int, matches: Iterable["regex.Match[str]"]) -> bool:
    return any(match.start() <= place < match.end() for match in matches)


def _months_of(text: str, counted: list[Number]) -> tuple[set[int], set[tuple[int, float]]]:
    months, near = set(), set()
    for number, names in enumerate(_months(), 1):
        for match in names.finditer(text):
            # "may" and "march" are verbs too, and "mars" a planet: a number beside it tells.
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
    # With stops the day stands first; with strokes that depends on the country.
    both = [(one, other)] if "." in match.group() else sorted({(one, other), (other, one)})
    orders = [(d, m) for d, m in both if 1 <= m <= 12 and 1 <= d <= 31]
    return float(last + 2000 if last < 100 else last), orders


def _minutes(match: "regex.Match[str]") -> frozenset[int]:
    hour, minute, mark, colon_hour, colon_minute = match.groups()
    hours, minutes = int(hour or colon_hour), int(minute or colon_minute or 0)
    sign = regex.sub(r"[\s.]", "", (mark or "").lower())
    if sign == "pm" or _EVENING.search(sign):
        return frozenset({hours % 12 * 60 + 720 + minutes})
    if sign == "am":
        return frozenset({hours % 12 * 60 + minutes})
    # "at 3:30" may be in the afternoon.
    return frozenset(
        {hours * 60 + minutes, (hours + 12) % 24 * 60 + minutes} if hours <= 12 else {hours * 60 + minutes}
    )


def _unit(text: str, number: Number) -> str | None:
    if before := _SIGN_BEFORE.search(text[max(0, number.start - 8) : number.start]):
        sign = (before.group(1) or before.group(2)).casefold()
        return _SIGNS.get(sign, sign)
    after = _AFTER.match(text, number.end)
    if not after:
        return None
    words = [word.rstrip(".-") for word in after.groups() if word]
    for words_tried in ([" ".join(words)] if len(words) > 1 else []), words[:1], words[1:]:
        for word in words_tried:
            for unit, names in _unit_names():
                if names.fullmatch(word):
                    return unit
    return None


@functools.cache
def _unit_names() -> list[tuple[str, "regex.Pattern[str]"]]:
    units = [(unit, regex.compile(names, regex.IGNORECASE)) for unit, names in _UNITS.items()]
    for unit in _TIME_UNITS:
        names = "|".join(map(regex.escape, sorted(names_of(unit), key=len, reverse=True)))
        units.append((unit, regex.compile(names, regex.IGNORECASE)))
    return units


@functools.cache
def _months() -> list["regex.Pattern[str]"]:
    return [whole_words(_with_cases(names_of(month))) for month in MONTHS.split()]


def _with_cases(names: set[str]) -> set[str]:
    """Return Slavic names of months with the ending of "in" too, which the tables leave out."""
    stems = {name[:-1] for name in names if len(name) > 3 and name[-1] in "ьйяа"}
    return names | {f"{stem}е" for stem in stems} | {f"{stem}и" for stem in stems}


@functools.cache
def _weekdays() -> list["regex.Pattern[str]"]:
    return [
        whole_words({name for name in names_of(day) if name.casefold() not in _NO_DAYS})
        for day in DAYS.split()
    ]


__all__ = ["Facts", "Quantity", "facts", "missing", "readings"]
