"""Numbers, days and languages as the reader writes them."""

from datetime import UTC, date, datetime

from babel.dates import format_date, format_skeleton

from index.store.labels import plain
from ui.translation import _, decimal, locale, ngettext


def articles(number: int) -> str:
    """Return `1,234 articles`."""
    return ngettext("{n} article", "{n} articles", number).format(n=decimal(number))


def day(value: date | None) -> str:
    """Return `27 May 2024`, or nothing."""
    return str(format_date(value, "medium", locale=locale())) if value else ""


def moment(stated: str | None) -> str:
    """Return a time, ISO 8601 with its distance from UTC, as `27 May 2024, 18:05 UTC`; a dash for none."""
    if not stated:
        return "–"
    time = datetime.fromisoformat(stated).astimezone(UTC)
    return f"{day(time)}, {time:%H:%M} UTC"


def month(value: int) -> str:
    """Return the month of yyyymm as `May 2024`; a year alone as it is."""
    if value < 10_000:
        return str(value)
    return str(format_skeleton("yMMM", date(value // 100, value % 100, 1), locale=locale()))


def language(code: str | None) -> str:
    """Return the name of a language; nothing if it is not known."""
    return str(locale().languages.get(code, code)) if code else ""


def languages() -> tuple[str, ...]:
    """Return the codes of all languages in the order of their names."""
    names = locale().languages
    return tuple(sorted(names, key=lambda code: plain(names[code])))


def outlet(name: str | None) -> str:
    """Return an outlet's name, or that none is stated."""
    return name or _("No outlet stated")
