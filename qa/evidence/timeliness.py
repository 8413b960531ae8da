"""What a question says of time, compared with the days on which articles were published.

"Who is the minister now" asks for the newest of two sources, "in May 2023" for one of those days. Time only
decides between sentences that answer the question equally well, because many articles tell of a time that is
not theirs.
"""

import functools
from collections.abc import Sequence
from datetime import date, timedelta

import regex

from index.lexicon import any_of, compiled, words
from index.text.calendars import MONTHS, whole_names, whole_phrases

from .weights import EVIDENCE

_YEAR = regex.compile(r"(?<!\p{N})(?:19|20)\p{N}{2}(?!\p{N})")
# How many days up to today these cover: yesterday itself, all of last week, all of last month.
_YESTERDAY, _LAST_WEEK, _LAST_MONTH = 2, 14, 62


def timeliness(
    question: str, published: Sequence[date | None], today: date, unasked: float = EVIDENCE.unasked
) -> list[float]:
    """Return for each day of publication how well it suits what `question` says of time, from 0 to 1.

    If the question names no time, the newest article suits best: of two sources that differ the newer is more
    likely to be right. It then counts `unasked` of what it would if the newest were asked for. An article
    without a day suits least.
    """
    if wanted := _period(question, today):
        start, end = wanted
        return [float(day is not None and start <= day <= end) for day in published]
    days = sorted({day for day in published if day})
    newest = 1.0 if _latest().search(question) else unasked
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
def _latest() -> "regex.Pattern[str]":
    return compiled(rf"(?<!\p{{L}}){any_of(words(lambda language: language.time.latest))}(?!\p{{L}})")


@functools.cache
def _months() -> list["regex.Pattern[str]"]:
    """Return a pattern of each month's names."""
    return [whole_names(month) for month in MONTHS]


@functools.cache
def _relative() -> list[tuple["regex.Pattern[str]", int]]:
    """Return what names a span of days up to today, with its length."""
    return [
        (whole_phrases(words(lambda language: language.time.yesterday)), _YESTERDAY),
        (whole_phrases(words(lambda language: language.time.last_week)), _LAST_WEEK),
        (whole_phrases(words(lambda language: language.time.last_month)), _LAST_MONTH),
    ]
