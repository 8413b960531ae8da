"""How many articles have each value that a question can be limited to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .filters import KINDS, PLACES, Filters, as_date, asked_for, folded

Query: TypeAlias = Callable[..., list[tuple[Any, ...]]]
_Numbers: TypeAlias = NDArray[np.int64]
# The names that a value counts for, each with a way to spell it.
_Meant: TypeAlias = Callable[[str], dict[str, str]]

# Remember what this many limits let through, 100 kB each in an index of 100,000 articles.
_REMEMBERED = 64

# The file's own row tells whether `#` begins the name of an item or belongs to the file's name.
_FILE = "(SELECT file.path FROM file WHERE file.key = place.file)"
_FOLDER = (
    f"CASE WHEN instr(place.path, '#') AND place.path != {_FILE} THEN {_FILE} || '/'"
    " ELSE rtrim(place.path, replace(place.path, '/', '')) END"
)
# Both read the index `article_facets` alone, and not the articles' rows, which hold their texts.
_PLAIN = f"SELECT place.key, place.published, place.source, place.language, {_FOLDER} FROM {PLACES}"
_TAGS = f"SELECT place.key, tagged.value FROM json_each(place.tags) AS tagged JOIN {PLACES}"


@dataclass(frozen=True, slots=True)
class Facet:
    """A value, as articles state it, with the number of articles that a limit to it would let through."""

    value: str
    articles: int


@dataclass(frozen=True, slots=True)
class Facets:
    """What a question can be limited to further; the most frequent values come first.

    `articles` pass all limits. The values of a kind count articles that pass the limits of all other kinds,
    and `first` and `last` are the days of those that pass all but the days. `path` holds folders, and files
    that are lists or archives.
    """

    articles: int
    first: date | None
    last: date | None
    source: tuple[Facet, ...]
    language: tuple[Facet, ...]
    path: tuple[Facet, ...]
    tag: tuple[Facet, ...]


@dataclass(frozen=True, slots=True)
class _Column:
    """All pairs of an article and a value of it: the article's row, and the value's place in `values`."""

    rows: _Numbers
    codes: _Numbers
    values: tuple[str, ...]

    def counted(self, passing: NDArray[np.bool_]) -> tuple[Facet, ...]:
        numbers = np.bincount(self.codes[passing[self.rows]], minlength=len(self.values)).tolist()
        facets = [Facet(value, number) for value, number in zip(self.values, numbers, strict=True) if number]
        return tuple(sorted(facets, key=lambda facet: (-facet.articles, facet.value)))


class FacetCounts:
    """Counts the articles of an index. Their values are read once for each build."""

    def __init__(self) -> None:
        self._build = ""
        self._table: _Table | None = None

    def under(self, filters: Filters, build: str, query: Query) -> Facets:
        """Return the facets under `filters`; `query` runs a statement on the catalog, which holds `build`."""
        if self._table is None or self._build != build:
            self._build, self._table = build, _Table(query)
        return self._table.counted(filters, query)


class _Table:
    """The values of all articles that readers see.

    What a limit lets through is asked of the catalog, so that it means the same as in a search, and kept.
    """

    def __init__(self, query: Query) -> None:
        plain, tags = query(_PLAIN), query(_TAGS)
        keys, days, sources, languages, folders = zip(*plain, strict=True) if plain else ((),) * 5
        self._keys = np.array(keys, np.int64)
        self._order = np.argsort(self._keys)
        self._days = np.array([day or 0 for day in days], np.int64)
        every = np.arange(len(plain))
        self._columns = {
            "source": _column(every, sources, _spelling),
            "language": _column(every, languages, _languages),
            "path": _column(every, folders, _folders),
            "tag": _column(self._rows([row[0] for row in tags]), [row[1] for row in tags], _spelling),
        }
        self._passing: dict[Filters, NDArray[np.bool_]] = {}

    def counted(self, filters: Filters, query: Query) -> Facets:
        alone = {kind: filters.only(kind) for kind in KINDS} | {"days": filters.only("since", "until")}
        passing = {name: self._let_through(limit, query) for name, limit in alone.items() if limit}

        def but(name: str) -> NDArray[np.bool_]:
            rows = np.ones(len(self._keys), np.bool_)
            for other, passed in passing.items():
                rows &= passed | (other == name)
            return rows

        days = self._days[but("days") & (self._days > 0)]
        return Facets(
            articles=int(but("").sum()),
            first=as_date(int(days.min())) if len(days) else None,
            last=as_date(int(days.max())) if len(days) else None,
            **{kind: column.counted(but(kind)) for kind, column in self._columns.items()},
        )

    def _let_through(self, limit: Filters, query: Query) -> NDArray[np.bool_]:
        """Return which articles pass a limit."""
        if limit not in self._passing:
            if len(self._passing) >= _REMEMBERED:
                self._passing.clear()
            condition, values = limit.places()
            keys = [row[0] for row in query(f"SELECT place.key FROM {PLACES} AND {condition}", *values)]
            passing = np.zeros(len(self._keys), np.bool_)
            passing[self._rows(keys)] = True
            self._passing[limit] = passing
        return self._passing[limit]

    def _rows(self, keys: Sequence[int]) -> _Numbers:
        """Return the rows of articles by their keys."""
        return self._order[np.searchsorted(self._keys, np.array(keys, np.int64), sorter=self._order)]


def _column(rows: _Numbers, stated: Sequence[str | None], meant: _Meant) -> _Column:
    """Return the values of articles; a value that is stated counts for all that it is `meant` for."""
    numbers: dict[str | None, int] = {}
    codes = np.array([numbers.setdefault(value, len(numbers)) for value in stated], np.int64)
    often = np.bincount(codes, minlength=len(numbers)).tolist()
    places: dict[str, int] = {}
    shown: dict[str, str] = {}
    lists: list[list[int]] = [[] for _ in numbers]
    # The most frequent of several spellings is shown.
    for value, number in sorted(numbers.items(), key=lambda pair: (-often[pair[1]], pair[0] or "")):
        for name, spelling in meant(value).items() if value else ():
            lists[number].append(places.setdefault(name, len(places)))
            shown.setdefault(name, spelling)
    lengths = np.array([len(each) for each in lists], np.int64)
    flat = np.array([place for each in lists for place in each], np.int64)
    repeats = lengths[codes]
    begins = np.repeat(np.cumsum(lengths)[codes] - repeats, repeats)
    nth = np.arange(repeats.sum()) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    # An article may have two spellings of one tag.
    pairs = np.unique(np.repeat(rows, repeats) * max(len(places), 1) + flat[begins + nth])
    return _Column(*np.divmod(pairs, max(len(places), 1)), tuple(shown[name] for name in places))


def _spelling(value: str) -> dict[str, str]:
    return {folded(value): value}


def _languages(code: str) -> dict[str, str]:
    return {each: each for each in asked_for(code)}


def _folders(folder: str) -> dict[str, str]:
    """Return all folders that a folder is in, itself the last."""
    parts = folder.split("/")[:-1]
    paths = ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
    return dict(zip(paths, paths, strict=True))
