"""What a question may be limited to."""

import difflib
import functools
import itertools
import json
import posixpath
import re
import sqlite3
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeAlias, TypedDict, Unpack

from index.errors import QuestionError
from index.text.language import known_code

_HALF = re.compile("[\ud800-\udfff]")
# Written forms with codes of their own, which a question for the language means too.
_KINDS = {"no": ("nn",)}
# Name at most this many values when a question asks for one that no article has.
_NAMED = 10


# What several values can be given of: the names of fields of Filters and of Limits.
KINDS = ("source", "language", "path", "tag")
# The single articles that readers see.
PLACES = (
    "article AS place WHERE NOT place.pending"
    " AND place.generation = (SELECT value FROM state WHERE key = 'generation')"
)
_LISTED = "(SELECT value FROM json_each(?))"
# One value, or several of which one is enough.
Values: TypeAlias = str | Sequence[str] | None


def _several(values: Values) -> tuple[str, ...]:
    if values is None:
        return ()
    return (values,) if isinstance(values, str) else tuple(dict.fromkeys(values))


class Limits(TypedDict, total=False):
    """What a question may be limited to, as people and programs write it: days also as yyyy-mm-dd."""

    since: date | str | None
    until: date | str | None
    source: Values
    language: Values
    path: Values
    tag: Values


@dataclass(frozen=True, slots=True)
class Filters:
    """Limits that a story passes if any of its places does; both dates are inclusive.

    Of several sources, languages, paths or tags, one is enough; a single one may be given as it is. `source`
    and `tag` are compared without regard to case. `language` is an ISO 639 code: `en`, `eng` and `en-GB` are
    one. `path` is a file, a folder with all in it, or a pattern in which `*` stands for any characters; the
    name of the folder of the articles may stand before it.

    Raises QuestionError if `since` is after `until`.
    """

    since: date | None = None
    until: date | None = None
    source: Values = ()
    language: Values = ()
    path: Values = ()
    tag: Values = ()

    def __post_init__(self) -> None:
        for name in ("since", "until"):
            if isinstance(moment := getattr(self, name), datetime):
                object.__setattr__(self, name, moment.date())
        for kind in KINDS:
            object.__setattr__(self, kind, _several(getattr(self, kind)))
        if self.since and self.until and self.since > self.until:
            raise QuestionError(
                f"no day is both on or after {self.since} (since) and on or before {self.until} (until): "
                "swap them, or leave one out"
            )

    def __bool__(self) -> bool:
        return self != _NONE

    @classmethod
    def of(cls, **limits: Unpack[Limits]) -> "Filters":
        """Return the filters for `limits`. Raises QuestionError if a date is not one."""
        given: dict[str, Any] = dict(limits)
        given.update({name: _day(given[name], name) for name in ("since", "until") if name in given})
        return cls(**given)

    def limits(self) -> Limits:
        """Return the same as keyword arguments."""
        return {
            "since": self.since,
            "until": self.until,
            "source": self.source,
            "language": self.language,
            "path": self.path,
            "tag": self.tag,
        }

    @property
    def is_plural(self) -> bool:
        """Return whether any kind has several values."""
        return any(len(self.of_kind(kind)) > 1 for kind in KINDS)

    def of_kind(self, kind: str) -> tuple[str, ...]:
        """Return the values of one of the KINDS."""
        return _several(getattr(self, kind))

    def without(self, *names: str) -> "Filters":
        """Return the same without some limits."""
        fields: dict[str, Any] = dict.fromkeys(names)
        return replace(self, **fields)

    def only(self, *names: str) -> "Filters":
        """Return some of the limits alone."""
        fields: dict[str, Any] = {name: getattr(self, name) for name in names}
        return Filters(**fields)

    def inside(self, folder: str | None, passed: "Callable[[Filters], bool]") -> "Filters":
        """Return the same with paths as an index of `folder` holds them: within that folder.

        A path may be as it is seen from outside, with the folder's own name before it, unless an article in
        the folder has `passed` with it as it is.
        """
        if not folder or not self.path:
            return self
        paths = [
            path if (within := _within(path, folder)) is None or passed(Filters(path=path)) else within or "."
            for path in self.of_kind("path")
        ]
        return replace(self, path=paths)

    def values(self) -> "list[tuple[str, str, Filters]]":
        """Return the name and value of each limit that is not a day, with that limit alone."""
        return [
            (kind, value, replace(self.only(kind), **{kind: value}))  # type: ignore[arg-type]
            for kind in KINDS
            for value in self.of_kind(kind)
        ]

    def clause(self) -> tuple[str, list[object]]:
        """Return a condition on the table `article`, whose rows are stories' own, and its values.

        The database needs the functions of `register`.
        """
        condition, values = self.places()
        if condition == "1":
            return condition, values
        return f"article.key IN (SELECT story FROM {PLACES} AND {condition})", values

    def places(self) -> tuple[str, list[object]]:
        """Return a condition on single articles, in the table `place`, and its values."""
        conditions: list[tuple[str, Sequence[object]]] = []
        if self.since:
            conditions.append(("place.published >= ?", [as_number(self.since)]))
        if self.until:
            conditions.append(("place.published <= ?", [as_number(self.until)]))
        if sources := self.of_kind("source"):
            conditions.append((f"folded(place.source) IN {_LISTED}", [_json(map(folded, sources))]))
        if languages := self.of_kind("language"):
            codes = {code for language in languages for code in _spoken(language)}
            conditions.append((f"place.language IN {_LISTED}", [_json(sorted(codes))]))
        if paths := self.of_kind("path"):
            conditions.append(_path_condition(paths))
        if tags := self.of_kind("tag"):
            tagged = f"EXISTS (SELECT 1 FROM json_each(place.tags) WHERE folded(value) IN {_LISTED})"
            conditions.append((tagged, [_json(map(folded, tags))]))
        # SQLite takes no half characters, which an argument has for bytes that are not UTF-8.
        plain = [_plain(value) for _, values in conditions for value in values]
        return " AND ".join(condition for condition, _ in conditions) or "1", plain


