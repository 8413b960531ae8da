"""How fast the list of articles turns its pages in a large index.

    python -m bench.listing [--articles 100000]

The catalog is synthetic: titles, outlets and texts of random words, a tenth of the articles copies of others.
It has no passages and no vectors, which no list reads. Times are the processor's, in milliseconds, the median
of five, with the file in the system's memory.
"""

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from index.store.catalog import FILE_NAME
from index.store.catalog_writer import CatalogWriter
from index.store.labels import label, word_count
from index.store.listing import ORDERS, PAGE, Listing, Wanted

_LANGUAGES = ("en", "de", "fr", "ru", "tr", None)
_TIMES = 5


def main() -> None:
    """Make the catalog, measure, and print the table."""
    parser = argparse.ArgumentParser(prog="bench.listing", description="Measure the list of articles.")
    parser.add_argument("--articles", type=int, default=100_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary, FILE_NAME)
        fill(path, given.articles)
        print(f"{given.articles:,} articles, {path.stat().st_size / 1e6:,.0f} MB")
        with closing(Listing.open(path)) as listing:
            last = given.articles // PAGE
            _report("middle page by words", partial(listing.page, Wanted("", "words", True, last // 2)))
            for order in ORDERS:
                _report(f"first page by {order}", partial(listing.page, Wanted(order=order)))
                _report(f"last page by {order}", partial(listing.page, Wanted("", order, True, last)))
            for text in ("ka", "kato vemi", "daily 7", "no such word"):
                _report(f"search for {text!r}", partial(listing.page, Wanted(text)))
            _report("overview", listing.overview)
            _report("what was skipped", listing.skips)


def fill(path: Path, articles: int) -> None:
    """Write a catalog of `articles` articles at `path`."""
    chance = random.Random(1)
    syllables = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]
    words = ["".join(chance.choices(syllables, k=chance.randint(2, 4))) for _ in range(20_000)]
    tags = words[:2_000]
    outlets = [f"{chance.choice(words)} daily {n}".title() for n in range(200)]
    with closing(CatalogWriter.create(path, "none", "none")) as catalog, catalog.transaction():
        for key in range(1, articles + 1):
            title = " ".join(chance.choices(words, k=9)).capitalize()
            text = f"{title}.\n\n" + " ".join(chance.choices(words, k=chance.randint(100, 800)))
            place = f"{chance.choice(outlets)}/{key:07}.txt"
            outlet = chance.choice(outlets) if chance.random() < 0.9 else None
            day = chance.randint(1995, 2025) * 10_000 + chance.randint(1, 12) * 100 + chance.randint(1, 28)
            story = key if chance.random() < 0.9 else chance.randint(1, key)
            catalog._db.execute(
                "INSERT INTO file VALUES (?, 1, ?, 'hash', ?, '{}', 0)",
                (key, place, "{}" if key % 50 else '{"": "damaged: no such table"}'),
            )
            catalog._db.execute(
                "INSERT INTO article VALUES (?, 1, 0, ?, ?, ?, ?, x'00', ?, ?, x'00', NULL, ?, ?, NULL, ?,"
                " '[]', ?, 0, ?, ?)",
                (key, key, story, f"{key:016x}", place, title, text, outlet,
                 day if chance.random() < 0.95 else None, chance.choice(_LANGUAGES),
                 json.dumps(chance.sample(tags, chance.randint(0, 4))), word_count(text),
                 label(title, outlet, place)),
            )  # fmt: skip


def _report(what: str, call: Callable[[], object]) -> None:
    times = []
    for _ in range(_TIMES):
        begun = time.process_time()
        call()
        times.append((time.process_time() - begun) * 1000)
    print(f"{what:28} {statistics.median(times):8.1f} ms")


if __name__ == "__main__":
    main()
