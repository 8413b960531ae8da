"""What an index holds, to look at: a list of articles, how many there are of what, what was skipped."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

from index.reading.prepare import place_of

from .catalog import Catalog, as_day
from .connection import FileId, storage_errors
from .labels import plain
from .schema import LEFT_OUT

Order = Literal["title", "source", "published", "language", "words", "path", "places"]
ORDERS: tuple[Order, ...] = get_args(Order)
PAGE = 50
_CACHE_KB = 65_536
# More words than these in a search find nothing that fewer do not.
_MAX_WORDS = 12

_SHOWN = "generation = :generation AND pending = 0"
# What each order sorts by. What is not known comes last, whichever way the terms with ~ are sorted.
_SORTED: dict[Order, tuple[str, ...]] = {
    "title": ("label~",),
    "source": ("source IS NULL", "source COLLATE NOCASE~"),
    "published": ("published IS NULL", "published~"),
    "language": ("language IS NULL", "place_of_language(language)~"),
    "words": ("word_count~",),
    "path": ("path~",),
    "places": ("places~",),
}
_PLACES = f"(SELECT story AS told, COUNT(*) AS places FROM article WHERE {_SHOWN} GROUP BY story)"
# Files whose kind is not read have no row of their own.
_SKIPPED = (
    "SELECT file.path AS path, part.key AS name, part.value AS reason FROM file, json_each(skipped) AS part"
    " WHERE generation = :generation AND NOT pending AND skipped != '{}'"
    " UNION ALL SELECT part.key, '', part.value FROM state, json_each(state.value) AS part"
    f" WHERE state.key = '{LEFT_OUT}'"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which page of the list: articles with all words of `text` in title, outlet or path.

    Pages count from 0. One beyond the last is the last. `languages` are codes in the order in which they are
    sorted; any others come after them, by code.
    """

    text: str = ""
    order: Order = "published"
    descending: bool = True
    page: int = 0
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """An article in the list. `places` counts the articles that tell its story, itself included."""

    id: str
    path: str
    title: str
    source: str | None
    published: date | None
    language: str | None
    words: int
    places: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the list; `found` articles pass the search."""

    rows: tuple[Listed, ...]
    found: int
    page: int

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.found // PAGE))


@dataclass(frozen=True, slots=True)
class Overview:
    """Numbers of articles by month (`yyyymm`, in order), outlet and language, the most frequent first.

    None stands for those without a date, outlet or language.
    """

    months: tuple[tuple[int | None, int], ...]
    sources: tuple[tuple[str | None, int], ...]
    languages: tuple[tuple[str | None, int], ...]


@dataclass(frozen=True, slots=True)
class Skips:
    """Files, or parts of files, that are not articles: a page of paths with reasons, and reasons counted."""

    rows: tuple[tuple[str, str], ...]
    found: int
    page: int
    reasons: tuple[tuple[str, int], ...]

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.found // PAGE))


class Listing(Catalog):
    """An open catalog, to look at; its reads hold up no question, which have a connection of their own."""

    def __init__(self, path: Path, connection: sqlite3.Connection, file: FileId | None) -> None:
        super().__init__(path, connection, file)
        # A hundred thousand articles are sorted in memory.
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KB}")

    def page(self, wanted: Wanted) -> Page:
        """Return a page of the list."""
        # SQLite takes no half characters.
        text = wanted.text.encode("utf-8", "replace").decode()
        words = plain(text).split()[:_MAX_WORDS]
        values: dict[str, object] = {f"word{n}": word for n, word in enumerate(words)}
        values["generation"] = self.generation()
        places = {code: place for place, code in enumerate(wanted.languages)}
        self._db.create_function("place_of_language", 1, lambda code: places.get(code, code))
        where = " AND ".join([_SHOWN, *(f"instr(label, :word{n})" for n in range(len(words)))])
        found = int(self._named(f"SELECT COUNT(*) FROM article WHERE {where}", values)[0][0])
        page = min(max(wanted.page, 0), max(0, found - 1) // PAGE)
        joined = f" JOIN {_PLACES} ON told = story" if wanted.order == "places" else ""
        # The last pages are the first ones of the opposite order, and are found as fast.
        before, size = page * PAGE, min(PAGE, found - page * PAGE)
        backwards = before > found // 2
        values |= {"size": size, "before": found - before - size if backwards else before}
        keys = self._named(
            f"SELECT key FROM article{joined} WHERE {where} ORDER BY {_sort(wanted, backwards=backwards)}"
            " LIMIT :size OFFSET :before",
            values,
        )
        return Page(self._listed([key for (key,) in (keys[::-1] if backwards else keys)]), found, page)

    def _listed(self, keys: Sequence[int]) -> tuple[Listed, ...]:
        """Return the articles with these keys, in their order."""
        rows = self._named(
            "SELECT key, id, path, title, source, published, language, word_count,"
            " (SELECT COUNT(*) FROM article AS place INDEXED BY article_by_story"
            f" WHERE {_SHOWN} AND place.story = article.story)"
            " FROM article WHERE key IN (SELECT value FROM json_each(:keys))",
            {"keys": json.dumps(list(keys)), "generation": self.generation()},
        )
        listed = {}
        for key, identity, path, title, source, published, language, words, places in rows:
            day = as_day(published)
            listed[key] = Listed(identity, path, title, source, day, language, words, places)
        return tuple(listed[key] for key in keys)

    def overview(self) -> Overview:
        """Return how many articles there are of each month, outlet and language."""
        return Overview(
            self._counted("published / 100", "value IS NULL, value"),
            self._counted("source", "number DESC, value"),
            self._counted("language", "number DESC, value"),
        )

    def _counted(self, value: str, order: str) -> tuple[Any, ...]:
        statement = (
            f"SELECT {value} AS value, COUNT(*) AS number FROM article WHERE {_SHOWN}"
            f" GROUP BY value ORDER BY {order}"
        )
        return tuple(self._named(statement, {"generation": self.generation()}))

    def skips(self, page: int = 0) -> Skips:
        """Return a page of what was skipped by the last build, and how often for which reason."""
        values: dict[str, object] = {"generation": self.generation()}
        statement = f"SELECT reason, COUNT(*) AS number FROM ({_SKIPPED}) GROUP BY 1 ORDER BY number DESC, 1"
        reasons = self._named(statement, values)
        found = sum(number for _, number in reasons)
        page = min(max(page, 0), max(0, found - 1) // PAGE)
        rows = self._named(
            f"{_SKIPPED} ORDER BY path, name LIMIT :size OFFSET :before",
            {**values, "size": PAGE, "before": page * PAGE},
        )
        places = tuple((place_of(path, name), reason) for path, name, reason in rows)
        return Skips(places, found, page, tuple(reasons))

    def _named(self, statement: str, values: dict[str, object]) -> list[tuple[Any, ...]]:
        with storage_errors(self.path):
            return self._db.execute(statement, values).fetchall()


def _sort(wanted: Wanted, *, backwards: bool) -> str:
    """Return the terms of an order, or of its opposite."""
    terms = [(term.rstrip("~"), term.endswith("~") and wanted.descending) for term in _SORTED[wanted.order]]
    ways = [f"{term} {'DESC' if down != backwards else 'ASC'}" for term, down in (*terms, ("key", False))]
    return ", ".join(ways)
