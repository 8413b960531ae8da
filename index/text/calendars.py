"""What months, weekdays and spans of time are called, from dateparser's tables."""

import functools
from importlib import import_module

import regex

LANGUAGES = "ar bg cs da de el en es fi fr hu it nb nl pl pt ro ru sv tr uk"
MONTHS = "january february march april may june july august september october november december"
DAYS = "monday tuesday wednesday thursday friday saturday sunday"
# Shorter abbreviations of months are words of other languages.
_SHORT = 3


@functools.cache
def names_of(key: str) -> set[str]:
    """Return how a month or weekday is called, less abbreviations that are other words; do not change it."""
    return {name for table in _tables() for name in table[key] if len(name) > _SHORT or key == "may"}


def month_names(word: str) -> set[str]:
    """Return how the month that `word` names is called in all languages, nothing if it names none."""
    for month in MONTHS.split():
        names = {name.lower() for name in names_of(month) if len(name) >= _SHORT}
        if word.lower() in names:
            return names
    return set()


def phrases_of(key: str) -> set[str]:
    """Return how a span such as "1 week ago" is said."""
    return {phrase for table in _tables() for phrase in table.get("relative-type", {}).get(key, [])}


def whole_words(words: set[str]) -> "regex.Pattern[str]":
    """Return a pattern of any of `words`, in capitals or not."""
    longest_first = "|".join(sorted(map(regex.escape, words), key=len, reverse=True))
    return regex.compile(rf"(?<!\p{{L}})(?:{longest_first})(?!\p{{L}})", regex.IGNORECASE)


@functools.cache
def _tables() -> list[dict[str, dict[str, list[str]]]]:
    return [import_module(f"dateparser.data.date_translation_data.{name}").info for name in LANGUAGES.split()]
