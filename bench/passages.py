"""The passages of an index with their vectors, for measuring and teaching on vectors alone."""

import functools
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.model.arrays import Vectors
from index.store.catalog import FILE_NAME, Catalog
from qa.evaluation import Known, is_right


@dataclass(frozen=True, eq=False)
class Passages:
    """The passages of an index: a row of `vectors`, a path, a text and a language for each."""

    vectors: Vectors
    paths: tuple[str, ...]
    texts: tuple[str, ...]
    languages: tuple[str | None, ...]

    def right(self, known: Known) -> NDArray[np.int64]:
        """Return the numbers of the passages that answer a question."""
        rows = self._rows.get(known.file, []) if known.file else range(len(self.texts))
        found = [row for row in rows if is_right(known, {self.paths[row]}, self.texts[row])]
        return np.array(found, np.int64)

    def only(self, kept: Sequence[bool]) -> "Passages":
        """Return the passages marked in `kept`."""
        rows = np.flatnonzero(np.array(kept, bool)).tolist()
        return Passages(
            self.vectors[rows],
            tuple(self.paths[row] for row in rows),
            tuple(self.texts[row] for row in rows),
            tuple(self.languages[row] for row in rows),
        )

    def with_others(self, others: "Passages") -> "Passages":
        """Return these passages followed by others."""
        return Passages(
            np.concatenate([self.vectors, others.vectors]),
            self.paths + others.paths,
            self.texts + others.texts,
            self.languages + others.languages,
        )

    @functools.cached_property
    def _rows(self) -> dict[str, list[int]]:
        """The numbers of the passages of each path."""
        rows: dict[str, list[int]] = {}
        for row, path in enumerate(self.paths):
            rows.setdefault(path, []).append(row)
        return rows


def passages_of(index: Path) -> Passages:
    """Return the passages of an index in the order of their numbers, without copies of a story."""
    with closing(Catalog.open(index / FILE_NAME)) as catalog:
        numbers, _, vectors = catalog.live_vectors()
        stored = catalog.passages(numbers.tolist())
    rows = [stored[number] for number in numbers.tolist()]
    return Passages(
        vectors,
        tuple(row.article.path for row in rows),
        tuple(row.passage.text for row in rows),
        tuple(row.article.language for row in rows),
    )
