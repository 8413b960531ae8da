"""Teach the encoder of questions to point at the passage that answers, whatever its language.

    python -m train.question [OUT.safetensors] [--state DIR] [--seed 1]

Passages keep their vectors, so no index has to be made again. Small changes to the encoder's layers are
learned from the questions of the reading set, against all its passages, without the held-out clusters.
Progress is kept in the state's folder: started again, the command continues where it was stopped. The weights
carry their recipe. docs/question_model.md has the measurements.
"""

import argparse
import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from bench.centring import centred, index_means, load_means
from bench.reading import load, split
from index import Settings, load_encoder
from index.model.arrays import Vectors

from .lowrank import write
from .material import Material, gathered
from .means import MEANS
from .teacher import Recipe, Teacher

WEIGHTS = Path("index/model/questions.safetensors")
# Steps between two saved states.
_KEPT = 10
_Log = Callable[[str], None]


def main() -> None:
    """Teach, write the weights, and print their digest."""
    parser = argparse.ArgumentParser(prog="train.question", description="Teach the encoder of questions.")
    parser.add_argument("out", nargs="?", type=Path, default=WEIGHTS)
    parser.add_argument("--state", type=Path, default=Path("build/train-question"), metavar="DIR")
    parser.add_argument("--passes", type=float, default=Recipe().passes)
    parser.add_argument("--seed", type=int, default=Recipe().seed)
    given = parser.parse_args()
    recipe = Recipe(passes=given.passes, seed=given.seed)
    encoder = load_encoder(Settings())
    given.state.mkdir(parents=True, exist_ok=True)
    taught, _ = split(load())
    material = gathered(taught, given.state, encoder)
    teacher = Teacher(encoder, material, targets_of(material, recipe.share), recipe)
    with (given.state / "log.txt").open("a", encoding="utf-8") as file:
        run(teacher, given.state / "state.pt", lambda line: print(line, file=file, flush=True))
    write(teacher.weights(), given.out, {"recipe": json.dumps(asdict(recipe))})
    print(f"{given.out}: SHA-256 {hashlib.sha256(given.out.read_bytes()).hexdigest()}")


def targets_of(material: Material, share: float) -> Vectors:
    """Return the passages' vectors less a share of the mean of their language."""
    passages = material.passages
    means = index_means(passages.vectors, passages.languages, load_means(MEANS)[0])
    return centred(passages.vectors, passages.languages, means, share)


def run(teacher: Teacher, state: Path, log: _Log) -> None:
    """Teach to the end, starting from `state` if it exists, and keep it up to date."""
    if state.exists():
        teacher.take_up(torch.load(state, weights_only=True))
        log(f"continued after {teacher.step} of {teacher.steps} steps")
    begun, losses = time.monotonic(), list[float]()
    for rows in teacher.batches():
        losses.append(teacher.learn(rows))
        if teacher.step % _KEPT == 0 or teacher.step == teacher.steps:
            _keep(teacher, state)
            spent = time.monotonic() - begun
            loss = np.mean(losses[-_KEPT:])
            log(f"{teacher.step} of {teacher.steps} steps, loss {loss:.3f}, {spent:.0f} s")


def _keep(teacher: Teacher, state: Path) -> None:
    """Write the state in one step: a kill leaves the old one or the new one."""
    temporary = state.with_suffix(".new")
    torch.save(teacher.state(), temporary)
    temporary.replace(state)


if __name__ == "__main__":
    main()
