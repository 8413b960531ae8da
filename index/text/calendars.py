"""The names of months, weekdays and spans of time, from CLDR and, where it lacks them, the lexicon."""

import functools
from collections.abc import Iterable
from typing import Literal

import regex

from index.lexicon import any_of, compiled, languages

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SPANS = ("year", "month", "week", "day", "hour", "minute", "second")
# Shorter abbreviations of months are words in other languages.
_SHORT = 3
# A number of each of CLDR's plural forms: one, two, few, many, other, and a fraction.
_COUNTS = (1, 2, 3, 5, 11, 100, 1.5)
# Beside a day, "5 мая", and alone, "май".
_FORMS, _WIDTHS = ("format", "stand-alone"), ("wide", "abbreviated")
# A number before or after its unit, and the stop of an abbreviation.
_UNCOUNTED = regex.compile(r"^[\p{N}\p{P}\s]+|[\p{N}\p{P}\s]+$")


@functools.cache
def names_of(key: str) -> frozenset[str]:
    """Return the names of a month, weekday or span in all languages, in small letters."""
    found = set[str]()
    for language in languages():
        if language.calendar.locale:
            found |= cldr_names(language.calendar.locale, key)
            found.update(getattr(language.calendar, key))
    return frozenset(name for name in found if len(name) > _SHORT or key == "may")


def month_names(word: str) -> frozenset[str]:
    """Return the names, in all languages, of the month that `word` names; none if it names no month."""
    for month in MONTHS:
        names = frozenset(name for name in names_of(month) if len(name) >= _SHORT)
        if word.lower() in names:
            return names
    return frozenset()


def whole_names(*keys: str) -> "regex.Pattern[str]":
    """Return a pattern of the names of all these months, weekdays or spans."""
    return whole_phrases(frozenset[str]().union(*map(names_of, keys)))


def whole_phrases(phrases: Iterable[str]) -> "regex.Pattern[str]":
    """Return a pattern of any of `phrases`, plain text, as whole words."""
    longest_first = sorted(map(regex.escape, phrases), key=len, reverse=True)
    return compiled(rf"(?<!\p{{L}}){any_of(longest_first)}(?!\p{{L}})")


def cldr_names(locale: str, key: str) -> set[str]:
    """Return CLDR's names, those of months and days in both their forms: мая and май."""
    from babel import Locale, units

    if key in SPANS:
        unit = f"duration-{key}"
        lengths: tuple[Literal["long", "short"], ...] = ("long", "short")
        said = {units.format_unit(count, unit, size, locale=locale) for count in _COUNTS for size in lengths}
        # Babel writes the key itself where a locale leaves out a length.
        return {_UNCOUNTED.sub("", name).casefold() for name in said if unit not in name}
    known = Locale.parse(locale)
    is_month = key in MONTHS
    table, number = (known.months, MONTHS.index(key) + 1) if is_month else (known.days, DAYS.index(key))
    forms = (
        table[form][width][number] for form in ("format", "stand-alone") for width in ("wide", "abbreviated")
    )
    return {name.casefold().rstrip(".") for name in forms}
