"""What a question says of time, held against the days on which articles were published.

"Who is the minister now" wants the newest of two sources, "in May 2023" one of those days. It only ever
decides between sentences that speak to the question alike: many articles tell of a time that is not theirs.
"""

import functools
from collections.abc import Sequence
from datetime import date, timedelta
from importlib import import_module

import regex

# Languages whose words for months and for "last week" are known.
LANGUAGES = "ar bg cs da de el en es fi fr hu it nb nl pl pt ro ru sv tr uk"
MONTHS = "january february march april may june july august september october november december"
# Shorter abbreviations of months are words of other languages.
_SHORT = 3

_LATEST = regex.compile(
    r"(?<!\p{L})(?:last|latest|most recent(?:ly)?|newest|current(?:ly)?|now|today|nowadays|zuletzt|letzte[nrms]?"
    r"|neueste[nrms]?|jüngste[nrms]?|aktuell\p{L}*|derzeit|heute|jetzt|derni(?:er|ère)s?|récente?s?|récemment"
    r"|actuel\p{L}*|maintenant|aujourd|últim[oa]s?|recientes?|actual(?:mente)?|ahora|hoy|ultim[oa]|recente"
    r"|attual\p{L}*|adesso|oggi|atual\p{L}*|agora|hoje|laatste?|nieuwste|huidige|nu|vandaag|последн\p{L}*|недавн\p{L}*"
    r"|сейчас|теперь|текущ\p{L}*|останн\p{L}*|зараз|son|güncel|şimdi|şu an\p{L}*|bugün|ostatni\p{L}*|obecn\p{L}*"
    r"|teraz|najnowsz\p{L}*|senaste?|nuvarande)(?!\p{L})",
    regex.IGNORECASE,
)
_YEAR = regex.compile(r"(?<!\p{N})(?:19|20)\p{N}{2}(?!\p{N})")
# A span of days up to today, by the phrases that dateparser lists for it in each language.
_SPANS = {"1 day ago": 2, "1 week ago": 14, "1 month ago": 62}


def timeliness(question: str, published: Sequence[date | None], today: date) -> list[float]:
    """Return for each day of publication how well it suits what `question` says of time, from 0 to 1.

    All are 0 if it says nothing, as is an article without a day.
    """
    if wanted := _period(question, today):
        start, end = wanted
        return [float(day is not None and start <= day <= end) for day in published]
    days = sorted({day for day in published if day})
    if not _LATEST.search(question) or len(days) < 2:
        return [0.0] * len(published)
    return [days.index(day) / (len(days) - 1) if day else 0.0 for day in published]


def _period(question: str, today: date) -> tuple[date, date] | None:
    """Return the first and last day that the question names: last week, May 2023, 2004."""
    folded = question.casefold()
    for phrases, days in _relative():
        if phrases.search(folded):
            return today - timedelta(days), today
    year = _YEAR.search(question)
    if not year:
        return None
    number = int(year.group())
    months = [month for month, names in enumerate(_months(), 1) if names.search(folded)]
    if len(months) != 1:
        return date(number, 1, 1), date(number, 12, 31)
    following = date(number + months[0] // 12, months[0] % 12 + 1, 1)
    return date(number, months[0], 1), following - timedelta(1)


@functools.cache
def _months() -> list["regex.Pattern[str]"]:
    """Return a pattern of each month's names."""
    return [whole_words(names_of(month)) for month in MONTHS.split()]


@functools.cache
def _relative() -> list[tuple["regex.Pattern[str]", int]]:
    spans = []
    for key, days in _SPANS.items():
        phrases = {phrase for table in _tables() for phrase in table.get("relative-type", {}).get(key, [])}
        spans.append((whole_words(phrases), days))
    return spans


def names_of(key: str) -> set[str]:
    """Return how a month or weekday is called, less abbreviations that are other words."""
    return {name for table in _tables() for name in table[key] if len(name) > _SHORT or key == "may"}


def whole_words(words: set[str]) -> "regex.Pattern[str]":
    """Return a pattern of any of `words`."""
    longest_first = "|".join(sorted(map(regex.escape, words), key=len, reverse=True))
    return regex.compile(rf"(?<!\p{{L}})(?:{longest_first})(?!\p{{L}})", regex.IGNORECASE)


@functools.cache
def _tables() -> list[dict[str, dict[str, list[str]]]]:
    return [import_module(f"dateparser.data.date_translation_data.{name}").info for name in LANGUAGES.split()]
