"""What a question says of time, held against the days on which articles were published.

"Who is the minister now" wants the newest of two sources, "in May 2023" one of those days. It only ever
decides between sentences that speak to the question alike: many articles tell of a time that is not theirs.
"""

import functools
from collections.abc import Sequence
from datetime import date, timedelta

import regex

from index.text.calendars import MONTHS, names_of, phrases_of, whole_words

_LATEST = regex.compile(
    r"(?<!\p{L})(?:last|latest|most recent(?:ly)?|newest|current(?:ly)?|now|today|nowadays|zuletzt"
    r"|letzte[nrms]?|neueste[nrms]?|jüngste[nrms]?|aktuell\p{L}*|derzeit|heute|jetzt|derni(?:er|ère)s?|récente?s?|récemment"
    r"|actuel\p{L}*|maintenant|aujourd|últim[oa]s?|recientes?|actual(?:mente)?|ahora|hoy|ultim[oa]|recente"
    r"|attual\p{L}*|adesso|oggi|atual\p{L}*|agora|hoje|laatste?|nieuwste|huidige|nu|vandaag|последн\p{L}*"
    r"|недавн\p{L}*|сейчас|теперь|текущ\p{L}*|останн\p{L}*|зараз|son|güncel|şimdi|şu an\p{L}*|bugün"
    r"|ostatni\p{L}*|obecn\p{L}*|teraz|najnowsz\p{L}*|senaste?|nuvarande)(?!\p{L})",
    regex.IGNORECASE,
)
_YEAR = regex.compile(r"(?<!\p{N})(?:19|20)\p{N}{2}(?!\p{N})")
# A span of days up to today, by the phrases of each language for it.
_SPANS = {"1 day ago": 2, "1 week ago": 14, "1 month ago": 62}
# How much less it counts that an article is new where the question says nothing of time.
_UNASKED = 0.25


def timeliness(question: str, published: Sequence[date | None], today: date) -> list[float]:
    """Return for each day of publication how well it suits what `question` says of time, from 0 to 1.

    Where it names no time the newest suits best: what two sources say of a thing that changes is truer in
    the newer. An article without a day suits least.
    """
    if wanted := _period(question, today):
        start, end = wanted
        return [float(day is not None and start <= day <= end) for day in published]
    days = sorted({day for day in published if day})
    newest = 1.0 if _LATEST.search(question) else _UNASKED
    if len(days) < 2:
        return [0.0] * len(published)
    return [newest * days.index(day) / (len(days) - 1) if day else 0.0 for day in published]


def _period(question: str, today: date) -> tuple[date, date] | None:
    """Return the first and last day that the question names: last week, May 2023, 2004."""
    for phrases, days in _relative():
        if phrases.search(question):
            return today - timedelta(days), today
    year = _YEAR.search(question)
    if not year:
        return None
    number = int(year.group())
    months = [month for month, names in enumerate(_months(), 1) if names.search(question)]
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
    return [(whole_words(phrases_of(key)), days) for key, days in _SPANS.items()]
