"""Clusters to teaching material: questions, passages, and the right passage for each question."""

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.folders import write_clusters
from bench.passages import Passages, passages_of
from bench.reading import Cluster
from index import Settings, build
from index.model.arrays import Vectors
from index.model.encoder import SentenceEncoder


@dataclass(frozen=True, slots=True)
class Material:
    """Questions with their vectors before teaching, and the number of the right passage for each."""

    questions: tuple[str, ...]
    languages: tuple[str, ...]
    plain: Vectors
    right: NDArray[np.int64]
    passages: Passages

    def digest(self) -> str:
        """Return a digest that identifies this material."""
        said = "\n".join([*self.questions, *self.passages.texts])
        return hashlib.sha256(said.encode() + self.right.tobytes()).hexdigest()


def gathered(clusters: Sequence[Cluster], folder: Path, encoder: SentenceEncoder) -> Material:
    """Write clusters into `folder`, index them there, and return what can be taught from them.

    What is encoded there already is not encoded again.
    """
    # Clusters may have been dropped or held out since the last run.
    shutil.rmtree(folder / "articles", ignore_errors=True)
    asked = write_clusters(clusters, folder / "articles")
    build(folder / "articles", Settings(index=folder / "index"), encoder=encoder)
    passages = passages_of(folder / "index")
    found = [(item.known, passages.right(item.known)) for item in asked]
    # A question whose words are cut over two passages has no right one.
    kept = [(known, int(right[0])) for known, right in found if len(right)]
    questions = tuple(known.question for known, _ in kept)
    return Material(
        questions,
        tuple(known.language or "" for known, _ in kept),
        _encoded(questions, folder / "questions.npz", encoder),
        np.array([right for _, right in kept], np.int64),
        passages,
    )


def _encoded(questions: Sequence[str], kept: Path, encoder: SentenceEncoder) -> Vectors:
    """Return the questions' vectors, from the file `kept` if it holds those of the same questions."""
    digest = hashlib.sha256("\n".join(questions).encode()).hexdigest()
    if kept.exists():
        with np.load(kept) as stored:
            if str(stored["digest"]) == digest:
                vectors: Vectors = stored["vectors"]
                return vectors
    vectors = encoder.encode(questions, question=True)
    np.savez(kept, vectors=vectors, digest=digest)
    return vectors
