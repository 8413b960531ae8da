"""What a question may be limited to."""

import difflib
import functools
import json
import re
import sqlite3
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict, Unpack

from index.errors import QuestionError
from index.text.language import known_code

_HALF = re.compile("[\ud800-\udfff]")
# Written forms with codes of their own, which a question for the language means too.
_KINDS = {"no": ("nn",)}
# Name at most this many values when a question asks for one that no article has.
_NAMED = 10


class Limits(TypedDict, total=False):
    """What a question may be limited to, as people and programs write it: days also as yyyy-mm-dd."""

    since: date | str | None
    until: date | str | None
    source: str | None
    language: str | None
    path: str | None
    tag: str | None


@dataclass(frozen=True, slots=True)
class Filters:
    """Limits that a story passes if any of its places does; both dates are inclusive.

    `source` and `tag` are compared without regard to case. `language` is an ISO 639 code: `en`, `eng` and
    `en-GB` are one. `path` is a file, a folder with all in it, or a pattern in which `*` stands for any
    characters.
    """

    since: date | None = None
    until: date | None = None
    source: str | None = None
    language: str | None = None
    path: str | None = None
    tag: str | None = None

    def __bool__(self) -> bool:
        return self != _NONE

    @classmethod
    def of(cls, **limits: Unpack[Limits]) -> "Filters":
        """Return the filters for `limits`. Raises QuestionError if a date is not one."""
        given: dict[str, Any] = dict(limits)
        given.update({name: _day(given[name], name) for name in ("since", "until") if name in given})
        return cls(**given)

    def values(self) -> "list[tuple[str, str, Filters]]":
        """Return the name and value of each limit that is not a day, with that limit alone."""
        given = (
            ("language", self.language, Filters(language=self.language)),
            ("source", self.source, Filters(source=self.source)),
            ("path", self.path, Filters(path=self.path)),
            ("tag", self.tag, Filters(tag=self.tag)),
        )
        return [(name, value, alone) for name, value, alone in given if value is not None]

    def clause(self) -> tuple[str, list[object]]:
        """Return a condition on the table `article`, whose rows are stories' own, and its values.

        The database needs the functions of `register`.
        """
        conditions: list[tuple[str, Sequence[object]]] = []
        if self.since:
            conditions.append(("place.published >= ?", [as_number(self.since)]))
        if self.until:
            conditions.append(("place.published <= ?", [as_number(self.until)]))
        if self.source is not None:
            conditions.append(("folded(place.source) = folded(?)", [self.source]))
        if self.language is not None:
            codes = json.dumps(sorted(_spoken(self.language)))
            conditions.append(("place.language IN (SELECT value FROM json_each(?))", [codes]))
        if self.path is not None:
            conditions.append(_path_condition(self.path))
        if self.tag is not None:
            tags = "EXISTS (SELECT 1 FROM json_each(place.tags) WHERE folded(value) = folded(?))"
            conditions.append((tags, [self.tag]))
        if not conditions:
            return "1", []
        stories = (
            "SELECT story FROM article AS place WHERE generation ="
            " (SELECT value FROM state WHERE key = 'generation') AND NOT pending AND "
        ) + " AND ".join(condition for condition, _ in conditions)
        found = [value for _, values in conditions for value in values]
        # SQLite takes no half characters, which an argument has for bytes that are not UTF-8.
        plain = [_HALF.sub("\ufffd", value) if isinstance(value, str) else value for value in found]
        return f"article.key IN ({stories})", plain


_NONE = Filters()


def _day(value: date | str | None, name: str) -> date | None:
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise QuestionError(f"{name} = {value!r} is not a date: write it as 2024-05-31") from error


def _path_condition(path: str) -> tuple[str, Sequence[object]]:
    # File systems and keyboards differ in how they write é: one character or two.
    stored = "place.path" if path.isascii() else "composed(place.path)"
    # Keep only `*` special in SQLite's patterns.
    pattern = composed(path).replace("[", "[[]").replace("?", "[?]")
    if "*" in pattern:
        return f"{stored} GLOB ?", [pattern]
    # The path of what is in a folder or an archive goes on with `/`, in a list with `#`.
    inside = pattern.rstrip("/")
    condition = f"({stored} = ? OR {stored} GLOB ? OR {stored} GLOB ?)"
    return condition, [composed(path), f"{inside}/*", f"{inside}#*"]


def register(db: sqlite3.Connection) -> None:
    """Give a connection the functions that conditions use. SQLite's own know the letters of ASCII only."""
    db.create_function("folded", 1, folded, deterministic=True)
    db.create_function("composed", 1, composed, deterministic=True)


@functools.lru_cache(maxsize=4096)
def folded(text: str | None) -> str | None:
    """Return what texts that differ in case, blanks or the form of their characters have in common."""
    if text is None:
        return None
    return composed(" ".join(unicodedata.normalize("NFKD", text).casefold().split()))


def composed(text: str) -> str:
    """Return a text with its characters and their marks composed (NFC)."""
    return unicodedata.normalize("NFC", text)


def _spoken(asked: str) -> set[str]:
    """Return the codes of the articles that are in the language asked for."""
    code = known_code(asked)
    return {code, *_KINDS.get(code, ())}


def unknown_value(name: str, value: str, known: Sequence[str]) -> str:
    """Say that no article has a value, and which there are; `known` has the most frequent first."""
    what = {
        "language": f"no article is in the language {value!r}",
        "source": f"no article is from the source {value!r}",
        "path": f"no article has the path {value!r}",
        "tag": f"no article has the tag {value!r}",
    }[name]
    if not known:
        return f"{what}: no article has any {name}, so leave that limit out"
    near = difflib.get_close_matches(value, known, n=3)
    named = list(dict.fromkeys([*near, *known]))[:_NAMED]
    more = f" and {len(known) - len(named):,} more" if len(known) > len(named) else ""
    return f"{what}: choose among {', '.join(named)}{more}"


def as_number(day: date | None) -> int | None:
    """Return a date as yyyymmdd."""
    return day.year * 10_000 + day.month * 100 + day.day if day else None


def as_date(number: int | None) -> date | None:
    """Return the date that yyyymmdd stands for."""
    return date(number // 10_000, number // 100 % 100, number % 100) if number else None
