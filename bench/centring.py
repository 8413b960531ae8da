"""Vectors less a part of what all texts of their language have in common.

E5 finds texts of one language alike whatever they say, so that a question finds those of its own first. The
mean vector of a language's texts is what they have in common. That of many texts on many matters is best; that
of an index is partly its subject, most of all where it has few texts of a language, and serves for languages
that no mean was made of before.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from index.model.arrays import Vectors

# As many passages of a language as this count as much as the mean that is shipped.
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
    """Return the shipped means, and for other languages those of an index, shrunk towards that of all."""
    return {**index_means(vectors, languages, shipped), **shipped}


def centred(vectors: Vectors, languages: Sequence[str | None], means: Means, share: float) -> Vectors:
    """Return unit vectors: `vectors` less a `share` of the mean of their language."""
    common = np.stack([_of(means, language) for language in languages])
    return unit(vectors - share * common)


def _of(means: Means, language: str | None) -> Vectors:
    return means[language] if language and language in means else means[ANY]


def unit(vectors: Vectors) -> Vectors:
    """Return the rows of a matrix at length one."""
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
