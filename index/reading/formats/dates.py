"""Days as files state them. What can be read two ways, or contradicts itself, is no day."""

import functools
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath

import regex

from index.lexicon import any_of, languages
from index.text.calendars import DAYS, names_of

_EARLIEST = date(1600, 1, 1)
# The zeros of clocks.
_NO_DAYS = {date(1601, 1, 1), date(1899, 12, 30), date(1904, 1, 1), date(1970, 1, 1)}
_MAX_LENGTH = 60
_YEAR_FIRST = re.compile(r"\A(\d{4})[-/.]\s?(\d{1,2})[-/.]\s?(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"\A(\d{4})(\d{2})(\d{2})(?:\d{6})?(?!\d)")
# With dots the day comes first wherever this is written; with slashes it depends on the country.
_DAY_FIRST = re.compile(r"(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)")
_SLASHES = re.compile(r"(?<![\d/-])(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?!\d)")
_NUMERAL = "[0-9〇零一二三四五六七八九十元]"
_YEAR_MONTH_DAY = (
    rf"({_NUMERAL}{{1,6}})\s?[年년]\s?({_NUMERAL}{{1,3}})\s?[月월]\s?({_NUMERAL}{{1,3}})\s?[日號号일]"
)
_EPOCH = re.compile(r"\A(\d{9,10}|\d{12,13})(?:\.\d{1,9})?\Z")
_IN_NAME = re.compile(r"(?<!\d)((?:1[6-9]|20)\d{2})([-_.]?)([01]\d)\2([0-3]\d)(?!\d)")
_WORD = re.compile(r"[^\W\d_]{3,}")
# Of databases and of linked data.
_WRAPPED = ("$date", "$numberLong", "@value", "_seconds", "seconds", "value", "iso")
# A name that most abbreviate to three letters.
_ENGLISH = {day[:3]: number for number, day in enumerate(DAYS)}


def as_date(value: object) -> date | None:
    """Return the day that a value states, or None: an ambiguous day is none.

    Takes dates, ISO 8601, RFC 2822, `27.5.2024`, days with the month's name in any language, and seconds or
    milliseconds since 1970; of a database's `{"$date": ...}` or of a list what is in it.
    """
    for _ in range(3):
        if isinstance(value, Mapping):
            value = next((value[key] for key in _WRAPPED if key in value), None)
        elif isinstance(value, list):
            value = value[0] if value else None
    if isinstance(value, date):
        return _plausible(value.date() if isinstance(value, datetime) else value)
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    text = " ".join(unicodedata.normalize("NFKC", str(value)[: 2 * _MAX_LENGTH]).split())
    if not 6 <= len(text) <= _MAX_LENGTH:
        return None
    if match := _EPOCH.match(text):
        seconds = int(match[1]) if len(match[1]) < 11 else int(match[1]) // 1000
        return _plausible(datetime.fromtimestamp(seconds, UTC).date())
    for pattern in (_YEAR_FIRST, _COMPACT):
        if match := pattern.match(text):
            return _day(*match.groups())
    numbered = _east_asian().search(text)
    return _in_order(numbered) if numbered else _worded(text)


def date_in_name(path: str) -> date | None:
    """Return the day in a file's name or in an address, such as 2024-05-27 or 20240527."""
    for part in reversed(PurePosixPath(path).parts[-4:]):
        if match := _IN_NAME.search(part):
            return _day(match[1], match[3], match[4])
    match = re.search(r"(?:^|/)((?:19|20)\d{2})/(\d{1,2})/(\d{1,2})(?:/|$)", path)
    return _day(*match.groups()) if match else None


def _worded(text: str) -> date | None:
    """Return the day of a text in which a weekday may stand, which tells readings apart."""
    if match := _DAY_FIRST.search(text):
        days = [_day(match[3], match[2], match[1])]
    elif match := _SLASHES.search(text):
        first, second, year = match.groups()
        days = [_day(year, second, first), _day(year, first, second)]
    else:
        days = [_written_out(text)]
    possible = {day for day in days if day}
    if possible and (weekday := _weekday(text)) is not None:
        possible = {day for day in possible if day.weekday() == weekday}
    return possible.pop() if len(possible) == 1 else None


def _written_out(text: str) -> date | None:
    try:
        return _plausible(parsedate_to_datetime(text).date())
    except (ValueError, TypeError, IndexError, OverflowError):
        pass
    if not _WORD.search(text) or not re.search(r"\d{4}", text):
        return None
    import dateparser

    found = dateparser.parse(
        text,
        settings={
            "STRICT_PARSING": True,
            "REQUIRE_PARTS": ["day", "month", "year"],
            "PARSERS": ["absolute-time"],
        },
    )
    return _plausible(found.date()) if found else None


def _weekday(text: str) -> int | None:
    words = [word.casefold() for word in _WORD.findall(text)]
    found = {_ENGLISH[word] for word in words if word in _ENGLISH} or {
        _weekdays()[word] for word in words if word in _weekdays()
    }
    return found.pop() if len(found) == 1 else None


@functools.cache
def _weekdays() -> dict[str, int]:
    """Return the numbers of weekdays by their names, without what names two of them in two languages."""
    named: dict[str, set[int]] = {}
    for number, day in enumerate(DAYS):
        for name in names_of(day):
            named.setdefault(name.casefold(), set()).add(number)
    return {name: numbers.pop() for name, numbers in named.items() if len(numbers) == 1}


@functools.cache
def _east_asian() -> "regex.Pattern[str]":
    return regex.compile(rf"({any_of(map(regex.escape, _eras()))})?\s?{_YEAR_MONTH_DAY}")


@functools.cache
def _eras() -> dict[str, int]:
    return {name: int(before) for language in languages() for name, before in language.calendar.eras.items()}


def _in_order(match: "regex.Match[str]") -> date | None:
    year, month, day = map(_number, match.groups()[1:])
    return _day(str(year + _eras().get(match[1] or "", 0)), str(month), str(day))


def _number(numeral: str) -> int:
    total = digits = 0
    for character in numeral.replace("元", "一"):
        value = int(unicodedata.numeric(character))
        if value == 10:
            total, digits = total + 10 * (digits or 1), 0
        else:
            digits = 10 * digits + value
    return total + digits


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return _plausible(date(int(year), int(month), int(day)))
    except ValueError:
        return None


def _plausible(day: date) -> date | None:
    # Somewhere it is tomorrow already.
    latest = date.today() + timedelta(days=1)
    return day if _EARLIEST <= day <= latest and day not in _NO_DAYS else None