_NONE = Filters()


def _plain(value: object) -> object:
    return _HALF.sub("\ufffd", value) if isinstance(value, str) else value


def _json(values: Iterable[str]) -> str:
    return json.dumps([_plain(value) for value in values])


def _day(value: date | str | None, name: str) -> date | None:
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise QuestionError(f"{name} = {value!r} is not a date: write it as 2024-05-31") from error


def _path_condition(paths: Sequence[str]) -> tuple[str, Sequence[object]]:
    # File systems and keyboards differ in how they write é: one character or two.
    stored = "place.path" if all(path.isascii() for path in paths) else "composed(place.path)"
    conditions: list[str] = []
    values: list[object] = []
    for path in map(composed, paths):
        # What follows `#` is the name of an item of a list, which may hold anything: it is compared as it is.
        exact, plain = [path], _normal(path)
        if plain == ".":
            return "1", []
        # The path of what is in a folder or an archive goes on with `/`, in a list with `#`.
        patterns = [f"{_literal(plain)}/*", f"{_literal(plain)}#*"]
        if "*" in plain:
            patterns.append(_literal(plain).replace("[*]", "*"))
        exact += [plain] if plain != path else []
        conditions += [f"{stored} = ?"] * len(exact) + [f"{stored} GLOB ?"] * len(patterns)
        values += [*exact, *patterns]
    return f"({' OR '.join(conditions)})", values


def _normal(path: str) -> str:
    """Return a path without the detours that people and shells write: `./a//b/../` is `a`."""
    return posixpath.normpath(path) if path else path


def _within(path: str, folder: str) -> str | None:
    """Return what stands in a path behind a folder, as far as the path names that; None if it does not."""
    if path.startswith("/"):
        base = f"{folder.rstrip('/')}/"
        return f"{_normal(path)}/"[len(base) :] if f"{_normal(path)}/".startswith(base) else None
    # Seen from another folder it may begin with `..`, and with any number of the folder's last names.
    named = list(itertools.dropwhile(lambda part: part in (".", ".."), composed(path).split("/")))
    above = composed(folder).strip("/").split("/")
    for count in range(min(len(named), len(above)), 0, -1):
        if named[:count] == above[-count:]:
            return "/".join(named[count:])
    return None


def _literal(path: str) -> str:
    """Return a pattern of SQLite's that stands for this path alone."""
    return path.replace("[", "[[]").replace("?", "[?]").replace("*", "[*]")


def register(db: sqlite3.Connection) -> None:
    """Give a connection the functions that conditions use. SQLite's own know the letters of ASCII only."""
    db.create_function("folded", 1, _folded, deterministic=True)
    db.create_function("composed", 1, composed, deterministic=True)


def _folded(text: str | None) -> str | None:
    return None if text is None else folded(text)


@functools.lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Return what texts that differ in case, blanks or the form of their characters have in common."""
    return composed(" ".join(unicodedata.normalize("NFKD", text).casefold().split()))


def composed(text: str) -> str:
    """Return a text with its characters and their marks composed (NFC)."""
    return unicodedata.normalize("NFC", text)


def _spoken(asked: str) -> set[str]:
    """Return the codes of the articles that are in the language asked for."""
    code = known_code(asked)
    return {code, *_KINDS.get(code, ())}


def asked_for(code: str) -> set[str]:
    """Return the codes that find articles in the language `code` when they are asked for."""
    return {code, *(wide for wide, kinds in _KINDS.items() if code in kinds)}


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
