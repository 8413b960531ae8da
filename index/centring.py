"""Vectors less a part of what all texts of their language have in common.

E5 finds texts of one language alike whatever they say, so that a question finds those of its own language
first. The mean vector of a language's texts is what they have in common. The mean of an index's own passages
serves best, but that of a few passages is mostly their subject: it is shrunk towards one made of many.
"""

import functools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .encoder import Vectors
from .settings import BUNDLED_ENCODER, Settings

WEIGHTS = Path(__file__).with_name("means.safetensors")
# How much is taken out. `python -m bench.languages` compares: half leaves folders of one language alone.
SHARE = 0.5
# As many passages of a language weigh as much as the mean that is shipped.
PSEUDO = 10.0
# The key of texts of no known language, and of what stands for a language that nothing is known of.
ANY = ""
# How far a mean may move before segments are written anew with it.
TOLERANCE = 0.05

Means = Mapping[str, Vectors]


def means_of(rows: Iterable[tuple[str | None, Vectors]], settings: Settings) -> dict[str, Vectors]:
    """Return the mean of each language of an index; each of `rows` is a language and vectors of it."""
    sums: dict[str, NDArray[np.float64]] = {}
    counts: dict[str, int] = {}
    for language, vectors in rows:
        key = language or ANY
        sums[key] = sums.get(key, 0.0) + vectors.sum(axis=0, dtype=np.float64)
        counts[key] = counts.get(key, 0) + len(vectors)
    if not sums:
        return {}
    of_all = np.sum(list(sums.values()), axis=0) / sum(counts.values())
    priors = shipped() if settings.encoder == BUNDLED_ENCODER else {}
    # An encoder that was passed in need not be the one of the settings.
    priors = {key: mean for key, mean in priors.items() if mean.shape == of_all.shape}
    means = {}
    for key, total in sums.items():
        prior = priors.get(key, priors.get(ANY, of_all))
        means[key] = ((total + PSEUDO * prior) / (counts[key] + PSEUDO)).astype(np.float32)
    return means


def centred(vectors: Vectors, languages: Sequence[str | None], means: Means) -> Vectors:
    """Return unit vectors: each of `vectors` less a share of the mean of its language, if there is one."""
    if not len(vectors):
        return vectors
    none = np.zeros(vectors.shape[1], np.float32)
    common = np.stack([means.get(language or ANY, none) for language in languages])
    rows: Vectors = vectors - SHARE * common
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    return rows


def have_moved(means: Means, before: Means) -> bool:
    """Return whether `before` are too far from `means`, or lack a language."""
    return any(
        key not in before or float(np.linalg.norm(mean - before[key])) > TOLERANCE
        for key, mean in means.items()
    )


@functools.cache
def shipped() -> dict[str, Vectors]:
    """Return the means of languages that come with article-qa, for the bundled encoder's passages."""
    from safetensors.numpy import load_file

    stored = {name.partition("/"): vector for name, vector in load_file(WEIGHTS).items()}
    return {
        (ANY if language == "any" else language): vector.astype(np.float32)
        for (kind, _, language), vector in stored.items()
        if kind == "passages"
    }
