"""How fast a large index counts its articles by outlet, language, folder and tag.

    python -m bench.facets [--articles 100000]

The catalog is that of bench.listing: 200 outlets, 200 folders, 2,000 tags, up to four of them in an article. The
first count of a build reads all values. A filter that is added is asked of the catalog; the times are of filters
that were not asked before, and of the same again. Each is the median of five, in processor time of the one
thread that counts, so that other programs do not change it.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from index import Filters
from index.store.catalog import FILE_NAME, Catalog
from index.store.facets import FacetCounts, Facets

from .listing import fill

_TIMES = 5


def main() -> None:
    """Make the catalog, measure, and print the table."""
    parser = argparse.ArgumentParser(prog="bench.facets", description="Measure counts by outlet, tag, ...")
    parser.add_argument("--articles", type=int, default=100_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary, FILE_NAME)
        fill(path, given.articles)
        with closing(Catalog.open(path)) as catalog:
            _report(catalog)


def _report(catalog: Catalog) -> None:
    first = [_milliseconds(lambda: catalog.facets(FacetCounts(), Filters()))[0] for _ in range(_TIMES)]
    counts = FacetCounts()
    _, every = _milliseconds(lambda: catalog.facets(counts, Filters()))
    print(f"{every.articles:,} articles; milliseconds of processor time, median of {_TIMES}")
    print(f"{'the first count of a build':32} {statistics.median(first):7.0f}")
    for what, added in _filters(every).items():
        fresh, again = [], []
        for filters in added:
            count = partial(catalog.facets, counts, filters)
            fresh.append(_milliseconds(count)[0])
            again.append(_milliseconds(count)[0])
        print(f"{what:32} {statistics.median(fresh):7.0f}   again {statistics.median(again):5.0f}")


def _filters(every: Facets) -> dict[str, list[Filters]]:
    """Return filters of each kind that were not asked before, and of all kinds at once."""
    found: dict[str, list[Filters]] = {}
    for kind in ("source", "language", "path", "tag"):
        values = [facet.value for facet in getattr(every, kind)[:_TIMES]]
        alone: list[dict[str, Any]] = [{kind: value} for value in values]
        found[f"limited by {kind}"] = [Filters(**limits) for limits in alone]
    several = [facet.value for facet in every.tag[_TIMES : 2 * _TIMES]]
    days = [f"{year}-01-01" for year in range(2005, 2005 + _TIMES)]
    found["limited by day"] = [Filters.of(since=day) for day in days]
    found["limited by five tags and a day"] = [
        replace(
            Filters.of(since=day.replace("-01-01", "-07-01")), tag=[*several, every.tag[20 + place].value]
        )
        for place, day in enumerate(days)
    ]
    return found


def _milliseconds(call: Callable[[], Facets]) -> tuple[float, Facets]:
    begun = time.process_time()
    found = call()
    return (time.process_time() - begun) * 1000, found


if __name__ == "__main__":
    main()
