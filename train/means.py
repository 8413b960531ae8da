"""What texts of a language have in common: the mean vectors that come with article-qa.

    python -m train.means [OUT.safetensors] [--state DIR]

The means of passages come from the articles of the reading set, those of questions from its questions,
without the held-out clusters. In a language with few texts the mean would mostly be their subject. So it is
shrunk towards the mean of all languages, shifted by how the same ordinary sentences differ in this language.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from bench.centring import ANY
from bench.reading import load, split
from index import Settings, load_encoder
from index.model.arrays import Vectors
from index.model.encoder import SentenceEncoder

from .material import gathered

MEANS = Path("index/model/means.safetensors")
# What is known of a language without its texts weighs as much as this many of them.
_PSEUDO = 10.0
# The same sentences in fifteen languages.
_ORDINARY = Path(__file__).with_name("ordinary.json")
# Sentences that together are about as long as a passage.
_TOGETHER = 3


def main() -> None:
    """Make the means and write them."""
    parser = argparse.ArgumentParser(prog="train.means", description="Make the means of languages.")
    parser.add_argument("out", nargs="?", type=Path, default=MEANS)
    parser.add_argument("--state", type=Path, default=Path("build/train-question"), metavar="DIR")
    given = parser.parse_args()
    encoder = load_encoder(Settings())
    taught, _ = split(load())
    material = gathered(taught, given.state, encoder)
    passages = material.passages
    of_passages = means_of(passages.vectors, passages.languages, ordinary(encoder))
    of_questions = means_of(material.plain, material.languages, {})
    stored = {f"passages/{name}": mean for name, mean in of_passages.items()}
    stored |= {f"questions/{name}": mean for name, mean in of_questions.items()}
    save_file({name: mean.astype(np.float16) for name, mean in stored.items()}, given.out)
    print(f"{given.out}: {len(of_passages)} languages of passages, {len(of_questions)} of questions")


def sentences() -> dict[str, list[str]]:
    """Return the same ordinary sentences in each language, by its ISO 639-1 code."""
    loaded: dict[str, list[str]] = json.loads(_ORDINARY.read_text("utf-8"))
    return loaded


def ordinary(encoder: SentenceEncoder) -> dict[str, Vectors]:
    """Return the mean vector of the same ordinary sentences in each language."""
    found = {}
    for language, said in sentences().items():
        texts = [" ".join(said[at : at + _TOGETHER]) for at in range(0, len(said), _TOGETHER)]
        found[language] = encoder.encode(texts).mean(axis=0)
    return found


def means_of(
    vectors: Vectors, languages: Sequence[str | None], parallel: Mapping[str, Vectors]
) -> dict[str, Vectors]:
    """Return the mean of each language, and under ANY the mean of all languages, with equal weight.

    `parallel` holds means of the same texts in several languages: they differ by language alone.
    """
    names = np.array([language or ANY for language in languages])
    known = sorted({*names.tolist(), *parallel} - {ANY})
    own = {name: vectors[names == name] for name in known}
    any_language: Vectors = np.mean([rows.mean(axis=0) for rows in own.values() if len(rows)], axis=0)
    middle = np.mean(list(parallel.values()), axis=0) if parallel else 0.0
    means: dict[str, Vectors] = {ANY: any_language}
    for name, rows in own.items():
        prior = any_language + (parallel[name] - middle if name in parallel else 0.0)
        means[name] = (rows.sum(axis=0) + _PSEUDO * prior) / (len(rows) + _PSEUDO)
    return means


if __name__ == "__main__":
    main()
