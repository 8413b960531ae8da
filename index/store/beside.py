"""What else an index holds of an article's story and of its day. Every query is bounded and indexed."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from index.model.arrays import Vectors

from .catalog import Catalog
from .filters import Filters, as_date

_SHOWN = "article.generation = (SELECT value FROM state WHERE key = 'generation') AND NOT article.pending"
_ABOUT = (
    "article.id, article.path, article.title, article.source, article.published, article.language,"
    " article.story"
)

Nearest = Callable[[Vectors, int], list[tuple[int, float]]]


@dataclass(frozen=True, slots=True)
class BesideLimits:
    """How much is looked at and named."""

    begin: int = 3
    """Passages of an article that say what it is about: its first ones."""

    nearest: int = 40
    """The nearest passages among which the articles on the same matter are looked for."""

    alike: float = 0.8
    """How like an article's beginning, in cosine, a passage of another one on the same matter is.

    Set by hand in November 2026 on the nearest articles of 60 from the BBC's folder: above it, nearly all
    were about the same event or dispute; below, more and more only about the same sort of thing.
    """

    apart: int = 60
    """Articles on the same matter are at most so many days apart, where both state one."""

    of_day: int = 300
    """Articles of the same day that are compared; so many that a day of an agency fits."""

    counted: int = 1000
    """Articles of the same day are counted up to this number."""

    named: int = 6
    """Articles that are named, of each kind."""


LIMITS = BesideLimits()


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another article, without its text."""

    id: str
    path: str
    title: str
    source: str | None
    published: date | None
    language: str | None
    story: int


@dataclass(frozen=True, slots=True)
class Beside:
    """What else there is: other places of the same story, articles on the same matter, and of the same day.

    Each begins with the likeliest. `on_day` counts all others of that day, up to `BesideLimits.counted`.
    """

    places: tuple[Neighbour, ...] = ()
    alike: tuple[Neighbour, ...] = ()
    day: tuple[Neighbour, ...] = ()
    on_day: int = 0


def beside(
    catalog: Catalog, article_id: str, nearest: Nearest, limits: BesideLimits = LIMITS
) -> Beside | None:
    """Return what stands beside an article, None if there is no such one.

    `nearest` returns the numbers of the passages that are nearest to a vector, with their cosines.
    """
    rows = catalog.select(f"SELECT {_ABOUT} FROM article WHERE id = ? AND {_SHOWN}", article_id)
    if not rows:
        return None
    own = _neighbour(rows[0])
    vector = _vector(catalog, own.story, limits)
    alike: list[Neighbour] = []
    # Cosines of other encoders are on another scale.
    if vector is not None and catalog.centres:
        alike = _alike(catalog, own, nearest(vector, limits.nearest), limits)
    day, on_day = _day(catalog, own, vector, {own.story, *(other.story for other in alike)}, limits)
    return Beside(_places(catalog, own, limits), tuple(alike), tuple(day), on_day)


def newest(catalog: Catalog, count: int, filters: Filters) -> tuple[Neighbour, ...]:
    """Return the newest stories that pass: one in each language before a second in any."""
    condition, values = catalog.within(filters).clause()
    rows = catalog.select(
        f"SELECT {_ABOUT}, ROW_NUMBER() OVER (PARTITION BY language ORDER BY published DESC, path) AS turn"
        f" FROM article WHERE {_SHOWN} AND key = story AND {condition}"
        " ORDER BY turn, published DESC, path LIMIT ?",
        *values,
        count,
    )
    return tuple(_neighbour(row[:-1]) for row in rows)


def _places(catalog: Catalog, own: Neighbour, limits: BesideLimits) -> tuple[Neighbour, ...]:
    # The sign keeps SQLite from reading all articles in the order of their days.
    rows = catalog.select(
        f"SELECT {_ABOUT} FROM article WHERE story = ? AND id != ? AND {_SHOWN}"
        " ORDER BY +published, path LIMIT ?",
        own.story,
        own.id,
        2 * limits.named,
    )
    return tuple(map(_neighbour, rows))


def _alike(
    catalog: Catalog, own: Neighbour, found: Sequence[tuple[int, float]], limits: BesideLimits
) -> list[Neighbour]:
    """Return the articles that have one of the passages that were `found`, if it is like enough."""
    likely = {number: cosine for number, cosine in found if cosine >= limits.alike}
    rows = catalog.select(
        f"SELECT passage.number, {_ABOUT} FROM passage JOIN article ON article.key = passage.article"
        f" WHERE {_SHOWN} AND passage.number IN (SELECT value FROM json_each(?))",
        json.dumps(list(likely)),
    )
    best: dict[int, tuple[float, Neighbour]] = {}
    for number, *about in rows:
        other = _neighbour(about)
        if other.story != own.story and _is_near(own, other, limits):
            best[other.story] = max(best.get(other.story, (-1.0, other)), (likely[number], other), key=_first)
    order = sorted(best.values(), key=lambda pair: (-pair[0], pair[1].path))
    return [other for _, other in order][: limits.named]


def _is_near(own: Neighbour, other: Neighbour, limits: BesideLimits) -> bool:
    if not own.published or not other.published:
        return True
    return abs((own.published - other.published).days) <= limits.apart


def _day(
    catalog: Catalog, own: Neighbour, vector: Vectors | None, known: set[int], limits: BesideLimits
) -> tuple[list[Neighbour], int]:
    """Return the articles of the same day that are not `known`, the likest first, and how many there are."""
    if not own.published:
        return [], 0
    number = own.published.year * 10_000 + own.published.month * 100 + own.published.day
    others = f"FROM article WHERE {_SHOWN} AND published = ? AND key = story AND story != ?"
    (count,) = catalog.select(
        f"SELECT COUNT(*) FROM (SELECT 1 {others} LIMIT ?)", number, own.story, limits.counted
    )
    rows = catalog.select(f"SELECT {_ABOUT} {others} LIMIT ?", number, own.story, limits.of_day)
    found = [other for other in map(_neighbour, rows) if other.story not in known]
    likeness = _likeness(catalog, vector, [other.story for other in found])
    found.sort(key=lambda other: (-likeness.get(other.story, 0.0), other.path))
    return found[: limits.named], int(count[0])


def _likeness(catalog: Catalog, vector: Vectors | None, stories: Sequence[int]) -> dict[int, float]:
    """Return how like `vector` the first passage of each of these stories is."""
    rows = catalog.select(
        "SELECT article, MIN(number) FROM passage WHERE article IN (SELECT value FROM json_each(?))"
        " GROUP BY article",
        json.dumps(list(stories)),
    )
    if vector is None or not rows:
        return {}
    cosines = catalog.vectors([number for _, number in rows]) @ vector
    return {story: float(cosine) for (story, _), cosine in zip(rows, cosines, strict=True)}


def _vector(catalog: Catalog, story: int, limits: BesideLimits) -> Vectors | None:
    """Return the direction of a story's first passages, None if it has none."""
    rows = catalog.select(
        "SELECT number FROM passage WHERE article = ? ORDER BY start LIMIT ?", story, limits.begin
    )
    if not rows:
        return None
    mean = catalog.vectors([number for (number,) in rows]).mean(axis=0)
    vector: Vectors = mean / np.float32(max(float(np.linalg.norm(mean)), 1e-12))
    return vector


def _neighbour(row: Iterable[Any]) -> Neighbour:
    identity, path, title, source, published, language, story = row
    return Neighbour(identity, path, title, source, as_date(published), language, story)


def _first(pair: tuple[float, Neighbour]) -> float:
    return pair[0]
