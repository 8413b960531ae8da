"""A run of a learner: its steps to the end, its log, its state on disk, and the weights that come of it."""

import argparse
import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields
from pathlib import Path
from typing import TypeVar

import torch
from torch.utils.data import DataLoader

from index.model.reader.judge import stored
from train.lowrank import Weights
from train.lowrank import write as write_weights

from .learner import Course, Learner

# Steps after which a line is written to the log; seconds after which the state is written.
_LOGGED, _KEPT_SECONDS = 50, 240
# Steps between which it is measured how long one takes.
_TIMED = (20, 60)
Log = Callable[[str], None]
_Recipe = TypeVar("_Recipe", bound=Course)


@contextmanager
def logging(folder: Path) -> Iterator[Log]:
    """Yield what writes a line to the log of a run's folder, which is made, and prints it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "log.txt").open("a", encoding="utf-8") as file:

        def log(line: str) -> None:
            print(line, file=file, flush=True)
            print(line, flush=True)

        yield log


def parsed(parser: argparse.ArgumentParser, recipe: type[_Recipe]) -> tuple[argparse.Namespace, _Recipe]:
    """Return what the command line gives, and the recipe, for whose fields it has options."""
    for one in fields(recipe):
        parser.add_argument(f"--{one.name}", type=type(one.default), default=one.default)
    given = parser.parse_args()
    return given, recipe(**{one.name: getattr(given, one.name) for one in fields(recipe)})


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, as the log tells it."""
    return f"{path}: SHA-256 {hashlib.sha256(path.read_bytes()).hexdigest()}"


def run(teacher: Learner, folder: Path, workers: int, seconds: float | None, log: Log) -> None:
    """Teach to the end from where the state in `folder` is, if there is one, and keep it up to date.

    With `seconds` the plan is shortened to them once it is known how long a step takes.
    """
    state = folder / "state.pt"
    if state.exists():
        teacher.take_up(torch.load(state, weights_only=True))
        log(f"taken up after {teacher.step} of {teacher.steps} steps")
    log(json.dumps(asdict(teacher.recipe)))
    begun = kept = time.monotonic()
    losses: list[torch.Tensor] = []
    timed: list[tuple[float, int]] = []
    draws = teacher.draws()
    for batch in DataLoader(
        draws, batch_size=None, num_workers=workers, prefetch_factor=4 if workers else None
    ):
        losses.append(teacher.learn(batch))
        if seconds and len(losses) in _TIMED:
            # Reading a loss waits for the device.
            timed.append((float(losses[-1].sum()) * 0 + time.monotonic(), teacher.step))
        if seconds and len(timed) == 2 and len(losses) == _TIMED[1]:
            each = (timed[1][0] - timed[0][0]) / (timed[1][1] - timed[0][1])
            teacher.steps = min(teacher.steps, teacher.step + round((begun + seconds - timed[1][0]) / each))
            log(f"{1000 * each:.0f} ms a step, {teacher.steps} steps")
        if teacher.step % _LOGGED == 0 or teacher.step == teacher.steps:
            mean = torch.stack(losses[-_LOGGED:]).nanmean(0).tolist()
            told = " ".join(f"{loss:.3f}" for loss in mean)
            spent = time.monotonic() - begun
            parts = [f"{teacher.step} of {teacher.steps} steps", told, teacher.scalars(), f"{spent:.0f} s"]
            log(", ".join(filter(None, parts)))
        if time.monotonic() - kept > _KEPT_SECONDS:
            kept = time.monotonic()
            _keep(teacher, state)
        if teacher.step >= teacher.steps or (seconds and time.monotonic() > begun + 1.15 * seconds):
            return


def _keep(teacher: Learner, state: Path) -> None:
    """Write the state so that a kill leaves the old one or the new one."""
    temporary = state.with_suffix(".new")
    torch.save(teacher.state(), temporary)
    temporary.replace(state)


def begun_with(path: Path, first: int) -> Weights:
    """Return the weights in a file for a network whose layers learn from number `first` on.

    Raises ValueError if the file has layers before that.
    """
    weights, _, own = stored(path)
    if own < first:
        raise ValueError(f"{path} has layers from {own} on, and only those from {first} on learn")

    def own_number(match: re.Match[str]) -> str:
        return f"layers.{int(match[1]) + own - first}."

    return {re.sub(r"^layers\.(\d+)\.", own_number, name): value for name, value in weights.items()}


def write(teacher: Learner, out: Path) -> None:
    """Write what was learned, with the recipe that it was made by."""
    said = {"recipe": json.dumps(asdict(teacher.recipe)), "steps": str(teacher.step)}
    write_weights(teacher.weights(), out, said)
