"""Take out of vectors a part of what all texts of their language have in common.

E5 finds texts of one language alike whatever they say, so a question finds texts of its own language first.
The mean vector of a language is what its texts have in common. A mean of many texts about many things is
best. The mean of an index partly reflects its subject, most of all if it has few texts of a language; it
serves for languages without a shipped mean.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from index.model.arrays import Vectors

# The shipped mean weighs as much as this many passages of the index.
PSEUDO = 10.0
# The key of the mean over all languages.
ANY = "any"
Means = Mapping[str, Vectors]


def index_means(
    vectors: Vectors, languages: Sequence[str | None], shipped: Means, pseudo: float = PSEUDO
) -> Means:
    """Return the mean of each language in an index, shrunk towards the shipped one by `pseudo` passages."""
    names = np.array([language or ANY for language in languages])
    means = {}
    for name in dict.fromkeys(names.tolist()):
        own = vectors[names == name]
        prior = shipped.get(name, shipped[ANY])
        means[name] = ((own.sum(axis=0) + pseudo * prior) / (len(own) + pseudo)).astype(np.float32)
    return means


def means_for(vectors: Vectors, languages: Sequence[str | None], shipped: Means) -> Means:
    """Return the shipped means; for other languages those of the index, shrunk towards the mean of all."""
    return {**index_means(vectors, languages, shipped), **shipped}


def centred(vectors: Vectors, languages: Sequence[str | None], means: Means, share: float) -> Vectors:
    """Return unit vectors: `vectors` less a `share` of the mean of their language."""
    common = np.stack([_of(means, language) for language in languages])
    return unit(vectors - share * common)


def _of(means: Means, language: str | None) -> Vectors:
    return means[language] if language and language in means else means[ANY]


def unit(vectors: Vectors) -> Vectors:
    """Scale the rows of a matrix to unit length."""
    rows: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return rows


def load_means(path: Path) -> tuple[dict[str, Vectors], dict[str, Vectors]]:
    """Return the shipped means of passages and of questions, by language."""
    from safetensors.numpy import load_file

    stored = load_file(path)
    passages, questions = dict[str, Vectors](), dict[str, Vectors]()
    for name, vector in stored.items():
        kind, _, language = name.partition("/")
        (passages if kind == "passages" else questions)[language] = vector.astype(np.float32)
    return passages, questions
