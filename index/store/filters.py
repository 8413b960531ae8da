"""What a question may be limited to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from index.text.language import known_code

_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Filters:
    """Limits that a story passes if any of its places does; both dates are inclusive.

    `path` is a file, a folder with all in it, or a pattern with `*`, which stands for any characters.
    """

    since: date | None = None
    until: date | None = None
    source: str | None = None
    language: str | None = None
    path: str | None = None
    tag: str | None = None

    def __bool__(self) -> bool:
        return self != _NONE

    def clause(self) -> tuple[str, list[object]]:
        """Return a condition on the table `article`, whose rows are stories' own, and its values."""
        conditions: list[tuple[str, Sequence[object]]] = []
        if self.since:
            conditions.append(("place.published >= ?", [as_number(self.since)]))
        if self.until:
            conditions.append(("place.published <= ?", [as_number(self.until)]))
        if self.source is not None:
            conditions.append(("lower(place.source) = lower(?)", [self.source]))
        if self.language is not None:
            conditions.append(("place.language = ?", [known_code(self.language)]))
        if self.path is not None:
            conditions.append(_path_condition(self.path))
        if self.tag is not None:
            tags = "EXISTS (SELECT 1 FROM json_each(place.tags) WHERE lower(value) = lower(?))"
            conditions.append((tags, [self.tag]))
        if not conditions:
            return "1", []
        stories = (
            "SELECT story FROM article AS place WHERE generation ="
            " (SELECT value FROM state WHERE key = 'generation') AND NOT pending AND "
        ) + " AND ".join(condition for condition, _ in conditions)
        found = [value for _, values in conditions for value in values]
        # SQLite takes no half characters, which an argument has for bytes that are no UTF-8.
        plain = [_HALF.sub("\ufffd", value) if isinstance(value, str) else value for value in found]
        return f"article.key IN ({stories})", plain


_NONE = Filters()


def _path_condition(path: str) -> tuple[str, Sequence[object]]:
    # In SQLite's patterns `*` alone is to be special.
    pattern = path.replace("[", "[[]").replace("?", "[?]")
    if "*" in pattern:
        return "place.path GLOB ?", [pattern]
    # What is in a folder or an archive comes after `/`, what is in a list after `#`.
    inside = pattern.rstrip("/")
    return "(place.path = ? OR place.path GLOB ? OR place.path GLOB ?)", [path, f"{inside}/*", f"{inside}#*"]


def as_number(day: date | None) -> int | None:
    """Return a date as yyyymmdd."""
    return day.year * 10_000 + day.month * 100 + day.day if day else None


def as_date(number: int | None) -> date | None:
    """Return the date that yyyymmdd stands for."""
    return date(number // 10_000, number // 100 % 100, number % 100) if number else None
