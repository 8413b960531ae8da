"""What a question may be limited to."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Filters:
    """Limits that a story passes if any of its places does; both dates are inclusive."""

    since: date | None = None
    until: date | None = None
    source: str | None = None
    language: str | None = None

    def __bool__(self) -> bool:
        return any(value is not None for value in (self.since, self.until, self.source, self.language))

    def clause(self) -> tuple[str, list[object]]:
        """Return a condition on the table `article`, whose rows are stories' own, and its values."""
        conditions: list[tuple[str, object]] = []
        if self.since:
            conditions.append(("place.published >= ?", as_number(self.since)))
        if self.until:
            conditions.append(("place.published <= ?", as_number(self.until)))
        if self.source is not None:
            conditions.append(("lower(place.source) = lower(?)", self.source))
        if self.language is not None:
            conditions.append(("place.language = ?", self.language.lower()))
        if not conditions:
            return "1", []
        stories = (
            "SELECT story FROM article AS place WHERE generation ="
            " (SELECT value FROM state WHERE key = 'generation') AND NOT pending AND "
        ) + " AND ".join(condition for condition, _ in conditions)
        return f"article.key IN ({stories})", [value for _, value in conditions]


def as_number(day: date | None) -> int | None:
    """Return a date as yyyymmdd."""
    return day.year * 10_000 + day.month * 100 + day.day if day else None


def as_date(number: int | None) -> date | None:
    """Return the date that yyyymmdd stands for."""
    return date(number // 10_000, number // 100 % 100, number % 100) if number else None
