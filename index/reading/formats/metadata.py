"""What files state about their article: dates, addresses, names. What is not stated stays missing."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath

from index.text.language import known_code

_EARLIEST = date(1600, 1, 1)
_MAX_DATE_LENGTH = 60
_MAX_NAMES = 30
_MAX_NAME = 120
_YEAR_FIRST = re.compile(r"\A(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_COMPACT = re.compile(r"\A(\d{4})(\d{2})(\d{2})(?!\d)")
# With dots the day comes first wherever this is written; with slashes it depends on the country.
_DAY_FIRST = re.compile(r"\A(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)")
_SLASHES = re.compile(r"\A(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?!\d)")
_IN_NAME = re.compile(r"(?<!\d)((?:1[6-9]|20)\d{2})([-_.]?)([01]\d)\2([0-3]\d)(?!\d)")
_MONTH_NAMED = re.compile(r"[^\W\d_]{3,}")


def as_date(value: object) -> date | None:
    """Return the day that a value states, or None: an ambiguous day is none.

    Takes dates, ISO 8601, RFC 2822, `27.5.2024`, and days with the month's name in any language.
    """
    if isinstance(value, datetime):
        return _plausible(value.date())
    if isinstance(value, date):
        return _plausible(value)
    text = " ".join(value.split()) if isinstance(value, str) else str(value) if type(value) is int else ""
    if not 6 <= len(text) <= _MAX_DATE_LENGTH:
        return None
    for pattern in (_YEAR_FIRST, _COMPACT):
        if match := pattern.match(text):
            return _day(*match.groups())
    if match := _DAY_FIRST.match(text):
        return _day(*reversed(match.groups()))
    if match := _SLASHES.match(text):
        first, second, year = match.groups()
        if int(first) > 12 or first == second:
            return _day(year, second, first)
        return _day(year, first, second) if int(second) > 12 else None
    return _written_out(text)


def _written_out(text: str) -> date | None:
    try:
        return _plausible(parsedate_to_datetime(text).date())
    except (ValueError, TypeError, IndexError, OverflowError):
        pass
    if not _MONTH_NAMED.search(text) or not re.search(r"\d{4}", text):
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


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return _plausible(date(int(year), int(month), int(day)))
    except ValueError:
        return None


def _plausible(day: date) -> date | None:
    # Somewhere it is tomorrow already.
    return day if _EARLIEST <= day <= date.today() + timedelta(days=1) else None


def date_in_name(path: str) -> date | None:
    """Return the day in a file's name or in an address, such as 2024-05-27 or 20240527."""
    for part in reversed(PurePosixPath(path).parts[-4:]):
        if match := _IN_NAME.search(part):
            return _day(match[1], match[3], match[4])
    match = re.search(r"(?:^|/)((?:19|20)\d{2})/(\d{2})/(\d{2})(?:/|$)", path)
    return _day(*match.groups()) if match else None


def web_address(value: object) -> str | None:
    """Keep addresses of web pages only: a `javascript:` one would be a trap on the page."""
    text = value.strip() if isinstance(value, str) else ""
    return text[:2000] if re.match(r"https?://[^\s/]", text, re.IGNORECASE) else None


def language_code(value: object) -> str | None:
    """Return the ISO 639 code of what a file states: `de` of `de-AT`, `de_DE` or `deu`."""
    match = re.match(r"([a-z]{2,3})(?:[-_]|\Z)", value.strip().lower()) if isinstance(value, str) else None
    return known_code(match[1]) if match else None


def names(value: object) -> tuple[str, ...]:
    """Return authors or tags out of a text with commas, a list, or objects with a name; each once."""
    if isinstance(value, str):
        found: Iterable[object] = re.split(r"[,;|\n]", value)
    elif isinstance(value, dict):
        found = [value.get("name")]
    elif isinstance(value, (list, tuple)):
        found = [item.get("name") if isinstance(item, dict) else item for item in value[: 4 * _MAX_NAMES]]
    else:
        return ()
    plain = (" ".join(item.split()) for item in found if isinstance(item, str))
    return tuple(dict.fromkeys(name for name in plain if 0 < len(name) <= _MAX_NAME))[:_MAX_NAMES]
