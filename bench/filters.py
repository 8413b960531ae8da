"""Filtered search over many passages, beside Chroma's own filtered query on the same vectors.

    python -m bench.filters [--passages 100000] [--queries 40]

The words and the vectors are random: only the time that a search takes has a meaning, not what it finds.
Filters by language let through a half, a tenth and a hundredth of the articles. Both sides are asked by turns
in one run; the ratio is what counts.
"""

import argparse
import random
import statistics
import tempfile
import time
import zlib
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from index import Filters, Index, Settings, build, open_index
from index.model.arrays import Vectors
from index.model.glance import Found, Glanced
from index.model.reader.judge import Judged, Searched
from index.model.reader.rows import Row
from index.model.token_vectors import Tokens
from index.store.catalog import FILE_NAME, Catalog

# The share of articles in each language; the rest are in English.
SHARES = {"de": 0.5, "fr": 0.1, "tr": 0.01}
_SENTENCES = 60
_PASSAGES_AN_ARTICLE = 7
_DIMENSION = 384


def main() -> None:
    """Build, measure, and print the table."""
    parser = argparse.ArgumentParser(prog="bench.filters", description="Measure filtered search.")
    parser.add_argument(
        "--passages", type=int, default=100_000, help="about this many; 100,000 take a quarter of an hour"
    )
    parser.add_argument("--queries", type=int, default=40)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        settings = Settings(index=Path(temporary, "index"))
        write_articles(Path(temporary, "articles"), round(given.passages / _PASSAGES_AN_ARTICLE))
        build(Path(temporary, "articles"), settings, encoder=RandomEncoder())
        with open_index(settings=settings) as index:
            _report(index, settings, given.queries)


class RandomEncoder:
    """Gives a text the same random vector each time."""

    dimension = _DIMENSION
    is_taught = False

    def encode(self, texts: Sequence[str], *, question: bool = False) -> Vectors:
        """Return unit vectors, one row a text."""
        seeds = [zlib.crc32(text.encode()) for text in texts]
        rows = [np.random.default_rng(seed).standard_normal(_DIMENSION, np.float32) for seed in seeds]
        vectors = np.stack(rows) if rows else np.zeros((0, _DIMENSION), np.float32)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return vectors

    def point(self, questions: Sequence[str]) -> Vectors:
        """Return unit vectors, one row a question."""
        return self.encode(questions, question=True)

    def read(self, texts: Sequence[str], *, question: bool = False) -> list[Tokens]:
        """Refuse: no sentences are read here."""
        raise NotImplementedError

    def glance(self, question: str, rows: Sequence[Row], found: Sequence[Found]) -> Glanced:
        """Refuse: no sentences are read here."""
        raise NotImplementedError

    def judge(self, question: str, rows: Sequence[Row], searched: Sequence[Searched]) -> list[Judged]:
        """Refuse: no sentences are read here."""
        raise NotImplementedError


def write_articles(folder: Path, count: int) -> None:
    """Write `count` articles of random words, some much commoner than others."""
    chance = random.Random(11)
    words = [
        "".join(chance.choices("abcdefghijklmnoprstuvwz", k=chance.randint(3, 10))) for _ in range(20_000)
    ]
    weights = [1 / (rank + 10) for rank in range(len(words))]
    languages = chance.choices([*SHARES, "en"], [*SHARES.values(), 1 - sum(SHARES.values())], k=count)
    for number, language in enumerate(languages):
        drawn = chance.choices(words, weights, k=_SENTENCES * 12)
        sentences = [" ".join(drawn[at : at + 12]).capitalize() + "." for at in range(0, len(drawn), 12)]
        path = folder / f"{number // 1000:03}" / f"{number:06}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\nlanguage: {language}\n---\n{' '.join(sentences)}\n", "utf-8")


def _report(index: Index, settings: Settings, queries: int) -> None:
    import chromadb

    passages = index.counts().passages
    words = [index.newest(1)[0].title.split()[0], "harbour", "bridge"]
    questions = [f"{' '.join(words)} {number}" for number in range(queries)]
    encoder = RandomEncoder()
    with closing(Catalog.open(settings.index / FILE_NAME)) as catalog:
        # Folders that were merged into others stay until the next build.
        live = [settings.index / "chroma" / row.folder for row in catalog.segments(catalog.generation())]
    clients = [chromadb.PersistentClient(str(path)) for path in live]
    collections = [collection for client in clients for collection in client.list_collections()]
    print(f"{passages:,} passages in {len(collections)} Chroma collections; milliseconds, median and 95 %")
    limits = {"no filter": None, **{f"{share:.0%} pass": name for name, share in SHARES.items()}}
    for what, language in limits.items():
        filters, where = Filters(language=language), {"language": language} if language else None
        ours, theirs = [], []
        for question in questions:
            vector = encoder.encode([question])[0]
            ours.append(_milliseconds(partial(index.search, question, vector, filters=filters)))
            theirs.append(_milliseconds(partial(_query, collections, vector, where)))
        ratio = statistics.median(theirs) / statistics.median(ours)
        print(
            f"{what:12} whole search {_two(ours)}   Chroma's query alone {_two(theirs)}   ratio {ratio:.1f}"
        )


def _query(collections: list[Any], vector: Vectors, where: dict[str, str] | None) -> None:
    for collection in collections:
        collection.query(query_embeddings=vector[None], n_results=80, where=where, include=["distances"])


def _two(values: list[float]) -> str:
    return f"{statistics.median(values):7.1f} {np.quantile(values, 0.95):7.1f}"


def _milliseconds(run: Callable[[], object]) -> float:
    begun = time.perf_counter()
    run()
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main()
