"""Vectors without part of what all texts of their language have in common.

E5 finds texts of one language similar whatever they say, so a question finds those of its own language first.
What they have in common is the mean of their vectors. The means ship with article-qa: an index's own means
would also hold its subjects, and they measured worse (docs/question_model.md).
"""

import functools
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from .arrays import Vectors

WEIGHTS = Path(__file__).with_name("means.safetensors")
# The share of the mean that is subtracted; `python -m bench.languages` compares shares. A larger one finds a
# little more across languages and less within one.
SHARE = 0.5
# The key for texts of an unknown language, and for languages without a mean.
ANY = "any"
# Raise this when the means or the share change: segments hold centred vectors, and are then rewritten.
CENTRING = "means-1"


def centred(vectors: Vectors, languages: Sequence[str | None]) -> Vectors:
    """Return the bundled encoder's passage vectors minus a share of their language's mean, at unit length."""
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
