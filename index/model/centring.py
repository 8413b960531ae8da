"""Vectors less a part of what all texts of their language have in common.

E5 finds texts of one language alike whatever they say, so that a question finds those of its own language
first. The mean vector of a language's texts is what they have in common. The means that are used come with
article-qa: those of an index are partly its subjects, and serve worse (docs/question_model.md).
"""

import functools
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from .arrays import Vectors

WEIGHTS = Path(__file__).with_name("means.safetensors")
# How much is taken out: `python -m bench.languages` compares. More finds a little more across languages and
# less in the same one.
SHARE = 0.5
# The key of texts of no known language, and of languages that have no mean.
ANY = "any"
# Segments hold centred vectors: raise it when the means or the share change, and they are written anew.
CENTRING = "means-1"


def centred(vectors: Vectors, languages: Sequence[str | None]) -> Vectors:
    """Return unit vectors: those of the bundled encoder's passages less a share of their language's mean."""
    means = shipped()
    if not len(vectors) or vectors.shape[1] != len(means[ANY]):
        return vectors
    rows: Vectors = vectors - SHARE * np.stack([means.get(str(name), means[ANY]) for name in languages])
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    return rows


@functools.cache
def shipped() -> dict[str, Vectors]:
    """Return the mean of the bundled encoder's passages by language, as `train.means` makes them."""
    from safetensors.numpy import load_file

    stored = ((name.partition("/"), mean) for name, mean in load_file(WEIGHTS).items())
    return {name: mean.astype(np.float32) for (kind, _, name), mean in stored if kind == "passages"}
