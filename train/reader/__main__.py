"""Teach the reader: which sentence answers, where in it, whether any does, and whether a claim follows.

    python -m train.reader [OUT.safetensors] [--material FILE.npz] [--state DIR] [--passes 1]

Begins with the layers that were taught to locate answers (`index/model/answers.safetensors`). What is done is
kept in the folder of the state: a run that was stopped goes on there. `--first 0` teaches all layers.
"""

import argparse
import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import asdict, fields
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

from index import Settings, load_encoder
from index.model.encoder import SentenceEncoder

from .lists import Lists
from .material import OUT as MATERIAL
from .teacher import Recipe, Teacher

WEIGHTS = Path("build/train-reader/reader.safetensors")
# Steps after which a line is written to the log; seconds after which the state is written.
_LOGGED, _KEPT_SECONDS = 20, 240
_Log = Callable[[str], None]


def main() -> None:
    """Teach, write the weights, and print their digest."""
    parser = argparse.ArgumentParser(prog="train.reader", description="Teach the reader.")
    parser.add_argument("out", nargs="?", type=Path, default=WEIGHTS)
    parser.add_argument("--material", type=Path, action="append", help="may be given several times")
    parser.add_argument("--state", type=Path, default=Path("build/train-reader/run"), metavar="DIR")
    parser.add_argument("--begin", type=Path, help="begin with the weights of an earlier run")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    for one in fields(Recipe):
        parser.add_argument(f"--{one.name}", type=type(one.default), default=one.default)
    given = parser.parse_args()
    recipe = Recipe(**{one.name: getattr(given, one.name) for one in fields(Recipe)})
    given.state.mkdir(parents=True, exist_ok=True)
    lists = Lists.load(given.material or [MATERIAL])
    teacher = Teacher(_transformer(load_encoder(Settings())), lists, recipe, given.device, given.begin)
    with (given.state / "log.txt").open("a", encoding="utf-8") as file:
        run(teacher, given.state, lambda line: print(line, file=file, flush=True))
    write(teacher, given.out)
    print(f"{given.out}: SHA-256 {hashlib.sha256(given.out.read_bytes()).hexdigest()}")


def _transformer(encoder: SentenceEncoder) -> torch.nn.Module:
    transformer: torch.nn.Module = encoder.model[0].auto_model
    return transformer


def run(teacher: Teacher, folder: Path, log: _Log) -> None:
    """Teach to the end from where the state in `folder` is, if there is one, and keep it up to date."""
    state = folder / "state.pt"
    if state.exists():
        teacher.take_up(torch.load(state, weights_only=True))
        log(f"taken up after {teacher.step} of {teacher.steps} steps")
    begun = kept = time.monotonic()
    losses: list[list[float]] = []
    log(json.dumps(asdict(teacher.recipe)))
    while teacher.step < teacher.steps:
        losses.append(teacher.learn())
        if teacher.step % _LOGGED == 0:
            told = " ".join(f"{loss:.3f}" for loss in np.nanmean(losses[-5 * _LOGGED :], axis=0))
            spent = time.monotonic() - begun
            log(f"{teacher.step} of {teacher.steps} steps, {told}, {teacher.scalars()}, {spent:.0f} s")
        if time.monotonic() - kept > _KEPT_SECONDS or teacher.step == teacher.steps:
            kept = time.monotonic()
            _keep(teacher, state)
            write(teacher, folder / "latest.safetensors")


def _keep(teacher: Teacher, state: Path) -> None:
    """Write the state so that a kill leaves the old one or the new one."""
    temporary = state.with_suffix(".new")
    torch.save(teacher.state(), temporary)
    temporary.replace(state)


def write(teacher: Teacher, out: Path) -> None:
    """Write what was learned in half precision, with the recipe that it was made by."""
    temporary = out.with_suffix(".new")
    halves = {name: value.half().contiguous().cpu() for name, value in teacher.weights().items()}
    said = {"recipe": json.dumps(asdict(teacher.recipe)), "steps": str(teacher.step)}
    save_file(halves, temporary, said)
    temporary.replace(out)


if __name__ == "__main__":
    main()
